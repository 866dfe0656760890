//! The words of TCP, and the way from a frame to a segment. Pure: no I/O, no clock, no printing.

pub mod call;
pub mod checksum;
pub mod decode;
pub mod flags;
pub mod frame;
pub mod layers;
pub mod link_type;
pub mod options;
pub mod path;
pub mod segment;
pub mod selection;
pub mod seq;
pub mod skip;
pub mod source;
pub mod tcp_info;
pub mod window;

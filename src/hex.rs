//! A TCP header by hand: octets as people have them, the header box filled in with their bits, and an account
//! of every field. Pure.
//!
//! In the octets' order:
//!
//! - [`text`]: hexadecimal text in its many forms, to octets;
//! - [`start`]: with which header they begin;
//! - [`envelope`]: the headers around TCP, opened one by one;
//! - [`account`]: every field of the TCP header, with the arithmetic; [`fault`]: what is wrong with it;
//!   [`sum`]: its checksum, step by step; [`sentence`]: what the segment is;
//! - [`decoded`]: all of this at once; [`drawing`]: the header box; [`show`]: everything as text.

pub mod account;
pub mod decoded;
pub mod drawing;
pub mod envelope;
pub mod fault;
mod meaning;
pub mod sentence;
pub mod show;
pub mod start;
pub mod sum;
pub mod text;

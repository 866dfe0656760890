//! Where frames come from: capture files, plain or compressed, named, piped or on standard input.
//!
//! [`file::File`] is the door. Below it, in the octets' order:
//!
//! - `unpack`: gzip and zstd around a capture;
//! - `buffer`: the part of the input that is in memory, the only buffer there is;
//! - `pcap` and `pcapng`: records and blocks found in that buffer, and the way back to them after
//!   damage;
//! - [`error`]: what ends a run, each in one sentence.
//!
//! Nothing is mapped: a file that shrinks while it is read is a read that ends early, not a signal, and a
//! pipe is read like a file. A short read is handed on at once.

mod buffer;
pub mod error;
pub mod file;
mod lookalike;
mod octets;
mod pcap;
mod pcapng;
mod step;
mod unpack;

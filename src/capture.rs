//! Where frames come from and go to: capture files, plain or compressed, named, piped or on standard input; and
//! interfaces.
//!
//! `live` listens to interfaces, [`write`](mod@write) makes files, and [`file::File`] is the door to those that there are.
//! Below it, in the octets' order:
//!
//! - `unpack`: gzip and zstd around a capture;
//! - `ahead`: a thread that reads and unpacks while the rest looks at what is there;
//! - `buffer`: the part of the input that is in memory;
//! - `pcap` and `pcapng`: records and blocks found in that buffer, and the way back to them after
//!   damage;
//! - `merge`: frames of several interfaces or queues put in order by time;
//! - [`error`]: what ends a run, each in one sentence.
//!
//! Nothing is mapped: a file that shrinks while it is read is a read that ends early, not a signal, and a
//! pipe is read like a file. A short read is handed on at once.

mod ahead;
mod buffer;
pub mod chunk;
pub mod error;
pub mod extent;
pub mod file;
#[cfg(all(feature = "live", target_os = "linux"))]
pub mod live;
mod lookalike;
mod merge;
mod octets;
mod pcap;
mod pcapng;
mod step;
mod unpack;
pub mod write;

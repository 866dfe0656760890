//! Servers and clients to watch: small, real, concurrent, on sockets of the standard library.
//!
//! Every call on a socket is reported to a [`Journal`](crate::wire::call::Journal) with its size, its result and the
//! times before and after it. Nothing is printed here.
//!
//! A server is bound, then run until its handle stops it:
//!
//! ```
//! use std::sync::Arc;
//! use std::thread;
//! use tcpscope::lab::client::{self, Client};
//! use tcpscope::lab::mode::Mode;
//! use tcpscope::lab::server::{self, Server};
//! use tcpscope::wire::call::{Call, Journal};
//!
//! struct Silent;
//! impl Journal for Silent {
//!     fn call(&self, _: &Call<'_>) {}
//! }
//!
//! let free = ([127, 0, 0, 1], 0).into();
//! let server = Server::bind(Mode::Echo, free, server::Options::default(), Arc::new(Silent))?;
//! let (address, handle) = (server.address(), server.handle());
//! let running = thread::spawn(|| server.run());
//!
//! let mut client = Client::connect(Mode::Echo, address, client::Options::default(), Arc::new(Silent))?;
//! client.say(b"hello")?;
//! assert_eq!(client.finish()?.octets_read, 5);
//!
//! handle.stop();
//! assert_eq!(running.join().unwrap().connections, 1);
//! # Ok::<(), tcpscope::lab::error::Error>(())
//! ```

#[cfg(all(feature = "live", target_os = "linux"))]
pub mod calls;
pub mod client;
mod clock;
pub mod error;
pub mod framing;
pub mod holder;
mod http;
pub mod kernel_sockets;
pub mod mode;
#[cfg(all(feature = "live", target_os = "linux"))]
pub mod network;
pub mod server;
mod socket;
#[cfg(all(feature = "live", target_os = "linux"))]
mod tcp_info;
mod teller;
pub mod totals;

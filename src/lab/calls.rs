//! Programs written out call by call (Linux): a listener and a stream whose every call is reported, as one would write
//! them in C.
//!
//! The servers and clients of the modes hide their calls behind what they do. A program that is to show one thing of
//! TCP makes each call itself:
//!
//! ```
//! use std::sync::Arc;
//! use std::thread;
//! use tcpscope::lab::calls::{Session, SocketOptions};
//! use tcpscope::wire::call::{Call, Journal, Role};
//!
//! struct Silent;
//! impl Journal for Silent {
//!     fn call(&self, _: &Call<'_>) {}
//! }
//!
//! let session = Session::new(Arc::new(Silent));
//! let listener = session.listen(([127, 0, 0, 1], 0).into(), &SocketOptions::default())?;
//! let address = listener.address();
//! let server = thread::spawn(move || {
//!     let stream = listener.accept()?;
//!     let octets = stream.read(&mut [0; 16])?;
//!     stream.close();
//!     std::io::Result::Ok(octets)
//! });
//! let stream = session.connect(address, &SocketOptions::default())?;
//! stream.write(b"hello")?;
//! stream.close();
//! assert_eq!(server.join().unwrap()?, 5);
//! # std::io::Result::Ok(())
//! ```

mod session;
mod stream;

pub use session::{Listener, Reserved, Session};
pub use stream::{Acknowledge, Stream};

/// Options that are set at a socket before it binds or connects; each one that is set is reported.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SocketOptions {
    /// SO_REUSEADDR.
    pub reuse_address: bool,
    /// SO_RCVBUF. A connection that is accepted has that of its listener. Linux doubles it, for its own records.
    pub receive_buffer: Option<u32>,
    /// SO_SNDBUF, in the same way.
    pub send_buffer: Option<u32>,
    /// TCP_MAXSEG: octets of a segment at most, which a SYN says (MSS).
    pub max_segment: Option<u32>,
    /// TCP_CONGESTION: the algorithm of congestion control.
    pub congestion: Option<&'static str>,
}

//! The client without a connection.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use crate::wire::call::What;

use super::super::clock::now;
use super::super::error::{Error, failure};
use super::super::mode::Mode;
use super::super::teller::{Ends, Teller};
use super::super::totals::Totals;
use super::Options;
use super::heard::Heard;

/// A socket that knows one server.
pub(super) struct Datagrams {
    socket: UdpSocket,
    peer: SocketAddr,
    options: Options,
    teller: Teller,
    ends: Ends,
    totals: Totals,
    /// Only shows whether the conversation is broken off.
    heard: Arc<Heard>,
}

/// How often to look whether it is broken off while nothing comes.
const LOOK: Duration = Duration::from_millis(50);

impl Datagrams {
    pub(super) fn open(peer: SocketAddr, options: Options, teller: Teller) -> Result<Self, Error> {
        let own: SocketAddr = match peer {
            SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
            SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
        };
        let open = || -> io::Result<UdpSocket> {
            let socket = UdpSocket::bind(own)?;
            // Sends nothing. It lets the system report that no socket listens there, and drop what others send.
            socket.connect(peer)?;
            socket.set_read_timeout(Some(options.patience.min(LOOK)))?;
            Ok(socket)
        };
        let socket = open().map_err(|source| Error::Connect { address: peer, source })?;
        let ends = Ends { local: socket.local_addr().ok(), peer: Some(peer) };
        Ok(Self { socket, peer, options, teller, ends, totals: Totals::default(), heard: Arc::default() })
    }

    pub(super) fn heard(&self) -> &Arc<Heard> {
        &self.heard
    }

    pub(super) fn say(&mut self, message: &[u8]) -> Result<(), Error> {
        if self.is_over() {
            return Err(Error::Stopped);
        }
        let (began, what) = (now(), What::Send { given: message.len() });
        match self.socket.send(message) {
            Ok(sent) => {
                self.totals.writes += 1;
                self.totals.octets_written += sent as u64;
                self.teller.call(began, what, self.ends, message, Ok(sent));
            }
            Err(error) => {
                self.teller.call(began, what, self.ends, &[], Err(&error));
                return Err(self.broken(&error));
            }
        }
        let room = self.options.buffer.unwrap_or(Mode::Udp.buffer()).get();
        let what = What::Receive { room };
        let mut buffer = vec![0; room + 1];
        let mut began = now();
        let mut left = self.options.patience;
        let received = loop {
            match self.socket.recv(&mut buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => began = now(),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    if self.is_over() {
                        return Err(Error::Stopped);
                    }
                    left = left.saturating_sub(LOOK);
                    if left.is_zero() {
                        return Err(Error::NoAnswer { peer: self.peer, after: self.options.patience });
                    }
                }
                received => break received,
            }
        };
        match received {
            Ok(octets) => {
                let datagram = &buffer[..octets.min(room)];
                self.totals.reads += 1;
                self.totals.octets_read += datagram.len() as u64;
                self.teller.call(began, what, self.ends, datagram, Ok(datagram.len()));
                if octets > room {
                    self.teller.remark(format!(
                        "the answer is longer than the buffer of {room} octets: the rest of it is lost"
                    ));
                }
                Ok(())
            }
            Err(error) => {
                self.teller.call(began, what, self.ends, &[], Err(&error));
                Err(self.broken(&error))
            }
        }
    }

    pub(super) fn finish(self) -> Totals {
        let Self { socket, teller, ends, totals, .. } = self;
        let began = now();
        drop(socket);
        teller.call(began, What::Close { reset: false }, ends, &[], Ok(0));
        totals
    }

    pub(super) fn is_over(&self) -> bool {
        self.heard.news().end.is_some()
    }

    fn broken(&self, error: &io::Error) -> Error {
        Error::Broken { peer: self.peer, failure: failure(error) }
    }
}

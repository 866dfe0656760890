//! The program of the host: what it asks of its sockets.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr};
use std::time::Duration;

use socket2::{Domain, Protocol, SockRef, Socket, TcpKeepalive, Type};

use crate::script::{Call, Role};

/// `MSG_FASTOPEN`: connects with octets on the SYN.
const FAST_OPEN: i32 = 0x2000_0000;
/// The length of the listener's queue.
const QUEUE: i32 = 1;

pub(crate) struct Program {
    own: SocketAddr,
    other: SocketAddr,
    /// Octets of a full segment.
    full: usize,
    listener: Option<Socket>,
    socket: Option<Socket>,
    /// Connections of others to the listener.
    others: Vec<Socket>,
}

impl Program {
    pub(crate) fn new(own: SocketAddr, other: SocketAddr, full: usize) -> Self {
        Self { own, other, full, listener: None, socket: None, others: Vec::new() }
    }

    pub(crate) fn begin(&mut self, role: Role) -> io::Result<()> {
        match role {
            Role::Nobody => {}
            Role::Server => {
                let listener = self.made()?;
                listener.listen(QUEUE)?;
                self.listener = Some(listener);
            }
            Role::Client => {
                let socket = self.made()?;
                let _ = socket.connect(&self.other.into());
                self.socket = Some(socket);
            }
            Role::FastOpen(len) => {
                let socket = self.made()?;
                let _ = socket.send_to_with_flags(&vec![b'f'; len], &self.other.into(), FAST_OPEN);
                self.socket = Some(socket);
            }
        }
        Ok(())
    }

    fn made(&self) -> io::Result<Socket> {
        let socket = Socket::new(Domain::for_address(self.own), Type::STREAM, Some(Protocol::TCP))?;
        socket.set_reuse_address(true)?;
        socket.set_nonblocking(true)?;
        socket.set_tcp_nodelay(true)?;
        socket.bind(&self.own.into())?;
        Ok(socket)
    }

    pub(crate) fn call(&mut self, call: Call) -> io::Result<()> {
        match call {
            Call::Accept => self.socket = Some(self.accept()?),
            Call::CloseListener => self.listener = None,
            Call::Close => self.socket = None,
            Call::FillQueue(number) => {
                for _ in 0..number {
                    let other =
                        Socket::new(Domain::for_address(self.own), Type::STREAM, Some(Protocol::TCP))?;
                    other.set_nonblocking(true)?;
                    let _ = other.connect(&self.own.into());
                    other.set_linger(Some(Duration::ZERO))?;
                    self.others.push(other);
                }
            }
            Call::EmptyQueue => while self.accept().is_ok() {},
            _ => self.call_connected(call)?,
        }
        Ok(())
    }

    fn accept(&self) -> io::Result<Socket> {
        let (socket, _) = self.listener.as_ref().expect("it listens").accept()?;
        socket.set_nonblocking(true)?;
        socket.set_tcp_nodelay(true)?;
        Ok(socket)
    }

    fn call_connected(&mut self, call: Call) -> io::Result<()> {
        let socket = self.socket.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        match call {
            Call::Write(len) => drop(socket.write(&vec![b'x'; len])),
            Call::WriteSegments(number) => {
                for _ in 0..number {
                    let _ = socket.write(&vec![b'x'; self.full]);
                }
            }
            Call::ReadAll => drop(socket.read(&mut vec![0; 1 << 16])),
            Call::ShutdownWrite => drop(socket.shutdown(Shutdown::Write)),
            Call::ShutdownBoth => drop(socket.shutdown(Shutdown::Both)),
            Call::Abort => {
                socket.set_linger(Some(Duration::ZERO))?;
                self.socket = None;
            }
            Call::KeepAlive(idle, interval, retries) => {
                let keep_alive = TcpKeepalive::new()
                    .with_time(Duration::from_secs(idle))
                    .with_interval(Duration::from_secs(interval))
                    .with_retries(retries);
                socket.set_tcp_keepalive(&keep_alive)?;
            }
            Call::UserTimeout(time) => {
                SockRef::from(&*socket).set_tcp_user_timeout(Some(Duration::from_millis(time)))?;
            }
            _ => unreachable!("it needs no connection"),
        }
        Ok(())
    }

    /// Closes all that is open; what is connected with a RST.
    pub(crate) fn end(&mut self) -> io::Result<()> {
        self.listener = None;
        self.others.clear();
        self.socket.take().map_or(Ok(()), |socket| socket.set_linger(Some(Duration::ZERO)))
    }
}

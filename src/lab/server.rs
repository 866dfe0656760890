//! The servers: one thread accepts, and each connection has a thread of its own.

use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;
use std::{io, thread};

use socket2::{Domain, Protocol, Socket as RawSocket, Type};

use crate::wire::call::{Journal, Role, What};

use super::clock::now;
use super::error::{Error, failure};
use super::holder::{Held, Holder};
use super::mode::Mode;
use super::socket::Socket;
use super::teller::{Ends, Teller};
use super::totals::Totals;
use stop::Stop;

mod answer;
mod datagrams;
mod stop;
mod talk;

/// Connections that may wait to be accepted, as far as the system allows.
const QUEUE: i32 = 1024;

/// Octets of a connection's stack: it holds no buffer.
const STACK: usize = 256 * 1024;

/// How long to wait after an accept that failed for want of something, so as not to fail at full speed.
const BREATH: Duration = Duration::from_millis(50);

/// How a connection is ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Close {
    /// Both directions at once, with a FIN.
    #[default]
    Fin,
    /// With a RST (SO_LINGER with 0 seconds).
    Reset,
    /// The own direction first; the other when the peer has ended it too.
    Half,
}

/// How a server behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// Octets there is room for in a read. `None`: as the mode does.
    pub buffer: Option<NonZeroUsize>,
    /// How long to wait before each read. `None`: as the mode does.
    pub delay: Option<Duration>,
    /// In [`Mode::Framed`], send each message back. The other modes answer, or do not, as their names say.
    pub answer: bool,
    /// TCP_NODELAY. `None`: as the system does, which is off.
    pub nodelay: Option<bool>,
    /// How to end a connection.
    pub close: Close,
    /// The program whose FIN or RST comes first. The server closes when it has answered and nothing more has come for a
    /// while.
    pub close_first: Role,
    /// SO_REUSEADDR, where there are connections and the system is a Unix: connections in TIME-WAIT do not keep this
    /// server from the address, and this server's do not keep a later one from it. On Linux both need it
    /// ([`holder`](super::holder)). The libraries of Go and Rust set it, too.
    pub reuse_address: bool,
    /// Connections at once. Further ones wait in the listener's queue.
    pub max_connections: NonZeroUsize,
    /// How long a peer may be silent, or refuse to read. `None`: for ever.
    pub idle_timeout: Option<Duration>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            buffer: None,
            delay: None,
            answer: false,
            nodelay: None,
            close: Close::Fin,
            close_first: Role::Client,
            reuse_address: true,
            max_connections: const { NonZeroUsize::new(1000).unwrap() },
            idle_timeout: None,
        }
    }
}

/// A server that is bound to its address and does not serve yet.
pub struct Server {
    bound: Bound,
    address: SocketAddr,
    work: Arc<Work>,
}

enum Bound {
    Tcp(Arc<TcpListener>),
    Udp(UdpSocket),
}

/// What all connections share.
struct Work {
    mode: Mode,
    options: Options,
    teller: Teller,
    stop: Stop,
}

impl Work {
    /// Octets there is room for in a read.
    fn room(&self) -> usize {
        self.options.buffer.unwrap_or(self.mode.buffer()).get()
    }
}

/// Stops a server, from any thread.
#[derive(Clone)]
pub struct Handle {
    work: Arc<Work>,
}

impl Handle {
    /// Accepts no more, and ends the connections that are open with a FIN. [`Server::run`] then returns.
    pub fn stop(&self) {
        self.work.stop.stop();
    }
}

impl Server {
    /// Takes the address; port 0 stands for a free one. From here on connections are opened, and wait.
    ///
    /// # Errors
    ///
    /// [`Error::Bind`]: the address is in use, is none of this machine, or needs special rights.
    pub fn bind(
        mode: Mode,
        address: SocketAddr,
        options: Options,
        journal: Arc<dyn Journal>,
    ) -> Result<Self, Error> {
        let teller = Teller { journal, who: Role::Server, connection: None };
        let began = now();
        let bound = bind(mode, address, options.reuse_address).map_err(|source| {
            let ends = Ends { local: Some(address), peer: None };
            teller.call(began, What::Listen, ends, &[], Err(&source));
            let in_use = source.kind() == io::ErrorKind::AddrInUse && mode != Mode::Udp;
            let held = in_use.then(|| Held { by: Holder::of(address), reuse_address: options.reuse_address });
            Error::Bind { address, held, source }
        })?;
        let local = match &bound {
            Bound::Tcp(listener) => listener.local_addr(),
            Bound::Udp(socket) => socket.local_addr(),
        };
        let address = local.map_err(|source| Error::Bind { address, held: None, source })?;
        teller.call(began, What::Listen, Ends { local: Some(address), peer: None }, &[], Ok(0));
        let stop = match &bound {
            Bound::Tcp(listener) => Stop::new(Some(Arc::downgrade(listener))),
            Bound::Udp(_) => Stop::new(None),
        };
        Ok(Self { bound, address, work: Arc::new(Work { mode, options, teller, stop }) })
    }

    /// The address of the server.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A handle that stops the server.
    pub fn handle(&self) -> Handle {
        Handle { work: Arc::clone(&self.work) }
    }

    /// Serves until the handle stops the server, and returns when the last connection is closed.
    pub fn run(self) -> Totals {
        match self.bound {
            Bound::Tcp(listener) => {
                accept(&listener, &self.work);
                drop(listener);
                self.work.stop.wait_until_empty()
            }
            Bound::Udp(socket) => datagrams::serve(&socket, &self.work),
        }
    }
}

fn bind(mode: Mode, address: SocketAddr, reuse: bool) -> io::Result<Bound> {
    let domain = Domain::for_address(address);
    let (kind, protocol) = match mode {
        Mode::Udp => (Type::DGRAM, Protocol::UDP),
        _ => (Type::STREAM, Protocol::TCP),
    };
    let socket = RawSocket::new(domain, kind, Some(protocol))?;
    if mode == Mode::Udp {
        // With SO_REUSEADDR two servers could have the address at once, and one would get nothing.
        socket.bind(&address.into())?;
        return Ok(Bound::Udp(socket.into()));
    }
    // Elsewhere the option takes the address away from a server that has it.
    if reuse && cfg!(unix) {
        socket.set_reuse_address(true)?;
    }
    socket.bind(&address.into())?;
    socket.listen(QUEUE)?;
    Ok(Bound::Tcp(Arc::new(socket.into())))
}

/// Accepts until it is stopped.
fn accept(listener: &TcpListener, work: &Arc<Work>) {
    let mut number = 0;
    let mut warned = false;
    while work.stop.wait_for_room(work.options.max_connections, || {
        if !std::mem::replace(&mut warned, true) {
            let max = work.options.max_connections;
            let open = if max.get() == 1 { "connection is" } else { "connections are" };
            let sentence = format!("{max} {open} open, the most there may be: others wait in the queue");
            work.teller.remark(sentence);
        }
    }) {
        let began = now();
        let accepted = listener.accept();
        if work.stop.is_stopped() {
            break;
        }
        match accepted {
            Ok((stream, peer)) => {
                number += 1;
                let teller = work.teller.about(number);
                let socket = Arc::new(Socket::new(stream, peer, teller));
                // First, so that every connection that is reported is closed in order, however soon the server is
                // stopped.
                if !work.stop.enter(number, &socket) {
                    break;
                }
                socket.teller.call(began, What::Accept, socket.ends(), &[], Ok(0));
                begin(work, number, socket);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                work.teller.call(began, What::Accept, Ends::default(), &[], Err(&error));
                if failure(&error) != crate::wire::call::Failure::Reset {
                    work.teller.remark(format!("cannot accept a connection: {error}"));
                    thread::sleep(BREATH);
                }
            }
        }
    }
}

/// Gives a connection its thread.
fn begin(work: &Arc<Work>, number: u64, socket: Arc<Socket>) {
    let (shared, teller) = (Arc::clone(work), socket.teller.clone());
    let thread = thread::Builder::new().name(format!("connection {number}")).stack_size(STACK);
    // The thread alone holds the socket, so that its close is the connection's.
    let spawned = thread.spawn(move || {
        let leave = stop::Leave { stop: &shared.stop, number };
        leave.with(talk::serve(socket, &shared));
    });
    if let Err(error) = spawned {
        teller.remark(format!("there is no thread for this connection, it is closed: {error}"));
        work.stop.leave(number, Totals { connections: 1, broken: 1, ..Totals::default() });
    }
}

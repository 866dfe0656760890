//! What the programs of one conversation share, and the calls that begin one.

use std::io::{self, ErrorKind};
use std::net::{Shutdown, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use socket2::{Domain, Protocol, SockRef, Socket as RawSocket, Type};

use crate::wire::call::{Journal, Role, What};

use super::super::clock::now;
use super::super::socket::Socket;
use super::super::teller::{Ends, Teller};
use super::{SocketOptions, Stream};

/// Connections that may wait to be accepted.
const QUEUE: i32 = 16;

/// How long a connection may take to open.
const PATIENCE: Duration = Duration::from_secs(10);

/// Programs that talk to each other: the journal of their calls, and how all of them are ended at once.
#[derive(Clone)]
pub struct Session {
    journal: Arc<dyn Journal>,
    ending: Arc<Ending>,
}

/// What can wait, and whether it is to end.
#[derive(Default)]
pub(super) struct Ending {
    state: Mutex<State>,
    changed: Condvar,
    connections: AtomicU64,
}

#[derive(Default)]
struct State {
    ended: bool,
    /// None of these is kept alive from here: to let go of a socket is to close it.
    listeners: Vec<Weak<TcpListener>>,
    sockets: Vec<Weak<Socket>>,
}

/// A socket that connections are accepted at.
pub struct Listener {
    listener: Arc<TcpListener>,
    address: SocketAddr,
    teller: Teller,
    ending: Arc<Ending>,
}

/// A free port that is kept for a listener with SO_REUSEADDR. The socket that keeps it is not reported.
pub struct Reserved {
    _socket: RawSocket,
    address: SocketAddr,
}

impl Reserved {
    /// Keeps a free port of this address, whose port is 0.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn new(address: SocketAddr) -> io::Result<Self> {
        let socket = RawSocket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        // Several sockets that have this option may be bound to one port as long as none of them listens.
        socket.set_reuse_address(true)?;
        socket.bind(&address.into())?;
        let address = socket.local_addr()?.as_socket().ok_or(ErrorKind::AddrNotAvailable)?;
        Ok(Self { _socket: socket, address })
    }

    /// The address, with the port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Session {
    /// A session whose calls are reported to `journal`.
    pub fn new(journal: Arc<dyn Journal>) -> Self {
        Self { journal, ending: Arc::default() }
    }

    /// Ends all calls that wait, and all pauses: each returns an error, or as if the peer had closed.
    pub fn end(&self) {
        self.ending.end();
    }

    /// Whether the session was ended.
    pub fn has_ended(&self) -> bool {
        self.ending.state().ended
    }

    /// Waits for a while.
    ///
    /// # Errors
    ///
    /// `Interrupted`: the session was ended.
    pub fn pause(&self, time: Duration) -> io::Result<()> {
        self.ending.pause(time)
    }

    /// Says something that a person should know, in the name of one program.
    pub fn remark(&self, who: Role, sentence: String) {
        self.teller(who, None).remark(sentence);
    }

    /// Binds a socket and listens; port 0 stands for a free one.
    ///
    /// # Errors
    ///
    /// What the system says; `AddrInUse` where another socket has the address.
    pub fn listen(&self, address: SocketAddr, options: &SocketOptions) -> io::Result<Listener> {
        let teller = self.teller(Role::Server, None);
        let local = Ends { local: Some(address), peer: None };
        let socket = RawSocket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        options.set(&socket, &teller, local)?;
        let began = now();
        let bound = socket.bind(&address.into());
        let ends = Ends { local: socket.local_addr().ok().and_then(|is| is.as_socket()), peer: None };
        let named = if bound.is_ok() { ends } else { local };
        teller.call(began, What::Bind, named, &[], bound.as_ref().map(|()| 0));
        bound?;
        let began = now();
        let listens = socket.listen(QUEUE);
        teller.call(began, What::Listen, ends, &[], listens.as_ref().map(|()| 0));
        listens?;
        let listener: Arc<TcpListener> = Arc::new(socket.into());
        self.ending.knows(|state| state.listeners.push(Arc::downgrade(&listener)))?;
        let address = listener.local_addr()?;
        Ok(Listener { listener, address, teller, ending: Arc::clone(&self.ending) })
    }

    /// Opens a connection.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn connect(&self, address: SocketAddr, options: &SocketOptions) -> io::Result<Stream> {
        let teller = self.teller(Role::Client, Some(self.ending.number()));
        let ends = Ends { local: None, peer: Some(address) };
        let socket = RawSocket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        options.set(&socket, &teller, ends)?;
        let began = now();
        if let Err(error) = socket.connect_timeout(&address.into(), PATIENCE) {
            teller.call(began, What::Connect, ends, &[], Err(&error));
            return Err(error);
        }
        let socket = Arc::new(Socket::new(socket.into(), address, teller));
        socket.teller.call(began, What::Connect, socket.ends(), &[], Ok(0));
        self.ending.knows(|state| state.sockets.push(Arc::downgrade(&socket)))?;
        Ok(Stream::new(socket, Arc::clone(&self.ending)))
    }

    fn teller(&self, who: Role, connection: Option<u64>) -> Teller {
        Teller { journal: Arc::clone(&self.journal), who, connection }
    }
}

impl Listener {
    /// The address at which the listener listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes a connection, as soon as there is one.
    ///
    /// # Errors
    ///
    /// What the system says, and that the session was ended.
    pub fn accept(&self) -> io::Result<Stream> {
        let began = now();
        let accepted = loop {
            match self.listener.accept() {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                accepted => break accepted,
            }
        };
        if self.ending.state().ended {
            return Err(interrupted());
        }
        let (stream, peer) = accepted.inspect_err(|error| {
            self.teller.call(began, What::Accept, Ends::default(), &[], Err(error));
        })?;
        let teller = self.teller.about(self.ending.number());
        let socket = Arc::new(Socket::new(stream, peer, teller));
        socket.teller.call(began, What::Accept, socket.ends(), &[], Ok(0));
        self.ending.knows(|state| state.sockets.push(Arc::downgrade(&socket)))?;
        Ok(Stream::new(socket, Arc::clone(&self.ending)))
    }
}

impl Ending {
    fn end(&self) {
        let mut state = self.state();
        state.ended = true;
        // This ends an accept that waits.
        for listener in state.listeners.drain(..).filter_map(|listener| listener.upgrade()) {
            let _ = SockRef::from(&*listener).shutdown(Shutdown::Both);
        }
        for socket in state.sockets.drain(..).filter_map(|socket| socket.upgrade()) {
            socket.wake(true);
        }
        self.changed.notify_all();
    }

    pub(super) fn pause(&self, time: Duration) -> io::Result<()> {
        let waited = self.changed.wait_timeout_while(self.state(), time, |state| !state.ended);
        let ended = waited.unwrap_or_else(PoisonError::into_inner).0.ended;
        if ended { Err(interrupted()) } else { Ok(()) }
    }

    /// Takes down what can wait, unless it is to wait no more.
    fn knows(&self, take_down: impl FnOnce(&mut State)) -> io::Result<()> {
        let mut state = self.state();
        if state.ended {
            return Err(interrupted());
        }
        take_down(&mut state);
        Ok(())
    }

    /// A number for a connection's end: none has it twice.
    fn number(&self) -> u64 {
        self.connections.fetch_add(1, Ordering::Relaxed) + 1
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn interrupted() -> io::Error {
    io::Error::new(ErrorKind::Interrupted, "the session was ended")
}

impl SocketOptions {
    /// Sets each option, and reports it.
    fn set(&self, socket: &RawSocket, teller: &Teller, ends: Ends) -> io::Result<()> {
        let told = |name, value, set: io::Result<()>| {
            let what = What::SetOption { name, value };
            teller.call(now(), what, ends, &[], set.as_ref().map(|()| 0));
            set
        };
        if self.reuse_address {
            told("SO_REUSEADDR", 1, socket.set_reuse_address(true))?;
        }
        if let Some(octets) = self.receive_buffer {
            told("SO_RCVBUF", octets, socket.set_recv_buffer_size(octets as usize))?;
        }
        if let Some(octets) = self.send_buffer {
            told("SO_SNDBUF", octets, socket.set_send_buffer_size(octets as usize))?;
        }
        if let Some(octets) = self.max_segment {
            told("TCP_MAXSEG", octets, socket.set_tcp_mss(octets))?;
        }
        if let Some(name) = self.congestion {
            socket.set_tcp_congestion(name.as_bytes())?;
        }
        Ok(())
    }
}

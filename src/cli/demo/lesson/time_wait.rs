//! Address in use, though no program uses it.
//!
//! The end that closes first keeps the connection in TIME-WAIT (RFC 9293, section 3.6.1), for 60 s on Linux. That holds
//! the port: a server that ends by closing its connections cannot be started again at once. Measured on Linux:
//! SO_REUSEADDR helps only where both had it, the socket whose connection is in TIME-WAIT and the one that is to be
//! bound.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;

use crate::lab::calls::{Listener, Reserved, Session, SocketOptions};
use crate::lab::kernel_sockets::{self, SocketState};
use crate::lesson::closing::Closing;
use crate::lesson::seen::Seen;
use crate::view::calls::scene::{Scene, Shown};
use crate::wire::call::{Failure, Role, What};

use super::super::stage::Stage;
use super::threads::Threads;
use super::{Ending, Plan, Prepared, Script, loopback};

/// The segments of the close have travelled when the port is asked for again.
const SETTLED: Duration = Duration::from_millis(50);

const SAYS: &[u8] = b"bye";

struct Ports {
    /// The first server listens from the beginning: its port is free, and it has not the option.
    first: Option<Listener>,
    /// The port of the second, which has the option, until that listens there.
    second: Option<Reserved>,
}

pub(super) fn prepare(plan: &Plan, session: &Session) -> io::Result<Prepared> {
    let first = session.listen(loopback(plan.ipv6), &options(false))?;
    let second = Reserved::new(loopback(plan.ipv6))?;
    let addresses = vec![first.address(), second.address()];
    Ok((Box::new(Ports { first: Some(first), second: Some(second) }), addresses))
}

fn options(reuse_address: bool) -> SocketOptions {
    SocketOptions { reuse_address, ..SocketOptions::default() }
}

impl Script for Ports {
    fn play(&mut self, title: String, stage: &mut Stage, threads: &mut Threads) -> io::Result<Ending> {
        let mut parts = Vec::new();
        let mut title = Some(title);
        let sections = [
            "1. A server without SO_REUSEADDR closes first, and is started again",
            "2. A server with SO_REUSEADDR closes first, and is started again",
        ];
        for (number, section) in sections.into_iter().enumerate() {
            let listener = match (self.first.take(), self.second.take_if(|_| number > 0)) {
                (Some(first), _) => first,
                (None, Some(second)) => match threads.session().listen(second.address(), &options(true)) {
                    Ok(listener) => listener,
                    Err(error) => return Ok(Ending::Failed(format!("no server can listen: {error}"))),
                },
                (None, None) => return Ok(Ending::Interrupted),
            };
            let address = listener.address();
            threads.begin("server", move |session| serve_and_come_back(&session, listener));
            threads.begin("client", move |session| listen(&session, address));
            let scene = Scene {
                title: title.take(),
                section: Some(section.to_owned()),
                server: Some(address),
                ..Scene::default()
            };
            let shown = stage.play(threads, scene)?;
            if let Some(why) = threads.failure(stage.is_interrupted()) {
                return Ok(Ending::Failed(why));
            }
            if stage.is_interrupted() {
                return Ok(Ending::Interrupted);
            }
            parts.push((address, shown));
        }
        let [(first, without), (second, with)] = parts.as_slice() else { return Ok(Ending::Interrupted) };
        Ok(conclude((*first, without), (*second, with)))
    }
}

/// The server: serves one client, closes first, and wants its port again, without the option and with it.
fn serve_and_come_back(session: &Session, listener: Listener) -> io::Result<()> {
    let address = listener.address();
    let stream = listener.accept()?;
    stream.write(SAYS)?;
    stream.close();
    drop(listener);
    session.pause(SETTLED)?;
    session.remark(Role::Server, "has ended; it is started again, and wants the same port".to_owned());
    session.remark(Role::Server, what_holds(address));
    for reuse_address in [false, true] {
        match session.listen(address, &options(reuse_address)) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The client: reads to the end.
fn listen(session: &Session, address: SocketAddr) -> io::Result<()> {
    let stream = session.connect(address, &SocketOptions::default())?;
    while stream.read(&mut [0; 64])? > 0 {}
    stream.close();
    Ok(())
}

/// The sockets that hold the port, as the kernel reports them.
fn what_holds(address: SocketAddr) -> String {
    let sockets = match kernel_sockets::all() {
        Ok(sockets) => sockets,
        Err(error) => return format!("cannot ask the kernel who holds the port: {error}"),
    };
    let waits = sockets.iter().find_map(|socket| match socket.state {
        SocketState::TimeWait { left } if socket.local == address => Some((socket, left)),
        _ => None,
    });
    match waits {
        Some((socket, left)) => format!(
            "asks the kernel, as `ss -tano` does: TIME-WAIT {} {}, for {} s more",
            socket.local,
            socket.peer,
            left.as_secs()
        ),
        None => "asks the kernel, which knows of no connection in TIME-WAIT at this port".to_owned(),
    }
}

/// Whether each try to bind after the close succeeded: without the option, and with it.
fn tries(shown: &Shown) -> Option<[bool; 2]> {
    let closed = shown
        .seen
        .occasions
        .iter()
        .position(|call| call.who == Role::Server && matches!(call.what, What::Close { .. }))?;
    let binds: Vec<_> = shown.seen.occasions[closed..]
        .iter()
        .filter(|call| call.what == What::Bind)
        .map(|call| call.failure)
        .collect();
    match binds.as_slice() {
        [without, with]
            if [without, with].iter().all(|failure| failure.is_none_or(|why| why == Failure::InUse)) =>
        {
            Some([without.is_none(), with.is_none()])
        }
        _ => None,
    }
}

/// The ending that what was seen makes.
fn conclude((first, without): (SocketAddr, &Shown), (second, with): (SocketAddr, &Shown)) -> Ending {
    let (Some([false, late]), Some([_, both])) = (tries(without), tries(with)) else {
        return Ending::Failed("TIME-WAIT held no port: a second server could bind to it at once".to_owned());
    };
    let mut sentences = vec![format!(
        "{}The port {} stays taken although no program has it: bind() says \"address in use\".",
        who_waits(&without.seen),
        first.port()
    )];
    sentences.push(match late {
        false => format!(
            "SO_REUSEADDR at the second server alone does not help on this system: the socket that left TIME-WAIT behind at \
             port {} had not set it.",
            first.port()
        ),
        true => "SO_REUSEADDR at the second server is enough on this system.".to_owned(),
    });
    sentences.push(match both {
        true => format!(
            "Where both have set it, bind() succeeds at port {} while TIME-WAIT is still there. So servers set it always; \
             those of Go do so by themselves.",
            second.port()
        ),
        false => format!("Even where both had set it, port {} could not be had.", second.port()),
    });
    Ending::Shown(sentences)
}

/// The sentence about the end that closed first, with the frames, where they were captured.
fn who_waits(seen: &Seen) -> String {
    let Some(closing) = Closing::of(seen) else { return String::new() };
    let (who, fin) = (closing.first.name(), closing.fin);
    let last = closing.other_acked_by.map_or_else(String::new, |last| {
        format!(
            " With frame {last} the {who} acknowledges the other FIN; then it waits in TIME-WAIT, in case frame {last} gets \
             lost."
        )
    });
    format!("Frame {fin} is the first FIN, the {who}'s.{last} ")
}

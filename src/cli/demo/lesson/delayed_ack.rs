//! Write, write, read: Nagle's algorithm at one end against delayed acknowledgements at the other.
//!
//! The first write goes at once. The second waits until that is acknowledged; but the server has nothing to send before
//! it has read both, so its kernel waits for the timer of delayed acknowledgements (RFC 9293, section 3.8.6.3), which runs
//! for 40 ms on Linux. Measured: the first request of a connection does not wait, since acknowledgements are quick in the
//! beginning; from the first answer on they are late.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::lab::calls::{Acknowledge, Listener, Session, SocketOptions};
use crate::lesson::gluing::{Until, Why};
use crate::lesson::requests::{Request, requests};
use crate::view::calls::scene::Scene;
use crate::view::duration::Span;

use super::super::now;
use super::super::stage::Stage;
use super::threads::Threads;
use super::{Ending, Plan, Prepared, Script, loopback};

/// The length of what follows, in four octets, the lowest first.
const HEADER: &[u8] = &[8, 0, 0, 0];
const BODY: &[u8] = b"question";
const ANSWER: &[u8] = b"answer";

/// A request that took so long waited for an acknowledgement that was late.
const SLOW: Duration = Duration::from_millis(20);

/// An acknowledgement that came within this was not delayed.
const AT_ONCE: Duration = Duration::from_millis(5);

/// Requests of a client that waits to see two slow ones, at most; and of one that does not.
const AT_MOST: usize = 8;
const FEW: usize = 3;

/// A way to ask.
#[derive(Clone, Copy)]
struct Way {
    name: &'static str,
    section: &'static str,
    /// Header and body in one write.
    joined: bool,
    nodelay: bool,
    quick: bool,
}

const WAYS: [Way; 4] = [
    Way {
        name: "two writes",
        section: "1. The client writes the header, then the body, then reads the answer",
        joined: false,
        nodelay: false,
        quick: false,
    },
    Way {
        name: "one write of both",
        section: "2. It writes both with one write",
        joined: true,
        nodelay: false,
        quick: false,
    },
    Way {
        name: "two writes, TCP_NODELAY on",
        section: "3. Two writes again, and TCP_NODELAY on",
        joined: false,
        nodelay: true,
        quick: false,
    },
    Way {
        name: "two writes, the server with TCP_QUICKACK",
        section: "4. Two writes again, and the server acknowledges at once (TCP_QUICKACK)",
        joined: false,
        nodelay: false,
        quick: true,
    },
];

struct DelayedAck {
    listener: Arc<Listener>,
}

pub(super) fn prepare(plan: &Plan, session: &Session) -> io::Result<Prepared> {
    let listener = Arc::new(session.listen(loopback(plan.ipv6), &SocketOptions::default())?);
    let address = listener.address();
    Ok((Box::new(DelayedAck { listener }), vec![address]))
}

impl Script for DelayedAck {
    fn play(&mut self, title: String, stage: &mut Stage, threads: &mut Threads) -> io::Result<Ending> {
        let mut ways = Vec::new();
        let mut title = Some(title);
        for way in WAYS {
            let (listener, address) = (Arc::clone(&self.listener), self.listener.address());
            threads.begin("server", move |_| serve(&listener, way));
            threads.begin("client", move |session| ask(&session, address, way));
            let scene = Scene {
                title: title.take(),
                section: Some(way.section.to_owned()),
                server: Some(self.listener.address()),
                ..Scene::default()
            };
            let shown = stage.play(threads, scene)?;
            if let Some(why) = threads.failure(stage.is_interrupted()) {
                return Ok(Ending::Failed(why));
            }
            if stage.is_interrupted() {
                return Ok(Ending::Interrupted);
            }
            ways.push((way.name, requests(&shown.seen, way.nodelay)));
        }
        stage.lines().requests(&ways)?;
        Ok(if stage.sniffs() { conclude(&ways) } else { Ending::Unseen })
    }
}

/// The server: reads a header, then the body whose length the header gives, and answers.
fn serve(listener: &Listener, way: Way) -> io::Result<()> {
    let stream = listener.accept()?;
    loop {
        // The kernel does not keep it (tcp(7)).
        if way.quick {
            stream.set_acknowledge(Acknowledge::AtOnce)?;
        }
        if !(stream.read_all(HEADER.len())? && stream.read_all(BODY.len())?) {
            break;
        }
        stream.write(ANSWER)?;
    }
    stream.close();
    Ok(())
}

/// The client: asks until it has waited twice, if it is one that waits.
fn ask(session: &Session, address: SocketAddr, way: Way) -> io::Result<()> {
    let stream = session.connect(address, &SocketOptions::default())?;
    if way.nodelay {
        stream.set_nodelay(true)?;
    }
    let waits = !way.joined && !way.nodelay && !way.quick;
    let mut slow = 0;
    for _ in 0..if waits { AT_MOST } else { FEW } {
        let asked = now();
        if way.joined {
            stream.write(&[HEADER, BODY].concat())?;
        } else {
            stream.write(HEADER)?;
            stream.write(BODY)?;
        }
        if !stream.read_all(ANSWER.len())? {
            break;
        }
        slow += usize::from(asked.elapsed() > SLOW);
        if waits && slow == 2 {
            break;
        }
    }
    stream.close();
    Ok(())
}

/// The ending that what was seen makes.
fn conclude(ways: &[(&str, Vec<Request>)]) -> Ending {
    let [(_, two), rest @ ..] = ways else { return Ending::Interrupted };
    let mut slow = two.iter().enumerate().filter_map(|(number, request)| {
        let held = request.held.filter(|_| request.took > SLOW.as_nanos() as i64)?;
        let (Why::Nagle { segment }, Until::Acknowledged { by }) = (held.why, held.until) else {
            return None;
        };
        Some((number + 1, request, held, segment, by))
    });
    let Some((number, request, held, segment, by)) = slow.next_back() else {
        return Ending::NotShown("no second write waited for a late acknowledgement".to_owned());
    };
    let span = |nanos| Span { nanos, ascii: false };
    let longest = rest.iter().flat_map(|(_, requests)| requests).map(|request| request.took).max();
    let quick = longest.is_some_and(|longest| longest < request.took / 2);
    let (took, waited) = (span(request.took), span(held.waited));
    let mut sentences: Vec<_> = about_the_first(two).into_iter().collect();
    sentences.extend([
        format!(
            "Request {number} of the first connection took {took}. Its header travelled at once, in frame {segment}. Its \
             body waited {waited} at the client (Nagle's algorithm), until frame {by} acknowledged the header; then it \
             travelled in frame {}.",
            held.frame
        ),
        format!(
            "Nobody computed in that time: the server could not answer before it had the body, and its kernel kept frame \
             {by} back, in the hope of an answer to send along with it (delayed acknowledgement)."
        ),
    ]);
    sentences.push(match longest.map(span) {
        Some(longest) if quick => format!(
            "What helps is one write for what belongs together, or TCP_NODELAY at the client. TCP_QUICKACK at the server \
             helps as well, but must be set again and again. With these, no request took longer than {longest}."
        ),
        Some(longest) => format!(
            "One write for what belongs together helps, or TCP_NODELAY at the client; this time this machine was busy, and \
             a request took {longest} even so."
        ),
        None => return Ending::NotShown("no answer came".to_owned()),
    });
    Ending::Shown(sentences)
}

/// Why the first request did not wait, where its first write was acknowledged at once.
fn about_the_first(requests: &[Request]) -> Option<String> {
    let first = requests.first().filter(|first| first.took < SLOW.as_nanos() as i64)?;
    let (frame, after) =
        first.acknowledged.filter(|(_, after)| (0..AT_ONCE.as_nanos() as i64).contains(after))?;
    let span = |nanos| Span { nanos, ascii: false };
    Some(format!(
        "Request 1 took only {}: frame {frame} acknowledged its header after {}. In the beginning of a connection, Linux \
         acknowledges at once.",
        span(first.took),
        span(after)
    ))
}

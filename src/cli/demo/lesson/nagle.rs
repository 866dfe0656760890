//! Small writes, with TCP_NODELAY off and on.
//!
//! Nagle's algorithm holds a small segment back while another one is not acknowledged (RFC 9293, section 3.7.4). On
//! loopback one seldom sees it: a Linux kernel acknowledges the first 16 or so segments of a connection at once, each
//! within microseconds. So the server asks its kernel to acknowledge late (TCP_QUICKACK 0), as it does by itself once a
//! connection is under way: measured, after 40 to 48 ms. It asks again every few milliseconds, since the kernel goes back
//! to quick acknowledgements after each that was late.
//!
//! The writes come 5 ms apart, so that no more than 8 or 9 wait in one group. With TCP_NODELAY on, as many segments are
//! under way, less than the 10 of the first congestion window (RFC 6928): Linux would glue those beyond.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::lab::calls::{Acknowledge, Listener, Session, SocketOptions};
use crate::lesson::gluing::{Gluing, Held};
use crate::lesson::loss::{Loss, about_probe};
use crate::lesson::seen::Seen;
use crate::view::calls::scene::Scene;
use crate::view::duration::Span;
use crate::wire::call::Role;

use super::super::stage::Stage;
use super::threads::Threads;
use super::{Ending, Plan, Prepared, Script, loopback};

/// Between two writes.
const BETWEEN: Duration = Duration::from_millis(5);

/// Before the first write the server asks its kernel to acknowledge late.
const HEAD_START: Duration = Duration::from_millis(20);

/// After the last write, the last acknowledgement that is late comes within this.
const LAST: Duration = Duration::from_millis(150);

/// What programs of other languages do. Go: `net.TCPConn.SetNoDelay` ("the default is true"). curl: since 7.50.2
/// (CURLOPT_TCP_NODELAY). Java: `StandardSocketOptions.TCP_NODELAY` ("the default value is FALSE"). Node: `net.Socket`
/// has Nagle's algorithm on, its HTTP servers and clients have it off since version 18. Python: `socket` sets nothing,
/// `asyncio` sets it since 3.6. Rust: neither `std::net` nor tokio sets it.
const LANGUAGES: &str = "Whose sockets have TCP_NODELAY on from the start: those of Go, of Python's asyncio and of curl. \
                         Those of C, Java, Rust (std and tokio), Python's socket and Node's net have it off.";

struct Nagle {
    listener: Arc<Listener>,
    message: Vec<u8>,
    count: u16,
    room: usize,
    delay: Duration,
}

/// One conversation, and what was found in it.
struct Part {
    seen: Seen,
    gluing: Gluing,
}

pub(super) fn prepare(plan: &Plan, session: &Session) -> io::Result<Prepared> {
    let listener = Arc::new(session.listen(loopback(plan.ipv6), &SocketOptions::default())?);
    let address = listener.address();
    let (message, count, room, delay) = (plan.message.clone(), plan.count, plan.buffer.get(), plan.delay);
    Ok((Box::new(Nagle { listener, message, count, room, delay }), vec![address]))
}

impl Script for Nagle {
    fn play(&mut self, title: String, stage: &mut Stage, threads: &mut Threads) -> io::Result<Ending> {
        let mut parts = Vec::new();
        for nodelay in [false, true] {
            self.begin(nodelay, threads);
            let section =
                if nodelay { "2. TCP_NODELAY on" } else { "1. TCP_NODELAY off, as it is by itself" };
            let scene = Scene {
                title: (!nodelay).then(|| title.clone()),
                section: Some(section.to_owned()),
                server: Some(self.listener.address()),
                counts: true,
                ..Scene::default()
            };
            let shown = stage.play(threads, scene)?;
            if let Some(why) = threads.failure(stage.is_interrupted()) {
                return Ok(Ending::Failed(why));
            }
            if stage.is_interrupted() {
                return Ok(Ending::Interrupted);
            }
            let gluing = Gluing::of(&shown.seen, Role::Client, nodelay);
            if stage.sniffs() {
                stage.lines().gluing(&gluing, nodelay)?;
            }
            parts.push(Part { seen: shown.seen, gluing });
        }
        let [off, on] = parts.as_slice() else { return Ok(Ending::Interrupted) };
        if !stage.sniffs() {
            return Ok(Ending::Unseen);
        }
        stage.lines().comparison(&["", "TCP_NODELAY off", "TCP_NODELAY on"], &compare(off, on))?;
        Ok(conclude(off, on))
    }
}

impl Nagle {
    fn begin(&self, nodelay: bool, threads: &mut Threads) {
        let (listener, delay, room) = (Arc::clone(&self.listener), self.delay, self.room);
        threads.begin("server", move |_| serve(&listener, delay, room));
        let (address, message, count) = (self.listener.address(), self.message.clone(), self.count);
        threads.begin("client", move |session| write(&session, address, nodelay, &message, count));
    }
}

/// The server: reads late.
fn serve(listener: &Listener, delay: Duration, room: usize) -> io::Result<()> {
    let stream = listener.accept()?;
    stream.set_acknowledge(Acknowledge::Late)?;
    let mut buffer = vec![0; room];
    loop {
        stream.pause(delay)?;
        if stream.read(&mut buffer)? == 0 {
            break;
        }
    }
    stream.close();
    Ok(())
}

/// The client: writes little, and often.
fn write(
    session: &Session,
    address: SocketAddr,
    nodelay: bool,
    message: &[u8],
    count: u16,
) -> io::Result<()> {
    let stream = session.connect(address, &SocketOptions::default())?;
    if nodelay {
        stream.set_nodelay(true)?;
    }
    stream.pause(HEAD_START)?;
    for _ in 0..count {
        stream.write(message)?;
        // It tells whether the congestion window held anything back.
        stream.sample()?;
        stream.pause(BETWEEN)?;
    }
    stream.pause(LAST)?;
    stream.close();
    Ok(())
}

/// Both side by side.
fn compare(off: &Part, on: &Part) -> Vec<Vec<String>> {
    let row = |name: &str, of: &dyn Fn(&Part) -> String| vec![name.to_owned(), of(off), of(on)];
    vec![
        row("writes", &|part| part.seen.from(Role::Client).writes.len().to_string()),
        row("segments that carried them", &|part| {
            part.seen.from(Role::Client).first_transmissions().count().to_string()
        }),
        row("writes that had to wait", &|part| part.gluing.waited().to_string()),
        row("the longest of these waits", &|part| {
            let waited = part.gluing.longest().map(|held| Span { nanos: held.waited, ascii: false });
            waited.map_or_else(|| "none".to_owned(), |waited| waited.to_string())
        }),
        row("reads that got them", &|part| part.seen.from(Role::Client).reads.len().to_string()),
        row("reads of several segments", &|part| part.gluing.gathered.len().to_string()),
    ]
}

/// The ending that what was seen makes.
fn conclude(off: &Part, on: &Part) -> Ending {
    let by_nagle = |held: &&Held| held.by_nagle() && held.is_glued();
    if !off.gluing.held.iter().any(|held| by_nagle(&held)) {
        return Ending::NotShown(
            "no writes were glued by the sender until an acknowledgement came".to_owned(),
        );
    }
    let mut sentences: Vec<String> =
        off.gluing.sentences().into_iter().map(|sentence| format!("TCP_NODELAY off: {sentence}")).collect();
    let segments = on.seen.from(Role::Client).first_transmissions().count();
    let writes = on.seen.from(Role::Client).writes.len();
    let alone = if segments == writes && on.gluing.by_sender().next().is_none() {
        format!("TCP_NODELAY on: each of the {writes} writes went at once, in a segment of its own.")
    } else {
        format!("TCP_NODELAY on: the {writes} writes went in {segments} segments.")
    };
    sentences.push([vec![alone], on.gluing.sentences()].concat().join(" "));
    if let Some(probe) = Loss::of(&on.seen, Role::Client).probes.first() {
        sentences.push(about_probe(*probe));
    }
    sentences.push(LANGUAGES.to_owned());
    Ending::Shown(sentences)
}

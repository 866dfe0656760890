//! A reader that stops.
//!
//! The server's receive buffer is small (SO_RCVBUF 4096, which Linux doubles), and so are the segments (TCP_MAXSEG), so
//! that the window closes after a few of them. It acknowledges at once: otherwise the sender would probe for a loss in
//! between. Measured: the first probe comes 0.2 s after the window has closed, the second 0.45 s after the first.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::lab::calls::{Acknowledge, Listener, Session, SocketOptions};
use crate::lesson::conversation::opening;
use crate::lesson::seen::Seen;
use crate::lesson::window::Window;
use crate::view::calls::scene::Scene;
use crate::wire::call::Role;

use super::super::stage::Stage;
use super::threads::Threads;
use super::{Ending, Plan, Prepared, Script, loopback};

/// How long the server does not read: two probes come in this time.
const STOPS: Duration = Duration::from_millis(1_100);

/// Octets of a write, and of a segment.
const WRITE: usize = 1_000;

/// Writes: more than both buffers hold, so that one of them has to wait.
const WRITES: usize = 16;

/// Between two writes.
const BETWEEN: Duration = Duration::from_millis(5);

const RECEIVE_BUFFER: u32 = 4_096;
const SEND_BUFFER: u32 = 4_096;

struct Reader {
    listener: Arc<Listener>,
}

pub(super) fn prepare(plan: &Plan, session: &Session) -> io::Result<Prepared> {
    let options = SocketOptions {
        receive_buffer: Some(RECEIVE_BUFFER),
        max_segment: Some(WRITE as u32),
        ..SocketOptions::default()
    };
    let listener = Arc::new(session.listen(loopback(plan.ipv6), &options)?);
    let address = listener.address();
    Ok((Box::new(Reader { listener }), vec![address]))
}

impl Script for Reader {
    fn play(&mut self, title: String, stage: &mut Stage, threads: &mut Threads) -> io::Result<Ending> {
        let (listener, address) = (Arc::clone(&self.listener), self.listener.address());
        threads.begin("server", move |_| serve(&listener));
        threads.begin("client", move |session| write(&session, address));
        let scene = Scene { title: Some(title), server: Some(address), counts: true, ..Scene::default() };
        let shown = stage.play(threads, scene)?;
        if let Some(why) = threads.failure(stage.is_interrupted()) {
            return Ok(Ending::Failed(why));
        }
        Ok(match (stage.is_interrupted(), stage.sniffs()) {
            (true, _) => Ending::Interrupted,
            (false, true) => conclude(&shown.seen),
            (false, false) => Ending::Unseen,
        })
    }
}

fn serve(listener: &Listener) -> io::Result<()> {
    let stream = listener.accept()?;
    stream.set_acknowledge(Acknowledge::AtOnce)?;
    stream.remark(format!("is busy with something else, and reads nothing for {:.1} s", STOPS.as_secs_f64()));
    stream.pause(STOPS)?;
    let mut buffer = vec![0; 4 * WRITE];
    while stream.read(&mut buffer)? > 0 {}
    stream.close();
    Ok(())
}

fn write(session: &Session, address: SocketAddr) -> io::Result<()> {
    let options = SocketOptions { send_buffer: Some(SEND_BUFFER), ..SocketOptions::default() };
    let stream = session.connect(address, &options)?;
    for number in 0..WRITES {
        // So that one can tell them apart: aaaa, bbbb, cccc.
        stream.write(&[b'a' + number as u8; WRITE])?;
        stream.pause(BETWEEN)?;
    }
    stream.close();
    Ok(())
}

/// The ending that what was seen makes.
fn conclude(seen: &Seen) -> Ending {
    let window = Window::of(seen, Role::Server);
    match window.sentences() {
        Some(sentences) => Ending::Shown([opening(seen).into_iter().collect(), sentences].concat()),
        None if window.closed.is_none() => {
            Ending::NotShown("the server's window was never closed".to_owned())
        }
        None => Ending::NotShown("the server's window did not open again".to_owned()),
    }
}

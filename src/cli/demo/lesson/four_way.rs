//! A close in four segments.
//!
//! Most closes have three: a kernel does not acknowledge a FIN at once, but waits for 40 ms (Linux, measured: 40 to 48)
//! whether its program closes as well, and then acknowledges with its own FIN. A server that takes longer than that gets
//! the acknowledgement a segment of its own.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::lab::calls::{Listener, Session, SocketOptions};
use crate::lesson::closing::Closing;
use crate::lesson::conversation::opening;
use crate::lesson::seen::Seen;
use crate::view::calls::scene::Scene;
use crate::view::duration::Span;

use super::super::stage::Stage;
use super::threads::Threads;
use super::{Ending, Plan, Prepared, Script, loopback};

/// What the server has still to do before it closes.
const WORK: Duration = Duration::from_millis(100);

/// The octets of the client have been acknowledged when it closes.
const SETTLED: Duration = Duration::from_millis(20);

const SAYS: &[u8] = b"Hello, world";

struct FourWay {
    listener: Arc<Listener>,
}

pub(super) fn prepare(plan: &Plan, session: &Session) -> io::Result<Prepared> {
    let listener = Arc::new(session.listen(loopback(plan.ipv6), &SocketOptions::default())?);
    let address = listener.address();
    Ok((Box::new(FourWay { listener }), vec![address]))
}

impl Script for FourWay {
    fn play(&mut self, title: String, stage: &mut Stage, threads: &mut Threads) -> io::Result<Ending> {
        let (listener, address) = (Arc::clone(&self.listener), self.listener.address());
        threads.begin("server", move |_| serve(&listener));
        threads.begin("client", move |session| say(&session, address));
        let scene = Scene { title: Some(title), server: Some(address), ..Scene::default() };
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
    while stream.read(&mut [0; 64])? > 0 {}
    stream.remark(format!("has still something to do, and closes {} ms later", WORK.as_millis()));
    stream.pause(WORK)?;
    stream.close();
    Ok(())
}

fn say(session: &Session, address: SocketAddr) -> io::Result<()> {
    let stream = session.connect(address, &SocketOptions::default())?;
    stream.write(SAYS)?;
    stream.pause(SETTLED)?;
    stream.close();
    Ok(())
}

/// The ending that what was seen makes.
fn conclude(seen: &Seen) -> Ending {
    let Some(closing) = Closing::of(seen).filter(Closing::has_four) else {
        return Ending::NotShown("the close did not have four segments".to_owned());
    };
    let (Some(acked_by), Some(other_fin), Some(after)) =
        (closing.acked_by, closing.other_fin, closing.acked_after)
    else {
        return Ending::NotShown("the close did not have four segments".to_owned());
    };
    let after = Span { nanos: after, ascii: false };
    Ending::Shown(vec![
        opening(seen).unwrap_or_default(),
        closing.sentence(),
        format!(
            "Between frames {acked_by} and {other_fin} the connection is half closed: the client is in FIN-WAIT-2 and sends \
             no more, the server is in CLOSE-WAIT and still could."
        ),
        format!(
            "The server's kernel waited {after} before it sent frame {acked_by}, in the hope of something to send along \
             with it (delayed acknowledgement). A server that closes sooner makes one segment of frames {acked_by} and {other_fin}, as in `tcpscope \
             demo`: three segments, and the same four steps."
        ),
    ])
}

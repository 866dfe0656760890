//! Loss, and the two ways to find out: by what is acknowledged, and by a clock.
//!
//! First more is sent at once than the router has room for: segments in the middle are lost, others behind them arrive,
//! and what these acknowledge tells the sender of the gap. Then the router drops everything, until a timeout was seen:
//! nothing tells, and the retransmission timer must run out. Measured: 10 segments leave at once (RFC 6928), and of 17
//! the router drops 5.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::lab::calls::{Listener, Session, SocketOptions, Stream};
use crate::lab::network::{Bottleneck, Network};
use crate::lesson::congestion::Congestion as Seen;
use crate::lesson::conversation::opening;
use crate::view::calls::scene::{Scene, Shown};
use crate::wire::call::Role;

use super::super::stage::Stage;
use super::routed::{Routed, Watcher, failed, note, wait_until};
use super::threads::Threads;
use super::{Ending, Script};

/// 4 Mbit/s, and room for eight segments.
pub(super) const BOTTLENECK: Bottleneck = Bottleneck { rate: 4_000_000, burst: 2_048, queue: 12_288 };

/// Octets that are written first: more than the first congestion window.
const MUCH: usize = 24_000;

/// Octets that are written while the router drops everything: three segments.
const LITTLE: usize = 4_000;

const ANSWER: &[u8] = b"got it";

/// Between the two, all has been acknowledged.
const BETWEEN: Duration = Duration::from_millis(50);

/// A timeout comes within this.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) struct Transfer(pub(super) Routed);

impl Script for Transfer {
    fn play(&mut self, title: String, stage: &mut Stage, threads: &mut Threads) -> io::Result<Ending> {
        let Routed { network, listener, congestion } = &self.0;
        let dropped = network.dropped();
        let (listener, address, name) = (Arc::clone(listener), listener.address(), congestion.name());
        let server = network.receiver().spawn(move || serve(&listener));
        threads.take_over("server", server);
        let (session, router, tell) = (threads.session().clone(), Arc::clone(network), note(threads));
        let client = network
            .sender()
            .spawn(move || send(&session, address, name, &router, &|said| tell("router", said)));
        threads.take_over("client", client);
        let scene = Scene {
            title: Some(title),
            section: Some(format!(
                "The router sends on {} Mbit/s, and has room for {} octets; the client's congestion control is {name}",
                BOTTLENECK.rate / 1_000_000,
                BOTTLENECK.queue
            )),
            server: Some(address),
            counts: true,
            samples: self.0.samples(),
            ..Scene::default()
        };
        let shown = stage.play(threads, scene)?;
        if let Some(why) = threads.failure(stage.is_interrupted()) {
            return Ok(Ending::Failed(why));
        }
        if stage.is_interrupted() {
            return Ok(Ending::Interrupted);
        }
        let dropped = network.dropped().zip(dropped).map(|(now, before)| now - before);
        Ok(conclude(&shown, dropped))
    }
}

fn serve(listener: &Listener) -> io::Result<()> {
    let stream = listener.accept()?;
    for octets in [MUCH, LITTLE] {
        if stream.read_all(octets)? {
            stream.write(ANSWER)?;
        }
    }
    while stream.read(&mut [0; 64])? > 0 {}
    stream.close();
    Ok(())
}

fn send(
    session: &Session,
    address: SocketAddr,
    congestion: &'static str,
    router: &Network,
    tell: &dyn Fn(&str),
) -> io::Result<()> {
    let options = SocketOptions { congestion: Some(congestion), ..SocketOptions::default() };
    let stream = Arc::new(session.connect(address, &options)?);
    let watcher = Watcher::begin(&stream);
    stream.write(&[b'm'; MUCH])?;
    stream.read_all(ANSWER.len())?;
    stream.pause(BETWEEN)?;
    let written = into_the_void(&stream, router, tell);
    // Whatever happened, the router forwards again.
    router.forward_again().map_err(failed)?;
    tell("forwards again");
    written?;
    stream.read_all(ANSWER.len())?;
    drop(watcher);
    Arc::into_inner(stream).into_iter().for_each(Stream::close);
    Ok(())
}

fn into_the_void(stream: &Stream, router: &Network, tell: &dyn Fn(&str)) -> io::Result<()> {
    router.drop_everything().map_err(failed)?;
    tell("drops everything from now on");
    stream.write(&[b'l'; LITTLE])?;
    wait_until(stream, PATIENCE, |info| info.timeouts > 0).map(drop)
}

/// The ending that what was seen makes.
fn conclude(shown: &Shown, dropped: Option<u64>) -> Ending {
    let seen = Seen::of(&shown.seen, Role::Client);
    let Some(fast) = seen.loss.about_acknowledgements(dropped) else {
        return Ending::NotShown("nothing was sent again because of what was acknowledged".to_owned());
    };
    let Some(timeouts) = seen.loss.about_timeouts() else {
        return Ending::NotShown("no retransmission timer ran out".to_owned());
    };
    let opening = opening(&shown.seen);
    let sentences = opening.into_iter().chain([fast, timeouts, seen.counts(dropped)]);
    Ending::Shown(sentences.collect())
}

//! Congestion control at work: a transfer through a router that is slower than the sender.
//!
//! Only the queue of the router shows how much the way carries. A full queue drops frames, and the losses slow the
//! sender down. In the middle of the transfer, the router drops everything until a timeout was seen, as a way does that
//! is interrupted for a moment.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use crate::lab::calls::{Listener, Session, SocketOptions, Stream};
use crate::lab::network::{Bottleneck, Network};
use crate::lesson::congestion::Congestion as Seen;
use crate::view::calls::scene::{Scene, Shown};
use crate::wire::call::Role;
use crate::wire::tcp_info::CongestionState;

use super::super::now;
use super::super::stage::Stage;
use super::routed::{Routed, Watcher, failed, note, wait_until};
use super::threads::Threads;
use super::{Ending, Script};

/// 8 Mbit/s, and room for 32 segments: a queue that is full takes 48 ms.
pub(super) const BOTTLENECK: Bottleneck = Bottleneck { rate: 8_000_000, burst: 4_096, queue: 48_000 };

/// The transfer takes 1.5 s at that rate.
const WRITE: usize = 50_000;
const WRITES: usize = 30;

/// So long after its beginning the way is interrupted: by then the window has grown, shrunk, and grown again.
const INTERRUPTED: Duration = Duration::from_millis(1_000);

/// A timeout comes within this.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) struct Transfer(pub(super) Routed);

impl Script for Transfer {
    fn play(&mut self, title: String, stage: &mut Stage, threads: &mut Threads) -> io::Result<Ending> {
        let Routed { network, listener, congestion } = &self.0;
        let dropped = network.dropped();
        let (listener, address, name) = (Arc::clone(listener), listener.address(), congestion.name());
        threads.take_over("server", network.receiver().spawn(move || serve(&listener)));
        let (give, stream) = mpsc::channel();
        let session = threads.session().clone();
        threads.take_over("client", network.sender().spawn(move || send(&session, address, name, &give)));
        let (router, tell) = (Arc::clone(network), note(threads));
        threads.begin("router", move |_| interrupt(&stream, &router, &|said| tell("router", said)));
        let scene = Scene {
            title: Some(title),
            section: Some(format!(
                "The router sends on {} Mbit/s, and has room for {} octets; the client's congestion control is {name}",
                BOTTLENECK.rate / 1_000_000,
                BOTTLENECK.queue
            )),
            server: Some(address),
            elides: true,
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
        stage.lines().congestion(&shown.seen, Role::Client, congestion.has_phases())?;
        Ok(self.conclude(&shown, dropped))
    }
}

impl Transfer {
    /// The ending that what was seen makes.
    fn conclude(&self, shown: &Shown, dropped: Option<u64>) -> Ending {
        let seen = Seen::of(&shown.seen, Role::Client);
        let sentences = if self.0.congestion.has_phases() {
            match seen.sentences(dropped) {
                Ok(sentences) => sentences,
                Err(phase) => return Ending::NotShown(format!("there was no phase of {phase}")),
            }
        } else {
            seen.without_phases("BBR")
        };
        Ending::Shown(sentences.into_iter().chain([seen.counts(dropped)]).collect())
    }
}

fn serve(listener: &Listener) -> io::Result<()> {
    let stream = listener.accept()?;
    let mut buffer = vec![0; 64 << 10];
    while stream.read(&mut buffer)? > 0 {}
    stream.close();
    Ok(())
}

fn send(
    session: &Session,
    address: SocketAddr,
    congestion: &'static str,
    give: &Sender<Arc<Stream>>,
) -> io::Result<()> {
    let options = SocketOptions { congestion: Some(congestion), ..SocketOptions::default() };
    let stream = Arc::new(session.connect(address, &options)?);
    let watcher = Watcher::begin(&stream);
    // The receiver is gone where the lesson was interrupted.
    let _ = give.send(Arc::clone(&stream));
    for _ in 0..WRITES {
        stream.write(&[b'x'; WRITE])?;
    }
    stream.shutdown_write()?;
    while stream.read(&mut [0; 64])? > 0 {}
    drop(watcher);
    // Who interrupts the way lets go of it in a moment.
    while Arc::strong_count(&stream) > 1 {
        stream.pause(Duration::from_millis(1))?;
    }
    Arc::into_inner(stream).into_iter().for_each(Stream::close);
    Ok(())
}

/// Interrupts the way once, until a timeout was seen.
fn interrupt(stream: &Receiver<Arc<Stream>>, router: &Network, tell: &dyn Fn(&str)) -> io::Result<()> {
    let Ok(stream) = stream.recv() else { return Ok(()) };
    let began = now();
    stream.pause(INTERRUPTED)?;
    // What is lost shall be lost to the interruption alone.
    let quiet = wait_until(&stream, PATIENCE, |info| {
        info.congestion == CongestionState::Open && info.unacked > 0 && began.elapsed() >= INTERRUPTED
    })?;
    if !quiet {
        return Ok(());
    }
    router.drop_everything().map_err(failed)?;
    tell("drops everything from now on");
    let waited = wait_until(&stream, PATIENCE, |info| info.timeouts > 0);
    // Whatever happened, the router forwards again.
    router.forward_again().map_err(failed)?;
    tell("forwards again");
    waited.map(drop)
}

//! Lessons that need two hosts and a router.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::capture::live;
use crate::lab::calls::{Listener, SocketOptions, Stream};
use crate::lab::network::{
    self, Bottleneck, INTERFACE, Network, congestion_controls, has_congestion_control,
};
use crate::view::calls::scene::Samples;
use crate::wire::selection::Selection;
use crate::wire::tcp_info::TcpInfo;

use super::super::eye::Eye;
use super::super::stage::Stage;
use super::super::told::{Note, Told};
use super::super::{incomplete, now};
use super::threads::Threads;
use super::{Congestion, Lesson, Plan, Script, congestion, give, loss};
use crate::cli::Outcome;

/// Where the receiver listens: in a network of its own every port is free.
const PORT: u16 = 8080;

/// How often the sender's kernel is asked.
const SAMPLE: Duration = Duration::from_millis(1);

/// The longest time between two samples that are reported.
const AT_LEAST: Duration = Duration::from_millis(20);

/// Two hosts, a router, and a listener at the receiver.
pub(super) struct Routed {
    pub(super) network: Arc<Network>,
    pub(super) listener: Arc<Listener>,
    pub(super) congestion: Congestion,
}

/// Gives a lesson.
pub(super) fn show(plan: Plan, interrupted: Arc<AtomicBool>) -> io::Result<Outcome> {
    let wanted = plan.congestion.name();
    if !has_congestion_control(wanted) {
        return Ok(incomplete(&format_args!(
            "this kernel has no congestion control {wanted}; --congestion can be one of: {}",
            congestion_controls().join(", ")
        )));
    }
    let bottleneck = match plan.lesson {
        Lesson::Loss => loss::BOTTLENECK,
        _ => congestion::BOTTLENECK,
    };
    let mut threads = Threads::new();
    let routed = match Routed::new(&plan, bottleneck, &threads) {
        Ok(routed) => routed,
        Err(sentence) => return Ok(incomplete(&sentence)),
    };
    let eye = match sniff(&routed, &plan) {
        Ok(eye) => eye,
        Err(error) => return Ok(incomplete(&error)),
    };
    let mut stage = Stage::new(Some(eye), plan.style, interrupted);
    let mut script: Box<dyn Script> = match plan.lesson {
        Lesson::Loss => Box::new(loss::Transfer(routed)),
        _ => Box::new(congestion::Transfer(routed)),
    };
    give(plan.lesson, &mut *script, &mut stage, &mut threads)
}

impl Routed {
    fn new(plan: &Plan, bottleneck: Bottleneck, threads: &Threads) -> Result<Self, String> {
        network::obtain().map_err(|error| error.to_string())?;
        let network = Network::new(bottleneck, plan.ipv6).map_err(|error| error.to_string())?;
        let address = SocketAddr::new(network.receiver_address(), PORT);
        let session = threads.session().clone();
        let listener = network
            .receiver()
            .run(move || session.listen(address, &SocketOptions::default()))
            .map_err(|error| format!("no server can listen: {error}"))?;
        let (network, listener) = (Arc::new(network), Arc::new(listener));
        Ok(Self { network, listener, congestion: plan.congestion })
    }

    /// Which samples are shown.
    pub(super) fn samples(&self) -> Samples {
        if self.congestion.has_phases() { Samples::Phases } else { Samples::States }
    }
}

/// Sniffs at the sender, in a thread of its own, which gives up its rights.
fn sniff(routed: &Routed, plan: &Plan) -> Result<Eye, live::Error> {
    let address = routed.listener.address();
    let selection =
        Selection { ports: vec![address.port()], hosts: vec![address.ip()], tcp: true, udp: false };
    let save = plan.save.clone();
    let open = move || Eye::open(INTERFACE.to_owned(), selection, save.as_ref());
    let thread = routed.network.sender().spawn(open);
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Tells of a router, or of whoever else is no program.
pub(super) fn note(threads: &Threads) -> impl Fn(&'static str, &str) + Send + use<> {
    let teller = threads.teller();
    move |who, sentence| {
        let at = live::now().unwrap_or_default();
        teller.tell(Told::Note(Note { at, who, sentence: sentence.to_owned() }));
    }
}

/// Asks the kernel about a stream again and again, in a thread of its own, and reports what is new.
pub(super) struct Watcher {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Watcher {
    pub(super) fn begin(stream: &Arc<Stream>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (stream, stopped) = (Arc::clone(stream), Arc::clone(&stop));
        let thread = thread::spawn(move || {
            let (mut told, mut since) = (None, now());
            loop {
                // What happened since the last time is asked for before it ends.
                let last = stopped.load(Ordering::SeqCst);
                let asked = stream.sample_if(|info| {
                    let news = told.is_none_or(|told| is_news(&told, info)) || since.elapsed() > AT_LEAST;
                    if news {
                        (told, since) = (Some(*info), now());
                    }
                    news
                });
                if last || asked.is_err() {
                    break;
                }
                thread::sleep(SAMPLE);
            }
        });
        Self { stop, thread: Some(thread) }
    }
}

/// Dropping ends the watcher, before the stream is closed.
impl Drop for Watcher {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn is_news(told: &TcpInfo, info: &TcpInfo) -> bool {
    let what =
        |info: &TcpInfo| (info.congestion, info.cwnd, info.ssthresh, info.timeouts, info.total_retransmitted);
    what(told) != what(info)
}

/// Waits until the kernel says something of a stream; false where it has not said it for too long.
pub(super) fn wait_until(
    stream: &Stream,
    patience: Duration,
    so: impl Fn(&TcpInfo) -> bool,
) -> io::Result<bool> {
    let began = now();
    loop {
        if so(&stream.sample_if(|_| false)?) {
            return Ok(true);
        }
        if began.elapsed() > patience {
            return Ok(false);
        }
        stream.pause(SAMPLE)?;
    }
}

/// What the network says is wrong, as a program says it.
pub(super) fn failed(error: network::Error) -> io::Error {
    io::Error::other(error.to_string())
}

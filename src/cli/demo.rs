//! `tcpscope demo`: a server, a client, and what passes between them, in one command.

use std::io::{self, IsTerminal};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::capture::live::{self, Batch, Error, Live, Running, Stop, Until, interfaces, privileges};
use crate::capture::write::Writer;
use crate::lab::mode::Mode;
use crate::track::tracker::Limits;
use crate::view::calls::woven::{Scene, Woven};
use crate::view::style::Style;
use crate::wire::frame::Timestamp;
use crate::wire::selection::Selection;
use crate::wire::source::{Format, Interface, SourceInfo};

use super::pipeline::Pipeline;
use super::{Outcome, complain, signals};
pub(super) use args::{DemoArgs, Plan};
use conversation::{Conversation, Prepared, Told};
use weave::{Moment, Weave};

mod args;
mod conversation;
mod weave;

/// So long a moment waits to be shown, since an earlier one may be told later: frames gather for a hundredth of a
/// second before they are handed on.
const SETTLE: Duration = Duration::from_millis(40);

/// So long where no eye waits for it: a busy machine may tell late, and the order is worth more than the moment.
const SETTLE_UNSEEN: Duration = Duration::from_secs(1);

/// How often to look whether something was told.
const LOOK: Duration = Duration::from_millis(10);

/// What the end of a conversation causes on the wire comes within this.
const QUIET: Duration = Duration::from_millis(60);

/// Octets of frames that may wait in the kernel.
const BUFFER: usize = 4 << 20;

/// Has the conversation, and shows it.
///
/// # Errors
///
/// Standard output could not be written.
pub(super) fn demo(plan: Plan) -> io::Result<Outcome> {
    let Plan { script, ipv6, save, style } = plan;
    // Before there is anything to be broken off.
    let interrupted = match at_signals() {
        Ok(interrupted) => interrupted,
        Err(error) => {
            complain(&format_args!("cannot wait for signals: {error}"));
            return Ok(Outcome::Incomplete);
        }
    };
    let any = if ipv6 { (Ipv6Addr::LOCALHOST, 0).into() } else { (Ipv4Addr::LOCALHOST, 0).into() };
    let mode = script.mode;
    let prepared = match Prepared::new(script, any) {
        Ok(prepared) => prepared,
        Err(error) => {
            complain(&error);
            return Ok(Outcome::Incomplete);
        }
    };
    let server = prepared.address();
    let eye = match Eye::open(mode, server, save.as_ref()) {
        Ok(eye) => Some(eye),
        // A capture was asked for, and another name would give it.
        Err(error @ Error::Write { .. }) => {
            complain(&error);
            return Ok(Outcome::Incomplete);
        }
        Err(error) => {
            let unsaved = if save.is_some() { "nothing is saved, and " } else { "" };
            complain(&format_args!(
                "{unsaved}no segments are shown, only what the application does: {error}"
            ));
            None
        }
    };
    let glues = matches!(mode, Mode::Sticky | Mode::Framed);
    let scene = Scene {
        title: format!("{} on {server}: {}", mode.name(), mode.does()),
        server,
        sniffed: eye.is_some(),
        counts: glues,
        follows: glues,
    };
    let unsaved = save.is_some() && eye.is_none();
    let shown = show(prepared, eye, style, scene, &interrupted)?;
    Ok(if unsaved { Outcome::Incomplete } else { shown })
}

/// Set by the signals that end.
fn at_signals() -> io::Result<Arc<AtomicBool>> {
    let interrupted = Arc::default();
    signals::ending().into_iter().try_for_each(|signal| live::set_at(signal, &interrupted))?;
    Ok(interrupted)
}

/// Someone who sniffs.
struct Eye {
    running: Running,
    stop: Stop,
    source: SourceInfo,
}

impl Eye {
    /// Sniffs what passes to and from the server, and gives up the right to do more.
    fn open(mode: Mode, server: SocketAddr, save: Option<&PathBuf>) -> Result<Self, Error> {
        let selection = Selection {
            ports: vec![server.port()],
            hosts: vec![server.ip()],
            tcp: mode != Mode::Udp,
            udp: false,
        };
        let loopback = interfaces::list().into_iter().find(|device| device.loopback);
        let interface = loopback.map_or_else(|| "lo".to_owned(), |device| device.name);
        let filter = selection.to_string();
        let options = live::Options { interface, selection, promiscuous: false, buffer: BUFFER };
        let live = Live::open(&options)?;
        let source = live.info().clone();
        let writer = save.map(|path| {
            let interface = Interface { name: Some(source.name.clone()), link: live.link(), snaplen: None };
            Writer::create(path, &interface, &filter)
                .map_err(|error| Error::Write { name: path.to_string_lossy().into_owned(), error })
        });
        let writer = writer.transpose()?;
        privileges::give_up_capabilities()?;
        let stop = live.stop().clone();
        let failed = |error| Error::Read { name: source.name.clone(), error };
        let running = live.start(Until::default(), writer).map_err(failed)?;
        Ok(Self { running, stop, source })
    }
}

/// Shows calls and segments as they happen. Who interrupts ends the conversation, and sees how it ends.
fn show(
    prepared: Prepared,
    eye: Option<Eye>,
    style: Style,
    scene: Scene,
    interrupted: &AtomicBool,
) -> io::Result<Outcome> {
    let patience = if io::stdout().is_terminal() { SETTLE } else { SETTLE_UNSEEN };
    let nobody = || SourceInfo {
        name: String::new(),
        format: Format::Live,
        compression: None,
        interfaces: Vec::new(),
    };
    let source = eye.as_ref().map_or_else(nobody, |eye| eye.source.clone());
    let mut woven = Woven::new(io::stdout().lock(), style, scene);
    let mut pipeline = Pipeline::new(&source, Limits::default(), &mut woven)?;
    pipeline.flush()?;
    let mut conversation = prepared.begin();
    let (mut weave, mut batch, mut losses) = (Weave::default(), Batch::default(), None);
    loop {
        let last = match &eye {
            Some(eye) => {
                let taken = eye.running.take(&mut batch, Some(LOOK));
                batch.frames(eye.running.link()).for_each(|frame| weave.frame(&frame));
                losses = Some(taken.losses);
                taken.last
            }
            None => {
                thread::sleep(LOOK);
                false
            }
        };
        gather(&mut conversation, &mut weave);
        if interrupted.load(Ordering::SeqCst) {
            conversation.interrupt();
        }
        let over = conversation.over_since().is_some_and(|since| since.elapsed() > QUIET);
        if over && let Some(eye) = &eye {
            eye.stop.ask();
        }
        // A capture that has broken off does not end the conversation.
        let done = over && (last || eye.is_none());
        let settled = if done { None } else { Some(settled(patience)) };
        while let Some(moment) = weave.release(settled) {
            place(&mut pipeline, moment)?;
        }
        pipeline.flush()?;
        if done {
            break;
        }
        if last {
            thread::sleep(LOOK);
        }
    }
    let captured = eye.map_or(Ok(()), |eye| eye.running.finish()).map_err(|error| error.to_string());
    pipeline.finish(captured.clone().err(), losses)?;
    woven.end()?;
    let mut outcome = Outcome::Complete;
    for sentence in [captured.err(), conversation.outcome().err()].into_iter().flatten() {
        complain(&sentence);
        outcome = Outcome::Incomplete;
    }
    Ok(outcome)
}

fn gather(conversation: &mut Conversation, weave: &mut Weave) {
    for told in conversation.take() {
        match told {
            Told::Call(call) => weave.call(call),
            Told::Message(message) => weave.message(message),
            Told::Remark(remark) => weave.remark(remark),
        }
    }
}

fn place<W: io::Write>(pipeline: &mut Pipeline<'_, Woven<W>>, moment: Moment) -> io::Result<()> {
    match moment {
        Moment::Frame(kept) => pipeline.frame(&kept.frame()),
        Moment::Call(call) => pipeline.view().call(&call),
        Moment::Connected(call) => pipeline.view().connected(&call),
        Moment::Message(message) => pipeline.view().message(&message),
        Moment::Remark(remark) => pipeline.view().remark(&remark),
    }
}

/// What happened before this has been told.
fn settled(patience: Duration) -> Timestamp {
    let now = live::now().unwrap_or_default().nanos();
    Timestamp::from_nanos(now.saturating_sub(patience.as_nanos() as i64))
}

#[expect(clippy::disallowed_methods, reason = "a conversation is held now, and must come to its end")]
fn now() -> Instant {
    Instant::now()
}

//! `tcpscope live`: an interface, until it is enough.

use std::fmt::Write as _;
use std::io::{self, IsTerminal};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use crate::capture::live::{self, Batch, Error, Live, Running, Until, privileges};
use crate::capture::write::Writer;
use crate::engine::Pipeline;
use crate::query::judge::Condition;
use crate::query::select::Selection;
use crate::track::tracker::Limits;
use crate::view::View;
use crate::view::chain::Chain;
use crate::wire::frame::Timestamp;
use crate::wire::source::{Interface, Losses, Notice, SourceInfo};

use super::args::ShowArgs;
use super::request::{self, Usage};
use super::show::{Show, Task};
use super::terminal::Terminal;
use super::{Outcome, complain, signals, span};

/// How often is looked at connections that are not over.
const EACH: Duration = Duration::from_millis(500);
/// Looking at them takes no more than one part in so many of the time.
const SHARE: i64 = 10;

/// A connection that has ended is summed up when it was quiet for so long.
const LINGER: Duration = Duration::from_secs(1);

/// Decode and explain what passes an interface
#[derive(Debug, clap::Args)]
#[command(help_template = "\
{about}, until Ctrl-C.

Examples:
  tcpscope live --port 8080
  tcpscope live -i eth0 --tcp --host 192.0.2.1
  tcpscope live --udp --port 8080
  tcpscope live -q -w capture.pcapng --duration 10s
  tcpscope live -w - | tshark -r -

{usage-heading} {usage}

{all-args}")]
pub(super) struct LiveArgs {
    /// Interface to listen to
    #[arg(short, long, value_name = "NAME", default_value = "lo", help_heading = "What to capture")]
    interface: String,

    /// Also frames that are not for this host
    #[arg(long, help_heading = "What to capture")]
    promiscuous: bool,

    /// End after this time, such as 10s or 2m
    #[arg(long, value_name = "TIME", value_parser = span::duration, help_heading = "What to capture")]
    duration: Option<Duration>,

    /// Write the frames to a file, too: pcap by its ending, else pcapng; to `-` instead of showing them
    #[arg(short, long, value_name = "FILE", help_heading = "What to capture")]
    write: Option<PathBuf>,

    /// Memory for frames that wait in the kernel
    #[arg(long, value_name = "MIB", default_value = "64", help_heading = "Limits")]
    buffer: NonZeroUsize,

    /// Become this user as soon as root is no longer needed
    #[arg(long, value_name = "NAME", help_heading = "Limits")]
    user: Option<String>,

    #[command(flatten)]
    show: ShowArgs,
}

/// A run of `live`, every default decided.
#[derive(Debug)]
pub(super) struct Request {
    capture: live::Options,
    until: Until,
    write: Option<PathBuf>,
    user: Option<String>,
    /// `None` where standard output carries the capture itself.
    show: Option<Show>,
    selection: Selection,
    fail_on: Vec<Condition>,
    limits: Limits,
}

impl Request {
    /// The request for the arguments, in front of this terminal.
    pub(super) fn new(args: LiveArgs, terminal: Terminal) -> Result<Self, Usage> {
        let show = match (request::show(&args.show, terminal)?, terminal.height) {
            // The last line is the cursor's.
            (Show::Summary(style), Some(lines)) => {
                Show::Screen(style, usize::from(lines).saturating_sub(1).max(1))
            }
            (show, _) => show,
        };
        let selection = request::selection(&args.show);
        let to_stdout = args.write.as_ref().is_some_and(|path| path.as_os_str() == "-");
        if to_stdout && io::stdout().is_terminal() {
            return Err(Usage(
                "a capture would litter the terminal; give -w a file, or a pipe to -w -".into(),
            ));
        }
        let packed = args.write.as_ref().and_then(|path| path.extension());
        if let Some(packed) = packed.filter(|ending| ["gz", "zst"].iter().any(|packed| ending == packed)) {
            let packed = packed.display();
            return Err(Usage(format!(
                "-w writes no .{packed}; pack the file afterwards, or pipe -w - to a packer"
            )));
        }
        let capture = live::Options {
            interface: args.interface,
            selection: selection.traffic.clone(),
            promiscuous: args.promiscuous,
            buffer: args.buffer.get().saturating_mul(1 << 20).min(1 << 30),
        };
        let count = args.show.count.map(|count| count.get());
        Ok(Self {
            capture,
            until: Until { count, duration: args.duration },
            write: args.write,
            user: args.user,
            show: (!to_stdout).then_some(show),
            selection,
            fail_on: args.show.fail_on.clone(),
            limits: Limits { linger: Some(LINGER), ..request::limits(&args.show) },
        })
    }
}

/// Captures, and shows on standard output.
///
/// # Errors
///
/// Standard output could not be written.
pub(super) fn live(request: &Request) -> io::Result<Outcome> {
    let begun = match begin(request) {
        Ok(begun) => begun,
        Err(error) => {
            complain(&error);
            return Ok(Outcome::Incomplete);
        }
    };
    match request.show {
        Some(show) => {
            if matches!(show, Show::Summary(_) | Show::Overview) {
                complain(&"the summary comes at the end: Ctrl-C, or --duration");
            }
            let task = Watch { begun, limits: request.limits };
            show.run(io::stdout().lock(), &request.selection, &request.fail_on, task)
        }
        None => Ok(only_write(begun.running)),
    }
}

/// A capture that has begun.
struct Begun {
    source: SourceInfo,
    running: Running,
    /// Octets of buffer, where the system granted less than was asked for.
    grudged: Option<usize>,
}

/// Opens everything, gives up the rights that were needed for it, and begins.
fn begin(request: &Request) -> Result<Begun, Error> {
    let live = Live::open(&request.capture)?;
    // What is written as another user is that user's.
    if let Some(user) = &request.user {
        privileges::become_user(user)?;
    }
    let source = live.info().clone();
    let grudged = Some(live.buffer()).filter(|octets| *octets < request.capture.buffer);
    let writer = match &request.write {
        Some(path) => {
            let interfaces = source.interfaces.iter().cloned();
            let interface =
                interfaces.map(|known| Interface { name: Some(source.name.clone()), ..known }).next();
            let name = || path.to_string_lossy().into_owned();
            let nothing = || Error::Write { name: name(), error: io::ErrorKind::InvalidInput.into() };
            let filter = request.capture.selection.to_string();
            let writer = Writer::create(path, &interface.ok_or_else(nothing)?, &filter);
            Some(writer.map_err(|error| Error::Write { name: name(), error })?)
        }
        None => None,
    };
    privileges::give_up_capabilities()?;
    let failed = |error| Error::Read { name: source.name.clone(), error };
    live.stop().at_signals(&signals::ending()).map_err(failed)?;
    let running = live.start(request.until, writer).map_err(failed)?;
    Ok(Begun { source, running, grudged })
}

/// Shows frames as they come.
struct Watch {
    begun: Begun,
    limits: Limits,
}

impl Task for Watch {
    fn run<V: View>(self, chain: &mut Chain<V>) -> io::Result<Outcome> {
        let Self { begun: Begun { source, running, grudged }, limits } = self;
        let mut pipeline = Pipeline::new(&source, limits, &mut *chain)?;
        pipeline.pause()?;
        let mut batch = Batch::default();
        let mut told = 0;
        let mut watch = Clock::new(pipeline.observer().view().looks_at_now());
        let losses = loop {
            let due = pipeline.due().into_iter().chain(watch.due).min();
            let taken = running.take(&mut batch, due.map(live::until));
            for frame in batch.frames(running.link()) {
                pipeline.frame(&frame)?;
            }
            watch.look(&mut pipeline, batch.is_empty())?;
            // As often as the number has doubled: it must be seen, and not fill the screen.
            if taken.losses.total() > 2 * told {
                told = taken.losses.total();
                pipeline.notice(&Notice { frame: None, message: lost(taken.losses, grudged) })?;
            }
            if batch.is_empty()
                && let Some(now) = live::now()
            {
                pipeline.tick(now)?;
            }
            pipeline.pause()?;
            if taken.last {
                break taken.losses;
            }
        };
        let error = running.finish().err().filter(|error| !closed_pipe(error)).map(|error| error.to_string());
        pipeline.finish(error.clone(), Some(losses))?;
        // The summary is on its way before anything is said on standard error.
        chain.done()?;
        Ok(end(error))
    }
}

/// Looks once in a while at connections that are not over.
struct Clock {
    /// When next; `None`: never.
    due: Option<Timestamp>,
}

impl Clock {
    fn new(wanted: bool) -> Self {
        Self { due: live::now().filter(|_| wanted) }
    }

    /// Shows connections as they are now, if it is time. `idle`: no frame waits to be read, so that what did not come by
    /// now is not under way.
    fn look<V: View>(&mut self, pipeline: &mut Pipeline<&mut Chain<V>>, idle: bool) -> io::Result<()> {
        let (Some(due), Some(now)) = (self.due, live::now()) else { return Ok(()) };
        let each = i64::try_from(EACH.as_nanos()).unwrap_or(i64::MAX);
        // A clock that was set back must not stop this.
        if now < due && due.nanos_since(now) <= each {
            return Ok(());
        }
        pipeline.current(Some(now).filter(|_| idle))?;
        let took = live::now().map_or(0, |then| then.nanos_since(now).max(0));
        let next = now.nanos().saturating_add(each.max(took.saturating_mul(SHARE)));
        self.due = Some(Timestamp::from_nanos(next));
        Ok(())
    }
}

/// Only writes; what there is to say goes to standard error.
fn only_write(running: Running) -> Outcome {
    let mut batch = Batch::default();
    let mut frames = 0;
    let losses = loop {
        let taken = running.take(&mut batch, None);
        frames += batch.frames(running.link()).count() as u64;
        if taken.last {
            break taken.losses;
        }
    };
    frames += losses.by_queue;
    let error = running.finish().err().filter(|error| !closed_pipe(error)).map(|error| error.to_string());
    let plural = if frames == 1 { "" } else { "s" };
    complain(&format_args!("{frames} frame{plural} captured, {} dropped by the kernel", losses.by_kernel));
    end(error)
}

fn end(error: Option<String>) -> Outcome {
    match error {
        None => Outcome::Complete,
        Some(error) => {
            complain(&error);
            Outcome::Incomplete
        }
    }
}

/// A reader that has seen enough is content.
fn closed_pipe(error: &Error) -> bool {
    matches!(error, Error::Write { error, .. } if error.kind() == io::ErrorKind::BrokenPipe)
}

/// The sentence about lost frames, and what helps. `grudged`: octets of buffer, where the system granted less than was
/// asked for.
fn lost(losses: Losses, grudged: Option<usize>) -> String {
    let mut words = String::new();
    if losses.by_kernel > 0 {
        words = format!("the kernel has dropped {} frames so far; ", losses.by_kernel);
        words.push_str(&match grudged {
            None => "more --buffer, or a narrower --port or --host, may help".to_owned(),
            Some(octets) => format!(
                "it grants this user only {} KiB for those that wait: raise net.core.rmem_max, or give the program \
                 cap_net_admin, too",
                octets / 1024
            ),
        });
    }
    if losses.by_queue > 0 {
        words.push_str(if words.is_empty() { "" } else { "; " });
        let _ = write!(
            words,
            "{} frames so far were captured but not shown: the output is slower than the traffic",
            losses.by_queue
        );
    }
    words
}

#[cfg(test)]
mod tests;

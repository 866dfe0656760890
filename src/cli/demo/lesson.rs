//! Lessons: conversations that are had in order to show one thing of TCP.
//!
//! A lesson is a script of programs and what to look for. What it says in the end is made of what was seen, frame by
//! frame. Where a run did not show what it was to show, which happens on a busy machine, it says so and tries again.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::view::style::Style;

use super::stage::Stage;
use super::{incomplete, mode};
use crate::cli::Outcome;
use threads::Threads;

mod congestion;
mod delayed_ack;
mod four_way;
mod loss;
mod nagle;
mod routed;
mod threads;
mod time_wait;
mod window;

/// The sentence in place of those with frames, where segments are not captured.
const UNSEEN: &str = "What was to be seen is in the segments, and nobody could capture them.";

/// The sentence where a signal came before the end.
const INTERRUPTED: &str = "The lesson was interrupted, so it does not say what was to be seen.";

/// How often a lesson is given at most, until it shows what it is to show.
const TRIES: u32 = 3;

/// The lessons.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::cli) enum Lesson {
    Nagle,
    DelayedAck,
    Window,
    Loss,
    Congestion,
    FourWay,
    TimeWait,
}

impl Lesson {
    /// All of them.
    pub(super) const ALL: [Self; 7] = [
        Self::Nagle,
        Self::DelayedAck,
        Self::Window,
        Self::Loss,
        Self::Congestion,
        Self::FourWay,
        Self::TimeWait,
    ];

    /// The lesson's name on the command line.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Nagle => "nagle",
            Self::DelayedAck => "delayed-ack",
            Self::Window => "window",
            Self::Loss => "loss",
            Self::Congestion => "congestion",
            Self::FourWay => "four-way",
            Self::TimeWait => "time-wait",
        }
    }

    /// The lesson's subject, in a few words.
    pub(super) const fn does(self) -> &'static str {
        match self {
            Self::Nagle => "small writes that wait at the sender, until TCP_NODELAY lets them go",
            Self::DelayedAck => "two writes and a read, which take 40 ms where one write would take none",
            Self::Window => "a reader that stops: the window closes, is probed, and opens again",
            Self::Loss => "lost segments, sent again because of an acknowledgement, or of a timeout",
            Self::Congestion => "slow start, congestion avoidance, fast recovery and a timeout",
            Self::FourWay => "a close in four segments, and the pause that makes them four",
            Self::TimeWait => "a port that is in use though nobody uses it, and the option that helps",
        }
    }

    /// Whether the lesson needs two hosts and a router.
    pub(super) const fn needs_network(self) -> bool {
        matches!(self, Self::Loss | Self::Congestion)
    }
}

/// Congestion control of a sender.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
pub(in crate::cli) enum Congestion {
    #[default]
    Reno,
    Cubic,
    Bbr,
}

impl Congestion {
    /// The name in the kernel.
    const fn name(self) -> &'static str {
        match self {
            Self::Reno => "reno",
            Self::Cubic => "cubic",
            Self::Bbr => "bbr",
        }
    }

    /// Whether the algorithm goes by losses, so that the phases of RFC 5681 are its own.
    const fn has_phases(self) -> bool {
        matches!(self, Self::Reno | Self::Cubic)
    }
}

/// A lesson, every default decided.
pub(in crate::cli) struct Plan {
    pub(super) lesson: Lesson,
    pub(super) ipv6: bool,
    pub(super) save: Option<PathBuf>,
    pub(super) style: Style,
    /// What each write of `nagle` writes, how often, how much a read takes, and how late it is.
    pub(super) message: Vec<u8>,
    pub(super) count: u16,
    pub(super) buffer: NonZeroUsize,
    pub(super) delay: Duration,
    pub(super) congestion: Congestion,
}

/// The result of a lesson.
enum Ending {
    /// The lesson showed its subject: sentences about it.
    Shown(Vec<String>),
    /// The segments that show the subject were not captured.
    Unseen,
    /// The lesson did not show its subject: why.
    NotShown(String),
    /// The programs of the lesson failed.
    Failed(String),
    /// A signal interrupted the lesson.
    Interrupted,
}

/// A lesson that is prepared.
trait Script {
    /// Runs the lesson's conversations, and shows them. `title` goes above the first.
    fn play(&mut self, title: String, stage: &mut Stage, threads: &mut Threads) -> io::Result<Ending>;
}

/// Gives a lesson.
pub(super) fn show(plan: Plan, interrupted: Arc<AtomicBool>) -> io::Result<Outcome> {
    if plan.lesson.needs_network() {
        return routed::show(plan, interrupted);
    }
    let mut threads = Threads::new();
    let prepared = prepare(&plan, &threads);
    let (mut script, addresses) = match prepared {
        Ok(prepared) => prepared,
        Err(error) => return Ok(incomplete(&format_args!("no server can listen: {error}"))),
    };
    let eye = match mode::sniff(true, &addresses, plan.save.as_ref()) {
        Ok(eye) => eye,
        Err(error) => return Ok(incomplete(&error)),
    };
    let unseen = eye.is_none();
    let mut stage = Stage::new(eye, plan.style, interrupted);
    let outcome = give(plan.lesson, &mut *script, &mut stage, &mut threads)?;
    Ok(if unseen { Outcome::Incomplete } else { outcome })
}

/// A script with its servers, which listen, and where they do.
type Prepared = (Box<dyn Script>, Vec<SocketAddr>);

fn prepare(plan: &Plan, threads: &Threads) -> io::Result<Prepared> {
    let session = threads.session();
    match plan.lesson {
        Lesson::Nagle => nagle::prepare(plan, session),
        Lesson::DelayedAck => delayed_ack::prepare(plan, session),
        Lesson::Window => window::prepare(plan, session),
        Lesson::FourWay => four_way::prepare(plan, session),
        Lesson::TimeWait => time_wait::prepare(plan, session),
        Lesson::Loss | Lesson::Congestion => Err(io::ErrorKind::Unsupported.into()),
    }
}

/// Plays a script until it shows what it is to show, and says what that was.
fn give(
    lesson: Lesson,
    script: &mut dyn Script,
    stage: &mut Stage,
    threads: &mut Threads,
) -> io::Result<Outcome> {
    let mut ending = Ending::Interrupted;
    for number in 1..=TRIES {
        let title = match number {
            1 => format!("{}: {}", lesson.name(), lesson.does()),
            _ => format!("\n{}, once more", lesson.name()),
        };
        ending = script.play(title, stage, threads)?;
        match &ending {
            Ending::NotShown(why) if number < TRIES && !stage.is_interrupted() => {
                stage
                    .lines()
                    .sentences(&[format!("This time it did not show: {why}. It is tried once more.")])?;
            }
            _ => break,
        }
    }
    let captured = stage.finish(true)?;
    let mut outcome = Outcome::Complete;
    let said = match ending {
        Ending::Shown(sentences) => {
            if !sentences.is_empty() {
                stage.lines().sentences(&sentences)?;
            }
            None
        }
        // Why was said before the beginning.
        Ending::Unseen => {
            stage.lines().sentences(&[UNSEEN.to_owned()])?;
            outcome = Outcome::Incomplete;
            None
        }
        Ending::NotShown(_) | Ending::Interrupted if stage.is_interrupted() => {
            stage.lines().sentences(&[INTERRUPTED.to_owned()])?;
            None
        }
        Ending::Interrupted => None,
        Ending::NotShown(why) => Some(format!(
            "the lesson was given {TRIES} times and did not show what it is for ({why}); this machine may be too busy: \
             try again"
        )),
        Ending::Failed(why) => Some(why),
    };
    for sentence in [captured.err(), said].into_iter().flatten() {
        outcome = incomplete(&sentence);
    }
    Ok(outcome)
}

/// A free port of the loopback interface.
fn loopback(ipv6: bool) -> SocketAddr {
    if ipv6 { (Ipv6Addr::LOCALHOST, 0).into() } else { (Ipv4Addr::LOCALHOST, 0).into() }
}

//! The arguments of `demo`, and what they mean.

use std::num::{NonZeroU16, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use crate::explain::Language;
use crate::lab::client::{self, Client};
use crate::lab::mode::Mode;
use crate::lab::server::{self, Close};
use crate::view::style::Style;
use crate::wire::call::Role;

use clap::ValueEnum;
use clap::builder::PossibleValue;

use super::conversation::Script;
use super::lesson::{self, Congestion, Lesson};
use super::mode;
use crate::cli::args::lab::{First, Switch, buffer, suits};
use crate::cli::args::{Color, Time};
use crate::cli::request::Usage;
use crate::cli::span::pause;
use crate::cli::terminal::Terminal;

/// Server, client and live capture in one command
#[derive(Debug, clap::Args)]
#[command(help_template = "\
{about}: which call caused which segment.

Examples:
  tcpscope demo                                  echo over a connection of its own
  tcpscope demo sticky                           20 writes, fewer reads: who got what
  tcpscope demo echo --close rst --explain       a reset, and why
  tcpscope demo http --ipv6 --save http.pcapng
  tcpscope demo nagle                            small writes that wait at the sender
  tcpscope demo congestion --congestion cubic

The lessons loss and congestion make network namespaces of their own, with ip and tc:
they need root, or a system on which everybody may make a user namespace.

{usage-heading} {usage}

{all-args}")]
pub(in crate::cli) struct DemoArgs {
    /// What they do, or the lesson that they are to give
    #[arg(value_enum, default_value_t, hide_default_value = true, value_name = "MODE")]
    subject: Subject,

    /// Over IPv6
    #[arg(short = '6', long)]
    ipv6: bool,

    /// Keep the capture: pcap by its ending, else pcapng
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,

    /// The client sends this; a path for http
    #[arg(long, value_name = "TEXT")]
    send: Option<String>,

    /// So many times [default: 20 in sticky and framed, 12 in nagle, else 2]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    count: Option<u16>,

    /// Octets a read takes at most [default: 50 in sticky, 4096 in http, else 128]
    #[arg(long, value_name = "N", value_parser = buffer)]
    buffer: Option<NonZeroUsize>,

    /// The server waits before each read [default: 100ms in sticky, framed and nagle, else 0]
    #[arg(long, value_name = "TIME", value_parser = pause)]
    delay: Option<Duration>,

    /// TCP_NODELAY: small segments do not wait for acknowledgements [default: off]
    #[arg(long, value_enum, value_name = "WHETHER", hide_possible_values = true)]
    nodelay: Option<Switch>,

    /// How the one who closes first does it [default: fin]
    #[arg(long, value_enum, value_name = "HOW")]
    close: Option<Close>,

    /// Who closes first [default: client]
    #[arg(long, value_enum, value_name = "WHO")]
    close_first: Option<First>,

    /// The sender's congestion control in loss and congestion [default: reno]
    #[arg(long, value_enum, value_name = "ALGORITHM")]
    congestion: Option<Congestion>,

    /// A sentence beneath each segment that says why it was sent
    #[arg(long)]
    explain: bool,

    /// How to write times [default: relative]
    #[arg(long, value_enum)]
    time: Option<Time>,

    /// Colour
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    color: Color,

    /// Columns of a line [default: the terminal's, else 120]
    #[arg(long, value_name = "N")]
    width: Option<NonZeroU16>,

    /// Nothing but ASCII
    #[arg(long)]
    ascii: bool,

    #[arg(from_global)]
    lang: Language,
}

/// The subject of the demo: a mode or a lesson.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::cli) enum Subject {
    /// A conversation of the laboratory.
    Mode(Mode),
    /// One thing of TCP.
    Lesson(Lesson),
}

impl Subject {
    const ALL: [Self; Mode::ALL.len() + Lesson::ALL.len()] = {
        let mut all = [Self::Mode(Mode::Echo); Mode::ALL.len() + Lesson::ALL.len()];
        let mut at = 0;
        while at < all.len() {
            all[at] = if at < Mode::ALL.len() {
                Self::Mode(Mode::ALL[at])
            } else {
                Self::Lesson(Lesson::ALL[at - Mode::ALL.len()])
            };
            at += 1;
        }
        all
    };
}

impl Default for Subject {
    fn default() -> Self {
        Self::Mode(Mode::default())
    }
}

impl ValueEnum for Subject {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, does) = match self {
            Self::Mode(mode) => (mode.name(), mode.does(true)),
            Self::Lesson(lesson) => (lesson.name(), lesson.does()),
        };
        Some(PossibleValue::new(name).help(does))
    }
}

/// A demo, every default decided.
pub(in crate::cli) enum Plan {
    /// Of a mode.
    Mode(Box<mode::Plan>),
    /// Of a lesson.
    Lesson(lesson::Plan),
}

/// Twelve octets, and something else that is as long.
const SAYS: [&str; 2] = ["Hello, world", "how are you?"];

/// Octets of a read in `sticky`: messages are glued, and one is split.
const SPLITS: NonZeroUsize = const { NonZeroUsize::new(50).unwrap() };

/// Writes in `nagle`: the first goes at once, and the others wait in two or three groups.
const WRITES: u16 = 12;

/// The fewest of them with which writes can be glued, and octets of a small one.
const FEWEST: u16 = 3;
const SMALL: usize = 1_000;

/// Octets of a read in a lesson.
const ROOM: NonZeroUsize = const { NonZeroUsize::new(4096).unwrap() };

/// How late a server in a lesson reads: so late that several segments have come.
const DELAY: Duration = Duration::from_millis(100);

impl Plan {
    /// The plan for the arguments, in front of this terminal.
    pub(in crate::cli) fn new(args: DemoArgs, terminal: Terminal) -> Result<Self, Usage> {
        if args.save.as_ref().is_some_and(|path| path.as_os_str() == "-") {
            return Err(Usage(
                "--save wants a file; standard output shows the demo, and for a capture there is live -w -"
                    .into(),
            ));
        }
        match args.subject {
            Subject::Mode(mode) => of_mode(mode, args, terminal).map(|plan| Self::Mode(Box::new(plan))),
            Subject::Lesson(lesson) => of_lesson(lesson, args, terminal).map(Self::Lesson),
        }
    }
}

fn of_mode(mode: Mode, args: DemoArgs, terminal: Terminal) -> Result<mode::Plan, Usage> {
    if args.congestion.is_some() {
        return Err(Usage(
            "--congestion is for the lessons loss and congestion, in which a router drops what finds no room; leave it \
             out"
            .into(),
        ));
    }
    let (close, close_first) = (args.close.unwrap_or_default(), args.close_first.unwrap_or_default());
    suits(mode, args.nodelay, close, close_first)?;
    if let Some(text) = &args.send {
        Client::can_say(mode, text.as_bytes()).map_err(|error| Usage(error.to_string()))?;
    }
    let style = style(&args, terminal);
    let first = Role::from(close_first);
    let buffer = args.buffer.or((mode == Mode::Sticky).then_some(SPLITS));
    let nodelay = args.nodelay.map(|switch| switch == Switch::On);
    let of = |who| if who == first { close } else { Close::Fin };
    // In framed, both directions are shown.
    let answer = mode == Mode::Framed;
    let client = client::Options {
        buffer,
        answer,
        nodelay,
        close: of(Role::Client),
        close_first: first,
        ..client::Options::default()
    };
    let server = server::Options {
        buffer,
        delay: args.delay,
        answer,
        nodelay,
        close: of(Role::Server),
        close_first: first,
        ..server::Options::default()
    };
    let habit = mode.habit();
    // With the server to close first, the first answer of http is the last.
    let few = if mode == Mode::Http && first == Role::Server { 1 } else { 2 };
    let usual = habit.map_or(2, |(_, count)| count.max(few));
    let count = args.count.map_or(usual, u64::from);
    let says = (0..count as usize)
        .map(|n| match (&args.send, habit) {
            (Some(text), _) => text.as_str(),
            (None, Some((text, _))) => text,
            (None, None) => SAYS[n % SAYS.len()],
        })
        .map(|text| text.as_bytes().to_vec())
        .collect();
    let script = Script { mode, says, client, server, resets: close == Close::Reset };
    Ok(mode::Plan { script, ipv6: args.ipv6, save: args.save, style })
}

fn of_lesson(lesson: Lesson, args: DemoArgs, terminal: Terminal) -> Result<lesson::Plan, Usage> {
    let nagle = lesson == Lesson::Nagle;
    let typed = [
        (args.send.is_some(), "--send", nagle),
        (args.count.is_some(), "--count", nagle),
        (args.buffer.is_some(), "--buffer", nagle),
        (args.delay.is_some(), "--delay", nagle),
        (args.nodelay.is_some(), "--nodelay", false),
        (args.close.is_some(), "--close", false),
        (args.close_first.is_some(), "--close-first", false),
        (args.congestion.is_some(), "--congestion", lesson.needs_network()),
    ];
    if let Some((_, option, _)) = typed.into_iter().find(|(typed, _, suits)| *typed && !suits) {
        let name = lesson.name();
        return Err(Usage(format!("{option} has no place in the lesson {name}; leave it out")));
    }
    let style = style(&args, terminal);
    let message = args.send.unwrap_or_else(|| "Hello!".to_owned()).into_bytes();
    let count = args.count.unwrap_or(WRITES);
    suits_nagle(&message, count)?;
    Ok(lesson::Plan {
        lesson,
        ipv6: args.ipv6,
        save: args.save,
        style,
        message,
        count,
        buffer: args.buffer.unwrap_or(ROOM),
        delay: args.delay.unwrap_or(DELAY),
        congestion: args.congestion.unwrap_or_default(),
    })
}

/// Refuses writes of which nothing could be seen that `nagle` is about.
fn suits_nagle(message: &[u8], count: u16) -> Result<(), Usage> {
    if !(1..=SMALL).contains(&message.len()) {
        let len = message.len();
        return Err(Usage(format!(
            "--send of {len} octets has no place in nagle: it is about small writes, of 1 to {SMALL} octets"
        )));
    }
    if count < FEWEST {
        return Err(Usage(format!(
            "--count {count} is too few for nagle: the first write goes at once, and two more are needed that wait"
        )));
    }
    Ok(())
}

fn style(args: &DemoArgs, terminal: Terminal) -> Style {
    let default = Style::default();
    Style {
        width: args.width.map(u16::from).or(terminal.width).map_or(default.width, usize::from),
        color: terminal.colors(args.color),
        ascii: args.ascii,
        time: Time::format(args.time),
        explain: args.explain,
        language: args.lang,
        ..default
    }
}

//! What was typed to `demo`, and what it means.

use std::num::{NonZeroU16, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use crate::lab::client::{self, Client};
use crate::lab::mode::Mode;
use crate::lab::server::{self, Close};
use crate::view::style::Style;
use crate::wire::call::Role;

use super::conversation::Script;
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

{usage-heading} {usage}

{all-args}")]
pub(in crate::cli) struct DemoArgs {
    /// What they do
    #[arg(value_enum, default_value_t, hide_default_value = true)]
    mode: Mode,

    /// Over IPv6
    #[arg(short = '6', long)]
    ipv6: bool,

    /// Keep the capture: pcap by its ending, else pcapng
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,

    /// The client sends this; a path for http
    #[arg(long, value_name = "TEXT")]
    send: Option<String>,

    /// So many times [default: 20 in sticky and framed, else 2]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    count: Option<u16>,

    /// Octets a read takes at most [default: 50 in sticky, 4096 in http, else 128]
    #[arg(long, value_name = "N", value_parser = buffer)]
    buffer: Option<NonZeroUsize>,

    /// The server waits before each read [default: 100ms in sticky and framed, else 0]
    #[arg(long, value_name = "TIME", value_parser = pause)]
    delay: Option<Duration>,

    /// TCP_NODELAY: small segments do not wait for acknowledgements [default: off]
    #[arg(long, value_enum, value_name = "WHETHER", hide_possible_values = true)]
    nodelay: Option<Switch>,

    /// How the one who closes first does it
    #[arg(long, value_enum, value_name = "HOW", default_value_t)]
    close: Close,

    /// Who closes first
    #[arg(long, value_enum, value_name = "WHO", default_value_t)]
    close_first: First,

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
}

/// A demo, every default decided.
pub(in crate::cli) struct Plan {
    pub(super) script: Script,
    pub(super) ipv6: bool,
    pub(super) save: Option<PathBuf>,
    pub(super) style: Style,
}

/// Twelve octets, and something else that is as long.
const SAYS: [&str; 2] = ["Hello, world", "how are you?"];

/// Octets of a read in `sticky`: messages are glued, and one is split.
const SPLITS: NonZeroUsize = const { NonZeroUsize::new(50).unwrap() };

impl Plan {
    /// What was typed, before this terminal.
    pub(in crate::cli) fn new(args: DemoArgs, terminal: Terminal) -> Result<Self, Usage> {
        if args.save.as_ref().is_some_and(|path| path.as_os_str() == "-") {
            return Err(Usage(
                "--save wants a file; standard output shows the demo, and for a capture there is live -w -"
                    .into(),
            ));
        }
        suits(args.mode, args.nodelay, args.close, args.close_first)?;
        if let Some(text) = &args.send {
            Client::can_say(args.mode, text.as_bytes()).map_err(|error| Usage(error.to_string()))?;
        }
        let style = style(&args, terminal);
        let (mode, first) = (args.mode, Role::from(args.close_first));
        let buffer = args.buffer.or((mode == Mode::Sticky).then_some(SPLITS));
        let nodelay = args.nodelay.map(|switch| switch == Switch::On);
        let of = |who| if who == first { args.close } else { Close::Fin };
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
        let script = Script { mode, says, client, server, resets: args.close == Close::Reset };
        Ok(Self { script, ipv6: args.ipv6, save: args.save, style })
    }
}

fn style(args: &DemoArgs, terminal: Terminal) -> Style {
    let default = Style::default();
    Style {
        width: args.width.map(u16::from).or(terminal.width).map_or(default.width, usize::from),
        color: terminal.colors(args.color),
        ascii: args.ascii,
        time: Time::format(args.time),
        explain: args.explain,
        ..default
    }
}

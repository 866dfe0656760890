//! What was typed to `serve` and `connect`.

use std::net::SocketAddr;
use std::num::{NonZeroU64, NonZeroUsize};
use std::time::Duration;

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::cli::address::{address, addresses};
use crate::cli::request::Usage;
use crate::cli::span::{duration, pause};
use crate::lab::mode::Mode;
use crate::lab::server::Close;

use super::{Color, Time};

/// Run a small server to watch
#[derive(Debug, clap::Args)]
#[command(help_template = "\
{about}: every call on its sockets is shown.

Examples:
  tcpscope serve                                  echo on 127.0.0.1:8080
  tcpscope serve sticky --buffer 32               messages glued and split
  tcpscope serve http '[::1]:8081'                then: curl -g http://[::1]:8081/
  tcpscope serve echo --close rst --close-first server

{usage-heading} {usage}

{all-args}")]
pub(in crate::cli) struct ServeArgs {
    /// What it does
    #[arg(value_enum, default_value_t, hide_default_value = true)]
    pub(in crate::cli) mode: Mode,

    /// Where: ADDRESS:PORT, or only one of them; port 0 is any free one
    #[arg(default_value = "127.0.0.1:8080", value_parser = address)]
    pub(in crate::cli) address: SocketAddr,

    /// Octets a read takes at most [default: 128, in http 4096]
    #[arg(long, value_name = "N", value_parser = buffer)]
    pub(in crate::cli) buffer: Option<NonZeroUsize>,

    /// Wait before each read, so that more has come [default: 100ms in sticky and framed, else 0]
    #[arg(long, value_name = "TIME", value_parser = pause)]
    pub(in crate::cli) delay: Option<Duration>,

    /// In framed, send each message back
    #[arg(long)]
    pub(in crate::cli) answer: bool,

    /// Connections at once; others wait in the queue
    #[arg(long, value_name = "N", default_value = "1000")]
    pub(in crate::cli) max_connections: NonZeroUsize,

    /// Close a connection on which nothing comes for this long
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(in crate::cli) idle_timeout: Option<Duration>,

    /// Do not set SO_REUSEADDR: connections in TIME-WAIT then hold the port for a minute
    #[arg(long)]
    pub(in crate::cli) no_reuse_address: bool,

    /// Set it, which is the default; accepted because it once was not
    #[arg(long, hide = true, conflicts_with = "no_reuse_address")]
    pub(in crate::cli) reuse_address: bool,

    #[command(flatten)]
    pub(in crate::cli) ending: Ending,

    #[command(flatten)]
    pub(in crate::cli) look: Look,
}

impl ServeArgs {
    /// Refuses what says nothing of this mode.
    pub(in crate::cli) fn suits(&self) -> Result<(), Usage> {
        self.ending.suits(self.mode)?;
        if self.no_reuse_address && self.mode == Mode::Udp {
            return Err(Usage(
                "--no-reuse-address is about TIME-WAIT, and udp has none; leave it out".into(),
            ));
        }
        answer_suits(self.answer, self.mode)
    }
}

/// Talk to a server as its client
#[derive(Debug, clap::Args)]
#[command(help_template = "\
{about}: lines that are typed are sent, without their line end; q leaves.

Examples:
  tcpscope connect echo                           type, and see it come back
  tcpscope connect echo --send hello --count 3 --interval 500ms
  tcpscope connect sticky                         20 × Hello! back to back
  tcpscope connect http localhost:8081 --send /

{usage-heading} {usage}

{all-args}")]
pub(in crate::cli) struct ConnectArgs {
    /// What the server does
    #[arg(value_enum, default_value_t, hide_default_value = true)]
    pub(in crate::cli) mode: Mode,

    /// Where: ADDRESS:PORT, NAME:PORT, or only one of them
    #[arg(default_value = "127.0.0.1:8080", value_parser = addresses)]
    pub(in crate::cli) address: Addresses,

    /// Send this instead of typed lines; a path for http [default: Hello! in sticky and framed, / in http]
    #[arg(long, value_name = "TEXT", conflicts_with = "lines")]
    pub(in crate::cli) send: Option<String>,

    /// So many times [default: 20 in sticky and framed, else 1]
    #[arg(long, value_name = "N", conflicts_with = "lines")]
    pub(in crate::cli) count: Option<NonZeroU64>,

    /// Wait between two messages
    #[arg(long, value_name = "TIME", value_parser = pause)]
    pub(in crate::cli) interval: Option<Duration>,

    /// Send typed lines also where the mode has a habit of its own
    #[arg(long)]
    pub(in crate::cli) lines: bool,

    /// In framed, expect an answer to each message
    #[arg(long)]
    pub(in crate::cli) answer: bool,

    /// Octets a read takes at most [default: 128, in http 4096]
    #[arg(long, value_name = "N", value_parser = buffer)]
    pub(in crate::cli) buffer: Option<NonZeroUsize>,

    /// How long to wait for a connection and for answers
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration)]
    pub(in crate::cli) timeout: Duration,

    #[command(flatten)]
    pub(in crate::cli) ending: Ending,

    #[command(flatten)]
    pub(in crate::cli) look: Look,
}

impl ConnectArgs {
    /// Refuses what says nothing of this mode.
    pub(in crate::cli) fn suits(&self) -> Result<(), Usage> {
        self.ending.suits(self.mode)?;
        answer_suits(self.answer, self.mode)
    }
}

/// Only in one mode a server may answer or not.
fn answer_suits(answer: bool, mode: Mode) -> Result<(), Usage> {
    match (answer, mode) {
        (false, _) | (_, Mode::Framed) => Ok(()),
        (true, Mode::Sticky) => {
            Err(Usage("--answer is for framed, and a server of sticky only reads; leave it out".into()))
        }
        (true, _) => Err(Usage(format!(
            "--answer is for framed, and a server of {} answers anyway; leave it out",
            mode.name()
        ))),
    }
}

/// The addresses of a name.
pub(in crate::cli) type Addresses = crate::cli::address::Addresses;

/// How the connection works and ends.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Ending {
    /// TCP_NODELAY: small segments do not wait for acknowledgements [default: off]
    #[arg(long, value_enum, value_name = "WHETHER", hide_possible_values = true)]
    pub(in crate::cli) nodelay: Option<Switch>,

    /// How this side closes
    #[arg(long, value_enum, value_name = "HOW", default_value_t)]
    pub(in crate::cli) close: Close,

    /// Who closes first; a server does when it has answered and is left in peace for 250 ms
    #[arg(long, value_enum, value_name = "WHO", default_value_t)]
    pub(in crate::cli) close_first: First,
}

impl Ending {
    /// Refuses what says nothing of this mode.
    fn suits(&self, mode: Mode) -> Result<(), Usage> {
        suits(mode, self.nodelay, self.close, self.close_first)
    }
}

/// Refuses what is said of a connection where there is none.
pub(in crate::cli) fn suits(
    mode: Mode,
    nodelay: Option<Switch>,
    close: Close,
    first: First,
) -> Result<(), Usage> {
    let said = [
        (nodelay.is_some(), "--nodelay"),
        (close != Close::default(), "--close"),
        (first != First::default(), "--close-first"),
    ];
    match said.into_iter().find(|(said, _)| *said) {
        Some((_, option)) if mode == Mode::Udp => {
            Err(Usage(format!("{option} is about a connection, and udp has none; leave it out")))
        }
        _ => Ok(()),
    }
}

/// How calls are shown.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Look {
    /// No calls, only what went wrong and the totals
    #[arg(short, long)]
    pub(in crate::cli) quiet: bool,

    /// How to write times [default: relative]
    #[arg(long, value_enum)]
    pub(in crate::cli) time: Option<Time>,

    /// Colour
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    pub(in crate::cli) color: Color,

    /// Nothing but ASCII
    #[arg(long)]
    pub(in crate::cli) ascii: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(in crate::cli) enum Switch {
    On,
    Off,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(in crate::cli) enum First {
    #[default]
    Client,
    Server,
}

impl ValueEnum for Mode {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.does(false)))
    }
}

impl ValueEnum for Close {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Fin, Self::Reset, Self::Half]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::Fin => PossibleValue::new("fin"),
            Self::Reset => PossibleValue::new("rst"),
            Self::Half => PossibleValue::new("half"),
        })
    }
}

/// Octets of a buffer: with a thousand connections it is there a thousand times.
pub(in crate::cli) fn buffer(typed: &str) -> Result<NonZeroUsize, String> {
    const MOST: usize = 1 << 20;
    let number: usize = typed.parse().map_err(|_| "not a number of octets".to_owned())?;
    NonZeroUsize::new(number).filter(|_| number <= MOST).ok_or_else(|| format!("from 1 to {MOST} octets"))
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::super::Args;

    #[test]
    fn every_example_in_the_help_can_be_typed() {
        let mut command = Args::command();
        let live = cfg!(all(feature = "live", target_os = "linux"));
        for name in ["serve", "connect"].into_iter().chain(live.then_some("demo")) {
            let help = command.find_subcommand_mut(name).unwrap().render_help().to_string();
            let examples: Vec<_> = help.lines().filter_map(|line| line.strip_prefix("  tcpscope ")).collect();
            assert!(examples.len() >= 4, "{help}");
            for example in examples {
                let typed = example.split("  ").next().unwrap().replace('\'', "");
                let words = ["tcpscope"].into_iter().chain(typed.split_whitespace());
                assert!(Args::try_parse_from(words).is_ok(), "{typed}");
            }
        }
    }
}

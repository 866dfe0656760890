//! What was typed.

use std::net::IpAddr;
use std::num::{NonZeroU16, NonZeroU64, NonZeroUsize, ParseIntError};
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand, ValueEnum};

use crate::explain::Language;
use crate::query::criterion::Criterion;
use crate::query::judge::Condition;
use crate::query::sort::Key;
use crate::view::style::TimeFormat;

use super::decode::args::DecodeArgs;
use super::exercise::args::ExerciseArgs;
use super::named;
pub(super) mod lab;

/// See what TCP did, who did it, and why.
#[derive(Debug, Parser)]
#[command(
    name = "tcpscope",
    version,
    disable_help_subcommand = true,
    help_template = "\
{about}

Examples:
  tcpscope capture.pcap                           every segment and its meaning
  tcpscope read capture.pcap --view summary       what went wrong, on one screen
  tcpscope read capture.pcap --view connections   one line a connection
  tcpscope read capture.pcap --format ndjson      everything, for programs
  tcpscope decode header.txt                      one header from hex, bit by bit
  tcpscope exercise                               questions, marked at once
  tcpscope read --help                            all options

To learn:
  tcpscope states capture.pcap                    the way through the states
  tcpscope demo                                   the calls behind each segment
  tcpscope serve echo                             by hand: a server, and in
  tcpscope connect echo                           another terminal its client

Commands:
{subcommands}

Options:
{options}"
)]
pub(super) struct Args {
    // Hidden while there is nothing to choose from.
    /// In which language sentences are told
    #[arg(long, global = true, hide = true, default_value = "en", value_parser = language())]
    pub(super) lang: Language,

    #[command(subcommand)]
    pub(super) command: Command,
}

/// A language by its code.
fn language() -> impl TypedValueParser<Value = Language> {
    let codes = PossibleValuesParser::new(Language::ALL.iter().map(|language| language.code()));
    codes.map(|code| {
        let named = Language::ALL.iter().find(|language| language.code() == code);
        named.copied().unwrap_or_default()
    })
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Decode and explain captures
    Read(ReadArgs),
    /// The same live
    #[cfg(all(feature = "live", target_os = "linux"))]
    Live(super::live::LiveArgs),
    /// List what can be sniffed
    #[cfg(all(feature = "live", target_os = "linux"))]
    Interfaces,
    /// Decode one TCP header from hex
    Decode(DecodeArgs),
    /// Draw the states, and a connection's way
    States(super::states::StatesArgs),
    /// Questions on TCP, marked
    Exercise(ExerciseArgs),
    /// List the fields, and what they mean
    Fields(super::fields::FieldsArgs),

    /// Run a small server to watch
    Serve(lab::ServeArgs),

    /// Talk to a server as its client
    Connect(lab::ConnectArgs),

    /// Both at once, and what passes between them
    #[cfg(all(feature = "live", target_os = "linux"))]
    Demo(super::demo::DemoArgs),

    /// Print the help of a command, as `--help` behind it does
    #[command(hide = true)]
    Help {
        /// The command
        command: Vec<String>,
    },

    /// Print completions for a shell
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },

    /// Print a manual page
    Man {
        /// Of this command; of all of them if absent
        command: Option<String>,
    },
}

/// Decode and explain captures
#[derive(Debug, clap::Args)]
#[command(help_template = "\
{about}: pcap and pcapng, plain or wrapped in gzip or zstd.

Examples:
  tcpscope read capture.pcap
  tcpscope read capture.pcap --explain --port 8080
  tcpscope read capture.pcap --view summary
  tcpscope read capture.pcap --view connections --only problems --sort loss
  tcpscope read capture.pcap --view ladder --connection 0
  tcpscope read capture.pcap --format ndjson > capture.ndjson
  tcpscope read capture.pcap -q --fail-on reset --fail-on 'loss>1%'
  cat capture.pcap | tcpscope read -

{usage-heading} {usage}

{all-args}")]
pub(super) struct ReadArgs {
    /// Captures to read; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,

    /// Threads that share the work, which changes nothing that is shown [default: one for each processor]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    pub(super) threads: Option<NonZeroUsize>,

    #[command(flatten)]
    pub(super) show: ShowArgs,
}

// What `read` and `live` have in common; a documentation comment would become the help of both.
#[derive(Debug, Default, clap::Args)]
pub(super) struct ShowArgs {
    /// For people, for programs, or as a table of connections [default: text]
    #[arg(long, value_enum, help_heading = "What to show")]
    pub(super) format: Option<Format>,

    /// What of it to show as text [default: segments]
    #[arg(long, value_enum, help_heading = "What to show")]
    pub(super) view: Option<Shown>,

    /// Only this connection, by its number (repeatable)
    #[arg(
        long,
        value_name = "N",
        value_parser = number_of_connection,
        allow_negative_numbers = true,
        help_heading = "What to show"
    )]
    pub(super) connection: Vec<u64>,

    /// Only what has this port at either end (repeatable)
    #[arg(long, value_name = "P", help_heading = "What to show")]
    pub(super) port: Vec<u16>,

    /// Only what this address sends or receives (repeatable)
    #[arg(long, value_name = "ADDR", help_heading = "What to show")]
    pub(super) host: Vec<IpAddr>,

    /// Only TCP, and ICMP errors about it
    #[arg(long, help_heading = "What to show")]
    pub(super) tcp: bool,

    /// Only UDP, a line for each datagram, and ICMP errors about it; with --tcp, both
    #[arg(long, help_heading = "What to show")]
    pub(super) udp: bool,

    /// Stop after N frames
    #[arg(short, long, value_name = "N", help_heading = "What to show")]
    pub(super) count: Option<NonZeroU64>,

    /// A sentence beneath each segment that says why it was sent
    #[arg(long, help_heading = "What to show")]
    pub(super) explain: bool,

    /// The octets of each segment, or datagram, beneath it
    #[arg(short = 'x', long, help_heading = "What to show")]
    pub(super) hex: bool,

    /// Every frame, also those that say nothing about TCP, with its headers and their sizes; checksums that are wrong
    #[arg(short, long, conflicts_with = "quiet", help_heading = "What to show")]
    pub(super) verbose: bool,

    /// Connections and totals only
    #[arg(short, long, help_heading = "What to show")]
    pub(super) quiet: bool,

    /// Only what has such a finding: `problems`, or a kind such as `zero_window`; or such a verdict: `verdict:loss` (repeatable)
    #[arg(long, value_name = "KIND", value_parser = named::criterion(), hide_possible_values = true, help_heading = "What went wrong")]
    pub(super) only: Vec<Criterion>,

    /// Sort connections, the largest or worst first
    #[arg(long, value_name = "KEY", value_parser = named::key(), help_heading = "What went wrong")]
    pub(super) sort: Option<Key>,

    /// Rows of a sorted table [default: 1000]
    #[arg(long, value_name = "N", requires = "sort", help_heading = "What went wrong")]
    pub(super) top: Option<NonZeroUsize>,

    /// Exit with 3 if there are such findings or verdicts, or more than LIMIT, such as 'loss>1%' (repeatable)
    #[arg(long, value_name = "KIND[>LIMIT]", value_parser = named::condition(), hide_possible_values = true, help_heading = "What went wrong")]
    pub(super) fail_on: Vec<Condition>,

    /// How to write times [default: relative]
    #[arg(long, value_enum, help_heading = "How to write it")]
    pub(super) time: Option<Time>,

    /// Sequence numbers as on the wire
    #[arg(long, help_heading = "How to write it")]
    pub(super) absolute: bool,

    /// Colour
    #[arg(long, value_enum, default_value_t, value_name = "WHEN", help_heading = "How to write it")]
    pub(super) color: Color,

    /// Columns of a line [default: the terminal's, else 120]
    #[arg(long, value_name = "N", help_heading = "How to write it")]
    pub(super) width: Option<NonZeroU16>,

    /// Nothing but ASCII
    #[arg(long, help_heading = "How to write it")]
    pub(super) ascii: bool,

    #[arg(from_global)]
    pub(super) lang: Language,

    /// Numbers instead of names; always so, accepted because hands type it
    #[arg(short = 'n', hide = true)]
    pub(super) numeric: bool,

    /// Connections remembered at once
    #[arg(long, value_name = "N", help_heading = "Limits")]
    pub(super) max_connections: Option<NonZeroUsize>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Format {
    Text,
    Ndjson,
    Json,
    Csv,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Shown {
    Segments,
    Connections,
    Ladder,
    Summary,
}

/// The number of a connection, also as the views write it: `#7`.
pub(super) fn number_of_connection(typed: &str) -> Result<u64, ParseIntError> {
    typed.strip_prefix('#').unwrap_or(typed).parse()
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Time {
    Relative,
    Delta,
    Epoch,
    Utc,
}

impl Time {
    /// How times are written, after what was asked for.
    pub(super) fn format(asked: Option<Self>) -> TimeFormat {
        match asked {
            None | Some(Self::Relative) => TimeFormat::Relative,
            Some(Self::Delta) => TimeFormat::Delta,
            Some(Self::Epoch) => TimeFormat::Epoch,
            Some(Self::Utc) => TimeFormat::Utc,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(super) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

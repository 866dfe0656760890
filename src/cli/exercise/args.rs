//! What was typed behind `tcpscope exercise`.

use std::path::PathBuf;

use clap::ValueEnum;

use crate::cli::args::Color;

/// Questions on TCP, marked, with the reason for a wrong answer
#[derive(Debug, clap::Args)]
#[command(help_template = "\
{about}.

Examples:
  tcpscope exercise
  tcpscope exercise --level fields --count 5
  tcpscope exercise --capture capture.pcap
  tcpscope exercise --hex 'c462 1f90 360a1d03 00000000 5002 faf0 8f4a 0000'
  tcpscope exercise --worksheet --seed 42 > sheet.txt
  tcpscope exercise --answers --seed 42

{usage-heading} {usage}

{all-args}")]
pub(in crate::cli) struct ExerciseArgs {
    /// Of which level [default: all, the easiest first]
    #[arg(long, value_enum)]
    pub(super) level: Option<Of>,

    /// How many questions [default: 8; of --hex all that there are]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(super) count: Option<u16>,

    /// The same seed asks the same questions [default: another one each time]
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,

    /// Ask about the connections of this capture
    #[arg(long, value_name = "FILE")]
    pub(super) capture: Option<PathBuf>,

    /// Ask about the fields of this header: octets in any form that `decode` takes
    #[arg(long, value_name = "HEX", num_args = 1.., conflicts_with = "capture")]
    pub(super) hex: Vec<String>,

    /// Print the questions with room for the answers
    #[arg(long, conflicts_with_all = ["answers", "check"], help_heading = "On paper")]
    pub(super) worksheet: bool,

    /// Print the key of the worksheet with this seed
    #[arg(long, conflicts_with = "check", help_heading = "On paper")]
    pub(super) answers: bool,

    /// Mark a filled-in worksheet; exit status 0 is passed, 1 is not. Its first line says which questions it holds;
    /// with --seed, --count or --level it must say the same
    #[arg(long, value_name = "FILE", help_heading = "On paper")]
    pub(super) check: Option<PathBuf>,

    /// With --check: percent of right answers to pass with
    #[arg(long, value_name = "N", default_value_t = 100, requires = "check", value_parser = clap::value_parser!(u8).range(0..=100), help_heading = "On paper")]
    pub(super) pass: u8,

    /// With --check: for people or for programs
    #[arg(long, value_enum, default_value_t, requires = "check", help_heading = "On paper")]
    pub(super) format: Score,

    /// Colour
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    pub(super) color: Color,

    /// Nothing but ASCII
    #[arg(long)]
    pub(super) ascii: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Of {
    Fields,
    Arithmetic,
    States,
    Diagnosis,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(super) enum Score {
    #[default]
    Text,
    Json,
}

//! What was typed behind `tcpscope decode`.

use std::ffi::OsString;
use std::num::{NonZeroU16, NonZeroU64};

use clap::ValueEnum;

use crate::cli::args::Color;
use crate::explain::Language;

/// Decode one TCP header from hex: every field, its bits, what it means
#[derive(Debug, clap::Args)]
#[command(help_template = "\
{about}.

Examples:
  tcpscope decode c462 1f90 360a1d03 00000000 8002 faf0 4cc0 0000 020405b4
  tcpscope decode --ip ::1,::1 c4621f90360a1d03000000005002faf04cc00000
  tcpscope decode header.txt
  tcpscope decode --frame 2 capture.pcap
  cat header.txt | tcpscope decode --format ndjson

{usage-heading} {usage}

{all-args}")]
pub(in crate::cli) struct DecodeArgs {
    /// Octets in hex, in any usual form, or a file that holds them; without it, or as `-`, standard input
    #[arg(value_name = "HEX|FILE")]
    pub(super) hex: Vec<OsString>,

    /// Frame N of a capture, or dump N of a text
    #[arg(long, value_name = "N")]
    pub(super) frame: Option<NonZeroU64>,

    /// With which header the octets begin [default: found out]
    #[arg(long, value_enum, value_name = "LAYER")]
    pub(super) from: Option<From>,

    /// Source and destination, for the checksum, where no IP header says them
    #[arg(long, value_name = "SRC,DST")]
    pub(super) ip: Option<String>,

    /// For people or for programs
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Form,

    /// Colour
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    pub(super) color: Color,

    /// Columns of a line [default: the terminal's, else 120]
    #[arg(long, value_name = "N")]
    pub(super) width: Option<NonZeroU16>,

    /// Nothing but ASCII
    #[arg(long)]
    pub(super) ascii: bool,

    #[arg(from_global)]
    pub(super) lang: Language,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum From {
    Ethernet,
    Ip,
    Tcp,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(super) enum Form {
    #[default]
    Text,
    Ndjson,
}

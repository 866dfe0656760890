//! `tcpscope states`: the state diagram, and the way of one connection through it.

use std::ffi::OsStr;
use std::io;
use std::num::{NonZeroU16, NonZeroU64, NonZeroUsize};
use std::path::PathBuf;

use crate::query::select::Selection;
use crate::track::tracker::Limits;
use crate::view::chain::Chain;
use crate::view::states::{States, figure};
use crate::view::style::Style;
use crate::view::visible::Visible;
use crate::wire::selection::Selection as Traffic;

use super::args::{Color, Time, number_of_connection};
use super::read;
use super::request::{self, Request, Usage};
use super::show::{Show, Task};
use super::terminal::Terminal;
use super::{Outcome, complain};

/// Draw the states, and the way of a connection
#[derive(Debug, clap::Args)]
#[command(help_template = "\
Draw the state diagram of TCP (RFC 9293, figure 5), and the way that each
end of a connection took through it.

Examples:
  tcpscope states
  tcpscope states capture.pcap
  tcpscope states capture.pcap --connection 7
  gzip -c capture.pcap | tcpscope states - --port 8080 --ascii

{usage-heading} {usage}

{all-args}")]
pub(super) struct StatesArgs {
    /// Capture to read; `-` is standard input; without it the figure alone is drawn
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,

    /// Which connection, by its number [default: the only one]
    #[arg(
        long,
        value_name = "N",
        value_parser = number_of_connection,
        allow_negative_numbers = true,
        requires = "file",
        help_heading = "What to show"
    )]
    connection: Option<u64>,

    /// The connection that has this port at either end (repeatable)
    #[arg(long, value_name = "P", requires = "file", help_heading = "What to show")]
    port: Vec<u16>,

    /// The connection that this address is an end of (repeatable)
    #[arg(long, value_name = "ADDR", requires = "file", help_heading = "What to show")]
    host: Vec<std::net::IpAddr>,

    /// Stop after N frames
    #[arg(short, long, value_name = "N", requires = "file", help_heading = "What to show")]
    count: Option<NonZeroU64>,

    /// How to write times [default: relative]
    #[arg(long, value_enum, requires = "file", help_heading = "How to write it")]
    time: Option<Time>,

    /// Colour
    #[arg(long, value_enum, default_value_t, value_name = "WHEN", help_heading = "How to write it")]
    color: Color,

    /// Columns of a line [default: the terminal's, else 120]; from 120 on, both ends side by side
    #[arg(long, value_name = "N", help_heading = "How to write it")]
    width: Option<NonZeroU16>,

    /// Nothing but ASCII
    #[arg(long, help_heading = "How to write it")]
    ascii: bool,

    /// Threads that share the work, which changes nothing that is shown [default: one for each processor]
    #[arg(long, value_name = "N", requires = "file", help_heading = "Limits")]
    threads: Option<NonZeroUsize>,

    /// Connections remembered at once
    #[arg(long, value_name = "N", requires = "file", help_heading = "Limits")]
    max_connections: Option<NonZeroUsize>,
}

/// Draws what was asked for on standard output.
///
/// # Errors
///
/// The capture holds several connections, and none was chosen: one sentence.
pub(super) fn run(args: StatesArgs, terminal: Terminal) -> Result<io::Result<Outcome>, Usage> {
    let default = Style::default();
    let style = Style {
        width: args.width.map(u16::from).or(terminal.width).map_or(default.width, usize::from),
        color: terminal.colors(args.color),
        ascii: args.ascii,
        time: Time::format(args.time),
        ..default
    };
    let Some(file) = args.file.clone() else {
        return Ok(figure(io::stdout().lock(), style).map(|()| Outcome::Complete));
    };
    let request = request(args, file.clone(), style);
    match draw(&request, style) {
        Ok((_, seen)) if seen > 1 => Err(choose(&request, file.as_os_str(), seen)),
        Ok((outcome, _)) => Ok(Ok(outcome)),
        Err(error) => Ok(Err(error)),
    }
}

/// What `read` would be asked for.
fn request(args: StatesArgs, file: PathBuf, style: Style) -> Request {
    let traffic = Traffic { ports: args.port, hosts: args.host, ..Traffic::default() };
    let default = Limits::default();
    let max_connections = args.max_connections.map_or(default.max_connections, NonZeroUsize::get);
    let limits = Limits { max_connections, ..default };
    Request {
        files: vec![file],
        show: Show::Segments(style),
        selection: Selection {
            connections: args.connection.into_iter().collect(),
            traffic,
            findings: Vec::new(),
        },
        fail_on: Vec::new(),
        engine: request::engine(args.threads, args.count, limits),
    }
}

/// Reads the capture and draws its connection, if there is one; how it went, and how many connections there were.
fn draw(request: &Request, style: Style) -> io::Result<(Outcome, u64)> {
    let view = States::new(io::stdout().lock(), style);
    let mut chain = Chain::new(view).select(request.selection.clone());
    let outcome = read::Each { request, silent: true }.run(&mut chain)?;
    let seen = chain.view().seen();
    let chosen = !request.selection.traffic.is_all() || !request.selection.connections.is_empty();
    if seen == 0 && outcome == Outcome::Complete && !chosen {
        let name = request.files.iter().map(|file| file.to_string_lossy()).collect::<String>();
        complain(&format_args!("{} holds no TCP connection", Visible(&name)));
    }
    let outcome = if seen == 0 { Outcome::Incomplete } else { outcome };
    Ok((outcome, seen))
}

/// The sentence that there are several connections, and how to choose one.
fn choose(request: &Request, file: &OsStr, seen: u64) -> Usage {
    let (name, typed) = match file.to_string_lossy() {
        name if name == "-" => ("standard input".to_owned(), "-".to_owned()),
        name => (Visible(&name).to_string(), Visible(&name).to_string()),
    };
    let traffic = &request.selection.traffic;
    let (which, list) = if traffic.is_all() {
        let list = format!("tcpscope read {typed} --view connections lists them");
        (format!("{name} holds {seen} connections, 0 to {}", seen - 1), list)
    } else {
        let list = "tcpscope read with the same options and --view connections lists them".to_owned();
        (format!("{name} holds {seen} connections with {traffic}"), list)
    };
    Usage(format!("{which}; choose one with --connection N: {list}"))
}

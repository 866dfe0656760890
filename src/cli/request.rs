//! What the arguments mean.

use std::fmt;
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::{Path, PathBuf};

use crate::engine::{Engine, processors};
use crate::query::judge::Condition;
use crate::query::select::Selection;
use crate::query::sort::Order;
use crate::track::tracker::Limits;
use crate::view::style::{Detail, Style};
use crate::wire::selection::Selection as Traffic;

use super::args::{Format, ReadArgs, ShowArgs, Shown, Time};
use super::show::Show;
use super::terminal::Terminal;
use super::typed::names_a_file;

#[cfg(test)]
mod tests;

/// Rows of a sorted table, where no other number is asked for: a megabyte or two of reports.
const ROWS: usize = 1000;

/// A run of `read`, every default decided.
#[derive(Debug)]
pub(super) struct Request {
    /// At least one.
    pub(super) files: Vec<PathBuf>,
    pub(super) show: Show,
    pub(super) selection: Selection,
    pub(super) fail_on: Vec<Condition>,
    pub(super) engine: Engine,
}

/// A fault of the arguments, and what to type instead: one sentence.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Usage(pub(super) String);

impl Request {
    /// The request for the arguments, in front of this terminal.
    pub(super) fn new(args: ReadArgs, terminal: Terminal) -> Result<Self, Usage> {
        if args.files.is_empty() {
            return Err(Usage("no file to read; try: tcpscope read capture.pcap".into()));
        }
        let ReadArgs { files, threads, show: args } = args;
        Ok(Self {
            files,
            show: show(&args, terminal)?,
            selection: selection(&args),
            fail_on: args.fail_on.clone(),
            engine: engine(threads, args.count, limits(&args)),
        })
    }
}

/// Reads with so many threads, or one for each processor, and so many frames, or all.
pub(super) fn engine(threads: Option<NonZeroUsize>, frames: Option<NonZeroU64>, limits: Limits) -> Engine {
    let engine = Engine::new().limits(limits).threads(threads.map_or_else(processors, NonZeroUsize::get));
    frames.map_or(engine, |frames| engine.frames(frames.get()))
}

/// The selection that the arguments ask for.
pub(super) fn selection(args: &ShowArgs) -> Selection {
    let traffic =
        Traffic { ports: args.port.clone(), hosts: args.host.clone(), tcp: args.tcp, udp: args.udp };
    Selection { connections: args.connection.clone(), traffic, findings: args.only.clone() }
}

pub(super) fn limits(args: &ShowArgs) -> Limits {
    let mut limits = Limits::default();
    if let Some(max) = args.max_connections {
        limits.max_connections = max.get();
    }
    limits
}

/// In which form it is wanted.
pub(super) fn show(args: &ShowArgs, terminal: Terminal) -> Result<Show, Usage> {
    let format = args.format.unwrap_or(Format::Text);
    let streams = format == Format::Ndjson;
    let shown = args.view.unwrap_or(if format == Format::Csv { Shown::Connections } else { Shown::Segments });
    if args.sort.is_some() && (streams || shown != Shown::Connections) {
        return Err(Usage(match streams {
            true => {
                "--format ndjson is written as things become known; sort it afterwards, or leave out --sort"
                    .into()
            }
            false => "--sort sorts connections; add --view connections or --format csv".into(),
        }));
    }
    if !args.only.is_empty() && !streams && matches!(shown, Shown::Segments | Shown::Ladder) {
        return Err(Usage(
            "--only chooses connections; add --view connections, --view summary, --format csv or --format ndjson".into(),
        ));
    }
    if args.udp {
        datagrams(args, format, shown)?;
    }
    match (format, args.view) {
        (Format::Text, shown) => text(args, shown.unwrap_or(Shown::Segments), style(args, terminal)),
        (Format::Csv, None | Some(Shown::Connections)) => {
            for_programs(args, "csv").map(|()| Show::Csv(order(args)))
        }
        (Format::Csv, Some(_)) => Err(Usage(
            "--format csv is a table of connections; for one line a segment use --format ndjson".into(),
        )),
        (Format::Json, Some(Shown::Summary)) => for_programs(args, "json").map(|()| Show::Overview),
        (Format::Json, _) => Err(Usage(
            "--format json is the summary as one object; add --view summary, or take --format ndjson for one object \
             a segment and connection"
                .into(),
        )),
        (Format::Ndjson, None) => {
            for_programs(args, "ndjson").map(|()| Show::Ndjson { datagrams: args.udp })
        }
        (Format::Ndjson, Some(_)) => Err(Usage(
            "--format ndjson holds segments and connections alike, told apart by their type; leave out --view".into(),
        )),
    }
}

/// Refuses what does not go with `--udp`: a datagram belongs to no connection.
fn datagrams(args: &ShowArgs, format: Format, shown: Shown) -> Result<(), Usage> {
    let one_by_one = format == Format::Ndjson || format == Format::Text && shown == Shown::Segments;
    let of_connections =
        [(!args.connection.is_empty(), "--connection chooses"), (!args.only.is_empty(), "--only chooses")];
    if !one_by_one {
        return Err(Usage(
            "--udp shows datagrams one by one, and this view shows TCP connections; leave out --udp, or take the \
             segments view or --format ndjson"
                .into(),
        ));
    }
    match of_connections.into_iter().find(|(given, _)| *given) {
        Some((_, chooses)) => {
            Err(Usage(format!("{chooses} TCP connections, and --udp shows datagrams; leave one of them out")))
        }
        None => Ok(()),
    }
}

fn text(args: &ShowArgs, shown: Shown, style: Style) -> Result<Show, Usage> {
    let hex = (args.hex, "--hex");
    let of_segments =
        [hex, (args.explain, "--explain"), (args.absolute, "--absolute"), (args.verbose, "--verbose")];
    let (show, idle, view) = match shown {
        Shown::Segments => return Ok(Show::Segments(style)),
        Shown::Ladder => (Show::Ladder(style), &[hex][..], "ladder"),
        Shown::Connections => (Show::Connections(style, order(args)), &of_segments[..], "connections"),
        Shown::Summary => {
            let time = (args.time.is_some(), "--time");
            refuse(&[time], "leave out --view summary")?;
            (Show::Summary(style), &of_segments[..], "summary")
        }
    };
    let otherwise = format!("leave out --view {view}");
    refuse(idle, &otherwise).map(|()| show)
}

/// In which order connections are wanted, and how many of them.
fn order(args: &ShowArgs) -> Option<Order> {
    Some(Order { key: args.sort?, most: args.top.map_or(ROWS, |rows| rows.get()) })
}

/// Colour, width and `--quiet` are let pass: they may stand in an alias.
fn for_programs(args: &ShowArgs, format: &str) -> Result<(), Usage> {
    let of_text = [
        (args.explain, "--explain"),
        (args.hex, "--hex"),
        (args.verbose, "--verbose"),
        (args.absolute, "--absolute"),
        (args.ascii, "--ascii"),
        (args.time.is_some(), "--time"),
    ];
    refuse(&of_text, &format!("leave out --format {format}"))
}

/// An option that would do nothing is better spoken of than passed over.
fn refuse(idle: &[(bool, &str)], otherwise: &str) -> Result<(), Usage> {
    match idle.iter().find(|(given, _)| *given) {
        Some((_, option)) => {
            Err(Usage(format!("{option} changes nothing here; leave it out, or {otherwise}")))
        }
        None => Ok(()),
    }
}

fn style(args: &ShowArgs, terminal: Terminal) -> Style {
    let default = Style::default();
    Style {
        width: args.width.map(u16::from).or(terminal.width).map_or(default.width, usize::from),
        color: terminal.colors(args.color),
        ascii: args.ascii,
        absolute: args.absolute,
        time: Time::format(args.time),
        detail: match (args.quiet, args.verbose) {
            (true, _) => Detail::Connections,
            (_, true) => Detail::Frames,
            _ => Detail::Segments,
        },
        hex: args.hex,
        explain: args.explain,
        language: args.lang,
        datagrams: args.udp,
    }
}

impl Usage {
    /// A command that this program was built without, and a capture where only a command can stand.
    pub(super) fn of_unknown_command(word: &str) -> Option<Self> {
        if ["live", "interfaces", "demo"].contains(&word) {
            return Some(Self(
                "this tcpscope was built without live capture, which needs Linux and the feature `live`"
                    .into(),
            ));
        }
        let like_a_file = names_a_file(Path::new(word));
        let word = word.escape_debug();
        like_a_file.then(|| Self(format!("\"{word}\" is no command; to read a capture: tcpscope {word}")))
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

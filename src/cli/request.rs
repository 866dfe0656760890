//! What the arguments mean.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::track::tracker::Limits;

use super::args::{Color, Format, ReadArgs, Shown};
use super::terminal::Terminal;

/// A run of `read`, every default decided.
#[derive(Debug)]
pub(super) struct Request {
    /// At least one.
    pub(super) files: Vec<PathBuf>,
    pub(super) show: Show,
    pub(super) limits: Limits,
    /// Frames of each source to read at most.
    pub(super) count: Option<u64>,
}

/// In which form.
#[derive(Debug)]
pub(super) enum Show {
    Ndjson,
    Csv,
}

/// What is wrong with the arguments, and what to type instead.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Usage(String);

impl Request {
    /// What was typed, under this terminal.
    pub(super) fn new(args: ReadArgs, _terminal: &Terminal) -> Result<Self, Usage> {
        if args.files.is_empty() {
            return Err(Usage("no file to read; try: tcpscope read capture.pcap".into()));
        }
        let show = match args.format.unwrap_or(Format::Text) {
            Format::Text => return Err(Usage("no text yet".into())),
            Format::Ndjson => Show::Ndjson,
            Format::Csv => Show::Csv,
        };
        let mut limits = Limits::default();
        if let Some(max) = args.max_connections {
            limits.max_connections = max.get();
        }
        let _ = (Color::Auto, Shown::Ladder);
        Ok(Self { files: args.files, show, limits, count: args.count.map(|count| count.get()) })
    }
}

impl Usage {
    /// `tcpscope capture.pcap` lacks the word `read`.
    pub(super) fn of_unknown_command(word: &str) -> Option<Self> {
        let file = Path::new(word);
        let looks_like_a_file =
            file.extension().is_some() || word.contains(std::path::MAIN_SEPARATOR) || word == "-";
        (looks_like_a_file || file.is_file())
            .then(|| Self(format!("{word:?} is no command; to read a capture: tcpscope read {word}")))
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

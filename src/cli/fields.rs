//! `tcpscope fields`: what can be asked of a segment, a connection, a capture.

use std::io::{self, Write};
use std::num::NonZeroU16;

use clap::ValueEnum;

use crate::field::{self, Entry};
use crate::query;
use crate::view::fields;
use crate::view::ndjson::Ndjson;
use crate::view::style::Style;
use crate::view::visible::Visible;

use super::Outcome;
use super::request::Usage;
use super::terminal::Terminal;

/// List the fields, and what they mean
#[derive(Debug, clap::Args)]
#[command(help_template = "\
List the fields of ndjson and CSV: name, type, unit, when they are known, what
they mean, and what Wireshark and Zeek call them.

Examples:
  tcpscope fields
  tcpscope fields rtt
  tcpscope fields tcp.window_size
  tcpscope fields zero_window --format ndjson

{usage-heading} {usage}

{all-args}")]
pub(super) struct FieldsArgs {
    /// Only fields whose name, or name elsewhere, holds this; where none does, those whose sentence does
    pattern: Option<String>,

    /// For people or for programs [default: text]
    #[arg(long, value_enum)]
    format: Option<Form>,

    /// Columns of a line [default: the terminal's, else 120]
    #[arg(long, value_name = "N")]
    width: Option<NonZeroU16>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Form {
    Text,
    Ndjson,
}

/// Lists what was asked for on standard output.
///
/// # Errors
///
/// There is no such field: one sentence.
pub(super) fn run(args: &FieldsArgs, terminal: Terminal) -> Result<io::Result<Outcome>, Usage> {
    let pattern = args.pattern.as_deref().unwrap_or("");
    let all = [field::catalogue(), field::entries(&query::TABLES)].concat();
    let found = field::find(pattern, &all);
    if found.is_empty() {
        return Err(Usage(nothing(pattern, &all)));
    }
    let width = args.width.map(u16::from).or(terminal.width).map_or(Style::default().width, usize::from);
    Ok(write(io::stdout().lock(), &found, args.format, width).map(|()| Outcome::Complete))
}

fn write(out: impl Write, found: &[Entry], form: Option<Form>, width: usize) -> io::Result<()> {
    match form.unwrap_or(Form::Text) {
        Form::Text => fields::text(io::BufWriter::new(out), found, width),
        Form::Ndjson => {
            let mut view = Ndjson::new(out);
            found.iter().try_for_each(|entry| view.field(entry))?;
            crate::view::View::flush(&mut view)
        }
    }
}

/// How like a word must be to the name of a field that is meant by it.
const ALIKE: f64 = 0.75;

/// The sentence that there is no such field, and which one is named most like it, if any is.
fn nothing(pattern: &str, all: &[Entry]) -> String {
    let typed = pattern.trim().to_lowercase().replace('-', "_");
    let likeness = |name: &str| {
        let last = name.rsplit('.').next().unwrap_or(name);
        strsim::jaro(&typed, name).max(strsim::jaro(&typed, last))
    };
    let names = all.iter().flat_map(|entry| entry.paths().into_iter().chain(entry.aliases()));
    // The first of the most alike.
    let nearest = names
        .map(|name| (likeness(&name), name))
        .fold((ALIKE, String::new()), |best, next| if next.0 > best.0 { next } else { best });
    let nearest = if nearest.1.is_empty() { nearest.1 } else { format!("; the nearest is {}", nearest.1) };
    format!("there is no field \"{}\"{nearest}; `tcpscope fields` lists them all", Visible(pattern))
}

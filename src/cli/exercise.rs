//! `tcpscope exercise`: questions at the terminal and on paper.

use std::fs;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Read, Write};
use std::path::Path;

use crate::capture::error::Reason;
use crate::capture::file::{File, Item};
use crate::exercise::Level;
use crate::exercise::lack::Nothing;
use crate::exercise::material::{Collector, Material, Source};
use crate::exercise::round::{Plan, choose};
use crate::exercise::worksheet;
use crate::hex::show::ascii;
use crate::view::visible::Visible;

use self::args::{ExerciseArgs, Of};
use super::Outcome;
use super::characters::characters;
use super::complain;
use super::request::Usage;
use super::terminal::Terminal;

pub(super) mod args;
mod ask;
mod check;
mod header;

/// Octets of a worksheet that are read.
const MAX_SHEET: u64 = 4 << 20;

/// Questions of a round, where no number was asked for.
const COUNT: usize = 8;

/// Questions of a round at most.
const MOST: usize = 1000;

/// Asks, prints a worksheet or its key, or marks one.
///
/// # Errors
///
/// Wrong usage, in one sentence.
pub(super) fn run(args: &ExerciseArgs, terminal: Terminal) -> Result<io::Result<Outcome>, Usage> {
    let filled = args.check.as_deref().map(sheet).transpose()?;
    if let Some(filled) = &filled {
        as_wanted(args, &filled.plan)?;
    }
    let seed = match (&filled, args.seed) {
        (Some(filled), _) => filled.plan.seed,
        (None, Some(seed)) => seed,
        (None, None) if args.answers => {
            return Err(Usage(
                "--answers needs the --seed that the worksheet names in its first line".into(),
            ));
        }
        // Five digits can be copied by hand.
        (None, None) => RandomState::new().build_hasher().finish() % 100_000,
    };
    let (material, outcome) = match &args.capture {
        None if args.hex.is_empty() => (Material::built_in(seed), Outcome::Complete),
        None => (header::material(&args.hex)?, Outcome::Complete),
        Some(path) => {
            let (material, error) = capture(path);
            // What could be read is asked about.
            if let Some(error) = &error {
                complain(error);
                if material.conversations.is_empty() {
                    return Ok(Ok(Outcome::Incomplete));
                }
            }
            (material, if error.is_some() { Outcome::Incomplete } else { Outcome::Complete })
        }
    };
    let mut plan = match &filled {
        Some(filled) => filled.plan,
        None => plan(args, seed)?,
    };
    let questions = choose(plan, &material);
    if questions.is_empty() {
        return Err(Usage(nothing(args, plan, &material)));
    }
    if material.source == Source::Hex && args.count.is_none() && filled.is_none() {
        plan.count = questions.len();
    }
    if let Some(filled) = filled {
        return check::same_material(&filled, &material)
            .map_err(Usage)
            .map(|()| check::write(&filled, &questions, args.format, args.pass));
    }
    let plain = |text: String| if args.ascii { ascii(&text) } else { text };
    if args.worksheet {
        return Ok(print(&plain(worksheet::sheet(plan, &material, &questions))).map(|()| outcome));
    }
    if args.answers {
        return Ok(print(&plain(worksheet::key(plan, &material, &questions))).map(|()| outcome));
    }
    let color = terminal.colors(args.color);
    let width = terminal.width.map_or(80, usize::from).clamp(40, 100);
    let mut asker = ask::Asker {
        input: io::stdin().lock(),
        out: io::stdout().lock(),
        width,
        color,
        ascii: args.ascii,
        source: material.source,
    };
    Ok(asker.round(plan, &questions).map(|()| outcome))
}

/// Of a header given in hex, only the fields can be asked, and all of them are.
fn plan(args: &ExerciseArgs, seed: u64) -> Result<Plan, Usage> {
    let of_hex = !args.hex.is_empty();
    let usual = if of_hex { MOST } else { COUNT };
    let level = match (of_hex, args.level.map(level)) {
        (true, Some(level)) if level != Level::Fields => {
            return Err(Usage(format!(
                "--hex gives one header, of which the fields are asked; leave out --level {}",
                level.name()
            )));
        }
        (true, _) => Some(Level::Fields),
        (false, level) => level,
    };
    Ok(Plan { seed, count: args.count.map_or(usual, usize::from), level })
}

/// Why there is nothing to ask.
fn nothing(args: &ExerciseArgs, plan: Plan, material: &Material) -> String {
    let about = plan.level.map_or(String::new(), |level| format!(" on {}", level.name()));
    let of = args
        .capture
        .as_ref()
        .map_or(String::new(), |path| format!(" in {}", Visible(&path.to_string_lossy())));
    format!("there is nothing to ask{about}{of}: {}", Nothing { level: plan.level, material })
}

fn level(level: Of) -> Level {
    match level {
        Of::Fields => Level::Fields,
        Of::Arithmetic => Level::Arithmetic,
        Of::States => Level::States,
        Of::Diagnosis => Level::Diagnosis,
    }
}

/// A sheet's first line can be changed like the rest of it, so that it asks for less than was handed out: what is
/// typed beside `--check` must stand there too.
fn as_wanted(args: &ExerciseArgs, plan: &Plan) -> Result<(), Usage> {
    let other = |name: &str, found: String, wanted: String| {
        Err(Usage(format!("the worksheet's {name} is {found}, and --{name} wants {wanted}")))
    };
    if let Some(seed) = args.seed.filter(|seed| *seed != plan.seed) {
        return other("seed", plan.seed.to_string(), seed.to_string());
    }
    if let Some(count) = args.count.filter(|count| usize::from(*count) != plan.count) {
        return other("count", plan.count.to_string(), count.to_string());
    }
    match args.level.map(level) {
        Some(level) if plan.level != Some(level) => {
            other("level", plan.level.map_or("all", Level::name).to_owned(), level.name().to_owned())
        }
        _ => Ok(()),
    }
}

fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// A filled-in worksheet from a file, or from standard input as `-`.
fn sheet(path: &Path) -> Result<worksheet::Filled, Usage> {
    let mut octets = Vec::new();
    let (name, read) = if path.as_os_str() == "-" {
        ("standard input".to_owned(), io::stdin().lock().take(MAX_SHEET).read_to_end(&mut octets))
    } else {
        let open = fs::File::open(path);
        let read = open.and_then(|file| file.take(MAX_SHEET).read_to_end(&mut octets));
        (Visible(&path.to_string_lossy()).to_string(), read)
    };
    read.map_err(|error| Usage(format!("cannot read {name}: {}", Reason(&error))))?;
    let text = characters(&octets).ok_or_else(|| {
        Usage(format!("{name} is neither in UTF-8, UTF-16 nor GB18030 (GBK); save the worksheet as UTF-8"))
    })?;
    worksheet::read(&text).map_err(|error| Usage(format!("{name}: {error}")))
}

/// The conversations of a capture, as far as it can be read, and why not to its end.
fn capture(path: &Path) -> (Material, Option<String>) {
    let mut collector = Collector::default();
    let error = File::open(path).and_then(|mut file| {
        while let Some(item) = file.next_item()? {
            if let Item::Frame(frame) = item {
                collector.frame(&frame);
            }
        }
        Ok(())
    });
    (collector.finish(), error.err().map(|error| error.to_string()))
}

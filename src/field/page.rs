//! `docs/fields.md`, made from the registry.

use std::fmt::Write as _;

use super::catalogue::{Entry, entries};
use super::records::{RECORDS, Record};
use super::shape::{Known, Names, Shape, Type};

const HEAD: &str = "\
# Fields

<!-- Made from the registry, src/field, by SNAPSHOTS=overwrite cargo test --test fields. Do not edit it here. -->

Every field of every record of the [machine format](ndjson.md), which `tcpscope fields` prints, too. A record is one line
of ndjson. What is not known is `null`, never 0; fields that may be are marked `or null`. Fields that not all records
have say which have them. `sort` is no record: it holds what `--sort` asks of a connection.

Columns of `--format csv` are the fields of a connection: `connection.client.rtt.max` is the column `client_rtt_max`.

`known` says when a value can be told:
";

/// The page, of the records of ndjson and of `more`.
pub fn page(more: &'static [Record]) -> String {
    let mut page = HEAD.to_owned();
    for (known, when) in [
        (Known::Source, "before the first frame of the source"),
        (Known::Segment, "with the frame or the segment"),
        (Known::FirstSegment, "with the first segment of the connection"),
        (Known::End, "when the connection is over"),
        (Known::SourceEnd, "when the source is over"),
    ] {
        // A string takes everything.
        let _ = writeln!(page, "- `{}`: {when}", known.name());
    }
    let all = [entries(&RECORDS), entries(more)].concat();
    let mut shown: Vec<&str> = Vec::new();
    let mut lists: Vec<&'static Names> = Vec::new();
    for record in RECORDS.iter().chain(more) {
        let own: Vec<_> = all.iter().filter(|entry| entry.record == record.name).collect();
        let _ = write!(page, "\n## `{}`\n\n{}.\n", record.name, record.shape.about);
        for entry in &own {
            if !shown.contains(&entry.shape.name) {
                shown.push(entry.shape.name);
                let heading = entry.shape.name != record.shape.name;
                table(&mut page, entry.shape, heading, &own, &all);
            }
            let names = match entry.field.kind {
                Type::Name(names) | Type::Set(names) | Type::Counts(names) => vec![names],
                Type::CountsOf(names, inner) => vec![names, inner],
                _ => vec![],
            };
            for list in names {
                if !lists.iter().any(|known| known.name == list.name) {
                    lists.push(list);
                }
            }
        }
    }
    page.push_str("\n## Names\n\n| list | meaning | names |\n|---|---|---|\n");
    for list in lists {
        let names: Vec<_> = list.all().iter().map(|name| format!("`{name}`")).collect();
        let _ = writeln!(page, "| {} | {} | {} |", list.name, list.about, names.join(", "));
    }
    page
}

/// The table of a shape, under a heading of its own or not; `own` are all fields of its record.
fn table(page: &mut String, shape: &Shape, heading: bool, own: &[&Entry], all: &[Entry]) {
    if heading {
        let _ = write!(page, "\n### {}\n\n{}: {}.\n", shape.name, places(shape, all).join(", "), shape.about);
    }
    page.push_str("\n| field | type | known | Wireshark, Zeek | meaning |\n|---|---|---|---|---|\n");
    let mut seen: Vec<&str> = Vec::new();
    for entry in own.iter().filter(|entry| entry.shape.name == shape.name) {
        if !seen.contains(&entry.field.name) {
            seen.push(entry.field.name);
            row(page, entry);
        }
    }
}

/// Where objects of this shape stand.
fn places(shape: &Shape, all: &[Entry]) -> Vec<String> {
    let is = |entry: &&Entry| matches!(entry.field.kind, Type::Object(inner) | Type::List(inner, _) if inner.name == shape.name);
    all.iter().filter(is).map(|entry| format!("`{}`", entry.path)).collect()
}

fn row(page: &mut String, entry: &Entry) {
    let field = entry.field;
    let mut kind = match field.kind {
        Type::Name(names) | Type::Set(names) => format!("{} ({})", field.kind.word(), names.name),
        Type::Object(shape) | Type::List(shape, _) => format!("{} ({})", field.kind.word(), shape.name),
        other => other.word().to_owned(),
    };
    if !field.unit.name().is_empty() {
        let _ = write!(kind, ", {}", field.unit.name());
    }
    if field.nullable {
        kind.push_str(", or null");
    }
    let aliases: Vec<_> = entry.aliases().iter().map(|alias| format!("`{alias}`")).collect();
    let when = field.when.map(|when| format!(" Only there: {when}.")).unwrap_or_default();
    let _ = writeln!(
        page,
        "| `{}` | {kind} | {} | {} | {}{when} |",
        field.name,
        entry.known.name(),
        aliases.join(" "),
        entry.sentence().replace('|', "\\|"),
    );
}

//! Every field with its path, to be looked through.

use super::records::{RECORDS, Record};
use super::shape::{Field, Known, Shape, Type};

/// A field in its place.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The `type` of the record that holds the field.
    pub record: &'static str,
    /// The field's path, from the record inwards: `segment.src.addr`; `[]` stands behind the name of a list. Fields
    /// that both ends of a connection have are there once, with `connection.{client,server}` in front.
    pub path: String,
    /// The field.
    pub field: &'static Field,
    /// When the field is known.
    pub known: Known,
    /// The table that the field is a row of.
    pub shape: &'static Shape,
}

/// Both ends of a connection.
const ENDS: &str = "{client,server}";

impl Entry {
    /// The paths that the field stands for: one, or one for each end.
    pub fn paths(&self) -> Vec<String> {
        match self.path.split_once(ENDS) {
            Some((before, behind)) => {
                ["client", "server"].map(|end| format!("{before}{end}{behind}")).to_vec()
            }
            None => vec![self.path.clone()],
        }
    }

    /// Names of the same thing elsewhere, those of both ends.
    pub fn aliases(&self) -> Vec<String> {
        let ends = self.path.contains(ENDS);
        let of = |alias: &&'static str| {
            let other = ends.then(|| alias.replace("orig_", "resp_")).filter(|other| other != alias);
            [Some((*alias).to_owned()), other].into_iter().flatten()
        };
        self.field.aliases.iter().flat_map(of).collect()
    }

    /// The meaning of the field: one sentence, with its source in parentheses.
    pub fn sentence(&self) -> String {
        sentence(self.field)
    }
}

/// The meaning of a field: one sentence, with its source in parentheses.
pub(super) fn sentence(field: &Field) -> String {
    let source = field.source.map(|source| format!(" ({source})")).unwrap_or_default();
    format!("{}{source}.", field.about)
}

/// All fields of ndjson, record by record, an object before its fields.
pub fn catalogue() -> Vec<Entry> {
    entries(&RECORDS)
}

/// All fields of `records`.
pub fn entries(records: &'static [Record]) -> Vec<Entry> {
    let mut all = Vec::new();
    for record in records {
        walk(record.name, record.name.to_owned(), record.shape, Known::SourceEnd, &mut all);
    }
    all
}

fn walk(record: &'static str, path: String, shape: &'static Shape, known: Known, all: &mut Vec<Entry>) {
    for field in shape.fields {
        let known = field.known.unwrap_or(known);
        let inner = format!("{path}.{}", field.name);
        all.push(Entry { record, path: inner.clone(), field, known, shape });
        match field.kind {
            // The two ends have the same fields: once, behind both.
            Type::Object(end) if end.name == super::END.name && field.name == "client" => {}
            Type::Object(end) if end.name == super::END.name => {
                walk(record, format!("{path}.{ENDS}"), end, known, all);
            }
            Type::Object(object) => walk(record, inner, object, known, all),
            Type::List(object, _) => walk(record, format!("{inner}[]"), object, known, all),
            _ => {}
        }
    }
}

/// The fields among `all` that `pattern` finds: part of a path or an alias, in any case, `-` for `_` as well; where there are none,
/// those whose sentence holds it.
pub fn find(pattern: &str, all: &[Entry]) -> Vec<Entry> {
    let typed = pattern.trim().to_lowercase();
    let wanted = typed.replace('-', "_");
    let named = |entry: &&Entry| {
        let names = entry.paths().into_iter().chain(entry.aliases()).chain([entry.path.clone()]);
        names.into_iter().any(|name| name.to_lowercase().contains(&wanted))
    };
    let found: Vec<_> = all.iter().filter(named).cloned().collect();
    if found.is_empty() && !typed.is_empty() {
        let told = |entry: &&Entry| entry.sentence().to_lowercase().contains(&typed);
        return all.iter().filter(told).cloned().collect();
    }
    found
}

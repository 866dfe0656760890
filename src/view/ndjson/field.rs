//! The `field` record: a row of the registry.

use crate::field::{Entry, Type};

use super::put::{Put, Text, array, object};

/// Writes the record of one field.
pub(super) fn write(line: &mut Vec<u8>, entry: &Entry) {
    let field = entry.field;
    let names = match field.kind {
        Type::Name(names) | Type::Set(names) => names.all(),
        _ => Vec::new(),
    };
    object!(line, {
        "type": "field",
        "path": Text(&entry.path),
        "record": entry.record,
        "kind": field.kind.word(),
        "unit": Some(field.unit.name()).filter(|unit| !unit.is_empty()),
        "known": entry.known.name(),
        "nullable": field.nullable,
        "only": field.when,
        "names": Words(&names),
        "aliases": Words(&entry.aliases()),
        "about": Text(field.about),
        "source": field.source,
    });
}

/// Words that may need escaping.
struct Words<'w, T>(&'w [T]);

impl<T: AsRef<str>> Put for Words<'_, T> {
    fn put(&self, line: &mut Vec<u8>) {
        array(line, self.0.iter().map(|word| Text(word.as_ref())));
    }
}

//! The fields of a connection as columns of a table.
//!
//! Objects are flattened: a column's name is its path, joined by `_`, with the end in front of what is an end's own.
//! Columns that were added later stand behind all that were there before: a field says in which batch its column
//! came.

use crate::track::finding::Kind;
use crate::track::report::Report;

use super::connection::CONNECTION;
use super::shape::{Field, Shape, Type};
use super::value::{List, Object, Value};

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// The column's name.
    pub name: String,
    /// The fields from the connection inwards; the last one is the column's own.
    path: Vec<&'static Field>,
    batch: u8,
}

/// All columns, in order.
#[derive(Clone, Debug)]
pub struct Columns {
    names: Vec<String>,
    sections: Vec<Section>,
}

/// Columns next to each other that have the same objects around them.
#[derive(Clone, Debug)]
struct Section {
    /// From the connection to the object that has the fields.
    around: Vec<&'static Field>,
    fields: Vec<&'static Field>,
}

/// The columns of a table of connections.
pub fn columns() -> Columns {
    let mut all = Vec::new();
    flatten(&CONNECTION, &mut Vec::new(), &mut all);
    // Within a batch the order is that of the record.
    all.sort_by_key(|column| column.batch);
    let mut columns = Columns { names: Vec::new(), sections: Vec::new() };
    for Column { name, mut path, .. } in all {
        let Some(field) = path.pop() else { continue };
        match field.kind {
            Type::Counts(names) => columns.names.extend(
                names.all().into_iter().map(|counted| [name.trim_end_matches("counts"), counted].concat()),
            ),
            _ => columns.names.push(name),
        }
        match columns.sections.last_mut() {
            Some(section) if same(&section.around, &path) => section.fields.push(field),
            _ => columns.sections.push(Section { around: path, fields: vec![field] }),
        }
    }
    columns
}

fn same(one: &[&'static Field], other: &[&'static Field]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| std::ptr::eq(*one, *other))
}

fn flatten(shape: &'static Shape, path: &mut Vec<&'static Field>, all: &mut Vec<Column>) {
    for field in shape.fields {
        path.push(field);
        match (field.batch, field.kind) {
            (Some(batch), _) => all.push(Column { name: name(path), path: path.clone(), batch }),
            (None, Type::Object(inner)) => flatten(inner, path, all),
            (None, _) => {}
        }
        path.pop();
    }
}

/// `client.rtt.max` is `client_rtt_max`, `state.client` is `client_state`.
fn name(path: &[&'static Field]) -> String {
    let mut words: Vec<_> = path.iter().map(|field| field.name).collect();
    words.sort_by_key(|word| !matches!(*word, "client" | "server"));
    words.join("_")
}

impl Columns {
    /// The names of the columns.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Hands the value of each column to `see`, in order.
    #[inline]
    pub fn each<'r>(&self, report: &'r Report, mut see: impl FnMut(Value<'r>)) {
        for section in &self.sections {
            let object = within(Object::Connection(report), &section.around);
            for field in &section.fields {
                match object.map_or(Value::Unknown, |object| field.of(object)) {
                    Value::List(List::Counts(findings)) => {
                        Kind::ALL.iter().for_each(|kind| see(findings.count(*kind).into()));
                    }
                    value => see(value),
                }
            }
        }
    }
}

/// The object to which a path leads; `None` where there is none.
fn within<'v>(object: Object<'v>, path: &[&'static Field]) -> Option<Object<'v>> {
    path.iter().try_fold(object, |object, field| match field.of(object) {
        Value::Object(inner) => Some(inner),
        _ => None,
    })
}

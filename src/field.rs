//! The registry: every field of every record once, with its name, type, unit, scope, meaning and getter.
//!
//! From it come the records of ndjson that are not hot, the JSON Schema ([`schema`]), `docs/fields.md` ([`page`]), the
//! columns of CSV ([`columns`]), and what `tcpscope fields` prints ([`catalogue`]). The record of segments is written by
//! hand, since it is the hottest; a law holds it to its table here.
//!
//! A table is a [`Shape`]; a row of it is a [`Field`]. A field is part of an [`Object`], whose getter hands out a
//! [`Value`] without allocation:
//!
//! ```
//! use tcpscope::field::{self, Object, Value};
//! use tcpscope::wire::path::{Path, Tunnel};
//!
//! let path = Path { vlans: [201, 0], tunnel: Some(Tunnel::Vxlan), tunnel_id: 9 };
//! let tunnel = field::PATH.field("tunnel").map(|field| field.of(Object::Path(&path)));
//! assert!(matches!(tunnel, Some(Value::Name("vxlan"))));
//! ```

mod capture;
mod catalogue;
mod columns;
mod congestion;
mod connection;
mod decode;
mod diagnosis;
mod end;
mod finding;
pub(crate) mod name;
mod names;
mod notice;
mod option;
mod overview;
mod page;
mod parts;
mod records;
mod schema;
mod score;
mod segment;
pub(crate) mod shape;
#[cfg(test)]
mod tests;
pub(crate) mod value;
mod verdict;

pub use capture::{CAPTURE, INTERFACE};
pub use catalogue::{Entry, catalogue, entries, find};
pub use columns::{Column, Columns, columns};
pub use connection::CONNECTION;
pub use end::END;
pub use finding::{FINDING, FINDING_AT, FINDINGS};
pub use notice::NOTICE;
pub use option::OPTION;
pub use page::page;
pub use parts::{DELIVERY, ENDPOINT, IP, PATH, ROUND_TRIPS, STATES, TIME_SPENT};
pub use records::{DATAGRAM, RECORDS, Record, SKIPPED, SUMMARY};
pub use schema::schema;
pub use segment::SEGMENT;
pub use shape::{Field, Known, Names, Shape, Type, Unit, Variant};
pub use value::{Datagram, End, List, Object, Skipped, Value};

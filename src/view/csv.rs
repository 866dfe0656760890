//! One row a connection, for spreadsheets and data frames. Empty cells are what is not known.

use std::io::{self, BufWriter, Write};
use std::net::IpAddr;

use crate::field::{self, Columns, Object, Value};
use crate::track::event::Event;
use crate::track::report::Report;
use crate::wire::frame::Frame;
use crate::wire::skip::Skip;
use crate::wire::source::{Notice, SourceInfo};

use super::{Totals, View, address, digits};

/// Octets that are kept back until there are enough of them, or `flush` asks for them.
const BUFFER: usize = 64 * 1024;

/// Writes a header line, then one row for each connection when it is over. `file` comes first in
/// each row, so that several sources make one table.
#[derive(Debug)]
pub struct Csv<W: Write> {
    out: BufWriter<W>,
    columns: Columns,
    /// The first cell of each row.
    file: Vec<u8>,
    header_written: bool,
    /// The row being written.
    row: Vec<u8>,
}

impl<W: Write> Csv<W> {
    /// Rows go to `out`, which need not be buffered.
    pub fn new(out: W) -> Self {
        let out = BufWriter::with_capacity(BUFFER, out);
        Self { out, columns: field::columns(), file: Vec::new(), header_written: false, row: Vec::new() }
    }
}

/// Writes a cell behind others. Most cells hold a 0 or nothing.
#[inline]
fn cell(row: &mut Vec<u8>, value: Value<'_>) {
    match value {
        Value::Number(n @ 0..10) => row.extend_from_slice(&[b',', b'0' + n as u8]),
        Value::Nanos(0) => row.extend_from_slice(b",0.000000000"),
        Value::Unknown | Value::Absent => row.push(b','),
        _ => longer_cell(row, value),
    }
}

fn longer_cell(row: &mut Vec<u8>, value: Value<'_>) {
    row.push(b',');
    match value {
        Value::Number(n) => digits::whole(row, n),
        Value::Signed(n) => digits::signed(row, n),
        Value::Real(n) => digits::thousandths(row, n),
        Value::Nanos(nanos) => digits::seconds(row, nanos),
        Value::Time(time) => digits::seconds(row, time.nanos()),
        Value::Is(yes) => row.extend_from_slice(if yes { b"true" } else { b"false" }),
        Value::Name(name) => row.extend_from_slice(name.as_bytes()),
        Value::Text(text) => quoted(row, text),
        Value::Addr(IpAddr::V4(addr)) => address::dotted(row, addr.octets()),
        Value::Addr(IpAddr::V6(addr)) => address::colons(row, addr),
        Value::Object(Object::Path(path)) => quoted(row, &path.to_string()),
        Value::Unknown | Value::Absent => {}
        // No column has these.
        Value::Octets(_)
        | Value::Link(_)
        | Value::Sentence(_)
        | Value::Judgement(_)
        | Value::Diagnosed(_)
        | Value::Server(..)
        | Value::Network(_)
        | Value::Advice(_)
        | Value::Object(_)
        | Value::List(_) => {}
    }
}

/// Text, in quotation marks where it holds what would end the cell (RFC 4180, section 2).
fn quoted(row: &mut Vec<u8>, text: &str) {
    if !text.bytes().any(|octet| matches!(octet, b',' | b'"' | b'\r' | b'\n')) {
        return row.extend_from_slice(text.as_bytes());
    }
    row.push(b'"');
    for octet in text.bytes() {
        if octet == b'"' {
            row.push(b'"');
        }
        row.push(octet);
    }
    row.push(b'"');
}

impl<W: Write> View for Csv<W> {
    fn source(&mut self, source: &SourceInfo) -> io::Result<()> {
        self.file.clear();
        quoted(&mut self.file, &source.name);
        if !std::mem::replace(&mut self.header_written, true) {
            let names = self.columns.names().join(",");
            writeln!(self.out, "file,{names}")?;
        }
        Ok(())
    }

    fn looks_at_frames(&self) -> bool {
        false
    }

    fn looks_at_diagnoses(&self) -> bool {
        false
    }

    fn event(&mut self, _event: &Event<'_>, _frame: &Frame<'_>) -> io::Result<()> {
        Ok(())
    }

    fn skipped(&mut self, _frame: &Frame<'_>, _skip: &Skip, _connection: Option<u64>) -> io::Result<()> {
        Ok(())
    }

    fn notice(&mut self, _notice: &Notice) -> io::Result<()> {
        Ok(())
    }

    fn connection(&mut self, report: &Report) -> io::Result<()> {
        let Self { out, columns, file, row, .. } = self;
        row.clear();
        row.extend_from_slice(file);
        columns.each(report, |value| cell(row, value));
        row.push(b'\n');
        out.write_all(row)
    }

    fn summary(&mut self, _totals: &Totals) -> io::Result<()> {
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests;

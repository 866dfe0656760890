//! One row a connection, for spreadsheets and data frames. Empty cells are what is not known.

use std::fmt::{self, Write as _};
use std::io::{self, Write};

use crate::track::event::Event;
use crate::track::finding::{Findings, Kind};
use crate::track::measures::{Measures, TimeSpent};
use crate::track::report::{HalfReport, Report};
use crate::wire::frame::{Frame, Timestamp};
use crate::wire::skip::Skip;
use crate::wire::source::{Notice, SourceInfo};

use super::numbers::{self, Number, Thousandths};
use super::{Totals, View};

/// Writes a header line, then one row for each connection when it is over. `file` comes first in
/// each row, so that several sources make one table.
pub struct Csv<W: Write> {
    rows: csv::Writer<W>,
    file: String,
    header_written: bool,
    cell: String,
}

/// A column: its name, and how a report fills its cell.
type Column = (&'static str, fn(&Report, &mut String) -> fmt::Result);

/// Columns behind `file`, in order; others follow. Names are those of the machine format.
const COLUMNS: &[Column] = &[
    ("id", |r, cell| write!(cell, "{}", r.id)),
    ("roles", |r, cell| cell.write_str(r.endpoints.roles.name())),
    ("client_addr", |r, cell| write!(cell, "{}", r.endpoints.client.addr)),
    ("client_port", |r, cell| write!(cell, "{}", r.endpoints.client.port)),
    ("server_addr", |r, cell| write!(cell, "{}", r.endpoints.server.addr)),
    ("server_port", |r, cell| write!(cell, "{}", r.endpoints.server.port)),
    ("path", |r, cell| write!(cell, "{}", r.endpoints.path)),
    ("first_frame", |r, cell| write!(cell, "{}", r.first_frame)),
    ("last_frame", |r, cell| write!(cell, "{}", r.last_frame)),
    ("start", |r, cell| known(r.start, cell)),
    ("end", |r, cell| known(r.end, cell)),
    ("duration", |r, cell| seconds(r.start.zip(r.end).map(|(start, end)| end.nanos_since(start)), cell)),
    ("opening", |r, cell| cell.write_str(r.opening.name())),
    ("initial_rtt", |r, cell| seconds(r.initial_rtt, cell)),
    ("closing", |r, cell| cell.write_str(r.closing.name())),
    ("closed_by", |r, cell| known(r.closed_by.map(|closer| closer.name()), cell)),
    ("teardown_segments", |r, cell| write!(cell, "{}", r.teardown_segments)),
    ("time_wait", |r, cell| known(r.holds_time_wait().map(|closer| closer.name()), cell)),
    ("client_state", |r, cell| cell.write_str(r.states.client.name())),
    ("server_state", |r, cell| cell.write_str(r.states.server.name())),
    ("conn_state", |r, cell| cell.write_str(r.conn_state.name())),
    ("history", |r, cell| cell.write_str(r.history.as_str())),
    ("completeness", |r, cell| write!(cell, "{}", r.completeness)),
    ("evicted", |r, cell| write!(cell, "{}", r.evicted)),
    ("client_segments", |r, cell| count(&r.client, |half| half.segments, cell)),
    ("client_data_segments", |r, cell| count(&r.client, |half| half.data_segments, cell)),
    ("client_payload_bytes", |r, cell| count(&r.client, |half| half.payload_bytes, cell)),
    ("client_stream_bytes", |r, cell| count(&r.client, |half| half.stream_bytes, cell)),
    ("client_repeated_segments", |r, cell| count(&r.client, |half| half.repeated_segments, cell)),
    ("client_capture_duplicates", |r, cell| count(&r.client, |half| half.capture_duplicates, cell)),
    ("server_segments", |r, cell| count(&r.server, |half| half.segments, cell)),
    ("server_data_segments", |r, cell| count(&r.server, |half| half.data_segments, cell)),
    ("server_payload_bytes", |r, cell| count(&r.server, |half| half.payload_bytes, cell)),
    ("server_stream_bytes", |r, cell| count(&r.server, |half| half.stream_bytes, cell)),
    ("server_repeated_segments", |r, cell| count(&r.server, |half| half.repeated_segments, cell)),
    ("server_capture_duplicates", |r, cell| count(&r.server, |half| half.capture_duplicates, cell)),
    ("vantage", |r, cell| known(r.vantage.name(), cell)),
];

/// The columns behind these: what was measured of each end, where the time went, and how many findings of each kind.
fn measured<'m>(
    [client, server]: [&'m Measures; 2],
    spent: Option<&'m TimeSpent>,
    findings: &Findings,
    mut see: impl FnMut(fmt::Arguments<'_>, Number<'m>),
) {
    for (end, measures) in [("client", client), ("server", server)] {
        numbers::end(measures, |name, number| match number {
            Number::Rtt(rtt) => {
                numbers::rtt(rtt, |part, number| see(format_args!("{end}_{name}_{part}"), number));
            }
            number => see(format_args!("{end}_{name}"), number),
        });
    }
    numbers::spent(spent.unwrap_or(&TimeSpent::default()), |name, number| {
        let number = if let (Some(_), Number::Nanos(nanos)) = (spent, number) { nanos } else { None };
        see(format_args!("time_spent_{name}"), Number::Nanos(number));
    });
    for kind in Kind::ALL {
        see(format_args!("findings_{}", kind.name()), Number::Count(findings.count(*kind).into()));
    }
}

fn number(number: Number<'_>, cell: &mut String) -> fmt::Result {
    match number {
        Number::Count(n) => write!(cell, "{n}"),
        Number::Known(n) => known(n, cell),
        Number::Nanos(nanos) => seconds(nanos, cell),
        Number::Real(n) => known(n.map(Thousandths), cell),
        Number::Is(yes) => write!(cell, "{yes}"),
        Number::Rtt(_) => Ok(()),
    }
}

fn count(half: &HalfReport, number: fn(&HalfReport) -> u64, cell: &mut String) -> fmt::Result {
    write!(cell, "{}", number(half))
}

fn known(value: Option<impl fmt::Display>, cell: &mut String) -> fmt::Result {
    value.map_or(Ok(()), |value| write!(cell, "{value}"))
}

/// Seconds with nine decimals, as a time is written.
fn seconds(nanos: Option<i64>, cell: &mut String) -> fmt::Result {
    known(nanos.map(Timestamp::from_nanos), cell)
}

/// The error of the writer behind the table, of the kind it had: a closed pipe stays a closed pipe.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        kind => io::Error::other(format!("{kind:?}")),
    }
}

impl<W: Write> Csv<W> {
    /// Rows go to `out`, which need not be buffered.
    pub fn new(out: W) -> Self {
        let rows = csv::Writer::from_writer(out);
        Self { rows, file: String::new(), header_written: false, cell: String::new() }
    }
}

impl<W: Write> View for Csv<W> {
    fn source(&mut self, source: &SourceInfo) -> io::Result<()> {
        self.file.clone_from(&source.name);
        if !self.header_written {
            self.header_written = true;
            let mut names = vec!["file".to_owned()];
            names.extend(COLUMNS.iter().map(|(name, _)| (*name).to_owned()));
            // The names are the same whatever was measured.
            let nothing = Measures::default();
            measured([&nothing, &nothing], None, &Findings::default(), |name, _| {
                names.push(name.to_string())
            });
            self.rows.write_record(names).map_err(io_error)?;
        }
        Ok(())
    }

    fn looks_at_frames(&self) -> bool {
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
        self.rows.write_field(&self.file).map_err(io_error)?;
        for (_, fill) in COLUMNS {
            self.cell.clear();
            fill(report, &mut self.cell).map_err(io::Error::other)?;
            self.rows.write_field(&self.cell).map_err(io_error)?;
        }
        let none = Measures::default();
        let ends = [&report.client, &report.server].map(|half| half.measures.as_deref().unwrap_or(&none));
        let (rows, cell) = (&mut self.rows, &mut self.cell);
        let mut written = Ok(());
        measured(ends, report.time_spent.as_ref(), &report.findings, |_, value| {
            if written.is_ok() {
                cell.clear();
                let filled = number(value, cell).map_err(io::Error::other);
                written = filled.and_then(|()| rows.write_field(&*cell).map_err(io_error));
            }
        });
        written?;
        self.rows.write_record(None::<&[u8]>).map_err(io_error)
    }

    fn summary(&mut self, _totals: &Totals) -> io::Result<()> {
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.rows.flush()
    }
}

#[cfg(test)]
mod tests;

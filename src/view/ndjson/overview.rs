//! The `overview` record: all that the summary of a capture shows, in one object.

use crate::field::{Object, Skipped};
use crate::query::loss::Loss;
use crate::track::finding::Kind;
use crate::track::measures::TimeSpent;
use crate::track::report::{Closing, Opening, Report};
use crate::view::summary::figures::Figures;
use crate::view::summary::histogram::Histogram;

use super::put::{Put, Seconds, Text, array, object};
use super::record::record;

/// Writes the record; `names`: those of all sources, `file`: that of the one, unless all are meant together.
pub(in crate::view) fn write(line: &mut Vec<u8>, figures: &Figures, file: Option<&str>, names: &[String]) {
    let [sent_by_clients, sent_by_servers] = figures.payload;
    let [damaged_clients, damaged_servers] = figures.damaged;
    object!(line, {
        "type": "overview",
        "schema": 1_u8,
        "file": file.map(Text),
        "diagnoses": Diagnoses(figures),
        "connections": figures.connections,
        "with_problems": figures.worst.troubled,
        "worst": Worst(figures, names),
        "totals": Made(|line| record(line, "summary", Object::Summary(&figures.totals))),
        "skipped": Made(|line| skipped(line, figures)),
        "remarks": figures.remarks,
        "opened": Counts(Opening::ALL.iter().map(|opening| (opening.name(), figures.opened[*opening as usize]))),
        "closed": Counts(Closing::ALL.iter().map(|closing| (closing.name(), figures.closed[*closing as usize]))),
        "client_bytes": sent_by_clients,
        "server_bytes": sent_by_servers,
        "retransmitted_bytes": figures.again,
        "handshakes": &figures.handshakes,
        "far_round_trips": &figures.medians,
        "loss": figures.loss,
        "damaged_client_segments": damaged_clients,
        "damaged_server_segments": damaged_servers,
        "time_spent": Made(|line| spent(line, figures)),
        "findings": Counts(Kind::ALL.iter().map(|kind| (kind.name(), figures.found[*kind as usize].findings))),
        "connections_with": Counts(Kind::ALL.iter().map(|kind| (kind.name(), figures.found[*kind as usize].connections))),
        "causes": Made(|line| causes(line, figures)),
    });
}

/// What a function writes.
struct Made<F: Fn(&mut Vec<u8>)>(F);

impl<F: Fn(&mut Vec<u8>)> Put for Made<F> {
    fn put(&self, line: &mut Vec<u8>) {
        (self.0)(line);
    }
}

/// An object of those numbers that are not 0.
struct Counts<I>(I);

impl<I: Iterator<Item = (&'static str, u64)> + Clone> Put for Counts<I> {
    fn put(&self, line: &mut Vec<u8>) {
        line.push(b'{');
        for (n, (name, count)) in self.0.clone().filter(|(_, count)| *count > 0).enumerate() {
            key(line, n, name);
            count.put(line);
        }
        line.push(b'}');
    }
}

/// A key that stands behind `n` others.
fn key(line: &mut Vec<u8>, n: usize, name: &'static str) {
    if n > 0 {
        line.push(b',');
    }
    name.put(line);
    line.push(b':');
}

struct Diagnoses<'f>(&'f Figures);

impl Put for Diagnoses<'_> {
    fn put(&self, line: &mut Vec<u8>) {
        let one = |diagnosis| Made(move |line| record(line, "diagnosis", Object::Diagnosis(diagnosis)));
        array(line, self.0.diagnoses.iter().map(|(_, diagnosis)| one(diagnosis)));
    }
}

struct Worst<'f>(&'f Figures, &'f [String]);

impl Put for Worst<'_> {
    fn put(&self, line: &mut Vec<u8>) {
        let Self(figures, names) = self;
        let name = |source: u64| names.get(source as usize).map(String::as_str);
        array(line, figures.worst.iter().map(|(source, report)| One(report, name(source))));
    }
}

struct One<'r>(&'r Report, Option<&'r str>);

impl Put for One<'_> {
    fn put(&self, line: &mut Vec<u8>) {
        let Self(report, file) = self;
        object!(line, {
            "file": file.map(Text),
            "id": report.id,
            "client": Object::Endpoint(&report.endpoints.client),
            "server": Object::Endpoint(&report.endpoints.server),
            "verdict": Object::Verdict(report.verdicts.verdict()),
            "lesser": report.verdicts.all().len().saturating_sub(1),
        });
    }
}

/// `null` where nothing was measured.
impl Put for &Histogram {
    fn put(&self, line: &mut Vec<u8>) {
        let Some((min, max)) = self.range() else { return line.extend_from_slice(b"null") };
        let seconds = |nanos: u64| Seconds(i64::try_from(nanos).unwrap_or(i64::MAX));
        object!(line, {
            "samples": self.count(),
            "min": seconds(min),
            "median": self.percentile(50).map(seconds),
            "p95": self.percentile(95).map(seconds),
            "max": seconds(max),
        });
    }
}

impl Put for Loss {
    fn put(&self, line: &mut Vec<u8>) {
        let left_out = self.left_out;
        object!(line, {
            "sent": self.sent,
            "sent_again": self.again,
            "sent_bytes": self.sent_bytes,
            "sent_again_bytes": self.again_bytes,
            "overtaken": left_out.overtaken,
            "copied": left_out.copied,
            "probes": left_out.probes,
            "not_taken": left_out.not_taken,
            "undecided": left_out.undecided,
        });
    }
}

fn skipped(line: &mut Vec<u8>, figures: &Figures) {
    let skipped: Vec<_> =
        figures.totals.skipped.iter().map(|(reason, frames)| Skipped { reason, frames: *frames }).collect();
    array(line, skipped.iter().map(|one| Made(move |line| record(line, "skipped", Object::Skipped(one)))));
}

fn spent(line: &mut Vec<u8>, figures: &Figures) {
    line.push(b'{');
    let names = TimeSpent::default().parts().map(|(name, _)| name);
    for (n, (name, nanos)) in names.into_iter().zip(figures.spent).enumerate() {
        key(line, n, name);
        Seconds(i64::try_from(nanos).unwrap_or(i64::MAX)).put(line);
    }
    line.push(b'}');
}

fn causes(line: &mut Vec<u8>, figures: &Figures) {
    line.push(b'{');
    let kinds = Kind::ALL.iter().map(|kind| (*kind, figures.found[*kind as usize].causes(*kind)));
    for (n, (kind, causes)) in kinds.filter(|(_, causes)| !causes.is_empty()).enumerate() {
        key(line, n, kind.name());
        Counts(causes.iter().copied()).put(line);
    }
    line.push(b'}');
}

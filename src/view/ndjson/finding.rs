//! Findings, with their evidence.

use crate::explain::{self, Language};
use crate::track::finding::{Earlier, Finding, Findings, Kind, ResetCause, RetransmissionCause};

use super::object::Object;
use super::put::{Put, Seconds, Text, array};

impl Put for &Finding {
    fn put(&self, line: &mut Vec<u8>) {
        let mut object = Object::new(line);
        fields(&mut object, self);
        object.end();
    }
}

/// A finding with the frame at which it was made.
struct At<'f>(u64, &'f Finding);

impl Put for At<'_> {
    fn put(&self, line: &mut Vec<u8>) {
        let mut object = Object::new(line);
        object.field("frame", self.0);
        fields(&mut object, self.1);
        object.end();
    }
}

/// The findings of one segment.
pub(super) struct OfSegment<'f>(pub(super) &'f [Finding]);

impl Put for OfSegment<'_> {
    fn put(&self, line: &mut Vec<u8>) {
        array(line, self.0.iter());
    }
}

/// The findings of a connection: counts by kind, by cause, and the first few.
pub(super) struct OfConnection<'f>(pub(super) &'f Findings);

impl Put for OfConnection<'_> {
    fn put(&self, line: &mut Vec<u8>) {
        let mut object = Object::new(line);
        object.field("counts", Counts(self.0));
        object.field("causes", Causes(self.0));
        object.field("first", First(self.0));
        object.end();
    }
}

struct Counts<'f>(&'f Findings);

impl Put for Counts<'_> {
    fn put(&self, line: &mut Vec<u8>) {
        let mut object = Object::new(line);
        self.0.counts().for_each(|(kind, count)| object.field(kind.name(), count));
        object.end();
    }
}

struct Causes<'f>(&'f Findings);

impl Put for Causes<'_> {
    fn put(&self, line: &mut Vec<u8>) {
        let mut object = Object::new(line);
        let kinds = self.0.counts().filter(|(kind, _)| kind.causes().next().is_some());
        kinds.for_each(|(kind, _)| object.field(kind.name(), OfKind(self.0, kind)));
        object.end();
    }
}

struct OfKind<'f>(&'f Findings, Kind);

impl Put for OfKind<'_> {
    fn put(&self, line: &mut Vec<u8>) {
        let Self(findings, kind) = *self;
        let mut object = Object::new(line);
        let counts = kind.causes().map(|cause| (cause, findings.of_cause(kind, cause)));
        counts.filter(|(_, count)| *count > 0).for_each(|(cause, count)| object.field(cause, count));
        object.end();
    }
}

struct First<'f>(&'f Findings);

impl Put for First<'_> {
    fn put(&self, line: &mut Vec<u8>) {
        array(line, self.0.first().iter().map(|(frame, finding)| At(*frame, finding)));
    }
}

fn fields(object: &mut Object<'_>, finding: &Finding) {
    object.field("kind", finding.kind().name());
    object.field("cause", finding.cause());
    object.field("certainty", finding.certainty().name());
    object.field("of_frame", finding.of_frame());
    // The machine format speaks English, whatever `--lang` says.
    object.field("text", Text(explain::finding(finding, Language::En)));
    evidence(object, finding);
}

/// What else there is to know, by kind.
fn evidence(object: &mut Object<'_>, finding: &Finding) {
    let ago = |earlier: Earlier| earlier.ago.map(Seconds);
    match *finding {
        Finding::CaptureDuplicate { of, routed } => {
            object.field("ago", ago(of));
            object.field("routed", routed);
        }
        Finding::Truncated { captured, payload_len } => {
            object.field("captured_payload_len", captured);
            object.field("payload_len", payload_len);
        }
        Finding::SuperSegment { payload_len, mss } => {
            object.field("payload_len", payload_len);
            object.field("mss", mss);
        }
        Finding::ClockBackwards { by } => object.field("by", Seconds(by)),
        Finding::OneSided { heard } => object.field("heard", heard.name()),
        Finding::MissedByCapture { octets } => object.field("missing_bytes", octets),
        Finding::Retransmission { octets, of, overtaken_by, cause, .. } => {
            object.field("octets", Range(octets));
            object.field("first_seen", of.is_none());
            object.field("ago", of.or(overtaken_by).and_then(ago));
            of_retransmission(object, cause);
        }
        Finding::ProvedSpurious { octets, of, .. } => {
            object.field("octets", Range(octets));
            object.field("ago", ago(of));
        }
        Finding::Reordering { octets, overtaken_by, .. } => {
            object.field("octets", Range(octets));
            object.field("ago", ago(overtaken_by));
        }
        Finding::NetworkDuplicate { octets, of } => {
            object.field("octets", Range(octets));
            object.field("ago", of.and_then(ago));
        }
        Finding::LateOrLost { octets, overtaken_by } => {
            object.field("octets", Range(octets));
            object.field("ago", overtaken_by.and_then(ago));
        }
        Finding::ZeroWindow { receiver, since, lasted, opened, probes } => {
            object.field("receiver", receiver.name());
            object.field("ago", ago(since));
            object.field("lasted", lasted.map(Seconds));
            object.field("opened", opened);
            object.field("probes", probes);
        }
        Finding::WindowFull { in_flight, window } => {
            object.field("in_flight", in_flight);
            object.field("window", window);
        }
        Finding::Reset { cause, .. } => of_reset(object, cause),
        Finding::PathMtu { mtu } => object.field("mtu", mtu),
        Finding::KeepAliveDeath { probes, silent } => {
            object.field("probes", probes);
            object.field("silent", silent.map(Seconds));
        }
        Finding::SynUnanswered { tries, waited } => {
            object.field("tries", tries);
            object.field("waited", waited.map(Seconds));
        }
        Finding::ScalingStripped { of, beyond } => {
            object.field("offered_by", of.name());
            object.field("beyond", beyond);
        }
    }
}

fn of_retransmission(object: &mut Object<'_>, cause: RetransmissionCause) {
    use RetransmissionCause as Cause;
    match cause {
        Cause::Timeout { attempt } | Cause::Syn { attempt } | Cause::Fin { attempt } => {
            object.field("attempt", attempt);
        }
        Cause::Fast { duplicate_acks } => object.field("duplicate_acks", duplicate_acks),
        Cause::Sack { sacked } => object.field("sacked_bytes", sacked),
        Cause::Spurious(proof) => object.field("proof", proof.name()),
        Cause::AfterTimeout
        | Cause::PartialAck
        | Cause::Rack
        | Cause::TailLossProbe
        | Cause::WindowProbe
        | Cause::PathMtu
        | Cause::Unknown => {}
    }
}

fn of_reset(object: &mut Object<'_>, cause: ResetCause) {
    match cause {
        ResetCause::GaveUp { attempt } => object.field("attempt", attempt),
        ResetCause::Idle { silent } => object.field("silent", Seconds(silent)),
        ResetCause::Forged { ttl, usual } => {
            object.field("ttl", ttl);
            object.field("usual_ttl", usual);
        }
        _ => {}
    }
}

/// The first octet and the one after the last, counted from the ISN.
struct Range((i64, i64));

impl Put for Range {
    fn put(&self, line: &mut Vec<u8>) {
        array(line, [self.0.0, self.0.1].into_iter());
    }
}

#[cfg(test)]
mod tests;

//! Findings, and those of a connection together.

use crate::track::finding::{Earlier, Finding, Findings, ResetCause, RetransmissionCause as Cause};

use super::names;
use super::shape::{COUNT, FRAME, Field, SENTENCE, Shape, Type, U8, Unit, rows};
use super::value::{List, Value, nanos};

/// A getter of a field that only some findings have.
macro_rules! only {
    ($($pattern:pat => $value:expr),+) => {
        |finding| match *finding {
            $($pattern => $value,)+
            _ => Value::Absent,
        }
    };
}

/// The time from the evidence, where there is some, to the segment.
fn ago<'v>(evidence: Option<Earlier>) -> Value<'v> {
    nanos(evidence.and_then(|earlier| earlier.ago))
}

fn range<'v>(octets: (i64, i64)) -> Value<'v> {
    Value::List(List::Range(octets))
}

/// A getter of a field that only a retransmission of one cause has.
macro_rules! again {
    ($($pattern:pat => $value:expr),+) => {
        only!(Finding::Retransmission { cause, .. } => match cause {
            $($pattern => $value,)+
            _ => Value::Absent,
        })
    };
}

/// The frame, then the fields of a finding, those of all kinds first.
static FIELDS: [Field; 45] = rows! { Finding:
    "kind": Type::Name(&names::KIND), |finding| finding.kind().name().into(), "What was found";
    "cause": Type::Name(&names::CAUSE), |finding| finding.cause().map(|cause| cause.name()).into(),
        "Why, for the kinds that have causes; else `null`"
        => or_null();
    "certainty": Type::Name(&names::CERTAINTY), |finding| finding.certainty().name().into(),
        "`certain`: the capture proves it; `likely`: the best explanation of what was captured; \
         `undecidable`: the capture cannot tell";
    "of_frame": FRAME, |finding| finding.of_frame().into(),
        "The frame that is the evidence; `null` where there is none"
        => or_null();
    "text": SENTENCE, |finding| Value::Sentence(finding),
        "The finding in one sentence, for people: its words may change";
    "captured_payload_len": COUNT, only!(Finding::Truncated { captured, .. } => captured.into()),
        "Octets of payload in the capture"
        => when("truncated") unit(Unit::Octets);
    "payload_len": COUNT, only!(
        Finding::Truncated { payload_len, .. } | Finding::SuperSegment { payload_len, .. } => payload_len.into(),
        Finding::MssExceeded { payload_len, .. } => payload_len.into()
    ),
        "Octets of payload on the wire"
        => when("truncated, super_segment, mss_exceeded") unit(Unit::Octets);
    "mss": COUNT, only!(Finding::SuperSegment { mss, .. } | Finding::MssExceeded { mss, .. } => mss.into()),
        "The largest segment that the receiver takes"
        => when("super_segment, mss_exceeded") unit(Unit::Octets) source("RFC 9293, section 3.7.1");
    "by": Type::Duration, only!(
        Finding::ClockBackwards { by } | Finding::ClockForwards { by } => Value::Nanos(by)
    ),
        "By how much the time lies before that of the connection's frame before it, or behind it"
        => when("clock_backwards, clock_forwards");
    "heard": Type::Name(&names::SIDE), only!(Finding::OneSided { heard } => heard.name().into()),
        "The end that was captured"
        => when("one_sided");
    "missing_bytes": COUNT, only!(
        Finding::MissedByCapture { octets: missing } | Finding::AckedBeforeSeen { missing, .. } => missing.into()
    ),
        "Octets of sequence space that the capture missed; after some of them came, those that did not"
        => when("missed_by_capture, acked_before_seen") unit(Unit::Octets);
    "octets": Type::Wholes(None, None, 2, 2), only!(
        Finding::Retransmission { octets, .. } | Finding::ProvedSpurious { octets, .. } => range(octets),
        Finding::Reordering { octets, .. } | Finding::NetworkDuplicate { octets, .. } => range(octets),
        Finding::LateOrLost { octets, .. } | Finding::Conflict { octets, .. } => range(octets),
        Finding::AckedBeforeSeen { octets, .. } | Finding::SackOutside { octets, .. } => range(octets),
        Finding::Reneged { octets } => range(octets)
    ),
        "The first octet, and the one after the last, counted from the sender's initial sequence number"
        => when("acked_before_seen, retransmission, proved_spurious, reordering, network_duplicate, conflict, \
            late_or_lost, reneged, sack_outside");
    "first_seen": Type::Boolean, only!(Finding::Retransmission { of, .. } => of.is_none().into()),
        "No transmission before this one was captured, or is remembered, and `of_frame` is the segment \
         behind the gap"
        => when("retransmission");
    "receiver": Type::Name(&names::SIDE), only!(Finding::ZeroWindow { receiver, .. } => receiver.name().into()),
        "The end whose window it is"
        => when("zero_window");
    "ago": Type::Duration, only!(
        Finding::AckedBeforeSeen { acked: of, .. } => ago(Some(of)),
        Finding::CaptureDuplicate { of, .. } | Finding::ProvedSpurious { of, .. } => ago(Some(of)),
        Finding::Conflict { of, .. } => ago(Some(of)),
        Finding::Reordering { overtaken_by: of, .. } | Finding::ZeroWindow { since: of, .. } => ago(Some(of)),
        Finding::Retransmission { of, overtaken_by, .. } => ago(of.or(overtaken_by)),
        Finding::NetworkDuplicate { of, .. } | Finding::LateOrLost { overtaken_by: of, .. } => ago(of),
        Finding::SecondAnswer { of, .. } => ago(of),
        Finding::MtuIgnored { of, .. } | Finding::ProvedForged { of, .. } => ago(Some(of))
    ), "The time from `of_frame` to the segment"
        => when("capture_duplicate, acked_before_seen, retransmission, proved_spurious, reordering, network_duplicate, \
            conflict, late_or_lost, zero_window, mtu_ignored, proved_forged, second_answer") or_null();
    "routed": Type::Boolean, only!(Finding::CaptureDuplicate { routed, .. } => routed.into()),
        "The copies differ in TTL, VLAN or MAC address"
        => when("capture_duplicate");
    "recut": Type::Boolean, only!(Finding::CaptureDuplicate { recut, .. } => recut.into()),
        "The octets were captured in other pieces: before and behind a card that cuts segments up, or joins them"
        => when("capture_duplicate");
    "lasted": Type::Duration, only!(Finding::ZeroWindow { lasted, .. } => nanos(lasted)),
        "How long the window was closed; up to the end where it never opened"
        => when("zero_window") or_null();
    "opened": Type::Boolean, only!(Finding::ZeroWindow { opened, .. } => opened.into()),
        "The window opened again"
        => when("zero_window");
    "probes": COUNT, only!(
        Finding::ZeroWindow { probes, .. } | Finding::KeepAliveDeath { probes, .. } => probes.into(),
        Finding::Reset { cause: ResetCause::Idle { probes, .. }, .. } => probes.into()
    ), "Probes that asked meanwhile, or keep-alives that nobody answered"
        => when("zero_window, keep_alive_death; reset: idle") unit(Unit::Segments);
    "attempt": COUNT, only!(
        Finding::Retransmission { cause: Cause::Timeout { attempt } | Cause::Syn { attempt }, .. } => {
            attempt.into()
        },
        Finding::Retransmission { cause: Cause::Fin { attempt }, .. } => attempt.into(),
        Finding::Reset { cause: ResetCause::GaveUp { attempt }, .. } => attempt.into()
    ), "The how-manieth time, from 1, or after how many timeouts in a row it gave up"
        => when("retransmission: timeout, syn, fin; reset: gave_up");
    "duplicate_acks": COUNT, again!(Cause::Fast { duplicate_acks } => duplicate_acks.into()),
        "How many duplicate acknowledgements there were"
        => when("retransmission: fast") unit(Unit::Segments) source("RFC 5681, section 3.2");
    "sacked_bytes": COUNT, again!(Cause::Sack { sacked } => sacked.into()),
        "Octets behind the hole that were acknowledged selectively"
        => when("retransmission: sack") unit(Unit::Octets) source("RFC 6675, section 5");
    "proof": Type::Name(&names::PROOF), again!(Cause::Spurious(proof) => proof.name().into()),
        "What shows that it had arrived"
        => when("retransmission: spurious");
    "in_flight": COUNT, only!(Finding::WindowFull { in_flight, .. } => in_flight.into()), "Octets in flight"
        => when("window_full") unit(Unit::Octets);
    "window": COUNT, only!(Finding::WindowFull { window, .. } => window.into()), "The receiver's window"
        => when("window_full") unit(Unit::Octets);
    "mtu": COUNT, only!(
        Finding::PathMtu { mtu } => mtu.into(),
        Finding::MtuIgnored { mtu, .. } => mtu.into()
    ), "The MTU that the router named; `null`: none"
        => when("path_mtu, mtu_ignored") unit(Unit::Octets) or_null() source("RFC 1191, section 4; RFC 4443, section 3.2");
    "tries": COUNT, only!(Finding::SynUnanswered { tries, .. } => tries.into()), "How often the SYN was sent"
        => when("syn_unanswered") unit(Unit::Segments);
    "silent": Type::Duration, only!(
        Finding::KeepAliveDeath { silent, .. } => nanos(silent),
        Finding::Silence { lasted: silent, .. } => Value::Nanos(silent),
        Finding::Reset { cause: ResetCause::Idle { silent, .. }, .. } => Value::Nanos(silent)
    ), "The time since the peer was heard, or without any segment"
        => when("silence, keep_alive_death; reset: idle") or_null();
    "waited": Type::Duration, only!(Finding::SynUnanswered { waited, .. } => nanos(waited)),
        "From the first SYN to the last"
        => when("syn_unanswered") or_null();
    "ttl": U8, only!(Finding::Reset { cause: ResetCause::Forged { ttl, .. }, .. } => ttl.into()),
        "The TTL of the RST"
        => when("reset: forged");
    "usual_ttl": U8, only!(Finding::Reset { cause: ResetCause::Forged { usual, .. }, .. } => usual.into()),
        "The TTL of what this end sent otherwise; `null` where there is nothing else"
        => when("reset: forged") or_null();
    "signs": Type::Set(&names::SIGN), only!(
        Finding::Reset { cause: ResetCause::Forged { signs, .. }, .. } => Value::List(List::Signs(signs))
    ), "What speaks against this end's having sent the RST"
        => when("reset: forged");
    "offered_by": Type::Name(&names::SIDE), only!(Finding::ScalingStripped { of, .. } => of.name().into()),
        "The end whose offer of window scaling got lost"
        => when("scaling_stripped");
    "beyond": COUNT, only!(
        Finding::ScalingStripped { beyond, .. } | Finding::BeyondWindow { beyond, .. } => beyond.into()
    ), "Octets sent beyond the window, or beyond the unscaled one"
        => when("scaling_stripped, beyond_window") unit(Unit::Octets);
    "offered": Type::Boolean, only!(Finding::BeyondWindow { offered, .. } => offered.into()),
        "The window had reached so far before, and the receiver took it back"
        => when("beyond_window");
    "taken_back": COUNT, only!(Finding::WindowShrunk { taken_back, .. } => taken_back.into()),
        "Octets by which the right edge of the window moved back"
        => when("window_shrunk") unit(Unit::Octets) source("RFC 9293, section 3.8.6");
    "cut_off": COUNT, only!(Finding::WindowShrunk { cut_off, .. } => cut_off.into()),
        "Octets under way that lie beyond the new edge"
        => when("window_shrunk") unit(Unit::Octets);
    "packet_len": COUNT, only!(Finding::MtuIgnored { packet_len, .. } => packet_len.into()),
        "Octets of the packet, its headers included"
        => when("mtu_ignored") unit(Unit::Octets);
    "goes_on": Type::Name(&names::GOES_ON), only!(Finding::ProvedForged { proof, .. } => proof.name().into()),
        "How the end that the RST names goes on"
        => when("proved_forged");
    "sent_by": Type::Name(&names::SIDE), only!(Finding::SackOutside { by, .. } => by.name().into()),
        "The end that sends such blocks"
        => when("sack_outside");
    "sack_segments": COUNT, only!(Finding::SackOutside { segments, .. } => segments.into()),
        "Segments of this end with such blocks: 1 where it is first found, all of them in the record of the connection"
        => when("sack_outside") unit(Unit::Segments);
    "tsval": COUNT, only!(Finding::OldTimestamp { tsval, .. } => tsval.into()), "The segment's timestamp"
        => when("old_timestamp") source("RFC 7323, section 3.2");
    "recent": COUNT, only!(Finding::OldTimestamp { recent, .. } => recent.into()),
        "The latest timestamp that its receiver echoed"
        => when("old_timestamp") source("RFC 7323, section 5.3");
    "isn_ahead": Type::Whole(None, None), only!(Finding::SecondAnswer { ahead, .. } => Value::Signed(ahead.into())),
        "By how much the initial sequence number lies behind that of the answer before"
        => when("second_answer") source("RFC 9293, section 3.4.1");
};

/// One finding, as the segment that it is about shows it.
pub static FINDING: Shape =
    Shape { name: "finding", about: "One finding, with its evidence", variants: &[], fields: &FIELDS };

/// One finding of a connection, with its frame.
pub static FINDING_AT: Shape = Shape {
    name: "finding_at",
    about: "One finding of a connection, with the frame at which it was made",
    variants: &[],
    fields: &{
        let [frame] = rows! { FindingAt:
            "frame": FRAME, |at| at.0.into(), "The frame at which it was made";
        };
        let mut all = [frame; FIELDS.len() + 1];
        let mut n = 0;
        while n < FIELDS.len() {
            all[n + 1] = FIELDS[n];
            n += 1;
        }
        all
    },
};

/// The findings of a connection.
pub static FINDINGS: Shape = Shape {
    name: "findings",
    about: "The findings of a connection",
    variants: &[],
    fields: &rows! { Findings:
        "counts": Type::Counts(&names::KIND), |findings| Value::List(List::Counts(findings)),
            "How many there are of each kind that occurred"
            => batch(5);
        "causes": Type::CountsOf(&names::KIND, &names::CAUSE), |findings| Value::List(List::Causes(findings)),
            "How many there are of each cause, for the kinds that have causes";
        "first": Type::List(&FINDING_AT, Some(Findings::KEPT)), |findings| Value::List(List::First(findings.first())),
            "The first few, each with its `frame`; the first of each kind and cause is among them as far as \
             there is room";
    },
};

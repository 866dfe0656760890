//! The record `connection`.

use crate::track::report::{HalfReport, Report};
use crate::track::verdict::Verdicts;
use crate::wire::segment::Endpoint;

use super::end::END;
use super::finding::FINDINGS;
use super::names;
use super::parts::{PATH, STATES, TIME_SPENT};
use super::shape::{COUNT, FRAME, Known, Shape, Type, Unit, rows};
use super::value::{End, List, Object, Value, between, nanos};
use super::verdict::{OWED, VERDICT};

/// What one end is and sent.
fn end<'v>(endpoint: &'v Endpoint, sent: &'v HalfReport) -> Value<'v> {
    Value::Object(Object::End(End { endpoint, sent }))
}

/// One connection.
pub static CONNECTION: Shape = Shape {
    name: "connection_record",
    about: "One connection, when it is over",
    variants: &[],
    fields: &rows! { Connection:
        "id": COUNT, |report| report.id.into(),
            "Number of the connection, from 0 in order of first appearance"
            => alias(&["tcp.stream"]) known(Known::FirstSegment) batch(0);
        "roles": Type::Name(&names::ROLES), |report| report.endpoints.roles.name().into(),
            "How it is known who is the client: `from_syn`, `from_syn_ack`, or `guessed` (the lower \
             well-known port is the server's, else the first sender is the client)"
            => known(Known::FirstSegment) batch(0);
        "client": Type::Object(&END), |report| end(&report.endpoints.client, &report.client),
            "The client: where it is, and what it sent"
            => known(Known::End);
        "server": Type::Object(&END), |report| end(&report.endpoints.server, &report.server),
            "The server: where it is, and what it sent"
            => known(Known::End);
        "path": Type::Object(&PATH), |report| (&report.endpoints.path).into(),
            "VLANs and tunnel around its first segment; `null`: none"
            => known(Known::FirstSegment) or_null() batch(0);
        "first_frame": FRAME, |report| report.first_frame.into(), "Number of its first frame"
            => alias(&["frame.number"]) known(Known::FirstSegment) batch(0);
        "last_frame": FRAME, |report| report.last_frame.into(), "Number of its last frame"
            => known(Known::End) batch(0);
        "start": Type::Time, |report| report.start.into(),
            "When its first segment was seen; `null` where the capture does not say"
            => alias(&["ts"]) known(Known::FirstSegment) or_null() batch(0);
        "end": Type::Time, |report| report.end.into(),
            "When its latest segment was seen; `null` where the capture does not say"
            => known(Known::End) or_null() batch(0);
        "duration": Type::Duration, |report: &Report| between(report.start, report.end),
            "From `start` to `end`"
            => alias(&["duration"]) known(Known::End) or_null() batch(0);
        "opening": Type::Name(&names::OPENING), |report| report.opening.name().into(),
            "How it opened: `three-way`, `simultaneous`, `refused` (a RST answered the SYN), `unanswered`, \
             `midstream` (the capture began later), or `incomplete`"
            => known(Known::End) source("RFC 9293, section 3.5") batch(0);
        "initial_rtt": Type::Duration, |report| nanos(report.initial_rtt),
            "From the latest SYN to the first segment with ACK and without SYN"
            => alias(&["tcp.analysis.initial_rtt"]) known(Known::End) or_null() batch(0);
        "closing": Type::Name(&names::CLOSING), |report| report.closing.name().into(),
            "How it closed: `four-way` (each end's FIN and each FIN's acknowledgement, in however many \
             segments), `simultaneous`, `half-closed` (a FIN, and not all four), `reset`, or `open`"
            => known(Known::End) source("RFC 9293, section 3.6") batch(0);
        "closed_by": Type::Name(&names::CLOSER), |report| report.closed_by.map(|closer| closer.name()).into(),
            "Who sent the first FIN or the RST that counted; `null`: nobody"
            => known(Known::End) or_null() batch(0);
        "teardown_segments": COUNT, |report| report.teardown_segments.into(),
            "Segments that carried a FIN or the acknowledgement of one"
            => unit(Unit::Segments) known(Known::End) batch(0);
        "time_wait": Type::Name(&names::CLOSER), |report| report.holds_time_wait().map(|closer| closer.name()).into(),
            "Who is left in TIME-WAIT; `null`: nobody"
            => known(Known::End) or_null() source("RFC 9293, section 3.6") batch(0);
        "state": Type::Object(&STATES), |report| (&report.states).into(),
            "The state of each end when it was over"
            => known(Known::End);
        "conn_state": Type::Name(&names::CONN_STATE), |report| report.conn_state.name().into(),
            "Zeek's summary of it"
            => alias(&["conn_state"]) known(Known::End) batch(0);
        "history": Type::Text(Some(r"^[\^A-Za-z]{0,46}$")), |report| Value::Text(report.history.as_str()),
            "Zeek's letters for what each end sent, at most 46"
            => alias(&["history"]) known(Known::End) batch(0);
        "completeness": Type::Whole(Some(0), Some(63)), |report| report.completeness.into(),
            "Wireshark's sum: SYN 1, SYN,ACK 2, ACK 4, data 8, FIN 16, RST 32"
            => alias(&["tcp.completeness"]) known(Known::End) batch(0);
        "evicted": Type::Boolean, |report| report.evicted.into(),
            "It made room in a full table before it was over"
            => known(Known::End) batch(0);
        "findings": Type::Object(&FINDINGS), |report| Value::Object(Object::Findings(&report.findings)),
            "What went wrong, and what the capture did"
            => known(Known::End);
        "time_spent": Type::Object(&TIME_SPENT), |report| report.time_spent.as_ref().into(),
            "Where the time went; `null` where the capture gives no time"
            => known(Known::End) or_null();
        "vantage": Type::Name(&names::VANTAGE), |report| report.vantage.name().into(),
            "Where the capture was taken: near the `client`, near the `server`, `between`, on the machine \
             of `both`; `null` where nothing tells"
            => known(Known::End) or_null() batch(2);
        "verdict": Type::Object(&VERDICT), |report: &Report| Value::Object(Object::Verdict(report.verdicts.verdict())),
            "What it came to, who caused it, and why: the weightiest of `verdicts`"
            => known(Known::End);
        "verdicts": Type::List(&VERDICT, Some(Verdicts::KEPT)), |report| {
            Value::List(List::Verdicts(report.verdicts.all()))
        }, "All verdicts, the weightiest first; none where nothing is wrong"
            => known(Known::End);
        "owed": Type::Object(&OWED), |report| report.owed.as_ref().into(),
            "What an end owed when the capture ended; `null`: nothing"
            => known(Known::End) or_null();
        "same_as": COUNT, |report| report.same_as.into(),
            "Number of the connection that is this one before or after address translation; `null`: none"
            => known(Known::End) or_null() batch(6);
    },
};

//! What held an end back, and its congestion window.

use crate::track::congestion::{LISTED, PhaseSpan};

use super::names;
use super::shape::{COUNT, Known, Shape, Type, Unit, rows};
use super::value::{List, Object, Value};

/// An end's congestion window as the capture shows it, and what held the end back.
pub(super) static CONGESTION: Shape = Shape {
    name: "congestion",
    about: "The congestion window of an end, estimated, and what held the end back",
    variants: &[],
    fields: &rows! { Congestion:
        "phases": Type::List(&PHASE, Some(LISTED)), |congestion| Value::List(List::Phases(&congestion.phases)),
            "Phases of congestion control in order, the first ones; none where the end sent too little to show one, or \
             not all is measured"
            => known(Known::End) source("RFC 5681, section 3");
        "cwnd_max": COUNT, |congestion| congestion.cwnd_max.into(),
            "The largest congestion window that the end filled; `null` where none held it back, or what it has in flight \
             does not show the window"
            => unit(Unit::Octets) known(Known::End) or_null() batch(8);
        "ssthresh": Type::Wholes(Some(0), None, 0, LISTED), |congestion| {
            Value::List(List::Frames(&congestion.ssthresh))
        }, "The congestion window behind each fast recovery in octets, the first ones"
            => unit(Unit::Octets) known(Known::End) source("RFC 5681, section 3.2");
        "limited_by": Type::Object(&LIMITED_BY), |congestion| Value::Object(Object::LimitedBy(&congestion.limited_by)),
            "For how long what held the end back"
            => known(Known::End);
    },
};

/// A phase of congestion control.
pub(super) static PHASE: Shape = Shape {
    name: "phase_span",
    about: "A phase of congestion control of an end",
    variants: &[],
    fields: &rows! { Phase:
        "phase": Type::Name(&names::PHASE), |span: &PhaseSpan| span.phase.name().into(),
            "The phase; `unknown` where the flight does not show it"
            => known(Known::End);
        "from": Type::Duration, |span| Value::Nanos(span.from), "When it began, after the connection's first segment"
            => known(Known::End);
        "to": Type::Duration, |span| Value::Nanos(span.to), "When it ended, after the connection's first segment"
            => known(Known::End);
        "segments": COUNT, |span| span.segments.into(), "Segments with payload that the end sent in it"
            => unit(Unit::Segments) known(Known::End);
    },
};

/// What held an end back.
pub(super) static LIMITED_BY: Shape = Shape {
    name: "limited_by",
    about: "For how long what held an end back from sending",
    variants: &[],
    fields: &rows! { LimitedBy:
        "program": Type::Duration, |by| Value::Nanos(by.program), "Its program had written nothing to send"
            => known(Known::End) batch(8);
        "congestion_window": Type::Duration, |by| Value::Nanos(by.congestion_window),
            "The congestion window was full, and an acknowledgement made room"
            => known(Known::End) batch(8);
        "receiver_window": Type::Duration, |by| Value::Nanos(by.receiver_window), "The receiver's window was full"
            => known(Known::End) batch(8);
        "recovery": Type::Duration, |by| Value::Nanos(by.recovery), "Lost octets were repeated"
            => known(Known::End) batch(8);
    },
};

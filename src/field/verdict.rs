//! The verdict on a connection.

use crate::track::verdict::{Frames, Verdict, VerdictKind};

use super::names;
use super::shape::{SENTENCE, Shape, Type, rows};
use super::value::{List, Value, nanos};

/// One verdict.
pub(super) static VERDICT: Shape = Shape {
    name: "verdict",
    about: "What a connection came to, who caused it, and why",
    variants: &[],
    fields: &rows! { Verdict:
        "kind": Type::Name(&names::VERDICT), |verdict| verdict.kind().name().into(),
            "What happened; `fine`: nothing is wrong"
            => batch(6);
        "who": Type::Name(&names::PARTY), |verdict: &Verdict| {
            (verdict.kind() != VerdictKind::Fine).then(|| verdict.who.name()).into()
        }, "Who caused it; `null` where nothing is wrong"
            => or_null() batch(6);
        "certainty": Type::Name(&names::CERTAINTY), |verdict| verdict.certainty.name().into(), "How sure it is"
            => batch(6);
        "lasted": Type::Duration, |verdict| nanos(verdict.lasted),
            "How much of the connection's time it cost, for what hangs up to the last frame of the capture; `null` where it cost none"
            => or_null() batch(6);
        "frames": Type::Wholes(Some(1), None, 0, Frames::KEPT), |verdict| {
            Value::List(List::Frames(verdict.frames.as_slice()))
        }, "Numbers of the frames that show it";
        "text": SENTENCE, |verdict| Value::Judgement(verdict), "The same in a sentence, for people";
        "advice": SENTENCE, |verdict| Value::Advice(verdict),
            "What to do about it, or where to capture to decide, in a sentence; `null` where there is nothing to advise"
            => or_null();
    },
};

/// What an end owed when the capture ended.
pub(super) static OWED: Shape = Shape {
    name: "owed",
    about: "What an end owed when the capture ended: an answer to what the other end asked",
    variants: &[],
    fields: &rows! { Owed:
        "by": Type::Name(&names::SIDE), |owed| owed.by.name().into(), "The end that owes"
            => batch(6);
        "lasted": Type::Duration, |owed| Value::Nanos(owed.lasted),
            "From the connection's latest segment to the capture's last frame"
            => batch(6);
    },
};

//! The steps of a close: which end's FIN came first, and whether its acknowledgement stands in a segment of its own.

use crate::wire::call::{Role, What};
use crate::wire::frame::Timestamp;

use super::seen::Seen;
use super::words::span;

/// A close with a FIN, as far as it was captured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Closing {
    /// The end whose FIN came first.
    pub first: Role,
    /// The frame of the first FIN.
    pub fin: u64,
    /// The frame that acknowledges the first FIN for the first time.
    pub acked_by: Option<u64>,
    /// The frame of the other end's FIN.
    pub other_fin: Option<u64>,
    /// The frame that acknowledges that one for the first time.
    pub other_acked_by: Option<u64>,
    /// Nanoseconds from the first FIN to the acknowledgement of it.
    pub acked_after: Option<i64>,
    /// Nanoseconds from the first FIN to the other end's call of close() or shutdown().
    pub pause: Option<i64>,
}

impl Closing {
    /// `None` where no FIN was captured.
    pub fn of(seen: &Seen) -> Option<Self> {
        let segments = seen.segments();
        let fins: Vec<_> = segments.iter().filter(|(_, segment)| segment.flags.fin()).collect();
        let (first, fin) = fins.first()?;
        let other = fins.iter().find(|(role, _)| role != first).map(|(_, segment)| *segment);
        let acks = |role: Role| seen.from(role).segments.iter().find(|segment| segment.acks_fin);
        let acked_by = acks(first.peer());
        Some(Self {
            first: *first,
            fin: fin.frame,
            acked_by: acked_by.map(|segment| segment.frame),
            other_fin: other.map(|segment| segment.frame),
            other_acked_by: acks(*first).map(|segment| segment.frame),
            acked_after: acked_by.map(|segment| segment.at.nanos_since(fin.at)),
            pause: ended(seen, first.peer()).map(|at| at.nanos_since(fin.at)),
        })
    }

    /// Whether the other end's FIN acknowledges the first one.
    pub fn is_joined(&self) -> bool {
        self.other_fin.is_some() && self.other_fin == self.acked_by
    }

    /// Whether all four steps were captured, each in a frame of its own.
    pub fn has_four(&self) -> bool {
        self.other_fin.is_some()
            && self.acked_by.is_some()
            && self.other_acked_by.is_some()
            && !self.is_joined()
    }

    /// The sentence about the number of segments in the close, and the reason.
    pub fn sentence(&self) -> String {
        let (first, other, fin) = (self.first.name(), self.first.peer().name(), self.fin);
        let (Some(acked_by), Some(other_fin)) = (self.acked_by, self.other_fin) else {
            return format!(
                "Frame {fin} is the {first}'s FIN; the close did not go on from there in this capture."
            );
        };
        let Some(last) = self.other_acked_by else {
            return format!(
                "Frame {fin} is the {first}'s FIN and frame {other_fin} the {other}'s, which was not acknowledged in \
                 this capture."
            );
        };
        if self.is_joined() {
            let soon = self.pause.filter(|pause| *pause >= 0).map_or_else(String::new, |pause| {
                format!(
                    ", because the {other} called close() {} after frame {fin}, before its kernel had acknowledged \
                     anything",
                    span(pause)
                )
            });
            return format!(
                "The close has three segments: frame {fin} is the {first}'s FIN, which says that it has no more to send; frame \
                 {other_fin} is the {other}'s \
                 FIN and acknowledges the first FIN as well{soon}; frame {last} acknowledges it."
            );
        }
        if other_fin < acked_by {
            return format!(
                "Both ends close at once: frames {fin} and {other_fin} are the two FINs, frames {acked_by} and {last} \
                 acknowledge them."
            );
        }
        let pause = self.pause.filter(|pause| *pause >= 0).map_or_else(String::new, |pause| {
            format!(", sent when the {other} called close() {} after frame {fin}", span(pause))
        });
        format!(
            "The close has four segments: frame {fin} is the {first}'s FIN, which says that it has no more to send, frame \
             {acked_by} acknowledges it, frame \
             {other_fin} is the {other}'s FIN{pause}, and frame {last} acknowledges that."
        )
    }
}

/// The RST that was captured first, and whose it is.
pub fn reset(seen: &Seen) -> Option<(Role, u64)> {
    let segments = seen.segments();
    segments.into_iter().find(|(_, segment)| segment.flags.rst()).map(|(role, segment)| (role, segment.frame))
}

/// When a program said that it has no more to send.
fn ended(seen: &Seen, who: Role) -> Option<Timestamp> {
    let ends = |what| matches!(what, What::ShutdownWrite | What::Close { .. });
    let of = seen.occasions.iter().find(|call| call.who == who && ends(call.what));
    of.map(|call| call.began)
}

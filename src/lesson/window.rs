//! Flow control: what a receiver offered, when its window closed, how it was asked, and when it opened again.

use crate::wire::call::Role;

use super::seen::{Piece, Seen};
use super::words::{count, frames, span};

/// The window of one receiver, as its segments and those of its sender show it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Window {
    /// Each window that was offered, where it differs from the one before.
    pub offers: Vec<Offer>,
    /// The first closing of the window.
    pub closed: Option<Closed>,
    /// The write that took longest.
    pub longest_write: Option<Piece>,
}

/// A window as a segment offered it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Offer {
    /// The frame.
    pub frame: u64,
    /// Octets.
    pub octets: u32,
}

/// A closed window.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Closed {
    /// The frame that closed the window.
    pub frame: u64,
    /// The frames that asked whether the window is open, and nanoseconds from the closing, or the probe before, to
    /// each.
    pub probes: Vec<(u64, i64)>,
    /// The frame that opened the window and the octets that it offers, and the nanoseconds after the closing.
    pub opened: Option<(Offer, i64)>,
}

impl Window {
    /// The window of `receiver`.
    pub fn of(seen: &Seen, receiver: Role) -> Self {
        let (here, there) = (seen.from(receiver), seen.from(receiver.peer()));
        let offered = here.segments.iter().filter(|segment| !segment.flags.rst());
        let mut offers: Vec<Offer> = Vec::new();
        let mut closed: Option<(Closed, i64)> = None;
        for segment in offered {
            let Some(octets) = segment.window else { continue };
            let offer = Offer { frame: segment.frame, octets };
            if offers.last().is_none_or(|last| last.octets != octets) {
                offers.push(offer);
            }
            match &mut closed {
                None if octets == 0 => {
                    let since = Closed { frame: segment.frame, probes: Vec::new(), opened: None };
                    closed = Some((since, segment.at.nanos()));
                }
                Some((closed, since)) if octets > 0 && closed.opened.is_none() => {
                    closed.opened = Some((offer, segment.at.nanos().saturating_sub(*since)));
                }
                _ => {}
            }
        }
        let closed = closed.map(|(mut closed, since)| {
            let until = closed.opened.map_or(u64::MAX, |(offer, _)| offer.frame);
            let mut before = since;
            for probe in there.segments.iter().filter(|probe| probe.probe) {
                if (closed.frame..until).contains(&probe.frame) {
                    closed.probes.push((probe.frame, probe.at.nanos().saturating_sub(before)));
                    before = probe.at.nanos();
                }
            }
            closed
        });
        let longest_write = there.writes.iter().max_by_key(|write| write.returned.nanos_since(write.began));
        Self { offers, closed, longest_write: longest_write.copied() }
    }

    /// The sentences about the window. `None` where the window was never closed, or did not open again.
    pub fn sentences(&self) -> Option<Vec<String>> {
        let closed = self.closed.as_ref()?;
        let (opened, after) = closed.opened?;
        let first = self.offers.first()?;
        let mut sentences = vec![format!(
            "Flow control: nobody reads, so the receiver's buffer fills, and its window, by which it says how much more it \
             can take, shrinks from {} octets in frame \
             {} to 0 in frame {}.",
            first.octets, first.frame, closed.frame
        )];
        let asked = closed.probes.iter().map(|(frame, _)| *frame).collect::<Vec<_>>();
        sentences.push(match closed.probes.as_slice() {
            [] => format!("The window stays closed for {}, and no probe is needed.", span(after)),
            [(_, first), rest @ ..] => {
                let more: Vec<_> = rest.iter().map(|(_, wait)| span(*wait).to_string()).collect();
                let waits = match more.as_slice() {
                    [] => format!("after {}", span(*first)),
                    more => format!("after {}, then after {} more", span(*first), more.join(" and ")),
                };
                format!(
                    "The sender must not send, but it asks: {} {} ({waits}) whether the window is still closed, in \
                     case the news that it opened got lost.",
                    frames(&asked),
                    if asked.len() == 1 { "probes" } else { "probe" },
                )
            }
        });
        let held = self.longest_write.filter(|write| write.returned.nanos_since(write.began) >= 100_000_000);
        let held = held.map_or_else(String::new, |write| {
            format!(
                " Write {} of the client had to wait {} in its call: the reader's pace has reached the writer.",
                write.number,
                span(write.returned.nanos_since(write.began))
            )
        });
        sentences.push(format!(
            "As soon as the program reads, frame {} opens the window with {}, and the data flows on.{held}",
            opened.frame,
            count(opened.octets as usize, "octet")
        ));
        Some(sentences)
    }
}

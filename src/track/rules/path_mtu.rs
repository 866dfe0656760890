//! What a router says of segments that were too large, and whether their sender heeds it (RFC 1191, RFC 8201).
//!
//! Rules:
//!   1. all messages about what is under way count, the smallest MTU among them; in IPv6 none below 1280 octets has to be
//!      heeded (RFC 8201, section 4),
//!   2. octets that come again are smaller for the path if they were larger before than the MTU, or the rest of what was, and
//!      are not any more. What was sent since the message may be several packets, captured before the card cut them up, if
//!      it is more than Ethernet carries. A message without an MTU asks for less than what was sent before it,
//!   3. octets that were too large and come again as large within a millisecond of the message answer it, since no timer
//!      waits for it: they were captured before the card cut them up, and what repeats them later has another cause,
//!   4. who sends octets again that are larger than the MTU, when the message must have arrived, does not heed it. What
//!      follows the message at once may be the answer to it.

use std::net::IpAddr;

use super::Evidence;
use super::capture::ETHERNET;
use crate::track::compact::sent::Sent;
use crate::track::direction::step::Case;
use crate::track::vocabulary::finding::{Certainty, Finding};
use crate::wire::frame::{FrameInfo, Timestamp};

/// Nanoseconds within which a message is answered.
const SOON: i64 = 10_000_000;
/// Nanoseconds within which what follows a message is its answer.
const AT_ONCE: i64 = 1_000_000;
/// The least MTU of IPv6.
const LEAST_IPV6: u32 = 1280;

/// The messages of routers about segments that they could not forward.
#[derive(Clone, Copy, Debug)]
pub(super) struct TooBig {
    /// The first numbers of the lowest and of the highest segment.
    from: i64,
    to: i64,
    mtu: Option<u32>,
    /// The latest message.
    latest: FrameInfo,
    /// A frame whose octets come again in smaller pieces, and where the latest of them ends.
    cut: Option<(u64, i64)>,
}

impl Evidence {
    /// Rule 1: a router said that what this end sent from `at` on was too large. `snd_una`: all before it has arrived.
    pub(in crate::track) fn too_big(&mut self, at: i64, snd_una: i64, mtu: Option<u32>, latest: FrameInfo) {
        let told = &mut self.rare().too_big;
        let new = TooBig { from: at, to: at, mtu, latest, cut: None };
        *told = Some(match *told {
            Some(before) => TooBig {
                from: if before.to >= snd_una { before.from.min(at) } else { at },
                to: before.to.max(at),
                mtu: before.mtu.into_iter().chain(mtu).min(),
                latest,
                cut: before.cut,
            },
            None => new,
        });
    }

    /// The smallest MTU that routers named to this end, and the frame of their latest message.
    pub(in crate::track) fn path_mtu(&self) -> Option<(Option<u32>, u64)> {
        let told = self.rare.as_deref()?.too_big.as_ref()?;
        Some((told.mtu, told.latest.number))
    }

    /// Whether a router has said that something was too large since `frame` was captured.
    pub(in crate::track) fn was_too_big_since(&self, frame: u64) -> bool {
        let told = self.rare.as_deref().and_then(|rare| rare.too_big.as_ref());
        told.is_some_and(|told| told.latest.number > frame)
    }
}

impl TooBig {
    /// Rules 2 and 3, for octets the first and the last of which were sent before as `before` and `last`.
    pub(super) fn explains(
        &mut self,
        case: &Case<'_>,
        (start, end): (i64, i64),
        (before, last): (Option<Sent>, Option<Sent>),
    ) -> Option<Certainty> {
        let before = before?;
        let was = packet(case, u32::try_from(before.end - before.start).unwrap_or(u32::MAX));
        let is = packet(case, case.segment.payload_len);
        let earlier = before.frame < self.latest.number;
        // 2.
        let (was_larger, fits) = match self.mtu {
            Some(mtu) => (was > mtu && (earlier || was <= ETHERNET && !self.follows(before.time)), is <= mtu),
            None => (earlier && end > self.from, is < was),
        };
        // 3.
        if was_larger && earlier && !fits && self.follows(case.frame.time) {
            return Some(Certainty::Likely);
        }
        let rest = self.cut == Some((before.frame, start));
        if !fits || !(was_larger || rest) {
            return None;
        }
        self.cut = last.map(|last| (last.frame, end));
        let told = start <= self.to && self.from < end;
        Some(if told { Certainty::Certain } else { Certainty::Likely })
    }

    /// Rule 3: whether what was sent at this time follows the latest message at once.
    fn follows(&self, time: Option<Timestamp>) -> bool {
        let since = time.zip(self.latest.time).map(|(time, told)| time.nanos_since(told));
        since.is_some_and(|since| (0..=AT_ONCE).contains(&since))
    }
}

/// Rule 4, for octets that come again.
pub(super) fn ignored(case: &Case<'_>, own: &Evidence) -> Option<Finding> {
    let told = own.rare.as_deref()?.too_big.as_ref()?;
    let mtu = match case.segment.src.addr {
        IpAddr::V4(_) => told.mtu?,
        IpAddr::V6(_) => told.mtu?.max(LEAST_IPV6),
    };
    let packet_len = packet(case, case.segment.payload_len);
    let since = case.since(told.latest.time)?;
    let answered = own.answers_after().unwrap_or(0).saturating_add(SOON);
    (packet_len > mtu && since > answered).then(|| Finding::MtuIgnored {
        packet_len,
        mtu,
        of: case.earlier(told.latest.number, told.latest.time),
    })
}

/// Octets of the packet that holds so much payload behind the headers of the segment at hand, if IP has no options.
fn packet(case: &Case<'_>, payload_len: u32) -> u32 {
    let ip = if case.segment.src.addr.is_ipv4() { 20 } else { 40 };
    payload_len.saturating_add(u32::from(case.segment.header_len)).saturating_add(ip)
}

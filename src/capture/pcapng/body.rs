//! The body of a block.

use super::super::error::Damage;
use super::super::step::Found;
use super::interface::{Described, options};
use super::{Blocks, ENHANCED_PACKET, INTERFACE, INTERFACES, LARGEST, PACKET, SIMPLE_PACKET, STATISTICS};

const DROPPED_BY_INTERFACE: u16 = 5;
const DROPPED_BY_SYSTEM: u16 = 7;

/// The yield of a block.
#[derive(Debug)]
pub(super) enum Body {
    /// A frame; its place is counted from the start of the body.
    Frame(Found),
    Notice(String),
    /// The next time a frame; its original length is below its captured one, for the first time.
    Odd {
        captured: u32,
        original: u32,
    },
    Broken(Damage),
    Nothing,
}

impl Blocks {
    /// Opens a block. What is not about frames is left aside.
    pub(super) fn open(&mut self, kind: u32, body: &[u8]) -> Body {
        let found = match kind {
            ENHANCED_PACKET => self.enhanced_packet(body),
            SIMPLE_PACKET => self.simple_packet(body),
            PACKET => self.old_packet(body),
            INTERFACE => self.describe(body),
            STATISTICS => self.statistics(body),
            _ => Some(Body::Nothing),
        };
        // Shorter than its fixed part.
        found.unwrap_or(Body::Broken(Damage::BlockBody { needed: fixed_len(kind), have: body.len() as u64 }))
    }

    fn enhanced_packet(&mut self, body: &[u8]) -> Option<Body> {
        let order = self.order;
        let (id, high, low) = (order.u32(body, 0)?, order.u32(body, 4)?, order.u32(body, 8)?);
        let (captured, original) = (order.u32(body, 12)?, order.u32(body, 16)?);
        Some(self.frame(id, Some((high, low)), captured, original, 20, body))
    }

    /// The obsolete packet block: as the enhanced one, with a narrower interface number beside a count of
    /// drops.
    fn old_packet(&mut self, body: &[u8]) -> Option<Body> {
        let order = self.order;
        let (id, high, low) = (u32::from(order.u16(body, 0)?), order.u32(body, 4)?, order.u32(body, 8)?);
        let (captured, original) = (order.u32(body, 12)?, order.u32(body, 16)?);
        Some(self.frame(id, Some((high, low)), captured, original, 20, body))
    }

    /// The simple packet block: of the first interface, without a time, without its captured length.
    fn simple_packet(&mut self, body: &[u8]) -> Option<Body> {
        let original = self.order.u32(body, 0)?;
        let snaplen = self.interfaces.first().map_or(0, |described| described.snaplen);
        let captured = if snaplen == 0 { original } else { original.min(snaplen) };
        Some(self.frame(0, None, captured, original, 4, body))
    }

    /// The one frame of a packet block, whose octets begin `at` octets into the body.
    fn frame(
        &mut self,
        id: u32,
        ticks: Option<(u32, u32)>,
        captured: u32,
        original: u32,
        at: usize,
        body: &[u8],
    ) -> Body {
        let Some(described) = self.interfaces.get(id as usize) else {
            return Body::Broken(Damage::Interface { id, described: self.interfaces.len() });
        };
        if captured as usize > body.len() - at {
            let needed = at as u64 + u64::from(captured);
            return Body::Broken(Damage::BlockBody { needed, have: body.len() as u64 });
        }
        if original < captured && !std::mem::replace(&mut self.lengths_said, true) {
            return Body::Odd { captured, original };
        }
        Body::Frame(Found {
            time: ticks.map(|(high, low)| described.clock.at(u64::from(high) << 32 | u64::from(low))),
            link: described.link,
            interface: id,
            original_len: original.max(captured),
            len: captured,
            at,
        })
    }

    fn describe(&mut self, body: &[u8]) -> Option<Body> {
        let described = Described::read(self.order, body)?;
        if self.interfaces.len() == INTERFACES {
            return Some(Body::Broken(Damage::Interfaces { limit: INTERFACES }));
        }
        let snaplen = if described.snaplen == 0 { LARGEST } else { described.snaplen };
        self.snaplen = self.snaplen.max(snaplen);
        self.interfaces.push(described);
        Some(Body::Nothing)
    }

    /// Counters of an interface since its start; worth a notice where frames were lost.
    fn statistics(&mut self, body: &[u8]) -> Option<Body> {
        let order = self.order;
        let id = order.u32(body, 0)?;
        let counters = body.get(12..)?;
        let Some(described) = self.interfaces.get_mut(id as usize) else { return Some(Body::Nothing) };
        let dropped = options(order, counters)
            .filter(|(code, _)| [DROPPED_BY_INTERFACE, DROPPED_BY_SYSTEM].contains(code))
            .filter_map(|(_, value)| order.u64(value, 0))
            .fold(0u64, u64::saturating_add);
        if dropped == described.dropped {
            return Some(Body::Nothing);
        }
        described.dropped = dropped;
        let frames = if dropped == 1 { "frame" } else { "frames" };
        Some(Body::Notice(format!(
            "the capture lost {dropped} {frames} on interface {}: what is missing may have been on the \
             wire",
            described.called(id)
        )))
    }
}

/// Octets of a body without what varies.
fn fixed_len(kind: u32) -> u64 {
    match kind {
        ENHANCED_PACKET | PACKET => 20,
        SIMPLE_PACKET => 4,
        INTERFACE => 8,
        STATISTICS => 12,
        _ => 0,
    }
}

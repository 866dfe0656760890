//! The usual TTL and IP identifications of one end's packets.

use crate::wire::segment::Segment;

/// The IP identifications and TTLs that one end uses.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::track) struct IpProfile {
    /// TTL of its segments, and how many in a row had it.
    ttl: u8,
    same_ttl: u8,
    /// The end's highest identification, and how many identifications in a row lay near the highest before them.
    id: u16,
    steps: u8,
    /// The identifications that were captured: bit n stands for `id - n`. A `u32` in octets, which need no padding.
    seen: [u8; 4],
    /// What was said once of octets beyond the MSS.
    beyond_mss: u8,
}

/// Identifications further apart than this are not one counter's, or too much lies between.
const NEAR: u16 = 1024;
/// Steps up that make a counter, and equal TTLs that make a usual one.
const USUAL: u8 = 2;
/// The bit of the highest identification itself.
const ITSELF: [u8; 4] = [1, 0, 0, 0];

/// Octets beyond the MSS, more than fit a packet.
pub(in crate::track) const SUPER_SEGMENT: u8 = 1;
/// Octets beyond the MSS that fit a packet.
pub(in crate::track) const OVER_MSS: u8 = 2;

impl IpProfile {
    /// Whether this was said of octets beyond the MSS.
    pub(in crate::track) fn has_said(&self, what: u8) -> bool {
        self.beyond_mss & what != 0
    }

    /// This is said now of octets beyond the MSS. Was it said before?
    pub(in crate::track) fn say(&mut self, what: u8) -> bool {
        let said = self.has_said(what);
        self.beyond_mss |= what;
        said
    }

    /// Takes a segment of this end.
    #[inline]
    pub(in crate::track) fn take(&mut self, segment: &Segment<'_>) {
        let ip = &segment.ip;
        self.same_ttl = if self.ttl == ip.ttl { self.same_ttl.saturating_add(1) } else { 1 };
        self.ttl = ip.ttl;
        let Some(id) = ip.identification.filter(|id| *id != 0) else { return };
        let up = id.wrapping_sub(self.id);
        if self.id != 0 && (1..u32::BITS as u16).contains(&up) {
            // A few steps up, as nearly always.
            self.id = id;
            self.steps = self.steps.saturating_add(1);
            self.seen = (u32::from_le_bytes(self.seen) << up | 1).to_le_bytes();
        } else {
            self.take_any(id);
        }
    }

    /// Takes an identification that is not 0.
    #[inline(never)]
    fn take_any(&mut self, id: u16) {
        if self.id == 0 {
            (self.id, self.seen) = (id, ITSELF);
            return;
        }
        let (up, down) = (id.wrapping_sub(self.id), self.id.wrapping_sub(id));
        let seen = u32::from_le_bytes(self.seen);
        let seen = match (up, down) {
            // A copy tells nothing.
            (0, _) => return,
            (1..=NEAR, _) => {
                self.id = id;
                seen.checked_shl(up.into()).unwrap_or(0) | 1
            }
            // One that is late lies near, too.
            (_, ..=NEAR) => seen | 1_u32.checked_shl(down.into()).unwrap_or(0),
            _ => {
                (self.id, self.seen, self.steps) = (id, ITSELF, 0);
                return;
            }
        };
        self.steps = self.steps.saturating_add(1);
        self.seen = seen.to_le_bytes();
    }

    /// Whether a packet with this identification was captured as one of the latest 32. A packet that is sent anew gets
    /// a new identification, so this one is a copy. `false` where the identification is 0 or not counted up.
    pub(in crate::track) fn has_seen(&self, id: Option<u16>) -> bool {
        self.counts_up() && self.comes_again(id).unwrap_or(false)
    }

    /// Whether a packet with this identification was captured as one of the latest 32, whether or not this end counts
    /// them up. `None` where the identification is 0 or absent.
    pub(in crate::track) fn comes_again(&self, id: Option<u16>) -> Option<bool> {
        let id = id.filter(|id| *id != 0)?;
        let seen = u32::from_le_bytes(self.seen);
        Some(seen.checked_shr(self.id.wrapping_sub(id).into()).is_some_and(|seen| seen & 1 == 1))
    }

    /// Whether this end counts its identifications up, segment by segment.
    pub(in crate::track) fn counts_up(&self) -> bool {
        self.steps >= USUAL
    }

    /// The TTL that its segments have, where they agree.
    pub(in crate::track) fn usual_ttl(&self) -> Option<u8> {
        (self.same_ttl >= USUAL).then_some(self.ttl)
    }

    /// The TTL of its latest segment, where there was one.
    pub(in crate::track) fn latest_ttl(&self) -> Option<u8> {
        (self.same_ttl > 0).then_some(self.ttl)
    }

    /// Whether `id` is none that this end may have counted to since, or shortly before. `false` where it counts none up.
    pub(in crate::track) fn is_foreign(&self, id: u16) -> bool {
        let (up, down) = (id.wrapping_sub(self.id), self.id.wrapping_sub(id));
        self.counts_up() && (id == 0 || up.min(down) > NEAR)
    }

    /// Whether `id` was given before `other`. `None` where the two do not show it: one is 0, they are equal or far
    /// apart, or this end does not count them up.
    pub(in crate::track) fn is_older(&self, id: Option<u16>, other: Option<u16>) -> Option<bool> {
        let (id, other) = id.zip(other).filter(|(id, other)| *id != 0 && *other != 0 && id != other)?;
        let (up, down) = (id.wrapping_sub(other), other.wrapping_sub(id));
        (self.counts_up() && up.min(down) <= NEAR).then_some(down < up)
    }
}

#[cfg(test)]
mod tests;

//! What the packets of one end look like: its TTL, its IP identification.

use crate::wire::segment::Segment;

/// The habits of one end.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::track) struct Habits {
    /// TTL of its segments, and how many in a row had it.
    ttl: u8,
    same_ttl: u8,
    /// Its latest identification, and how many in a row were a step up from the one before.
    id: u16,
    steps: u8,
    /// Said once: octets beyond the MSS.
    pub(super) super_segments: bool,
}

/// Identifications further apart than this are not one counter's, or too much lies between.
const NEAR: u16 = 1024;
/// So many steps up make a counter, so many equal TTLs a habit.
const HABIT: u8 = 2;

impl Habits {
    /// Takes a segment of this end.
    pub(in crate::track) fn take(&mut self, segment: &Segment<'_>) {
        let ip = segment.ip;
        self.same_ttl = if self.ttl == ip.ttl { self.same_ttl.saturating_add(1) } else { 1 };
        self.ttl = ip.ttl;
        let Some(id) = ip.identification.filter(|id| *id != 0) else { return };
        if self.id == 0 {
            self.id = id;
            return;
        }
        let step = id.wrapping_sub(self.id);
        // One that is late steps down, and says nothing against the counter.
        if (1..=NEAR).contains(&step) {
            self.steps = self.steps.saturating_add(1);
        } else if step.wrapping_neg() > NEAR {
            self.steps = 0;
        }
        if step <= u16::MAX / 2 || self.steps == 0 {
            self.id = id;
        }
    }

    /// Does this end count its identifications up, segment by segment?
    pub(in crate::track) fn counts_up(&self) -> bool {
        self.steps >= HABIT
    }

    /// The TTL that its segments have, where they agree.
    pub(super) fn usual_ttl(&self) -> Option<u8> {
        (self.same_ttl >= HABIT).then_some(self.ttl)
    }

    /// Was `id` given before `other`? `None` where they do not tell: one is 0, they are equal or far apart, or this end
    /// does not count them up.
    pub(super) fn is_older(&self, id: Option<u16>, other: Option<u16>) -> Option<bool> {
        let (id, other) = id.zip(other).filter(|(id, other)| *id != 0 && *other != 0 && id != other)?;
        let (up, down) = (id.wrapping_sub(other), other.wrapping_sub(id));
        (self.counts_up() && up.min(down) <= NEAR).then_some(down < up)
    }
}

//! Whether octets are a block. A block states its length before its body and after it, and another block follows.

use super::super::buffer::Buffer;
use super::super::error::Damage;
use super::super::step::Step;
use super::{
    Blocks, CUSTOM, CUSTOM_UNCOPIED, ENHANCED_PACKET, FRAMING, INTERFACE, NAMES, PACKET, SECRETS, SECTION,
    SIMPLE_PACKET, STATISTICS,
};

/// Blocks in a row that nothing but a capture holds.
const CHAIN: usize = 3;

/// How far ahead a chain is followed, in octets.
const AHEAD: usize = 1 << 20;

/// How far a resuming chain is looked for, in octets.
const SEARCH: u64 = 16 << 20;

impl Blocks {
    /// Leaves the damage behind, where blocks go on after it.
    pub(super) fn damaged(&mut self, damage: Damage, buffer: &mut Buffer) -> Step {
        let offset = buffer.offset();
        let resumed = loop {
            buffer.consume(1);
            if buffer.offset() - offset > SEARCH || !buffer.need(FRAMING) {
                break None;
            }
            if self.begins_chain(buffer) {
                break Some(buffer.offset());
            }
        };
        Step::Damaged { offset, damage, resumed }
    }

    /// Whether blocks that leave no doubt begin here: three in a row, or fewer that end with the capture.
    fn begins_chain(&self, buffer: &mut Buffer) -> bool {
        let mut at = 0;
        for step in 0..CHAIN {
            if !buffer.need(at + FRAMING) {
                return step > 0 && buffer.len() == at;
            }
            let Ok(header) = self.header_at(buffer, at) else { return false };
            let known = matches!(
                header.kind,
                SECTION
                    | INTERFACE
                    | PACKET
                    | SIMPLE_PACKET
                    | NAMES
                    | STATISTICS
                    | ENHANCED_PACKET
                    | SECRETS
                    | CUSTOM
                    | CUSTOM_UNCOPIED
            );
            let end = at + header.len as usize;
            if !known || header.is_odd() || end > AHEAD || !buffer.need(end) {
                return false;
            }
            if header.order.u32(buffer.octets(), end - 4) != Some(header.len) {
                return false;
            }
            if header.kind == SECTION {
                // The blocks after it may have another byte order. A section header is evidence enough.
                return true;
            }
            at = end;
        }
        true
    }
}

//! A stream of equal messages, taken apart again: how many were glued into one read, and which were split.

/// Where the messages lie in a piece of a stream.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Pieces {
    /// Octets of a message.
    pub(super) unit: usize,
    /// Octets in front that end a message begun before.
    pub(super) head: usize,
    /// Whole messages.
    pub(super) whole: usize,
    /// Octets behind that begin a message.
    pub(super) tail: usize,
}

/// Finds the messages in a piece that begins `offset` octets into the stream, if it holds the same message at
/// least twice over. The shortest period is taken for the message.
pub(super) fn pieces(octets: &[u8], offset: u64) -> Option<Pieces> {
    let unit = period(octets);
    if unit == 0 || octets.len() < 2 * unit {
        return None;
    }
    let into = usize::try_from(offset % unit as u64).unwrap_or(0);
    let head = if into == 0 { 0 } else { unit - into };
    let rest = octets.len() - head;
    Some(Pieces { unit, head, whole: rest / unit, tail: rest % unit })
}

/// The smallest distance at which the octets repeat: their length, less their longest border (the failure
/// function of Knuth, Morris and Pratt).
fn period(octets: &[u8]) -> usize {
    let mut border = vec![0; octets.len()];
    let mut matched = 0;
    for at in 1..octets.len() {
        while matched > 0 && octets[at] != octets[matched] {
            matched = border[matched - 1];
        }
        if octets[at] == octets[matched] {
            matched += 1;
        }
        border[at] = matched;
    }
    octets.len() - border.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn twenty_messages_in_one_read_are_twenty() {
        let glued = b"Hello!".repeat(20);
        assert_eq!(pieces(&glued, 0), Some(Pieces { unit: 6, head: 0, whole: 20, tail: 0 }));
    }

    #[test]
    fn a_read_that_begins_inside_a_message_has_a_head() {
        let stream = b"Hello!".repeat(50);
        assert_eq!(pieces(&stream[..128], 0), Some(Pieces { unit: 6, head: 0, whole: 21, tail: 2 }));
        assert_eq!(pieces(&stream[128..256], 128), Some(Pieces { unit: 6, head: 4, whole: 20, tail: 4 }));
    }

    #[test]
    fn a_text_that_does_not_repeat_is_one_message() {
        assert_eq!(pieces(b"Hello!", 0), None);
        assert_eq!(pieces(b"", 0), None);
    }

    proptest! {
        #[test]
        fn the_pieces_make_up_the_whole(octets in prop::collection::vec(0..3_u8, 0..64), offset in any::<u64>()) {
            if let Some(found) = pieces(&octets, offset) {
                prop_assert_eq!(found.head + found.whole * found.unit + found.tail, octets.len());
                prop_assert!(found.head < found.unit && found.tail < found.unit);
                prop_assert!((found.unit..octets.len()).all(|at| octets[at] == octets[at - found.unit]));
            }
        }
    }
}

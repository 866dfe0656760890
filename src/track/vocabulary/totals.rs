//! Totals of a whole source.

use crate::wire::frame::{FrameInfo, LinkType};
use crate::wire::source::Losses;

/// Totals of a whole source.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct Totals {
    /// Frames of any kind.
    pub frames: u64,
    /// TCP segments.
    pub segments: u64,
    /// Connections.
    pub connections: u64,
    /// Connections that were evicted from the table before they were over.
    pub evicted: u64,
    /// Frames without a segment, by reason, most frequent first, then by name.
    pub skipped: Vec<(&'static str, u64)>,
    /// First and last frame that have a time.
    pub first: Option<FrameInfo>,
    /// See `first`.
    pub last: Option<FrameInfo>,
    /// The first link type that cannot be decoded.
    pub unknown_link: Option<LinkType>,
    /// Frames that a live source lost; `None` for other sources.
    pub losses: Option<Losses>,
    /// Whether the source was read to its end, or as far as was asked for.
    pub complete: bool,
    /// Why the source was not read completely, in one sentence.
    pub error: Option<String>,
}

impl Totals {
    /// Why no frame could be decoded, in one sentence, where the reason is their link type; `None` otherwise.
    pub fn undecodable(&self) -> Option<String> {
        let link = self.unknown_link?;
        let all = self.skipped.iter().all(|(reason, _)| *reason == "unknown_link");
        (all && self.segments == 0).then(|| {
            let number = format!("link type {}", link.0);
            let name = link.name();
            // A link type without a name is named by its number.
            let name = if name == number { String::new() } else { format!(", {name}") };
            format!("expected a link that carries IP, such as Ethernet, but the frames are of {number}{name}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_type_without_a_name_is_named_once() {
        let reason = |link| {
            let (unknown_link, skipped) = (Some(LinkType(link)), vec![("unknown_link", 1)]);
            Totals { unknown_link, skipped, ..Totals::default() }.undecodable().unwrap()
        };
        assert!(reason(4711).ends_with("are of link type 4711"), "{}", reason(4711));
        assert!(reason(147).contains("are of link type 147"), "{}", reason(147));
    }

    #[test]
    fn a_source_of_which_a_frame_was_decoded_is_not_undecodable() {
        let unknown_link = Some(LinkType(147));
        assert_eq!(Totals { unknown_link, segments: 1, ..Totals::default() }.undecodable(), None);
        let skipped = vec![("unknown_link", 3), ("not_ip", 1)];
        assert_eq!(Totals { unknown_link, skipped, ..Totals::default() }.undecodable(), None);
    }
}

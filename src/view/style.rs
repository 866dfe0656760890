//! How a view for people is to look. Nothing here asks a terminal: whoever builds a [`Style`] has asked.

use crate::explain::Language;

/// The narrowest layout; a smaller width is taken as this one.
pub const MIN_WIDTH: usize = 64;

/// How a view for people is to look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Style {
    /// Columns a line may take.
    pub width: usize,
    /// Whether colour shows what a segment is about: handshake, data, teardown, trouble.
    pub color: bool,
    /// Nothing beyond ASCII, for terminals and files that cannot take it.
    pub ascii: bool,
    /// Sequence and acknowledgement numbers as on the wire, not counted from the ISN.
    pub absolute: bool,
    /// The origin of the time column.
    pub time: TimeFormat,
    /// The level of detail.
    pub detail: Detail,
    /// The octets of each segment beneath it.
    pub hex: bool,
    /// A sentence beneath each segment that says why it was sent.
    pub explain: bool,
    /// The language of sentences.
    pub language: Language,
    /// A line for each UDP datagram, and for each ICMP error about one.
    pub datagrams: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            width: 120,
            color: false,
            ascii: false,
            absolute: false,
            time: TimeFormat::Relative,
            detail: Detail::Segments,
            hex: false,
            explain: false,
            language: Language::default(),
            datagrams: false,
        }
    }
}

impl Style {
    /// The width, no smaller than the narrowest layout.
    pub(super) fn columns(&self) -> usize {
        self.width.max(MIN_WIDTH)
    }
}

/// The origin of the time column.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum TimeFormat {
    /// Seconds since the source's first frame.
    #[default]
    Relative,
    /// Seconds since the frame shown before.
    Delta,
    /// Seconds since 1970-01-01 00:00:00 UTC.
    Epoch,
    /// Date and time of day in UTC (RFC 3339).
    Utc,
}

/// The level of detail.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Detail {
    /// Connections and totals only.
    Connections,
    /// Every segment, and what matters to TCP among the other frames.
    #[default]
    Segments,
    /// Every frame.
    Frames,
}

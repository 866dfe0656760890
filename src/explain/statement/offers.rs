//! The options of a SYN.

use std::fmt::{self, Formatter};

use crate::wire::options::{Options, Value};

/// The offers in the options of a SYN, in the order of the wire: one offer at least.
///
/// A hostile SYN may hold the same option twenty times; words say as many as make a sentence.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Offers<'e> {
    options: Options<'e>,
    /// The number of options to name.
    most: usize,
}

/// One option that a SYN offers, or agrees to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Offer {
    /// Segments to the sender may carry up to so many octets.
    Mss(u16),
    /// The peer's windows may be scaled, while the sender's stay as they are: a shift of 0.
    ScalingOfPeer,
    /// If both ends scale, the sender's windows after the SYN are shifted by so many bits, 14 at most.
    Scaling {
        /// The shift.
        shift: u8,
    },
    /// Gaps may be reported.
    Sack,
    /// Segments carry timestamps.
    Timestamps,
    /// Asks for a Fast Open cookie.
    FastOpenRequest,
    /// Shows or gives a Fast Open cookie.
    FastOpenCookie,
    /// Multipath TCP.
    Multipath,
}

impl Offer {
    fn of(value: Value<'_>) -> Option<Self> {
        Some(match value {
            Value::Mss(octets) => Self::Mss(octets),
            Value::WindowScale(0) => Self::ScalingOfPeer,
            // RFC 7323, section 2.3: a larger shift counts as 14.
            Value::WindowScale(shift) => Self::Scaling { shift: shift.min(14) },
            Value::SackPermitted => Self::Sack,
            Value::Timestamps { .. } => Self::Timestamps,
            Value::FastOpen { cookie: [], .. } => Self::FastOpenRequest,
            Value::FastOpen { .. } => Self::FastOpenCookie,
            Value::Mptcp { .. } => Self::Multipath,
            _ => return None,
        })
    }

    /// Where the option stands.
    pub const fn section(self) -> &'static str {
        match self {
            Self::Mss(_) => "RFC 9293 3.7.1",
            Self::ScalingOfPeer | Self::Scaling { .. } | Self::Timestamps => "RFC 7323",
            Self::Sack => "RFC 2018",
            Self::FastOpenRequest | Self::FastOpenCookie => "RFC 7413",
            Self::Multipath => "RFC 8684",
        }
    }
}

impl<'e> Offers<'e> {
    /// The offers among the options of a SYN, if there are any.
    pub(in crate::explain) fn new(options: Options<'e>) -> Option<Self> {
        let offers = Self { options, most: usize::MAX };
        offers.iter().next().is_some().then_some(offers)
    }

    /// Each offer.
    pub fn iter(self) -> impl Iterator<Item = Offer> + use<'e> {
        let mut options = self.options.iter();
        let offers = std::iter::from_fn(move || options.find_map(|option| Offer::of(option.value)));
        offers.take(self.most)
    }

    /// The first `most` of the offers.
    #[must_use]
    pub fn first(self, most: usize) -> Self {
        Self { most: most.min(self.most), ..self }
    }

    /// The section of each, once.
    pub(super) fn write_sections(self, f: &mut Formatter<'_>) -> fmt::Result {
        for (n, offer) in self.iter().enumerate() {
            if self.iter().take(n).any(|before| before.section() == offer.section()) {
                continue;
            }
            f.write_str(if n == 0 { "" } else { ", " })?;
            f.write_str(offer.section())?;
        }
        Ok(())
    }
}

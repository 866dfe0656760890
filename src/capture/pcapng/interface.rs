//! Interfaces as a section describes them, and the options of blocks.

use crate::wire::frame::LinkType;
use crate::wire::source::Interface;

use super::super::error::printable;
use super::super::octets::Order;
use super::clock::Clock;

const END_OF_OPTIONS: u16 = 0;
const NAME: u16 = 2;
const RESOLUTION: u16 = 9;
const OFFSET: u16 = 14;

/// Characters of a name that are kept.
const NAME_CHARS: usize = 64;

/// An interface of the section.
#[derive(Clone, Debug)]
pub(super) struct Described {
    name: Option<String>,
    pub(super) link: LinkType,
    /// 0: no limit.
    pub(super) snaplen: u32,
    pub(super) clock: Clock,
    /// Frames that the capture lost here, as last reported.
    pub(super) dropped: u64,
}

impl Described {
    /// From the body of an interface description block; `None` where it is too short.
    pub(super) fn read(order: Order, body: &[u8]) -> Option<Self> {
        let link = LinkType(u32::from(order.u16(body, 0)?));
        let snaplen = order.u32(body, 4)?;
        let mut read = Self { name: None, link, snaplen, clock: Clock::default(), dropped: 0 };
        for (code, value) in options(order, &body[8..]) {
            match (code, value) {
                (NAME, name) => read.name = Some(text(name)),
                (RESOLUTION, &[resolution]) => read.clock.set_resolution(resolution),
                (OFFSET, value) if value.len() == 8 => {
                    let seconds = order.u64(value, 0).unwrap_or(0);
                    read.clock.set_offset(seconds.cast_signed());
                }
                _ => {}
            }
        }
        Some(read)
    }

    /// As the source introduces itself.
    pub(super) fn interface(&self) -> Interface {
        Interface {
            name: self.name.clone(),
            link: self.link,
            snaplen: (self.snaplen != 0).then_some(self.snaplen),
        }
    }

    /// What to call interface `id` in a sentence.
    pub(super) fn called(&self, id: u32) -> String {
        self.name.clone().unwrap_or_else(|| id.to_string())
    }
}

/// Options of a block: kind, length, value, padded to four octets. Ends at the end mark, and where an option
/// does not fit.
pub(super) fn options(order: Order, octets: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = octets;
    std::iter::from_fn(move || {
        let code = order.u16(rest, 0)?;
        let len = usize::from(order.u16(rest, 2)?);
        if code == END_OF_OPTIONS {
            return None;
        }
        let value = rest.get(4..4 + len)?;
        rest = rest.get(4 + len.next_multiple_of(4)..).unwrap_or_default();
        Some((code, value))
    })
}

/// Text from a capture: no control characters, no more than needed.
fn text(octets: &[u8]) -> String {
    let octets = octets.split(|octet| *octet == 0).next().unwrap_or_default();
    let octets = &octets[..octets.len().min(4 * NAME_CHARS)];
    String::from_utf8_lossy(octets).chars().take(NAME_CHARS).map(printable).collect()
}

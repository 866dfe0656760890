//! Some octets, decoded from the outermost header to the payload.

use std::net::IpAddr;

use crate::wire::frame::LinkType;
use crate::wire::window::WindowScale;

use super::account::{Account, Context};
use super::envelope::{self, Opened};
use super::start::{self, Guess, Start};

/// Facts about the octets that are given from outside.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Given {
    /// The header with which the octets begin; `None`: to be found out.
    pub start: Option<Start>,
    /// Source and destination, where no IP header says them.
    pub addresses: Option<(IpAddr, IpAddr)>,
    /// The shift of the sender's windows.
    pub scale: Option<WindowScale>,
}

/// Some octets, decoded.
#[derive(Clone, Debug)]
pub struct Decoded<'o> {
    /// All octets.
    pub octets: &'o [u8],
    /// The header with which the octets begin.
    pub start: Start,
    /// The evidence for that header; `None` where the header was given.
    pub since: Option<String>,
    /// The headers around TCP.
    pub opened: Opened,
    /// The TCP header; `None` where there is none.
    pub account: Option<Account<'o>>,
}

impl<'o> Decoded<'o> {
    /// Decodes octets of which nothing more is known than what is `given`.
    pub fn new(octets: &'o [u8], given: Given) -> Self {
        let (start, since) = match given.start {
            Some(start) => (start, None),
            None => {
                let Guess { start, since } = start::find(octets);
                (start, Some(since))
            }
        };
        Self::of(octets, start, since, envelope::open(octets, start), given)
    }

    /// Decodes a captured frame that had `original_len` octets on the wire.
    pub fn of_frame(octets: &'o [u8], link: LinkType, original_len: usize, given: Given) -> Self {
        if given.start.is_some() {
            return Self::new(octets, given);
        }
        let start = match link {
            LinkType::RAW | LinkType::RAW_12 | LinkType::RAW_14 | LinkType::IPV4 | LinkType::IPV6 => {
                Start::Ip
            }
            _ => Start::Ethernet,
        };
        Self::of(octets, start, None, envelope::open_frame(octets, link, original_len), given)
    }

    fn of(octets: &'o [u8], start: Start, since: Option<String>, opened: Opened, given: Given) -> Self {
        let account = opened.tcp.clone().and_then(|range| octets.get(range)).map(|tcp| {
            let context = Context {
                addresses: opened.addresses.or(given.addresses),
                scale: given.scale,
                wire_len: (opened.tcp_len > tcp.len()).then_some(opened.tcp_len),
                fragment: opened.fragment,
                unbounded: start == Start::Tcp,
            };
            Account::new(tcp, context)
        });
        Self { octets, start, since, opened, account }
    }

    /// Whether there is a TCP header whose fixed fields are all there.
    pub fn is_segment(&self) -> bool {
        self.account.as_ref().is_some_and(|account| account.octets.len() >= super::account::FIXED_LEN)
    }
}

//! Addresses and numbers of the link and of IP, as people write them.

use std::fmt;

use crate::wire::layers::{ethertype_name, protocol_name};

/// `02:00:00:00:00:01`.
pub(super) struct Mac<'a>(pub(super) &'a [u8]);

impl fmt::Display for Mac<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, octet) in self.0.iter().enumerate() {
            write!(f, "{}{octet:02x}", if n > 0 { ":" } else { "" })?;
        }
        Ok(())
    }
}

/// An EtherType: its number, and the name where one is known.
pub(super) struct EtherType(pub(super) u16);

impl fmt::Display for EtherType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match ethertype_name(self.0) {
            Some(name) => write!(f, "EtherType {:#06x} ({name})", self.0),
            None if self.0 < 0x0600 => write!(f, "an IEEE 802.3 length of {}", self.0),
            None => write!(f, "EtherType {:#06x}", self.0),
        }
    }
}

/// An IP protocol: its number, and the name where one is known.
pub(super) struct Protocol(pub(super) u8);

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match protocol_name(self.0) {
            Some(name) => write!(f, "protocol {} ({name})", self.0),
            None => write!(f, "protocol {}", self.0),
        }
    }
}

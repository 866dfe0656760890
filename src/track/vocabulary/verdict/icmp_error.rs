//! An ICMP error about a segment of a connection.

use std::net::IpAddr;

/// Who said what: an ICMP error (RFC 792; RFC 4443). Anybody who knows the numbers of a connection can forge one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct IcmpError {
    /// The sender of the message.
    pub from: IpAddr,
    /// Its type field.
    pub kind: u8,
    /// Its code field.
    pub code: u8,
}

impl IcmpError {
    /// What `from` says with this type and code.
    pub const fn new(from: IpAddr, kind: u8, code: u8) -> Self {
        Self { from, kind, code }
    }
}

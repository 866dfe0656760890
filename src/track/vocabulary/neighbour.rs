//! What the connections of a capture know of each other: how each began, and how far each came.
//!
//! A connection is judged by what it shows itself; some of what ails it is shown by others alone. The tracker tells these
//! digests, and whoever has them all puts them together.

use super::flow::Endpoints;
use crate::wire::flags::Flags;
use crate::wire::frame::{FrameInfo, Timestamp};
use crate::wire::path::Path;
use crate::wire::segment::{Endpoint, Segment};
use crate::wire::seq::SeqNumber;

/// The first segment of a connection, as far as it distinguishes the connection from others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct First {
    /// The connection's number.
    pub connection: u64,
    /// When the segment was seen.
    pub time: Option<Timestamp>,
    /// The sender.
    pub src: Endpoint,
    /// The receiver.
    pub dst: Endpoint,
    /// VLAN and tunnel.
    pub path: Path,
    /// The sequence number; of a SYN, the ISN.
    pub seq: SeqNumber,
    /// The acknowledgement number as it stands in the header.
    pub ack: SeqNumber,
    /// The control bits.
    pub flags: Flags,
    /// Octets of payload on the wire.
    pub payload_len: u32,
    /// The sender's clock (RFC 7323, section 3), where the segment has it.
    pub tsval: Option<u32>,
    /// The IP identification; `None` in IPv6 and where it is 0, which many senders use for all packets.
    pub identification: Option<u16>,
}

impl First {
    /// What the segment of a frame says, with which the connection begins.
    pub(in crate::track) fn new(connection: u64, frame: FrameInfo, segment: &Segment<'_>) -> Self {
        Self {
            connection,
            time: frame.time,
            src: segment.src,
            dst: segment.dst,
            path: segment.path,
            seq: segment.seq,
            ack: segment.ack_field,
            flags: segment.flags,
            payload_len: segment.payload_len,
            tsval: segment.options.said().stamps.map(|(tsval, _)| tsval),
            identification: segment.ip.identification.filter(|id| *id != 0),
        }
    }

    /// Whether it is a SYN without ACK, which asks for a connection.
    pub fn is_bare_syn(&self) -> bool {
        self.flags.syn() && !self.flags.ack() && !self.flags.rst()
    }
}

/// How far a connection came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Neighbour {
    /// The connection's number.
    pub connection: u64,
    /// The client's and the server's endpoints.
    pub endpoints: Endpoints,
    /// When the first segment was seen.
    pub start: Option<Timestamp>,
    /// When the latest segment was seen.
    pub end: Option<Timestamp>,
    /// The client's and the server's first number: the ISN, or the first octet seen.
    pub numbers: [Option<SeqNumber>; 2],
    /// Segments of the client and of the server.
    pub segments: [u32; 2],
    /// Whether the server accepted: a SYN,ACK was seen, or the server spoke in a connection that had begun before.
    pub answered: bool,
    /// Whether the server acknowledged more than the client's SYN.
    pub served: bool,
    /// Whether the client's octets are acknowledged, and the server's program did nothing with the connection: it neither
    /// spoke nor closed. The system's queue may still hold it.
    pub queued: bool,
    /// Whether all that the client sent is acknowledged.
    pub acknowledged: bool,
}

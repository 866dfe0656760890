//! The `notice` record: what is worth knowing about the capture, or about a frame without a segment.

use std::fmt::{self, Display};
use std::net::IpAddr;

use crate::wire::flags::Flags;
use crate::wire::frame::Frame;
use crate::wire::skip::{CutHeader, Icmp, Malformed, Quote, Quoted, Skip};
use crate::wire::source::Notice;

use super::name;
use super::put::{Put, Text, object};

/// A value that is not known.
const UNKNOWN: Option<u64> = None;

/// Writes a notice of the capture.
pub(super) fn capture(line: &mut Vec<u8>, notice: &Notice) {
    object!(line, {
        "type": "notice",
        "kind": "capture",
        "frame": notice.frame,
        "time": UNKNOWN,
        "connection": UNKNOWN,
        "message": Text(&notice.message),
    });
}

/// Writes what is worth a line about a frame without a segment, if anything is; most are only counted.
pub(super) fn skip(line: &mut Vec<u8>, frame: &Frame<'_>, skip: &Skip, connection: Option<u64>) {
    macro_rules! notice {
        ($kind:literal, $connection:expr, $message:expr, $($key:literal: $value:expr),*) => {
            object!(line, {
                "type": "notice",
                "kind": $kind,
                "frame": frame.number,
                "time": frame.time,
                "connection": $connection,
                "message": Text($message),
                $($key: $value),*
            })
        };
    }
    match skip {
        Skip::Malformed(malformed) => notice!(
            "malformed", UNKNOWN, Sentence::Malformed(malformed),
            "layer": name::layer(malformed.layer),
            "offset": malformed.offset,
            "needed": malformed.needed,
            "have": malformed.have
        ),
        Skip::CutHeader(cut) => notice!("cut_header", UNKNOWN, Sentence::Cut(cut), "header": *cut),
        Skip::Icmp(icmp @ Icmp { quoted: Quoted::Segment(quote), .. }) => notice!(
            "icmp_error", connection, Sentence::Icmp(icmp, quote),
            "icmp": Quoting(icmp, quote)
        ),
        _ => {}
    }
}

/// Writes an ICMP error about a UDP datagram; nothing where it is about something else.
pub(super) fn error_about_a_datagram(line: &mut Vec<u8>, frame: &Frame<'_>, icmp: &Icmp) {
    let Some(quote) = icmp.datagram() else { return };
    object!(line, {
        "type": "notice",
        "kind": "icmp_error_udp",
        "frame": frame.number,
        "time": frame.time,
        "connection": UNKNOWN,
        "message": Text(Sentence::IcmpOfUdp(icmp, quote)),
        "icmp": Quoting(icmp, quote),
    });
}

/// The sentence of a notice, for readers.
enum Sentence<'s> {
    Malformed(&'s Malformed),
    Cut(&'s CutHeader),
    Icmp(&'s Icmp, &'s Quote),
    IcmpOfUdp(&'s Icmp, &'s Quote),
}

impl Display for Sentence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(Malformed { layer, offset, needed, have }) => {
                let layer = name::layer(*layer);
                write!(f, "the {layer} header at octet {offset} needs {needed} octets and has {have}")
            }
            Self::Cut(CutHeader { captured, .. }) => {
                write!(
                    f,
                    "the capture holds {captured} octets of the TCP header, too few to follow the segment"
                )
            }
            Self::Icmp(icmp, quote) | Self::IcmpOfUdp(icmp, quote) => {
                let what = if matches!(self, Self::Icmp(..)) { "segment" } else { "datagram" };
                let Icmp { src, kind, code, .. } = icmp;
                write!(f, "{src} sent an ICMP error, type {kind} code {code}, about a {what} ")?;
                write!(f, "from {} to {}", quote.src, quote.dst)
            }
        }
    }
}

/// An ICMP error and the segment or datagram that it is about.
struct Quoting<'s>(&'s Icmp, &'s Quote);

impl Put for Quoting<'_> {
    fn put(&self, line: &mut Vec<u8>) {
        let Self(icmp, quote) = self;
        object!(line, {
            "src": icmp.src,
            "dst": icmp.dst,
            "type": icmp.kind,
            "code": icmp.code,
            "mtu": icmp.mtu,
            "quoted": **quote,
        });
    }
}

impl Put for Quote {
    fn put(&self, line: &mut Vec<u8>) {
        object!(line, { "src": self.src, "dst": self.dst, "path": self.path, "seq": self.seq });
    }
}

/// The fields of a cut TCP header, as far as they were captured.
impl Put for CutHeader {
    fn put(&self, line: &mut Vec<u8>) {
        let octets = self.octets.get(..usize::from(self.captured)).unwrap_or_default();
        let two = |at: usize| octets.get(at..at + 2).map(|o| u16::from_be_bytes([o[0], o[1]]));
        let four = |at: usize| octets.get(at..at + 4).map(|o| u32::from_be_bytes([o[0], o[1], o[2], o[3]]));
        object!(line, {
            "src": CutSocket(self.src, two(0)),
            "dst": CutSocket(self.dst, two(2)),
            "captured_len": self.captured,
            "seq": four(4),
            "ack_field": four(8),
            "header_len": octets.get(12).map(|octet| (octet >> 4) * 4),
            "flags": two(12).map(Flags::from_bits),
        });
    }
}

/// An address, and the port where it was captured.
struct CutSocket(IpAddr, Option<u16>);

impl Put for CutSocket {
    fn put(&self, line: &mut Vec<u8>) {
        object!(line, { "addr": self.0, "port": self.1 });
    }
}

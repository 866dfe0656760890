//! The `notice` record: what is worth knowing about the capture, or about a frame without a segment.

use std::net::IpAddr;

use serde::{Serialize, Serializer};

use crate::wire::flags::Flags;
use crate::wire::frame::Frame;
use crate::wire::path::Path;
use crate::wire::skip::{CutHeader, Icmp, Malformed, Quote, Skip};
use crate::wire::source::Notice;

use super::name;
use super::value::{self, Socket, Time};

#[derive(Serialize)]
#[serde(tag = "type", rename = "notice")]
pub(super) struct NoticeRecord<'n> {
    kind: &'static str,
    frame: Option<u64>,
    time: Option<Time>,
    connection: Option<u64>,
    message: Message<'n>,
    #[serde(flatten)]
    detail: Detail,
}

/// The kinds of notice.
#[cfg(test)]
pub(super) const KINDS: [&str; 4] = ["capture", "malformed", "cut_header", "icmp_error"];

/// What a program may want to know beyond the sentence.
#[derive(Serialize)]
#[serde(untagged)]
enum Detail {
    None {},
    Malformed { layer: &'static str, offset: u32, needed: u32, have: u32 },
    Cut { header: CutFields },
    Icmp { icmp: IcmpFields },
}

/// The fields of a cut TCP header, as far as they were captured.
#[derive(Clone, Copy, Serialize)]
struct CutFields {
    src: CutSocket,
    dst: CutSocket,
    captured_len: u8,
    seq: Option<u32>,
    ack_field: Option<u32>,
    header_len: Option<u8>,
    #[serde(serialize_with = "flags_if_known")]
    flags: Option<Flags>,
}

#[derive(Clone, Copy, Serialize)]
struct CutSocket {
    addr: IpAddr,
    port: Option<u16>,
}

#[derive(Clone, Copy, Serialize)]
struct IcmpFields {
    src: IpAddr,
    dst: IpAddr,
    #[serde(rename = "type")]
    kind: u8,
    code: u8,
    mtu: Option<u32>,
    quoted: QuotedFields,
}

#[derive(Clone, Copy, Serialize)]
struct QuotedFields {
    src: Socket,
    dst: Socket,
    #[serde(serialize_with = "value::path")]
    path: Path,
    seq: Option<u32>,
}

/// A sentence, formatted while it is written.
struct Message<'n>(Sentence<'n>);

enum Sentence<'n> {
    Given(&'n str),
    Malformed(Malformed),
    Cut(u8),
    Icmp(Icmp, Quote),
}

impl<'n> NoticeRecord<'n> {
    /// What is worth a line about a frame without a segment; most are only counted.
    pub(super) fn of_skip(frame: &Frame<'_>, skip: &Skip, connection: Option<u64>) -> Option<Self> {
        let (kind, sentence, detail) = match *skip {
            Skip::Malformed(malformed) => {
                let Malformed { layer, offset, needed, have } = malformed;
                let layer = name::layer(layer);
                (
                    "malformed",
                    Sentence::Malformed(malformed),
                    Detail::Malformed { layer, offset, needed, have },
                )
            }
            Skip::CutHeader(cut) => {
                ("cut_header", Sentence::Cut(cut.captured), Detail::Cut { header: (&cut).into() })
            }
            Skip::Icmp(icmp @ Icmp { quoted: Some(quote), .. }) => {
                let Icmp { src, dst, kind, code, mtu, .. } = icmp;
                let quoted = QuotedFields {
                    src: quote.src.into(),
                    dst: quote.dst.into(),
                    path: quote.path,
                    seq: quote.seq.map(|seq| seq.0),
                };
                let icmp_fields = IcmpFields { src, dst, kind, code, mtu, quoted };
                ("icmp_error", Sentence::Icmp(icmp, quote), Detail::Icmp { icmp: icmp_fields })
            }
            _ => return None,
        };
        let (number, time) = (Some(frame.number), frame.time.map(Time));
        Some(Self { kind, frame: number, time, connection, message: Message(sentence), detail })
    }
}

impl<'n> From<&'n Notice> for NoticeRecord<'n> {
    fn from(notice: &'n Notice) -> Self {
        Self {
            kind: "capture",
            frame: notice.frame,
            time: None,
            connection: None,
            message: Message(Sentence::Given(&notice.message)),
            detail: Detail::None {},
        }
    }
}

impl From<&CutHeader> for CutFields {
    fn from(cut: &CutHeader) -> Self {
        let octets = cut.octets.get(..usize::from(cut.captured)).unwrap_or_default();
        let port = |at: usize| octets.get(at..at + 2).map(|o| u16::from_be_bytes([o[0], o[1]]));
        let number = |at: usize| octets.get(at..at + 4).map(|o| u32::from_be_bytes([o[0], o[1], o[2], o[3]]));
        Self {
            src: CutSocket { addr: cut.src, port: port(0) },
            dst: CutSocket { addr: cut.dst, port: port(2) },
            captured_len: cut.captured,
            seq: number(4),
            ack_field: number(8),
            header_len: octets.get(12).map(|octet| (octet >> 4) * 4),
            flags: port(12).map(Flags::from_bits),
        }
    }
}

fn flags_if_known<S: Serializer>(flags: &Option<Flags>, serializer: S) -> Result<S::Ok, S::Error> {
    match flags {
        Some(flags) => value::flags(flags, serializer),
        None => serializer.serialize_none(),
    }
}

impl Serialize for Message<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Sentence::Given(message) => serializer.serialize_str(message),
            Sentence::Malformed(Malformed { layer, offset, needed, have }) => {
                let layer = name::layer(*layer);
                serializer.collect_str(&format_args!(
                    "the {layer} header at octet {offset} needs {needed} octets and has {have}"
                ))
            }
            Sentence::Cut(captured) => serializer.collect_str(&format_args!(
                "the capture holds {captured} octets of the TCP header, too few to follow the segment"
            )),
            Sentence::Icmp(icmp, quote) => serializer.collect_str(&format_args!(
                "{} sent an ICMP error, type {} code {}, about a segment from {} to {}",
                icmp.src, icmp.kind, icmp.code, quote.src, quote.dst
            )),
        }
    }
}

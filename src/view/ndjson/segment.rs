//! The `segment` record.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::track::event::Event;
use crate::track::label::{Analysis, Labels};
use crate::track::state::States;
use crate::wire::flags::Flags;
use crate::wire::options::{Options, SackBlocks, TcpOption, Value};
use crate::wire::path::Path;

use super::name;
use super::value::{self, Hex, Socket, Time};

#[derive(Serialize)]
#[serde(tag = "type", rename = "segment")]
pub(super) struct SegmentRecord<'e> {
    frame: u64,
    time: Option<Time>,
    connection: u64,
    from: &'static str,
    src: Socket,
    dst: Socket,
    #[serde(serialize_with = "value::path")]
    path: Path,
    ip: Ip,
    seq: u32,
    ack: Option<u32>,
    relative_seq: i64,
    relative_ack: Option<i64>,
    #[serde(serialize_with = "value::flags")]
    flags: Flags,
    reserved: u8,
    window: u16,
    window_scaled: Option<u32>,
    urgent: Option<u16>,
    header_len: u8,
    payload_len: u32,
    captured_payload_len: usize,
    #[serde(serialize_with = "options")]
    options: Options<'e>,
    checksum: &'static str,
    delivery: Octets,
    newly_acked: u64,
    #[serde(serialize_with = "value::labels")]
    labels: Labels,
    #[serde(serialize_with = "value::analysis")]
    analysis: Analysis,
    duplicate_ack: Option<u32>,
    #[serde(serialize_with = "value::states")]
    state: States,
}

#[derive(Serialize)]
struct Ip {
    ttl: u8,
    id: Option<u16>,
    ecn: u8,
}

/// Octets of sequence space.
#[derive(Serialize)]
struct Octets {
    new: u64,
    repeated: u64,
    gap: u64,
}

impl<'e> From<&Event<'e>> for SegmentRecord<'e> {
    fn from(event: &Event<'e>) -> Self {
        let segment = event.segment;
        Self {
            frame: event.frame.number,
            time: event.frame.time.map(Time),
            connection: event.connection,
            from: event.from.name(),
            src: segment.src.into(),
            dst: segment.dst.into(),
            path: segment.path,
            ip: Ip { ttl: segment.ip.ttl, id: segment.ip.identification, ecn: segment.ip.ecn },
            seq: segment.seq.0,
            ack: segment.ack().map(|ack| ack.0),
            relative_seq: event.relative_seq,
            relative_ack: event.relative_ack,
            flags: segment.flags,
            reserved: segment.reserved,
            window: segment.window.0,
            window_scaled: event.window.map(|window| window.0),
            urgent: segment.urgent,
            header_len: segment.header_len,
            payload_len: segment.payload_len,
            captured_payload_len: segment.payload.len(),
            options: segment.options,
            checksum: name::checksum(segment.checksum()),
            delivery: Octets {
                new: event.delivery.new,
                repeated: event.delivery.repeated,
                gap: event.delivery.gap,
            },
            newly_acked: event.newly_acked,
            labels: event.labels,
            analysis: event.analysis,
            duplicate_ack: (event.duplicate_ack > 0).then_some(event.duplicate_ack),
            state: event.states,
        }
    }
}

fn options<S: Serializer>(options: &Options<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(options.iter().map(Opt))
}

/// One option as an object: `kind`, `name`, then what it says.
struct Opt<'a>(TcpOption<'a>);

/// The names an option can have.
#[cfg(test)]
pub(super) const OPTIONS: [&str; 16] = [
    "end_of_options",
    "nop",
    "mss",
    "window_scale",
    "sack_permitted",
    "sack",
    "timestamps",
    "fast_open",
    "mptcp",
    "md5",
    "authentication",
    "user_timeout",
    "accurate_ecn",
    "unknown",
    "malformed",
    "cut",
];

impl Serialize for Opt<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Option", 5)?;
        object.serialize_field("kind", &self.0.kind)?;
        match self.0.value {
            Value::EndOfOptions => object.serialize_field("name", "end_of_options")?,
            Value::Nop => object.serialize_field("name", "nop")?,
            Value::Mss(mss) => {
                object.serialize_field("name", "mss")?;
                object.serialize_field("mss", &mss)?;
            }
            Value::WindowScale(shift) => {
                object.serialize_field("name", "window_scale")?;
                object.serialize_field("shift", &shift)?;
            }
            Value::SackPermitted => object.serialize_field("name", "sack_permitted")?,
            Value::Sack(blocks) => {
                object.serialize_field("name", "sack")?;
                object.serialize_field("blocks", &Blocks(blocks))?;
            }
            Value::Timestamps { tsval, tsecr } => {
                object.serialize_field("name", "timestamps")?;
                object.serialize_field("tsval", &tsval)?;
                object.serialize_field("tsecr", &tsecr)?;
            }
            Value::FastOpen { cookie, experimental } => {
                object.serialize_field("name", "fast_open")?;
                object.serialize_field("cookie", &Hex(cookie))?;
                object.serialize_field("experimental", &experimental)?;
            }
            Value::Mptcp { subtype, data } => {
                object.serialize_field("name", "mptcp")?;
                object.serialize_field("subtype", &subtype)?;
                object.serialize_field("data", &Hex(data))?;
            }
            Value::Md5(digest) => {
                object.serialize_field("name", "md5")?;
                object.serialize_field("digest", &Hex(digest))?;
            }
            Value::Authentication { key_id, next_key_id, mac } => {
                object.serialize_field("name", "authentication")?;
                object.serialize_field("key_id", &key_id)?;
                object.serialize_field("next_key_id", &next_key_id)?;
                object.serialize_field("mac", &Hex(mac))?;
            }
            Value::UserTimeout { minutes, value } => {
                object.serialize_field("name", "user_timeout")?;
                object.serialize_field("timeout", &(u32::from(value) * if minutes { 60 } else { 1 }))?;
                object.serialize_field("unit", if minutes { "minutes" } else { "seconds" })?;
            }
            Value::AccEcn { ect1_first, counters } => {
                object.serialize_field("name", "accurate_ecn")?;
                object.serialize_field("ect1_first", &ect1_first)?;
                object.serialize_field("counters", &Counters(counters))?;
            }
            Value::Unknown(data) => {
                object.serialize_field("name", "unknown")?;
                object.serialize_field("data", &Hex(data))?;
            }
            Value::Malformed(data) => {
                object.serialize_field("name", "malformed")?;
                object.serialize_field("data", &Hex(data))?;
            }
            Value::Cut(data) => {
                object.serialize_field("name", "cut")?;
                object.serialize_field("data", &Hex(data))?;
            }
        }
        object.end()
    }
}

/// SACK blocks as pairs of sequence numbers.
struct Blocks<'a>(SackBlocks<'a>);

impl Serialize for Blocks<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|(left, right)| [left.0, right.0]))
    }
}

/// Counters of 24 bits, in wire order (RFC 9768, section 3.2.3).
struct Counters<'a>(&'a [u8]);

impl Serialize for Counters<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let counters = self.0.chunks_exact(3).map(|c| u32::from_be_bytes([0, c[0], c[1], c[2]]));
        serializer.collect_seq(counters)
    }
}

//! The `segment` record.

use crate::track::congestion::Phase;
use crate::track::event::{Delivery, Event};
use crate::wire::options::{Options, SackBlocks, TcpOption, Value};
use crate::wire::segment::IpFacts;

use super::finding::OfSegment;
use super::name;
use super::put::{Hex, Put, Seconds, array, object};

/// Writes the record of one segment.
pub(super) fn write(line: &mut Vec<u8>, event: &Event<'_>) {
    let segment = event.segment;
    object!(line, {
        "type": "segment",
        "frame": event.frame.number,
        "time": event.frame.time,
        "connection": event.connection,
        "from": event.from.name(),
        "src": segment.src,
        "dst": segment.dst,
        "path": segment.path,
        "ip": segment.ip,
        "seq": segment.seq,
        "ack": segment.ack(),
        "relative_seq": event.relative_seq,
        "relative_ack": event.relative_ack,
        "flags": segment.flags,
        "reserved": segment.reserved,
        "window": segment.window,
        "window_scaled": event.window,
        "urgent": segment.urgent,
        "header_len": segment.header_len,
        "payload_len": segment.payload_len,
        "captured_payload_len": segment.payload.len(),
        "options": segment.options,
        "checksum": name::checksum(segment.checksum()),
        "delivery": event.delivery,
        "newly_acked": event.newly_acked,
        "rtt": event.measured.rtt.map(Seconds),
        "acks_frame": event.measured.acks_frame,
        "in_flight": event.measured.in_flight,
        "in_flight_less_sacked": event.measured.in_flight_less_sacked,
        "phase": event.measured.phase.map(Phase::name),
        "cwnd": event.measured.cwnd,
        "labels": event.labels,
        "analysis": event.analysis,
        "duplicate_ack": (event.duplicate_ack > 0).then_some(event.duplicate_ack),
        "findings": OfSegment(event.findings),
        "state": event.states,
    });
}

impl Put for IpFacts {
    fn put(&self, line: &mut Vec<u8>) {
        object!(line, { "ttl": self.ttl, "id": self.identification, "ecn": self.ecn });
    }
}

impl Put for Delivery {
    fn put(&self, line: &mut Vec<u8>) {
        // Most of all.
        if (self.filled, self.repeated, self.gap) == (0, 0, 0) {
            line.extend_from_slice(br#"{"new":"#);
            self.new.put(line);
            return line.extend_from_slice(br#","filled":0,"repeated":0,"gap":0}"#);
        }
        object!(line, { "new": self.new, "filled": self.filled, "repeated": self.repeated, "gap": self.gap });
    }
}

impl Put for Options<'_> {
    fn put(&self, line: &mut Vec<u8>) {
        // Most of all.
        if let Some((tsval, tsecr)) = self.padded_stamps().filter(|_| !self.cut()) {
            line.extend_from_slice(br#"[{"kind":1,"name":"nop"},{"kind":1,"name":"nop"},"#);
            object!(line, { "kind": 8_u8, "name": "timestamps", "tsval": tsval, "tsecr": tsecr });
            return line.push(b']');
        }
        array(line, self.iter());
    }
}

/// One option: `kind`, `name`, then what it says.
impl Put for TcpOption<'_> {
    fn put(&self, line: &mut Vec<u8>) {
        macro_rules! option {
            ($name:literal $(, $key:literal: $value:expr)*) => {
                object!(line, { "kind": self.kind, "name": $name $(, $key: $value)* })
            };
        }
        match self.value {
            Value::EndOfOptions => option!("end_of_options"),
            Value::Nop => option!("nop"),
            Value::Mss(mss) => option!("mss", "mss": mss),
            Value::WindowScale(shift) => option!("window_scale", "shift": shift),
            Value::SackPermitted => option!("sack_permitted"),
            Value::Sack(blocks) => option!("sack", "blocks": blocks),
            Value::Timestamps { tsval, tsecr } => option!("timestamps", "tsval": tsval, "tsecr": tsecr),
            Value::FastOpen { cookie, experimental } => {
                option!("fast_open", "cookie": Hex(cookie), "experimental": experimental)
            }
            Value::Mptcp { subtype, data } => option!("mptcp", "subtype": subtype, "data": Hex(data)),
            Value::Md5(digest) => option!("md5", "digest": Hex(digest)),
            Value::Authentication { key_id, next_key_id, mac } => {
                option!("authentication", "key_id": key_id, "next_key_id": next_key_id, "mac": Hex(mac))
            }
            Value::UserTimeout { minutes, value } => {
                let (unit, seconds) = if minutes { ("minutes", 60) } else { ("seconds", 1) };
                option!("user_timeout", "timeout": u32::from(value) * seconds, "unit": unit)
            }
            Value::AccEcn { ect1_first, counters } => {
                option!("accurate_ecn", "ect1_first": ect1_first, "counters": Counters(counters))
            }
            Value::Unknown(data) => option!("unknown", "data": Hex(data)),
            Value::Malformed(data) => option!("malformed", "data": Hex(data)),
            Value::Cut(data) => option!("cut", "data": Hex(data)),
        }
    }
}

/// SACK blocks as pairs of sequence numbers.
impl Put for SackBlocks<'_> {
    fn put(&self, line: &mut Vec<u8>) {
        struct Pair([u32; 2]);
        impl Put for Pair {
            fn put(&self, line: &mut Vec<u8>) {
                array(line, self.0.into_iter());
            }
        }
        array(line, self.iter().map(|(left, right)| Pair([left.0, right.0])));
    }
}

/// Counters of 24 bits, in wire order (RFC 9768, section 3.2.3).
struct Counters<'a>(&'a [u8]);

impl Put for Counters<'_> {
    fn put(&self, line: &mut Vec<u8>) {
        array(line, self.0.chunks_exact(3).map(|c| u32::from_be_bytes([0, c[0], c[1], c[2]])));
    }
}

//! The record `segment`. It is written by hand (`view::ndjson`), in this order.

use crate::track::congestion::Phase;

use super::finding::FINDING;
use super::name;
use super::names;
use super::option::OPTION;
use super::parts::{DELIVERY, ENDPOINT, IP, PATH, STATES};
use super::shape::{COUNT, FRAME, Known, Shape, Type, U16, U32, Unit, rows};
use super::value::{List, Object, Value, nanos};

/// The largest window: 65,535 octets shifted by 14 bits (RFC 7323, section 2.3).
const LARGEST_WINDOW: i64 = 0xffff << 14;

/// One TCP segment.
pub static SEGMENT: Shape = Shape {
    name: "segment_record",
    about: "One TCP segment, in the order of the capture",
    variants: &[],
    fields: &rows! { Segment:
        "frame": FRAME, |event| event.frame.number.into(),
            "Number of the frame in the capture, from 1; every frame counts"
            => alias(&["frame.number"]) known(Known::Segment);
        "time": Type::Time, |event| event.frame.time.into(),
            "When the frame was seen; `null` where the capture does not say"
            => alias(&["frame.time_epoch"]) known(Known::Segment) or_null();
        "connection": COUNT, |event| event.connection.into(),
            "Number of the connection, from 0 in order of first appearance; joins with `connection.id`"
            => alias(&["tcp.stream"]) known(Known::Segment);
        "from": Type::Name(&names::SIDE), |event| event.from.name().into(),
            "Who sent it: `client` or `server`"
            => known(Known::Segment);
        "src": Type::Object(&ENDPOINT), |event| (&event.segment.src).into(), "Its sender"
            => alias(&["ip.src", "ipv6.src", "tcp.srcport"]) known(Known::Segment);
        "dst": Type::Object(&ENDPOINT), |event| (&event.segment.dst).into(), "Its receiver"
            => alias(&["ip.dst", "ipv6.dst", "tcp.dstport"]) known(Known::Segment);
        "path": Type::Object(&PATH), |event| (&event.segment.path).into(),
            "VLANs and tunnel around the packet; `null`: none"
            => known(Known::Segment) or_null();
        "ip": Type::Object(&IP), |event| Value::Object(Object::Ip(&event.segment.ip)),
            "What the IP header says"
            => known(Known::Segment);
        "seq": U32, |event| event.segment.seq.into(), "The sequence number as on the wire"
            => alias(&["tcp.seq_raw"]) known(Known::Segment) source("RFC 9293, section 3.1");
        "ack": U32, |event| event.segment.ack().into(),
            "The acknowledgement number as on the wire; `null` where the ACK bit is clear"
            => alias(&["tcp.ack_raw"]) known(Known::Segment) or_null() source("RFC 9293, section 3.1");
        "relative_seq": Type::Whole(None, None), |event| Value::Signed(event.relative_seq),
            "The sequence number counted from the sender's initial one, or from the first octet seen where \
             the SYN was not captured; beyond 2^32 it goes on, before the start it is negative"
            => alias(&["tcp.seq"]) known(Known::Segment);
        "relative_ack": Type::Whole(None, None), |event| event.relative_ack.map_or(Value::Unknown, Value::Signed),
            "The acknowledgement number counted from the peer's initial sequence number, like \
             `relative_seq`; `null` where the ACK bit is clear"
            => alias(&["tcp.ack"]) known(Known::Segment) or_null();
        "flags": Type::Set(&names::FLAG), |event| Value::List(List::Flags(event.segment.flags)),
            "The control bits that are set, FIN first"
            => alias(&["tcp.flags"]) known(Known::Segment) source("RFC 9293, section 3.1; RFC 3168, section 6.1");
        "reserved": Type::Whole(Some(0), Some(7)), |event| event.segment.reserved.into(),
            "The three reserved bits as a number"
            => alias(&["tcp.flags.res"]) known(Known::Segment) source("RFC 9293, section 3.1");
        "window": U16, |event| event.segment.window.into(), "The window field as sent"
            => alias(&["tcp.window_size_value"]) known(Known::Segment) source("RFC 9293, section 3.1");
        "window_scaled": Type::Whole(Some(0), Some(LARGEST_WINDOW)), |event| event.window.into(),
            "The window in octets under the negotiated shift; that of a SYN is never shifted; `null` where \
             the handshake was not seen"
            => alias(&["tcp.window_size"]) unit(Unit::Octets) known(Known::Segment) or_null() source("RFC 7323, section 2.2");
        "urgent": U16, |event| event.segment.urgent.into(),
            "The urgent pointer; `null` where the capture cut the header before it"
            => alias(&["tcp.urgent_pointer"]) known(Known::Segment) or_null() source("RFC 9293, section 3.1");
        "header_len": Type::Whole(Some(20), Some(60)), |event| event.segment.header_len.into(),
            "Octets of the TCP header with its options, by the data offset"
            => alias(&["tcp.hdr_len"]) unit(Unit::Octets) known(Known::Segment) source("RFC 9293, section 3.1");
        "payload_len": U32, |event| event.segment.payload_len.into(),
            "Octets of payload on the wire, from the IP length: it holds for cut frames too"
            => alias(&["tcp.len"]) unit(Unit::Octets) known(Known::Segment);
        "captured_payload_len": COUNT, |event| event.segment.payload.len().into(),
            "Octets of payload in the capture"
            => unit(Unit::Octets) known(Known::Segment);
        "options": Type::List(&OPTION, Some(40)), |event| Value::List(List::Options(&event.segment.options)),
            "The options in wire order"
            => alias(&["tcp.options"]) known(Known::Segment) source("RFC 9293, section 3.2");
        "checksum": Type::Name(&names::CHECKSUM), |event| name::checksum(event.segment.checksum()).into(),
            "What the checksum says: `valid`, `invalid`, `partial` (checksum offload), `truncated`, or \
             `fragment`"
            => alias(&["tcp.checksum.status"]) known(Known::Segment) source("RFC 9293, section 3.1");
        "delivery": Type::Object(&DELIVERY), |event| Value::Object(Object::Delivery(&event.delivery)),
            "How its octets relate to what its sender sent before"
            => known(Known::Segment);
        "newly_acked": COUNT, |event| event.newly_acked.into(),
            "Octets of the peer's sequence space that it acknowledges for the first time"
            => unit(Unit::Octets) known(Known::Segment);
        "rtt": Type::Duration, |event| nanos(event.measured.rtt),
            "The round trip that this acknowledgement gave: one of the samples in the other end's `rtt`; `null` \
             where it gave none"
            => alias(&["tcp.analysis.ack_rtt"]) known(Known::Segment) or_null()
            source("RFC 6298, section 3; RFC 7323, section 4");
        "acks_frame": FRAME, |event| event.measured.acks_frame.into(),
            "The frame that carried the last octet acknowledged for the first time, SYN and FIN counted as octets, \
             of several transmissions the latest; `null` where there is none, or it is not known"
            => alias(&["tcp.analysis.acks_frame"]) known(Known::Segment) or_null();
        "in_flight": COUNT, |event| event.measured.in_flight.into(),
            "Octets that its sender has sent, this segment included, and that are not acknowledged, SYN and FIN not \
             counted; `null` where the capture cannot tell"
            => alias(&["tcp.analysis.bytes_in_flight"]) unit(Unit::Octets) known(Known::Segment) or_null()
            source("RFC 9293, section 3.3.1");
        "in_flight_less_sacked": COUNT, |event| event.measured.in_flight_less_sacked.into(),
            "Those octets in flight that the peer did not acknowledge selectively either; `null` where the capture \
             cannot tell"
            => unit(Unit::Octets) known(Known::Segment) or_null() source("RFC 2018, section 3");
        "phase": Type::Name(&names::PHASE), |event| event.measured.phase.map(Phase::name).into(),
            "The phase of congestion control that begins with it; `null` where none does, or the capture cannot tell"
            => known(Known::Segment) or_null() source("RFC 5681, section 3");
        "cwnd": COUNT, |event| event.measured.cwnd.into(),
            "The congestion window of its sender, estimated; `null` where nothing shows it"
            => unit(Unit::Octets) known(Known::Segment) or_null() source("RFC 5681, section 2");
        "labels": Type::Set(&names::LABEL), |event| Value::List(List::Labels(event.labels)),
            "What the rules of TCP say about it"
            => known(Known::Segment);
        "analysis": Type::Set(&names::MARK), |event| Value::List(List::Analysis(event.analysis)),
            "What Wireshark would say about it, by its names without `tcp.analysis.`"
            => alias(&["tcp.analysis.flags"]) known(Known::Segment);
        "duplicate_ack": FRAME, |event| Value::from((event.duplicate_ack > 0).then_some(event.duplicate_ack)),
            "The number of this duplicate acknowledgement in a row, as Wireshark counts, from 1; `null` \
             where it is none"
            => alias(&["tcp.analysis.duplicate_ack_num"]) known(Known::Segment) or_null();
        "findings": Type::List(&FINDING, None), |event| Value::List(List::Findings(event.findings)),
            "What we make of it, with the evidence"
            => known(Known::Segment);
        "state": Type::Object(&STATES), |event| (&event.states).into(),
            "The state of each end after it, taken as delivered until a later segment shows that it was not"
            => known(Known::Segment);
    },
};

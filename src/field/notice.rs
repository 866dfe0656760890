//! The record `notice`, which is written by hand.

use super::names;
use super::parts::{ENDPOINT, PATH};
use super::shape::{COUNT, FRAME, Known, SENTENCE, Shape, Type, U8, U16, U32, Unit, Variant, bare_rows};

const fn notice(
    name: &'static str,
    fields: &'static [&'static str],
    only: &'static [(&'static str, Type)],
) -> Variant {
    Variant { by: "kind", name, fields, only }
}

/// Something about the capture itself, or about a frame without a TCP segment.
pub static NOTICE: Shape = Shape {
    name: "notice_record",
    about: "Something about the capture itself, or about a frame without a TCP segment",
    variants: &[
        notice("capture", &[], &[]),
        notice("malformed", &["layer", "offset", "needed", "have"], &[]),
        notice("cut_header", &["header"], &[]),
        notice("icmp_error", &["icmp"], &[]),
        notice("icmp_error_udp", &["icmp"], &[]),
    ],
    fields: &bare_rows! {
        "kind": Type::Name(&names::NOTICE), "What it is about"
            => known(Known::Segment);
        "frame": FRAME, "Number of the frame; `null` where it is about none"
            => known(Known::Segment) or_null();
        "time": Type::Time,
            "When the frame was seen; `null` where the capture does not say, and of kind `capture`"
            => known(Known::Segment) or_null();
        "connection": COUNT, "The connection that an ICMP error is about; else `null`"
            => known(Known::Segment) or_null();
        "message": SENTENCE, "One sentence, for people: its words may change"
            => known(Known::Segment);
        "layer": Type::Name(&names::LAYER), "The header that does not hold"
            => when("malformed") known(Known::Segment);
        "offset": U32, "Where that header begins in the frame, from 0"
            => when("malformed") unit(Unit::Octets) known(Known::Segment);
        "needed": U32, "Octets that it needs"
            => when("malformed") unit(Unit::Octets) known(Known::Segment);
        "have": U32, "Octets that it can have"
            => when("malformed") unit(Unit::Octets) known(Known::Segment);
        "header": Type::Object(&CUT_HEADER), "What a cut TCP header had"
            => when("cut_header") known(Known::Segment);
        "icmp": Type::Object(&ICMP), "The ICMP error"
            => when("icmp_error, icmp_error_udp") known(Known::Segment);
    },
};

/// A cut TCP header.
static CUT_HEADER: Shape = Shape {
    name: "cut_header",
    about: "A TCP header cut by the capture: each field as far as it was captured",
    variants: &[],
    fields: &bare_rows! {
        "src": Type::Object(&CUT_END), "Its sender";
        "dst": Type::Object(&CUT_END), "Its receiver";
        "captured_len": Type::Whole(Some(0), Some(15)), "Octets of the header that were captured"
            => unit(Unit::Octets);
        "seq": U32, "The sequence number"
            => or_null() source("RFC 9293, section 3.1");
        "ack_field": U32, "The acknowledgement number as it stands in the header, whether or not it counts"
            => or_null() source("RFC 9293, section 3.1");
        "header_len": Type::Whole(Some(0), Some(60)), "Octets of the header, by the data offset"
            => unit(Unit::Octets) or_null() source("RFC 9293, section 3.1");
        "flags": Type::Set(&names::FLAG), "The control bits that are set"
            => or_null() source("RFC 9293, section 3.1");
    },
};

/// An address, and the port where it was captured.
static CUT_END: Shape = Shape {
    name: "cut_end",
    about: "An address, and the port where it was captured",
    variants: &[],
    fields: &bare_rows! {
        "addr": Type::Address, "IPv4 or IPv6 address";
        "port": U16, "TCP port"
            => or_null();
    },
};

/// An ICMP error.
static ICMP: Shape = Shape {
    name: "icmp_error",
    about: "An ICMP error, and what it quotes",
    variants: &[],
    fields: &bare_rows! {
        "src": Type::Address, "Who sent it"
            => alias(&["ip.src", "ipv6.src"]);
        "dst": Type::Address, "To whom"
            => alias(&["ip.dst", "ipv6.dst"]);
        "type": U8, "The type field"
            => alias(&["icmp.type", "icmpv6.type"]) source("RFC 792; RFC 4443, section 2.1");
        "code": U8, "The code field"
            => alias(&["icmp.code", "icmpv6.code"]) source("RFC 792; RFC 4443, section 2.1");
        "mtu": U32, "The next hop's MTU, where the message names one"
            => alias(&["icmp.mtu", "icmpv6.mtu"]) unit(Unit::Octets) or_null() source("RFC 1191, section 4; RFC 4443, section 3.2");
        "quoted": Type::Object(&QUOTED), "The start of the segment or datagram that it is about";
    },
};

/// The packet that an ICMP error quotes.
static QUOTED: Shape = Shape {
    name: "quoted",
    about: "The start of a segment or datagram that an ICMP error quotes",
    variants: &[],
    fields: &bare_rows! {
        "src": Type::Object(&ENDPOINT), "Its sender";
        "dst": Type::Object(&ENDPOINT), "Its receiver";
        "path": Type::Object(&PATH), "VLANs and tunnel around it; `null`: none"
            => or_null();
        "seq": U32, "Its sequence number; `null` of a datagram, and where it was not quoted that far"
            => or_null();
    },
};

//! The record of `tcpscope decode --format ndjson`, which is written by hand.

use super::capture::SCHEMA;
use super::names;
use super::option::OPTION;
use super::parts::{IP, PATH};
use super::shape::{COUNT, FRAME, SENTENCE, Shape, TEXT, Type, U16, U32, Unit, bare_rows};

/// Octets decoded by `tcpscope decode`.
pub(super) static DECODE: Shape = Shape {
    name: "decode_record",
    about: "Octets decoded by tcpscope decode",
    variants: &[],
    fields: &bare_rows! {
        "schema": SCHEMA, "Version of the machine format";
        "file": TEXT,
            "Where the octets come from: the name as it was given, `-` for standard input; `null` for \
             arguments"
            => or_null();
        "frame": FRAME, "The frame of a capture; `null` for arguments and texts"
            => or_null();
        "form": Type::Name(&names::FORM), "How a text writes the octets; `null` for a capture"
            => or_null();
        "len": COUNT, "How many octets there are"
            => unit(Unit::Octets);
        "from": Type::Name(&names::START),
            "With which header they begin; in a capture `ethernet` stands for that of any link";
        "layers": Type::List(&PART, None),
            "Headers from the outermost inwards, what the innermost carries, then what stands behind it";
        "segment": Type::Object(&SEGMENT),
            "The fields of a `segment` record that one segment alone can tell; `null` where the header \
             contradicts itself"
            => or_null();
        "faults": Type::List(&FAULT, None), "What is wrong with the TCP header";
        "error": SENTENCE, "Why there is no TCP header, in one sentence; else `null`"
            => or_null();
    },
};

/// A header, or what stands behind the headers.
static PART: Shape = Shape {
    name: "decoded_part",
    about: "A header, or what stands behind the headers",
    variants: &[],
    fields: &bare_rows! {
        "layer": Type::Name(&names::PART), "What it is";
        "offset": COUNT, "Its first octet, from 0"
            => unit(Unit::Octets);
        "len": COUNT, "Its octets"
            => unit(Unit::Octets);
    },
};

/// Something wrong with a TCP header.
static FAULT: Shape = Shape {
    name: "fault",
    about: "Something wrong with a TCP header",
    variants: &[],
    fields: &bare_rows! {
        "kind": Type::Name(&names::FAULT), "What is wrong";
        "offset": COUNT, "Its first octet, from 0, of all"
            => unit(Unit::Octets);
        "len": COUNT, "Its octets"
            => unit(Unit::Octets);
        "message": TEXT, "One sentence, for people: its words may change";
    },
};

/// An end of which perhaps only the port is known.
static END: Shape = Shape {
    name: "decoded_end",
    about: "An end of which perhaps only the port is known",
    variants: &[],
    fields: &bare_rows! {
        "addr": Type::Address, "IPv4 or IPv6 address; `null` where it is not known"
            => or_null();
        "port": U16, "TCP port";
    },
};

/// The fields of a segment that the segment alone gives.
static SEGMENT: Shape = Shape {
    name: "decoded_segment",
    about: "Of a segment record what one segment alone can tell",
    variants: &[],
    fields: &bare_rows! {
        "src": Type::Object(&END), "Like `segment.src`";
        "dst": Type::Object(&END), "Like `segment.dst`";
        "path": Type::Object(&PATH), "Like `segment.path`"
            => or_null();
        "ip": Type::Object(&IP), "Like `segment.ip`; `null` where there is no IP header"
            => or_null();
        "seq": U32, "Like `segment.seq`";
        "ack": U32, "Like `segment.ack`"
            => or_null();
        "flags": Type::Set(&names::FLAG), "Like `segment.flags`";
        "reserved": Type::Whole(Some(0), Some(7)), "Like `segment.reserved`";
        "window": U16, "Like `segment.window`";
        "window_scaled": Type::Whole(Some(0), Some(0xffff << 14)),
            "Like `segment.window_scaled`; `null` where the shift is not known"
            => unit(Unit::Octets) or_null();
        "urgent": U16, "Like `segment.urgent`"
            => or_null();
        "header_len": Type::Whole(Some(20), Some(60)), "Like `segment.header_len`"
            => unit(Unit::Octets);
        "payload_len": U32, "Like `segment.payload_len`"
            => unit(Unit::Octets);
        "captured_payload_len": COUNT, "Like `segment.captured_payload_len`"
            => unit(Unit::Octets);
        "options": Type::List(&OPTION, Some(40)), "Like `segment.options`";
        "checksum": Type::Name(&names::CHECKSUM),
            "Like `segment.checksum`; `null` where the addresses are not known"
            => or_null();
    },
};

//! The `decode` record: octets given by hand.

use crate::wire::segment::{Endpoint, Segment};
use crate::wire::window::WindowScale;

use super::name;
use super::put::{Put, Text, array, object};

/// Octets that were decoded by hand, and what was found in them.
#[derive(Clone, Copy, Debug)]
pub struct DecodeRecord<'d> {
    /// The file that the octets came from, `-` for standard input; `None` for arguments.
    pub file: Option<&'d str>,
    /// The number of the frame in a capture.
    pub frame: Option<u64>,
    /// The form in which a text wrote the octets.
    pub form: Option<&'static str>,
    /// The number of octets.
    pub octets: usize,
    /// The header with which the octets begin.
    pub from: &'static str,
    /// The headers, from the outermost inwards, and the payload.
    pub parts: &'d [Part<'d>],
    /// The segment, where the header holds.
    pub segment: Option<&'d Segment<'d>>,
    /// An IP header was among the octets.
    pub has_ip: bool,
    /// The addresses are known.
    pub has_addresses: bool,
    /// The shift of the sender's windows, where it is known.
    pub scale: Option<WindowScale>,
    /// Faults: the kind, the first octet, how many octets, one sentence.
    pub faults: &'d [(&'static str, usize, usize, &'d str)],
    /// Why there is no TCP header at all.
    pub error: Option<&'d str>,
}

/// One header, or the payload.
#[derive(Clone, Copy, Debug)]
pub struct Part<'d> {
    /// The part's name in the machine format.
    pub layer: &'d str,
    /// The part's first octet, counted from 0.
    pub at: usize,
    /// The part's length in octets.
    pub len: usize,
}

/// Writes the record.
pub(super) fn write(line: &mut Vec<u8>, record: &DecodeRecord<'_>) {
    object!(line, {
        "type": "decode",
        "schema": 1_u8,
        "file": record.file.map(Text),
        "frame": record.frame,
        "form": record.form,
        "len": record.octets,
        "from": record.from,
        "layers": List(record.parts),
        "segment": record.segment.map(|segment| Inner { segment, record }),
        "faults": List(record.faults),
        "error": record.error.map(Text),
    });
}

struct List<'l, T>(&'l [T]);

impl<T: Put + Copy> Put for List<'_, T> {
    fn put(&self, line: &mut Vec<u8>) {
        array(line, self.0.iter().copied());
    }
}

impl Put for Part<'_> {
    fn put(&self, line: &mut Vec<u8>) {
        object!(line, { "layer": Text(self.layer), "offset": self.at, "len": self.len });
    }
}

impl Put for (&'static str, usize, usize, &str) {
    fn put(&self, line: &mut Vec<u8>) {
        object!(line, { "kind": self.0, "offset": self.1, "len": self.2, "message": Text(self.3) });
    }
}

/// Of the `segment` record what one segment alone can say.
struct Inner<'d> {
    segment: &'d Segment<'d>,
    record: &'d DecodeRecord<'d>,
}

impl Put for Inner<'_> {
    fn put(&self, line: &mut Vec<u8>) {
        let Self { segment, record } = *self;
        let end = |endpoint| End { endpoint, known: record.has_addresses };
        // The window of a SYN is never scaled (RFC 7323, section 2.2).
        let scale = if segment.flags.syn() { Some(WindowScale::NONE) } else { record.scale };
        object!(line, {
            "src": end(segment.src),
            "dst": end(segment.dst),
            "path": segment.path,
            "ip": record.has_ip.then_some(segment.ip),
            "seq": segment.seq,
            "ack": segment.ack(),
            "flags": segment.flags,
            "reserved": segment.reserved,
            "window": segment.window,
            "window_scaled": scale.map(|scale| segment.window.scaled(scale)),
            "urgent": segment.urgent,
            "header_len": segment.header_len,
            "payload_len": segment.payload_len,
            "captured_payload_len": segment.payload.len(),
            "options": segment.options,
            "checksum": record.has_addresses.then(|| name::checksum(segment.checksum())),
        });
    }
}

/// An endpoint of which perhaps only the port is known.
struct End {
    endpoint: Endpoint,
    known: bool,
}

impl Put for End {
    fn put(&self, line: &mut Vec<u8>) {
        if self.known {
            self.endpoint.put(line);
        } else {
            object!(line, { "addr": None::<&'static str>, "port": self.endpoint.port });
        }
    }
}

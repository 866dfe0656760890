//! The `datagram` record: one UDP datagram.

use crate::wire::frame::Frame;
use crate::wire::skip::Datagram;

use super::put::object;

/// Writes the record of one datagram.
pub(super) fn write(line: &mut Vec<u8>, frame: &Frame<'_>, datagram: &Datagram) {
    object!(line, {
        "type": "datagram",
        "frame": frame.number,
        "time": frame.time,
        "src": datagram.src,
        "dst": datagram.dst,
        "path": datagram.path,
        "payload_len": datagram.payload_len,
        "captured_payload_len": datagram.captured_payload_len,
    });
}

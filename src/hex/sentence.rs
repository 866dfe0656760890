//! The kind of a segment, in one sentence.

use std::net::IpAddr;

use crate::wire::flags::Flags;
use crate::wire::seq::SeqNumber;

use super::account::{Account, Name};

/// The kind of the segment, in one sentence. A single segment does not know its connection, so nothing is said that
/// would need another one.
pub fn of(account: &Account<'_>) -> String {
    let (Some(flags), Some(src), Some(dst), Some(seq)) = (
        account.flags(),
        account.value(Name::SourcePort),
        account.value(Name::DestinationPort),
        account.value(Name::SequenceNumber).map(SeqNumber),
    ) else {
        return "These octets are too few to say what the segment is.".to_owned();
    };
    let ack = account.value(Name::AcknowledgmentNumber).filter(|_| flags.ack());
    let ends = account.context.addresses;
    let (src, dst) = (end(src, ends.map(|ends| ends.0)), end(dst, ends.map(|ends| ends.1)));
    let payload = account.payload_len() as u32;
    let len = payload + u32::from(flags.syn()) + u32::from(flags.fin());
    let next = seq.plus(len);
    let contradicts = [Flags::SYN.with(Flags::FIN), Flags::SYN.with(Flags::RST)]
        .into_iter()
        .any(|both| flags.contains(both));
    if contradicts {
        return format!(
            "No TCP sends this: the flags {flags} contradict each other; probes and broken headers look like it."
        );
    }
    if flags.rst() {
        let about = match ack {
            // RFC 9293, section 3.10.7.1: what answers a segment without ACK has sequence number 0.
            Some(ack) if seq.0 == 0 => format!(
                "with sequence number 0 and acknowledging {ack}, as a reset does that answers a segment without ACK, such as a SYN to a port where nobody listens"
            ),
            Some(ack) => format!("it stands at {seq} and acknowledges {ack}"),
            None => format!("it stands at {seq}, where the receiver must expect it to believe it"),
        };
        return format!(
            "A reset: {src} tells {dst} that this connection is not, or no longer, there; {about}."
        );
    }
    match (flags.syn(), flags.fin(), ack) {
        (true, _, None) => format!(
            "The first segment of a handshake: client {src} asks {dst} to open a connection and begins to count at {seq}{}.",
            carried(payload, "; it already carries", "")
        ),
        (true, _, Some(ack)) => format!(
            "The second segment of a handshake: server {src} agrees to open a connection with {dst}; it acknowledges the SYN with {ack} and begins to count at {seq}{}.",
            carried(payload, "; it already carries", "")
        ),
        (_, true, Some(ack)) => format!(
            "The beginning of an end: {src} tells {dst} that it has nothing more to send{}; its FIN has number {}, and {ack} is what it expects next.",
            carried(payload, " behind these", ""),
            seq.plus(payload)
        ),
        (_, _, Some(ack)) if payload > 0 => format!(
            "Data: {src} sends {dst} {payload} {}, numbers {seq} to {}, and expects {ack} next.",
            octets(payload),
            next.plus(u32::MAX)
        ),
        (_, _, Some(ack)) => format!(
            "An acknowledgement without data: {src} tells {dst} that everything up to {} has arrived and {ack} is expected next.",
            SeqNumber(ack).plus(u32::MAX)
        ),
        (_, _, None) => format!(
            "No TCP sends this: a segment from {src} to {dst} with neither SYN, RST nor ACK belongs to no place in a connection."
        ),
    }
}

fn end(port: u32, address: Option<IpAddr>) -> String {
    match address {
        None => format!("port {port}"),
        Some(IpAddr::V4(address)) => format!("{address}:{port}"),
        Some(IpAddr::V6(address)) => format!("[{address}]:{port}"),
    }
}

fn carried(payload: u32, before: &str, behind: &str) -> String {
    if payload == 0 { String::new() } else { format!("{before} {payload} {}{behind}", octets(payload)) }
}

fn octets(count: u32) -> &'static str {
    if count == 1 { "octet" } else { "octets" }
}

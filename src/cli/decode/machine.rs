//! Decoded octets in the machine format.

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::hex::decoded::Decoded;
use crate::hex::start::Start;
use crate::view::ndjson::{DecodeRecord, Ndjson, Part};
use crate::wire::decode::Decoder;
use crate::wire::frame::{Frame, LinkType};

use super::input::{Input, Origin};

/// Writes the record.
pub(super) fn write(out: &mut impl Write, input: &Input, decoded: &Decoded<'_>) -> io::Result<()> {
    let tcp_at = decoded.opened.tcp.as_ref().map_or(0, |tcp| tcp.start);
    let mut parts: Vec<Part<'_>> = decoded
        .opened
        .envelopes
        .iter()
        .map(|envelope| Part { layer: envelope.layer, at: envelope.at.start, len: envelope.at.len() })
        .collect();
    if let Some(account) = &decoded.account {
        parts.push(Part { layer: "tcp", at: tcp_at, len: account.header_len });
        if !account.payload.is_empty() {
            let at = tcp_at + account.header_len;
            parts.push(Part { layer: "payload", at, len: account.payload.len() });
        }
    }
    let rests = decoded.opened.rests.iter();
    parts.extend(rests.map(|rest| Part { layer: rest.layer, at: rest.at.start, len: rest.at.len() }));
    let faults: Vec<_> = decoded
        .account
        .iter()
        .flat_map(|account| &account.faults)
        .map(|fault| (fault.kind, tcp_at + fault.at.start, fault.at.len(), fault.text.as_str()))
        .collect();
    let (form, frame) = match &input.origin {
        Origin::Text { form, .. } => (Some(form.name()), None),
        Origin::Capture { frame, .. } => (None, Some(*frame)),
    };
    let packet;
    let mut decoder = Decoder::default();
    let (octets, link) = match (decoded.start, input.link()) {
        (_, Some((link, _))) => (&input.octets[..], link),
        (Start::Ethernet, None) => (&input.octets[..], LinkType::ETHERNET),
        (Start::Ip, None) => (&input.octets[..], LinkType::RAW),
        (Start::Tcp, None) => {
            let addresses = decoded.account.as_ref().and_then(|account| account.context.addresses);
            packet = in_packet(&input.octets, addresses);
            (&packet[..], LinkType::RAW)
        }
    };
    let original_len = match decoded.start {
        Start::Tcp => octets.len(),
        _ => input.link().map_or(decoded.opened.wire_len, |(_, original_len)| original_len),
    };
    let segment = decoder.decode(&Frame { number: 1, time: None, link, original_len, captured: octets }).ok();
    let record = DecodeRecord {
        file: input.name.as_deref(),
        frame,
        form,
        octets: input.octets.len(),
        from: decoded.start.name(),
        parts: &parts,
        segment: segment.as_ref(),
        has_ip: decoded.start != Start::Tcp,
        has_addresses: decoded.account.as_ref().is_some_and(|account| account.context.addresses.is_some()),
        scale: input.scale(),
        faults: &faults,
        error: decoded.opened.stopped.as_deref(),
    };
    let mut view = Ndjson::new(out);
    view.decode(&record)?;
    crate::view::View::flush(&mut view)
}

/// The segment in a packet, so that it can be decoded as one from a capture. A length of 0 in the header lets
/// the packet end where its octets end.
fn in_packet(segment: &[u8], addresses: Option<(IpAddr, IpAddr)>) -> Vec<u8> {
    let nobody = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    let mut packet = Vec::with_capacity(40 + segment.len());
    match addresses.unwrap_or((nobody, nobody)) {
        (IpAddr::V4(src), IpAddr::V4(dst)) => {
            packet.extend([0x45, 0, 0, 0, 0, 0, 0, 0, 64, 6, 0, 0]);
            packet.extend(src.octets());
            packet.extend(dst.octets());
        }
        (src, dst) => {
            let octets = |addr: IpAddr| match addr {
                IpAddr::V4(addr) => addr.to_ipv6_mapped(),
                IpAddr::V6(addr) => addr,
            };
            packet.extend([0x60, 0, 0, 0, 0, 0, 6, 64]);
            packet.extend(Ipv6Addr::octets(&octets(src)));
            packet.extend(Ipv6Addr::octets(&octets(dst)));
        }
    }
    packet.extend_from_slice(segment);
    packet
}

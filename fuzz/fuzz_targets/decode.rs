//! Any octets as frames of any link: decoded, followed, shown, and told bit by bit.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tcpscope::hex::decoded::{Decoded, Given};
use tcpscope::hex::show::{self, Look};
use tcpscope::track::tracker::Limits;
use tcpscope::wire::decode::Decoder;
use tcpscope::wire::frame::{Frame, LinkType, Timestamp};
use tcpscope::wire::source::{Format, Interface, SourceInfo};
use tcpscope_fuzz::run::Run;
use tcpscope_fuzz::take::Take;
use tcpscope_fuzz::views::Views;

// The link type; then frames, each behind how many octets of it were captured, and how many more it had.
fuzz_target!(|octets: &[u8]| {
    let mut left = Take(octets);
    let link = LinkType(u32::from(left.short()));
    let interface = Interface::new(link);
    let source = SourceInfo::new("any", Format::Pcap).with_interface(interface);
    let mut run = Run::new(&source, Limits::default(), Views::one(octets.len() as u8));
    for number in 1..=8 {
        if left.is_empty() {
            break;
        }
        let (len, more) = (usize::from(left.short()), usize::from(left.octet()).pow(2));
        let captured = left.octets(len);
        let frame = Frame {
            number,
            time: Some(Timestamp::from_nanos(number as i64 * 1_000_000)),
            link,
            original_len: captured.len() + more,
            captured,
        };
        run.frame(&frame);
        let decoded = Decoded::of_frame(captured, link, frame.original_len, Given::default());
        let look = Look { width: 80, ascii: true, color: false };
        let text = show::text(&decoded, "Any octets.", look);
        assert!(text.bytes().all(|octet| octet == b'\n' || (b' '..=b'~').contains(&octet)), "{text}");
        if let Ok(segment) = Decoder::default().decode(&frame) {
            let options: usize = segment.options.iter().map(|option| option.octets.len()).sum();
            assert_eq!(options, segment.options.octets().len(), "every octet belongs to one option");
        }
    }
    run.finish(None);
});

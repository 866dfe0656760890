//! A conversation of hostile segments: it is followed, explained and shown; how it is counted and by how many threads
//! changes nothing.

#![no_main]

use std::convert::Infallible;

use libfuzzer_sys::fuzz_target;
use tcpscope::track::event::{Event, Sink};
use tcpscope::track::finding::Finding;
use tcpscope::track::report::Report;
use tcpscope::track::tracker::{FlowHasher, Limits, Part, Tracker};
use tcpscope::wire::decode::Decoder;
use tcpscope::wire::frame::LinkType;
use tcpscope::wire::source::{Format, Interface, SourceInfo};
use tcpscope_fuzz::conversation::{Packet, packets};
use tcpscope_fuzz::run::Run;
use tcpscope_fuzz::take::Take;
use tcpscope_fuzz::views::Views;

/// Some ISNs from which numbers soon wrap.
const ISNS: [u32; 2] = [u32::MAX - 40, 0x7fff_fff0];

fuzz_target!(|octets: &[u8]| {
    let mut head = Take(octets);
    let (how, most) = (head.octet(), head.octet());
    let plain = packets(head.0, [1000, 5000]);

    let max_connections = if most < 4 { usize::from(most) + 1 } else { 8192 };
    let interface = Interface::new(LinkType::RAW);
    let source = SourceInfo::new("any", Format::Pcap).with_interface(interface);
    let mut run = Run::new(&source, Limits { max_connections, ..Limits::default() }, Views::one(how));
    for (packet, number) in plain.iter().zip(1..) {
        run.frame(&packet.frame(number));
    }
    run.finish(None);

    let limits = Limits { max_connections: 8192, ..Limits::default() };
    let whole = follow(&plain, Tracker::new(limits));
    assert_eq!(whole, follow(&packets(head.0, ISNS), Tracker::new(limits)), "other numbers mean the same");
    let hasher = FlowHasher::new(limits);
    let mut shares: Vec<Kept> =
        (0..2).map(|nth| follow(&plain, Tracker::of_part(&hasher, Part { nth, of: 2 }))).collect();
    let mut together = shares.remove(0);
    for share in shares {
        together.events.extend(share.events);
        together.reports.extend(share.reports);
    }
    together.events.sort_by_key(|seen| seen.0);
    together.reports.sort_by_key(|report| report.first_frame);
    let mut whole = whole;
    whole.reports.sort_by_key(|report| report.first_frame);
    // Who has a share of them cannot count them.
    whole.reports.iter_mut().chain(&mut together.reports).for_each(|report| report.id = 0);
    assert_eq!(whole, together, "two that share see the same as one");
});

/// What an event says: its frame, all that is no number of a connection, and what is found.
type Seen = (u64, String, Vec<Finding>);

/// All that was told.
#[derive(Debug, Default, PartialEq)]
struct Kept {
    events: Vec<Seen>,
    reports: Vec<Report>,
}

impl Sink for Kept {
    type Error = Infallible;

    fn event(&mut self, event: &Event<'_>) -> Result<(), Infallible> {
        let facts = (event.labels, event.marks(), event.states, event.relative_seq, event.relative_ack);
        let more = (event.window, event.delivery, event.newly_acked, event.repetitions(), event.opened_after);
        self.events.push((event.frame.number, format!("{facts:?} {more:?}"), event.findings.to_vec()));
        Ok(())
    }

    fn ended(&mut self, report: Report) -> Result<(), Infallible> {
        self.reports.push(report);
        Ok(())
    }
}

fn follow(packets: &[Packet], mut tracker: Tracker) -> Kept {
    let (mut decoder, mut kept) = (Decoder::default(), Kept::default());
    for (packet, number) in packets.iter().zip(1..) {
        let frame = packet.frame(number);
        let Ok(()) = tracker.advance(frame.info(), &mut kept);
        match decoder.decode(&frame) {
            Ok(segment) => {
                let Ok(()) = tracker.track(frame.info(), &segment, &mut kept);
            }
            Err(tcpscope::wire::skip::Skip::Icmp(icmp)) => drop(tracker.icmp(frame.info(), &icmp)),
            Err(_) => {}
        }
    }
    let Ok(()) = tracker.finish(None, &mut kept);
    kept
}

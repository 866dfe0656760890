//! Conversations, and the ways through the state diagram that their ends took.

use std::collections::BTreeMap;
use std::convert::Infallible;

use tcpscope::picture::change::How;
use tcpscope::picture::way::{Step, Ways};
use tcpscope::track::event::{Event, Sink};
use tcpscope::track::flow::Side;
use tcpscope::track::report::Report;
use tcpscope::track::tracker::{Limits, Tracker};
use tcpscope::wire::decode::Decoder;
use tcpscope::wire::skip::Skip;

use crate::script::Recorded;

/// The ways of each connection, by its number, with its report.
pub(crate) fn ways(frames: &[Recorded]) -> BTreeMap<u64, (Ways, Report)> {
    let (mut decoder, mut tracker, mut keep) =
        (Decoder::default(), Tracker::new(Limits::default()), Keep::default());
    for (number, recorded) in (1..).zip(frames) {
        let frame = recorded.frame(number);
        match decoder.decode(&frame) {
            Ok(segment) => {
                let Ok(()) = tracker.observe(frame.info(), &segment, &mut keep);
            }
            Err(Skip::Icmp(icmp)) => {
                tracker.icmp(frame.info(), &icmp);
            }
            Err(_) => {}
        }
    }
    let Ok(()) = tracker.finish(None, &mut keep);
    assert!(keep.open.is_empty());
    keep.over
}

#[derive(Default)]
struct Keep {
    open: BTreeMap<u64, Ways>,
    over: BTreeMap<u64, (Ways, Report)>,
}

impl Sink for Keep {
    type Error = Infallible;

    fn event(&mut self, event: &Event<'_>) -> Result<(), Infallible> {
        let ways = self.open.entry(event.connection).or_insert_with(|| Ways::new(event));
        ways.observe(event);
        assert_eq!(ways.states(), event.states, "frame {}", event.frame.number);
        Ok(())
    }

    fn ended(&mut self, report: Report) -> Result<(), Infallible> {
        let mut ways = self.open.remove(&report.id).expect("it had a segment");
        ways.finish(&report);
        self.over.insert(report.id, (ways, report));
        Ok(())
    }
}

/// `2 SYN-SENT`, `2? ESTABLISHED` where the frame only shows it, `5 CLOSED rcv RST` where the figure has no edge.
pub(crate) fn told(ways: &Ways, side: Side) -> Vec<String> {
    ways.on(side).steps.iter().map(step).collect()
}

fn step(step: &Step) -> String {
    let frame = step.frame.map_or_else(|| "-".to_owned(), |frame| frame.to_string());
    let to = step.to.state();
    match step.how {
        How::Along { is_it: true, .. } => format!("{frame} {to}"),
        How::Along { is_it: false, .. } => format!("{frame}? {to}"),
        how => format!("{frame} {to} {}", how.name().expect("it has a name")),
    }
}

//! The traffic made up for measuring is what it says it is.

#[path = "support/follow.rs"]
mod follow;
#[path = "support/script.rs"]
mod script;
#[path = "support/traffic.rs"]
mod traffic;

use script::Recorded;
use tcpscope::track::label::Label;
use tcpscope::track::report::{Closing, Opening};
use traffic::{Kind, Traffic};

fn run(kind: Kind, at_a_time: usize, frames: usize) -> follow::Run {
    let mut traffic = Traffic::of(kind, at_a_time, 7);
    let frames: Vec<_> = (0..frames)
        .map(|_| traffic.frame())
        .map(|made| Recorded {
            time: made.time,
            link: 1,
            original_len: made.octets.len(),
            captured: made.octets,
        })
        .collect();
    follow::run(&frames)
}

#[test]
fn short_connections_open_and_close_in_full_around_four_segments_of_data() {
    let run = run(Kind::Short, 10, 1000);
    assert!(run.reports.len() > 90, "{} connections", run.reports.len());
    let over = |report: &&tcpscope::track::report::Report| report.closing == Closing::FourWay;
    let closed: Vec<_> = run.reports.iter().filter(over).collect();
    assert!(closed.len() >= run.reports.len() - 10, "{} closed", closed.len());
    for report in closed {
        assert_eq!(report.opening, Opening::ThreeWay);
        assert_eq!(report.client.data_segments + report.server.data_segments, 4);
        assert_eq!(report.client.repeated_segments + report.server.repeated_segments, 0);
    }
}

#[test]
fn bulk_connections_repeat_one_segment_in_two_hundred() {
    let run = run(Kind::Bulk, 3, 20_000);
    let count = |label| run.seen.iter().flatten().filter(|seen| seen.labels.contains(label)).count();
    let (data, repeated) = (count(Label::Data), count(Label::Repeated));
    assert!((data / 300..=data / 150).contains(&repeated), "{repeated} of {data} repeated");
    assert!(run.reports.iter().any(|report| report.closing == Closing::FourWay));
}

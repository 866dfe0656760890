//! What is measured of conversations that are written down: times that can be added up by hand.

#[path = "support/follow.rs"]
mod follow;
#[path = "support/script.rs"]
mod script;

use std::convert::Infallible;

use script::Script;
use tcpscope::track::event::{Event, Sink};
use tcpscope::track::flow::Side;
use tcpscope::track::measures::{Measures, TimeSpent, Vantage};
use tcpscope::track::report::{HalfReport, Report};
use tcpscope::track::tracker::{Limits, Tracker};
use tcpscope::track::verdict::VerdictKind;
use tcpscope::wire::decode::Decoder;

const MS: i64 = 1_000_000;

/// The only connection of a conversation.
fn report(text: &str) -> Report {
    let script = Script::parse("measured", text).unwrap_or_else(|error| panic!("{error}"));
    let mut reports = follow::run(&script.frames()).reports;
    assert_eq!(reports.len(), 1, "{reports:?}");
    reports.remove(0)
}

/// What was measured of an end.
fn measures(half: &HalfReport) -> Measures {
    **half.measures.as_ref().expect("all measurements are wanted")
}

/// Parts in milliseconds, in the order of a connection's life.
fn spent(report: &Report) -> [i64; 8] {
    let parts = report.time_spent.expect("frames have times").parts();
    parts.map(|(_, nanos)| {
        assert_eq!(nanos % MS, 0);
        nanos / MS
    })
}

#[test]
fn who_was_thinking_is_told_by_who_speaks_next() {
    let report = report(
        "+0     C S   0:0(0)\n\
         +0.010 S S.  0:0(0)       ack 1\n\
         +0.010 C .   1:1(0)       ack 1\n\
         +0.100 C P.  1:101(100)   ack 1\n\
         +0.010 S .   1:1(0)       ack 101\n\
         +0.300 S P.  1:501(500)   ack 101\n\
         +0.010 C .   101:101(0)   ack 501\n\
         +2     C P.  101:201(100) ack 501\n\
         +0.050 S P.  501:601(100) ack 201\n\
         +0.010 C .   201:201(0)   ack 601\n\
         +0.020 C F.  201:201(0)   ack 601\n\
         +0.010 S F.  601:601(0)   ack 202\n\
         +0.010 C .   202:202(0)   ack 602\n",
    );
    // The second answer came 50 ms after its request, of which the way there and back takes 10.
    let (client, server, transfer) = (100 + 2000 + 20, 300 + 40, 10 + 10 + 10 + 10);
    assert_eq!(spent(&report), [20, client, server, transfer, 0, 0, 20, 0]);
    assert_eq!(report.vantage, Vantage::Between);
}

#[test]
fn a_connection_that_only_waits_has_a_client_that_thinks() {
    let open = "+0 C S 0:0(0)\n+0.010 S S. 0:0(0) ack 1\n+0.010 C . 1:1(0) ack 1\n";
    let idle = format!("{open}+60 C . 0:0(0) ack 1\n+0.010 S . 1:1(0) ack 1\n");
    assert_eq!(spent(&report(&idle)), [20, 60_010, 0, 0, 0, 0, 0, 0]);
}

/// A request of 100 octets, acknowledged after a round trip of 10 ms, in the capture at the client.
const ASKED: &str = "+0     C S   0:0(0)       <mss 1460>\n\
     +0.010 S S.  0:0(0)       ack 1 <mss 1460>\n\
     +0     C .   1:1(0)       ack 1\n\
     +0     C P.  1:101(100)   ack 1\n\
     +0.010 S .   1:1(0)       ack 101\n";

/// What became of it, at the client.
fn asked(then: &str) -> Report {
    report(&format!("{ASKED}{then}"))
}

#[test]
fn whoever_was_asked_thinks_whoever_gives_up_on_it() {
    for end in
        ["C F.  101:101(0) ack 1", "C R.  101:101(0) ack 1", "S F.  1:1(0) ack 101", "C . 100:100(0) ack 1"]
    {
        let report = asked(&format!("+5 {end}\n"));
        assert_eq!(spent(&report)[..4], [10, 0, 5000, 10], "{end}");
    }
}

#[test]
fn an_end_that_is_gone_owes_no_answer() {
    let scripts = [
        include_str!("scripts/no_answer_from_nobody.seg"),
        include_str!("scripts/no_answer_fin_unanswered.seg"),
        include_str!("scripts/no_answer_roles_unknown.seg"),
    ];
    for text in scripts {
        let report = report(text);
        let mut verdicts = report.verdicts.all().iter();
        assert!(verdicts.all(|verdict| verdict.kind() != VerdictKind::NoAnswer), "{text}");
        assert_eq!(report.owed, None, "{text}");
    }
    let owed = report(include_str!("scripts/no_answer_to_the_end.seg"));
    assert_eq!(owed.verdicts.verdict().kind(), VerdictKind::NoAnswer);
}

#[test]
fn whoever_closes_soon_behind_its_own_octets_has_asked_nothing() {
    assert_eq!(spent(&asked("+0.300 C F. 101:101(0) ack 1\n")), [10, 300, 0, 10, 0, 0, 0, 0]);
    let afar =
        asked("+0.050 S P. 1:101(100) ack 101\n+0 C . 101:101(0) ack 101\n+0.300 S F. 101:101(0) ack 101\n");
    assert_eq!(spent(&afar), [10, 0, 50, 10, 0, 0, 0, 300]);
}

#[test]
fn a_pause_in_the_middle_of_what_is_said_is_nobody_s_thinking_from_afar() {
    // The rest of the answer comes 300 ms late, of which a round trip takes 10.
    let report = asked(
        "+0.050 S .   1:1461(1460)    ack 101\n\
         +0     C .   101:101(0)      ack 1461\n\
         +0.300 S P.  1461:2921(1460) ack 101\n\
         +0     C .   101:101(0)      ack 2921\n\
         +2     S F.  2921:2921(0)    ack 101\n",
    );
    // The silence behind the answer is the client's, which does not ask again.
    assert_eq!(spent(&report), [10, 2000, 50, 10 + 10, 0, 0, 0, 290]);
}

#[test]
fn near_the_sender_its_own_pause_is_its_program_s() {
    let near = |pause: &str, win: u32| {
        report(&format!(
            "+0     C S   0:0(0)       <mss 1460>\n\
             +0.010 S S.  0:0(0)       ack 1 <mss 1460>\n\
             +0     C .   1:1(0)       ack 1\n\
             +0     C P.  1:101(100)   ack 1\n\
             +0.010 S .   1:1(0)       ack 101 win {win}\n\
             +{pause} C P. 101:201(100)  ack 1\n"
        ))
    };
    assert_eq!(spent(&near("0.300", 8000)), [10, 300, 0, 10, 0, 0, 0, 0]);
    // The window has no room for a full segment; or the program had nothing to say.
    assert_eq!(spent(&near("0.300", 1000)), [10, 0, 0, 10, 0, 0, 0, 300]);
    assert_eq!(spent(&near("0.600", 8000)), [10, 0, 0, 10, 0, 0, 0, 600]);
}

#[test]
fn a_gap_that_is_filled_late_is_recovery_and_one_filled_at_once_is_not() {
    let filled_after = |wait: &str| {
        asked(&format!(
            "+0.050 S .   1:1461(1460)    ack 101\n\
             +0     C .   101:101(0)      ack 1461\n\
             +0     S P.  2921:4381(1460) ack 101\n\
             +0     C .   101:101(0)      ack 1461\n\
             +{wait} S .  1461:2921(1460) ack 101\n\
             +0     C .   101:101(0)      ack 4381\n"
        ))
    };
    assert_eq!(spent(&filled_after("0.250")), [10, 0, 50, 10, 0, 250, 0, 0]);
    assert_eq!(spent(&filled_after("0.004")), [10, 0, 50, 10 + 4, 0, 0, 0, 0]);
}

#[test]
fn an_answer_whose_beginning_is_missing_accuses_nobody() {
    let report = asked("+0.400 S P. 1461:2921(1460) ack 101\n+0 C . 101:101(0) ack 1\n");
    assert_eq!(spent(&report), [10, 0, 0, 10, 0, 0, 0, 400]);
}

#[test]
fn an_answer_on_the_open_half_is_thinking_and_not_teardown() {
    let report = asked(
        "+0     C F.  101:101(0)   ack 1\n\
         +0.010 S .   1:1(0)       ack 102\n\
         +0.700 S P.  1:101(100)   ack 102\n\
         +0     C .   102:102(0)   ack 101\n\
         +0.200 S F.  101:101(0)   ack 102\n\
         +0     C .   102:102(0)   ack 102\n",
    );
    assert_eq!(spent(&report), [10, 0, 710, 10, 0, 0, 200, 0]);
}

#[test]
fn the_time_until_lost_octets_have_arrived_is_recovery() {
    let report = report(include_str!("scripts/retransmission_timeout.seg"));
    // The client goes on 10 ms after the acknowledgement, and no acknowledgement of that could have come sooner.
    assert_eq!(spent(&report), [20, 100, 0, 10, 0, 310, 0, 0]);
    let client = measures(&report.client);
    assert_eq!((client.retransmitted_segments, client.retransmitted_bytes), (2, 150));
    assert_eq!((client.rtt.samples, client.ambiguous_acks), (1, 1));
    assert_eq!(client.retransmission_time_max, Some(300 * MS));
}

#[test]
fn a_closed_window_is_nobody_s_loss() {
    let report = report(include_str!("scripts/zero_window.seg"));
    assert_eq!(spent(&report), [20, 100, 0, 30, 1510, 0, 0, 0]);
    let (client, server) = (measures(&report.client), measures(&report.server));
    assert_eq!((server.zero_windows, server.zero_window_time), (2, 1510 * MS));
    assert_eq!((server.window_min, server.window_max), (Some(0), Some(8000)));
    assert_eq!((client.zero_window_probes, client.zero_window_probe_bytes), (1, 1));
    assert_eq!((client.unique_bytes, client.retransmitted_bytes), (2000, 0));
}

#[test]
fn three_duplicate_acks_and_what_they_bring() {
    let report = report(include_str!("scripts/fast_retransmission.seg"));
    let (client, server) = (measures(&report.client), measures(&report.server));
    assert_eq!((server.duplicate_acks, server.triple_duplicate_acks), (3, 1));
    assert_eq!((client.retransmitted_segments, client.retransmitted_bytes), (1, 1000));
    assert_eq!((client.initial_window_bytes, client.initial_window_segments), (5000, 5));
    assert_eq!((client.in_flight_min, client.in_flight_max), (Some(1000), 5000));
    // The SYN and the first segment; the last acknowledgement answers what filled the hole.
    assert_eq!((client.rtt.samples, client.post_loss_acks, client.cumulatively_acked), (2, 1, 3));
    assert_eq!(client.rtt.median, Some(10 * MS));
    assert_eq!(client.acknowledged_bytes, 5000);
}

#[test]
fn the_echo_tells_which_transmission_arrived() {
    let text = |echo: u32| {
        format!(
            "+0     C S   0:0(0)             <ts 100 0>\n\
             +0.010 S S.  0:0(0)      ack 1   <ts 900 100>\n\
             +0.010 C .   1:1(0)      ack 1   <ts 120 900>\n\
             +0     C P.  1:101(100)  ack 1   <ts 120 900>\n\
             +0.300 C P.  1:101(100)  ack 1   <ts 420 900>\n\
             +0.010 S .   1:1(0)      ack 101 <ts 1210 {echo}>\n"
        )
    };
    let told = measures(&report(&text(420)).client);
    assert_eq!((told.rtt.samples, told.rtt.max, told.ambiguous_acks), (2, Some(10 * MS), 0));
    let untold = measures(&report(&text(120)).client);
    assert_eq!((untold.rtt.samples, untold.ambiguous_acks), (1, 1));
}

#[test]
fn a_refusal_answers_the_syn() {
    let report = report(include_str!("scripts/refused.seg"));
    assert_eq!(measures(&report.client).rtt.max, Some(10 * MS));
    assert_eq!(measures(&report.client).mss, Some(1460));
    assert_eq!(measures(&report.server).rst_segments, 1);
}

#[test]
fn keep_alives_bring_and_repeat_nothing() {
    let client = measures(&report(include_str!("scripts/keep_alive.seg")).client);
    assert_eq!((client.keep_alives, client.retransmitted_segments, client.unique_bytes), (2, 0, 100));
    assert_eq!(client.idle_max, 7200 * 1000 * MS);
}

#[test]
fn a_lone_syn_is_measured_too() {
    let report = report("+0 C S 0:0(0) <mss 1400>\n");
    assert_eq!(report.time_spent, Some(TimeSpent::default()));
    assert_eq!(measures(&report.client).syn_segments, 1);
    assert_eq!(measures(&report.client).mss, Some(1400));
}

#[test]
fn a_closed_window_holds_up_nobody_who_has_sent_a_fin() {
    let report = report(include_str!("scripts/zero_window_after_fin.seg"));
    assert_eq!(spent(&report), [20, 100, 0, 0, 0, 0, 30, 0]);
    assert_eq!((measures(&report.server).zero_windows, measures(&report.server).zero_window_time), (1, 0));
}

#[test]
fn three_duplicates_in_a_row_are_counted_each_time() {
    let mut text = "open\n".to_owned();
    for first in [1, 5001] {
        for n in 0..5 {
            let start = first + 1000 * n;
            text += &format!("+0.001 C . {start}:{}(1000) ack 1\n", start + 1000);
        }
        text += &format!("+0.010 S . 1:1(0) ack {}\n", first + 1000);
        text += &format!("+0.001 S . 1:1(0) ack {}\n", first + 1000).repeat(3);
        text += &format!(
            "+0.001 C . {}:{}(1000) ack 1\n+0.010 S . 1:1(0) ack {}\n",
            first + 1000,
            first + 2000,
            first + 5000
        );
    }
    let server = measures(&report(&text).server);
    assert_eq!((server.duplicate_acks, server.triple_duplicate_acks), (6, 2));
}

#[test]
fn what_had_been_acknowledged_selectively_tells_no_round_trip_and_no_loss() {
    // The first segment was late, and nothing was sent again.
    let report = report(
        "+0     C S   0:0(0)          <mss 1460, sackOK>\n\
         +0.010 S S.  0:0(0)   ack 1  <mss 1460, sackOK>\n\
         +0.010 C .   1:1(0)   ack 1\n\
         +0     C .   1:101(100)    ack 1\n\
         +0     C .   101:201(100)  ack 1\n\
         +0.010 S .   1:1(0)   ack 1 <sack 101:201>\n\
         +0.050 S .   1:1(0)   ack 201\n",
    );
    let client = measures(&report.client);
    assert_eq!((client.rtt.samples, client.post_loss_acks, client.ambiguous_acks), (1, 0, 0));
}

/// Wants neither events nor all measurements.
struct Brief(Vec<Report>);

impl Sink for Brief {
    type Error = Infallible;

    fn wants_events(&self) -> bool {
        false
    }

    fn wants_measures(&self) -> bool {
        false
    }

    fn event(&mut self, event: &Event<'_>) -> Result<(), Infallible> {
        panic!("frame {} gave an event", event.frame.number);
    }

    fn ended(&mut self, report: Report) -> Result<(), Infallible> {
        self.0.push(report);
        Ok(())
    }
}

#[test]
fn who_does_not_want_all_measurements_hears_of_loss_and_the_median_and_of_all_else() {
    let text = "+0     C S   0:0(0)\n\
         +0.010 S S.  0:0(0)       ack 1\n\
         +0.010 C .   1:1(0)       ack 1\n\
         +0.100 C P.  1:101(100)   ack 1\n\
         +0.400 C P.  1:101(100)   ack 1\n\
         +0.010 S .   1:1(0)       ack 101\n\
         +0.300 S P.  1:501(500)   ack 101\n\
         +0.030 C .   101:101(0)   ack 501\n";
    let mut all = report(text);
    let (mut decoder, mut tracker, mut brief) =
        (Decoder::default(), Tracker::new(Limits::default()), Brief(vec![]));
    let script = Script::parse("measured", text).unwrap_or_else(|error| panic!("{error}"));
    for (number, recorded) in (1..).zip(&script.frames()) {
        let frame = recorded.frame(number);
        let segment = decoder.decode(&frame).expect("a segment");
        let Ok(()) = tracker.observe(frame.info(), &segment, &mut brief);
    }
    let Ok(()) = tracker.finish(None, &mut brief);
    for (side, told) in [(Side::Client, &mut all.client), (Side::Server, &mut all.server)] {
        let all = told.measures.take().expect("all measurements are wanted");
        assert!(told.median_rtt.is_some(), "{side:?}");
        assert_eq!((told.median_rtt, told.pure_acks), (all.rtt.median, all.pure_acks));
        let octets = (told.unique_bytes, told.retransmitted_bytes);
        assert_eq!(octets, (all.unique_bytes, all.retransmitted_bytes));
    }
    assert_eq!(all.client.retransmitted_bytes, 100);
    // Here the shortest round trips tell the same as those of the SYNs.
    assert_ne!(all.vantage, Vantage::Unknown);
    assert_eq!(brief.0, [all]);
}

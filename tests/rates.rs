//! What set the rate of a transfer: senders of RFC 5681 behind links that are made to be slow, policed or lossy, captured
//! near each end. Each is a conversation that is played by numbers, without sockets.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "support/follow.rs"]
mod follow;
#[path = "support/found.rs"]
mod found;
#[path = "support/script.rs"]
mod script;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use script::Script;
use tcpscope::track::congestion::Phase;
use tcpscope::track::report::Report;

const MSS: u64 = 1448;

/// A way from the server to the client. Times are microseconds.
#[derive(Clone, Copy)]
struct Link {
    /// There and back without a queue.
    round_trip: u64,
    /// Octets a second, and octets that may wait.
    slow: Option<(u64, u64)>,
    /// Octets a second, and the bucket.
    policed: Option<(u64, u64)>,
    /// One segment in so many is lost.
    loses: Option<u64>,
    octets: u64,
}

const FAST: Link = Link { round_trip: 40_000, slow: None, policed: None, loses: None, octets: 400_000 };

/// What happens, in the order of time: to the server, or to the client.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Happens {
    /// Octets arrive at the client, as the number of their segment.
    Data(u64),
    /// An acknowledgement arrives at the server: the next segment that is awaited, and the highest that arrived.
    Ack(u64, u64),
}

/// What was captured at one place: when, and the line without the time.
type Captured = Vec<(u64, String)>;

/// A sender with SACK that halves its window in each recovery.
struct Played {
    link: Link,
    at_server: Captured,
    at_client: Captured,
    events: BTreeMap<(u64, u64), Happens>,
    order: u64,
    busy_until: u64,
    tokens: (f64, u64),
    sent: u64,
    /// When each segment was sent last.
    sent_at: BTreeMap<u64, u64>,
}

impl Played {
    fn happens(&mut self, at: u64, what: Happens) {
        self.order += 1;
        self.events.insert((at, self.order), what);
    }

    /// The server sends a segment, for the first time or again.
    fn sends(&mut self, now: u64, segment: u64) {
        let from = 1 + segment * MSS;
        let line = format!("S . {from}:{}({MSS}) ack 101", from + MSS);
        self.at_server.push((now, line));
        self.sent += 1;
        self.sent_at.insert(segment, now);
        if self.link.loses.is_some_and(|every| chance(self.sent).is_multiple_of(every)) {
            return;
        }
        if let Some((rate, bucket)) = self.link.policed {
            let (tokens, filled) = self.tokens;
            let tokens = (tokens + (now - filled) as f64 * rate as f64 / 1e6).min(bucket as f64);
            let passes = tokens >= MSS as f64;
            self.tokens = (if passes { tokens - MSS as f64 } else { tokens }, now);
            if !passes {
                return;
            }
        }
        let mut leaves = now;
        if let Some((rate, queue)) = self.link.slow {
            let waits = self.busy_until.saturating_sub(now);
            if waits * rate / 1_000_000 > queue {
                return;
            }
            leaves = now + waits + MSS * 1_000_000 / rate;
            self.busy_until = leaves;
        }
        self.happens(leaves + self.link.round_trip / 2, Happens::Data(segment));
    }

    fn play(link: Link) -> Self {
        let mut played = Self {
            link,
            at_server: Vec::new(),
            at_client: Vec::new(),
            events: BTreeMap::new(),
            order: 0,
            busy_until: 0,
            tokens: (link.policed.map_or(0.0, |(_, bucket)| bucket as f64), 0),
            sent: 0,
            sent_at: BTreeMap::new(),
        };
        let (all, half) = (link.octets / MSS, link.round_trip / 2);
        let options = "<mss 1460, sackOK, ts 1 0, ws 7>";
        for (place, at) in
            [(false, [0, 50, link.round_trip]), (true, [0, link.round_trip, link.round_trip + 50])]
        {
            let lines = [
                format!("C S 0:0(0) {options}"),
                format!("S S. 0:0(0) ack 1 {options}"),
                "C P. 1:101(100) ack 1".to_owned(),
            ];
            let captured = if place { &mut played.at_client } else { &mut played.at_server };
            captured.extend(at.into_iter().zip(lines));
        }
        let begin = link.round_trip + 100;
        let (mut cwnd, mut ssthresh) = (10.0_f64, f64::MAX);
        let (mut next, mut una, mut high) = (0, 0, 0);
        let mut point = 0;
        let mut got = vec![false; all as usize + 1];
        let mut wanted = 0;
        let mut top = 0;
        while next < 10.min(all) {
            played.sends(begin, next);
            next += 1;
        }
        let mut latest = begin;
        while una < all {
            let Some(((now, _), what)) = played.events.pop_first() else {
                // Nothing is on its way: the timer runs out.
                latest += 300_000;
                (ssthresh, cwnd, point) = ((cwnd / 2.0).max(2.0), 1.0, next);
                played.sends(latest, una);
                continue;
            };
            latest = now;
            match what {
                Happens::Data(segment) => {
                    let from = 1 + segment * MSS;
                    // The client's clock is half a round trip behind, as its capture begins with its SYN.
                    played.at_client.push((now + half, format!("S . {from}:{}({MSS}) ack 101", from + MSS)));
                    got[segment as usize] = true;
                    top = top.max(segment + 1);
                    while got[wanted as usize] {
                        wanted += 1;
                    }
                    let sack = if top > wanted { blocks(&got, wanted, top) } else { String::new() };
                    let line = format!("C . 101:101(0) ack {}{sack}", 1 + wanted * MSS);
                    played.at_client.push((now + half + 20, line.clone()));
                    let arrives = now + 20 + half;
                    played.happens(arrives, Happens::Ack(wanted, top));
                    played.at_server.push((arrives, line));
                }
                Happens::Ack(acked, highest) => {
                    let newly = acked.saturating_sub(una);
                    (una, high) = (una.max(acked), high.max(highest));
                    let recovers = una < point;
                    if !recovers && high > una + 3 {
                        (cwnd, point) = ((cwnd / 2.0).max(2.0), next);
                        ssthresh = cwnd;
                    }
                    if !recovers && newly > 0 {
                        cwnd += newly as f64 * if cwnd < ssthresh { 1.0 } else { 1.0 / cwnd };
                    }
                    // One hole for each acknowledgement, again where its repetition is lost, then what is new.
                    let lost = |at: &u64| !got[*at as usize] && played.sent_at[at] + link.round_trip <= now;
                    let hole = (una..high).find(lost).filter(|_| una < point);
                    if let Some(hole) = hole {
                        played.sends(now + 10, hole);
                    }
                    let mut under_way = next - high.max(una);
                    while next < all && (under_way as f64) < cwnd {
                        played.sends(now + 10, next);
                        (next, under_way) = (next + 1, under_way + 1);
                    }
                }
            }
        }
        played
    }

    fn report(captured: &mut Captured) -> Report {
        captured.sort_by_key(|(at, _)| *at);
        let mut text = String::new();
        let mut before = 0;
        for (at, line) in captured.iter() {
            let micros = at - before;
            writeln!(text, "+{}.{:06} {line}", micros / 1_000_000, micros % 1_000_000).unwrap();
            before = *at;
        }
        let script = Script::parse("rates", &text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        follow::run(&script.frames()).reports.remove(0)
    }

    /// The verdicts near the sender, and near the receiver, with the report of the first.
    fn verdicts(link: Link) -> ([Vec<&'static str>; 2], Report) {
        let mut played = Self::play(link);
        let names =
            |report: &Report| report.verdicts.all().iter().map(|verdict| verdict.kind().name()).collect();
        let (server, client) = (Self::report(&mut played.at_server), Self::report(&mut played.at_client));
        ([names(&server), names(&client)], server)
    }
}

/// A number without order (the finalizer of SplitMix64).
fn chance(seed: u64) -> u64 {
    let mixed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

/// The highest three blocks above `wanted`.
fn blocks(got: &[bool], wanted: u64, top: u64) -> String {
    let mut blocks = Vec::new();
    let mut at = top;
    while at > wanted && blocks.len() < 3 {
        let right = at;
        while at > wanted && got[at as usize - 1] {
            at -= 1;
        }
        if at < right {
            blocks.push(format!("{}:{}", 1 + at * MSS, 1 + right * MSS));
        }
        while at > wanted && !got[at as usize - 1] {
            at -= 1;
        }
    }
    format!(" <sack {}>", blocks.join(" "))
}

#[test]
fn a_fast_link_that_loses_nothing_is_fine() {
    let ([server, client], report) = Played::verdicts(FAST);
    assert_eq!((server, client), (vec![], vec![]));
    let congestion = report.server.congestion.unwrap();
    assert!(congestion.phases.iter().all(|span| span.phase == Phase::SlowStart), "{congestion:?}");
    assert_eq!(congestion.limited_by.recovery, 0);
    assert!(congestion.cwnd_max.unwrap() > 100 * MSS, "{congestion:?}");
}

#[test]
fn a_slow_link_with_a_long_queue_is_a_bottleneck_at_both_ends() {
    let slow = Link { slow: Some((400_000, 2_000_000)), octets: 1_000_000, ..FAST };
    let ([server, client], report) = Played::verdicts(slow);
    assert_eq!((server, client), (vec!["bottleneck"], vec!["bottleneck"]));
    let verdict = report.verdicts.first().unwrap().clone();
    let tcpscope::track::verdict::Reason::Bottleneck { rate, round_trips } = verdict.reason else { panic!() };
    assert!((360_000..440_000).contains(&rate), "{rate}");
    let (shortest, mean) = round_trips.unwrap();
    assert!((40_000_000..50_000_000).contains(&shortest) && mean > 4 * shortest, "{shortest} {mean}");
}

#[test]
fn what_is_lost_in_runs_above_a_rate_is_dropped_by_a_policer() {
    let policed = Link { policed: Some((400_000, 15_000)), octets: 2_000_000, ..FAST };
    let ([server, client], report) = Played::verdicts(policed);
    assert_eq!((server, client), (vec!["policer"], vec!["loss"]), "{:?}", report.server.congestion);
}

#[test]
fn what_is_lost_by_chance_is_loss_at_both_ends() {
    let lossy = Link { loses: Some(30), octets: 1_000_000, ..FAST };
    let ([server, client], report) = Played::verdicts(lossy);
    assert_eq!((server.first(), client.first()), (Some(&"loss"), Some(&"loss")), "{:?}", report.server);
    let congestion = report.server.congestion.unwrap();
    let has = |phase| congestion.phases.iter().any(|span| span.phase == phase);
    assert!(has(Phase::FastRecovery) && has(Phase::CongestionAvoidance), "{congestion:?}");
    assert!(congestion.ssthresh.iter().all(|cwnd| *cwnd % MSS == 0), "{congestion:?}");
}

use proptest::prelude::*;

use super::*;

fn sent(start: i64, end: i64, frame: u64, nanos: i64) -> Sent {
    Sent::once((start, end), frame, Some(Timestamp::from_nanos(nanos)), 0)
}

fn answer(covered: &[Sent], now: i64, tsecr: Option<u32>) -> Answer {
    let mut all = Covered::default();
    covered.iter().for_each(|sent| all.take(sent, true));
    all.answer(Some(Timestamp::from_nanos(now)), tsecr)
}

#[test]
fn the_last_of_several_segments_gives_the_round_trip() {
    assert_eq!(answer(&[sent(1, 11, 1, 100), sent(11, 21, 2, 150)], 400, None), Answer::RoundTrip(250));
}

#[test]
fn a_segment_sent_twice_gives_none_but_by_its_timestamp() {
    let again = Sent { times: 2, tsval: 7, ..sent(1, 11, 5, 900) };
    assert_eq!(answer(&[again], 1000, Some(7)), Answer::Ambiguous);
    let again = Sent { distinct: true, ..again };
    assert_eq!(answer(&[again], 1000, Some(7)), Answer::RoundTrip(100));
    assert_eq!(answer(&[again], 1000, Some(6)), Answer::Ambiguous);
    assert_eq!(answer(&[again], 1000, None), Answer::Ambiguous);
}

#[test]
fn the_acknowledgement_of_a_filled_hole_gives_none() {
    let again = Sent { times: 2, ..sent(1, 11, 9, 900) };
    assert_eq!(answer(&[again, sent(11, 21, 2, 100)], 1000, None), Answer::AfterLoss);
    let had = Sent { sacked: true, ..sent(11, 21, 2, 100) };
    assert_eq!(answer(&[had], 1000, None), Answer::Nothing);
}

#[test]
fn a_clock_that_ran_backwards_gives_none() {
    assert_eq!(answer(&[sent(1, 11, 1, 100)], 99, None), Answer::Nothing);
}

#[test]
fn the_smoothed_round_trip_is_that_of_rfc_6298() {
    let mut trips = RttStats::default();
    for nanos in [800, 1600, 800] {
        trips.insert(nanos, false);
    }
    let (rtt, full) = trips.report();
    // 800 / 400; then 900 / 400 + (800 - 400) / 4 = 500; then 900 - 100 / 8 and 500 - (500 - 100) / 4.
    assert_eq!((rtt.smoothed, rtt.variation), (Some(888), Some(400)));
    assert_eq!((rtt.samples, rtt.min, rtt.max, rtt.median), (3, Some(800), Some(1600), Some(800)));
    assert_eq!(full, Rtt::default());
}

#[test]
fn round_trips_of_smaller_segments_are_not_those_of_full_ones() {
    let mut trips = RttStats::default();
    trips.insert(10, true);
    trips.larger();
    trips.insert(20, true);
    trips.insert(30, false);
    assert_eq!(trips.report().1.samples, 1);
    assert_eq!(trips.report().1.min, Some(20));
}

proptest! {
    #[test]
    fn percentiles_are_exact_for_few_and_near_for_many(trips in prop::collection::vec(0..5_000_000_000_i64, 1..200)) {
        let mut all = RttStats::default();
        trips.iter().for_each(|nanos| all.insert(*nanos, true));
        let (rtt, full) = all.report();
        let mut sorted = trips;
        sorted.sort_unstable();
        let true_at = |percent: usize| sorted[(sorted.len() * percent).div_ceil(100) - 1];
        for (got, expected) in [(rtt.median, true_at(50)), (rtt.p95, true_at(95))] {
            let got = got.expect("there are samples");
            let allowed = if sorted.len() <= FEW { 0 } else { (expected / 32).max(32) };
            prop_assert!((got - expected).abs() <= allowed, "{got} for {expected}");
        }
        prop_assert_eq!((rtt.min, rtt.max), (sorted.first().copied(), sorted.last().copied()));
        prop_assert_eq!(rtt.samples, sorted.len() as u64);
        prop_assert_eq!(full.mean, rtt.mean);
        let mean = sorted.iter().map(|nanos| *nanos as f64).sum::<f64>() / sorted.len() as f64;
        prop_assert!((rtt.mean.expect("a mean") - mean).abs() <= 1e-6 * mean + 1e-6);
    }

    #[test]
    fn no_duration_overflows_anything(trips in prop::collection::vec(0..=i64::MAX, 1..100)) {
        let mut all = RttStats::default();
        trips.iter().for_each(|nanos| all.insert(*nanos, false));
        let (rtt, _) = all.report();
        prop_assert!(rtt.min <= rtt.median && rtt.median <= rtt.p95 && rtt.p95 <= rtt.max);
        prop_assert!(rtt.smoothed >= Some(0) && rtt.variation >= Some(0));
    }
}

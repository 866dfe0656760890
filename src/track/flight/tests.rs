use proptest::prelude::*;

use super::*;

fn sent(start: i64, end: i64, frame: u64) -> Sent {
    Sent::once((start, end), frame, None, 0)
}

/// Those under way, and the remembered ones.
fn all(flight: &Flight) -> impl Iterator<Item = Sent> + Clone {
    (0..flight.sent.len()).filter_map(|index| flight.at(index))
}

fn shape(flight: &Flight) -> Vec<(i64, i64, u64, u8)> {
    all(flight).map(|sent| (sent.start, sent.end, sent.frame, sent.times)).collect()
}

#[test]
fn a_repeated_part_becomes_a_segment_of_its_own() {
    let mut flight = Flight::default();
    flight.send(sent(1, 101, 1));
    flight.send(sent(41, 61, 2));
    assert_eq!(shape(&flight), [(1, 41, 1, 1), (41, 61, 2, 2), (61, 101, 1, 1)]);
}

#[test]
fn what_fills_a_gap_is_put_between() {
    let mut flight = Flight::default();
    flight.send(sent(1, 11, 1));
    flight.send(sent(21, 31, 2));
    flight.send(sent(6, 41, 3));
    assert_eq!(shape(&flight), [(1, 6, 1, 1), (6, 11, 3, 2), (11, 21, 3, 1), (21, 31, 3, 2), (31, 41, 3, 1)]);
}

#[test]
fn an_acknowledged_segment_is_still_named_for_a_while() {
    let mut flight = Flight::default();
    for frame in 0..20 {
        let start = frame as i64 * 10;
        flight.send(sent(start, start + 10, frame));
    }
    let mut covered = Vec::new();
    flight.acknowledge(155, |sent, wholly| covered.push((sent.frame, (sent.start, sent.end), wholly)));
    assert_eq!(covered.pop(), Some((15, (150, 160), false)));
    assert!(covered.iter().all(|(.., wholly)| *wholly));
    assert_eq!(covered.iter().map(|(frame, ..)| *frame).collect::<Vec<_>>(), (0..15).collect::<Vec<_>>());
    assert_eq!(flight.overlapping(140, 150).map(|sent| sent.frame).collect::<Vec<_>>(), [14]);
    assert_eq!(flight.overlapping(0, 10).count(), 0);
    assert_eq!(flight.waiting().map(|sent| sent.start).collect::<Vec<_>>(), [155, 160, 170, 180, 190]);
}

#[test]
fn selective_acknowledgements_mark_what_they_cover_wholly() {
    let mut flight = Flight::default();
    for frame in 0..5 {
        let start = frame as i64 * 10;
        flight.send(sent(start, start + 10, frame));
    }
    for expected in [vec![2, 3], vec![]] {
        let mut marked = Vec::new();
        flight.sack(15, 40, |sent| marked.push(sent.frame));
        assert_eq!(marked, expected);
    }
    let marked: Vec<_> = flight.waiting().filter(|sent| sent.sacked).map(|sent| sent.frame).collect();
    assert_eq!(marked, [2, 3]);
}

#[derive(Clone, Debug)]
enum Step {
    Send(i64, i64),
    Acknowledge(i64),
    Sack(i64, i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0..3000_i64, 0..20_i64).prop_map(|(start, len)| Step::Send(start, len)),
        1 => (0..3000_i64).prop_map(Step::Acknowledge),
        1 => (0..3000_i64, 0..100_i64).prop_map(|(left, len)| Step::Sack(left, left + len)),
    ];
    prop::collection::vec(step, 0..1500)
}

proptest! {
    #[test]
    fn segments_stay_in_order_apart_and_few(steps in steps()) {
        let mut flight = Flight::default();
        for (frame, step) in steps.into_iter().enumerate() {
            match step {
                Step::Send(start, len) => flight.send(sent(start, start + len, frame as u64)),
                Step::Acknowledge(ack) => { flight.acknowledge(ack, |_, _| {}); }
                Step::Sack(left, right) => flight.sack(left, right, |_| {}),
            }
            prop_assert!(flight.sent.len() <= CAPACITY);
            prop_assert!(flight.sent.acked() <= flight.sent.len());
            prop_assert!(all(&flight).take(flight.sent.acked()).all(|sent| sent.end <= flight.snd_una));
            prop_assert!(flight.waiting().all(|sent| sent.start >= flight.snd_una));
            prop_assert!(all(&flight).all(|sent| sent.start < sent.end));
            let pairs = all(&flight).zip(all(&flight).skip(1));
            prop_assert!(pairs.clone().all(|(one, next)| one.end <= next.start));
        }
    }

    /// Every octet is acknowledged once, by the acknowledgement that first covers it.
    #[test]
    fn every_segment_is_acknowledged_once(lens in prop::collection::vec(1..50_i64, 1..400), acks in prop::collection::vec(0..20_000_i64, 0..50)) {
        let mut flight = Flight::default();
        let mut at = 0;
        for (frame, len) in lens.iter().enumerate() {
            flight.send(sent(at, at + len, frame as u64));
            at += len;
        }
        let mut covered = Vec::new();
        let mut cover = |sent: &Sent, wholly: bool| covered.extend(wholly.then_some(sent.frame));
        for ack in acks {
            flight.acknowledge(ack, &mut cover);
        }
        flight.acknowledge(i64::MAX, cover);
        prop_assert_eq!(covered, (0..lens.len() as u64).collect::<Vec<_>>());
    }
}

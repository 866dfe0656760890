use proptest::prelude::*;

use super::*;

fn sent(start: i64, end: i64, frame: u64) -> Sent {
    Sent::once((start, end), frame, None, 0)
}

/// The segments under way, and the remembered ones.
fn all(unacked: &Unacked) -> impl Iterator<Item = Sent> + Clone {
    (0..unacked.sent.len()).filter_map(|index| unacked.at(index))
}

fn shape(unacked: &Unacked) -> Vec<(i64, i64, u64, u8)> {
    all(unacked).map(|sent| (sent.start, sent.end, sent.frame, sent.times)).collect()
}

#[test]
fn a_repeated_part_becomes_a_segment_of_its_own() {
    let mut unacked = Unacked::default();
    unacked.send(sent(1, 101, 1), 0);
    unacked.send(sent(41, 61, 2), 0);
    assert_eq!(shape(&unacked), [(1, 41, 1, 1), (41, 61, 2, 2), (61, 101, 1, 1)]);
}

#[test]
fn what_fills_a_gap_is_put_between() {
    let mut unacked = Unacked::default();
    unacked.send(sent(1, 11, 1), 0);
    unacked.send(sent(21, 31, 2), 0);
    unacked.send(sent(6, 41, 3), 0);
    assert_eq!(
        shape(&unacked),
        [(1, 6, 1, 1), (6, 11, 3, 2), (11, 21, 3, 1), (21, 31, 3, 2), (31, 41, 3, 1)]
    );
}

#[test]
fn the_sum_of_octets_is_forgotten_where_a_segment_is_cut_up() {
    let with_sum = |start, end, sum| Sent { sum, ..sent(start, end, 1) };
    let sums = |unacked: &Unacked| all(unacked).map(|sent| sent.sum).collect::<Vec<_>>();
    let mut unacked = Unacked::default();
    unacked.send(with_sum(1, 101, 7), 0);
    unacked.send(with_sum(101, 201, 8), 0);
    unacked.send(with_sum(1, 101, 9), 0);
    assert_eq!(sums(&unacked), [9, 8]);
    // What holds more than one segment says nothing of each.
    unacked.send(with_sum(1, 201, 5), 0);
    assert_eq!(sums(&unacked), [9, 8]);
    unacked.send(with_sum(41, 61, 3), 0);
    assert_eq!(sums(&unacked), [0, 3, 0, 8]);
    unacked.acknowledge(110, |_, _| {});
    assert_eq!(sums(&unacked), [0, 3, 0, 0]);
}

#[test]
fn an_acknowledged_segment_is_still_named_for_a_while() {
    let mut unacked = Unacked::default();
    for frame in 0..20 {
        let start = frame as i64 * 10;
        unacked.send(sent(start, start + 10, frame), 0);
    }
    let mut covered = Vec::new();
    unacked.acknowledge(155, |sent, wholly| covered.push((sent.frame, (sent.start, sent.end), wholly)));
    assert_eq!(covered.pop(), Some((15, (150, 160), false)));
    assert!(covered.iter().all(|(.., wholly)| *wholly));
    assert_eq!(covered.iter().map(|(frame, ..)| *frame).collect::<Vec<_>>(), (0..15).collect::<Vec<_>>());
    assert_eq!(unacked.overlapping(140, 150).map(|sent| sent.frame).collect::<Vec<_>>(), [14]);
    assert_eq!(unacked.overlapping(0, 10).count(), 0);
    assert_eq!(unacked.waiting().map(|sent| sent.start).collect::<Vec<_>>(), [155, 160, 170, 180, 190]);
}

#[test]
fn selective_acknowledgements_mark_what_they_cover_and_cut_what_they_cover_in_part() {
    let mut unacked = Unacked::default();
    for frame in 0..5 {
        let start = frame as i64 * 10;
        unacked.send(sent(start, start + 10, frame), 0);
    }
    for expected in [vec![1, 2, 3], vec![]] {
        let mut marked = Vec::new();
        unacked.sack(15, 40, |sent| marked.push(sent.frame));
        assert_eq!(marked, expected);
    }
    let marked: Vec<_> = unacked.waiting().filter(|sent| sent.sacked).map(|sent| sent.frame).collect();
    assert_eq!(marked, [1, 2, 3]);
    let edges: Vec<_> = unacked.waiting().map(|sent| (sent.start, sent.end)).collect();
    assert_eq!(edges, [(0, 10), (10, 15), (15, 20), (20, 30), (30, 40), (40, 50)]);
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
        let (mut unacked, mut snd_una) = (Unacked::default(), 0);
        for (frame, step) in steps.into_iter().enumerate() {
            match step {
                Step::Send(start, len) => unacked.send(sent(start, start + len, frame as u64), snd_una),
                Step::Acknowledge(ack) => {
                    snd_una = snd_una.max(ack);
                    unacked.acknowledge(snd_una, |_, _| {});
                }
                Step::Sack(left, right) => unacked.sack(left, right, |_| {}),
            }
            prop_assert!(unacked.sent.len() <= CAPACITY);
            prop_assert!(unacked.sent.acked() <= unacked.sent.len());
            prop_assert!(all(&unacked).take(unacked.sent.acked()).all(|sent| sent.end <= snd_una));
            prop_assert!(unacked.waiting().all(|sent| sent.start >= snd_una));
            prop_assert!(all(&unacked).all(|sent| sent.start < sent.end));
            let pairs = all(&unacked).zip(all(&unacked).skip(1));
            prop_assert!(pairs.clone().all(|(one, next)| one.end <= next.start));
        }
    }

    /// Every octet is acknowledged once, by the acknowledgement that first covers it.
    #[test]
    fn every_segment_is_acknowledged_once(lens in prop::collection::vec(1..50_i64, 1..400), acks in prop::collection::vec(0..20_000_i64, 0..50)) {
        let mut unacked = Unacked::default();
        let mut at = 0;
        for (frame, len) in lens.iter().enumerate() {
            unacked.send(sent(at, at + len, frame as u64), 0);
            at += len;
        }
        let mut covered = Vec::new();
        let mut cover = |sent: &Sent, wholly: bool| covered.extend(wholly.then_some(sent.frame));
        for ack in acks {
            unacked.acknowledge(ack, &mut cover);
        }
        unacked.acknowledge(i64::MAX, cover);
        prop_assert_eq!(covered, (0..lens.len() as u64).collect::<Vec<_>>());
    }
}

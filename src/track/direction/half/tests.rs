use super::*;
use crate::track::direction::gaps::MOST;

fn half(isn: u32) -> Half {
    let mut half = Half::default();
    half.begin(SeqNumber(isn));
    half
}

#[test]
fn numbers_go_on_counting_when_the_circle_wraps() {
    let mut half = half(u32::MAX - 1);
    half.send(0, 1);
    half.send(1, 10);
    assert_eq!(half.unwrap(SeqNumber(9)), 11);
    for turn in 0..10_i64 {
        let start = half.snd_nxt;
        half.send(start, 1 << 30);
        assert_eq!(half.snd_nxt, 11 + ((turn + 1) << 30));
    }
    assert_eq!(half.unwrap(SeqNumber(9_u32.wrapping_add((10_u64 << 30) as u32))), 11 + (10 << 30));
}

#[test]
fn an_octet_that_fills_a_gap_was_not_sent_before() {
    let mut half = half(0);
    half.send(0, 1);
    assert_eq!(half.send(101, 100), Delivery { new: 100, filled: 0, repeated: 0, gap: 100 });
    assert_eq!(half.send(51, 100), Delivery { new: 50, filled: 50, repeated: 50, gap: 0 });
    assert_eq!(half.send(1, 50), Delivery { new: 50, filled: 50, repeated: 0, gap: 0 });
    assert_eq!(half.send(1, 200), Delivery { new: 0, filled: 0, repeated: 200, gap: 0 });
}

#[test]
fn a_segment_in_the_middle_of_a_gap_leaves_two() {
    let mut half = half(0);
    half.send(100, 10);
    assert_eq!(half.send(40, 10).new, 10);
    assert_eq!(half.send(0, 110), Delivery { new: 90, filled: 90, repeated: 20, gap: 0 });
}

#[test]
fn as_many_gaps_as_are_remembered_are_filled_exactly() {
    let mut half = half(0);
    for gap in 0..MOST as i64 {
        half.send(gap * 20 + 10, 10);
    }
    for gap in (0..MOST as i64).rev() {
        assert_eq!(half.send(gap * 20, 10), Delivery { new: 10, filled: 10, repeated: 0, gap: 0 });
    }
    assert_eq!(half.send(0, 20 * MOST as i64).new, 0);
}

#[test]
fn gaps_beyond_that_stay_few() {
    let mut half = half(0);
    for gap in 0..1000 {
        half.send(gap * 20 + 10, 10);
        half.send(gap * 20 + 3, 1);
    }
    assert!(half.rare().gaps.0.len() <= MOST && half.rare().gaps.0.is_sorted());
}

#[test]
fn a_fin_is_acknowledged_when_the_number_passes_it() {
    let mut half = half(0);
    half.fin = Fin::Sent { at: 5.into() };
    assert_eq!(half.acknowledge(5), 5);
    assert_eq!(half.fin, Fin::Sent { at: 5.into() });
    assert_eq!(half.acknowledge(6), 1);
    assert_eq!(half.fin, Fin::Acked { at: 5.into() });
}

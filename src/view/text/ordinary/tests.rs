use proptest::prelude::*;

use super::super::Text;
use super::*;
use crate::explain::sample::{EPOCH, Sample, any_sample, plain};

/// The timestamps that nearly every segment bears.
const STAMPS: [u8; 12] = [1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2];

/// Segments of which most are ordinary, and each misses that in one way at most.
fn nearly_ordinary() -> impl Strategy<Value = Sample> {
    let numbers = (any::<u64>(), 0..64_u32, any::<u64>(), 0..64_u32);
    let who = (any::<bool>(), 0..40_u64, 0..3_000_000_u64, 0..40_000_000_000_i64);
    let what = (prop_oneof![Just(0), 1..3000_usize], any::<bool>(), any::<bool>(), any::<u16>());
    (who, numbers, what, 0..30_u8, any_sample()).prop_map(
        |(
            (client, connection, number, micros),
            (seq, by, ack, less),
            (len, pushed, stamped, window),
            odd,
            other,
        )| {
            let mut sample = plain(if client { Side::Client } else { Side::Server }).at(number, micros);
            sample.connection = connection.saturating_sub(20);
            sample = sample.numbers((seq >> by >> 1) as i64, (ack >> less >> 1) as i64);
            sample = sample.window(window, Some(7)).acks(if len % 3 == 0 { ack >> less } else { 0 });
            sample = if stamped { sample.options(&STAMPS) } else { sample };
            sample = if pushed { sample.flags(&[Flags::PSH, Flags::ACK]) } else { sample };
            sample = if len > 0 { sample.payload(&vec![0; len]) } else { sample };
            match odd {
                0 => sample.flags = other.flags,
                1 => sample.labels = other.labels,
                2 => sample.analysis = other.analysis,
                3 => sample.delivery = other.delivery,
                4 => sample.options = other.options,
                5 => sample.states = other.states,
                6 => sample.before = other.before,
                7 => sample.opened_after = other.opened_after,
                8 => sample.micros = None,
                9 => sample.shift = None,
                10 => sample.seq = -1,
                11 => sample.ack = other.ack,
                12 => sample.micros = Some(-5),
                13 => return other,
                _ => {}
            }
            sample
        },
    )
}

fn any_style() -> impl Strategy<Value = Style> {
    let often = |value: bool| prop_oneof![9 => Just(value), 1 => Just(!value)];
    let width = prop_oneof![3 => Just(120), 2 => 100..140_usize, 1 => 0..400_usize];
    let time = prop_oneof![9 => Just(TimeFormat::Relative), 1 => Just(TimeFormat::Delta)];
    (width, often(false), often(false), often(false), time).prop_map(
        |(width, color, ascii, absolute, time)| Style {
            width,
            color,
            ascii,
            absolute,
            time,
            ..Style::default()
        },
    )
}

/// The lines of each segment, and how many were written in place.
fn shown(style: Style, samples: &[Sample], in_place: bool) -> (Vec<String>, usize) {
    let mut view = Text::new(Vec::new(), style);
    view.clock.saw(Some(Timestamp::from_nanos(EPOCH)));
    let mut ordinary = 0;
    let mut show = |sample: &Sample| {
        sample.lend(|event, _| {
            view.meet(event.connection);
            if in_place && view.ordinary(event).is_some() {
                ordinary += 1;
            } else {
                view.pieces(event);
            }
            let lines = String::from_utf8(view.line.octets().to_vec()).expect("UTF-8");
            view.line.clear();
            lines
        })
    };
    (samples.iter().map(&mut show).collect(), ordinary)
}

proptest! {
    #[test]
    fn both_ways_write_the_same_octets(
        style in any_style(),
        samples in prop::collection::vec(nearly_ordinary(), 1..12),
    ) {
        prop_assert_eq!(shown(style, &samples, true).0, shown(style, &samples, false).0);
    }
}

#[test]
fn data_and_acknowledgements_of_an_open_connection_are_ordinary() {
    let data = plain(Side::Client).at(4, 1_500_000).numbers(1, 1).payload(&[0; 1448]);
    let pushed = data.clone().flags(&[Flags::PSH, Flags::ACK]).options(&STAMPS).numbers(1449, 1);
    let ack = plain(Side::Server).at(6, 1_600_000).numbers(1, 2897).acks(2896);
    let (lines, ordinary) = shown(Style::default(), &[data, pushed, ack], true);
    assert_eq!(ordinary, 3, "{lines:?}");
    assert!(lines[0].contains("seq 1:1449 (1448)  ack 1  win 65536"), "{lines:?}");
    assert!(lines[2].trim_end().ends_with("ESTABLISHED   acks 2896 B"), "{lines:?}");
}

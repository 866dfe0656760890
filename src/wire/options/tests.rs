use proptest::prelude::*;

use super::*;

/// Octets from hexadecimal digits, blanks between them as one likes.
fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        digits.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_digit(16).unwrap() as u8).collect();
    digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

fn values(octets: &[u8]) -> Vec<Value<'_>> {
    Options::new(octets, false).iter().map(|option| option.value).collect()
}

/// The only option in these octets.
fn value(octets: &[u8]) -> Value<'_> {
    match values(octets)[..] {
        [value] => value,
        ref values => panic!("{values:?}"),
    }
}

#[test]
fn the_options_of_a_syn_are_read_in_order() {
    let octets = hex("0204 05b4  0402  080a 0000 3039 0000 0000  01  0303 07");
    let expected = [
        Value::Mss(1460),
        Value::SackPermitted,
        Value::Timestamps { tsval: 12_345, tsecr: 0 },
        Value::Nop,
        Value::WindowScale(7),
    ];
    assert_eq!(values(&octets), expected);
}

#[test]
fn the_walk_goes_on_behind_a_kind_that_is_not_known() {
    let octets = hex("4d04 cafe  0303 07");
    assert_eq!(values(&octets), [Value::Unknown(&[0xca, 0xfe]), Value::WindowScale(7)]);
}

#[test]
fn the_walk_goes_on_behind_a_length_that_does_not_fit_its_kind() {
    let octets = hex("0206 05b4 0000  0303 07");
    assert_eq!(values(&octets), [Value::Malformed(&[0x05, 0xb4, 0, 0]), Value::WindowScale(7)]);
}

#[test]
fn a_length_of_every_known_kind_that_does_not_fit_is_malformed() {
    for wrong in [
        "0203 05",
        "0304 0707",
        "0403 00",
        "0502",
        "0509 00000000000000",
        "0809 00000000000000",
        "1303 00",
        "1c03 00",
        "1d03 00",
        "1e02",
        "2203 00",
        "2205 000000",
        "ac04 0000",
        "ae0e 000000000000000000000000",
    ] {
        let octets = hex(wrong);
        assert_eq!(value(&octets), Value::Malformed(&octets[2..]), "{wrong}");
    }
}

#[test]
fn blocks_of_a_sack_are_read_newest_first() {
    let octets = hex("0512 00000064 000000c8 0000012c 00000190");
    let Value::Sack(blocks) = value(&octets) else { panic!("no SACK") };
    let blocks: Vec<_> = blocks.iter().map(|(left, right)| (left.0, right.0)).collect();
    assert_eq!(blocks, [(100, 200), (300, 400)]);
}

#[test]
fn a_shift_is_given_as_sent() {
    assert_eq!(value(&hex("0303 ff")), Value::WindowScale(255));
}

#[test]
fn fast_open_has_a_kind_and_an_experiment() {
    let cookie = [1, 2, 3, 4];
    let asks = Value::FastOpen { cookie: &[], experimental: false };
    assert_eq!(value(&hex("2202")), asks);
    assert_eq!(value(&hex("2206 01020304")), Value::FastOpen { cookie: &cookie, experimental: false });
    assert_eq!(value(&hex("fe08 f989 01020304")), Value::FastOpen { cookie: &cookie, experimental: true });
}

#[test]
fn accurate_ecn_says_which_counter_stands_first() {
    let counters = [0, 0, 1, 0, 0, 2, 0, 0, 3];
    let read = |octets: &str, ect1_first: bool| {
        assert_eq!(value(&hex(octets)), Value::AccEcn { ect1_first, counters: &counters }, "{octets}");
    };
    read("ac0b 000001000002000003", false);
    read("ae0b 000001000002000003", true);
    read("fe0d acc0 000001000002000003", false);
    read("fe0d acc1 000001000002000003", true);
}

#[test]
fn an_experiment_that_is_not_known_keeps_its_identifier() {
    assert_eq!(value(&hex("fd06 1234 5678")), Value::Unknown(&[0x12, 0x34, 0x56, 0x78]));
    // One too short to hold one.
    assert_eq!(value(&hex("fe03 f9")), Value::Unknown(&[0xf9]));
}

#[test]
fn multipath_says_its_subtype() {
    let octets = hex("1e04 2001");
    assert_eq!(value(&octets), Value::Mptcp { subtype: 2, data: &[0x20, 0x01] });
}

#[test]
fn signatures_and_timeouts_are_read() {
    let md5 = hex("1312 00112233445566778899aabbccddeeff");
    assert_eq!(value(&md5), Value::Md5(&md5[2..]));
    let mac = [0xaa; 12];
    let authentication = [&[29, 16, 3, 4][..], &mac].concat();
    assert_eq!(value(&authentication), Value::Authentication { key_id: 3, next_key_id: 4, mac: &mac });
    assert_eq!(value(&hex("1c04 8005")), Value::UserTimeout { minutes: true, value: 5 });
    assert_eq!(value(&hex("1c04 012c")), Value::UserTimeout { minutes: false, value: 300 });
}

#[test]
fn what_stands_behind_the_end_of_options_goes_with_it() {
    let octets = hex("01 00 0303 07");
    let options: Vec<_> = Options::new(&octets, false).iter().collect();
    assert_eq!(options.len(), 2);
    assert_eq!((options[1].value, options[1].octets), (Value::EndOfOptions, &octets[1..]));
}

#[test]
fn a_length_below_two_or_past_the_header_takes_what_is_left() {
    assert_eq!(values(&hex("01 0800 0303")), [Value::Nop, Value::Malformed(&[3, 3])]);
    assert_eq!(values(&hex("01 0801 0303")), [Value::Nop, Value::Malformed(&[3, 3])]);
    assert_eq!(values(&hex("01 080a 0303")), [Value::Nop, Value::Malformed(&[3, 3])]);
    assert_eq!(values(&hex("01 08")), [Value::Nop, Value::Malformed(&[])]);
}

#[test]
fn an_option_that_the_capture_cut_is_no_malformed_one() {
    let last = |octets: &str| match Options::new(&hex(octets), true).iter().last().unwrap().value {
        Value::Cut(data) => Ok(data.len()),
        other => Err(format!("{other:?}")),
    };
    assert_eq!(last("01 080a 0303"), Ok(2));
    assert_eq!(last("01 08"), Ok(0));
    // No header has room for it, wherever the capture ends.
    assert!(last("01 0829 0303").is_err());
    assert!(last("01 0801").is_err());
    assert!(last("0303 07").is_err());
}

proptest! {
    #[test]
    fn each_octet_belongs_to_one_option(octets in prop::collection::vec(any::<u8>(), 0..=40), cut in any::<bool>()) {
        let options = Options::new(&octets, cut);
        let walked: Vec<u8> = options.iter().flat_map(|option| option.octets).copied().collect();
        prop_assert_eq!(&walked, &octets);
        for option in options.iter() {
            prop_assert_eq!(option.octets.first(), Some(&option.kind));
            if let Value::Unknown(data) | Value::Malformed(data) | Value::Cut(data) = option.value {
                prop_assert!(option.octets.ends_with(data) && option.octets.len() <= data.len() + 2);
            }
        }
    }

    #[test]
    fn a_cut_changes_no_option_before_it(octets in prop::collection::vec(any::<u8>(), 0..=40), at in 0_usize..=40) {
        let cut = Options::new(&octets[..at.min(octets.len())], true);
        let whole = Options::new(&octets, false);
        let until_cut = |options: Options<'_>| options.iter().count().saturating_sub(1);
        for (cut, whole) in cut.iter().zip(whole.iter()).take(until_cut(cut)) {
            prop_assert_eq!(cut, whole);
        }
    }
}

/// Options as they should be, most of them; others of any octets.
fn any_options() -> impl Strategy<Value = Vec<u8>> {
    let data = |len| prop::collection::vec(any::<u8>(), len);
    let option = prop_oneof![
        3 => Just(vec![1]),
        2 => data(2).prop_map(|data| [&[2, 4], &data[..]].concat()),
        2 => data(1).prop_map(|data| [&[3, 3], &data[..]].concat()),
        2 => Just(vec![4, 2]),
        2 => data(8).prop_map(|data| [&[8, 10], &data[..]].concat()),
        1 => data(8).prop_map(|data| [&[5, 10], &data[..]].concat()),
        1 => prop::collection::vec(0..12_u8, 1..6),
    ];
    let usual = data(8).prop_map(|data| [&[1, 1, 8, 10], &data[..]].concat());
    let syn = data(11).prop_map(|data| {
        [&[2, 4], &data[..2], &[4, 2, 8, 10], &data[2..10], &[1, 3, 3], &data[10..]].concat()
    });
    let any = prop::collection::vec(option, 0..7).prop_map(|options| options.concat());
    prop_oneof![1 => usual, 1 => syn, 4 => any]
}

proptest! {
    #[test]
    fn what_tcp_goes_by_is_what_the_walk_gives(octets in any_options(), cut in any::<bool>(), left in 0..60_usize) {
        let options = Options::new(&octets[..left.min(octets.len())], cut);
        let mut said = Said::default();
        for option in options.iter() {
            match option.value {
                Value::Mss(mss) => said.mss = Some(mss),
                Value::WindowScale(shift) => said.shift = Some(shift),
                Value::SackPermitted => said.sack_permitted = true,
                Value::Timestamps { tsval, tsecr } => said.stamps = Some((tsval, tsecr)),
                Value::Sack(blocks) => said.sack = Some(blocks),
                _ => {}
            }
        }
        prop_assert_eq!(options.said(), said);
    }
}

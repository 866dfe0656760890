use proptest::prelude::*;

use crate::track::direction::ip_profile::IpProfile;
use crate::wire::flags::Flags;
use crate::wire::options::Options;
use crate::wire::path::Path;
use crate::wire::segment::{Endpoint, IpFacts, Segment};
use crate::wire::seq::SeqNumber;
use crate::wire::window::WindowField;

fn segment(ttl: u8, identification: Option<u16>) -> Segment<'static> {
    let end = Endpoint { addr: std::net::Ipv4Addr::LOCALHOST.into(), port: 1 };
    Segment {
        src: end,
        dst: end,
        path: Path::NONE,
        ip: IpFacts { ttl, identification, ecn: 0 },
        seq: SeqNumber(1),
        ack_field: SeqNumber(1),
        flags: Flags::ACK,
        reserved: 0,
        window: WindowField(1),
        urgent: None,
        header_len: 20,
        options: Options::default(),
        payload_len: 0,
        payload: &[],
        octets: &[],
        fragment: false,
    }
}

fn ip_profile(ids: &[u16]) -> IpProfile {
    let mut ip_profile = IpProfile::default();
    ids.iter().for_each(|id| ip_profile.take(&segment(64, Some(*id))));
    ip_profile
}

#[test]
fn identifications_tell_an_age_only_where_they_are_counted_up() {
    let counted = ip_profile(&[65_533, 65_534, 65_535, 2]);
    assert_eq!(counted.is_older(Some(1), Some(2)), Some(true));
    assert_eq!(counted.is_older(Some(65_530), Some(2)), Some(true));
    assert_eq!(counted.is_older(Some(3), Some(2)), Some(false));
    // 0 is none, and neither is what is far away or the same.
    for (id, other) in [(Some(0), Some(2)), (Some(30_000), Some(2)), (Some(2), Some(2)), (None, Some(2))] {
        assert_eq!(counted.is_older(id, other), None, "{id:?}");
    }
    assert_eq!(ip_profile(&[7, 40_000, 11, 52_000]).is_older(Some(51_999), Some(52_000)), None);
    assert_eq!(ip_profile(&[7, 8]).is_older(Some(9), Some(8)), None, "one step may be chance");
}

#[test]
fn one_that_is_late_says_nothing_against_the_counter() {
    let late = ip_profile(&[10, 11, 12, 14, 13, 15]);
    assert_eq!(late.is_older(Some(14), Some(16)), Some(true));
}

#[test]
fn late_ones_tell_of_the_counter_too() {
    let overtaken = ip_profile(&[36, 47, 37, 46]);
    assert_eq!(overtaken.is_older(Some(38), Some(47)), Some(true));
    assert_eq!(ip_profile(&[7, 7, 7]).is_older(Some(6), Some(7)), None, "copies tell nothing");
}

#[test]
fn an_identification_that_was_captured_proves_a_copy() {
    let seen = ip_profile(&[65_534, 65_535, 3, 1, 4]);
    for id in [65_534, 65_535, 1, 3, 4] {
        assert!(seen.has_seen(Some(id)), "{id}");
    }
    for id in [None, Some(0), Some(2), Some(5), Some(65_533), Some(30_000)] {
        assert!(!seen.has_seen(id), "{id:?}");
    }
    assert!(!ip_profile(&[5, 6, 7, 100]).has_seen(Some(7)), "out of sight");
    assert!(!ip_profile(&[5, 30_000]).has_seen(Some(30_000)), "these are not counted up");
}

#[test]
fn a_ttl_is_usual_when_it_came_twice_in_a_row() {
    let mut ip_profile = IpProfile::default();
    ip_profile.take(&segment(64, None));
    assert_eq!(ip_profile.usual_ttl(), None);
    ip_profile.take(&segment(64, None));
    assert_eq!(ip_profile.usual_ttl(), Some(64));
    ip_profile.take(&segment(63, None));
    assert_eq!(ip_profile.usual_ttl(), None);
}

proptest! {
    #[test]
    fn of_two_identifications_at_most_one_is_older(ids in prop::collection::vec(any::<u16>(), 0..8), one: u16, other: u16) {
        let ip_profile = ip_profile(&ids);
        let (there, back) = (ip_profile.is_older(Some(one), Some(other)), ip_profile.is_older(Some(other), Some(one)));
        prop_assert_eq!(there, back.map(|older| !older));
    }
}

use crate::explain::sample::plain;
use crate::explain::{self, Language, explain};
use crate::track::finding::{
    Certainty, Earlier, Finding, ForgeryProof, Kind, ReorderingProof, ResetCause,
    RetransmissionCause as Cause, Sign, SpuriousProof,
};
use crate::track::flow::Side;

const THEN: Earlier = Earlier { frame: 6, ago: Some(212_000_000) };

fn repeated(cause: Cause) -> Finding {
    Finding::Retransmission {
        octets: (2001, 3001),
        of: Some(THEN),
        overtaken_by: None,
        partly: false,
        cause,
        certainty: Certainty::Certain,
    }
}

/// The English sentence about a finding.
fn finding(finding: &Finding) -> String {
    explain::finding(finding, Language::En).to_string()
}

/// One of each kind, and one of each cause.
fn all() -> Vec<Finding> {
    let octets = (1, 101);
    let causes = [
        Cause::Timeout { attempt: 1 },
        Cause::Timeout { attempt: 9 },
        Cause::AfterTimeout,
        Cause::Fast { duplicate_acks: 3 },
        Cause::Sack { sacked: 1000 },
        Cause::Rack,
        Cause::PartialAck,
        Cause::TailLossProbe,
        Cause::Syn { attempt: 2 },
        Cause::Fin { attempt: 1 },
        Cause::WindowProbe,
        Cause::FastOpen,
        Cause::PathMtu,
        Cause::Damaged,
        Cause::Spurious(SpuriousProof::Acknowledged),
        Cause::Spurious(SpuriousProof::Sacked),
        Cause::Unknown,
    ];
    let resets = [
        ResetCause::Refused,
        ResetCause::AttemptAbandoned,
        ResetCause::UnreadData,
        ResetCause::AfterFin,
        ResetCause::Aborted,
        ResetCause::Idle { silent: 90_000_000_000, probes: 0 },
        ResetCause::Idle { silent: 90_000_000_000, probes: 9 },
        ResetCause::GaveUp { attempt: 15 },
        ResetCause::HalfOpen,
        ResetCause::Ignored,
        ResetCause::Forged { ttl: 255, usual: Some(57), signs: [Sign::Ttl].into_iter().collect() },
    ];
    let mut all = vec![
        Finding::CaptureDuplicate { of: THEN, routed: false, recut: false },
        Finding::CaptureDuplicate { of: THEN, routed: true, recut: false },
        Finding::CaptureDuplicate { of: THEN, routed: false, recut: true },
        Finding::Truncated { captured: 6, payload_len: 1000 },
        Finding::SuperSegment { payload_len: 65_160, mss: 1448 },
        Finding::ClockBackwards { by: 1_000 },
        Finding::OneSided { heard: Side::Client },
        Finding::ClockForwards { by: 40_000_000_000_000 },
        Finding::Silence { lasted: 19_999_900_000_000, certainty: Certainty::Likely },
        Finding::Silence { lasted: 19_999_900_000_000, certainty: Certainty::Undecidable },
        Finding::MissedByCapture { octets: 1 },
        Finding::MissedByCapture { octets: 2 },
        Finding::AckedBeforeSeen { octets, acked: THEN, missing: 0 },
        Finding::AckedBeforeSeen { octets: (1, 2), acked: THEN, missing: 7 },
        Finding::ProvedSpurious { octets, of: THEN, proof: SpuriousProof::DuplicateSack },
        Finding::ProvedSpurious { octets, of: THEN, proof: SpuriousProof::Timestamp },
        Finding::Reordering { octets, overtaken_by: THEN, proof: ReorderingProof::Identification },
        Finding::Reordering { octets, overtaken_by: THEN, proof: ReorderingProof::Timestamp },
        Finding::Reordering { octets, overtaken_by: THEN, proof: ReorderingProof::TooSoon },
        Finding::LateOrLost { octets, overtaken_by: Some(THEN) },
        Finding::LateOrLost { octets, overtaken_by: None },
        Finding::NetworkDuplicate { octets, of: Some(THEN) },
        Finding::NetworkDuplicate { octets, of: None },
        Finding::Conflict { octets, of: THEN, certainty: Certainty::Certain },
        Finding::Conflict { octets, of: THEN, certainty: Certainty::Likely },
        Finding::ZeroWindow {
            receiver: Side::Server,
            since: THEN,
            lasted: Some(1_500_000_000),
            opened: true,
            probes: 2,
        },
        Finding::WindowFull { in_flight: 8000, window: 8192 },
        Finding::WindowShrunk { taken_back: 30_000, cut_off: 0 },
        Finding::WindowShrunk { taken_back: 30_000, cut_off: 2000 },
        Finding::BeyondWindow { beyond: 1000, offered: false },
        Finding::BeyondWindow { beyond: 1000, offered: true },
        Finding::Reneged { octets },
        Finding::MtuIgnored { packet_len: 1500, mtu: 1400, of: THEN },
        Finding::MssExceeded { payload_len: 1460, mss: 1400 },
        Finding::ProvedForged {
            of: THEN,
            names: Side::Server,
            proof: ForgeryProof::Agrees,
            certainty: Certainty::Likely,
        },
        Finding::ProvedForged {
            of: THEN,
            names: Side::Server,
            proof: ForgeryProof::Acknowledges,
            certainty: Certainty::Certain,
        },
        Finding::ProvedForged {
            of: THEN,
            names: Side::Server,
            proof: ForgeryProof::SendsOn,
            certainty: Certainty::Likely,
        },
        Finding::SecondAnswer { ahead: 77_777_777, of: Some(THEN) },
        Finding::SecondAnswer { ahead: 77_777_777, of: None },
        Finding::SackOutside { by: Side::Client, octets: (-1_294_969_375, -1_294_967_915), segments: 3 },
        Finding::OldTimestamp { tsval: 900, recent: 1400 },
        Finding::PathMtu { mtu: Some(1400) },
        Finding::KeepAliveDeath { probes: 9, silent: Some(7_875_000_000_000) },
        Finding::SynUnanswered { tries: 4, waited: Some(7_000_000_000) },
        Finding::ScalingStripped { of: Side::Server, beyond: 2000 },
    ];
    all.extend(causes.map(repeated));
    all.extend(resets.map(|cause| Finding::Reset { cause, certainty: Certainty::Likely }));
    all
}

#[test]
fn a_timeout_names_the_frame_the_octets_and_the_time() {
    assert_eq!(
        finding(&repeated(Cause::Timeout { attempt: 1 })),
        "Repeats octets 2001 to 3000 of frame 6 after 212 ms without an ACK: retransmission timeout, first try \
         [RFC 6298 5.4]."
    );
}

#[test]
fn what_lay_in_several_frames_is_not_said_to_lie_in_one() {
    let Finding::Retransmission { octets, of, overtaken_by, cause, .. } =
        repeated(Cause::Timeout { attempt: 1 })
    else {
        unreachable!("it is one")
    };
    let certainty = Certainty::Likely;
    let both = Finding::Retransmission { octets, of, partly: true, overtaken_by, cause, certainty };
    assert_eq!(
        finding(&both),
        "Repeats octets 2001 to 3000, the first of them of frame 6, after 212 ms: retransmission timeout, first try, it \
         seems [RFC 6298 5.4]."
    );
}

#[test]
fn every_kind_and_cause_has_a_sentence_of_its_own() {
    let mut sentences: Vec<_> = all().iter().map(finding).collect();
    for text in &sentences {
        assert!(text.ends_with('.') && text.len() < 330 && !text.contains("  "), "{text}");
        assert!(text.starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit()), "{text}");
        assert!(text.chars().all(|c| (' '..='~').contains(&c)), "{text}");
    }
    let number = sentences.len();
    sentences.sort_unstable();
    sentences.dedup();
    assert_eq!(sentences.len(), number);
    for kind in Kind::ALL {
        assert!(all().iter().any(|one| one.kind() == *kind), "{kind:?}");
    }
}

#[test]
fn octets_are_named_as_on_the_wire_where_asked_for() {
    let sample = plain(Side::Client).payload(b"abc").found(repeated(Cause::Unknown));
    let text = sample.lend(|event, _| explain(event, true).to_string());
    assert!(text.starts_with("Repeats octets 3487920081 to 3487921080 of frame 6"), "{text}");
    let proof = Finding::ProvedSpurious { octets: (1, 11), of: THEN, proof: SpuriousProof::DuplicateSack };
    let text = plain(Side::Server).found(proof).lend(|event, _| explain(event, true).to_string());
    assert!(text.starts_with("Reports that octets 3487918081 to 3487918090 came twice"), "{text}");
}

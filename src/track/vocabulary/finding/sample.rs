//! Findings made by hand, for the tests of what is said about them.

use super::*;

/// Octets that were sent again for an unknown reason.
pub(crate) fn sent_again(octets: (i64, i64)) -> Finding {
    let (cause, certainty) = (RetransmissionCause::Unknown, Certainty::Undecidable);
    Finding::Retransmission { octets, of: None, overtaken_by: None, partly: false, cause, certainty }
}

/// A finding of every kind and every cause, those of the capture first.
pub(crate) fn every() -> Vec<Finding> {
    use RetransmissionCause::*;
    let of = Earlier { frame: 6, ago: Some(212_000_000) };
    let certainty = Certainty::Certain;
    let octets = (2001, 3001);
    let mut all = vec![
        Finding::CaptureDuplicate { of, routed: true, recut: false },
        Finding::Truncated { captured: 48, payload_len: 1448 },
        Finding::SuperSegment { payload_len: 14_480, mss: 1448 },
        Finding::ClockBackwards { by: 3_000_000 },
        Finding::OneSided { heard: Side::Server },
        Finding::MissedByCapture { octets: 1448 },
    ];
    let causes = [
        Timeout { attempt: 1 },
        AfterTimeout,
        Fast { duplicate_acks: 3 },
        Sack { sacked: 2896 },
        Rack,
        PartialAck,
        TailLossProbe,
        Syn { attempt: 1 },
        Fin { attempt: 2 },
        WindowProbe,
        FastOpen,
        PathMtu,
        Damaged,
        Spurious(SpuriousProof::DuplicateSack),
        Unknown,
    ];
    let retransmission = |cause| Finding::Retransmission {
        octets,
        of: Some(of),
        overtaken_by: None,
        partly: false,
        cause,
        certainty,
    };
    all.extend(causes.map(retransmission));
    let proofs = [SpuriousProof::DuplicateSack, SpuriousProof::Timestamp];
    all.extend(proofs.map(|proof| Finding::ProvedSpurious { octets, of, proof }));
    let proofs = [ReorderingProof::Identification, ReorderingProof::Timestamp, ReorderingProof::TooSoon];
    all.extend(proofs.map(|proof| Finding::Reordering { octets, overtaken_by: of, proof }));
    all.extend([
        Finding::NetworkDuplicate { octets, of: Some(of) },
        Finding::LateOrLost { octets, overtaken_by: None },
        Finding::Conflict { octets, of, certainty },
        Finding::ZeroWindow {
            receiver: Side::Server,
            since: of,
            lasted: Some(1_200_000_000),
            opened: true,
            probes: 2,
        },
        Finding::WindowFull { in_flight: 65_535, window: 65_535 },
        Finding::WindowShrunk { taken_back: 30_000, cut_off: 2896 },
        Finding::BeyondWindow { beyond: 1448, offered: false },
        Finding::Reneged { octets },
    ]);
    let resets = [
        ResetCause::Refused,
        ResetCause::AttemptAbandoned,
        ResetCause::UnreadData,
        ResetCause::AfterFin,
        ResetCause::Aborted,
        ResetCause::Idle { silent: 3_600_000_000_000, probes: 0 },
        ResetCause::GaveUp { attempt: 15 },
        ResetCause::HalfOpen,
        ResetCause::Ignored,
        ResetCause::Forged {
            ttl: 244,
            usual: Some(57),
            signs: [Sign::Ttl, Sign::RivalWindow].into_iter().collect(),
        },
    ];
    all.extend(resets.map(|cause| Finding::Reset { cause, certainty: Certainty::Likely }));
    all.extend([
        Finding::ProvedForged { of, names: Side::Server, proof: ForgeryProof::SendsOn, certainty },
        Finding::SecondAnswer { ahead: 77_777_777, of: Some(of) },
        Finding::SackOutside { by: Side::Client, octets: (-1_294_969_375, -1_294_967_915), segments: 3 },
        Finding::OldTimestamp { tsval: 900, recent: 1400 },
        Finding::PathMtu { mtu: Some(1400) },
        Finding::MtuIgnored { packet_len: 1500, mtu: 1400, of },
        Finding::MssExceeded { payload_len: 1460, mss: 1400 },
        Finding::KeepAliveDeath { probes: 9, silent: Some(700_000_000_000) },
        Finding::SynUnanswered { tries: 7, waited: Some(63_000_000_000) },
        Finding::ScalingStripped { of: Side::Client, beyond: 70_000 },
        Finding::ClockForwards { by: 39_999_990_000_000 },
        Finding::AckedBeforeSeen { octets: (2001, 3001), acked: of, missing: 0 },
        Finding::Silence { lasted: 19_999_900_000_000, certainty: Certainty::Undecidable },
    ]);
    all
}

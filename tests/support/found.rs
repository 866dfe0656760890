//! Findings in the words of a script: kind, cause, numbers, `of` and the frame that is the evidence.

#![allow(dead_code, reason = "each test uses a part")]

use tcpscope::track::finding::{Certainty, Finding, Findings, ResetCause, RetransmissionCause as Cause};

/// Whether these are the findings that a script asks for, and no others.
pub(crate) fn hold(wanted: &[String], seen: &[Finding]) -> bool {
    wanted.len() == seen.len() && wanted.iter().zip(seen).all(|(wanted, seen)| in_order(wanted, &words(seen)))
}

/// All words of one stand in the other, in the same order.
fn in_order(wanted: &str, seen: &str) -> bool {
    let mut seen = seen.split(' ');
    wanted.split(' ').all(|word| seen.any(|other| other == word))
}

/// All of them, as a script writes them.
pub(crate) fn words_of(findings: &[Finding]) -> String {
    let all: Vec<_> = findings.iter().map(words).collect();
    if all.is_empty() { "-".to_owned() } else { all.join("; ") }
}

/// How many of each kind.
pub(crate) fn counted(findings: &Findings) -> String {
    let all: Vec<_> = findings.counts().map(|(kind, count)| format!("{}:{count}", kind.name())).collect();
    if all.is_empty() { "-".to_owned() } else { all.join(",") }
}

fn words(finding: &Finding) -> String {
    let mut words = vec![finding.kind().name().to_owned()];
    let mut word = |text: String| words.push(text);
    if let Some(cause) = finding.cause() {
        word(cause.name().to_owned());
    }
    match *finding {
        Finding::CaptureDuplicate { routed: true, .. } => word("routed".to_owned()),
        Finding::CaptureDuplicate { recut: true, .. } => word("recut".to_owned()),
        Finding::Truncated { captured, payload_len } => word(format!("{captured}/{payload_len}")),
        Finding::SuperSegment { payload_len, mss } => word(format!("{payload_len}/{mss}")),
        Finding::Silence { lasted, .. } => word(milliseconds(lasted)),
        Finding::ClockBackwards { by } | Finding::ClockForwards { by } => word(milliseconds(by)),
        Finding::OneSided { heard } => word(heard.name().to_owned()),
        Finding::MissedByCapture { octets } => word(octets.to_string()),
        Finding::AckedBeforeSeen { octets, missing, .. } => {
            word(format!("{}:{}", octets.0, octets.1));
            word(format!("missing {missing}"));
        }
        Finding::Retransmission { octets, cause, overtaken_by, .. } => {
            match cause {
                Cause::Timeout { attempt } | Cause::Syn { attempt } | Cause::Fin { attempt } => {
                    word(attempt.to_string());
                }
                Cause::Fast { duplicate_acks } => word(duplicate_acks.to_string()),
                Cause::Sack { sacked } => word(sacked.to_string()),
                Cause::Spurious(proof) => word(proof.name().to_owned()),
                _ => {}
            }
            if overtaken_by.is_some() {
                word("unseen".to_owned());
            }
            word(format!("{}:{}", octets.0, octets.1));
        }
        Finding::ProvedSpurious { octets, .. }
        | Finding::Reordering { octets, .. }
        | Finding::NetworkDuplicate { octets, .. }
        | Finding::Conflict { octets, .. }
        | Finding::LateOrLost { octets, .. }
        | Finding::Reneged { octets } => word(format!("{}:{}", octets.0, octets.1)),
        Finding::ZeroWindow { receiver, lasted, opened, probes, .. } => {
            word(receiver.name().to_owned());
            word(if opened { "opened" } else { "closed" }.to_owned());
            word(lasted.map_or(String::new(), milliseconds));
            word(format!("probes {probes}"));
        }
        Finding::WindowFull { in_flight, window } => word(format!("{in_flight}/{window}")),
        Finding::Reset { cause: ResetCause::Forged { ttl, usual, signs }, .. } => {
            word(usual.map_or_else(|| ttl.to_string(), |usual| format!("{ttl}/{usual}")));
            signs.iter().for_each(|sign| word(sign.name().to_owned()));
        }
        Finding::SackOutside { octets, segments, .. } => {
            word(format!("{}:{}", octets.0, octets.1));
            word(format!("x{segments}"));
        }
        Finding::SecondAnswer { ahead, .. } => word(format!("ahead {ahead}")),
        Finding::ProvedForged { proof, .. } => word(proof.name().to_owned()),
        Finding::OldTimestamp { tsval, recent } => word(format!("{tsval}/{recent}")),
        Finding::Reset { cause: ResetCause::Idle { silent, .. }, .. } => word(milliseconds(silent)),
        Finding::PathMtu { mtu } => word(format!("{mtu:?}")),
        Finding::MtuIgnored { packet_len, mtu, .. } => word(format!("{packet_len}/{mtu}")),
        Finding::MssExceeded { payload_len, mss } => word(format!("{payload_len}/{mss}")),
        Finding::WindowShrunk { taken_back, cut_off } => {
            word(taken_back.to_string());
            word(format!("cut_off {cut_off}"));
        }
        Finding::BeyondWindow { beyond, offered } => {
            word(beyond.to_string());
            word(if offered { "offered" } else { "never" }.to_owned());
        }
        Finding::KeepAliveDeath { probes, .. } => word(probes.to_string()),
        Finding::SynUnanswered { tries, .. } => word(tries.to_string()),
        Finding::ScalingStripped { of, .. } => word(of.name().to_owned()),
        _ => {}
    }
    if finding.certainty() != Certainty::Certain {
        word(finding.certainty().name().to_owned());
    }
    if let Some(frame) = finding.of_frame() {
        word(format!("of {frame}"));
    }
    words.join(" ")
}

fn milliseconds(nanos: i64) -> String {
    format!("{}ms", nanos / 1_000_000)
}

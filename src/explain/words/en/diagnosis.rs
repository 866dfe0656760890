//! What several connections have in common, in a sentence, without its full stop.

use std::fmt::{self, Formatter};

use crate::track::diagnosis::{Common, Diagnosis, DiagnosisKind};
use crate::track::flow::Side;
use crate::track::verdict::VerdictKind;
use crate::wire::frame::Timestamp;

pub(super) fn words(diagnosis: &Diagnosis, f: &mut Formatter<'_>) -> fmt::Result {
    let Diagnosis { kind, connections, of, common, others_fine, .. } = diagnosis;
    match kind {
        DiagnosisKind::Verdict(kind) => {
            write!(f, "{connections} of {of} connections")?;
            place(common, f)?;
            write!(f, " {}", predicate(*kind))?;
        }
        DiagnosisKind::Backscatter => {
            write!(f, "{connections} SYN,ACKs and RSTs answer SYNs that nobody here sent: ")?;
            f.write_str("somebody floods ")?;
            match common.server {
                Some(server) => write!(f, "{server}")?,
                None => f.write_str("their senders")?,
            }
            f.write_str(" in the name of ")?;
            match (common.client, common.network) {
                (Some(client), _) => write!(f, "{client}")?,
                (None, Some((_, network))) => write!(f, "hosts in {network}")?,
                (None, None) => f.write_str("hosts here")?,
            }
            f.write_str(" (backscatter)")?;
        }
        DiagnosisKind::Scan => {
            f.write_str("A scan")?;
            from(common, f)?;
            write!(f, ": {connections} of {of} attempts at many hosts")?;
            if let Some((_, network)) = common.network {
                write!(f, " in {network}")?;
            }
            if let Some(port) = common.port {
                write!(f, ", port {port},")?;
            }
            f.write_str(" come to nothing")?;
        }
        DiagnosisKind::PortScan => {
            f.write_str("A port scan")?;
            from(common, f)?;
            write!(f, ": {connections} of {of} attempts at ports of ")?;
            match common.server {
                Some(server) => write!(f, "{server}")?,
                None => f.write_str("a host")?,
            }
            f.write_str(" come to nothing")?;
        }
        DiagnosisKind::SynFlood => {
            f.write_str("A flood of SYNs")?;
            place(common, f)?;
            write!(f, ": {connections} of {of} connections are a SYN and nothing else of the client's")?;
        }
    }
    f.write_str(if *others_fine { ", all others are fine" } else { "" })
}

fn from(common: &Common, f: &mut Formatter<'_>) -> fmt::Result {
    common.client.map_or(Ok(()), |client| write!(f, " from {client}"))
}

/// Writes ` from 192.0.2.1 to 192.0.2.2:443 on vlan 10`: what sets connections apart.
fn place(common: &Common, f: &mut Formatter<'_>) -> fmt::Result {
    from(common, f)?;
    match (common.endpoint(), common.server, common.port) {
        (Some(endpoint), ..) => write!(f, " to {endpoint}")?,
        (None, Some(server), _) => write!(f, " to {server}")?,
        (None, None, Some(port)) => write!(f, " to port {port}")?,
        (None, None, None) => {}
    }
    match common.network {
        Some((Side::Client, network)) => write!(f, " from {network}")?,
        Some((Side::Server, network)) => write!(f, " to {network}")?,
        None => {}
    }
    match common.path {
        Some(path) if path.vlans != [0, 0] => write!(f, " on {path}")?,
        Some(path) if path.is_none() => f.write_str(" without VLAN and tunnel")?,
        Some(path) => write!(f, " {path}")?,
        None => {}
    }
    if let Some(time) = common.from {
        write!(f, " since {}", Clock(time))?;
    }
    common.to.map_or(Ok(()), |time| write!(f, " up to {}", Clock(time)))
}

/// The time of day: `12:34:56 UTC`.
struct Clock(Timestamp);

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let second = self.0.nanos().div_euclid(1_000_000_000).rem_euclid(86_400);
        write!(f, "{:02}:{:02}:{:02} UTC", second / 3600, second / 60 % 60, second % 60)
    }
}

/// What several connections suffer from.
const fn predicate(kind: VerdictKind) -> &'static str {
    use VerdictKind as Kind;
    match kind {
        Kind::Fine => "are fine",
        Kind::Refused => "are refused",
        Kind::Rejected => "are rejected",
        Kind::Unanswered => "get no answer to their SYN",
        Kind::AcceptQueueFull => "seem to be dropped by a full accept queue",
        Kind::HandshakeLost => "open late: a SYN or SYN,ACK was lost",
        Kind::HandshakeBroken => "never complete the handshake",
        Kind::NoAnswer => "never get the answer to a request",
        Kind::SlowServer => "wait for a slow server",
        Kind::SlowClient => "wait for a slow client",
        Kind::PeerVanished => "lose their peer without a word",
        Kind::KeepAliveDeath => "end after keep-alives that nobody answered",
        Kind::ZeroWindow => "wait for a program that does not read",
        Kind::ReceiverWindow => "are held back by a small receive window",
        Kind::Loss => "lose time to lost segments",
        Kind::Policer => "are held back by a policer",
        Kind::Bottleneck => "wait in the queue of a slow link",
        Kind::PathMtu => "send segments that are too large for the path",
        Kind::PathMtuBlackHole => "lose their full-size segments without a word",
        Kind::CongestionWindow => "are held back by the congestion window",
        Kind::RoundTrips => "spend their time in round trips",
        Kind::NagleDelayedAck => "stall between small writes and delayed acknowledgements",
        Kind::SlowSender => "wait for a program that writes slowly",
        Kind::UnreadData => "end with octets unread",
        Kind::Aborted => "are aborted with a RST",
        Kind::OctetsAfterClose => "are reset by octets after the close",
        Kind::HalfOpen => "are reset by an end that does not know them",
        Kind::MiddleboxReset => "are reset by something between the ends",
        Kind::CloseWaitLeak => "are kept by an end whose peer has closed",
        Kind::FinUnanswered => "get no answer to their FIN",
        Kind::ScalingStripped => "lose the window scale option on the way",
        Kind::Damaged => "have segments that arrive damaged",
        Kind::Desynchronised => "have ends whose numbers do not fit",
        Kind::Capture => "cannot be judged by what this capture holds",
    }
}

//! The words of verdicts about the opening.

use std::fmt::{self, Formatter};

use super::icmp::Says;
use super::{Times, span};
use crate::explain::words::en::number::Amount;
use crate::track::verdict::{BrokenHandshake as Broken, Reason, Verdict};

pub(super) fn refused(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::Refused { after } = verdict.reason else { return Ok(()) };
    f.write_str("The server refused the connection: a RST answered the SYN")?;
    match after {
        Some(nanos) => write!(f, " after {}", span(nanos)),
        None => Ok(()),
    }
}

pub(super) fn rejected(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::Rejected { error, messages, tries } = verdict.reason else { return Ok(()) };
    write!(f, "The connection was rejected: {}", Says(error))?;
    if messages > 1 {
        write!(f, ", {messages} times")?;
    }
    write!(f, ", about the SYN, which was sent {}", Times(tries))
}

pub(super) fn unanswered(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::Unanswered { tries, waited } = verdict.reason else { return Ok(()) };
    write!(f, "Nothing answers the SYN, sent {}", Times(tries))?;
    if let Some(nanos) = verdict.lasted.filter(|_| tries > 1) {
        write!(f, " in {}", span(nanos))?;
    }
    f.write_str(": ")?;
    if let Some(nanos) = waited {
        write!(f, "in the {} since the first there is ", span(nanos))?;
    }
    f.write_str("neither a SYN,ACK, nor a RST, nor an ICMP error")
}

pub(super) fn accept_queue_full(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::AcceptQueueFull { octets, tries, answers } = verdict.reason else { return Ok(()) };
    if octets == 0 {
        write!(f, "Nothing answers the SYN, sent again {}", Times(tries.into()))?;
        return f.write_str(": a full accept queue drops it, it seems, or each of them got lost");
    }
    f.write_str("The server answered the SYN, and drops the last ACK of the handshake and ")?;
    write!(f, "{} behind it, which came here {} more", Amount(octets), Times(tries.into()))?;
    if answers > 0 {
        write!(f, "; it sent its SYN,ACK again {}", Times(answers.into()))?;
    }
    f.write_str(": its accept queue is full, it seems")
}

pub(super) fn handshake_lost(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::HandshakeLost { tries, answers, answered } = verdict.reason else { return Ok(()) };
    f.write_str(match (answered, tries) {
        (true, 0) => "The SYN,ACK, or the ACK of it, got lost on the way",
        (true, _) => "The SYN,ACK got lost on the way",
        (false, _) => "The SYN or the SYN,ACK got lost, or a full queue dropped the SYN",
    })?;
    let (what, times) = if tries > 0 { ("SYN", tries) } else { ("SYN,ACK", answers) };
    write!(f, ": the connection opened only after the {what} had been sent again {}", Times(times.into()))?;
    match verdict.lasted {
        Some(nanos) => write!(f, ", {} late", span(nanos)),
        None => Ok(()),
    }
}

pub(super) fn handshake_broken(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::HandshakeBroken { how } = verdict.reason else { return Ok(()) };
    match how {
        Broken::WrongNumber { off_by, answers } => {
            let (off, way) = (off_by.unsigned_abs(), if off_by < 0 { "less" } else { "more" });
            write!(f, "The SYN,ACK acknowledges {off} {way} than the SYN asks for")?;
            if answers > 1 {
                write!(f, ", as do {answers} in all")?;
            }
            f.write_str(": the client throws it away, stays in SYN-SENT, and the connection never opens")
        }
        Broken::WrongChecksum { answers } => {
            f.write_str("The checksum of ")?;
            match answers {
                1 => f.write_str("the SYN,ACK is wrong")?,
                _ => write!(f, "each of the {answers} SYN,ACKs is wrong")?,
            }
            f.write_str(
                ": the client throws such a segment away, stays in SYN-SENT, and the connection never opens",
            )
        }
        Broken::NotTaken { octets, tries, answers } => {
            f.write_str("The server answered the SYN, and acknowledges nothing of the ")?;
            write!(f, "{} that follow, sent again {}", Amount(octets), Times(tries.into()))?;
            if answers > 0 {
                write!(f, "; it sent its SYN,ACK again {}", Times(answers.into()))?;
            }
            f.write_str(": for the server the handshake is not complete. Its accept queue is full, or all of it gets lost: nothing here shows which")
        }
        Broken::NotAcknowledged { answers, asks } => {
            write!(f, "The client never acknowledges the SYN,ACK, which was sent {}", Times(answers))?;
            f.write_str(if asks {
                ", and sends its SYN again: the SYN,ACK gets lost on the way to the client, or is dropped there"
            } else {
                ": it does not arrive, or nobody there wants the connection"
            })
        }
        Broken::WrongReset { answers } => {
            f.write_str(match answers {
                1 => "The RST that answers the SYN acknowledges",
                _ => "The RSTs that answer the SYN acknowledge",
            })?;
            f.write_str(
                " another number than the SYN asks for: the client takes it for no answer, and asks on",
            )
        }
    }
}

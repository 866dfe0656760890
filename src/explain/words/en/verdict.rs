//! What a connection came to, in a sentence that has no full stop here, and what to do about it, in whole sentences.

mod ending;
mod icmp;
mod opening;
mod path;
mod rate;
mod reset;
#[cfg(test)]
mod tests;
mod waiting;

use std::fmt::{self, Formatter};

use crate::explain::duration::Span;
use crate::track::finding::Certainty;
use crate::track::flow::Side;
use crate::track::verdict::{Beside, BrokenHandshake, Lack, Reason, Verdict};

pub(super) fn words(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    reason(verdict, f)?;
    match verdict.beside {
        Beside::Nothing => Ok(()),
        Beside::Answered { connections: 1 } => {
            f.write_str("; the server answered this client in another connection at about that time")
        }
        Beside::Answered { connections } => {
            write!(f, "; the server answered this client in {connections} other connections")
        }
        Beside::OlderTimestamp { connection, tsval } => write!(
            f,
            "; its timestamp is older than that of #{connection} (TSval {tsval}): a server that remembers that one takes \
             it for an old duplicate (PAWS)"
        ),
    }
}

fn reason(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    match verdict.reason {
        Reason::Fine => f.write_str("Nothing is wrong"),
        Reason::Refused { .. } => opening::refused(verdict, f),
        Reason::Rejected { .. } => opening::rejected(verdict, f),
        Reason::Unanswered { .. } => opening::unanswered(verdict, f),
        Reason::AcceptQueueFull { .. } => opening::accept_queue_full(verdict, f),
        Reason::HandshakeLost { .. } => opening::handshake_lost(verdict, f),
        Reason::HandshakeBroken { .. } => opening::handshake_broken(verdict, f),
        Reason::NoAnswer { .. } => waiting::no_answer(verdict, f),
        Reason::SlowServer { .. } => waiting::slow_server(verdict, f),
        Reason::SlowClient { .. } => waiting::slow_client(verdict, f),
        Reason::PeerVanished { .. } => ending::peer_vanished(verdict, f),
        Reason::KeepAliveDeath { .. } => ending::keep_alive_death(verdict, f),
        Reason::ZeroWindow { .. } => path::zero_window(verdict, f),
        Reason::ReceiverWindow { .. } => rate::receiver_window(verdict, f),
        Reason::Loss { .. } => rate::loss(verdict, f),
        Reason::Policer { .. } => rate::policer(verdict, f),
        Reason::Bottleneck { .. } => rate::bottleneck(verdict, f),
        Reason::PathMtu { .. } => path::path_mtu(verdict, f),
        Reason::PathMtuBlackHole { .. } => path::path_mtu_black_hole(verdict, f),
        Reason::CongestionWindow { .. } => rate::congestion_window(verdict, f),
        Reason::RoundTrips { .. } => waiting::round_trips(verdict, f),
        Reason::NagleDelayedAck { .. } => waiting::nagle_delayed_ack(verdict, f),
        Reason::SlowSender { .. } => waiting::slow_sender(verdict, f),
        Reason::UnreadData { .. } => reset::unread_data(verdict, f),
        Reason::Aborted { .. } => reset::aborted(verdict, f),
        Reason::OctetsAfterClose { .. } => reset::octets_after_close(verdict, f),
        Reason::HalfOpen { .. } => reset::half_open(verdict, f),
        Reason::MiddleboxReset { .. } => reset::middlebox_reset(verdict, f),
        Reason::CloseWaitLeak { .. } => ending::close_wait_leak(verdict, f),
        Reason::FinUnanswered { .. } => ending::fin_unanswered(verdict, f),
        Reason::ScalingStripped { .. } => path::scaling_stripped(verdict, f),
        Reason::Damaged { .. } => path::damaged(verdict, f),
        Reason::Desynchronised { .. } => ending::desynchronised(verdict, f),
        Reason::Capture { .. } => path::capture(verdict, f),
    }
}

/// `the client`, or `the server`.
const fn the(side: Side) -> &'static str {
    match side {
        Side::Client => "the client",
        Side::Server => "the server",
    }
}

/// [`the`] at the start of a sentence.
const fn the_capital(side: Side) -> &'static str {
    match side {
        Side::Client => "The client",
        Side::Server => "The server",
    }
}

/// `once`, `twice`, `3 times`.
struct Times(u64);

impl fmt::Display for Times {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => f.write_str("once"),
            2 => f.write_str("twice"),
            times => write!(f, "{times} times"),
        }
    }
}

/// A time of so many nanoseconds, as verdicts name it.
const fn span(nanos: i64) -> Span {
    Span { nanos, ascii: false }
}

/// The advice that belongs to a verdict; `None` where there is none worth giving.
pub(super) const fn advice(verdict: &Verdict) -> Option<&'static str> {
    match verdict.reason {
        Reason::Fine => None,
        Reason::Refused { .. } => Some(
            "Look whether a program listens on that port of the server, on that address; a firewall that rejects with a RST looks the same.",
        ),
        Reason::Rejected { .. } => Some("Look at the rules and routes of the host that sent the message."),
        Reason::Unanswered { .. } => {
            Some("Capture at the server: does the SYN arrive, and is it answered there?")
        }
        Reason::AcceptQueueFull { .. } => Some(
            "See `ss -ltn` and the counter ListenOverflows at the server: the program accepts too slowly, or its backlog is too small.",
        ),
        Reason::HandshakeLost { answered: true, .. } => Some(
            "Capture at the client, too: a filter or a congested link on the way back drops the SYN,ACK.",
        ),
        Reason::HandshakeLost { .. } => Some(
            "Capture at the server: if the first SYN arrives there, its queues (ListenOverflows, ListenDrops) or the way back are to blame.",
        ),
        Reason::HandshakeBroken { how: BrokenHandshake::WrongNumber { .. } } => Some(
            "Something on the way, or a connection that the server still holds on the same ports, answers with other numbers: capture at the server, and compare the SYN,ACK.",
        ),
        Reason::HandshakeBroken { how: BrokenHandshake::WrongChecksum { .. } } => Some(
            "Capture on the other side of each device on the way: one of them writes to the segment, or to its addresses, without mending the checksum.",
        ),
        Reason::HandshakeBroken { how: BrokenHandshake::NotTaken { .. } } => Some(
            "See `ss -ltn` and the counter ListenOverflows at the server: a full accept queue drops the last ACK without a word; or capture there, if all of it got lost on the way.",
        ),
        Reason::HandshakeBroken { how: BrokenHandshake::NotAcknowledged { asks: true, .. } } => Some(
            "Capture at the client: does the SYN,ACK arrive? A filter, or a route back that differs, may drop it.",
        ),
        Reason::HandshakeBroken { how: BrokenHandshake::WrongReset { .. } } => Some(
            "Whatever sends these RSTs breaks RFC 9293, section 3.5.2: most likely nothing listens on that port; look at the host, or the device before it, that answers.",
        ),
        Reason::HandshakeBroken { .. } => {
            Some("Capture at the client: does the SYN,ACK arrive, and did the client send that SYN at all?")
        }
        Reason::NoAnswer { .. } => Some(waiting::ask_the_server(verdict)),
        Reason::SlowServer { doubt, .. } => Some(waiting::time_the_server(doubt)),
        Reason::SlowClient { .. } => Some(waiting::TIME_THE_CLIENT),
        Reason::PeerVanished { idle: 1_000_000_000.., .. } => Some(
            "A NAT device or a firewall may have forgotten the idle connection: keep-alives more often than it forgets help; capture on the other side of it to be sure.",
        ),
        Reason::PeerVanished { .. } => {
            Some("Capture at the silent end: do the segments arrive there, and are they answered?")
        }
        Reason::KeepAliveDeath { .. } => Some(
            "Capture at the silent end: do the keep-alives arrive? If a device on the way forgets idle connections, send them more often than it forgets.",
        ),
        Reason::ZeroWindow { .. } => Some(
            "Look at what keeps that program from reading: a slow disk or database behind it, a lock, a full queue of its \
             own. A larger receive buffer only delays it.",
        ),
        Reason::ReceiverWindow { .. } => Some(rate::RECEIVER_WINDOW_ADVICE),
        Reason::Loss { .. } => Some(rate::LOSS_ADVICE),
        Reason::Policer { .. } => Some(rate::POLICER_ADVICE),
        Reason::Bottleneck { .. } => Some(rate::BOTTLENECK_ADVICE),
        Reason::PathMtu { ignored: 0, .. } => Some(
            "Nothing is broken; where it occurs often, set the MTU or the MSS of that route to what the path carries.",
        ),
        Reason::PathMtu { .. } => Some(
            "See whether the ICMP message reaches that host: a firewall that drops it must let through ICMP type 3 code 4, \
             or ICMPv6 type 2.",
        ),
        Reason::PathMtuBlackHole { .. } => Some(
            "Let ICMP type 3 code 4, or ICMPv6 type 2, through on the whole path, or clamp the MSS to what the path carries; \
             a ping of full size that must not be fragmented shows where it ends.",
        ),
        Reason::CongestionWindow { .. } => Some(rate::CONGESTION_WINDOW_ADVICE),
        Reason::RoundTrips { .. } => Some(waiting::ASK_AT_ONCE),
        Reason::NagleDelayedAck { .. } => Some(waiting::WRITE_AT_ONCE),
        Reason::SlowSender { .. } => Some(waiting::WATCH_THE_SENDER),
        Reason::UnreadData { .. } => Some(
            "Let the program read to the end before it closes, or close only the sending direction first and read what still comes (RFC 2525, section 2.17).",
        ),
        Reason::Aborted { opening: true, by: Side::Client, .. } => {
            Some("A program that gave up connecting does so, or a host that knows nothing of this SYN.")
        }
        Reason::Aborted { opening: true, .. } => Some(
            "Look whether the client completed the handshake as it should; a full accept queue does so, too, where the server is set to answer it with a RST (`tcp_abort_on_overflow`).",
        ),
        Reason::Aborted { .. } => Some(
            "SO_LINGER with a time of 0, a program that was killed, or a proxy that lost its other side does so: see the log of that end's program.",
        ),
        Reason::OctetsAfterClose { knew: Some(true), .. } => Some(
            "Let the program notice the end of the stream before it writes, and open a new connection instead.",
        ),
        Reason::OctetsAfterClose { .. } => Some(
            "Both sent at the same time: close only after the other end has said all, or let the other end repeat its request on a new connection.",
        ),
        Reason::HalfOpen { near, .. } if near || matches!(verdict.certainty, Certainty::Certain) => {
            Some("Look whether that host, or its program, was started anew.")
        }
        Reason::HalfOpen { .. } => Some(
            "Capture at the end that the RST names: if it sent the RST, it was started anew or dropped the connection; if not, a device on the way forgot an idle connection.",
        ),
        Reason::MiddleboxReset { .. } => Some(
            "Capture on the other side of each firewall, proxy and load balancer on the way, to see which of them sends the RST, and look at its rules and its idle timeout.",
        ),
        Reason::CloseWaitLeak { .. } => Some(
            "The program does not close its socket after the end of the stream: see CLOSE-WAIT in `ss -tanp` at that host.",
        ),
        Reason::FinUnanswered { .. } => Some("Capture at the silent end: does the FIN arrive there?"),
        Reason::ScalingStripped { .. } => Some(
            "Find the firewall that changes the options of SYNs: the SYN and the SYN,ACK, captured on both sides of it, \
             differ.",
        ),
        Reason::Damaged { .. } => Some(
            "Look at the error counters of cards, cables and switches on the way: checksums of links do not notice what a \
             device damages inside.",
        ),
        Reason::Desynchronised { .. } => Some(
            "Compare captures at both ends: something on the way put octets into the stream, took some out, or shifted the numbers.",
        ),
        Reason::Capture { lacks: Lack::Direction { .. } } => {
            Some("Capture where both directions pass: at an end, or with a mirror of both directions.")
        }
        Reason::Capture { lacks: Lack::Octets { .. } } => Some(
            "Capture with a larger buffer, a shorter snap length or a filter, and look at the frames that the capturing \
             program says it dropped.",
        ),
    }
}

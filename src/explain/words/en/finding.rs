//! What went wrong, one finding a sentence, with the evidence.

mod capture;
mod receiver;
mod repeated;
mod reset;

use std::fmt::{self, Formatter};

use crate::explain::duration::Span;
use crate::explain::number::Count;
use crate::explain::statement::Previous;
use crate::track::finding::{Earlier, Finding};

pub(super) fn words(finding: &Finding, count: Count, f: &mut Formatter<'_>) -> fmt::Result {
    match *finding {
        Finding::CaptureDuplicate { of, recut: true, .. } => capture::recut(of, f),
        Finding::CaptureDuplicate { of, routed, .. } => capture::duplicate(of, routed, f),
        Finding::Truncated { captured, payload_len } => capture::truncated(captured, payload_len, f),
        Finding::SuperSegment { payload_len, mss } => capture::super_segment(payload_len, mss, f),
        Finding::ClockBackwards { by } => capture::clock_backwards(by, f),
        Finding::ClockForwards { by } => capture::clock_forwards(by, f),
        Finding::Silence { lasted, certainty } => capture::silence(lasted, certainty, f),
        Finding::OneSided { heard } => capture::one_sided(heard, f),
        Finding::MissedByCapture { octets } => capture::missed(octets, f),
        Finding::AckedBeforeSeen { octets, acked, missing } => {
            capture::acked_before_seen(count.range(octets), acked, missing, f)
        }
        Finding::Retransmission { octets, of, partly, overtaken_by, cause, certainty } => {
            let previous = Previous::new(of, partly, overtaken_by);
            repeated::retransmission(count.range(octets), previous, cause, certainty, f)
        }
        Finding::ProvedSpurious { octets, of, proof } => {
            repeated::proved_spurious(count.range(octets), of, proof, f)
        }
        Finding::Reordering { octets, overtaken_by, proof } => {
            repeated::reordering(count.range(octets), overtaken_by, proof, f)
        }
        Finding::NetworkDuplicate { octets, of } => repeated::network_duplicate(count.range(octets), of, f),
        Finding::Conflict { octets, of, certainty } => {
            repeated::conflict(count.range(octets), of, certainty, f)
        }
        Finding::LateOrLost { octets, overtaken_by } => {
            repeated::late_or_lost(count.range(octets), overtaken_by, f)
        }
        Finding::ZeroWindow { receiver, since, lasted, opened, probes } => {
            receiver::zero_window(receiver, since, (lasted, opened), probes, f)
        }
        Finding::WindowFull { in_flight, window } => receiver::window_full(in_flight, window, f),
        Finding::WindowShrunk { taken_back, cut_off } => receiver::window_shrunk(taken_back, cut_off, f),
        Finding::BeyondWindow { beyond, offered } => receiver::beyond_window(beyond, offered, f),
        Finding::Reneged { octets } => receiver::reneged(count.range(octets), f),
        Finding::Reset { cause, certainty } => reset::words(cause, certainty, f),
        Finding::ProvedForged { of, proof, .. } => reset::proved_forged(of, proof, f),
        Finding::SecondAnswer { of, .. } => receiver::second_answer(of, f),
        Finding::SackOutside { octets, segments, .. } => {
            receiver::sack_outside(count.range(octets), segments, f)
        }
        Finding::OldTimestamp { tsval, recent } => receiver::old_timestamp(tsval, recent, f),
        Finding::PathMtu { mtu } => receiver::path_mtu(mtu, f),
        Finding::MtuIgnored { packet_len, mtu, of } => receiver::mtu_ignored(packet_len, mtu, of, f),
        Finding::MssExceeded { payload_len, mss } => receiver::mss_exceeded(payload_len, mss, f),
        Finding::KeepAliveDeath { probes, silent } => receiver::keep_alive_death(probes, silent, f),
        Finding::SynUnanswered { tries, waited } => receiver::syn_unanswered(tries, waited, f),
        Finding::ScalingStripped { of, beyond } => receiver::scaling_stripped(of, beyond, f),
    }
}

/// ` 212 ms`, or nothing where the capture gives no time.
struct After(Option<i64>);

impl fmt::Display for After {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(nanos) => write!(f, " {}", Span { nanos, ascii: false }),
            None => Ok(()),
        }
    }
}

/// `frame 6, 212 ms before`, or `frame 6`.
struct Before(Earlier);

impl fmt::Display for Before {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "frame {}", self.0.frame)?;
        if self.0.ago.is_some() { write!(f, ",{} before", After(self.0.ago)) } else { Ok(()) }
    }
}

/// `s` where there are several.
const fn plural(number: u64) -> &'static str {
    if number == 1 { "" } else { "s" }
}

#[cfg(test)]
mod tests;

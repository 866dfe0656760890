//! Why the kernel sent something again, by its counts.

use crate::frame;
use crate::record::Moment;

/// What the host had sent, and the peer had acknowledged, by some frame.
#[derive(Default)]
pub(crate) struct Flow {
    /// Beyond the last number sent.
    next: Option<u32>,
    acked: Option<u32>,
    sacked: Vec<(u32, u32)>,
    /// The peer's window is 0.
    closed: bool,
    /// A SYN without ACK was the latest that the host sent.
    asked: bool,
    /// The peer had taken back what it had acknowledged selectively, for which the kernel has a timer of its own.
    pub(crate) reneged: bool,
    /// Timeouts since something new was acknowledged.
    pub(crate) timeouts: u32,
    /// A router had said that less fits than was sent.
    pub(crate) too_big: bool,
}

impl Flow {
    /// Whether the host's frame repeats something.
    pub(crate) fn sent(&mut self, seen: &frame::Seen) -> bool {
        let (start, end) = (seen.tcp.sequence_number, seen.tcp.sequence_number.wrapping_add(seen.seq_len()));
        if seen.tcp.rst {
            return false;
        }
        let again = self.next.is_some_and(|next| start != end && before(start, next)) && seen.seq_len() > 0;
        if self.next.is_none_or(|next| before(next, end)) {
            self.next = Some(end);
        }
        // The SYN,ACK of a simultaneous open is not the SYN again.
        let answer = self.asked && seen.tcp.syn && seen.tcp.ack;
        self.asked = seen.tcp.syn && !seen.tcp.ack;
        again && !answer
    }

    pub(crate) fn answered(&mut self, seen: &frame::Seen) {
        self.closed = seen.tcp.window_size == 0 && !seen.tcp.rst;
        if seen.tcp.ack && self.next.is_some_and(|next| !before(next, seen.tcp.acknowledgment_number)) {
            let ack = seen.tcp.acknowledgment_number;
            if self.acked.is_none_or(|acked| before(acked, ack)) {
                self.acked = Some(ack);
                self.timeouts = 0;
            }
            self.sacked.extend(&seen.sacked);
        }
    }

    pub(crate) fn has_arrived(&self, seen: &frame::Seen) -> bool {
        let (start, end) = (seen.tcp.sequence_number, seen.tcp.sequence_number.wrapping_add(seen.seq_len()));
        self.acked.is_some_and(|acked| !before(acked, end))
            || self.sacked.iter().any(|(left, right)| !before(start, *left) && !before(*right, end))
    }
}

fn before(a: u32, b: u32) -> bool {
    (a.wrapping_sub(b) as i32) < 0
}

/// Why the kernel sent again, by the counts that moved. `first`: of those since the moment before.
pub(crate) fn cause(moment: &Moment, seen: &frame::Seen, first: bool, flow: &Flow) -> Option<&'static str> {
    let moved = |name: &str| moment.moved.get(name).copied().unwrap_or(0);
    if seen.tcp.syn {
        return Some("syn");
    }
    if moved("TCPFastOpenActiveFail") > 0 {
        return Some("fast_open");
    }
    if moved("TCPWinProbe") > 0 {
        return Some("window_probe");
    }
    let (probes, timeouts) = (moved("TCPLossProbes"), moved("TCPTimeouts"));
    let (fast, slow) = (moved("TCPFastRetrans"), moved("TCPSlowStartRetrans"));
    // Which was first, nobody knows.
    if (probes > 0 || timeouts > 0) && fast > 0 {
        return None;
    }
    if first && timeouts == 1 && probes == 0 {
        return Some("timeout");
    }
    if first && probes == 1 && timeouts == 0 && fast + slow == 0 {
        return Some("tail_loss_probe");
    }
    if flow.closed && probes + timeouts + fast + slow == 0 {
        return Some("closed window");
    }
    if flow.too_big && fast + slow > 0 {
        return Some("path_mtu");
    }
    match (fast > 0, slow > 0) {
        (true, false) => Some("recovery"),
        (false, true) => Some("after_timeout"),
        _ => None,
    }
}

/// The causes that say what the kernel says.
pub(crate) fn fits(kernel: &str, ours: &str, fin_alone: bool) -> bool {
    match kernel {
        "recovery" => ["fast", "sack", "rack", "partial_ack"].contains(&ours),
        // The retransmission timer, which counts nothing while the window is closed.
        "closed window" => ["window_probe", "timeout"].contains(&ours),
        "timeout" | "tail_loss_probe" | "after_timeout" if fin_alone && ours == "fin" => true,
        _ => kernel == ours,
    }
}

//! The words of verdicts about what set the rate.

use std::fmt::{self, Formatter};

use super::super::number::Amount;
use crate::explain::duration::Span;
use crate::track::verdict::{Reason, Verdict};

pub(super) const RECEIVER_WINDOW_ADVICE: &str = "Enlarge the receive buffer of the receiver to at least bandwidth times round \
                                                 trip (SO_RCVBUF, net.ipv4.tcp_rmem).";
pub(super) const LOSS_ADVICE: &str = "Look for the link that loses segments: errors and full queues in the counters of the devices on the way.";
pub(super) const POLICER_ADVICE: &str =
    "Ask who runs the path for its rate limit and burst size, or shape what is sent to below that rate.";
pub(super) const BOTTLENECK_ADVICE: &str = "Raise the rate of the slow link, or manage the queue before it (fq_codel, CAKE) to keep round trips short.";
pub(super) const CONGESTION_WINDOW_ADVICE: &str =
    "Reuse connections, which keep a window that has grown, or serve from a place nearer to the client.";

/// `212 ms`.
const fn time(nanos: i64) -> Span {
    Span { nanos, ascii: false }
}

/// `2.7 Mbit/s`, from octets a second.
struct Rate(u64);

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let bits = self.0.saturating_mul(8);
        match bits {
            0..1_000_000 => write!(f, "{} kbit/s", bits / 1_000),
            1_000_000..1_000_000_000 => write!(f, "{:.1} Mbit/s", bits as f64 / 1e6),
            _ => write!(f, "{:.1} Gbit/s", bits as f64 / 1e9),
        }
    }
}

/// ` for 1.2 s`, where the capture gives the time.
struct For(Option<i64>);

impl fmt::Display for For {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |nanos| write!(f, " for {}", time(nanos)))
    }
}

pub(super) fn receiver_window(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::ReceiverWindow { window, round_trip } = verdict.reason else { return Ok(()) };
    let held = For(verdict.lasted);
    if window == 0 {
        return write!(f, "The receiver's window was full{held}");
    }
    write!(f, "The receiver's window of about {} was full{held}", Amount(window))?;
    if round_trip > 0 {
        let rate = u64::try_from(u128::from(window) * 1_000_000_000 / round_trip.unsigned_abs() as u128);
        let rate = Rate(rate.unwrap_or(u64::MAX));
        write!(f, ": with a round trip of {} it lets no more than {rate} pass", time(round_trip))?;
    }
    Ok(())
}

pub(super) fn loss(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::Loss { segments, of, timeouts } = verdict.reason else { return Ok(()) };
    write!(
        f,
        "{segments} of {of} segments with octets were lost, and recovering from that slowed the transfer"
    )?;
    write!(f, "{}", For(verdict.lasted))?;
    match timeouts {
        0 => Ok(()),
        1 => f.write_str("; one loss was noticed only by a timeout"),
        _ => write!(f, "; {timeouts} losses were noticed only by timeouts"),
    }
}

pub(super) fn policer(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::Policer { rate, segments } = verdict.reason else { return Ok(()) };
    write!(
        f,
        "{segments} segments were dropped, on average each time that {} had passed since the drop before, and round trips did \
         not grow: a policer, whose rate is that or a higher one",
        Rate(rate)
    )
}

pub(super) fn bottleneck(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::Bottleneck { rate, round_trips } = verdict.reason else { return Ok(()) };
    write!(f, "A link of about {} set the pace{}", Rate(rate), For(verdict.lasted))?;
    match round_trips {
        Some((shortest, mean)) => {
            write!(f, ": its queue made round trips of {} grow to {} on average", time(shortest), time(mean))
        }
        None => f.write_str(
            ": in mid-transfer segments arrive evenly at that rate, as they also do from a sender that spreads them over time",
        ),
    }
}

pub(super) fn congestion_window(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::CongestionWindow { round_trip, cwnd } = verdict.reason else { return Ok(()) };
    write!(f, "The sender's congestion window held the transfer back{}", For(verdict.lasted))?;
    write!(f, ", with round trips of {} and nothing lost", time(round_trip))?;
    cwnd.map_or(Ok(()), |cwnd| write!(f, "; it grew to {}", Amount(cwnd)))
}

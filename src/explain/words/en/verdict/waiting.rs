//! The words of verdicts about programs, and what they waited for.

use std::fmt::{self, Formatter};

use crate::explain::duration::Span;
use crate::track::verdict::{Reason, Verdict};

/// What to do about each.
pub(super) const ASK_THE_SERVER: &str =
    "Look at the server's program: the request has reached its host, which acknowledged it";
pub(super) const TIME_THE_SERVER: &str =
    "Look at what the server's program does in that time; the network has no part in it";
pub(super) const TIME_THE_CLIENT: &str =
    "Look at what the client's program does in that time; the network has no part in it";
pub(super) const ASK_AT_ONCE: &str = "Ask for more at once: several requests in one, or one after the other without waiting (pipelining), or from nearer";
pub(super) const WRITE_AT_ONCE: &str =
    "Write what belongs together in one call, or set TCP_NODELAY at the end that writes";
pub(super) const WATCH_THE_SENDER: &str = "Look at what the sending program waits for: its disk, another server, its own pace; the network has room";

pub(super) fn no_answer(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("The server acknowledged what the client asked")?;
    if let Some(frame) = verdict.frames.as_slice().first() {
        write!(f, " in frame {frame}")?;
    }
    write!(f, ", and sent no answer for {}", span(verdict.lasted))?;
    match verdict.reason {
        Reason::NoAnswer { gave_up: true } => f.write_str(": then the client gave up"),
        _ => f.write_str(", to the end of the capture"),
    }
}

pub(super) fn slow_server(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::SlowServer { answers, longest } = verdict.reason else { return Err(fmt::Error) };
    write!(f, "The server took {}", span(verdict.lasted))?;
    slow(verdict, (answers, longest), ["to answer", "requests that it had acknowledged or answered"], f)
}

pub(super) fn slow_client(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::SlowClient { answers, longest } = verdict.reason else { return Err(fmt::Error) };
    write!(f, "The client took {}", span(verdict.lasted))?;
    slow(verdict, (answers, longest), ["to go on after", "prompts of the server"], f)
}

/// How many answers took their time, and the longest, with its frames.
fn slow(
    verdict: &Verdict,
    (answers, longest): (u32, i64),
    [does, what]: [&str; 2],
    f: &mut Formatter<'_>,
) -> fmt::Result {
    let longest = Span { nanos: longest, ascii: false };
    match answers {
        1 => write!(f, " {does} one of the {what}")?,
        _ => write!(f, " {does} {answers} {what}, {longest} for the slowest")?,
    }
    match verdict.frames.as_slice() {
        [question, answer, ..] => write!(f, " (frame {question}, answered in frame {answer})"),
        _ => Ok(()),
    }
}

pub(super) fn round_trips(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::RoundTrips { exchanges, round_trip } = verdict.reason else { return Err(fmt::Error) };
    write!(
        f,
        "{exchanges} small exchanges one after the other, each for a round trip of {}: {} in all",
        Span { nanos: round_trip, ascii: false },
        span(verdict.lasted)
    )
}

pub(super) fn nagle_delayed_ack(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::NagleDelayedAck { by, stalls } = verdict.reason else { return Err(fmt::Error) };
    write!(
        f,
        "{stalls} times the {} wrote a small piece, and the rest of it was held back until the delayed acknowledgement of \
         that piece came (Nagle's algorithm): {} in all",
        by.name(),
        span(verdict.lasted)
    )
}

pub(super) fn slow_sender(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::SlowSender { by, pieces, interval, octets } = verdict.reason else { return Err(fmt::Error) };
    write!(
        f,
        "The {}'s program wrote slowly: {pieces} pieces of {} B, {} apart, on average, {} in all, with nothing to hold it back",
        by.name(),
        octets / u64::from(pieces.max(1)),
        Span { nanos: interval, ascii: false },
        span(verdict.lasted)
    )
}

fn span(nanos: Option<i64>) -> Span {
    Span { nanos: nanos.unwrap_or_default(), ascii: false }
}

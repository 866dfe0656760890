//! The words of verdicts about programs, and what they waited for.

use std::fmt::{self, Formatter};

use crate::explain::duration::Span;
use crate::track::verdict::{Reason, Verdict};

/// What to do about each.
pub(super) const ASK_THE_SERVER: &str =
    "Look at the server's program: the request has reached its host, which acknowledged it.";
pub(super) const TIME_THE_SERVER: &str =
    "Look at what the server's program does between the request and its answer.";
pub(super) const TIME_THE_CLIENT: &str =
    "Look at what the client's program does between the prompt and what it sends then.";
pub(super) const ASK_AT_ONCE: &str = "Ask for more at once: several requests in one, or one after the other without waiting (pipelining), or from nearer.";
pub(super) const WRITE_AT_ONCE: &str =
    "Write what belongs together in one call, or set TCP_NODELAY at the end that writes.";
pub(super) const WATCH_THE_SENDER: &str = "Look at what the sending program waits for: its disk, another server, its own pace; the network has room.";

pub(super) fn no_answer(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("The server acknowledged what the client asked")?;
    if let Some(frame) = verdict.frames.as_slice().first() {
        write!(f, " in frame {frame}")?;
    }
    write!(f, ", and sent no answer for {}", span(verdict.lasted))?;
    let gave_up = verdict.reason == Reason::NoAnswer { gave_up: true };
    f.write_str(if gave_up { ": then the client gave up" } else { ", to the end of the capture" })
}

pub(super) fn slow_server(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::SlowServer { answers, longest } = verdict.reason else { return Err(fmt::Error) };
    write!(f, "The server took {}", span(verdict.lasted))?;
    slow(verdict, (answers, longest), ["to answer", "a request", "requests"], f)
}

pub(super) fn slow_client(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::SlowClient { answers, longest } = verdict.reason else { return Err(fmt::Error) };
    write!(f, "The client took {}", span(verdict.lasted))?;
    slow(
        verdict,
        (answers, longest),
        ["to go on after", "a prompt of the server", "prompts of the server"],
        f,
    )
}

/// How many answers took their time, and the longest, with its frames.
fn slow(
    verdict: &Verdict,
    (answers, longest): (u32, i64),
    [does, one, many]: [&str; 3],
    f: &mut Formatter<'_>,
) -> fmt::Result {
    let longest = Span { nanos: longest, ascii: false };
    match answers {
        1 => write!(f, " {does} {one}")?,
        _ => write!(f, " {does} {answers} {many}, {longest} for the slowest")?,
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
        "The {}'s program wrote slowly: {pieces} pieces, on average of {} B and {} apart, {} in all, with nothing to hold it back",
        by.name(),
        octets / u64::from(pieces.max(1)),
        Span { nanos: interval, ascii: false },
        span(verdict.lasted)
    )
}

fn span(nanos: Option<i64>) -> Span {
    Span { nanos: nanos.unwrap_or_default(), ascii: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::track::finding::Certainty;
    use crate::track::flow::Side;
    use crate::track::verdict::Party;

    type Words = fn(&Verdict, &mut Formatter<'_>) -> fmt::Result;

    fn said(reason: Reason, words: Words) -> String {
        let verdict = Verdict::new(reason, Party::Server, Certainty::Likely);
        let verdict = verdict.lasted(Some(1_300_000_000)).shown_by(4).shown_by(6);
        std::fmt::from_fn(|f| words(&verdict, f)).to_string()
    }

    #[test]
    fn each_sentence_has_its_numbers() {
        let longest = 700_000_000;
        let told: [(Reason, Words, &str); 8] = [
            (
                Reason::NoAnswer { gave_up: true },
                no_answer,
                "The server acknowledged what the client asked in frame 4, and sent no answer for 1.3 s: then the client gave up",
            ),
            (
                Reason::NoAnswer { gave_up: false },
                no_answer,
                "The server acknowledged what the client asked in frame 4, and sent no answer for 1.3 s, to the end of the capture",
            ),
            (
                Reason::SlowServer { answers: 1, longest },
                slow_server,
                "The server took 1.3 s to answer a request (frame 4, answered in frame 6)",
            ),
            (
                Reason::SlowServer { answers: 2, longest },
                slow_server,
                "The server took 1.3 s to answer 2 requests, 700 ms for the slowest (frame 4, answered in frame 6)",
            ),
            (
                Reason::SlowClient { answers: 3, longest },
                slow_client,
                "The client took 1.3 s to go on after 3 prompts of the server, 700 ms for the slowest (frame 4, answered in frame 6)",
            ),
            (
                Reason::RoundTrips { exchanges: 13, round_trip: 100_000_000 },
                round_trips,
                "13 small exchanges one after the other, each for a round trip of 100 ms: 1.3 s in all",
            ),
            (
                Reason::NagleDelayedAck { by: Side::Server, stalls: 30 },
                nagle_delayed_ack,
                "30 times the server wrote a small piece, and the rest of it was held back until the delayed acknowledgement \
                 of that piece came (Nagle's algorithm): 1.3 s in all",
            ),
            (
                Reason::SlowSender { by: Side::Client, pieces: 13, interval: 100_000_000, octets: 13_000 },
                slow_sender,
                "The client's program wrote slowly: 13 pieces, on average of 1000 B and 100 ms apart, 1.3 s in all, with \
                 nothing to hold it back",
            ),
        ];
        for (reason, words, sentence) in told {
            assert_eq!(said(reason, words), sentence);
        }
    }
}

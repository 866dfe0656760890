//! The words of verdicts about programs, and what they waited for.

use std::fmt::{self, Formatter};

use crate::explain::duration::Span;
use crate::track::finding::Certainty;
use crate::track::verdict::{Doubt, Reason, Verdict};

/// What to do about each.
pub(super) const TIME_THE_CLIENT: &str =
    "Look at what the client's program does between the prompt and what it sends then.";
pub(super) const ASK_AT_ONCE: &str = "Ask for more at once: several requests in one, or one after the other without waiting (pipelining), or from nearer.";
pub(super) const WRITE_AT_ONCE: &str =
    "Write what belongs together in one call, or set TCP_NODELAY at the end that writes.";
pub(super) const WATCH_THE_SENDER: &str = "The network has room. If the program is to write as fast as it can, look at what it waits for: its disk, another \
     server, its own pace; a live stream writes no faster than it is made.";

/// What to do where an answer did not come.
pub(super) const fn ask_the_server(verdict: &Verdict) -> &'static str {
    match verdict.certainty {
        Certainty::Undecidable => {
            "If the protocol has an answer to that message (a line of a log has none), capture at the server: a device on the \
             way may have acknowledged it in the server's name. If it arrives there, look at the server's program."
        }
        Certainty::Certain | Certainty::Likely => {
            "Look at the server's program: its host has acknowledged the request."
        }
    }
}

/// What to do about a server that takes its time, by what else may have taken it.
pub(super) const fn time_the_server(doubt: Option<Doubt>) -> &'static str {
    match doubt {
        None => "Look at what the server's program does between the request and its answer.",
        Some(Doubt::Path) => {
            "Capture at the server: if the answers leave it at once, the path took the time, and not the program."
        }
        Some(Doubt::Loss) => {
            "Capture at the server: if it sends the answers at once, and again later, they got lost, and the program is not slow."
        }
        Some(Doubt::Timer) => {
            "If the server holds requests until it has news (long polling), or both ends send in their own time, nothing is wrong; \
             else look at which time limit of the server's program runs out."
        }
    }
}

pub(super) fn no_answer(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let asked = match verdict.certainty {
        Certainty::Undecidable => "What the client sent was acknowledged",
        Certainty::Certain | Certainty::Likely => "The server acknowledged what the client asked",
    };
    f.write_str(asked)?;
    if let Some(frame) = verdict.frames.as_slice().first() {
        write!(f, " in frame {frame}")?;
    }
    let told = match verdict.certainty {
        Certainty::Undecidable => ", and no answer came for",
        Certainty::Certain | Certainty::Likely => ", and sent no answer for",
    };
    write!(f, "{told} {}", span(verdict.lasted))?;
    let closed = verdict.reason == Reason::NoAnswer { gave_up: true };
    f.write_str(if closed {
        ": then the client closed the connection"
    } else {
        ", to the end of the capture"
    })
}

pub(super) fn slow_server(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::SlowServer { answers, longest, doubt } = verdict.reason else { return Err(fmt::Error) };
    let whose = if doubt == Some(Doubt::Path) { "The server, or the path to it," } else { "The server" };
    write!(f, "{whose} took {}", span(verdict.lasted))?;
    slow(verdict, (answers, longest), ["to answer", "a request", "requests"], f)?;
    f.write_str(match doubt {
        None => "",
        Some(Doubt::Path) => "; nothing acknowledged most of it sooner",
        Some(Doubt::Loss) => "; or answers got lost before they were captured, as other segments did",
        Some(Doubt::Timer) if answers == 1 => "; so long a wait may be meant",
        Some(Doubt::Timer) => "; each took the same time, as where a timer runs out",
    })
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
        "The {}'s program wrote {} B each {} on average ({pieces} pieces in {}), and nothing but its own pace held it back",
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
    use crate::track::flow::Side;
    use crate::track::verdict::Party;

    type Words = fn(&Verdict, &mut Formatter<'_>) -> fmt::Result;

    fn said(reason: Reason, words: Words) -> String {
        said_as(reason, Certainty::Likely, words)
    }

    fn said_as(reason: Reason, certainty: Certainty, words: Words) -> String {
        let verdict = Verdict::new(reason, Party::Server, certainty);
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
                "The server acknowledged what the client asked in frame 4, and sent no answer for 1.3 s: then the client closed the connection",
            ),
            (
                Reason::NoAnswer { gave_up: false },
                no_answer,
                "The server acknowledged what the client asked in frame 4, and sent no answer for 1.3 s, to the end of the capture",
            ),
            (
                Reason::SlowServer { answers: 1, longest, doubt: None },
                slow_server,
                "The server took 1.3 s to answer a request (frame 4, answered in frame 6)",
            ),
            (
                Reason::SlowServer { answers: 2, longest, doubt: None },
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
                "The client's program wrote 1000 B each 100 ms on average (13 pieces in 1.3 s), and nothing but its own pace \
                 held it back",
            ),
        ];
        for (reason, words, sentence) in told {
            assert_eq!(said(reason, words), sentence);
        }
    }
    #[test]
    fn a_doubt_is_told_with_what_decides_it() {
        let longest = 700_000_000;
        let told = [
            (Doubt::Path, "; nothing acknowledged most of it sooner"),
            (Doubt::Loss, "; or answers got lost before they were captured, as other segments did"),
            (Doubt::Timer, "; each took the same time, as where a timer runs out"),
        ];
        for (doubt, words) in told {
            let reason = Reason::SlowServer { answers: 3, longest, doubt: Some(doubt) };
            let sentence = said(reason, slow_server);
            assert!(sentence.ends_with(words), "{sentence}");
            assert_ne!(time_the_server(Some(doubt)), time_the_server(None));
        }
        let reason = Reason::NoAnswer { gave_up: true };
        assert_eq!(
            said_as(reason, Certainty::Undecidable, no_answer),
            "What the client sent was acknowledged in frame 4, and no answer came for 1.3 s: then the client closed the \
             connection"
        );
    }
}

//! Answers that did not come, or took their time.

use super::{Course, knows_roles};
use crate::track::measure::dialogue::{Answers, Dialogue};
use crate::track::vocabulary::finding::{Certainty, Finding, Kind, ResetCause};
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::report::{Closing, Report};
use crate::track::vocabulary::state::State;
use crate::track::vocabulary::verdict::{Doubt, Party, Reason, Verdict};

/// Nanoseconds without an answer that are called none: longer than programs of machines take, and than a second SYN, or
/// the first timeout of RFC 6298, takes to repair a loss that the capture does not show.
const NO_ANSWER: i64 = 3_000_000_000;

/// Nanoseconds of waiting for answers that harm somebody: half a second in all is felt.
const FELT: i64 = 500_000_000;

/// Percent of the duration from which on answers that took time are what it was about: a quarter of the time. One slow
/// answer in a long connection is none of it.
const SHARE: i64 = 25;

/// Answers that took the same time, and nanoseconds from which on that is a timer: work for so long varies.
const ALIKE: u32 = 3;
const LONG: i64 = 5_000_000_000;

/// Nanoseconds of a single answer that may be a timer: servers that hold requests hold them for 20 s to a minute.
const HELD: i64 = 15_000_000_000;

/// Nanoseconds of a handshake from which on an acknowledgement that comes far sooner does not come from as far.
const FAR: i64 = 5_000_000;

/// Answers to prompts that show that a client is slow, not idle once.
const PROMPTS: u32 = 3;

/// Judges the answers, where it is known who is the client.
pub(super) fn judge(course: &Course<'_>, verdicts: &mut Vec<Verdict>) {
    if !knows_roles(&course.report.endpoints) {
        return;
    }
    verdicts.extend(no_answer(course));
    let Some(dialogue) = course.spent.dialogue() else { return };
    verdicts.extend(slow_server(course, dialogue));
    verdicts.extend(slow_client(course, dialogue));
}

/// The server owed an answer, as far as the capture shows:
///   1. the client spoke last, all that it said was acknowledged and is complete, and the server sent no octet and no FIN
///      behind it,
///   2. the client waited for [`NO_ANSWER`] at least: until it closed, or to the end of the capture,
///   3. it had never gone on unanswered before, as a program does that waits for no answers, and the server had told no
///      news unasked, nor taken as long for any answer that came,
///   4. the server's host was there: no keep-alive stayed unanswered, and a FIN of the client was acknowledged.
///
/// It is undecidable whether an answer was due where the server has never answered anything: a line of a log has none; and
/// who acknowledged the request where [`is_acknowledged_nearby`].
fn no_answer(course: &Course<'_>) -> Option<Verdict> {
    let (nanos, question, closed) = match course.report.closing {
        Closing::Open if course.report.owed.is_some() => {
            let (nanos, question) = course.spent.owed()?;
            (nanos.saturating_add(course.silence()), question, None)
        }
        Closing::Open => return None,
        _ => {
            let (nanos, question, closed) = course.spent.dialogue()?.unanswered;
            (nanos, question, Some(closed))
        }
    };
    let in_time = course.spent.dialogue().is_some_and(|dialogue| {
        let server = Side::Server as usize;
        dialogue.paced[server].news > 0 || nanos <= dialogue.answers[server].longest
    });
    if nanos < NO_ANSWER || in_time || is_gone(course.report) {
        return None;
    }
    let reason = Reason::NoAnswer { gave_up: closed.is_some() };
    let answers = course.report.server.stream_bytes > 0;
    let sure = answers && !is_acknowledged_nearby(course);
    let certainty = if sure { Certainty::Likely } else { Certainty::Undecidable };
    let verdict = Verdict::new(reason, Party::Server, certainty).lasted(Some(nanos)).shown_by(question);
    Some(closed.into_iter().fold(verdict, Verdict::shown_by))
}

/// Whether a device nearby may acknowledge in the server's name: an acknowledgement came in a fifth of the time that the
/// handshake took, and that took [`FAR`] at least.
fn is_acknowledged_nearby(course: &Course<'_>) -> bool {
    let handshake = course.report.initial_rtt.filter(|handshake| *handshake >= FAR);
    handshake.zip(course.round_trip()).is_some_and(|(handshake, trip)| trip <= handshake / 5)
}

/// Rule 4 of [`no_answer`]: whether the server's host left keep-alives or a FIN of the client unanswered.
fn is_gone(report: &Report) -> bool {
    let gave_up = |finding: &Finding| {
        matches!(finding, Finding::Reset { cause: ResetCause::Idle { probes: 1.., .. }, .. })
    };
    report.findings.count(Kind::KeepAliveDeath) > 0
        || report.findings.first().iter().any(|(_, finding)| gave_up(finding))
        || report.states.client == State::FinWait1
}

/// The server took its time:
///   1. in answers of a tenth of a second and more, each to what the client had said and what was acknowledged, at last by
///      the answer,
///   2. which are [`FELT`] together, and [`SHARE`] of the duration,
///   3. and it told news unasked not half as often: else what it says may be no answer,
///   4. and answers that were lost explain it no better, as [`lost_answers`] has it.
///
/// It is undecidable where a [`doubt`] is left.
fn slow_server(course: &Course<'_>, dialogue: &Dialogue) -> Option<Verdict> {
    let answers = &dialogue.answers[Side::Server as usize];
    let Answers { count, total, longest, frames: (question, answer), .. } = *answers;
    let news = dialogue.paced[Side::Server as usize].news;
    if total < FELT || !course.is_share(total, SHARE) || news.saturating_mul(2) >= count {
        return None;
    }
    let lost = lost_answers(course);
    if lost >= u64::from(count) {
        return None;
    }
    let doubt = doubt(course, answers, lost);
    let certainty = if doubt.is_some() { Certainty::Undecidable } else { Certainty::Likely };
    let reason = Reason::SlowServer { answers: count, longest, doubt };
    let verdict = Verdict::new(reason, Party::Server, certainty);
    Some(verdict.lasted(Some(total)).shown_by(question).shown_by(answer))
}

/// Segments that were lost, as others show than the answers: so many answers may have been lost before they were captured,
/// and sent again. None where the capture was taken near the server: there each answer is captured before it can be lost.
fn lost_answers(course: &Course<'_>) -> u64 {
    let findings = &course.report.findings;
    if course.is_near(Side::Server) {
        return 0;
    }
    findings.sent_again().saturating_add(findings.count(Kind::LateOrLost).into())
}

/// What else than its program may have taken the time of a server's answers:
///   1. the path, where the capture was not taken near the server, and the questions were acknowledged for less than half
///      of that time: an acknowledgement may have been as late as the answer that brings it,
///   2. loss, where some was seen,
///   3. a timer that is meant, as where a server holds a request until it has news, or where both ends send in their own
///      time: [`ALIKE`] answers of [`LONG`] at least, or fewer of [`HELD`], none of which took a hundredth longer than the
///      mean.
fn doubt(course: &Course<'_>, answers: &Answers, lost: u64) -> Option<Doubt> {
    let Answers { count, total, longest, acknowledged, .. } = *answers;
    let mean = total / i64::from(count.max(1));
    // 1.
    if !course.is_near(Side::Server) && acknowledged < total / 2 {
        Some(Doubt::Path)
    // 2.
    } else if lost > 0 {
        Some(Doubt::Loss)
    // 3.
    } else if mean >= if count >= ALIKE { LONG } else { HELD } && longest - mean <= mean / 100 {
        Some(Doubt::Timer)
    } else {
        None
    }
}

/// The client took its time, and is not merely idle:
///   1. the server spoke first, as one does that prompts its clients, in a connection that was captured from there on,
///   2. the client took a tenth of a second and more for [`PROMPTS`] answers at least, [`FELT`] each on average, and for
///      none a quarter longer than that: a program is steady, and people are not,
///   3. that is half of the duration at least.
fn slow_client(course: &Course<'_>, dialogue: &Dialogue) -> Option<Verdict> {
    let answers = &dialogue.answers[Side::Client as usize];
    let Answers { count, total, longest, frames: (prompt, answer), .. } = *answers;
    let mean = total / i64::from(count.max(1));
    let steady = count >= PROMPTS && mean >= FELT && longest <= mean.saturating_add(mean / 4);
    if !course.spent.is_greeted() || !steady || !course.is_share(total, 50) {
        return None;
    }
    let verdict =
        Verdict::new(Reason::SlowClient { answers: count, longest }, Party::Client, Certainty::Likely);
    Some(verdict.lasted(Some(total)).shown_by(prompt).shown_by(answer))
}

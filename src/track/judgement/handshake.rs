//! Handshakes that one of the ends is never satisfied with.
//!
//! Rules, for a connection that has not opened for both ends; the first that fits counts:
//!   1. a SYN,ACK acknowledges what the client never sent, the client answers with a RST or sends its SYN again, and no octet
//!      goes either way: the client threw it away,
//!   2. all that the server sent has a wrong checksum, none of it was left to the card, and the client sent its SYN again and
//!      acknowledged nothing: the client threw it away,
//!   3. the server has sent nothing but its SYN,ACK, the client has acknowledged that, and nothing is acknowledged of what the
//!      client sends behind it, again and again for a second: the server took the last ACK as little. Next to the server the
//!      capture shows that all of it came so far, and a full accept queue is the likely cause; elsewhere the path may have
//!      lost it all, and nothing shows which,
//!   4. the client has sent nothing but SYNs, and the server sent its SYN,ACK at least twice: the answer does not reach the
//!      client, or the client does not want it. A client that sends its SYN again behind a SYN,ACK wants it, and has not got
//!      that: it is lost on the way to the client, most likely,
//!   5. nothing but RSTs came from the server, none of which acknowledges the SYN, and the client sent its SYN again: it
//!      ignored them (RFC 9293, section 3.10.7.3).

use super::Course;
use crate::track::direction::half::Half;
use crate::track::direction::syn::Syn;
use crate::track::vocabulary::finding::Certainty;
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::report::Opening;
use crate::track::vocabulary::verdict::{BrokenHandshake as Broken, Party, Reason, Verdict};

/// What is sent again for so long without an answer is not on its way any more, in nanoseconds.
const PATIENCE: i64 = 1_000_000_000;
/// Times that something is sent again before nothing is taken for granted.
const TRIES: u32 = 2;

/// Judges the handshake.
pub(super) fn judge(course: &Course<'_>, verdicts: &mut Vec<Verdict>) {
    let opening = course.report.opening;
    if !matches!(opening, Opening::ThreeWay | Opening::Incomplete) {
        return;
    }
    let (client, server) = (course.ends.half(Side::Client), course.ends.half(Side::Server));
    if !client.sent_bare_syn || server.segments == 0 || server.data_segments > 0 || server.fin.is_sent() {
        return;
    }
    verdicts.extend(
        wrong_number(course, server)
            .or_else(|| wrong_checksum(course, client))
            .or_else(|| not_taken(course, client, server))
            .or_else(|| not_acknowledged(course, client, server))
            .or_else(|| wrong_reset(course, client)),
    );
}

fn broken(how: Broken, who: Party, certainty: Certainty, course: &Course<'_>) -> Verdict {
    let lasted = Some(course.duration()).filter(|nanos| *nanos > 0);
    Verdict::new(Reason::HandshakeBroken { how }, who, certainty)
        .lasted(lasted)
        .shown_by(course.report.first_frame)
}

/// Rule 1.
fn wrong_number(course: &Course<'_>, server: &Half) -> Option<Verdict> {
    let answer = server.seen_rare()?.wrong_answer.as_deref()?;
    let client = course.ends.half(Side::Client);
    let again = client.seen_rare().is_some_and(|rare| rare.syn_again.times > 0);
    let refused = course.ends.reset.is_some_and(|reset| reset.from == Side::Client);
    if client.data_segments > 0 || !(again || refused) || course.report.opening == Opening::ThreeWay {
        return None;
    }
    let how = Broken::WrongNumber { off_by: answer.off_by, answers: answer.times };
    Some(broken(how, Party::Unknown, Certainty::Certain, course).shown_by(answer.frame))
}

/// Rule 2.
fn wrong_checksum(course: &Course<'_>, client: &Half) -> Option<Verdict> {
    let server = &course.report.server;
    let all = u64::from(server.checksums_wrong) == server.segments && server.checksums_unfilled == 0;
    let again = client.seen_rare().is_some_and(|rare| rare.syn_again.times > 0);
    if !all || !again || client.rcv_nxt.get().is_some() {
        return None;
    }
    let how = Broken::WrongChecksum { answers: server.segments };
    Some(broken(how, Party::Unknown, Certainty::Likely, course).shown_by(course.report.last_frame))
}

/// Rule 3.
fn not_taken(course: &Course<'_>, client: &Half, server: &Half) -> Option<Verdict> {
    let ends = &course.ends;
    let (times, only_syns) = syns(server);
    let octets = ends.under_way(Side::Client);
    let unanswered = ends.evidence(Side::Client).unanswered()?;
    let since = course.report.end.zip(unanswered.time.get()).map_or(0, |(end, then)| end.nanos_since(then));
    let acknowledged = client.rcv_nxt.get().is_some() && server.snd_una > 0;
    if !only_syns || !acknowledged || client.snd_una > 1 || octets == 0 || course.was_reset_by(Side::Server) {
        return None;
    }
    if unanswered.tries < TRIES || since < PATIENCE {
        return None;
    }
    let (tries, answers) = (unanswered.tries, times);
    let verdict = if ends.is_near(Side::Server) {
        let reason = Reason::AcceptQueueFull { octets, tries, answers };
        Verdict::new(reason, Party::Server, Certainty::Likely)
    } else {
        let how = Broken::NotTaken { octets, tries, answers };
        Verdict::new(Reason::HandshakeBroken { how }, Party::Unknown, Certainty::Undecidable)
    };
    Some(verdict.lasted(Some(since)).shown_by(unanswered.frame).shown_by(unanswered.latest))
}

/// Rule 4.
fn not_acknowledged(course: &Course<'_>, client: &Half, server: &Half) -> Option<Verdict> {
    let (times, only_syns) = syns(server);
    let silent = client.rcv_nxt.get().is_none() && course.ends.reset.is_none();
    if !only_syns || !silent || times == 0 || course.report.opening == Opening::ThreeWay {
        return None;
    }
    let asks = client.seen_rare().is_some_and(|rare| rare.syn_again.answered);
    let how = Broken::NotAcknowledged { answers: u64::from(times) + 1, asks };
    let (who, certainty) =
        if asks { (Party::Path, Certainty::Likely) } else { (Party::Unknown, Certainty::Undecidable) };
    Some(broken(how, who, certainty, course).shown_by(course.report.last_frame))
}

/// Rule 5.
fn wrong_reset(course: &Course<'_>, client: &Half) -> Option<Verdict> {
    let answers = course.ends.resets(Side::Server);
    let only_resets = answers == course.report.server.segments;
    let again = client.seen_rare().is_some_and(|rare| rare.syn_again.times > 0);
    if !only_resets || !again || course.ends.reset.is_some() || client.syn != Syn::Sent {
        return None;
    }
    let how = Broken::WrongReset { answers };
    Some(broken(how, Party::Unknown, Certainty::Likely, course).shown_by(course.report.last_frame))
}

/// How often the SYN,ACK was sent again, and whether nothing else was sent.
fn syns(server: &Half) -> (u16, bool) {
    let times = server.seen_rare().map_or(0, |rare| rare.syn_again.times);
    let duplicates = server.came_again().1;
    let sent = u64::from(server.segments).saturating_sub(duplicates);
    (times, server.sent_syn_ack && sent == u64::from(times) + 1)
}

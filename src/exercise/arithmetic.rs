//! Questions on the numbers of a conversation (RFC 9293, section 3.4).

use crate::track::flow::Side;
use crate::wire::seq::SeqNumber;

use super::Level;
use super::answer::{Answer, Form};
use super::listing::{line, listing};
use super::material::{Conversation, Step};
use super::question::Question;
use super::random::Random;

fn question(about: Vec<String>, kind: &'static str, ask: String, unit: &'static str, key: u64) -> Question {
    Question {
        level: Level::Arithmetic,
        kind,
        about,
        ask,
        form: Form::Number(unit),
        key: Answer::Number(key),
        also: Vec::new(),
        slips: Vec::new(),
        hint: String::new(),
        explanation: String::new(),
    }
}

/// `1 for SYN + 12 for the payload`.
fn parts(step: &Step) -> String {
    let mut parts = Vec::new();
    if step.flags.syn() {
        parts.push("1 for SYN".to_owned());
    }
    if step.payload_len > 0 {
        parts.push(format!("{} for the payload", step.payload_len));
    }
    if step.flags.fin() {
        parts.push("1 for FIN".to_owned());
    }
    if parts.is_empty() {
        "nothing: an acknowledgement alone takes no number".to_owned()
    } else {
        parts.join(" + ")
    }
}

/// All questions that this segment of a conversation allows.
pub(super) fn questions(conversation: &Conversation, at: usize, random: &mut Random) -> Vec<Question> {
    let Some(step) = conversation.steps.get(at).filter(|step| !step.flags.rst()) else { return Vec::new() };
    let mut all = vec![seq_len(step)];
    if goes_on(conversation, at) {
        all.push(next(step));
    }
    if step.seq_len() > 0 {
        all.push(acknowledged(step));
    }
    all.extend(why_numbers(step, random));
    all.extend(effective_window(conversation, at));
    all
}

/// Whether the sender goes on behind this segment. It does not where it sent something again, or asks with an old
/// number whether the other end is still there.
fn goes_on(conversation: &Conversation, at: usize) -> bool {
    let end = |step: &Step| step.seq.plus(step.seq_len());
    let step = &conversation.steps[at];
    conversation.steps[..at].iter().all(|other| other.from != step.from || !end(other).after(end(step)))
}

fn one(step: &Step) -> Vec<String> {
    vec!["One segment:".to_owned(), String::new(), line(step)]
}

fn seq_len(step: &Step) -> Question {
    let key = u64::from(step.seq_len());
    let ask = "How many sequence numbers does this segment take?".to_owned();
    let mut q = question(one(step), "seq_len", ask, "", key);
    q.hint = "Each octet of payload takes one, and so do SYN and FIN.".to_owned();
    q.explanation = format!(
        "{key}: {}. SYN and FIN take one each so that they can be acknowledged, and sent again, like data; RFC 9293, section 3.4.",
        parts(step)
    );
    control_slips(&mut q, step, 0);
    q.slip(
        Answer::Number(u64::from(step.payload_len) + step.header.len() as u64),
        "You counted the header; only payload, SYN and FIN take numbers.",
    );
    q
}

/// Why SYN or FIN counts, where a segment takes one number more than its payload.
fn why_numbers(step: &Step, random: &mut Random) -> Option<Question> {
    if step.flags.syn() == step.flags.fin() {
        return None;
    }
    let control = |name: &str| {
        format!(
            "{name} takes a number, so that it can be acknowledged, and sent again, like an octet of data"
        )
    };
    let [key, other] = if step.flags.syn() { ["SYN", "FIN"] } else { ["FIN", "SYN"] };
    let mut reasons = [
        (control(key), None),
        (control(other), Some(format!("{other} takes a number too, but it is not set here."))),
        (
            "ACK takes a number, so that acknowledgements can be told apart".to_owned(),
            Some(
                "ACK takes no number: a segment with ACK alone takes none, and nobody acknowledges it."
                    .to_owned(),
            ),
        ),
        (
            "every segment takes one number for its header".to_owned(),
            Some("The header takes no number: a segment without payload, SYN and FIN takes none.".to_owned()),
        ),
    ];
    random.shuffle(&mut reasons);
    let at = reasons.iter().position(|(_, slip)| slip.is_none())?;
    let payload = match step.payload_len {
        0 => "no payload".to_owned(),
        1 => "1 octet of payload".to_owned(),
        len => format!("{len} octets of payload"),
    };
    let ask = format!(
        "This segment has {payload} and takes {} sequence number{}. Why one more?",
        step.seq_len(),
        if step.seq_len() == 1 { "" } else { "s" }
    );
    let mut q = question(one(step), "why_numbers", ask, "", 0);
    q.form = Form::Reason(reasons.iter().map(|(reason, _)| reason.clone()).collect());
    q.key = Answer::Choice(at);
    q.hint = "Which of its flags must the other end acknowledge?".to_owned();
    q.explanation = format!("{}; RFC 9293, section 3.4.", control(key));
    for (n, (_, slip)) in reasons.into_iter().enumerate() {
        q.slip(Answer::Choice(n), slip.unwrap_or_default());
    }
    Some(q)
}

fn next(step: &Step) -> Question {
    let key = step.seq.plus(step.seq_len());
    let ask = "Which sequence number will its sender use next?".to_owned();
    let mut q = question(one(step), "next_sequence_number", ask, "", key.0.into());
    q.hint = "Its own number, plus what the segment takes: payload, and one each for SYN and FIN.".to_owned();
    q.explanation = format!(
        "{} + {} ({}) = {key}{}; RFC 9293, section 3.4.",
        step.seq,
        step.seq_len(),
        parts(step),
        modulo(step)
    );
    number_slips(&mut q, step);
    q
}

fn acknowledged(step: &Step) -> Question {
    let key = step.seq.plus(step.seq_len());
    let ask = "Everything up to this segment has arrived. Which acknowledgment number will the other end answer with?".to_owned();
    let mut q = question(one(step), "peer_acknowledges", ask, "", key.0.into());
    q.hint = "An acknowledgment number is the next one expected: the first behind this segment.".to_owned();
    q.explanation = format!(
        "The next number expected is the first behind the segment: {} + {} ({}) = {key}{}; RFC 9293, section 3.4.",
        step.seq,
        step.seq_len(),
        parts(step),
        modulo(step)
    );
    let last = key.plus(u32::MAX);
    if step.payload_len > 0 && !step.flags.fin() {
        q.slip(
            Answer::Number(last.0.into()),
            "That is the last octet that arrived; the acknowledgment number is the one expected next.",
        );
    }
    number_slips(&mut q, step);
    q
}

fn modulo(step: &Step) -> &'static str {
    if step.seq.0.checked_add(step.seq_len()).is_none() { ", modulo 2^32" } else { "" }
}

/// SYN or FIN not counted, or counted twice; from `base` on.
fn control_slips(q: &mut Question, step: &Step, base: u32) {
    let base = SeqNumber(base);
    let controls = u32::from(step.flags.syn()) + u32::from(step.flags.fin());
    let name = if step.flags.syn() { "SYN" } else { "FIN" };
    if controls > 0 {
        let without = base.plus(step.payload_len);
        q.slip(
            Answer::Number(without.0.into()),
            format!("Off by one: {name} takes a sequence number of its own."),
        );
    } else {
        let with = base.plus(step.payload_len.wrapping_add(1));
        q.slip(
            Answer::Number(with.0.into()),
            "Off by one: only SYN and FIN take an extra number, and neither is set.",
        );
    }
}

fn number_slips(q: &mut Question, step: &Step) {
    control_slips(q, step, step.seq.0);
    q.slip(Answer::Number(step.seq.0.into()), "That is the segment's own number; add what it takes.");
    if let Some(ack) = step.ack {
        q.slip(
            Answer::Number(ack.0.into()),
            "You read the acknowledgment number as the sequence number: it counts the other direction.",
        );
        let wrong = ack.plus(step.seq_len());
        q.slip(
            Answer::Number(wrong.0.into()),
            "You began at the acknowledgment number: it counts the other direction.",
        );
    }
    let with_header = step.seq.plus(step.seq_len().wrapping_add(step.header.len() as u32));
    q.slip(
        Answer::Number(with_header.0.into()),
        "You counted the header; only payload, SYN and FIN take numbers.",
    );
    let past = u64::from(step.seq.0) + u64::from(step.seq_len());
    q.slip(Answer::Number(past), "Sequence numbers wrap: take the sum modulo 2^32.");
}

/// How much a sender may still send: the peer's window less what is under way (SND.UNA + SND.WND - SND.NXT).
fn effective_window(conversation: &Conversation, at: usize) -> Option<Question> {
    let steps = conversation.as_begun().get(..=at)?;
    let sender: Side = steps.last().filter(|step| step.payload_len > 0)?.from;
    let told =
        steps.iter().rev().find(|step| step.from != sender && step.ack.is_some() && !step.flags.syn())?;
    if steps.iter().any(|step| step.flags.rst()) {
        return None;
    }
    let (window, snd_una) = (told.window?, told.ack?);
    let mut snd_nxt = steps.last()?.seq.plus(steps.last()?.seq_len());
    for step in steps.iter().filter(|step| step.from == sender) {
        let end = step.seq.plus(step.seq_len());
        snd_nxt = if end.after(snd_nxt) { end } else { snd_nxt };
    }
    let under_way = u32::try_from(snd_nxt.distance(snd_una)).ok()?;
    let key = window.0.checked_sub(under_way)?;
    let ask = format!(
        "After frame {}, how many more octets does the window allow the {} to send? (The {}'s window field, scaled, means {window} octets in frame {}.)",
        steps.last()?.number,
        sender.name(),
        sender.peer().name(),
        told.number
    );
    let mut q = question(listing(steps), "effective_window", ask, "octets", key.into());
    q.hint = "The window begins at the acknowledgment number. What has been sent beyond it is under way and takes its part.".to_owned();
    q.explanation = format!(
        "Frame {} acknowledges up to {snd_una} and opens a window of {window}. Sent up to {snd_nxt}: {under_way} octets are under way. {window} - {under_way} = {key}; RFC 9293, sections 3.4 and 3.8.6.",
        told.number
    );
    q.slip(
        Answer::Number(window.0.into()),
        format!("That is the whole window; {under_way} octets of it are under way."),
    );
    q.slip(Answer::Number(told.window_field.into()), "That is the raw window field; the scale shifts it.");
    q.slip(
        Answer::Number(u64::from(told.window_field).saturating_sub(under_way.into())),
        "You began at the raw window field; the scale shifts it.",
    );
    q.slip(
        Answer::Number(u64::from(window.0) + u64::from(under_way)),
        "What is under way takes from the window, it does not add to it.",
    );
    q.slip(Answer::Number(under_way.into()), "That is what is under way; the question is for what is left.");
    Some(q)
}

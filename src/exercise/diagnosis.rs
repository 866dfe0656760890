//! What happened in a conversation: read from the tracker's labels and marks.

use crate::track::flow::Side;
use crate::track::label::{Label, Mark};

use super::Level;
use super::answer::{Answer, Form};
use super::lack::Lack;
use super::listing::listing;
use super::material::{Conversation, Step};
use super::question::Question;

/// Segments that a question shows, at most.
pub(super) const MAX_STEPS: usize = 24;

/// What may have happened, in the order of the choices: names, and how it shows.
const TROUBLES: [(&[&str], &str); 7] = [
    (&["refused"], "a RST answers the SYN: nobody listens there (RFC 9293, section 3.5.2)"),
    (&["reset", "aborted"], "a RST ends the connection at once (RFC 9293, section 3.5.3)"),
    (
        &["retransmission", "retransmitted"],
        "the same sequence numbers are sent once more, since their sender takes them for lost (RFC 9293, section 3.8.1)",
    ),
    (
        &["zero window"],
        "an end has no room left and says so with a window of 0, until a later segment opens it again (RFC 9293, section 3.8.6)",
    ),
    (
        &["keep-alive"],
        "a segment one below the next sequence number, long acknowledged, asks whether the other end is still there (RFC 9293, section 3.8.4)",
    ),
    (
        &["half-close", "half-closed"],
        "one end has sent its FIN and goes on receiving data (RFC 9293, section 3.6.1)",
    ),
    (
        &["nothing unusual", "nothing", "normal"],
        "it opens, carries data and closes in order, nothing twice and nothing refused (RFC 9293, sections 3.5 and 3.6)",
    ),
];

/// The questions about the frame that shows each problem first.
const WHICH: [&str; 6] = [
    "One frame refuses the connection. Which one?",
    "One frame resets the connection. Which one?",
    "One frame is the first to send again what was sent before. Which one?",
    "One frame is the first to say that its sender has no room left. Which one?",
    "One frame is the first keep-alive. Which one?",
    "One end has sent its FIN, and the other goes on. Which frame is the first to carry data behind that FIN?",
];

/// Which of them a segment shows.
fn shown(step: &Step) -> [bool; 6] {
    let marks = |all: &[Mark]| all.iter().any(|mark| step.analysis.contains(*mark));
    let labels = |all: &[Label]| all.iter().any(|label| step.labels.contains(*label));
    let keep_alive = marks(&[Mark::KeepAlive]);
    let again = [Mark::Retransmission, Mark::FastRetransmission, Mark::SpuriousRetransmission];
    let repeated =
        [Label::Repeated, Label::SynRetransmission, Label::SynAckRetransmission, Label::FinRetransmission];
    [
        labels(&[Label::Refused]),
        labels(&[Label::Reset]) && !labels(&[Label::Refused]),
        !keep_alive && (marks(&again) || labels(&repeated)),
        marks(&[Mark::ZeroWindow]),
        keep_alive,
        labels(&[Label::HalfClosedData]),
    ]
}

/// What happened, by its place among the choices, and in which frame it first shows.
///
/// # Errors
///
/// It is not just one of the choices.
fn happened(conversation: &Conversation) -> Result<(usize, Option<&Step>), Lack> {
    let mut found = None;
    for step in &conversation.steps {
        for (trouble, shown) in shown(step).into_iter().enumerate() {
            match found {
                _ if !shown => {}
                None => found = Some((trouble, Some(step))),
                Some((other, _)) if other != trouble => return Err(Lack::Several),
                Some(_) => {}
            }
        }
    }
    let closed = conversation.steps.iter().filter(|step| step.labels.contains(Label::Fin)).count() == 2;
    let usual = conversation.steps.iter().all(|step| step.analysis.is_empty());
    match found {
        Some(found) => Ok(found),
        None if conversation.cut || !closed => Err(Lack::Unfinished),
        None if !usual => Err(Lack::Unnamed),
        None => Ok((TROUBLES.len() - 1, None)),
    }
}

/// The subject of a question: a whole conversation that can be shown, and just one thing that happened in it.
///
/// # Errors
///
/// Why there is nothing to ask.
fn subject(conversation: &Conversation) -> Result<(usize, Option<&Step>), Lack> {
    // Where both ends opened, a SYN,ACK has the number of the SYN before it, and nothing is amiss.
    let both_opened = conversation
        .steps
        .iter()
        .any(|step| step.from == Side::Server && step.flags.syn() && !step.flags.ack());
    if !conversation.from_syn {
        Err(Lack::Beginning)
    } else if conversation.steps.len() > MAX_STEPS {
        Err(Lack::Long)
    } else if both_opened {
        Err(Lack::BothOpened)
    } else if conversation.as_begun().len() < conversation.steps.len() {
        Err(Lack::Anew)
    } else {
        happened(conversation)
    }
}

/// Why nothing can be asked about a conversation of which nothing can be.
pub(super) fn lack(conversation: &Conversation) -> Lack {
    subject(conversation).err().unwrap_or(Lack::Unnamed)
}

/// All questions that a conversation allows.
pub(super) fn questions(conversation: &Conversation) -> Vec<Question> {
    let Ok((key, step)) = subject(conversation) else { return Vec::new() };
    let (names, how) = TROUBLES[key];
    let question = |kind, ask: String, form, key| Question {
        level: Level::Diagnosis,
        kind,
        about: listing(&conversation.steps),
        ask,
        form,
        key,
        also: Vec::new(),
        slips: Vec::new(),
        hint: String::new(),
        explanation: String::new(),
    };
    let choices = TROUBLES.iter().map(|(names, _)| *names).collect();
    let mut what = question(
        "what_happened",
        "What happened here?".to_owned(),
        Form::Choice(choices),
        Answer::Choice(key),
    );
    what.hint = "Look for a RST and where it stands, numbers that come twice, a window of 0, a number one below the next, data behind a FIN.".to_owned();
    let frame = step.map_or(String::new(), |step| format!(" It shows first in frame {}.", step.number));
    what.explanation = format!("{}: {how}.{frame}", names[0]);
    for (other, (names, how)) in TROUBLES.iter().enumerate() {
        what.slip(
            Answer::Choice(other),
            format!("With \"{}\", {how}. That is not what these segments show.", names[0]),
        );
    }
    let mut all = vec![what];
    if let (Some(step), Some(ask)) = (step, WHICH.get(key)) {
        let mut which =
            question("which_frame", (*ask).to_owned(), Form::Number(""), Answer::Number(step.number));
        which.hint = format!("In words: {how}.");
        which.explanation = format!("Frame {}: {how}.", step.number);
        let same = |other: &&Step| {
            other.number < step.number
                && other.from == step.from
                && other.seq == step.seq
                && other.payload_len == step.payload_len
        };
        if let Some(original) = conversation.steps.iter().find(same) {
            which.slip(
                Answer::Number(original.number),
                "That one came first, when there was nothing unusual about it yet.",
            );
        }
        for other in &conversation.steps {
            let why = if other.number < step.number {
                "Up to there nothing of it shows; look at what follows."
            } else {
                "By then it has shown already; look at what comes before."
            };
            which.slip(Answer::Number(other.number), why);
        }
        all.push(which);
    }
    all
}

//! Questions on states, on the order of segments, and on FINs (RFC 9293, sections 3.3.2, 3.5 and 3.6).

use crate::track::flow::Side;
use crate::track::label::Label;
use crate::track::state::State;

use super::Level;
use super::answer::{Answer, Form};
use super::lack::Lack;
use super::listing::listing;
use super::material::{Conversation, Step};
use super::question::Question;
use super::random::Random;

mod order;

fn question(about: Vec<String>, kind: &'static str, ask: String, form: Form, key: Answer) -> Question {
    Question {
        level: Level::States,
        kind,
        about,
        ask,
        form,
        key,
        also: Vec::new(),
        slips: Vec::new(),
        hint: String::new(),
        explanation: String::new(),
    }
}

/// The names of the states, and what people write for them.
const STATES: [&[&str]; 11] = [
    &["CLOSED"],
    &["LISTEN"],
    &["SYN-SENT"],
    &["SYN-RECEIVED", "SYN-RCVD"],
    &["ESTABLISHED", "ESTAB"],
    &["FIN-WAIT-1", "FIN-WAIT1"],
    &["FIN-WAIT-2", "FIN-WAIT2"],
    &["CLOSE-WAIT"],
    &["CLOSING"],
    &["LAST-ACK"],
    &["TIME-WAIT"],
];

fn place(state: State) -> usize {
    State::ALL.iter().position(|other| *other == state).unwrap_or(0)
}

fn choice(state: State) -> Answer {
    Answer::Choice(place(state))
}

/// What brings an end into a state (RFC 9293, figure 5).
fn why(state: State) -> &'static str {
    match state {
        State::Closed => {
            "there is no connection: it was reset, or the FIN of this end, sent second, was acknowledged"
        }
        State::Listen => "it waits for a SYN, and none has come",
        State::SynSent => "it sent a SYN and has not seen the other's",
        State::SynReceived => "it has the other's SYN, and no acknowledgement of its own yet",
        State::Established => "both SYNs were sent, its own is acknowledged, and no FIN has come or gone",
        State::FinWait1 => "it sent its FIN, which is not acknowledged yet, and the other's has not come",
        State::FinWait2 => "its FIN is acknowledged, and the other's has not come",
        State::CloseWait => "the other's FIN has come, and it has not sent its own",
        State::Closing => "both FINs crossed, and its own is not acknowledged yet",
        State::LastAck => "it sent its FIN after the other's came, and waits for the acknowledgement",
        State::TimeWait => {
            "its FIN, sent before the other's came, is acknowledged, and the other's has come: it waits for twice the segment lifetime"
        }
    }
}

/// All questions that a whole conversation allows.
pub(super) fn questions(conversation: &Conversation, random: &mut Random) -> Vec<Question> {
    let mut all = Vec::new();
    if !conversation.from_syn {
        return all;
    }
    let steps = conversation.as_begun();
    // For one end of a refused connection there was never a connection.
    let refused = steps.iter().any(|step| step.labels.contains(Label::Refused));
    for at in (0..steps.len()).filter(|_| !refused) {
        for side in [Side::Client, Side::Server] {
            // An open connection stays so for most of its segments, and once is enough to ask about that.
            let step = &steps[at];
            if step.before.on(side) == State::Established && step.after.on(side) == State::Established {
                continue;
            }
            all.extend(state(steps, at, side));
            all.extend(why_state(steps, at, side, random));
        }
    }
    all.extend(time_wait(conversation));
    all.extend(which_fin(steps));
    all.extend(order::question(steps, random));
    all
}

/// Why nothing can be asked about a conversation of which nothing can be.
pub(super) fn lack(conversation: &Conversation) -> Lack {
    if conversation.from_syn { Lack::Refused } else { Lack::Beginning }
}

fn state(steps: &[Step], at: usize, side: Side) -> Option<Question> {
    let step = steps.get(at)?;
    let key = step.after.on(side);
    let name = side.name();
    let ask = format!("After frame {}, once it has arrived, in which state is the {name}?", step.number);
    let mut q = question(listing(&steps[..=at]), "state", ask, Form::Choice(STATES.to_vec()), choice(key));
    q.hint =
        format!("Ask what the {name} has sent (SYN, FIN), and what of it the other end has acknowledged.");
    q.explanation = format!("{}: {}; RFC 9293, section 3.3.2, figure 5.", key.name(), why(key));
    let before = step.before.on(side);
    q.slip(
        choice(before),
        format!("That is its state before frame {}; this segment takes it further.", step.number),
    );
    let other = step.after.on(side.peer());
    q.slip(
        choice(other),
        format!("That is the {}'s state; the question is for the {name}'s.", side.peer().name()),
    );
    if let Some(next) = steps.get(at + 1) {
        q.slip(choice(next.after.on(side)), "That comes only with the next segment.");
    }
    for state in State::ALL {
        q.slip(choice(state), format!("In {}, {}. Here it is otherwise.", state.name(), why(state)));
    }
    Some(q)
}

/// Why an end is in its state: the reason among those of other states.
fn why_state(steps: &[Step], at: usize, side: Side, random: &mut Random) -> Option<Question> {
    let step = steps.get(at)?;
    let key = step.after.on(side);
    let name = side.name();
    // The nearest first: those that the key may be taken for.
    let mut states = vec![key];
    let near = [Some(step.before), Some(step.after), steps.get(at + 1).map(|next| next.after)];
    let near = near.into_iter().flatten().flat_map(|states| [states.on(side), states.on(side.peer())]);
    let mut others = State::ALL;
    random.shuffle(&mut others);
    for state in near.chain(others) {
        if states.len() < 4 && !states.contains(&state) {
            states.push(state);
        }
    }
    random.shuffle(&mut states);
    let ask =
        format!("After frame {}, once it has arrived, the {name} is in {}. Why?", step.number, key.name());
    let form = Form::Reason(states.iter().map(|state| why(*state).to_owned()).collect());
    let key_at = states.iter().position(|state| *state == key)?;
    let mut q = question(listing(&steps[..=at]), "why_state", ask, form, Answer::Choice(key_at));
    q.hint = format!(
        "Look for the last SYN, FIN or RST of each end, and whether the {name} has the acknowledgement of its own."
    );
    q.explanation = format!("{}: {}; RFC 9293, section 3.3.2, figure 5.", key.name(), why(key));
    for (n, state) in states.into_iter().enumerate() {
        q.slip(
            Answer::Choice(n),
            format!("That would be {}, and the {name} is in {}.", state.name(), key.name()),
        );
    }
    Some(q)
}

fn time_wait(conversation: &Conversation) -> Option<Question> {
    let steps = conversation.as_begun();
    let whole = !conversation.cut && steps.len() == conversation.steps.len();
    let last = steps.last().filter(|_| whole)?;
    if !steps.iter().any(|step| step.labels.contains(Label::Fin)) {
        return None;
    }
    let over = |side| matches!(last.after.on(side), State::TimeWait | State::Closed);
    if !over(Side::Client) || !over(Side::Server) {
        return None;
    }
    let holds = |side| last.after.on(side) == State::TimeWait;
    let key = match (holds(Side::Client), holds(Side::Server)) {
        (true, false) => 0,
        (false, true) => 1,
        (true, true) => 2,
        (false, false) => 3,
    };
    let choices: Vec<&[&str]> = vec![&["client"], &["server"], &["both"], &["neither", "nobody", "none"]];
    let ask = "When this is over, who holds TIME-WAIT?".to_owned();
    let mut q = question(listing(steps), "time_wait", ask, Form::Choice(choices), Answer::Choice(key));
    q.hint = "Whose FIN was sent first?".to_owned();
    if key == 3 {
        q.hint = "How did it end?".to_owned();
        q.explanation = "A reset ends a connection for both ends at once, and nobody holds TIME-WAIT; RFC 9293, section 3.5.3.".to_owned();
        for choice in 0..3 {
            q.slip(
                Answer::Choice(choice),
                "It did not end with both FINs: a reset ended it, and nobody waits.",
            );
        }
        return Some(q);
    }
    q.explanation = "TIME-WAIT is for the end that closes first; where both FINs cross, both hold it. That end sends the last acknowledgement, and must be there to send it again; RFC 9293, section 3.6.".to_owned();
    if key < 2 {
        q.slip(Answer::Choice(1 - key), "That end closed second: once its FIN is acknowledged it is CLOSED.");
        q.slip(Answer::Choice(2), "Both hold it only where the FINs crossed; here one answers the other.");
    }
    if key == 2 {
        let crossed = "The FINs crossed: neither acknowledges the other, so both ends closed first.";
        q.slip(Answer::Choice(0), crossed);
        q.slip(Answer::Choice(1), crossed);
    }
    q.slip(
        Answer::Choice(3),
        "Somebody must wait: the end that sends the last acknowledgement cannot know whether it arrives.",
    );
    Some(q)
}

fn which_fin(steps: &[Step]) -> Option<Question> {
    let acks = steps.iter().rposition(|step| step.labels.contains(Label::FinAcked))?;
    let acking = steps.get(acks)?;
    let fin = steps.iter().rev().find(|step| step.from != acking.from && step.labels.contains(Label::Fin))?;
    let ask = format!("Frame {} acknowledges a FIN. In which frame was that FIN sent?", acking.number);
    let mut q = question(listing(steps), "which_fin", ask, Form::Number(""), Answer::Number(fin.number));
    q.hint =
        "It was sent by the other end, and its number is one below the acknowledgment number.".to_owned();
    q.explanation = format!(
        "Frame {}: its FIN has number {}, and {} is what frame {} expects next; RFC 9293, section 3.6.",
        fin.number,
        fin.seq.plus(fin.payload_len),
        fin.seq.plus(fin.seq_len()),
        acking.number
    );
    for step in steps.iter().filter(|step| step.flags.fin() && step.from == acking.from) {
        q.slip(
            Answer::Number(step.number),
            "That is the FIN of the end that acknowledges; it acknowledges the other's.",
        );
    }
    q.slip(Answer::Number(acking.number), "That is the frame that acknowledges; the FIN came before it.");
    Some(q)
}

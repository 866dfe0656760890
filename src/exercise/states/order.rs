//! The question on segments in disorder (RFC 9293, section 3.5).

use crate::exercise::answer::{Answer, Form};
use crate::exercise::listing::body;
use crate::exercise::material::Step;
use crate::exercise::question::Question;
use crate::exercise::random::Random;

/// Whether these segments may have been seen in this order: each end goes on where it was, and acknowledges exactly
/// what it has.
fn follows(steps: &[Step], order: &[usize]) -> bool {
    let mut next = [None, None];
    order.iter().all(|at| {
        let step = &steps[*at];
        let (own, peer) = (next[step.from as usize], next[step.from.peer() as usize]);
        let in_turn = own.is_none_or(|own| own == step.seq);
        let acks = step.ack.is_none_or(|ack| peer == Some(ack));
        next[step.from as usize] = Some(step.seq.plus(step.seq_len()));
        in_turn && acks && (step.ack.is_some() || own.is_none())
    })
}

/// Four segments in disorder, where just one order is possible.
pub(super) fn question(steps: &[Step], random: &mut Random) -> Option<Question> {
    let steps: Vec<Step> = steps.get(..4)?.to_vec();
    if !follows(&steps, &[0, 1, 2, 3])
        || permutations(4).iter().filter(|order| follows(&steps, order)).count() != 1
    {
        return None;
    }
    let mut shuffled = [0, 1, 2, 3];
    random.shuffle(&mut shuffled);
    // The letter at which each of the segments stands, in the order in which they were sent.
    let key: Vec<usize> = (0..4).filter_map(|at| shuffled.iter().position(|other| *other == at)).collect();
    let mut about = vec!["The first segments of a conversation, in disorder:".to_owned(), String::new()];
    for (letter, at) in ["A", "B", "C", "D"].iter().zip(shuffled) {
        about.push(format!("   {letter}  {}", body(&steps[at])));
    }
    let ask = "In which order were they sent?".to_owned();
    let mut q = super::question(about, "order", ask, Form::Order(4), Answer::Order(key.clone()));
    q.hint = "The SYN without ACK comes first. Then follow the numbers: an acknowledgment number is what the other end sends next.".to_owned();
    q.explanation = "SYN, then SYN,ACK with the SYN's number + 1, then the ACK of that, then data: each acknowledgment number is one that was sent before, plus what it took; RFC 9293, section 3.5, figure 6.".to_owned();
    let mut swapped = key.clone();
    swapped.swap(2, 3);
    q.slip(
        Answer::Order(swapped),
        "The bare ACK, which takes no number, completes the handshake; data comes behind it.",
    );
    let mut reversed = key.clone();
    reversed.reverse();
    q.slip(Answer::Order(reversed), "That is from the last to the first.");
    let inverse = shuffled.to_vec();
    q.slip(Answer::Order(inverse), "Write the letters in the order of sending, not each line's place.");
    let mut early = key;
    early.swap(0, 1);
    q.slip(Answer::Order(early), "The SYN,ACK acknowledges the SYN, so it comes behind it.");
    Some(q)
}

/// All orders of `n` things.
fn permutations(n: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for shorter in permutations(n - 1) {
        for at in 0..n {
            let mut order = shorter.clone();
            order.insert(at, n - 1);
            all.push(order);
        }
    }
    all
}

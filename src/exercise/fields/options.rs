//! Questions on the options of one header (RFC 9293, section 3.2).

use crate::exercise::answer::{Answer, Form};
use crate::exercise::material::Step;
use crate::exercise::question::Question;
use crate::wire::options::{Options, Value};

use super::{Place, plain, question};

/// A question on each option that holds a value.
pub(super) fn questions(step: &Step, all: &mut Vec<Question>) {
    let mut at = 20;
    for option in Options::new(&step.header[20..], false).iter() {
        let start = at;
        at += option.octets.len();
        let place =
            |skip: usize, len, what: &str, rfc| Place { at: start + skip, len, what: what.to_owned(), rfc };
        let mut q = match option.value {
            Value::Mss(_) => plain(
                step,
                "mss",
                "Which maximum segment size does it announce?",
                "octets",
                place(2, 2, "Kind 2, length 4, then the value", "RFC 9293, section 3.2"),
            ),
            Value::WindowScale(shift) => {
                let mut q = plain(
                    step,
                    "window_scale",
                    "By how many bits does it want its windows to be shifted later?",
                    "",
                    place(2, 1, "Kind 3, length 3, then the shift", "RFC 7323, section 2.2"),
                );
                q.slip(
                    Answer::Number(1 << shift.min(30)),
                    "That is the factor; the question is for the shift.",
                );
                q
            }
            Value::Timestamps { tsecr, .. } => {
                let mut q = plain(
                    step,
                    "timestamp",
                    "What does the sender's clock say in the timestamps option (TSval)?",
                    "",
                    place(2, 4, "Kind 8, length 10, then TSval", "RFC 7323, section 3.2"),
                );
                q.slip(
                    Answer::Number(tsecr.into()),
                    "That is TSecr, the echo of the other end's clock; TSval comes first.",
                );
                q
            }
            Value::Sack(blocks) if blocks.iter().next().is_some() => {
                let mut q = plain(
                    step,
                    "sack",
                    "At which sequence number does the first block of its SACK option begin?",
                    "",
                    place(2, 4, "Kind 5, length, then the left edge", "RFC 2018, section 3"),
                );
                if let Some((_, right)) = blocks.iter().next() {
                    q.slip(
                        Answer::Number(right.0.into()),
                        "That is the right edge, the number behind the block; the left edge comes first.",
                    );
                }
                if let Some(ack) = step.ack {
                    q.slip(
                        Answer::Number(ack.0.into()),
                        "That is the acknowledgment number, where the gap begins; the block lies behind the gap.",
                    );
                }
                q
            }
            Value::SackPermitted => {
                let mut q = question(
                    step,
                    "sack_permitted",
                    "Which kind is the option that allows selective acknowledgements here?",
                    Form::Number(""),
                    Answer::Number(4),
                );
                q.explanation = format!(
                    "SACK permitted: octet {start}, kind 4, length 2, no value; RFC 2018, section 2."
                );
                q.slip(
                    Answer::Number(2),
                    "That is its length; the kind stands in front of it. (Kind 2 is the MSS.)",
                );
                q.slip(Answer::Number(5), "Kind 5 is SACK itself, which comes later; kind 4 allows it.");
                q
            }
            _ => continue,
        };
        if option.octets.len() > 1 {
            q.slip(Answer::Number(option.octets[1].into()), "That is the option's length, not its value.");
            q.slip(Answer::Number(option.kind.into()), "That is the option's kind, not its value.");
        }
        q.hint = "Options begin at octet 20. Walk them: kind, length (which counts both), value; kind 1 stands alone.".to_owned();
        all.push(q);
    }
}

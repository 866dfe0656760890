//! Questions on the fields of one header (RFC 9293, section 3.1).

use crate::wire::flags::Flags;
use crate::wire::options::{Options, Value};
use crate::wire::window::{WindowField, WindowScale};

use super::Level;
use super::answer::{Answer, Form};
use super::material::{Conversation, Step};
use super::question::Question;

mod options;

/// A header's octets, 16 to a row below their numbers.
fn header(step: &Step) -> Vec<String> {
    let mut lines = vec!["A TCP header; above each octet, its number:".to_owned(), String::new()];
    for (n, row) in step.header.chunks(16).enumerate() {
        let group = |texts: Vec<String>| -> String {
            texts.chunks(4).map(|four| four.join(" ")).collect::<Vec<_>>().join("  ")
        };
        lines.push(format!("    {}", group((0..row.len()).map(|at| format!("{:2}", n * 16 + at)).collect())));
        lines.push(format!("    {}", group(row.iter().map(|octet| format!("{octet:02x}")).collect())));
    }
    lines
}

/// A field of whole octets.
struct Place {
    at: usize,
    len: usize,
    what: String,
    rfc: &'static str,
}

fn value(header: &[u8], at: usize, len: usize) -> u64 {
    header.get(at..at + len).unwrap_or_default().iter().fold(0, |value, octet| value << 8 | u64::from(*octet))
}

fn swapped(header: &[u8], at: usize, len: usize) -> u64 {
    header
        .get(at..at + len)
        .unwrap_or_default()
        .iter()
        .rev()
        .fold(0, |value, octet| value << 8 | u64::from(*octet))
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect::<Vec<_>>().join(" ")
}

fn question(step: &Step, kind: &'static str, ask: impl Into<String>, form: Form, key: Answer) -> Question {
    Question {
        level: Level::Fields,
        kind,
        about: header(step),
        ask: ask.into(),
        form,
        key,
        also: Vec::new(),
        slips: Vec::new(),
        hint: String::new(),
        explanation: String::new(),
    }
}

/// A question on a field of whole octets, with the slips that every such field knows.
fn plain(step: &Step, kind: &'static str, ask: &str, unit: &'static str, place: Place) -> Question {
    let Place { at, len, what, rfc } = place;
    let number = value(&step.header, at, len);
    let mut question = question(step, kind, ask, Form::Number(unit), Answer::Number(number));
    let octets = &step.header[at..at + len];
    let range = if len == 1 { format!("octet {at}") } else { format!("octets {at}-{}", at + len - 1) };
    question.hint = format!("Look at {range}.");
    question.explanation =
        format!("{what}: {range}, {} = 0x{number:0width$x} = {number}; {rfc}.", hex(octets), width = 2 * len);
    question.slip(
        Answer::Number(swapped(&step.header, at, len)),
        format!(
            "Octets swapped: on the wire the high octet comes first, so {} is 0x{number:0width$x}.",
            hex(octets),
            width = 2 * len
        ),
    );
    question
}

/// All questions that this header allows.
pub(super) fn questions(conversation: &Conversation, step: &Step) -> Vec<Question> {
    let header = &step.header[..];
    if header.len() < 20 {
        return Vec::new();
    }
    let fixed = "RFC 9293, section 3.1";
    let place = |at, len, what: &str| Place { at, len, what: what.to_owned(), rfc: fixed };
    let number = |at, len| Answer::Number(value(header, at, len));
    let mut all = Vec::new();

    let mut q = plain(step, "source_port", "From which port was it sent?", "", place(0, 2, "Source port"));
    q.slip(number(2, 2), "That is the destination port; the source port comes first.");
    all.push(q);
    let mut q =
        plain(step, "destination_port", "To which port was it sent?", "", place(2, 2, "Destination port"));
    q.slip(number(0, 2), "That is the source port; the destination port comes second.");
    all.push(q);
    let mut q =
        plain(step, "sequence_number", "What is its sequence number?", "", place(4, 4, "Sequence number"));
    q.slip(
        number(8, 4),
        "You read the acknowledgment number (octets 8-11) as the sequence number (octets 4-7).",
    );
    all.push(q);
    if step.flags.ack() {
        let ask = "Which sequence number does its sender expect next, by its acknowledgment number?";
        let mut q = plain(step, "acknowledgment_number", ask, "", place(8, 4, "Acknowledgment number"));
        q.slip(
            number(4, 4),
            "You read the sequence number (octets 4-7) as the acknowledgment number (octets 8-11).",
        );
        all.push(q);
    }
    all.push(data_offset(step));
    all.push(flags(step));
    all.push(window(conversation, step));
    options::questions(step, &mut all);
    all
}

fn data_offset(step: &Step) -> Question {
    let octet = u64::from(step.header[12]);
    let words = octet >> 4;
    let ask = "How many octets long is this header, by its data offset?";
    let mut q = question(step, "data_offset", ask, Form::Number("octets"), Answer::Number(words * 4));
    q.hint = "The data offset is the high half of octet 12, and counts words of 32 bits.".to_owned();
    q.explanation = format!(
        "Data offset: octet 12, mask 0xf0: {octet:#04x} >> 4 = {words} words of 4 octets, {words} × 4 = {} octets; RFC 9293, section 3.1.",
        words * 4
    );
    q.slip(
        Answer::Number(words),
        format!("You forgot × 4: the field counts words of 32 bits, so {words} means {} octets.", words * 4),
    );
    q.slip(
        Answer::Number(octet),
        "That is octet 12 as a whole; the data offset is only its high half (mask 0xf0).",
    );
    q.slip(Answer::Number(words * 8), "A word has 32 bits, which are 4 octets, not 8.");
    q.slip(Answer::Number(words * 32), "That is in bits; the question is for octets.");
    q.slip(Answer::Number(20), "20 octets is the header without options; this one has some.");
    q.slip(
        Answer::Number((words * 4).saturating_sub(20)),
        "Those are the options alone; the header includes the 20 octets in front of them.",
    );
    q
}

fn flags(step: &Step) -> Question {
    let [high, low] = [step.header[12], step.header[13]];
    let mut q = question(step, "flags", "Which flags are set?", Form::Flags, Answer::Flags(step.flags));
    q.hint = "Octet 13, from the highest bit: CWR ECE URG ACK PSH RST SYN FIN. (AE is the lowest bit of octet 12.)".to_owned();
    let set: Vec<_> = BITS
        .iter()
        .filter(|(flag, ..)| step.flags.contains(*flag))
        .map(|(flag, octet, mask)| format!("{flag} (octet {octet}, mask {mask:#04x})"))
        .collect();
    let set = if set.is_empty() { "no bit is set".to_owned() } else { set.join(", ") };
    q.explanation = format!("Octet 13 is {low:#04x} = {low:08b} in binary: {set}; RFC 9293, section 3.1.");
    let from_bits = |bits: u16| Answer::Flags(Flags::from_bits(bits));
    let wrong = "You read the flags from the wrong bits";
    q.slip(
        from_bits(high.into()),
        format!(
            "{wrong}: octet 12 holds the data offset and only AE of the flags; the others are in octet 13."
        ),
    );
    q.slip(
        from_bits(u16::from(low.reverse_bits())),
        format!("{wrong}: FIN is the lowest bit of octet 13 (mask 0x01) and CWR the highest."),
    );
    q.slip(
        from_bits(u16::from(low) << 1),
        format!("{wrong}: all one place too high; FIN is mask 0x01, SYN 0x02."),
    );
    q.slip(
        from_bits(u16::from(low) >> 1),
        format!("{wrong}: all one place too low; FIN is mask 0x01, SYN 0x02."),
    );
    q
}

/// Each flag with its octet and mask.
const BITS: [(Flags, usize, u8); 9] = [
    (Flags::AE, 12, 0x01),
    (Flags::CWR, 13, 0x80),
    (Flags::ECE, 13, 0x40),
    (Flags::URG, 13, 0x20),
    (Flags::ACK, 13, 0x10),
    (Flags::PSH, 13, 0x08),
    (Flags::RST, 13, 0x04),
    (Flags::SYN, 13, 0x02),
    (Flags::FIN, 13, 0x01),
];

/// The shift that a sender offered in its SYN, if both did.
fn shift(conversation: &Conversation, step: &Step) -> Option<u8> {
    let offered = |same: bool| {
        let syn =
            conversation.steps.iter().find(|other| other.flags.syn() && (other.from == step.from) == same)?;
        Options::new(syn.header.get(20..)?, false).iter().find_map(|option| match option.value {
            Value::WindowScale(shift) => Some(WindowScale::new(shift).shift()),
            _ => None,
        })
    };
    offered(false)?;
    offered(true)
}

fn window(conversation: &Conversation, step: &Step) -> Question {
    let field = u64::from(step.window_field);
    let place = Place { at: 14, len: 2, what: "Window".to_owned(), rfc: "RFC 9293, section 3.1" };
    let scaled = shift(conversation, step)
        .filter(|shift| *shift > 0 && !step.flags.syn() && !step.flags.rst() && field > 0);
    let Some(shift) = scaled else {
        let mut q = plain(step, "window_field", "What is in its window field, as it is sent?", "", place);
        q.slip(
            Answer::Number(value(&step.header, 16, 2)),
            "That is the checksum (octets 16-17); the window stands in front of it.",
        );
        return q;
    };
    let key = u64::from(WindowField(step.window_field).scaled(WindowScale::new(shift)).0);
    let ask = format!(
        "In its SYN the sender offered a window scale of {shift}, and the other end offered one too. How many octets is it ready to take?"
    );
    let mut q = question(step, "window", ask, Form::Number("octets"), Answer::Number(key));
    q.hint = format!("The field is octets 14-15; shift it to the left by {shift}.");
    q.explanation = format!(
        "Window: octets 14-15, {} = {field}; {field} << {shift} = {field} × {} = {key}; RFC 7323, section 2.2.",
        hex(&step.header[14..16]),
        1_u32 << shift
    );
    q.slip(Answer::Number(field), format!("That is the raw field. The scale shifts it: {field} << {shift}."));
    q.slip(
        Answer::Number(field * u64::from(shift)),
        format!("A shift by {shift} multiplies by 2^{shift}, not by {shift}."),
    );
    q.slip(Answer::Number(field >> shift), "The window is shifted to the left, not to the right.");
    q.slip(
        Answer::Number(swapped(&step.header, 14, 2) << shift),
        "Octets swapped: the high octet comes first.",
    );
    q
}

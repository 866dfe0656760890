//! Decoded octets as text for people.

use std::fmt::Write as _;
use std::ops::Range;

use crate::wire::options::Value;

use super::account::{Account, Field, Item, Name};
use super::decoded::Decoded;
use super::drawing;
use super::fault::Fault;
use super::meaning;
use super::sentence;
use super::sum::{Outcome, Sum};

mod layout;
#[cfg(test)]
mod tests;

pub use layout::ascii;
use layout::{fold, table};

/// How the text is to look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Look {
    /// Columns of a line.
    pub width: usize,
    /// Nothing beyond ASCII.
    pub ascii: bool,
    /// Paint what is wrong.
    pub color: bool,
}

/// Octets of payload that are shown.
const PAYLOAD_SHOWN: usize = 256;

/// Shows what was decoded. `heading` is the first line or two: where the octets come from.
pub fn text(decoded: &Decoded<'_>, heading: &str, look: Look) -> String {
    let width = look.width.clamp(64, 400);
    let mut out = String::new();
    fold(&mut out, heading, 0, width);
    out.push('\n');
    envelopes(&mut out, decoded, width);
    match &decoded.account {
        Some(account) => segment(&mut out, account, width, look.color),
        None => {
            let why = decoded.opened.stopped.as_deref().unwrap_or("there is no TCP segment");
            wrong(&mut out, &format!("No TCP segment: {why}."), width, look.color);
        }
    }
    if look.ascii { ascii(&out) } else { out }
}

fn segment(out: &mut String, account: &Account<'_>, width: usize, color: bool) {
    fold(out, &sentence::of(account), 0, width);
    if account.context.unbounded && account.flags().is_some() {
        let unbounded =
            "No IP header says how long the segment is: its payload is counted as far as it stands here.";
        fold(out, unbounded, 0, width);
    }
    out.push('\n');
    out.push_str(&drawing::header(account, width));
    if !account.faults.is_empty() {
        out.push_str("\nWhat is wrong\n");
        for fault in &account.faults {
            wrong(out, &format!("  {}: {}", place(fault), fault.text), width, color);
        }
    }
    if !account.fields.is_empty() {
        out.push_str("\nField by field (RFC 9293, section 3.1), octets counted from the first of TCP\n");
        for field in &account.fields {
            self::field(out, account, field, width);
        }
    }
    if !account.options.is_empty() {
        out.push_str("\nOptions, one by one (RFC 9293, section 3.2)\n");
        for (n, item) in account.options.iter().enumerate() {
            let again = account.options[..n].iter().any(|earlier| earlier.option.value == Value::Nop);
            option(out, account, item, again, width);
        }
    }
    checksum(out, account, width);
    payload(out, account, width);
}

/// Where a fault is, in words.
fn place(fault: &Fault) -> String {
    if fault.at.is_empty() {
        format!("behind octet {}", fault.at.start.saturating_sub(1))
    } else {
        octets(&fault.at)
    }
}

/// `octet 12`, `octets 0-3`.
fn octets(range: &Range<usize>) -> String {
    match range.len() {
        1 => format!("octet {}", range.start),
        _ => format!("octets {}-{}", range.start, range.end - 1),
    }
}

fn wrong(out: &mut String, text: &str, width: usize, color: bool) {
    let mut plain = String::new();
    fold(&mut plain, text, 4, width);
    for line in plain.lines() {
        if color {
            let _ = writeln!(out, "{}", owo_colors::OwoColorize::red(&line));
        } else {
            let _ = writeln!(out, "{line}");
        }
    }
}

/// Boxes in boxes: each header, and inside it what it carries.
fn envelopes(out: &mut String, decoded: &Decoded<'_>, width: usize) {
    let boxed = |title: &str, at: &Range<usize>, text: String| layout::Box {
        title: format!("{title}, {}", sized(at)),
        text,
        behind: Vec::new(),
    };
    let opened = &decoded.opened;
    let mut boxes: Vec<_> = opened
        .envelopes
        .iter()
        .map(|envelope| boxed(&envelope.name, &envelope.at, envelope.says.clone()))
        .collect();
    if let (Some(range), Some(account)) = (&opened.tcp, &decoded.account) {
        let header = range.start..range.start + account.header_len;
        let ports = match (account.value(Name::SourcePort), account.value(Name::DestinationPort)) {
            (Some(src), Some(dst)) => format!("port {src} → port {dst}"),
            _ => "cut".to_owned(),
        };
        if !header.is_empty() {
            boxes.push(boxed("TCP", &header, ports));
        }
        if !account.payload.is_empty() {
            let says = match (account.payload.len(), account.payload_len()) {
                (here, all) if here < all => format!("what TCP carries: {here} of {all} octets"),
                _ => "what TCP carries".to_owned(),
            };
            boxes.push(boxed("payload", &(header.end..range.end), says));
        }
    }
    if boxes.len() < 2 {
        return;
    }
    let mut outside = Vec::new();
    for rest in &opened.rests {
        let line = format!("{}: {}", sized(&rest.at), rest.says);
        match rest.of.and_then(|of| boxes.get_mut(of)) {
            Some(holds) => holds.behind.push(line),
            None => outside.push(line),
        }
    }
    layout::nested(out, &boxes, width);
    for line in outside {
        fold(out, &format!("{line}."), 0, width);
    }
    out.push('\n');
}

/// `1 octet (12)`, `14 octets (0-13)`.
fn sized(range: &Range<usize>) -> String {
    match range.len() {
        1 => format!("1 octet ({})", range.start),
        len => format!("{len} octets ({}-{})", range.start, (range.end).saturating_sub(1)),
    }
}

fn field(out: &mut String, account: &Account<'_>, field: &Field, width: usize) {
    let range = field.octets();
    let hex = meaning::digits(account.octets.get(range.clone()).unwrap_or_default());
    table(out, &octets(&range), &hex, field.name.title(), &field.shown);
    let bits = bits(field);
    let beside = format!("{bits}   {}", field.working);
    if layout::INDENT + beside.chars().count() <= width {
        fold(out, &beside, layout::INDENT, width);
    } else {
        fold(out, &bits, layout::INDENT, width);
        fold(out, &field.working, layout::INDENT, width);
    }
    if field.name == Name::ControlBits {
        for (name, octet, mask, meaning) in meaning::BITS {
            let meaning = meaning::bit(name, meaning, account.flags().unwrap_or_default());
            let set = account.octets.get(octet).is_some_and(|octet| octet & mask != 0);
            let text = format!("{name:<3} {}  octet {octet} & {mask:#04x}  {meaning}", u8::from(set));
            layout::hanging(out, &text, layout::INDENT, layout::INDENT + 24, width);
        }
        return;
    }
    fold(out, &field.meaning, layout::INDENT, width);
}

/// The bits of a field, in groups of eight; of a field inside an octet with the others as dots.
fn bits(field: &Field) -> String {
    let mut text = String::from("bits ");
    let octets = field.octets();
    for bit in octets.start * 8..octets.end * 8 {
        if bit % 8 == 0 && bit > octets.start * 8 {
            text.push(' ');
        }
        text.push(match field.bits.contains(&bit) {
            false => '·',
            true if field.value >> (field.bits.end - 1 - bit) & 1 != 0 => '1',
            true => '0',
        });
    }
    text
}

fn option(out: &mut String, account: &Account<'_>, item: &Item<'_>, again: bool, width: usize) {
    let flags = account.flags().unwrap_or_default();
    let (value, meaning) = meaning::option(&item.option, flags);
    let meaning = if again && item.option.value == Value::Nop { "fills up too".to_owned() } else { meaning };
    let hex = meaning::digits(item.option.octets);
    let len = match item.option.octets.get(1) {
        Some(len) if item.option.kind > 1 => format!(", length {len}"),
        _ => String::new(),
    };
    let name = meaning::option_name(&item.option);
    let name = if name.starts_with("of ") { "Unknown".to_owned() } else { name };
    let value = if value.is_empty() { String::new() } else { format!("{value}; ") };
    // Long ones have their octets on a line of their own.
    if hex.len() > 11 {
        table(out, &octets(&item.octets()), "", &name, &format!("kind {}{len}", item.option.kind));
        fold(out, &hex, layout::INDENT, width);
    } else {
        table(out, &octets(&item.octets()), &hex, &name, &format!("kind {}{len}", item.option.kind));
    }
    fold(out, &format!("{value}{meaning}"), layout::INDENT, width);
}

fn checksum(out: &mut String, account: &Account<'_>, width: usize) {
    out.push_str("\nChecksum (RFC 9293, section 3.1)\n");
    match &account.sum {
        Err(why) => fold(out, &format!("  It cannot be summed: {why}."), 2, width),
        Ok(sum) => steps(out, account, sum, width),
    }
}

/// The sum of all 16-bit words of pseudo-header, header and payload, carries added, complemented.
fn steps(out: &mut String, account: &Account<'_>, sum: &Sum, width: usize) {
    fold(
        out,
        "  Add all 16-bit words of pseudo-header, header and payload, the checksum field itself as 0; add what is above 16 bits to what is below; take the complement.",
        2,
        width,
    );
    let words = |octets: &[u8]| {
        octets
            .chunks(2)
            .map(|word| format!("{:02x}{:02x}", word[0], word.get(1).copied().unwrap_or(0)))
            .collect::<Vec<_>>()
            .join(" + ")
    };
    for (name, octets) in &sum.pseudo {
        layout::hanging(out, &format!("{name:<20} {}", words(octets)), 2, 23, width);
    }
    let _ = writeln!(out, "  {:<20} = {:#x}", "pseudo-header", sum.pseudo_sum);
    let mut header = account.octets[..account.header_len].to_vec();
    header[16..18].fill(0);
    layout::hanging(out, &format!("{:<20} {}", "header", words(&header)), 2, 23, width);
    let _ = writeln!(out, "  {:<20} = {:#x}", "", sum.header_sum);
    if !account.payload.is_empty() {
        let many = account.payload.len().div_ceil(2);
        let text = format!("{:<20} {many} word{}", "payload", if many == 1 { "" } else { "s" });
        let odd = if account.payload.len().is_multiple_of(2) {
            ""
        } else {
            ", the last one filled up with a 0 octet"
        };
        layout::hanging(out, &format!("{text}{odd} = {:#x}", sum.payload_sum), 2, 23, width);
    }
    let payload =
        if account.payload.is_empty() { String::new() } else { format!(" + {:#x}", sum.payload_sum) };
    let total =
        format!("{:<20} {:#x} + {:#x}{payload} = {:#x}", "all", sum.pseudo_sum, sum.header_sum, sum.total);
    layout::hanging(out, &total, 2, 23, width);
    let mut before = sum.total;
    for folded in &sum.folds {
        let _ = writeln!(
            out,
            "  {:<20} {:#x} + {:#06x} = {folded:#x}",
            "add the carry",
            before >> 16,
            before & 0xffff
        );
        before = *folded;
    }
    let _ = writeln!(out, "  {:<20} {:#06x}", "complement", sum.expected);
    let outcome = match sum.outcome {
        Outcome::Holds => format!("{:#06x}: the checksum holds", sum.found),
        Outcome::Wrong if account.context.unbounded => {
            format!("{:#06x}: the checksum does not hold, if the segment ends here", sum.found)
        }
        Outcome::Wrong => format!("{:#06x}: the checksum does not hold", sum.found),
        Outcome::Partial => format!(
            "{:#06x}: the sum of the pseudo-header, not complemented; the network card was to do the rest (offload)",
            sum.found
        ),
    };
    layout::hanging(out, &format!("{:<20} {outcome}", "in the field"), 2, 23, width);
}

fn payload(out: &mut String, account: &Account<'_>, width: usize) {
    let octets = account.payload;
    let (here, all) = (octets.len(), account.payload_len());
    if all == 0 || account.value(Name::DataOffset).is_none() {
        return;
    }
    let unit = if all == 1 { "octet" } else { "octets" };
    let _ = match here {
        0 => writeln!(out, "\nPayload, {all} {unit}, none of them here"),
        _ if here < all => writeln!(out, "\nPayload, {here} of its {all} {unit}"),
        _ => writeln!(out, "\nPayload, {all} {unit}"),
    };
    for (n, row) in octets.chunks(16).take(PAYLOAD_SHOWN / 16).enumerate() {
        let hex: Vec<_> = row.iter().map(|octet| format!("{octet:02x}")).collect();
        // What is no printable ASCII could command a terminal.
        let text: String = row
            .iter()
            .map(|octet| if matches!(octet, 0x20..=0x7e) { char::from(*octet) } else { '.' })
            .collect();
        let _ = writeln!(out, "  {:04x}  {:<47}  |{text}|", n * 16, hex.join(" "));
    }
    if octets.len() > PAYLOAD_SHOWN {
        fold(out, &format!("  … and {} more", octets.len() - PAYLOAD_SHOWN), 2, width);
    }
}

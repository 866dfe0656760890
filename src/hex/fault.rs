//! Faults of a header, and their places.

use std::ops::Range;

use crate::wire::flags::Flags;
use crate::wire::options::Value;

use super::account::{Account, FIXED_LEN, Item, Name};
use super::meaning;

/// Something in a header that should not be so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The fault's name in the machine format.
    pub kind: &'static str,
    /// The place of the fault, in octets from the start of the TCP header.
    pub at: Range<usize>,
    /// One sentence without a full stop.
    pub text: String,
}

/// All faults, in the order of the octets.
pub(super) fn find(account: &Account<'_>) -> Vec<Fault> {
    let mut faults = Faults(Vec::new());
    length(account, &mut faults);
    ports(account, &mut faults);
    numbers(account, &mut faults);
    bits(account, &mut faults);
    options(account, &mut faults);
    let mut faults = faults.0;
    faults.sort_by_key(|fault| fault.at.start);
    faults
}

struct Faults(Vec<Fault>);

impl Faults {
    fn add(&mut self, kind: &'static str, at: Range<usize>, text: impl Into<String>) {
        self.0.push(Fault { kind, at, text: text.into() });
    }
}

fn length(account: &Account<'_>, faults: &mut Faults) {
    let have = account.octets.len();
    if have < FIXED_LEN {
        let first =
            Name::ALL.iter().find(|(_, bits)| bits.end > have * 8).map_or("", |(name, _)| name.title());
        let octets = if have == 1 { "octet" } else { "octets" };
        let text = format!(
            "too short: a TCP header has 20 octets at least, and here are {have} {octets}; the {first} is the first field that is not whole"
        );
        faults.add("too_short", have..have, text);
    }
    let Some(offset) = account.value(Name::DataOffset) else { return };
    let stated = offset as usize * 4;
    let wire = account.context.wire_len.unwrap_or(have).max(have);
    if stated < FIXED_LEN {
        let text = format!(
            "the data offset is {offset} ({stated} octets), and 5 (20 octets) is the least, since the fixed fields alone take that"
        );
        faults.add("data_offset_too_small", 12..13, text);
    } else if stated > wire {
        let ends = if account.context.unbounded { "what is here of the segment" } else { "the segment" };
        let text = format!("the data offset is {offset} ({stated} octets), and {ends} ends after {wire}");
        faults.add("data_offset_beyond_end", 12..13, text);
    } else if stated > have && have >= FIXED_LEN {
        let text =
            format!("the data offset is {offset} ({stated} octets), and {have} of the segment are here");
        faults.add("cut", have..have, text);
    }
}

fn ports(account: &Account<'_>, faults: &mut Faults) {
    for (name, at) in [(Name::SourcePort, 0..2), (Name::DestinationPort, 2..4)] {
        if account.value(name) == Some(0) {
            faults.add(
                "port_zero",
                at,
                format!("the {} is 0, which is reserved (RFC 6335, section 6)", name.title()),
            );
        }
    }
}

fn numbers(account: &Account<'_>, faults: &mut Faults) {
    let Some(flags) = account.flags() else { return };
    if let Some(ack) = account.value(Name::AcknowledgmentNumber).filter(|ack| *ack != 0 && !flags.ack()) {
        let text =
            format!("an acknowledgment number of {ack} without ACK: it counts only where that bit is set");
        faults.add("ack_number_without_ack", 8..12, text);
    }
    let urgent = account.value(Name::UrgentPointer).filter(|urgent| *urgent != 0);
    if let Some(urgent) = urgent.filter(|_| !flags.contains(Flags::URG)) {
        let text = format!("an urgent pointer of {urgent} without URG: it counts only where that bit is set");
        faults.add("urgent_pointer_without_urg", 18..20, text);
    }
}

fn bits(account: &Account<'_>, faults: &mut Faults) {
    if let Some(reserved) = account.value(Name::Reserved).filter(|reserved| *reserved != 0) {
        let text = format!("the reserved bits are {reserved:03b}, and a sender must leave them 0");
        faults.add("reserved_bits", 12..13, text);
    }
    let Some(flags) = account.flags() else { return };
    let contradictions = [
        (
            Flags::SYN,
            Flags::FIN,
            "syn_with_fin",
            "SYN with FIN: it opens and closes at once, which no TCP sends",
        ),
        (
            Flags::SYN,
            Flags::RST,
            "syn_with_rst",
            "SYN with RST: it opens and aborts at once, which no TCP sends",
        ),
        (Flags::FIN, Flags::RST, "fin_with_rst", "FIN with RST: an orderly end and an abort at once"),
    ];
    for (one, other, kind, text) in contradictions {
        if flags.contains(one.with(other)) {
            faults.add(kind, 13..14, text);
        }
    }
    let opens_or_aborts = Flags::SYN.with(Flags::RST).with(Flags::ACK);
    if !flags.intersects(opens_or_aborts) {
        let text = "neither SYN, RST nor ACK: after the first SYN every segment but a reset carries ACK";
        faults.add("no_ack", 13..14, text);
    }
}

fn options(account: &Account<'_>, faults: &mut Faults) {
    let syn = account.flags().is_some_and(Flags::syn);
    for (n, item) in account.options.iter().enumerate() {
        let name = meaning::option_name(&item.option);
        match item.option.value {
            Value::Malformed(_) => malformed(item, account.header_len, faults),
            Value::Cut(_) => {
                let text = format!("the option {name} goes on behind what was captured");
                faults.add("cut", item.octets(), text);
            }
            Value::WindowScale(shift @ 15..) => {
                let text = format!(
                    "a window shift of {shift}: 14 is the most, and counts instead (RFC 7323, section 2.3)"
                );
                faults.add("window_shift", item.octets(), text);
            }
            Value::EndOfOptions if item.option.octets[1..].iter().any(|octet| *octet != 0) => {
                let text = "behind the end of options stands something else than zeros";
                faults.add("padding", item.at + 1..item.octets().end, text);
            }
            _ => {}
        }
        let only_on_syn =
            matches!(item.option.value, Value::Mss(_) | Value::WindowScale(_) | Value::SackPermitted);
        if only_on_syn && !syn && account.flags().is_some() {
            let text = format!("the option {name} outside of a SYN, where it says nothing");
            faults.add("option_outside_syn", item.octets(), text);
        }
        let twice = account.options[..n].iter().any(|earlier| earlier.option.kind == item.option.kind);
        if twice && only_on_syn {
            faults.add("option_twice", item.octets(), format!("the option {name} a second time"));
        }
    }
}

/// The length of an option does not hold: 0 or 1, past the end, or not that of its kind.
fn malformed(item: &Item<'_>, header_len: usize, faults: &mut Faults) {
    let kind = item.option.kind;
    let name = meaning::option_name(&item.option);
    let at = item.octets();
    match item.option.octets.get(1).copied() {
        None => {
            faults.add(
                "option_without_length",
                at,
                format!("the option {name} is the last octet of the header, and its length is missing"),
            );
        }
        Some(len @ 0..2) => {
            let text = format!(
                "the option {name} has a length of {len}, and 2 is the least, since it counts kind and length too; behind it nothing can be found"
            );
            faults.add("option_length_too_small", at, text);
        }
        Some(len) if item.at + usize::from(len) > header_len => {
            let left = header_len - item.at;
            let text = format!("the option {name} has a length of {len}, and the header ends after {left}");
            faults.add("option_past_end", at, text);
        }
        Some(len) => {
            let text =
                format!("the option {name} has a length of {len}, which does not fit its kind ({kind})");
            faults.add("option_length_wrong", at, text);
        }
    }
}

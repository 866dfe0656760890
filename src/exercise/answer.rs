//! What may be written as an answer: decimal, hex, words.

use std::fmt;

use crate::wire::flags::Flags;

use super::half_width::half_width;

/// An answer, right or wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// A number.
    Number(u64),
    /// A set of control bits.
    Flags(Flags),
    /// One of the choices, by its place in the list.
    Choice(usize),
    /// Places in an order.
    Order(Vec<usize>),
}

/// The form of an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Form {
    /// A number, with the name of its unit; an empty name where it has none.
    Number(&'static str),
    /// The names of control bits.
    Flags,
    /// One of these: each a list of names, the first of which is shown.
    Choice(Vec<&'static [&'static str]>),
    /// The letters of so many lines, in order.
    Order(usize),
    /// The letter of one of these sentences.
    Reason(Vec<String>),
}

impl Form {
    /// Reads an answer as it was typed.
    ///
    /// # Errors
    ///
    /// Where it cannot be understood: one sentence that says what is wanted.
    pub fn read(&self, typed: &str) -> Result<Answer, String> {
        let typed = half_width(typed);
        let typed = typed.trim();
        match self {
            Self::Number(_) => number(typed).map(Answer::Number).ok_or_else(|| {
                "That is no number. Write it in decimal, or in hex with 0x in front.".to_owned()
            }),
            Self::Flags => flags(typed).map(Answer::Flags).ok_or_else(|| {
                "Write the names of the bits that are set, such as SYN,ACK, or \"none\".".to_owned()
            }),
            Self::Choice(choices) => choice(typed, choices).map(Answer::Choice).ok_or_else(|| {
                let names: Vec<_> = choices.iter().map(|names| names[0]).collect();
                format!("Write one of: {}.", names.join(", "))
            }),
            Self::Reason(reasons) => letter(typed, reasons.len())
                .map(Answer::Choice)
                .ok_or_else(|| format!("Write one of the letters: {}.", letters(0..reasons.len()))),
            Self::Order(len) => order(typed, *len).map(Answer::Order).ok_or_else(|| {
                format!("Write the {len} letters in order, such as {}.", letters((0..*len).rev()))
            }),
        }
    }

    /// The sentences to choose from, each behind its letter.
    pub fn reasons(&self) -> impl Iterator<Item = String> {
        let reasons = if let Self::Reason(reasons) = self { &reasons[..] } else { &[] };
        reasons.iter().enumerate().map(|(n, reason)| format!("{}) {reason}", letters([n].into_iter())))
    }

    /// An answer as it is written.
    pub fn show(&self, answer: &Answer) -> String {
        match (self, answer) {
            (Self::Number(""), Answer::Number(number)) => number.to_string(),
            (Self::Number(unit), Answer::Number(number)) => format!("{number} {unit}"),
            (_, Answer::Flags(flags)) if flags.bits() == 0 => "none".to_owned(),
            (_, Answer::Flags(flags)) => flags.to_string(),
            (Self::Choice(choices), Answer::Choice(at)) => {
                choices.get(*at).map_or("?", |names| names[0]).to_owned()
            }
            (Self::Reason(_), Answer::Choice(at)) => letters([*at].into_iter()),
            (_, Answer::Order(order)) => letters(order.iter().copied()),
            (_, Answer::Number(number)) => number.to_string(),
            (_, Answer::Choice(at)) => at.to_string(),
        }
    }
}

/// Writes what is wanted, in brackets behind a question.
impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number("") => f.write_str("a number"),
            Self::Number(unit) => write!(f, "a number of {unit}"),
            Self::Flags => f.write_str("names, such as SYN,ACK"),
            Self::Choice(choices) => {
                let names: Vec<_> = choices.iter().map(|names| names[0]).collect();
                f.write_str(&names.join(", "))
            }
            Self::Order(_) => f.write_str("letters, such as C A B"),
            Self::Reason(_) => f.write_str("a letter"),
        }
    }
}

fn letters(order: impl Iterator<Item = usize>) -> String {
    order.map(|at| char::from(b'A' + (at % 26) as u8).to_string()).collect::<Vec<_>>().join(" ")
}

/// What stands in brackets or quotation marks, without the sign that ends its sentence. A full stop behind a word stays,
/// since it may be tcpdump's letter for ACK.
fn unwrapped(typed: &str) -> &str {
    const CLOSING: [char; 6] = [')', ']', '>', '"', '\'', ' '];
    let inner = typed.trim_start_matches(['(', '[', '<', '"', '\'', ' ']);
    let inner = inner.trim_end_matches([',', ';', '!']);
    let inner = inner.strip_suffix('.').filter(|inner| inner.ends_with(CLOSING)).unwrap_or(inner);
    inner.trim_end_matches(CLOSING)
}

/// Units as they may be named behind a number; 字节 are octets, and 帧 is a frame.
const UNITS: [&str; 8] = ["octets", "octet", "bytes", "byte", " b", "个字节", "字节", "帧"];

/// What has a number, as it may be named in front of it; 端口 is a port, 帧 a frame, and 第 makes a number an ordinal.
const NAMES: [&str; 7] = ["frame ", "port ", "kind ", "#", "端口", "帧", "第"];

/// Decimal, or hex where a prefix or a letter says so, or octets in pairs of digits. Thousands may be set apart, what is
/// counted may be named, and all of it may stand in brackets or quotation marks.
fn number(typed: &str) -> Option<u64> {
    let lower = typed.to_lowercase();
    let bare = unwrapped(&lower).trim_end_matches('.');
    let bare = UNITS.iter().find_map(|unit| bare.strip_suffix(unit)).unwrap_or(bare);
    let bare = NAMES.iter().find_map(|name| bare.strip_prefix(name)).unwrap_or(bare);
    let bare = bare.trim();
    let groups: Vec<_> = bare.split([' ', ':']).filter(|group| !group.is_empty()).collect();
    let pairs = groups.len() > 1 && groups.iter().all(|group| group.len() == 2);
    let digits: String = if is_in_thousands(bare) {
        bare.chars().filter(char::is_ascii_digit).collect()
    } else {
        bare.chars().filter(|c| !matches!(c, ' ' | '_' | ':')).collect()
    };
    if let Some(digits) = digits.strip_prefix("0x") {
        return u64::from_str_radix(digits, 16).ok();
    }
    if pairs || digits.contains(|c: char| c.is_ascii_alphabetic()) {
        return u64::from_str_radix(&digits, 16).ok();
    }
    digits.parse().ok()
}

/// Digits in groups of three, one to three in the first, and the same sign between all groups.
fn is_in_thousands(text: &str) -> bool {
    let Some(sign) = text.chars().find(|c| !c.is_ascii_digit()) else { return false };
    let is_sign = sign.is_whitespace() || matches!(sign, ',' | '.' | '\'' | '\u{2019}' | '_');
    is_sign
        && text.split(sign).enumerate().all(|(n, group)| {
            let fits = if n == 0 { (1..=3).contains(&group.len()) } else { group.len() == 3 };
            fits && group.bytes().all(|octet| octet.is_ascii_digit())
        })
}

/// Names with anything between them, tcpdump's letters, or a number.
fn flags(typed: &str) -> Option<Flags> {
    const NAMES: [(&str, char, Flags); 9] = [
        ("FIN", 'F', Flags::FIN),
        ("SYN", 'S', Flags::SYN),
        ("RST", 'R', Flags::RST),
        ("PSH", 'P', Flags::PSH),
        ("ACK", '.', Flags::ACK),
        ("URG", 'U', Flags::URG),
        ("ECE", 'E', Flags::ECE),
        ("CWR", 'W', Flags::CWR),
        ("AE", 'e', Flags::AE),
    ];
    let typed = unwrapped(typed);
    if typed.is_empty() {
        return None;
    }
    if matches!(typed.trim_end_matches('.').to_ascii_lowercase().as_str(), "none" | "-" | "no") {
        return Some(Flags::default());
    }
    if let Some(bits) =
        typed.to_ascii_lowercase().strip_prefix("0x").and_then(|digits| u16::from_str_radix(digits, 16).ok())
    {
        return Some(Flags::from_bits(bits));
    }
    if let Ok(bits) = typed.parse() {
        return Some(Flags::from_bits(bits));
    }
    let words = typed.split(|c: char| !c.is_ascii_alphabetic() && c != '.').filter(|word| !word.is_empty());
    let mut all = Flags::default();
    for word in words {
        // A full stop behind a name ends the sentence; among letters it is ACK.
        let name = word.trim_end_matches('.');
        let named = NAMES.iter().find(|(flag, ..)| name.eq_ignore_ascii_case(flag));
        match named {
            Some((.., flag)) => all = all.with(*flag),
            None if word.eq_ignore_ascii_case("and") => {}
            None => {
                for letter in word.trim_matches(['[', ']']).chars() {
                    let (.., flag) = NAMES.iter().find(|(_, short, _)| *short == letter)?;
                    all = all.with(*flag);
                }
            }
        }
    }
    (all.bits() != 0).then_some(all)
}

/// A name, however its words are joined, or the beginning of just one.
fn choice(typed: &str, choices: &[&[&str]]) -> Option<usize> {
    let plain = |text: &str| -> String {
        text.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_uppercase()).collect()
    };
    let typed = plain(typed);
    if typed.is_empty() {
        return None;
    }
    let is = |names: &&[&str]| names.iter().any(|name| plain(name) == typed);
    if let Some(at) = choices.iter().position(is) {
        return Some(at);
    }
    let mut begun =
        (0..choices.len()).filter(|at| choices[*at].iter().any(|name| plain(name).starts_with(&typed)));
    let first = begun.next()?;
    (begun.next().is_none() && typed.len() > 1).then_some(first)
}

/// One letter, whatever stands around it.
fn letter(typed: &str, len: usize) -> Option<usize> {
    let mut letters = typed.chars().filter(|c| c.is_alphanumeric());
    let at = letters.next()?.to_ascii_uppercase() as usize;
    at.checked_sub(usize::from(b'A')).filter(|at| *at < len && letters.next().is_none())
}

/// Letters, each once, whatever stands around and between them.
fn order(typed: &str, len: usize) -> Option<Vec<usize>> {
    let mut order = Vec::new();
    for letter in typed.chars().filter(|c| c.is_alphanumeric()) {
        let at = letter.to_ascii_uppercase() as usize;
        let at = at.checked_sub(usize::from(b'A')).filter(|at| *at < len && !order.contains(at))?;
        order.push(at);
    }
    (order.len() == len).then_some(order)
}

//! The header box as RFC 9293 draws it (section 3.1, figure 1), filled in with the bits that are there.

use std::fmt::Write as _;
use std::ops::Range;

use crate::wire::options::Value;

use super::account::{Account, FIXED_LEN, Name};
use super::meaning;

/// Bits of a row.
const ROW: usize = 32;

/// Columns in front of the box, for the octet that a row begins with.
const MARGIN: usize = 6;

/// Columns of the box: each bit, and a line or a space before and behind each.
const BOX: usize = 2 * ROW + 1;

/// A part of the box between two upright lines.
#[derive(Clone, Debug)]
struct Cell {
    /// The cell's bits in the header.
    bits: Range<usize>,
    /// What stands below the bits, line by line.
    labels: Vec<String>,
}

/// Draws the header: 32 bits to a row, below the bits the fields' names and values. Where `width` allows it, the
/// octets stand beside their row.
pub fn header(account: &Account<'_>, width: usize) -> String {
    let cells = cells(account);
    let bits = cells.last().map_or(0, |cell| cell.bits.end).next_multiple_of(ROW);
    let beside = width >= MARGIN + BOX + 2 + 11;
    let margin = if width >= MARGIN + BOX { MARGIN } else { 0 };
    let mut out = String::new();
    let pad = " ".repeat(margin);
    for tens in [true, false] {
        let mut line = pad.clone();
        for bit in 0..ROW {
            let digit = match (tens, bit % 10) {
                (true, 0) => char::from(b'0' + (bit / 10) as u8),
                (true, _) => ' ',
                (false, ones) => char::from(b'0' + ones as u8),
            };
            line.push(' ');
            line.push(digit);
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
    let mut above = 0_u64;
    for row in (0..bits).step_by(ROW) {
        let here = uprights(&cells, row);
        let _ = writeln!(out, "{pad}{}", border(above, here, row == 0));
        let margin = if margin > 0 { format!("{:>5} ", row / 8) } else { String::new() };
        let mut line = format!("{margin}{}", bit_line(account.octets, row, here));
        if beside {
            let octets = account.octets.get(row / 8..).unwrap_or_default();
            let _ = write!(line, "  {}", meaning::digits(&octets[..octets.len().min(4)]));
        }
        let _ = writeln!(out, "{}", line.trim_end());
        for label in labels(&cells, row) {
            let _ = writeln!(out, "{pad}{label}");
        }
        above = here;
    }
    let _ = writeln!(out, "{pad}{}", bottom(above));
    out
}

/// The cells of the header; the fixed fields always, the options as far as they are there.
fn cells(account: &Account<'_>) -> Vec<Cell> {
    let mut cells = Vec::new();
    for (name, bits) in Name::ALL {
        let value = account.fields.iter().find(|field| field.name == name);
        if name == Name::ControlBits {
            // Upright, a letter a line.
            for (n, (bit, ..)) in meaning::BITS.iter().enumerate() {
                let letters = format!("{bit:<3}").chars().map(|letter| letter.to_string()).collect();
                cells.push(Cell { bits: bits.start + n..bits.start + n + 1, labels: letters });
            }
            continue;
        }
        let labels = match (name, value) {
            (Name::DataOffset, Some(field)) => vec!["data".into(), "offset".into(), field.value.to_string()],
            (Name::DataOffset, None) => vec!["data".into(), "offset".into()],
            (Name::Reserved, _) => vec!["rsrvd".into()],
            (_, Some(field)) => vec![format!("{} {}", name.title(), field.shown)],
            (_, None) => vec![format!("{} missing", name.title())],
        };
        cells.push(Cell { bits, labels });
    }
    for item in &account.options {
        option(item.at * 8, item.option.kind, item.option.octets, item.option.value, &mut cells);
    }
    debug_assert!(cells.windows(2).all(|pair| pair[0].bits.end == pair[1].bits.start));
    cells
}

/// The cells of one option: kind, length, and what stands behind.
fn option(start: usize, kind: u8, octets: &[u8], value: Value<'_>, cells: &mut Vec<Cell>) {
    let mut at = start;
    let end = start + octets.len() * 8;
    let mut cell = |len: usize, label: String| {
        let bits = at..(at + len * 8).min(end);
        at = bits.end;
        if !bits.is_empty() {
            cells.push(Cell { bits, labels: vec![label] });
        }
    };
    let name =
        meaning::short_name(kind).map_or_else(|| format!("kind {kind}"), |name| format!("{kind}: {name}"));
    cell(1, name);
    match value {
        Value::Nop => return,
        Value::EndOfOptions => return cell(octets.len(), "padding".into()),
        _ => {}
    }
    if let Some(len) = octets.get(1) {
        cell(1, format!("length {len}"));
    }
    match value {
        Value::Mss(mss) => cell(2, format!("{mss} octets")),
        Value::WindowScale(shift) => cell(1, format!("shift {shift}")),
        Value::Timestamps { tsval, tsecr } => {
            cell(4, format!("TSval {tsval}"));
            cell(4, format!("TSecr {tsecr}"));
        }
        Value::Sack(blocks) => {
            for (left, right) in blocks.iter() {
                cell(4, format!("left {left}"));
                cell(4, format!("right {right}"));
            }
        }
        Value::Malformed(_) => cell(octets.len(), "broken".into()),
        _ => cell(octets.len(), "data".into()),
    }
}

/// Before which bits of a row a line stands; bit 32 is the right edge.
fn uprights(cells: &[Cell], row: usize) -> u64 {
    let end = cells.last().map_or(0, |cell| cell.bits.end);
    let starts = cells.iter().map(|cell| cell.bits.start).chain([end]);
    let inside = starts
        .filter(|start| (row..row + ROW).contains(start))
        .fold(0, |bits, start| bits | 1 << (start - row));
    inside | 1 | 1 << ROW
}

fn has(uprights: u64, bit: usize) -> bool {
    uprights >> bit & 1 != 0
}

/// The line between two rows.
fn border(above: u64, below: u64, first: bool) -> String {
    let mut line = String::new();
    for bit in 0..=ROW {
        line.push(match (bit, has(above, bit), has(below, bit)) {
            (0, ..) if first => '┌',
            (ROW, ..) if first => '┐',
            (0, ..) => '├',
            (ROW, ..) => '┤',
            (_, true, true) => '┼',
            (_, true, false) => '┴',
            (_, false, true) => '┬',
            (_, false, false) => '─',
        });
        if bit < ROW {
            line.push('─');
        }
    }
    line
}

fn bottom(above: u64) -> String {
    let mut line = String::new();
    for bit in 0..=ROW {
        line.push(match (bit, has(above, bit)) {
            (0, _) => '└',
            (ROW, _) => '┘',
            (_, true) => '┴',
            (_, false) => '─',
        });
        if bit < ROW {
            line.push('─');
        }
    }
    line
}

/// The bits of a row; `?` where the octets do not go so far.
fn bit_line(octets: &[u8], row: usize, uprights: u64) -> String {
    let mut line = String::new();
    for bit in 0..=ROW {
        line.push(if has(uprights, bit) { '│' } else { ' ' });
        if bit < ROW {
            let at = row + bit;
            line.push(match octets.get(at / 8) {
                Some(octet) if octet >> (7 - at % 8) & 1 != 0 => '1',
                Some(_) => '0',
                None => '?',
            });
        }
    }
    line
}

/// What stands below the bits of a row.
fn labels(cells: &[Cell], row: usize) -> Vec<String> {
    let inside: Vec<_> =
        cells.iter().filter(|cell| cell.bits.start < row + ROW && cell.bits.end > row).collect();
    let height = inside.iter().map(|cell| cell.labels.len()).max().unwrap_or(1);
    let drawn = inside.last().map_or(row, |cell| cell.bits.end.min(row + ROW));
    (0..height)
        .map(|n| {
            let mut line = String::from("│");
            for cell in &inside {
                let (from, to) = (cell.bits.start.max(row), cell.bits.end.min(row + ROW));
                let width = 2 * (to - from) - 1;
                let label = match cell.labels.get(n) {
                    _ if from > cell.bits.start && n == 0 => "…",
                    Some(label) if label.chars().count() <= width => label,
                    _ => "",
                };
                let _ = write!(line, "{label:^width$}│");
            }
            if drawn < row + ROW {
                let width = 2 * (row + ROW - drawn) - 1;
                let _ = write!(line, "{:width$}│", "");
            }
            line
        })
        .collect()
}

/// Octets that the box shows at least.
const _: () = assert!(FIXED_LEN * 8 == 5 * ROW);

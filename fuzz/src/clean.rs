//! Writers that read what is written: nothing from the wire reaches a terminal raw, and what is for machines can be
//! parsed.

use std::io::{self, Write};

use serde_json::Value;

/// What an octet may be in a line for people.
const CONTROL: u8 = 1;
const BEYOND_ASCII: u8 = 2;
/// The first octet of U+0080 to U+00BF in UTF-8, and the second one of the first half, which terminals obey.
const C1_LEADS: u8 = 4;
const C1_FOLLOWS: u8 = 8;

/// A table, since libFuzzer takes a note of every comparison.
static KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut octet = 0;
    while octet < 256 {
        kinds[octet] = match octet {
            0x0a => 0,
            0x00..0x20 | 0x7f => CONTROL,
            0xc2 => BEYOND_ASCII | C1_LEADS,
            0x80..0xa0 => BEYOND_ASCII | C1_FOLLOWS,
            0xa0.. => BEYOND_ASCII,
            _ => 0,
        };
        octet += 1;
    }
    kinds
};

/// Takes lines for people: characters that show, and line feeds.
#[derive(Debug)]
pub struct People {
    forbidden: u8,
    /// What the last octet was.
    before: u8,
}

impl People {
    /// Where `ascii` says so, nothing beyond it is allowed.
    pub fn new(ascii: bool) -> Self {
        Self { forbidden: if ascii { CONTROL | BEYOND_ASCII } else { CONTROL }, before: 0 }
    }
}

impl Write for People {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        let (mut all, mut obeyed) = (0, 0);
        for &octet in octets {
            let kind = KINDS[usize::from(octet)];
            all |= kind;
            obeyed |= self.before << 1 & kind & C1_FOLLOWS;
            self.before = kind;
        }
        let wrong = all & self.forbidden | obeyed;
        assert!(wrong == 0, "a terminal obeys this: {:?}", String::from_utf8_lossy(octets));
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Takes one JSON object a line, each with its type.
#[derive(Debug, Default)]
pub struct Machine(Vec<u8>);

impl Write for Machine {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(octets);
        let whole = self.0.iter().rposition(|octet| *octet == b'\n').map_or(0, |at| at + 1);
        for line in self.0.drain(..whole).as_slice().split_inclusive(|octet| *octet == b'\n') {
            let value: Value = serde_json::from_slice(line).expect("each line is JSON");
            assert!(value["type"].is_string(), "{value} has no type");
        }
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        assert!(self.0.is_empty(), "the last line has no end");
        Ok(())
    }
}

//! How values are written as JSON. One record goes out for every segment, and a general serializer takes
//! most of its time to look for characters to escape in names that this program gave: so keys are literals
//! here, put together with their punctuation when the program is compiled.

use std::fmt::Display;
use std::net::IpAddr;

use crate::track::label::{Analysis, Label, Labels};
use crate::track::state::{State, States};
use crate::wire::flags::Flags;
use crate::wire::frame::Timestamp;
use crate::wire::path::Path;
use crate::wire::segment::Endpoint;
use crate::wire::seq::SeqNumber;
use crate::wire::window::{Window, WindowField};

use super::name;
use crate::view::{address, digits};

/// Writes an object: keys as literals, values by [`Put`].
macro_rules! object {
    ($line:expr, { $first:literal: $value:expr $(, $key:literal: $next:expr)* $(,)? }) => {{
        $line.extend_from_slice(concat!("{\"", $first, "\":").as_bytes());
        $crate::view::ndjson::put::Put::put(&$value, $line);
        $(
            $line.extend_from_slice(concat!(",\"", $key, "\":").as_bytes());
            $crate::view::ndjson::put::Put::put(&$next, $line);
        )*
        $line.push(b'}');
    }};
}

pub(super) use object;

/// A value that can be written as JSON.
pub(super) trait Put {
    fn put(&self, line: &mut Vec<u8>);
}

macro_rules! put_integers {
    ($($type:ty)*) => {
        $(impl Put for $type {
            #[inline]
            fn put(&self, line: &mut Vec<u8>) {
                digits::whole(line, *self as u64);
            }
        })*
    };
}

put_integers!(u8 u16 u32 u64 usize);

impl Put for i64 {
    #[inline]
    fn put(&self, line: &mut Vec<u8>) {
        digits::signed(line, *self);
    }
}

impl Put for bool {
    fn put(&self, line: &mut Vec<u8>) {
        line.extend_from_slice(if *self { b"true" } else { b"false" });
    }
}

/// To three decimals, never with an exponent; `null` where it is no number.
impl Put for f64 {
    fn put(&self, line: &mut Vec<u8>) {
        if !self.is_finite() {
            return line.extend_from_slice(b"null");
        }
        digits::thousandths(line, *self);
    }
}

/// `null` where it is not known.
impl<T: Put> Put for Option<T> {
    fn put(&self, line: &mut Vec<u8>) {
        match self {
            Some(value) => value.put(line),
            None => line.extend_from_slice(b"null"),
        }
    }
}

/// One of this program's own names: it holds nothing that must be escaped.
impl Put for &'static str {
    fn put(&self, line: &mut Vec<u8>) {
        line.push(b'"');
        line.extend_from_slice(self.as_bytes());
        line.push(b'"');
    }
}

/// Any text, escaped.
pub(super) struct Text<T>(pub(super) T);

impl<T: Display> Put for Text<T> {
    fn put(&self, line: &mut Vec<u8>) {
        // A vector takes everything, and what displays here is text of our own making.
        let _ = serde_json::to_writer(line, &format_args!("{}", self.0));
    }
}

/// An array.
pub(super) fn array<T: Put>(line: &mut Vec<u8>, items: impl Iterator<Item = T>) {
    line.push(b'[');
    let first = line.len();
    for item in items {
        if line.len() > first {
            line.push(b',');
        }
        item.put(line);
    }
    line.push(b']');
}

/// Seconds since the epoch with nine decimals, as a string: a JSON number would lose nanoseconds.
impl Put for Timestamp {
    fn put(&self, line: &mut Vec<u8>) {
        line.push(b'"');
        digits::seconds(line, self.nanos());
        line.push(b'"');
    }
}

/// Nanoseconds as a number of seconds: no decimals more than needed, but one at least, so that readers that
/// tell integers from floats see one type; and never an exponent.
pub(super) struct Seconds(pub(super) i64);

impl Put for Seconds {
    fn put(&self, line: &mut Vec<u8>) {
        digits::seconds(line, self.0);
        while line.ends_with(b"0") && !line.ends_with(b".0") {
            line.pop();
        }
    }
}

impl Put for SeqNumber {
    fn put(&self, line: &mut Vec<u8>) {
        self.0.put(line);
    }
}

impl Put for WindowField {
    fn put(&self, line: &mut Vec<u8>) {
        self.0.put(line);
    }
}

impl Put for Window {
    fn put(&self, line: &mut Vec<u8>) {
        self.0.put(line);
    }
}

impl Put for IpAddr {
    fn put(&self, line: &mut Vec<u8>) {
        line.push(b'"');
        match self {
            Self::V4(addr) => address::dotted(line, addr.octets()),
            Self::V6(addr) => address::colons(line, *addr),
        }
        line.push(b'"');
    }
}

impl Put for Endpoint {
    fn put(&self, line: &mut Vec<u8>) {
        object!(line, { "addr": self.addr, "port": self.port });
    }
}

/// VLANs and tunnel; `null` for the plain path.
impl Put for Path {
    fn put(&self, line: &mut Vec<u8>) {
        if self.is_none() {
            return line.extend_from_slice(b"null");
        }
        object!(line, {
            "vlans": Vlans(self.vlans),
            "tunnel": self.tunnel.map(name::tunnel),
            "tunnel_id": self.tunnel.map(|_| self.tunnel_id),
        });
    }
}

struct Vlans([u16; 2]);

impl Put for Vlans {
    fn put(&self, line: &mut Vec<u8>) {
        array(line, self.0.into_iter().filter(|vlan| *vlan != 0));
    }
}

impl Put for States {
    fn put(&self, line: &mut Vec<u8>) {
        // Most of all.
        if *self == OPEN {
            return line.extend_from_slice(br#"{"client":"ESTABLISHED","server":"ESTABLISHED"}"#);
        }
        object!(line, { "client": self.client.name(), "server": self.server.name() });
    }
}

const OPEN: States = States { client: State::Established, server: State::Established };

/// The names of the bits that are set, FIN first.
impl Put for Flags {
    fn put(&self, line: &mut Vec<u8>) {
        // Most of all.
        match *self {
            Self::ACK => return line.extend_from_slice(br#"["ACK"]"#),
            PUSHED => return line.extend_from_slice(br#"["PSH","ACK"]"#),
            _ => {}
        }
        array(line, self.names());
    }
}

const DATA: Labels = Labels::only(Label::Data);

const PUSHED: Flags = Flags::PSH.with(Flags::ACK);

impl Put for Labels {
    fn put(&self, line: &mut Vec<u8>) {
        // Most of all.
        match *self {
            Self::NONE => return line.extend_from_slice(b"[]"),
            DATA => return line.extend_from_slice(br#"["data"]"#),
            _ => {}
        }
        array(line, self.iter().map(|label| label.name()));
    }
}

impl Put for Analysis {
    fn put(&self, line: &mut Vec<u8>) {
        // Most of all.
        if self.is_empty() {
            return line.extend_from_slice(b"[]");
        }
        array(line, self.iter().map(|mark| mark.name()));
    }
}

/// Octets as two hexadecimal digits each.
pub(super) struct Hex<'a>(pub(super) &'a [u8]);

impl Put for Hex<'_> {
    fn put(&self, line: &mut Vec<u8>) {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        line.push(b'"');
        for octet in self.0 {
            line.extend([DIGITS[usize::from(octet >> 4)], DIGITS[usize::from(octet & 15)]]);
        }
        line.push(b'"');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn text(value: &impl Put) -> String {
        let mut line = Vec::new();
        value.put(&mut line);
        String::from_utf8(line).unwrap()
    }

    proptest! {
        #[test]
        fn a_time_reads_as_it_displays(nanos: i64) {
            let time = Timestamp::from_nanos(nanos);
            prop_assert_eq!(text(&time), format!("\"{time}\""));
        }

        #[test]
        fn a_duration_is_exact(nanos: i64) {
            let text = text(&Seconds(nanos));
            let (whole, decimals) = text.split_once('.').unwrap();
            let read: i128 = format!("{whole}{decimals:0<9}").parse().unwrap();
            prop_assert_eq!(read, i128::from(nanos), "{}", text);
            prop_assert!(decimals == "0" || !decimals.ends_with('0'), "{}", text);
            prop_assert!(serde_json::from_str::<f64>(&text).is_ok(), "{}", text);
        }

        #[test]
        fn octets_keep_their_order_and_value(octets in prop::collection::vec(any::<u8>(), 0..=40)) {
            let hex: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
            prop_assert_eq!(text(&Hex(&octets)), format!("\"{hex}\""));
        }

        #[test]
        fn an_address_reads_as_it_displays(addr: IpAddr) {
            prop_assert_eq!(text(&addr), format!("\"{addr}\""));
        }

        #[test]
        fn any_text_comes_back_and_stays_on_its_line(original: String) {
            let json = text(&Text(&original));
            prop_assert!(!json.contains('\n'));
            prop_assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), Value::String(original));
        }
    }

    #[test]
    fn an_array_has_a_comma_between_two_items_and_nowhere_else() {
        for (items, expected) in [(0..0, "[]"), (7..8, "[7]"), (7..10, "[7,8,9]")] {
            let mut line = Vec::new();
            array(&mut line, items.map(|item: u64| item));
            assert_eq!(String::from_utf8(line).unwrap(), expected);
        }
    }
}

//! How single values are written: times, addresses, octets, sets of names.

use std::io::{self, Write};
use std::net::IpAddr;

use serde::ser::{SerializeSeq, SerializeStruct};
use serde::{Serialize, Serializer};
use serde_json::ser::Formatter;

use crate::track::label::{Analysis, Labels};
use crate::track::state::States;
use crate::wire::flags::Flags;
use crate::wire::frame::Timestamp;
use crate::wire::path::Path;
use crate::wire::segment::Endpoint;

use super::name;

/// Compact JSON whose fractions never use an exponent: `0.000045`, not `4.5e-5`.
#[derive(Clone, Copy)]
pub(super) struct Plain;

impl Formatter for Plain {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        // A fraction even where it is 0, so that readers that tell integers from floats see one type.
        if value.fract() == 0.0 { write!(writer, "{value:.1}") } else { write!(writer, "{value}") }
    }
}

/// Nanoseconds as a number of seconds.
pub(super) fn seconds(nanos: i64) -> f64 {
    nanos as f64 / 1e9
}

/// Seconds since the epoch with nine decimals, as a string: a JSON number would lose nanoseconds.
#[derive(Clone, Copy)]
pub(super) struct Time(pub(super) Timestamp);

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let magnitude = self.0.nanos().unsigned_abs();
        let (seconds, mut nanos) = (magnitude / 1_000_000_000, magnitude % 1_000_000_000);
        // A sign, ten digits of seconds at most (2^63 nanoseconds), the point and nine digits.
        let mut text = [0; 21];
        let mut len = 0;
        if self.0.nanos() < 0 {
            text[0] = b'-';
            len = 1;
        }
        let mut digits = itoa::Buffer::new();
        let digits = digits.format(seconds).as_bytes();
        text[len..len + digits.len()].copy_from_slice(digits);
        len += digits.len();
        text[len] = b'.';
        for digit in text[len + 1..len + 10].iter_mut().rev() {
            *digit = b'0' + (nanos % 10) as u8;
            nanos /= 10;
        }
        serializer.serialize_str(str::from_utf8(&text[..len + 10]).unwrap_or_default())
    }
}

/// An address and a port as an object.
#[derive(Clone, Copy, Serialize)]
pub(super) struct Socket {
    addr: IpAddr,
    port: u16,
}

impl From<Endpoint> for Socket {
    fn from(endpoint: Endpoint) -> Self {
        Self { addr: endpoint.addr, port: endpoint.port }
    }
}

/// VLANs and tunnel; `null` for the plain path.
pub(super) fn path<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    if path.is_none() {
        return serializer.serialize_none();
    }
    let vlans = path.vlans.iter().filter(|vlan| **vlan != 0);
    let mut object = serializer.serialize_struct("Path", 3)?;
    object.serialize_field("vlans", &Seq(vlans))?;
    object.serialize_field("tunnel", &path.tunnel.map(name::tunnel))?;
    object.serialize_field("tunnel_id", &path.tunnel.map(|_| path.tunnel_id))?;
    object.end()
}

/// An iterator as an array.
struct Seq<I>(I);

impl<I: Iterator<Item: Serialize> + Clone> Serialize for Seq<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone())
    }
}

/// The states of both ends, by name.
pub(super) fn states<S: Serializer>(states: &States, serializer: S) -> Result<S::Ok, S::Error> {
    let mut object = serializer.serialize_struct("States", 2)?;
    object.serialize_field("client", states.client.name())?;
    object.serialize_field("server", states.server.name())?;
    object.end()
}

/// The names of the bits that are set, FIN first.
pub(super) fn flags<S: Serializer>(flags: &Flags, serializer: S) -> Result<S::Ok, S::Error> {
    strings(flags.names(), serializer)
}

/// The names of the labels in the set.
pub(super) fn labels<S: Serializer>(labels: &Labels, serializer: S) -> Result<S::Ok, S::Error> {
    strings(labels.iter().map(|label| label.name()), serializer)
}

/// The names of the marks in the set.
pub(super) fn analysis<S: Serializer>(marks: &Analysis, serializer: S) -> Result<S::Ok, S::Error> {
    strings(marks.iter().map(|mark| mark.name()), serializer)
}

fn strings<S: Serializer>(
    names: impl Iterator<Item = &'static str>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(None)?;
    for name in names {
        list.serialize_element(name)?;
    }
    list.end()
}

/// Octets as two hexadecimal digits each. An option holds at most 40.
#[derive(Clone, Copy)]
pub(super) struct Hex<'a>(pub(super) &'a [u8]);

impl Serialize for Hex<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0; 80];
        let octets = &self.0[..self.0.len().min(text.len() / 2)];
        for (pair, octet) in text.chunks_exact_mut(2).zip(octets) {
            pair[0] = DIGITS[usize::from(octet >> 4)];
            pair[1] = DIGITS[usize::from(octet & 15)];
        }
        serializer.serialize_str(str::from_utf8(&text[..octets.len() * 2]).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_time_reads_as_it_displays(nanos: i64) {
            let time = Timestamp::from_nanos(nanos);
            prop_assert_eq!(serde_json::to_string(&Time(time)).unwrap(), format!("\"{time}\""));
        }

        #[test]
        fn octets_keep_their_order_and_value(octets in prop::collection::vec(any::<u8>(), 0..=40)) {
            let hex: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
            prop_assert_eq!(serde_json::to_string(&Hex(&octets)).unwrap(), format!("\"{hex}\""));
        }

        #[test]
        fn a_duration_never_has_an_exponent_and_reads_back(nanos in -1_000_000_000_000_i64..1_000_000_000_000) {
            let mut text = Vec::new();
            let mut json = serde_json::Serializer::with_formatter(&mut text, Plain);
            seconds(nanos).serialize(&mut json).unwrap();
            let text = String::from_utf8(text).unwrap();
            prop_assert!(text.contains('.') && !text.contains(['e', 'E']), "{}", text);
            let read: f64 = text.parse().unwrap();
            prop_assert_eq!((read * 1e9).round() as i64, nanos);
        }
    }
}

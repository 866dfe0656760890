//! Records and objects as the registry lists their fields.

use crate::explain::{self, Language};
use crate::field::{List, Object, Value};
use crate::track::finding::{Findings, Kind};
use crate::wire::segment::Endpoint;

use crate::view::digits;

use super::put::{Hex, Put, Seconds, Text, array};

/// Writes a record: its `type`, then its fields.
pub(super) fn record(line: &mut Vec<u8>, name: &'static str, object: Object<'_>) {
    line.extend_from_slice(b"{\"type\":");
    name.put(line);
    fields(line, object, true);
    line.push(b'}');
}

/// Writes the fields of an object; `behind` others, or as its first.
#[inline]
fn fields(line: &mut Vec<u8>, object: Object<'_>, mut behind: bool) {
    for field in object.shape().fields {
        let value = field.of(object);
        if matches!(value, Value::Absent) {
            continue;
        }
        let key = field.key.as_bytes();
        line.extend_from_slice(if behind { key } else { &key[1..] });
        behind = true;
        value.put(line);
    }
}

impl Put for Object<'_> {
    fn put(&self, line: &mut Vec<u8>) {
        line.push(b'{');
        fields(line, *self, false);
        line.push(b'}');
    }
}

impl Put for Value<'_> {
    #[inline]
    fn put(&self, line: &mut Vec<u8>) {
        match *self {
            Self::Unknown | Self::Absent => line.extend_from_slice(b"null"),
            Self::Number(n) => digits::whole(line, n),
            Self::Signed(n) => digits::signed(line, n),
            Self::Real(n) => digits::thousandths(line, n),
            // Most of all.
            Self::Nanos(0) => line.extend_from_slice(b"0.0"),
            Self::Nanos(nanos) => Seconds(nanos).put(line),
            Self::Time(time) => time.put(line),
            Self::Is(yes) => yes.put(line),
            Self::Name(name) => name.put(line),
            Self::Text(text) => plain_text(line, text),
            Self::Addr(addr) => addr.put(line),
            Self::Octets(octets) => Hex(octets).put(line),
            Self::Link(link) => Text(link.machine_name()).put(line),
            // The machine format speaks English, whatever `--lang` says.
            Self::Sentence(finding) => Text(explain::finding(finding, Language::En)).put(line),
            Self::Judgement(verdict) => Text(explain::verdict(verdict, Language::En)).put(line),
            Self::Diagnosed(diagnosis) => Text(explain::diagnosis(diagnosis, Language::En)).put(line),
            Self::Server(addr, port) => match port {
                Some(port) => Text(Endpoint { addr, port }).put(line),
                None => addr.put(line),
            },
            Self::Network(network) => Text(network).put(line),
            Self::Advice(verdict) => explain::advice(verdict, Language::En).map(Text).put(line),
            Self::Object(object) => object.put(line),
            Self::List(list) => list.put(line),
        }
    }
}

/// Text, most of which holds nothing that must be escaped (RFC 8259, section 7).
fn plain_text(line: &mut Vec<u8>, text: &str) {
    if text.bytes().any(|octet| octet < 0x20 || matches!(octet, b'"' | b'\\')) {
        return Text(text).put(line);
    }
    line.push(b'"');
    line.extend_from_slice(text.as_bytes());
    line.push(b'"');
}

impl Put for List<'_> {
    fn put(&self, line: &mut Vec<u8>) {
        match *self {
            Self::Vlans(vlans) => array(line, vlans.into_iter().filter(|vlan| *vlan != 0)),
            Self::Range((first, behind)) => array(line, [first, behind].into_iter()),
            Self::Flags(flags) => flags.put(line),
            Self::Labels(labels) => labels.put(line),
            Self::Analysis(marks) => marks.put(line),
            Self::Signs(signs) => array(line, signs.iter().map(|sign| sign.name())),
            Self::Options(options) => options.put(line),
            Self::Blocks(blocks) => blocks.put(line),
            Self::Counters(counters) => {
                array(line, counters.chunks_exact(3).map(|c| u32::from_be_bytes([0, c[0], c[1], c[2]])));
            }
            Self::Findings(findings) => array(line, findings.iter().map(Object::Finding)),
            Self::First(first) => array(line, first.iter().map(Object::FindingAt)),
            Self::Interfaces(interfaces) => array(line, interfaces.iter().map(Object::Interface)),
            Self::Phases(phases) => array(line, phases.iter().map(Object::Phase)),
            Self::Verdicts(verdicts) => array(line, verdicts.iter().map(Object::Verdict)),
            Self::Frames(frames) => array(line, frames.iter().copied()),
            Self::Counts(findings) => counts(line, findings.counts().map(|(kind, n)| (kind.name(), n))),
            Self::Causes(findings) => causes(line, findings),
        }
    }
}

/// An object of numbers.
fn counts(line: &mut Vec<u8>, counts: impl Iterator<Item = (&'static str, u32)>) {
    line.push(b'{');
    for (n, (name, count)) in counts.enumerate() {
        key(line, n, name);
        count.put(line);
    }
    line.push(b'}');
}

/// An object of such objects, for the kinds that have causes.
fn causes(line: &mut Vec<u8>, findings: &Findings) {
    line.push(b'{');
    let kinds = findings.counts().filter(|(kind, _)| kind.causes().next().is_some());
    for (n, (kind, _)) in kinds.enumerate() {
        key(line, n, kind.name());
        counts(line, of_kind(findings, kind));
    }
    line.push(b'}');
}

fn of_kind(findings: &Findings, kind: Kind) -> impl Iterator<Item = (&'static str, u32)> {
    let counts = kind.causes().map(move |cause| (cause.name(), findings.of_cause(cause)));
    counts.filter(|(_, count)| *count > 0)
}

/// A key that stands behind `n` others.
fn key(line: &mut Vec<u8>, n: usize, name: &'static str) {
    if n > 0 {
        line.push(b',');
    }
    name.put(line);
    line.push(b':');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_is_written_as_the_library_writes_it(text in "[ -~\\x00-\\x1f\\x7f\u{e9}\u{2028}\"\\\\]{0,12}") {
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            Value::Text(&text).put(&mut ours);
            Text(&text).put(&mut theirs);
            prop_assert_eq!(ours, theirs);
        }

        #[test]
        fn any_duration_is_written_as_the_one_writer_by_hand_writes_it(nanos: i64, shift in 0..64_u32) {
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            Value::Nanos(nanos >> shift).put(&mut ours);
            Seconds(nanos >> shift).put(&mut theirs);
            prop_assert_eq!(ours, theirs);
        }
    }
}

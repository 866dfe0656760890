//! The calls of a program as text: a line each, as they return.

use std::io;

use crate::wire::call::{Call, Message, Remark};
use crate::wire::frame::Timestamp;

use super::clock::Clock;
use super::line::Line;
use super::paint::Meaning;
use super::style::Style;
use words::Words;

pub(in crate::view) mod carried;
mod elision;
mod sampled;
pub mod scene;
mod words;
pub mod woven;

/// Columns of the connection's number.
const NUMBER: usize = 6;

/// A view of calls.
#[derive(Debug)]
pub struct Calls<W> {
    out: W,
    clock: Clock,
    line: Line,
    words: Words,
}

impl<W: io::Write> Calls<W> {
    /// Writes to `out`. With `counts`, what is read is taken apart into equal messages.
    pub fn new(out: W, style: Style, counts: bool) -> Self {
        let words = Words { style, counts, peers: true };
        Self { out, clock: Clock::new(style.time), line: Line::new(&style), words }
    }

    /// Shows a call.
    ///
    /// # Errors
    ///
    /// The output could not be written.
    pub fn call(&mut self, call: &Call<'_>) -> io::Result<()> {
        self.begin(call.at(), call.connection);
        self.words.call(&mut self.line, call);
        self.finish()
    }

    /// Shows a message that was found in the stream.
    ///
    /// # Errors
    ///
    /// The output could not be written.
    pub fn message(&mut self, message: &Message<'_>) -> io::Result<()> {
        self.begin(message.at, message.connection);
        self.words.message(&mut self.line, message);
        self.finish()
    }

    /// Shows a sentence.
    ///
    /// # Errors
    ///
    /// The output could not be written.
    pub fn remark(&mut self, remark: &Remark) -> io::Result<()> {
        self.begin(remark.at, remark.connection);
        let indent = self.line.column();
        self.line.paint(Meaning::Trouble);
        self.line.folded(&remark.sentence, indent, self.words.style.columns());
        self.line.plain(Meaning::Trouble);
        self.finish()
    }

    fn begin(&mut self, at: Timestamp, connection: Option<u64>) {
        self.clock.saw(Some(at));
        let width = self.clock.width() + 1;
        self.clock.write(&mut self.line, width, Some(at));
        self.line.to(width + 2);
        if let Some(connection) = connection {
            self.line.show(format_args!("#{connection}"));
        }
        self.line.to(width + 2 + NUMBER);
    }

    fn finish(&mut self) -> io::Result<()> {
        self.line.end();
        self.line.write_to(&mut self.out)?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use proptest::prelude::*;

    use super::*;
    use crate::wire::call::{Failure, Role, What};

    fn shown(what: What, octets: &[u8], result: Result<usize, Failure>, style: Style) -> String {
        let mut out = Vec::new();
        let call = Call {
            began: Timestamp::from_nanos(0),
            returned: Timestamp::from_nanos(0),
            who: Role::Server,
            connection: Some(1),
            local: None,
            peer: Some(([127, 0, 0, 1], 50274).into()),
            what,
            octets: Cow::Borrowed(octets),
            result,
        };
        Calls::new(&mut out, style, true).call(&call).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn glued_messages_are_counted_and_split_ones_shown_in_their_parts() {
        let stream = b"Hello!".repeat(50);
        let read = |from: usize, to: usize| {
            let what = What::Read { room: 128, offset: from as u64 };
            shown(what, &stream[from..to], Ok(to - from), Style::default())
        };
        assert!(read(0, 120).contains("read(128) = 120") && read(0, 120).ends_with("\"Hello!\" × 20\n"));
        assert!(read(128, 256).ends_with("\"llo!\", \"Hello!\" × 20, \"Hell\"\n"));
    }

    #[test]
    fn what_is_cut_off_ends_neither_within_an_escape_nor_before_the_first_character() {
        let stream = b"\x06\0\0\0Hello!".repeat(20);
        for (width, counts) in (50..130).flat_map(|width| [(width, false), (width, true)]) {
            let calls = &mut Calls::new(Vec::new(), Style { width, ..Style::default() }, counts);
            calls.begin(Timestamp::from_nanos(0), None);
            calls.words.payload(&mut calls.line, &stream[..128], 0);
            let text = String::from_utf8(calls.line.octets().to_vec()).unwrap();
            let plain = text.replace("\\x06", "").replace("\\x00", "");
            assert!(!plain.contains('\\') && !text.contains("\"\""), "{width}: {text}");
        }
    }

    #[test]
    fn a_line_keeps_its_width_whatever_was_read() {
        for width in [80, 120] {
            for octets in [&[0x1b; 4096][..], "日本".repeat(300).as_bytes(), &[b'\\'; 200]] {
                let style = Style { width, ..Style::default() };
                let calls = &mut Calls::new(Vec::new(), style, false);
                calls.begin(Timestamp::from_nanos(0), None);
                calls.words.quote(&mut calls.line, octets);
                assert!(calls.line.column() <= width, "{}", calls.line.column());
            }
        }
    }

    proptest! {
        #[test]
        fn glued_messages_keep_the_width_too(
            unit in prop::collection::vec(any::<u8>(), 1..60), more in 0..400_usize, offset in 0..400_u64,
            width in 64..130_usize, ascii in any::<bool>(),
        ) {
            let stream = unit.repeat(20);
            let octets = &stream[..(2 * unit.len() + more).min(stream.len())];
            let style = Style { width, ascii, ..Style::default() };
            let what = What::Read { room: 500, offset };
            let text = shown(what, octets, Ok(octets.len()), style);
            prop_assert!(text.trim_end_matches('\n').chars().count() <= width, "{}", text);
        }
    }

    #[test]
    fn a_failed_call_says_why() {
        let text = shown(What::Connect, b"", Err(Failure::Refused), Style::default());
        assert!(text.ends_with("connect(127.0.0.1:50274) = connection refused\n"), "{text}");
    }
}

//! Sentences, two at most.

use std::fmt::{self, Formatter, Write as _};

use crate::track::event::Event;

/// Sentences a segment may have.
const MOST: u8 = 2;

/// Writes sentences until there are enough of them.
pub(super) struct Prose<'p, 'f> {
    out: &'p mut Formatter<'f>,
    said: u8,
    absolute: bool,
}

impl<'p, 'f> Prose<'p, 'f> {
    pub(super) fn new(out: &'p mut Formatter<'f>, absolute: bool) -> Self {
        Self { out, said: 0, absolute }
    }

    /// A sequence number as it is to be shown; the one after the largest on the wire is 0.
    pub(super) const fn number(&self, number: i64) -> i64 {
        if self.absolute { number & 0xffff_ffff } else { number }
    }

    /// The octets from `first` on, as they are to be shown.
    pub(super) const fn octets(&self, first: i64, len: u64) -> Octets {
        let last = first.saturating_add_unsigned(len.saturating_sub(1));
        Octets { first: self.number(first), last: self.number(last), len }
    }

    /// Do numbers count from the ISN?
    pub(super) const fn is_relative(&self) -> bool {
        !self.absolute
    }

    /// Has nothing been said yet?
    pub(super) fn is_silent(&self) -> bool {
        self.said == 0
    }

    /// Writes a sentence with the section that justifies it; none for what only concerns the capture.
    pub(super) fn say(&mut self, words: fmt::Arguments<'_>, section: &str) -> fmt::Result {
        if self.said >= MOST {
            return Ok(());
        }
        if self.said > 0 {
            self.out.write_char(' ')?;
        }
        self.said += 1;
        self.out.write_fmt(words)?;
        if !section.is_empty() {
            write!(self.out, " [{section}]")?;
        }
        self.out.write_char('.')
    }

    /// Says where the sender is, if there was nothing else to say.
    pub(super) fn or_else(&mut self, event: &Event<'_>) -> fmt::Result {
        if !self.is_silent() {
            return Ok(());
        }
        let (sender, peer) = (event.from.name(), event.from.peer().name());
        match event.relative_ack {
            Some(ack) => self.say(
                format_args!(
                    "Nothing new: the {sender} says again that it will go on at {} and expects the {peer}'s octet {ack} next",
                    event.relative_seq
                ),
                "RFC 9293 3.4",
            ),
            None => self.say(
                format_args!(
                    "Neither SYN, RST nor ACK is set: a segment that no connection has a use for, to be dropped"
                ),
                "RFC 9293 3.10.7.4",
            ),
        }
    }
}

/// `octet 5` or `octets 5 to 9`.
pub(super) struct Octets {
    first: i64,
    last: i64,
    len: u64,
}

impl fmt::Display for Octets {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.len <= 1 {
            write!(f, "octet {}", self.first)
        } else {
            write!(f, "octets {} to {}", self.first, self.last)
        }
    }
}

/// `1 octet`, `12 octets`.
pub(super) struct Count(pub(super) u64);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} octet{}", self.0, if self.0 == 1 { "" } else { "s" })
    }
}

//! Sentences, two at most.

use std::fmt::{self, Formatter, Write as _};

use crate::track::event::Event;

use crate::explain::number::Count;

/// Sentences a segment may have.
const MOST: u8 = 2;

/// Writes sentences until there are enough of them.
pub(in crate::explain) struct Prose<'p, 'f> {
    out: &'p mut Formatter<'f>,
    said: u8,
    absolute: bool,
    /// How to show the sender's numbers.
    pub(in crate::explain) sent: Count,
    /// How to show the numbers of the end that it was sent to.
    pub(in crate::explain) acked: Count,
}

impl<'p, 'f> Prose<'p, 'f> {
    pub(in crate::explain) fn new(out: &'p mut Formatter<'f>, event: &Event<'_>, absolute: bool) -> Self {
        let (sent, acked) = (Count::of_sender(event, absolute), Count::of_receiver(event, absolute));
        Self { out, said: 0, absolute, sent, acked }
    }

    /// Do numbers count from the ISN?
    pub(in crate::explain) const fn is_relative(&self) -> bool {
        !self.absolute
    }

    /// Has nothing been said yet?
    pub(in crate::explain) fn is_silent(&self) -> bool {
        self.said == 0
    }

    /// Writes a sentence with the section that justifies it; none for what only concerns the capture.
    pub(in crate::explain) fn say(&mut self, words: fmt::Arguments<'_>, section: &str) -> fmt::Result {
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

    /// Writes a sentence after which there is nothing to add.
    pub(in crate::explain) fn conclude(&mut self, words: fmt::Arguments<'_>, section: &str) -> fmt::Result {
        self.say(words, section)?;
        self.said = MOST;
        Ok(())
    }

    /// Says where the sender is, if there was nothing else to say.
    pub(in crate::explain) fn or_else(&mut self, event: &Event<'_>) -> fmt::Result {
        if !self.is_silent() {
            return Ok(());
        }
        let (sender, peer) = (event.from.name(), event.from.peer().name());
        let next = self.sent.number(event.relative_seq);
        match event.relative_ack {
            Some(ack) => self.say(
                format_args!(
                    "Nothing new: the {sender} says again that it will go on at {next} and expects the {peer}'s octet \
                     {} next",
                    self.acked.number(ack)
                ),
                "RFC 9293 3.4",
            ),
            None => self.say(format_args!("Nothing new: the {sender} is at {next}"), "RFC 9293 3.4"),
        }
    }
}

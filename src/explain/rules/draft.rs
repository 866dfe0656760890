//! The statements about an event, while the rules find them.

use crate::track::event::Event;
use crate::track::flow::Side;
use crate::track::label::Analysis;

use crate::explain::number::Count;
use crate::explain::statement::{Fact, Statement};

use super::{MOST, Statements};

/// The statements found so far, and what several rules ask of an event.
#[derive(Debug)]
pub(super) struct Draft<'e> {
    statements: Statements<'e>,
    sender: Side,
    absolute: bool,
    /// Wireshark's marks as far as our own facts do not contradict them.
    pub(super) marks: Analysis,
    /// How to show the sender's numbers.
    pub(super) sent: Count,
    /// How to show the numbers of the end that it was sent to.
    pub(super) acked: Count,
}

impl<'e> Draft<'e> {
    pub(super) fn new(event: &'e Event<'e>, absolute: bool) -> Self {
        Self {
            statements: Statements { said: [None; MOST], len: 0 },
            sender: event.from,
            absolute,
            marks: event.marks(),
            sent: Count::of_sender(event, absolute),
            acked: Count::of_receiver(event, absolute),
        }
    }

    /// Whether numbers count from the ISN.
    pub(super) const fn is_relative(&self) -> bool {
        !self.absolute
    }

    /// Whether no statement has been added yet.
    pub(super) const fn is_empty(&self) -> bool {
        self.statements.len == 0
    }

    /// Whether there is no room for another statement.
    pub(super) const fn is_full(&self) -> bool {
        self.statements.len >= MOST
    }

    /// Adds a statement if there is room for it.
    pub(super) fn add(&mut self, statement: Statement<'e>) {
        if let Some(room) = self.statements.said.get_mut(self.statements.len) {
            *room = Some(statement);
            self.statements.len += 1;
        }
    }

    /// Adds a fact about the segment.
    pub(super) fn say(&mut self, fact: impl Fact) {
        self.add(fact.stated_of(self.sender));
    }

    /// Adds a fact after which there is nothing to add.
    pub(super) fn conclude(&mut self, fact: impl Fact) {
        self.say(fact);
        self.close();
    }

    /// Lets no more statements be added.
    pub(super) const fn close(&mut self) {
        self.statements.len = MOST;
    }

    pub(super) const fn finish(self) -> Statements<'e> {
        self.statements
    }
}

//! The reports of programs while they run, handed on to the thread that shows it.

use std::sync::mpsc::Sender;

use crate::wire::call::{Call, Journal, Message, Remark};
use crate::wire::frame::Timestamp;
use crate::wire::tcp_info::Sample;

/// One report of a program, of a capture or of a router.
#[derive(Debug)]
pub(super) enum Told {
    Call(Call<'static>),
    Message(Message<'static>),
    Remark(Remark),
    Sample(Sample),
    Note(Note),
}

/// An action of a party that is no program of the conversation, such as a router.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Note {
    pub(super) at: Timestamp,
    pub(super) who: &'static str,
    pub(super) sentence: String,
}

/// Passes reports on.
pub(super) struct Teller(pub(super) Sender<Told>);

impl Teller {
    pub(super) fn tell(&self, told: Told) {
        // When the receiver is gone, the demo is over.
        let _ = self.0.send(told);
    }
}

impl Journal for Teller {
    fn call(&self, call: &Call<'_>) {
        self.tell(Told::Call(call.clone().into_owned()));
    }

    fn message(&self, message: &Message<'_>) {
        let octets = message.octets.clone().into_owned().into();
        self.tell(Told::Message(Message { octets, ..*message }));
    }

    fn remark(&self, remark: &Remark) {
        self.tell(Told::Remark(remark.clone()));
    }

    fn sample(&self, sample: &Sample) {
        self.tell(Told::Sample(*sample));
    }
}

//! The handshake, and SYNs that do not belong to one (RFC 9293, section 3.5; RFC 5961, section 4).

use std::fmt;

use crate::track::event::Event;
use crate::track::flow::Side;
use crate::track::label::{Label, Mark};
use crate::track::state::State;

use super::draft::Prose;
use super::offer;
use crate::explain::number::Amount;

/// A SYN where none belongs, the answer to it, and connections of which the opening is not known.
pub(in crate::explain) fn doubtful(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let labels = event.labels;
    let (sender, peer) = (event.from.name(), event.from.peer().name());
    if labels.contains(Label::AckMissing) && labels.contains(Label::Midstream) {
        // Such segments are how ports are scanned.
        return prose.conclude(
            format_args!(
                "Neither SYN, RST nor ACK is set: no connection has a use for such a segment. An end that listens or is \
                 connected drops it, whatever it holds; where there is neither, the answer is a RST"
            ),
            "RFC 9293 3.10.7",
        );
    }
    if labels.contains(Label::AckMissing) {
        return prose.conclude(
            format_args!(
                "Neither SYN, RST nor ACK is set: no connection has a use for such a segment, so the {peer} drops it, \
                 whatever it holds"
            ),
            "RFC 9293 3.10.7.4",
        );
    }
    if labels.contains(Label::StraySyn) {
        let place = match event.before.on(event.from.peer()) {
            State::SynSent | State::SynReceived => "with another number, while the connection opens",
            _ => "inside an open connection",
        };
        prose.say(
            format_args!(
                "A SYN {place}: the {sender} has lost its state, or the segment is old or forged. The {peer} owes it a \
                 challenge ACK; if it has lost the connection as well, it will open a new one"
            ),
            "RFC 9293 3.5.1, 3.10.7.4",
        )?;
    }
    if labels.contains(Label::ChallengeAck) {
        prose.say(
            format_args!(
                "A challenge ACK: the {sender} says where it is and changes nothing. If the {peer} really has lost the \
                 connection, it will answer with a RST whose sequence number is exact, which must be believed"
            ),
            "RFC 5961 3, 4",
        )?;
    }
    if labels.contains(Label::AfterEnd) {
        prose.say(
            format_args!(
                "The connection was over before this segment came: it was late, or the {sender} does not know. An end \
                 that has forgotten the connection answers what comes with a RST"
            ),
            "RFC 9293 3.10.7.1",
        )?;
    }
    if labels.contains(Label::Midstream) {
        prose.say(
            format_args!(
                "The capture begins inside this connection: numbers are counted from what was seen first, and the \
                 states are inferred"
            ),
            "",
        )?;
    }
    Ok(())
}

/// The three steps, in whichever way they come.
pub(in crate::explain) fn handshake(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let labels = event.labels;
    let (sender, peer) = (event.from.name(), event.from.peer().name());
    if labels.contains(Label::PortReuse) {
        prose.say(
            format_args!(
                "The same two endpoints as an earlier connection, which is over: this sequence number begins a new one"
            ),
            "RFC 9293 3.4.1",
        )?;
    }
    if event.marks().contains(Mark::TfoIgnored) {
        prose.say(
            format_args!(
                "Takes the SYN alone, and none of the octets that came with it: the {peer} has to send them again"
            ),
            "RFC 7413 3",
        )?;
    }
    if labels.contains(Label::SimultaneousOpen) {
        prose.say(
            format_args!(
                "Both ends have sent a SYN before either saw the other's: each acknowledges what it got, and one \
                 connection comes of it, not two"
            ),
            "RFC 9293 3.5, figure 7",
        )?;
    } else if labels.contains(Label::Syn) && event.before.on(event.from) == State::Established {
        prose.say(
            format_args!(
                "The SYN that opened the connection, captured after its answer, so that it changes nothing any more"
            ),
            "",
        )?;
    } else if labels.contains(Label::Syn) {
        let counted = if prose.is_relative() { " (counted as 0 from here on)" } else { "" };
        prose.say(
            format_args!(
                "The {sender} asks to open a connection: its SYN takes sequence number {}{counted}, and the {sender} \
                 is now {}",
                event.segment.seq,
                event.states.on(event.from)
            ),
            "RFC 9293 3.5",
        )?;
    } else if labels.contains(Label::SynAck)
        || (event.segment.flags.syn() && labels.contains(Label::AckUnacceptable))
    {
        syn_ack(event, prose)?;
    } else if labels.contains(Label::HandshakeAck) {
        prose.say(
            format_args!(
                "Acknowledges the {peer}'s SYN: now both ends know that the other hears them, and the connection is \
                 open"
            ),
            "RFC 9293 3.5",
        )?;
    } else if event.acknowledges_syn() && !event.segment.flags.syn() {
        prose.say(
            format_args!(
                "Acknowledges the {peer}'s SYN; once this arrives, the {peer} is {}",
                event.states.on(event.from.peer())
            ),
            "RFC 9293 3.5",
        )?;
    }
    if labels.contains(Label::DataOnSyn) {
        prose.say(
            format_args!(
                "{} travel with the SYN; the {peer} may hand them to its application before the handshake is \
                 complete only if a Fast Open cookie vouches for the {sender}",
                Amount(event.segment.payload_len.into())
            ),
            "RFC 7413 3",
        )?;
    }
    offer::offer(event, prose)
}

fn syn_ack(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let (sender, peer) = (event.from.name(), event.from.peer().name());
    let seq = event.segment.seq;
    if event.labels.contains(Label::AckUnacceptable) {
        return prose.conclude(
            format_args!(
                "This SYN,ACK answers another SYN, an old one perhaps: its ack {} does not acknowledge the {peer}'s. The \
                 {peer} stays in {} and answers with a RST",
                prose.acked.number(event.relative_ack.unwrap_or_default()),
                event.before.on(event.from.peer())
            ),
            "RFC 9293 3.5, figure 8",
        );
    }
    if event.from == Side::Client || event.before.client == State::SynReceived {
        return prose.say(
            format_args!(
                "Acknowledges the {peer}'s SYN and repeats the {sender}'s own, as each end does where two SYNs have \
                 crossed; once this arrives, the {peer} is {}",
                event.states.on(event.from.peer())
            ),
            "RFC 9293 3.5, figure 7",
        );
    }
    let ack = prose.acked.number(event.relative_ack.unwrap_or_default());
    let (here, there) = (event.states.on(event.from), event.states.on(event.from.peer()));
    let also = if there == State::Established { ", once this arrives," } else { "" };
    prose.say(
        format_args!(
            "The {sender} agrees: ack {ack} says that it got the {peer}'s SYN, and its own SYN takes sequence number \
             {seq}; the {sender} is {here}, the {peer}{also} {there}"
        ),
        "RFC 9293 3.5",
    )
}

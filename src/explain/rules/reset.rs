//! RSTs: believed, doubted, ignored (RFC 9293, section 3.5.3; RFC 5961, section 3).

use std::fmt;

use crate::track::event::Event;
use crate::track::label::Label;
use crate::track::state::State;
use crate::wire::seq::SeqNumber;

use super::draft::Prose;

/// What a RST does.
pub(in crate::explain) fn reset(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let labels = event.labels;
    let peer = event.from.peer().name();
    let seq = prose.sent.number(event.relative_seq);
    if labels.contains(Label::Refused) {
        return refused(event, prose);
    }
    if labels.contains(Label::ResetInWindow) {
        prose.say(
            format_args!(
                "A RST whose sequence number {seq} lies in the {peer}'s window without being the one it expects next: \
                 it may be forged, so the {peer} keeps the connection and asks back with a challenge ACK"
            ),
            "RFC 5961 3.2",
        )?;
    }
    if labels.contains(Label::ResetIgnored) {
        ignored(event, prose)?;
    }
    if labels.contains(Label::ResetUndecided) {
        prose.say(
            format_args!(
                "A RST whose sequence number {seq} lies beyond what was seen, and it is not known how far the {peer}'s \
                 window reaches: whether the {peer} believes it, asks back or ignores it shows in what follows"
            ),
            "RFC 9293 3.5.3",
        )?;
    }
    if labels.contains(Label::OutOfWindow) {
        prose.say(
            format_args!(
                "Its sequence number {seq} lies far outside the {peer}'s window: the {peer} drops it, whatever it \
                 holds, and says once more what it expects"
            ),
            "RFC 9293 3.10.7.4",
        )?;
    }
    if event.segment.flags.rst() && labels.contains(Label::AfterEnd) {
        return late(event, prose);
    }
    if !labels.contains(Label::Reset) {
        return Ok(());
    }
    if event.before.on(event.from) == State::SynSent {
        return opening(event, prose);
    }
    if event.before.on(event.from.peer()) != State::SynSent && answers(event) {
        return unknown(event, prose);
    }
    if answers_without_ack(event) {
        return prose.say(
            format_args!(
                "The {name} has no such connection: as what came had no ACK, its RST has sequence number 0 and \
                 acknowledges all that came",
                name = event.from.name()
            ),
            "RFC 9293 3.10.7.1",
        );
    }
    breaks_off(event, prose)
}

fn refused(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let (sender, peer) = (event.from.name(), event.from.peer().name());
    prose.say(
        format_args!(
            "Nobody listens on port {} of the {sender}, or a filter answers in its name: the RST acknowledges the SYN, so \
             the {peer} believes it and gives up",
            event.endpoints.on(event.from).port
        ),
        "RFC 9293 3.5.2",
    )
}

fn ignored(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let peer = event.from.peer().name();
    if event.before.on(event.from.peer()) == State::SynSent {
        let words = "the one sign that it answers this attempt is missing, and the";
        return match event.relative_ack {
            Some(ack) => prose.say(
                format_args!(
                    "A RST whose ack {} does not acknowledge the {peer}'s SYN: {words} {peer} ignores it",
                    prose.acked.number(ack)
                ),
                "RFC 9293 3.10.7.3",
            ),
            None => prose.say(
                format_args!(
                    "A RST without ACK cannot acknowledge the {peer}'s SYN: {words} {peer} ignores it"
                ),
                "RFC 9293 3.10.7.3",
            ),
        };
    }
    prose.say(
        format_args!(
            "A RST whose sequence number {} lies outside the {peer}'s window: the {peer} ignores it",
            prose.sent.number(event.relative_seq)
        ),
        "RFC 9293 3.5.3",
    )
}

/// A RST on a connection that is over.
fn late(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let peer = event.from.peer().name();
    if event.before.on(event.from.peer()) == State::TimeWait {
        return prose.conclude(
            format_args!(
                "The connection is over already: all that this RST can end is the {peer}'s wait in TIME-WAIT"
            ),
            "RFC 9293 3.10.7.4, RFC 1337",
        );
    }
    prose.conclude(
        format_args!("The connection is over already: this RST changes nothing"),
        "RFC 9293 3.10.7.1",
    )
}

/// A RST of an end that opens a connection, against one that it does not know.
fn opening(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let (sender, peer) = (event.from.name(), event.from.peer().name());
    let (outcome, section) = if event.states.on(event.from.peer()) == State::Listen {
        ("and listens again", "RFC 9293 3.5, figure 8")
    } else {
        ("and forgets", "RFC 9293 3.5.1")
    };
    prose.say(
        format_args!(
            "The {sender} knows nothing of the connection that the {peer} speaks of, as it is opening one: its RST has \
             the sequence number that was acknowledged, so the {peer} believes it {outcome}"
        ),
        section,
    )
}

/// Has it the number that the other end acknowledged with, and no ACK, as the answer of an end has that knows no
/// such connection (RFC 9293, section 3.5.2, group 1)?
fn answers(event: &Event<'_>) -> bool {
    !event.segment.flags.ack() && event.receiver.expects == Some(event.relative_seq)
}

/// Is it the answer of such an end to a segment without ACK (RFC 9293, section 3.10.7.1)?
fn answers_without_ack(event: &Event<'_>) -> bool {
    let Event { segment, receiver, .. } = event;
    segment.flags.ack() && segment.seq == SeqNumber(0) && receiver.latest.contains(Label::AckMissing)
}

fn unknown(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let (sender, peer) = (event.from.name(), event.from.peer().name());
    let outcome = if event.states.on(event.from.peer()) == State::Listen {
        "listens again"
    } else {
        "forgets it at once"
    };
    prose.say(
        format_args!(
            "The {sender} has no such connection, or wants it no longer: its RST has the very number {} that the {peer} \
             acknowledged with, so the {peer} believes it and {outcome}",
            prose.sent.number(event.relative_seq)
        ),
        "RFC 9293 3.5.1, 3.5.2",
    )
}

fn breaks_off(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let (sender, peer) = (event.from.name(), event.from.peer().name());
    let seq = prose.sent.number(event.relative_seq);
    prose.say(
        format_args!(
            "The {sender} breaks the connection off: both ends forget it at once, and what had not arrived is lost"
        ),
        "RFC 9293 3.10.5",
    )?;
    if event.before.on(event.from.peer()) == State::SynSent {
        return prose
            .say(format_args!("The {peer} believes it since it acknowledges its SYN"), "RFC 9293 3.5.3");
    }
    if event.receiver.expects == Some(event.relative_seq) {
        return prose.say(
            format_args!("The {peer} believes it since sequence number {seq} is the one it expects next"),
            "RFC 9293 3.5.3",
        );
    }
    let unacknowledged = event.sender.una..=event.sender.next;
    if event.sender.heard && unacknowledged.contains(&event.relative_seq) {
        return prose.say(
            format_args!(
                "The {peer} believes it if {seq} is the number it expects next: all before that has been sent, though \
                 not all is acknowledged yet"
            ),
            "RFC 9293 3.5.3",
        );
    }
    Ok(())
}

//! Sentences about any conversation: how it opened, which way the first octets went, how it ended.

use crate::wire::call::{Role, What};

use super::closing::{self, Closing};
use super::seen::{Seen, overlapping};
use super::words::frames;

/// Two or three sentences with the numbers of frames; none where nothing was captured.
pub fn sentences(seen: &Seen) -> Vec<String> {
    [opening(seen), first_write(seen), ending(seen)].into_iter().flatten().collect()
}

/// The sentence about how the connection opened.
pub fn opening(seen: &Seen) -> Option<String> {
    let (client, server) = (&seen.from(Role::Client).segments, &seen.from(Role::Server).segments);
    let syn = client.iter().find(|segment| segment.flags.syn())?;
    let syn_ack = server.iter().find(|segment| segment.flags.syn() && segment.flags.ack());
    let ack = syn_ack.and_then(|syn_ack| {
        client.iter().find(|segment| segment.frame > syn_ack.frame && segment.flags.ack())
    });
    let (Some(syn_ack), Some(ack)) = (syn_ack, ack) else {
        return Some(format!("Frame {} asks for a connection, and none was opened.", syn.frame));
    };
    let three = [syn.frame, syn_ack.frame, ack.frame];
    Some(format!(
        "Opening: {} are the three-way handshake, in which each end says where its numbers begin, and hears that the \
         other has understood.",
        match three {
            [a, _, c] if c == a + 2 => format!("frames {a} to {c}"),
            _ => frames(&three),
        }
    ))
}

/// The way of the first write.
fn first_write(seen: &Seen) -> Option<String> {
    let direction = seen.from(Role::Client);
    let write = direction.writes.first()?;
    let carried: Vec<_> = direction
        .first_transmissions()
        .filter(|segment| segment.meets(write))
        .map(|segment| segment.frame)
        .collect();
    let reads = overlapping(&direction.reads, write.from, write.to);
    let (false, [read, ..]) = (carried.is_empty(), reads) else { return None };
    let got = match reads.len() {
        1 if (read.from, read.to) == (write.from, write.to) => "got just these".to_owned(),
        1 => format!("got {} octets, these among them", read.to - read.from),
        many => format!("got some of them, and {many} reads took them all"),
    };
    Some(format!(
        "Data: the {} octets of the client's first write travelled in {}, and the server's read {got}.",
        write.to - write.from,
        frames(&carried)
    ))
}

/// Nanoseconds from the client's last read to its close, where it read something and closed first.
pub fn pause_before_close(seen: &Seen) -> Option<i64> {
    let read = seen.from(Role::Server).reads.last()?;
    let closes = |who: Role| {
        let mut of = seen.occasions.iter().filter(move |call| call.who == who);
        of.find(|call| matches!(call.what, What::Close { .. } | What::ShutdownWrite))
    };
    let close = closes(Role::Client)?;
    let first = closes(Role::Server).is_none_or(|other| close.began <= other.began);
    (first && close.began >= read.returned).then(|| close.began.nanos_since(read.returned))
}

/// How it ended.
fn ending(seen: &Seen) -> Option<String> {
    if let Some((who, frame)) = closing::reset(seen) {
        return Some(format!(
            "End: frame {frame} is a RST of the {}: the connection is gone at once for both ends, and what was under \
             way is lost.",
            who.name()
        ));
    }
    Closing::of(seen).map(|closing| closing.sentence())
}

#[cfg(test)]
mod tests {
    use super::super::seen::sample::{conversation, row};
    use super::super::seen::{Direction, Occasion};
    use super::*;
    use crate::wire::frame::Timestamp;

    #[test]
    fn the_pause_before_a_close_is_that_of_a_client_that_closes_first() {
        let at = |millis: i64| Timestamp::from_nanos(millis * 1_000_000);
        let close = |who, millis| Occasion {
            who,
            what: What::Close { reset: false },
            began: at(millis),
            returned: at(millis),
            failure: None,
            octets: 0,
        };
        let mut reads = row(&[2]);
        reads[0].returned = at(10);
        let from_server = Direction { reads, ..Direction::default() };
        let mut seen = conversation(Direction::default(), from_server);
        assert_eq!(pause_before_close(&seen), None);
        seen.occasions = vec![close(Role::Client, 60), close(Role::Server, 61)];
        assert_eq!(pause_before_close(&seen), Some(50_000_000));
        seen.occasions = vec![close(Role::Server, 20), close(Role::Client, 60)];
        assert_eq!(pause_before_close(&seen), None);
        assert_eq!(pause_before_close(&Seen::default()), None);
    }
}

//! What there was to see in any conversation: how it opened, which way the first octets went, how it ended.

use crate::wire::call::Role;

use super::closing::{self, Closing};
use super::seen::{Seen, overlapping};
use super::words::frames;

/// Two or three sentences with the numbers of frames; none where nothing was captured.
pub fn sentences(seen: &Seen) -> Vec<String> {
    [opening(seen), first_write(seen), ending(seen)].into_iter().flatten().collect()
}

/// How it opened.
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

/// How it ended.
fn ending(seen: &Seen) -> Option<String> {
    if let Some((who, frame)) = closing::reset(seen) {
        return Some(format!(
            "End: frame {frame} is a RST of the {}: the connection is gone at once for both ends, and what was under \
             way or not yet read is lost.",
            who.name()
        ));
    }
    Closing::of(seen).map(|closing| closing.sentence())
}

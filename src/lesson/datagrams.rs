//! The fate of datagrams (RFC 768): each call sends one, each call takes one, and what finds no room is lost.

use crate::wire::call::{Role, What};

use super::seen::{Datagram, Seen};

/// A datagram, what was handed over for it, and what was got of it.
struct Way {
    datagram: Datagram,
    sent: u64,
    got: Option<u64>,
}

/// Two or three sentences with the numbers of frames; none where no datagram was captured, or where what was captured is not
/// what was sent, one for one.
pub fn sentences(seen: &Seen) -> Vec<String> {
    let (Some(there), Some(back)) = (ways(seen, Role::Client), ways(seen, Role::Server)) else {
        return Vec::new();
    };
    let Some(first) = there.first() else { return Vec::new() };
    let answer = back.first().map_or_else(String::new, |back| {
        format!(", and frame {} is the server's first", back.datagram.frame)
    });
    let mut sentences = vec![format!(
        "Data: each sendto() makes a datagram in a frame of its own: frame {} carries the {} octets of the client's \
         first{answer}.",
        first.datagram.frame, first.sent
    )];
    let all = || there.iter().chain(&back);
    let cut = all().find(|way| way.got.is_some_and(|got| got < way.sent));
    if let Some(Way { datagram, sent, got: Some(got) }) = cut {
        sentences.push(format!(
            "Reading: the {} had room for {got} of the {sent} octets in frame {}, and the others are lost: recvfrom() \
             takes one datagram, and leaves nothing of it for the next call.",
            datagram.writer.peer().name(),
            datagram.frame
        ));
    } else if all().all(|way| way.got == Some(way.sent)) {
        sentences.push(
            "Reading: each recvfrom() got one datagram, and all of it: nothing is glued or split, as it is in \
             `tcpscope demo sticky`."
                .to_owned(),
        );
    }
    sentences.push(
        "No frame opens or closes anything, and none acknowledges: UDP does not say whether a datagram arrived, and does \
         not send it again."
            .to_owned(),
    );
    sentences
}

/// Each datagram of this program; `None` where they are not those of its calls.
fn ways(seen: &Seen, writer: Role) -> Option<Vec<Way>> {
    let calls = |who: Role, kind: fn(&What) -> bool| {
        let of = seen.occasions.iter().filter(move |call| call.who == who && call.failure.is_none());
        of.filter(move |call| kind(&call.what)).map(|call| call.octets)
    };
    let sent: Vec<_> = calls(writer, |what| matches!(what, What::Send { .. })).collect();
    let mut got = calls(writer.peer(), |what| matches!(what, What::Receive { .. }));
    let datagrams: Vec<_> = seen.datagrams.iter().filter(|datagram| datagram.writer == writer).collect();
    let same = sent.len() == datagrams.len()
        && sent.iter().zip(&datagrams).all(|(sent, datagram)| *sent == datagram.octets);
    let way = |(datagram, sent): (&Datagram, u64)| Way { datagram: *datagram, sent, got: got.next() };
    same.then(|| datagrams.into_iter().zip(sent).map(way).collect())
}

#[cfg(test)]
mod tests {
    use super::super::seen::Occasion;
    use super::*;
    use crate::wire::frame::Timestamp;

    fn call(who: Role, what: What, octets: u64) -> Occasion {
        let at = Timestamp::from_nanos(0);
        Occasion { who, what, began: at, returned: at, failure: None, octets }
    }

    /// A question of 12 octets and an answer of 5, of which the readers get so many.
    fn asked(got: [u64; 2]) -> Seen {
        use Role::{Client, Server};
        let mut seen = Seen::default();
        seen.occasions = vec![
            call(Client, What::Send { given: 12 }, 12),
            call(Server, What::Receive { room: 128 }, got[0]),
            call(Server, What::Send { given: 5 }, 5),
            call(Client, What::Receive { room: 128 }, got[1]),
        ];
        let datagram = |frame, writer, octets| Datagram { frame, writer, octets };
        seen.datagrams = vec![datagram(3, Client, 12), datagram(4, Server, 5)];
        seen
    }

    #[test]
    fn each_datagram_is_told_with_its_frame_and_stays_whole() {
        let sentences = sentences(&asked([12, 5]));
        assert!(sentences[0].ends_with(
            "frame 3 carries the 12 octets of the client's first, and frame 4 is the server's first."
        ));
        assert!(sentences[1].starts_with("Reading: each recvfrom() got one datagram, and all of it"));
        assert_eq!(sentences.len(), 3);
    }

    #[test]
    fn what_found_no_room_is_told_as_lost() {
        let sentences = sentences(&asked([12, 3]));
        let words =
            "Reading: the client had room for 3 of the 5 octets in frame 4, and the others are lost: ";
        assert!(sentences[1].starts_with(words), "{}", sentences[1]);
    }

    #[test]
    fn nothing_is_said_of_datagrams_that_are_not_those_of_the_calls() {
        let mut seen = asked([12, 5]);
        seen.datagrams[0].octets = 13;
        assert_eq!(sentences(&seen), Vec::<String>::new());
        seen.datagrams.clear();
        assert_eq!(sentences(&seen), Vec::<String>::new());
        // One that was sent and did not come is not said to have been read.
        let mut seen = asked([12, 5]);
        seen.occasions.pop();
        assert_eq!(sentences(&seen).len(), 2);
    }
}

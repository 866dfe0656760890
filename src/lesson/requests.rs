//! How long a client waited for each of its answers, and whether it was an acknowledgement that it waited for.

use crate::wire::call::Role;

use super::gluing::{Gluing, Held};
use super::seen::{Direction, Piece, Seen};
use super::words::frames;

/// Writes of a client, and the read that got the answer to them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// The numbers of the first and of the last write.
    pub writes: (u64, u64),
    /// Nanoseconds from the beginning of the first write to the return of the read.
    pub took: i64,
    /// The write that was held back the longest in this request, if any was.
    pub held: Option<Held>,
    /// The frame that acknowledged the first write, and nanoseconds from the frame that carried it to there.
    pub acknowledged: Option<(u64, i64)>,
    /// The frames that carried the writes, and those that carried the answer.
    pub frames: [Vec<u64>; 2],
}

/// The requests of a client that writes, reads, and writes again.
pub fn requests(seen: &Seen, nodelay: bool) -> Vec<Request> {
    let gluing = Gluing::of(seen, Role::Client, nodelay);
    let writes = &seen.from(Role::Client).writes;
    let answers = &seen.from(Role::Server).reads;
    let mut requests = Vec::new();
    let mut since = None;
    for answer in answers {
        let mine: Vec<&Piece> = writes
            .iter()
            .filter(|write| since.is_none_or(|since| write.began >= since) && write.began < answer.returned)
            .collect();
        since = Some(answer.returned);
        if let (Some(first), Some(last)) = (mine.first(), mine.last()) {
            requests.push(request(seen, (first, last), answer, &gluing));
        }
    }
    requests
}

fn request(seen: &Seen, (first, last): (&Piece, &Piece), answer: &Piece, gluing: &Gluing) -> Request {
    let writes = (first.number, last.number);
    let mine = |held: &&Held| (writes.0..=writes.1).contains(&held.writes.0);
    Request {
        writes,
        took: answer.returned.nanos_since(first.began),
        held: gluing.held.iter().filter(mine).max_by_key(|held| held.waited).copied(),
        acknowledged: acknowledged(seen, first),
        frames: [
            carried(seen.from(Role::Client), first.from, last.to),
            carried(seen.from(Role::Server), answer.from, answer.to),
        ],
    }
}

/// The frames that carried this part of a stream for the first time.
fn carried(direction: &Direction, from: u64, to: u64) -> Vec<u64> {
    let of = direction.first_transmissions().filter(|segment| segment.from < to && from < segment.to);
    of.map(|segment| segment.frame).collect()
}

/// The sentence about a conversation of requests and answers; `None` where a request or its answer was not captured.
pub fn sentence(protocol: &str, requests: &[Request]) -> Option<String> {
    let told = |request: &Request| {
        let [asks, answers] = &request.frames;
        let (one, other) = (asks.len() == 1, answers.len() == 1);
        let (ask, answer) = (if one { "asks" } else { "ask" }, if other { "answers" } else { "answer" });
        let captured = !asks.is_empty() && !answers.is_empty();
        captured.then(|| format!("{} {ask} and {} {answer}", frames(asks), frames(answers)))
    };
    let all: Option<Vec<_>> = requests.iter().map(told).collect();
    let all = all?;
    Some(match all.as_slice() {
        [] => return None,
        [only] => format!("{protocol}: one request and its answer: {only}."),
        [first, second] => format!("{protocol}: 2 requests over one connection: {first}, then {second}."),
        [first, .., last] => {
            format!(
                "{protocol}: {} requests over one connection: {first}, and so on, until {last}.",
                all.len()
            )
        }
    })
}

/// What acknowledged all of a write of the client, if that travelled in one segment.
fn acknowledged(seen: &Seen, write: &Piece) -> Option<(u64, i64)> {
    let mut carried = seen.from(Role::Client).first_transmissions().filter(|segment| segment.meets(write));
    let (segment, None) = (carried.next()?, carried.next()) else { return None };
    let mut answers = seen.from(Role::Server).segments.iter();
    let by = answers.find(|answer| answer.ack.is_some_and(|ack| ack >= segment.to))?;
    Some((by.frame, by.at.nanos_since(segment.at)))
}

#[cfg(test)]
mod tests {
    use super::super::seen::Segment;
    use super::super::seen::sample::{conversation, row, segment};
    use super::*;

    #[test]
    fn a_request_lasts_from_its_first_write_to_the_read_of_its_answer() {
        // Writes at 0 and 1 ms, at 3 ms, and an answer to the two, and to the one.
        let mut writes = row(&[4, 8, 12]);
        let mut reads = row(&[6, 6]);
        let at = |millis: i64| crate::wire::frame::Timestamp::from_nanos(millis * 1_000_000);
        (writes[2].began, writes[2].returned) = (at(3), at(3));
        (reads[0].began, reads[0].returned) = (at(1), at(2));
        (reads[1].began, reads[1].returned) = (at(3), at(7));
        let seen = conversation(
            Direction { writes, ..Direction::default() },
            Direction { reads, ..Direction::default() },
        );
        let requests = requests(&seen, false);
        let told: Vec<_> = requests.iter().map(|request| (request.writes, request.took)).collect();
        assert_eq!(told, [((1, 2), 2_000_000), ((3, 3), 4_000_000)]);
        assert!(requests.iter().all(|request| request.held.is_none()));
    }

    #[test]
    fn what_acknowledged_the_first_write_is_told_with_its_wait() {
        let (writes, mut reads) = (row(&[4, 8]), row(&[6]));
        reads[0].returned = crate::wire::frame::Timestamp::from_nanos(5_000_000);
        let ack =
            |frame, millis: i64, ack| Segment { ack: Some(ack), ..segment(frame, millis * 1_000_000, 0, 0) };
        let sent = vec![segment(1, 0, 0, 4), segment(4, 3_000_000, 4, 12)];
        let seen = conversation(
            Direction { writes, segments: sent, ..Direction::default() },
            Direction {
                reads,
                segments: vec![ack(2, 1, 0), ack(3, 2, 4), segment(5, 4_000_000, 0, 6)],
                ..Direction::default()
            },
        );
        let requests = requests(&seen, false);
        assert_eq!(requests[0].acknowledged, Some((3, 2_000_000)));
        assert_eq!(requests[0].frames, [vec![1, 4], vec![5]]);
        let words = "HTTP: one request and its answer: frames 1 and 4 ask and frame 5 answers.";
        assert_eq!(sentence("HTTP", &requests).as_deref(), Some(words));
        let two = [requests[0].clone(), requests[0].clone()];
        assert!(
            sentence("HTTP", &two).unwrap().contains("2 requests over one connection: frames 1 and 4 ask")
        );
        let lost = [Request { frames: [vec![1], vec![]], ..requests[0].clone() }];
        assert_eq!((sentence("HTTP", &lost), sentence("HTTP", &[])), (None, None));
    }
}

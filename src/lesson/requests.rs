//! How long a client waited for each of its answers, and whether it was an acknowledgement that it waited for.

use crate::wire::call::Role;

use super::gluing::{Gluing, Held};
use super::seen::{Piece, Seen};

/// Writes of a client, and the read that got the answer to them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// The numbers of the first and of the last write.
    pub writes: (u64, u64),
    /// Nanoseconds from the beginning of the first write to the return of the read.
    pub took: i64,
    /// The write that was held back the longest in this request, if any was.
    pub held: Option<Held>,
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
            requests.push(request(first, last, answer, &gluing));
        }
    }
    requests
}

fn request(first: &Piece, last: &Piece, answer: &Piece, gluing: &Gluing) -> Request {
    let writes = (first.number, last.number);
    let mine = |held: &&Held| (writes.0..=writes.1).contains(&held.writes.0);
    Request {
        writes,
        took: answer.returned.nanos_since(first.began),
        held: gluing.held.iter().filter(mine).max_by_key(|held| held.waited).copied(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::seen::Direction;
    use super::super::seen::sample::{conversation, row};
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
}

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
        let [first, .., last] = mine.as_slice() else {
            let [only] = mine.as_slice() else { continue };
            requests.push(request(only, only, answer, &gluing));
            continue;
        };
        requests.push(request(first, last, answer, &gluing));
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

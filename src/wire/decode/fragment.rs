//! Fragments of IP datagrams, until all are there.
//!
//! Memory is bounded by what was captured: [`MAX_OCTETS`] in all, in at most [`MAX_DATAGRAMS`] datagrams of at
//! most [`MAX_PIECES`] pieces each. Where one more would pass a bound, the oldest datagram is forgotten;
//! and any datagram is, [`MAX_AGE`] after its first piece.
//!
//! Overlaps: a piece that came before, octet for octet, is ignored. In IPv6 any other overlap is an attack,
//! and the datagram is forgotten (RFC 5722, section 4). In IPv4 the piece that came last is taken, as in the
//! procedure of RFC 791, section 3.2; receivers differ here, so what one made of it cannot be known.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::time::Duration;

use super::rest::Rest;
use super::walk::Context;
use crate::wire::frame::Timestamp;
use crate::wire::path::Path;
use crate::wire::skip::Skip;

/// Octets of pieces kept in all.
pub(super) const MAX_OCTETS: usize = 4 << 20;
/// Datagrams that wait at once.
pub(super) const MAX_DATAGRAMS: usize = 256;
/// Pieces of one datagram: a full one in pieces of 256 octets.
const MAX_PIECES: usize = 256;
/// How long a datagram waits (RFC 8200, section 4.5).
const MAX_AGE: Duration = Duration::from_secs(60);
/// The longest payload of a datagram.
const MAX_DATAGRAM: usize = 65_535;

/// What the header says of a fragment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// 4 or 6.
    pub(super) version: u8,
    /// Which datagram it belongs to.
    pub(super) id: u32,
    /// The piece's place in the datagram, in octets.
    pub(super) at: u32,
    /// Others follow behind it.
    pub(super) more: bool,
    /// What the datagram carries; in IPv6 only the first fragment's counts.
    pub(super) protocol: u8,
}

/// Datagrams that wait, in the order in which their first pieces came.
#[derive(Debug, Default)]
pub(super) struct Fragments {
    waiting: VecDeque<Datagram>,
    /// Octets kept in all of them.
    octets: usize,
}

/// Which datagram a piece belongs to (RFC 791, section 3.2; RFC 8200, section 4.5).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Key {
    id: u32,
    src: IpAddr,
    dst: IpAddr,
    /// 0 in IPv6.
    protocol: u8,
    path: Path,
}

#[derive(Debug)]
struct Datagram {
    key: Key,
    since: Option<Timestamp>,
    /// The pieces' octets in the order in which they came.
    octets: Vec<u8>,
    /// Where each piece belongs: its place in the datagram and its length, in the same order.
    places: Vec<(usize, usize)>,
    /// How long the datagram is, once the last piece came.
    len: Option<usize>,
    /// The protocol that the datagram carries, once the first piece came.
    protocol: Option<u8>,
}

/// The effect of a piece on its datagram.
enum Added {
    Waits,
    Complete,
    /// The piece contradicts those before it.
    Broken,
}

impl Fragments {
    /// Keeps a piece. Returns the protocol and the octets of the datagram if it is complete with it.
    pub(super) fn add(
        &mut self,
        context: &Context,
        rest: Rest<'_>,
        piece: Piece,
        now: Option<Timestamp>,
    ) -> Result<(u8, Vec<u8>), Skip> {
        let waits = Skip::Fragment { src: context.src, dst: context.dst };
        self.expire(now);
        let key = Key {
            id: piece.id,
            src: context.src,
            dst: context.dst,
            protocol: if piece.version == 4 { piece.protocol } else { 0 },
            path: context.path,
        };
        // The datagram of a piece is most likely a young one.
        let known = self.waiting.iter().rposition(|datagram| datagram.key == key);
        let mut datagram = match known.and_then(|index| self.waiting.remove(index)) {
            Some(datagram) => datagram,
            None => Datagram::new(key, now),
        };
        self.octets -= datagram.octets.len();
        match datagram.add(piece, rest.octets) {
            Added::Complete => datagram.whole().ok_or(waits),
            Added::Broken => Err(waits),
            Added::Waits => {
                self.keep(datagram, known);
                Err(waits)
            }
        }
    }

    /// Datagrams that wait, and their octets.
    #[cfg(test)]
    pub(super) fn kept(&self) -> (usize, usize) {
        assert_eq!(self.octets, self.waiting.iter().map(|datagram| datagram.octets.len()).sum::<usize>());
        (self.waiting.len(), self.octets)
    }

    /// Puts a datagram back to its place by age, or in as the youngest.
    fn keep(&mut self, datagram: Datagram, place: Option<usize>) {
        self.octets += datagram.octets.len();
        self.waiting.insert(place.unwrap_or(self.waiting.len()), datagram);
        while self.octets > MAX_OCTETS || self.waiting.len() > MAX_DATAGRAMS {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        if let Some(oldest) = self.waiting.pop_front() {
            self.octets -= oldest.octets.len();
        }
    }

    /// Forgets datagrams that have waited too long.
    fn expire(&mut self, now: Option<Timestamp>) {
        let Some(now) = now else { return };
        let waited = |oldest: &Datagram| oldest.since.and_then(|since| now.since(since));
        while self.waiting.front().and_then(waited).is_some_and(|age| age > MAX_AGE) {
            self.forget_oldest();
        }
    }
}

impl Datagram {
    fn new(key: Key, since: Option<Timestamp>) -> Self {
        Self { key, since, octets: Vec::new(), places: Vec::new(), len: None, protocol: None }
    }

    /// Adds a piece.
    fn add(&mut self, piece: Piece, octets: &[u8]) -> Added {
        let at = piece.at as usize;
        let end = at + octets.len();
        let farthest = self.places.iter().map(|(at, len)| at + len).max().unwrap_or(0);
        let len = if piece.more { self.len } else { Some(end) };
        if octets.is_empty()
            || end > MAX_DATAGRAM
            || self.places.len() == MAX_PIECES
            // Two ends, or something behind the end.
            || self.len.is_some() && len != self.len
            || len.is_some_and(|len| len < end.max(farthest))
            // All pieces but the last end on a boundary of eight octets.
            || piece.more && !octets.len().is_multiple_of(8)
        {
            return Added::Broken;
        }
        if self.overlaps(at, end) {
            if self.holds(at, octets) {
                return Added::Waits;
            }
            if piece.version == 6 {
                return Added::Broken;
            }
        }
        self.len = len;
        if at == 0 {
            self.protocol = Some(piece.protocol);
        }
        self.octets.extend_from_slice(octets);
        self.places.push((at, octets.len()));
        if self.is_complete() { Added::Complete } else { Added::Waits }
    }

    fn overlaps(&self, from: usize, to: usize) -> bool {
        self.places.iter().any(|(at, len)| *at < to && from < at + len)
    }

    /// Whether this piece is here already, octet for octet.
    fn holds(&self, at: usize, octets: &[u8]) -> bool {
        self.pieces().any(|(place, piece)| place == at && piece == octets)
    }

    /// The pieces in the order in which they came.
    fn pieces(&self) -> impl Iterator<Item = (usize, &[u8])> {
        self.places.iter().scan(self.octets.as_slice(), |octets, (at, len)| {
            let (piece, others) = octets.split_at_checked(*len)?;
            *octets = others;
            Some((*at, piece))
        })
    }

    /// Whether there is no hole up to the end.
    fn is_complete(&self) -> bool {
        let Some(len) = self.len else { return false };
        // Fewer octets than the datagram is long cannot fill it, which spares the sorting.
        if self.octets.len() < len {
            return false;
        }
        let mut places = self.places.clone();
        places.sort_unstable();
        let mut reached = 0;
        places.iter().all(|(at, len)| {
            let no_hole = *at <= reached;
            reached = reached.max(at + len);
            no_hole
        }) && reached == len
    }

    /// The datagram put together.
    fn whole(&self) -> Option<(u8, Vec<u8>)> {
        let mut whole = vec![0; self.len?];
        for (at, piece) in self.pieces() {
            whole.get_mut(at..at + piece.len())?.copy_from_slice(piece);
        }
        Some((self.protocol?, whole))
    }
}

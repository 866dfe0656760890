//! Connections that are one: before and after address translation, a load balancer, a tunnel.
//!
//! Two connections are twins where:
//!   1. their ends or their ways differ, and their first segments have the same number, flags and length,
//!   2. that number is no common one: no more than four connections of the latest have it,
//!   3. a second piece of evidence, independent of the first, agrees:
//!      a. their first segments came within a second of each other, and have the same acknowledgement number; or the same
//!      timestamp, or IP identification, where the number is no small one, which simple programs begin with,
//!      b. or the server's first number is the same, too, and they began within a minute of each other; where the number
//!      is a small one, within a second, with the same IP identification,
//!   4. the server's first numbers, where both are known, do not differ.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;

use super::generations::{Generations, write_pair};
use crate::track::neighbour::{First, Neighbour};
use crate::track::report::Report;
use crate::track::verdict::{Verdict, VerdictKind, Verdicts};
use crate::wire::flags::Flags;
use crate::wire::seq::SeqNumber;

/// The latest first segments are remembered in so many sets, by their number.
const SETS: usize = 2048;
/// First segments of a set; also how many connections may have the same number.
const WAYS: usize = 4;
/// Numbers below this are what simple programs begin with.
const COMMON: u32 = 1 << 16;
/// Connections that may have a twin.
const PAIRS: usize = 1 << 15;

const SECOND: i64 = 1_000_000_000;

/// Finds twins.
#[derive(Clone, Debug)]
pub(super) struct Twins {
    /// Empty before the first connection.
    recent: Vec<Set>,
    pairs: Generations<u64, Pair>,
}

impl Default for Twins {
    fn default() -> Self {
        Self { recent: Vec::new(), pairs: Generations::new(PAIRS) }
    }
}

/// The latest first segments of a set.
#[derive(Clone, Copy, Debug)]
struct Set {
    starts: [Option<Start>; WAYS],
    /// Where the next one goes: in the place of the oldest.
    next: u8,
}

impl Set {
    const EMPTY: Self = Self { starts: [None; WAYS], next: 0 };

    /// Whether one of them has this number.
    fn has(&self, seq: SeqNumber) -> bool {
        self.starts.iter().flatten().any(|start| start.seq == seq)
    }

    /// Those that begin like this one, the latest first.
    fn alike(&self, start: &Start) -> impl Iterator<Item = Start> + Clone {
        let (newer, older) = self.starts.split_at_checked(self.next.into()).unwrap_or((&self.starts, &[]));
        let latest_first = newer.iter().rev().chain(older.iter().rev());
        latest_first.copied().flatten().filter(move |other| other.is_like(start))
    }

    /// Puts it in the place of the oldest.
    fn insert(&mut self, start: Start) {
        let next = usize::from(self.next);
        if let Some(slot) = self.starts.get_mut(next) {
            *slot = Some(start);
        }
        self.next = ((next + 1) % WAYS) as u8;
    }
}

/// What is remembered of a first segment.
#[derive(Clone, Copy, Debug)]
struct Start {
    connection: u64,
    time: Option<i64>,
    seq: SeqNumber,
    ack: SeqNumber,
    tsval: u32,
    identification: u16,
    flags: Flags,
    payload_len: u32,
    /// A number made from both ends and the way.
    ends: u64,
}

/// A connection that may have a twin.
#[derive(Clone, Copy, Debug)]
struct Pair {
    twin: u64,
    /// 3a: the beginning is enough.
    proved: bool,
    /// How far the connection itself came.
    came: Option<([Option<SeqNumber>; 2], [u32; 2])>,
}

impl Twins {
    /// A connection begins.
    pub(super) fn began(&mut self, first: &First) {
        // A RST begins nothing.
        if first.flags.rst() {
            return;
        }
        if self.recent.is_empty() {
            self.recent = vec![Set::EMPTY; SETS];
        }
        let start = Start::new(first);
        let Some(set) = self.recent.get_mut(set_of(start.seq)) else { return };
        let known = set.has(start.seq).then_some(*set);
        set.insert(start);
        if let Some(known) = known {
            self.pair(&start, known.alike(&start));
        }
    }

    /// A connection begins, and these earlier ones begin alike, the latest first.
    #[inline(never)]
    fn pair(&mut self, start: &Start, alike: impl Iterator<Item = Start> + Clone) {
        if alike.clone().count() == WAYS {
            // 2.
            alike.for_each(|other| self.pairs.remove(&other.connection));
            return;
        }
        let proved = alike.clone().find(|other| other.proves(start));
        let twin = proved.or_else(|| alike.clone().find(|other| other.may_be(start)));
        if let Some(other) = twin {
            let proved = proved.is_some();
            let pair = |twin| Pair { twin, proved, came: None };
            let earlier = self.pairs.entry(other.connection, || pair(start.connection));
            if proved && !earlier.proved {
                *earlier = pair(start.connection);
            }
            self.pairs.entry(start.connection, || pair(other.connection));
        }
    }

    /// How far a connection came.
    pub(super) fn neighbour(&mut self, neighbour: &Neighbour) {
        if self.pairs.is_empty() {
            return;
        }
        if let Some(pair) = self.pairs.get_mut(neighbour.connection) {
            pair.came = Some((neighbour.numbers, neighbour.segments));
        }
    }

    /// Names the twin of a connection, and takes back what only the twin can tell.
    pub(super) fn complete(&self, report: &mut Report) {
        if self.pairs.is_empty() {
            return;
        }
        let Some(pair) = self.pairs.get(&report.id) else { return };
        let twin = self.pairs.get(&pair.twin).and_then(|twin| twin.came);
        let numbers = pair.came.zip(twin).map(|((mine, _), (theirs, _))| (mine, theirs));
        // 4., 3b.
        let servers = numbers.and_then(|([_, mine], [_, theirs])| mine.zip(theirs));
        let agrees = servers.map(|(mine, theirs)| mine == theirs);
        if agrees == Some(false) || (!pair.proved && agrees.is_none()) {
            return;
        }
        report.same_as = Some(pair.twin);
        let shows_more = match (pair.came, twin) {
            (Some((_, mine)), Some((_, theirs))) => {
                mine.into_iter().zip(theirs).any(|(mine, theirs)| mine < theirs)
            }
            _ => true,
        };
        if shows_more {
            let left = report.verdicts.all().iter().filter(|verdict| !rests_on_silence(verdict));
            report.verdicts = Verdicts::new(left.cloned().collect());
            report.owed = None;
        }
    }
}

impl Start {
    fn new(first: &First) -> Self {
        Self {
            connection: first.connection,
            time: first.time.map(|time| time.nanos()),
            seq: first.seq,
            ack: if first.flags.ack() { first.ack } else { SeqNumber(0) },
            tsval: first.tsval.unwrap_or_default(),
            identification: first.identification.unwrap_or_default(),
            flags: first.flags,
            payload_len: first.payload_len,
            ends: ends(first),
        }
    }

    /// 1.
    fn is_like(&self, other: &Self) -> bool {
        self.seq == other.seq
            && self.ends != other.ends
            && self.flags == other.flags
            && self.payload_len == other.payload_len
    }

    /// 3a.
    fn proves(&self, other: &Self) -> bool {
        let acks = self.ack == other.ack && self.ack.0 != 0;
        let stamps = self.tsval == other.tsval && self.tsval != 0;
        let packets = self.identification == other.identification && self.identification != 0;
        let random = self.seq.0 >= COMMON;
        self.ack == other.ack
            && self.is_within(other, SECOND)
            && (acks || random && (stamps || (packets && self.tsval == other.tsval)))
    }

    /// 3b, as far as the beginning shows it.
    fn may_be(&self, other: &Self) -> bool {
        let packets = self.identification == other.identification && self.identification != 0;
        let within = |nanos| self.ack == other.ack && self.is_within(other, nanos);
        (self.seq.0 >= COMMON && within(60 * SECOND)) || (packets && within(SECOND))
    }

    fn is_within(&self, other: &Self, nanos: i64) -> bool {
        let apart = self.time.zip(other.time).map(|(one, other)| one.saturating_sub(other).saturating_abs());
        apart.is_some_and(|apart| apart <= nanos)
    }
}

/// A number made from the sender, the receiver and the way.
fn ends(first: &First) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    write_pair(&mut hasher, (first.src.addr, first.src.port), (first.dst.addr, first.dst.port), &first.path);
    hasher.finish()
}

fn set_of(seq: SeqNumber) -> usize {
    // The high bits of a product depend on all bits of the number.
    (seq.0.wrapping_mul(0x9e37_79b1) >> (32 - SETS.trailing_zeros())) as usize
}

/// Whether a verdict says that something was missing, which may have gone by the twin's way.
fn rests_on_silence(verdict: &Verdict) -> bool {
    use VerdictKind as Kind;
    matches!(
        verdict.kind(),
        Kind::Unanswered
            | Kind::AcceptQueueFull
            | Kind::HandshakeLost
            | Kind::HandshakeBroken
            | Kind::NoAnswer
            | Kind::PeerVanished
            | Kind::KeepAliveDeath
            | Kind::HalfOpen
            | Kind::CloseWaitLeak
            | Kind::FinUnanswered
            | Kind::Capture
    )
}

//! Endpoints as one client host sees them: whom they answered, and when.
//!
//! A SYN, or the last ACK of a handshake, was dropped by a full queue (likely) where:
//!   1. nothing answered it, nor two repetitions: the way loses one now and then,
//!   2. the same endpoint answered the same host in other connections,
//!      a. and was heard in one of them while this one waited: neither the host is silent, nor the way to it, nor a filter
//!      on that way,
//!      b. or one of them was open within a minute before, its octets acknowledged by the system, and the program had
//!      done nothing with it yet: what fills the queue was seen,
//!      c. or one of them opened within a second before, and nothing was done with it by either end: it may wait in the
//!      queue, and the host was there,
//!   3. its timestamp is no reason: it does not lie before that of an earlier connection.

use super::generations::{Generations, write_pair};
use crate::track::finding::Certainty;
use crate::track::flow::Endpoints;
use crate::track::neighbour::{First, Neighbour};
use crate::track::report::{Opening, Report};
use crate::track::verdict::{Beside, Party, Reason, Verdict, VerdictKind, Verdicts};
use crate::wire::path::Path;
use crate::wire::segment::Endpoint;
use std::hash::{Hash, Hasher};
use std::net::IpAddr;

/// Pairs of a host and an endpoint that are remembered.
const DOORS: usize = 8192;
/// Connections whose SYN is older than that of an earlier one.
const OLDER: usize = 4096;
/// Spans of time for each.
const SPANS: usize = 8;
/// How far the clocks of two SYNs lie apart at most that are taken for one clock's, in ticks: hosts that begin each
/// connection with another random number lie within it by chance once in sixteen times.
const ONE_CLOCK: u32 = 1 << 27;
/// Times that a SYN was sent again in vain; one that the capture holds twice was sent once.
const AGAIN: u64 = 2;
/// Nanoseconds from a connection that fills the queue to one that finds it full.
const SHORTLY: i64 = 60_000_000_000;
/// Nanoseconds from a connection that nobody used yet to one that finds the queue full.
const JUST: i64 = 1_000_000_000;
/// Segments of a client and of a server that opened a connection, and did nothing with it.
const OPENED: [u32; 2] = [2, 1];
/// Nanoseconds without an answer to the last ACK, from which on it was dropped.
const DROPPED: i64 = 1_000_000_000;

/// What endpoints answered.
#[derive(Clone, Debug)]
pub(super) struct Doors {
    doors: Generations<Key, Door>,
    /// Connections whose SYN has an older timestamp than that of an earlier connection, and which that is.
    older: Generations<u64, (u64, u32)>,
}

impl Default for Doors {
    fn default() -> Self {
        Self { doors: Generations::new(DOORS), older: Generations::new(OLDER) }
    }
}

/// A client's host, a server's endpoint and the way between them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Key {
    client: IpAddr,
    server: Endpoint,
    path: Path,
}

impl Hash for Key {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        write_pair(state, (self.client, 0), (self.server.addr, self.server.port), &self.path);
    }
}

/// What an endpoint answered a host.
#[derive(Clone, Debug, Default)]
struct Door {
    /// Connections that were answered.
    answered: u32,
    /// When it was heard.
    heard: Spans,
    /// When it acknowledged more than SYNs.
    served: Spans,
    /// When it acknowledged octets of which its program took no notice.
    queued: Spans,
    /// When it opened connections that neither end used.
    opened: Spans,
    /// The latest clock of a SYN, and whose it was.
    clock: Option<(u32, u64)>,
    /// A connection with an older clock was answered all the same.
    any_clock: bool,
}

/// Spans of time, in nanoseconds since 1970.
#[derive(Clone, Debug, Default)]
struct Spans {
    latest: Option<(i64, i64)>,
    /// Those before it, if there are any, the older first. Most have none.
    earlier: Vec<(i64, i64)>,
}

impl Spans {
    fn insert(&mut self, from: i64, to: i64) {
        match &mut self.latest {
            Some((first, last)) if from <= *last && *first <= to => {
                (*first, *last) = (from.min(*first), to.max(*last));
            }
            latest => {
                if let Some(before) = latest.replace((from, to)) {
                    if self.earlier.len() + 1 >= SPANS {
                        self.earlier.remove(0);
                    }
                    self.earlier.push(before);
                }
            }
        }
    }

    fn meet(&self, from: i64, to: i64) -> bool {
        let mut all = self.latest.iter().chain(&self.earlier);
        all.any(|(first, last)| *first <= to && from <= *last)
    }
}

fn key(endpoints: &Endpoints) -> Key {
    Key { client: endpoints.client.addr, server: endpoints.server, path: endpoints.path }
}

impl Doors {
    /// A connection begins.
    pub(super) fn began(&mut self, first: &First) {
        let Some(tsval) = first.tsval.filter(|_| first.is_bare_syn()) else { return };
        let key = Key { client: first.src.addr, server: first.dst, path: first.path };
        let door = self.doors.entry(key, Door::default);
        match door.clock {
            Some((latest, connection)) if latest.wrapping_sub(tsval) as i32 > 0 => {
                if latest.wrapping_sub(tsval) <= ONE_CLOCK {
                    self.older.entry(first.connection, || (connection, latest));
                } else {
                    door.any_clock = true;
                }
            }
            _ => door.clock = Some((tsval, first.connection)),
        }
    }

    /// How far a connection came.
    pub(super) fn neighbour(&mut self, neighbour: &Neighbour) {
        if !neighbour.answered {
            return;
        }
        let (Some(start), Some(end)) = (neighbour.start, neighbour.end) else { return };
        let door = self.doors.entry(key(&neighbour.endpoints), Door::default);
        door.answered = door.answered.saturating_add(1);
        door.any_clock |= !self.older.is_empty() && self.older.get(&neighbour.connection).is_some();
        // Where it leaves something unacknowledged, it may have been gone long before the end.
        let heard = if neighbour.acknowledged { end } else { start };
        door.heard.insert(start.nanos(), heard.nanos());
        if neighbour.queued {
            door.queued.insert(start.nanos(), heard.nanos());
        }
        if !neighbour.served && neighbour.acknowledged && neighbour.segments == OPENED {
            door.opened.insert(start.nanos(), heard.nanos());
        }
        if neighbour.served {
            door.served.insert(start.nanos(), heard.nanos());
        }
    }

    /// Adds to a report what the endpoint did meanwhile.
    pub(super) fn complete(&self, report: &mut Report) {
        let unanswered = report.opening == Opening::Unanswered;
        if report.same_as.is_some() || !(unanswered || is_left_over(report)) {
            return;
        }
        let (Some(start), Some(end)) = (report.start, report.end) else { return };
        let at = place(report, &[VerdictKind::Unanswered]);
        if unanswered && at.is_none() {
            return;
        }
        let Some(door) = self.doors.get(&key(&report.endpoints)) else { return };
        if let Some(at) = at.filter(|_| unanswered) {
            let older = self.older.get(&report.id).filter(|_| !door.any_clock && door.answered > 0);
            if let Some((connection, tsval)) = older {
                let beside = Beside::OlderTimestamp { connection: *connection, tsval: *tsval };
                replace(report, at, |verdict| Verdict { beside, ..verdict });
            } else if report.client.repeated_segments >= AGAIN
                && (door.heard.meet(start.nanos(), end.nanos())
                    || door.queued.meet(start.nanos().saturating_sub(SHORTLY), start.nanos())
                    || door.opened.meet(start.nanos().saturating_sub(JUST), start.nanos()))
            {
                let reason = dropped(report);
                replace(report, at, |verdict| full(verdict, reason, door.answered));
            }
            return;
        }
        // The connection itself is one of those that were answered.
        let others = door.answered.saturating_sub(1);
        if others == 0 || !door.served.meet(start.nanos(), end.nanos()) {
            return;
        }
        let reason = dropped(report);
        if let Some(at) = place(report, &LEFT_OVER) {
            replace(report, at, |verdict| full(verdict, reason, others));
        } else {
            let lasted = Some(end.nanos_since(start));
            let new = Verdict::new(reason.clone(), Party::Server, Certainty::Likely).lasted(lasted);
            let new = new.shown_by(report.first_frame).shown_by(report.last_frame);
            let all = [full(new, reason, others)].into_iter().chain(report.verdicts.all().iter().cloned());
            report.verdicts = Verdicts::new(all.collect());
        }
    }
}

/// What one connection alone makes of a last ACK that was dropped.
const LEFT_OVER: [VerdictKind; 7] = [
    VerdictKind::AcceptQueueFull,
    VerdictKind::HandshakeBroken,
    VerdictKind::HandshakeLost,
    VerdictKind::PeerVanished,
    VerdictKind::NoAnswer,
    VerdictKind::Loss,
    VerdictKind::SlowServer,
];

/// Whether the server answered the SYN, and since then nothing that the client sent: its last ACK, octets.
fn is_left_over(report: &Report) -> bool {
    let history = || report.history.as_str().as_bytes();
    let lasted = || report.end.zip(report.start).map_or(0, |(end, start)| end.nanos_since(start));
    report.client.data_segments > 1
        && lasted() >= DROPPED
        && history().contains(&b'h')
        && history().contains(&b'D')
        && !history().iter().any(|letter| matches!(letter, b'a' | b'd' | b'f' | b'r'))
}

/// Where the first verdict of one of these kinds stands.
fn place(report: &Report, kinds: &[VerdictKind]) -> Option<usize> {
    report.verdicts.all().iter().position(|verdict| kinds.contains(&verdict.kind()))
}

fn replace(report: &mut Report, at: usize, with: impl FnOnce(Verdict) -> Verdict) {
    let mut all = report.verdicts.all().to_vec();
    if let Some(slot) = all.get_mut(at) {
        *slot = with(slot.clone());
    }
    report.verdicts = Verdicts::new(all);
}

/// What a full queue dropped: the SYN, or the last ACK with the octets behind it.
fn dropped(report: &Report) -> Reason {
    let again = report.client.repeated_segments;
    Reason::AcceptQueueFull {
        octets: report.client.unique_bytes,
        tries: u32::try_from(again).unwrap_or(u32::MAX),
        answers: u16::try_from(report.server.repeated_segments).unwrap_or(u16::MAX),
    }
}

/// The verdict that the queue was full, in the place of another.
fn full(verdict: Verdict, reason: Reason, connections: u32) -> Verdict {
    Verdict {
        reason,
        who: Party::Server,
        certainty: Certainty::Likely,
        beside: Beside::Answered { connections },
        ..verdict
    }
}

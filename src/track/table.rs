//! One table: connections by their endpoints, and who stands where.

use std::collections::VecDeque;
use std::time::Duration;

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use slab::Slab;

use crate::track::compact::flow_key::FlowKey;
use crate::track::compact::opt_time::OptTime;
use crate::track::connection::{Arrival, Connection, PendingSyn};
use crate::track::vocabulary::event::{Event, Sink, Tell};
use crate::track::vocabulary::finding::Finding;
use crate::track::vocabulary::flow::{Endpoints, Roles};
use crate::track::vocabulary::neighbour::First;
use crate::wire::checksum;
use crate::wire::frame::{FrameInfo, Timestamp};
use crate::wire::path::Path;
use crate::wire::segment::{Endpoint, Segment};
use crate::wire::skip::{Icmp, Quote};

use entry::Entry;
use expiry::ENDED;
use flow_hash::{FlowHash, Hasher};
use index::Index;
use lingering::Reported;

mod entry;
mod expiry;
mod flow_hash;
mod index;
mod limits;
mod lingering;
mod prefetch;
pub mod tracker;

/// Connections. The idle are found without touching the table at each segment: each connection stands in a queue, and
/// whoever comes to its head and was active since goes to the end once more.
#[derive(Debug)]
struct Table {
    /// Connections at once.
    most: usize,
    /// See [`Limits::linger`](tracker::Limits::linger).
    linger: Option<Duration>,
    keys: Index,
    /// Connections on a VLAN or in a tunnel, by endpoints alone, the lower first: the latest.
    tagged: HashMap<(Endpoint, Endpoint), u32, RandomState>,
    slots: Slab<Entry>,
    /// Opening, closing and closed connections; and open ones.
    transitory: VecDeque<Queued>,
    open: VecDeque<Queued>,
    /// Connections that were idle for long and may go on: they are the first to make room.
    idle: VecDeque<Queued>,
    /// Connections that have ended and are not reported yet; empty without `linger`.
    ended: VecDeque<Queued>,
    evicted: u64,
}

/// A segment on its way to its connection.
#[derive(Clone, Copy, Debug)]
struct Lookup<'s> {
    key: FlowKey<'s>,
    flow_hash: FlowHash,
    src_is_low: bool,
    frame: FrameInfo,
    segment: &'s Segment<'s>,
}

/// An entry in a queue.
#[derive(Clone, Copy, Debug)]
struct Queued {
    slot: u32,
    /// The connection's number, which distinguishes it from later ones in the same place.
    id: u64,
    due: OptTime,
}

impl Table {
    /// An empty one.
    fn new(most: usize, linger: Option<Duration>, hasher: Hasher) -> Self {
        Self {
            most,
            linger,
            keys: Index::new(hasher),
            tagged: HashMap::default(),
            slots: Slab::new(),
            transitory: VecDeque::new(),
            open: VecDeque::new(),
            idle: VecDeque::new(),
            ended: VecDeque::new(),
            evicted: 0,
        }
    }

    /// Takes the next segment and reports to `sink` what the segment meant. A connection that the segment begins gets
    /// the number `id`. Returns whether it begins one.
    #[inline(always)]
    fn observe<S: Sink>(
        &mut self,
        lookup: Lookup<'_>,
        id: u64,
        found: &mut Vec<Finding>,
        sink: &mut S,
    ) -> Result<bool, S::Error> {
        let Lookup { src_is_low, frame, segment, .. } = lookup;
        let place = self.find(lookup).or_else(|| self.adopt(lookup));
        let (index, new, reuses_ports) = match place {
            Some(index) if self.stays(index, lookup) => (index, false, false),
            _ => self.settle(place, lookup, id, sink)?,
        };
        let Some(entry) = self.slots.get_mut(index as usize) else { return Ok(new) };
        entry.active = true;
        let from = entry.side(src_is_low);
        if new {
            sink.began(&First::new(entry.id(), frame, segment))?;
        }
        let mut told = Ok(());
        let wanted = sink.wants_events() && entry.wanted;
        let mut tell = |event: &Event<'_>| told = sink.event(event);
        let tell: Tell<'_> = if wanted { Some(&mut tell) } else { None };
        let tested = checksum::test(segment);
        entry.connection.observe(Arrival { frame, segment, from, reuses_ports, tested }, found, tell);
        told?;
        if self.linger.is_some() && entry.reported == Reported::No && entry.connection.has_ended() {
            self.has_ended(index, frame.time);
        }
        Ok(new)
    }

    /// The place of a segment's connection.
    #[inline(always)]
    fn find(&self, lookup: Lookup<'_>) -> Option<u32> {
        let Lookup { key, flow_hash, .. } = lookup;
        match flow_hash.slot {
            Some(slot) if self.slots.get(slot as usize).is_some_and(|entry| entry.has_key(key)) => Some(slot),
            _ => self.keys.find_under(flow_hash.hash, key, &self.slots),
        }
    }

    /// Takes an ICMP error that quotes a segment with this key: which connection it is about.
    fn icmp(&mut self, frame: FrameInfo, icmp: &Icmp, quote: &Quote, key: FlowKey<'_>) -> Option<u64> {
        let ends = key.ends();
        let plain = FlowKey::between(&ends.0, &ends.1, &Path::NONE);
        let found = self.keys.find(key, &self.slots).or_else(|| self.keys.find(plain, &self.slots));
        let index = found.or_else(|| self.tagged.get(&ends).copied())?;
        let entry = self.slots.get_mut(index as usize)?;
        if entry.is_over(frame.time) {
            return None;
        }
        let connection = &mut entry.connection;
        connection.icmp(frame, icmp, quote);
        Some(connection.id)
    }

    /// Connections that were evicted.
    fn evicted(&self) -> u64 {
        self.evicted
    }

    /// Numbers and places of the connections that were not reported, in no order.
    fn left(&self) -> impl Iterator<Item = (u64, u32)> {
        let untold = self.slots.iter().filter(|(_, entry)| entry.reported != Reported::Yes);
        untold.map(|(slot, entry)| (entry.id(), slot as u32))
    }

    /// Finds the connection that a segment on a path not seen before may belong to: some networks tag
    /// or tunnel only one direction, or change the way in mid-connection.
    fn adopt(&mut self, lookup: Lookup<'_>) -> Option<u32> {
        let Lookup { key, flow_hash, src_is_low, segment, .. } = lookup;
        let path = key.path();
        if path.is_none() && self.tagged.is_empty() {
            return None;
        }
        let ends = key.ends();
        let plain = FlowKey::between(&ends.0, &ends.1, &Path::NONE);
        let other = if path.is_some() { self.keys.find(plain, &self.slots) } else { None };
        let index = other.or_else(|| self.tagged.get(&ends).copied())?;
        let entry = self.slots.get_mut(index as usize)?;
        let from = entry.side(src_is_low);
        if entry.connection.ends.second_path().is_some() || !entry.connection.goes_on_with(segment, from) {
            return None;
        }
        entry.connection.ends.add_path(path.unwrap_or_default());
        self.keys.insert(flow_hash.hash, index);
        Some(index)
    }

    /// Whether the segment belongs to the connection at `index`.
    #[inline(always)]
    fn stays(&self, index: u32, lookup: Lookup<'_>) -> bool {
        let Lookup { frame, segment, .. } = lookup;
        let Some(entry) = self.slots.get(index as usize) else { return false };
        // A connection that is open gives way to nothing but a SYN.
        !entry.is_over(frame.time)
            && (entry.connection.is_open() && !segment.flags.syn()
                || self.port_reuse(index, lookup).is_none())
    }

    /// Finds a place for a segment that begins a connection, or to which the one at `place` may give way: the place,
    /// whether the connection is new, and whether its ports belonged to another.
    #[inline(never)]
    fn settle<S: Sink>(
        &mut self,
        place: Option<u32>,
        lookup: Lookup<'_>,
        id: u64,
        sink: &mut S,
    ) -> Result<(u32, bool, bool), S::Error> {
        let Some(index) = place else { return Ok((self.insert(lookup, id, None, sink)?, true, false)) };
        if self.slots.get(index as usize).is_some_and(|entry| entry.is_over(lookup.frame.time))
            && !self.wake(index, lookup)
        {
            self.leave(index, (false, lookup.frame.time), sink)?;
            return Ok((self.insert(lookup, id, None, sink)?, true, false));
        }
        match self.port_reuse(index, lookup) {
            Some(pending_syn) => {
                self.leave(index, (false, lookup.frame.time), sink)?;
                Ok((self.insert(lookup, id, pending_syn, sink)?, true, true))
            }
            None => Ok((index, false, false)),
        }
    }

    /// The state that a new connection on the same ports inherits, where the connection at `index` gives way to one
    /// with this segment; else `None`.
    #[inline]
    fn port_reuse(&self, index: u32, lookup: Lookup<'_>) -> Option<Option<PendingSyn>> {
        let Lookup { src_is_low, frame, segment, .. } = lookup;
        let entry = self.slots.get(index as usize)?;
        let from = entry.side(src_is_low);
        let pending_syn = entry.connection.pending_syn(segment, from, frame.time);
        (pending_syn.is_some() || entry.connection.gives_way_to(segment, from, frame.time))
            .then_some(pending_syn)
    }

    /// Inserts a connection of which the segment is the first, or the first but for the SYN in `pending_syn`.
    fn insert<S: Sink>(
        &mut self,
        lookup: Lookup<'_>,
        id: u64,
        pending_syn: Option<PendingSyn>,
        sink: &mut S,
    ) -> Result<u32, S::Error> {
        let Lookup { key, flow_hash, src_is_low, frame, segment } = lookup;
        if self.slots.len() >= self.most {
            self.evict(frame.time, sink)?;
        }
        let (client_is_src, roles) = match &pending_syn {
            Some(pending_syn) => (pending_syn.client == segment.src, Roles::FromSyn),
            None => guess_roles(segment),
        };
        let (client, server) =
            if client_is_src { (segment.src, segment.dst) } else { (segment.dst, segment.src) };
        let endpoints = Endpoints { client, server, path: segment.path, roles };
        let entry = Entry {
            client_is_low: client_is_src == src_is_low,
            active: false,
            idle: false,
            reported: Reported::No,
            wanted: sink.wants_events_of(id, &endpoints),
            connection: Connection::new(id, endpoints, frame, sink.wants_measures()),
        };
        let index = self.slots.insert(entry) as u32;
        if let Some(pending_syn) = pending_syn
            && let Some(entry) = self.slots.get_mut(index as usize)
        {
            entry.connection.take_pending_syn(pending_syn);
        }
        self.keys.insert(flow_hash.hash, index);
        if key.path().is_some() {
            self.tagged.insert(key.ends(), index);
        }
        self.forget_the_gone();
        let due = frame.time.map(|now| later(now, ENDED)).into();
        self.transitory.push_back(Queued { slot: index, id, due });
        Ok(index)
    }

    /// Tells how far a connection came that is about to be reported.
    fn tell_neighbour<S: Sink>(&self, index: u32, sink: &mut S) -> Result<(), S::Error> {
        match self.slots.get(index as usize) {
            Some(entry) if entry.reported != Reported::Yes => sink.neighbour(&entry.connection.neighbour()),
            _ => Ok(()),
        }
    }

    /// A connection leaves alone: tells how far it came, and [removes](Self::remove) it.
    fn leave<S: Sink>(
        &mut self,
        index: u32,
        how: (bool, Option<Timestamp>),
        sink: &mut S,
    ) -> Result<(), S::Error> {
        self.tell_neighbour(index, sink)?;
        self.remove(index, how, sink)
    }

    /// Takes a connection out of the table and reports it, evicted or not; `now`: how far the capture is.
    fn remove<S: Sink>(
        &mut self,
        index: u32,
        (evicted, now): (bool, Option<Timestamp>),
        sink: &mut S,
    ) -> Result<(), S::Error> {
        let Some(entry) = self.slots.get(index as usize) else { return Ok(()) };
        let ends = &entry.connection.ends;
        let endpoints = ends.endpoints();
        let key = endpoints.key(entry.client_is_low);
        self.keys.remove(key, index);
        if let Some(other) = ends.second_path() {
            self.keys.remove(endpoints.key_on(other, entry.client_is_low), index);
        }
        if key.path().is_some() && self.tagged.get(&key.ends()) == Some(&index) {
            self.tagged.remove(&key.ends());
        }
        let told = if entry.reported == Reported::Yes {
            Ok(())
        } else {
            self.evicted += u64::from(evicted);
            sink.ended(entry.report(evicted, now))
        };
        self.slots.remove(index as usize);
        told
    }

    /// The entry that stands in a queue, unless the connection has left.
    fn entry(&mut self, queued: Queued) -> Option<&mut Entry> {
        self.slots.get_mut(queued.slot as usize).filter(|entry| entry.connection.id == queued.id)
    }
}

fn later(time: Timestamp, nanos: i64) -> Timestamp {
    Timestamp::from_nanos(time.nanos().saturating_add(nanos))
}

/// Whether the sender of a connection's first segment is the client, and how that is known.
fn guess_roles(segment: &Segment<'_>) -> (bool, Roles) {
    match (segment.flags.syn() && !segment.flags.rst(), segment.flags.ack()) {
        (true, false) => (true, Roles::FromSyn),
        (true, true) => (false, Roles::FromSynAck),
        _ => {
            // Servers listen on ports that were given to them; systems hand clients theirs from 49152
            // up (RFC 6335, section 6), Linux from 32768 up.
            let class = |port: u16| (port >= 1024, port >= 32_768);
            let (src, dst) = (class(segment.src.port), class(segment.dst.port));
            (src >= dst, Roles::Guessed)
        }
    }
}

//! One part of the table: connections by their endpoints, and who stands where.

use std::collections::VecDeque;
use std::time::Duration;

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use slab::Slab;

use crate::track::connection::{Arrival, Connection, Heir};
use crate::track::event::{Event, Sink, Tell};
use crate::track::finding::Finding;
use crate::track::flow::{Endpoints, FlowKey, Roles};
use crate::track::opt_time::OptTime;
use crate::wire::frame::{FrameInfo, Timestamp};
use crate::wire::path::Path;
use crate::wire::segment::{Endpoint, Segment};
use crate::wire::skip::{Icmp, Quote};

use super::expiry::ENDED;
use super::index::Index;
use super::lingering::Told;
use super::spot::{Hasher, Spot};
use super::tenant::Tenant;

/// Connections. The idle are found without touching the table at each segment: each connection stands in a queue, and
/// whoever comes to its head and was active since goes to the end once more.
#[derive(Debug)]
pub(super) struct Table {
    /// Connections at once.
    most: usize,
    /// See [`Limits::linger`](super::Limits::linger).
    pub(super) linger: Option<Duration>,
    pub(super) keys: Index,
    /// Connections on a VLAN or in a tunnel, by endpoints alone, the lower first: the latest.
    tagged: HashMap<(Endpoint, Endpoint), u32, RandomState>,
    pub(super) slots: Slab<Tenant>,
    /// Opening, closing and closed connections; and open ones.
    pub(super) transitory: VecDeque<Entry>,
    pub(super) open: VecDeque<Entry>,
    /// Connections that have ended and are not reported yet; empty without `linger`.
    pub(super) ended: VecDeque<Entry>,
    evicted: u64,
}

/// A segment on its way to its connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen<'s> {
    pub(super) key: FlowKey<'s>,
    pub(super) spot: Spot,
    pub(super) src_is_low: bool,
    pub(super) frame: FrameInfo,
    pub(super) segment: &'s Segment<'s>,
}

/// Someone in a queue.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) slot: u32,
    /// The connection's number, which tells it from later ones in the same place.
    pub(super) id: u64,
    pub(super) due: OptTime,
}

impl Table {
    /// An empty one.
    pub(super) fn new(most: usize, linger: Option<Duration>, hasher: Hasher) -> Self {
        Self {
            most,
            linger,
            keys: Index::new(hasher),
            tagged: HashMap::default(),
            slots: Slab::new(),
            transitory: VecDeque::new(),
            open: VecDeque::new(),
            ended: VecDeque::new(),
            evicted: 0,
        }
    }

    /// Takes the next segment and tells `sink` what it meant. Where it begins a connection, that is called `id`; did it?
    #[inline(always)]
    pub(super) fn observe<S: Sink>(
        &mut self,
        seen: Seen<'_>,
        id: u64,
        found: &mut Vec<Finding>,
        sink: &mut S,
    ) -> Result<bool, S::Error> {
        let Seen { src_is_low, frame, segment, .. } = seen;
        let place = self.find(seen).or_else(|| self.adopt(seen));
        let (index, new, reuses_ports) = match place {
            Some(index) if self.stays(index, seen) => (index, false, false),
            _ => self.settle(place, seen, id, sink)?,
        };
        let Some(tenant) = self.slots.get_mut(index as usize) else { return Ok(new) };
        tenant.touched = true;
        let from = tenant.side(src_is_low);
        if new {
            sink.began()?;
        }
        let mut told = Ok(());
        let wanted = sink.wants_events();
        let mut tell = |event: &Event<'_>| told = sink.event(event);
        let tell: Tell<'_> = if wanted { Some(&mut tell) } else { None };
        tenant.connection.observe(Arrival { frame, segment, from, reuses_ports }, found, tell);
        told?;
        if self.linger.is_some() && tenant.told == Told::Nothing && tenant.connection.has_ended() {
            self.has_ended(index, frame.time);
        }
        Ok(new)
    }

    /// The place of a segment's connection.
    #[inline(always)]
    fn find(&self, seen: Seen<'_>) -> Option<u32> {
        let Seen { key, spot, .. } = seen;
        match spot.slot {
            Some(slot) if self.slots.get(slot as usize).is_some_and(|tenant| tenant.has_key(key)) => {
                Some(slot)
            }
            _ => self.keys.find_under(spot.hash, key, &self.slots),
        }
    }

    /// Takes an ICMP error that quotes a segment with this key: which connection it is about.
    pub(super) fn hear(
        &mut self,
        frame: FrameInfo,
        icmp: &Icmp,
        quote: &Quote,
        key: FlowKey<'_>,
    ) -> Option<u64> {
        let ends = key.ends();
        let plain = FlowKey::between(&ends.0, &ends.1, &Path::NONE);
        let found = self.keys.find(key, &self.slots).or_else(|| self.keys.find(plain, &self.slots));
        let index = found.or_else(|| self.tagged.get(&ends).copied())?;
        let tenant = self.slots.get_mut(index as usize)?;
        if tenant.is_over(frame.time) {
            return None;
        }
        let connection = &mut tenant.connection;
        connection.hear(frame, icmp, quote);
        Some(connection.id)
    }

    /// How many connections had to make room.
    pub(super) fn evicted(&self) -> u64 {
        self.evicted
    }

    /// Numbers and places of the connections that were not reported, in no order.
    pub(super) fn left(&self) -> impl Iterator<Item = (u64, u32)> {
        let untold = self.slots.iter().filter(|(_, tenant)| tenant.told != Told::All);
        untold.map(|(slot, tenant)| (tenant.id(), slot as u32))
    }

    /// Finds the connection that a segment on a path not seen before may belong to: some networks tag
    /// or tunnel only one direction, or change the way in mid-connection.
    fn adopt(&mut self, seen: Seen<'_>) -> Option<u32> {
        let Seen { key, spot, src_is_low, segment, .. } = seen;
        let path = key.path();
        if path.is_none() && self.tagged.is_empty() {
            return None;
        }
        let ends = key.ends();
        let plain = FlowKey::between(&ends.0, &ends.1, &Path::NONE);
        let other = if path.is_some() { self.keys.find(plain, &self.slots) } else { None };
        let index = other.or_else(|| self.tagged.get(&ends).copied())?;
        let tenant = self.slots.get_mut(index as usize)?;
        let from = tenant.side(src_is_low);
        if tenant.connection.ends.second_path().is_some() || !tenant.connection.goes_on_with(segment, from) {
            return None;
        }
        tenant.connection.ends.add_path(path.unwrap_or_default());
        self.keys.insert(spot.hash, index);
        Some(index)
    }

    /// Is this segment one of the connection at `index`?
    #[inline]
    fn stays(&self, index: u32, seen: Seen<'_>) -> bool {
        let Seen { src_is_low, frame, segment, .. } = seen;
        let Some(tenant) = self.slots.get(index as usize) else { return false };
        // A connection that is open gives way to nothing but a SYN.
        !tenant.is_over(frame.time)
            && (tenant.connection.is_open() && !segment.flags.syn()
                || self.successor(index, src_is_low, segment).is_none())
    }

    /// Finds a place for a segment that begins a connection, or to which the one at `place` may give way: the place,
    /// whether the connection is new, and whether its ports belonged to another.
    #[inline(never)]
    fn settle<S: Sink>(
        &mut self,
        place: Option<u32>,
        seen: Seen<'_>,
        id: u64,
        sink: &mut S,
    ) -> Result<(u32, bool, bool), S::Error> {
        let Some(index) = place else { return Ok((self.insert(seen, id, None, sink)?, true, false)) };
        if self.slots.get(index as usize).is_some_and(|tenant| tenant.is_over(seen.frame.time)) {
            self.remove(index, false, sink)?;
            return Ok((self.insert(seen, id, None, sink)?, true, false));
        }
        match self.successor(index, seen.src_is_low, seen.segment) {
            Some(heir) => {
                self.remove(index, false, sink)?;
                Ok((self.insert(seen, id, heir, sink)?, true, true))
            }
            None => Ok((index, false, false)),
        }
    }

    /// Does the connection at `index` give way to a new one with this segment? Then, what the new one
    /// inherits from it.
    fn successor(&self, index: u32, src_is_low: bool, segment: &Segment<'_>) -> Option<Option<Heir>> {
        let tenant = self.slots.get(index as usize)?;
        let from = tenant.side(src_is_low);
        let heir = tenant.connection.heir(segment, from);
        (heir.is_some() || tenant.connection.gives_way_to(segment, from)).then_some(heir)
    }

    /// Makes a connection of which this is the first segment, or the first but for the SYN of its `heir`.
    fn insert<S: Sink>(
        &mut self,
        seen: Seen<'_>,
        id: u64,
        heir: Option<Heir>,
        sink: &mut S,
    ) -> Result<u32, S::Error> {
        let Seen { key, spot, src_is_low, frame, segment } = seen;
        if self.slots.len() >= self.most {
            self.evict(sink)?;
        }
        let (client_is_src, roles) = match &heir {
            Some(heir) => (heir.client == segment.src, Roles::FromSyn),
            None => guess_roles(segment),
        };
        let (client, server) =
            if client_is_src { (segment.src, segment.dst) } else { (segment.dst, segment.src) };
        let endpoints = Endpoints { client, server, path: segment.path, roles };
        let tenant = Tenant {
            client_is_low: client_is_src == src_is_low,
            touched: false,
            told: Told::Nothing,
            connection: Connection::new(id, endpoints, frame, sink.wants_measures()),
        };
        let index = self.slots.insert(tenant) as u32;
        if let Some(heir) = heir
            && let Some(tenant) = self.slots.get_mut(index as usize)
        {
            tenant.connection.inherit(heir);
        }
        self.keys.insert(spot.hash, index);
        if key.path().is_some() {
            self.tagged.insert(key.ends(), index);
        }
        self.forget_the_gone();
        let due = frame.time.map(|now| later(now, ENDED)).into();
        self.transitory.push_back(Entry { slot: index, id, due });
        Ok(index)
    }

    /// Takes a connection out of the table and reports it.
    pub(super) fn remove<S: Sink>(
        &mut self,
        index: u32,
        evicted: bool,
        sink: &mut S,
    ) -> Result<(), S::Error> {
        let Some(tenant) = self.slots.get(index as usize) else { return Ok(()) };
        let ends = &tenant.connection.ends;
        let endpoints = ends.endpoints();
        let key = endpoints.key(tenant.client_is_low);
        self.keys.remove(key, index);
        if let Some(other) = ends.second_path() {
            self.keys.remove(endpoints.key_on(other, tenant.client_is_low), index);
        }
        if key.path().is_some() && self.tagged.get(&key.ends()) == Some(&index) {
            self.tagged.remove(&key.ends());
        }
        let told = if tenant.told == Told::All {
            Ok(())
        } else {
            self.evicted += u64::from(evicted);
            sink.ended(tenant.report(evicted))
        };
        self.slots.remove(index as usize);
        told
    }

    /// Who stands in a queue, unless it has left.
    pub(super) fn tenant(&mut self, entry: Entry) -> Option<&mut Tenant> {
        self.slots.get_mut(entry.slot as usize).filter(|tenant| tenant.connection.id == entry.id)
    }
}

pub(super) fn later(time: Timestamp, nanos: i64) -> Timestamp {
    Timestamp::from_nanos(time.nanos().saturating_add(nanos))
}

/// Is the sender of a connection's first segment the client, and how is that known?
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

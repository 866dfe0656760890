//! The bounded table of connections.

use std::collections::VecDeque;
use std::time::Duration;

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use crate::wire::frame::{FrameInfo, Timestamp};
use crate::wire::segment::Segment;
use crate::wire::skip::{Icmp, Quote};

use super::connection::{Arrival, Connection, Heir};
use super::event::Sink;
use super::finding::Finding;
use super::flow::{Endpoints, FlowKey, Roles, Side};
use super::when::When;
use expiry::ENDED;
use index::Index;
use lingering::Told;
pub use warm::AHEAD;

mod expiry;
mod index;
mod lingering;
mod warm;

/// What bounds the tracker.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections remembered at once; one that was idle for long makes room.
    pub max_connections: usize,
    /// A connection that has ended is reported when it was idle for so long, and remembered for what comes late;
    /// `None`: it is reported when it leaves the table. Reading files, the end of the capture is near enough; live,
    /// people wait.
    pub linger: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_connections: 250_000, linger: None }
    }
}

/// Follows every connection of a capture.
///
/// Memory is bounded by [`Limits::max_connections`]. A connection leaves the table when its ports begin
/// a new one, when it was idle for long (by capture time), or to make room; it is reported then, unless it
/// was before ([`Limits::linger`]). The idle are found without touching the table at each segment: each connection stands in a queue, and
/// whoever comes to its head and was active since goes to the end once more.
#[derive(Debug)]
pub struct Tracker {
    limits: Limits,
    keys: Index,
    /// Connections on a VLAN or in a tunnel, by endpoints alone: the latest.
    tagged: HashMap<FlowKey, u32, RandomState>,
    slots: Vec<Option<Box<Tenant>>>,
    free: Vec<u32>,
    /// Opening, closing and closed connections; and open ones.
    transitory: VecDeque<Entry>,
    open: VecDeque<Entry>,
    /// Connections that have ended and are not reported yet; empty without [`Limits::linger`].
    ended: VecDeque<Entry>,
    live: usize,
    connections: u64,
    evicted: u64,
    now: Option<Timestamp>,
    /// What is found of the segment at hand, lent to its event.
    found: Vec<Finding>,
}

/// A connection in its place in the table.
#[derive(Debug)]
struct Tenant {
    client_is_low: bool,
    /// Segments were seen since its queue entry was made.
    touched: bool,
    told: Told,
    connection: Connection,
    /// The same connection on another path, for a way back that is tagged differently; seldom there.
    other_key: Option<Box<FlowKey>>,
}

/// Someone in a queue.
#[derive(Clone, Copy, Debug)]
struct Entry {
    slot: u32,
    /// The connection's number, which tells it from later ones in the same place.
    id: u64,
    due: When,
}

impl Tracker {
    /// An empty table.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            keys: Index::default(),
            tagged: HashMap::default(),
            slots: Vec::new(),
            free: Vec::new(),
            transitory: VecDeque::new(),
            open: VecDeque::new(),
            ended: VecDeque::new(),
            live: 0,
            connections: 0,
            evicted: 0,
            now: None,
            found: Vec::new(),
        }
    }

    /// Takes the next segment and tells `sink` what it meant.
    pub fn observe<S: Sink>(
        &mut self,
        frame: FrameInfo,
        segment: &Segment<'_>,
        sink: &mut S,
    ) -> Result<(), S::Error> {
        if let Some(time) = frame.time
            && self.now.is_none_or(|now| time > now)
        {
            self.now = Some(time);
            self.expire(sink)?;
        }
        let (key, src_is_low) = FlowKey::new(segment.src, segment.dst, &segment.path);
        let found = match self.keys.find(&key, &self.slots) {
            Some(slot) => Some(slot),
            None => self.adopt(key, src_is_low, segment),
        };
        let mut reuses_ports = false;
        let index = match found {
            Some(index) => match self.successor(index, src_is_low, segment) {
                Some(heir) => {
                    reuses_ports = true;
                    self.remove(index, false, sink)?;
                    self.insert(key, src_is_low, frame, segment, heir, sink)?
                }
                None => index,
            },
            None => self.insert(key, src_is_low, frame, segment, None, sink)?,
        };
        let Some(tenant) = &mut self.slots[index as usize] else { return Ok(()) };
        tenant.touched = true;
        let from = tenant.side(src_is_low);
        let event =
            tenant.connection.observe(Arrival { frame, segment, from, reuses_ports }, &mut self.found);
        sink.event(&event)?;
        if self.limits.linger.is_some() && tenant.told == Told::Nothing && tenant.connection.has_ended() {
            self.has_ended(index, frame.time);
        }
        Ok(())
    }

    /// Takes an ICMP message: which connection it is about, if it is an error that quotes one.
    pub fn hear(&mut self, frame: FrameInfo, icmp: &Icmp) -> Option<u64> {
        let quote = icmp.quoted.as_ref()?;
        let index = self.quoted(quote)?;
        let connection = &mut self.slots[index as usize].as_mut()?.connection;
        connection.hear(frame, icmp, quote);
        Some(connection.id)
    }

    /// In which place the connection is that an ICMP error is about.
    fn quoted(&self, quote: &Quote) -> Option<u32> {
        let (key, _) = FlowKey::new(quote.src, quote.dst, &quote.path);
        let plain = key.without_path();
        let found = self.keys.find(&key, &self.slots).or_else(|| self.keys.find(&plain, &self.slots));
        found.or_else(|| self.tagged.get(&plain).copied())
    }

    /// How many connections there have been.
    pub fn connections(&self) -> u64 {
        self.connections
    }

    /// How many of them had to make room.
    pub fn evicted(&self) -> u64 {
        self.evicted
    }

    /// Reports the connections that are left, in order of first appearance.
    pub fn finish<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        let slots = std::mem::take(&mut self.slots);
        *self = Self { connections: self.connections, evicted: self.evicted, ..Self::new(self.limits) };
        let mut left: Vec<_> =
            slots.into_iter().flatten().filter(|tenant| tenant.told != Told::All).collect();
        left.sort_unstable_by_key(|tenant| tenant.connection.id);
        // Each is let go as soon as it is reported, as long as it is at hand.
        let mut left = left.into_iter();
        while !left.as_slice().is_empty() {
            warm::touch(left.as_slice().iter().take(AHEAD).map(|tenant| &**tenant));
            for tenant in left.by_ref().take(AHEAD) {
                sink.ended(&tenant.connection.report(false))?;
            }
        }
        Ok(())
    }

    /// Finds the connection that a segment on a path not seen before may belong to: some networks tag
    /// or tunnel only one direction, or change the way in mid-connection.
    fn adopt(&mut self, key: FlowKey, src_is_low: bool, segment: &Segment<'_>) -> Option<u32> {
        if !key.has_path() && self.tagged.is_empty() {
            return None;
        }
        let plain = key.without_path();
        let other = if key.has_path() { self.keys.find(&plain, &self.slots) } else { None };
        let index = other.or_else(|| self.tagged.get(&plain).copied())?;
        let tenant = self.slots[index as usize].as_mut()?;
        let from = tenant.side(src_is_low);
        if tenant.other_key.is_some() || !tenant.connection.goes_on_with(segment, from) {
            return None;
        }
        tenant.other_key = Some(Box::new(key));
        self.keys.insert(&key, index);
        Some(index)
    }

    /// Does the connection at `index` give way to a new one with this segment? Then, what the new one
    /// inherits from it.
    fn successor(&self, index: u32, src_is_low: bool, segment: &Segment<'_>) -> Option<Option<Heir>> {
        let tenant = self.slots[index as usize].as_ref()?;
        let from = tenant.side(src_is_low);
        let heir = tenant.connection.heir(segment, from);
        (heir.is_some() || tenant.connection.gives_way_to(segment, from)).then_some(heir)
    }

    /// Makes a connection of which this is the first segment, or the first but for the SYN of its `heir`.
    fn insert<S: Sink>(
        &mut self,
        key: FlowKey,
        src_is_low: bool,
        frame: FrameInfo,
        segment: &Segment<'_>,
        heir: Option<Heir>,
        sink: &mut S,
    ) -> Result<u32, S::Error> {
        if self.live >= self.limits.max_connections.max(1) {
            self.evict(sink)?;
        }
        let (client_is_src, roles) = match heir {
            Some(heir) => (heir.client == segment.src, Roles::FromSyn),
            None => guess_roles(segment),
        };
        let (client, server) =
            if client_is_src { (segment.src, segment.dst) } else { (segment.dst, segment.src) };
        let endpoints = Endpoints { client, server, path: segment.path, roles };
        let id = self.connections;
        let mut connection = Connection::new(id, endpoints, frame);
        if let Some(heir) = heir {
            connection.inherit(heir);
        }
        let tenant = Some(Box::new(Tenant {
            client_is_low: client_is_src == src_is_low,
            touched: false,
            told: Told::Nothing,
            connection,
            other_key: None,
        }));
        self.connections += 1;
        self.live += 1;
        let index = match self.free.pop() {
            Some(index) => {
                self.slots[index as usize] = tenant;
                index
            }
            None => {
                self.slots.push(tenant);
                self.slots.len() as u32 - 1
            }
        };
        self.keys.insert(&key, index);
        if key.has_path() {
            self.tagged.insert(key.without_path(), index);
        }
        self.forget_the_gone();
        let due = self.now.map(|now| later(now, ENDED)).into();
        self.transitory.push_back(Entry { slot: index, id, due });
        Ok(index)
    }

    /// Takes a connection out of the table and reports it.
    fn remove<S: Sink>(&mut self, index: u32, evicted: bool, sink: &mut S) -> Result<(), S::Error> {
        let Some(tenant) = self.slots[index as usize].take() else { return Ok(()) };
        let key = tenant.connection.key();
        self.keys.remove(&key, index);
        if let Some(other) = &tenant.other_key {
            self.keys.remove(other, index);
        }
        if key.has_path() {
            let plain = key.without_path();
            if self.tagged.get(&plain) == Some(&index) {
                self.tagged.remove(&plain);
            }
        }
        self.free.push(index);
        self.live -= 1;
        if tenant.told == Told::All {
            return Ok(());
        }
        self.evicted += u64::from(evicted);
        sink.ended(&tenant.connection.report(evicted))
    }

    /// Who stands in a queue, unless it has left.
    fn tenant(&mut self, entry: Entry) -> Option<&mut Tenant> {
        self.slots[entry.slot as usize].as_deref_mut().filter(|tenant| tenant.connection.id == entry.id)
    }
}

impl Tenant {
    /// Is it found under this key?
    fn has_key(&self, key: &FlowKey) -> bool {
        self.connection.key() == *key || self.other_key.as_deref() == Some(key)
    }

    fn side(&self, src_is_low: bool) -> Side {
        if src_is_low == self.client_is_low { Side::Client } else { Side::Server }
    }
}

fn later(time: Timestamp, nanos: i64) -> Timestamp {
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

#[cfg(test)]
mod tests;

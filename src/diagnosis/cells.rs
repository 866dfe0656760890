//! The sums of connections, by the client's host, the server's endpoint and the way between them.
//!
//! Where there are too many cells, hosts are put together to networks, and then all of them, on the side that has more:
//! sums stay right, and only what sets connections apart is known less exactly.

use std::hash::{BuildHasher, Hash, Hasher};
use std::net::IpAddr;

use foldhash::fast::RandomState;
use hashbrown::hash_table::Entry;
use hashbrown::{HashSet, HashTable};

use super::generations::write_pair;
use crate::track::diagnosis::Network;
use crate::track::report::{Opening, Report};
use crate::track::verdict::{Frames, Verdict, VerdictKind};
use crate::wire::path::Path;

/// Cells at most.
const CELLS: usize = 1 << 14;

/// What the connections of a cell have in common. A network of one address is a host; `None`: any.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Key {
    pub(super) client: Option<Network>,
    pub(super) server: Option<Network>,
    pub(super) port: Option<u16>,
    pub(super) path: Option<Path>,
}

impl Hash for Key {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        match (self.client, self.server, self.port, &self.path) {
            // What is put together in networks has the addresses of networks.
            (Some(client), Some(server), Some(port), Some(path)) => {
                write_pair(state, (client.addr, client.bits.into()), (server.addr, port), path);
            }
            some => some.hash(state),
        }
    }
}

/// The sums of a cell.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    pub(super) connections: u64,
    /// Connections with a verdict other than that nothing is wrong.
    pub(super) troubled: u64,
    /// Connections in which the client sent one SYN and nothing else.
    pub(super) lone_syns: u64,
    /// Connections that are nothing but an answer to a SYN that was not seen.
    pub(super) answers: u64,
    /// Attempts that failed, and were not repeated patiently.
    pub(super) failed: u64,
    /// Pairs of hosts that were put together.
    pub(super) pairs: u64,
    /// When the first and the latest began, in nanoseconds since 1970.
    pub(super) began: Option<(i64, i64)>,
    /// When the first and the latest began with which nothing is wrong.
    pub(super) fine: Option<(i64, i64)>,
    /// Frames of what is counted as a pattern.
    pub(super) frames: Frames,
    /// Verdicts by kind.
    pub(super) shared: Vec<Shared>,
}

/// Connections that share a kind of verdict.
#[derive(Clone, Debug)]
pub(super) struct Shared {
    pub(super) kind: VerdictKind,
    pub(super) connections: u64,
    pub(super) began: Option<(i64, i64)>,
    /// Frames that show it, one a connection.
    pub(super) frames: Frames,
    /// The first of them.
    pub(super) example: Box<(u64, Verdict)>,
}

/// How exactly hosts are told apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Grain {
    #[default]
    Host,
    Network,
    Any,
}

impl Grain {
    fn of(self, addr: IpAddr) -> Option<Network> {
        match self {
            Self::Host => Some(host(addr)),
            Self::Network => Some(Network::of(addr)),
            Self::Any => None,
        }
    }

    const fn coarser(self) -> Self {
        match self {
            Self::Host => Self::Network,
            Self::Network | Self::Any => Self::Any,
        }
    }
}

/// A host as a network of one address.
pub(super) fn host(addr: IpAddr) -> Network {
    Network { addr, bits: if addr.is_ipv4() { 32 } else { 128 } }
}

/// The address of a network of one.
pub(super) fn address(network: Network) -> Option<IpAddr> {
    (network == host(network.addr)).then_some(network.addr)
}

/// The order of keys, where nothing else tells cells apart.
pub(super) type Sortable = (Option<Network>, Option<Network>, Option<u16>, Option<SortablePath>);
/// The order of ways.
pub(super) type SortablePath = ([u16; 2], Option<u8>, u32);

pub(super) fn sortable(key: &Key) -> Sortable {
    (key.client, key.server, key.port, key.path.map(sortable_path))
}

pub(super) fn sortable_path(path: Path) -> SortablePath {
    (path.vlans, path.tunnel.map(|tunnel| tunnel as u8), path.tunnel_id)
}

/// All cells.
#[derive(Clone, Debug, Default)]
pub(super) struct Cells {
    /// In the order in which they came to be.
    cells: Vec<(Key, Cell)>,
    /// Where the cell of a key is.
    places: HashTable<u32>,
    hasher: RandomState,
    clients: Grain,
    servers: Grain,
    /// Ways are no longer told apart.
    any_path: bool,
    /// When the latest segment of all was seen, in nanoseconds since 1970.
    latest: Option<i64>,
    /// What the capture holds beside SYNs.
    heard: Heard,
}

/// What a capture holds beside the SYNs of clients. A filter may have left out the rest: where it holds nothing else, it
/// does not show what became of a SYN.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Heard {
    /// Anything: a segment of a server, or a SYN that was sent again for want of an answer.
    pub(super) anything: bool,
    /// Something else of a client than SYNs, or a SYN,ACK that was sent again for want of it.
    pub(super) clients: bool,
}

impl Heard {
    fn insert(&mut self, report: &Report) {
        self.clients = self.clients
            || report.server.repeated_segments > 0
            || letters(report).bytes().any(|letter| letter.is_ascii_uppercase() && letter != b'S');
        self.anything = self.anything
            || self.clients
            || report.server.segments > 0
            || report.client.repeated_segments > 0;
    }
}

impl Cells {
    /// Every cell with its key, in the order in which they came to be.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Key, &Cell)> + Clone {
        self.cells.iter().map(|(key, cell)| (key, cell))
    }

    /// When the latest segment of all was seen, in nanoseconds since 1970.
    pub(super) const fn latest(&self) -> Option<i64> {
        self.latest
    }

    /// What the capture holds beside SYNs.
    pub(super) const fn heard(&self) -> Heard {
        self.heard
    }

    /// The sums of a cell.
    pub(super) fn get(&self, key: &Key) -> Option<&Cell> {
        self.cells.get(self.place(key)?).map(|(_, cell)| cell)
    }

    /// Counts a connection.
    pub(super) fn insert(&mut self, report: &Report) {
        self.latest = self.latest.max(report.end.map(|end| end.nanos()));
        if !self.heard.clients {
            self.heard.insert(report);
        }
        let mut key = self.key(report);
        if self.cells.len() >= CELLS && self.place(&key).is_none() {
            self.coarsen();
            key = self.key(report);
        }
        self.entry(key, || Cell { pairs: 1, ..Cell::default() }, |cell| cell.count(report));
    }

    fn place(&self, key: &Key) -> Option<usize> {
        let same = |place: &u32| self.cells.get(*place as usize).is_some_and(|(known, _)| known == key);
        self.places.find(self.hasher.hash_one(key), same).map(|place| *place as usize)
    }

    /// Changes the cell of a key, made where there is none.
    fn entry(&mut self, key: Key, new: impl FnOnce() -> Cell, change: impl FnOnce(&mut Cell)) {
        let Self { cells, places, hasher, .. } = self;
        let same = |place: &u32| cells.get(*place as usize).is_some_and(|(known, _)| *known == key);
        let hashed = |place: &u32| cells.get(*place as usize).map_or(0, |(known, _)| hasher.hash_one(known));
        let place = match places.entry(hasher.hash_one(key), same, hashed) {
            Entry::Occupied(place) => *place.get(),
            Entry::Vacant(place) => {
                // There are no more than CELLS.
                let last = cells.len() as u32;
                place.insert(last);
                cells.push((key, new()));
                last
            }
        };
        if let Some((_, cell)) = cells.get_mut(place as usize) {
            change(cell);
        }
    }

    fn key(&self, report: &Report) -> Key {
        let ends = &report.endpoints;
        Key {
            client: self.clients.of(ends.client.addr),
            server: self.servers.of(ends.server.addr),
            port: (self.servers != Grain::Any).then_some(ends.server.port),
            path: (!self.any_path).then_some(ends.path),
        }
    }

    /// Puts cells together until a quarter of the room is free.
    fn coarsen(&mut self) {
        while self.cells.len() > CELLS / 4 * 3 {
            let clients = distinct(self.cells.iter().map(|(key, _)| key.client));
            let servers = distinct(self.cells.iter().map(|(key, _)| (key.server, key.port)));
            let (clients_left, servers_left) = (self.clients != Grain::Any, self.servers != Grain::Any);
            if clients_left && (clients >= servers || !servers_left) {
                self.clients = self.clients.coarser();
            } else if servers_left {
                self.servers = self.servers.coarser();
            } else if !self.any_path {
                self.any_path = true;
            } else {
                return;
            }
            let cells = std::mem::take(&mut self.cells);
            self.places.clear();
            let mut sorted: Vec<_> = cells.into_iter().map(|(key, cell)| (self.coarse(key), cell)).collect();
            sorted.sort_by_key(|(_, cell)| (cell.began, cell.frames.as_slice().first().copied()));
            for (key, cell) in sorted {
                self.entry(key, Cell::default, |known| known.merge(cell));
            }
        }
    }

    fn coarse(&self, key: Key) -> Key {
        let grown = |grain: Grain, known: Option<Network>| {
            known.and_then(|network| match grain {
                Grain::Host => Some(network),
                _ => grain.of(network.addr),
            })
        };
        Key {
            client: grown(self.clients, key.client),
            server: grown(self.servers, key.server),
            port: key.port.filter(|_| self.servers != Grain::Any),
            path: key.path.filter(|_| !self.any_path),
        }
    }
}

fn distinct<T: Eq + Hash>(all: impl Iterator<Item = T>) -> usize {
    all.collect::<HashSet<T, RandomState>>().len()
}

impl Cell {
    fn count(&mut self, report: &Report) {
        let began = report.start.map(|start| (start.nanos(), start.nanos()));
        self.connections += 1;
        self.began = span(self.began, began);
        let pattern = if is_lone_syn(report) {
            self.lone_syns += 1;
            true
        } else if is_answer(report) {
            self.answers += 1;
            true
        } else {
            false
        };
        let failed = has_failed(report);
        self.failed += u64::from(failed);
        if pattern || failed {
            self.frames.insert(report.first_frame);
        }
        // Of one that made room in a full table, it is not known what else came.
        if report.evicted {
            return;
        }
        let verdicts = report.verdicts.all();
        if verdicts.iter().all(|verdict| verdict.kind() == VerdictKind::Fine) {
            self.fine = span(self.fine, began);
            return;
        }
        self.troubled += 1;
        for (n, verdict) in verdicts.iter().enumerate() {
            let kind = verdict.kind();
            // Each connection counts once for a kind.
            let first = verdicts.iter().take(n).all(|before| before.kind() != kind);
            if first && concerns_many(report, kind, n == 0) {
                self.share(report, verdict, began);
            }
        }
    }

    fn share(&mut self, report: &Report, verdict: &Verdict, began: Option<(i64, i64)>) {
        let frame = verdict.frames.as_slice().first().copied().unwrap_or(report.first_frame);
        match self.shared.iter_mut().find(|shared| shared.kind == verdict.kind()) {
            Some(shared) => {
                shared.connections += 1;
                shared.began = span(shared.began, began);
                shared.frames.insert(frame);
            }
            None => {
                let mut frames = Frames::NONE;
                frames.insert(frame);
                let example = Box::new((report.id, verdict.clone()));
                let kind = verdict.kind();
                self.shared.push(Shared { kind, connections: 1, began, frames, example });
            }
        }
    }

    /// Takes the sums of another cell.
    fn merge(&mut self, other: Self) {
        self.connections += other.connections;
        self.troubled += other.troubled;
        self.lone_syns += other.lone_syns;
        self.answers += other.answers;
        self.failed += other.failed;
        self.pairs += other.pairs;
        self.began = span(self.began, other.began);
        self.fine = span(self.fine, other.fine);
        other.frames.as_slice().iter().for_each(|frame| self.frames.insert(*frame));
        for theirs in other.shared {
            match self.shared.iter_mut().find(|mine| mine.kind == theirs.kind) {
                Some(mine) => mine.merge(&theirs),
                None => self.shared.push(theirs),
            }
        }
    }
}

impl Shared {
    /// Takes those of another cell.
    pub(super) fn merge(&mut self, other: &Self) {
        self.connections += other.connections;
        self.began = span(self.began, other.began);
        other.frames.as_slice().iter().for_each(|frame| self.frames.insert(*frame));
        if other.example.0 < self.example.0 {
            self.example.clone_from(&other.example);
        }
    }
}

/// From the earlier beginning to the later end.
pub(super) fn span(one: Option<(i64, i64)>, other: Option<(i64, i64)>) -> Option<(i64, i64)> {
    match (one, other) {
        (Some(one), Some(other)) => Some((one.0.min(other.0), one.1.max(other.1))),
        (one, other) => one.or(other),
    }
}

/// The letters of Zeek's history: `S` SYN, `h` SYN,ACK, `r` and `R` RST; small ones are the server's.
fn letters(report: &Report) -> &str {
    report.history.as_str().trim_start_matches('^')
}

/// One SYN of the client and nothing else, whether it was answered or not.
fn is_lone_syn(report: &Report) -> bool {
    report.client.segments == 1 && report.client.payload_bytes == 0 && matches!(letters(report), "S" | "Sh")
}

/// An answer to a SYN that was not seen; and the RST of the host that did not send it.
fn is_answer(report: &Report) -> bool {
    let letters = letters(report);
    letters.starts_with(['h', 'r'])
        && letters.bytes().all(|letter| matches!(letter, b'h' | b'r' | b'R'))
        && report.client.data_segments == 0
        && report.server.data_segments == 0
}

/// Whether a verdict of this kind is one that several connections may share; `main` where it is the connection's first.
///
/// - A SYN that nobody sent again was answered where the capture does not see it, or its sender wants no connection.
/// - A SYN,ACK that the client answers by a RST is what a probe asks for: a health check, a scan.
/// - Where the capture lacks something, and a connection is judged all the same, that judgement is told.
fn concerns_many(report: &Report, kind: VerdictKind, main: bool) -> bool {
    match kind {
        VerdictKind::Fine => false,
        VerdictKind::Unanswered => report.client.repeated_segments > 0,
        VerdictKind::Aborted => letters(report) != "ShR",
        VerdictKind::Capture => main,
        _ => true,
    }
}

/// An attempt that came to nothing, of a client that did not care much: a program that wants to connect sends its SYN
/// again and again.
fn has_failed(report: &Report) -> bool {
    match report.opening {
        Opening::Refused => report.client.segments <= 3,
        Opening::Unanswered => report.client.segments <= 2,
        _ => false,
    }
}

//! Patterns that only many connections together show: floods, scans, the echo of a flood.
//!
//! - `backscatter`: SYN,ACKs or RSTs that answer SYNs which are not in the capture, ten at least, from servers of which
//!   little else is seen (four in five of their connections).
//! - `syn_flood`: fifty SYNs at least to one endpoint, five a second or more, each the only segment that its sender
//!   sends, and four in five of all that begins there; a second at least is seen of what became of most. The capture
//!   holds something else of clients than SYNs, or SYN,ACKs that wait for it: otherwise a filter may have left it out.
//! - `scan`: one client tries sixteen hosts at least, and four in five attempts come to nothing.
//! - `port_scan`: one client tries sixteen ports at least of a host, and four in five attempts come to nothing.
//!
//! Neither kind of scan is told of a capture that holds nothing but SYNs, each sent once.
//!
//! What belongs to a pattern is not told again as a verdict that connections share.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use super::cells::{Cell, Cells, Key, address, sortable, span};
use crate::track::diagnosis::{Common, Diagnosis, DiagnosisKind, Network};
use crate::track::flow::Side;

/// Answers to nobody's SYNs.
const ANSWERS: u64 = 10;
/// SYNs of a flood, and how many a second.
const SYNS: u64 = 50;
const SYNS_PER_SECOND: i64 = 5;
/// Nanoseconds from the middle of a flood to the end of the capture: by then, who wants to connect has answered, or sent
/// its SYN again (RFC 6298, section 2.1).
pub(super) const WAITED: i64 = 1_000_000_000;
/// Hosts, or ports, that are tried.
const TRIED: u64 = 16;
/// Attempts of those at least that come to nothing.
const FAILED: u64 = TRIED * 4 / 5;

/// A group of cells with their sums.
type Group<'c> = Vec<(&'c Key, &'c Cell)>;

/// The patterns that the cells show, the largest first; and the cells that belong to none, in order.
pub(super) fn find(cells: &Cells) -> (Vec<Diagnosis>, Vec<Key>) {
    let mut left: Group<'_> = cells.iter().collect();
    left.sort_by_cached_key(|(key, cell)| (cell.began, sortable(key)));
    let mut found = Vec::new();
    if left.iter().all(|(_, cell)| cell.frames.as_slice().is_empty()) {
        return (found, left.into_iter().map(|(key, _)| *key).collect());
    }
    let (latest, heard) = (cells.latest(), cells.heard());
    found.extend(backscatter(&mut left));
    if heard.clients {
        let endpoint = |key: &Key| key.server.map(|server| (server, key.port));
        let syns: (fn(&Cell) -> u64, u64) = (|cell| cell.lone_syns, SYNS);
        found.extend(each(&mut left, endpoint, syns, |group| syn_flood(group, latest)));
    }
    if heard.anything {
        let failed: (fn(&Cell) -> u64, u64) = (|cell| cell.failed, FAILED);
        found.extend(each(&mut left, |key| key.client.zip(key.server), failed, port_scan));
        found.extend(each(&mut left, |key| key.client, failed, scan));
    }
    found.sort_by_key(|diagnosis| std::cmp::Reverse(diagnosis.connections));
    let problems: u64 = left.iter().map(|(_, cell)| cell.troubled).sum();
    if let [only] = &mut found[..] {
        only.others_fine = problems == 0 && !left.is_empty();
    }
    (found, left.into_iter().map(|(key, _)| *key).collect())
}

/// Groups cells by a key, and takes those out of `left` that make a pattern. Only groups in which a sum is `least` or more
/// may make one; in most captures there are none.
fn each<K: Ord + Hash + Copy>(
    left: &mut Group<'_>,
    by: impl Fn(&Key) -> Option<K>,
    (summed, least): (fn(&Cell) -> u64, u64),
    pattern: impl Fn(&Group<'_>) -> Option<Diagnosis>,
) -> Vec<Diagnosis> {
    if sum(left, summed) < least {
        return Vec::new();
    }
    let mut sums: HashMap<K, u64, RandomState> = HashMap::default();
    for (key, cell) in left.iter().filter(|(_, cell)| summed(cell) > 0) {
        if let Some(by) = by(key) {
            *sums.entry(by).or_default() += summed(cell);
        }
    }
    sums.retain(|_, sum| *sum >= least);
    if sums.is_empty() {
        return Vec::new();
    }
    let mut groups: BTreeMap<K, Group<'_>> = BTreeMap::new();
    for (key, cell) in left.iter() {
        if let Some(by) = by(key).filter(|by| sums.contains_key(by)) {
            groups.entry(by).or_default().push((key, cell));
        }
    }
    let found: BTreeMap<K, Diagnosis> =
        groups.iter().filter_map(|(by, group)| Some((*by, pattern(group)?))).collect();
    left.retain(|(key, _)| by(key).is_none_or(|by| !found.contains_key(&by)));
    found.into_values().collect()
}

fn sum(group: &Group<'_>, of: impl Fn(&Cell) -> u64) -> u64 {
    group.iter().map(|(_, cell)| of(cell)).sum()
}

/// Whether so many are four in five.
const fn most(part: u64, all: u64) -> bool {
    part.saturating_mul(5) >= all.saturating_mul(4)
}

fn diagnosis(kind: DiagnosisKind, common: Common, (part, all): (u64, u64), group: &Group<'_>) -> Diagnosis {
    let mut diagnosis = Diagnosis::new(kind, common, part, all);
    let frames = group.iter().flat_map(|(_, cell)| cell.frames.as_slice());
    frames.for_each(|frame| diagnosis.frames.insert(*frame));
    diagnosis
}

/// The one value that all have.
fn only<T: PartialEq>(mut all: impl Iterator<Item = Option<T>>) -> Option<T> {
    let first = all.next()??;
    all.all(|other| other.as_ref() == Some(&first)).then_some(first)
}

fn backscatter(left: &mut Group<'_>) -> Option<Diagnosis> {
    if sum(left, |cell| cell.answers) < ANSWERS {
        return None;
    }
    let mut servers: HashMap<Option<Network>, (u64, u64), RandomState> = HashMap::default();
    for (key, cell) in left.iter() {
        let (answers, all) = servers.entry(key.server).or_default();
        *answers += cell.answers;
        *all += cell.connections;
    }
    servers.retain(|_, (answers, all)| *answers > 0 && most(*answers, *all));
    let (answers, all) = servers.values().fold((0, 0), |sum, server| (sum.0 + server.0, sum.1 + server.1));
    if answers < ANSWERS {
        return None;
    }
    let belongs = |key: &Key| servers.contains_key(&key.server);
    let group: Group<'_> = left.iter().filter(|(key, _)| belongs(key)).copied().collect();
    let client = only(group.iter().map(|(key, _)| key.client.and_then(address)));
    let networks = group.iter().map(|(key, _)| key.client.map(|client| Network::of(client.addr)));
    let common = Common {
        server: only(group.iter().map(|(key, _)| key.server.and_then(address))),
        client,
        network: only(networks).filter(|_| client.is_none()).map(|network| (Side::Client, network)),
        ..Common::default()
    };
    left.retain(|(key, _)| !belongs(key));
    Some(diagnosis(DiagnosisKind::Backscatter, common, (answers, all), &group))
}

fn syn_flood(group: &Group<'_>, latest: Option<i64>) -> Option<Diagnosis> {
    let (syns, all) = (sum(group, |cell| cell.lone_syns), sum(group, |cell| cell.connections));
    let began = group.iter().fold(None, |began, (_, cell)| span(began, cell.began));
    let lasted = began.map_or(0, |(from, to)| to.saturating_sub(from));
    let many = i64::try_from(syns).unwrap_or(i64::MAX).saturating_mul(1_000_000_000 / SYNS_PER_SECOND);
    // A capture that ends sooner does not show what else would have come.
    let waited = began.zip(latest).map_or(0, |((from, to), latest)| {
        latest.saturating_sub(from.saturating_add(to.saturating_sub(from) / 2))
    });
    if waited < WAITED {
        return None;
    }
    if syns < SYNS || !most(syns, all) || lasted > many {
        return None;
    }
    let (key, _) = group.first()?;
    let common = Common {
        server: key.server.and_then(address),
        port: key.port,
        network: key.server.filter(|server| address(*server).is_none()).map(|server| (Side::Server, server)),
        client: only(group.iter().map(|(key, _)| key.client.and_then(address))),
        ..Common::default()
    };
    Some(diagnosis(DiagnosisKind::SynFlood, common, (syns, all), group))
}

fn scan(group: &Group<'_>) -> Option<Diagnosis> {
    let (failed, all) = (sum(group, |cell| cell.failed), sum(group, |cell| cell.connections));
    let mut hosts: BTreeMap<Option<Network>, u64> = BTreeMap::new();
    for (key, cell) in group {
        let pairs = hosts.entry(key.server).or_default();
        *pairs = cell.pairs.max(*pairs);
    }
    let (key, _) = group.first()?;
    let client = address(key.client?)?;
    if hosts.values().sum::<u64>() < TRIED || !most(failed, all) {
        return None;
    }
    let networks = group.iter().map(|(key, _)| key.server.map(|server| Network::of(server.addr)));
    let common = Common {
        client: Some(client),
        port: only(group.iter().map(|(key, _)| key.port)),
        network: only(networks).map(|network| (Side::Server, network)),
        ..Common::default()
    };
    Some(diagnosis(DiagnosisKind::Scan, common, (failed, all), group))
}

fn port_scan(group: &Group<'_>) -> Option<Diagnosis> {
    let (failed, all) = (sum(group, |cell| cell.failed), sum(group, |cell| cell.connections));
    let ports: BTreeSet<_> = group.iter().map(|(key, _)| key.port).collect();
    let (key, _) = group.first()?;
    let (client, server) = (address(key.client?)?, address(key.server?)?);
    if (ports.len() as u64) < TRIED || !most(failed, all) {
        return None;
    }
    let common = Common { client: Some(client), server: Some(server), ..Common::default() };
    Some(diagnosis(DiagnosisKind::PortScan, common, (failed, all), group))
}

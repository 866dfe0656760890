//! Verdicts that connections share, and what sets these connections apart from the others.
//!
//! A group of connections is described by what they have in common: the server's endpoint, the client's host, their
//! networks, the way, the port, or nothing. For each kind of verdict the group is chosen that fits best: most of its
//! connections have the verdict, and most that have the verdict are in it (the harmonic mean of both shares). Of groups
//! that fit alike, the more exact is told. What the group leaves over may be another group.
//!
//! A group is told where three connections at least have the verdict, and
//!   1. half of the group has it,
//!   2. or a fifth of it has it, and three times as large a share as of the others,
//!   3. or it is all connections, and a tenth of them, five at least, has it.

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use super::MOST;
use super::cells::{Cell, Cells, Key, Shared, address, span};
use crate::track::diagnosis::{Common, Diagnosis, DiagnosisKind, Network};
use crate::track::flow::Side;
use crate::track::verdict::{Party, VerdictKind};
use crate::wire::frame::Timestamp;

/// Fewer connections merely happen.
const LEAST: u64 = 3;
/// The least of all connections, where nothing sets them apart.
const LEAST_OF_ALL: u64 = 5;

/// What a group is described by, the more exact first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
enum By {
    Endpoint,
    Client,
    Path,
    Server,
    ServerNetwork,
    ClientNetwork,
    Port,
    ClientAtEndpoint,
    All,
}

impl By {
    const ALL: [Self; 9] = [
        Self::Endpoint,
        Self::Client,
        Self::Path,
        Self::Server,
        Self::ServerNetwork,
        Self::ClientNetwork,
        Self::Port,
        Self::ClientAtEndpoint,
        Self::All,
    ];

    /// What the connections of a cell have in common; `None` where the cell does not say it.
    fn common(self, key: &Key) -> Option<Common> {
        let server = || key.server.and_then(address);
        let client = || key.client.and_then(address);
        let network = |of: Option<Network>| {
            let network = Network::of(of?.addr);
            Some(network)
        };
        let none = Common::default();
        Some(match self {
            Self::Endpoint => Common { server: Some(server()?), port: Some(key.port?), ..none },
            Self::Client => Common { client: Some(client()?), ..none },
            Self::Path => Common { path: Some(key.path.filter(|path| !path.is_none())?), ..none },
            Self::Server => Common { server: Some(server()?), ..none },
            Self::ServerNetwork => Common { network: Some((Side::Server, network(key.server)?)), ..none },
            Self::ClientNetwork => Common { network: Some((Side::Client, network(key.client)?)), ..none },
            Self::Port => Common { port: Some(key.port?), ..none },
            Self::ClientAtEndpoint => {
                Common { client: Some(client()?), server: Some(server()?), port: Some(key.port?), ..none }
            }
            Self::All => none,
        })
    }
}

type Groups<'c> = HashMap<(By, Common), Group<'c>, RandomState>;

/// A group of connections.
#[derive(Default)]
struct Group<'c> {
    /// The cells of the group, and where the first of them is.
    cells: Vec<&'c Cell>,
    first: usize,
    connections: u64,
    /// Of these, those with the verdict that were not told yet.
    with: u64,
}

/// The verdicts that the connections of these cells share, those that most have first.
pub(super) fn find(cells: &Cells, rest: &[Key]) -> Vec<Diagnosis> {
    let all: Vec<(&Key, &Cell)> = rest.iter().filter_map(|key| Some((key, cells.get(key)?))).collect();
    let troubled: u64 = cells.iter().map(|(_, cell)| cell.troubled).sum();
    if troubled < LEAST {
        return Vec::new();
    }
    let ailing: Vec<_> = all.iter().filter(|(_, cell)| !cell.shared.is_empty()).copied().collect();
    let mut found = Vec::new();
    for kind in VerdictKind::ALL {
        let with = |cell: &Cell| shared(cell, *kind).map_or(0, |shared| shared.connections);
        let mut left: Vec<_> = ailing.iter().filter(|(_, cell)| with(cell) > 0).copied().collect();
        // A kind has several places at most as often as there is room for.
        for _ in 0..MOST {
            let sum: u64 = left.iter().map(|(_, cell)| with(cell)).sum();
            if sum < LEAST {
                break;
            }
            let Some((by, common, told)) = best(*kind, &all, &left, sum) else { break };
            found.push(told);
            left.retain(|(key, _)| by.common(key) != Some(common));
        }
    }
    found.sort_by_key(|diagnosis| std::cmp::Reverse(diagnosis.connections));
    let connections: u64 = cells.iter().map(|(_, cell)| cell.connections).sum();
    for diagnosis in &mut found {
        diagnosis.others_fine = troubled == diagnosis.connections && connections > diagnosis.of;
    }
    found.truncate(MOST);
    found
}

fn shared(cell: &Cell, kind: VerdictKind) -> Option<&Shared> {
    cell.shared.iter().find(|shared| shared.kind == kind)
}

/// The group that fits best the connections of a kind that are `left`, `sum` in number.
fn best(
    kind: VerdictKind,
    all: &[(&Key, &Cell)],
    left: &[(&Key, &Cell)],
    sum: u64,
) -> Option<(By, Common, Diagnosis)> {
    let mut groups = Groups::default();
    for (key, cell) in left {
        for by in By::ALL {
            if let Some(common) = by.common(key) {
                groups.entry((by, common)).or_default().with +=
                    shared(cell, kind).map_or(0, |shared| shared.connections);
            }
        }
    }
    groups.retain(|_, group| group.with >= LEAST);
    let mut connections = 0;
    for (place, (key, cell)) in all.iter().enumerate() {
        connections += cell.connections;
        for by in By::ALL {
            if let Some(group) = by.common(key).and_then(|common| groups.get_mut(&(by, common))) {
                group.connections += cell.connections;
                if group.cells.is_empty() {
                    group.first = place;
                }
                group.cells.push(cell);
            }
        }
    }
    let client_first = left
        .iter()
        .any(|(_, cell)| shared(cell, kind).is_some_and(|shared| shared.example.1.who == Party::Client));
    let order = |by: By| match by {
        By::Client if client_first => 0,
        other => 1 + other as u8,
    };
    let fits = |(by, group): (By, &Group<'_>)| {
        let others = connections.saturating_sub(group.connections);
        let rest = sum.saturating_sub(group.with);
        let half = group.with.saturating_mul(2) >= group.connections;
        let fifth = group.with.saturating_mul(5) >= group.connections;
        let thrice =
            group.with.saturating_mul(others) >= rest.saturating_mul(group.connections).saturating_mul(3);
        let tenth = group.with >= LEAST_OF_ALL && group.with.saturating_mul(10) >= group.connections;
        half || (fifth && thrice && by != By::All) || (tenth && by == By::All)
    };
    let mut fitting: Vec<_> = groups.iter().filter(|((by, _), group)| fits((*by, group))).collect();
    // The order of a map is nobody's: of equals, the one that was seen first.
    fitting.sort_by_key(|((by, _), group)| (order(*by), group.first));
    let fit =
        |group: &Group<'_>| u128::from(group.with) * 1_000_000 / u128::from(group.connections + sum).max(1);
    let best = fitting.iter().map(|(_, group)| fit(group)).max()?;
    let ((by, common), group) = fitting.into_iter().find(|(_, group)| fit(group) == best)?;
    Some((*by, *common, told(kind, *common, group)?))
}

/// The diagnosis of a group.
fn told(kind: VerdictKind, common: Common, group: &Group<'_>) -> Option<Diagnosis> {
    let mut parts = group.cells.iter().filter_map(|cell| shared(cell, kind));
    let mut sum = parts.next()?.clone();
    parts.for_each(|part| sum.merge(part));
    let mut diagnosis =
        Diagnosis::new(DiagnosisKind::Verdict(kind), common, sum.connections, group.connections);
    (diagnosis.frames, diagnosis.example) = (sum.frames, Some(sum.example));
    // Where several others of the group are there, all of them fine, and began before the first or behind the latest, time sets them apart.
    let troubled: u64 = group.cells.iter().map(|cell| cell.troubled).sum();
    let fine = group.cells.iter().fold(None, |fine, cell| span(fine, cell.fine));
    let many = troubled >= LEAST_OF_ALL && group.connections.saturating_sub(troubled) >= LEAST;
    if troubled == sum.connections
        && many
        && let (Some((first, latest)), Some((first_fine, latest_fine))) = (sum.began, fine)
    {
        let at = |nanos| Some(Timestamp::from_nanos(nanos));
        let common = &mut diagnosis.common;
        (common.from, common.to) =
            (at(first).filter(|_| latest_fine < first), at(latest).filter(|_| latest < first_fine));
        if common.from.is_some() || common.to.is_some() {
            diagnosis.of = sum.connections;
        }
    }
    Some(diagnosis)
}

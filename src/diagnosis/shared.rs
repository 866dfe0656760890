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
use super::cells::{Cell, Cells, Key, Shared, address, sortable_path, span};
use super::patterns::WAITED;
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

/// What is known of a group whatever the verdict: its cells, and how many connections they are.
type Groups<'c> = HashMap<(By, Common), Group<'c>, RandomState>;

/// A group of connections.
#[derive(Default)]
struct Group<'c> {
    cells: Vec<&'c Cell>,
    connections: u64,
}

/// The groups that hold connections with which something is wrong.
fn groups<'c>(all: &[(&Key, &'c Cell)]) -> Groups<'c> {
    let mut groups = Groups::default();
    for (key, _) in all.iter().filter(|(_, cell)| cell.troubled > 0) {
        for by in By::ALL {
            if let Some(common) = by.common(key) {
                groups.entry((by, common)).or_default();
            }
        }
    }
    for (key, cell) in all {
        for by in By::ALL {
            if let Some(group) = by.common(key).and_then(|common| groups.get_mut(&(by, common))) {
                group.connections += cell.connections;
                group.cells.push(cell);
            }
        }
    }
    groups
}

/// The verdicts that the connections of these cells share, those that most have first.
pub(super) fn find(cells: &Cells, rest: &[Key]) -> Vec<Diagnosis> {
    let all: Vec<(&Key, &Cell)> = rest.iter().filter_map(|key| Some((key, cells.get(key)?))).collect();
    let troubled: u64 = cells.iter().map(|(_, cell)| cell.troubled).sum();
    if troubled < LEAST {
        return Vec::new();
    }
    let groups = groups(&all);
    let mut found = Vec::new();
    for kind in VerdictKind::ALL {
        let with = |cell: &Cell| shared(cell, *kind).map_or(0, |shared| shared.connections);
        let mut left: Vec<_> = all.iter().filter(|(_, cell)| with(cell) > 0).copied().collect();
        // A kind has several places at most as often as there is room for.
        for _ in 0..MOST {
            let sum: u64 = left.iter().map(|(_, cell)| with(cell)).sum();
            if sum < LEAST {
                break;
            }
            let Some((by, common, told)) = best(*kind, &groups, &left, (sum, cells.latest())) else { break };
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

/// The group that fits best the connections of a kind that are `left`, `sum` in number, in a capture whose latest
/// segment was seen at `latest`.
fn best(
    kind: VerdictKind,
    groups: &Groups<'_>,
    left: &[(&Key, &Cell)],
    (sum, latest): (u64, Option<i64>),
) -> Option<(By, Common, Diagnosis)> {
    let mut with: HashMap<(By, Common), u64, RandomState> = HashMap::default();
    let mut client_first = false;
    for (key, cell) in left {
        let Some(shared) = shared(cell, kind) else { continue };
        client_first |= shared.example.1.who == Party::Client;
        for by in By::ALL {
            if let Some(common) = by.common(key) {
                *with.entry((by, common)).or_default() += shared.connections;
            }
        }
    }
    let connections = groups.get(&(By::All, Common::default())).map_or(0, |all| all.connections);
    let fits = |by: By, with: u64, of: u64| {
        let (others, rest) = (connections.saturating_sub(of), sum.saturating_sub(with));
        let half = with.saturating_mul(2) >= of;
        let fifth = with.saturating_mul(5) >= of;
        let thrice = with.saturating_mul(others) >= rest.saturating_mul(of).saturating_mul(3);
        let tenth = with >= LEAST_OF_ALL && with.saturating_mul(10) >= of;
        half || (fifth && thrice && by != By::All) || (tenth && by == By::All)
    };
    let order = |by: By| match by {
        By::Client if client_first => 0,
        other => 1 + other as u8,
    };
    let fit = |with: u64, of: u64| u128::from(with) * 1_000_000 / u128::from(of + sum).max(1);
    let fitting = with.into_iter().filter_map(|((by, common), with)| {
        let group = groups.get(&(by, common))?;
        let of = group.connections;
        // The order of a map is nobody's: of equals, the one that was seen first.
        let rank = || {
            (
                std::cmp::Reverse(fit(with, of)),
                order(by),
                group.cells.first().map(|cell| cell.began),
                sortable(&common),
            )
        };
        (with >= LEAST && fits(by, with, of)).then(|| (rank(), by, common, group))
    });
    let (_, by, common, group) = fitting.min_by_key(|(rank, ..)| *rank)?;
    Some((by, common, told(kind, common, group, latest)?))
}

/// The order of groups, where nothing else tells them apart.
fn sortable(common: &Common) -> impl Ord + Copy + use<> {
    let Common { server, port, client, network, path, .. } = *common;
    (server, port, client, network.map(|(_, network)| network), path.map(sortable_path))
}

/// The diagnosis of a group.
fn told(kind: VerdictKind, common: Common, group: &Group<'_>, end: Option<i64>) -> Option<Diagnosis> {
    let mut parts = group.cells.iter().filter_map(|cell| shared(cell, kind));
    let mut sum = parts.next()?.clone();
    parts.for_each(|part| sum.merge(part));
    let mut diagnosis =
        Diagnosis::new(DiagnosisKind::Verdict(kind), common, sum.connections, group.connections);
    // Those that began shortly before the end of the capture had no time to come to this verdict.
    let wait = sum.example.1.lasted.unwrap_or_default().max(WAITED);
    let had_time = |began: i64| end.is_some_and(|end| began.saturating_add(wait) <= end);
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
        (common.from, common.to) = (
            at(first).filter(|_| latest_fine < first),
            at(latest).filter(|_| latest < first_fine && had_time(first_fine)),
        );
        if common.from.is_some() || common.to.is_some() {
            diagnosis.of = sum.connections;
        }
    }
    Some(diagnosis)
}

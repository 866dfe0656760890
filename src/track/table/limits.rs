//! What bounds the tracker, and how many tables that makes.

use std::time::Duration;

/// What bounds the tracker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
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

/// Tables of a large tracker, each with the connections of some endpoints. Their number is fixed, so that who has to make
/// room does not depend on who looks after which table.
pub(super) const TABLES: usize = 8;

/// A tracker of fewer connections has one table.
const LARGE: usize = 1024 * TABLES;

impl Limits {
    /// How many tables the connections are divided among.
    pub fn tables(&self) -> usize {
        if self.max_connections >= LARGE && self.linger.is_none() { TABLES } else { 1 }
    }

    /// The table of connections with this [part hash](crate::track::compact::flow_key::FlowKey::part_hash).
    #[inline(always)]
    pub(super) fn table(&self, part_hash: u32) -> usize {
        if self.tables() == 1 { 0 } else { ((u64::from(part_hash) * TABLES as u64) >> 32) as usize }
    }
}

//! Counts of what a server or a client has done.

/// Counts of a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Totals {
    /// Connections that were opened.
    pub connections: u64,
    /// Of those, the connections that ended otherwise than by a FIN of either side.
    pub broken: u64,
    /// Reads, or datagrams received, that brought octets.
    pub reads: u64,
    /// Octets that these reads brought.
    pub octets_read: u64,
    /// Writes, or datagrams sent.
    pub writes: u64,
    /// Octets that these writes took.
    pub octets_written: u64,
}

impl Totals {
    /// Adds what another part has done.
    pub(super) fn add(&mut self, other: &Self) {
        self.connections += other.connections;
        self.broken += other.broken;
        self.reads += other.reads;
        self.octets_read += other.octets_read;
        self.writes += other.writes;
        self.octets_written += other.octets_written;
    }
}

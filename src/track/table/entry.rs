//! A connection in its place in the table.

use crate::track::compact::flow_key::FlowKey;
use crate::track::compact::prefetch::Prefetcher;
use crate::track::connection::Connection;
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::report::Report;
use crate::wire::frame::Timestamp;

use super::lingering::Reported;

/// A connection, and what the table knows of it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) client_is_low: bool,
    /// Segments were seen since its queue entry was made.
    pub(super) active: bool,
    /// It stands in the queue of those that were idle for long.
    pub(super) idle: bool,
    pub(super) reported: Reported,
    /// The sink wants its events.
    pub(super) wanted: bool,
    pub(super) connection: Connection,
}

impl Entry {
    /// Prefetches a field in each of its lines.
    pub(super) fn prefetch(&self, prefetcher: &mut impl Prefetcher) {
        self.connection.prefetch(prefetcher);
        prefetcher.field(&self.active);
    }

    /// The connection's number.
    pub(super) fn id(&self) -> u64 {
        self.connection.id
    }

    /// The report of the connection; `until`: where the capture ends, or how far it is.
    pub(super) fn report(&self, evicted: bool, until: Option<Timestamp>) -> Report {
        self.connection.report(evicted, until)
    }

    /// Whether the connection is found under `key`.
    #[inline(always)]
    pub(super) fn has_key(&self, key: FlowKey<'_>) -> bool {
        self.connection.ends.have_key(self.client_is_low, key)
    }

    /// The side of the end that sends, by whether it is the lower one.
    #[inline]
    pub(super) fn side(&self, src_is_low: bool) -> Side {
        if src_is_low == self.client_is_low { Side::Client } else { Side::Server }
    }
}

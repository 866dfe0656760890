//! A connection in its place in the table.

use crate::track::connection::Connection;
use crate::track::flow::{FlowKey, Side};
use crate::track::look::Look;
use crate::track::report::Report;

use super::lingering::Told;

/// A connection, and what the table knows of it.
#[derive(Debug)]
pub(super) struct Tenant {
    pub(super) client_is_low: bool,
    /// Segments were seen since its queue entry was made.
    pub(super) touched: bool,
    pub(super) told: Told,
    pub(super) connection: Connection,
}

impl Tenant {
    /// Looks at a field in each of its lines.
    pub(super) fn touch(&self, look: &mut impl Look) {
        self.connection.touch(look);
        look.at(&self.touched);
    }

    /// The connection's number.
    pub(super) fn id(&self) -> u64 {
        self.connection.id
    }

    /// What is to be said of it.
    pub(super) fn report(&self, evicted: bool) -> Report {
        self.connection.report(evicted)
    }

    /// Is it found under this key?
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

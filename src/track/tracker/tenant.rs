//! A connection in its place in the table.

use crate::track::connection::Connection;
use crate::track::flow::{Endpoints, FlowKey, Side};
use crate::track::look::Look;
use crate::track::report::Report;
use crate::wire::path::Path;

use super::lingering::Told;

/// A connection, and what the table knows of it.
#[derive(Debug)]
pub(super) struct Tenant {
    pub(super) client_is_low: bool,
    /// Segments were seen since its queue entry was made.
    pub(super) touched: bool,
    pub(super) told: Told,
    pub(super) connection: Connection,
    /// Another path of the same connection, for a way back that is tagged differently; seldom there.
    pub(super) other_path: Option<Box<Path>>,
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
        self.key() == key || self.other_path.as_ref().is_some_and(|path| self.key().on(path) == key)
    }

    /// The key of its segments on its own path.
    #[inline(always)]
    pub(super) fn key(&self) -> FlowKey<'_> {
        let Endpoints { client, server, path, .. } = self.connection.endpoints();
        let (low, high) = if self.client_is_low { (client, server) } else { (server, client) };
        FlowKey::between(low, high, path)
    }

    /// The side of the end that sends, by whether it is the lower one.
    #[inline]
    pub(super) fn side(&self, src_is_low: bool) -> Side {
        if src_is_low == self.client_is_low { Side::Client } else { Side::Server }
    }
}

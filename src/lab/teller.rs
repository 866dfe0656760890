//! Tells a journal what one end of one connection does.

use std::borrow::Cow;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use crate::wire::call::{Call, Journal, Message, Remark, Role, What};
use crate::wire::frame::Timestamp;

use super::clock::now;
use super::error::failure;

/// Reports calls: for whom, and to which journal.
#[derive(Clone)]
pub(super) struct Teller {
    pub(super) journal: Arc<dyn Journal>,
    pub(super) who: Role,
    pub(super) connection: Option<u64>,
}

/// The ends that a call was about.
#[derive(Clone, Copy, Default)]
pub(super) struct Ends {
    pub(super) local: Option<SocketAddr>,
    pub(super) peer: Option<SocketAddr>,
}

impl Teller {
    /// The teller for one connection.
    pub(super) fn about(&self, connection: u64) -> Self {
        Self { connection: Some(connection), ..self.clone() }
    }

    /// Tells of a call that has just returned.
    pub(super) fn call(
        &self,
        began: Timestamp,
        what: What,
        ends: Ends,
        octets: &[u8],
        result: Result<usize, &io::Error>,
    ) {
        self.call_between((began, now()), what, ends, octets, result);
    }

    /// Tells of a call that began and returned at these times.
    pub(super) fn call_between(
        &self,
        (began, returned): (Timestamp, Timestamp),
        what: What,
        ends: Ends,
        octets: &[u8],
        result: Result<usize, &io::Error>,
    ) {
        self.journal.call(&Call {
            began,
            returned,
            who: self.who,
            connection: self.connection,
            local: ends.local,
            peer: ends.peer,
            what,
            octets: Cow::Borrowed(octets),
            result: result.map_err(failure),
        });
    }

    /// Tells of a message that is whole.
    pub(super) fn message(&self, number: u64, offset: u64, octets: &[u8]) {
        self.journal.message(&Message {
            at: now(),
            who: self.who,
            connection: self.connection,
            number,
            offset,
            octets: Cow::Borrowed(octets),
        });
    }

    /// Tells what the kernel said of this end.
    #[cfg(all(feature = "live", target_os = "linux"))]
    pub(super) fn sample(&self, at: Timestamp, info: crate::wire::tcp_info::TcpInfo) {
        let Self { journal, who, connection } = self;
        journal.sample(&crate::wire::tcp_info::Sample { at, who: *who, connection: *connection, info });
    }

    /// Says something that a person should know.
    pub(super) fn remark(&self, sentence: String) {
        self.journal.remark(&Remark { at: now(), who: self.who, connection: self.connection, sentence });
    }
}

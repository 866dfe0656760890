//! What has come from the server, and waiting for more of it.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::wire::call::Failure;

use super::super::framing::TooLong;

/// Counts of what has come.
#[derive(Clone, Debug, Default)]
pub(super) struct News {
    pub(super) reads: u64,
    pub(super) octets: u64,
    /// Whole messages, in modes that have them.
    pub(super) messages: u64,
    pub(super) end: Option<End>,
}

/// Why nothing more comes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum End {
    /// The server has sent its FIN.
    Closed,
    /// The connection broke.
    Broken(Failure),
    /// A message above the limit.
    TooLong(TooLong),
    /// The peer's octets are not of this protocol.
    Violation(&'static str),
    /// This side breaks the conversation off.
    Stopped,
}

/// Filled by the thread that reads, awaited by the one that writes.
#[derive(Debug, Default)]
pub(super) struct Heard {
    news: Mutex<News>,
    changed: Condvar,
}

impl Heard {
    /// Something has come.
    pub(super) fn change(&self, change: impl FnOnce(&mut News)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    /// Nothing more comes, for the first of all reasons.
    pub(super) fn end(&self, end: End) {
        self.change(|news| {
            news.end.get_or_insert(end);
        });
    }

    /// What has come so far.
    pub(super) fn news(&self) -> News {
        self.lock().clone()
    }

    /// Waits until `enough` or the end, but no longer than `patience`.
    pub(super) fn wait(&self, patience: Duration, enough: impl Fn(&News) -> bool) -> News {
        let waiting = |news: &mut News| news.end.is_none() && !enough(news);
        let waited = self.changed.wait_timeout_while(self.lock(), patience, waiting);
        waited.unwrap_or_else(PoisonError::into_inner).0.clone()
    }

    fn lock(&self) -> MutexGuard<'_, News> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

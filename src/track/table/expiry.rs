//! Removal of connections from the table: those idle for too long, by capture time, and those that must make room.

use std::collections::VecDeque;

use super::entry::Entry;
use super::{Queued, Table, later};
use crate::track::connection::Connection;
use crate::track::vocabulary::event::Sink;
use crate::wire::frame::Timestamp;

/// How long a connection may be idle before it is forgotten (RFC 5382, requirement 5: not less than 2
/// hours and 4 minutes).
const IDLE: i64 = (2 * 3600 + 4 * 60) * 1_000_000_000;
/// How long a connection may be idle that has ended: twice the maximum segment lifetime (RFC 9293, section 3.4.2), after
/// which nothing of it can be under way.
pub(super) const ENDED: i64 = 4 * 60 * 1_000_000_000;

/// How long it may be idle.
fn patience(connection: &Connection) -> i64 {
    if connection.has_ended() { ENDED } else { IDLE }
}

/// Which of the two queues.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Queue {
    Transitory,
    Open,
}

impl Entry {
    /// Whether the connection was idle for too long before a segment that comes at `time`; `false` without a time.
    #[inline]
    pub(super) fn is_over(&self, time: Option<Timestamp>) -> bool {
        let since = time.zip(self.connection.latest());
        let idle = since.map_or(0, |(now, latest)| now.nanos_since(latest));
        idle >= ENDED && idle >= patience(&self.connection)
    }
}

impl Table {
    /// Calls `each` with the number and the place of every connection that has been idle for too long.
    pub(super) fn overdue(&mut self, now: Timestamp, mut each: impl FnMut(u64, u32)) {
        for queue in [Queue::Transitory, Queue::Open] {
            // Whoever waits once more is not looked at twice. A clock that was far ahead once must not stop the queue.
            for _ in 0..self.queue(queue).len() {
                let Some(queued) = self.queue(queue).front().copied() else { break };
                let due = queued.due.get().unwrap_or(now);
                if due > now && due <= later(now, IDLE) {
                    break;
                }
                self.queue(queue).pop_front();
                let Some(entry) = self.entry(queued) else { continue };
                let connection = &entry.connection;
                let due = later(connection.latest().unwrap_or(now), patience(connection));
                if due <= now {
                    each(queued.id, queued.slot);
                    continue;
                }
                // Whoever may end soon is looked at again soon, so that each queue is in the order of its times.
                let (queue, due) = if connection.is_open() {
                    (Queue::Open, due)
                } else {
                    (Queue::Transitory, due.min(later(now, ENDED)))
                };
                self.queue(queue).push_back(Queued { due: Some(due).into(), ..queued });
            }
        }
    }

    /// Makes room: the connection longest without a segment, those that are not open first.
    pub(super) fn evict<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        // A connection that was active since it was queued, or stands in the wrong queue, waits once more; the second
        // round makes no exception.
        for queue in [Queue::Transitory, Queue::Open, Queue::Transitory, Queue::Open] {
            while let Some(queued) = self.queue(queue).pop_front() {
                let Some(entry) = self.entry(queued) else { continue };
                let target = if entry.connection.is_open() { Queue::Open } else { Queue::Transitory };
                let active = std::mem::take(&mut entry.active);
                if !active && target == queue {
                    return self.remove(queued.slot, true, sink);
                }
                self.queue(target).push_back(queued);
            }
        }
        Ok(())
    }

    /// Entries of connections that have left are dropped when they come due; where ports are reused
    /// faster than time goes by, that is too late.
    pub(super) fn forget_the_gone(&mut self) {
        if self.transitory.len() + self.open.len() + self.ended.len() > 3 * self.slots.len() + 1024 {
            let slots = &self.slots;
            let here = |queued: &Queued| {
                slots.get(queued.slot as usize).is_some_and(|entry| entry.connection.id == queued.id)
            };
            self.transitory.retain(here);
            self.open.retain(here);
            self.ended.retain(here);
        }
    }

    fn queue(&mut self, queue: Queue) -> &mut VecDeque<Queued> {
        match queue {
            Queue::Transitory => &mut self.transitory,
            Queue::Open => &mut self.open,
        }
    }
}

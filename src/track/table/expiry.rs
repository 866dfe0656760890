//! Removal of connections from the table: those idle for too long, by capture time, and those that must make room.
//!
//! Rules for a connection that was idle for so long (`patience`):
//!   1. one that has ended, or was never open, leaves the table; what comes later is another connection,
//!   2. any other may go on after hours: it stays, and is the first to make room when room is needed,
//!   3. what comes then belongs to it where it goes on exactly where the connection stood; else it is another connection
//!      on the same ports, and this one leaves.

use std::collections::VecDeque;

use super::entry::Entry;
use super::{Lookup, Queued, Table, later};
use crate::track::connection::{Connection, SILENCE};
use crate::track::vocabulary::event::Sink;
use crate::wire::frame::Timestamp;

/// How long a connection may be idle that has ended: twice the maximum segment lifetime (RFC 9293, section 3.4.2), after
/// which nothing of it can be under way.
pub(super) const ENDED: i64 = 4 * 60 * 1_000_000_000;

/// How long it may be idle.
fn patience(connection: &Connection) -> i64 {
    if connection.has_ended() { ENDED } else { SILENCE }
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
                if due > now && due <= later(now, SILENCE) {
                    break;
                }
                self.queue(queue).pop_front();
                let Some(entry) = self.entry(queued) else { continue };
                let connection = &entry.connection;
                let due = later(connection.latest().unwrap_or(now), patience(connection));
                if due <= now {
                    if connection.may_go_on() {
                        // 2.
                        entry.idle = true;
                        self.idle.push_back(queued);
                    } else {
                        // 1.
                        each(queued.id, queued.slot);
                    }
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

    /// Rule 3: whether the segment goes on with the connection at `index`, which was idle for too long and is then idle
    /// no more.
    pub(super) fn wake(&mut self, index: u32, lookup: Lookup<'_>) -> bool {
        let Lookup { src_is_low, frame, segment, .. } = lookup;
        let Some(entry) = self.slots.get_mut(index as usize) else { return false };
        if !entry.connection.goes_on_exactly(segment, entry.side(src_is_low)) {
            return false;
        }
        if std::mem::take(&mut entry.idle) {
            let (id, due) = (entry.connection.id, frame.time.map(|now| later(now, ENDED)).into());
            self.transitory.push_back(Queued { slot: index, id, due });
            self.forget_the_gone();
        }
        true
    }

    /// Makes room: a connection that was idle for long and left by that alone, else the one longest without a segment,
    /// those that are not open first. `now`: how far the capture is.
    pub(super) fn evict<S: Sink>(&mut self, now: Option<Timestamp>, sink: &mut S) -> Result<(), S::Error> {
        while let Some(queued) = self.idle.pop_front() {
            if self.entry(queued).is_some_and(|entry| entry.idle) {
                return self.leave(queued.slot, (false, now), sink);
            }
        }
        // A connection that was active since it was queued, or stands in the wrong queue, waits once more; the second
        // round makes no exception.
        for queue in [Queue::Transitory, Queue::Open, Queue::Transitory, Queue::Open] {
            while let Some(queued) = self.queue(queue).pop_front() {
                let Some(entry) = self.entry(queued) else { continue };
                let target = if entry.connection.is_open() { Queue::Open } else { Queue::Transitory };
                let active = std::mem::take(&mut entry.active);
                if !active && target == queue {
                    return self.leave(queued.slot, (true, now), sink);
                }
                self.queue(target).push_back(queued);
            }
        }
        Ok(())
    }

    /// Entries of connections that have left are dropped when they come due; where ports are reused
    /// faster than time goes by, that is too late.
    pub(super) fn forget_the_gone(&mut self) {
        let queued = self.transitory.len() + self.open.len() + self.idle.len() + self.ended.len();
        if queued > 3 * self.slots.len() + 1024 {
            let slots = &self.slots;
            let entry = |queued: &Queued| {
                slots.get(queued.slot as usize).filter(|entry| entry.connection.id == queued.id)
            };
            let here = |queued: &Queued| entry(queued).is_some();
            self.transitory.retain(here);
            self.open.retain(here);
            self.idle.retain(|queued| entry(queued).is_some_and(|entry| entry.idle));
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

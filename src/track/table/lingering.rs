//! Connections that have ended, for those who cannot wait for the end of the capture: each is reported after it
//! was idle for a while, and stays in the table for what comes late.

use std::time::Duration;

use super::{Queued, Table, later};
use crate::track::vocabulary::event::Sink;
use crate::wire::frame::Timestamp;

/// How far the end of a connection has been reported.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reported {
    /// Not reported: the connection has not ended, or an early report is not wanted.
    No,
    /// Not yet reported: the connection stands in the queue of those that have ended.
    Soon,
    /// Reported.
    Yes,
}

impl Table {
    /// When there may be something to report next, if no frame comes until then.
    pub(super) fn due(&self) -> Option<Timestamp> {
        let queues = [&self.transitory, &self.open, &self.ended];
        queues.iter().filter_map(|queue| queue.front()?.due.get()).min()
    }

    /// The connection at `index` has ended, and nothing was said of it.
    pub(super) fn has_ended(&mut self, index: u32, time: Option<Timestamp>) {
        let (Some(linger), Some(entry)) = (self.linger, self.slots.get_mut(index as usize)) else {
            return;
        };
        entry.reported = Reported::Soon;
        let due = time.map(|time| later(time, nanos(linger))).into();
        self.ended.push_back(Queued { slot: index, id: entry.connection.id, due });
    }

    /// Reports those who have been idle since their end.
    pub(super) fn report_the_ended<S: Sink>(&mut self, now: Timestamp, sink: &mut S) -> Result<(), S::Error> {
        while let Some(queued) = self.ended.front().copied()
            && queued.due.get().is_none_or(|due| due <= now)
        {
            self.ended.pop_front();
            self.tell(queued, now, sink)?;
        }
        Ok(())
    }

    /// Reports a connection, unless something came since it ended: then it waits once more.
    fn tell<S: Sink>(&mut self, queued: Queued, now: Timestamp, sink: &mut S) -> Result<(), S::Error> {
        let linger = nanos(self.linger.unwrap_or_default());
        let Some(entry) = self.entry(queued) else { return Ok(()) };
        if !entry.connection.has_ended() {
            // It goes on after a RST that was none of its ends'.
            entry.reported = Reported::No;
            return Ok(());
        }
        let due = later(entry.connection.latest().unwrap_or(now), linger);
        if due > now {
            self.ended.push_back(Queued { due: Some(due).into(), ..queued });
            return Ok(());
        }
        entry.reported = Reported::Yes;
        sink.neighbour(&entry.connection.neighbour())?;
        sink.ended(entry.report(false, Some(now)))
    }
}

fn nanos(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}

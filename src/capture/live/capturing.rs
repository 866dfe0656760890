//! The thread that captures: as long as there are frames it reads them, and where there are none it waits for
//! the next one and for the end at once.

use std::io::{self, Read as _};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use pnet_datalink::DataLinkReceiver;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::error::Error;
use super::queue::Queue;
use super::socket::Socket;
use super::stop::Stop;
use super::{Live, Until, vlan};
use crate::capture::write::{Statistics, Writer};
use crate::wire::frame::{Frame, LinkType, Timestamp};

/// So long what was written may be kept back.
const FLUSH_AFTER: Duration = Duration::from_millis(50);

/// So often the kernel is asked for its counts while there is traffic.
const COUNT_EVERY: Duration = Duration::from_millis(500);

/// A capture in its thread.
pub(super) struct Capturing {
    name: String,
    link: LinkType,
    socket: Socket,
    receiver: Box<dyn DataLinkReceiver>,
    stop: Stop,
    woken: UnixStream,
    /// State for VLAN tags, where they are reported beside the frames.
    beside: Option<Beside>,
    queue: Arc<Queue>,
    output: Output,
    count: Option<u64>,
    began: Option<Timestamp>,
    deadline: Option<Instant>,
    /// Frames so far.
    frames: u64,
    received: u64,
    dropped: u64,
    counted: Instant,
}

/// Buffers for a tag as the kernel reports it, and for a frame into which it was put back.
#[derive(Default)]
struct Beside {
    control: Vec<u8>,
    whole: Vec<u8>,
}

/// Where frames are written, if anywhere.
struct Output {
    writer: Option<Writer>,
    /// When the first octets that are still kept back were written.
    since: Option<Instant>,
}

/// What reading gave.
enum Read {
    /// A frame was taken.
    Frame { time: Option<Timestamp> },
    /// None waits.
    Nothing,
}

impl Capturing {
    pub(super) fn new(live: Live, until: Until, writer: Option<Writer>, queue: Arc<Queue>) -> Self {
        let Live { info, link, socket, receiver, stop, woken, buffer: _, tags } = live;
        let now = now();
        Self {
            name: info.name,
            link,
            socket,
            receiver,
            stop,
            woken,
            beside: tags.then(Beside::default),
            queue,
            output: Output { writer, since: None },
            count: until.count,
            began: wall_clock(),
            deadline: until.duration.and_then(|duration| now.checked_add(duration)),
            frames: 0,
            received: 0,
            dropped: 0,
            counted: now,
        }
    }

    /// Captures until the end, and completes what was written.
    pub(super) fn run(mut self) -> Result<(), Error> {
        // The reader must learn of the end even if this thread panics.
        let closing = Closing(Arc::clone(&self.queue));
        let captured = self.capture();
        self.ask_counts();
        let written = match self.output.writer.take() {
            Some(writer) => {
                let statistics = Statistics {
                    start: self.began,
                    end: wall_clock(),
                    received: self.received,
                    dropped: self.dropped,
                };
                let name = writer.name().to_owned();
                writer.finish(&statistics).map_err(|error| Error::Write { name, error })
            }
            None => Ok(()),
        };
        drop(closing);
        captured.and(written)
    }

    fn capture(&mut self) -> Result<(), Error> {
        // What arrived before the end was asked for is taken, what arrives after it is not.
        let mut last = None;
        let mut down = None;
        loop {
            if self.count.is_some_and(|count| self.frames >= count) {
                return Ok(());
            }
            let now = now();
            let over = self.stop.is_asked() || self.deadline.is_some_and(|deadline| now >= deadline);
            if over && last.is_none() {
                last = wall_clock();
            }
            let asked = self.queue.asked();
            match self.read(now, last) {
                Ok(Read::Frame { time }) => {
                    if last.is_some() && time > last {
                        return Ok(());
                    }
                }
                Ok(Read::Nothing) => {
                    if let Some(error) = down {
                        return Err(error);
                    }
                    if over {
                        return Ok(());
                    }
                    self.queue.reach(asked);
                    self.output.flush_after(now, FLUSH_AFTER)?;
                    self.wait(now).map_err(|error| self.failed(error))?;
                }
                // The frames that came before it still wait.
                Err(Failure::Interface(error)) if down.is_none() => down = Some(self.failed(error)),
                Err(Failure::Interface(error)) => return Err(self.failed(error)),
                Err(Failure::Output(error)) => return Err(error),
            }
        }
    }

    /// Reads a frame, if one waits, and hands it on. One that arrived after `last` is not handed on.
    fn read(&mut self, now: Instant, last: Option<Timestamp>) -> Result<Read, Failure> {
        let tag = match &mut self.beside {
            None => None,
            Some(Beside { control, .. }) => match self.socket.look_beside(control) {
                Ok(()) => vlan::tag_in(control),
                Err(error) => return nothing_or(error),
            },
        };
        let mut captured = match self.receiver.next() {
            Ok(captured) => captured,
            // pnet has one word for all that can be wrong with a socket.
            Err(error) if !is_nothing(&error) => {
                return Err(Failure::Interface(self.socket.take_error().unwrap_or(error)));
            }
            Err(_) => return Ok(Read::Nothing),
        };
        if let (Some(tag), Some(beside)) = (tag, &mut self.beside) {
            captured = vlan::put_back(tag, captured, &mut beside.whole);
        }
        let time = self.socket.last_time().map_err(Failure::Interface)?;
        if last.is_some() && time > last {
            return Ok(Read::Frame { time });
        }
        self.frames += 1;
        let original_len = captured.len();
        let frame = Frame { number: self.frames, time, link: self.link, original_len, captured };
        self.output.write(&frame, now).map_err(Failure::Output)?;
        self.queue.push(&frame);
        self.output.flush_after(now, FLUSH_AFTER).map_err(Failure::Output)?;
        if now.saturating_duration_since(self.counted) >= COUNT_EVERY {
            self.counted = now;
            self.ask_counts();
        }
        Ok(Read::Frame { time })
    }

    /// Waits for a frame, for the end, or until something is to be flushed. Idle, it takes no time at all.
    fn wait(&mut self, now: Instant) -> io::Result<()> {
        let due = [self.deadline, self.output.since.and_then(|since| since.checked_add(FLUSH_AFTER))];
        let patience = due.into_iter().flatten().min().map(|due| due.saturating_duration_since(now));
        // A moment more than needed, so that it is over after the wait.
        let patience =
            patience.and_then(|patience| Timespec::try_from(patience + Duration::from_micros(100)).ok());
        let mut waiting = [PollFd::new(&self.socket, PollFlags::IN), PollFd::new(&self.woken, PollFlags::IN)];
        match poll(&mut waiting, patience.as_ref()) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        // What woke it is looked at anew each time, and shall not wake it again.
        let _ = (&self.woken).read(&mut [0; 64]);
        Ok(())
    }

    /// Takes over what the kernel counted. Where it cannot say, nothing is added.
    fn ask_counts(&mut self) {
        let counted = self.socket.counted().unwrap_or_default();
        self.received += u64::from(counted.received);
        self.dropped += u64::from(counted.dropped);
        self.queue.count(self.received, self.dropped);
    }

    fn failed(&self, error: io::Error) -> Error {
        let name = self.name.clone();
        match error.kind() {
            io::ErrorKind::NetworkDown => Error::Down { name },
            _ => Error::Read { name, error },
        }
    }
}

/// Whether this error says that no frame waits.
fn is_nothing(error: &io::Error) -> bool {
    use io::ErrorKind::{Interrupted, TimedOut, WouldBlock};
    matches!(error.kind(), TimedOut | WouldBlock | Interrupted)
}

fn nothing_or(error: io::Error) -> Result<Read, Failure> {
    if is_nothing(&error) { Ok(Read::Nothing) } else { Err(Failure::Interface(error)) }
}

enum Failure {
    Interface(io::Error),
    Output(Error),
}

impl Output {
    fn write(&mut self, frame: &Frame<'_>, now: Instant) -> Result<(), Error> {
        let Some(writer) = &mut self.writer else { return Ok(()) };
        self.since.get_or_insert(now);
        let written = writer.frame(frame);
        self.checked(written)
    }

    /// Flushes what was kept back for so long.
    fn flush_after(&mut self, now: Instant, patience: Duration) -> Result<(), Error> {
        if self.since.is_none_or(|since| now.saturating_duration_since(since) < patience) {
            return Ok(());
        }
        self.since = None;
        let Some(writer) = &mut self.writer else { return Ok(()) };
        let flushed = writer.flush();
        self.checked(flushed)
    }

    /// After an error there is no writer any more: it has written what fits.
    fn checked(&mut self, written: io::Result<()>) -> Result<(), Error> {
        written.map_err(|error| {
            let name = self.writer.take().map_or_else(String::new, |writer| writer.name().to_owned());
            Error::Write { name, error }
        })
    }
}

/// Closes the queue, come what may.
struct Closing(Arc<Queue>);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.close();
    }
}

#[expect(clippy::disallowed_methods, reason = "how long a capture lasts is a matter of this machine's clock")]
fn now() -> Instant {
    Instant::now()
}

/// The clock by which the kernel stamps frames.
#[expect(clippy::disallowed_methods, reason = "frames are stamped by this machine's clock")]
pub(super) fn wall_clock() -> Option<Timestamp> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_nanos()).ok().map(Timestamp::from_nanos)
}

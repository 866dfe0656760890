//! Frames as they pass an interface (Linux).
//!
//! In the order of a frame's way:
//!
//! - `socket`: a packet socket that is opened and set up here: the kernel's times, its counts, a large buffer, no frame
//!   twice on `lo`;
//! - `filter`: what is wanted, as a program that the kernel runs;
//! - pnet binds the socket and reads frames from it;
//! - `capturing`: the thread that does so, writes each frame to a file, if one is wanted, and puts it into the `queue`;
//! - [`Running`]: the other end of the queue, for whoever shows the frames.
//!
//! [`interfaces`] lists what can be sniffed, [`privileges`] gives up what is no longer needed.

mod capturing;
mod error;
mod filter;
pub mod interfaces;
pub mod privileges;
mod queue;
mod socket;
mod stamps;
mod stop;
mod vlan;

use std::io;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use pnet_datalink::{Channel, ChannelType, Config, DataLinkReceiver, NetworkInterface};

use crate::wire::frame::{LinkType, Timestamp};
use crate::wire::selection::Selection;
use crate::wire::source::{Format, Interface, SourceInfo};

use super::write::Writer;
use capturing::Capturing;
pub use error::Error;
use interfaces::Hardware;
use queue::Queue;
pub use queue::{Batch, Taken};
use socket::Socket;
pub use stop::{Stop, set_at};

/// Octets read of a frame at most. Frames on `lo` reach 65,549 octets, those of IPv6 with jumbograms half a
/// million. What is never touched costs no memory.
const LONGEST_FRAME: usize = 1 << 20;

/// Octets of frames that may wait to be shown.
const QUEUE: usize = 32 << 20;

/// The number of all protocols (linux/if_ether.h).
const ALL_PROTOCOLS: u16 = 3;

/// What to capture, and how.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Options {
    /// Where.
    pub interface: String,
    /// The traffic that is wanted. More than that is captured where the kernel cannot judge.
    pub selection: Selection,
    /// Also frames that are not for this host.
    pub promiscuous: bool,
    /// Octets of frames that may wait in the kernel.
    pub buffer: usize,
}

/// Limits at which a capture ends by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Until {
    /// Stop after this many frames.
    pub count: Option<u64>,
    /// Stop after this time.
    pub duration: Option<Duration>,
}

/// An interface that is being listened to. From now on frames wait in the kernel.
pub struct Live {
    info: SourceInfo,
    link: LinkType,
    socket: Socket,
    receiver: Box<dyn DataLinkReceiver>,
    stop: Stop,
    woken: UnixStream,
    buffer: usize,
    /// Whether the kernel reports VLAN tags that were taken off.
    tags: bool,
}

/// A capture that goes on in a thread of its own.
#[derive(Debug)]
pub struct Running {
    link: LinkType,
    queue: Arc<Queue>,
    stop: Stop,
    thread: Option<JoinHandle<Result<(), Error>>>,
}

impl Live {
    /// Listens to an interface.
    ///
    /// # Errors
    ///
    /// Where there is none of that name, where it is down, where the right is missing, and where the system is
    /// too old.
    pub fn open(options: &Options) -> Result<Self, Error> {
        let name = &options.interface;
        let all = pnet_datalink::interfaces();
        let Some(interface) = all.iter().find(|interface| interface.name == *name) else {
            let known = all.into_iter().map(|interface| interface.name).collect();
            return Err(Error::NoSuchInterface { name: name.clone(), known });
        };
        if !interface.is_up() {
            return Err(Error::Down { name: name.clone() });
        }
        let Hardware { link, cooked } = Hardware::of(name);
        let program = filter::program(&options.selection, link)
            .map_err(|instructions| Error::Filter { instructions })?;
        let socket = Socket::open(cooked).map_err(|error| refused(name, error))?;
        let read = |error| Error::Read { name: name.clone(), error };
        if interface.is_loopback() {
            let what = "leave out the outgoing twin of each frame on the loopback interface (Linux 4.20)";
            socket.ignore_outgoing().map_err(|error| Error::Unsupported { what, error })?;
        }
        if let Some(program) = program {
            let what = "filter in the kernel what is wanted";
            socket.filter(&program).map_err(|error| Error::Unsupported { what, error })?;
        }
        let buffer = socket.make_room(options.buffer).map_err(read)?;
        let what = "say when a frame arrived";
        socket.last_time().map_err(|error| Error::Unsupported { what, error })?;
        let tags = link == LinkType::ETHERNET && !cooked && socket.tell_beside().is_ok();
        stamps::settle();
        let receiver = bind(&socket, interface, cooked, options.promiscuous).map_err(read)?;
        let (stop, woken) = Stop::new().map_err(read)?;
        let described = Interface { name: None, link, snaplen: None };
        let info = SourceInfo {
            name: name.clone(),
            format: Format::Live,
            compression: None,
            interfaces: vec![described],
        };
        Ok(Self { info, link, socket, receiver, stop, woken, buffer, tags })
    }

    /// Facts about the capture.
    pub fn info(&self) -> &SourceInfo {
        &self.info
    }

    /// The link type, by which the frames are read.
    pub fn link(&self) -> LinkType {
        self.link
    }

    /// Octets of frames that may wait in the kernel: what was asked for, or less where the system grants less.
    pub fn buffer(&self) -> usize {
        self.buffer
    }

    /// The handle by which the capture can be ended.
    pub fn stop(&self) -> &Stop {
        &self.stop
    }

    /// Captures from now on, and writes each frame with `writer`, too.
    ///
    /// # Errors
    ///
    /// The system has no thread to spare.
    pub fn start(self, until: Until, writer: Option<Writer>) -> io::Result<Running> {
        let queue = Arc::new(Queue::new(QUEUE));
        let (link, stop) = (self.link, self.stop.clone());
        let capturing = Capturing::new(self, until, writer, Arc::clone(&queue));
        let thread = thread::Builder::new().name("capture".to_owned()).spawn(move || capturing.run())?;
        Ok(Running { link, queue, stop, thread: Some(thread) })
    }
}

impl Running {
    /// Takes what was captured since the last call, in exchange for a batch that is done with. Waits where
    /// there is nothing, but not longer than `patience`.
    pub fn take(&self, batch: &mut Batch, patience: Option<Duration>) -> Taken {
        self.queue.take(batch, patience)
    }

    /// Asks for a mark behind all frames that have come by now. Returns its number, for
    /// [`has_taken_all`](Self::has_taken_all).
    pub fn ask_for_all(&self) -> u64 {
        let number = self.queue.ask();
        self.stop.wake();
        number
    }

    /// Whether all frames were taken that had come when `number` was given.
    pub fn has_taken_all(&self, number: u64) -> bool {
        self.queue.has_reached(number)
    }

    /// How to read the frames.
    pub fn link(&self) -> LinkType {
        self.link
    }

    /// Ends the capture, if it has not ended by itself, and says why it ended early, if it did. What was
    /// written is whole after that.
    ///
    /// # Errors
    ///
    /// What ended it.
    pub fn finish(mut self) -> Result<(), Error> {
        self.stop.ask();
        match self.thread.take().map(JoinHandle::join) {
            None | Some(Ok(Ok(()))) => Ok(()),
            Some(Ok(Err(error))) => Err(error),
            Some(Err(panic)) => std::panic::resume_unwind(panic),
        }
    }
}

/// Dropping ends the capture, for whatever reason, and lets what was written be completed.
impl Drop for Running {
    fn drop(&mut self) {
        self.stop.ask();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The present time, by the clock that stamps frames; `None` before 1970 and after 2262.
pub fn now() -> Option<Timestamp> {
    capturing::wall_clock()
}

/// The time from now until `then`; zero where `then` is past.
pub fn until(then: Timestamp) -> Duration {
    now().and_then(|now| then.since(now)).unwrap_or_default()
}

/// Lets pnet bind the socket, which begins to receive with that.
fn bind(
    socket: &Socket,
    interface: &NetworkInterface,
    cooked: bool,
    promiscuous: bool,
) -> io::Result<Box<dyn DataLinkReceiver>> {
    let config = Config {
        write_buffer_size: 0,
        read_buffer_size: LONGEST_FRAME,
        // It never waits itself: we wait for the socket and for the end at once.
        read_timeout: Some(Duration::ZERO),
        channel_type: if cooked { ChannelType::Layer3(ALL_PROTOCOLS) } else { ChannelType::Layer2 },
        promiscuous,
        // It closes what it is given.
        socket_fd: Some(socket.share()?),
        ..Config::default()
    };
    match pnet_datalink::channel(interface, config)? {
        Channel::Ethernet(_, receiver) => Ok(receiver),
        _ => Err(io::ErrorKind::Unsupported.into()),
    }
}

/// Why there is no packet socket.
fn refused(name: &str, error: io::Error) -> Error {
    if error.kind() != io::ErrorKind::PermissionDenied {
        return Error::Read { name: name.to_owned(), error };
    }
    let program = std::env::current_exe().ok();
    let program = program.as_ref().map(|path| path.to_string_lossy());
    Error::NotPermitted { remedy: remedy(program.as_deref()) }
}

/// The shell command that gives the right to this program.
fn remedy(program: Option<&str>) -> String {
    let program = match program {
        None => "\"$(command -v tcpscope)\"".to_owned(),
        Some(path) if path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/._-+".contains(&b)) => {
            path.to_owned()
        }
        Some(path) => format!("'{}'", path.replace('\'', r"'\''")),
    };
    format!("sudo setcap cap_net_raw+ep {program}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(interface: &str) -> Options {
        Options {
            interface: interface.to_owned(),
            selection: Selection::default(),
            promiscuous: false,
            buffer: 1 << 20,
        }
    }

    #[test]
    fn an_unknown_interface_is_answered_with_those_that_there_are() {
        let error = Live::open(&options("no-such\u{1b}[2J")).err().expect("there is none").to_string();
        assert!(error.contains("lo") && !error.chars().any(char::is_control), "{error}");
    }

    #[test]
    fn the_remedy_can_be_pasted_into_a_shell() {
        assert_eq!(remedy(Some("/usr/bin/tcpscope")), "sudo setcap cap_net_raw+ep /usr/bin/tcpscope");
        assert_eq!(remedy(Some("/a b/it's")), r"sudo setcap cap_net_raw+ep '/a b/it'\''s'");
        assert!(remedy(None).ends_with("\"$(command -v tcpscope)\""));
    }
}

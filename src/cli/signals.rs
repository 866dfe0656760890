//! The signals that end what runs.

use std::cell::Cell;
use std::io;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

/// Ctrl-C, SIGTERM, and a closed terminal unless that is to be ignored, as under `nohup`.
pub(super) fn ending() -> Vec<i32> {
    let mut signals = vec![SIGINT, SIGTERM];
    // The lowest bit is that of signal 1.
    if ignored().is_some_and(|mask| mask >> (SIGHUP - 1) & 1 == 0) {
        signals.push(SIGHUP);
    }
    signals
}

/// The signals that this process ignores; `None` where the system does not report them; only Linux does.
fn ignored() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(mask.trim(), 16).ok()
}

/// The signal that ends a conversation.
pub(super) struct Ending {
    came: Receiver<i32>,
    first: Cell<Option<i32>>,
}

impl Ending {
    /// Lets the first signal call `stop`. The second one ends the process at once, unless it is SIGHUP: of that, a
    /// closed terminal may send two.
    ///
    /// # Errors
    ///
    /// The signals cannot be had.
    pub(super) fn new(stop: impl Fn() + Send + 'static) -> io::Result<Self> {
        let mut signals = Signals::new(ending())?;
        let (send, came) = mpsc::channel();
        thread::spawn(move || {
            for (number, signal) in signals.forever().enumerate() {
                if number > 0 && signal != SIGHUP {
                    let _ = emulate_default_handler(signal);
                }
                // In this order: who is stopped knows of the signal.
                let _ = send.send(signal);
                stop();
            }
        });
        Ok(Self { came, first: Cell::new(None) })
    }

    /// Waits so long for the signal. `None` if none has come by then.
    pub(super) fn within(&self, time: Duration) -> Option<i32> {
        if self.first.get().is_none() {
            self.first.set(self.came.recv_timeout(time).ok());
        }
        self.first.get()
    }

    /// Whether a signal has come.
    pub(super) fn has_come(&self) -> bool {
        self.within(Duration::ZERO).is_some()
    }

    /// Ends the process as the signal would have done, if it has come.
    pub(super) fn end(&self) {
        if let Some(signal) = self.within(Duration::ZERO) {
            let _ = emulate_default_handler(signal);
        }
    }
}

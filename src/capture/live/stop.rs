//! The signal that ends a capture: a flag that is looked at for each frame, and a socket that wakes a capture that
//! waits for one.

use std::io::{self, Write};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::SIGHUP;
use signal_hook::{flag, low_level};

/// A handle that ends a capture.
#[derive(Clone, Debug)]
pub struct Stop {
    asked: Arc<AtomicBool>,
    wake: Arc<UnixStream>,
}

impl Stop {
    /// The sending end of the signal, and the end at which a wait can be broken off.
    pub(super) fn new() -> io::Result<(Self, UnixStream)> {
        let (wake, woken) = UnixStream::pair()?;
        wake.set_nonblocking(true)?;
        woken.set_nonblocking(true)?;
        Ok((Self { asked: Arc::default(), wake: Arc::new(wake) }, woken))
    }

    /// The capture shall end.
    pub fn ask(&self) {
        self.asked.store(true, Ordering::SeqCst);
        self.wake();
    }

    /// Wakes a capture that waits.
    pub(super) fn wake(&self) {
        // A full socket wakes as well.
        let _ = (&*self.wake).write(&[0]);
    }

    /// Whether the capture shall end.
    pub fn is_asked(&self) -> bool {
        self.asked.load(Ordering::SeqCst)
    }

    /// Lets these signals end the capture, too, as [`set_at`] says.
    ///
    /// # Errors
    ///
    /// The signals cannot be had.
    pub fn at_signals(&self, signals: &[i32]) -> io::Result<()> {
        for &signal in signals {
            set_at(signal, &self.asked)?;
            low_level::pipe::register(signal, self.wake.try_clone()?)?;
        }
        Ok(())
    }
}

/// Lets a signal set a flag. The second Ctrl-C ends the process at once: something may be stuck that the first one
/// waits for, such as a terminal that does not scroll. SIGHUP never ends it at once: the shell and the system both send
/// it when a terminal is closed.
///
/// # Errors
///
/// The signal cannot be had.
pub fn set_at(signal: i32, set: &Arc<AtomicBool>) -> io::Result<()> {
    if signal != SIGHUP {
        // In this order: what ends at once must not see the flag of the same signal.
        flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(set))?;
    }
    flag::register(signal, Arc::clone(set)).map(drop)
}

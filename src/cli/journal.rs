//! Calls on standard output, from whichever thread they come.

use std::io::{self, Stdout};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::lab::mode::Mode;
use crate::view::calls::Calls;
use crate::view::style::Style;
use crate::wire::call::{Call, Journal, Message, Remark};

use super::args::Time;
use super::args::lab::Look;
use super::terminal::Terminal;

/// Shows calls as they return.
pub(super) struct Printed {
    inner: Mutex<Inner>,
    quiet: bool,
    /// Called when the reader of the output is gone.
    deaf: Box<dyn Fn(&io::Error) + Send + Sync>,
}

struct Inner {
    calls: Calls<Stdout>,
    error: Option<io::Error>,
}

impl Printed {
    /// `deaf` is called, once and before anything else is shown, when standard output cannot be written.
    pub(super) fn new(
        look: &Look,
        terminal: Terminal,
        mode: Mode,
        deaf: impl Fn(&io::Error) + Send + Sync + 'static,
    ) -> Self {
        let calls =
            Calls::new(io::stdout(), style(look, terminal), matches!(mode, Mode::Sticky | Mode::Framed));
        Self { inner: Mutex::new(Inner { calls, error: None }), quiet: look.quiet, deaf: Box::new(deaf) }
    }

    /// Whether the reader of the output is gone.
    pub(super) fn is_deaf(&self) -> bool {
        self.lock().error.is_some()
    }

    /// Whether everything could be written.
    pub(super) fn outcome(&self) -> io::Result<()> {
        self.lock().error.take().map_or(Ok(()), Err)
    }

    fn show(&self, show: impl FnOnce(&mut Calls<Stdout>) -> io::Result<()>) {
        let mut inner = self.lock();
        if inner.error.is_none()
            && let Err(error) = show(&mut inner.calls)
        {
            (self.deaf)(&error);
            inner.error = Some(error);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Journal for Printed {
    fn call(&self, call: &Call<'_>) {
        if !self.quiet {
            self.show(|calls| calls.call(call));
        }
    }

    fn message(&self, message: &Message<'_>) {
        if !self.quiet {
            self.show(|calls| calls.message(message));
        }
    }

    fn remark(&self, remark: &Remark) {
        self.show(|calls| calls.remark(remark));
    }
}

fn style(look: &Look, terminal: Terminal) -> Style {
    let default = Style::default();
    Style {
        width: terminal.width.map_or(default.width, usize::from),
        color: terminal.colors(look.color),
        ascii: look.ascii,
        time: Time::format(look.time),
        ..default
    }
}

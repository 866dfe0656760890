//! `tcpscope demo`: programs that talk, and what passes between them, in one command.
//!
//! A mode of the laboratory is one conversation. A lesson is one or several that are had in order to show one thing of
//! TCP, and says what was to be seen in them.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use crate::capture::live;

use super::{Outcome, complain, signals};
pub(super) use args::{DemoArgs, Plan};

mod args;
mod conversation;
mod eye;
mod lesson;
mod mode;
mod stage;
mod told;
mod weave;

/// How often to look whether something was reported.
const LOOK: Duration = Duration::from_millis(10);

/// Runs the conversations, and shows them.
///
/// # Errors
///
/// Standard output could not be written.
pub(super) fn demo(plan: Plan) -> io::Result<Outcome> {
    // Before there is anything to be broken off.
    let interrupted = match at_signals() {
        Ok(interrupted) => interrupted,
        Err(error) => return Ok(incomplete(&format_args!("cannot wait for signals: {error}"))),
    };
    match plan {
        Plan::Mode(plan) => mode::show(*plan, interrupted),
        Plan::Lesson(plan) => lesson::show(plan, interrupted),
    }
}

/// Set by the signals that end.
fn at_signals() -> io::Result<Arc<AtomicBool>> {
    let interrupted = Arc::default();
    signals::ending().into_iter().try_for_each(|signal| live::set_at(signal, &interrupted))?;
    Ok(interrupted)
}

/// The outcome of a demo that could not be done, for the reason in `sentence`.
fn incomplete(sentence: &dyn std::fmt::Display) -> Outcome {
    complain(sentence);
    Outcome::Incomplete
}

#[expect(clippy::disallowed_methods, reason = "a conversation is held now, and must come to its end")]
fn now() -> Instant {
    Instant::now()
}

//! The programs of a lesson, each in its thread, and what they report.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::lab::calls::Session;

use super::super::now;
use super::super::stage::Programs;
use super::super::told::{Teller, Told};

/// No conversation of a lesson takes longer than this unless something is wrong: then it is ended,
const LONGEST: Duration = Duration::from_secs(60);

/// and given this long for it.
const LEAVE: Duration = Duration::from_secs(2);

/// A program, and its name.
pub(super) type Program = (&'static str, JoinHandle<io::Result<()>>);

/// The programs of one conversation after the other.
pub(super) struct Threads {
    session: Session,
    tell: Sender<Told>,
    told: Receiver<Told>,
    running: Vec<Program>,
    began: Instant,
    over: Option<Instant>,
    failed: Option<String>,
}

impl Threads {
    pub(super) fn new() -> Self {
        let (tell, told) = mpsc::channel();
        let session = Session::new(Arc::new(Teller(tell.clone())));
        Self { session, tell, told, running: Vec::new(), began: now(), over: None, failed: None }
    }

    /// What the programs share.
    pub(super) fn session(&self) -> &Session {
        &self.session
    }

    /// The sender by which parties other than programs report what they do.
    pub(super) fn teller(&self) -> Teller {
        Teller(self.tell.clone())
    }

    /// Begins a program.
    pub(super) fn begin(
        &mut self,
        name: &'static str,
        program: impl FnOnce(Session) -> io::Result<()> + Send + 'static,
    ) {
        let session = self.session.clone();
        self.take_over(name, thread::spawn(move || program(session)));
    }

    /// Takes over a program that was begun elsewhere.
    pub(super) fn take_over(&mut self, name: &'static str, thread: JoinHandle<io::Result<()>>) {
        if self.running.is_empty() {
            (self.began, self.over) = (now(), None);
        }
        self.running.push((name, thread));
    }

    /// Why a program failed, if one did. What was interrupted has not failed.
    pub(super) fn failure(&mut self, interrupted: bool) -> Option<String> {
        self.running.clear();
        self.failed.take().filter(|_| !interrupted)
    }

    /// Takes note of those that have ended. One that failed ends the others.
    fn look(&mut self) {
        for (name, thread) in std::mem::take(&mut self.running) {
            if !thread.is_finished() {
                self.running.push((name, thread));
                continue;
            }
            match thread.join() {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    self.failed.get_or_insert_with(|| format!("the {name} could not go on: {error}"));
                    self.session.end();
                }
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    }
}

impl Programs for Threads {
    fn take(&mut self) -> Vec<Told> {
        self.told.try_iter().collect()
    }

    fn interrupt(&mut self) {
        self.session.end();
    }

    fn over_since(&mut self) -> Option<Instant> {
        self.look();
        if self.began.elapsed() > LONGEST && self.over.is_none() {
            self.failed.get_or_insert_with(|| {
                format!("after {LONGEST:?} the conversation was ended: less to send, or less --delay, helps")
            });
            self.session.end();
        }
        if self.over.is_none() && (self.running.is_empty() || self.began.elapsed() > LONGEST + LEAVE) {
            self.over = Some(now());
        }
        self.over
    }
}

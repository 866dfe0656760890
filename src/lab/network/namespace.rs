//! A network namespace without a name: that of a thread.

use std::io;
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};

use nix::errno::Errno;
use nix::sched::{CloneFlags, unshare};
use rustix::thread::gettid;

use super::Error;

/// The work that a thread is given.
type Work = Box<dyn FnOnce() + Send>;

/// A thread in a network namespace of its own, which does there what it is given. The namespace is gone with the last
/// thread, program and socket in it.
pub struct Namespace {
    thread_id: i32,
    work: Option<Sender<Work>>,
    thread: Option<JoinHandle<()>>,
}

impl Namespace {
    /// Makes one. It has a loopback interface, which is down, and no other.
    pub(super) fn new(name: &str) -> Result<Self, Error> {
        let (work, todo) = mpsc::channel::<Work>();
        let (tell, made) = mpsc::channel();
        let inside = move || {
            let made = unshare(CloneFlags::CLONE_NEWNET).map(|()| gettid().as_raw_nonzero().get());
            let _ = tell.send(made);
            if made.is_ok() {
                todo.iter().for_each(|work| work());
            }
        };
        let thread = thread::Builder::new().name(name.to_owned()).spawn(inside).map_err(Error::System)?;
        let thread_id = made.recv().map_err(|_| gone())?.map_err(|error| match error {
            Errno::EPERM => Error::NotPermitted(error.into()),
            // There may be no more of them, or none at all (namespaces(7)).
            Errno::ENOSPC => Error::Limit(error.into()),
            error => Error::System(error.into()),
        })?;
        Ok(Self { thread_id, work: Some(work), thread: Some(thread) })
    }

    /// The kernel's number of the thread, by which `ip` finds the namespace.
    pub(super) fn thread_id(&self) -> i32 {
        self.thread_id
    }

    /// Runs `work` inside, and waits for it. Sockets that are opened, programs that are run and threads that are begun
    /// there stay inside.
    ///
    /// # Panics
    ///
    /// Where `work` panics.
    pub fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let (tell, done) = mpsc::channel();
        let work = Box::new(move || {
            let _ = tell.send(std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)));
        });
        let given = self.work.as_ref().is_some_and(|todo| todo.send(work).is_ok());
        match done.recv() {
            Ok(Ok(result)) if given => result,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            _ => unreachable!("the thread of a namespace ends only with it"),
        }
    }

    /// Begins a thread inside.
    pub fn spawn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
        self.run(|| thread::spawn(work))
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        drop(self.work.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn gone() -> Error {
    Error::System(io::Error::other("the thread of a namespace ended"))
}

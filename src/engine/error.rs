//! The error that ends a run before its source does.

use std::fmt;

/// The error that ends a run before its source does. A fault of the source is no such error: the run goes on with what
/// could be read, and [`Ended::error`](super::Ended::error) reports the fault.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Error<E> {
    /// The observer failed.
    Observer(E),
    /// A thread that follows connections has panicked: a fault of this crate.
    WorkerDied,
}

impl<E: fmt::Display> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Observer(error) => error.fmt(f),
            Self::WorkerDied => f.write_str("a thread that follows connections has died"),
        }
    }
}

impl<E: std::error::Error> std::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Observer(error) => error.source(),
            Self::WorkerDied => None,
        }
    }
}

impl From<Error<std::io::Error>> for std::io::Error {
    fn from(error: Error<std::io::Error>) -> Self {
        match error {
            Error::Observer(error) => error,
            died => Self::other(died.to_string()),
        }
    }
}

/// See [`Error::WorkerDied`].
#[derive(Clone, Copy, Debug)]
pub(super) struct WorkerDied;

impl<E> From<WorkerDied> for Error<E> {
    fn from(WorkerDied: WorkerDied) -> Self {
        Self::WorkerDied
    }
}

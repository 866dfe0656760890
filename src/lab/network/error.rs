//! Why there is no network of our own: one sentence each, with what to do next where that is known.

use std::fmt;
use std::io;

/// Why two hosts and a router cannot be made.
#[derive(Debug)]
pub enum Error {
    /// This process may not make network namespaces, and no user namespace in which it might.
    NotPermitted(io::Error),
    /// A program that is needed is not there.
    Missing {
        /// Its name.
        program: &'static str,
    },
    /// A program failed.
    Failed {
        /// Its name.
        program: &'static str,
        /// The first line that it said.
        said: String,
    },
    /// A host cannot be made a router.
    Forwarding {
        /// The file that makes it one.
        path: &'static str,
        /// What the system said.
        error: io::Error,
    },
    /// The system refused something else.
    System(io::Error),
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotPermitted(error) | Self::System(error) | Self::Forwarding { error, .. } => Some(error),
            Self::Missing { .. } | Self::Failed { .. } => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("two hosts and a router are needed, in network namespaces: ")?;
        match self {
            Self::NotPermitted(error) => {
                write!(f, "this process may not make them ({error}); run this as root, with sudo")
            }
            Self::Missing { program } => {
                write!(f, "the program `{program}` is not installed; it comes with iproute2")
            }
            Self::Failed { program, said } => write!(f, "`{program}` failed: {said}"),
            Self::Forwarding { path, error } => write!(f, "{path} cannot be written: {error}"),
            Self::System(error) => write!(f, "they cannot be made: {error}"),
        }
    }
}

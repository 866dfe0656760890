//! Why there is no network of our own: one sentence each, with what to do next where that is known.

use std::fmt;
use std::io;

/// Why two hosts and a router cannot be made.
#[derive(Debug)]
pub enum Error {
    /// The process may not make network namespaces, and no user namespace in which it might.
    NotPermitted(io::Error),
    /// There may be no more namespaces.
    Limit(io::Error),
    /// A program that is needed is not there.
    Missing {
        /// The program's name.
        program: &'static str,
    },
    /// A program failed.
    Failed {
        /// The program's name.
        program: &'static str,
        /// The first line that the program wrote.
        said: String,
    },
    /// A host cannot be made a router.
    Forwarding {
        /// The file by which forwarding is turned on.
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
            Self::NotPermitted(error)
            | Self::Limit(error)
            | Self::System(error)
            | Self::Forwarding { error, .. } => Some(error),
            Self::Missing { .. } | Self::Failed { .. } => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("two hosts and a router are needed, in network namespaces: ")?;
        match self {
            Self::NotPermitted(_) => f.write_str(
                "this process may not make them; run it as root, with sudo, and in a container with the capabilities \
                 SYS_ADMIN and NET_ADMIN",
            ),
            Self::Limit(_) => f.write_str(
                "this system allows no more of them; /proc/sys/user/max_net_namespaces says how many there may be",
            ),
            Self::Missing { program } => {
                write!(f, "the program `{program}` is not installed; it comes with iproute2")
            }
            Self::Failed { program, said } => write!(f, "`{program}` failed: {said}"),
            Self::Forwarding { path, error } => write!(f, "{path} cannot be written: {error}"),
            Self::System(error) => write!(f, "they cannot be made: {error}"),
        }
    }
}

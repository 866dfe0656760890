//! Why there is no live capture, or no longer: each in one sentence that says what to do.

use std::fmt;
use std::io;

use super::super::error::{Name, Reason};

/// Why live capture cannot begin, or had to end.
#[derive(Debug)]
pub enum Error {
    /// The process has not the right to sniff.
    NotPermitted {
        /// The shell command that gives the right.
        remedy: String,
    },
    /// There is no interface of this name.
    NoSuchInterface {
        /// The name, as given.
        name: String,
        /// The interfaces that there are.
        known: Vec<String>,
    },
    /// The interface is down, or went down.
    Down {
        /// The interface's name.
        name: String,
    },
    /// The selection makes too long a program for the kernel.
    Filter {
        /// The program's instructions.
        instructions: usize,
    },
    /// There is no user of this name, or it cannot be taken on.
    User {
        /// The name, as given.
        name: String,
        /// What the system said; `None` where it knows no such user.
        error: Option<io::Error>,
    },
    /// Rights could not be given up.
    Privileges(io::Error),
    /// Something that this system does not do.
    Unsupported {
        /// The missing feature.
        what: &'static str,
        /// What the system said.
        error: io::Error,
    },
    /// The system gave an error while the interface was read.
    Read {
        /// The interface.
        name: String,
        /// What the system said.
        error: io::Error,
    },
    /// Captured frames could not be written.
    Write {
        /// The file, as given.
        name: String,
        /// What the system said.
        error: io::Error,
    },
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::User { error: Some(error), .. }
            | Self::Privileges(error)
            | Self::Unsupported { error, .. }
            | Self::Read { error, .. }
            | Self::Write { error, .. } => Some(error),
            _ => None,
        }
    }
}

/// One sentence without control characters.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotPermitted { remedy } => {
                write!(f, "sniffing needs a right that this process has not; to give it: {}", Name(remedy))
            }
            Self::NoSuchInterface { name, known } => {
                write!(f, "there is no interface {}; there are: ", Name(name))?;
                for (n, known) in known.iter().enumerate() {
                    write!(f, "{}{}", if n > 0 { ", " } else { "" }, Name(known))?;
                }
                Ok(())
            }
            Self::Down { name } => {
                let name = Name(name);
                write!(f, "interface {name} is down; to bring it up: sudo ip link set {name} up")
            }
            Self::Filter { instructions } => write!(
                f,
                "so many ports and hosts make a filter of {instructions} instructions, and the kernel takes \
                 4096; ask for fewer"
            ),
            Self::User { name, error: None } => write!(f, "there is no user {}", Name(name)),
            Self::User { name, error: Some(error) } => {
                write!(f, "cannot become {}: {}; only root can", Name(name), Reason(error))
            }
            Self::Privileges(error) => {
                write!(f, "the rights that are no longer needed cannot be given up: {}", Reason(error))
            }
            Self::Unsupported { what, error } => write!(f, "this system cannot {what}: {}", Reason(error)),
            Self::Read { name, error } => write!(f, "interface {}: {}", Name(name), Reason(error)),
            Self::Write { name, error } => write!(f, "{}: cannot be written: {}", Name(name), Reason(error)),
        }
    }
}

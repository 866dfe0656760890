//! A conversation to be shown, and what was shown of it.

use std::net::SocketAddr;

use crate::lesson::seen::Seen;

use super::super::Totals;

/// A conversation to be shown, and how.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    /// One line above everything, beneath which the source is introduced; `None` where that was done before.
    pub title: Option<String>,
    /// One line above this conversation, where there are several.
    pub section: Option<String>,
    /// The address of the server, if it is known by now.
    pub server: Option<SocketAddr>,
    /// The number of the first connection.
    pub connection: u64,
    /// Whether segments are captured: there will be some.
    pub sniffed: bool,
    /// Equal messages that are read at once are counted.
    pub counts: bool,
    /// Whether what is ordinary in a long conversation is left out, and counted.
    pub elides: bool,
    /// The samples of a kernel that are shown.
    pub samples: Samples,
}

/// Which samples of a kernel about its end of a connection are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Samples {
    /// Nothing: they are only taken down.
    #[default]
    None,
    /// Samples with another state of congestion control.
    States,
    /// Samples with another phase of congestion control, which goes by losses.
    Phases,
}

/// The parts of a conversation that were shown.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Both sides of the conversation.
    pub seen: Seen,
    /// The totals of its frames.
    pub totals: Totals,
    /// Datagrams of UDP.
    pub datagrams: u64,
}

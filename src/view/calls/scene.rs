//! What is to be shown of a conversation, and what was.

use std::net::SocketAddr;

use crate::lesson::seen::Seen;

use super::super::Totals;

/// What is to be shown.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    /// One line above everything, beneath which the source is introduced; `None` where that was done before.
    pub title: Option<String>,
    /// One line above this conversation, where there are several.
    pub section: Option<String>,
    /// Where the server is, if it is known by now.
    pub server: Option<SocketAddr>,
    /// The number of the first connection.
    pub connection: u64,
    /// Somebody sniffs: there will be segments.
    pub sniffed: bool,
    /// Equal messages that are read at once are counted.
    pub counts: bool,
    /// What is ordinary in a long conversation is left out and counted.
    pub elides: bool,
    /// What of a kernel's samples is shown.
    pub samples: Samples,
}

/// What is shown of what a kernel tells of its end of a connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Samples {
    /// Nothing: they are only taken down.
    #[default]
    None,
    /// Another state of its congestion control.
    States,
    /// Another phase of its congestion control, which goes by losses.
    Phases,
}

/// What was shown of a conversation.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Both sides of it.
    pub seen: Seen,
    /// What there was of frames.
    pub totals: Totals,
    /// Datagrams of UDP.
    pub datagrams: u64,
}

//! The bounded table of connections.

use crate::wire::frame::FrameInfo;
use crate::wire::segment::Segment;
use crate::wire::skip::Quote;

use super::event::Sink;

/// What bounds the tracker.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections remembered at once; the one idle for longest makes room.
    pub max_connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_connections: 250_000 }
    }
}

/// Follows every connection of a capture.
#[derive(Debug)]
pub struct Tracker {}

impl Tracker {
    /// An empty table.
    pub fn new(_limits: Limits) -> Self {
        Self {}
    }

    /// Takes the next segment and tells `sink` what it meant.
    pub fn observe<S: Sink>(
        &mut self,
        _frame: FrameInfo,
        _segment: &Segment<'_>,
        _sink: &mut S,
    ) -> Result<(), S::Error> {
        Ok(())
    }

    /// Which connection an ICMP error is about.
    pub fn quoted(&self, _quote: &Quote) -> Option<u64> {
        None
    }

    /// How many connections there have been.
    pub fn connections(&self) -> u64 {
        0
    }

    /// Reports the connections that are left, in order of first appearance.
    pub fn finish<S: Sink>(&mut self, _sink: &mut S) -> Result<(), S::Error> {
        Ok(())
    }
}

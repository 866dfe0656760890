//! One conversation, seen from both sides, and what it shows: which end glued writes together, what a close was made
//! of, which phase of congestion control a sender was in.
//!
//! [`Seen`](seen::Seen) takes down calls, segments and samples of TCP_INFO. Each other module answers one question
//! from that and from nothing else. A cause is named only where its conditions were tested; what was not seen is not
//! said.

pub mod closing;
pub mod congestion;
pub mod conversation;
pub mod datagrams;
pub mod gluing;
pub mod loss;
pub mod phase;
pub mod requests;
pub mod seen;
pub mod window;
mod words;

//! See what TCP did, who did it, and why.
//!
//! One octet's way, room by room, in the data's order:
//!
//! - [`capture`]: where frames come from: capture files, plain or compressed.
//! - [`wire`]: the words of TCP; a frame decoded to a segment.
//! - [`track`]: segments to connections to events, both ends' RFC 9293 states.
//! - [`explain`]: an event in one plain sentence.
//! - [`view`]: events as text, ladder, ndjson, CSV.
//! - [`lab`]: servers and clients of our own, whose every call is told.
//! - [`cli`]: what was typed and what it means; joins the others.

pub mod capture;
pub mod cli;
pub mod explain;
pub mod lab;
pub mod track;
pub mod view;
pub mod wire;

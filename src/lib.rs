//! See what TCP did, who did it, and why.
//!
//! One octet's way, room by room, in the data's order:
//!
//! - [`capture`]: where frames come from and go to: capture files, plain or compressed, and interfaces.
//! - [`wire`]: the words of TCP; a frame decoded to a segment.
//! - [`track`]: segments to connections to events, both ends' RFC 9293 states.
//! - [`explain`]: what there is to say of an event, and that in one plain sentence.
//! - [`lesson`]: a conversation from both sides, and what it shows of TCP.
//! - [`picture`]: what is to be drawn of them, apart from how: the state diagram and the way through it.
//! - [`view`]: events as text, ladder, ndjson, CSV.
//! - [`hex`]: the other way in: a header as hex text, told bit by bit.
//! - [`exercise`]: questions on headers and conversations, marked, with the reason for a wrong answer.
//! - [`lab`]: servers and clients of our own, whose every call is told.
//! - [`cli`]: what was typed and what it means; joins the others.

pub mod capture;
pub mod cli;
pub mod exercise;
pub mod explain;
pub mod hex;
pub mod lab;
pub mod lesson;
pub mod picture;
pub mod track;
pub mod view;
pub mod wire;

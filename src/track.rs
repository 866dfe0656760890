//! Segments to connections to events. Pure: time is what the frames say.

mod books;
mod closing;
mod connection;
mod duplicate;
pub mod event;
pub mod finding;
mod flight;
pub mod flow;
mod half;
pub mod label;
pub mod measures;
mod opening;
pub mod report;
mod reset;
pub mod stand;
pub mod state;
pub mod tracker;
mod wireshark;
mod zeek;

//! What there is to say of an event.

pub(super) mod acknowledgement;
pub(super) mod closing;
pub(super) mod data;
pub(super) mod draft;
mod offer;
pub(super) mod opening;
pub(super) mod reset;
mod sack;
pub(super) mod window;

//! What the targets share: octets taken one by one, frames followed and shown, and what must hold of all that is said.

pub mod clean;
pub mod conversation;
pub mod run;
pub mod take;
pub mod views;

#[path = "../../tests/support/agreement.rs"]
mod agreement;

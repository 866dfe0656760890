//! One direction of a connection: what its end has sent, and what of it is acknowledged.

pub(super) mod checksums;
pub(super) mod echoed;
pub(super) mod fin;
pub(super) mod gaps;
pub(super) mod half;
pub(super) mod handshake_trouble;
pub(super) mod icmp_about;
pub(super) mod ip_profile;
pub(super) mod rare;
pub(super) mod refused_acks;
pub(super) mod sacked;
pub(super) mod state;
pub(super) mod step;
pub(super) mod syn;
pub(super) mod unacked;

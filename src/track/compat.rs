//! Readings by the rules of others: Wireshark's, Zeek's; and what the capture holds twice.

pub(super) mod duplicate;
pub(super) mod wireshark;
pub(super) mod zeek;

//! A segment seen before, as small as it can be recognised.

/// The numbers by which a copy of a segment is recognised, in 16 octets, since every connection keeps eight of them.
/// Packed, so that what stands beside them needs no padding.
#[derive(Clone, Copy, Debug, Default)]
#[repr(Rust, packed(2))]
pub(in crate::track) struct Fingerprint {
    /// Never 0, except in an empty place.
    pub(in crate::track) hash: u32,
    /// The low 32 bits of the capture time in nanoseconds: enough to decide whether a millisecond has gone by.
    pub(in crate::track) time: u32,
    /// The low 32 bits of the frame's number.
    pub(in crate::track) frame: u32,
    /// The low 16 bits of the number of segments of the other end by then.
    pub(in crate::track) peer_segments: u16,
    pub(in crate::track) ttl: u8,
    /// Something of VLANs and tunnel.
    pub(in crate::track) path: u8,
}

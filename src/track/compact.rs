//! Every trick of size and of the cache: records as small as they can be kept, and prefetching.
//!
//! Invariant: what is put in comes out again; nothing here decides anything of TCP.

pub(super) mod ends;
pub(super) mod fingerprint;
pub(super) mod flow_key;
pub(super) mod letters;
pub(super) mod opt_seq;
pub(super) mod opt_time;
pub(super) mod packed_number;
pub(super) mod prefetch;
pub(super) mod sent;
pub(super) mod sent_list;

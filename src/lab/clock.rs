//! The one place where this room looks at a clock.

#[cfg(all(feature = "live", target_os = "linux"))]
use std::time::Instant;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::wire::frame::Timestamp;

/// The time of day, since the times of captured frames are of that clock too, and calls stand beside them.
#[expect(
    clippy::disallowed_methods,
    reason = "calls are made now, unlike frames, which bring their time along"
)]
pub(super) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_nanos(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}

/// A clock that cannot be set, by which durations are measured.
#[cfg(all(feature = "live", target_os = "linux"))]
#[expect(clippy::disallowed_methods, reason = "programs wait now")]
pub(super) fn steady() -> Instant {
    Instant::now()
}

//! The clock of an interface: what its 64 bits count, and from when.

use crate::wire::frame::Timestamp;

/// From the options if_tsresol and if_tsoffset.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Clock {
    unit: Unit,
    /// Seconds to add.
    offset: i64,
}

/// What one tick lasts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Unit {
    /// A tick of this many nanoseconds.
    Nanos(u64),
    /// A nanosecond of this many ticks.
    PerNano(u128),
    /// 2^-n seconds.
    Binary(u32),
}

impl Default for Clock {
    fn default() -> Self {
        Self { unit: Unit::Nanos(1000), offset: 0 }
    }
}

impl Clock {
    /// Sets the resolution: 10^-n seconds, or 2^-n where the highest bit is set.
    pub(super) fn set_resolution(&mut self, resolution: u8) {
        let exponent = u32::from(resolution & 0x7f);
        self.unit = match exponent {
            _ if resolution & 0x80 != 0 => Unit::Binary(exponent),
            0..=9 => Unit::Nanos(10u64.pow(9 - exponent)),
            // Beyond 10^-38 a clock of 64 bits never leaves its first nanosecond.
            _ => Unit::PerNano(10u128.checked_pow(exponent - 9).unwrap_or(u128::MAX)),
        };
    }

    /// Sets the seconds to add.
    pub(super) fn set_offset(&mut self, seconds: i64) {
        self.offset = seconds;
    }

    /// The time of a tick; saturates.
    pub(super) fn at(self, ticks: u64) -> Timestamp {
        if let Unit::Nanos(nanos) = self.unit
            && self.offset == 0
            && let Some(nanos) = ticks.checked_mul(nanos)
        {
            return Timestamp::from_nanos(i64::try_from(nanos).unwrap_or(i64::MAX));
        }
        let nanos = match self.unit {
            Unit::Nanos(nanos) => u128::from(ticks) * u128::from(nanos),
            Unit::PerNano(ticks_per_nano) => u128::from(ticks) / ticks_per_nano,
            Unit::Binary(exponent) => (u128::from(ticks) * 1_000_000_000) >> exponent,
        };
        // Both terms are under 2^95.
        let nanos = nanos as i128 + i128::from(self.offset) * 1_000_000_000;
        Timestamp::from_nanos(nanos.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn clock(resolution: u8, offset: i64) -> Clock {
        let mut clock = Clock::default();
        clock.set_resolution(resolution);
        clock.set_offset(offset);
        clock
    }

    #[test]
    fn the_same_moment_is_the_same_in_every_resolution() {
        let moment = 1_700_000_000_500_000_000;
        for (resolution, ticks) in [
            (0x80, 1_700_000_000),
            (0x81, 3_400_000_001),
            (0x8a, 1_700_000_000 * 1024 + 512),
            (0xa0, (1_700_000_000 << 32) + (1 << 31)),
            (1, 17_000_000_005),
            (3, 1_700_000_000_500),
            (6, 1_700_000_000_500_000),
            (9, 1_700_000_000_500_000_000),
            (10, 17_000_000_005_000_000_000),
        ] {
            let expected = if resolution == 0x80 { moment - 500_000_000 } else { moment };
            assert_eq!(clock(resolution, 0).at(ticks), Timestamp::from_nanos(expected), "{resolution:#x}");
            let shifted = clock(resolution, -1_700_000_000).at(ticks);
            assert_eq!(shifted, Timestamp::from_nanos(expected - 1_700_000_000_000_000_000));
        }
    }

    proptest! {
        #[test]
        fn any_clock_runs_forwards(resolution: u8, offset: i64, a: u64, b: u64) {
            let clock = clock(resolution, offset);
            prop_assert!(clock.at(a.min(b)) <= clock.at(a.max(b)));
        }
    }
}

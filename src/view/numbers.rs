//! What was measured, under the names of the machine format: one list for every format that writes it.

use std::fmt;

use crate::track::measures::{Measures, Rtt, TimeSpent};

/// A value that was measured.
#[derive(Clone, Copy, Debug)]
pub(super) enum Number<'m> {
    /// How many.
    Count(u64),
    /// How many, where that is known.
    Known(Option<u64>),
    /// A duration in nanoseconds, where it is known.
    Nanos(Option<i64>),
    /// A mean, or octets a second, where that is known.
    Real(Option<f64>),
    /// Whether.
    Is(bool),
    /// Round trips: a group of its own.
    Rtt(&'m Rtt),
}

/// A real number to three decimals, no more than needed but one at least, and never with an exponent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Thousandths(pub(super) f64);

impl fmt::Display for Thousandths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{:.3}", self.0);
        let short = text.trim_end_matches('0');
        f.write_str(short)?;
        f.write_str(if short.ends_with('.') { "0" } else { "" })
    }
}

/// Shows every value of a struct to `see`, under its own name or another. A field that is not listed does not compile.
macro_rules! each {
    ($type:ident, $value:expr, $see:expr, { $($field:ident $(as $name:literal)?: $kind:expr,)* }) => {{
        let $type { $($field,)* } = $value;
        $($see(each!(@name $field $($name)?), $kind($field));)*
    }};
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $name:literal) => { $name };
}

const fn count(n: &u64) -> Number<'_> {
    Number::Count(*n)
}

fn narrow<N: Copy + Into<u64>>(n: &N) -> Number<'_> {
    Number::Count((*n).into())
}

fn known<N: Copy + Into<u64>>(n: &Option<N>) -> Number<'_> {
    Number::Known(n.map(Into::into))
}

const fn is(yes: &bool) -> Number<'_> {
    Number::Is(*yes)
}

const fn nanos(nanos: &i64) -> Number<'_> {
    Number::Nanos(Some(*nanos))
}

const fn maybe_nanos(nanos: &Option<i64>) -> Number<'_> {
    Number::Nanos(*nanos)
}

/// Nanoseconds that are a mean: whole ones are exact enough.
fn mean_nanos(nanos: &Option<f64>) -> Number<'_> {
    Number::Nanos(nanos.filter(|nanos| nanos.is_finite()).map(|nanos| nanos.round() as i64))
}

fn real(n: &Option<f64>) -> Number<'_> {
    Number::Real(n.filter(|n| n.is_finite()))
}

/// What was measured of one end. A sum of windows says little, so their mean stands in its place.
pub(super) fn end<'m>(measures: &'m Measures, mut see: impl FnMut(&'static str, Number<'m>)) {
    let samples = measures.window_samples;
    let mean = (samples > 0).then(|| measures.window_sum as f64 / samples as f64);
    each!(Measures, measures, see, {
        ack_segments: count,
        pure_acks: count,
        pushed_segments: count,
        syn_segments: count,
        fin_segments: count,
        rst_segments: count,
        urgent_segments: count,
        urgent_bytes: count,
        unique_bytes: count,
        retransmitted_segments: count,
        retransmitted_bytes: count,
        reordered_segments: count,
        missing_bytes: count,
        truncated_segments: count,
        truncated_bytes: count,
        duplicate_acks: count,
        triple_duplicate_acks: count,
        sack_segments: count,
        dsack_segments: count,
        sack_blocks_max: narrow,
        payload_min: known,
        payload_max: narrow,
        mss: known,
        window_scale: known,
        sack_permitted: is,
        timestamps: is,
        window_min: known,
        window_max: known,
        window_sum as "window_mean": |_| Number::Real(mean),
        window_samples: count,
        zero_windows: count,
        zero_window_time: nanos,
        zero_window_probes: count,
        zero_window_probe_bytes: count,
        keep_alives: count,
        in_flight_max: count,
        in_flight_min: known,
        in_flight_mean: real,
        in_flight_mean_over_time: real,
        initial_window_bytes: count,
        initial_window_segments: count,
        idle_max: nanos,
        data_time: maybe_nanos,
        acknowledged_bytes: count,
        throughput: real,
        goodput: real,
        rtt: Number::Rtt,
        rtt_full: Number::Rtt,
        ambiguous_acks: count,
        cumulatively_acked: count,
        post_loss_acks: count,
        retransmissions_max: narrow,
        retransmission_time_min: maybe_nanos,
        retransmission_time_max: maybe_nanos,
        retransmission_time_mean: mean_nanos,
        retransmission_time_deviation: mean_nanos,
    });
}

/// The values of an RTT.
pub(super) fn rtt<'m>(rtt: &'m Rtt, mut see: impl FnMut(&'static str, Number<'m>)) {
    each!(Rtt, rtt, see, {
        samples: count,
        min: maybe_nanos,
        max: maybe_nanos,
        mean: mean_nanos,
        deviation: mean_nanos,
        median: maybe_nanos,
        p95: maybe_nanos,
        smoothed: maybe_nanos,
        variation: maybe_nanos,
    });
}

/// Where the time went.
pub(super) fn spent<'m>(spent: &'m TimeSpent, mut see: impl FnMut(&'static str, Number<'m>)) {
    each!(TimeSpent, spent, see, {
        handshake: nanos,
        client_thinking: nanos,
        server_thinking: nanos,
        transfer: nanos,
        closed_window: nanos,
        recovery: nanos,
        teardown: nanos,
    });
}

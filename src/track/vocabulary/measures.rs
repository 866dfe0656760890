//! The measurements of a connection, as the report gives them. Durations are nanoseconds, sizes octets.

/// Measurements of what one end sent. Segments that were captured twice count once.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
#[non_exhaustive]
pub struct Measures {
    /// Segments with ACK.
    pub ack_segments: u64,
    /// Segments with ACK, and neither payload nor SYN, FIN, RST.
    pub pure_acks: u64,
    /// Segments with payload and PSH.
    pub pushed_segments: u64,
    /// Segments with SYN.
    pub syn_segments: u64,
    /// Segments with FIN.
    pub fin_segments: u64,
    /// Segments with RST.
    pub rst_segments: u64,
    /// Segments with URG.
    pub urgent_segments: u64,
    /// Octets of payload before the urgent pointer.
    pub urgent_bytes: u64,
    /// Octets of the stream that were captured, each counted once.
    pub unique_bytes: u64,
    /// Segments that repeat octets, a SYN or a FIN, wholly or in part. Keep-alives and window probes are none.
    pub retransmitted_segments: u64,
    /// Octets of payload that were sent before, in these.
    pub retransmitted_bytes: u64,
    /// Segments that fill a gap, and repeat nothing: overtaken on their way, or lost before the capture and sent again.
    /// The findings say which, where the capture shows it.
    pub reordered_segments: u64,
    /// Octets of the stream that the numbers span and that were never captured.
    pub missing_bytes: u64,
    /// Segments of which not all octets were captured.
    pub truncated_segments: u64,
    /// Octets of payload that were not captured of them.
    pub truncated_bytes: u64,
    /// Duplicate acknowledgements (RFC 5681, section 2).
    pub duplicate_acks: u64,
    /// Times that there were three in a row.
    pub triple_duplicate_acks: u64,
    /// Segments with SACK blocks.
    pub sack_segments: u64,
    /// Segments whose first SACK block reports a duplicate (RFC 2883).
    pub dsack_segments: u64,
    /// The most SACK blocks in one segment.
    pub sack_blocks_max: u8,
    /// The smallest payload of a segment with payload.
    pub payload_min: Option<u32>,
    /// The largest.
    pub payload_max: u32,
    /// MSS that this end offered in its SYN.
    pub mss: Option<u16>,
    /// Shift that this end offered.
    pub window_scale: Option<u8>,
    /// Whether this end offered SACK.
    pub sack_permitted: bool,
    /// Whether this end offered timestamps.
    pub timestamps: bool,
    /// Smallest window that this end advertised (SYN and RST not counted), under the negotiated scale; `None` where
    /// that is not known.
    pub window_min: Option<u64>,
    /// Largest.
    pub window_max: Option<u64>,
    /// Sum of all, to be divided by `window_samples`.
    pub window_sum: u128,
    /// Segments that advertised one.
    pub window_samples: u64,
    /// Segments that advertised a window of 0.
    pub zero_windows: u64,
    /// For how long this end's window was closed in all, in nanoseconds.
    pub zero_window_time: i64,
    /// Probes that this end sent into a closed window.
    pub zero_window_probes: u64,
    /// Octets of payload in those probes.
    pub zero_window_probe_bytes: u64,
    /// Keep-alives that this end sent.
    pub keep_alives: u64,
    /// Most octets in flight at once: sent and not acknowledged.
    pub in_flight_max: u64,
    /// Fewest after a segment with payload; `None` without any, and where no acknowledgement of the peer was seen.
    pub in_flight_min: Option<u64>,
    /// Mean over the samples.
    pub in_flight_mean: Option<f64>,
    /// Mean over time.
    pub in_flight_mean_over_time: Option<f64>,
    /// Octets of data sent before the first was acknowledged; 0 where the SYN was not captured.
    pub initial_window_bytes: u64,
    /// Segments of data sent before the first was acknowledged.
    pub initial_window_segments: u64,
    /// Longest silence between two segments of this end.
    pub idle_max: i64,
    /// Nanoseconds from this end's first segment with payload to its last.
    pub data_time: Option<i64>,
    /// Octets of the stream that the peer acknowledged.
    pub acknowledged_bytes: u64,
    /// Octets of unique payload a second, over the life of the connection.
    pub throughput: Option<f64>,
    /// Octets acknowledged a second, from this end's first segment with payload to the acknowledgement of its last.
    pub goodput: Option<f64>,
    /// Round trips, from what this end sent to the peer's acknowledgement.
    pub rtt: Rtt,
    /// Round trips of full-sized segments only, without percentiles and smoothing.
    pub rtt_full: Rtt,
    /// Acknowledgements of octets that had been sent more than once, where no timestamp shows which transmission they
    /// answer: no round trip can be measured (Karn's rule).
    pub ambiguous_acks: u64,
    /// Segments that were acknowledged together with a later one.
    pub cumulatively_acked: u64,
    /// Acknowledgements that filled a hole for which the sender had repeated a segment.
    pub post_loss_acks: u64,
    /// Most transmissions of the same octets, less one.
    pub retransmissions_max: u32,
    /// Time from one transmission of the same octets to the next: smallest.
    pub retransmission_time_min: Option<i64>,
    /// Largest.
    pub retransmission_time_max: Option<i64>,
    /// Mean.
    pub retransmission_time_mean: Option<f64>,
    /// Standard deviation.
    pub retransmission_time_deviation: Option<f64>,
}

/// Round trips, in nanoseconds.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
#[non_exhaustive]
pub struct Rtt {
    /// The number of samples.
    pub samples: u64,
    /// Smallest.
    pub min: Option<i64>,
    /// Largest.
    pub max: Option<i64>,
    /// Mean.
    pub mean: Option<f64>,
    /// Standard deviation.
    pub deviation: Option<f64>,
    /// Median; exact for few samples, else within one part in 32.
    pub median: Option<i64>,
    /// The 95th percentile, likewise.
    pub p95: Option<i64>,
    /// SRTT (RFC 6298, section 2).
    pub smoothed: Option<i64>,
    /// RTTVAR (RFC 6298, section 2).
    pub variation: Option<i64>,
}

/// Where a connection's time went. The parts add up to its duration.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct TimeSpent {
    /// Nanoseconds from the SYN to the end of the handshake.
    pub handshake: i64,
    /// The client was asked, and had not answered yet; or had nothing to answer, and asked nothing; or, where the capture
    /// was taken near it, its program paused in the middle of what it said.
    pub client_thinking: i64,
    /// Likewise of the server, which had been asked.
    pub server_thinking: i64,
    /// Octets or their acknowledgements were under way.
    pub transfer: i64,
    /// Octets could not be sent, since the receiver's window was closed.
    pub closed_window: i64,
    /// Lost octets had to be repeated before it went on.
    pub recovery: i64,
    /// Nanoseconds from the first FIN to the last segment, as far as no octets were under way.
    pub teardown: i64,
    /// Octets were awaited in the middle of what an end said, from its program or from the path.
    pub waiting: i64,
}

impl TimeSpent {
    /// The parts with their names in the machine format, in the order of a connection's life.
    pub const fn parts(&self) -> [(&'static str, i64); 8] {
        [
            ("handshake", self.handshake),
            ("client_thinking", self.client_thinking),
            ("server_thinking", self.server_thinking),
            ("transfer", self.transfer),
            ("closed_window", self.closed_window),
            ("recovery", self.recovery),
            ("teardown", self.teardown),
            ("waiting", self.waiting),
        ]
    }
}

/// Where the capture was taken.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
pub enum Vantage {
    /// Near the client.
    Client,
    /// Near the server.
    Server,
    /// Somewhere between.
    Between,
    /// On the machine that both ends run on, or too near to both to distinguish.
    Both,
    /// The capture does not show where it was taken.
    #[default]
    Unknown,
}

impl Vantage {
    /// The name in the machine format; `None` for [`Unknown`](Self::Unknown).
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Client => Some("client"),
            Self::Server => Some("server"),
            Self::Between => Some("between"),
            Self::Both => Some("both"),
            Self::Unknown => None,
        }
    }
}

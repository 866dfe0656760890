//! The report of the kernel about its own end of a connection: TCP_INFO, as far as it shows congestion control at work.
//!
//! Nothing of it travels. A capture shows what was sent; only the sender knows how much it was allowed to send.

use super::call::Role;
use super::frame::Timestamp;

/// Octets of `struct tcp_info` up to and including `tcpi_total_retrans`; newer kernels report more behind it.
pub const OCTETS: usize = 104;

/// What `tcpi_snd_ssthresh` holds before the first loss: TCP_INFINITE_SSTHRESH (include/net/tcp.h).
const INFINITE: u32 = 0x7fff_ffff;

/// An end of a connection as its kernel sees it. Windows and counts are in segments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TcpInfo {
    /// `tcpi_ca_state`.
    pub congestion: CongestionState,
    /// `tcpi_retransmits`: timeouts in a row that nothing has answered.
    pub timeouts: u8,
    /// `tcpi_backoff`: how often the retransmission timer was doubled (RFC 6298, section 5.5).
    pub backoff: u8,
    /// `tcpi_rto`: the retransmission timer, in microseconds.
    pub rto: u32,
    /// `tcpi_snd_mss`: octets of a full segment.
    pub mss: u32,
    /// `tcpi_unacked`: sent and not acknowledged.
    pub unacked: u32,
    /// `tcpi_sacked`: of these, acknowledged selectively.
    pub sacked: u32,
    /// `tcpi_lost`: of these, taken for lost.
    pub lost: u32,
    /// `tcpi_retrans`: of these, sent again.
    pub retransmitted: u32,
    /// `tcpi_rtt`: the smoothed round-trip time, in microseconds (RFC 6298, section 2).
    pub rtt: u32,
    /// `tcpi_rttvar`: its variation, in microseconds.
    pub rtt_variation: u32,
    /// `tcpi_snd_ssthresh`: below this window, it grows by slow start; `None` while nothing was ever lost.
    pub ssthresh: Option<u32>,
    /// `tcpi_snd_cwnd`: the congestion window (RFC 5681, section 2).
    pub cwnd: u32,
    /// `tcpi_total_retrans`: sent again since the connection began.
    pub total_retransmitted: u32,
}

/// `tcpi_ca_state`: what the sender's congestion control makes of the acknowledgements (enum tcp_ca_state,
/// linux/tcp.h).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CongestionState {
    /// Nothing odd.
    Open,
    /// Duplicate acknowledgements, too few to distinguish loss from reordering.
    Disorder,
    /// The window is being reduced though nothing was lost, as ECN asks for.
    Reduced,
    /// Segments are taken for lost by what was acknowledged, and are sent again.
    Recovery,
    /// The retransmission timer ran out.
    Loss,
}

impl CongestionState {
    /// The name in the kernel.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Disorder => "Disorder",
            Self::Reduced => "CWR",
            Self::Recovery => "Recovery",
            Self::Loss => "Loss",
        }
    }

    const fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            0 => Self::Open,
            1 => Self::Disorder,
            2 => Self::Reduced,
            3 => Self::Recovery,
            4 => Self::Loss,
            _ => return None,
        })
    }
}

impl TcpInfo {
    /// Reads the octets of a `struct tcp_info` of this machine (linux/tcp.h). `None` where they are fewer than
    /// [`OCTETS`], or name a congestion state that is not known here.
    ///
    /// Eight octets come first, of which the second is the congestion state; then numbers of 32 bits.
    pub fn from_octets(octets: &[u8]) -> Option<Self> {
        let octets = octets.get(..OCTETS)?;
        let number = |index: usize| {
            let at = 8 + 4 * index;
            octets.get(at..at + 4).and_then(|four| four.try_into().ok()).map(u32::from_ne_bytes)
        };
        let ssthresh = number(17)?;
        Some(Self {
            congestion: CongestionState::from_number(octets[1])?,
            timeouts: octets[2],
            backoff: octets[4],
            rto: number(0)?,
            mss: number(2)?,
            unacked: number(4)?,
            sacked: number(5)?,
            lost: number(6)?,
            retransmitted: number(7)?,
            rtt: number(15)?,
            rtt_variation: number(16)?,
            ssthresh: (ssthresh < INFINITE).then_some(ssthresh),
            cwnd: number(18)?,
            total_retransmitted: number(23)?,
        })
    }

    /// Whether the congestion window is below the threshold, so that each acknowledgement adds as much as it
    /// acknowledges (RFC 5681, section 3.1).
    pub fn in_slow_start(&self) -> bool {
        self.ssthresh.is_none_or(|ssthresh| self.cwnd < ssthresh)
    }
}

/// TCP_INFO at one moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sample {
    /// When the kernel was asked.
    pub at: Timestamp,
    /// The role of the program whose end was asked.
    pub who: Role,
    /// The number of the connection in that program, from 1.
    pub connection: Option<u64>,
    /// The answer of the kernel.
    pub info: TcpInfo,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Octets in which the number at each index is the index.
    fn numbered(congestion: u8) -> Vec<u8> {
        let mut octets = vec![1, congestion, 2, 0, 3, 0, 0, 0];
        (0..24_u32).for_each(|number| octets.extend(number.to_ne_bytes()));
        octets
    }

    #[test]
    fn each_field_is_taken_from_its_place_in_the_kernels_structure() {
        let octets = numbered(3);
        assert_eq!(octets.len(), OCTETS);
        let info = TcpInfo::from_octets(&octets).unwrap();
        // In linux/tcp.h, tcpi_rto is the first number behind the octets, tcpi_total_retrans the 24th.
        let expected = TcpInfo {
            congestion: CongestionState::Recovery,
            timeouts: 2,
            backoff: 3,
            rto: 0,
            mss: 2,
            unacked: 4,
            sacked: 5,
            lost: 6,
            retransmitted: 7,
            rtt: 15,
            rtt_variation: 16,
            ssthresh: Some(17),
            cwnd: 18,
            total_retransmitted: 23,
        };
        assert_eq!(info, expected);
        assert!(!info.in_slow_start());
    }

    #[test]
    fn before_the_first_loss_there_is_no_threshold_and_slow_start() {
        let mut octets = numbered(0);
        octets[8 + 4 * 17..][..4].copy_from_slice(&INFINITE.to_ne_bytes());
        let info = TcpInfo::from_octets(&octets).unwrap();
        assert_eq!(info.ssthresh, None);
        assert!(info.in_slow_start());
    }

    proptest! {
        #[test]
        fn whatever_a_kernel_gives_is_taken_or_left(octets in prop::collection::vec(any::<u8>(), 0..300)) {
            let info = TcpInfo::from_octets(&octets);
            prop_assert_eq!(info.is_some(), octets.len() >= OCTETS && octets[1] <= 4);
        }
    }
}

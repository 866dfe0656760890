//! Where the capture was taken, by how far each end is from there.
//!
//! Rules:
//!   1. the way to the server and back is the time from the SYN to the SYN,ACK, that to the client and back the time
//!      from the SYN,ACK to its acknowledgement; each only where the segment was sent once,
//!   2. where one of these is missing, or not remembered since not all measurements are wanted, the shortest round trip
//!      of what each end sent stands for both,
//!   3. both together not longer than a fifth of a millisecond: the ends are too near to tell,
//!   4. one at least five times as long as the other: the capture was taken near the end that is nearer.

use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::measures::Vantage;

/// In nanoseconds.
const NEAR: i64 = 200_000;
const FACTOR: i64 = 5;

/// Applies rules 3 and 4 to the ways to either end and back, in nanoseconds.
pub(in crate::track) fn vantage(to_server: Option<i64>, to_client: Option<i64>) -> Vantage {
    let Some((server, client)) = to_server.zip(to_client) else { return Vantage::Unknown };
    // 3.
    if server.saturating_add(client) <= NEAR {
        Vantage::Both
    // 4.
    } else if server / FACTOR >= client {
        Vantage::Client
    } else if client / FACTOR >= server {
        Vantage::Server
    } else {
        Vantage::Between
    }
}

/// Whether a capture from there shows what the end on `side` does when it does it.
pub(in crate::track) fn is_near(vantage: Vantage, side: Side) -> bool {
    match vantage {
        Vantage::Client => side == Side::Client,
        Vantage::Server => side == Side::Server,
        Vantage::Both => true,
        Vantage::Between | Vantage::Unknown => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_capture_is_near_the_end_that_answers_at_once() {
        let of = |server, client| vantage(Some(server), Some(client));
        assert_eq!(of(20_000_000, 60_000), Vantage::Client);
        assert_eq!(of(60_000, 20_000_000), Vantage::Server);
        assert_eq!(of(9_000_000, 11_000_000), Vantage::Between);
        assert_eq!(of(30_000, 15_000), Vantage::Both);
        assert_eq!(of(i64::MAX, i64::MAX), Vantage::Between);
        assert_eq!(vantage(Some(1), None), Vantage::Unknown);
    }
}

//! Asks the kernel about its end of a connection (Linux).

use std::io;
use std::net::TcpStream;

use nix::sys::socket::getsockopt;
use nix::{getsockopt_impl, sockopt_impl};

use crate::wire::tcp_info::{OCTETS, TcpInfo};

sockopt_impl!(
    /// `TCP_INFO`, its first octets. The kernel gives as many as there is room for: further fields of newer kernels are
    /// left out.
    TcpInfoOctets,
    GetOnly,
    libc::IPPROTO_TCP,
    libc::TCP_INFO,
    [u8; OCTETS]
);

/// Asks the kernel for `TCP_INFO` of a stream.
///
/// # Errors
///
/// What the system says, and `InvalidData` for a congestion state that is not known here.
pub(super) fn ask(stream: &TcpStream) -> io::Result<TcpInfo> {
    let octets = getsockopt(stream, TcpInfoOctets)?;
    TcpInfo::from_octets(&octets).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};

    use super::*;
    use crate::wire::tcp_info::CongestionState;

    #[test]
    fn a_connection_that_has_just_opened_is_in_slow_start_with_nothing_under_way() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let info = ask(&stream).unwrap();
        assert_eq!((info.congestion, info.unacked, info.lost), (CongestionState::Open, 0, 0));
        assert!(info.in_slow_start() && info.cwnd > 0 && info.mss > 500, "{info:?}");
        // Before the first round trip, the timer is a second; on loopback there was one with the handshake.
        assert!(info.rtt > 0 && info.rto >= 100_000, "{info:?}");
    }
}

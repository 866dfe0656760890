//! The kernel's list of TCP sockets (`/proc/net/tcp` and `/proc/net/tcp6` on Linux), from which `ss -tan` could be drawn.
//!
//! A socket that is bound, and neither listens nor is connected, is in no list.

use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

/// The lists, of IPv4 and of IPv6. A socket is in one of them.
const LISTS: [&str; 2] = ["/proc/net/tcp", "/proc/net/tcp6"];

/// Numbers of states in the list (include/net/tcp_states.h).
const TIME_WAIT: &str = "06";
const LISTEN: &str = "0A";

/// Parts of a second in which the list counts (USER_HZ, which programs see).
const TICKS: u64 = 100;

/// A socket, or what is left of one in TIME-WAIT.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KernelSocket {
    /// The socket's own end.
    pub local: SocketAddr,
    /// The other end; unspecified where there is none.
    pub peer: SocketAddr,
    /// The socket's state.
    pub state: SocketState,
}

/// The state of a socket at its address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SocketState {
    /// The socket waits for connections (LISTEN).
    Listens,
    /// The socket's connection is over, and the kernel keeps it in TIME-WAIT.
    TimeWait {
        /// How long the kernel will still keep it.
        left: Duration,
    },
    /// The socket has a connection in another state.
    Connected,
}

/// All TCP sockets of this network namespace.
///
/// # Errors
///
/// The system has no such list, or it may not be read. A system without IPv6 has one list, and that is no error.
pub fn all() -> io::Result<Vec<KernelSocket>> {
    let [four, six] = LISTS.map(|path| {
        fs::read_to_string(path).map_err(|error| io::Error::new(error.kind(), format!("{path}: {error}")))
    });
    Ok([four?, six.unwrap_or_default()].iter().flat_map(|list| list.lines().filter_map(socket)).collect())
}

/// A row of a list, `sl local_address rem_address st tx_queue:rx_queue tr:tm->when …`. The head of a list is none.
fn socket(row: &str) -> Option<KernelSocket> {
    let mut columns = row.split_whitespace().skip(1);
    let (local, peer, state) = (columns.next()?, columns.next()?, columns.next()?);
    let state = match state {
        LISTEN => SocketState::Listens,
        TIME_WAIT => {
            let (_, ticks) = columns.nth(1)?.split_once(':')?;
            let ticks = u64::from_str_radix(ticks, 16).ok()?;
            SocketState::TimeWait { left: Duration::from_millis(ticks.saturating_mul(1_000) / TICKS) }
        }
        _ => SocketState::Connected,
    };
    Some(KernelSocket { local: address(local)?, peer: address(peer)?, state })
}

/// `0100007F:1F90`: the address in words of 32 bits as this machine keeps them, and the port.
fn address(column: &str) -> Option<SocketAddr> {
    let (address, port) = column.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    if !address.is_ascii() {
        return None;
    }
    let word = |at: usize| {
        let digits = address.get(at..at + 8)?;
        u32::from_str_radix(digits, 16).ok().map(u32::to_ne_bytes)
    };
    let address: IpAddr = match address.len() {
        8 => Ipv4Addr::from(word(0)?).into(),
        32 => {
            let octets = [word(0)?, word(8)?, word(16)?, word(24)?].concat();
            Ipv6Addr::from(<[u8; 16]>::try_from(octets).ok()?).into()
        }
        _ => return None,
    };
    Some(SocketAddr::new(address, port))
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream};

    use proptest::prelude::*;

    use super::*;

    #[test]
    #[cfg(target_endian = "little")]
    fn a_row_is_read_as_the_kernel_writes_it() {
        let row =
            "  12: 0100007F:1F90 0100007F:D431 06 00000000:00000000 03:0000176F 00000000     0        0 0 3";
        let waits = socket(row).unwrap();
        assert_eq!(waits.local, ([127, 0, 0, 1], 8080).into());
        assert_eq!(waits.peer, ([127, 0, 0, 1], 54321).into());
        assert_eq!(waits.state, SocketState::TimeWait { left: Duration::from_millis(59_990) });
        assert_eq!(socket(&row.replace(" 06 ", " 0A ")).unwrap().state, SocketState::Listens);
        assert_eq!(socket(&row.replace(" 06 ", " 01 ")).unwrap().state, SocketState::Connected);
        let head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
        assert_eq!(socket(head), None);
        let loopback = "00000000000000000000000001000000:0050";
        assert_eq!(address(loopback), Some((Ipv6Addr::LOCALHOST, 80).into()));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn what_listens_what_is_connected_and_what_waits_is_found() {
        for loopback in [IpAddr::from(Ipv4Addr::LOCALHOST), Ipv6Addr::LOCALHOST.into()] {
            let Ok(listener) = TcpListener::bind((loopback, 0)) else { continue };
            let address = listener.local_addr().unwrap();
            let client = TcpStream::connect(address).unwrap();
            let own = client.local_addr().unwrap();
            let server = listener.accept().unwrap().0;
            let state = |peer: Option<SocketAddr>| {
                let sockets = all().unwrap();
                let mut of = sockets.iter().filter(|socket| socket.local == address);
                of.find(|socket| peer.is_none_or(|peer| socket.peer == peer)).map(|socket| socket.state)
            };
            assert_eq!(state(Some(own)), Some(SocketState::Connected));
            assert!(
                all()
                    .unwrap()
                    .iter()
                    .any(|socket| { (socket.local, socket.state) == (address, SocketState::Listens) })
            );
            drop((server, listener));
            std::thread::sleep(Duration::from_millis(20));
            drop(client);
            std::thread::sleep(Duration::from_millis(50));
            let Some(SocketState::TimeWait { left }) = state(Some(own)) else { panic!("{:?}", state(None)) };
            assert!(left > Duration::from_secs(1), "{left:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_stands_in_a_list_does_no_harm(row in "\\PC{0,200}") {
            let _ = socket(&row);
        }

        #[test]
        fn nor_does_what_stands_in_a_column(
            local in "[0-9A-Fa-f:é]{0,40}", peer in "[0-9A-F:]{0,40}", time in "[0-9A-F:]{0,30}",
        ) {
            let _ = socket(&format!("0: {local} {peer} 06 0:0 {time}"));
        }
    }
}

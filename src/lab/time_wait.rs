//! Which connections the kernel keeps in TIME-WAIT (Linux): what `ss -tan state time-wait` shows.

use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

/// The state's number in the table (include/net/tcp_states.h).
const TIME_WAIT: &str = "06";

/// Parts of a second in which the table counts (USER_HZ, which programs see).
const TICKS: u64 = 100;

/// A connection that waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Waiting {
    /// The end that waits.
    pub local: SocketAddr,
    /// The other end.
    pub peer: SocketAddr,
    /// How long it still waits.
    pub left: Duration,
}

/// Those whose own port is this one.
///
/// # Errors
///
/// The kernel has no such table, or it may not be read.
pub fn at_port(port: u16, ipv6: bool) -> io::Result<Vec<Waiting>> {
    let path = if ipv6 { "/proc/net/tcp6" } else { "/proc/net/tcp" };
    let table =
        fs::read_to_string(path).map_err(|error| io::Error::new(error.kind(), format!("{path}: {error}")))?;
    Ok(table.lines().filter_map(waiting).filter(|waiting| waiting.local.port() == port).collect())
}

/// A row of the table, `sl local_address rem_address st tx_queue:rx_queue tr:tm->when …`, if it is one in TIME-WAIT.
fn waiting(row: &str) -> Option<Waiting> {
    let mut columns = row.split_whitespace().skip(1);
    let (local, peer, state) = (columns.next()?, columns.next()?, columns.next()?);
    if state != TIME_WAIT {
        return None;
    }
    let (_, ticks) = columns.nth(1)?.split_once(':')?;
    let ticks = u64::from_str_radix(ticks, 16).ok()?;
    let left = Duration::from_millis(ticks.saturating_mul(1_000) / TICKS);
    Some(Waiting { local: address(local)?, peer: address(peer)?, left })
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
        let waiting = waiting(row).unwrap();
        assert_eq!(waiting.local, ([127, 0, 0, 1], 8080).into());
        assert_eq!(waiting.peer, ([127, 0, 0, 1], 54321).into());
        assert_eq!(waiting.left, Duration::from_millis(59_990));
        let listens = row.replace(" 06 ", " 0A ");
        assert_eq!(super::waiting(&listens), None);
        let loopback = "00000000000000000000000001000000:0050";
        assert_eq!(address(loopback), Some((Ipv6Addr::LOCALHOST, 80).into()));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn who_closes_first_is_found_waiting() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let client = TcpStream::connect(address).unwrap();
        let own = client.local_addr().unwrap();
        let server = listener.accept().unwrap().0;
        drop(server);
        std::thread::sleep(Duration::from_millis(20));
        drop(client);
        std::thread::sleep(Duration::from_millis(50));
        let waiting = at_port(address.port(), false).unwrap();
        let one = waiting.iter().find(|waiting| waiting.peer == own).unwrap();
        assert!(one.local == address && one.left > Duration::from_secs(1), "{one:?}");
    }

    proptest! {
        #[test]
        fn whatever_stands_in_a_table_does_no_harm(row in "\\PC{0,200}") {
            let _ = waiting(&row);
        }

        #[test]
        fn nor_does_what_stands_in_a_column(
            local in "[0-9A-Fa-f:é]{0,40}", peer in "[0-9A-F:]{0,40}", time in "[0-9A-F:]{0,30}",
        ) {
            let _ = waiting(&format!("0: {local} {peer} 06 0:0 {time}"));
        }
    }
}

//! Addresses as they are typed: `127.0.0.1:8080`, `[::1]:8080`, `localhost:80`, `::1`, `8080`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs};

/// The port where none was typed.
const PORT: u16 = 8080;

/// Where a name leads, in the order to try. At least one.
#[derive(Clone, Debug)]
pub(super) struct Addresses(pub(super) Vec<SocketAddr>);

/// One address, without asking anybody for names except for `localhost` and the like.
pub(super) fn address(typed: &str) -> Result<SocketAddr, String> {
    addresses(typed).map(|found| found.0[0])
}

/// All addresses of what was typed.
pub(super) fn addresses(typed: &str) -> Result<Addresses, String> {
    if let Some(address) = literal(typed) {
        return Ok(Addresses(vec![address]));
    }
    let (name, port) = match typed.rsplit_once(':') {
        Some((name, port)) => (name, port.parse().map_err(|_| format!("no port: {port:?}"))?),
        None => (typed, PORT),
    };
    if name.is_empty() || name.contains([':', '[', ']']) {
        return Err("not an address; write 127.0.0.1:8080, or [::1]:8080 for IPv6".into());
    }
    let found: Vec<_> = (name, port).to_socket_addrs().map_err(|error| error.to_string())?.collect();
    if found.is_empty() { Err("this name has no address".into()) } else { Ok(Addresses(found)) }
}

fn literal(typed: &str) -> Option<SocketAddr> {
    if let Ok(address) = typed.parse() {
        return Some(address);
    }
    if let Ok(port) = typed.strip_prefix(':').unwrap_or(typed).parse::<u16>() {
        return Some((Ipv4Addr::LOCALHOST, port).into());
    }
    let inner = typed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(typed);
    inner.parse::<IpAddr>().ok().map(|ip| (ip, PORT).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_loopback_and_8080() {
        for (typed, meant) in [
            ("9000", "127.0.0.1:9000"),
            (":9000", "127.0.0.1:9000"),
            ("127.0.0.2", "127.0.0.2:8080"),
            ("::1", "[::1]:8080"),
            ("[::1]", "[::1]:8080"),
            ("[::1]:0", "[::1]:0"),
            ("0.0.0.0:1", "0.0.0.0:1"),
        ] {
            assert_eq!(address(typed).unwrap().to_string(), meant, "{typed}");
        }
        assert!(address("localhost").unwrap().ip().is_loopback());
    }

    #[test]
    fn what_is_no_address_is_said_to_be_none() {
        for typed in ["", ":", "127.0.0.1:http", "[::1", "127.0.0.1:65536", "::1]:80"] {
            assert!(addresses(typed).is_err(), "{typed}");
        }
    }
}

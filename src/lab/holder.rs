//! What holds an address that cannot be bound.
//!
//! What Linux does, measured on 6.18: `bind` succeeds beside connections in any state, TIME-WAIT among them, if its own
//! socket and the listener that they came from both had SO_REUSEADDR. An accepted socket has what its listener has. Beside
//! a socket that listens, `bind` or `listen` fails whatever both have.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use super::kernel_sockets::{self, SocketState};

/// The holder of an address of TCP, as far as the system reports it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Holder {
    /// A socket that listens.
    Listener,
    /// No socket that listens, but this many connections, all of them in TIME-WAIT.
    TimeWait(usize),
    /// No socket that listens, but this many connections, some of them in other states than TIME-WAIT.
    Connections(usize),
    /// The system does not report the holder. A socket that is bound and neither listens nor is connected is in no
    /// list.
    Unknown,
}

/// An address that could not be bound since it is in use.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Held {
    /// The holder of the address.
    pub by: Holder,
    /// The socket that could not be bound had SO_REUSEADDR.
    pub reuse_address: bool,
}

impl Held {
    /// Writes which sockets hold the address, and what helps.
    pub(super) fn tell(self, f: &mut fmt::Formatter<'_>, address: SocketAddr) -> fmt::Result {
        let port = address.port();
        let connections =
            |count| if count == 1 { "a connection".into() } else { format!("{count} connections") };
        match self.by {
            Holder::Listener => write!(
                f,
                "{address} is in use by another server, which listens there: take another port, or see whose it is \
                 with `ss -tlnp 'sport = :{port}'`"
            ),
            Holder::TimeWait(count) => write!(
                f,
                "{address} is in use by {} in TIME-WAIT, which lasts a minute, and no server listens there: {}",
                connections(count),
                self.remedy()
            ),
            Holder::Connections(count) => write!(
                f,
                "{address} is in use by {}, though no server listens there: see whose with \
                 `ss -tanp 'sport = :{port}'`, {}",
                connections(count),
                self.remedy()
            ),
            Holder::Unknown => {
                write!(
                    f,
                    "{address} is in use by another socket: take another port, or see whose it is with \
                     `ss -tuanp 'sport = :{port}'`"
                )?;
                let helps = "; if only TIME-WAIT is left there, leaving out --no-reuse-address helps";
                f.write_str(if self.reuse_address { "" } else { helps })
            }
        }
    }

    /// What helps beside connections alone.
    fn remedy(self) -> &'static str {
        match self.reuse_address {
            true => {
                "wait, or take another port; SO_REUSEADDR, which is set here, helps only where the socket before had \
                 it, too"
            }
            false => {
                "wait, take another port, or leave out --no-reuse-address, here and at the server before: both need \
                 SO_REUSEADDR"
            }
        }
    }
}

impl Holder {
    /// What holds this address now. A system that keeps no list of its sockets leaves it unknown.
    pub(super) fn of(address: SocketAddr) -> Self {
        let sockets = kernel_sockets::all().unwrap_or_default();
        Self::among(address, sockets.into_iter().map(|socket| (socket.local, socket.state)))
    }

    /// Which of these sockets hold the address.
    fn among(address: SocketAddr, sockets: impl Iterator<Item = (SocketAddr, SocketState)>) -> Self {
        let (mut waiting, mut connected) = (0, 0);
        for (_, state) in sockets.filter(|(local, _)| collide(address, *local)) {
            match state {
                SocketState::Listens => return Self::Listener,
                SocketState::TimeWait { .. } => waiting += 1,
                SocketState::Connected => connected += 1,
            }
        }
        match (waiting, connected) {
            (0, 0) => Self::Unknown,
            (waiting, 0) => Self::TimeWait(waiting),
            (waiting, connected) => Self::Connections(waiting + connected),
        }
    }
}

/// Whether the two are one address, or one stands for all addresses. `::` stands for those of IPv4, too, where it was
/// not bound for IPv6 alone, which the lists do not show.
fn collide(one: SocketAddr, other: SocketAddr) -> bool {
    let (a, b) = (one.ip().to_canonical(), other.ip().to_canonical());
    let stands_for = |any: IpAddr, ip: IpAddr| any.is_unspecified() && (any.is_ipv6() || ip.is_ipv4());
    one.port() == other.port() && (a == b || stands_for(a, b) || stands_for(b, a))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::SocketState::{Connected, Listens};
    use super::*;

    const WAITS: SocketState = SocketState::TimeWait { left: Duration::from_secs(59) };

    fn holder(address: &str, sockets: &[(&str, SocketState)]) -> Holder {
        let sockets = sockets.iter().map(|(local, state)| (local.parse().unwrap(), *state));
        Holder::among(address.parse().unwrap(), sockets)
    }

    #[test]
    fn a_socket_that_listens_holds_it_whatever_else_is_there() {
        let sockets = [("127.0.0.1:80", WAITS), ("0.0.0.0:80", Listens)];
        assert_eq!(holder("127.0.0.1:80", &sockets), Holder::Listener);
        assert_eq!(holder("127.0.0.1:80", &[("[::]:80", Listens)]), Holder::Listener);
        assert_eq!(holder("[::]:80", &[("127.0.0.1:80", Listens)]), Holder::Listener);
        assert_eq!(holder("127.0.0.1:80", &[("[::ffff:127.0.0.1]:80", Listens)]), Holder::Listener);
    }

    #[test]
    fn connections_hold_it_where_nothing_listens() {
        let two = [("127.0.0.1:80", WAITS), ("127.0.0.1:80", WAITS)];
        assert_eq!(holder("127.0.0.1:80", &two), Holder::TimeWait(2));
        assert_eq!(holder("0.0.0.0:80", &two), Holder::TimeWait(2));
        let open = [two[0], ("127.0.0.1:80", Connected)];
        assert_eq!(holder("127.0.0.1:80", &open), Holder::Connections(2));
    }

    #[test]
    fn other_ports_and_addresses_hold_nothing() {
        let others = [
            ("127.0.0.1:81", Listens),
            ("127.0.0.2:80", Listens),
            ("[::1]:80", Listens),
            ("0.0.0.0:443", WAITS),
        ];
        assert_eq!(holder("127.0.0.1:80", &others), Holder::Unknown);
        assert_eq!(holder("[::1]:80", &[("0.0.0.0:80", Listens)]), Holder::Unknown);
    }
}

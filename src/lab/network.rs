//! Two hosts and a router between them, each in a network namespace of its own (Linux).
//!
//! ```text
//! sender  eth0 ─── eth1  router  eth2 ─── eth0  receiver
//! ```
//!
//! The router sends to the receiver through a token bucket (`tc-tbf(8)`): so many octets a second, and a short queue;
//! what finds no room in the queue is dropped. The router stands apart from the sender, because a queue that drops stands
//! before the place where a capture listens.
//!
//! The namespaces have no names. They belong to three threads of this process and are gone with them, their interfaces
//! too, however the process ends. They are set up with the programs `ip` and `tc`, which run inside of them.

mod command;
mod error;
mod namespace;
mod rights;

use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};

use command::run;
pub use error::Error;
pub use namespace::Namespace;
pub use rights::obtain;

/// The interface of either host.
pub const INTERFACE: &str = "eth0";

/// A port at which no socket listens: it discards (RFC 863), where there is such a server.
const NOBODY: u16 = 9;

/// How long to wait for the answer that no socket listens, and how often.
const READY: Duration = Duration::from_millis(500);
const TRIES: u32 = 10;

/// The limits of what the router sends to the receiver.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bottleneck {
    /// Bits a second.
    pub rate: u32,
    /// Octets that may leave at once, after a silence; at least those of one frame.
    pub burst: u32,
    /// Octets that may wait.
    pub queue: u32,
}

/// Two hosts and a router.
pub struct Network {
    sender: Namespace,
    router: Namespace,
    receiver: Namespace,
    bottleneck: Bottleneck,
    receiver_address: IpAddr,
}

/// The addresses of one side: the host's and the router's, of which the host's is for examples in documents (RFC 5737;
/// RFC 3849).
struct Side {
    host: IpAddr,
    router: IpAddr,
    prefix: u8,
}

impl Network {
    /// Builds it, over IPv6 if that is wanted. Takes the time that a dozen programs take to run. This process needs the
    /// rights that [`obtain`] gives.
    ///
    /// # Errors
    ///
    /// What this process may not do, or this system does not have.
    pub fn new(bottleneck: Bottleneck, ipv6: bool) -> Result<Self, Error> {
        let sender = Namespace::new("sender")?;
        let router = Namespace::new("router")?;
        let receiver = Namespace::new("receiver")?;
        for namespace in [&sender, &router, &receiver] {
            namespace.run(move || quiet_ipv6(ipv6));
        }
        let sides = [1, 2].map(|number| Side::new(number, ipv6));
        let ends = [(&sender, &sides[0], "eth1"), (&receiver, &sides[1], "eth2")];
        let mut links = String::from("link set lo up\n");
        for (host, side, device) in ends {
            let thread = host.thread_id();
            links.push_str(&format!("link add {device} type veth peer name {INTERFACE} netns {thread}\n"));
            links.push_str(&side.address(side.router, device));
            links.push_str(&format!("link set {device} up\n"));
        }
        router.run(move || run("ip", &["-batch", "-"], &links))?;
        router.run(move || forward(ipv6))?;
        for (host, side, _) in ends {
            // Segments as the network sees them, not as a network card would cut them up.
            let segments = format!("link set {INTERFACE} gso_max_segs 1\n");
            let address = side.address(side.host, INTERFACE);
            let way = format!("route add default via {}\n", side.router);
            let script = format!("link set lo up\n{segments}{address}link set {INTERFACE} up\n{way}");
            host.run(move || run("ip", &["-batch", "-"], &script))?;
        }
        let network = Self { sender, router, receiver, bottleneck, receiver_address: sides[1].host };
        network.queue("add", bottleneck.queue)?;
        network.wait_until_ready();
        Ok(network)
    }

    /// Waits until the sender gets the answer that no socket listens at the receiver: all neighbours know each other by
    /// then. That no answer comes is not an error here: the first connection of the caller shows it.
    fn wait_until_ready(&self) {
        let address = SocketAddr::new(self.receiver_address, NOBODY);
        self.sender.run(move || {
            let refused = || {
                let tried = TcpStream::connect_timeout(&address, READY);
                tried.is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
            };
            (0..TRIES).any(|_| refused())
        });
    }

    /// The host that sends.
    pub fn sender(&self) -> &Namespace {
        &self.sender
    }

    /// The host that receives.
    pub fn receiver(&self) -> &Namespace {
        &self.receiver
    }

    /// Where the receiver is.
    pub fn receiver_address(&self) -> IpAddr {
        self.receiver_address
    }

    /// Makes the router drop whatever is to go to the receiver.
    ///
    /// # Errors
    ///
    /// `tc` failed.
    pub fn drop_everything(&self) -> Result<(), Error> {
        // No frame fits into a queue of one octet.
        self.queue("change", 1)
    }

    /// Makes the router forward again.
    ///
    /// # Errors
    ///
    /// `tc` failed.
    pub fn forward_again(&self) -> Result<(), Error> {
        self.queue("change", self.bottleneck.queue)
    }

    /// Frames that the router has dropped so far; `None` where it cannot say.
    pub fn dropped(&self) -> Option<u64> {
        let show = ["-s", "-j", "qdisc", "show", "dev", "eth2", "root"];
        let said = self.router.run(move || run("tc", &show, "")).ok()?;
        let said: serde_json::Value = serde_json::from_str(&said).ok()?;
        said.as_array()?.iter().find(|queue| queue["kind"] == "tbf")?["drops"].as_u64()
    }

    fn queue(&self, how: &str, limit: u32) -> Result<(), Error> {
        let Bottleneck { rate, burst, .. } = self.bottleneck;
        let words = format!("qdisc {how} dev eth2 root tbf rate {rate}bit burst {burst}b limit {limit}b\n");
        self.router.run(move || run("tc", &["-batch", "-"], &words)).map(drop)
    }
}

impl Side {
    fn new(number: u8, ipv6: bool) -> Self {
        if ipv6 {
            let address = |last| IpAddr::from(Ipv6Addr::new(0x2001, 0xdb8, number.into(), 0, 0, 0, 0, last));
            return Self { host: address(2), router: address(1), prefix: 64 };
        }
        let address = |last| match number {
            1 => IpAddr::from(Ipv4Addr::new(192, 0, 2, last)),
            _ => IpAddr::from(Ipv4Addr::new(198, 51, 100, last)),
        };
        Self { host: address(2), router: address(1), prefix: 24 }
    }

    /// The line that gives a device an address. No other host of this network can have the address, so duplicate
    /// address detection (IPv6) is off.
    fn address(&self, address: IpAddr, device: &str) -> String {
        let alone = if address.is_ipv6() { " nodad" } else { "" };
        format!("address add {address}/{} dev {device}{alone}\n", self.prefix)
    }
}

/// Keeps IPv6 from talking of itself: for nothing, where it is not used, and else in order to ask whether an address is
/// another's (RFC 4862, section 5.4), which would take a second. A kernel without IPv6 has no such files.
fn quiet_ipv6(used: bool) {
    let settings: &[_] =
        if used { &[("accept_dad", "0"), ("dad_transmits", "0")] } else { &[("disable_ipv6", "1")] };
    for (setting, value) in settings {
        for devices in ["all", "default"] {
            let _ = fs::write(format!("/proc/sys/net/ipv6/conf/{devices}/{setting}"), value);
        }
    }
}

/// Makes the host of this thread's namespace a router.
fn forward(ipv6: bool) -> Result<(), Error> {
    let path = if ipv6 { "/proc/sys/net/ipv6/conf/all/forwarding" } else { "/proc/sys/net/ipv4/ip_forward" };
    fs::write(path, "1").map_err(|error| Error::Forwarding { path, error })
}

/// Whether a socket can have this algorithm of congestion control. Where it is a module that is not loaded, the kernel
/// loads it for root, as soon as a socket is to have it.
pub fn has_congestion_control(name: &str) -> bool {
    is_known(&congestion_controls(), name, || {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP))?;
        socket.set_tcp_congestion(name.as_bytes())
    })
}

/// What was refused for another reason is known: inside a network of its own, a process may use what is restricted
/// elsewhere.
fn is_known(loaded: &[String], name: &str, ask: impl FnOnce() -> io::Result<()>) -> bool {
    loaded.iter().any(|loaded| loaded == name)
        || ask().map_or_else(|error| error.kind() != io::ErrorKind::NotFound, |()| true)
}

/// The algorithms of congestion control that this kernel has loaded.
pub fn congestion_controls() -> Vec<String> {
    let known = fs::read_to_string("/proc/sys/net/ipv4/tcp_available_congestion_control");
    known.unwrap_or_default().split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;

//! The host: this machine's kernel, in a network namespace without a name, at one end of a pair of interfaces whose
//! other end nobody but a packet socket reads.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, IoSliceMut, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::os::fd::{AsRawFd, IntoRawFd, OwnedFd};
use std::process::{Command, Stdio};
use std::time::Duration;

use etherparse::TcpHeader;
use nix::errno::Errno;
use nix::sched::{CloneFlags, unshare};
use nix::sys::socket::{
    AddressFamily, ControlMessageOwned, MsgFlags, SockFlag, SockType, recvmsg, setsockopt, socket, sockopt,
};
use nix::sys::time::TimeSpec;
use pnet_datalink::{Channel, Config, DataLinkSender};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::frame::{self, Link};

/// The peer's Ethernet address: no interface's own, so that the kernel takes no frame to it for itself.
const PEER: [u8; 6] = [2, 0, 0, 0, 0, 0x99];

/// A port at which no socket listens, and how often it is tried.
const NOBODY: u16 = 9;
const TRIES: u32 = 100;

/// Longer than any frame: those before segmentation are up to 64 KiB.
const LONGEST: usize = 1 << 17;

/// Counts of the kernel that moved, by their names.
pub(crate) type Moved = BTreeMap<String, u64>;

pub(crate) struct Host {
    pub(crate) link: Link,
    captured: OwnedFd,
    sender: Box<dyn DataLinkSender>,
    cut: bool,
    /// Keeps `captured` bound.
    _bound: Channel,
}

/// Takes this thread into a namespace of its own. A kernel that has it gives the namespace a small table of connections,
/// which is read in a moment.
fn enter() -> io::Result<()> {
    unshare(CloneFlags::CLONE_NEWNET)?;
    if fs::write("/proc/sys/net/ipv4/tcp_child_ehash_entries", "64").is_ok() {
        unshare(CloneFlags::CLONE_NEWNET)?;
    }
    Ok(())
}

pub(crate) fn address(ipv6: bool) -> IpAddr {
    if ipv6 {
        Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1).into()
    } else {
        Ipv4Addr::new(192, 0, 2, 1).into()
    }
}

/// The address of a peer: each conversation has another, so that the kernel remembers nothing of it.
pub(crate) fn peer(ipv6: bool, number: u8) -> IpAddr {
    if ipv6 {
        Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, number.into()).into()
    } else {
        Ipv4Addr::new(198, 51, 100, number).into()
    }
}

pub(crate) fn router(ipv6: bool) -> IpAddr {
    if ipv6 {
        Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 2).into()
    } else {
        Ipv4Addr::new(192, 0, 2, 2).into()
    }
}

fn ip(script: &str) -> io::Result<()> {
    let mut child = Command::new("ip").args(["-batch", "-"]).stdin(Stdio::piped()).spawn()?;
    child.stdin.take().expect("it is piped").write_all(script.as_bytes())?;
    if child.wait()?.success() { Ok(()) } else { Err(io::Error::other(format!("ip failed: {script}"))) }
}

/// Settings of the namespace. What a kernel does not have is left out.
const SETTINGS: [(&str, &str); 8] = [
    ("ipv6/conf/all/accept_dad", "0"),
    ("ipv6/conf/default/accept_dad", "0"),
    ("ipv6/conf/all/router_solicitations", "0"),
    ("ipv6/conf/default/router_solicitations", "0"),
    // Each connection begins anew.
    ("ipv4/tcp_no_metrics_save", "1"),
    ("ipv4/tcp_congestion_control", "reno"),
    ("ipv4/tcp_ecn", "0"),
    ("ipv4/tcp_fastopen_blackhole_timeout_sec", "0"),
];

impl Host {
    /// Makes one for this thread, and what is begun in it.
    pub(crate) fn new() -> io::Result<Self> {
        enter()?;
        for (setting, value) in SETTINGS {
            let _ = fs::write(format!("/proc/sys/net/{setting}"), value);
        }
        let peer = "02:00:00:00:00:99";
        ip(&format!(
            "link set lo up\n\
             link add host type veth peer name wire\n\
             link set wire up\nlink set host up\n\
             address add 192.0.2.1/24 dev host\n\
             address add 2001:db8::1/64 dev host nodad\n\
             neigh replace 192.0.2.2 lladdr {peer} dev host nud permanent\n\
             neigh replace 2001:db8::2 lladdr {peer} dev host nud permanent\n\
             route add default via 192.0.2.2\n\
             route add default via 2001:db8::2 dev host\n"
        ))?;
        let interfaces = pnet_datalink::interfaces();
        let named = |name| interfaces.iter().find(|interface| interface.name == name).expect("it was made");
        let captured = socket(AddressFamily::Packet, SockType::Raw, SockFlag::SOCK_CLOEXEC, None)?;
        setsockopt(&captured, sockopt::ReceiveTimestampns, &true)?;
        setsockopt(&captured, sockopt::RcvBufForce, &(8 << 20))?;
        let config = Config {
            socket_fd: Some(captured.try_clone()?.into_raw_fd()),
            promiscuous: false,
            ..Config::default()
        };
        // It binds the socket; what comes is read here.
        let bound = pnet_datalink::channel(named("host"), config)?;
        let config = Config { write_buffer_size: LONGEST, promiscuous: false, ..Config::default() };
        let Channel::Ethernet(sender, _) = pnet_datalink::channel(named("wire"), config)? else {
            return Err(io::ErrorKind::Unsupported.into());
        };
        let host = named("host").mac.expect("it is Ethernet").octets();
        let mut made = Self { link: Link { host, peer: PEER }, captured, sender, cut: false, _bound: bound };
        made.wait_until_ready()?;
        Ok(made)
    }

    /// Waits until the host answers in both families: an interface that was just made drops what it is to send.
    fn wait_until_ready(&mut self) -> io::Result<()> {
        for ipv6 in [false, true] {
            let mut tcp = TcpHeader::new(9, NOBODY, 1, 0);
            tcp.syn = true;
            let packet = frame::packet(peer(ipv6, 0xfe), address(ipv6), 1, tcp, &[]);
            let syn = frame::frame(self.link, ipv6, &packet);
            let answers = |(_, octets): (i64, Vec<u8>)| {
                frame::seen(&octets).is_some_and(|seen| seen.tcp.rst && seen.tcp.source_port == NOBODY)
            };
            let mut answered = false;
            for _ in 0..TRIES {
                self.send(&syn)?;
                while let Some(frame) = self.next_frame(Duration::from_millis(20))? {
                    answered |= answers(frame);
                }
                if answered {
                    break;
                }
            }
            if !answered {
                return Err(io::Error::other("the host does not answer"));
            }
        }
        Ok(())
    }

    /// Lets the interface take a segment at a time, or as many as it did at first.
    pub(crate) fn cut_up(&mut self, cut: bool) -> io::Result<()> {
        if cut != self.cut {
            ip(&format!("link set host gso_max_segs {}\n", if cut { 1 } else { u16::MAX }))?;
            self.cut = cut;
        }
        Ok(())
    }

    /// Puts a frame on the wire.
    pub(crate) fn send(&mut self, frame: &[u8]) -> io::Result<()> {
        self.sender.send_to(frame, None).unwrap_or_else(|| Err(io::ErrorKind::WriteZero.into()))
    }

    /// The next frame that went through the host's interface, with its time in nanoseconds; waits for it so long.
    pub(crate) fn next_frame(&self, patience: Duration) -> io::Result<Option<(i64, Vec<u8>)>> {
        let mut waiting = [PollFd::new(&self.captured, PollFlags::IN)];
        let patience = Timespec::try_from(patience).expect("it is short");
        if poll(&mut waiting, Some(&patience))? == 0 {
            return Ok(None);
        }
        let mut octets = vec![0; LONGEST];
        let mut beside = nix::cmsg_space!(TimeSpec);
        let mut into = [IoSliceMut::new(&mut octets)];
        let flags = MsgFlags::MSG_DONTWAIT;
        let message = match recvmsg::<()>(self.captured.as_raw_fd(), &mut into, Some(&mut beside), flags) {
            Err(Errno::EAGAIN) => return Ok(None),
            message => message?,
        };
        let len = message.bytes;
        let time = message.cmsgs()?.find_map(|beside| match beside {
            ControlMessageOwned::ScmTimestampns(time) => Some(time.tv_sec() * 1_000_000_000 + time.tv_nsec()),
            _ => None,
        });
        octets.truncate(len);
        Ok(Some((time.expect("the kernel gives the time"), octets)))
    }
}

/// What the kernel has counted of TCP in this namespace: names and values, as it prints them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Counts(String);

impl Counts {
    pub(crate) fn now() -> io::Result<Self> {
        let said = fs::read_to_string("/proc/thread-self/net/netstat")?;
        let lines: Vec<_> = said.lines().filter(|line| line.starts_with("TcpExt:")).collect();
        Ok(Self(lines.join("\n")))
    }

    /// What has moved since `before`.
    pub(crate) fn since(&self, before: &Self) -> Moved {
        let values = |counts: &'_ Self| -> Vec<u64> {
            let line = counts.0.lines().nth(1).unwrap_or_default();
            line.split_whitespace().skip(1).map(|value| value.parse().unwrap_or(0)).collect()
        };
        let names = self.0.lines().next().unwrap_or_default().split_whitespace().skip(1);
        let moved = values(self).into_iter().zip(values(before)).map(|(now, then)| now - then);
        names
            .zip(moved)
            .filter(|(_, moved)| *moved > 0)
            .map(|(name, moved)| (name.to_owned(), moved))
            .collect()
    }
}

/// The kernel's states by their numbers (`net/tcp_states.h`).
const STATES: [&str; 12] = [
    "ESTABLISHED",
    "SYN-SENT",
    "SYN-RECEIVED",
    "FIN-WAIT-1",
    "FIN-WAIT-2",
    "TIME-WAIT",
    "CLOSED",
    "CLOSE-WAIT",
    "LAST-ACK",
    "LISTEN",
    "CLOSING",
    "SYN-RECEIVED",
];

/// The state of a connection of the host: LISTEN where there is none and a socket listens, else CLOSED.
pub(crate) fn state(ipv6: bool, own: u16, other: u16) -> io::Result<&'static str> {
    let path = if ipv6 { "/proc/thread-self/net/tcp6" } else { "/proc/thread-self/net/tcp" };
    let said = fs::read_to_string(path)?;
    let (own, other) = (format!(":{own:04X}"), format!(":{other:04X}"));
    let mut found = "CLOSED";
    for line in said.lines().skip(1) {
        let words: Vec<_> = line.split_whitespace().take(4).collect();
        let [_, local, remote, state] = words[..] else { continue };
        let state = usize::from_str_radix(state, 16).ok().and_then(|state| STATES.get(state.checked_sub(1)?));
        let state = state.copied().unwrap_or("CLOSED");
        if local.ends_with(&own) && remote.ends_with(&other) {
            return Ok(state);
        }
        if local.ends_with(&own) && state == "LISTEN" {
            found = state;
        }
    }
    Ok(found)
}

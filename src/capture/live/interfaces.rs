//! The interfaces of this host.

use std::net::IpAddr;

use pnet_datalink::NetworkInterface;

use super::socket;
use crate::wire::frame::LinkType;

/// An interface, with the facts that matter to sniffing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Device {
    /// The interface's name.
    pub name: String,
    /// The link type, by which the interface's frames are read.
    pub link: LinkType,
    /// Whether the interface carries frames.
    pub up: bool,
    /// Whether the interface itself receives what it sends.
    pub loopback: bool,
    /// The interface's addresses.
    pub addrs: Vec<IpAddr>,
}

/// Every interface, as the system orders them.
pub fn list() -> Vec<Device> {
    pnet_datalink::interfaces().iter().map(device).collect()
}

fn device(interface: &NetworkInterface) -> Device {
    Device {
        name: interface.name.clone(),
        link: Hardware::of(&interface.name).link,
        up: interface.is_up(),
        loopback: interface.is_loopback(),
        addrs: interface.ips.iter().map(|network| network.ip()).collect(),
    }
}

/// The facts that a packet socket on an interface gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Hardware {
    /// How frames are to be read.
    pub(super) link: LinkType,
    /// The link header must be left out: it is unknown here, or not always there.
    pub(super) cooked: bool,
}

impl Hardware {
    /// By the interface's name.
    pub(super) fn of(name: &str) -> Self {
        Self::from_number(socket::hardware_type(name).ok())
    }

    /// By the ARPHRD_ number.
    fn from_number(number: Option<u16>) -> Self {
        let whole = |link| Self { link, cooked: false };
        match number {
            Some(libc::ARPHRD_ETHER | libc::ARPHRD_LOOPBACK) => whole(LinkType::ETHERNET),
            Some(libc::ARPHRD_IEEE80211) => whole(LinkType::IEEE802_11),
            Some(libc::ARPHRD_IEEE80211_PRISM) => whole(LinkType::IEEE802_11_PRISM),
            Some(libc::ARPHRD_IEEE80211_RADIOTAP) => whole(LinkType::IEEE802_11_RADIOTAP),
            Some(libc::ARPHRD_NONE) => whole(LinkType::RAW),
            // Tunnels, PPP and the rest: what stands in front of IP differs, and the kernel can leave it out.
            _ => Self { link: LinkType::RAW, cooked: true },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loopback_interface_is_there_and_looks_like_ethernet() {
        let list = list();
        let loopback = list.iter().find(|device| device.loopback).expect("every Linux has one");
        assert_eq!((loopback.name.as_str(), loopback.link), ("lo", LinkType::ETHERNET));
    }

    #[test]
    fn what_is_not_known_is_read_from_ip_on() {
        for number in [None, Some(512), Some(768), Some(4711)] {
            assert_eq!(Hardware::from_number(number), Hardware { link: LinkType::RAW, cooked: true });
        }
        assert_eq!(Hardware::of("a name that no interface can have"), Hardware::from_number(None));
    }
}

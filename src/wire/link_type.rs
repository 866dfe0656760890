//! Names for the LINKTYPE_ numbers of the capture formats, as tcpdump.org assigns them.

use std::borrow::Cow;
use std::fmt;

use super::frame::LinkType;

/// Names a link type once: the constant, its number, the word of the machine format, and the words
/// for people.
macro_rules! link_types {
    ($($(#[$doc:meta])* $constant:ident = $number:literal, $machine:literal, $human:literal;)*) => {
        impl LinkType {
            $($(#[$doc])* #[doc = $human] pub const $constant: Self = Self($number);)*

            fn names(self) -> Option<(&'static str, &'static str)> {
                match self {
                    $(Self::$constant => Some(($machine, $human)),)*
                    _ => None,
                }
            }

            #[cfg(test)]
            const ALL: &'static [Self] = &[$(Self::$constant),*];
        }
    };
}

link_types! {
    NULL = 0, "null", "BSD loopback";
    ETHERNET = 1, "ethernet", "Ethernet";
    AX25 = 3, "ax25", "AX.25";
    IEEE802_5 = 6, "ieee802_5", "Token Ring";
    ARCNET_BSD = 7, "arcnet_bsd", "ARCNET (BSD)";
    SLIP = 8, "slip", "SLIP";
    PPP = 9, "ppp", "PPP";
    FDDI = 10, "fddi", "FDDI";
    /// Number 12 is DLT_RAW of most systems; it strayed into files. The assigned one is 101.
    RAW_12 = 12, "raw", "raw IP";
    /// Number 14 is DLT_RAW of OpenBSD; it strayed into files. The assigned one is 101.
    RAW_14 = 14, "raw", "raw IP";
    PPP_HDLC = 50, "ppp_hdlc", "PPP in HDLC-like framing";
    PPP_ETHER = 51, "ppp_ether", "PPPoE";
    SYMANTEC_FIREWALL = 99, "symantec_firewall", "Symantec firewall";
    ATM_RFC1483 = 100, "atm_rfc1483", "ATM (RFC 1483)";
    RAW = 101, "raw", "raw IP";
    SLIP_BSDOS = 102, "slip_bsdos", "SLIP (BSD/OS)";
    PPP_BSDOS = 103, "ppp_bsdos", "PPP (BSD/OS)";
    C_HDLC = 104, "c_hdlc", "Cisco HDLC";
    IEEE802_11 = 105, "ieee802_11", "802.11";
    ATM_CLIP = 106, "atm_clip", "classical IP over ATM";
    FRELAY = 107, "frelay", "Frame Relay";
    LOOP = 108, "loop", "OpenBSD loopback";
    ENC = 109, "enc", "OpenBSD encapsulated IP";
    LINUX_SLL = 113, "linux_sll", "Linux cooked v1";
    LTALK = 114, "ltalk", "LocalTalk";
    PFLOG = 117, "pflog", "OpenBSD pflog";
    IEEE802_11_PRISM = 119, "ieee802_11_prism", "802.11 with Prism header";
    IP_OVER_FC = 122, "ip_over_fc", "IP over Fibre Channel";
    SUNATM = 123, "sunatm", "Sun raw ATM";
    IEEE802_11_RADIOTAP = 127, "ieee802_11_radiotap", "802.11 with radiotap header";
    ARCNET_LINUX = 129, "arcnet_linux", "ARCNET (Linux)";
    APPLE_IP_OVER_IEEE1394 = 138, "apple_ip_over_ieee1394", "IP over IEEE 1394 (Apple)";
    MTP2 = 140, "mtp2", "SS7 MTP2";
    DOCSIS = 143, "docsis", "DOCSIS";
    LINUX_IRDA = 144, "linux_irda", "Linux IrDA";
    USER0 = 147, "user0", "private use 0";
    /// Apple's older PKTAP used this number.
    USER2 = 149, "user2", "private use 2";
    USER15 = 162, "user15", "private use 15";
    IEEE802_11_AVS = 163, "ieee802_11_avs", "802.11 with AVS header";
    PPP_PPPD = 166, "ppp_pppd", "PPP with direction (pppd)";
    JUNIPER_ETHER = 178, "juniper_ether", "Ethernet with Juniper header";
    BLUETOOTH_HCI_H4 = 187, "bluetooth_hci_h4", "Bluetooth HCI";
    USB_LINUX = 189, "usb_linux", "USB (Linux)";
    PPI = 192, "ppi", "PPI";
    IEEE802_15_4_WITHFCS = 195, "ieee802_15_4_withfcs", "802.15.4 with FCS";
    ERF = 197, "erf", "Endace ERF";
    BLUETOOTH_HCI_H4_WITH_PHDR = 201, "bluetooth_hci_h4_with_phdr", "Bluetooth HCI with direction";
    PPP_WITH_DIR = 204, "ppp_with_dir", "PPP with direction";
    C_HDLC_WITH_DIR = 205, "c_hdlc_with_dir", "Cisco HDLC with direction";
    FRELAY_WITH_DIR = 206, "frelay_with_dir", "Frame Relay with direction";
    MPLS = 219, "mpls", "MPLS";
    USB_LINUX_MMAPPED = 220, "usb_linux_mmapped", "USB (Linux, padded)";
    FC_2 = 224, "fc_2", "Fibre Channel FC-2";
    IPNET = 226, "ipnet", "Solaris ipnet";
    CAN_SOCKETCAN = 227, "can_socketcan", "CAN (SocketCAN)";
    IPV4 = 228, "ipv4", "raw IPv4";
    IPV6 = 229, "ipv6", "raw IPv6";
    IEEE802_15_4_NOFCS = 230, "ieee802_15_4_nofcs", "802.15.4 without FCS";
    DBUS = 231, "dbus", "D-Bus";
    NFLOG = 239, "nflog", "Linux netfilter log";
    NETANALYZER = 240, "netanalyzer", "Ethernet with netANALYZER header";
    IPOIB = 242, "ipoib", "IP over InfiniBand";
    INFINIBAND = 247, "infiniband", "InfiniBand";
    SCTP = 248, "sctp", "SCTP";
    USBPCAP = 249, "usbpcap", "USB (USBPcap)";
    BLUETOOTH_LE_LL = 251, "bluetooth_le_ll", "Bluetooth Low Energy";
    NETLINK = 253, "netlink", "Linux netlink";
    BLUETOOTH_LINUX_MONITOR = 254, "bluetooth_linux_monitor", "Bluetooth (Linux monitor)";
    BLUETOOTH_LE_LL_WITH_PHDR = 256, "bluetooth_le_ll_with_phdr", "Bluetooth Low Energy with header";
    PKTAP = 258, "pktap", "Apple PKTAP";
    EPON = 259, "epon", "Ethernet with EPON preamble";
    VSOCK = 271, "vsock", "Linux vsock";
    ETHERNET_MPACKET = 274, "ethernet_mpacket", "Ethernet mPackets";
    LINUX_SLL2 = 276, "linux_sll2", "Linux cooked v2";
    VPP_DISPATCH = 280, "vpp_dispatch", "VPP dispatch trace";
    DSA_TAG_BRCM = 281, "dsa_tag_brcm", "Ethernet with Broadcom tag";
    DSA_TAG_BRCM_PREPEND = 282, "dsa_tag_brcm_prepend", "Ethernet with Broadcom tag in front";
    IEEE802_15_4_TAP = 283, "ieee802_15_4_tap", "802.15.4 with TAP header";
    DSA_TAG_DSA = 284, "dsa_tag_dsa", "Ethernet with Marvell DSA tag";
    DSA_TAG_EDSA = 285, "dsa_tag_edsa", "Ethernet with Marvell EDSA tag";
}

impl LinkType {
    /// The name for people: `Ethernet`, and `link type 4711` for a number that has none here.
    pub fn name(self) -> Cow<'static, str> {
        match self.names() {
            Some((_, human)) => Cow::Borrowed(human),
            None => Cow::Owned(format!("link type {}", self.0)),
        }
    }

    /// The name in the machine format: the LINKTYPE_ name in lower case, such as `ethernet`, and
    /// `linktype_4711` for a number that has none here.
    pub fn machine_name(self) -> Cow<'static, str> {
        match self.names() {
            Some((machine, _)) => Cow::Borrowed(machine),
            None => Cow::Owned(format!("linktype_{}", self.0)),
        }
    }
}

/// The name for people.
impl fmt::Display for LinkType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_name_is_one_word_in_lower_case_that_only_raw_ip_shares() {
        let mut names = Vec::new();
        for link in LinkType::ALL {
            let name = link.machine_name();
            assert!(name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_')), "{name}");
            if name != "raw" {
                assert!(!names.contains(&name), "{name} twice");
            }
            names.push(name);
        }
    }

    #[test]
    fn a_number_without_a_name_is_named_by_its_number() {
        assert_eq!(LinkType(4711).name(), "link type 4711");
        assert_eq!(LinkType(4711).machine_name(), "linktype_4711");
        assert_eq!(LinkType::ETHERNET.to_string(), "Ethernet");
    }
}

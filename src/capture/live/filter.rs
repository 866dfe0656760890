//! A selection as a program for the kernel: classic BPF, which the socket runs on each frame before it keeps
//! it.
//!
//! The kernel cannot look where the decoder can: into tunnels, past the extension headers of IPv6, at the ports
//! of a later fragment. There it lets the frame through, and the selection decides once it is decoded. So two
//! laws hold between this program and [`Selection`]: what is selected is let through, whatever the octets; and of
//! plain frames nothing else is.

use crate::wire::frame::LinkType;
use crate::wire::selection::Selection;

use self::assembler::{Assembler, Label};

mod assembler;
mod hosts;
#[cfg(test)]
mod interpreter;
#[cfg(test)]
mod tests;

/// One instruction, as the kernel's `struct sock_filter` has it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Instruction {
    /// What to do.
    pub(super) code: u16,
    /// Instructions to skip where a comparison holds.
    pub(super) if_true: u8,
    /// Instructions to skip where it does not.
    pub(super) if_false: u8,
    /// The number it is done with.
    pub(super) k: u32,
}

/// The kernel takes no more instructions (BPF_MAXINSNS).
const LONGEST: usize = 4096;

const IPV4: u32 = 0x0800;
const IPV6: u32 = 0x86dd;
const ARP: u32 = 0x0806;
const VLANS: [u32; 5] = [0x8100, 0x88a8, 0x9100, 0x9200, 0x9300];
/// EtherTypes behind which the decoder may find IP: bridged frames, PPP, MPLS, PPPoE, LLC in jumbo frames, the
/// headers of switches.
const HIDING_ETHERTYPES: [u32; 16] = [
    0x6558, 0x880b, 0x8847, 0x8848, 0x8864, 0x8870, 0x22f3, 0x88e7, 0x88e5, 0x8903, 0x8909, 0x8926, 0x892f,
    0x893f, 0x894f, 0xf1c1,
];
/// Numbers up to this one are a length, and LLC follows.
const MAX_LENGTH: u32 = 1500;
/// Service access points behind which IP may stand: SNAP, IP, ISO.
const HIDING_SAPS: [u32; 3] = [0xaa, 0x06, 0xfe];
/// VLAN tags looked behind; who has more is let through.
const TAGS: usize = 3;

const ICMP: u32 = 1;
const TCP: u32 = 6;
const UDP: u32 = 17;
const ICMPV6: u32 = 58;
/// IP protocols behind which more headers stand: tunnels, and extension headers.
const HIDING_PROTOCOLS: [u32; 16] = [0, 4, 41, 43, 44, 47, 51, 60, 94, 97, 115, 135, 137, 139, 140, 143];
/// UDP ports of tunnels.
const TUNNEL_PORTS: [u32; 9] = [1701, 2152, 3544, 4341, 4789, 4790, 6081, 6635, 8472];
/// ICMP messages that quote what they are about.
const ICMP_ERRORS: [u32; 5] = [3, 4, 5, 11, 12];
/// Like [`ICMP_ERRORS`], but of ICMPv6: 1 to 4.
const ICMPV6_LAST_ERROR: u32 = 4;

/// Scratch memory: whether a host fits, and the protocol.
const HOST_FITS: u32 = 0;
const PROTOCOL: u32 = 1;

/// The program for frames of `link`; `None` where everything is wanted, or where the kernel can say nothing of
/// such frames.
///
/// # Errors
///
/// The length of a program that the kernel would not take.
pub(super) fn program(selection: &Selection, link: LinkType) -> Result<Option<Vec<Instruction>>, usize> {
    if selection.is_all() {
        return Ok(None);
    }
    let mut writer = Writer { code: Assembler::default(), selection };
    match link {
        LinkType::ETHERNET => writer.ethernet(),
        LinkType::RAW => {
            writer.code.x_is(0);
            writer.packet();
        }
        _ => return Ok(None),
    }
    let code = writer.code.finish();
    if code.len() > LONGEST { Err(code.len()) } else { Ok(Some(code)) }
}

/// Writes the program, header by header. X holds where the header at hand begins.
struct Writer<'s> {
    code: Assembler,
    selection: &'s Selection,
}

impl Writer<'_> {
    /// Ethernet, and up to [`TAGS`] VLAN tags. The kernel itself takes the outermost tag off where the card has.
    fn ethernet(&mut self) {
        let packet = self.code.label();
        let arp = self.code.label();
        for tags in 0..=TAGS as u32 {
            let type_at = 12 + 4 * tags;
            self.code.load_half(type_at);
            self.code.x_is(type_at + 2);
            self.code.if_any(&[IPV4, IPV6], packet);
            self.code.if_is(ARP, arp);
            if tags < TAGS as u32 {
                let tagged = self.code.label();
                self.code.if_any(&VLANS, tagged);
                self.other_ethertype();
                self.code.place(tagged);
            } else {
                self.code.if_any(&VLANS, Label::PASS);
                self.other_ethertype();
            }
        }
        self.code.place(arp);
        self.arp();
        self.code.place(packet);
        self.packet();
    }

    fn other_ethertype(&mut self) {
        self.code.if_any(&HIDING_ETHERTYPES, Label::PASS);
        self.code.if_above(MAX_LENGTH, Label::DROP);
        self.code.load_byte_x(0);
        self.code.if_any(&HIDING_SAPS, Label::PASS);
        self.code.go(Label::DROP);
    }

    /// ARP between hardware addresses of six octets; any other is let through where ARP is wanted at all.
    fn arp(&mut self) {
        if !self.selection.asks_only_hosts() {
            return self.code.go(Label::DROP);
        }
        let ethernet = self.code.label();
        self.code.load_byte_x(4);
        self.code.if_is(6, ethernet);
        self.code.go(Label::PASS);
        self.code.place(ethernet);
        let hosts = self.v4_hosts();
        for at in [14, 24] {
            self.code.load_word_x(at);
            self.code.if_any(&hosts, Label::PASS);
        }
        self.code.go(Label::DROP);
    }

    /// IP of either version; as the decoder, it does not ask the EtherType.
    fn packet(&mut self) {
        let [v4, v6, above] = [self.code.label(), self.code.label(), self.code.label()];
        self.code.load_byte_x(0);
        self.code.shift_right(4);
        self.code.if_is(4, v4);
        self.code.if_is(6, v6);
        self.code.go(Label::DROP);

        self.code.place(v4);
        self.v4_host_fits();
        let (fragment, whole) = (self.code.label(), self.code.label());
        // More fragments, or an offset.
        self.code.load_half_x(6);
        self.code.and(0x3fff);
        self.code.if_is(0, whole);
        self.code.go(fragment);
        self.code.place(whole);
        self.code.load_byte_x(9);
        self.code.store(PROTOCOL);
        self.code.load_byte_x(0);
        self.code.and(0x0f);
        self.code.shift_left(2);
        self.code.add_x();
        self.code.a_to_x();
        self.code.go(above);

        // Only what surely carries no tunnel can be held to the outer addresses.
        self.code.place(fragment);
        let of_tcp = self.code.label();
        self.code.load_byte_x(9);
        self.code.if_is(TCP, of_tcp);
        self.code.go(Label::PASS);
        self.code.place(of_tcp);
        self.by_host();

        self.code.place(v6);
        self.v6_host_fits();
        self.code.load_byte_x(6);
        self.code.store(PROTOCOL);
        self.code.a_is(40);
        self.code.add_x();
        self.code.a_to_x();
        self.code.go(above);

        self.code.place(above);
        self.above_ip();
    }

    /// What the IP header carries; X has moved behind it.
    fn above_ip(&mut self) {
        let [tcp, udp, icmp, icmpv6, other] = std::array::from_fn(|_| self.code.label());
        self.code.load_memory(PROTOCOL);
        self.code.if_is(TCP, tcp);
        self.code.if_is(UDP, udp);
        self.code.if_is(ICMP, icmp);
        self.code.if_is(ICMPV6, icmpv6);
        self.code.if_any(&HIDING_PROTOCOLS, Label::PASS);
        self.code.go(other);

        self.code.place(icmp);
        self.code.load_byte_x(0);
        self.code.if_any(&ICMP_ERRORS, Label::PASS);
        self.code.go(other);

        self.code.place(icmpv6);
        self.code.load_byte_x(0);
        self.code.if_is(0, other);
        self.code.if_above(ICMPV6_LAST_ERROR, other);
        self.code.go(Label::PASS);

        self.code.place(other);
        if self.selection.asks_only_hosts() {
            self.by_host();
        } else {
            self.code.go(Label::DROP);
        }

        self.code.place(udp);
        for at in [0, 2] {
            self.code.load_half_x(at);
            self.code.if_any(&TUNNEL_PORTS, Label::PASS);
        }
        let ends = self.code.label();
        self.code.go(if self.selection.wants_udp() { ends } else { Label::DROP });

        self.code.place(tcp);
        if !self.selection.wants_tcp() {
            self.code.go(Label::DROP);
        }

        self.code.place(ends);
        if !self.selection.ports.is_empty() {
            let fits = self.code.label();
            let ports: Vec<u32> = self.selection.ports.iter().map(|port| u32::from(*port)).collect();
            for at in [0, 2] {
                self.code.load_half_x(at);
                self.code.if_any(&ports, fits);
            }
            self.code.go(Label::DROP);
            self.code.place(fits);
        }
        self.by_host();
    }
}

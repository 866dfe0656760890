//! Conversations as text: what each end sent, and what it should mean.
//!
//! A script is read line by line. `#` at the start of a line begins a comment. A line that begins with
//! `+` is a frame; what stands behind `=>` is what the rules say of it, and may be left out. Anything
//! else is a directive.
//!
//! ```text
//! isn client 1000
//! +0      C S   0:0(0)         <mss 1460>  => syn      | SYN-SENT,    SYN-RECEIVED
//! +0.010  S S.  0:0(0)  ack 1              => syn-ack  | ESTABLISHED, SYN-RECEIVED
//! ```
//!
//! # Frames
//!
//! `+SECONDS FROM FLAGS SEQ:END(LEN) [ack N] [extras] [=> expected]`
//!
//! - `+SECONDS`: since the frame before; `-` in place of `+` lets the clock run backwards.
//! - `FROM`: `C` client or `S` server.
//! - `FLAGS`: as tcpdump writes them: `S F R P . U E W e`, and `-` for none. `.` is ACK and wants `ack N`.
//! - `SEQ:END(LEN)`: `END` is `SEQ` plus the octets of payload; SYN and FIN are not counted. Numbers count
//!   from the ISN of the side that they belong to, so a SYN is `0:0(0)` and the first octet of data is 1.
//! - Extras, in any order: `win N` (the field, 64240 if absent), `urg N`, `<options>`, `"payload"`
//!   (with `\r \n \t \" \\ \xNN`; a pattern made from the sequence number if absent), `ip-id N`, `ttl N`,
//!   `snap N` (only so many octets of the frame were captured), `checksum bad` or `checksum partial`.
//! - Options: `mss N`, `sackOK`, `ws N`, `ts VAL ECHO`, `sack L:R L:R …` (numbers of the peer), `tfo HEX` or
//!   `tfo` (asks for a cookie), `nop`, `eol`, `kind N HEX`. Padded to a multiple of four with `nop`.
//!
//! `+SECONDS dup [ttl N]`: the segment before, captured once more.
//! `+SECONDS C arp`: the client asks who has the server's address (IPv4 over Ethernet).
//! `+SECONDS icmp C SEQ [mtu N]`: a router tells the client that its segment with this number was too large.
//! `+SECONDS icmp C SEQ error TYPE CODE [host]`: a router, or the server itself, tells the client another error about it.
//! `+SECONDS hex OCTETS`: any frame.
//!
//! # Expected
//!
//! `=> [#N] LABELS [| CLIENT STATE, SERVER STATE [| MARKS]] [! FINDINGS]`: the number of the connection (0 if absent), the
//! labels with commas, the states of RFC 9293, and Wireshark's names for the segment. `-` is none of them, `*`
//! anything; at the end of a list `*` allows others. For a frame without a segment: `=> skipped REASON`.
//! Findings stand between semicolons, as the machine format names them, with as many of their words, in order, as the
//! script cares about: `retransmission timeout 1 of 6` is the first timeout, and frame 6 held the octets (all words are
//! in `tests/support/found.rs`). Those that are written, and no others, must be there; `-` is none.
//!
//! `end [#N] KEY VALUE …`: what is known of a connection when it is over: `opening`, `closing`, `closed-by`,
//! `roles`, `conn-state`, `history`, `completeness`, `teardown-segments`, `client-repeated` and `server-repeated`
//! (segments), `client-state` and `server-state`, `handshake` and `median-rtt` (of what the client sent; whole microseconds,
//! as `20000us`), `findings` (`-`, or kinds as `KIND:COUNT` with commas), `verdict` (`fine`, or
//! `KIND/WHO/CERTAINTY`), `verdict-lasted` (`400ms`), `verdicts` (kinds with commas), `no-verdict` (a kind that is not among
//! them), `owed` (`server/400ms`). Verdicts are given as if the last frame were the capture's.
//!
//! # Directives
//!
//! From their line on: `client ADDR:PORT`, `server ADDR:PORT`, `ipv6` (example addresses of that family),
//! `isn client N`, `isn server N`, `absolute` (numbers are as on the wire, both ISNs 0), `vlan N [N]`.
//! `open [#N]` stands for the three segments of the handshake, 10 ms apart, with what they mean.
//! Before the first frame: `link ethernet|sll|sll2|raw|null`, `format pcap|pcapng`, `nanoseconds`,
//! `start SECONDS` (since the epoch).

#![allow(dead_code, reason = "tests, examples and benchmarks each use a part")]

mod assemble;
mod parse;
mod record;

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::{fs, io};

use tcpscope::track::flow::Side;
use tcpscope::track::label::{Analysis, Labels};
use tcpscope::track::state::State;
use tcpscope::wire::flags::Flags;
use tcpscope::wire::frame::{Frame, LinkType, Timestamp};

/// The scripts whose captures come with the program, in `captures/`.
pub(crate) const BUNDLED: [&str; 24] = [
    "handshake",
    "close_in_four",
    "simultaneous_open",
    "simultaneous_close",
    "half_close",
    "half_open_syn",
    "refused",
    "reset",
    "challenge_ack",
    "syn_retransmitted",
    "fast_retransmission",
    "zero_window",
    "midstream",
    "sequence_wrap",
    "ipv6",
    "vlan",
    "sll2",
    "nanoseconds",
    "path_mtu",
    "path_mtu_black_hole",
    "scaling_stripped_before_the_capture",
    "checksum_damaged",
    "one_sided_client",
    "numbers_that_do_not_fit",
];

/// A conversation and what it should mean.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    /// File name without `.seg`.
    pub(crate) name: String,
    pub(crate) link: Link,
    pub(crate) format: Format,
    /// Times are kept in nanoseconds, not microseconds.
    pub(crate) nanoseconds: bool,
    pub(crate) lines: Vec<Line>,
    pub(crate) ends: Vec<End>,
}

/// How the first octet of each frame is to be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Link {
    Ethernet,
    LinuxSll,
    LinuxSll2,
    RawIp,
    Null,
}

/// How the frames are kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Format {
    Pcap,
    Pcapng,
}

/// One frame.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// The line's number in the file.
    pub(crate) number: usize,
    /// What stands before `=>`, spaces squeezed.
    pub(crate) text: String,
    /// Nanoseconds since the epoch.
    pub(crate) time: i64,
    pub(crate) content: Content,
    /// At most so many octets were captured.
    pub(crate) snap: Option<usize>,
    pub(crate) expected: Option<Expected>,
}

/// The content of a frame.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Segment(Sent),
    Arp {
        from: Side,
        client: SocketAddr,
        server: SocketAddr,
    },
    /// A router tells one side that its segment `seq` was too large, or another error about it.
    TooBig {
        side: Side,
        from: SocketAddr,
        to: SocketAddr,
        seq: u32,
        mtu: u16,
        error: IcmpError,
    },
    Octets(Vec<u8>),
}

/// An ICMP error by its type and code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IcmpError {
    pub(crate) kind: u8,
    pub(crate) code: u8,
    /// The receiver of the segment sends it, and not a router.
    pub(crate) from_host: bool,
}

/// A segment, numbers as on the wire.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) from: Side,
    pub(crate) src: SocketAddr,
    pub(crate) dst: SocketAddr,
    pub(crate) vlans: Vec<u16>,
    pub(crate) seq: u32,
    pub(crate) ack: Option<u32>,
    pub(crate) flags: Flags,
    pub(crate) window: u16,
    pub(crate) urgent: u16,
    pub(crate) options: Vec<Item>,
    pub(crate) payload: Vec<u8>,
    pub(crate) ip_id: u16,
    pub(crate) ttl: u8,
    pub(crate) checksum: Checksum,
}

/// One TCP option.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Item {
    Mss(u16),
    SackPermitted,
    WindowScale(u8),
    Timestamps(u32, u32),
    Sack(Vec<(u32, u32)>),
    Raw(Vec<u8>),
}

/// What stands in the checksum field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Checksum {
    Right,
    Wrong,
    /// The sum of the pseudo-header alone, as an offloading sender leaves it.
    Partial,
}

/// What the rules say of a frame.
#[derive(Clone, Debug)]
pub(crate) enum Expected {
    Segment {
        connection: u64,
        labels: Wanted<Labels>,
        /// The client's and the server's; `None` is anything.
        states: [Option<State>; 2],
        marks: Wanted<Analysis>,
        /// `None` is any.
        findings: Option<Vec<String>>,
    },
    /// No segment, for this reason.
    Skipped(String),
}

/// A set that must be there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<S> {
    pub(crate) members: S,
    /// Others may be there too.
    pub(crate) others: bool,
}

/// The facts about a connection when it is over: keys and values in the machine format's words.
#[derive(Clone, Debug)]
pub(crate) struct End {
    pub(crate) number: usize,
    pub(crate) connection: u64,
    pub(crate) facts: Vec<(String, String)>,
}

/// Why a script cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Error {
    pub(crate) line: usize,
    pub(crate) message: String,
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

/// A frame as a capture would hold it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Recorded {
    /// Nanoseconds since the epoch.
    pub(crate) time: i64,
    pub(crate) link: u32,
    pub(crate) original_len: usize,
    pub(crate) captured: Vec<u8>,
}

impl Recorded {
    /// The frame as number `number` of a capture.
    pub(crate) fn frame(&self, number: u64) -> Frame<'_> {
        Frame {
            number,
            time: Some(Timestamp::from_nanos(self.time)),
            link: LinkType(self.link),
            original_len: self.original_len,
            captured: &self.captured,
        }
    }
}

impl Link {
    /// The number in the capture formats (LINKTYPE_).
    pub(crate) fn number(self) -> u32 {
        match self {
            Self::Null => 0,
            Self::Ethernet => 1,
            Self::RawIp => 101,
            Self::LinuxSll => 113,
            Self::LinuxSll2 => 276,
        }
    }
}

impl Script {
    /// Reads a script.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Self, Error> {
        parse::script(name, text)
    }

    /// Reads the script in a file.
    pub(crate) fn load(path: &Path) -> io::Result<Self> {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        Self::parse(&name, &fs::read_to_string(path)?)
            .map_err(|error| io::Error::other(format!("{}: {error}", path.display())))
    }

    /// Reads all scripts of a directory, by name.
    pub(crate) fn load_all(directory: &Path) -> io::Result<Vec<Self>> {
        let mut paths: Vec<_> = fs::read_dir(directory)?
            .map(|entry| Ok(entry?.path()))
            .collect::<io::Result<Vec<_>>>()?
            .into_iter()
            .filter(|path| path.extension().is_some_and(|extension| extension == "seg"))
            .collect();
        paths.sort();
        paths.iter().map(|path| Self::load(path)).collect()
    }

    /// The frames, octets and all.
    pub(crate) fn frames(&self) -> Vec<Recorded> {
        self.lines.iter().map(|line| assemble::frame(self.link, line)).collect()
    }

    /// What the checksum of each segment looks like: by chance it may not be what it was meant to be.
    pub(crate) fn checksums(&self) -> Vec<Checksum> {
        let segments = self.lines.iter().filter_map(|line| match &line.content {
            Content::Segment(sent) => Some(assemble::checksum(sent, line.snap.is_none())),
            _ => None,
        });
        segments.collect()
    }

    /// The capture file.
    pub(crate) fn capture(&self) -> Vec<u8> {
        let frames = self.frames();
        match self.format {
            Format::Pcap => record::pcap(self.link.number(), self.nanoseconds, &frames),
            Format::Pcapng => record::pcapng(self.link.number(), self.nanoseconds, &frames),
        }
    }

    /// The capture's file name.
    pub(crate) fn capture_name(&self) -> String {
        let extension = match self.format {
            Format::Pcap => "pcap",
            Format::Pcapng => "pcapng",
        };
        format!("{}.{extension}", self.name.replace('_', "-"))
    }

    /// The script with other initial sequence numbers: `client` and `server` octets further on the circle.
    pub(crate) fn shifted(&self, client: u32, server: u32) -> Self {
        let mut script = self.changed(|sent| {
            let (own, peer) = match sent.from {
                Side::Client => (client, server),
                Side::Server => (server, client),
            };
            sent.seq = sent.seq.wrapping_add(own);
            sent.ack = sent.ack.map(|ack| ack.wrapping_add(peer));
            for option in &mut sent.options {
                if let Item::Sack(blocks) = option {
                    for edge in blocks.iter_mut().flat_map(|(left, right)| [left, right]) {
                        *edge = edge.wrapping_add(peer);
                    }
                }
            }
        });
        for line in &mut script.lines {
            if let Content::TooBig { side, seq, .. } = &mut line.content {
                *seq = seq.wrapping_add(if *side == Side::Client { client } else { server });
            }
        }
        script
    }

    /// The script between other hosts.
    pub(crate) fn elsewhere(&self) -> Self {
        let moved = |end: &mut SocketAddr| {
            end.set_ip(match end.ip() {
                IpAddr::V4(addr) => IpAddr::V4((u32::from(addr) ^ 0x0040_0000).into()),
                IpAddr::V6(addr) => IpAddr::V6((u128::from(addr) ^ 1 << 80).into()),
            });
        };
        let mut script = self.changed(|sent| [&mut sent.src, &mut sent.dst].into_iter().for_each(moved));
        for line in &mut script.lines {
            if let Content::TooBig { from, to, .. } = &mut line.content {
                [from, to].into_iter().for_each(moved);
            }
        }
        script
    }

    fn changed(&self, change: impl Fn(&mut Sent)) -> Self {
        let mut script = self.clone();
        for line in &mut script.lines {
            if let Content::Segment(sent) = &mut line.content {
                change(sent);
            }
        }
        script
    }
}

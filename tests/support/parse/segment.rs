//! One segment: who, flags, numbers, extras.

use std::net::SocketAddr;

use tcpscope::track::flow::Side;
use tcpscope::wire::flags::Flags;

use super::super::{Checksum, Content, IcmpError, Item, Line, Sent, assemble};
use super::Context;
use super::words::{self, Piece, Words};

/// What follows `C` or `S`.
pub(super) fn from(
    side: Side,
    words: &mut Words<'_>,
    context: &mut Context,
    snap: &mut Option<usize>,
) -> Result<Content, String> {
    let first = words.word("flags")?;
    if first == "arp" {
        let (client, server) = (context.client, context.server);
        if !matches!((client, server), (SocketAddr::V4(_), SocketAddr::V4(_))) {
            return Err("ARP knows IPv4 only".to_owned());
        }
        return Ok(Content::Arp { from: side, client, server });
    }
    if context.client.is_ipv4() != context.server.is_ipv4() {
        return Err("client and server want addresses of the same family".to_owned());
    }
    let flags = flags(first)?;
    let (seq, len) = numbers(words.word("SEQ:END(LEN)")?)?;
    let (own, peer) = (context.isn(side), context.isn(side.peer()));
    let mut sent = Sent {
        from: side,
        src: context.address(side),
        dst: context.address(side.peer()),
        vlans: context.vlans.clone(),
        seq: place(own, seq),
        ack: None,
        flags,
        window: 64_240,
        urgent: 0,
        options: Vec::new(),
        payload: pattern(seq + i64::from(flags.syn()), len),
        ip_id: context.next_id(side),
        ttl: 64,
        checksum: Checksum::Right,
    };
    while let Some(piece) = words.next() {
        match piece {
            Piece::Word("ack") => sent.ack = Some(place(peer, words.parsed("an acknowledgement number")?)),
            Piece::Word("win") => sent.window = words.parsed("a window of 16 bits")?,
            Piece::Word("urg") => sent.urgent = words.parsed("an urgent pointer of 16 bits")?,
            Piece::Word("ip-id") => sent.ip_id = words.parsed("an identification of 16 bits")?,
            Piece::Word("ttl") => sent.ttl = words.parsed("a time to live of 8 bits")?,
            Piece::Word("snap") => *snap = Some(words.parsed("a number of octets")?),
            Piece::Word("checksum") => {
                sent.checksum = match words.word("`bad` or `partial`")? {
                    "bad" => Checksum::Wrong,
                    "partial" => Checksum::Partial,
                    other => return Err(format!("`checksum {other}`: it is `bad` or `partial`")),
                }
            }
            Piece::Options(text) => sent.options = options(text, peer)?,
            Piece::Text(payload) if payload.len() == len => sent.payload = payload,
            Piece::Text(payload) => {
                return Err(format!("the text has {} octets, the numbers say {len}", payload.len()));
            }
            Piece::Word(other) => return Err(format!("`{other}` is not known")),
        }
    }
    if assemble::options(&sent.options).len() > 40 {
        return Err("a header has room for 40 octets of options".to_owned());
    }
    match (flags.ack(), sent.ack) {
        (true, None) => Err("flags with `.` want `ack N`".to_owned()),
        (false, Some(_)) => Err("`ack N` wants `.` among the flags".to_owned()),
        _ => Ok(Content::Segment(sent)),
    }
}

/// The segment before, captured once more.
pub(super) fn duplicate(words: &mut Words<'_>, before: Option<&Line>) -> Result<Content, String> {
    let Some(Content::Segment(sent)) = before.map(|line| &line.content) else {
        return Err("`dup` wants a segment before it".to_owned());
    };
    let mut sent = sent.clone();
    if let Some(piece) = words.next() {
        if piece != Piece::Word("ttl") {
            return Err("only `ttl N` may follow `dup`".to_owned());
        }
        sent.ttl = words.parsed("a time to live of 8 bits")?;
    }
    Ok(Content::Segment(sent))
}

/// A router's message.
pub(super) fn too_big(words: &mut Words<'_>, context: &Context) -> Result<Content, String> {
    let side = match words.word("`C` or `S`")? {
        "C" => Side::Client,
        "S" => Side::Server,
        other => return Err(format!("`{other}`: a message is to `C` or `S`")),
    };
    let seq = place(context.isn(side), words.parsed("a sequence number")?);
    let (from, to) = (context.address(side), context.address(side.peer()));
    let (kind, code) = if from.is_ipv4() { (3, 4) } else { (2, 0) };
    let mut error = IcmpError { kind, code, from_host: false };
    let mut mtu = 0;
    match words.next() {
        None => {}
        Some(Piece::Word("mtu")) => mtu = words.parsed("an MTU of 16 bits")?,
        Some(Piece::Word("error")) => {
            error.kind = words.parsed("an ICMP type")?;
            error.code = words.parsed("an ICMP code")?;
            error.from_host = match words.next() {
                None => false,
                Some(Piece::Word("host")) => true,
                Some(_) => return Err("only `host` may follow".to_owned()),
            };
        }
        Some(_) => return Err("only `mtu N` or `error TYPE CODE` may follow".to_owned()),
    }
    Ok(Content::TooBig { side, from, to, seq, mtu, error })
}

/// A number relative to `isn` as it stands on the wire.
fn place(isn: u32, relative: i64) -> u32 {
    isn.wrapping_add(relative as u32)
}

/// Letters as tcpdump writes them.
fn flags(letters: &str) -> Result<Flags, String> {
    if letters == "-" {
        return Ok(Flags::default());
    }
    letters.chars().try_fold(Flags::default(), |flags, letter| {
        let flag = match letter {
            'S' => Flags::SYN,
            'F' => Flags::FIN,
            'R' => Flags::RST,
            'P' => Flags::PSH,
            '.' => Flags::ACK,
            'U' => Flags::URG,
            'E' => Flags::ECE,
            'W' => Flags::CWR,
            'e' => Flags::AE,
            _ => return Err(format!("`{letters}`: flags are letters of `SFRP.UEWe`, or `-` for none")),
        };
        if flags.contains(flag) {
            return Err(format!("`{letters}` names a flag twice"));
        }
        Ok(flags.with(flag))
    })
}

/// `SEQ:END(LEN)`, the end checked against the length.
fn numbers(text: &str) -> Result<(i64, usize), String> {
    let wrong = || format!("`{text}` is not SEQ:END(LEN)");
    let (seq, rest) = text.split_once(':').ok_or_else(wrong)?;
    let (end, len) = rest.strip_suffix(')').and_then(|rest| rest.split_once('(')).ok_or_else(wrong)?;
    let seq: i64 = seq.parse().ok().filter(|seq: &i64| seq.unsigned_abs() < 1 << 48).ok_or_else(wrong)?;
    let end: i64 = end.parse().map_err(|_| wrong())?;
    let len: u16 = len.parse().map_err(|_| wrong())?;
    if seq + i64::from(len) != end {
        return Err(format!("`{text}`: {seq} and {len} octets of payload end at {}", seq + i64::from(len)));
    }
    Ok((seq, usize::from(len)))
}

/// Payload that is the same whenever the same octets are sent again.
fn pattern(seq: i64, len: usize) -> Vec<u8> {
    (seq..).take(len).map(|at| b'a' + at.rem_euclid(26) as u8).collect()
}

/// What stands between `<` and `>`; SACK blocks count from the peer's ISN.
fn options(text: &str, peer: u32) -> Result<Vec<Item>, String> {
    let mut items = Vec::new();
    for option in text.split(',') {
        let mut words = Words::new(option)?;
        items.push(match words.word("an option")? {
            "mss" => Item::Mss(words.parsed("a segment size of 16 bits")?),
            "sackOK" => Item::SackPermitted,
            "ws" => Item::WindowScale(words.parsed("a shift of 8 bits")?),
            "ts" => {
                Item::Timestamps(words.parsed("a clock of 32 bits")?, words.parsed("an echo of 32 bits")?)
            }
            "sack" => sack(&words.rest_parsed::<String>("blocks as LEFT:RIGHT")?, peer)?,
            "tfo" => raw(34, words.next())?,
            "nop" => Item::Raw(vec![1]),
            "eol" => Item::Raw(vec![0]),
            "kind" => {
                let kind = words.parsed("a kind of 8 bits")?;
                raw(kind, words.next())?
            }
            other => return Err(format!("`{other}` is no option known here; write `kind N HEX`")),
        });
        words.end()?;
    }
    Ok(items)
}

fn sack(blocks: &[String], peer: u32) -> Result<Item, String> {
    if !(1..=4).contains(&blocks.len()) {
        return Err("one to four blocks fit the option".to_owned());
    }
    let block = |block: &String| {
        let (left, right) = block.split_once(':').ok_or("a block is LEFT:RIGHT")?;
        let edge = |text| words::parsed(text, "a number").map(|edge| place(peer, edge));
        Ok((edge(left)?, edge(right)?))
    };
    Ok(Item::Sack(blocks.iter().map(block).collect::<Result<_, String>>()?))
}

/// Kind, length and octets.
fn raw(kind: u8, octets: Option<Piece<'_>>) -> Result<Item, String> {
    let octets = match octets {
        None => Vec::new(),
        Some(Piece::Word(word)) => words::hex(word)?,
        Some(_) => return Err("an option's octets are written in hex".to_owned()),
    };
    let len = u8::try_from(octets.len() + 2).map_err(|_| "an option is too long")?;
    Ok(Item::Raw([&[kind, len], &octets[..]].concat()))
}

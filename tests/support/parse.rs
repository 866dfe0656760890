//! From text to a script, line by line.

mod expected;
mod segment;
mod words;

use std::net::SocketAddr;

use tcpscope::track::flow::Side;

use super::{Content, Error, Format, Line, Link, Script};
use words::Words;

/// What directives have set so far.
pub(super) struct Context {
    client: SocketAddr,
    server: SocketAddr,
    isn_client: u32,
    isn_server: u32,
    vlans: Vec<u16>,
    /// Nanoseconds since the epoch of the frame before.
    clock: i64,
    /// The next identification that each end's IP gives.
    ids: [u16; 2],
}

impl Context {
    fn isn(&self, side: Side) -> u32 {
        match side {
            Side::Client => self.isn_client,
            Side::Server => self.isn_server,
        }
    }

    fn address(&self, side: Side) -> SocketAddr {
        match side {
            Side::Client => self.client,
            Side::Server => self.server,
        }
    }

    fn next_id(&mut self, side: Side) -> u16 {
        let id = &mut self.ids[side as usize];
        *id = id.wrapping_add(1);
        *id
    }
}

pub(super) fn script(name: &str, text: &str) -> Result<Script, Error> {
    let mut script = Script {
        name: name.to_owned(),
        link: Link::Ethernet,
        format: Format::Pcap,
        nanoseconds: false,
        lines: Vec::new(),
        ends: Vec::new(),
    };
    let mut context = Context {
        client: SocketAddr::from(([192, 0, 2, 1], 50_274)),
        server: SocketAddr::from(([192, 0, 2, 2], 80)),
        isn_client: 1000,
        isn_server: 5000,
        vlans: Vec::new(),
        clock: 1_700_000_000_000_000_000,
        ids: [0x1000, 0x8000],
    };
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let done = if line.starts_with(['+', '-']) {
            frame(number, line, &mut context, &script).map(|line| script.lines.push(line))
        } else {
            directive(number, line, &mut context, &mut script)
        };
        done.map_err(|message| Error { line: number, message })?;
    }
    if !script.nanoseconds
        && let Some(line) = script.lines.iter().find(|line| line.time % 1000 != 0)
    {
        let message = "a time finer than a microsecond wants the directive `nanoseconds`".to_owned();
        return Err(Error { line: line.number, message });
    }
    Ok(script)
}

/// One frame: `+delay … [=> expected]`.
fn frame(number: usize, line: &str, context: &mut Context, script: &Script) -> Result<Line, String> {
    let (left, right) = words::split_expected(line);
    let expected = right.map(expected::expected).transpose()?;
    let mut words = Words::new(left)?;
    let delay = words.word("a delay as `+SECONDS`")?;
    let nanos = nanoseconds(delay.trim_start_matches(['+', '-']))?;
    context.clock += if delay.starts_with('-') { -nanos } else { nanos };
    let mut snap = None;
    let content = match words.word("`C`, `S`, `dup`, `icmp` or `hex`")? {
        "C" => segment::from(Side::Client, &mut words, context, &mut snap)?,
        "S" => segment::from(Side::Server, &mut words, context, &mut snap)?,
        "dup" => segment::duplicate(&mut words, script.lines.last())?,
        "icmp" => segment::too_big(&mut words, context)?,
        "hex" => Content::Octets(words::hex(words.word("octets in hex")?)?),
        other => return Err(format!("`{other}`: a frame is from `C` or `S`, or a `dup`, or `hex`")),
    };
    words.end()?;
    let text = left.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Line { number, text, time: context.clock, content, snap, expected })
}

/// Anything that is no frame.
fn directive(number: usize, line: &str, context: &mut Context, script: &mut Script) -> Result<(), String> {
    let mut words = Words::new(line)?;
    let name = words.word("a directive")?;
    if matches!(name, "link" | "format" | "nanoseconds" | "start") && !script.lines.is_empty() {
        return Err(format!("`{name}` must stand before the first frame"));
    }
    match name {
        "client" => context.client = words.parsed("ADDRESS:PORT")?,
        "server" => context.server = words.parsed("ADDRESS:PORT")?,
        "ipv6" => {
            context.client = SocketAddr::from(([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1], 50_274));
            context.server = SocketAddr::from(([0x2001, 0xdb8, 0, 0, 0, 0, 0, 2], 80));
        }
        "isn" => match words.word("`client` or `server`")? {
            "client" => context.isn_client = words.parsed("a sequence number")?,
            "server" => context.isn_server = words.parsed("a sequence number")?,
            other => return Err(format!("`isn {other}`: it is `isn client N` or `isn server N`")),
        },
        "absolute" => (context.isn_client, context.isn_server) = (0, 0),
        "vlan" => {
            context.vlans = words.rest_parsed("VLAN numbers, outer first")?;
            if context.vlans.len() > 2 || context.vlans.iter().any(|vlan| *vlan > 4095) {
                return Err("at most two VLAN numbers, at most 4095".to_owned());
            }
        }
        "link" => script.link = link(words.word("a link")?)?,
        "format" => {
            script.format = match words.word("`pcap` or `pcapng`")? {
                "pcap" => Format::Pcap,
                "pcapng" => Format::Pcapng,
                other => return Err(format!("`format {other}`: it is `pcap` or `pcapng`")),
            }
        }
        "nanoseconds" => script.nanoseconds = true,
        "start" => context.clock = nanoseconds(words.word("seconds since the epoch")?)?,
        "open" => open(number, &mut words, context, script)?,
        "end" => script.ends.push(expected::end(number, &mut words)?),
        other => return Err(format!("`{other}` is no directive, and frames begin with `+`")),
    }
    words.end()?;
    if !context.vlans.is_empty() && script.link != Link::Ethernet {
        return Err("a VLAN wants `link ethernet`".to_owned());
    }
    Ok(())
}

/// The three segments of the handshake (RFC 9293, figure 6).
fn open(
    number: usize,
    words: &mut Words<'_>,
    context: &mut Context,
    script: &mut Script,
) -> Result<(), String> {
    let id = words.rest_parsed::<String>("a connection as `#N`")?.pop().unwrap_or_else(|| "#0".to_owned());
    for line in [
        "+0    C S  0:0(0)       <mss 1460>  => ID syn           | SYN-SENT,    SYN-RECEIVED",
        "+0.01 S S. 0:0(0) ack 1 <mss 1460>  => ID syn-ack       | ESTABLISHED, SYN-RECEIVED",
        "+0.01 C .  1:1(0) ack 1             => ID handshake-ack | ESTABLISHED, ESTABLISHED",
    ] {
        let line = frame(number, &line.replace("ID", &id), context, script)?;
        script.lines.push(line);
    }
    Ok(())
}

fn link(name: &str) -> Result<Link, String> {
    Ok(match name {
        "ethernet" => Link::Ethernet,
        "sll" => Link::LinuxSll,
        "sll2" => Link::LinuxSll2,
        "raw" => Link::RawIp,
        "null" => Link::Null,
        other => return Err(format!("`link {other}`: it is ethernet, sll, sll2, raw or null")),
    })
}

/// Seconds with up to nine decimals as nanoseconds.
fn nanoseconds(text: &str) -> Result<i64, String> {
    let wrong = || format!("`{text}` is no time in seconds with up to nine decimals");
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || fraction.len() > 9 {
        return Err(wrong());
    }
    let whole: i64 = whole.parse().map_err(|_| wrong())?;
    let fraction: i64 = format!("{fraction:0<9}").parse().map_err(|_| wrong())?;
    whole.checked_mul(1_000_000_000).and_then(|nanos| nanos.checked_add(fraction)).ok_or_else(wrong)
}

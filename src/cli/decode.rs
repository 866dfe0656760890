//! `tcpscope decode`: one header from hex, explained field by field.

use std::io::{self, Write};
use std::net::IpAddr;

use crate::hex::decoded::{Decoded, Given};
use crate::hex::show::{self, Look};
use crate::hex::start::Start;

use self::args::{DecodeArgs, Form, From};
use self::input::{Failed, Input};
use super::Outcome;
use super::complain;
use super::request::Usage;
use super::terminal::Terminal;

pub(super) mod args;
mod input;
mod machine;

/// Decodes what was typed, and shows it on standard output.
///
/// # Errors
///
/// Wrong usage, and text that is no hexadecimal: one sentence.
pub(super) fn run(args: DecodeArgs, terminal: Terminal) -> Result<io::Result<Outcome>, Usage> {
    let given = given(&args)?;
    let look = Look {
        width: args.width.map(u16::from).or(terminal.width).map_or(120, usize::from),
        ascii: args.ascii,
        color: terminal.colors(args.color),
    };
    let input = match Input::read(&args) {
        Ok(input) => input,
        Err(Failed::Usage(sentence)) => return Err(Usage(sentence)),
        Err(Failed::Source(sentence)) => {
            complain(&sentence);
            return Ok(Ok(Outcome::Incomplete));
        }
    };
    Ok(show(&input, given, args.format, look))
}

fn show(input: &Input, given: Given, format: Form, look: Look) -> io::Result<Outcome> {
    let given = Given { scale: input.scale(), ..given };
    let decoded = match input.link() {
        Some((link, original_len)) => Decoded::of_frame(&input.octets, link, original_len, given),
        None => Decoded::new(&input.octets, given),
    };
    let mut out = io::stdout().lock();
    match format {
        Form::Text => {
            let heading = input.heading(&decoded);
            out.write_all(show::text(&decoded, &heading, look).as_bytes())?;
        }
        Form::Ndjson => machine::write(&mut out, input, &decoded)?,
    }
    out.flush()?;
    Ok(if decoded.is_segment() { Outcome::Complete } else { Outcome::Incomplete })
}

fn given(args: &DecodeArgs) -> Result<Given, Usage> {
    let start = args.from.map(|from| match from {
        From::Ethernet => Start::Ethernet,
        From::Ip => Start::Ip,
        From::Tcp => Start::Tcp,
    });
    let addresses = args.ip.as_deref().map(addresses).transpose()?;
    Ok(Given { start, addresses, scale: None })
}

/// `SRC,DST`, of one family.
fn addresses(text: &str) -> Result<(IpAddr, IpAddr), Usage> {
    let wrong = |why: &str| {
        let text = text.escape_debug();
        Usage(format!("--ip wants two addresses as 192.0.2.1,192.0.2.2, and \"{text}\" {why}"))
    };
    let (src, dst) = text.split_once(',').ok_or_else(|| wrong("holds no comma"))?;
    let parse = |text: &str| text.trim().parse::<IpAddr>().map_err(|_| wrong("holds something else"));
    let (src, dst) = (parse(src)?, parse(dst)?);
    if src.is_ipv4() == dst.is_ipv4() { Ok((src, dst)) } else { Err(wrong("mixes IPv4 and IPv6")) }
}

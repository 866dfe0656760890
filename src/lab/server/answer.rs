//! What each mode does with what it reads.

use std::convert::Infallible;

use super::super::framing::{self, Decoder, TooLong};
use super::super::http;
use super::super::mode::{Mode, PREFIX};
use super::talk::{End, Talk};

/// Reads and answers until the connection ends.
pub(super) fn converse(mode: Mode, talk: &mut Talk<'_>) -> Result<Infallible, End> {
    match mode {
        Mode::Framed => framed(talk),
        Mode::Http => http(talk),
        Mode::Sticky => {
            let mut buffer = talk.buffer();
            loop {
                talk.read(&mut buffer)?;
            }
        }
        Mode::Echo | Mode::Udp => each_read(talk, |read, answer| answer.extend_from_slice(read)),
        Mode::Ok => each_read(talk, |_, answer| answer.extend_from_slice(b"ok")),
        Mode::Prefix => each_read(talk, |read, answer| {
            answer.extend_from_slice(PREFIX);
            answer.extend_from_slice(read);
        }),
        // ASCII only: wherever reads cut the text, each octet has one answer.
        Mode::Upper => each_read(talk, |read, answer| answer.extend(read.iter().map(u8::to_ascii_uppercase))),
    }
}

fn each_read(talk: &mut Talk<'_>, mut answer: impl FnMut(&[u8], &mut Vec<u8>)) -> Result<Infallible, End> {
    let (mut buffer, mut out) = (talk.buffer(), Vec::new());
    loop {
        let octets = talk.read(&mut buffer)?;
        out.clear();
        answer(&buffer[..octets], &mut out);
        talk.answer(&out)?;
    }
}

/// Tells every message, and with [`Options::answer`](super::Options::answer) sends each back.
fn framed(talk: &mut Talk<'_>) -> Result<Infallible, End> {
    let (mut buffer, mut decoder, mut number) = (talk.buffer(), Decoder::default(), 0);
    loop {
        let octets = match talk.read(&mut buffer) {
            Err(End::PeerDone) => return Err(cut(&decoder)),
            result => result?,
        };
        decoder.push(&buffer[..octets]);
        while let Some((offset, message)) = decoder.next_message().map_err(violation)? {
            number += 1;
            talk.message(number, offset, message);
            if talk.sends_back() {
                talk.answer(&framing::encode(message).map_err(violation)?)?;
            }
        }
    }
}

fn violation(error: TooLong) -> End {
    End::Violation(error.to_string())
}

/// The peer has ended its direction: between two messages, or inside one.
fn cut(decoder: &Decoder) -> End {
    match decoder.pending() {
        None => End::PeerDone,
        Some((have, Some(needed))) => End::Violation(format!(
            "it ended inside a message, after {have} of {needed} octets, the length included"
        )),
        Some((have, None)) => {
            End::Violation(format!("it ended inside the length of a message, after {have} of 4 octets"))
        }
    }
}

fn http(talk: &mut Talk<'_>) -> Result<Infallible, End> {
    let (mut buffer, mut head) = (talk.buffer(), Vec::new());
    loop {
        let octets = talk.read(&mut buffer)?;
        head.extend_from_slice(&buffer[..octets]);
        // Requests may come in a row, without waiting (RFC 9112, section 9.3.2).
        while let Some(request) = http::request(&head) {
            talk.write(&http::respond(request.answer, request.keep))?;
            if !request.keep {
                return Err(End::Ours);
            }
            head.drain(..request.len);
        }
    }
}

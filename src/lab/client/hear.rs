//! The thread that reads what the server sends, whenever it comes.

use super::super::error::failure;
use super::super::framing::Decoder;
use super::super::http;
use super::super::mode::Mode;
use super::super::socket::Socket;
use super::heard::{End, Heard};

/// Finds whole messages in what is read.
enum Parser {
    None,
    Frames(Decoder),
    Answers { octets: Vec<u8>, offset: u64 },
}

/// Reads until the connection ends.
pub(super) fn hear(mode: Mode, socket: &Socket, heard: &Heard, room: usize) {
    let mut buffer = vec![0; room];
    let mut parser = match mode {
        Mode::Framed => Parser::Frames(Decoder::default()),
        Mode::Http => Parser::Answers { octets: Vec::new(), offset: 0 },
        _ => Parser::None,
    };
    let mut messages = 0;
    loop {
        let end = match socket.read(&mut buffer) {
            Ok(0) => Some(End::Closed),
            Ok(octets) => {
                let end = parser.take(&buffer[..octets], socket, &mut messages).err();
                heard.change(|news| {
                    news.reads += 1;
                    news.octets += octets as u64;
                    news.messages = messages;
                });
                end
            }
            Err(error) => Some(End::Broken(failure(&error))),
        };
        if let Some(end) = end {
            heard.end(end);
            return;
        }
    }
}

impl Parser {
    /// Takes what was read, reports the messages that are whole now, and counts them.
    fn take(&mut self, read: &[u8], socket: &Socket, messages: &mut u64) -> Result<(), End> {
        match self {
            Self::None => {}
            Self::Frames(decoder) => {
                decoder.push(read);
                while let Some((offset, message)) = decoder.next_message().map_err(End::TooLong)? {
                    *messages += 1;
                    socket.teller.message(*messages, offset, message);
                }
            }
            Self::Answers { octets, offset } => {
                octets.extend_from_slice(read);
                while let Some(len) = http::answer_len(octets).map_err(End::Violation)? {
                    if octets.len() < len {
                        break;
                    }
                    *messages += 1;
                    socket.teller.message(*messages, *offset, &octets[..len]);
                    octets.drain(..len);
                    *offset += len as u64;
                }
            }
        }
        Ok(())
    }
}

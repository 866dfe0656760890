//! Messages in a stream: four octets of length, little-endian, before each.

use std::fmt;

/// Octets a message may have.
pub const LIMIT: usize = 1 << 20;

/// Octets of the length.
pub const HEADER: usize = 4;

/// A message, or the length announced for one, is above [`LIMIT`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooLong {
    /// The message's length in octets.
    pub len: u64,
}

impl std::error::Error for TooLong {}

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a message of {} octets is longer than the limit of {LIMIT} (1 MiB)", self.len)
    }
}

/// The message with its length in front.
///
/// # Errors
///
/// The message is longer than [`LIMIT`].
pub fn encode(message: &[u8]) -> Result<Vec<u8>, TooLong> {
    let len = u32::try_from(message.len()).ok().filter(|_| message.len() <= LIMIT);
    let len = len.ok_or(TooLong { len: message.len() as u64 })?;
    let mut frame = Vec::with_capacity(HEADER + message.len());
    frame.extend_from_slice(&len.to_le_bytes());
    frame.extend_from_slice(message);
    Ok(frame)
}

/// Finds the messages again, however the stream was cut. It holds no more than one message and one read: room
/// is taken as octets come, not as they are announced.
#[derive(Debug, Default)]
pub struct Decoder {
    octets: Vec<u8>,
    /// Where the next frame begins in `octets`.
    start: usize,
    /// Octets of whole frames so far.
    offset: u64,
}

impl Decoder {
    /// Takes what was read.
    pub fn push(&mut self, octets: &[u8]) {
        self.octets.drain(..self.start);
        self.start = 0;
        self.octets.extend_from_slice(octets);
    }

    /// The next whole message, and where its frame began in the stream; `None` until more is read.
    ///
    /// # Errors
    ///
    /// A length above [`LIMIT`] is announced. From here on nothing can be found any more.
    pub fn next_message(&mut self) -> Result<Option<(u64, &[u8])>, TooLong> {
        let rest = &self.octets[self.start..];
        let Some((header, body)) = rest.split_first_chunk::<HEADER>() else {
            return Ok(None);
        };
        let announced = u32::from_le_bytes(*header);
        let len = usize::try_from(announced).unwrap_or(usize::MAX);
        if len > LIMIT {
            return Err(TooLong { len: u64::from(announced) });
        }
        let Some(message) = body.get(..len) else {
            return Ok(None);
        };
        let offset = self.offset;
        self.start += HEADER + len;
        self.offset += (HEADER + len) as u64;
        Ok(Some((offset, message)))
    }

    /// Octets of a message that is not yet whole, and how many it is to have with its length; the latter is
    /// `None` while the length itself is not whole. `None` between two messages.
    pub fn pending(&self) -> Option<(usize, Option<usize>)> {
        let rest = &self.octets[self.start..];
        let needed =
            rest.first_chunk().map(|header| HEADER.saturating_add(u32::from_le_bytes(*header) as usize));
        (!rest.is_empty()).then_some((rest.len(), needed))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(decoder: &mut Decoder) -> Vec<Vec<u8>> {
        let mut found = Vec::new();
        while let Some((_, message)) = decoder.next_message().unwrap() {
            found.push(message.to_vec());
        }
        found
    }

    #[test]
    fn the_length_is_little_endian() {
        assert_eq!(encode(b"Hello!").unwrap(), b"\x06\0\0\0Hello!");
    }

    #[test]
    fn the_limit_itself_is_no_error_and_one_octet_more_is() {
        assert_eq!(encode(&vec![0; LIMIT]).unwrap().len(), HEADER + LIMIT);
        assert_eq!(encode(&vec![0; LIMIT + 1]), Err(TooLong { len: LIMIT as u64 + 1 }));
        let mut decoder = Decoder::default();
        decoder.push(&(LIMIT as u32).to_le_bytes());
        assert_eq!(decoder.next_message(), Ok(None));
        let mut decoder = Decoder::default();
        decoder.push(&(LIMIT as u32 + 1).to_le_bytes());
        assert!(decoder.next_message().is_err());
    }

    #[test]
    fn an_announced_length_takes_no_memory() {
        let mut decoder = Decoder::default();
        decoder.push(&(LIMIT as u32).to_le_bytes());
        assert_eq!(decoder.next_message(), Ok(None));
        assert!(decoder.octets.capacity() < 1024);
        assert_eq!(decoder.pending(), Some((HEADER, Some(HEADER + LIMIT))));
    }

    proptest! {
        #[test]
        fn messages_stay_whole_however_the_stream_is_cut(
            messages in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..20),
            cuts in prop::collection::vec(1..50_usize, 1..20),
        ) {
            let stream: Vec<u8> = messages.iter().flat_map(|message| encode(message).unwrap()).collect();
            let mut decoder = Decoder::default();
            let (mut rest, mut found) = (&stream[..], Vec::new());
            for cut in cuts.iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let (piece, behind) = rest.split_at((*cut).min(rest.len()));
                decoder.push(piece);
                found.extend(all(&mut decoder));
                rest = behind;
            }
            prop_assert_eq!(found, messages);
            prop_assert_eq!(decoder.pending(), None);
        }

        #[test]
        fn a_frame_begins_where_the_one_before_it_ended(
            messages in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..20),
        ) {
            let mut decoder = Decoder::default();
            let mut expected = 0;
            for message in &messages {
                decoder.push(&encode(message).unwrap());
                let (offset, _) = decoder.next_message().unwrap().unwrap();
                prop_assert_eq!(offset, expected);
                expected += (HEADER + message.len()) as u64;
            }
        }

        #[test]
        fn no_octets_are_too_much_for_it(pieces in prop::collection::vec(any::<Vec<u8>>(), 0..10)) {
            let mut decoder = Decoder::default();
            for piece in &pieces {
                decoder.push(piece);
                while let Ok(Some((_, message))) = decoder.next_message() {
                    prop_assert!(message.len() <= LIMIT);
                }
            }
        }
    }
}

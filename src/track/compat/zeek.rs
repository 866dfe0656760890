//! Zeek's reading of a connection: `conn_state` and `history`.
//!
//! Its endpoint states are not RFC 9293's: CLOSED only means that a FIN was seen, and any RST is
//! believed. The originator is our client. Checksums are not looked at, as with Zeek's option `-C`:
//! most captures of one's own traffic hold sums that the card was yet to complete.

use crate::wire::segment::Segment;

use crate::track::compact::letters::Letters;
use crate::track::compact::opt_seq::OptSeq;
use crate::track::compact::prefetch::Prefetcher;
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::report::{ConnState, History};

/// Zeek's state of both ends of a connection.
#[derive(Clone, Debug, Default)]
pub(in crate::track) struct Zeek {
    originator: End,
    responder: End,
    letters: Letters,
    rare: Option<Box<[Rare; 2]>>,
}

/// One end.
#[derive(Clone, Copy, Debug, Default)]
struct End {
    state: EndState,
    /// Letters given once.
    given: u8,
    last_syn: u32,
    last_fin: u32,
    /// Highest number seen, by which repeated payload is recognised.
    highest: OptSeq,
    payload: bool,
}

/// State that most ends never need: the client's, and the server's.
#[derive(Clone, Copy, Debug, Default)]
struct Rare {
    /// State before the RST.
    before: EndState,
    last_rst: u32,
    /// Counters of the letters that are given at 1, 10, 100 …
    repeated: u32,
    zero_windows: u32,
}

/// The distance in octets beyond which a sequence number is taken for that of another connection.
const FAR: i32 = 1 << 20;

/// Zeek's states of one end.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum EndState {
    #[default]
    Inactive,
    SynSent,
    SynAckSent,
    Partial,
    Established,
    Closed,
    Reset,
}

/// Bits of `given`.
mod once {
    pub(in crate::track) const SYN: u8 = 1;
    pub(in crate::track) const FIN: u8 = 2;
    pub(in crate::track) const RST: u8 = 4;
    pub(in crate::track) const DATA: u8 = 8;
    pub(in crate::track) const ACK: u8 = 16;
    pub(in crate::track) const MULTI: u8 = 32;
    pub(in crate::track) const INCONSISTENT: u8 = 64;
}

impl Zeek {
    /// Prefetches it.
    pub(in crate::track) fn prefetch(&self, prefetcher: &mut impl Prefetcher) {
        prefetcher.field(&self.responder.given);
    }

    /// Takes the next segment.
    #[inline]
    pub(in crate::track) fn observe(&mut self, segment: &Segment<'_>, from: Side) {
        if !self.goes_on(segment, from) {
            self.by_rules(segment, from);
        }
    }

    /// Gives its letters, and steps on.
    #[inline(never)]
    pub(in crate::track) fn by_rules(&mut self, segment: &Segment<'_>, from: Side) {
        self.note(segment, from);
        self.step(segment, from);
    }

    /// Takes a segment that leaves all states and adds at most the letter of data or of an acknowledgement, as most do:
    /// a segment of its sender was captured before, the window is open, and octets are new. Returns `false`, and takes
    /// nothing, for any other segment.
    fn goes_on(&mut self, segment: &Segment<'_>, from: Side) -> bool {
        let end = match from {
            Side::Client => &mut self.originator,
            Side::Server => &mut self.responder,
        };
        let len = segment.payload_len;
        let heard = end.state != EndState::Inactive && !self.letters.is_empty();
        if !heard || !segment.is_plain_ack() || segment.window.0 == 0 {
            return false;
        }
        let Some(highest) = end.highest.get() else { return false };
        let last = segment.seq.plus(len);
        let advances = last.after(highest);
        if len > 0 && !advances {
            return false;
        }
        if advances {
            end.highest = Some(last).into();
        }
        end.payload |= len > 0;
        let (bit, letter) = if len > 0 { (once::DATA, b'D') } else { (once::ACK, b'A') };
        if end.once(bit) {
            self.letters.push(on_side(letter, from));
        }
        true
    }

    /// Zeek's history so far.
    pub(in crate::track) fn history(&self) -> History {
        self.letters.history()
    }

    /// Zeek's states of both ends, in one word.
    pub(in crate::track) fn conn_state(&self) -> ConnState {
        use EndState::{Closed, Established, Inactive, Partial, Reset, SynAckSent, SynSent};
        let (o, r) = (&self.originator, &self.responder);
        match (o.state, r.state) {
            (SynSent | SynAckSent, Reset) => ConnState::Rej,
            (Reset, Reset) if !o.payload && !r.payload => ConnState::Rej,
            (Inactive | Partial, Reset) => ConnState::Rstrh,
            (_, Reset) => ConnState::Rstr,
            (Reset, Inactive | Partial) if self.is_syn_then_rst() => ConnState::Rstos0,
            (Reset, Inactive | Partial) => ConnState::Oth,
            (Reset, _) => ConnState::Rsto,
            (Closed, Closed) => ConnState::Sf,
            (Closed, Inactive | Partial) => ConnState::Sh,
            (Closed, _) => ConnState::S2,
            (Inactive | Partial, Closed) => ConnState::Shr,
            (_, Closed) => ConnState::S3,
            (SynSent, Inactive) => ConnState::S0,
            (Established, Established) => ConnState::S1,
            _ => ConnState::Oth,
        }
    }

    /// `S`, then none of H A F G I Q, then `R`.
    fn is_syn_then_rst(&self) -> bool {
        let history = self.history();
        let letters = history.as_str().trim_start_matches('^');
        let Some(rest) = letters.strip_prefix('S') else { return false };
        rest.find('R').is_some_and(|at| !rest[..at].contains(['H', 'A', 'F', 'G', 'I', 'Q']))
    }

    /// The letters of a segment.
    fn note(&mut self, segment: &Segment<'_>, from: Side) {
        let end = match from {
            Side::Client => &mut self.originator,
            Side::Server => &mut self.responder,
        };
        let history = &mut self.letters;
        if history.is_empty() && from == Side::Server {
            // The sender of the first segment is not the originator: Zeek marks that it swapped the two.
            history.push(b'^');
        }
        let mut add = |letter: u8| history.push(on_side(letter, from));
        let flags = segment.flags;
        let len = segment.payload_len;

        match (flags.syn(), flags.fin(), flags.rst()) {
            (false, true, true) => {
                if end.once(once::INCONSISTENT) {
                    add(b'I');
                }
            }
            (true, fin, rst) if fin || rst => {
                if end.once(once::MULTI) {
                    add(b'Q');
                }
            }
            (true, ..) => {
                if end.once(once::SYN) || end.last_syn != segment.seq.0 {
                    add(if flags.ack() { b'H' } else { b'S' });
                    end.last_syn = segment.seq.0;
                }
            }
            (_, true, _) => {
                let number = segment.seq.plus(len).0;
                if end.once(once::FIN) || end.last_fin != number {
                    add(b'F');
                    end.last_fin = number;
                }
            }
            (_, _, true) => {
                let rare = rare_of(&mut self.rare, from);
                if end.once(once::RST) || rare.last_rst != segment.seq.0 {
                    add(b'R');
                    rare.last_rst = segment.seq.0;
                }
            }
            (false, false, false) => {
                if len > 0 {
                    if end.once(once::DATA) {
                        add(b'D');
                    }
                } else if flags.ack() && end.once(once::ACK) {
                    add(b'A');
                }
            }
        }
        let closed = segment.window.0 == 0 && !flags.rst() && !flags.syn();
        if closed && at_power_of_ten(&mut rare_of(&mut self.rare, from).zero_windows) {
            add(b'W');
        }
        let last = segment.end();
        let ahead = end.highest.get().map_or(1, |highest| last.distance(highest));
        // A SYN from far away belongs to another connection and moves nothing.
        let advances = ahead > 0 && !(flags.syn() && ahead > FAR);
        if len > 0 && !advances && at_power_of_ten(&mut rare_of(&mut self.rare, from).repeated) {
            add(b'T');
        }
        if advances && !flags.rst() {
            end.highest = Some(last).into();
        }
        end.payload |= len > 0;
    }

    /// The states of the two ends after a segment.
    fn step(&mut self, segment: &Segment<'_>, from: Side) {
        use EndState::{Closed, Established, Inactive, Partial, Reset, SynAckSent, SynSent};
        let (own, peer) = match from {
            Side::Client => (&mut self.originator, &mut self.responder),
            Side::Server => (&mut self.responder, &mut self.originator),
        };
        let flags = segment.flags;
        if flags.rst() {
            if !(own.state == Closed && peer.state == Closed) && own.state != Reset {
                rare_of(&mut self.rare, from).before = own.state;
                own.state = Reset;
            }
            return;
        }
        if flags.fin() {
            if own.state != Reset {
                own.state = Closed;
            }
            // An end that sent FIN and then RST has closed, once the other has closed too.
            let before = |rare: &[Rare; 2]| rare[from.peer() as usize].before;
            if peer.state == Reset && self.rare.as_deref().is_some_and(|rare| before(rare) == Closed) {
                peer.state = Closed;
            }
            return;
        }
        match (own.state, flags.syn()) {
            (Inactive, true) => match (from, flags.ack()) {
                (Side::Client, false) => own.state = SynSent,
                (Side::Client, true) => own.state = SynAckSent,
                (Side::Server, with_ack) => {
                    if matches!(peer.state, SynSent | SynAckSent) || (!with_ack && peer.state == Inactive) {
                        peer.state = Established;
                    }
                    own.state = Established;
                }
            },
            (Inactive, false) => {
                own.state = match (from, peer.state) {
                    // An ACK that brings nothing is ignored.
                    (Side::Server, SynSent) if segment.payload_len == 0 => Inactive,
                    (Side::Client, Established) => Established,
                    _ => Partial,
                };
            }
            (Partial, true) if from == Side::Server && flags.ack() => own.state = Established,
            _ => {}
        }
    }
}

impl End {
    /// Whether this is the first time for `bit`.
    fn once(&mut self, bit: u8) -> bool {
        let first = self.given & bit == 0;
        self.given |= bit;
        first
    }
}

/// The responder's letters are small.
fn on_side(letter: u8, from: Side) -> u8 {
    if from == Side::Client { letter } else { letter.to_ascii_lowercase() }
}

/// The place for what an end seldom has.
fn rare_of(rare: &mut Option<Box<[Rare; 2]>>, side: Side) -> &mut Rare {
    &mut rare.get_or_insert_default()[side as usize]
}

/// Counts, and says whether the count is 1, 10, 100 …
fn at_power_of_ten(count: &mut u32) -> bool {
    *count = count.saturating_add(1);
    let mut power = 1_u32;
    while power < *count {
        power = power.saturating_mul(10);
    }
    power == *count
}

//! The material of questions: conversations, decoded and followed by the tracker.

use std::convert::Infallible;

use crate::track::event::{Event, Sink};
use crate::track::flow::Side;
use crate::track::label::{Analysis, Labels};
use crate::track::report::Report;
use crate::track::state::States;
use crate::track::tracker::{Limits, Tracker};
use crate::wire::decode::Decoder;
use crate::wire::flags::Flags;
use crate::wire::frame::{Frame, LinkType, Timestamp};
use crate::wire::seq::SeqNumber;
use crate::wire::skip::{Layer, Malformed, Skip};
use crate::wire::window::Window;

use super::random::Random;
use super::situation::{self, Situation};

/// So many conversations of a capture are asked about, and so many segments of each.
pub(super) const MAX_CONVERSATIONS: usize = 200;
const MAX_STEPS: usize = 60;

/// The header that every course has.
const COURSE: [u8; 32] = [
    0xc4, 0x62, 0x1f, 0x90, 0x36, 0x0a, 0x1d, 0x03, 0x00, 0x00, 0x00, 0x00, 0x80, 0x02, 0xfa, 0xf0, 0x4c,
    0xc0, 0x00, 0x00, 0x02, 0x04, 0x05, 0xb4, 0x01, 0x03, 0x03, 0x08, 0x01, 0x01, 0x04, 0x02,
];

/// One segment and its effect.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// The number of the segment's frame.
    pub number: u64,
    /// The end that sent the segment.
    pub from: Side,
    /// The octets of the segment's header, options and all.
    pub header: Vec<u8>,
    /// Octets of payload.
    pub payload_len: u32,
    /// The segment's sequence number.
    pub seq: SeqNumber,
    /// The segment's acknowledgement number, where ACK is set.
    pub ack: Option<SeqNumber>,
    /// The segment's control bits.
    pub flags: Flags,
    /// The segment's window field.
    pub window_field: u16,
    /// The octets that the window means, where the handshake was seen.
    pub window: Option<Window>,
    /// Facts of the rules.
    pub labels: Labels,
    /// Wireshark's reading.
    pub analysis: Analysis,
    /// The states of both ends before the segment and after it.
    pub before: States,
    /// See `before`.
    pub after: States,
}

impl Step {
    /// The number of sequence numbers that the segment takes (RFC 9293, section 3.4).
    pub fn seq_len(&self) -> u32 {
        self.payload_len.wrapping_add(u32::from(self.flags.syn()) + u32::from(self.flags.fin()))
    }
}

/// A connection's segments.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Conversation {
    /// The connection's number.
    pub id: u64,
    /// The segments, in the order of the capture.
    pub steps: Vec<Step>,
    /// Whether the conversation has more segments than are kept.
    pub cut: bool,
    /// The capture holds the connection from its SYN on.
    pub from_syn: bool,
}

impl Conversation {
    /// The segments before an end begins to count anew, which it may or may not mean: a SYN with another number than
    /// that of its first (RFC 9293, sections 3.5.1 and 3.10.7.4).
    pub(super) fn as_begun(&self) -> &[Step] {
        let first = |side| self.steps.iter().find(|step| step.from == side && step.flags.syn());
        let anew = |step: &Step| step.flags.syn() && first(step.from).is_some_and(|syn| syn.seq != step.seq);
        let end = self.steps.iter().position(anew).unwrap_or(self.steps.len());
        &self.steps[..end]
    }
}

/// Conversations to ask about.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Material {
    /// Every conversation.
    pub conversations: Vec<Conversation>,
    /// The source of the conversations.
    pub source: Source,
    /// Frames of the capture.
    pub frames: u64,
    /// Of these, the frames whose TCP header was cut short, or contradicts itself.
    pub broken_headers: u64,
}

/// Where material comes from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Source {
    /// Made up here.
    #[default]
    BuiltIn,
    /// A capture: frames have numbers that mean something.
    Capture,
    /// Headers that are given in hex.
    Hex,
}

impl Material {
    /// The header of the course, and situations made up from the seed.
    pub fn built_in(seed: u64) -> Self {
        let mut random = Random::new(seed ^ 0x7c9);
        let mut conversations = Vec::new();
        for situation in Situation::ALL {
            conversations.extend(of_situation(situation, &mut random).conversations);
        }
        conversations.extend(Self::of_header(&COURSE).conversations);
        Self { conversations, source: Source::BuiltIn, ..Self::default() }
    }

    /// Material of one TCP header that is given in hex. Nothing is known of the segments before.
    pub fn of_header(header: &[u8]) -> Self {
        let mut collector = Collector::default();
        collector.packet(&situation::in_packet(header, Side::Client), 0);
        Self { source: Source::Hex, ..collector.finish() }
    }

    /// A number that differs where the material differs.
    pub fn fingerprint(&self) -> u64 {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for step in self.conversations.iter().flat_map(|conversation| &conversation.steps) {
            for octet in step.header.iter().chain(&step.number.to_be_bytes()) {
                hash = (hash ^ u64::from(*octet)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        hash
    }
}

/// One situation, made up.
pub(super) fn of_situation(situation: Situation, random: &mut Random) -> Material {
    let mut collector = Collector::default();
    let mut millis = 0;
    for packet in situation::make(situation, random) {
        millis += i64::from(packet.after);
        collector.packet(&packet.octets, millis);
    }
    collector.finish()
}

/// Takes frames and gives material.
#[derive(Debug)]
pub struct Collector {
    decoder: Decoder,
    tracker: Tracker,
    keep: Keep,
    frames: u64,
    broken_headers: u64,
}

impl Default for Collector {
    fn default() -> Self {
        Self {
            decoder: Decoder::default(),
            tracker: Tracker::new(Limits::default()),
            keep: Keep::default(),
            frames: 0,
            broken_headers: 0,
        }
    }
}

impl Collector {
    /// Takes the next frame of a capture.
    pub fn frame(&mut self, frame: &Frame<'_>) {
        self.frames += 1;
        match self.decoder.decode(frame) {
            Ok(segment) => {
                let Ok(()) = self.tracker.observe(frame.info(), &segment, &mut self.keep);
            }
            Err(Skip::CutHeader(_) | Skip::Malformed(Malformed { layer: Layer::Tcp, .. })) => {
                self.broken_headers += 1;
            }
            Err(_) => {}
        }
    }

    fn packet(&mut self, octets: &[u8], millis: i64) {
        self.frame(&Frame {
            number: self.frames + 1,
            time: Some(Timestamp::from_nanos(1_700_000_000_000_000_000 + millis * 1_000_000)),
            link: LinkType::RAW,
            original_len: octets.len(),
            captured: octets,
        });
    }

    /// Everything that was taken.
    pub fn finish(self) -> Material {
        let Self { keep: Keep { conversations }, frames, broken_headers, .. } = self;
        Material { conversations, source: Source::Capture, frames, broken_headers }
    }
}

#[derive(Debug, Default)]
struct Keep {
    conversations: Vec<Conversation>,
}

impl Sink for Keep {
    type Error = Infallible;

    fn event(&mut self, event: &Event<'_>) -> Result<(), Infallible> {
        let segment = event.segment;
        let at = match self.conversations.iter().position(|conversation| conversation.id == event.connection)
        {
            Some(at) => at,
            None if self.conversations.len() < MAX_CONVERSATIONS => {
                let from_syn = segment.flags.syn() && !segment.flags.ack();
                self.conversations.push(Conversation {
                    id: event.connection,
                    from_syn,
                    ..Conversation::default()
                });
                self.conversations.len() - 1
            }
            None => return Ok(()),
        };
        let conversation = &mut self.conversations[at];
        let header = segment.octets.get(..usize::from(segment.header_len));
        let (Some(header), true) = (header, conversation.steps.len() < MAX_STEPS) else {
            // Nothing is asked about what comes behind a header that was cut.
            conversation.cut = true;
            return Ok(());
        };
        if !conversation.cut {
            conversation.steps.push(Step {
                number: event.frame.number,
                from: event.from,
                header: header.to_vec(),
                payload_len: segment.payload_len,
                seq: segment.seq,
                ack: segment.ack(),
                flags: segment.flags,
                window_field: segment.window.0,
                window: event.window,
                labels: event.labels,
                analysis: event.analysis,
                before: event.before,
                after: event.states,
            });
        }
        Ok(())
    }

    fn ended(&mut self, _: Report) -> Result<(), Infallible> {
        Ok(())
    }
}

//! The state of one direction, for Wireshark's reading.

use crate::track::compact::opt_seq::OptSeq;
use crate::track::compact::opt_time::OptTime;
use crate::track::vocabulary::label::{Analysis, Mark};
use crate::wire::frame::Timestamp;
use crate::wire::options::Value;
use crate::wire::segment::Segment;
use crate::wire::seq::SeqNumber;
use crate::wire::window::{WindowField, WindowScale};

/// MPTCP options, by their subtype.
pub(super) type Operations = u16;

/// One direction.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Direction {
    /// The number of its SYN.
    pub(super) isn: OptSeq,
    /// Highest end seen, and when.
    pub(super) next: OptSeq,
    pub(super) next_time: OptTime,
    /// Highest end seen without a gap before it.
    pub(super) contiguous: OptSeq,
    pub(super) ack: OptSeq,
    /// When the latest segment of this direction was captured.
    pub(super) time: OptTime,
    pub(super) window: Option<WindowField>,
    pub(super) scale: Option<WindowScale>,
    pub(super) scale_offered: bool,
    /// An ACK without SYN was sent: windows are scaled from there on.
    pub(super) acked: bool,
    pub(super) duplicate_acks: u32,
    /// The MPTCP options of both ends up to the latest segment of this direction, those of that segment not counted.
    pub(super) operations: Operations,
    /// Octets came with a SYN that had a Fast Open cookie.
    pub(super) fast_open: bool,
    pub(super) keep_alive: bool,
    pub(super) probe: bool,
}

impl Direction {
    /// Where the window this end advertised last ends.
    pub(super) fn window_end(&self) -> Option<SeqNumber> {
        let scale = if self.acked { self.scale? } else { self.scale.map(|_| WindowScale::NONE)? };
        Some(self.ack.get()?.plus(self.window?.scaled(scale).0))
    }

    /// Whether this direction acknowledged the octets of `segment`, if there are any.
    #[inline]
    pub(super) fn had(&self, segment: &Segment<'_>) -> bool {
        let end = segment.seq.plus(segment.payload_len);
        segment.payload_len > 0 && self.ack.get().is_some_and(|ack| !end.after(ack))
    }

    /// Keeps what the next segments are compared with.
    pub(super) fn remember(
        &mut self,
        peer: &mut Self,
        segment: &Segment<'_>,
        time: Option<Timestamp>,
        marks: &Analysis,
    ) {
        let flags = segment.flags;
        if flags.syn() {
            self.isn = Some(segment.seq).into();
            self.take_scale(peer, segment);
        } else if flags.ack() {
            self.acked = true;
        }
        // A RST without ACK takes the last acknowledgement back.
        self.ack = segment.ack().into();
        self.window = Some(segment.window);
        self.time = time.into();
        self.keep_alive = marks.contains(Mark::KeepAlive);
        self.probe = marks.contains(Mark::ZeroWindowProbe);
        let end = segment.end();
        if self.probe {
            return;
        }
        if self.next.get().is_none_or(|next| end.after(next)) {
            self.next = Some(end).into();
            self.next_time = time.into();
        }
        if self.contiguous.get().is_none_or(|seen| seen == segment.seq) {
            self.contiguous = self.next;
        }
    }

    /// The scales count only if both SYNs offer one (RFC 7323, section 2.2).
    fn take_scale(&mut self, peer: &mut Self, segment: &Segment<'_>) {
        let offered = segment.options.iter().find_map(|option| match option.value {
            Value::WindowScale(shift) => Some(WindowScale::new(shift)),
            _ => None,
        });
        self.scale_offered = offered.is_some();
        self.scale = Some(offered.unwrap_or(WindowScale::NONE));
        if !self.scale_offered || (segment.flags.ack() && !peer.scale_offered) {
            self.scale = Some(WindowScale::NONE);
            peer.scale = Some(WindowScale::NONE);
        }
    }
}

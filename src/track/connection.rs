//! One connection: two halves, folded one segment at a time.

use crate::wire::frame::{FrameInfo, Timestamp};
use crate::wire::segment::Segment;

use super::closing;
use super::duplicate::Recent;
use super::event::{Delivery, Event};
use super::flow::{Endpoints, Roles, Side};
use super::half::{Fin, Half, Syn};
use super::label::{Label, Labels, Mark};
use super::opening;
use super::reset::{self, Verdict};
use super::state::{self, State, States};
use super::wireshark::Wireshark;
use super::zeek::Zeek;

mod outcome;

/// Idle for so long, a connection whose close was not captured gives its ports to a new SYN: twice the
/// maximum segment lifetime (RFC 9293, section 3.4.2).
const TWO_MSL: i64 = 4 * 60 * 1_000_000_000;

/// Everything remembered of a connection; the size does not grow with its segments.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) id: u64,
    endpoints: Endpoints,
    client: Half,
    server: Half,
    client_recent: Recent,
    server_recent: Recent,
    end: End,
    /// Segments that stated a fact of the teardown.
    teardown_segments: u32,
    first_frame: u64,
    last_frame: u64,
    start: Option<Timestamp>,
    /// The latest time seen, which is not the last frame's where the clock ran backwards.
    latest: Option<Timestamp>,
    previous: Option<Timestamp>,
    /// When the latest SYN was seen.
    syn_time: Option<Timestamp>,
    initial_rtt: Option<i64>,
    wireshark: Wireshark,
    zeek: Zeek,
}

/// Whether and how a RST ended the connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum End {
    /// No RST counted.
    None,
    /// A RST by this end counted.
    Reset { by: Side, refused: bool, states: States },
}

/// A segment on its way into a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrival<'s> {
    pub(super) frame: FrameInfo,
    pub(super) segment: &'s Segment<'s>,
    pub(super) from: Side,
    /// The ports belonged to an earlier connection.
    pub(super) reuses_ports: bool,
}

impl Connection {
    /// A connection whose first segment is about to be observed.
    pub(super) fn new(id: u64, endpoints: Endpoints, frame: FrameInfo) -> Self {
        let mut connection = Self {
            id,
            endpoints,
            client: Half::default(),
            server: Half::default(),
            client_recent: Recent::default(),
            server_recent: Recent::default(),
            end: End::None,
            teardown_segments: 0,
            first_frame: frame.number,
            last_frame: frame.number,
            start: frame.time,
            latest: frame.time,
            previous: None,
            syn_time: None,
            initial_rtt: None,
            wireshark: Wireshark::default(),
            zeek: Zeek::default(),
        };
        if endpoints.roles == Roles::Guessed {
            // What nobody saw opening is open.
            connection.client.syn = Syn::Acked;
            connection.server.syn = Syn::Acked;
        }
        connection
    }

    pub(super) fn latest(&self) -> Option<Timestamp> {
        self.latest
    }

    fn halves(&mut self, from: Side) -> (&mut Half, &mut Half) {
        match from {
            Side::Client => (&mut self.client, &mut self.server),
            Side::Server => (&mut self.server, &mut self.client),
        }
    }

    fn half(&self, side: Side) -> &Half {
        match side {
            Side::Client => &self.client,
            Side::Server => &self.server,
        }
    }

    /// The states of both ends now.
    pub(super) fn states(&self) -> States {
        if let End::Reset { states, .. } = self.end {
            return states;
        }
        let mut states = States {
            client: state::derive(&self.client, &self.server),
            server: state::derive(&self.server, &self.client),
        };
        if self.client.segments + self.server.segments == 0 && self.endpoints.roles != Roles::Guessed {
            states.server = State::Listen;
        }
        states
    }

    /// Are both ends done, so that the same ports may be used again?
    pub(super) fn has_ended(&self) -> bool {
        matches!(self.end, End::Reset { .. })
            || matches!((self.client.fin, self.server.fin), (Fin::Acked { .. }, Fin::Acked { .. }))
    }

    /// Is it open at both ends?
    pub(super) fn is_open(&self) -> bool {
        self.states() == States { client: State::Established, server: State::Established }
    }

    /// Does this SYN from `from` begin a new connection on the same ports? A SYN into an open
    /// connection does not (RFC 9293, section 3.5.1): it is stray until the peer agrees to it.
    pub(super) fn gives_way_to(&self, segment: &Segment<'_>, from: Side, time: Option<Timestamp>) -> bool {
        let (own, peer) = (self.half(from), self.half(from.peer()));
        if !segment.flags.syn()
            || segment.flags.rst()
            || (own.syn_seen() && own.isn_is(segment.seq) && !self.has_ended())
        {
            return false;
        }
        if segment.flags.ack() {
            // The peer agrees to a SYN that seemed stray, or this is the answer to a SYN that was not captured.
            let agrees = peer.stray_syn.is_some_and(|isn| segment.ack() == Some(isn.plus(1)));
            return agrees || (self.has_ended() && !(own.syn_seen() && own.isn_is(segment.seq)));
        }
        let idle = match (time, self.latest) {
            (Some(now), Some(latest)) => now.nanos_since(latest) >= TWO_MSL,
            _ => false,
        };
        let both_fins = own.fin.is_sent() && peer.fin.is_sent();
        // An attempt that was not completed gives way to one with another ISN by the same end.
        let attempt = own.syn_seen() && (own.syn == Syn::Sent && peer.syn == Syn::NotSent);
        let unfinished = own.syn == Syn::Acked && peer.syn == Syn::Sent && own.segments == 1;
        self.has_ended() || both_fins || idle || attempt || unfinished
    }

    /// May a segment on another path belong to this connection? It may where the end that sends it
    /// has not been heard on this connection's own path, or goes on where that end left off.
    pub(super) fn goes_on_with(&self, segment: &Segment<'_>, from: Side) -> bool {
        let own = self.half(from);
        if segment.flags.syn() {
            return own.segments == 0 && segment.flags.ack();
        }
        own.segments == 0 || (own.is_known() && (0..1 << 20).contains(&(own.unwrap(segment.seq) - own.next)))
    }

    /// Takes the next segment.
    pub(super) fn observe<'e>(&mut self, arrival: Arrival<'e>) -> Event<'e> {
        let Arrival { frame, segment, from, reuses_ports } = arrival;
        let first = self.client.segments + self.server.segments == 0;
        let before = self.states();
        let mut labels = Labels::NONE;
        if reuses_ports {
            labels.insert(Label::PortReuse);
        }

        let opened_after = self.measure_initial_rtt(segment, frame.time);
        let wireshark = self.wireshark.observe(segment, from, frame.time, self.initial_rtt, reuses_ports);
        let mut analysis = wireshark.marks;
        self.zeek.observe(segment, from);

        let initial_rtt = self.initial_rtt;
        let peer_segments = self.half(from.peer()).segments;
        let recent = match from {
            Side::Client => &mut self.client_recent,
            Side::Server => &mut self.server_recent,
        };
        let duplicate = recent.is_duplicate(segment, frame.time, peer_segments, initial_rtt);

        let (own, _) = self.halves(from);
        own.segments += 1;
        own.payload_bytes += u64::from(segment.payload_len);
        own.data_segments += u64::from(segment.payload_len > 0);

        let mut delivery = Delivery::default();
        let mut newly_acked = 0;
        if duplicate {
            own.capture_duplicates += 1;
            labels.insert(Label::CaptureDuplicate);
            analysis.insert(Mark::CaptureDuplicate);
        } else if segment.flags.rst() {
            self.take_reset(segment, from, &mut labels);
        } else {
            (delivery, newly_acked) = self.take(segment, from, &mut labels);
        }

        let (own, peer) = (self.half(from), self.half(from.peer()));
        let window = own.window_of(segment, peer);
        let relative_seq = own.unwrap(segment.seq);
        let relative_ack = segment.ack().map(|ack| if peer.is_known() { peer.unwrap(ack) } else { 0 });
        let handshake_done = labels.contains(Label::HandshakeAck);
        let since = |earlier: Option<Timestamp>| Some(frame.time?.nanos_since(earlier?));
        let event = Event {
            frame,
            segment,
            connection: self.id,
            first,
            from,
            endpoints: self.endpoints,
            since_start: since(self.start),
            since_previous: since(self.previous),
            relative_seq,
            relative_ack,
            window,
            delivery,
            newly_acked,
            labels,
            analysis,
            duplicate_ack: wireshark.duplicate_ack,
            states: self.states(),
            before,
            opened_after: opened_after.filter(|_| handshake_done),
        };
        self.last_frame = frame.number;
        if let Some(time) = frame.time {
            self.start = self.start.or(Some(time));
            self.previous = Some(time);
            self.latest = Some(self.latest.map_or(time, |latest| latest.max(time)));
        }
        event
    }

    /// From the latest SYN to the first segment with ACK and without SYN, whoever sends it: the
    /// round trip as the place of capture sees it.
    fn measure_initial_rtt(&mut self, segment: &Segment<'_>, time: Option<Timestamp>) -> Option<i64> {
        if segment.flags.syn() {
            if !segment.flags.ack() {
                self.syn_time = time;
            }
        } else if segment.flags.ack() && self.initial_rtt.is_none() {
            self.initial_rtt = time.zip(self.syn_time).map(|(time, syn)| time.nanos_since(syn));
        }
        self.initial_rtt
    }

    /// Takes a segment without RST.
    fn take(&mut self, segment: &Segment<'_>, from: Side, labels: &mut Labels) -> (Delivery, u64) {
        let ended = self.has_ended();
        let first = self.client.segments + self.server.segments == 1;
        if first && self.endpoints.roles != Roles::FromSyn && !segment.flags.syn() {
            labels.insert(Label::Midstream);
        }
        let (own, peer) = self.halves(from);
        if segment.flags.syn() {
            opening::take_syn(own, peer, segment, labels);
            if labels.contains(Label::StraySyn) {
                return (Delivery::default(), 0);
            }
        } else {
            if !own.is_known() {
                own.begin(segment.seq);
            }
            if own.stray_syn.take().is_some() {
                // It goes on with the old numbers, so it never lost the connection.
                own.challenged = false;
            }
        }
        own.window = segment.window;
        own.listens = false;
        own.told = segment.ack().or(own.told);
        if own.syn == Syn::Sent && !segment.flags.syn() && peer.segments == 0 {
            // Only this direction was captured: a server goes on when its SYN was acknowledged.
            own.syn = Syn::Acked;
        }

        let mut newly_acked = 0;
        let mut ack = None;
        if opening::take_ack(own, peer, segment, from == Side::Client, labels)
            && let Some(number) = segment.ack()
        {
            let number = peer.unwrap(number);
            let fin_before = peer.fin;
            newly_acked = peer.acknowledge(number);
            ack = Some(number);
            if matches!((fin_before, peer.fin), (Fin::Sent { .. }, Fin::Acked { .. })) {
                labels.insert(Label::FinAcked);
            }
        }

        let bare_ack = segment.seq_len() == 0 && segment.flags.ack();
        if peer.challenged && bare_ack {
            peer.challenged = false;
            labels.insert(Label::ChallengeAck);
        }

        let start = own.unwrap(segment.seq);
        let payload_start = start + i64::from(segment.flags.syn());
        // One octet before the next: a keep-alive, which asks for an answer and brings nothing (RFC 9293,
        // section 3.8.4).
        let keep_alive = segment.payload_len == 1 && start == own.next - 1 && !segment.flags.fin();
        let beyond_fin = own.fin.at().is_some_and(|fin| payload_start >= fin);
        let delivery = own.send(start, i64::from(segment.seq_len()));
        if segment.payload_len > 0 {
            let controls = u64::from(segment.flags.syn()) + u64::from(segment.flags.fin());
            if beyond_fin {
                labels.insert(Label::DataAfterFin);
            } else if delivery.new > controls || (controls == 0 && delivery.new > 0) {
                labels.insert(Label::Data);
                if peer.fin.is_sent() {
                    labels.insert(Label::HalfClosedData);
                }
            } else if delivery.new == 0 && !keep_alive {
                labels.insert(Label::Repeated);
                own.repeated_segments += 1;
            }
        }
        if segment.flags.fin() {
            closing::take_fin(own, peer, payload_start + i64::from(segment.payload_len), ack, labels);
        }
        // The SYN,ACK of a simultaneous open carries the number of its SYN, and yet repeats nothing.
        let again = [Label::SynRetransmission, Label::SynAckRetransmission, Label::FinRetransmission];
        if segment.payload_len == 0 && again.iter().any(|label| labels.contains(*label)) {
            own.repeated_segments += 1;
        }
        // A FIN sent once more is acknowledged once more; that is still part of the end.
        let acks_again = bare_ack && newly_acked == 0 && ack == Some(peer.next);
        if labels.contains(Label::Fin) || labels.contains(Label::FinAcked) {
            self.teardown_segments += 1;
        }
        if ended && !acks_again && !labels.contains(Label::FinRetransmission) {
            labels.insert(Label::AfterEnd);
        }
        (delivery, newly_acked)
    }

    /// Takes a segment with RST.
    fn take_reset(&mut self, segment: &Segment<'_>, from: Side, labels: &mut Labels) {
        if matches!(self.end, End::Reset { .. }) {
            labels.insert(Label::AfterEnd);
            return;
        }
        let ended = self.has_ended();
        let before = self.states();
        let (own, peer) = self.halves(from);
        let verdict = reset::judge(own, peer, segment);
        match verdict {
            Verdict::InWindow => {
                own.challenged = true;
                labels.insert(Label::ResetInWindow);
                return;
            }
            Verdict::Ignored => {
                labels.insert(Label::ResetIgnored);
                return;
            }
            Verdict::EndsOther => {
                peer.listens = true;
                labels.insert(Label::Reset);
                return;
            }
            Verdict::Refuses => labels.insert(Label::Refused),
            Verdict::Counts => {}
        }
        labels.insert(Label::Reset);
        if ended {
            labels.insert(Label::AfterEnd);
        }
        // The end that lost its connection and asks for a new one goes on asking (figure 9, line 6).
        let sender = if own.stray_syn.is_some() { State::SynSent } else { State::Closed };
        // An end that was opened passively listens again (section 3.10.7.4, figures 8 and 11).
        let passive = !peer.sent_bare_syn && before.on(from.peer()) == State::SynReceived;
        let receiver = if passive { State::Listen } else { State::Closed };
        let states = match from {
            Side::Client => States { client: sender, server: receiver },
            Side::Server => States { client: receiver, server: sender },
        };
        self.end = End::Reset { by: from, refused: verdict == Verdict::Refuses, states };
    }
}

//! One connection: two halves, folded one segment at a time.

use crate::wire::checksum::{Outcome, Tested};
use crate::wire::frame::{FrameInfo, Timestamp};
use crate::wire::options::Said;
use crate::wire::segment::Segment;

use crate::track::compact::ends::Ends;
use crate::track::compact::opt_time::OptTime;
use crate::track::compact::prefetch::Prefetcher;
use crate::track::compat::duplicate::{Around, Duplicate, Recent};
use crate::track::compat::wireshark::{Reading, Wireshark};
use crate::track::compat::zeek::Zeek;
use crate::track::direction::echoed::Echoed;
use crate::track::direction::fin::Fin;
use crate::track::direction::half::Half;
use crate::track::direction::ip_profile::IpProfile;
use crate::track::direction::state;
use crate::track::direction::step::Step;
use crate::track::direction::syn::Syn;
pub(super) use crate::track::rules::SILENCE;
use crate::track::rules::{ResetCourse, SeenReset};
use crate::track::vocabulary::event::Tell;
use crate::track::vocabulary::finding::{Certainty, Finding, Findings};
use crate::track::vocabulary::flow::{Endpoints, Roles, Side};
use crate::track::vocabulary::label::{Label, Labels, Mark};
use crate::track::vocabulary::state::{State, States};
use statistics::{FirstSegment, Statistics};

mod closing;
mod fast_path;
mod findings;
mod forged_reset;
mod measures;
mod opening;
mod path_evidence;
mod port_reuse;
mod receive;
mod record;
mod recut;
mod report;
mod reset;
mod senders;
mod silence;
mod statistics;
mod tell;
mod trouble;

pub(super) use port_reuse::PendingSyn;
use recut::{brings_nothing_new, is_doubled};
use tell::Account;

/// Both ends may send.
const OPEN: States = States { client: State::Established, server: State::Established };

/// Everything remembered of a connection; the size does not grow with its segments.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) id: u64,
    pub(super) ends: Ends,
    client: Half,
    server: Half,
    client_recent: Recent,
    server_recent: Recent,
    /// The RST that counted.
    end: Option<Box<ResetEnd>>,
    /// The states of both ends now.
    states: States,
    /// The latest segment was a RST of which it cannot be decided whether it counted.
    reset_undecided: bool,
    /// Whether all measurements are wanted.
    detailed: bool,
    /// Segments that stated a fact of the teardown.
    teardown_segments: u32,
    first_frame: u64,
    last_frame: u64,
    start: OptTime,
    /// The latest time seen, which is not the last frame's where the clock ran backwards.
    latest: OptTime,
    previous: OptTime,
    /// When the latest SYN was seen.
    syn_time: OptTime,
    /// The initial round trip, with that of the epoch as 0.
    initial_rtt: OptTime,
    wireshark: Wireshark,
    zeek: Zeek,
    /// The first segment, which the statistics begin with.
    first_segment: FirstSegment,
    /// `None` while there is only a lone segment without octets.
    statistics: Option<Statistics>,
    ip_profiles: [IpProfile; 2],
    /// What each end has echoed of the other's timestamps.
    echoed: [Echoed; 2],
    /// The capture cut payload off.
    cut: bool,
    /// The window field of each end's SYN, 0 where that was not captured: a `u16` in octets, which need no padding.
    first_windows: [[u8; 2]; 2],
    /// The findings so far.
    findings: Findings,
}

/// A RST that counted.
#[derive(Debug)]
struct ResetEnd {
    seen: SeenReset,
    refused: bool,
    /// The states of both ends behind it.
    states: States,
    /// The end that it names goes on; the other one believed it and was not heard since.
    disproved: bool,
    /// It has the number of a FIN that had arrived: RFC 9293 ignores it.
    on_fin: bool,
    /// The end that got it goes on.
    unheeded: bool,
    /// What was known when it came.
    course: Option<ResetCourse>,
}

/// A segment on its way into a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrival<'s> {
    pub(super) frame: FrameInfo,
    pub(super) segment: &'s Segment<'s>,
    pub(super) from: Side,
    /// The ports belonged to an earlier connection.
    pub(super) reuses_ports: bool,
    /// What the segment's checksum shows.
    pub(super) tested: Tested,
}

impl Connection {
    /// A connection whose first segment is about to be observed; `detailed`: with all measurements.
    #[inline(always)]
    pub(super) fn new(id: u64, endpoints: Endpoints, frame: FrameInfo, detailed: bool) -> Self {
        let mut connection = Self {
            id,
            ends: endpoints.into(),
            client: Half::default(),
            server: Half::default(),
            client_recent: Recent::default(),
            server_recent: Recent::default(),
            end: None,
            states: States { client: State::Closed, server: State::Listen },
            reset_undecided: false,
            detailed,
            teardown_segments: 0,
            first_frame: frame.number,
            last_frame: frame.number,
            start: frame.time.into(),
            latest: frame.time.into(),
            previous: OptTime::default(),
            syn_time: OptTime::default(),
            initial_rtt: OptTime::default(),
            wireshark: Wireshark::default(),
            zeek: Zeek::default(),
            first_segment: FirstSegment::default(),
            statistics: None,
            ip_profiles: Default::default(),
            echoed: Default::default(),
            cut: false,
            first_windows: Default::default(),
            findings: Findings::default(),
        };
        if endpoints.roles == Roles::Guessed {
            // A connection whose opening was not captured is open.
            connection.client.syn = Syn::Acked;
            connection.server.syn = Syn::Acked;
            connection.states = OPEN;
        }
        debug_assert_eq!(connection.states, connection.derive_states());
        connection
    }

    /// Prefetches a field in each of its lines.
    pub(super) fn prefetch(&self, prefetcher: &mut impl Prefetcher) {
        prefetcher.field(&self.start);
        prefetcher.field(&self.last_frame);
        prefetcher.field(&self.echoed);
        if let Some(statistics) = &self.statistics {
            statistics.prefetch(prefetcher);
        }
        self.client.prefetch(prefetcher);
        self.server.prefetch(prefetcher);
        self.zeek.prefetch(prefetcher);
        self.client_recent.prefetch(prefetcher);
        self.server_recent.prefetch(prefetcher);
    }

    /// Prefetches what says how far both ends came.
    pub(super) fn prefetch_halves(&self, prefetcher: &mut impl Prefetcher) {
        prefetcher.field(&self.start);
        self.client.prefetch(prefetcher);
        self.server.prefetch(prefetcher);
    }

    /// Prefetches what it keeps apart.
    #[inline]
    pub(super) fn prefetch_apart(&self, prefetcher: &mut impl Prefetcher) {
        if let Some(statistics) = &self.statistics {
            statistics.prefetch_apart(prefetcher);
        }
        self.wireshark.prefetch_apart(prefetcher);
        self.ends.prefetch_apart(prefetcher);
    }

    #[inline]
    pub(super) fn latest(&self) -> Option<Timestamp> {
        self.latest.get()
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

    /// The states of both ends, from what is known of them.
    #[inline]
    fn derive_states(&self) -> States {
        if let Some(end) = self.ended_by_reset() {
            return end.states;
        }
        let mut states = States {
            client: state::derive(&self.client, &self.server),
            server: state::derive(&self.server, &self.client),
        };
        if self.client.segments == 0 && self.server.segments == 0 && self.ends.roles() != Roles::Guessed {
            states.server = State::Listen;
        }
        if let Some(believer) = self.end.as_ref().filter(|end| !end.unheeded).map(|end| end.seen.from.peer())
            && self.half(believer).stray_syn().is_none()
        {
            match believer {
                Side::Client => states.client = State::Closed,
                Side::Server => states.server = State::Closed,
            }
        }
        states
    }

    /// Whether both ends are done, so that the same ports may be used again.
    pub(super) fn has_ended(&self) -> bool {
        self.ended_by_reset().is_some()
            || matches!((self.client.fin, self.server.fin), (Fin::Acked { .. }, Fin::Acked { .. }))
    }

    /// The RST that ended the connection, unless its end went on.
    fn ended_by_reset(&self) -> Option<&ResetEnd> {
        self.end.as_deref().filter(|end| !end.disproved && !end.unheeded)
    }

    /// Whether the connection is open at both ends.
    #[inline]
    pub(super) fn is_open(&self) -> bool {
        self.states == OPEN
    }

    /// Takes the next segment. What is found goes into `found`, which the event then borrows.
    pub(super) fn observe(&mut self, arrival: Arrival<'_>, found: &mut Vec<Finding>, mut tell: Tell<'_>) {
        found.clear();
        // For these the numbers do not matter.
        let Arrival { frame, segment, from, reuses_ports, .. } = arrival;
        self.measure_initial_rtt(segment, from, frame.time);
        let reading = if tell.is_some() {
            let measured = self.first_measured_rtt();
            self.wireshark.observe(segment, from, frame.time, measured, reuses_ports)
        } else {
            self.wireshark.complete(segment);
            Reading::default()
        };
        self.zeek.observe(segment, from);
        let duplicate = self.duplicate(segment, from, frame);
        if duplicate.is_some() || !self.fast_path(&arrival, &reading, &mut tell) {
            self.observe_in_full(arrival, (reading, duplicate), found, tell);
        }
    }

    /// Takes the next segment, whatever it is; `duplicate` where the same was captured before.
    #[inline(never)]
    fn observe_in_full(
        &mut self,
        arrival: Arrival<'_>,
        (reading, duplicate): (Reading, Option<Duplicate>),
        found: &mut Vec<Finding>,
        tell: Tell<'_>,
    ) {
        let Arrival { frame, segment, from, reuses_ports, tested } = arrival;
        let may_be_recut = segment.payload_len > 0 && brings_nothing_new(self.half(from), segment);
        let duplicate = duplicate.or_else(|| if may_be_recut { self.recut(&arrival) } else { None });
        let first = self.client.segments == 0 && self.server.segments == 0;
        let before = self.states;
        let mut labels = Labels::NONE;
        if reuses_ports {
            labels.insert(Label::PortReuse);
        }

        let said = segment.options.said();
        self.begin_statistics(segment, (&said, tested), first);
        let phase = self.phase();
        let (own, peer) = self.halves(from);
        let snapshots = tell.is_some().then(|| (own.snapshot(peer), peer.snapshot(own)));
        let snd_una = own.snd_una;
        own.count(segment.payload_len);
        let damage = if duplicate.is_none() { self.test_checksum(tested.outcome, from) } else { None };
        if damage.is_some() {
            labels.insert(Label::WrongChecksum);
        }

        let mut step = Step::default();
        let mut proved = None;
        let prior = self.prior(from);
        match &duplicate {
            Some(duplicate) => found.push(duplicate.finding()),
            None => self.judge_capture(&arrival, found),
        }
        let pauses = duplicate.is_none() && self.pauses(frame.time);
        let silence = if pauses { self.judge_pause(&arrival, found) } else { None };
        let (own, _) = self.halves(from);
        if duplicate.is_some() {
            let end = own.unwrap(segment.seq) + i64::from(segment.seq_len());
            let rare = own.rare();
            rare.capture_duplicates += 1;
            rare.copied_to = rare.copied_to.max(end);
            labels.insert(Label::CaptureDuplicate);
        } else if segment.flags.rst() {
            // What is damaged ends nothing.
            if damage != Some(Certainty::Certain) {
                let earlier = self.end.as_ref().map(|end| end.seen);
                let verdict = self.take_reset(&arrival, &mut labels);
                let ends_other = verdict == Some(reset::Effect::EndsOther);
                self.judge_reset(&arrival, (before, labels), (earlier, ends_other), found);
            }
        } else {
            if let Some(end) = &mut self.end {
                if let Some(course) = &mut end.course
                    && from != course.from
                {
                    course.late = course.late.saturating_add(segment.payload_len.into());
                }
                proved = self.goes_on_after_reset(&arrival);
            } else if segment.flags.syn() {
                proved = self.answers_again(&arrival);
            }
            let opening = self.syn_before(from);
            if segment.flags.syn() {
                self.note_wrong_answer(&arrival);
            }
            step = self.take(segment, &said, from, &mut labels);
            self.note_trouble(&arrival, labels, opening);
            self.hear_stamps(segment, &said, from, step);
            self.hear_itself(segment, &said, from, &mut labels);
        }
        if self.half(from).snd_una < snd_una && !step.anew.0 {
            self.take_back_missed(from, snd_una);
        }
        let duplicate = duplicate.is_some();
        if !duplicate && segment.payload_len > 0 && step.octets.is_some() {
            self.follow_sender(from, self.half(from).snd_nxt, frame);
        }
        let repetitions = if tell.is_some() { self.repetitions(from) } else { (0, 0) };
        let answered = self.follow(
            (segment, tested),
            from,
            frame,
            (labels, said, step),
            (phase, duplicate),
            (prior, found),
        );
        if let Some(proved) = proved {
            found.push(proved);
        }
        if let Some((lasted, certainty)) = silence {
            found.push(Finding::Silence { lasted, certainty });
        }
        let unique = if duplicate { 0 } else { step.unique_payload(segment) };
        if unique < segment.payload_len {
            let (own, _) = self.halves(from);
            own.rare().vain_bytes += u64::from(segment.payload_len - unique);
        }
        // A RST may be somebody else's.
        if !duplicate && !segment.flags.rst() {
            self.remember_ip_profile(&arrival);
        }
        self.keep(frame.number, segment.payload_len, found);
        if !duplicate {
            let (own, _) = self.halves(from);
            let end = own.unwrap(segment.seq) + i64::from(segment.seq_len());
            // Nothing answers a RST, and its window counts for nothing.
            if !segment.flags.rst() {
                own.latest = labels;
            }
            // What the receiver drops is as if it had not been sent.
            own.fin_missed |= labels.contains(Label::Fin) && damage == Some(Certainty::Certain);
            own.stale = segment.seq_len() > 0 && end <= snd_una;
        }
        self.states = self.derive_states();
        if let Some((tell, snapshots)) = tell.zip(snapshots) {
            let now = self.repetitions(from);
            let repeats = now.0 > repetitions.0 || now.1 > repetitions.1;
            let repetition = if repeats { now.0.max(now.1) } else { 0 };
            if step.ack.is_some() {
                self.hear_sack(&said, from);
            }
            let mut analysis = reading.marks;
            if duplicate {
                analysis.insert(Mark::CaptureDuplicate);
            }
            tell(&self.event(Account {
                frame,
                segment,
                from,
                first,
                delivery: step.delivery,
                newly_acked: step.newly_acked,
                labels,
                analysis,
                duplicate_ack: reading.duplicate_ack,
                repetition,
                findings: found,
                before,
                snapshots,
                answered,
            }));
        }
        self.remember_when(frame);
    }

    /// Duplicate acknowledgements that this end has sent in a row: those of RFC 5681, section 2, and those that show a loss.
    fn repetitions(&self, side: Side) -> (u32, u32) {
        let Some(statistics) = self.statistics.as_ref().map(|statistics| statistics.on(side)) else {
            return (0, 0);
        };
        (statistics.rare.as_ref().map_or(0, |rare| rare.duplicates), statistics.evidence.duplicate_acks())
    }

    /// Counts how the checksum of a segment came out, and says how sure it is that the segment is damaged.
    fn test_checksum(&mut self, verdict: Outcome, from: Side) -> Option<Certainty> {
        let half = match from {
            Side::Client => &self.client,
            Side::Server => &self.server,
        };
        if verdict == Outcome::Right {
            return None;
        }
        let (own, _) = self.statistics.as_mut()?.of(from);
        own.count_checksum(verdict);
        if verdict == Outcome::Wrong { own.checksums(half).damage() } else { None }
    }

    /// An end that is connected to itself is both ends (RFC 9293, section 3.5: a simultaneous open with
    /// itself): what it sends, it has also received.
    fn hear_itself(&mut self, segment: &Segment<'_>, said: &Said<'_>, from: Side, labels: &mut Labels) {
        if !self.ends.are_one() {
            return;
        }
        let mut mirrored = Labels::NONE;
        let teardown_segments = self.teardown_segments;
        self.take(segment, said, from.peer(), &mut mirrored);
        self.teardown_segments = teardown_segments;
        for label in [Label::SimultaneousOpen, Label::SimultaneousClose, Label::FinAcked] {
            if mirrored.contains(label) {
                labels.insert(label);
            }
        }
    }

    /// Takes note of the timestamps of a segment that was taken.
    fn hear_stamps(&mut self, segment: &Segment<'_>, said: &Said<'_>, from: Side, step: Step) {
        let Some((tsval, tsecr)) = said.stamps.filter(|_| step.octets.is_some()) else { return };
        if segment.flags.fin() && self.echoed[from.peer() as usize].is_newer(tsval) {
            // The receiver drops it, FIN and all.
            self.halves(from).0.fin_missed = true;
        }
        if segment.flags.ack() {
            self.echoed[from as usize] = Echoed(tsecr);
        }
    }

    /// Nanoseconds since the first segment, and since the one before.
    fn since(&self, time: Option<Timestamp>) -> (Option<i64>, Option<i64>) {
        let since = |earlier: OptTime| Some(time?.nanos_since(earlier.get()?));
        (since(self.start), since(self.previous))
    }

    fn remember_when(&mut self, frame: FrameInfo) {
        self.last_frame = frame.number;
        if let Some(time) = frame.time {
            self.start = self.start.or(Some(time));
            self.previous = Some(time).into();
            self.latest = self.latest.get().max(Some(time)).into();
        }
    }

    /// The first capture of this segment, if it was captured before.
    #[inline]
    fn duplicate(&mut self, segment: &Segment<'_>, from: Side, frame: FrameInfo) -> Option<Duplicate> {
        let Self { client, server, client_recent, server_recent, statistics, .. } = self;
        let (recent, own, peer) = match from {
            Side::Client => (client_recent, &*client, &*server),
            Side::Server => (server_recent, &*server, &*client),
        };
        let (ip_profiles, initial_rtt, states) = (&self.ip_profiles, self.initial_rtt, self.states);
        let around = || Around {
            initial_rtt: initial_rtt.get().map(Timestamp::nanos),
            counts_up: ip_profiles[from as usize].counts_up(),
            open: states == OPEN && own.syn_seen(),
            // Duplicate acknowledgements look like copies.
            doubled: is_doubled(own, peer)
                && (segment.seq_len() > 0 || peer.snd_una == peer.snd_nxt)
                && !statistics.as_ref().is_some_and(|statistics| statistics.is_asked_for(from)),
        };
        recent.duplicate(segment, frame, peer.segments, around)
    }

    /// The initial round trip in nanoseconds.
    fn initial_rtt(&self) -> Option<i64> {
        self.initial_rtt.get().map(Timestamp::nanos)
    }

    /// The initial round trip in nanoseconds as it was measured first, whatever followed.
    fn first_measured_rtt(&self) -> Option<i64> {
        let before = self.server.measured_before().or_else(|| self.client.measured_before());
        before.map(Timestamp::nanos).or_else(|| self.initial_rtt())
    }

    /// From the latest SYN to the first segment with ACK and without SYN, whoever sends it: the
    /// round trip as the place of capture sees it. What came before the other end's SYN measured no handshake.
    fn measure_initial_rtt(&mut self, segment: &Segment<'_>, from: Side, time: Option<Timestamp>) {
        if segment.flags.syn() {
            if !segment.flags.ack() {
                self.syn_time = time.into();
            } else if self.initial_rtt().is_some() && self.half(from).syn == Syn::NotSent {
                self.forget_initial_rtt(from);
            }
        } else if segment.flags.ack() && self.initial_rtt().is_none() {
            let since = |(time, syn): (Timestamp, _)| Timestamp::from_nanos(time.nanos_since(syn));
            self.initial_rtt = time.zip(self.syn_time.get()).map(since).into();
        }
    }

    /// The initial round trip measured no handshake, as the SYN of an end comes, or was sent, only now.
    #[cold]
    fn forget_initial_rtt(&mut self, side: Side) {
        let before = std::mem::take(&mut self.initial_rtt);
        let rare = self.halves(side).0.rare();
        rare.measured_before = rare.measured_before.get().or(before.get()).into();
    }
}

//! Octets of the host that the peer does not acknowledge, and the ways in which the kernel finds out.

use crate::script::{Call, Conversation, MSS, Number, Role, Step, call, hear, say, segment, wait};

/// Milliseconds from a segment of the host to the peer's answer.
const ROUND_TRIPS: [u64; 3] = [2, 30, 150];

/// What is agreed on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Terms {
    pub(crate) round_trip: u64,
    pub(crate) sack: bool,
    pub(crate) timestamps: bool,
    /// The host is the client.
    pub(crate) client: bool,
}

impl Terms {
    pub(crate) fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for round_trip in ROUND_TRIPS {
            for sack in [true, false] {
                all.extend([false, true].map(|timestamps| Self { round_trip, sack, timestamps, ..PLAIN }));
            }
        }
        all
    }

    /// Octets of a full segment.
    pub(crate) fn full(self) -> i64 {
        i64::from(MSS) - if self.timestamps { 12 } else { 0 }
    }

    pub(crate) fn conversation(self, name: &str, steps: Vec<Step>) -> Conversation {
        let Self { round_trip, sack, timestamps, client } = self;
        let agreed = match (sack, timestamps) {
            (true, true) => "SACK, timestamps",
            (true, false) => "SACK",
            (false, true) => "timestamps",
            (false, false) => "neither",
        };
        let (role, end) = if client { (Role::Client, ", client") } else { (Role::Server, "") };
        let name = format!("{name} ({round_trip} ms, {agreed}{end})");
        Conversation::new(name, role, steps).with_sack(sack).with_timestamps(timestamps)
    }

    /// The handshake and two lone segments of 500 octets with their acknowledgements: a round trip is known. The next
    /// octet of the host is 1001.
    pub(crate) fn opened(self) -> Vec<Step> {
        self.opened_after([self.round_trip; 3])
    }

    /// With the first three round trips.
    pub(crate) fn opened_after(self, [first, second, third]: [u64; 3]) -> Vec<Step> {
        let open = if self.client {
            vec![wait(first), say(segment("S.")), wait(1)]
        } else {
            vec![say(segment("S")), wait(first), say(segment(".")), call(Call::Accept)]
        };
        let lone = |trip| [call(Call::Write(500)), wait(trip), say(segment("."))];
        [open.as_slice(), &lone(second), &lone(third)].concat()
    }

    /// All that the host sends is acknowledged, and some more.
    pub(crate) fn goes_on(self) -> Vec<Step> {
        let trip = wait(self.round_trip);
        vec![
            trip.clone(),
            say(segment(".")),
            trip.clone(),
            say(segment(".")),
            call(Call::Write(300)),
            trip,
            say(segment(".")),
        ]
    }
}

/// Usual terms.
pub(crate) const PLAIN: Terms = Terms { round_trip: 20, sack: true, timestamps: false, client: false };

/// The first octet after [`Terms::opened`].
pub(crate) const START: i64 = 1001;

/// Which of the segments in flight are lost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Lost {
    First,
    Middle,
    Last,
    All,
}

/// So many full segments, of which some are lost: what the peer answers at first.
pub(crate) fn flight(terms: Terms, segments: usize, lost: &[usize], step: i64) -> Vec<Step> {
    let place = |nth: usize| START + nth as i64 * step;
    let mut steps = Vec::new();
    let (mut acked, mut blocks): (usize, Vec<(usize, usize)>) = (0, Vec::new());
    for nth in (0..segments).filter(|nth| !lost.contains(nth)) {
        if nth == acked {
            acked += 1;
        } else {
            match blocks.last_mut() {
                Some(last) if last.1 == nth => last.1 += 1,
                _ => blocks.push((nth, nth + 1)),
            }
        }
        let mut answer = segment(".").ack(Number::Isn(place(acked)));
        if terms.sack {
            let newest: Vec<_> = blocks.iter().rev().take(3).map(|(a, b)| (place(*a), place(*b))).collect();
            answer = answer.sack(&newest);
        }
        steps.push(say(answer));
    }
    steps
}

fn tails() -> Vec<Conversation> {
    let mut conversations = Vec::new();
    for terms in Terms::all() {
        for segments in [1, 2, 3, 10] {
            for lost in [Lost::First, Lost::Middle, Lost::Last, Lost::All] {
                let which: Vec<usize> = match lost {
                    Lost::First if segments > 1 => vec![0],
                    Lost::Middle if segments > 2 => vec![segments / 2],
                    Lost::Last if segments > 1 => vec![segments - 1],
                    Lost::All => (0..segments).collect(),
                    _ => continue,
                };
                let terms = Terms { client: conversations.len() % 2 == 1, ..terms };
                let mut steps = terms.opened();
                steps.push(call(Call::WriteSegments(segments)));
                steps.push(wait(terms.round_trip));
                steps.extend(flight(terms, segments, &which, terms.full()));
                steps.push(hear(1, 1500));
                steps.extend(terms.goes_on());
                let name = format!("{segments} in flight, {lost:?} lost");
                conversations.push(terms.conversation(&name, steps).over_ipv6(conversations.len() % 4 == 3));
            }
        }
    }
    conversations
}

/// Nothing is answered until so many repetitions have come.
fn timeouts() -> Vec<Conversation> {
    let mut conversations = Vec::new();
    for terms in Terms::all() {
        for (segments, repetitions) in [(1, 2), (1, 3), (3, 3), (10, 3)] {
            let mut steps = terms.opened();
            steps.extend([call(Call::WriteSegments(segments)), hear(repetitions, 4000)]);
            steps.extend(terms.goes_on());
            let name = format!("{segments} in flight, {repetitions} repetitions unanswered");
            conversations.push(terms.conversation(&name, steps));
        }
        let mut steps = terms.opened();
        steps.extend([call(Call::Write(200)), hear(1, 1500)]);
        steps.extend(terms.goes_on());
        conversations.push(terms.conversation("a short one lost", steps));
    }
    conversations
}

fn fins() -> Vec<Conversation> {
    let mut conversations = Vec::new();
    for terms in Terms::all() {
        for (octets, acked) in [(0, false), (500, false), (500, true)] {
            for repetitions in [1, 2, 3] {
                let mut steps = terms.opened();
                if octets > 0 {
                    steps.push(call(Call::Write(octets)));
                }
                steps.extend([call(Call::ShutdownWrite), wait(terms.round_trip)]);
                if acked {
                    steps.push(say(segment(".").ack(Number::Next(-1))));
                }
                steps.push(hear(repetitions, 2500));
                steps.extend([wait(terms.round_trip), say(segment(".")), say(segment("F."))]);
                let octets = if octets > 0 { "octets and " } else { "" };
                let known = if acked { ", the octets acknowledged" } else { "" };
                let name = format!("{octets}FIN lost{known}, {repetitions} repetitions");
                conversations.push(terms.conversation(&name, steps));
            }
        }
    }
    conversations
}

/// The FIN of the end that closes second.
fn last_fins() -> Vec<Conversation> {
    let close = |terms: Terms| {
        let mut steps = terms.opened();
        steps.extend([say(segment("F.")), wait(50), call(Call::Close), hear(2, 2500)]);
        steps.extend([wait(terms.round_trip), say(segment(".")), wait(1)]);
        terms.conversation("FIN lost in LAST-ACK", steps)
    };
    Terms::all().into_iter().map(close).collect()
}

/// Duplicate acknowledgements, which say nothing of what has arrived.
fn duplicate_acks() -> Vec<Conversation> {
    let mut conversations = Vec::new();
    for terms in Terms::all().into_iter().filter(|terms| !terms.sack) {
        for number in 1..=5 {
            let mut steps = terms.opened();
            steps.extend([call(Call::WriteSegments(10)), wait(terms.round_trip)]);
            steps.extend(vec![say(segment(".").ack(Number::Isn(START))); number]);
            steps.push(hear(1, 1200));
            steps.extend(terms.goes_on());
            conversations.push(terms.conversation(&format!("{number} duplicate ACKs"), steps));
        }
        // Two losses in one window: a partial acknowledgement.
        let mut steps = terms.opened();
        steps.extend([call(Call::WriteSegments(10)), wait(terms.round_trip)]);
        steps.extend(flight(terms, 10, &[0, 4], terms.full()));
        let partial = Number::Isn(START + 4 * terms.full());
        steps.extend([hear(1, 1200), wait(terms.round_trip), say(segment(".").ack(partial)), hear(1, 1200)]);
        steps.extend(terms.goes_on());
        conversations.push(terms.conversation("a partial acknowledgement", steps));
    }
    conversations
}

/// Acknowledgements that come late, and what they say of a repetition.
fn needless() -> Vec<Conversation> {
    let mut conversations = Vec::new();
    for terms in Terms::all() {
        let end = |segments: i64| START + segments * terms.full();
        // The original had arrived: the receiver reports the repetition as a duplicate.
        let mut steps = terms.opened();
        steps.extend([call(Call::WriteSegments(1)), hear(1, 1500), say(segment("."))]);
        let duplicate = segment(".").sack(if terms.sack { &[(START, START + 500)] } else { &[] });
        steps.extend([wait(terms.round_trip), say(duplicate), wait(1)]);
        steps.extend(terms.goes_on());
        conversations.push(terms.conversation("late acknowledgement, duplicate reported", steps));
        // After a timeout the acknowledgements of the first transmissions come.
        let mut steps = terms.opened();
        steps.extend([call(Call::WriteSegments(5)), hear(2, 2500)]);
        steps.extend((1..=5).map(|nth| say(segment(".").ack(Number::Isn(end(nth))))));
        steps.extend(terms.goes_on());
        conversations.push(terms.conversation("acknowledgements after timeouts", steps));
        // All ten are lost and come again one after the other.
        let mut steps = terms.opened();
        steps.extend([call(Call::WriteSegments(10)), hear(2, 2500), wait(terms.round_trip)]);
        for nth in [1, 3, 5, 7, 9] {
            steps.extend([
                say(segment(".").ack(Number::Isn(end(nth)))),
                hear(2, 600),
                wait(terms.round_trip),
            ]);
        }
        steps.extend(terms.goes_on());
        conversations.push(terms.conversation("all sent again after a timeout", steps));
        if terms.sack {
            conversations.push(reneging(terms));
        }
    }
    conversations
}

/// The receiver takes back what it had acknowledged selectively.
fn reneging(terms: Terms) -> Conversation {
    let mut steps = terms.opened();
    steps.extend([call(Call::WriteSegments(6)), wait(terms.round_trip)]);
    steps.extend(flight(terms, 6, &[0], terms.full()));
    steps.extend([hear(1, 1200), wait(terms.round_trip)]);
    steps.push(say(segment(".").ack(Number::Isn(START + terms.full()))));
    steps.push(hear(2, 1500));
    steps.extend(terms.goes_on());
    terms.conversation("reneging", steps)
}

pub(crate) fn conversations() -> Vec<Conversation> {
    [tails(), timeouts(), fins(), last_fins(), duplicate_acks(), needless()].concat()
}

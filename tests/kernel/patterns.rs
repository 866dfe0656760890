//! Losses of several segments, of short ones, of offloaded ones, and behind uneven round trips.

use crate::losses::{Terms, flight};
use crate::script::{Call, Conversation, Step, call, hear, wait};

/// Two holes in one window, and reordering that looks like loss.
fn holes() -> Vec<Conversation> {
    let mut conversations = Vec::new();
    for terms in Terms::all() {
        for (name, lost) in
            [("two holes", &[2, 6][..]), ("three in a row", &[3, 4, 5]), ("hole and tail", &[3, 9])]
        {
            let mut steps = terms.opened();
            steps.extend([call(Call::WriteSegments(10)), wait(terms.round_trip)]);
            steps.extend(flight(terms, 10, lost, terms.full()));
            steps.push(hear(2, 1200));
            steps.extend(terms.goes_on());
            conversations.push(terms.conversation(name, steps));
        }
    }
    conversations
}

/// What makes timers and repetitions differ from the plain case.
fn uneven() -> Vec<Conversation> {
    let mut conversations = Vec::new();
    for terms in Terms::all() {
        let mut add = |name: &str, trips: [u64; 3], loss: Vec<Step>| {
            let steps = [terms.opened_after(trips), loss, terms.goes_on()].concat();
            conversations.push(terms.conversation(name, steps));
        };
        let trip = terms.round_trip;
        let lone = vec![call(Call::Write(400)), hear(2, 3000)];
        add("uneven round trips, a lone one lost", [trip, trip + 100, trip], lone);
        let pair = vec![call(Call::WriteSegments(2)), hear(2, 3000)];
        add("uneven round trips, two lost", [trip, trip, trip + 80], pair);
        // More than the congestion window takes: a probe may be new octets.
        let more = vec![call(Call::WriteSegments(15)), hear(2, 1500)];
        add("15 written, all lost", [trip; 3], more);
        let answers = flight(terms, 10, &[9], terms.full());
        let more = [vec![call(Call::WriteSegments(20)), wait(trip)], answers, vec![hear(8, 1500)]].concat();
        add("20 written, the tenth lost", [trip; 3], more);
        // Short ones may come again as one.
        let short = vec![call(Call::Write(100)); 5];
        add("five short ones lost", [trip; 3], [short.clone(), vec![hear(2, 2500)]].concat());
        let answers = flight(terms, 5, &[0], 100);
        add(
            "the first short one lost",
            [trip; 3],
            [short, vec![wait(trip)], answers, vec![hear(1, 1500)]].concat(),
        );
        // A silence before.
        let idle = vec![wait(700), call(Call::WriteSegments(2)), hear(1, 1500)];
        add("lost after a silence", [trip; 3], idle);
    }
    conversations
}

/// One write of many segments, which the capture sees before they are cut up.
fn offloaded() -> Vec<Conversation> {
    let mut conversations = Vec::new();
    for terms in Terms::all().into_iter().filter(|terms| terms.round_trip < 150) {
        for (name, lost) in [
            ("first", &[0][..]),
            ("fourth", &[3]),
            ("last", &[9]),
            ("two", &[1, 7]),
            ("last two", &[8, 9]),
            ("all", &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ] {
            let mut steps = terms.opened();
            steps.push(call(Call::Write(10 * terms.full() as usize)));
            steps.push(wait(terms.round_trip));
            steps.extend(flight(terms, 10, lost, terms.full()));
            steps.push(hear(2, 1200));
            steps.extend(terms.goes_on());
            conversations.push(terms.conversation(&format!("offloaded, {name} lost"), steps));
        }
    }
    conversations
}

pub(crate) fn conversations() -> Vec<Conversation> {
    [holes(), uneven(), offloaded()].concat()
}

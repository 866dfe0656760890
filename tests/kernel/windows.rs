//! Closed windows, and segments that are too large for the path.

use crate::losses::{PLAIN, START, Terms};
use crate::script::{Call, Conversation, Number, Step, call, hear, say, segment, set, wait};

fn closed() -> Vec<Conversation> {
    let mut conversations = Vec::new();
    for sack in [true, false] {
        let terms = Terms { sack, ..PLAIN };
        let closed = segment(".").ack(Number::Isn(START + 2000)).window(0);
        let filled = |window: u16| {
            let mut steps = terms.opened();
            steps.extend([say(segment(".").window(window)), call(Call::WriteSegments(6)), wait(20)]);
            steps
        };
        for (probes, answered) in
            [(1, true), (2, true), (3, true), (4, true), (1, false), (2, false), (3, false)]
        {
            let mut steps = filled(2000);
            steps.push(say(closed.clone()));
            for _ in 0..probes {
                steps.push(hear(1, 4000));
                if answered {
                    steps.extend([wait(20), say(closed.clone())]);
                }
            }
            steps.extend([say(closed.clone().window(64_000)), hear(4, 500), wait(20), say(segment("."))]);
            let how = if answered { "answered" } else { "unanswered" };
            conversations.push(terms.conversation(&format!("closed window, {probes} probes {how}"), steps));
        }
        // The peer has taken nothing of what filled the window.
        let mut steps = filled(2000);
        steps.extend([say(segment(".").ack(Number::Isn(START)).window(0)), hear(2, 2500), wait(20)]);
        steps.extend([
            say(segment(".").ack(Number::Isn(START)).window(64_000)),
            hear(2, 1000),
            wait(20),
            say(segment(".")),
        ]);
        conversations.push(terms.conversation("window taken back", steps));
        // No full segment fits.
        let mut steps = filled(500);
        steps.extend([
            hear(1, 1500),
            wait(20),
            say(segment(".").window(64_000)),
            wait(50),
            say(segment(".")),
        ]);
        conversations.push(terms.conversation("window below a segment", steps));
        // FIN behind a closed window.
        let mut steps = filled(2000);
        steps.extend([
            say(closed.clone()),
            call(Call::ShutdownWrite),
            hear(2, 2500),
            say(closed.clone().window(64_000)),
            hear(4, 500),
            wait(20),
            say(segment(".")),
            say(segment("F.")),
        ]);
        conversations.push(terms.conversation("closed window before a FIN", steps));
    }
    conversations
}

fn too_big() -> Vec<Conversation> {
    let mut conversations = Vec::new();
    for ipv6 in [false, true] {
        let less = if ipv6 { 1300 } else { 900 };
        let ways = [
            ("too big", less, vec![]),
            ("too big, cut up", less, vec![Step::CutUp]),
            // A router names an MTU that the segment has already.
            ("small enough", 1480, vec![]),
            ("not heeded", less, vec![set("ip_no_pmtu_disc", "2"), Step::CutUp]),
        ];
        for (name, mtu, before) in ways.into_iter().filter(|(name, ..)| !ipv6 || *name != "not heeded") {
            for (sack, segments) in [(true, 1), (true, 3), (false, 1), (false, 3)] {
                let terms = Terms { sack, ..PLAIN };
                let loss = [call(Call::WriteSegments(segments)), wait(2), Step::TooBig(mtu), hear(2, 1500)];
                let steps = [before.clone(), terms.opened(), loss.to_vec(), terms.goes_on()].concat();
                let name = format!("{name}, {segments} segments");
                conversations.push(terms.conversation(&name, steps).over_ipv6(ipv6).with_mss(1400));
            }
        }
    }
    conversations
}

pub(crate) fn conversations() -> Vec<Conversation> {
    [closed(), too_big()].concat()
}

//! Every way to close, and what ends a connection in silence.

use crate::losses::{PLAIN, START, Terms};
use crate::script::{Call, Conversation, Number, Segment, Step, call, hear, say, segment, set, wait};

fn ways() -> Vec<Conversation> {
    let mut conversations = Vec::new();
    let octets = segment("P.").len(100);
    let fin = segment("F.");
    let late: Segment = segment("P.").len(50);
    let close = call(Call::Close);
    let ways: Vec<(&str, Vec<Step>)> = vec![
        ("close, answered by FIN", vec![close.clone(), wait(5), say(fin.clone()), wait(5)]),
        (
            "close, ACK, FIN",
            vec![close.clone(), wait(5), say(segment(".")), wait(5), say(fin.clone()), wait(5)],
        ),
        (
            "shutdown, octets, FIN",
            vec![
                call(Call::ShutdownWrite),
                wait(5),
                say(segment(".")),
                say(octets.clone()),
                say(fin.clone()),
                wait(5),
            ],
        ),
        (
            "shutdown of both, octets",
            vec![call(Call::ShutdownBoth), wait(5), say(segment(".")), say(octets.clone()), wait(5)],
        ),
        ("close, then octets come", vec![close.clone(), wait(5), say(octets.clone()), wait(5)]),
        (
            "close, ACK, then octets come",
            vec![close.clone(), wait(5), say(segment(".")), say(octets.clone()), wait(5)],
        ),
        (
            "close, octets under way that do not know of it",
            vec![
                close.clone(),
                say(octets.clone().ack(Number::Next(-1))),
                wait(5),
                say(late.clone()),
                wait(5),
            ],
        ),
        ("close, FIN with octets", vec![close.clone(), wait(5), say(segment("FP.").len(20)), wait(5)]),
        ("close with octets unread", vec![say(octets.clone()), wait(5), close.clone(), wait(5)]),
        (
            "close with octets unread after FIN",
            vec![say(octets.clone()), say(fin.clone()), wait(5), close.clone(), wait(5)],
        ),
        (
            "close with a part unread",
            vec![
                say(octets.clone()),
                call(Call::ReadAll),
                call(Call::Write(10)),
                wait(5),
                say(octets.clone()),
                wait(50),
                close.clone(),
                wait(5),
            ],
        ),
        ("abort", vec![call(Call::Abort), wait(5)]),
        (
            "abort with octets under way",
            vec![call(Call::WriteSegments(3)), wait(1), call(Call::Abort), wait(5)],
        ),
        (
            "abort after octets were read",
            vec![say(octets.clone()), call(Call::ReadAll), wait(50), call(Call::Abort), wait(5)],
        ),
        ("abort after FIN came", vec![say(fin.clone()), wait(50), call(Call::Abort), wait(5)]),
        (
            "abort after shutdown",
            vec![call(Call::ShutdownWrite), wait(5), say(segment(".")), call(Call::Abort), wait(5)],
        ),
        (
            "FIN comes, close",
            vec![say(fin.clone()), wait(50), close.clone(), wait(5), say(segment(".")), wait(5)],
        ),
        (
            "FIN comes with octets, close after reading",
            vec![
                say(segment("FP.").len(30)),
                call(Call::ReadAll),
                wait(50),
                close.clone(),
                wait(5),
                say(segment(".")),
            ],
        ),
        (
            "FIN comes, octets, close",
            vec![
                say(fin.clone()),
                call(Call::Write(300)),
                wait(5),
                say(segment(".")),
                close.clone(),
                wait(5),
                say(segment(".")),
            ],
        ),
        (
            "FIN comes, octets, the peer resets",
            vec![say(fin.clone()), call(Call::Write(300)), wait(5), say(segment("R").stray()), wait(5)],
        ),
        ("RST comes", vec![say(segment("R").stray()), wait(5), say(segment("."))]),
        ("RST with ACK comes", vec![say(segment("R.").stray()), wait(5)]),
        ("RST comes after close", vec![close.clone(), wait(5), say(segment("R").stray()), wait(5)]),
        (
            "RST comes in FIN-WAIT-2",
            vec![close.clone(), wait(5), say(segment(".")), say(segment("R").stray()), wait(5)],
        ),
        (
            "RST comes in TIME-WAIT",
            vec![close.clone(), wait(5), say(fin.clone()), say(segment("R").stray()), wait(5)],
        ),
        (
            "both close at once",
            vec![close.clone(), say(fin.clone().ack(Number::Next(-1))), wait(5), say(segment(".")), wait(5)],
        ),
        (
            "both close at once with octets",
            vec![
                call(Call::Write(100)),
                close.clone(),
                say(segment("FP.").len(40).ack(Number::Isn(START))),
                wait(5),
                say(segment(".")),
                wait(5),
            ],
        ),
        (
            "FIN of the peer again in TIME-WAIT",
            vec![
                close.clone(),
                wait(5),
                say(fin.clone()),
                wait(5),
                say(fin.clone().seq(Number::Next(-1))),
                wait(5),
            ],
        ),
        (
            "FIN of the peer again in CLOSE-WAIT",
            vec![
                say(fin.clone()),
                wait(50),
                say(fin.clone().seq(Number::Next(-1))),
                wait(5),
                close.clone(),
                wait(5),
                say(segment(".")),
            ],
        ),
        (
            "close while octets are unsent",
            vec![
                say(segment(".").window(1000)),
                call(Call::WriteSegments(4)),
                close.clone(),
                wait(5),
                say(segment(".").window(64_000)),
                hear(3, 100),
                say(segment(".")),
                wait(5),
                say(fin.clone()),
            ],
        ),
        (
            "FIN-WAIT-2 of an orphan ends",
            vec![
                set("tcp_fin_timeout", "1"),
                close.clone(),
                wait(5),
                say(segment(".")),
                wait(1300),
                say(fin.clone()),
                wait(5),
            ],
        ),
        (
            "a new SYN in TIME-WAIT",
            vec![
                close.clone(),
                wait(5),
                say(fin.clone()),
                wait(5),
                say(segment("S").seq(Number::Next(100_000))),
                wait(5),
            ],
        ),
    ];
    for terms in [PLAIN, Terms { timestamps: true, ..PLAIN }] {
        for (nth, (name, steps)) in ways.iter().enumerate() {
            let steps = [terms.opened(), steps.clone()].concat();
            conversations.push(terms.conversation(name, steps).over_ipv6(nth % 2 == 1));
        }
    }
    conversations
}

fn silences() -> Vec<Conversation> {
    let mut conversations = Vec::new();
    for ipv6 in [false, true] {
        let mut add = |name: &str, steps: Vec<Step>| {
            let steps = [PLAIN.opened(), steps].concat();
            conversations.push(PLAIN.conversation(name, steps).over_ipv6(ipv6));
        };
        let keep = call(Call::KeepAlive(1, 1, 2));
        let answer = [hear(1, 1500), wait(5), say(segment("."))];
        add("keep-alives answered", [vec![keep.clone()], answer.to_vec(), answer.to_vec()].concat());
        add("keep-alives unanswered", vec![keep.clone(), hear(3, 4500), wait(20)]);
        add(
            "keep-alive unanswered, then octets",
            vec![keep.clone(), hear(1, 1500), wait(5), say(segment("P.").len(10)), wait(45)],
        );
        add(
            "keep-alive, then a RST of the peer",
            vec![keep, hear(1, 1500), wait(5), say(segment("R").stray()), wait(5)],
        );
        add(
            "a keep-alive of the peer",
            vec![say(segment(".").seq(Number::Next(-1))), wait(5), say(segment("P.").len(10)), wait(45)],
        );
        let user = call(Call::UserTimeout(500));
        add(
            "user timeout",
            vec![user.clone(), call(Call::Write(300)), wait(1800), say(segment(".")), wait(5)],
        );
        add(
            "user timeout after FIN",
            vec![user, call(Call::ShutdownWrite), wait(1800), say(segment(".")), wait(5)],
        );
        add(
            "gives up",
            vec![set("tcp_retries2", "2"), call(Call::Write(300)), wait(3000), say(segment(".")), wait(5)],
        );
        add(
            "orphan gives up",
            vec![
                set("tcp_orphan_retries", "1"),
                call(Call::Write(300)),
                call(Call::Close),
                wait(2500),
                say(segment(".")),
                wait(5),
            ],
        );
    }
    conversations
}

pub(crate) fn conversations() -> Vec<Conversation> {
    [ways(), silences()].concat()
}

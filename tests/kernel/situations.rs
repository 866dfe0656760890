//! Openings, closed windows, keep-alives, Fast Open, closes, and routers that cannot forward.

use crate::losses::{START, Terms};
use crate::script::{Call, Conversation, Number, Role, Segment, Step, hear, say, segment, wait};

/// A cookie of Fast Open (RFC 7413, section 4.1.1).
const COOKIE: [u8; 10] = [34, 10, 1, 2, 3, 4, 5, 6, 7, 8];

const PLAIN: Terms = Terms { round_trip: 20, sack: true, timestamps: false };

fn set(name: &'static str, value: &'static str) -> Step {
    Step::Set(name, value)
}

fn call(call: Call) -> Step {
    Step::Do(call)
}

fn openings() -> Vec<Conversation> {
    let mut conversations = Vec::new();
    let open = segment("S.");
    for ipv6 in [false, true] {
        let mut add = |name: &str, role, steps| {
            conversations.push(Conversation::new(name, role, steps).over_ipv6(ipv6));
        };
        for tries in 1..=3 {
            let late =
                vec![hear(tries, 4000), wait(5), say(open.clone()), wait(2), say(segment("P.").len(10))];
            add(&format!("SYN sent {tries} times more"), Role::Client, late);
        }
        add("SYN never answered", Role::Client, vec![set("tcp_syn_retries", "1"), hear(3, 3500)]);
        for tries in 1..=2 {
            let late = vec![
                say(segment("S")),
                hear(tries, 3500),
                wait(5),
                say(segment(".")),
                say(segment("P.").len(10)),
            ];
            add(&format!("SYN,ACK sent {tries} times more"), Role::Server, late);
        }
        let again = vec![
            say(segment("S")),
            wait(300),
            say(segment("S").seq(Number::Isn(0))),
            wait(300),
            say(segment("S").seq(Number::Isn(0))),
            wait(5),
            say(segment(".")),
            say(segment("P.").len(10)),
        ];
        add("SYN of the peer again", Role::Server, again);
        let lost_ack = vec![
            wait(2),
            say(open.clone()),
            wait(300),
            say(open.clone().seq(Number::Isn(0)).ack(Number::Isn(1))),
            wait(5),
            say(segment("P.").len(10)),
        ];
        add("SYN,ACK of the peer again", Role::Client, lost_ack);
        add("refused", Role::Nobody, vec![say(segment("S")), wait(5), say(segment("S").seq(Number::Isn(0)))]);
        add("refuses", Role::Client, vec![wait(2), say(segment("R.").ack(Number::Isn(1)))]);
        add(
            "a bare RST in SYN-SENT",
            Role::Client,
            vec![wait(2), say(segment("R")), wait(2), say(open.clone()), wait(2)],
        );
        add("given up while it opens", Role::Client, vec![wait(2), call(Call::Abort), wait(2)]);
        let listener_gone =
            vec![say(segment("S")), wait(2), call(Call::CloseListener), say(segment(".")), wait(2)];
        add("the listener goes while it opens", Role::Server, listener_gone);
        let full = call(Call::FillQueue(2));
        let dropped = vec![
            full.clone(),
            say(segment("S")),
            wait(300),
            say(segment("S").seq(Number::Isn(0))),
            call(Call::EmptyQueue),
            wait(300),
            say(segment("S").seq(Number::Isn(0))),
            wait(5),
            say(segment(".")),
            say(segment("P.").len(10)),
        ];
        add("accept queue full, SYN dropped", Role::Server, dropped);
        let ack_dropped = vec![
            say(segment("S")),
            wait(5),
            full.clone(),
            say(segment(".")),
            hear(1, 1500),
            call(Call::EmptyQueue),
            wait(5),
            say(segment(".")),
            say(segment("P.").len(10)),
        ];
        add("accept queue full, ACK dropped", Role::Server, ack_dropped);
        let refused = vec![
            set("tcp_abort_on_overflow", "1"),
            say(segment("S")),
            wait(5),
            full,
            say(segment(".")),
            wait(5),
        ];
        add("accept queue full, RST", Role::Server, refused);
        let both = vec![
            wait(2),
            say(segment("S")),
            wait(2),
            say(open.clone().seq(Number::Isn(0)).ack(Number::Isn(1))),
            say(segment(".")),
            say(segment("P.").len(10)),
        ];
        add("simultaneous open", Role::Client, both);
    }
    conversations
}

fn windows() -> Vec<Conversation> {
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

fn closes() -> Vec<Conversation> {
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

fn fast_open() -> Vec<Conversation> {
    let mut conversations = Vec::new();
    // Octets on the SYN without a cookie: the client's and the server's part of RFC 7413.
    let (client, server) = (set("tcp_fastopen", "5"), set("tcp_fastopen", "1539"));
    let some = || segment("S.").ack(Number::Isn(1));
    let all = || segment("S.").ack(Number::Isn(101));
    let cases: Vec<(&str, Role, Vec<Step>)> = vec![
        (
            "taken",
            Role::FastOpen(100),
            vec![client.clone(), wait(20), say(all()), wait(5), say(segment("P.").len(30)), wait(45)],
        ),
        (
            "not taken",
            Role::FastOpen(100),
            vec![client.clone(), wait(20), say(some()), wait(20), say(segment(".")), wait(5)],
        ),
        (
            "not taken, lost again",
            Role::FastOpen(100),
            vec![client.clone(), wait(20), say(some()), hear(2, 1500), wait(20), say(segment(".")), wait(5)],
        ),
        (
            "SYN timed out",
            Role::FastOpen(100),
            vec![client.clone(), hear(1, 1500), wait(20), say(some()), wait(20), say(segment(".")), wait(5)],
        ),
        (
            "SYN timed out, both answered",
            Role::FastOpen(100),
            vec![client.clone(), hear(1, 1500), wait(20), say(all()), wait(20), say(segment(".")), wait(5)],
        ),
        (
            "refused",
            Role::FastOpen(100),
            vec![client, wait(20), say(segment("R.").ack(Number::Isn(101))), wait(5)],
        ),
        (
            "server takes",
            Role::Server,
            vec![
                server.clone(),
                say(segment("S").len(50)),
                wait(20),
                say(segment(".")),
                call(Call::Accept),
                say(segment("P.").len(10)),
                wait(45),
            ],
        ),
        (
            "server takes and answers at once",
            Role::Server,
            vec![
                server.clone(),
                say(segment("S").len(50)),
                call(Call::Accept),
                call(Call::Write(200)),
                wait(20),
                say(segment(".")),
                say(segment("P.").len(10)),
                wait(45),
            ],
        ),
        (
            "server's answer lost",
            Role::Server,
            vec![
                server.clone(),
                say(segment("S").len(50)),
                call(Call::Accept),
                call(Call::Write(200)),
                hear(1, 1500),
                wait(20),
                say(segment(".")),
                wait(5),
            ],
        ),
        (
            "server does not take",
            Role::Server,
            vec![
                say(segment("S").len(50)),
                wait(20),
                say(segment(".").seq(Number::Isn(1))),
                call(Call::Accept),
                say(segment("P.").seq(Number::Isn(1)).len(50)),
                wait(45),
            ],
        ),
    ];
    for (nth, (name, role, steps)) in cases.into_iter().enumerate() {
        for ipv6 in [false, true] {
            let name = format!("Fast Open, {name}");
            conversations
                .push(Conversation::new(name, role, steps.clone()).over_ipv6(ipv6).with_sack(nth != 2));
        }
    }
    conversations
}

fn too_big() -> Vec<Conversation> {
    let mut conversations = Vec::new();
    for ipv6 in [false, true] {
        for sack in [true, false] {
            for segments in [1, 3] {
                let terms = Terms { sack, ..PLAIN };
                let mtu = if ipv6 { 1300 } else { 900 };
                let mut steps = terms.opened();
                steps.extend([
                    call(Call::WriteSegments(segments)),
                    wait(2),
                    Step::TooBig(mtu),
                    hear(2, 1000),
                ]);
                steps.extend(terms.goes_on());
                let name = format!("too big, {segments} segments");
                conversations.push(terms.conversation(&name, steps).over_ipv6(ipv6).with_mss(1400));
                // A router names an MTU that the segment has already.
                let mut steps = terms.opened();
                steps.extend([
                    call(Call::WriteSegments(segments)),
                    wait(2),
                    Step::TooBig(1480),
                    hear(2, 1500),
                ]);
                steps.extend(terms.goes_on());
                let name = format!("small enough, {segments} segments");
                conversations.push(terms.conversation(&name, steps).over_ipv6(ipv6).with_mss(1400));
            }
        }
    }
    conversations
}

pub(crate) fn conversations() -> Vec<Conversation> {
    [openings(), windows(), silences(), closes(), fast_open(), too_big()].concat()
}

//! Openings: repeated, refused, given up, at once from both sides, without room, with octets on the SYN.

use crate::script::{Call, Conversation, Number, Role, Step, call, hear, say, segment, set, wait};

/// A cookie of Fast Open (RFC 7413, section 4.1.1).
const COOKIE: [u8; 10] = [34, 10, 1, 2, 3, 4, 5, 6, 7, 8];

fn handshakes() -> Vec<Conversation> {
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
            "asks for a cookie",
            Role::FastOpen(100),
            vec![
                set("tcp_fastopen", "1"),
                wait(20),
                say(some().options(&COOKIE)),
                wait(20),
                say(segment(".")),
                wait(5),
            ],
        ),
        (
            "asks for a cookie in vain",
            Role::FastOpen(100),
            vec![set("tcp_fastopen", "1"), wait(20), say(some()), wait(20), say(segment(".")), wait(5)],
        ),
        (
            "is asked for a cookie",
            Role::Server,
            vec![
                set("tcp_fastopen", "1027"),
                say(segment("S").options(&[34, 2])),
                wait(20),
                say(segment(".")),
                call(Call::Accept),
                say(segment("P.").len(10)),
                wait(45),
            ],
        ),
        (
            "a wrong cookie",
            Role::Server,
            vec![
                set("tcp_fastopen", "1027"),
                say(segment("S").len(50).options(&COOKIE)),
                wait(20),
                say(segment(".").seq(Number::Isn(1))),
                call(Call::Accept),
                say(segment("P.").seq(Number::Isn(1)).len(50)),
                wait(45),
            ],
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

pub(crate) fn conversations() -> Vec<Conversation> {
    [handshakes(), fast_open()].concat()
}

//! Every state of the host, reached as a server and as a client, and every segment in it.

use crate::script::{Call, Conversation, Number, Role, Segment, Step, call, say, segment, wait};

/// A state, and how the host comes to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Reached {
    Listen,
    SynSent,
    SynReceived,
    Established,
    FinWait1,
    FinWait2,
    CloseWait,
    Closing,
    LastAck,
    TimeWait,
    Closed,
    /// There never was a connection.
    Nothing,
}

const REACHED: [Reached; 12] = [
    Reached::Listen,
    Reached::SynSent,
    Reached::SynReceived,
    Reached::Established,
    Reached::FinWait1,
    Reached::FinWait2,
    Reached::CloseWait,
    Reached::Closing,
    Reached::LastAck,
    Reached::TimeWait,
    Reached::Closed,
    Reached::Nothing,
];

/// The handshake and some octets each way.
fn opened(role: Role) -> Vec<Step> {
    let mut steps = match role {
        Role::Server => vec![say(segment("S")), wait(2), say(segment(".")), call(Call::Accept)],
        _ => vec![wait(2), say(segment("S.")), wait(1)],
    };
    steps.extend([
        say(segment("P.").len(100)),
        call(Call::ReadAll),
        call(Call::Write(200)),
        wait(2),
        say(segment(".")),
    ]);
    steps
}

/// How the host comes to a state; `None` where it cannot in this role.
fn reach(state: Reached, role: Role) -> Option<Vec<Step>> {
    let server = role == Role::Server;
    let then = |more: &[Step]| Some([opened(role), more.to_vec()].concat());
    let shut = call(Call::ShutdownWrite);
    let fin = say(segment("F."));
    match state {
        Reached::Listen => server.then(Vec::new),
        Reached::Nothing => server.then(Vec::new),
        Reached::SynSent => (!server).then(Vec::new),
        Reached::SynReceived if server => Some(vec![say(segment("S")), wait(2)]),
        // A simultaneous open.
        Reached::SynReceived => Some(vec![wait(2), say(segment("S"))]),
        Reached::Established => then(&[]),
        Reached::FinWait1 => then(&[shut, wait(1)]),
        Reached::FinWait2 => then(&[shut, wait(1), say(segment("."))]),
        Reached::CloseWait => then(&[fin, wait(45)]),
        Reached::Closing => then(&[shut, wait(1), say(segment("F.").ack(Number::Next(-1)))]),
        Reached::LastAck => then(&[fin, wait(45), call(Call::Close)]),
        Reached::TimeWait => then(&[shut, wait(1), fin, wait(1)]),
        Reached::Closed => then(&[fin, wait(45), call(Call::Close), say(segment("."))]),
    }
}

/// The segments that are thrown at each state.
fn thrown() -> Vec<(&'static str, Segment)> {
    let next = Number::Next;
    vec![
        ("syn", segment("S").seq(next(70_000))),
        ("syn_below", segment("S").seq(next(-70_000))),
        ("syn_ack", segment("S.").seq(next(80_000))),
        ("syn_ack_again", segment("S.").seq(Number::Isn(0)).ack(Number::Isn(1))),
        ("ack_too_high", segment(".").ack(next(5_000)).stray()),
        ("ack_too_old", segment(".").ack(next(-100_000)).stray()),
        ("number_below", segment(".").seq(next(-1))),
        ("fin", segment("F.")),
        ("fin_with_ack_too_high", segment("F.").ack(next(5_000)).stray()),
        ("rst_exact", segment("R").stray()),
        ("rst_ack_exact", segment("R.").stray()),
        ("rst_on_the_fin", segment("R").seq(next(-1))),
        ("rst_in_window", segment("R").seq(next(100))),
        ("rst_outside", segment("R").seq(next(-100_000))),
        ("data", segment("P.").len(300)),
        ("data_below", segment("P.").seq(next(-50)).len(50)),
        ("data_with_ack_too_high", segment("P.").ack(next(5_000)).len(30).stray()),
        ("data_with_ack_too_old", segment("P.").ack(next(-100_000)).len(30).stray()),
        ("data_without_ack", segment("P").len(30).stray()),
        ("nothing", segment("").stray()),
        ("ack_again", segment(".").stray()),
        ("fin_below", segment("F.").seq(next(-1))),
        ("fin_before_octets", segment("F.").seq(next(10))),
        ("syn_exact", segment("S").seq(next(0))),
        ("syn_with_octets", segment("S").seq(next(90_000)).len(20)),
        ("syn_fin", segment("SF").seq(next(0))),
        ("rst_ack_in_window", segment("R.").seq(next(100))),
        ("rst_ack_with_ack_too_high", segment("R.").ack(next(5_000)).stray()),
        ("rst_at_the_edge", segment("R").seq(next(64_239))),
        ("data_beyond", segment("P.").seq(next(10_000_000)).len(50)),
    ]
}

/// What the peer would have sent in this state without that segment, so that a wrong state shows.
fn goes_on(state: Reached, role: Role) -> Vec<Step> {
    match state {
        Reached::Listen => vec![wait(1), say(segment("S")), wait(1), say(segment("."))],
        Reached::SynSent => vec![wait(1), say(segment("S.")), wait(1), say(segment("P.").len(10))],
        Reached::SynReceived if role == Role::Server => {
            vec![wait(1), say(segment(".")), say(segment("P.").len(10))]
        }
        Reached::SynReceived => {
            vec![wait(1), say(segment(".").ack(Number::Isn(1))), say(segment("P.").len(10))]
        }
        Reached::Established => vec![wait(1), say(segment("P.").len(10)), wait(45)],
        Reached::FinWait1 => vec![wait(1), say(segment(".")), say(segment("F."))],
        Reached::FinWait2 => vec![wait(1), say(segment("P.").len(10)), say(segment("F."))],
        Reached::CloseWait => {
            vec![
                wait(45),
                call(Call::Write(50)),
                wait(1),
                say(segment(".")),
                call(Call::Close),
                say(segment(".")),
            ]
        }
        Reached::Closing | Reached::LastAck => vec![wait(1), say(segment(".")), wait(1)],
        Reached::TimeWait => vec![wait(1), say(segment("F.").seq(Number::Next(-1))), wait(1)],
        Reached::Closed | Reached::Nothing => vec![wait(1), say(segment(".").stray()), wait(1)],
    }
}

/// Where a FIN of the peer was sent, it has no data and no second FIN to send.
fn is_closed(state: Reached) -> bool {
    use Reached::{CloseWait, Closed, Closing, LastAck, TimeWait};
    matches!(state, CloseWait | Closing | LastAck | TimeWait | Closed)
}

pub(crate) fn conversations() -> Vec<Conversation> {
    let mut conversations = Vec::new();
    for role in [Role::Server, Role::Client] {
        for state in REACHED {
            let Some(steps) = reach(state, role) else { continue };
            for (name, segment) in thrown() {
                // The octets before it come where the peer goes on with some.
                if name == "fin_before_octets" && !matches!(state, Reached::Established | Reached::FinWait2) {
                    continue;
                }
                let segment = if is_closed(state) { segment.stray() } else { segment };
                let mut steps = steps.clone();
                steps.push(Step::Say(segment));
                steps.extend(goes_on(state, role));
                let end = if role == Role::Server { "server" } else { "client" };
                let begins = if state == Reached::Nothing { Role::Nobody } else { role };
                let name = format!("{end} in {state:?}, {name}");
                let terms = conversations.len() % 3;
                let conversation = Conversation::new(name, begins, steps).over_ipv6(terms == 2);
                conversations.push(conversation.with_timestamps(terms == 1).with_scale(terms == 1));
            }
        }
    }
    conversations
}

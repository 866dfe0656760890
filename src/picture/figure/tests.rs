use super::*;

/// RFC 9293, section 3.3.2, figure 5, read edge by edge from the top down: where it begins, where it ends, the words
/// above its rule and those below it.
const FIGURE_5: &str = "\
CLOSED > SYN-SENT: active OPEN / create TCB, snd SYN
CLOSED > LISTEN: passive OPEN / create TCB
LISTEN > CLOSED: CLOSE / delete TCB
SYN-SENT > CLOSED: CLOSE / delete TCB
SYN-RECEIVED > LISTEN: rcv RST
LISTEN > SYN-RECEIVED: rcv SYN / snd SYN,ACK
LISTEN > SYN-SENT: SEND / snd SYN
SYN-SENT > SYN-RECEIVED: rcv SYN / snd SYN,ACK
SYN-RECEIVED > ESTABLISHED: rcv ACK of SYN
SYN-SENT > ESTABLISHED: rcv SYN,ACK / snd ACK
SYN-RECEIVED > FIN-WAIT-1: CLOSE / snd FIN
ESTABLISHED > FIN-WAIT-1: CLOSE / snd FIN
ESTABLISHED > CLOSE-WAIT: rcv FIN / snd ACK
FIN-WAIT-1 > FIN-WAIT-2: rcv ACK of FIN
FIN-WAIT-1 > CLOSING: rcv FIN / snd ACK
CLOSE-WAIT > LAST-ACK: CLOSE / snd FIN
FIN-WAIT-2 > TIME-WAIT: rcv FIN / snd ACK
CLOSING > TIME-WAIT: rcv ACK of FIN
LAST-ACK > CLOSED: rcv ACK of FIN
TIME-WAIT > CLOSED: Timeout=2MSL / delete TCB
";

#[test]
fn the_edges_are_those_of_the_figure() {
    let edges =
        EDGES.iter().map(|edge| format!("{} > {}: {}\n", edge.from.state(), edge.to.state(), edge.words()));
    assert_eq!(edges.collect::<String>(), FIGURE_5);
    let noted: Vec<_> = EDGES.iter().filter(|edge| edge.note.is_some()).collect();
    assert_eq!(noted.len(), 1);
    assert_eq!((noted[0].event, noted[0].note), (Event::ReceiveRst, Some(1)));
}

#[test]
fn each_edge_is_there_once_and_is_found_by_its_ends() {
    for (place, one) in EDGES.iter().enumerate() {
        assert_eq!(one.place, place);
        assert_eq!(edge(one.from, one.to), Some(one));
        assert_eq!(between(one.from.state(), one.to.state()), Some(one));
        assert_eq!(EDGES.iter().filter(|other| (other.from, other.to) == (one.from, one.to)).count(), 1);
    }
    assert_eq!(edge(Node::Established, Node::End), None);
    assert_eq!(between(State::FinWait1, State::TimeWait), None, "note 2");
}

#[test]
fn every_state_has_a_box_and_closed_has_two() {
    for state in State::ALL {
        let boxes: Vec<_> = Node::ALL.into_iter().filter(|node| node.state() == state).collect();
        assert_eq!(boxes.len(), if state == State::Closed { 2 } else { 1 });
        assert!(boxes.contains(&Node::of(state, true)) && boxes.contains(&Node::of(state, false)));
        assert!(EDGES.iter().any(|edge| edge.from.state() == state || edge.to.state() == state));
    }
}

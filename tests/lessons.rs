//! What a conversation shows, of the bundled captures: the same that a lesson says of what it has just seen.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;

use tcpscope::lesson::closing::{self, Closing};
use tcpscope::lesson::conversation;
use tcpscope::lesson::loss::Loss;
use tcpscope::lesson::seen::Seen;
use tcpscope::lesson::window::Window;
use tcpscope::wire::call::Role;
use tcpscope::{EachSegment, Engine, File};

/// What there is of segments in a bundled capture of one connection.
fn seen(name: &str) -> Seen {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures").join(name);
    let mut seen = Seen::default();
    Engine::new().run(File::open(&path).unwrap(), EachSegment(|event, _| seen.segment(event))).unwrap();
    seen
}

#[test]
fn a_close_in_three_segments_joins_two_of_four_steps() {
    let close = Closing::of(&seen("handshake.pcap")).unwrap();
    assert!(close.is_joined() && !close.has_four());
    let words = "The close has three segments: frame 9 is the client's FIN, which says that it has no more to send; frame 10 is \
                 the server's FIN and acknowledges the first FIN as well; frame 11 acknowledges it.";
    assert_eq!(close.sentence(), words);
}

#[test]
fn a_close_in_four_segments_has_a_step_in_each() {
    let seen = seen("close-in-four.pcap");
    let close = Closing::of(&seen).unwrap();
    assert!(close.has_four() && !close.is_joined());
    let frames = [Some(close.fin), close.acked_by, close.other_fin, close.other_acked_by].map(Option::unwrap);
    assert!(frames.is_sorted() && frames[3] - frames[0] == 3, "{frames:?}");
    assert!(close.sentence().starts_with("The close has four segments: "), "{}", close.sentence());
}

#[test]
fn two_fins_that_cross_close_at_once() {
    let close = Closing::of(&seen("simultaneous-close.pcap")).unwrap();
    assert!(close.sentence().starts_with("Both ends close at once: "), "{}", close.sentence());
}

#[test]
fn a_reset_is_no_close() {
    let seen = seen("reset.pcap");
    let (who, frame) = closing::reset(&seen).unwrap();
    let sentences = conversation::sentences(&seen);
    let end = format!("End: frame {frame} is a RST of the {}: ", who.name());
    let told = sentences.last().unwrap();
    assert!(told.starts_with(&end), "{sentences:?}");
    // Linux hands octets that had arrived before the RST to who reads then.
    assert!(told.ends_with("what was under way is lost."), "{told}");
}

#[test]
fn a_connection_that_was_refused_was_not_opened() {
    let sentences = conversation::sentences(&seen("refused.pcap"));
    assert_eq!(sentences[0], "Frame 1 asks for a connection, and none was opened.");
}

#[test]
fn where_nothing_was_seen_nothing_is_said() {
    assert_eq!(conversation::sentences(&Seen::default()), [""; 0]);
    assert_eq!(Closing::of(&Seen::default()), None);
    assert_eq!(Window::of(&Seen::default(), Role::Server).sentences(), None);
}

#[test]
fn a_window_that_closes_and_opens_is_told_with_its_probes() {
    let seen = seen("zero-window.pcap");
    let window = Window::of(&seen, Role::Server);
    let closed = window.closed.clone().expect("it closes");
    let (opened, after) = closed.opened.expect("it opens again");
    assert!(closed.frame < opened.frame && after > 0 && opened.octets > 0, "{closed:?}");
    assert!(!closed.probes.is_empty(), "{closed:?}");
    assert!(
        closed.probes.iter().all(|(frame, wait)| (closed.frame..opened.frame).contains(frame) && *wait > 0)
    );
    let sentences = window.sentences().unwrap();
    assert_eq!(sentences.len(), 3);
    assert!(sentences[0].ends_with(&format!("to 0 in frame {}.", closed.frame)), "{sentences:?}");
    assert!(
        sentences[2].starts_with(&format!("As soon as the program reads, frame {} ", opened.frame)),
        "{sentences:?}"
    );
    // The other end's stayed open.
    assert_eq!(Window::of(&seen, Role::Client).closed, None);
}

#[test]
fn what_duplicate_acknowledgements_ask_for_is_no_timeout() {
    let loss = Loss::of(&seen("fast-retransmission.pcap"), Role::Client);
    assert_eq!((loss.by_acknowledgements.as_slice(), loss.total()), (&[(13, Some(5))][..], 1));
    assert_eq!(loss.about_timeouts(), None);
}

//! Conversations, and what is said of a segment: the cause that the capture shows, and no other.

#[path = "support/script.rs"]
mod script;

use std::convert::Infallible;

use script::Script;
use tcpscope::explain::explain;
use tcpscope::track::event::{Event, Sink};
use tcpscope::track::report::Report;
use tcpscope::track::tracker::{Limits, Tracker};
use tcpscope::wire::decode::Decoder;

#[derive(Default)]
struct Sentences(Vec<String>);

impl Sink for Sentences {
    type Error = Infallible;

    fn event(&mut self, event: &Event<'_>) -> Result<(), Infallible> {
        self.0.push(explain(event, false).to_string());
        Ok(())
    }

    fn ended(&mut self, _: Report) -> Result<(), Infallible> {
        Ok(())
    }
}

/// What is said of each segment of a conversation.
fn told(conversation: &str) -> Vec<String> {
    let script = Script::parse("told", conversation).unwrap_or_else(|error| panic!("{error}"));
    let (mut decoder, mut tracker) = (Decoder::default(), Tracker::new(Limits::default()));
    let mut sentences = Sentences::default();
    for (number, recorded) in (1..).zip(script.frames()) {
        let frame = recorded.frame(number);
        let segment = decoder.decode(&frame).unwrap_or_else(|skip| panic!("frame {number}: {skip:?}"));
        let Ok(()) = tracker.observe(frame.info(), &segment, &mut sentences);
    }
    sentences.0
}

/// What is said of its last segment.
#[track_caller]
fn last(conversation: &str) -> String {
    told(conversation).pop().unwrap_or_default()
}

#[track_caller]
fn says(conversation: &str, wanted: &str) {
    let text = last(conversation);
    assert!(text.contains(wanted), "wanted: {wanted}\n  told: {text}");
}

#[test]
fn a_duplicate_ack_needs_octets_that_wait_for_it() {
    let lost = "open
        +1     C P.  1:101(100)    ack 1
        +0     C P.  101:201(100)  ack 1
        +0.010 S .   1:1(0)        ack 1";
    says(lost, "most likely behind a gap");
    let idle = "open
        +1     C P.  1:101(100)    ack 1
        +0.010 S .   1:1(0)        ack 101
        +0.010 S .   1:1(0)        ack 101";
    says(idle, "no sign of a loss [RFC 5681 2].");
}

#[test]
fn the_third_duplicate_ack_is_the_one_that_counts() {
    let told = told(
        "open
        +1     C P.  1:101(100)    ack 1
        +0     C P.  101:501(400)  ack 1
        +0.010 S .   1:1(0)        ack 1
        +0.001 S .   1:1(0)        ack 1
        +0.001 S .   1:1(0)        ack 1
        +0.001 S .   1:1(0)        ack 1",
    );
    assert!(told[6].contains("(repetition 2)"), "{}", told[6]);
    assert!(told[7].contains("to send it again at once [RFC 5681 3.2]"), "{}", told[7]);
    assert!(told[8].contains("one more segment has arrived"), "{}", told[8]);
}

#[test]
fn what_comes_again_is_acknowledged_again_and_no_gap_is_to_blame() {
    let fin = "open
        +1     C F.  1:1(0)  ack 1
        +0.010 S F.  1:1(0)  ack 2
        +0.010 C .   2:2(0)  ack 2
        +0.300 S F.  1:1(0)  ack 2
        +0.010 C .   2:2(0)  ack 2";
    says(fin, "Acknowledges the server's FIN once more, as it came once more");
    let syn_ack = "
        +0     C S   0:0(0)
        +0.010 S S.  0:0(0)  ack 1
        +0.010 C .   1:1(0)  ack 1
        +1     S S.  0:0(0)  ack 1
        +0.010 C .   1:1(0)  ack 1";
    says(syn_ack, "Acknowledges the server's SYN,ACK once more, as it came once more");
    let spurious = "open
        +1     C P.  1:101(100)    ack 1
        +0.010 S .   1:1(0)        ack 101
        +0.300 C P.  1:101(100)    ack 1
        +0.010 S .   1:1(0)        ack 101";
    says(spurious, "what came last had arrived before");
    // The same with octets that wait: the answer is to what came again.
    let with_more = "open
        +1     C P.  1:101(100)    ack 1
        +0.010 S .   1:1(0)        ack 101
        +0.300 C P.  101:201(100)  ack 1
        +0     C P.  1:101(100)    ack 1
        +0.010 S .   1:1(0)        ack 101";
    says(with_more, "what came last had arrived before");
}

#[test]
fn a_segment_without_ack_to_a_closed_port_is_answered_not_broken_off() {
    for (flags, ack) in [("-", 0), ("F", 1), ("FPU", 1)] {
        let told = told(&format!(
            "absolute
            +0     C {flags}  7:7(0)
            +0.010 S R.       0:0(0)  ack {}",
            7 + ack
        ));
        assert!(
            told[0].contains("where there is neither, the answer is a RST [RFC 9293 3.10.7]."),
            "{}",
            told[0]
        );
        assert!(
            told[1].starts_with("The server has no such connection: as what came had no ACK"),
            "{}",
            told[1]
        );
        assert!(told[1].ends_with("[RFC 9293 3.10.7.1]."), "{}", told[1]);
    }
    // In a connection that was heard, a RST with its own numbers breaks it off.
    let open = "open
        +1     C F   1:1(0)
        +0.010 S R.  1:1(0)  ack 1";
    says(open, "The server breaks the connection off");
}

#[test]
fn a_syn_ack_for_another_syn_agrees_to_nothing() {
    let told = told(
        "
        +0     C S   100:100(0)
        +0.010 S S.  300:300(0) ack 91
        +0     C R   91:91(0)
        +0.010 S S.  400:400(0) ack 101
        +0     C .   101:101(0) ack 401
        +0.010 S P.  401:501(100) ack 101"
            .replacen('\n', "absolute\n", 1)
            .as_str(),
    );
    assert!(told[1].contains("answers another SYN") && told[1].contains("figure 8"), "{}", told[1]);
    assert!(told[2].contains("listens again [RFC 9293 3.5, figure 8]"), "{}", told[2]);
    assert!(told[3].starts_with("The server agrees"), "{}", told[3]);
    // What the attempt before left behind is no gap, no repetition and no loss.
    for text in &told[3..] {
        let wrong = ["missing", "again", "once more", "capture"];
        assert!(!wrong.iter().any(|word| text.contains(word)), "{text}");
    }
}

#[test]
fn an_ack_of_what_was_never_sent_counts_for_nothing() {
    let never = "
        +0     C S   0:0(0)
        +0.010 S S.  0:0(0)   ack 1
        +0.010 C .   1:1(0)   ack 990000";
    says(never, "fits nothing that the server has sent");
    says(never, "[RFC 9293 3.10.7.4].");
}

#[test]
fn octets_that_only_the_capture_lacks_are_told_of_with_care() {
    let not_captured = "open
        +1     C P.  1:101(100)  ack 1
        +0.010 S .   1:1(0)      ack 501";
    says(not_captured, "most likely they have arrived");
    let then = "open
        +1     C P.  1:101(100)    ack 1
        +0.010 S .   1:1(0)        ack 501
        +0.010 C P.  501:601(100)  ack 1";
    says(then, "400 octets before this segment are not in the capture, but acknowledged");
}

#[test]
fn a_rst_in_syn_sent_fails_by_its_ack_not_by_its_number() {
    let other = "
        +0     C S   0:0(0)
        +0.010 S R.  0:0(0)  ack 5000";
    says(other, "ack 5000 does not acknowledge the client's SYN");
    says(other, "[RFC 9293 3.10.7.3]");
    let none = "
        +0     C S   0:0(0)
        +0.010 S R   0:0(0)";
    says(none, "A RST without ACK cannot acknowledge the client's SYN");
}

#[test]
fn a_rst_is_believed_for_the_reason_that_holds() {
    let exact = "open
        +1     C R.  1:1(0)  ack 1";
    says(exact, "sequence number 1 is the one it expects next [RFC 9293 3.5.3]");
    let under_way = "open
        +1     C P.  1:101(100)  ack 1
        +0.010 C R.  101:101(0)  ack 1";
    says(under_way, "believes it if 101 is the number it expects next");
    let nobody_knows = "+0 S R. 1:1(0) ack 101";
    assert!(!last(nobody_knows).contains("believes"), "{}", last(nobody_knows));
}

#[test]
fn a_rst_after_the_end_breaks_nothing_off() {
    let close = "open
        +1     C F.  1:1(0)  ack 1
        +0.010 S F.  1:1(0)  ack 2
        +0.010 C .   2:2(0)  ack 2
        +0.010 S R   2:2(0)";
    says(
        close,
        "The connection is over already: all that this RST can end is the client's wait in TIME-WAIT",
    );
    let twice = "open
        +1     C R.  1:1(0)  ack 1
        +0.010 C R   1:1(0)";
    says(twice, "The connection is over already");
    assert!(!last(twice).contains("breaks"), "{}", last(twice));
}

#[test]
fn a_rst_on_the_number_of_a_fin_is_believed_by_some() {
    let close = "open
        +1     C F.  1:1(0)  ack 1
        +0.010 S .   1:1(0)  ack 2
        +0.010 C R   1:1(0)";
    says(
        close,
        "1 is the number of its FIN, which has arrived: by RFC 9293 the server ignores the RST, but Linux",
    );
}

#[test]
fn a_rst_in_syn_received_rejects_an_acknowledgement_and_ends_nothing() {
    let wrong = "+0 C S  0:0(0)
        +0.010 S S.  0:0(0)    ack 1
        +0.010 C .   1:1(0)    ack 900
        +0.010 S R   900:900(0)";
    says(wrong, "has not sent what was acknowledged");
    says(wrong, "stays in SYN-RECEIVED [RFC 9293 3.5.2]");
}

#[test]
fn a_syn_that_the_other_end_takes_for_an_old_one_opens_nothing() {
    let closed = "open
        +1     S F.  1:1(0)     ack 1
        +0.010 C F.  1:1(0)     ack 2
        +0.010 S .   2:2(0)     ack 2
        +1     C S   -500:-500(0)";
    says(closed, "that the server still holds in TIME-WAIT");
    let answered = format!("{closed}\n+0.010 S .  2:2(0)  ack 2");
    says(&answered, "A challenge ACK");
    says(&answered, "SYN-SENT");
}

#[test]
fn a_second_answer_to_a_syn_is_of_another_server_or_of_a_proxy() {
    let second = "open
        +1     S S.  800000:800000(0)  ack 1";
    says(second, "A second answer to the same SYN");
}

#[test]
fn the_rst_of_figure_10_finds_a_half_open_connection() {
    let crashed = "open
        +60    S P.  1:11(10)  ack 1
        +0.010 C R   1:1(0)";
    says(crashed, "has no such connection, or wants it no longer");
    says(crashed, "[RFC 9293 3.5.1, 3.5.2].");
}

#[test]
fn a_number_that_has_passed_probes_a_closed_window_and_keeps_an_open_one_alive() {
    let closed = "open
        +1     C P.  1:101(100)  ack 1
        +0.010 S .   1:1(0)      ack 101 win 0
        +0.300 C .   100:100(0)  ack 1";
    says(closed, "Probes the server's closed window");
    says(closed, "[RFC 9293 3.8.6.1]");
    let still = format!("{closed}\n+0.010 S .  1:1(0)  ack 101 win 0");
    says(&still, "The server's window is still closed");
    let open = closed.replace(" win 0", "");
    says(&open, "A keep-alive");
}

#[test]
fn a_window_that_opens_with_new_octets_acknowledged_is_not_all_that_is_new() {
    let both = "open
        +1     C P.  1:101(100)  ack 1
        +0.010 S .   1:1(0)      ack 101 win 0
        +0.300 C .   101:102(1)  ack 1
        +0.010 S .   1:1(0)      ack 102 win 5000";
    says(both, "Opens the server's window again");
    says(both, "1 octet more");
    assert!(!last(both).contains("Only the window"), "{}", last(both));
    let alone = "open
        +1     C P.  1:101(100)  ack 1
        +0.010 S .   1:1(0)      ack 101 win 5000
        +0.010 S .   1:1(0)      ack 101 win 6000";
    says(alone, "Only the window is new: the server can take 6000 octets now");
}

#[test]
fn nobody_guesses_what_the_application_does() {
    let closed = "open
        +1     C P.  1:101(100)  ack 1
        +0.010 S .   1:1(0)      ack 101 win 0";
    says(closed, "Window 0: the server has no room for more.");
    assert!(!last(closed).contains("application"), "{}", last(closed));
}

#[test]
fn a_fin_on_a_syn_takes_the_number_behind_it() {
    says("+0 C SF 0:0(0)", "its FIN takes sequence number 1 and is to be acknowledged with 2");
}

#[test]
fn a_segment_without_ack_is_dropped_and_keeps_nothing_alive() {
    let bare = "open
        +1     C -  0:0(0)";
    let text = last(bare);
    assert!(text.starts_with("Neither SYN, RST nor ACK is set"), "{text}");
    assert!(!text.contains("keep-alive"), "{text}");
}

#[test]
fn a_plain_ack_of_a_syn_that_crossed_acknowledges_no_octet() {
    let crossed = "
        +0     C S   0:0(0)
        +0.001 S S   0:0(0)
        +0.010 C .   1:1(0)  ack 1";
    let text = last(crossed);
    assert!(text.starts_with("Acknowledges the server's SYN"), "{text}");
    assert!(!text.contains("octet"), "{text}");
}

#[test]
fn what_lies_before_the_count_has_its_number_on_the_wire() {
    let told = told(
        "isn client 5000
        +0     C P.  100:200(100)  ack 1
        +0.010 C P.  50:100(50)    ack 1",
    );
    assert!(told[1].contains("octets 5050 to 5099 on the wire"), "{}", told[1]);
    assert!(!told[1].contains("-5"), "{}", told[1]);
}

#[test]
fn a_syn_that_was_captured_late_asks_for_nothing() {
    let late = "
        +0     S S.  0:0(0)  ack 1
        +0.001 C S   0:0(0)";
    says(late, "captured after its answer");
}

#[test]
fn a_handshake_that_acknowledges_octets_as_well_says_how_many() {
    let more = "
        +0     C S   0:0(0)
        +0.010 S S.  0:0(0)      ack 1
        +0.001 S P.  1:22(21)    ack 1
        +0.010 C .   1:1(0)      ack 22";
    says(more, "the connection is open [RFC 9293 3.5]. Acknowledges all before 22: 21 octets more");
}

#[test]
fn an_ack_beside_a_fin_that_waits_is_no_keep_alive() {
    let fin = "open
        +1     C F.  1:1(0)  ack 1
        +0.001 C .   1:1(0)  ack 1";
    assert!(!last(fin).contains("keep-alive"), "{}", last(fin));
}

#[test]
fn a_copy_in_the_capture_does_not_count_as_a_repetition() {
    let lost = "open
        +1        C P.  1:101(100)    ack 1
        +0.01     S .   1:1(0)        ack 101
        +0.000002 dup
        +1        C P.  201:301(100)  ack 1
        +0.01     S .   1:1(0)        ack 101";
    says(lost, "(repetition 1)");
}

#[test]
fn a_copy_of_the_same_moment_comes_at_the_same_time() {
    says("open\n+1 C P. 1:101(100) ack 1\n+0 dup", "captured once more at the same time, as");
}

#[test]
fn octets_with_a_fin_are_acknowledged_with_it() {
    let text = last("open\n+1 C FP. 1:101(100) ack 1");
    assert!(text.contains("to be acknowledged with 102") && !text.contains("with 101"), "{text}");
}

#[test]
fn octets_behind_a_gap_are_not_acknowledged_before_it_is_filled() {
    let text = last("open\n+1 C P. 101:201(100) ack 1");
    assert!(
        text.contains("100 octets before this segment are missing") && !text.contains("with 201"),
        "{text}"
    );
}

#[test]
fn urgent_octets_are_told_of_up_to_the_pointer() {
    says(
        "open\n+1 C PU. 1:11(10) ack 1 urg 4",
        "URG: the client's octets before 5 are urgent [RFC 9293 3.8.5]",
    );
}

#[test]
fn cwr_and_ece_are_a_counter_where_both_ends_agreed_on_accurate_ecn() {
    let after = |syn: &str, answer: &str| {
        told(&format!(
            "+0 C {syn} 0:0(0)\n+0.01 S {answer} 0:0(0) ack 1\n+0.01 C W. 1:1(0) ack 1\n+1 C W. 1:11(10) ack 1\n\
             +0.01 S E. 1:1(0) ack 11"
        ))
        .split_off(2)
    };
    let classic = after("SEW", "SE.");
    assert!(classic[1].contains("CWR: ") && classic[2].contains("ECE: "), "{classic:?}");
    // An end that does not know of it answers as ever.
    assert!(after("SEWe", "SE.")[1].contains("CWR: "));
    for answer in ["SW.", "Se.", "SeW."] {
        let accurate = after("SEWe", answer);
        assert!(
            accurate.iter().all(|text| !text.contains("CWR: ") && !text.contains("ECE: ")),
            "{accurate:?}"
        );
    }
}

#[test]
fn a_stray_syn_during_the_handshake_is_not_said_to_be_in_an_open_connection() {
    let opening = "+0 C S 0:0(0)\n+0.01 S S. 0:0(0) ack 1\n+1 C S 7000000:7000000(0)";
    says(opening, "A SYN with another number, while the connection opens: the client has lost its state");
    says("open\n+1 C S 7000000:7000000(0)", "A SYN inside an open connection: the client has lost its state");
}

#[test]
fn an_acknowledgement_that_reports_a_hole_is_a_duplicate_whatever_its_window() {
    let lost = "+0 C S 0:0(0) <mss 1460, sackOK>
        +0.020 S S. 0:0(0) ack 1 <mss 1460, sackOK>
        +0 C . 1:1(0) ack 1
        +0.010 C . 1:1001(1000) ack 1
        +0 C . 1001:2001(1000) ack 1
        +0.020 S . 1:1(0) ack 1 win 64000 <sack 1001:2001>";
    says(lost, "Acknowledges all before 1 once more (repetition 1)");
    assert!(!last(lost).contains("window is new"), "{}", last(lost));
    // The same hole again, and another window.
    let open = format!("{lost}\n+0.010 S . 1:1(0) ack 1 win 65000 <sack 1001:2001>");
    assert!(!last(&open).contains("once more"), "{}", last(&open));
}

#[test]
fn who_ignores_a_router_or_its_receiver_is_told_of() {
    let shrunk = "open
        +0.1 C . 1:1461(1460) ack 1
        +0 C . 1461:2921(1460) ack 1
        +0.02 S . 1:1(0) ack 1461 win 1000";
    says(
        shrunk,
        "Takes back 61780 octets of the window that was offered before, as a receiver should not; 460 octets under way",
    );
    let over = "+0 C S 0:0(0) win 2000 <mss 1460>
        +0.02 S S. 0:0(0) ack 1 win 2000 <mss 1460>
        +0 C . 1:1(0) ack 1 win 2000
        +0.1 C . 1:1461(1460) ack 1 win 2000
        +0 C . 1461:2921(1460) ack 1 win 2000";
    says(over, "Sends 920 octets beyond the receiver's window, which never reached so far");
    let taken = "+0 C S 0:0(0) <mss 1460, sackOK>
        +0.020 S S. 0:0(0) ack 1 <mss 1460, sackOK>
        +0 C . 1:1(0) ack 1
        +0.010 C . 1:1001(1000) ack 1
        +0 C . 1001:2001(1000) ack 1
        +0.020 S . 1:1(0) ack 1 <sack 1001:2001>
        +0.005 C . 1:1001(1000) ack 1
        +0.020 S . 1:1(0) ack 1001";
    says(
        taken,
        "Octets 1001 to 2000 were acknowledged selectively, and were dropped since: the receiver reneges, it seems",
    );
    let large = "+0 C S 0:0(0) <mss 1460>
        +0.020 S S. 0:0(0) ack 1 <mss 1400>
        +0 C . 1:1(0) ack 1
        +0.010 C . 1:1461(1460) ack 1";
    says(large, "1460 octets in one segment, though the receiver takes 1400 (MSS)");
}

#[test]
fn octets_of_a_syn_that_were_not_taken_are_no_loss() {
    let ignored = "+0 C S 0:20(20) <mss 1460, tfo 0102030405060708>
        +0.010 S S. 0:0(0) ack 1 <mss 1460>
        +0.001 C P. 1:21(20) ack 1";
    says(
        ignored,
        "the SYN,ACK acknowledged the SYN without them, so they were not taken (Fast Open), and nothing was lost",
    );
}

#[test]
fn a_rst_that_something_in_between_may_have_sent_is_doubted() {
    let conversation = "
        +0      C S  0:0(0)              <mss 1460>
        +0.020  S S. 0:0(0)      ack 1   <mss 1460> ttl 48
        +0      C .  1:1(0)      ack 1
        +0.010  C P. 1:518(517)  ack 1
        +0.005  S R. 1:1(0)      ack 518 ttl 91";
    says(
        conversation,
        "It has a TTL of 91, where all else from this end came with 48, it acknowledges octets sooner than",
    );
    says(conversation, "It breaks the connection off in the server's name, and the client cannot tell");
    let goes_on = format!("{conversation}\n+0.020  S .  1:1461(1460) ack 518 ttl 48");
    says(&goes_on, "Shows that the RST of frame 5 came from somewhere else: the end that it names sends on");
    assert!(!last(&goes_on).contains("over before"), "{}", last(&goes_on));
}

#[test]
fn a_syn_ack_after_a_rst_shows_that_nobody_refused() {
    let conversation = "
        +0      C S  0:0(0)              <mss 1460>
        +0.020  S R. 0:0(0)      ack 1   win 0
        +0.100  S S. 0:0(0)      ack 1   <mss 1460>";
    says(conversation, "came from somewhere else: the SYN that it refused is agreed to");
    assert!(!last(conversation).contains("same two endpoints"), "{}", last(conversation));
}

#[test]
fn sack_of_what_was_never_sent_reports_nothing() {
    let conversation = "
        +0      C S  0:0(0)              <mss 1460, sackOK, ws 7>
        +0.020  S S. 0:0(0)      ack 1   <mss 1460, sackOK, ws 7>
        +0      C .  1:1(0)      ack 1
        +0.100  S .  1:1461(1460) ack 1
        +0      S .  2921:4381(1460) ack 1
        +0.020  C .  1:1(0)      ack 1461 <sack 2999992921:2999994381>";
    says(conversation, "far from all that was sent, and so reports nothing");
    let again = format!("{conversation}\n+0  C .  1:1(0)  ack 1461  <sack 2999992921:2999994381>");
    says(&again, "Its SACK blocks lie far from all that the server has sent");
    assert!(told(&again).iter().all(|text| !text.contains("came twice")), "{:?}", told(&again));
}

#[test]
fn a_timestamp_older_than_an_echo_is_dropped() {
    let conversation = "
        +0      C S  0:0(0)              <mss 1460, ts 1 0>
        +0.020  S S. 0:0(0)      ack 1   <mss 1460, ts 5000 1>
        +0      C .  1:1(0)      ack 1   <ts 21 5000>
        +0.100  S P. 1:101(100)  ack 1   <ts 700 21>";
    says(conversation, "Its timestamp 700 is older than 5000, which the other end has echoed");
}

#[test]
fn silence_of_hours_is_not_told_from_a_jump_of_the_clock_where_nothing_shows_which() {
    let open = "+0 C S 0:0(0) <ts 1000 0>\n+0.02 S S. 0:0(0) ack 1 <ts 9000 1000>\n+0.01 C . 1:1(0) ack 1 <ts 1030 9000>\n\
                +0.01 C P. 1:11(10) ack 1 <ts 1040 9000>\n";
    let after = |rest: &str| format!("{open}{rest}");
    says(
        "open\n+1 C P. 1:11(10) ack 1\n+20000 C P. 11:21(10) ack 1",
        "before, it was silent for 5 h 33 min, or the clock of the capture jumped ahead: nothing shows which",
    );
    says(
        &after("+20000 C P. 11:21(10) ack 1 <ts 20001040 9000>"),
        "before, it was silent for 5 h 33 min, and its timestamps went on meanwhile",
    );
    says(
        &after("+20000 C P. 11:21(10) ack 1 <ts 1041 9000>"),
        "The clock of the capture jumps ahead by 5 h 33 min, it seems, or the capture paused",
    );
}

#[test]
fn octets_behind_their_acknowledgement_were_not_missed() {
    let acked = "open\n+1 S . 1:1(0) ack 1001\n";
    says(
        acked,
        "1000 octets that were not captured before: unless they follow at once, most likely they have arrived",
    );
    says(
        &format!("{acked}+0.0006 C . 1:1001(1000) ack 1"),
        "Octets 1 to 1000 were acknowledged before they were captured, in frame 4, 600 us before: the capture mixes the \
         directions, it seems, and missed nothing of what was acknowledged there",
    );
}

#[test]
fn what_came_damaged_is_said_to_be_dropped_and_its_repetition_says_why() {
    let damaged = "open
        +0.1   C P.  1:101(100)  ack 1  checksum bad";
    says(damaged, "The checksum is wrong, while the client's others are right: damaged on the way");
    let again = format!("{damaged}\n+0.22 C P. 1:101(100) ack 1");
    says(
        &again,
        "Sends again what frame 4 held after 220 ms: its checksum was wrong, so the receiver dropped it",
    );
}

#[test]
fn other_content_under_the_same_numbers_is_told_and_damage_where_it_explains_it_as_well() {
    let first = "open
        +0.1   C P.  1:11(10)  ack 1  \"xxxxxxxxxx\"";
    let other = format!("{first}\n+0.3 C P. 1:11(10) ack 1 \"yyyyyyyyyy\"");
    says(
        &other,
        "Octets 1 to 10 bring other content than in frame 4, 300 ms before, though they bear the same numbers",
    );
    assert!(!last(&other).contains("damaged"));
    says(&format!("{other} checksum bad"), "or damaged on the way");
    // Of what was acknowledged, it is no repetition.
    let acknowledged = format!("{first}\n+0.01 S . 1:1(0) ack 11\n+0.01 C P. 1:11(10) ack 1 \"yyyyyyyyyy\"");
    says(&acknowledged, "Octets 1 to 10 bring other content than in frame 4, 20 ms before");
    assert!(!last(&acknowledged).contains("not needed"), "{}", last(&acknowledged));
}

#[test]
fn what_was_captured_in_other_pieces_is_not_said_to_be_sent_again() {
    let twice = "+0  C S   0:0(0)
        +0.000003  dup
        +0.000100  S S.  0:0(0)  ack 1
        +0.000003  dup
        +0.000100  C .   1:1(0)  ack 1
        +0.000100  C P.  1:86(85)  ack 1
        +0.000100  C P.  1:8(7)  ack 1";
    says(twice, "What frame 6 held, captured once more 100 us later, in other pieces");
    let super_segment = "open
        +0.1       C P.  1:2921(2920)  ack 1  checksum partial
        +0.000020  C .   1:1461(1460)  ack 1";
    says(super_segment, "What frame 4 held, captured once more 20 us later, in other pieces");
}

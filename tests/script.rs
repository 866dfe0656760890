//! Scripts are read as their format says, and wrong ones say which line and why.

#[path = "support/script.rs"]
mod script;

use std::path::Path;

use etherparse::{SlicedPacket, TransportSlice};
use script::{Content, Script};

fn parsed(text: &str) -> Script {
    Script::parse("test", text).unwrap_or_else(|error| panic!("{error}"))
}

fn error(text: &str) -> String {
    Script::parse("test", text).expect_err("wrong").to_string()
}

#[test]
fn numbers_count_from_the_isn_of_the_side_they_belong_to() {
    let script = parsed("isn client 4294967295\nisn server 7\n+0 C P. 1:3(2) ack 5 win 9\n");
    let Content::Segment(sent) = &script.lines[0].content else { panic!("a segment") };
    assert_eq!((sent.seq, sent.ack, sent.window), (0, Some(12), 9));
}

#[test]
fn a_frame_holds_what_its_line_says_under_right_checksums() {
    let script = parsed(
        "vlan 7 9\n+0.5 S FP.e 1:4(3) ack 1 win 512 urg 2 ttl 9 <mss 1460, ws 7, ts 1 2> \"a\\x00b\"\n",
    );
    let frame = &script.frames()[0];
    let sliced = SlicedPacket::from_ethernet(&frame.captured).expect("decodes");
    assert_eq!(sliced.vlan_ids().iter().map(|id| id.value()).collect::<Vec<_>>(), [7, 9]);
    let ip = sliced.net.expect("IP");
    let ip = ip.ipv4_ref().expect("IPv4");
    assert_eq!(ip.header().header_checksum(), ip.header().to_header().calc_header_checksum());
    let Some(TransportSlice::Tcp(tcp)) = sliced.transport else { panic!("TCP") };
    let header = tcp.to_header();
    assert_eq!(header.calc_checksum_ipv4(&ip.header().to_header(), tcp.payload()), Ok(header.checksum));
    assert_eq!((tcp.source_port(), tcp.destination_port(), ip.header().ttl()), (80, 50_274, 9));
    assert_eq!((tcp.sequence_number(), tcp.acknowledgment_number()), (5001, 1001));
    assert!(tcp.fin() && tcp.psh() && tcp.ack() && tcp.ns() && !tcp.syn() && !tcp.rst());
    assert_eq!((tcp.payload(), tcp.urgent_pointer()), (&b"a\0b"[..], 2));
    assert_eq!(tcp.options(), [2, 4, 5, 180, 3, 3, 7, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 1, 1, 1]);
}

#[test]
fn octets_sent_again_are_the_same_octets() {
    let script = parsed("+0 C P. 1:9(8) ack 1\n+1 C P. 5:9(4) ack 1\n");
    let payload = |n: usize| match &script.lines[n].content {
        Content::Segment(sent) => sent.payload.clone(),
        _ => panic!("a segment"),
    };
    assert_eq!(payload(0)[4..], payload(1));
}

#[test]
fn a_wrong_line_says_where_and_why() {
    for (text, message) in [
        ("\n+0 C P. 1:3(3) ack 1", "line 2: `1:3(3)`: 1 and 3 octets of payload end at 4"),
        ("+0 C . 1:1(0)", "line 1: flags with `.` want `ack N`"),
        ("+0 C S 0:0(0) ack 1", "line 1: `ack N` wants `.` among the flags"),
        ("+0 C SS 0:0(0)", "line 1: `SS` names a flag twice"),
        ("+0 X S 0:0(0)", "line 1: `X`: a frame is from `C` or `S`, or a `dup`, or `hex`"),
        ("+0 C S 0:0(0) => sin", "line 1: `sin` is no label"),
        ("+0 C S 0:0(0) => syn | OPEN, CLOSED", "line 1: `OPEN` is no state of RFC 9293"),
        ("+0 C S 0:0(0) => syn | CLOSED", "line 1: states are written `CLIENT, SERVER`"),
        ("+x C S 0:0(0)", "line 1: `x` is no time in seconds with up to nine decimals"),
        (
            "+0.0000001 C S 0:0(0)",
            "line 1: a time finer than a microsecond wants the directive `nanoseconds`",
        ),
        ("+0 C S 0:0(0)\nlink sll", "line 2: `link` must stand before the first frame"),
        ("+0 dup", "line 1: `dup` wants a segment before it"),
        ("+0 C P. 1:2(1) ack 1 \"ab\"", "line 1: the text has 2 octets, the numbers say 1"),
        ("colour red", "line 1: `colour` is no directive, and frames begin with `+`"),
        ("link sll\nvlan 3", "line 2: a VLAN wants `link ethernet`"),
        ("+0 C S 0:0(0) <mss 1460", "line 1: `<` without `>`"),
        ("+0 C S 0:0(0) <kind 9 0>", "line 1: `0` is no sequence of octets in hex"),
        (
            "server [2001:db8::1]:80\n+0 C S 0:0(0)",
            "line 2: client and server want addresses of the same family",
        ),
        ("end #0 opening", "line 1: `opening` wants a value"),
    ] {
        assert_eq!(error(text), message, "{text}");
    }
}

#[test]
fn the_expected_part_may_be_left_out() {
    assert!(parsed("+0 C S 0:0(0)\n").lines[0].expected.is_none());
}

#[test]
fn open_stands_for_the_three_segments_of_the_handshake() {
    let script = parsed("isn client 9\nopen #3\n");
    assert_eq!(script.lines.len(), 3);
    let Content::Segment(third) = &script.lines[2].content else { panic!("a segment") };
    assert_eq!((third.seq, third.ack), (10, Some(5001)));
}

#[test]
fn every_script_of_the_repository_can_be_read() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts");
    let scripts = Script::load_all(&directory).unwrap_or_else(|error| panic!("{error}"));
    assert!(scripts.len() > 40, "only {} scripts", scripts.len());
    for script in scripts {
        assert_eq!(script.frames().len(), script.lines.len());
        let expects = script.lines.iter().any(|line| line.expected.is_some()) || !script.ends.is_empty();
        assert!(expects, "{} expects nothing", script.name);
    }
}

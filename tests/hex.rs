//! `tcpscope decode` against the programs that write hex, and against etherparse and tshark.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::Write as _;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use etherparse::{Ipv4Header, TcpHeader, TcpHeaderSlice, TcpOptionElement};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;
use tcpscope::hex::account::{Account, Context, Name};
use tcpscope::hex::decoded::{Decoded, Given};
use tcpscope::hex::sentence;
use tcpscope::hex::show::{self, Look};
use tcpscope::hex::start::Start;
use tcpscope::hex::sum::Outcome;
use tcpscope::hex::text::{self, Form};
use tcpscope::wire::options;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn made(name: &str) -> PathBuf {
    root().join("tests/hex").join(name)
}

/// The header that every course has.
const COURSE: &str = "c462 1f90 360a1d03 00000000 8002 faf0 4cc0 0000 020405b40103030801010402";

/// The SYN of `captures/handshake.pcap`, from Ethernet on, as the file holds it.
fn syn() -> Vec<u8> {
    let capture = fs::read(root().join("captures/handshake.pcap")).unwrap();
    // The file's header, the ARP frame with its own, and the header of the second record.
    capture[24 + 16 + 42 + 16..][..74].to_vec()
}

fn tcpscope(args: &[&str], input: Option<&[u8]>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tcpscope"));
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(variable);
    }
    command.current_dir(root()).args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child =
        command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() }).spawn().unwrap();
    if let Some(input) = input {
        // A program that has seen enough may close its end.
        let _ = child.stdin.take().unwrap().write_all(input);
    }
    child.wait_with_output().unwrap()
}

fn stdout(output: &Output) -> &str {
    str::from_utf8(&output.stdout).unwrap()
}

fn machine(args: &[&str], input: Option<&[u8]>) -> Value {
    let args = [&["decode", "--format", "ndjson"], args].concat();
    let output = tcpscope(&args, input);
    let text = stdout(&output);
    assert_eq!(text.lines().count(), 1, "{text}{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_str(text).unwrap()
}

#[test]
fn what_programs_print_gives_the_octets_they_printed() {
    let frame = syn();
    let (packet, segment) = (&frame[14..], &frame[34..]);
    let padded = [segment, &[0; 100]].concat();
    for (name, form, octets, start) in [
        ("xxd.txt", Form::Xxd, segment, Start::Tcp),
        ("xxd-g1-c8-u.txt", Form::Xxd, segment, Start::Tcp),
        ("xxd-p.txt", Form::Digits, segment, Start::Tcp),
        ("xxd-i.txt", Form::Prefixed, segment, Start::Tcp),
        ("xxd-i-named.txt", Form::Array, segment, Start::Tcp),
        ("xxd-a-repeated.txt", Form::Xxd, &padded, Start::Tcp),
        ("hexdump-C.txt", Form::HexdumpCanonical, segment, Start::Tcp),
        ("hexdump-C-repeated.txt", Form::HexdumpCanonical, &padded, Start::Tcp),
        ("hexdump.txt", Form::HexdumpWords, segment, Start::Tcp),
        ("hexdump-odd.txt", Form::HexdumpWords, &segment[..39], Start::Tcp),
        ("od-x1.txt", Form::OffsetHex, segment, Start::Tcp),
        ("escaped.txt", Form::Escaped, segment, Start::Tcp),
        ("tcpdump-x.txt", Form::Tcpdump, packet, Start::Ip),
        ("tcpdump-X.txt", Form::Tcpdump, packet, Start::Ip),
        ("tcpdump-xx.txt", Form::Tcpdump, &frame, Start::Ethernet),
        ("tcpdump-XX.txt", Form::Tcpdump, &frame, Start::Ethernet),
        ("tshark-x.txt", Form::OffsetHex, &frame, Start::Ethernet),
        ("tshark-stream.txt", Form::Digits, &frame, Start::Ethernet),
    ] {
        let written = fs::read_to_string(made(name)).unwrap();
        let read = text::read(&written).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((read.form, read.passed_over), (form, 0), "{name}");
        assert_eq!(read.dumps, [octets], "{name}");
        if octets.len() != 39 {
            assert_eq!(Decoded::new(octets, Given::default()).start, start, "{name}");
        }
        // As a file, on standard input, and as an argument.
        let path = format!("tests/hex/{name}");
        let [file, piped, argument] = [
            machine(&[&path], None),
            machine(&[], Some(written.as_bytes())),
            machine(&["--", &written], None),
        ];
        for record in [&file, &piped, &argument] {
            assert_eq!(record["form"], form.name(), "{name}");
            assert_eq!(record["len"], octets.len(), "{name}");
            assert_eq!(record["from"], Decoded::new(octets, Given::default()).start.name(), "{name}");
        }
        assert_eq!(file["segment"], piped["segment"], "{name}");
        assert_eq!(file["segment"], argument["segment"], "{name}");
        if octets.len() != 39 {
            assert_eq!(file["segment"]["seq"], 3_487_918_080_u32, "{name}");
        }
    }
}

#[test]
fn a_text_with_several_dumps_says_so_and_frame_chooses() {
    for (name, many) in [("tcpdump-X-three.txt", 3), ("tshark-x-two.txt", 2)] {
        let path = format!("tests/hex/{name}");
        let output = tcpscope(&["decode", &path], None);
        assert!(stdout(&output).contains(&format!("{many} dumps")), "{}", stdout(&output));
        let [first, last] = [1, many].map(|n: i32| machine(&["--frame", &n.to_string(), &path], None));
        assert_eq!(first["segment"]["flags"], serde_json::json!(["SYN"]));
        assert_ne!(first["segment"], last["segment"]);
        let beyond = tcpscope(&["decode", "--frame", &(many + 1).to_string(), &path], None);
        assert_eq!(beyond.status.code(), Some(2));
    }
}

/// A packet with a segment of 100 octets of payload behind 12 of options.
fn packet_of_100(v6: bool, flags: u8) -> Vec<u8> {
    let (src, dst) = ([0x20; 16], [0x21; 16]);
    let builder = if v6 {
        etherparse::PacketBuilder::ipv6(src, dst, 64)
    } else {
        etherparse::PacketBuilder::ipv4([192, 0, 2, 1], [192, 0, 2, 2], 64)
    };
    let mut octets = Vec::new();
    let tcp =
        builder.tcp(40_000, 80, 5000, 1000).options_raw(&[1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2]).unwrap();
    tcp.write(&mut octets, &[b'x'; 100]).unwrap();
    let at = if v6 { 40 } else { 20 };
    octets[at + 13] = flags;
    octets
}

#[test]
fn a_cut_paste_counts_by_the_length_in_the_ip_header() {
    const SYN_FIN_ACK: u8 = 0x13;
    for v6 in [false, true] {
        let packet = packet_of_100(v6, SYN_FIN_ACK);
        let header = if v6 { 72 } else { 52 };
        for link in [&b""[..], if v6 { b"abcdefabcdef\x86\xdd" } else { b"abcdefabcdef\x08\x00" }] {
            let all = [link, &packet].concat();
            let header = link.len() + header;
            // One octet less, some payload, none, a part of the options, no options.
            for here in [all.len() - 1, header + 36, header, header - 5, header - 12] {
                let octets = &all[..here];
                let decoded = Decoded::new(octets, Given::default());
                assert_eq!(decoded.opened.wire_len, all.len(), "{here}");
                let account = decoded.account.unwrap();
                assert_eq!(account.payload_len(), 100, "{here}");
                assert!(account.sum.is_err(), "{here}");
                let hex: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
                let record = machine(&[&hex], None);
                let segment = &record["segment"];
                assert_eq!(
                    (&segment["payload_len"], &segment["checksum"]),
                    (&100.into(), &"truncated".into())
                );
                assert_eq!(segment["captured_payload_len"], here.saturating_sub(header));
                assert_eq!(record["len"], here);
            }
        }
    }
}

#[test]
fn a_cut_paste_says_what_is_here_and_the_next_number() {
    let packet = packet_of_100(false, 0x13);
    let hex: String = packet[..88].iter().map(|octet| format!("{octet:02x}")).collect();
    let output = tcpscope(&["decode", &hex], None);
    let text = stdout(&output).split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "88 octets, from hex digits, of 152 by the length in the IP header.",
        "what TCP carries: 36 of 100 octets",
        "the next one is 5000 + 102 (1 for SYN, 100 for the payload, 1 for FIN) = 5102",
        "It cannot be summed: not all octets of the segment are here, and all are part of it.",
        "Payload, 36 of its 100 octets",
    ] {
        assert!(text.contains(said), "{said:?} is not in: {text}");
    }
}

#[test]
fn a_paste_that_ends_inside_of_a_header_says_nothing_of_what_follows() {
    for v6 in [false, true] {
        let packet = packet_of_100(v6, 0x10);
        let ip = if v6 { 40 } else { 20 };
        for here in 10..ip + 20 {
            let decoded = Decoded::new(&packet[..here], Given::default());
            assert_eq!(decoded.start, Start::Ip, "{here}");
            assert!(!decoded.is_segment(), "{here}");
            let hex: String = packet[..here].iter().map(|octet| format!("{octet:02x}")).collect();
            let output = tcpscope(&["decode", &hex], None);
            assert_eq!(output.status.code(), Some(1), "{here}");
            let before_the_offset = here < ip + 13;
            let text = stdout(&output);
            assert!(
                !before_the_offset || !text.contains("next one is") && !text.contains("Payload,"),
                "{text}"
            );
        }
    }
}

#[test]
fn padding_is_no_payload_and_a_length_of_0_is_left_out() {
    let mut frame = [b"abcdefabcdef\x08\x00", &packet_of_100(false, 0x10)[..]].concat();
    frame.extend([0; 6]);
    let decoded = Decoded::new(&frame, Given::default());
    assert_eq!((decoded.opened.wire_len, decoded.account.unwrap().payload_len()), (frame.len(), 100));
    let mut offloaded = packet_of_100(false, 0x10);
    offloaded[2..4].fill(0);
    let decoded = Decoded::new(&offloaded, Given::default());
    assert_eq!((decoded.opened.wire_len, decoded.account.unwrap().payload_len()), (152, 100));
}

#[test]
fn without_an_ip_header_nobody_knows_where_a_segment_ends() {
    let segment = &packet_of_100(false, 0x10)[20..];
    let hex: String = segment[..60].iter().map(|octet| format!("{octet:02x}")).collect();
    let bare = tcpscope(&["decode", &hex], None);
    assert!(stdout(&bare).contains("No IP header says how long the segment is"), "{}", stdout(&bare));
    let with_addresses = tcpscope(&["decode", "--ip", "192.0.2.1,192.0.2.2", &hex], None);
    let text = stdout(&with_addresses);
    assert!(text.contains("the checksum does not hold, if the segment ends here"), "{text}");
}

#[test]
fn a_frame_of_a_capture_is_what_read_shows() {
    for capture in
        ["handshake.pcap", "ipv6.pcap", "vlan.pcap", "sll2.pcap", "nanoseconds.pcapng", "zero-window.pcap"]
    {
        let path = format!("captures/{capture}");
        let read = tcpscope(&["read", "--format", "ndjson", &path], None);
        let segments = stdout(&read).lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        for expected in segments.filter(|record| record["type"] == "segment") {
            let record = machine(&["--frame", &expected["frame"].to_string(), &path], None);
            let segment = record["segment"].as_object().unwrap();
            for (key, value) in segment {
                // Of a window of 0 no shift can be told, and none is needed.
                if key == "window_scaled" && expected["window"] == 0 {
                    continue;
                }
                assert_eq!(value, &expected[key], "{capture}, frame {}, {key}", expected["frame"]);
            }
            assert_eq!(record["frame"], expected["frame"]);
        }
    }
}

#[test]
fn every_record_fits_the_schema() {
    let schema = fs::read_to_string(root().join("docs/ndjson.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let mut records = vec![
        machine(&[COURSE], None),
        machine(&["--ip", "2001:db8::1,2001:db8::2", COURSE], None),
        machine(&["c462"], None),
        machine(&["--from", "ip", COURSE], None),
        machine(&["c4621f90360a1d030000000083ff00004cc00001", "--from", "tcp"], None),
    ];
    for entry in fs::read_dir(root().join("captures")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|kind| kind != "md") {
            records.push(machine(&["--frame", "1", path.to_str().unwrap()], None));
        }
    }
    for record in records {
        if let Err(error) = validator.validate(&record) {
            panic!("{error}\n{record}");
        }
    }
}

#[test]
fn a_text_of_a_shell_that_writes_utf_16_is_read() {
    let text = fs::read_to_string(made("xxd.txt")).unwrap();
    let expected = machine(&[], Some(text.as_bytes()));
    let marked = || std::iter::once(0xfeff).chain(text.encode_utf16());
    let little: Vec<u8> = marked().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = marked().flat_map(u16::to_be_bytes).collect();
    for written in [little, big, [&b"\xef\xbb\xbf"[..], text.as_bytes()].concat()] {
        assert_eq!(machine(&[], Some(&written)), expected);
    }
}

#[test]
fn text_that_is_no_hex_is_wrong_usage_in_one_sentence_with_its_place() {
    for (args, place) in [
        (vec!["c46"], "character 1"),
        (vec!["c4", "6x"], "character 5"),
        (vec!["c462 zz"], "character 6"),
        (vec![""], "no octets"),
        (vec!["captures/handshake.pcap"], "--frame 1"),
        (vec!["--frame", "99", "captures/handshake.pcap"], "no frame 99"),
        (vec!["--frame", "1"], "no octets"),
        (vec!["--ip", "192.0.2.1", "c462"], "--ip wants two addresses"),
        (vec!["--ip", "192.0.2.1,::1", "c462"], "mixes"),
    ] {
        let output = tcpscope(&[&["decode"], &args[..]].concat(), None);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {error}");
        assert_eq!((error.lines().count(), stdout(&output)), (1, ""), "{args:?}");
        assert!(error.contains(place), "{args:?}: {error}");
    }
}

#[test]
fn octets_that_hold_no_tcp_header_say_why_and_end_with_1() {
    let arp = tcpscope(&["decode", "--frame", "1", "captures/handshake.pcap"], None);
    assert!(stdout(&arp).contains("No TCP segment: the frame carries EtherType 0x0806 (ARP), and no IP."));
    assert_eq!(arp.status.code(), Some(1));
    assert_eq!(tcpscope(&["decode", "c4621f90"], None).status.code(), Some(1));
    // A header with faults is shown, and that is what was asked for.
    assert_eq!(
        tcpscope(&["decode", "c4621f90360a1d0300000000500300004cc00000"], None).status.code(),
        Some(0)
    );
}

#[test]
fn the_header_of_the_course_is_told_as_rfc_9293_reads_it() {
    let octets = text::read(COURSE).unwrap().dumps.remove(0);
    let account = Account::new(&octets, Context::default());
    let expected = [
        (Name::SourcePort, 50_274),
        (Name::DestinationPort, 8080),
        (Name::SequenceNumber, 906_632_451),
        (Name::AcknowledgmentNumber, 0),
        (Name::DataOffset, 8),
        (Name::Reserved, 0),
        (Name::ControlBits, 2),
        (Name::Window, 64_240),
        (Name::Checksum, 0x4cc0),
        (Name::UrgentPointer, 0),
    ];
    for (name, value) in expected {
        assert_eq!(account.value(name), Some(value), "{name:?}");
    }
    assert!(account.faults.is_empty());
    let text = stdout(&tcpscope(&["decode", COURSE], None)).to_owned();
    for shown in [
        "client port 50274 asks port 8080",
        "8 × 4 = 32 octets",
        "64240 << 8 = 64240 × 256 = 16445440",
        "1460 octets",
        "shift 8",
        "SACK permitted",
    ] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
}

/// Headers as etherparse builds them: whatever the ports, numbers, bits and options; with a payload.
fn segments() -> impl Strategy<Value = (TcpHeader, [u8; 4], [u8; 4], Vec<u8>)> {
    let element = prop_oneof![
        Just(TcpOptionElement::Noop),
        any::<u16>().prop_map(TcpOptionElement::MaximumSegmentSize),
        any::<u8>().prop_map(TcpOptionElement::WindowScale),
        Just(TcpOptionElement::SelectiveAcknowledgementPermitted),
        (any::<(u32, u32)>(), prop::option::of(any::<(u32, u32)>())).prop_map(|(first, second)| {
            TcpOptionElement::SelectiveAcknowledgement(first, [second, None, None])
        }),
        any::<(u32, u32)>().prop_map(|(val, echo)| TcpOptionElement::Timestamp(val, echo)),
    ];
    let numbers = (any::<u16>(), any::<u16>(), any::<u32>(), any::<u32>(), any::<u16>(), any::<u16>());
    let options = prop::collection::vec(element, 0..4);
    let ends = any::<([u8; 4], [u8; 4])>();
    let payload = prop::collection::vec(any::<u8>(), 0..40);
    (numbers, any::<u16>(), options, ends, payload).prop_map(
        |(numbers, bits, options, (src, dst), payload)| {
            let (src_port, dst_port, seq, ack, window, urgent) = numbers;
            let mut header = TcpHeader::new(src_port, dst_port, seq, window);
            header.acknowledgment_number = ack;
            header.urgent_pointer = urgent;
            let bit = |n: u32| bits >> n & 1 != 0;
            (header.fin, header.syn, header.rst, header.psh, header.ack) =
                (bit(0), bit(1), bit(2), bit(3), bit(4));
            (header.urg, header.ece, header.cwr, header.ns) = (bit(5), bit(6), bit(7), bit(8));
            // What does not fit into 40 octets is left out.
            let _ = header.set_options(&options);
            let ip = Ipv4Header::new(0, 64, etherparse::IpNumber::TCP, src, dst).unwrap();
            header.checksum = header.calc_checksum_ipv4(&ip, &payload).unwrap();
            (header, src, dst, payload)
        },
    )
}

fn octets_of(header: &TcpHeader, payload: &[u8]) -> Vec<u8> {
    [&header.to_bytes(), payload].concat()
}

/// The options as etherparse reads them, and as we do, in the same words.
fn options_agree(header: &TcpHeaderSlice<'_>, account: &Account<'_>) {
    let mut ours = account.options.iter();
    for theirs in header.options_iterator() {
        let ours = ours.next().expect("an option that etherparse sees");
        let same = match (theirs.unwrap(), ours.option.value) {
            (TcpOptionElement::Noop, options::Value::Nop) => true,
            (TcpOptionElement::MaximumSegmentSize(a), options::Value::Mss(b)) => a == b,
            (TcpOptionElement::WindowScale(a), options::Value::WindowScale(b)) => a == b,
            (TcpOptionElement::SelectiveAcknowledgementPermitted, options::Value::SackPermitted) => true,
            (TcpOptionElement::Timestamp(a, b), options::Value::Timestamps { tsval, tsecr }) => {
                (a, b) == (tsval, tsecr)
            }
            (TcpOptionElement::SelectiveAcknowledgement(first, more), options::Value::Sack(blocks)) => {
                let theirs = [Some(first)].into_iter().chain(more).flatten();
                theirs.eq(blocks.iter().map(|(left, right)| (left.0, right.0)))
            }
            _ => false,
        };
        assert!(same, "{ours:?}");
    }
    assert!(ours.all(|item| item.option.value == options::Value::EndOfOptions));
}

#[test]
fn ten_thousand_headers_are_told_as_etherparse_reads_them() {
    let mut runner = TestRunner::deterministic();
    let strategy = segments();
    for _ in 0..10_000 {
        let (header, src, dst, payload) = strategy.new_tree(&mut runner).unwrap().current();
        let octets = octets_of(&header, &payload);
        let theirs = TcpHeaderSlice::from_slice(&octets).unwrap();
        let addresses = Some((IpAddr::from(src), IpAddr::from(dst)));
        let ours = Account::new(&octets, Context { addresses, ..Context::default() });
        let bits = [
            theirs.fin(),
            theirs.syn(),
            theirs.rst(),
            theirs.psh(),
            theirs.ack(),
            theirs.urg(),
            theirs.ece(),
            theirs.cwr(),
            theirs.ns(),
        ];
        let bits = bits.iter().enumerate().map(|(n, bit)| u32::from(*bit) << n).sum();
        for (name, value) in [
            (Name::SourcePort, theirs.source_port().into()),
            (Name::DestinationPort, theirs.destination_port().into()),
            (Name::SequenceNumber, theirs.sequence_number()),
            (Name::AcknowledgmentNumber, theirs.acknowledgment_number()),
            (Name::DataOffset, theirs.data_offset().into()),
            (Name::Reserved, 0),
            (Name::ControlBits, bits),
            (Name::Window, theirs.window_size().into()),
            (Name::Checksum, theirs.checksum().into()),
            (Name::UrgentPointer, theirs.urgent_pointer().into()),
        ] {
            assert_eq!(ours.value(name), Some(value), "{name:?} of {octets:02x?}");
        }
        options_agree(&theirs, &ours);
        assert_eq!(ours.payload, payload);
        assert_eq!(ours.sum.as_ref().unwrap().outcome, Outcome::Holds);
    }
}

#[test]
fn any_strings_of_octets_are_told_in_a_sentence_and_without_a_panic() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(5_000);
    let mut runner = TestRunner::new(Config::default());
    let segment = segments().prop_map(|(header, _, _, payload)| octets_of(&header, &payload));
    let cut = (segment, 0.0..=1.0_f64, any::<(usize, u8)>()).prop_map(|(mut octets, part, (at, octet))| {
        let at = at % octets.len();
        octets[at] = octet;
        octets.truncate((octets.len() as f64 * part) as usize);
        octets
    });
    let strategy = prop_oneof![prop::collection::vec(any::<u8>(), 1..90), cut];
    let look = Look { width: 80, ascii: false, color: false };
    for n in 0..cases {
        let octets = strategy.new_tree(&mut runner).unwrap().current();
        // Each as what it seems to be, and now and then as something that it is not.
        let start = if n % 4 == 0 { Start::ALL.get(n / 4 % 3).copied() } else { None };
        let decoded = Decoded::new(&octets, Given { start, ..Given::default() });
        let text = show::text(&decoded, "", look);
        let sentence = match (&decoded.account, &decoded.opened.stopped) {
            (Some(account), None) => sentence::of(account),
            (None, Some(why)) => format!("No TCP segment: {why}."),
            _ => panic!("neither a segment nor a reason: {octets:02x?}"),
        };
        assert!(sentence.ends_with('.') && sentence.lines().count() == 1, "{sentence}");
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words(&text).contains(&words(&sentence)), "{octets:02x?}: {sentence}");
    }
}

/// A pcap file of IPv4 packets.
fn capture_of(packets: &[Vec<u8>]) -> Vec<u8> {
    let mut file = Vec::new();
    file.extend(0xa1b2_c3d4_u32.to_le_bytes());
    file.extend([2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 101, 0, 0, 0]);
    for packet in packets {
        file.extend([0; 8]);
        file.extend([(packet.len() as u32).to_le_bytes(), (packet.len() as u32).to_le_bytes()].concat());
        file.extend(packet);
    }
    file
}

fn in_packet(segment: &[u8], src: [u8; 4], dst: [u8; 4]) -> Vec<u8> {
    let mut ip = Ipv4Header::new(segment.len() as u16, 64, etherparse::IpNumber::TCP, src, dst).unwrap();
    ip.header_checksum = ip.calc_header_checksum();
    [&ip.to_bytes()[..], segment].concat()
}

/// What tshark says of each packet, a line each.
fn tshark(packets: &[Vec<u8>], fields: &[&str]) -> Vec<Vec<String>> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("made.pcap");
    fs::write(&path, capture_of(packets)).unwrap();
    let mut command = Command::new("tshark");
    command.args([
        "-n",
        "-T",
        "fields",
        "-o",
        "tcp.check_checksum:TRUE",
        "-o",
        "tcp.relative_sequence_numbers:FALSE",
    ]);
    command.args(["-o", "tcp.try_heuristic_first:FALSE", "-r"]).arg(&path);
    for field in fields {
        command.args(["-e", field]);
    }
    let output = command.output().expect("tshark is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

const FIELDS: [&str; 18] = [
    "tcp.srcport",
    "tcp.dstport",
    "tcp.seq_raw",
    "tcp.ack_raw",
    "tcp.hdr_len",
    "tcp.flags.res",
    "tcp.flags",
    "tcp.window_size_value",
    "tcp.checksum",
    "tcp.urgent_pointer",
    "tcp.len",
    "tcp.checksum.status",
    "tcp.options",
    "tcp.options.mss_val",
    "tcp.options.wscale.shift",
    "tcp.options.timestamp.tsval",
    "tcp.options.timestamp.tsecr",
    "tcp.options.sack_le",
];

/// Our account in tshark's words.
fn in_tsharks_words(account: &Account<'_>) -> Vec<String> {
    let value = |name| account.value(name).unwrap();
    let each = |wanted: fn(&options::Value<'_>) -> Vec<String>| {
        account.options.iter().flat_map(|item| wanted(&item.option.value)).collect::<Vec<_>>().join(",")
    };
    let hex: String =
        account.octets[20..account.header_len].iter().map(|octet| format!("{octet:02x}")).collect();
    vec![
        value(Name::SourcePort).to_string(),
        value(Name::DestinationPort).to_string(),
        value(Name::SequenceNumber).to_string(),
        value(Name::AcknowledgmentNumber).to_string(),
        (value(Name::DataOffset) * 4).to_string(),
        u32::from(value(Name::Reserved) != 0).to_string(),
        format!("{:#06x}", value(Name::Reserved) << 9 | value(Name::ControlBits)),
        value(Name::Window).to_string(),
        format!("{:#06x}", value(Name::Checksum)),
        value(Name::UrgentPointer).to_string(),
        account.payload.len().to_string(),
        u32::from(account.sum.as_ref().unwrap().outcome == Outcome::Holds).to_string(),
        hex,
        each(|value| match value {
            options::Value::Mss(mss) => vec![mss.to_string()],
            _ => vec![],
        }),
        each(|value| match value {
            options::Value::WindowScale(shift) => vec![shift.to_string()],
            _ => vec![],
        }),
        each(|value| match value {
            options::Value::Timestamps { tsval, .. } => vec![tsval.to_string()],
            _ => vec![],
        }),
        each(|value| match value {
            options::Value::Timestamps { tsecr, .. } => vec![tsecr.to_string()],
            _ => vec![],
        }),
        each(|value| match value {
            options::Value::Sack(blocks) => blocks.iter().map(|(left, _)| left.to_string()).collect(),
            _ => vec![],
        }),
    ]
}

#[test]
#[ignore = "needs tshark; .ci/run runs it where there is one"]
fn ten_thousand_headers_and_that_of_the_course_are_told_as_tshark_reads_them() {
    let mut runner = TestRunner::deterministic();
    let strategy = segments();
    let course = text::read(COURSE).unwrap().dumps.remove(0);
    let mut made = vec![(course, [192, 0, 2, 1], [192, 0, 2, 2])];
    for _ in 0..10_000 {
        let (header, src, dst, payload) = strategy.new_tree(&mut runner).unwrap().current();
        made.push((octets_of(&header, &payload), src, dst));
    }
    let packets: Vec<_> = made.iter().map(|(octets, src, dst)| in_packet(octets, *src, *dst)).collect();
    let theirs = tshark(&packets, &FIELDS);
    assert_eq!(theirs.len(), made.len());
    for ((octets, src, dst), theirs) in made.iter().zip(&theirs) {
        let addresses = Some((IpAddr::from(*src), IpAddr::from(*dst)));
        let account = Account::new(octets, Context { addresses, ..Context::default() });
        for ((field, ours), theirs) in FIELDS.iter().zip(in_tsharks_words(&account)).zip(theirs) {
            assert_eq!(&ours, theirs, "{field} of {octets:02x?}");
        }
    }
}

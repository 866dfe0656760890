//! What is asked about: a capture, a header in hex.

use std::path::Path;

use super::{refused, stdout, tcpscope};

#[test]
fn a_capture_that_is_cut_short_is_asked_about_as_far_as_it_goes() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("cut.pcap");
    let whole = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("captures/handshake.pcap")).unwrap();
    std::fs::write(&path, &whole[..whole.len() - 5]).unwrap();
    let output = tcpscope(&["--worksheet", "--seed", "1", "--capture", path.to_str().unwrap()], "");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output).matches("Answer ").count(), 8);
    assert_eq!(String::from_utf8_lossy(&output.stderr).lines().count(), 1);
}

#[test]
fn a_capture_about_which_nothing_can_be_asked_says_why() {
    for (capture, level, why) in [
        ("live-udp.pcapng", "fields", "none of its 4 frames carries TCP"),
        ("midstream.pcap", "states", "its only connection began before the capture"),
        ("refused.pcap", "states", "its only connection was refused"),
        ("live-sticky.pcapng", "diagnosis", "its only connection is too long (more than 24 segments)"),
        ("simultaneous-open.pcap", "diagnosis", "its only connection has a SYN from both ends"),
        ("challenge-ack.pcap", "diagnosis", "its only connection has a second SYN with another number"),
        (
            "half-open-syn.pcap",
            "diagnosis",
            "of its connections 1 has a second SYN with another number; 1 neither shows trouble nor ends in the capture",
        ),
    ] {
        let said = refused(&["--capture", &format!("captures/{capture}"), "--level", level]);
        assert!(
            said.contains(why) && said.contains(&format!(" on {level} in captures/{capture}: ")),
            "{said}"
        );
    }
}

const HEADER: &str = "c462 1f90 360a1d03 00000000 8002 faf0 4cc0 0000 020405b40103030801010402";

#[test]
fn the_fields_of_a_header_given_in_hex_are_asked_however_it_is_written() {
    let key =
        |args: &[&str]| stdout(&tcpscope(&[&["--answers", "--seed", "4"], args].concat(), "")).to_owned();
    let plain = key(&["--hex", HEADER]);
    for (kind, answer) in [
        ("From which port", "50274"),
        ("To which port", "8080"),
        ("sequence number?", "906632451"),
        ("how long is this header", "32 octets"),
        ("Which flags", "SYN"),
        ("window field", "64240"),
    ] {
        assert!(plain.lines().any(|line| line.ends_with(&format!(": {answer}"))), "{kind}: {plain}");
    }
    assert_eq!(plain.matches("(fields)").count(), 9);
    assert!(plain.starts_with("# tcpscope worksheet 1: seed 4 count 9 level fields source hex "), "{plain}");
    let words: Vec<_> = HEADER.split(' ').collect();
    assert_eq!(key(&[&["--hex"], &words[..]].concat()), plain);
    let packet = format!("450000340001400040060000c0000201c0000202{}", HEADER.replace(' ', ""));
    assert_eq!(key(&["--hex", &packet]), plain);
    assert_eq!(key(&["--hex", HEADER, "--count", "2"]).matches("(fields)").count(), 2);
    // A broken checksum, no options, flags that make no sense: all of it can be asked about.
    assert!(key(&["--hex", "0050 ffff ffffffff 00000001 51ff 0000 0000 ffff"]).contains("Which flags"));
}

#[test]

fn a_sheet_on_a_header_is_marked_with_that_header_alone() {
    let key = tcpscope(&["--answers", "--seed", "4", "--hex", HEADER], "");
    let passed = tcpscope(&["--check", "-", "--hex", HEADER], stdout(&key));
    assert!(stdout(&passed).ends_with("9 of 9 right (100 %): passed.\n"), "{}", stdout(&passed));
    let score = tcpscope(&["--check", "-", "--hex", HEADER, "--format", "json"], stdout(&key));
    let score: serde_json::Value = serde_json::from_str(stdout(&score)).unwrap();
    assert!(score["capture"].is_null() && score["hex"].is_string(), "{score}");
    let other = HEADER.replace("c462", "c463");
    for (source, said) in [
        (&["--hex", &other][..], "other octets"),
        (&[], "with --hex"),
        (&["--capture", "captures/handshake.pcap"], "with --hex"),
    ] {
        let output = tcpscope(&[&["--check", "-"], source].concat(), stdout(&key));
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && told.contains(said), "{told}");
    }
}

#[test]
fn a_header_in_hex_that_is_none_gets_a_sentence() {
    for (hex, said) in [
        ("zz", "\"z\" is no hexadecimal digit"),
        ("c462 1f90", "20 octets or more, and 4 are there"),
        ("c462 1f90 360a1d03 00000000 4002 faf0 4cc0 0000", "says 16 octets"),
        ("c462 1f90 360a1d03 00000000 8002 faf0 4cc0 0000", "says 32 octets, and 20 are there"),
        ("4500001c000100004011f6ccc0000201c00002020035003500080000", "no TCP header"),
        ("", "--hex wants"),
    ] {
        let told = refused(&["--hex", hex]);
        assert!(told.contains(said), "{hex}: {told}");
    }
    assert!(refused(&["--hex", HEADER, "--level", "states"]).contains("leave out --level states"));
    assert!(refused(&["--hex", HEADER, "--capture", "x"]).contains("cannot be used with"));
}

#[test]
fn nothing_is_asked_behind_a_syn_that_may_or_may_not_begin_anew() {
    for (capture, level, syn) in [
        ("challenge-ack", "states", "seq 7001000"),
        ("challenge-ack", "diagnosis", "seq"),
        ("half-open-syn", "states", "   4  C → S"),
        ("half-open-syn", "diagnosis", "seq"),
        ("simultaneous-open", "diagnosis", "seq"),
    ] {
        let path = format!("captures/{capture}.pcap");
        let output = tcpscope(&["--worksheet", "--capture", &path, "--level", level, "--count", "200"], "");
        assert!(!stdout(&output).contains(syn), "{capture}, {level}: {}", stdout(&output));
    }
}

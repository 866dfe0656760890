//! Every key by another route: fields by etherparse, numbers and states from the lines that are shown.

use std::collections::BTreeMap;

use etherparse::{TcpHeaderSlice, TcpOptionElement};
use tcpscope::exercise::Level;
use tcpscope::exercise::question::Question;

use super::figure::{reason, states};
use super::listing::{Shown, conversation, letter, number_in, octets};
use super::questions;

#[test]
fn the_keys_on_fields_are_what_etherparse_reads() {
    let mut kinds = BTreeMap::<&str, u32>::new();
    for question in questions(Level::Fields) {
        let octets = octets(&question);
        let header = TcpHeaderSlice::from_slice(&octets).unwrap();
        let option = |wanted: fn(TcpOptionElement) -> Option<u64>| {
            header.options_iterator().filter_map(Result::ok).find_map(wanted).unwrap().to_string()
        };
        let key = match question.kind {
            "source_port" => header.source_port().to_string(),
            "destination_port" => header.destination_port().to_string(),
            "sequence_number" => header.sequence_number().to_string(),
            "acknowledgment_number" => header.acknowledgment_number().to_string(),
            "data_offset" => format!("{} octets", usize::from(header.data_offset()) * 4),
            "window_field" => header.window_size().to_string(),
            "window" => {
                let shift = number_in(&question.ask, "a window scale of");
                format!("{} octets", u64::from(header.window_size()) * 2_u64.pow(shift as u32))
            }
            "flags" => {
                let all = [
                    (header.fin(), "FIN"),
                    (header.syn(), "SYN"),
                    (header.rst(), "RST"),
                    (header.psh(), "PSH"),
                    (header.ack(), "ACK"),
                    (header.urg(), "URG"),
                    (header.ece(), "ECE"),
                    (header.cwr(), "CWR"),
                    (header.ns(), "AE"),
                ];
                all.iter().filter(|(set, _)| *set).map(|(_, name)| *name).collect::<Vec<_>>().join(",")
            }
            "mss" => {
                option(|option| match option {
                    TcpOptionElement::MaximumSegmentSize(mss) => Some(mss.into()),
                    _ => None,
                }) + " octets"
            }
            "window_scale" => option(|option| match option {
                TcpOptionElement::WindowScale(shift) => Some(shift.into()),
                _ => None,
            }),
            "timestamp" => option(|option| match option {
                TcpOptionElement::Timestamp(value, _) => Some(value.into()),
                _ => None,
            }),
            "sack" => option(|option| match option {
                TcpOptionElement::SelectiveAcknowledgement((left, _), _) => Some(left.into()),
                _ => None,
            }),
            "sack_permitted" => option(|option| match option {
                TcpOptionElement::SelectiveAcknowledgementPermitted => Some(4),
                _ => None,
            }),
            other => panic!("a kind without another route: {other}"),
        };
        *kinds.entry(question.kind).or_default() += 1;
        assert_eq!(question.key_shown(), key, "{}: {octets:02x?}", question.kind);
    }
    assert_eq!(kinds.len(), 13, "{kinds:?}");
}

#[test]
fn the_keys_on_numbers_follow_from_the_lines_that_are_shown() {
    let mut kinds = BTreeMap::<&str, u32>::new();
    for question in questions(Level::Arithmetic) {
        let lines = conversation(&question);
        let last = lines.last().unwrap();
        let key = match question.kind {
            "seq_len" => last.end().wrapping_sub(last.seq).into(),
            "next_sequence_number" | "peer_acknowledges" => last.end().into(),
            "why_numbers" => {
                let control = if last.is("SYN") { "SYN takes a number" } else { "FIN takes a number" };
                assert_eq!(question.key_shown(), letter(&question, control), "{question:#?}");
                *kinds.entry(question.kind).or_default() += 1;
                continue;
            }
            "effective_window" => {
                let window = number_in(&question.ask, "means");
                let peer =
                    lines.iter().rev().find(|line| line.client != last.client && !line.is("SYN")).unwrap();
                let own = lines.iter().filter(|line| line.client == last.client);
                let farthest =
                    own.map(|line| line.end().wrapping_sub(peer.ack.unwrap()) as i32).max().unwrap();
                assert_eq!(window % peer.window, 0, "a scaled window is a multiple of the field");
                window - u64::try_from(farthest).unwrap()
            }
            other => panic!("a kind without another route: {other}"),
        };
        let unit = if question.kind == "effective_window" { " octets" } else { "" };
        *kinds.entry(question.kind).or_default() += 1;
        assert_eq!(question.key_shown(), format!("{key}{unit}"), "{question:#?}");
    }
    assert_eq!(kinds.len(), 5, "{kinds:?}");
}

#[test]
fn the_keys_on_states_are_those_of_figure_5() {
    let mut kinds = BTreeMap::<&str, u32>::new();
    for question in questions(Level::States) {
        let lines = conversation(&question);
        let key = match question.kind {
            "state" => states(&lines)[usize::from(question.ask.contains("the server?"))].to_owned(),
            "why_state" => {
                let state = states(&lines)[usize::from(question.ask.contains("the server is in"))];
                assert!(question.ask.contains(&format!(" is in {state}. Why?")), "{question:#?}");
                letter(&question, reason(state))
            }
            "time_wait" => match states(&lines).map(|state| state == "TIME-WAIT") {
                [true, false] => "client".to_owned(),
                [false, true] => "server".to_owned(),
                [true, true] => "both".to_owned(),
                [false, false] => "neither".to_owned(),
            },
            "which_fin" => {
                let acking =
                    lines.iter().find(|line| line.number == number_in(&question.ask, "Frame")).unwrap();
                let fin = lines.iter().find(|line| line.is("FIN") && Some(line.end()) == acking.ack).unwrap();
                fin.number.to_string()
            }
            // The SYN; what acknowledges it; the ACK without and with payload.
            "order" => {
                let mut order: Vec<_> = lines.iter().zip(["A", "B", "C", "D"]).collect();
                order.sort_by_key(|(line, _)| (!line.is("SYN"), line.is("ACK"), line.len));
                order.iter().map(|(_, letter)| *letter).collect::<Vec<_>>().join(" ")
            }
            other => panic!("a kind without another route: {other}"),
        };
        *kinds.entry(question.kind).or_default() += 1;
        assert_eq!(question.key_shown(), key, "{question:#?}");
    }
    assert_eq!(kinds.len(), 5, "{kinds:?}");
}

#[test]
fn the_frame_that_shows_what_happened_is_found_in_the_lines() {
    let mut asked = 0;
    for question in questions(Level::Diagnosis).iter().filter(|question| question.kind == "which_frame") {
        let lines = conversation(question);
        let repeats = |n: usize| {
            lines[..n].iter().any(|l| {
                l.client == lines[n].client && l.seq == lines[n].seq && l.len > 0 && lines[n].len > 0
            })
        };
        let found = (0..lines.len()).find(|n| {
            let line = &lines[*n];
            let asks = |what: &str| question.ask.contains(what);
            match () {
                () if asks("refuses") || asks("resets") => line.is("RST"),
                () if asks("no room") => line.window == 0 && !line.is("RST"),
                () if asks("send again") => repeats(*n),
                () if asks("keep-alive") => {
                    let own =
                        lines[..*n].iter().filter(|l| l.client == line.client).map(Shown::end).next_back();
                    own == Some(line.seq.wrapping_add(1))
                }
                () if asks("behind that FIN") => {
                    line.len > 0 && lines[..*n].iter().any(|l| l.client != line.client && l.is("FIN"))
                }
                () => panic!("{}", question.ask),
            }
        });
        assert_eq!(question.key_shown(), lines[found.unwrap()].number.to_string(), "{question:#?}");
        asked += 1;
    }
    assert!(asked >= 6 * 12, "{asked}");
}

#[test]
fn the_header_of_the_course_is_asked_about() {
    let asked = |question: &Question| octets(question).starts_with(&[0xc4, 0x62, 0x1f, 0x90]);
    assert!(questions(Level::Fields).iter().any(asked));
}

//! How an answer is read and marked: every diagnosis by the wrong answer that it is for.

use tcpscope::exercise::Level;
use tcpscope::exercise::answer::Form;
use tcpscope::exercise::question::{Mark, Question};

use super::figure::reason;
use super::listing::{conversation, letter, octets};
use super::{full_width, questions};

#[test]
fn the_key_is_right_however_it_is_written_and_every_slip_is_wrong_and_told() {
    for level in Level::ALL {
        for question in questions(level) {
            let key = question.key_shown();
            assert_eq!(question.mark(&key), Mark::Right, "{question:#?}");
            assert_eq!(question.mark(&format!("  {} ", key.to_lowercase())), Mark::Right, "{question:#?}");
            if let (Form::Number(_), Ok(number)) =
                (&question.form, key.split(' ').next().unwrap().parse::<u64>())
            {
                assert_eq!(question.mark(&format!("0x{number:x}")), Mark::Right);
            }
            for (slip, why) in &question.slips {
                let typed = question.form.show(slip);
                assert_eq!(question.mark(&typed), Mark::Wrong(Some(why.clone())), "{typed}: {question:#?}");
            }
            assert!(!question.slips.is_empty() && !question.hint.is_empty(), "{question:#?}");
            assert!(question.explanation.contains("RFC "), "{question:#?}");
            assert_eq!(question.mark(" "), Mark::Blank);
            assert!(matches!(question.mark("\u{1b}[2J#%"), Mark::Unclear(_)), "{question:#?}");
        }
    }
}

#[test]
fn the_key_is_right_in_full_width_characters_with_the_punctuation_of_an_input_method_around_and_between() {
    let around = [
        ("「", "」"),
        ("【", "】"),
        ("（", "）"),
        ("“", "”。"),
        ("‘", "’，"),
        ("", "。"),
        ("", "；"),
        ("《", "》！"),
    ];
    for level in Level::ALL {
        for question in questions(level) {
            let key = full_width(&question.key_shown());
            for (before, behind) in around {
                let typed = format!("{before}{key}{behind}");
                assert_eq!(question.mark(&typed), Mark::Right, "{typed}: {question:#?}");
            }
            let apart: &[&str] = match question.form {
                Form::Order(_) => &["、", "，", "—", "——", "→", "·", "／", "＞", "；", ""],
                Form::Flags if question.key_shown() != "none" => &["、", "＋", "／", "；", "·"],
                _ => &[],
            };
            for between in apart {
                let typed = key.replace(['　', '，'], between);
                assert_eq!(question.mark(&typed), Mark::Right, "{typed}: {question:#?}");
            }
            if let Form::Number(unit) = question.form {
                let number = question.key_shown();
                let number = number.split(' ').next().unwrap();
                let units: &[&str] = if unit.is_empty() { &["", "帧"] } else { &["字节", " 个字节"] };
                for unit in units {
                    assert_eq!(question.mark(&format!("{number}{unit}")), Mark::Right, "{number}{unit}");
                }
            }
            assert!(matches!(question.mark("－１"), Mark::Unclear(_) | Mark::Wrong(_)), "{question:#?}");
            assert!(matches!(question.mark("《三次握手》"), Mark::Unclear(_)), "{question:#?}");
        }
    }
}

/// What a wrong answer is told, for the first question of this kind to which `wrong` has one.
fn told(level: Level, kind: &str, wrong: impl Fn(&Question) -> Option<String>) -> String {
    let all = questions(level);
    let mut of_kind = all.iter().filter(|question| question.kind == kind);
    of_kind
        .find_map(|question| match question.mark(&wrong(question)?) {
            Mark::Wrong(why) => why,
            _ => None,
        })
        .unwrap()
}

#[test]
fn a_wrong_answer_of_each_kind_is_recognised() {
    let word =
        |octets: &[u8]| octets.iter().fold(0_u64, |word, octet| word << 8 | u64::from(*octet)).to_string();
    let swapped = told(Level::Fields, "source_port", |q| {
        let octets = octets(q);
        Some(word(&[octets[1], octets[0]]))
    });
    assert!(swapped.contains("Octets swapped"), "{swapped}");
    let words = told(Level::Fields, "data_offset", |q| Some((octets(q)[12] >> 4).to_string()));
    assert!(words.contains("forgot × 4"), "{words}");
    let ack = told(Level::Fields, "sequence_number", |q| {
        (octets(q)[13] & 0x10 != 0).then(|| word(&octets(q)[8..12]))
    });
    assert!(ack.contains("read the acknowledgment number"), "{ack}");
    let raw = told(Level::Fields, "window", |q| Some(word(&octets(q)[14..16])));
    assert!(raw.contains("raw field"), "{raw}");
    let bits = told(Level::Fields, "flags", |q| Some(format!("0x{:x}", octets(q)[13].reverse_bits())));
    assert!(bits.contains("wrong bits"), "{bits}");
    let missing = told(Level::Fields, "flags", |q| (octets(q)[13] == 0x12).then(|| "ACK".to_owned()));
    assert!(missing.contains("SYN is missing"), "{missing}");
    for flag in ["SYN", "FIN"] {
        let off = told(Level::Arithmetic, "next_sequence_number", |q| {
            let line = conversation(q).remove(0);
            line.is(flag).then(|| line.seq.wrapping_add(line.len).to_string())
        });
        assert!(off.contains("Off by one") && off.contains(flag), "{off}");
    }
    let bits = told(Level::Fields, "flags", |q| (octets(q)[13] == 0x12).then(|| "12".to_owned()));
    assert!(bits.contains("write 0x"), "{bits}");
    let edge = told(Level::Fields, "sack", |q| {
        let octets = octets(q);
        let at = octets[20..].windows(2).position(|pair| pair == [5, 10])? + 20;
        Some(word(&octets[at + 6..at + 10]))
    });
    assert!(edge.contains("right edge"), "{edge}");
    let ack = told(Level::Arithmetic, "why_numbers", |q| Some(letter(q, "ACK takes a number")));
    assert!(ack.contains("ACK takes no number"), "{ack}");
    let state = told(Level::States, "why_state", |q| {
        q.ask.contains("is in FIN-WAIT-2").then(|| letter(q, reason("CLOSE-WAIT")))
    });
    assert!(state.contains("would be CLOSE-WAIT"), "{state}");
    let hex = told(Level::Arithmetic, "seq_len", |q| {
        let len = conversation(q)[0].len;
        (len > 300 && !format!("{len:x}").contains(char::is_alphabetic)).then(|| format!("{len:x}"))
    });
    assert!(hex.contains("hexadecimal"), "{hex}");
}

#[test]
fn a_number_is_read_however_people_write_it() {
    let form = Form::Number("octets");
    let number = |number| Ok(tcpscope::exercise::answer::Answer::Number(number));
    for typed in [
        "16445440",
        "16,445,440",
        "16.445.440",
        "16 445 440",
        "16\u{202f}445\u{202f}440",
        "16'445'440",
        "16_445_440",
        "0xfaf000",
        "0xFAF000",
        "faf000",
        "fa f0 00",
        "FA:F0:00",
        "16445440 octets",
        "16445440 B",
        "16,445,440 bytes.",
    ] {
        assert_eq!(form.read(typed), number(0xfa_f000), "{typed}");
    }
    for (typed, value) in [("frame 7", 7), ("#7", 7), ("port 8080", 8080), ("32 B", 32), ("1.460", 1460)] {
        assert_eq!(form.read(typed), number(value), "{typed}");
    }
    for typed in
        ["", "1,46", "14,60", "1.4", "-1", "12,3456", "seven", "0x", "1,000.000", "99999999999999999999999"]
    {
        assert!(form.read(typed).is_err(), "{typed}");
    }
}

#[test]
fn flags_are_read_by_name_by_letter_and_by_number() {
    let form = Form::Flags;
    let syn_ack = form.read("SYN,ACK");
    for typed in
        ["syn ack", "ACK+SYN", "SYN and ACK", "[S.]", "S.", "0x12", "0x012", "0x8012", "18", "SYN|ACK"]
    {
        assert_eq!(form.read(typed), syn_ack, "{typed}");
    }
    assert!(form.read("SYM").is_err());
}

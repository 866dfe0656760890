//! `tcpscope exercise`: every key by another route, every diagnosis by the wrong answer that it is for.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use etherparse::{TcpHeaderSlice, TcpOptionElement};
use serde_json::Value;
use tcpscope::exercise::Level;
use tcpscope::exercise::answer::Form;
use tcpscope::exercise::material::Material;
use tcpscope::exercise::question::{Mark, Question};
use tcpscope::exercise::round::{Plan, choose};

/// All questions of some seeds.
fn questions(level: Level) -> Vec<Question> {
    (0..12)
        .flat_map(|seed| choose(Plan { seed, count: 400, level: Some(level) }, &Material::built_in(seed)))
        .collect()
}

fn tcpscope(args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tcpscope"))
        .arg("exercise")
        .args(args)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn stdout(output: &Output) -> &str {
    str::from_utf8(&output.stdout).unwrap()
}

/// The octets that a question shows.
fn octets(question: &Question) -> Vec<u8> {
    let rows = question.about[2..].iter().skip(1).step_by(2);
    let digits =
        rows.flat_map(|row| row.split_whitespace()).map(|pair| u8::from_str_radix(pair, 16).unwrap());
    digits.collect()
}

/// One line of a conversation, read back from what is shown.
#[derive(Clone, Debug)]
struct Shown {
    number: u64,
    client: bool,
    flags: String,
    seq: u32,
    ack: Option<u32>,
    window: u64,
    len: u32,
}

impl Shown {
    fn is(&self, flag: &str) -> bool {
        self.flags.split(',').any(|set| set == flag)
    }

    fn end(&self) -> u32 {
        let controls = u32::from(self.is("SYN")) + u32::from(self.is("FIN"));
        self.seq.wrapping_add(self.len).wrapping_add(controls)
    }
}

fn conversation(question: &Question) -> Vec<Shown> {
    let lines = question.about.iter().filter(|line| line.contains('→'));
    lines
        .map(|line| {
            let words: Vec<_> = line.split_whitespace().collect();
            let after = |name: &str| words.iter().position(|word| *word == name).map(|at| words[at + 1]);
            Shown {
                number: words[0].parse().unwrap_or(0),
                client: words[1] == "C",
                flags: words[4].to_owned(),
                seq: after("seq").unwrap().parse().unwrap(),
                ack: after("ack").map(|ack| ack.parse().unwrap()),
                window: after("win").unwrap().parse().unwrap(),
                len: after("len").map_or(0, |len| len.parse().unwrap()),
            }
        })
        .collect()
}

fn number_in(text: &str, behind: &str) -> u64 {
    let rest = text.split_once(behind).unwrap().1.trim_start();
    rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())].parse().unwrap()
}

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

/// The letter of the only reason that begins like this.
fn letter(question: &Question, begin: &str) -> String {
    let fits: Vec<_> = question
        .form
        .reasons()
        .filter_map(|line| line[3..].starts_with(begin).then(|| line[..1].to_owned()))
        .collect();
    assert_eq!(fits.len(), 1, "{begin}: {question:#?}");
    fits.concat()
}

/// How the reason for a state begins.
fn reason(state: &str) -> &'static str {
    match state {
        "CLOSED" => "there is no connection",
        "LISTEN" => "it waits for a SYN",
        "SYN-SENT" => "it sent a SYN and has not seen",
        "SYN-RECEIVED" => "it has the other's SYN, and no acknowledgement",
        "ESTABLISHED" => "both SYNs were sent, its own is acknowledged, and no FIN",
        "FIN-WAIT-1" => "it sent its FIN, which is not acknowledged",
        "FIN-WAIT-2" => "its FIN is acknowledged, and the other's has not",
        "CLOSE-WAIT" => "the other's FIN has come, and it has not sent",
        "CLOSING" => "both FINs crossed",
        "LAST-ACK" => "it sent its FIN after the other's came",
        "TIME-WAIT" => "its FIN, sent before the other's came, is acknowledged, and the other's has",
        other => panic!("{other}"),
    }
}

/// One end as figure 5 of RFC 9293 moves it.
#[derive(Clone, Debug)]
struct End {
    state: &'static str,
    /// The number behind its FIN.
    fin: Option<u32>,
}

impl End {
    fn sends(&mut self, line: &Shown, peer_fin: Option<u32>) {
        if line.is("RST") {
            self.state = "CLOSED";
        } else if line.is("SYN") && self.state == "CLOSED" {
            self.state = "SYN-SENT";
        } else if line.is("FIN") && self.fin.is_none() {
            self.fin = Some(line.end());
            // A FIN that does not acknowledge the other's was sent before that one arrived.
            self.state = match (self.state, line.ack == peer_fin) {
                ("CLOSE-WAIT", true) => "LAST-ACK",
                ("CLOSE-WAIT", false) => "CLOSING",
                _ => "FIN-WAIT-1",
            };
        }
    }

    fn receives(&mut self, line: &Shown) {
        if line.is("RST") {
            self.state = "CLOSED";
            return;
        }
        let acked = self.fin.is_some() && line.ack == self.fin;
        self.state = match self.state {
            "LISTEN" if line.is("SYN") => "SYN-RECEIVED",
            "SYN-SENT" if line.is("SYN") && line.is("ACK") => "ESTABLISHED",
            "SYN-RECEIVED" if line.is("ACK") => "ESTABLISHED",
            "FIN-WAIT-1" if acked && line.is("FIN") => "TIME-WAIT",
            "FIN-WAIT-1" if acked => "FIN-WAIT-2",
            "CLOSING" if acked => "TIME-WAIT",
            "LAST-ACK" if acked => "CLOSED",
            other => other,
        };
        if line.is("FIN") {
            self.state = match self.state {
                "ESTABLISHED" => "CLOSE-WAIT",
                "FIN-WAIT-1" => "CLOSING",
                "FIN-WAIT-2" => "TIME-WAIT",
                other => other,
            };
        }
    }
}

fn states(lines: &[Shown]) -> [&'static str; 2] {
    let mut ends = [End { state: "CLOSED", fin: None }, End { state: "LISTEN", fin: None }];
    for line in lines {
        let (own, peer) = if line.client { (0, 1) } else { (1, 0) };
        let peer_fin = ends[peer].fin;
        ends[own].sends(line, peer_fin);
        ends[peer].receives(line);
    }
    ends.map(|end| end.state)
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
fn the_same_seed_asks_the_same_and_another_asks_something_else() {
    let sheet = |seed: &str| stdout(&tcpscope(&["--worksheet", "--seed", seed], "")).to_owned();
    assert_eq!(sheet("7"), sheet("7"));
    assert_ne!(sheet("7"), sheet("8"));
    let fields = tcpscope(&["--worksheet", "--level", "fields", "--count", "3"], "");
    assert_eq!(stdout(&fields).matches("(fields)").count(), 3);
}

#[test]
fn the_header_of_the_course_is_asked_about() {
    let asked = |question: &Question| octets(question).starts_with(&[0xc4, 0x62, 0x1f, 0x90]);
    assert!(questions(Level::Fields).iter().any(asked));
}

#[test]
fn a_worksheet_that_is_its_own_key_passes_and_an_empty_one_does_not() {
    let directory = tempfile::tempdir().unwrap();
    for source in [&[][..], &["--capture", "captures/handshake.pcap"]] {
        let made = |what: &str| {
            let output = tcpscope(&[&[what, "--seed", "42", "--count", "12"], source].concat(), "");
            assert_eq!(output.status.code(), Some(0));
            let path = directory.path().join(what);
            std::fs::write(&path, &output.stdout).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let (key, sheet) = (made("--answers"), made("--worksheet"));
        let passed = tcpscope(&[&["--check", &key], source].concat(), "");
        assert_eq!(passed.status.code(), Some(0), "{}", stdout(&passed));
        let empty = tcpscope(&[&["--check", &sheet, "--format", "json"], source].concat(), "");
        assert_eq!(empty.status.code(), Some(1));
        let score: serde_json::Value = serde_json::from_str(stdout(&empty)).unwrap();
        assert_eq!((score["right"].as_u64(), score["answered"].as_u64()), (Some(0), Some(0)));
        assert_eq!(score["questions"].as_u64(), score["answers"].as_array().map(|all| all.len() as u64));
        let lenient = tcpscope(&[&["--check", &sheet, "--pass", "0"], source].concat(), "");
        assert_eq!(lenient.status.code(), Some(0));
    }
    for (name, text) in [("prose", "nothing of the kind"), ("broken", "# tcpscope worksheet 1: seed x")] {
        let path = directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        let output = tcpscope(&["--check", path.to_str().unwrap()], "");
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(String::from_utf8_lossy(&output.stderr).lines().count(), 1);
    }
}

#[test]
fn a_round_marks_at_once_and_ends_politely() {
    let args = ["--seed", "3", "--level", "fields", "--count", "2"];
    let key = tcpscope(&[&["--answers"], &args[..]].concat(), "");
    let answers: Vec<_> = stdout(&key)
        .lines()
        .filter_map(|line| line.strip_prefix("Answer ")?.split_once(": "))
        .map(|(_, key)| key)
        .collect();
    let right = tcpscope(&args, &format!("?\n{}\n{}\n", answers[0], answers[1]));
    assert!(stdout(&right).contains("2 of 2 right."), "{}", stdout(&right));
    let ended = tcpscope(&args, "what\n99999999999\n");
    assert_eq!(ended.status.code(), Some(0));
    let text = stdout(&ended);
    assert!(text.contains("Not right.") && text.contains("You ended after 0 of 2."), "{text}");
    let skipped = tcpscope(&args, "\n\n");
    assert!(stdout(&skipped).contains("The answer is") && stdout(&skipped).contains("0 of 2 right."));
    assert!(stdout(&skipped).lines().all(|line| line.chars().count() <= 80));
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

#[test]
fn no_question_of_a_sheet_shows_what_another_one_asks() {
    for seed in 0..50 {
        let asked = choose(Plan { seed, count: 6, level: Some(Level::Diagnosis) }, &Material::built_in(seed));
        for question in asked.iter().filter(|question| question.kind == "which_frame") {
            let other =
                asked.iter().find(|other| other.kind == "what_happened" && other.about == question.about);
            assert_eq!(other, None, "seed {seed}");
        }
    }
}

#[test]
fn a_score_fits_the_schema_and_names_its_type_first() {
    let schema =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ndjson.schema.json"));
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema.unwrap()).unwrap()).unwrap();
    let fill = |wrong: &str, args: &[&str]| {
        let sheet = tcpscope(&[&["--worksheet", "--seed", "11"], args].concat(), "");
        let filled = stdout(&sheet).replace("Answer 1:", &format!("Answer 1: {wrong}"));
        let marked = tcpscope(&[&["--check", "-", "--format", "json"], args].concat(), &filled);
        assert_eq!(marked.status.code(), Some(1));
        let line = stdout(&marked);
        assert!(
            line.starts_with("{\"type\":\"score\",\"schema\":1,\"seed\":11,") && line.lines().count() == 1
        );
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        if let Err(error) = validator.validate(&record) {
            panic!("{error}\n{record}");
        }
        record
    };
    let all = fill("\"\u{1b}\\", &["--count", "400"]);
    // Every kind there is has its place in the schema.
    let kinds: std::collections::BTreeSet<_> =
        all["answers"].as_array().unwrap().iter().map(|answer| answer["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.len(), 13 + 5 + 5 + 2, "{kinds:?}");
    assert_eq!((&all["level"], &all["capture"], &all["answered"]), (&Value::Null, &Value::Null, &1.into()));
    let captured = fill("0", &["--level", "fields", "--capture", "captures/handshake.pcap"]);
    assert_eq!(captured["level"], "fields");
    assert!(captured["answers"][0]["given"] == "0" && captured["answers"][1]["given"].is_null());
}

#[test]
fn a_sheet_that_asks_for_less_than_was_handed_out_is_found_out() {
    let sheet = tcpscope(&["--worksheet", "--seed", "5", "--count", "8", "--level", "states"], "");
    let shorter = stdout(&sheet).replace("count 8", "count 1");
    let handed_out = ["--check", "-", "--pass", "0", "--seed", "5", "--count", "8", "--level", "states"];
    assert_eq!(tcpscope(&handed_out, stdout(&sheet)).status.code(), Some(0));
    let found_out = tcpscope(&handed_out, &shorter);
    assert_eq!(found_out.status.code(), Some(2));
    assert_eq!(
        String::from_utf8_lossy(&found_out.stderr),
        "tcpscope: the worksheet's count is 1, and --count wants 8\n"
    );
    for other in [["--seed", "6"], ["--level", "fields"]] {
        let output = tcpscope(&[&["--check", "-"], &other[..]].concat(), stdout(&sheet));
        assert_eq!(output.status.code(), Some(2), "{other:?}");
    }
}

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

/// One sentence on standard error, nothing on standard output, and exit status 2.
fn refused(args: &[&str]) -> String {
    let output = tcpscope(args, "");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), stdout(&output)), (Some(2), ""), "{args:?}: {said}");
    assert!(said.starts_with("tcpscope: ") && said.lines().count() == 1, "{said}");
    said
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

#[test]
fn a_sheet_is_marked_whatever_editor_or_shell_wrote_it() {
    let key = tcpscope(&["--answers", "--seed", "2"], "");
    let text = stdout(&key);
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sheet.txt");
    let lines = text.replace('\n', "\r\n");
    let utf_16: Vec<u8> =
        std::iter::once(0xfeff).chain(lines.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for octets in [lines.clone().into_bytes(), [&b"\xef\xbb\xbf"[..], lines.as_bytes()].concat(), utf_16] {
        std::fs::write(&path, octets).unwrap();
        let marked = tcpscope(&["--check", path.to_str().unwrap()], "");
        assert!(stdout(&marked).ends_with("8 of 8 right (100 %): passed.\n"), "{}", stdout(&marked));
    }
}

/// As a Chinese input method writes it: every character full-width.
fn full_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '!'..='~' => char::from_u32(c as u32 + 0xfee0).unwrap(),
            ' ' => '\u{3000}',
            _ => c,
        })
        .collect()
}

#[test]
fn a_sheet_filled_in_with_full_width_characters_is_marked_right() {
    let key = tcpscope(&["--answers", "--seed", "2", "--count", "40"], "");
    let fill = |wide: &dyn Fn(&str, &str) -> String| -> String {
        let line = |line: &str| match line.strip_prefix("Answer ").and_then(|line| line.split_once(": ")) {
            Some((number, answer)) => wide(number, answer),
            None => line.to_owned(),
        };
        stdout(&key).lines().map(|text| line(text) + "\n").collect()
    };
    let colon = fill(&|number, answer| format!("Answer {number}：{answer}"));
    let all = fill(&|number, answer| full_width(&format!("Answer {number}: {answer}")));
    let close = fill(&|number, answer| format!("Answer{}：{}", full_width(number), full_width(answer)));
    for sheet in [colon, all, close] {
        let marked = tcpscope(&["--check", "-"], &sheet);
        assert!(stdout(&marked).ends_with(" right (100 %): passed.\n"), "{}", stdout(&marked));
    }
    let sheet = tcpscope(&["--worksheet", "--seed", "3", "--level", "fields", "--count", "1"], "");
    let marked = tcpscope(&["--check", "-"], &stdout(&sheet).replace("Answer 1:", "Answer 1：＿＿"));
    assert!(stdout(&marked).contains("no answer; it is"), "{}", stdout(&marked));
}

#[test]
fn a_round_takes_full_width_answers_and_asks_for_a_hint() {
    let args = ["--seed", "3", "--level", "fields", "--count", "3"];
    let key = tcpscope(&[&["--answers"], &args[..]].concat(), "");
    let keys = stdout(&key).lines().filter_map(|line| line.strip_prefix("Answer ")?.split_once(": "));
    let typed: String = keys.map(|(_, key)| full_width(key) + "\n").collect();
    let right = tcpscope(&args, &format!("？\n{typed}"));
    assert!(stdout(&right).contains("3 of 3 right."), "{}", stdout(&right));
}

#[test]
fn what_only_marking_knows_is_wrong_usage_without_a_sheet_to_mark() {
    for args in [["--format", "json"], ["--pass", "50"]] {
        assert_eq!(tcpscope(&args, "").status.code(), Some(2), "{args:?}");
    }
}

#[test]
fn q_leaves_with_the_score_as_the_end_of_the_input_does() {
    for typed in ["q\n", "Q\n", "ｑ\n", "Ｑ\n", "quit\nq\n", "\nq\n"] {
        let output = tcpscope(&["--seed", "3", "--count", "4", "--level", "fields"], typed);
        let asked = usize::from(typed.starts_with('\n'));
        let score = format!("0 of {asked} right. You ended after {asked} of 4.");
        assert!(stdout(&output).contains(&score), "{}", stdout(&output));
        assert_eq!((output.status.code(), stdout(&output).matches("\n> ").count()), (Some(0), asked + 1));
    }
}

use clap::{CommandFactory, Parser};

use super::super::args::{Args, Command};
use super::*;
use crate::query::criterion::Criterion;
use crate::query::sort::Key;
use crate::track::finding::{Cause, Kind};
use crate::view::style::TimeFormat;

const PIPE: Terminal = Terminal { color: false, width: None, height: None };
const COLORFUL: Terminal = Terminal { color: true, width: Some(97), height: Some(24) };

#[allow(irrefutable_let_patterns, reason = "without live capture there is no other command")]
fn request_at(terminal: Terminal, typed: &str) -> Result<Request, Usage> {
    let words = ["tcpscope", "read"].into_iter().chain(typed.split_whitespace());
    let Command::Read(args) = Args::try_parse_from(words).unwrap().command else {
        panic!("{typed} is no `read`");
    };
    Request::new(args, terminal)
}

fn request(typed: &str) -> Result<Request, Usage> {
    request_at(PIPE, typed)
}

fn style_of(request: Request) -> Style {
    match request.show {
        Show::Segments(style) => style,
        show => panic!("{show:?}"),
    }
}

#[test]
fn the_arguments_contradict_neither_themselves_nor_clap() {
    Args::command().debug_assert();
}

#[test]
fn segments_as_text_are_the_default() {
    let request = request("a.pcap b.pcap -n").unwrap();
    assert_eq!(request.files, [PathBuf::from("a.pcap"), PathBuf::from("b.pcap")]);
    assert_eq!(request.engine, Engine::new().threads(processors()));
    assert_eq!(style_of(request), Style::default());
}

#[test]
fn the_terminal_decides_what_nobody_typed() {
    let style = |typed| style_of(request_at(COLORFUL, typed).unwrap());
    assert_eq!((style("a").color, style("a").width), (true, 97));
    assert_eq!((style("a --color never").color, style("a --width 80").width), (false, 80));
    let style = |typed| style_of(request(typed).unwrap());
    assert_eq!((style("a").color, style("a").width), (false, 120));
    assert!(style("a --color always").color);
}

#[test]
fn every_option_of_style_has_its_effect() {
    let plain = Style::default();
    let cases = [
        ("--ascii", Style { ascii: true, ..plain }),
        ("--absolute", Style { absolute: true, ..plain }),
        ("--time relative", plain),
        ("--time delta", Style { time: TimeFormat::Delta, ..plain }),
        ("--time epoch", Style { time: TimeFormat::Epoch, ..plain }),
        ("--time utc", Style { time: TimeFormat::Utc, ..plain }),
        ("-q", Style { detail: Detail::Connections, ..plain }),
        ("-v", Style { detail: Detail::Frames, ..plain }),
        ("-x", Style { hex: true, ..plain }),
        ("--explain", Style { explain: true, ..plain }),
    ];
    for (typed, expected) in cases {
        assert_eq!(style_of(request(&format!("a {typed}")).unwrap()), expected, "{typed}");
    }
}

#[test]
fn a_view_refuses_what_it_cannot_show_and_takes_what_it_can() {
    assert_eq!(request("a --view connections").unwrap().show, Show::Connections(Style::default(), None));
    assert_eq!(request("a --view summary").unwrap().show, Show::Summary(Style::default()));
    let style = Style { ascii: true, width: 80, explain: true, absolute: true, ..Style::default() };
    let typed = "a --view ladder --ascii --width 80 --explain --absolute";
    assert_eq!(request(typed).unwrap().show, Show::Ladder(style));
    let refused = ["connections --explain", "connections --absolute", "connections -v"];
    let others = ["connections -x", "ladder -x", "summary -x", "summary -v", "summary --time utc"];
    for typed in refused.into_iter().chain(others) {
        let Usage(sentence) = request(&format!("a --view {typed}")).unwrap_err();
        assert!(sentence.contains("leave out --view"), "{sentence}");
    }
    assert!(request("a --view segments --explain -x --absolute -v").is_ok());
}

#[test]
fn what_is_wanted_can_be_said_more_than_once() {
    assert_eq!(request("a").unwrap().selection, Selection::default());
    let selection = request("a --port 80 --connection 3 --port 443 --connection 0").unwrap().selection;
    assert_eq!(
        selection,
        Selection {
            connections: vec![3, 0],
            traffic: Traffic { ports: vec![80, 443], ..Traffic::default() },
            findings: Vec::new(),
        }
    );
}

#[test]
fn limits_are_taken_over() {
    let request = request("a -c 5 --max-connections 7 --threads 3").unwrap();
    let limits = Limits { max_connections: 7, ..Limits::default() };
    assert_eq!(request.engine, Engine::new().frames(5).threads(3).limits(limits));
}

#[test]
fn formats_for_programs_refuse_what_only_text_can_show_and_say_what_to_do() {
    let options = ["--explain", "-x", "-v", "--absolute", "--ascii", "--time utc"];
    for format in ["ndjson", "csv"] {
        for option in options {
            let Usage(sentence) = request(&format!("a --format {format} {option}")).unwrap_err();
            assert!(sentence.contains("leave it out"), "{sentence}");
        }
        assert!(request(&format!("a --format {format} --color always --width 80")).is_ok());
    }
}

#[test]
fn json_is_the_summary_as_one_object() {
    assert_eq!(request("a --view summary --format json").unwrap().show, Show::Overview);
    for typed in ["a --format json", "a --view connections --format json"] {
        let Usage(sentence) = request(typed).unwrap_err();
        assert!(sentence.contains("--view summary") && sentence.contains("--format ndjson"), "{sentence}");
    }
    let Usage(sentence) = request("a --view summary --format json --explain").unwrap_err();
    assert!(sentence.contains("leave it out"), "{sentence}");
}

#[test]
fn quiet_is_let_pass_where_it_changes_nothing() {
    for typed in ["--view connections", "--view summary", "--format csv", "--format ndjson"] {
        let show = |options: &str| request(&format!("a {typed} {options}")).map(|request| request.show);
        assert!(show("-q").is_ok() && show("-v").is_err(), "{typed}");
    }
}

#[test]
fn a_view_that_a_format_does_not_have_is_refused() {
    assert_eq!(request("a --format csv --view connections").unwrap().show, Show::Csv(None));
    for typed in
        ["csv --view ladder", "csv --view segments", "ndjson --view ladder", "ndjson --view connections"]
    {
        assert!(request(&format!("a --format {typed}")).is_err(), "{typed}");
    }
}

#[test]
fn nothing_to_read_is_answered_with_an_example() {
    let Usage(sentence) = request("").unwrap_err();
    assert!(sentence.contains("tcpscope read "), "{sentence}");
}

#[test]
fn a_file_where_only_a_command_can_stand_is_told_how_to_read_it() {
    for word in ["capture.pcap", "/tmp/x", "-", "Cargo.toml"] {
        let Usage(sentence) = Usage::of_unknown_command(word).unwrap();
        assert!(sentence.ends_with(&format!("tcpscope {word}")), "{sentence}");
    }
    assert_eq!(Usage::of_unknown_command("raed"), None);
    let Usage(sentence) = Usage::of_unknown_command("\u{1b}[2J.pcap").unwrap();
    assert!(!sentence.contains('\u{1b}'), "{sentence:?}");
}

#[test]
fn connections_are_sorted_where_they_are_a_table() {
    let order = |key, most| Some(Order { key, most });
    let show = |typed| request(typed).unwrap().show;
    assert_eq!(show("a --format csv --sort loss"), Show::Csv(order(Key::Loss, 1000)));
    assert_eq!(
        show("a --view connections --sort start --top 5"),
        Show::Connections(Style::default(), order(Key::Start, 5))
    );
    let refused = ["a --sort loss", "a --view ladder --sort rtt", "a --view summary --sort octets"];
    for typed in refused {
        assert!(request(typed).unwrap_err().0.contains("--view connections or --format csv"), "{typed}");
    }
    assert!(request("a --format ndjson --sort loss").unwrap_err().0.contains("sort it afterwards"));
}

#[test]
fn only_chooses_connections_or_records() {
    for typed in ["--view connections", "--view summary", "--format csv", "--format ndjson"] {
        let chosen = request(&format!("a {typed} --only problems --only reset:idle")).unwrap().selection;
        assert_eq!(chosen.findings, [Criterion::Problems, Criterion::Cause(Cause::Idle)]);
    }
    for typed in ["a --only problems", "a --view ladder --only reset"] {
        assert!(request(typed).unwrap_err().0.contains("--view connections"), "{typed}");
    }
}

#[test]
fn what_must_not_be_there_is_taken_over() {
    let request = request("a --fail-on loss>1% --fail-on zero_window>2").unwrap();
    let findings = Condition::Findings(Criterion::Kind(Kind::ZeroWindow), 2);
    assert_eq!(request.fail_on, [Condition::Loss(100), findings]);
}

#[test]
fn datagrams_are_shown_one_by_one_and_belong_to_no_connection() {
    let style = Style { datagrams: true, ..Style::default() };
    let udp = request("a --udp --port 53").unwrap();
    assert_eq!(udp.show, Show::Segments(style));
    assert_eq!((udp.selection.traffic.udp, udp.selection.traffic.tcp), (true, false));
    assert_eq!(request("a --udp --format ndjson").unwrap().show, Show::Ndjson { datagrams: true });
    assert_eq!(request("a --format ndjson").unwrap().show, Show::Ndjson { datagrams: false });
    let views = ["--view ladder", "--view connections", "--view summary", "--format csv"];
    for typed in views {
        let Usage(sentence) = request(&format!("a --udp {typed}")).unwrap_err();
        assert!(sentence.contains("leave out --udp"), "{sentence}");
    }
    for typed in ["--connection 3", "--format ndjson --only problems"] {
        let Usage(sentence) = request(&format!("a --udp {typed}")).unwrap_err();
        assert!(sentence.ends_with("leave one of them out"), "{sentence}");
    }
}

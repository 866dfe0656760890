use proptest::prelude::*;

use super::*;

fn line() -> Line {
    Line::new(&Style::default())
}

fn shown(line: &Line) -> &str {
    std::str::from_utf8(line.octets()).unwrap()
}

#[test]
fn no_line_ends_in_a_space() {
    let mut line = line();
    line.text("a");
    line.to(10);
    line.end();
    assert_eq!(shown(&line), "a\n");
}

#[test]
fn a_column_counts_characters() {
    let mut line = line();
    line.text("→µ");
    line.to(4);
    line.text("x");
    assert_eq!(shown(&line), "→µ  x");
    assert_eq!(line.column(), 5);
}

#[test]
fn numbers_end_where_their_column_ends() {
    let mut line = line();
    line.number_to(5, 42);
    line.skip(1);
    line.number_to(8, 123_456);
    assert_eq!(shown(&line), "   42 123456");
}

#[test]
fn paint_takes_no_column_and_covers_no_gap() {
    let mut line = Line::new(&Style { color: true, ..Style::default() });
    line.to(2);
    line.paint(Meaning::Trouble);
    line.text("x");
    line.plain(Meaning::Trouble);
    assert_eq!(line.column(), 3);
    assert_eq!(shown(&line), "  \x1b[31mx\x1b[0m");
}

proptest! {
    #[test]
    fn an_endpoint_reads_as_it_does_elsewhere(addr in any::<IpAddr>(), port in any::<u16>()) {
        let mut line = line();
        line.endpoint(Endpoint { addr, port });
        prop_assert_eq!(shown(&line), Endpoint { addr, port }.to_string());
        prop_assert_eq!(line.column(), shown(&line).len());
    }

    #[test]
    fn a_duration_ends_where_its_column_ends(nanos: i64, ascii: bool) {
        let mut line = Line::new(&Style { ascii, ..Style::default() });
        line.span_to(20, nanos);
        prop_assert_eq!(shown(&line).trim_start(), format!("{:#}", Span { nanos, ascii }));
        prop_assert_eq!((line.column(), shown(&line).chars().count()), (20, 20));
    }
}

#[test]
fn words_fold_under_their_own_column() {
    let mut line = line();
    line.to(4);
    line.folded("one two three four", 4, 12);
    assert_eq!(shown(&line), "    one two\n    three\n    four");
}

#[test]
fn a_section_stays_in_one_piece() {
    let mut line = line();
    line.folded("so it is [RFC 9293 3.4, RFC 7323].", 0, 16);
    assert_eq!(shown(&line), "so it is\n[RFC 9293 3.4,\nRFC 7323].");
}

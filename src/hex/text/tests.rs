use proptest::prelude::*;

use super::*;

/// The header that every course has.
const HEADER: &str = "c4621f90360a1d03000000008002faf04cc00000020405b40103030801010402";

fn octets(text: &str) -> Vec<u8> {
    pairs(text).unwrap().collect()
}

fn one(text: &str) -> (Form, Vec<u8>) {
    let mut read = read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(read.dumps.len(), 1, "{text}");
    (read.form, read.dumps.remove(0))
}

fn sentence(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

#[test]
fn what_people_put_between_digits_does_not_matter() {
    for text in [
        "c462 1f90 360a1d03 00000000 8002 faf0 4cc0 0000 020405b40103030801010402",
        "C4:62:1F:90:36:0A:1D:03:00:00:00:00:80:02:FA:F0:4C:C0:00:00:02:04:05:B4:01:03:03:08:01:01:04:02",
        "c4621f90\n360a1d03\r\n00000000\n8002faf0\n4cc00000\n020405b4\n01030308\n01010402\n",
        "\"c4621f90360a1d03\" \"000000008002faf04cc00000020405b4\" 0103.0308-0101_0402",
        "# a header\n\tc4621f90360a1d03000000008002faf0 # and a comment\n".split(" #").next().unwrap(),
    ] {
        let (form, read) = one(text);
        assert_eq!(form, Form::Digits);
        assert_eq!(read, octets(HEADER)[..read.len()], "{text}");
        assert!(read.len() >= 16);
    }
}

#[test]
fn a_prefix_may_stand_before_all_digits_or_before_each_octet() {
    assert_eq!(one(&format!("0x{HEADER}")), (Form::Prefixed, octets(HEADER)));
    assert_eq!(one("0xc4, 0x62, 0X1f, 0x9"), (Form::Prefixed, vec![0xc4, 0x62, 0x1f, 0x09]));
    assert_eq!(one("0xc462 0x1f90"), (Form::Prefixed, vec![0xc4, 0x62, 0x1f, 0x90]));
}

#[test]
fn escapes_are_read_in_one_string_or_several() {
    let expected = (Form::Escaped, vec![0xc4, 0x62, 0x1f, 0x90]);
    for text in [
        r"\xc4\x62\x1f\x90",
        "\"\\xc4\\x62\" \\\n\"\\x1f\\x90\"",
        r"b'\xc4\x62\x1f\x90'",
        r"$'\xc4\x62\x1f\x90'",
    ] {
        assert_eq!(one(text), expected, "{text}");
    }
}

#[test]
fn an_array_is_read_with_its_comments() {
    let text = "/* Frame (4 octets) */\nstatic const unsigned char pkt1[4] = {\n0xc4, 0x62, /* .b */\n0x1f, 0x9 // }\n};\n";
    assert_eq!(one(text), (Form::Array, vec![0xc4, 0x62, 0x1f, 0x09]));
}

#[test]
fn a_list_in_brackets_is_an_array_too_and_a_single_digit_is_an_octet() {
    let expected = (Form::Array, vec![0xc4, 0, 7, 0x9]);
    for text in
        ["{ 0xc4, 0, 7, 0x9 }", "[0xc4, 0, 7, 0x09]", "bytes([0xc4,0,7,0x9])", "let x = [0xc4, 0, 7, 0x9];"]
    {
        assert_eq!(one(text), expected, "{text}");
    }
    assert_eq!(
        sentence("{ 0xc4, 62 }"),
        "character 9: in a C array every octet is 0x and one or two digits, or a single digit, and here stands \"62\""
    );
    assert_eq!(sentence("[0xc4, 0x62"), "character 1: the array that begins here has no end");
}

#[test]
fn a_mark_that_an_editor_put_in_front_does_not_matter() {
    assert_eq!(one("\u{feff}c4621f90").1, [0xc4, 0x62, 0x1f, 0x90]);
    assert_eq!(one("\u{feff}0000  c4 62\n0002  1f 90\n"), (Form::OffsetHex, vec![0xc4, 0x62, 0x1f, 0x90]));
}

#[test]
fn what_is_no_hex_is_said_in_one_sentence_with_its_place() {
    for (text, expected) in [
        ("", "there are no octets to decode"),
        ("  ,: ", "there are no octets to decode"),
        ("c4 62 1", "character 7: \"1\" has an odd number of digits (1), and two digits make an octet"),
        ("c4 6g", "character 5: \"g\" is no hexadecimal digit"),
        ("c4 62\n1f 9z", "line 2, character 5: \"z\" is no hexadecimal digit"),
        ("hello", "character 1: \"h\" is no hexadecimal digit"),
        ("c4\u{1b}[2J", "character 3: \"\\u{1b}\" is no hexadecimal digit"),
        ("0x", "character 1: \"0\" has an odd number of digits (1), and two digits make an octet"),
        (
            r"\xc4\x6",
            "character 5: in \\x.. escapes every octet is \\x and two digits, and here stands \"\\\\x6\"",
        ),
        (r"\xc4b", "character 5: in \\x.. escapes every octet is \\x and two digits, and here stands \"b\""),
        (
            "{ 0xc4, 98 }",
            "character 9: in a C array every octet is 0x and one or two digits, or a single digit, and here stands \"98\"",
        ),
        ("{ 0xc4", "character 1: the array that begins here has no end"),
        ("00000000: c462 1f9g", "character 19: \"g\" is no hexadecimal digit"),
        (
            "00000000: c462 1f9",
            "character 16: \"1f9\" has an odd number of digits (3), and two digits make an octet",
        ),
        (
            "0000  c4 62\n0004  1f 90\n",
            "line 1, character 5: the row has 2 octets, and 4 by the offset behind it; is something missing?",
        ),
        (
            "0000  c4 62\n*\n",
            "line 2, character 1: \"*\" stands for repeated rows, and there is none before or behind it",
        ),
    ] {
        assert_eq!(sentence(text), expected, "{text:?}");
    }
}

#[test]
fn a_row_that_is_missing_or_too_short_is_said() {
    let rows = [
        "00000000: c462 1f90 360a 1d03  .b..6...\n",
        "00000008: 0000 0000 8002 faf0  ........\n",
        "00000010: 4cc0 0000  L...\n",
    ];
    assert_eq!(one(&rows.concat()).1.len(), 20);
    let missing = sentence(&[rows[0], rows[2]].concat());
    assert_eq!(
        missing,
        "line 1, character 10: the row has 8 octets, and 16 by the offset behind it; is something missing?"
    );
    let backwards = sentence(&[rows[0], rows[1], "00000008: 4cc0\n"].concat());
    assert_eq!(backwards, "line 3, character 1: the row's offset is 0x8, and 0x10 was expected");
    let short = sentence(&[rows[0], "00000008: 0000 0000 8002\n", rows[2]].concat());
    assert_eq!(
        short,
        "line 2, character 10: the row has 6 octets, and 8 by the offset behind it; is something missing?"
    );
}

#[test]
fn characters_beside_a_row_that_look_like_digits_are_no_octets() {
    // The characters of these octets are themselves digits.
    let text = "00000000: 6162 6364 6566 3031  abcdef01\n00000008: 3233 3435            2345\n";
    assert_eq!(one(text), (Form::Xxd, b"abcdef012345".to_vec()));
    let text = "0000  61 62 63 64 65 66 30 31 32 33 34 35 36 37 38 39   ab cd ef 0123456\n";
    assert_eq!(one(text), (Form::OffsetHex, b"abcdef0123456789".to_vec()));
}

#[test]
fn rows_of_digits_are_no_dump_because_one_of_them_begins_with_zeros() {
    let text = "c4621f90 360a1d03\n00000000 80 02\nfaf0 4cc0 0000";
    assert_eq!(one(text), (Form::Digits, octets("c4621f90360a1d03000000008002faf04cc00000")));
}

#[test]
fn a_repeat_without_bound_is_refused() {
    assert_eq!(
        sentence("00000000  00 00  |..|\n*\nfffffff0\n"),
        format!("the text stands for more than {MAX_OCTETS} octets, and no frame has so many")
    );
}

#[test]
fn names_are_told_apart() {
    for (n, form) in Form::ALL.iter().enumerate() {
        assert!(
            Form::ALL[..n]
                .iter()
                .all(|other| other.name() != form.name() && other.to_string() != form.to_string())
        );
    }
}

/// Octets in one of the forms, written by rules of this test's own.
fn written(octets: &[u8], form: usize) -> String {
    let pair = |octet: &u8| format!("{octet:02x}");
    let joined = |between: &str| octets.iter().map(pair).collect::<Vec<_>>().join(between);
    match form {
        0 => joined(""),
        1 => joined(" "),
        2 => joined(":"),
        3 => format!("0x{}", joined(", 0x")),
        4 => format!("\\x{}", joined("\\x")),
        5 => format!("char a[] = {{ 0x{} }};", joined(",\n0x")),
        _ => octets
            .chunks(16)
            .enumerate()
            .map(|(n, row)| {
                let hex = row.iter().map(pair).collect::<Vec<_>>().join(" ");
                let text: String =
                    row.iter().map(|o| if o.is_ascii_graphic() { char::from(*o) } else { '.' }).collect();
                format!("{:04x}  {hex:<47}   {text}\n", n * 16)
            })
            .collect(),
    }
}

proptest! {
    #[test]
    fn octets_come_back_from_every_form(octets in prop::collection::vec(any::<u8>(), 1..200), form in 0..7_usize) {
        let text = written(&octets, form);
        let read = read(&text).map_err(|error| TestCaseError::fail(format!("{text}: {error}")))?;
        prop_assert_eq!(&read.dumps, &[octets]);
        prop_assert_eq!(read.passed_over, 0);
    }

    #[test]
    fn any_text_gives_octets_or_one_sentence(text in any::<String>()) {
        match read(&text) {
            Ok(read) => prop_assert!(!read.dumps.is_empty() && read.dumps.iter().all(|dump| !dump.is_empty())),
            Err(error) => prop_assert_eq!(error.to_string().lines().count(), 1),
        }
    }

    #[test]
    fn text_that_is_nearly_hex_gives_octets_or_one_sentence(text in "([0-9a-f]{2,8}[ :|*,x\\\\{}\n]{0,3}){0,40}") {
        if let Err(error) = read(&text) {
            prop_assert_eq!(error.to_string().lines().count(), 1);
        }
    }
}

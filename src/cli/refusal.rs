//! Faults of the arguments, in one sentence.

use std::borrow::Cow;
use std::ffi::OsString;
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::view::visible::Visible;

use super::typed::names_a_file;

/// What to type instead of an option that `tcpdump` and `tshark` have and `read`, or `live`, has not.
pub(super) fn instead(error: &clap::Error, typed: &[OsString]) -> Option<String> {
    let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg) else { return None };
    if error.kind() != ErrorKind::UnknownArgument || !about_captures(typed) {
        return None;
    }
    let value = value(option, typed);
    Some(match &option[..] {
        "-r" => {
            let file = value.unwrap_or("capture.pcap".into());
            format!("-r is not needed; type: tcpscope read {}", Visible(&file))
        }
        "-i" => {
            let interface = value.unwrap_or("eth0".into());
            format!("-i is for live; type: tcpscope live -i {}", Visible(&interface))
        }
        "-Y" | "-R" => format!(
            "{option} is not there, since there are no filter expressions yet; choose with --host, --port, \
             --connection, --tcp or --only"
        ),
        "-w" => "-w is for live, and read writes no captures yet; to keep a part of one: tcpdump -r capture.pcap -w \
                 part.pcap port 80"
            .to_owned(),
        _ => return None,
    })
}

/// The value that was typed behind a short option: in the same word, perhaps with other short options in front of it,
/// or in the next word.
fn value<'a>(option: &str, typed: &'a [OsString]) -> Option<Cow<'a, str>> {
    let letter = option.strip_prefix('-')?;
    typed.iter().enumerate().find_map(|(at, word)| {
        let short = word.to_str()?.strip_prefix('-').filter(|short| !short.starts_with('-'))?;
        let (_, behind) = short.split_once(letter)?;
        let behind = behind.strip_prefix('=').unwrap_or(behind);
        if behind.is_empty() {
            typed.get(at + 1).map(|word| word.to_string_lossy())
        } else {
            Some(behind.into())
        }
    })
}

/// Whether the command was `read`, `live`, or options without a command.
fn about_captures(typed: &[OsString]) -> bool {
    let first = typed.get(1).and_then(|word| word.to_str()).unwrap_or("");
    matches!(first, "read" | "live") || first.starts_with('-') || names_a_file(Path::new(first))
}

/// What `clap` says in a paragraph: the fault, what was meant perhaps, and what there is.
pub(super) fn sentence(error: &clap::Error) -> String {
    let paragraph = error.render().to_string();
    let ends = |line: &&str| line.starts_with("Usage:") || line.starts_with("For more information");
    let lines = paragraph.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut lines: Vec<_> = lines.take_while(|line| !ends(line)).collect();
    // What was nearly typed stands before the list of all that could have been.
    lines.sort_by_key(|line| line.starts_with("[possible values:"));
    let mut words = String::new();
    for line in lines {
        let part = ["error: ", "tip: "].iter().find_map(|start| line.strip_prefix(start)).unwrap_or(line);
        let part = part.strip_prefix('[').and_then(|part| part.strip_suffix(']')).unwrap_or(part);
        words.push_str(match words.as_str() {
            "" => "",
            before if before.ends_with(':') => " ",
            _ => "; ",
        });
        words.push_str(part);
    }
    for (library, plain) in PLAIN {
        if let Some(start) = words.strip_suffix(library) {
            words = format!("{start}{plain}");
        }
    }
    if let Some((start, (least, most))) =
        words.split_once(" is not in ").and_then(|(start, range)| Some((start, range.split_once("..=")?)))
    {
        words = format!("{start} is not between {least} and {most}");
    }
    Visible(&words).to_string()
}

/// What the standard library says of a value, in plainer words.
const PLAIN: [(&str, &str); 5] = [
    ("number would be zero for non-zero type", "expected 1 or more"),
    ("invalid digit found in string", "expected a number"),
    ("cannot parse integer from empty string", "expected a number"),
    ("number too large to fit in target type", "this number is too large"),
    ("invalid IP address syntax", "expected an IP address"),
];

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::super::args::Args;
    use super::super::typed::command;
    use super::*;

    fn told(typed: &[&str]) -> String {
        sentence(&Args::try_parse_from([&["tcpscope"], typed].concat()).unwrap_err())
    }

    #[test]
    fn a_misspelt_option_is_told_of_with_the_one_that_was_meant() {
        assert_eq!(
            told(&["read", "--explan", "a"]),
            "unexpected argument '--explan' found; a similar argument exists: '--explain'"
        );
        assert_eq!(told(&["redd"]), "unrecognized subcommand 'redd'; a similar subcommand exists: 'read'");
        assert_eq!(
            told(&["read", "--view", "sumary", "a"]),
            "invalid value 'sumary' for '--view <VIEW>'; a similar value exists: 'summary'; possible values: segments, \
             connections, ladder, summary"
        );
    }

    #[test]
    fn a_value_that_is_none_is_told_of_with_what_was_expected() {
        assert!(told(&["read", "--connection", "x", "a"]).ends_with("'--connection <N>': expected a number"));
        for number in ["-1", "1a", "", "#", "##1"] {
            assert!(
                told(&["states", "a", "--connection", number]).ends_with(": expected a number"),
                "{number}"
            );
        }
        assert!(told(&["read", "-c", "0", "a"]).ends_with(": expected 1 or more"));
        assert!(told(&["read", "--host", "x", "a"]).ends_with(": expected an IP address"));
        assert!(told(&["read", "--port", "70000", "a"]).ends_with(": 70000 is not between 0 and 65535"));
        assert!(
            told(&["read", "--view", "x", "a"])
                .ends_with("; possible values: segments, connections, ladder, summary")
        );
    }

    #[test]
    fn options_of_other_programs_are_answered_with_what_to_type_instead() {
        let told = |typed: &str| {
            let words: Vec<_> =
                ["tcpscope"].into_iter().chain(typed.split(' ')).map(OsString::from).collect();
            instead(&command(&words).unwrap_err(), &words)
        };
        for (typed, said) in [
            ("read -r a.pcap", "-r is not needed; type: tcpscope read a.pcap"),
            ("read -ra.pcap", "type: tcpscope read a.pcap"),
            ("read -qr a.pcap", "type: tcpscope read a.pcap"),
            ("read -v -r=a.pcap", "type: tcpscope read a.pcap"),
            ("read -r", "type: tcpscope read capture.pcap"),
            ("-r a.pcap", "type: tcpscope read a.pcap"),
            ("read -i lo", "type: tcpscope live -i lo"),
            ("read a.pcap -Y tcp.port==80", "choose with --host, --port"),
            ("a.pcap -Y tcp.port==80", "choose with --host, --port"),
            ("read a.pcap -w b.pcap", "tcpdump -r capture.pcap -w part.pcap"),
        ] {
            let told = told(typed).unwrap_or_default();
            assert!(told.contains(said), "{typed}: {told}");
        }
        #[cfg(all(feature = "live", target_os = "linux"))]
        assert!(told("live -r a.pcap").is_some());
        for typed in ["serve -r", "read --explan", "read -Z", "decode -w"] {
            assert_eq!(told(typed), None, "{typed}");
        }
    }

    #[test]
    fn it_is_one_line_without_escapes_whatever_was_typed() {
        for typed in [&["read", "--\u{1b}[2J\nx"][..], &["read", "-v", "-q", "a"], &["a\nb"]] {
            let told = told(typed);
            assert!(!told.is_empty() && !told.chars().any(char::is_control), "{told:?}");
        }
    }
}

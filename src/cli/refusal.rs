//! What is wrong with the arguments, in one sentence.

use crate::view::visible::Visible;

/// What `clap` says in a paragraph: the fault, what was meant perhaps, and what there is.
pub(super) fn sentence(error: &clap::Error) -> String {
    let paragraph = error.render().to_string();
    let mut words = String::new();
    for line in paragraph.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if line.starts_with("Usage:") || line.starts_with("For more information") {
            break;
        }
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
    use super::sentence;

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
    }

    #[test]
    fn a_value_that_is_none_is_told_of_with_what_was_expected() {
        assert!(told(&["read", "--connection", "x", "a"]).ends_with("'--connection <N>': expected a number"));
        assert!(told(&["read", "-c", "0", "a"]).ends_with(": expected 1 or more"));
        assert!(told(&["read", "--host", "x", "a"]).ends_with(": expected an IP address"));
        assert!(told(&["read", "--port", "70000", "a"]).ends_with(": 70000 is not between 0 and 65535"));
        assert!(
            told(&["read", "--view", "x", "a"])
                .ends_with("; possible values: segments, connections, ladder, summary")
        );
    }

    #[test]
    fn it_is_one_line_without_escapes_whatever_was_typed() {
        for typed in [&["read", "--\u{1b}[2J\nx"][..], &["read", "-v", "-q", "a"], &["a\nb"]] {
            let told = told(typed);
            assert!(!told.is_empty() && !told.chars().any(char::is_control), "{told:?}");
        }
    }
}

//! Command lines where the word for the command is left out, or asks for help.

use std::ffi::OsString;
use std::path::{MAIN_SEPARATOR, Path};

use clap::Parser;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::args::{Args, Command};

/// What `read` does is done of a file that stands in the place of a command.
const READ: &str = "read";

/// The command that was typed, the first word of which is the program's name.
///
/// # Errors
///
/// It is none, or help was asked for.
pub(super) fn command(typed: &[OsString]) -> Result<Command, clap::Error> {
    let error = match Args::try_parse_from(typed) {
        Ok(Args { command: Command::Help { command }, .. }) => return help(typed, command),
        Ok(args) => return Ok(args.command),
        Err(error) => error,
    };
    let (Some(name), Some(first)) = (typed.first(), typed.get(1)) else { return Err(error) };
    let reads = || {
        let words = [name.clone(), READ.into()].into_iter().chain(typed[1..].iter().cloned());
        Args::try_parse_from(words).map(|args| args.command)
    };
    // A global option may stand in front of the word that is no command.
    let names_a_file = |word: &OsString| names_a_file(Path::new(word));
    let behind = match error.get(ContextKind::InvalidSubcommand) {
        Some(ContextValue::String(word)) => word.into(),
        _ => OsString::new(),
    };
    match error.kind() {
        ErrorKind::InvalidSubcommand if names_a_file(first) || names_a_file(&behind) => reads(),
        // Options of `read` in front of the file. Where one of them is wrong, the error is about that one.
        ErrorKind::UnknownArgument if first.as_encoded_bytes().starts_with(b"-") => match reads() {
            Ok(Command::Read(args)) if args.files.is_empty() => Err(error),
            read => read,
        },
        _ => Err(error),
    }
}

/// Whether `word` is a file, or would be one by its name. A misspelt command is none.
pub(super) fn names_a_file(word: &Path) -> bool {
    let text = word.to_string_lossy();
    text == "-" || word.extension().is_some() || text.contains(MAIN_SEPARATOR) || word.exists()
}

/// Like `--help` behind the command.
fn help(typed: &[OsString], command: Vec<String>) -> Result<Command, clap::Error> {
    let words = command.into_iter().chain(["--help".to_owned()]).map(OsString::from);
    Args::try_parse_from(typed.first().cloned().into_iter().chain(words)).map(|args| args.command)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Result<Command, clap::Error> {
        let words: Vec<_> = ["tcpscope"].into_iter().chain(text.split(' ')).map(OsString::from).collect();
        command(&words)
    }

    #[test]
    fn a_file_in_the_place_of_a_command_is_read() {
        for text in [
            "capture.pcap",
            "-",
            "/tmp/x --explain",
            "Cargo.toml other",
            "-q --view ladder capture.pcap",
            "--lang en capture.pcap",
        ] {
            let Ok(Command::Read(args)) = typed(text) else { panic!("{text}") };
            assert!(!args.files.is_empty(), "{text}");
        }
    }

    #[test]
    fn a_misspelt_command_or_option_is_not_taken_for_a_file() {
        for (text, kind) in [
            ("raed", ErrorKind::InvalidSubcommand),
            ("--explan capture.pcap", ErrorKind::UnknownArgument),
            ("-q", ErrorKind::UnknownArgument),
            ("--help capture.pcap", ErrorKind::DisplayHelp),
        ] {
            assert_eq!(typed(text).unwrap_err().kind(), kind, "{text}");
        }
    }

    #[test]
    fn of_options_before_a_file_the_wrong_one_is_told_of() {
        for (text, wrong) in [
            ("-q --explan a.pcap", "unexpected argument '--explan' found"),
            ("-q --view sumary a.pcap", "invalid value 'sumary'"),
            ("--only rst a.pcap", "invalid value 'rst' for '--only"),
            ("--bogus a.pcap", "unexpected argument '--bogus' found"),
        ] {
            let told = typed(text).unwrap_err().to_string();
            assert!(told.contains(wrong), "{text}: {told}");
        }
    }

    #[test]
    fn help_before_a_command_is_the_help_behind_it() {
        for name in ["read", "serve", "exercise"] {
            let before = typed(&format!("help {name}")).unwrap_err().to_string();
            assert_eq!(before, typed(&format!("{name} --help")).unwrap_err().to_string());
        }
        assert_eq!(typed("help").unwrap_err().to_string(), typed("--help").unwrap_err().to_string());
        assert_eq!(typed("help raed").unwrap_err().kind(), ErrorKind::InvalidSubcommand);
    }
}

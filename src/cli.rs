//! What was typed and what it means; joins the others.
//!
//! Exit codes: 0 done; 1 a source could not be read to its end, a conversation could not be had, or the output
//! could not be written; 2 wrong usage. A reader that closes the pipe early is content, and so are we.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use clap::error::{ContextKind, ErrorKind};

mod address;
mod args;
mod connect;
mod journal;
mod read;
mod request;
mod serve;
mod span;
mod tally;
mod terminal;

use args::{Args, Command};
use request::{Request, Usage};
use terminal::Terminal;

/// Wrong usage, as `clap` has it too.
const USAGE: u8 = 2;

/// Runs the program with these arguments, the first of which is its own name.
pub fn run(typed: impl IntoIterator<Item = OsString>) -> ExitCode {
    match Args::try_parse_from(typed) {
        Ok(Args { command: Command::Read(args) }) => match Request::new(args, Terminal::look()) {
            Ok(request) => exit(read::read(&request)),
            Err(usage) => refuse(&usage),
        },
        Ok(Args { command: Command::Serve(args) }) => exit(serve::serve(args, Terminal::look())),
        Ok(Args { command: Command::Connect(args) }) => match connect::Plan::new(args, Terminal::look()) {
            Ok(plan) => exit(connect::connect(&plan)),
            Err(usage) => refuse(&usage),
        },
        Err(error) => explain(&error),
    }
}

/// What the exit code says of a run.
fn exit(outcome: io::Result<read::Outcome>) -> ExitCode {
    match outcome {
        Ok(read::Outcome::Complete) => ExitCode::SUCCESS,
        Ok(read::Outcome::Incomplete) => ExitCode::FAILURE,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format_args!("cannot write the output: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// One sentence on standard error that is no error.
fn tell(sentence: &dyn std::fmt::Display) {
    let _ = writeln!(io::stderr().lock(), "{sentence}");
}

/// One sentence on standard error. If that is closed too, there is nobody left to tell.
fn complain(sentence: &dyn std::fmt::Display) {
    let _ = writeln!(io::stderr().lock(), "tcpscope: {sentence}");
}

fn refuse(usage: &Usage) -> ExitCode {
    complain(usage);
    ExitCode::from(USAGE)
}

/// Shows help and version on standard output, and what is wrong with the arguments on standard error.
fn explain(error: &clap::Error) -> ExitCode {
    if error.kind() == ErrorKind::InvalidSubcommand
        && let Some(word) = error.get(ContextKind::InvalidSubcommand)
        && let Some(usage) = Usage::of_unknown_command(&word.to_string())
    {
        return refuse(&usage);
    }
    let printed = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => exit(printed.map(|()| read::Outcome::Complete)),
        _ => ExitCode::from(USAGE),
    }
}

//! The command line: what was typed and what it means; joins the other rooms.
//!
//! Exit codes: 0 done; 1 a source could not be read to its end or does not hold the connection that was asked for, a
//! conversation could not be had, or the output could not be written; 2 wrong usage; 3 what `--fail-on` names was
//! found. A reader that closes the pipe early is no error.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::error::{ContextKind, ErrorKind};

mod address;
mod args;
mod characters;
mod connect;
mod decode;
#[cfg(all(feature = "live", target_os = "linux"))]
mod demo;
mod exercise;
mod fail_on;
mod fields;
#[cfg(all(feature = "live", target_os = "linux"))]
mod interfaces;
mod journal;
#[cfg(all(feature = "live", target_os = "linux"))]
mod live;
mod manual;
mod meant;
mod named;
mod progress;
mod read;
mod refusal;
mod request;
mod serve;
mod show;
mod signals;
mod span;
mod states;
mod terminal;
mod typed;

use args::Command;
use request::{Request, Usage};
use terminal::Terminal;

/// Wrong usage, as `clap` has it too.
const USAGE: u8 = 2;

/// Runs the program with these arguments, the first of which is its own name.
pub fn run(typed: impl IntoIterator<Item = OsString>) -> ExitCode {
    let typed: Vec<_> = typed.into_iter().collect();
    let command = match typed::command(&typed) {
        Ok(command) => command,
        Err(error) => return explain(&error, &typed),
    };
    let outcome = match command {
        Command::Decode(args) => decode::run(args, Terminal::look()),
        Command::Exercise(args) => exercise::run(&args, Terminal::look()),
        Command::Fields(args) => fields::run(&args, Terminal::look()),
        Command::Read(args) => Request::new(args, Terminal::look()).map(|request| read::read(&request)),
        Command::Serve(args) => args.suits().map(|()| serve::serve(args, Terminal::look())),
        Command::States(args) => states::run(args, Terminal::look()),
        Command::Connect(args) => {
            connect::Plan::new(args, Terminal::look()).map(|plan| connect::connect(&plan))
        }
        #[cfg(all(feature = "live", target_os = "linux"))]
        Command::Live(args) => live::Request::new(args, Terminal::look()).map(|request| live::live(&request)),
        #[cfg(all(feature = "live", target_os = "linux"))]
        Command::Demo(args) => demo::Plan::new(args, Terminal::look()).map(demo::demo),
        #[cfg(all(feature = "live", target_os = "linux"))]
        Command::Interfaces => Ok(interfaces::interfaces()),
        Command::Completions { shell } => Ok(manual::completions(shell)),
        Command::Help { .. } => Ok(Ok(Outcome::Complete)),
        Command::Man { command } => manual::Page::new(command.as_deref()).map(manual::Page::print),
    };
    outcome.map_or_else(|usage| refuse(&usage), exit)
}

/// Found what was not to be found.
const FAILED: u8 = 3;

/// How a run went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Outcome {
    /// Each source was read to its end.
    Complete,
    /// At least one was not. What is wrong with it has been said.
    Incomplete,
    /// Each was, and holds what `--fail-on` names. What that is has been said.
    Failed,
}

/// What the exit code says of a run.
fn exit(outcome: io::Result<Outcome>) -> ExitCode {
    match outcome {
        Ok(Outcome::Complete) => ExitCode::SUCCESS,
        Ok(Outcome::Incomplete) => ExitCode::FAILURE,
        Ok(Outcome::Failed) => ExitCode::from(FAILED),
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

/// One sentence on standard error. If that is closed too, the sentence is lost.
fn complain(sentence: &dyn std::fmt::Display) {
    let _ = writeln!(io::stderr().lock(), "tcpscope: {sentence}");
}

fn refuse(usage: &Usage) -> ExitCode {
    complain(usage);
    ExitCode::from(USAGE)
}

/// Shows help and version on standard output, and what is wrong with the arguments on standard error.
fn explain(error: &clap::Error, typed: &[OsString]) -> ExitCode {
    if error.kind() == ErrorKind::InvalidSubcommand
        && let Some(word) = error.get(ContextKind::InvalidSubcommand)
        && let Some(usage) = Usage::of_unknown_command(&word.to_string())
    {
        return refuse(&usage);
    }
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => exit(error.print().map(|()| Outcome::Complete)),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            // If standard error is closed, the help is lost.
            let _ = error.print();
            ExitCode::from(USAGE)
        }
        _ => refuse(&Usage(refusal::instead(error, typed).unwrap_or_else(|| refusal::sentence(error)))),
    }
}

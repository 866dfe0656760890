//! `tcpscope completions` and `tcpscope man`: the command line in forms that shells and `man` read.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

use super::Outcome;
use super::args::Args;
use super::request::Usage;

/// Writes completions to standard output.
///
/// # Errors
///
/// Standard output could not be written.
pub(super) fn completions(shell: Shell) -> io::Result<Outcome> {
    // Made in memory, since making them fails where writing does.
    let mut script = Vec::new();
    let mut command = Args::command();
    let name = command.get_name().to_owned();
    clap_complete::generate(shell, &mut command, name, &mut script);
    print(&script)
}

/// A manual page.
pub(super) struct Page(Man);

impl Page {
    /// The page of a command, or of the program.
    pub(super) fn new(command: Option<&str>) -> Result<Self, Usage> {
        let mut program = Args::command();
        program.build();
        let Some(name) = command else { return Ok(Self(Man::new(program))) };
        let Some(found) = program.find_subcommand(name) else {
            return Err(Usage(format!("there is no command {name:?} that a manual page could be about")));
        };
        Ok(Self(Man::new(found.clone())))
    }

    /// Writes it to standard output.
    ///
    /// # Errors
    ///
    /// Standard output could not be written.
    pub(super) fn print(self) -> io::Result<Outcome> {
        let mut page = Vec::new();
        self.0.render(&mut page)?;
        print(&page)
    }
}

fn print(octets: &[u8]) -> io::Result<Outcome> {
    let mut out = io::stdout().lock();
    out.write_all(octets)?;
    out.flush()?;
    Ok(Outcome::Complete)
}

//! The programs that set a namespace up.

use std::env;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::Error;

/// Where programs for administrators are, which are not on everybody's path.
const ADMINISTRATORS: [&str; 3] = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/// Octets of what a failed program says that are repeated.
const SAID: usize = 200;

/// Runs a program in the network namespace of this thread, hands it `input`, and gives what it prints.
///
/// # Errors
///
/// It is not there, or it failed.
pub(super) fn run(program: &'static str, words: &[&str], input: &str) -> Result<String, Error> {
    let path = find(program).ok_or(Error::Missing { program })?;
    let mut child = Command::new(path)
        .args(words)
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(Error::System)?;
    if let Some(mut stdin) = child.stdin.take() {
        // Where the program has ended already, its status says why.
        let _ = stdin.write_all(input.as_bytes());
    }
    let output = child.wait_with_output().map_err(Error::System)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().next().unwrap_or("it did not say why");
    let said = said.chars().filter(|character| !character.is_control()).take(SAID).collect();
    Err(Error::Failed { program, said })
}

/// Where a program is.
fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let directories = env::split_paths(&path).chain(ADMINISTRATORS.map(PathBuf::from));
    directories.map(|directory| directory.join(program)).find(|path| path.is_file())
}

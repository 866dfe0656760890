//! Parse, run, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    tcpscope::cli::run(std::env::args_os())
}

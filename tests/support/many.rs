//! How much at once this system allows.

use std::fs;
use std::io::{self, Write};

/// Open files and threads that everything else may need.
const OTHERS: usize = 150;

/// So many clients, each with its server in this process, or as many as this process may have open files and threads:
/// two of each. Fewer are said aloud.
pub(crate) fn clients(wanted: usize) -> usize {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let files =
        limits.lines().find_map(|line| line.strip_prefix("Max open files")?.split_whitespace().next());
    let threads = fs::read_to_string("/sys/fs/cgroup/pids.max").unwrap_or_default();
    let least = [files.unwrap_or_default(), threads.trim()]
        .into_iter()
        .filter_map(|limit| limit.parse::<usize>().ok())
        .map(|limit| limit.saturating_sub(OTHERS) / 2)
        .fold(wanted, usize::min);
    if least < wanted {
        let _ =
            writeln!(io::stderr(), "{least} clients at once instead of {wanted}: this system allows no more");
    }
    least
}

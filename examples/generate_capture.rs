//! Writes large captures of made-up traffic, for measuring side by side with other programs.
//!
//! `cargo run --release --example generate_capture -- bulk|short FRAMES FILE [SEED]`
//!
//! What the two kinds of traffic are like is said in `tests/support/traffic.rs`.

#[path = "../tests/support/traffic.rs"]
mod traffic;

use std::fs::File;
use std::io::{self, BufWriter, Write};

use traffic::{Kind, Traffic};

fn main() -> io::Result<()> {
    let usage = || io::Error::other("expected: bulk|short FRAMES FILE [SEED]");
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [kind, frames, file, seed @ ..] = &arguments[..] else { return Err(usage()) };
    let kind = match kind.as_str() {
        "bulk" => Kind::Bulk,
        "short" => Kind::Short,
        _ => return Err(usage()),
    };
    let number = |text: &String| text.parse::<u64>().map_err(|_| usage());
    let seed = match seed {
        [] => 1,
        [seed] => number(seed)?,
        _ => return Err(usage()),
    };
    let mut out = BufWriter::new(File::create(file)?);
    Traffic::new(kind, seed).write(number(frames)?, &mut out)?;
    out.flush()
}

//! Writes large captures of made-up traffic, for measuring side by side with other programs.
//!
//! `cargo run --release --example generate_capture -- bulk|short FRAMES FILE [SEED [AT-A-TIME]]`
//!
//! `AT-A-TIME`: how many connections are open at once, in place of the kind's own number.
//!
//! What the two kinds of traffic are like is said in `tests/support/traffic.rs`.

#[path = "../tests/support/traffic.rs"]
mod traffic;

use std::fs::File;
use std::io::{self, BufWriter, Write};

use traffic::{Kind, Traffic};

fn main() -> io::Result<()> {
    let usage = || io::Error::other("expected: bulk|short FRAMES FILE [SEED [AT-A-TIME]]");
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [kind, frames, file, seed @ ..] = &arguments[..] else { return Err(usage()) };
    let kind = match kind.as_str() {
        "bulk" => Kind::Bulk,
        "short" => Kind::Short,
        _ => return Err(usage()),
    };
    let number = |text: &String| text.parse::<u64>().map_err(|_| usage());
    let mut traffic = match seed {
        [] => Traffic::new(kind, 1),
        [seed] => Traffic::new(kind, number(seed)?),
        [seed, at_a_time] => {
            Traffic::of(kind, usize::try_from(number(at_a_time)?).map_err(|_| usage())?, number(seed)?)
        }
        _ => return Err(usage()),
    };
    let mut out = BufWriter::new(File::create(file)?);
    traffic.write(number(frames)?, &mut out)?;
    out.flush()
}

//! Makes captures of conversations written as text.
//!
//! Without arguments, all that come with the program, into `captures/`:
//! `cargo run --example capture_from_script`.
//! With two, one capture: `cargo run --example capture_from_script -- mine.seg mine.pcap`.
//! The format of a script is described in `tests/support/script.rs`.

#[path = "../tests/support/script.rs"]
mod script;

use std::path::Path;
use std::{env, fs, io};

use script::{BUNDLED, Script};

fn main() -> io::Result<()> {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    match &arguments[..] {
        [] => {
            let root = Path::new(env!("CARGO_MANIFEST_DIR"));
            for name in BUNDLED {
                let script = Script::load(&root.join("tests/scripts").join(name).with_extension("seg"))?;
                fs::write(root.join("captures").join(script.capture_name()), script.capture())?;
            }
            Ok(())
        }
        [script, capture] => fs::write(capture, Script::load(Path::new(script))?.capture()),
        _ => Err(io::Error::other("expected no arguments, or a script and a capture to write")),
    }
}

//! Lists the connections of a capture: `cargo run --example connections -- FILE`.

#![expect(clippy::print_stdout, reason = "the list is what it is for")]

use std::error::Error;
use std::path::PathBuf;

use tcpscope::{EachConnection, Engine, File};

fn main() -> Result<(), Box<dyn Error>> {
    let path: PathBuf = std::env::args_os().nth(1).ok_or("usage: connections FILE")?.into();
    let list = EachConnection(|report| {
        let (ends, states) = (report.endpoints, report.states);
        println!("#{} {} → {}: {} {}", report.id, ends.client, ends.server, states.client, states.server);
    });
    let ended = Engine::new().run(File::open(&path)?, list)?;
    ended.error.map_or(Ok(()), |error| Err(error.into()))
}

//! Fills `fuzz/corpus` with what to begin with: the bundled captures, plain, wrapped and by the frame, and hex as programs
//! write it.

use std::io::Write;
use std::path::Path;
use std::{fs, io};

use flate2::Compression;
use flate2::write::GzEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use tcpscope::capture::file::{File, Item};

fn main() -> io::Result<()> {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR"));
    let put = |target: &str, name: String, octets: &[u8]| {
        let directory = fuzz.join("corpus").join(target);
        fs::create_dir_all(&directory).and_then(|()| fs::write(directory.join(name), octets))
    };
    for entry in fs::read_dir(fuzz.join("../captures"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.contains(".pcap") {
            continue;
        }
        let octets = fs::read(&path)?;
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(&octets)?;
        put("file", format!("{name}.gz"), &packed.finish()?)?;
        put("file", format!("{name}.zst"), &compress_to_vec(octets.as_slice(), CompressionLevel::Fastest))?;
        put("file", name.clone(), &octets)?;
        put("decode", name, &frames(File::open(&path).map_err(io::Error::other)?)?)?;
    }
    for entry in fs::read_dir(fuzz.join("../tests/hex"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            put("hex", name, &fs::read(&path)?)?;
        }
    }
    Ok(())
}

/// Frames as the target `decode` takes them.
fn frames(mut file: File) -> io::Result<Vec<u8>> {
    let mut octets = Vec::new();
    while let Some(item) = file.next_item().map_err(io::Error::other)? {
        let Item::Frame(frame) = item else { continue };
        if octets.is_empty() {
            octets.extend((frame.link.0 as u16).to_be_bytes());
        }
        octets.extend((frame.captured.len() as u16).to_be_bytes());
        octets.push(0);
        octets.extend(frame.captured);
    }
    Ok(octets)
}

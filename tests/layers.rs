//! The borders between the rooms: who may import whom, and what the pure ones may not touch.

#[path = "support/paths.rs"]
mod paths;

use std::fs;
use std::path::{Path, PathBuf};

use paths::paths;

/// Each room and those it may import.
const ROOMS: [(&str, &[&str]); 16] = [
    ("wire", &[]),
    ("capture", &["wire"]),
    ("track", &["wire"]),
    ("field", &["wire", "track"]),
    ("query", &["wire", "track", "field"]),
    ("diagnosis", &["wire", "track"]),
    ("engine", &["wire", "capture", "track", "diagnosis"]),
    ("explain", &["wire", "track"]),
    ("picture", &["wire", "track", "explain"]),
    ("lesson", &["wire", "track", "explain"]),
    ("view", &["wire", "track", "field", "query", "explain", "lesson", "picture"]),
    ("hex", &["wire"]),
    ("exercise", &["wire", "track"]),
    ("lab", &["wire"]),
    (
        "cli",
        &[
            "wire",
            "capture",
            "track",
            "field",
            "query",
            "diagnosis",
            "engine",
            "explain",
            "lesson",
            "picture",
            "view",
            "hex",
            "exercise",
            "lab",
        ],
    ),
    ("main", &["cli"]),
];

/// The floors inside `track`, lowest first, and the floors that each may import: all of them below it.
const FLOORS: [(&str, &[&str]); 9] = [
    ("vocabulary", &[]),
    ("compact", &["vocabulary"]),
    ("direction", &["vocabulary", "compact"]),
    ("measure", &["vocabulary", "compact", "direction"]),
    ("compat", &["vocabulary", "compact"]),
    ("rules", &["vocabulary", "compact", "direction", "measure"]),
    ("judgement", &["vocabulary", "compact", "direction", "measure", "rules"]),
    ("connection", &["vocabulary", "compact", "direction", "measure", "compat", "rules", "judgement"]),
    ("table", &["vocabulary", "compact", "connection"]),
];

/// Rooms that give the same answer tomorrow, on any machine: no files, sockets, clocks, threads, printing.
const PURE: [&str; 11] = [
    "wire",
    "track",
    "field",
    "query",
    "diagnosis",
    "explain",
    "lesson",
    "picture",
    "view",
    "hex",
    "exercise",
];

/// What touches the world.
const WORLD: [&str; 20] = [
    "std::fs",
    "std::process",
    "std::env",
    "std::thread",
    "std::os",
    "std::net::TcpStream",
    "std::net::TcpListener",
    "std::net::UdpSocket",
    "std::net::ToSocketAddrs",
    "std::time::Instant",
    "std::time::SystemTime",
    "std::io::stdin",
    "std::io::stdout",
    "std::io::stderr",
    "print!",
    "println!",
    "eprint!",
    "eprintln!",
    "dbg!",
    "std::*",
];

/// Crates that only some rooms know.
const OWNED: [(&str, &[&str]); 7] = [
    ("etherparse", &["wire"]),
    ("pcap_file", &["capture"]),
    ("pnet_datalink", &["capture"]),
    ("rustix", &["capture", "lab"]),
    ("nix", &["capture", "lab"]),
    ("clap", &["cli"]),
    ("strsim", &["cli"]),
];

/// The only file that may ask the system for what has no safe name.
const UNSAFE: &str = "capture/live/socket.rs";

/// What a file does that it may not: one sentence each. `module` is its path below the crate: `wire::decode`.
fn offences(module: &str, source: &str) -> Vec<String> {
    let parts: Vec<&str> = module.split("::").collect();
    let room = parts[0];
    let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
        return vec![format!("`{room}` is no room: say in tests/layers.rs whom it may import")];
    };
    let mut offences = Vec::new();
    for path in paths(source) {
        let named = path.parts.join("::");
        if let Some(other) = room_named(&path.parts, parts.len()) {
            let inside = other == room;
            if !inside && !allowed.contains(&other) {
                offences.push(format!("line {}: `{room}` may not import `{named}`", path.line));
            }
        }
        if PURE.contains(&room) && WORLD.iter().any(|world| begins(&named, world)) {
            offences.push(format!("line {}: `{room}` is pure and may not touch `{named}`", path.line));
        }
        if let Some((name, owners)) = OWNED.iter().find(|(name, _)| begins(&named, name))
            && !owners.contains(&room)
        {
            offences.push(format!("line {}: only {owners:?} know `{name}`", path.line));
        }
    }
    offences
}

/// What a file of `track` imports from a floor that is not below its own: one sentence each. A floor is named, and not
/// gone round by what `track` re-exports.
fn arrows_up(module: &str, source: &str) -> Vec<String> {
    let parts: Vec<&str> = module.split("::").collect();
    let ["track", floor, ..] = parts[..] else { return Vec::new() };
    let Some((_, below)) = FLOORS.iter().find(|(name, _)| *name == floor) else {
        return vec![format!("`{floor}` is no floor of track: say in tests/layers.rs what it may import")];
    };
    let mut arrows = Vec::new();
    for path in paths(source) {
        let up = path.parts.iter().take_while(|part| *part == "super").count();
        let other = match path.parts[0].as_str() {
            "crate" if path.parts.get(1).is_some_and(|room| room == "track") => path.parts.get(2),
            // From the floor's own file, `super` is `track`; from those in it, one `super` more.
            "super" if up == parts.len() - 1 => path.parts.get(up),
            _ => None,
        };
        if let Some(other) = other
            && other != floor
            && !below.contains(&other.as_str())
        {
            arrows.push(format!("line {}: `{floor}` may not import `{}`", path.line, path.parts.join("::")));
        }
    }
    arrows
}

/// Which room a path leads to, from a module `depth` levels below the crate.
fn room_named(path: &[String], depth: usize) -> Option<&str> {
    let up = path.iter().take_while(|part| *part == "super").count();
    match path.first()?.as_str() {
        "crate" | "tcpscope" => path.get(1).map(String::as_str),
        "super" if up >= depth => path.get(up).map(String::as_str),
        _ => None,
    }
}

fn begins(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn sources(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut entries: Vec<_> = fs::read_dir(directory)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .expect("sources can be listed")
        .iter()
        .map(fs::DirEntry::path)
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

#[test]
fn no_room_imports_what_it_may_not() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut checked = 0;
    for file in sources(&root) {
        let inner = file.strip_prefix(&root).expect("below src").with_extension("");
        let parts: Vec<_> = inner.iter().map(|part| part.to_string_lossy()).collect();
        if parts == ["lib"] || parts.iter().any(|part| part == "tests") {
            continue;
        }
        let source = fs::read_to_string(&file).expect("sources can be read");
        let module = parts.join("::");
        let all = offences(&module, &source).into_iter().chain(arrows_up(&module, &source));
        found.extend(all.map(|offence| format!("{module}: {offence}")));
        checked += 1;
    }
    assert!(checked > 20, "only {checked} files were found");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What a file of `explain` does that none may that decides what there is to say: it names what renders sentences, or holds
/// words itself. Sections of RFCs are no words.
fn speaks(source: &str) -> Vec<String> {
    let named = paths(source).into_iter().filter(|path| {
        path.parts.iter().any(|part| ["words", "Language", "write!", "format!"].contains(&part.as_str()))
    });
    let mut offences: Vec<_> =
        named.map(|path| format!("line {}: `{}`", path.line, path.parts.join("::"))).collect();
    for (n, line) in (1..).zip(source.lines()) {
        let code = line.split("//").next().unwrap_or_default();
        let literals = code.split('"').skip(1).step_by(2);
        let prose = literals.filter(|text| text.trim().contains(' ') && !text.starts_with("RFC "));
        offences.extend(prose.map(|text| format!("line {n}: \"{text}\"")));
    }
    offences
}

#[test]
fn what_decides_what_there_is_to_say_knows_no_language() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/explain");
    for part in ["rules", "statement"] {
        let files = [vec![root.join(part).with_extension("rs")], sources(&root.join(part))].concat();
        assert!(files.len() > 5, "{part}: only {} files were found", files.len());
        for file in files {
            let source = fs::read_to_string(&file).expect("sources can be read");
            assert_eq!(speaks(&source), [""; 0], "{}", file.display());
        }
    }
}

#[test]
fn a_rule_that_speaks_is_found() {
    for source in [
        "use super::words::en;",
        "use crate::explain::Language;",
        "const A: &str = \"the client\";",
        "fn f() { write!(f, \"{}\", 1); }",
    ] {
        assert_eq!(speaks(source).len(), 1, "{source}");
    }
    let silent =
        "/// Of the words.\nuse super::draft::Draft;\nconst A: &str = \"RFC 9293 3.4\"; // no \"word here\"";
    assert_eq!(speaks(silent), [""; 0]);
}

#[test]
fn unsafe_code_is_in_one_file_and_says_why_it_is_safe() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in sources(&root) {
        let source = fs::read_to_string(&file).expect("sources can be read");
        let lines: Vec<_> = source.lines().map(str::trim).collect();
        if file == root.join(UNSAFE) {
            for (n, line) in lines.iter().enumerate().filter(|(_, line)| line.contains("unsafe {")) {
                let mut above = lines[..n].iter().rev().take_while(|line| line.starts_with("//"));
                assert!(
                    above.any(|line| line.starts_with("// SAFETY: ")),
                    "{UNSAFE}, line {}: {line}",
                    n + 1
                );
            }
        } else {
            let allowed = ["unsafe {", "(unsafe_code)"].iter().find(|word| source.contains(*word));
            assert_eq!(allowed, None, "{}", file.display());
        }
    }
}

#[test]
fn no_file_is_named_mod() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for directory in ["src", "tests"] {
        for file in sources(&root.join(directory)) {
            assert_ne!(file.file_name().and_then(|name| name.to_str()), Some("mod.rs"), "{}", file.display());
        }
    }
}

#[test]
fn an_import_across_a_border_is_found_however_it_is_written() {
    for (module, source) in [
        ("wire::decode", "use crate::track::state::State;"),
        ("wire::decode", "use super::super::track::state::State;"),
        ("wire", "use super::track;"),
        ("wire", "fn f() { crate::view::show(); }"),
        ("track::half", "use crate::{\n    wire::seq,\n    view::{View, Totals},\n};"),
        ("capture", "pub use crate::track as other;"),
        ("view::text", "use crate::capture::file::File;"),
        ("explain", "use crate::cli::Args;"),
        ("engine", "use crate::view::View;"),
        ("view::chain", "use crate::engine::Engine;"),
        ("diagnosis::cells", "use crate::engine::Engine;"),
        ("picture::way", "use crate::view::line::Line;"),
        ("picture", "use crate::capture::file::File;"),
        ("query::severity", "use crate::explain::finding;"),
        ("lab::server", "use crate::view::calls::Calls;"),
        ("main", "fn main() { tcpscope::view::text(); }"),
        ("attic", ""),
    ] {
        assert_ne!(offences(module, source), [""; 0], "{module}: {source}");
    }
}

#[test]
fn floors_stand_on_those_below_them() {
    for (nth, (floor, below)) in FLOORS.iter().enumerate() {
        let lower = |name: &&str| FLOORS[..nth].iter().any(|(other, _)| other == name);
        assert!(below.iter().all(lower), "{floor}");
    }
}

#[test]
fn an_arrow_that_runs_up_inside_track_is_found_however_it_is_written() {
    for (module, source) in [
        ("track::rules", "use super::connection::Connection;"),
        ("track::rules::loss", "use crate::track::connection::statistics::Statistics;"),
        ("track::rules::loss", "use super::super::connection::Connection;"),
        ("track::measure::rtt::many", "use super::super::super::rules::Evidence;"),
        ("track::measure", "fn f() { crate::track::rules::judge(); }"),
        ("track::compat::zeek", "use crate::track::{compact::letters::Letters, direction::half::Half};"),
        ("track::compact::sent", "use crate::track::event::Event;"),
        ("track::vocabulary::state", "use crate::track::direction::half::Half;"),
        ("track::attic", ""),
    ] {
        assert_eq!(arrows_up(module, source).len(), 1, "{module}: {source}");
    }
    for (module, source) in [
        ("track::rules::loss", "use super::{Case, gap};\nuse crate::track::measure::rtt::RttStats;"),
        ("track::measure::rtt::many", "use super::super::windows::Windows;\nuse super::spread::Spread;"),
        ("track::table::tracker", "use super::Table;\nuse crate::track::connection::Connection;"),
        ("track::rules", "#[cfg(test)]\nmod tests {\n    use crate::track::table::Table;\n}"),
        ("track", "pub use table::tracker;"),
        ("view::text", "use crate::track::event::Event;"),
    ] {
        assert_eq!(arrows_up(module, source), [""; 0], "{module}: {source}");
    }
}

#[test]
fn a_pure_room_that_touches_the_world_is_found_however_it_is_written() {
    for source in [
        "use std::fs;",
        "use std::{fmt, fs::File, net::IpAddr};",
        "use std::time::{Duration, Instant};",
        "fn f() -> std::time::SystemTime { g() }",
        "use std::net::{IpAddr, TcpStream};",
        "fn f() { std::thread::spawn(g); }",
        "fn f() { println!(\"{}\", 1); }",
        "fn f() { std::io::stdout().flush(); }",
        "use std::*;",
    ] {
        assert_eq!(offences("track::half", source).len(), 1, "{source}");
        assert_eq!(offences("cli", source), [""; 0], "{source}");
    }
}

#[test]
fn what_is_allowed_is_no_offence() {
    for (module, source) in [
        (
            "wire::decode",
            "use super::segment::Segment;\nuse std::net::{IpAddr, Ipv4Addr};\nuse std::time::Duration;",
        ),
        ("track::half", "use crate::wire::seq::SeqNumber;\nuse super::label::{Label, Labels};"),
        ("track", "/// Nothing of `crate::view`.\nconst A: &str = \"crate::view\"; // std::fs"),
        ("track", "const C: char = '\"'; const D: &str = r#\"std::fs \"#; fn f<'a>() {}"),
        ("track", "fn f() {}\n#[cfg(test)]\nmod tests {\n    use crate::view::View;\n}"),
        ("view::csv", "use std::io::{self, Write};\nfn f() { writeln!(out, \"\"); }"),
        ("cli", "use crate::{capture, track, view};"),
    ] {
        assert_eq!(offences(module, source), [""; 0], "{module}");
    }
}

#[test]
fn a_crate_that_belongs_to_one_room_is_found_in_another() {
    assert_eq!(offences("view", "use etherparse::TcpSlice;").len(), 1);
    assert_eq!(offences("wire::decode", "use etherparse::TcpSlice;"), [""; 0]);
}

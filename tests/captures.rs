//! The captures that come with the program are those that their scripts make, each with its provenance.

#[path = "support/script.rs"]
mod script;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use script::{BUNDLED, Script};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn bundled() -> Vec<Script> {
    let load = |name| Script::load(&root().join("tests/scripts").join(name).with_extension("seg"));
    BUNDLED.into_iter().map(|name| load(name).unwrap_or_else(|error| panic!("{error}"))).collect()
}

#[test]
fn each_capture_is_what_its_script_makes() {
    for script in bundled() {
        let name = script.capture_name();
        let kept = fs::read(root().join("captures").join(&name)).unwrap_or_default();
        assert!(
            kept == script.capture(),
            "captures/{name} is not what its script makes: cargo run --example capture_from_script"
        );
    }
}

#[test]
fn no_capture_is_without_a_script_and_a_paragraph() {
    let expected: BTreeSet<_> = bundled().iter().map(Script::capture_name).collect();
    let kept: BTreeSet<_> = fs::read_dir(root().join("captures"))
        .expect("captures can be listed")
        .map(|entry| entry.expect("captures can be listed").file_name().to_string_lossy().into_owned())
        .filter(|name| name != "README.md")
        .collect();
    assert_eq!(kept, expected);
    let readme = fs::read_to_string(root().join("captures/README.md")).expect("it is there");
    for name in expected {
        assert!(readme.contains(&format!("\n## {name}\n")), "captures/README.md says nothing of {name}");
    }
}

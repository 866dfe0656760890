//! The maps at the head of a room are true: each file that they name is there, and each module of the room is named.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A row of a table in a doc comment: its file column, and the others.
#[derive(PartialEq, Eq, Debug)]
struct Row {
    files: Vec<String>,
    others: Vec<String>,
}

/// What stands in backticks, but for what stands in parentheses: those are items of a file.
fn quoted(cell: &str) -> Vec<String> {
    let outside: String =
        cell.split('(').map(|part| part.split_once(')').map_or(part, |(_, rest)| rest)).collect();
    outside.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The rows of all tables that have a column `file` or `room`.
fn rows(source: &str) -> Vec<Row> {
    let (mut rows, mut column) = (Vec::new(), None);
    for line in source.lines() {
        let Some(line) = line.strip_prefix("//! |") else {
            column = None;
            continue;
        };
        let cells: Vec<_> = line.trim_end_matches('|').split('|').map(str::trim).collect();
        let Some(at) = column else {
            column = cells.iter().position(|cell| ["file", "room"].contains(cell));
            continue;
        };
        let others = cells.iter().enumerate().filter(|(nth, _)| *nth != at);
        rows.push(Row {
            files: cells.get(at).map_or_else(Vec::new, |cell| quoted(cell)),
            others: others.flat_map(|(_, cell)| quoted(cell)).collect(),
        });
    }
    rows.retain(|row| !row.files.is_empty());
    rows
}

fn below_src(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(path)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("sources can be read")
}

/// The modules that a file declares, tests aside.
fn modules(source: &str) -> BTreeSet<&str> {
    let declared =
        source.lines().filter_map(|line| line.strip_prefix("pub ").unwrap_or(line).strip_prefix("mod "));
    declared.filter_map(|rest| rest.strip_suffix(';')).filter(|name| *name != "tests").collect()
}

#[test]
fn a_map_names_files_that_there_are_and_every_module_of_its_room() {
    for room in ["track", "view"] {
        let source = read(&below_src(&format!("{room}.rs")));
        let named: BTreeSet<_> = rows(&source).into_iter().flat_map(|row| row.files).collect();
        assert!(named.len() > 20, "{room}: {named:?}");
        for file in &named {
            assert!(
                below_src(&format!("{room}/{file}.rs")).is_file(),
                "{room}.rs names `{file}`, which is no file"
            );
        }
        for module in modules(&source) {
            let told = named.contains(module) || source.contains(&format!("`{module}`"));
            assert!(told, "the map of {room}.rs does not say what `{module}` is for");
        }
    }
}

#[test]
fn each_rule_and_its_twin_on_the_fast_path_are_functions_of_the_file_that_is_named() {
    let rows = rows(&read(&below_src("track/connection/fast_path.rs")));
    assert!(rows.len() > 5, "{rows:?}");
    for Row { files, others } in rows {
        let source = read(&below_src(&format!("track/{}.rs", files.concat())));
        assert!(others.len() > 1, "{files:?}: {others:?}");
        for item in others {
            let name = item.rsplit("::").next().unwrap_or(&item);
            let declared = [format!("fn {name}("), format!("fn {name}<")];
            assert!(declared.iter().any(|declared| source.contains(declared)), "{files:?} has no `{item}`");
        }
    }
}

#[test]
fn a_row_is_read_without_the_items_of_its_files() {
    let source =
        "//! | question | file |\n//! |---|---|\n//! | Is `x` there? | `a/b` (`Half::x`), and `c` |\n";
    let row = Row { files: vec!["a/b".to_owned(), "c".to_owned()], others: vec!["x".to_owned()] };
    assert_eq!(rows(source), [row]);
    assert_eq!(
        modules("mod one;\npub mod two;\nmod tests;\n    mod inner;\n"),
        BTreeSet::from(["one", "two"])
    );
}

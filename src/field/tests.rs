use std::collections::BTreeSet;

use super::*;
use crate::track::measures::{Measures, Rtt, TimeSpent};

/// The names of a struct's own fields.
fn fields_of(debug: &str) -> Vec<String> {
    let (mut depth, mut names, mut word) = (0, Vec::new(), String::new());
    for letter in debug.chars() {
        match letter {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth -= 1,
            ':' if depth == 1 => names.push(std::mem::take(&mut word)),
            ' ' | ',' => word.clear(),
            _ => word.push(letter),
        }
    }
    names
}

#[test]
fn all_that_is_measured_has_a_row() {
    let end = fields_of(&format!("{:?}", Measures::default()));
    assert!(end.len() > 50, "{end:?}");
    for (shape, names) in [
        (&END, end),
        (&ROUND_TRIPS, fields_of(&format!("{:?}", Rtt::default()))),
        (&TIME_SPENT, fields_of(&format!("{:?}", TimeSpent::default()))),
    ] {
        for name in names {
            // A sum of windows says little, so their mean stands in its place.
            let name = if name == "window_sum" { "window_mean" } else { &name };
            assert!(shape.field(name).is_some(), "{name} has no row in {}", shape.name);
        }
    }
}

#[test]
fn what_was_not_measured_is_not_known() {
    let endpoint = crate::wire::segment::Segment::EMPTY.src;
    let sent = crate::track::report::HalfReport::default();
    let end = End { endpoint: &endpoint, sent: &sent };
    let measured = END.fields.iter().skip_while(|field| field.name != "ack_segments");
    let mut count = 0;
    for field in measured {
        assert!(matches!(field.of(Object::End(end)), Value::Unknown) && field.nullable, "{}", field.name);
        count += 1;
    }
    assert!(count > 50, "{count}");
}

/// Every table once.
fn shapes() -> Vec<&'static Shape> {
    let mut shapes: Vec<&'static Shape> = Vec::new();
    for entry in catalogue() {
        if !shapes.iter().any(|known| std::ptr::eq(*known, entry.shape)) {
            shapes.push(entry.shape);
        }
    }
    shapes
}

#[test]
fn no_two_fields_share_a_path_and_no_two_of_a_table_a_name() {
    let paths: Vec<_> = catalogue().iter().flat_map(Entry::paths).collect();
    assert_eq!(paths.iter().collect::<BTreeSet<_>>().len(), paths.len());
    let names: Vec<_> = shapes().iter().map(|shape| shape.name).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{names:?}");
    for shape in shapes() {
        let names: BTreeSet<_> = shape.fields.iter().map(|field| field.name).collect();
        assert_eq!(names.len(), shape.fields.len(), "{}", shape.name);
        assert!(shape.fields.iter().all(|field| field.key == format!(",\"{}\":", field.name)));
    }
}

#[test]
fn a_field_has_a_sentence_without_its_full_stop_and_a_unit_where_its_name_says_so() {
    for entry in catalogue() {
        let Field { name, about, source, unit, kind, .. } = *entry.field;
        assert!(!about.is_empty() && !about.ends_with('.') && !about.contains('\n'), "{name}: {about}");
        assert!(source.is_none_or(|source| source.starts_with("RFC ")), "{name}");
        if name.ends_with("_bytes") || name.ends_with("_len") {
            assert_eq!(unit, Unit::Octets, "{}", entry.path);
        }
        if name.ends_with("_segments") && matches!(kind, Type::Whole(..)) {
            assert_eq!(unit, Unit::Segments, "{}", entry.path);
        }
    }
}

#[test]
fn variants_name_fields_that_there_are() {
    for shape in shapes() {
        for variant in shape.variants {
            let named =
                variant.fields.iter().chain(variant.only.iter().map(|(name, _)| name)).chain([&variant.by]);
            for name in named {
                assert!(shape.field(name).is_some(), "{}: {name}", shape.name);
            }
        }
    }
}

#[test]
fn columns_are_never_moved() {
    let columns = columns();
    let names: Vec<_> = columns.names().iter().map(String::as_str).collect();
    assert_eq!(names[..4], ["id", "roles", "client_addr", "client_port"]);
    for (at, there) in [(36, "vantage"), (205, "findings_scaling_stripped")] {
        let found = names.iter().position(|name| *name == there);
        assert_eq!(found, Some(at), "{there} was moved: a new column takes a batch above all others");
    }
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
}

#[test]
fn a_field_is_found_by_its_path_an_alias_or_its_sentence() {
    let paths =
        |pattern: &str| find(pattern, &catalogue()).into_iter().map(|entry| entry.path).collect::<Vec<_>>();
    assert_eq!(paths("server.rtt.max"), ["connection.{client,server}.rtt.max"]);
    assert_eq!(paths("tcp.hdr_len"), ["segment.header_len"]);
    assert_eq!(paths("RESP-BYTES"), ["connection.{client,server}.stream_bytes"]);
    assert_eq!(paths("RTTVAR").len(), 2);
    assert!(paths("no such field").is_empty() && paths("").len() == catalogue().len());
}

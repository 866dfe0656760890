//! How long requests took, one line for each way to make them.

use crate::lesson::requests::Request;

use super::super::duration::Span;
use super::super::line::Line;
use super::super::style::Style;
use super::table::table;

pub(super) fn show(ways: &[(&str, Vec<Request>)], line: &mut Line, style: &Style) {
    line.end();
    let rows: Vec<_> = ways
        .iter()
        .map(|(way, requests)| {
            let took = |request: &Request| Span { nanos: request.took, ascii: style.ascii }.to_string();
            let each: Vec<_> = requests.iter().map(took).collect();
            vec![(*way).to_owned(), each.join(", ")]
        })
        .collect();
    table(&["the client writes a request as", "each request: first write to answer"], &rows, line, style);
}

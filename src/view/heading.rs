//! The lines that introduce a source and a connection.

use std::fmt::Write as _;

use crate::track::flow::{Endpoints, Roles};
use crate::wire::source::{Interface, SourceInfo};

use super::line::Line;

/// Interfaces that are named; the others are counted.
const NAMED_INTERFACES: usize = 3;

/// `handshake.pcap   pcap, Ethernet`.
pub(super) fn source(line: &mut Line, source: &SourceInfo) {
    line.name(if source.name == "-" { "standard input" } else { &source.name });
    line.skip(3);
    line.text(source.format.name());
    if let Some(compression) = source.compression {
        line.text(", ");
        line.text(compression);
    }
    if let [only] = source.interfaces.as_slice() {
        line.text(", ");
        interface(line, only);
    } else if !source.interfaces.is_empty() {
        line.text(", ");
        line.number(source.interfaces.len());
        line.text(" interfaces: ");
        for (n, one) in source.interfaces.iter().take(NAMED_INTERFACES).enumerate() {
            line.text(if n > 0 { ", " } else { "" });
            interface(line, one);
        }
        if source.interfaces.len() > NAMED_INTERFACES {
            line.either(", …", ", ...");
        }
    }
    line.end();
}

fn interface(line: &mut Line, interface: &Interface) {
    if let Some(name) = &interface.name {
        line.name(name);
        line.text(" (");
    }
    line.show(interface.link);
    if interface.name.is_some() {
        line.text(")");
    }
}

/// `#0  127.0.0.1:50274 (client)  →  127.0.0.1:8080 (server)`, and the path and how the roles are known
/// where that is not the plain case. Folds before the arrow and before the remarks where `width` asks for it.
pub(super) fn connection(line: &mut Line, id: u64, endpoints: &Endpoints, width: usize) {
    line.text("#");
    line.number(id);
    line.skip(2);
    let indent = line.column();
    let mut part = String::new();
    let _ = write!(part, "{} (client)", endpoints.client);
    line.text(&part);
    part.clear();
    let _ = write!(part, "{} (server)", endpoints.server);
    fit(line, part.len() + 5, indent, width);
    line.either("→  ", "->  ");
    line.text(&part);
    if !endpoints.path.is_none() {
        part.clear();
        let _ = write!(part, "{}", endpoints.path);
        fit(line, part.len(), indent, width);
        line.text(&part);
    }
    let guess = match endpoints.roles {
        Roles::FromSyn => return line.end(),
        Roles::FromSynAck => "roles from the SYN,ACK",
        Roles::Guessed => "roles guessed: nobody saw it open",
    };
    fit(line, guess.len(), indent, width);
    line.text(guess);
    line.end();
}

/// Two columns on, or at `indent` of the next line where `len` columns do not fit on this one.
fn fit(line: &mut Line, len: usize, indent: usize, width: usize) {
    if line.column() + 2 + len > width {
        line.end();
        line.to(indent);
    } else {
        line.skip(2);
    }
}

//! The lines that introduce a source and a connection.

use std::fmt::Write as _;

use crate::track::flow::{Endpoints, Roles};
use crate::wire::source::{Interface, SourceInfo};

use super::line::{Keep, Line};

/// Interfaces that are named; the others are counted.
const NAMED_INTERFACES: usize = 3;

/// Where what belongs to a source goes on.
const INDENT: usize = 2;
/// Columns of an interface's name; Linux allows 15.
const INTERFACE: usize = 32;

/// `handshake.pcap   pcap, Ethernet`. A path that is wider than `width` loses its beginning, and what does not fit
/// beside it stands beneath.
pub(super) fn source(line: &mut Line, source: &SourceInfo, width: usize) {
    let name = if source.name == "-" { "standard input" } else { &source.name };
    line.name_within(name, width, Keep::End);
    let mut part = String::from(source.format.name());
    if let Some(compression) = source.compression {
        let _ = write!(part, ", {compression}");
    }
    let several = source.interfaces.len() > 1;
    if several {
        let _ = write!(part, ", {} interfaces:", source.interfaces.len());
    } else if !source.interfaces.is_empty() {
        part.push(',');
    }
    if line.column() + 3 + part.len() > width {
        line.end();
        line.to(INDENT);
    } else {
        line.skip(3);
    }
    line.text(&part);
    let named = source.interfaces.len().min(NAMED_INTERFACES);
    for (n, one) in source.interfaces.iter().take(NAMED_INTERFACES).enumerate() {
        let place = line.place();
        line.skip(1);
        interface(line, one);
        if n + 1 < named || source.interfaces.len() > named {
            line.text(",");
        }
        line.fold(place, INDENT, width);
    }
    if source.interfaces.len() > named {
        let place = line.place();
        line.either(" …", " ...");
        line.fold(place, INDENT, width);
    }
    line.end();
}

fn interface(line: &mut Line, interface: &Interface) {
    if let Some(name) = &interface.name {
        line.name_within(name, INTERFACE, Keep::Start);
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

#[cfg(test)]
mod tests {
    use super::super::style::Style;
    use super::*;
    use crate::wire::frame::LinkType;
    use crate::wire::source::Format;

    fn shown(name: &str, interfaces: &[Option<&str>], width: usize, ascii: bool) -> String {
        let interfaces = interfaces
            .iter()
            .map(|name| Interface { name: name.map(str::to_owned), link: LinkType::ETHERNET, snaplen: None })
            .collect();
        let info =
            SourceInfo { name: name.to_owned(), format: Format::Pcapng, compression: None, interfaces };
        let mut line = Line::new(&Style { ascii, ..Style::default() });
        source(&mut line, &info, width);
        String::from_utf8(line.octets().to_vec()).unwrap()
    }

    #[test]
    fn a_short_heading_is_one_line() {
        assert_eq!(shown("a.pcapng", &[None], 80, false), "a.pcapng   pcapng, Ethernet\n");
        assert_eq!(
            shown("a.pcapng", &[Some("eth0"), Some("lo"), None, None], 80, false),
            "a.pcapng   pcapng, 4 interfaces: eth0 (Ethernet), lo (Ethernet), Ethernet, …\n"
        );
    }

    #[test]
    fn a_long_path_keeps_the_name_of_its_file() {
        let path = format!("{}/capture.pcapng", "folder/".repeat(40));
        let text = shown(&path, &[None], 60, false);
        assert!(text.starts_with('…') && text.contains("/capture.pcapng\n  pcapng, Ethernet\n"), "{text}");
        assert!(shown(&path, &[None], 60, true).starts_with("..."));
    }

    #[test]
    fn no_heading_passes_the_width_however_long_its_names_are() {
        let long = "interface".repeat(1000);
        for count in 0..6 {
            let interfaces = vec![Some(long.as_str()); count];
            for (width, ascii) in [(60, true), (80, false), (120, false)] {
                let text = shown(&long, &interfaces, width, ascii);
                assert!(text.lines().all(|line| line.chars().count() <= width), "{text}");
            }
        }
    }
}

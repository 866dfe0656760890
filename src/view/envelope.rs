//! One line for the envelope of a frame: its headers from the outermost inwards, each with its octets.

use crate::wire::decode::layers;
use crate::wire::frame::Frame;

use super::line::Line;

/// Writes `│ Ethernet 14 │ IPv4 20 │ TCP 32 │ payload 5 │ 71 octets`, from `indent` on, in as many lines as that takes.
pub(super) fn row(line: &mut Line, frame: &Frame<'_>, indent: usize, width: usize) {
    let layers = layers(frame);
    let headers = layers.headers.iter().map(|header| (header.name.title(), header.len));
    let inside = (layers.inside.what.title(), layers.inside.len);
    let behind = layers.behind.iter().map(|behind| (behind.what.title().into(), behind.len));
    let parts = headers.chain(Some(inside).filter(|(_, len)| *len > 0)).chain(behind);
    line.to(indent);
    line.either("│", "|");
    for (title, len) in parts {
        let part = format!(" {title} {len} ");
        if line.column() + part.len() + 1 > width && line.column() > indent + 1 {
            line.end();
            line.to(indent);
            line.either("│", "|");
        }
        line.text(&part);
        line.either("│", "|");
    }
    let (captured, original) = (frame.captured.len(), frame.original_len.max(frame.captured.len()));
    let mut all = format!(" {original} {}", if original == 1 { "octet" } else { "octets" });
    if captured < original {
        all.push_str(&format!(", {captured} captured"));
    }
    if line.column() + all.len() > width {
        line.end();
        line.to(indent + 1);
    }
    line.text(&all);
    line.end();
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::style::Style;
    use super::*;
    use crate::wire::frame::LinkType;

    fn shown(octets: &[u8], more: usize, width: usize, ascii: bool) -> String {
        let mut line = Line::new(&Style { ascii, ..Style::default() });
        let original_len = octets.len() + more;
        let frame = Frame { number: 1, time: None, link: LinkType::ETHERNET, original_len, captured: octets };
        row(&mut line, &frame, 16, width);
        String::from_utf8(line.octets().to_vec()).unwrap()
    }

    /// An Ethernet frame around an IPv4 packet around UDP, filled up to 60 octets.
    fn datagram() -> Vec<u8> {
        let mut frame = vec![2; 12];
        frame.extend([8, 0, 0x45, 0, 0, 33, 0, 1, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2]);
        frame.extend([0xc3, 0x50, 0, 53, 0, 13, 0, 0, b'h', b'e', b'l', b'l', b'o']);
        frame.resize(60, 0);
        frame
    }

    #[test]
    fn each_header_has_its_octets_and_they_add_up() {
        let plain = "                │ Ethernet 14 │ IPv4 20 │ UDP 8 │ payload 5 │ padding 13 │ 60 octets\n";
        assert_eq!(shown(&datagram(), 0, 120, false), plain);
        assert_eq!(shown(&datagram(), 0, 120, true), plain.replace('│', "|"));
        let cut = shown(&datagram()[..44], 16, 120, false);
        assert!(cut.ends_with("│ payload 5 │ trailer 13 │ 60 octets, 44 captured\n"), "{cut}");
        assert!(shown(&[1], 0, 120, false).ends_with("│ not decoded 1 │ 1 octet\n"));
        assert!(shown(&[], 0, 120, false).ends_with("│ 0 octets\n"));
    }

    proptest! {
        #[test]
        fn no_line_passes_the_width(octets in prop::collection::vec(any::<u8>(), 0..90), tags in 0..70_usize, width in 64..130_usize) {
            let tagged = [vec![2; 12], [0x81, 0, 0, 1].repeat(tags), octets].concat();
            let text = shown(&tagged, 0, width, false);
            prop_assert!(text.lines().all(|line| line.chars().count() <= width), "{text}");
            prop_assert!(text.lines().all(|line| line.starts_with(' ')), "{text}");
        }
    }
}

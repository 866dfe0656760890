//! The lines about a source when it is over.

use std::fmt::Write as _;

use super::Totals;
use super::closing::count;
use super::duration::Span;
use super::line::Line;
use super::style::Style;

/// `10 frames in 3.2 ms: 9 TCP segments in 1 connection, 1 skipped (ARP)`. Where datagrams are shown, they are not
/// among what was skipped.
pub(super) fn totals(line: &mut Line, totals: &Totals, style: &Style) {
    let (ascii, width) = (style.ascii, style.columns());
    let mut words = count(totals.frames, "frame");
    let times = |frame: Option<crate::wire::frame::FrameInfo>| frame.and_then(|frame| frame.time);
    if let (Some(first), Some(last)) = (times(totals.first), times(totals.last)) {
        let nanos = last.nanos_since(first);
        let _ = if nanos < 0 {
            // The clock ran backwards.
            write!(words, ", the last {} before the first", Span { nanos: nanos.saturating_neg(), ascii })
        } else {
            write!(words, " in {}", Span { nanos, ascii })
        };
    }
    let _ = write!(
        words,
        ": {} in {}",
        count(totals.segments, "TCP segment"),
        count(totals.connections, "connection")
    );
    let shown = |reason: &str| style.datagrams && reason == "udp";
    let datagrams = totals.skipped.iter().find(|(reason, _)| shown(reason));
    if style.datagrams {
        let _ = write!(words, ", {}", count(datagrams.map_or(0, |(_, frames)| *frames), "UDP datagram"));
    }
    let skipped: Vec<_> = totals.skipped.iter().filter(|(reason, _)| !shown(reason)).collect();
    if !skipped.is_empty() {
        let _ = write!(words, ", {} skipped (", skipped.iter().map(|(_, frames)| frames).sum::<u64>());
        for (n, (reason, frames)) in skipped.iter().enumerate() {
            words.push_str(if n > 0 { ", " } else { "" });
            if skipped.len() > 1 {
                let _ = write!(words, "{frames} ");
            }
            words.push_str(in_words(reason));
        }
        words.push(')');
    }
    line.folded(&words, 2, width);
    line.end();
    if let Some(losses) = totals.losses {
        let mut words = format!("{} dropped by the kernel", count(losses.by_kernel, "frame"));
        if losses.by_queue > 0 {
            let _ = write!(words, ", {} captured but not shown", losses.by_queue);
        }
        line.folded(&words, 2, width);
        line.end();
    }
    if totals.evicted > 0 {
        let words = format!(
            "{} had to make room in the table before the end was seen",
            count(totals.evicted, "connection")
        );
        line.folded(&words, 2, width);
        line.end();
    }
    if !totals.complete {
        line.folded("The source ended early: this is what could be read of it.", 2, width);
        line.end();
    }
}

/// The machine format's name of a reason, for people.
fn in_words(reason: &str) -> &str {
    match reason {
        "arp" => "ARP",
        "udp" => "UDP",
        "icmp" => "ICMP",
        "not_ip" => "not IP",
        "nested" => "nested too deeply",
        "not_tcp" => "other protocols over IP",
        "esp" => "encrypted (ESP)",
        "ipcomp" => "compressed (IPComp)",
        "fragment" => "incomplete fragments",
        "cut_header" => "TCP headers cut by the capture",
        "malformed" => "malformed",
        "unknown_link" => "of unknown link type",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::frame::{FrameInfo, Timestamp};
    use crate::wire::source::Losses;

    fn shown(losses: Option<Losses>) -> String {
        let mut line = Line::new(&Style::default());
        totals(&mut line, &Totals { complete: true, losses, ..Totals::default() }, &Style::default());
        String::from_utf8(line.octets().to_vec()).unwrap()
    }

    #[test]
    fn a_last_frame_before_the_first_is_no_negative_duration() {
        let frame = |number, seconds: i64| {
            Some(FrameInfo {
                number,
                time: Some(Timestamp::from_nanos(seconds * 1_000_000_000)),
                original_len: 0,
            })
        };
        let mut line = Line::new(&Style::default());
        let (first, last) = (frame(1, 90), frame(2, 20));
        totals(
            &mut line,
            &Totals { frames: 2, complete: true, first, last, ..Totals::default() },
            &Style::default(),
        );
        let text = String::from_utf8(line.octets().to_vec()).unwrap();
        assert!(text.starts_with("2 frames, the last 1 min 10 s before the first: "), "{text}");
    }

    #[test]
    fn datagrams_that_are_shown_are_not_skipped() {
        let shown = |skipped: &[(&'static str, u64)], datagrams| {
            let style = Style { datagrams, ..Style::default() };
            let mut line = Line::new(&style);
            let seen = Totals { frames: 9, complete: true, skipped: skipped.to_vec(), ..Totals::default() };
            totals(&mut line, &seen, &style);
            String::from_utf8(line.octets().to_vec()).unwrap()
        };
        let both = [("udp", 8), ("arp", 1)];
        let begun = "9 frames: 0 TCP segments in 0 connections";
        assert_eq!(shown(&both, false), format!("{begun}, 9 skipped (8 UDP, 1 ARP)\n"));
        assert_eq!(shown(&both, true), format!("{begun}, 8 UDP datagrams, 1 skipped (ARP)\n"));
        assert_eq!(shown(&both[..1], true), format!("{begun}, 8 UDP datagrams\n"));
        assert_eq!(shown(&[], true), format!("{begun}, 0 UDP datagrams\n"));
    }

    #[test]
    fn a_live_source_says_what_was_lost_even_if_nothing_was() {
        let nothing = "0 frames: 0 TCP segments in 0 connections\n";
        assert_eq!(shown(None), nothing);
        assert_eq!(shown(Some(Losses::default())), format!("{nothing}0 frames dropped by the kernel\n"));
        let some = Losses { received: 9, by_kernel: 1, by_queue: 3 };
        let words = "1 frame dropped by the kernel, 3 captured but not shown\n";
        assert_eq!(shown(Some(some)), format!("{nothing}{words}"));
    }
}

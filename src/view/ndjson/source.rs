//! The records about a source as a whole: `capture`, `skipped` and `summary`.

use crate::view::Totals;
use crate::wire::frame::LinkType;
use crate::wire::source::{Interface, SourceInfo};

use super::put::{Put, Seconds, Text, array, object};

/// The version of the machine format. It changes when a field changes its meaning.
const SCHEMA: u32 = 1;

/// Writes the record that begins a source.
pub(super) fn capture(line: &mut Vec<u8>, source: &SourceInfo) {
    let mut links = source.interfaces.iter().map(|interface| interface.link);
    let link = links.next().filter(|first| links.all(|other| other == *first));
    object!(line, {
        "type": "capture",
        "schema": SCHEMA,
        "file": Text(&source.name),
        "format": source.format.name(),
        "compression": source.compression,
        "link": link.map(LinkType::machine_name).map(Text),
        "link_type": link.map(|link| link.0),
        "interfaces": Interfaces(&source.interfaces),
    });
}

struct Interfaces<'s>(&'s [Interface]);

impl Put for Interfaces<'_> {
    fn put(&self, line: &mut Vec<u8>) {
        array(line, self.0.iter());
    }
}

impl Put for &Interface {
    fn put(&self, line: &mut Vec<u8>) {
        object!(line, {
            "name": self.name.as_deref().map(Text),
            "link": Text(self.link.machine_name()),
            "link_type": self.link.0,
            "snaplen": self.snaplen,
        });
    }
}

/// Writes how many frames were skipped for one reason.
pub(super) fn skipped(line: &mut Vec<u8>, reason: &'static str, frames: u64) {
    object!(line, { "type": "skipped", "reason": reason, "frames": frames });
}

/// Writes the record that ends a source. A live one says what was lost.
pub(super) fn summary(line: &mut Vec<u8>, totals: &Totals) {
    let start = totals.first.and_then(|frame| frame.time);
    let end = totals.last.and_then(|frame| frame.time);
    macro_rules! record {
        ($($key:literal: $value:expr),*) => {
            object!(line, {
                "type": "summary",
                "frames": totals.frames,
                "segments": totals.segments,
                "connections": totals.connections,
                "evicted": totals.evicted,
                "start": start,
                "end": end,
                "duration": start.zip(end).map(|(start, end)| Seconds(end.nanos_since(start))),
                $($key: $value,)*
                "complete": totals.complete,
                "error": totals.error.as_deref().map(Text),
            })
        };
    }
    match totals.losses {
        None => record!(),
        Some(losses) => record!(
            "received": losses.received,
            "dropped_by_kernel": losses.by_kernel,
            "dropped_by_queue": losses.by_queue
        ),
    }
}

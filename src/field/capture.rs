//! The record `capture`.

use crate::wire::frame::LinkType;
use crate::wire::source::SourceInfo;

use super::names;
use super::shape::{Known, Shape, TEXT, Type, U32, Unit, rows};
use super::value::{List, Value};

/// The version of the machine format. It changes when a field changes its meaning.
pub(super) const VERSION: u32 = 1;

/// The version as a type.
pub(super) const SCHEMA: Type = Type::Whole(Some(VERSION as i64), Some(VERSION as i64));

/// A link's name in the machine format.
pub(super) const LINK: Type = Type::Text(Some("^[a-z0-9_]+$"));

/// The link that all interfaces have.
fn link(source: &SourceInfo) -> Option<LinkType> {
    let mut links = source.interfaces.iter().map(|interface| interface.link);
    links.next().filter(|first| links.all(|other| other == *first))
}

/// The first record of each source.
pub static CAPTURE: Shape = Shape {
    name: "capture_record",
    about: "First line of each source",
    variants: &[],
    fields: &rows! { Capture:
        "schema": SCHEMA, |_| VERSION.into(), "Version of the machine format"
            => known(Known::Source);
        "file": TEXT, |source| Value::Text(&source.name),
            "The name as it was given; `-` is standard input, and live it is the interface"
            => known(Known::Source);
        "format": Type::Name(&names::FORMAT), |source| source.format.name().into(),
            "The format of the capture: `pcap`, `pcapng`, or `live`"
            => known(Known::Source);
        "compression": TEXT, |source| source.compression.into(),
            "What wraps the file, such as `gzip` or `zstd`; `null`: nothing"
            => known(Known::Source) or_null();
        "link": LINK, |source| link(source).map_or(Value::Unknown, Value::Link),
            "Name of the link type; `null` where the interfaces differ or none is known yet"
            => known(Known::Source) or_null();
        "link_type": U32, |source| link(source).map(|link| link.0).into(),
            "LINKTYPE_ number of the link; `null` like `link`"
            => known(Known::Source) or_null();
        "interfaces": Type::List(&INTERFACE, None), |source| Value::List(List::Interfaces(&source.interfaces)),
            "The interfaces that are known before the first frame"
            => known(Known::Source);
    },
};

/// One interface of a capture.
pub static INTERFACE: Shape = Shape {
    name: "interface",
    about: "One interface of a capture",
    variants: &[],
    fields: &rows! { Interface:
        "name": TEXT, |interface| interface.name.as_deref().map_or(Value::Unknown, Value::Text),
            "The interface's name; `null` where the capture does not say it"
            => or_null() alias(&["frame.interface_name"]);
        "link": LINK, |interface| Value::Link(interface.link),
            "Name of its link type; a number without a name here is called by its number, such as \
             `linktype_4711`";
        "link_type": U32, |interface| interface.link.0.into(), "LINKTYPE_ number";
        "snaplen": U32, |interface| interface.snaplen.into(),
            "At most so many octets of each frame were kept; `null` where the capture states no limit"
            => unit(Unit::Octets) or_null();
    },
};

//! The record `diagnosis`.

use crate::track::verdict::Frames;

use super::names;
use super::parts::PATH;
use super::shape::{COUNT, Known, SENTENCE, Shape, TEXT, Type, U16, Unit, rows};
use super::value::{List, Object, Value};

/// What several connections have in common.
pub(super) static DIAGNOSIS: Shape = Shape {
    name: "diagnosis_record",
    about: "What several connections of a source have in common; five at most, before the last line",
    variants: &[],
    fields: &rows! { Diagnosis:
        "kind": Type::Name(&names::DIAGNOSIS), |diagnosis| diagnosis.kind.name().into(),
            "A verdict that they share, or a pattern that only many connections show"
            => known(Known::SourceEnd);
        "connections": COUNT, |diagnosis| diagnosis.connections.into(), "Connections that have it"
            => unit(Unit::Connections) known(Known::SourceEnd);
        "of": COUNT, |diagnosis| diagnosis.of.into(),
            "Connections that `where` describes, those included that do not have it"
            => unit(Unit::Connections) known(Known::SourceEnd);
        "where": Type::Object(&COMMON), |diagnosis| Value::Object(Object::Common(&diagnosis.common)),
            "What sets them apart from others; empty where nothing does"
            => known(Known::SourceEnd);
        "frames": Type::Wholes(Some(1), None, 0, Frames::KEPT), |diagnosis| {
            Value::List(List::Frames(diagnosis.frames.as_slice()))
        }, "Numbers of frames that show it, of several connections"
            => known(Known::SourceEnd);
        "text": SENTENCE, |diagnosis| Value::Diagnosed(diagnosis), "The same in a sentence, for people"
            => known(Known::SourceEnd);
    },
};

/// What sets connections apart.
pub(super) static COMMON: Shape = Shape {
    name: "common",
    about: "What sets connections apart: only what they have in common is there",
    variants: &[],
    fields: &rows! { Common:
        "server": TEXT, |common| {
            common.server.map_or(Value::Absent, |server| Value::Server(server, common.port))
        }, "The server's endpoint, or its host where the ports differ"
            => when("known");
        "client": Type::Address, |common| common.client.map_or(Value::Absent, Into::into), "The client's host"
            => when("known");
        "network": TEXT, |common| {
            common.network.map_or(Value::Absent, |(_, network)| Value::Network(network))
        }, "The network of the clients, or of the servers"
            => when("known");
        "port": U16, |common| {
            common.port.filter(|_| common.server.is_none()).map_or(Value::Absent, Into::into)
        }, "The server's port, where the hosts differ"
            => when("known");
        "path": Type::Object(&PATH), |common| {
            common.path.as_ref().map_or(Value::Absent, |path| Value::Object(Object::Path(path)))
        }, "VLANs and tunnel"
            => when("known");
        "from": Type::Time, |common| common.from.map_or(Value::Absent, Into::into),
            "All that began from then on have it, and none before"
            => when("known");
        "to": Type::Time, |common| common.to.map_or(Value::Absent, Into::into),
            "All that began up to then have it, and none after"
            => when("known");
    },
};

//! The record of `--view summary --format json`, which is written by hand.

use super::capture::SCHEMA;
use super::diagnosis::DIAGNOSIS;
use super::names;
use super::parts::{ENDPOINT, TIME_SPENT};
use super::records::{SKIPPED, SUMMARY};
use super::shape::{COUNT, Known, Shape, TEXT, Type, Unit, bare_rows};
use super::verdict::VERDICT;

/// All that the summary of a capture shows.
pub(super) static OVERVIEW: Shape = Shape {
    name: "overview_record",
    about: "All that the summary of a capture shows, by --view summary --format json; behind those of several captures \
            stands one of all of them together",
    variants: &[],
    fields: &bare_rows! {
        "schema": SCHEMA, "Version of the machine format"
            => known(Known::SourceEnd);
        "file": TEXT, "The name of the capture as it was given; `null`: all captures together"
            => known(Known::SourceEnd) or_null();
        "diagnoses": Type::List(&DIAGNOSIS, Some(5)), "What connections have in common"
            => known(Known::SourceEnd);
        "connections": COUNT, "Connections that were shown: fewer than `totals` has, where a part was asked for"
            => unit(Unit::Connections) known(Known::SourceEnd);
        "with_problems": COUNT, "Those of them with which something is wrong"
            => unit(Unit::Connections) known(Known::SourceEnd);
        "worst": Type::List(&WORST, Some(10)), "The worst of these, the worst first"
            => known(Known::SourceEnd);
        "totals": Type::Object(&SUMMARY), "The totals of the capture, as the record `summary` has them"
            => known(Known::SourceEnd);
        "skipped": Type::List(&SKIPPED, None), "Frames without a TCP segment, as the record `skipped` has them"
            => known(Known::SourceEnd);
        "remarks": COUNT, "Remarks about the capture, which are records `notice` in ndjson"
            => known(Known::SourceEnd);
        "opened": Type::Counts(&names::OPENING), "Connections by how they opened"
            => unit(Unit::Connections) known(Known::SourceEnd);
        "closed": Type::Counts(&names::CLOSING), "Connections by how they closed"
            => unit(Unit::Connections) known(Known::SourceEnd);
        "client_bytes": COUNT, "Octets of payload from clients, each counted once"
            => unit(Unit::Octets) known(Known::SourceEnd);
        "server_bytes": COUNT, "Octets of payload from servers, each counted once"
            => unit(Unit::Octets) known(Known::SourceEnd);
        "retransmitted_bytes": COUNT, "Octets of payload that came again"
            => unit(Unit::Octets) known(Known::SourceEnd);
        "handshakes": Type::Object(&DISTRIBUTION), "How long handshakes took; `null`: none was seen"
            => known(Known::SourceEnd) or_null();
        "far_round_trips": Type::Object(&DISTRIBUTION),
            "The median round trip to the end that is far from the capture, of each connection; `null`: none was seen"
            => known(Known::SourceEnd) or_null();
        "loss": Type::Object(&LOSS), "What was sent again, and what looks like it"
            => known(Known::SourceEnd);
        "damaged_client_segments": COUNT, "Segments of clients that were damaged on the way, as checksums show"
            => unit(Unit::Segments) known(Known::SourceEnd);
        "damaged_server_segments": COUNT, "Segments of servers that were damaged on the way, as checksums show"
            => unit(Unit::Segments) known(Known::SourceEnd);
        "time_spent": Type::Object(&TIME_SPENT), "Where the time of all connections went"
            => known(Known::SourceEnd);
        "findings": Type::Counts(&names::KIND), "Findings by kind"
            => known(Known::SourceEnd);
        "connections_with": Type::Counts(&names::KIND), "Connections that have a finding of a kind"
            => unit(Unit::Connections) known(Known::SourceEnd);
        "causes": Type::CountsOf(&names::KIND, &names::CAUSE), "Findings by kind and cause"
            => known(Known::SourceEnd);
    },
};

/// One of the worst connections.
static WORST: Shape = Shape {
    name: "worst",
    about: "One of the worst connections",
    variants: &[],
    fields: &bare_rows! {
        "file": TEXT, "The capture that it is in" => or_null();
        "id": COUNT, "Its number";
        "client": Type::Object(&ENDPOINT), "The client's endpoint";
        "server": Type::Object(&ENDPOINT), "The server's endpoint";
        "verdict": Type::Object(&VERDICT), "The weightiest of its verdicts";
        "lesser": COUNT, "How many verdicts it has beside that";
    },
};

/// How durations are distributed.
static DISTRIBUTION: Shape = Shape {
    name: "distribution",
    about: "How durations are distributed; median and p95 are known to one part in 32",
    variants: &[],
    fields: &bare_rows! {
        "samples": COUNT, "How many there are";
        "min": Type::Duration, "The shortest";
        "median": Type::Duration, "Half of them are no longer";
        "p95": Type::Duration, "Of a hundred, 95 are no longer";
        "max": Type::Duration, "The longest";
    },
};

/// What was sent again.
static LOSS: Shape = Shape {
    name: "loss",
    about: "What was sent again, and what looks like it",
    variants: &[],
    fields: &bare_rows! {
        "sent": COUNT, "Segments sent, pure acknowledgements left out" => unit(Unit::Segments);
        "sent_again": COUNT, "Those of them that were sent again" => unit(Unit::Segments);
        "sent_bytes": COUNT, "Octets of payload sent" => unit(Unit::Octets);
        "sent_again_bytes": COUNT, "Those of them that were sent again" => unit(Unit::Octets);
        "overtaken": COUNT, "Segments overtaken on their way, which are not counted" => unit(Unit::Segments);
        "copied": COUNT, "Copies that the network made, which are not counted" => unit(Unit::Segments);
        "probes": COUNT, "Window probes, which are not counted" => unit(Unit::Segments);
        "not_taken": COUNT, "Segments whose octets were sent with the SYN and not taken, which are not counted"
            => unit(Unit::Segments);
        "undecided": COUNT, "Segments that were late, or lost and sent again, which are not counted"
            => unit(Unit::Segments);
    },
};

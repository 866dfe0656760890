//! The lists of names that fields hold.

use crate::track::congestion::Phase;
use crate::track::diagnosis::DiagnosisKind;
use crate::track::finding::{Certainty, ForgeryProof, Kind, Sign, SpuriousProof};
use crate::track::flow::{Roles, Side};
use crate::track::label::{Label, Mark};
use crate::track::measures::Vantage;
use crate::track::report::{Closer, Closing, ConnState, Opening};
use crate::track::state::State;
use crate::track::verdict::{Party, VerdictKind};
use crate::wire::flags::Flags;

use super::name;
use super::shape::Names;

macro_rules! names {
    ($($list:ident = $name:literal, $about:literal, $all:expr;)*) => {
        $(pub(super) static $list: Names = Names { name: $name, about: $about, all: $all };)*
    };
}

names! {
    SIDE = "side", "One of the two ends of a connection",
        || [Side::Client, Side::Server].map(Side::name).to_vec();
    CLOSER = "closer", "Who ended a connection", || Closer::ALL.iter().map(|closer| closer.name()).collect();
    STATE = "state_name", "A state of RFC 9293, section 3.3.2", || State::ALL.map(State::name).to_vec();
    TUNNEL = "tunnel", "What carried the packet inside another packet", || name::TUNNELS.to_vec();
    FLAG = "flag", "A control bit of the TCP header", || Flags::from_bits(u16::MAX).names().collect();
    CHECKSUM = "checksum", "What the checksum says", || name::CHECKSUMS.to_vec();
    LABEL = "label", "What the rules of TCP say about a segment",
        || Label::ALL.iter().map(|label| label.name()).collect();
    MARK = "mark", "What Wireshark would say about a segment, without `tcp.analysis.`",
        || Mark::ALL.iter().map(|mark| mark.name()).collect();
    ROLES = "roles", "How it is known who is the client", || Roles::ALL.map(Roles::name).to_vec();
    OPENING = "opening", "How a connection opened",
        || Opening::ALL.iter().map(|opening| opening.name()).collect();
    CLOSING = "closing", "How a connection closed",
        || Closing::ALL.iter().map(|closing| closing.name()).collect();
    CONN_STATE = "conn_state", "Zeek's summary of a connection",
        || ConnState::ALL.iter().map(|state| state.name()).collect();
    VANTAGE = "vantage", "Where the capture was taken", || {
        use Vantage::{Between, Both, Client, Server, Unknown};
        [Client, Server, Between, Both, Unknown].into_iter().filter_map(Vantage::name).collect()
    };
    VERDICT = "verdict_kind", "What a connection came to",
        || VerdictKind::ALL.iter().map(|kind| kind.name()).collect();
    DIAGNOSIS = "diagnosis_kind", "What several connections have in common",
        || {
            let verdicts = VerdictKind::ALL.iter().map(|kind| kind.name());
            verdicts.chain(DiagnosisKind::PATTERNS.map(DiagnosisKind::name)).collect()
        };
    PARTY = "party", "Who caused it", || Party::ALL.map(Party::name).to_vec();
    PHASE = "congestion_phase", "A phase of congestion control",
        || Phase::ALL.iter().map(|phase| phase.name()).collect();
    KIND = "finding_kind", "What was found", || Kind::ALL.iter().map(|kind| kind.name()).collect();
    CAUSE = "cause", "Why", || {
        let mut causes = Vec::new();
        for cause in Kind::ALL.iter().flat_map(|kind| kind.causes()).map(|cause| cause.name()) {
            if !causes.contains(&cause) {
                causes.push(cause);
            }
        }
        causes
    };
    CERTAINTY = "certainty", "How sure a finding is",
        || [Certainty::Certain, Certainty::Likely, Certainty::Undecidable].map(Certainty::name).to_vec();
    PROOF = "spurious_proof", "What shows that a retransmission was not needed", || {
        use SpuriousProof::{Acknowledged, DuplicateSack, Sacked, Timestamp};
        [Acknowledged, Sacked, DuplicateSack, Timestamp].map(SpuriousProof::name).to_vec()
    };
    GOES_ON = "forgery_proof", "How an end goes on that a RST names",
        || ForgeryProof::ALL.map(ForgeryProof::name).to_vec();
    SIGN = "forgery_sign", "What speaks against an end's having sent a RST",
        || Sign::ALL.iter().map(|sign| sign.name()).collect();
    LAYER = "layer", "A header that a frame may hold", || name::LAYERS.to_vec();
    FORMAT = "format", "The format of a capture", || vec!["pcap", "pcapng", "live"];
    REASON = "reason", "Why a frame has no TCP segment", || {
        vec![
            "unknown_link", "not_ip", "nested", "arp", "udp", "icmp", "not_tcp", "esp", "ipcomp", "fragment", "cut_header",
            "malformed",
        ]
    };
    OPTION = "option_name", "What an option is",
        || super::option::OPTION.variants.iter().map(|one| one.name).collect();
    TIMEOUT_UNIT = "timeout_unit", "In what a user timeout was sent", || vec!["seconds", "minutes"];
    NOTICE = "notice_kind", "What a notice is about",
        || super::notice::NOTICE.variants.iter().map(|one| one.name).collect();
    LEVEL = "exercise_level", "Of what a question asks",
        || vec!["fields", "arithmetic", "states", "diagnosis"];
    QUESTION = "question_kind", "What a question asks", || {
        vec![
            "source_port", "destination_port", "sequence_number", "acknowledgment_number", "data_offset",
            "flags", "window_field", "window", "mss", "window_scale", "timestamp", "sack_permitted", "sack",
            "seq_len", "why_numbers", "next_sequence_number", "peer_acknowledges", "effective_window", "state",
            "why_state", "time_wait", "which_fin", "order", "what_happened", "which_frame",
        ]
    };
    FORM = "hex_form", "How a text writes octets", || {
        vec![
            "digits", "prefixed", "escaped", "c_array", "xxd", "hexdump_canonical", "hexdump_words", "tcpdump",
            "offset_hex",
        ]
    };
    START = "start", "With which header octets begin", || vec!["ethernet", "ip", "tcp"];
    PART = "part", "A header of a frame, or what stands behind the headers", || {
        vec![
            "link", "ethernet", "vlan", "mpls", "pppoe", "arp", "ipv4", "ipv6", "ipv6_extension", "tunnel", "icmp",
            "udp", "tcp", "payload", "other", "padding", "fcs", "trailer",
        ]
    };
    FAULT = "fault_kind", "What is wrong with a TCP header", || {
        vec![
            "too_short", "cut", "data_offset_too_small", "data_offset_beyond_end", "port_zero",
            "ack_number_without_ack", "urgent_pointer_without_urg", "reserved_bits", "syn_with_fin",
            "syn_with_rst", "fin_with_rst", "no_ack", "option_without_length", "option_length_too_small",
            "option_past_end", "option_length_wrong", "option_outside_syn", "option_twice", "window_shift",
            "padding",
        ]
    };
    RECORD = "record_name", "The `type` of a record",
        || {
        super::records::RECORDS.iter().map(|record| record.name).chain(["sort"]).collect()
    };
    TYPE = "type_name", "The type of a field's values", || {
        vec![
            "number", "real", "duration", "time", "boolean", "address", "name", "names", "text", "octets", "object",
            "list",
        ]
    };
    KNOWN = "known", "When a field is known: before the first frame, with the frame, with the first segment of the connection, \
        when the connection is over, when the source is over",
        || vec!["source", "segment", "first", "end", "summary"];
}

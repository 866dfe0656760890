//! What the kernel knows and a capture does not show: two ways that leave the same picture; and what the library does not
//! say yet. Each is named, with the reason. The library may be silent there, or say either; it may not be certain.

use crate::judge::{Judged, What};

struct Case {
    what: What,
    /// A part of the conversation's name.
    conversation: &'static str,
    /// How the end and the flags of the segment begin: `host`, `peer SYN`.
    segment: &'static str,
    kernel: &'static [&'static str],
    ours: &'static [&'static str],
    why: &'static str,
}

const CASES: [Case; 16] = [
    Case {
        what: What::Label,
        conversation: "midstream",
        segment: "host ACK",
        kernel: &["challenge-ack"],
        ours: &["-"],
        why: "how far the window reaches, by its scale, stands in the SYN, which is not in this capture",
    },
    Case {
        what: What::Cause,
        conversation: "midstream",
        segment: "host",
        kernel: &["tail_loss_probe", "timeout", "timeout 1", "timeout 2"],
        ours: &["timeout", "tail_loss_probe", "timeout 1", "timeout 2", "timeout 3"],
        why: "whether SACK is agreed on, without which there are no probes, stands in the SYN",
    },
    Case {
        what: What::State,
        conversation: "data_beyond, ",
        segment: "host ACK",
        kernel: &["FIN-WAIT-1", "LAST-ACK", "CLOSING"],
        ours: &["FIN-WAIT-2", "CLOSED", "TIME-WAIT"],
        why: "how far the window reaches, by its scale, stands in the SYN, which is not in this capture",
    },
    Case {
        what: What::Label,
        conversation: "syn_ack_again",
        segment: "host ACK",
        kernel: &["challenge-ack"],
        ours: &["-"],
        why: "the answer to the same SYN,ACK is the ACK of the handshake once more, and Linux counts it as a challenge",
    },
    Case {
        what: What::Label,
        conversation: "SYN,ACK of the peer again",
        segment: "host ACK",
        kernel: &["challenge-ack"],
        ours: &["-"],
        why: "the answer to the same SYN,ACK is the ACK of the handshake once more, and Linux counts it as a challenge",
    },
    Case {
        what: What::State,
        conversation: "syn_fin",
        segment: "peer FIN,SYN",
        kernel: &["LISTEN", "CLOSED"],
        ours: &["SYN-RECEIVED", "CLOSE-WAIT"],
        why: "Linux drops a SYN with a FIN where it listens; RFC 9293, section 3.10.7.2, keeps the FIN for later",
    },
    Case {
        what: What::State,
        conversation: "server in Listen, data_without_ack",
        segment: "peer",
        kernel: &["LISTEN"],
        ours: &["ESTABLISHED"],
        why: "the first segment of a capture, which nobody answers: a connection may have been there before",
    },
    Case {
        what: What::State,
        conversation: "server in Listen, nothing",
        segment: "peer",
        kernel: &["LISTEN"],
        ours: &["ESTABLISHED"],
        why: "the first segment of a capture, which nobody answers: a connection may have been there before",
    },
    Case {
        what: What::State,
        conversation: "closed window before a FIN",
        segment: "",
        kernel: &["FIN-WAIT-1"],
        ours: &["ESTABLISHED"],
        why: "the program has closed, and its FIN waits behind octets that the window does not let out",
    },
    Case {
        what: What::State,
        conversation: "user timeout",
        segment: "",
        kernel: &["CLOSED", "LISTEN"],
        ours: &["ESTABLISHED", "FIN-WAIT-1"],
        why: "the kernel gave up without a RST",
    },
    Case {
        what: What::State,
        conversation: "gives up",
        segment: "",
        kernel: &["CLOSED", "LISTEN"],
        ours: &["ESTABLISHED", "FIN-WAIT-1"],
        why: "the kernel gave up without a RST",
    },
    Case {
        what: What::State,
        conversation: "client in SynReceived, data_below",
        segment: "host ACK",
        kernel: &["ESTABLISHED"],
        ours: &["SYN-RECEIVED"],
        why: "octets that end at RCV.NXT are outside the window (RFC 9293, section 3.10.7.4), and inside for Linux",
    },
    Case {
        what: What::State,
        conversation: "accept queue full",
        segment: "peer",
        kernel: &["LISTEN", "SYN-RECEIVED"],
        ours: &["SYN-RECEIVED", "ESTABLISHED"],
        why: "the kernel drops a segment for want of room, which only what follows shows",
    },
    Case {
        what: What::Cause,
        conversation: "all sent again after a timeout",
        segment: "host",
        kernel: &["recovery"],
        ours: &["after_timeout"],
        why: "an acknowledgement after two timeouts both opens the window and shows that a repetition is lost",
    },
    Case {
        what: What::Reset,
        conversation: "abort after octets were read",
        segment: "host",
        kernel: &["data after close, or SO_LINGER 0 (TCPAbortOnData)"],
        ours: &["unread_data"],
        why: "whether a program has read what came is not on the wire",
    },
    Case {
        what: What::Reset,
        conversation: "close with a part unread",
        segment: "host",
        kernel: &["unread data (TCPAbortOnClose)"],
        ours: &["aborted"],
        why: "whether a program has read what came is not on the wire",
    },
];

/// What a capture does decide, and the library does not say yet.
const NOT_YET: [Case; 3] = [
    Case {
        what: What::State,
        conversation: "server in Listen, syn",
        segment: "peer ACK",
        kernel: &["SYN-RECEIVED"],
        ours: &["ESTABLISHED"],
        why: "the ACK follows a second SYN, whose number lies beyond the window of the first, which was answered",
    },
    Case {
        what: What::State,
        conversation: "server in TimeWait, syn_below",
        segment: "host ACK",
        kernel: &["SYN-RECEIVED"],
        ours: &["ESTABLISHED"],
        why: "the ACK follows a number that lies beyond the window of the SYN that was answered",
    },
    Case {
        what: What::State,
        conversation: "client in SynSent, syn_below",
        segment: "host ACK",
        kernel: &["SYN-RECEIVED"],
        ours: &["ESTABLISHED"],
        why: "the SYN,ACK lies beyond the window of the SYN that was answered",
    },
];

/// Why a capture cannot decide this, or the library does not say it yet; `None` where it has to.
pub(crate) fn why(judged: &Judged) -> Option<&'static str> {
    let fits = |case: &&Case| {
        judged.what == case.what
            && judged.conversation.contains(case.conversation)
            && judged.flags.starts_with(case.segment)
            && case.kernel.contains(&judged.kernel.as_str())
            && case.ours.contains(&judged.ours.as_str())
            && !judged.certain
    };
    CASES.iter().chain(&NOT_YET).find(fits).map(|case| case.why)
}

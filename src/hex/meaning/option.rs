//! The name of an option, its content, and its meaning for the connection.

use crate::wire::flags::Flags;
use crate::wire::options::{TcpOption, Value};
use crate::wire::window::WindowScale;

use super::digits;

/// The name of an option with its kind: `MSS`, `kind 77`.
pub(in crate::hex) fn option_name(option: &TcpOption<'_>) -> String {
    match known(option.kind) {
        Some(name) => name.to_owned(),
        None => format!("of kind {}", option.kind),
    }
}

fn known(kind: u8) -> Option<&'static str> {
    Some(match kind {
        0 => "End of options",
        1 => "No-operation",
        2 => "Maximum segment size",
        3 => "Window scale",
        4 => "SACK permitted",
        5 => "SACK",
        8 => "Timestamps",
        19 => "MD5 signature",
        28 => "User timeout",
        29 => "Authentication",
        30 => "Multipath TCP",
        34 => "Fast Open",
        172 | 174 => "Accurate ECN",
        253 | 254 => "Experiment",
        _ => return None,
    })
}

/// A short name for the header box.
pub(in crate::hex) fn short_name(kind: u8) -> Option<&'static str> {
    Some(match kind {
        0 => "end",
        1 => "nop",
        2 => "MSS",
        3 => "scale",
        4 => "SACK ok",
        5 => "SACK",
        8 => "times",
        19 => "MD5",
        28 => "timeout",
        29 => "AO",
        30 => "MPTCP",
        34 => "TFO",
        172 | 174 => "AccECN",
        253 | 254 => "exp",
        _ => return None,
    })
}

/// The value of an option, and what it means for the connection.
pub(in crate::hex) fn option(option: &TcpOption<'_>, flags: Flags) -> (String, String) {
    let data = option.octets.get(2..).unwrap_or_default();
    match option.value {
        Value::EndOfOptions => {
            let behind = option.octets.len() - 1;
            let text = match behind {
                0 => "the options end here".to_owned(),
                1 => "the options end here; 1 more octet fills the word of 32 bits".to_owned(),
                _ => format!("the options end here; {behind} more octets fill the word of 32 bits"),
            };
            (String::new(), text)
        }
        Value::Nop => {
            (String::new(), "fills up, so that what follows stands at a multiple of four octets".to_owned())
        }
        Value::Mss(mss) => (
            format!("{mss} octets"),
            format!(
                "do not send me more than {mss} octets in one segment, payload and options together (RFC 9293, section 3.7.1)"
            ),
        ),
        Value::WindowScale(shift) => {
            let counts = WindowScale::new(shift).shift();
            let text = format!(
                "shift my windows to the left by {counts}: × 2^{counts} = × {}, once we are open and if you send this option too (RFC 7323, section 2)",
                1_u32 << counts
            );
            (format!("shift {shift}"), text)
        }
        Value::SackPermitted => (
            String::new(),
            "you may tell me of octets that arrived behind a gap: selective acknowledgements (RFC 2018)"
                .to_owned(),
        ),
        Value::Sack(blocks) => {
            let list: Vec<_> =
                blocks.iter().map(|(left, right)| format!("{left}-{}", right.plus(u32::MAX))).collect();
            let text =
                "these octets arrived too, behind a gap: send only what is missing (RFC 2018, section 3)";
            (list.join(", "), text.to_owned())
        }
        Value::Timestamps { tsval, tsecr } => {
            let echo = match (flags.ack(), tsecr) {
                (false, _) => "nothing to echo yet".to_owned(),
                (true, _) => {
                    format!("and I echo {tsecr} from yours, from which you know the round trip")
                }
            };
            (
                format!("TSval {tsval}, TSecr {tsecr}"),
                format!("my clock says {tsval}, {echo} (RFC 7323, section 3)"),
            )
        }
        Value::FastOpen { cookie: [], .. } => {
            (String::new(), "asks for a cookie, so that later SYNs may carry data (RFC 7413)".to_owned())
        }
        Value::FastOpen { cookie, .. } => (
            format!("cookie {}", digits(cookie)),
            "the cookie that lets a SYN carry data (RFC 7413)".to_owned(),
        ),
        Value::Mptcp { subtype, .. } => (
            format!("subtype {subtype}"),
            "this is one path of a Multipath TCP connection (RFC 8684)".to_owned(),
        ),
        Value::Md5(digest) => (digits(digest), "signs the segment (RFC 2385)".to_owned()),
        Value::Authentication { key_id, .. } => {
            (format!("key {key_id}"), "authenticates the segment (RFC 5925)".to_owned())
        }
        Value::UserTimeout { minutes, value } => {
            let unit = if minutes { "minutes" } else { "seconds" };
            (
                format!("{value} {unit}"),
                "how long data may wait for its acknowledgement (RFC 5482)".to_owned(),
            )
        }
        Value::AccEcn { counters, .. } => {
            (digits(counters), "counts the octets that arrived with each ECN mark (RFC 9768)".to_owned())
        }
        Value::Unknown(_) => {
            (digits(data), "not known here; a receiver passes over it by its length (section 3.2)".to_owned())
        }
        Value::Malformed(_) => (digits(data), "broken: see what is wrong".to_owned()),
        Value::Cut(_) => (digits(data), "goes on behind what was captured".to_owned()),
    }
}

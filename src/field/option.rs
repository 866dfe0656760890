//! The options of a segment.

use crate::wire::options::{TcpOption, Value as Said};

use super::names;
use super::shape::{COUNT, Shape, Type, U8, U16, U32, Unit, Variant, rows};
use super::value::{List, Value};

/// The name of an option.
fn name(option: &TcpOption<'_>) -> &'static str {
    match option.value {
        Said::EndOfOptions => "end_of_options",
        Said::Nop => "nop",
        Said::Mss(_) => "mss",
        Said::WindowScale(_) => "window_scale",
        Said::SackPermitted => "sack_permitted",
        Said::Sack(_) => "sack",
        Said::Timestamps { .. } => "timestamps",
        Said::FastOpen { .. } => "fast_open",
        Said::Mptcp { .. } => "mptcp",
        Said::Md5(_) => "md5",
        Said::Authentication { .. } => "authentication",
        Said::UserTimeout { .. } => "user_timeout",
        Said::AccEcn { .. } => "accurate_ecn",
        Said::Unknown(_) => "unknown",
        Said::Malformed(_) => "malformed",
        Said::Cut(_) => "cut",
    }
}

/// A getter of a field that only some options have.
macro_rules! only {
    ($($pattern:pat => $value:expr),+) => {
        |option| match option.value {
            $($pattern => $value,)+
            _ => Value::Absent,
        }
    };
}

const fn kind(number: i64) -> Type {
    Type::Whole(Some(number), Some(number))
}

const fn option(
    name: &'static str,
    fields: &'static [&'static str],
    only: &'static [(&'static str, Type)],
) -> Variant {
    Variant { by: "name", name, fields, only }
}

/// One option.
pub static OPTION: Shape = Shape {
    name: "option",
    about: "One option: its kind, its name, and what it says",
    variants: &[
        option("end_of_options", &[], &[("kind", kind(0))]),
        option("nop", &[], &[("kind", kind(1))]),
        option("mss", &["mss"], &[("kind", kind(2))]),
        option("window_scale", &["shift"], &[("kind", kind(3))]),
        option("sack_permitted", &[], &[("kind", kind(4))]),
        option("sack", &["blocks"], &[("kind", kind(5))]),
        option("timestamps", &["tsval", "tsecr"], &[("kind", kind(8))]),
        option("fast_open", &["cookie", "experimental"], &[("kind", Type::Among(&[34, 253, 254]))]),
        option("mptcp", &["subtype", "data"], &[("kind", kind(30))]),
        option("md5", &["digest"], &[("kind", kind(19))]),
        option("authentication", &["key_id", "next_key_id", "mac"], &[("kind", kind(29))]),
        option("user_timeout", &["timeout", "unit"], &[("kind", kind(28))]),
        option("accurate_ecn", &["ect1_first", "counters"], &[("kind", Type::Among(&[172, 174, 253, 254]))]),
        option("unknown", &["data"], &[]),
        option("malformed", &["data"], &[]),
        option("cut", &["data"], &[]),
    ],
    fields: &rows! { Option:
        "kind": U8, |option| option.kind.into(), "The octet on the wire"
            => alias(&["tcp.option_kind"]) source("RFC 9293, section 3.2");
        "name": Type::Name(&names::OPTION), |option| name(option).into(),
            "What the option is; `malformed`: its length does not fit the kind, or points past the header; \
             `cut`: the capture ends inside it";
        "mss": U16, only!(Said::Mss(mss) => mss.into()),
            "The largest segment that its sender is ready to receive"
            => alias(&["tcp.options.mss_val"]) unit(Unit::Octets) source("RFC 9293, section 3.7.1");
        "shift": U8, only!(Said::WindowScale(shift) => shift.into()),
            "By how many bits the sender's windows are to be shifted, as sent, even above 14"
            => alias(&["tcp.options.wscale.shift"]) source("RFC 7323, section 2.2");
        "blocks": Type::Pairs(4), only!(Said::Sack(blocks) => Value::List(List::Blocks(blocks))),
            "What has arrived beyond the acknowledgement number: left and right edges as on the wire"
            => alias(&["tcp.options.sack_le", "tcp.options.sack_re"]) source("RFC 2018, section 3");
        "tsval": U32, only!(Said::Timestamps { tsval, .. } => tsval.into()), "The sender's clock"
            => alias(&["tcp.options.timestamp.tsval"]) source("RFC 7323, section 3.2");
        "tsecr": U32, only!(Said::Timestamps { tsecr, .. } => tsecr.into()), "The peer's clock, echoed"
            => alias(&["tcp.options.timestamp.tsecr"]) source("RFC 7323, section 3.2");
        "cookie": Type::Octets, only!(Said::FastOpen { cookie, .. } => Value::Octets(cookie)),
            "The Fast Open cookie; empty where one is asked for"
            => alias(&["tcp.options.tfo.cookie"]) source("RFC 7413");
        "experimental": Type::Boolean, only!(Said::FastOpen { experimental, .. } => experimental.into()),
            "It was sent as kind 253 or 254"
            => source("RFC 7413");
        "subtype": Type::Whole(Some(0), Some(15)), only!(Said::Mptcp { subtype, .. } => subtype.into()),
            "The subtype of Multipath TCP"
            => alias(&["tcp.options.mptcp.subtype"]) source("RFC 8684");
        "data": Type::Octets, only!(
            Said::Mptcp { data, .. } | Said::Unknown(data) => Value::Octets(data),
            Said::Malformed(data) | Said::Cut(data) => Value::Octets(data)
        ),
            "The octets behind kind and length, as far as there are any"
            => alias(&["tcp.options.unknown.payload"]);
        "digest": Type::Octets, only!(Said::Md5(digest) => Value::Octets(digest)), "The MD5 signature"
            => alias(&["tcp.options.md5.digest"]) source("RFC 2385");
        "key_id": U8, only!(Said::Authentication { key_id, .. } => key_id.into()), "Which key signed"
            => alias(&["tcp.options.ao.keyid"]) source("RFC 5925, section 2.2");
        "next_key_id": U8, only!(Said::Authentication { next_key_id, .. } => next_key_id.into()),
            "Which key the sender would like next"
            => alias(&["tcp.options.ao.rnextkeyid"]) source("RFC 5925, section 2.2");
        "mac": Type::Octets, only!(Said::Authentication { mac, .. } => Value::Octets(mac)),
            "The message authentication code"
            => alias(&["tcp.options.ao.mac"]) source("RFC 5925, section 2.2");
        "timeout": COUNT, only!(
            Said::UserTimeout { minutes, value } => (u32::from(value) * if minutes { 60 } else { 1 }).into()
        ),
            "How long octets may wait for their acknowledgement"
            => alias(&["tcp.options.user_to_val"]) unit(Unit::Seconds) source("RFC 5482");
        "unit": Type::Name(&names::TIMEOUT_UNIT), only!(
            Said::UserTimeout { minutes, .. } => (if minutes { "minutes" } else { "seconds" }).into()
        ),
            "In what the timeout was sent"
            => alias(&["tcp.options.user_to_granularity"]) source("RFC 5482");
        "ect1_first": Type::Boolean, only!(Said::AccEcn { ect1_first, .. } => ect1_first.into()),
            "The ECT(1) counter stands first"
            => source("RFC 9768, section 3.2.3");
        "counters": Type::Wholes(Some(0), Some(0xff_ffff), 0, 3), only!(
            Said::AccEcn { counters, .. } => Value::List(List::Counters(counters))
        ),
            "Up to three counters of octets by ECN bits, in wire order"
            => alias(&["tcp.options.acc_ecn.ee0b", "tcp.options.acc_ecn.eceb", "tcp.options.acc_ecn.ee1b"])
            source("RFC 9768, section 3.2.3");
    },
};

//! One step of the walk: the first option of some octets.

use super::{SackBlocks, TcpOption, Value};

const END: u8 = 0;
pub(super) const NOP: u8 = 1;
pub(super) const MSS: u8 = 2;
pub(super) const WINDOW_SCALE: u8 = 3;
pub(super) const SACK_PERMITTED: u8 = 4;
const SACK: u8 = 5;
pub(super) const TIMESTAMPS: u8 = 8;
const MD5: u8 = 19;
const USER_TIMEOUT: u8 = 28;
const AUTHENTICATION: u8 = 29;
const MPTCP: u8 = 30;
const FAST_OPEN: u8 = 34;
const ACC_ECN_0: u8 = 172;
const ACC_ECN_1: u8 = 174;
/// Kinds for experiments; the two octets behind the length distinguish them (RFC 6994).
const EXPERIMENT: u8 = 253;
const EXPERIMENT_2: u8 = 254;

/// The experiment identifier of Fast Open (RFC 7413, appendix A).
const FAST_OPEN_EXPERIMENT: [u8; 2] = [0xf9, 0x89];
/// The experiment identifiers of Accurate ECN, by which counter stands first.
const ACC_ECN_0_EXPERIMENT: [u8; 2] = [0xac, 0xc0];
const ACC_ECN_1_EXPERIMENT: [u8; 2] = [0xac, 0xc1];

/// The first option; `None` where there are no octets left. `cut`: the capture ends behind `octets`.
#[inline]
pub(super) fn first(octets: &[u8], cut: bool) -> Option<TcpOption<'_>> {
    let (&kind, behind) = octets.split_first()?;
    let option = |octets, value| Some(TcpOption { kind, octets, value });
    match kind {
        END => return option(octets, Value::EndOfOptions),
        NOP => return option(&octets[..1], Value::Nop),
        _ => {}
    }
    let Some((&len, data)) = behind.split_first() else {
        return option(octets, if cut { Value::Cut(behind) } else { Value::Malformed(behind) });
    };
    // The length counts kind and length themselves.
    let Some(data_len) = usize::from(len).checked_sub(2) else {
        return option(octets, Value::Malformed(data));
    };
    let Some(value) = data.get(..data_len) else {
        // No header is longer than 60 octets, so a longer option is wrong wherever the capture ends.
        let value = if cut && usize::from(len) <= 40 { Value::Cut(data) } else { Value::Malformed(data) };
        return option(octets, value);
    };
    option(&octets[..data_len + 2], read(kind, value))
}

/// What the octets behind kind and length mean.
fn read(kind: u8, data: &[u8]) -> Value<'_> {
    match (kind, data) {
        (MSS, &[high, low]) => Value::Mss(u16::from_be_bytes([high, low])),
        (WINDOW_SCALE, &[shift]) => Value::WindowScale(shift),
        (SACK_PERMITTED, []) => Value::SackPermitted,
        (SACK, blocks) if !blocks.is_empty() && blocks.len().is_multiple_of(8) => {
            Value::Sack(SackBlocks(blocks))
        }
        (TIMESTAMPS, &[v0, v1, v2, v3, e0, e1, e2, e3]) => Value::Timestamps {
            tsval: u32::from_be_bytes([v0, v1, v2, v3]),
            tsecr: u32::from_be_bytes([e0, e1, e2, e3]),
        },
        (MD5, digest) if digest.len() == 16 => Value::Md5(digest),
        // RFC 5482, section 2: one bit of granularity, 15 bits of timeout.
        (USER_TIMEOUT, &[high, low]) => {
            Value::UserTimeout { minutes: high & 0x80 != 0, value: u16::from_be_bytes([high & 0x7f, low]) }
        }
        (AUTHENTICATION, [key_id, next_key_id, mac @ ..]) => {
            Value::Authentication { key_id: *key_id, next_key_id: *next_key_id, mac }
        }
        (MPTCP, [first, ..]) => Value::Mptcp { subtype: first >> 4, data },
        (FAST_OPEN, cookie) if is_cookie(cookie) => Value::FastOpen { cookie, experimental: false },
        (ACC_ECN_0 | ACC_ECN_1, counters) if is_counters(counters) => {
            Value::AccEcn { ect1_first: kind == ACC_ECN_1, counters }
        }
        (EXPERIMENT | EXPERIMENT_2, [e0, e1, inner @ ..]) => {
            experiment([*e0, *e1], inner).unwrap_or(Value::Unknown(data))
        }
        (
            MSS | WINDOW_SCALE | SACK_PERMITTED | SACK | TIMESTAMPS | MD5 | USER_TIMEOUT | AUTHENTICATION
            | MPTCP | FAST_OPEN | ACC_ECN_0 | ACC_ECN_1,
            data,
        ) => Value::Malformed(data),
        (_, data) => Value::Unknown(data),
    }
}

/// What the octets behind an experiment identifier mean, if it is known.
fn experiment(id: [u8; 2], data: &[u8]) -> Option<Value<'_>> {
    match id {
        FAST_OPEN_EXPERIMENT if is_cookie(data) => Some(Value::FastOpen { cookie: data, experimental: true }),
        ACC_ECN_0_EXPERIMENT | ACC_ECN_1_EXPERIMENT if is_counters(data) => {
            Some(Value::AccEcn { ect1_first: id == ACC_ECN_1_EXPERIMENT, counters: data })
        }
        _ => None,
    }
}

/// A cookie has 4 to 16 octets, an even number (RFC 7413, section 4.1.1); none asks for one.
fn is_cookie(octets: &[u8]) -> bool {
    octets.is_empty() || (4..=16).contains(&octets.len()) && octets.len().is_multiple_of(2)
}

/// Up to three counters of 24 bits (RFC 9768, section 3.2.3).
fn is_counters(octets: &[u8]) -> bool {
    octets.len() <= 9 && octets.len().is_multiple_of(3)
}

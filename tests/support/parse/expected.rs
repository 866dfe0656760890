//! What stands behind `=>` and `end`.

use std::str::FromStr;

use tcpscope::track::finding::Kind;
use tcpscope::track::label::{Analysis, Label, Labels, Mark};
use tcpscope::track::state::State;

use super::super::{End, Expected, Wanted};
use super::words::Words;

const STATES: [State; 11] = [
    State::Closed,
    State::Listen,
    State::SynSent,
    State::SynReceived,
    State::Established,
    State::FinWait1,
    State::FinWait2,
    State::CloseWait,
    State::Closing,
    State::LastAck,
    State::TimeWait,
];

/// The keys that `end` knows.
const FACTS: [&str; 21] = [
    "opening",
    "closing",
    "closed-by",
    "roles",
    "conn-state",
    "history",
    "completeness",
    "teardown-segments",
    "client-repeated",
    "server-repeated",
    "server-thinking",
    "handshake",
    "median-rtt",
    "client-state",
    "server-state",
    "findings",
    "verdict",
    "verdicts",
    "verdict-lasted",
    "no-verdict",
    "owed",
];

/// `[#N] LABELS [| STATE, STATE [| MARKS]]` or `skipped REASON`.
pub(super) fn expected(text: &str) -> Result<Expected, String> {
    let text = text.trim();
    if let Some(reason) = text.strip_prefix("skipped ") {
        return Ok(Expected::Skipped(reason.trim().to_owned()));
    }
    let (text, findings) = match text.split_once('!') {
        Some((text, findings)) => (text, Some(self::findings(findings)?)),
        None => (text, None),
    };
    let mut parts = text.split('|').map(str::trim);
    let (connection, labels) = numbered(parts.next().unwrap_or_default())?;
    let label = |name: &str| Label::ALL.iter().copied().find(|label| label.name() == name);
    let labels: Wanted<Labels> = set(labels, label, "label")?;
    let states = parts.next().map_or(Ok([None; 2]), states)?;
    let mark = |name: &str| Mark::ALL.iter().copied().find(|mark| mark.name() == name);
    let marks: Wanted<Analysis> = set(parts.next().unwrap_or("*"), mark, "mark")?;
    if parts.next().is_some() {
        return Err("labels, states and marks: there is no fourth part".to_owned());
    }
    Ok(Expected::Segment { connection, labels, states, marks, findings })
}

/// Findings between semicolons; `-` is none.
fn findings(text: &str) -> Result<Vec<String>, String> {
    if text.trim() == "-" {
        return Ok(Vec::new());
    }
    let known = |kind: &str| Kind::ALL.iter().any(|known| known.name() == kind);
    text.split(';')
        .map(|one| {
            let words: Vec<_> = one.split_whitespace().collect();
            match words.first() {
                Some(kind) if known(kind) => Ok(words.join(" ")),
                other => Err(format!("`{}` is no kind of finding", other.unwrap_or(&""))),
            }
        })
        .collect()
}

/// `[#N] KEY VALUE …`
pub(super) fn end(number: usize, words: &mut Words<'_>) -> Result<End, String> {
    let mut connection = 0;
    let mut facts = Vec::new();
    let mut rest = words.rest_parsed::<String>("keys and values")?.into_iter().peekable();
    if let Some(id) = rest.next_if(|word| word.starts_with('#')) {
        connection = parse_id(&id[1..])?;
    }
    while let Some(key) = rest.next() {
        if !FACTS.contains(&key.as_str()) {
            return Err(format!("`{key}`: known are {}", FACTS.join(", ")));
        }
        let value = rest.next().ok_or_else(|| format!("`{key}` wants a value"))?;
        facts.push((key, value));
    }
    Ok(End { number, connection, facts })
}

/// The connection's number and the rest.
fn numbered(text: &str) -> Result<(u64, &str), String> {
    let Some(rest) = text.strip_prefix('#') else { return Ok((0, text)) };
    let (id, rest) = rest.split_once(char::is_whitespace).ok_or("labels, `-` or `*` must follow `#N`")?;
    Ok((parse_id(id)?, rest.trim()))
}

fn parse_id(text: &str) -> Result<u64, String> {
    u64::from_str(text).map_err(|_| format!("`#{text}` is no number of a connection"))
}

/// Names with commas; `-` none, `*` any others.
fn set<M, S: FromIterator<M>>(
    names: &str,
    find: impl Fn(&str) -> Option<M>,
    what: &str,
) -> Result<Wanted<S>, String> {
    let (names, others) = match names.strip_suffix('*') {
        Some(names) => (names.trim().trim_end_matches(','), true),
        None => (names, false),
    };
    let members = match names {
        "-" => S::from_iter([]),
        "" if others => S::from_iter([]),
        names => names
            .split(',')
            .map(|name| find(name.trim()).ok_or_else(|| format!("`{}` is no {what}", name.trim())))
            .collect::<Result<S, _>>()?,
    };
    Ok(Wanted { members, others })
}

fn states(text: &str) -> Result<[Option<State>; 2], String> {
    let state = |name: &str| match name.trim() {
        "*" => Ok(None),
        name => STATES
            .into_iter()
            .find(|state| state.name() == name)
            .map(Some)
            .ok_or_else(|| format!("`{name}` is no state of RFC 9293")),
    };
    let (client, server) = text.split_once(',').ok_or("states are written `CLIENT, SERVER`")?;
    Ok([state(client)?, state(server)?])
}

//! The likely meaning of a word that names neither a finding nor a verdict, behind `--only` and `--fail-on`.

use crate::exercise::half_width::half_width;
use crate::query::criterion::{Criterion, Unknown};
use crate::track::finding::{Cause, Kind};
use crate::track::verdict::VerdictKind;

/// So alike must two names be that one may be meant by the other, from 0 to 1.
const ALIKE: f64 = 0.7;

/// So alike must a name be to that of a cause without its kind: many of these are short.
const ALIKE_TO_CAUSE: f64 = 0.85;

/// What findings are called elsewhere, or for short.
const CALLED: [(&str, &str); 37] = [
    ("bad", "problems"),
    ("error", "problems"),
    ("errors", "problems"),
    ("trouble", "problems"),
    ("dup", "capture_duplicate"),
    ("duplicate", "capture_duplicate"),
    ("duplicates", "capture_duplicate"),
    ("gro", "super_segment"),
    ("gso", "super_segment"),
    ("offload", "super_segment"),
    ("tso", "super_segment"),
    ("cut", "truncated"),
    ("gap", "missed_by_capture"),
    ("loss", "retransmission"),
    ("lost", "retransmission"),
    ("resent", "retransmission"),
    ("rexmit", "retransmission"),
    ("rto", "retransmission:timeout"),
    ("fast_retransmission", "retransmission:fast"),
    ("fast_retransmit", "retransmission:fast"),
    ("tlp", "retransmission:tail_loss_probe"),
    ("probe", "retransmission:window_probe"),
    ("disorder", "reordering"),
    ("ooo", "reordering"),
    ("out_of_order", "reordering"),
    ("outoforder", "reordering"),
    ("overtaken", "reordering"),
    ("zero_win", "zero_window"),
    ("zerowin", "zero_window"),
    ("window_closed", "zero_window"),
    ("rst", "reset"),
    ("connection_refused", "reset:refused"),
    ("mtu", "path_mtu"),
    ("pmtu", "path_mtu"),
    ("keepalive", "keep_alive_death"),
    ("keep_alive", "keep_alive_death"),
    ("unanswered", "syn_unanswered"),
];

/// What kinds of verdicts are called elsewhere, or for short.
const CALLED_AS_VERDICT: [(&str, VerdictKind); 14] = [
    ("ok", VerdictKind::Fine),
    ("healthy", VerdictKind::Fine),
    ("lost", VerdictKind::Loss),
    ("retransmission", VerdictKind::Loss),
    ("filtered", VerdictKind::Unanswered),
    ("timeout", VerdictKind::Unanswered),
    ("backlog", VerdictKind::AcceptQueueFull),
    ("slow", VerdictKind::SlowServer),
    ("thinking", VerdictKind::SlowServer),
    ("mtu", VerdictKind::PathMtu),
    ("black_hole", VerdictKind::PathMtuBlackHole),
    ("nagle", VerdictKind::NagleDelayedAck),
    ("forged", VerdictKind::MiddleboxReset),
    ("leak", VerdictKind::CloseWaitLeak),
];

/// Why `typed`, the value of `option`, is refused, and what to type instead where that is known. `others` can be typed, too.
pub(super) fn refusal(typed: &str, option: &str, others: &[&str]) -> String {
    let plain = plain(typed);
    let is_list = |c: char| matches!(c, ',' | ';' | '|' | '+');
    if plain.contains(is_list) {
        let parts: Vec<_> = plain.split(is_list).filter(|part| !part.is_empty()).collect();
        let meant: Option<Vec<_>> = parts.iter().map(|part| one_of_list(part, others)).collect();
        if let Some(meant) = meant.filter(|meant| !meant.is_empty()) {
            let repeated: Vec<_> = meant.iter().map(|one| format!("{option} {one}")).collect();
            return format!("each finding takes an option of its own; type: {}", repeated.join(" "));
        }
    }
    let word = plain.split('>').next().unwrap_or_default();
    let (kind, cause) = word.split_once(':').unwrap_or(("", word));
    if is_verdict(kind) || is_verdict(word) {
        let similar = similar(Some(of_verdict(if kind.is_empty() { "" } else { cause })));
        let kinds: String = VerdictKind::ALL.iter().map(|kind| format!(", {}", kind.name())).collect();
        return format!("no such verdict{similar}; verdicts are problems{kinds}");
    }
    if let Some(kind) = meant_kind(kind) {
        let similar = similar(Some(of_kind(kind, cause)));
        let causes: Vec<_> = kind.causes().map(Cause::name).collect();
        let name = kind.name();
        return match causes[..] {
            [] => format!("no such finding{similar}, which has no causes"),
            _ => format!("no such finding{similar}; the causes of {name} are {}", causes.join(", ")),
        };
    }
    let there: String = others.iter().map(|other| format!("{other}, ")).collect();
    format!("no such finding{}; there are {there}{Unknown}", similar(meant(cause, others)))
}

/// The word without what makes no difference to a finding's name: case, hyphens, full-width characters.
fn plain(typed: &str) -> String {
    let plain: String = half_width(typed).to_lowercase().split_whitespace().collect();
    plain.replace('-', "_")
}

/// The likely meaning of a part of a list, with the limit behind it, as a shell takes it.
fn one_of_list(part: &str, others: &[&str]) -> Option<String> {
    let (what, limit) = part.split_once('>').map_or((part, None), |(what, limit)| (what, Some(limit)));
    let (kind, cause) = what.split_once(':').unwrap_or(("", what));
    if is_verdict(kind) {
        return Some(with_limit(of_verdict(cause), limit));
    }
    let meant = meant_kind(kind).map_or_else(|| meant(cause, others), |kind| Some(of_kind(kind, cause)))?;
    Some(with_limit(meant, limit))
}

/// What is meant, quoted where a limit follows: a shell would take the `>`.
fn with_limit(meant: String, limit: Option<&str>) -> String {
    limit.map_or(meant.clone(), |limit| format!("'{meant}>{limit}'"))
}

/// Whether the word in front of a colon announces a verdict.
fn is_verdict(word: &str) -> bool {
    word.len() > 3 && strsim::jaro(word, "verdict") > ALIKE_TO_CAUSE
}

/// The verdict whose kind is most like a word; where none is, every one that is a problem.
fn of_verdict(word: &str) -> String {
    if let Some((_, kind)) = CALLED_AS_VERDICT.iter().find(|(called, _)| *called == word) {
        return format!("verdict:{}", kind.name());
    }
    let names = ["problems"].into_iter().chain(VerdictKind::ALL.iter().map(|kind| kind.name()));
    let alike = names.map(|name| (strsim::jaro(word, name), name));
    let best = alike.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(like, _)| *like > ALIKE);
    format!("verdict:{}", best.map_or("problems", |(_, name)| name))
}

/// The likely meaning of a cause behind a kind: one of the kind's, the same cause of another kind, or else the kind.
fn of_kind(kind: Kind, cause: &str) -> String {
    let name = kind.name();
    let of_this = |known: &str| format!("{name}:{known}");
    if let Some(known) = kind.causes().map(Cause::name).find(|known| *known == cause) {
        return of_this(known);
    }
    let called = CALLED.iter().find(|(word, _)| *word == cause).map(|(_, finding)| *finding);
    if let Some(finding) = called.filter(|finding| finding.split(':').next() == Some(name)) {
        return finding.to_owned();
    }
    let mut all = Criterion::all().map(|criterion| criterion.to_string());
    let elsewhere = all.find(|finding| finding.split_once(':').is_some_and(|(_, known)| known == cause));
    let alike = kind.causes().map(Cause::name).map(|known| (strsim::jaro(cause, known), known));
    let best = alike.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(like, _)| *like > ALIKE);
    elsewhere.or(best.map(|(_, known)| of_this(known))).unwrap_or_else(|| name.to_owned())
}

fn similar(meant: Option<String>) -> String {
    meant.map_or_else(String::new, |meant| format!("; a similar one exists: '{meant}'"))
}

/// The kind that is meant by a word, if there is one.
fn meant_kind(word: &str) -> Option<Kind> {
    let name = meant(word, &[])?;
    let name = name.split(':').next()?;
    Kind::ALL.iter().copied().find(|kind| kind.name() == name)
}

/// The likely meaning of a word: a finding, the cause of one alone, or one of the `others`.
fn meant(word: &str, others: &[&str]) -> Option<String> {
    if others.contains(&word) {
        return Some(word.to_owned());
    }
    if let Some((_, name)) = CALLED.iter().find(|(called, _)| *called == word) {
        return Some((*name).to_owned());
    }
    let likeness = |name: &str| strsim::jaro(word, name);
    let likely = |criterion: Criterion| {
        let name = criterion.to_string();
        // Of a cause alone one may not know whose it is.
        let like = name.split_once(':').map_or_else(
            || likeness(&name),
            |(_, cause)| Some(likeness(cause)).filter(|like| *like > ALIKE_TO_CAUSE).unwrap_or_default(),
        );
        (like, name)
    };
    let others = others.iter().map(|name| (likeness(name), (*name).to_owned()));
    // The first of the most alike: a kind stands in front of its causes, and a verdict behind all that needs no word more.
    let findings = Criterion::findings().map(likely);
    let best = findings.chain(others).chain(Criterion::verdicts().map(likely)).fold(
        (ALIKE, String::new()),
        |best, next| {
            if next.0 > best.0 { next } else { best }
        },
    );
    Some(best.1).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(typed: &str) -> String {
        refusal(typed, "--only", &[])
    }

    #[test]
    fn what_a_finding_is_called_elsewhere_is_answered_with_its_name_here() {
        for (called, meant) in CALLED {
            assert!(meant.parse::<Criterion>().is_ok(), "{meant}");
            assert!(called.parse::<Criterion>().is_err(), "{called}");
            assert_eq!(plain(called), called);
            let told = only(called);
            assert!(told.contains(&format!("a similar one exists: '{meant}'; there are ")), "{told}");
        }
    }

    #[test]
    fn behind_a_kind_its_causes_are_told_and_the_one_that_was_nearly_typed() {
        for (typed, meant, kind) in [
            ("retransmission:timeot", "retransmission:timeout", "retransmission"),
            ("retrans:rto", "retransmission:timeout", "retransmission"),
            ("rst:refusd", "reset:refused", "reset"),
            ("RESET:Refused", "reset:refused", "reset"),
            ("reset：refused", "reset:refused", "reset"),
            ("ｒｅｓｅｔ：ｉｄｌｅ", "reset:idle", "reset"),
            ("reordering：timestamp", "reordering:timestamp", "reordering"),
            ("reset:timeout", "retransmission:timeout", "reset"),
            ("reset:", "reset", "reset"),
            ("reset:xyz", "reset", "reset"),
        ] {
            let told = only(typed);
            let start =
                format!("no such finding; a similar one exists: '{meant}'; the causes of {kind} are ");
            assert!(told.starts_with(&start) && told.len() < 250, "{typed}: {told}");
        }
        assert_eq!(
            only("zero_window:x"),
            "no such finding; a similar one exists: 'zero_window', which has no causes"
        );
        assert!(only("foo:timeot").contains("'retransmission:timeout'; there are "));
        assert!(only(":timeout").contains("'retransmission:timeout'; there are "));
    }

    #[test]
    fn behind_verdict_its_kinds_are_told_and_the_one_that_was_nearly_typed() {
        for (typed, meant) in [
            ("verdict:slow_servr", "verdict:slow_server"),
            ("verdict:slow-server-", "verdict:slow_server"),
            ("Verdict：Refusd", "verdict:refused"),
            ("verdicts:loss", "verdict:loss"),
            ("verdict:problem", "verdict:problems"),
            ("verdict:nagle", "verdict:nagle_delayed_ack"),
            ("verdict:", "verdict:problems"),
            ("verdict", "verdict:problems"),
            ("verdict:xyzzy", "verdict:problems"),
        ] {
            assert!(meant.parse::<Criterion>().is_ok() && typed.parse::<Criterion>().is_err(), "{typed}");
            let start =
                format!("no such verdict; a similar one exists: '{meant}'; verdicts are problems, fine, ");
            assert!(only(typed).starts_with(&start), "{typed}: {}", only(typed));
        }
        for (called, kind) in CALLED_AS_VERDICT {
            assert!(VerdictKind::ALL.iter().all(|known| known.name() != called));
            assert!(only(&format!("verdict:{called}")).contains(&format!("'verdict:{}'", kind.name())));
        }
        // Of a verdict alone one may not know that it needs the word in front.
        assert!(only("slow_server").contains("'verdict:slow_server'"));
        assert!(only("slow_servr").contains("'verdict:slow_server'"));
    }

    #[test]
    fn a_list_is_answered_with_an_option_for_each_of_its_parts() {
        for (typed, instead) in [
            ("problems,reset", "--only problems --only reset"),
            ("problems, rset", "--only problems --only reset"),
            ("problems，reset", "--only problems --only reset"),
            ("loss、zero-windw", "--only retransmission --only zero_window"),
            ("reset:refusd,retransmission:timeot", "--only reset:refused --only retransmission:timeout"),
            ("retransmission:timeout|fast", "--only retransmission:timeout --only retransmission:fast"),
            ("problems,", "--only problems"),
            ("verdict:loss,verdict:slow", "--only verdict:loss --only verdict:slow_server"),
        ] {
            assert_eq!(only(typed), format!("each finding takes an option of its own; type: {instead}"));
        }
        assert_eq!(
            refusal("reset>2,loss>1%", "--fail-on", &["loss"]),
            "each finding takes an option of its own; type: --fail-on 'reset>2' --fail-on 'loss>1%'"
        );
        for typed in [",", "reset,xyzzy", "，，"] {
            assert!(only(typed).starts_with("no such finding"), "{typed}");
        }
    }
}

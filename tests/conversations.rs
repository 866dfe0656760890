//! Every script through the decoder and the tracker: labels, states, marks and connections are what the
//! script expects of each segment.

#[path = "support/follow.rs"]
mod follow;
#[path = "support/found.rs"]
mod found;
#[path = "support/script.rs"]
mod script;

use std::fmt::Write;
use std::path::Path;

use follow::{Run, Seen};
use script::{Expected, Line, Script, Wanted};
use tcpscope::track::finding::Kind;
use tcpscope::track::flow::Side;
use tcpscope::track::label::{Analysis, Labels};
use tcpscope::track::state::State;
use tcpscope::wire::frame::Timestamp;

fn scripts() -> Vec<Script> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts");
    Script::load_all(&directory).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn each_segment_means_what_its_script_says() {
    let mut failures = String::new();
    for script in scripts() {
        let run = follow::run(&script.frames());
        let rows: Vec<_> =
            script.lines.iter().zip(&run.seen).map(|(line, seen)| row(line, seen.as_ref())).collect();
        let ends: Vec<_> = script.ends.iter().flat_map(|end| unmet(end, &run)).collect();
        assert_eq!(run.seen.len(), script.lines.len());
        if rows.iter().all(|row| row.differs.is_empty()) && ends.is_empty() {
            continue;
        }
        let _ = writeln!(failures, "\n{}.seg", script.name);
        for row in &rows {
            let sign = if row.differs.is_empty() { ' ' } else { '✗' };
            let _ = writeln!(failures, "{sign} {:>3}  {:<42}  {}", row.line, row.text, row.seen);
            for differs in &row.differs {
                let _ = writeln!(failures, "       {:<42}  {differs}", "");
            }
        }
        for end in ends {
            let _ = writeln!(failures, "✗ {end}");
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn no_verdict_costs_more_than_there_is_and_no_long_recovery_is_fine() {
    for script in scripts() {
        let run = follow::run(&script.frames());
        for report in &run.reports {
            // Verdicts are given as if the last frame were the capture's.
            let (Some(start), Some(spent)) = (report.start, report.time_spent) else { continue };
            let duration = report.end.map_or(0, |end| end.nanos_since(start));
            let last = script.frames().iter().map(|frame| Timestamp::from_nanos(frame.time)).max();
            let whole = last.map_or(duration, |last| last.nanos_since(start).max(duration));
            for verdict in report.verdicts.all() {
                let lasted = verdict.lasted.unwrap_or(0);
                assert!((0..=whole).contains(&lasted), "{}.seg #{}: {verdict:?}", script.name, report.id);
            }
            let recovers = spent.recovery > 300_000_000 && spent.recovery > duration / 2;
            let needless = report.findings.count(Kind::ProvedSpurious) > 0;
            let fine = report.verdicts.all().is_empty();
            // Of what was never acknowledged nothing shows that the path lost it.
            let of_it = run.seen.iter().flatten().filter(|seen| seen.connection == report.id);
            let waits = of_it.fold(false, |waits, seen| {
                names(seen.labels).contains("repeated") || waits && seen.newly_acked == 0
            });
            assert!(!recovers || !fine || needless || waits, "{}.seg #{}: {spent:?}", script.name, report.id);
        }
    }
}

#[test]
fn an_end_connected_to_itself_is_in_one_state() {
    // What each segment says it has sent, it has also received (RFC 9293, figures 7 and 13).
    let script = "client 192.0.2.1:50000\nserver 192.0.2.1:50000\nabsolute\n\
        +0 C S 100:100(0)\n+0 C S. 100:100(0) ack 101\n+0 C P. 101:111(10) ack 101\n+0 C . 111:111(0) ack 111\n\
        +0 C F. 111:111(0) ack 111\n+0 C . 112:112(0) ack 112\n";
    let script = Script::parse("itself", script).unwrap_or_else(|error| panic!("{error}"));
    let run = follow::run(&script.frames());
    let states: Vec<_> =
        run.seen.iter().flatten().map(|seen| (seen.states.client, seen.states.server)).collect();
    use State::{Closing, Established, SynReceived, TimeWait};
    let one = [SynReceived, Established, Established, Established, Closing, TimeWait];
    assert_eq!(states, one.map(|state| (state, state)));
    let report = &run.reports[0];
    assert_eq!((report.opening.name(), report.closing.name()), ("simultaneous", "simultaneous"));
    assert_eq!(report.client.segments + report.server.segments, 6);
}

/// One line of a script beside what was made of it.
struct Row {
    line: usize,
    text: String,
    seen: String,
    differs: Vec<String>,
}

fn row(line: &Line, seen: Result<&Seen, &String>) -> Row {
    let mut differs = Vec::new();
    let mut differ = |what: &str, wanted: String| differs.push(format!("✗ {what}: expected {wanted}"));
    match (&line.expected, seen) {
        (None, _) => {}
        (Some(Expected::Skipped(wanted)), Err(reason)) if wanted == reason => {}
        (Some(Expected::Skipped(wanted)), _) => differ("frame", format!("to be skipped as {wanted}")),
        (Some(Expected::Segment { .. }), Err(_)) => differ("frame", "a segment".to_owned()),
        (Some(Expected::Segment { connection, labels, states, marks, findings }), Ok(seen)) => {
            if seen.connection != *connection {
                differ("connection", format!("#{connection}"));
            }
            if !labels_hold(labels, seen.labels) {
                differ("labels", wanted(labels, names(labels.members)));
            }
            for (side, state) in [Side::Client, Side::Server].into_iter().zip(states) {
                if state.is_some_and(|state| state != seen.states.on(side)) {
                    differ(side.name(), state.map_or(String::new(), |state| state.name().to_owned()));
                }
            }
            if !marks_hold(marks, seen.marks) {
                differ("marks", wanted(marks, marked(marks.members)));
            }
            if let Some(findings) = findings
                && !found::hold(findings, &seen.findings)
            {
                differ("findings", if findings.is_empty() { "none".to_owned() } else { findings.join("; ") });
            }
            if let script::Content::Segment(sent) = &line.content
                && seen.from != sent.from
            {
                differ("sender", sent.from.name().to_owned());
            }
        }
    }
    let text: String = line.text.chars().take(42).collect();
    let seen = seen.map_or_else(|reason| format!("skipped {reason}"), show);
    Row { line: line.number, text, seen, differs }
}

fn show(seen: &Seen) -> String {
    format!(
        "#{} {:<28} {:<12} {:<12} {} ! {}",
        seen.connection,
        names(seen.labels),
        seen.states.client.name(),
        seen.states.server.name(),
        marked(seen.marks),
        found::words_of(&seen.findings)
    )
}

fn labels_hold(wanted: &Wanted<Labels>, seen: Labels) -> bool {
    wanted.members.iter().all(|label| seen.contains(label)) && (wanted.others || wanted.members == seen)
}

fn marks_hold(wanted: &Wanted<Analysis>, seen: Analysis) -> bool {
    wanted.members.iter().all(|mark| seen.contains(mark)) && (wanted.others || wanted.members == seen)
}

fn wanted<S>(wanted: &Wanted<S>, names: String) -> String {
    if wanted.others { format!("{names} and perhaps others") } else { names }
}

fn names(labels: Labels) -> String {
    join(labels.iter().map(|label| label.name()))
}

fn marked(marks: Analysis) -> String {
    join(marks.iter().map(|mark| mark.name()))
}

fn join<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.collect();
    if names.is_empty() { "-".to_owned() } else { names.join(", ") }
}

/// The facts that the report of a connection does not bear out.
fn unmet(end: &script::End, run: &Run) -> Vec<String> {
    let Some(report) = run.reports.iter().find(|report| report.id == end.connection) else {
        return vec![format!("line {}: there is no connection #{}", end.number, end.connection)];
    };
    end.facts
        .iter()
        .filter_map(|(key, wanted)| {
            let seen = match key.as_str() {
                "opening" => report.opening.name().to_owned(),
                "closing" => report.closing.name().to_owned(),
                "closed-by" => report.closed_by.map_or("null", |closer| closer.name()).to_owned(),
                "roles" => report.endpoints.roles.name().to_owned(),
                "conn-state" => report.conn_state.name().to_owned(),
                "history" => report.history.as_str().to_owned(),
                "client-state" => report.states.client.name().to_owned(),
                "server-state" => report.states.server.name().to_owned(),
                "completeness" => report.completeness.to_string(),
                "teardown-segments" => report.teardown_segments.to_string(),
                "client-repeated" => report.client.repeated_segments.to_string(),
                "handshake" => {
                    report.initial_rtt.map_or("null".to_owned(), |nanos| format!("{}us", nanos / 1000))
                }
                "median-rtt" => format!("{}us", report.client.median_rtt.unwrap_or_default() / 1000),
                "findings" => found::counted(&report.findings),
                "verdict" => {
                    let verdict = report.verdicts.verdict();
                    let words = [verdict.kind().name(), verdict.who.name(), verdict.certainty.name()];
                    if report.verdicts.all().is_empty() { "fine".to_owned() } else { words.join("/") }
                }
                "verdicts" => join(report.verdicts.all().iter().map(|verdict| verdict.kind().name())),
                "no-verdict" => {
                    let has = report.verdicts.all().iter().any(|verdict| verdict.kind().name() == wanted);
                    if has { format!("that {wanted} is a verdict") } else { wanted.clone() }
                }
                "verdict-lasted" => report
                    .verdicts
                    .verdict()
                    .lasted
                    .map_or("null".to_owned(), |nanos| format!("{}ms", nanos / 1_000_000)),
                "owed" => report.owed.map_or("null".to_owned(), |owed| {
                    format!("{}/{}ms", owed.by.name(), owed.lasted / 1_000_000)
                }),
                "server-thinking" => report
                    .time_spent
                    .map_or("null".to_owned(), |spent| format!("{}ms", spent.server_thinking / 1_000_000)),
                "server-repeated" => report.server.repeated_segments.to_string(),
                other => format!("nothing: `{other}` is not known"),
            };
            (seen != *wanted)
                .then(|| format!("line {}: {key} of #{} is {seen}, expected {wanted}", end.number, report.id))
        })
        .collect()
}

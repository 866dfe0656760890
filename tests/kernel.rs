//! Conversations played to this machine's kernel, whose own state and counts after each frame are the truth.
//!
//! The host is the kernel in a network namespace of its own; its peer is this test, which writes frames into the other
//! end of a pair of interfaces. Each conversation is captured at the host and read by the library; then the state of the
//! host and the cause of each segment that it sent again are held against `/proc/net/tcp` and `/proc/net/netstat`.
//!
//! Needs root and `ip` (iproute2); elsewhere it says that it was skipped. `TCPSCOPE_LIVE=required` makes a failure of
//! that. `TCPSCOPE_KERNEL_ONLY` is a part of the names of the conversations that are to be played, and
//! `TCPSCOPE_KERNEL_KEEP` a directory for the captures of those in which something disagrees, and a table of that.

#![cfg(all(feature = "cli", feature = "live", target_os = "linux"))]
#![expect(clippy::disallowed_methods, reason = "the kernel's timers are waited for")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "kernel/closes.rs"]
mod closes;
#[path = "kernel/frame.rs"]
mod frame;
#[path = "kernel/host.rs"]
mod host;
#[path = "kernel/judge.rs"]
mod judge;
#[path = "kernel/kernel_says.rs"]
mod kernel_says;
#[path = "kernel/losses.rs"]
mod losses;
#[path = "kernel/openings.rs"]
mod openings;
#[path = "kernel/patterns.rs"]
mod patterns;
#[path = "kernel/program.rs"]
mod program;
#[path = "kernel/read.rs"]
mod read;
#[path = "kernel/record.rs"]
mod record;
#[path = "kernel/script.rs"]
mod script;
#[path = "support/sniff.rs"]
mod sniff;
#[path = "kernel/states.rs"]
mod states;
#[path = "kernel/talk.rs"]
mod talk;
#[path = "kernel/undecidable.rs"]
mod undecidable;
#[path = "kernel/windows.rs"]
mod windows;

use std::cmp::Reverse;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Barrier, Mutex};
use std::{env, fs, thread};

use host::Host;
use judge::{Answer, Judged, What};
use record::Record;
use script::Conversation;

/// Namespaces in which conversations are played at once: most of the time is waiting.
const HOSTS: usize = 64;

fn conversations() -> Vec<Conversation> {
    let mut all = [
        states::conversations(),
        losses::conversations(),
        patterns::conversations(),
        openings::conversations(),
        windows::conversations(),
        closes::conversations(),
    ]
    .concat();
    // Those that take longest begin first.
    all.sort_by_key(|conversation| Reverse(conversation.patience()));
    if let Ok(only) = env::var("TCPSCOPE_KERNEL_ONLY") {
        all.retain(|conversation| conversation.name.contains(&only));
    }
    all
}

fn judged_of(conversation: &Conversation, record: &Record) -> Vec<Judged> {
    let told = read::read(record, host::address(conversation.ipv6));
    judge::judge(conversation, record, &told)
}

/// Plays and judges all of them.
fn play_all(conversations: &[Conversation]) -> io::Result<(Vec<Judged>, Vec<String>)> {
    let keep = env::var_os("TCPSCOPE_KERNEL_KEEP").map(PathBuf::from);
    let (next, judged, broken) = (AtomicUsize::new(0), Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    let hosts = HOSTS.min(conversations.len());
    let made = Barrier::new(hosts);
    let work = || -> io::Result<()> {
        let host = Host::new();
        // The work of making them would delay the answers of peers.
        made.wait();
        let mut host = host?;
        for number in 1..=u8::MAX {
            let Some(conversation) = conversations.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
            let record = match talk::play(&mut host, conversation, number) {
                Ok(record) => record,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    sniff::lacks(&conversation.name, "this kernel does not have the setting");
                    continue;
                }
                Err(error) => {
                    broken.lock().unwrap().push(format!("{}: {error}", conversation.name));
                    continue;
                }
            };
            let mut found = judged_of(conversation, &record);
            if let Some(later) = record.without_handshake() {
                found.extend(judged_of(&conversation.clone().midstream(), &later));
            }
            if let Some(keep) = &keep
                && found.iter().any(|judged| judged.answer != Answer::Right)
            {
                let name = conversation.name.replace([' ', ','], "_");
                read::keep(&record, &keep.join(format!("{name}.pcap")));
            }
            judged.lock().unwrap().extend(found);
        }
        Ok(())
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..hosts).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap())
    })?;
    Ok((judged.into_inner().unwrap(), broken.into_inner().unwrap()))
}

/// Of the causes and labels that a capture can decide, at least this part is right.
const MOST: f64 = 0.98;

#[test]
fn every_state_and_cause_that_a_capture_can_decide_is_the_kernels() {
    const NAME: &str = "every_state_and_cause_that_a_capture_can_decide_is_the_kernels";
    let Some(_turn) = sniff::turn(NAME) else { return };
    let conversations = conversations();
    let (mut judged, broken) = match play_all(&conversations) {
        Ok(played) => played,
        Err(error) => return sniff::skip(NAME, &error.to_string()),
    };
    judged.sort_by(|a, b| (a.what, &a.conversation, a.frame).cmp(&(b.what, &b.conversation, b.frame)));
    let (undecidable, decidable): (Vec<_>, Vec<_>) = judged
        .into_iter()
        .partition(|judged| judged.answer != Answer::Right && undecidable::why(judged).is_some());
    let table = table(&conversations, &broken, &decidable, &undecidable);
    let _ = write!(io::stderr(), "{table}");
    if let Some(keep) = env::var_os("TCPSCOPE_KERNEL_KEEP") {
        fs::write(PathBuf::from(keep).join("table.txt"), &table).unwrap();
    }
    assert_eq!(broken, [""; 0], "every conversation is played to its end");
    let number = |what, answer| decidable.iter().filter(|j| j.what == what && j.answer == answer).count();
    assert_eq!(number(What::State, Answer::Wrong), 0, "a state is wrong");
    assert_eq!(number(What::Reset, Answer::Wrong), 0, "the cause of a RST is wrong");
    for what in [What::Cause, What::Label] {
        let answers = [Answer::Right, Answer::Silent, Answer::Wrong].map(|answer| number(what, answer));
        let all = answers.iter().sum::<usize>();
        assert!(answers[0] as f64 >= MOST * all as f64, "{what:?}: {} of {all} are right", answers[0]);
    }
    assert!(!decidable.iter().any(|j| j.answer == Answer::Wrong && j.certain), "a wrong one is certain");
}

/// What agreed, and each that did not.
fn table(
    conversations: &[Conversation],
    broken: &[String],
    decidable: &[Judged],
    undecidable: &[Judged],
) -> String {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let mut table = format!("{} conversations with Linux {}\n", conversations.len(), release.trim());
    broken.iter().for_each(|broken| table.push_str(&format!("broken: {broken}\n")));
    for what in [What::State, What::Cause, What::Reset, What::Label] {
        let of = |answer| decidable.iter().filter(|j| j.what == what && j.answer == answer).count();
        let (right, silent, wrong) = (of(Answer::Right), of(Answer::Silent), of(Answer::Wrong));
        let open = undecidable.iter().filter(|j| j.what == what).count();
        table.push_str(&format!(
            "{what:?}: {right} right, {silent} silent, {wrong} wrong; {open} not asked for\n"
        ));
    }
    for j in decidable.iter().chain(undecidable).filter(|j| j.answer != Answer::Right) {
        let sure = if j.certain { " certain" } else { "" };
        let Judged { what, answer, conversation, frame, flags, kernel, ours, moved, .. } = j;
        let why = undecidable::why(j).map_or(String::new(), |why| format!(" | not asked for: {why}"));
        table.push_str(&format!(
            "{what:?} {answer:?}{sure} | {conversation} | {frame} {flags} | kernel: {kernel} | ours: {ours} | {moved}{why}\n",
        ));
    }
    table
}

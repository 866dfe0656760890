use clap::Parser;

use super::super::args::{Args, Command};
use super::*;
use crate::query::criterion::Criterion;
use crate::track::finding::Kind;

fn request(typed: &str) -> Result<Request, Usage> {
    let words = ["tcpscope", "live"].into_iter().chain(typed.split_whitespace());
    let Command::Live(args) = Args::try_parse_from(words).unwrap().command else {
        panic!("{typed} is no `live`");
    };
    Request::new(args, Terminal::default())
}

#[test]
fn the_loopback_interface_is_the_default_and_nothing_ends_it() {
    let request = request("").unwrap();
    assert_eq!(request.capture.interface, "lo");
    assert!(!request.capture.promiscuous && request.capture.selection.is_all());
    assert_eq!((request.until, request.write), (Until::default(), None));
    assert!(matches!(request.show, Some(Show::Segments(_))));
    assert_eq!(request.limits.linger, Some(LINGER));
}

#[test]
fn what_is_selected_for_the_kernel_is_selected_for_the_view() {
    let request = request("--port 80 --port 443 --host ::1 --tcp --connection 3").unwrap();
    assert_eq!(request.capture.selection, request.selection.traffic);
    assert_eq!(request.capture.selection.ports, [80, 443]);
    assert_eq!(request.selection.connections, [3]);
}

#[test]
fn what_must_not_be_there_is_judged_live_too() {
    let request = request("--view summary --fail-on problems --only reset").unwrap();
    assert_eq!(request.fail_on, [Condition::Findings(Criterion::Problems, 0)]);
    assert_eq!(request.selection.findings, [Criterion::Kind(Kind::Reset)]);
    assert!(matches!(request.show, Some(Show::Summary(_))));
}

#[test]
fn a_capture_on_standard_output_leaves_no_room_for_a_view() {
    // Under a test runner, standard output may be a terminal: then it is refused instead.
    if let Ok(request) = request("-w -") {
        assert_eq!(request.show, None);
    }
    assert!(request("-w a.pcap").unwrap().show.is_some());
}

#[test]
fn a_packed_capture_is_refused() {
    for typed in ["-w a.pcap.gz", "-w a.zst"] {
        assert!(request(typed).is_err(), "{typed}");
    }
}

#[test]
fn what_is_lost_is_told_with_what_helps() {
    let lost = |by_kernel, by_queue, grudged| lost(Losses { received: 100, by_kernel, by_queue }, grudged);
    assert!(lost(7, 0, None).contains("dropped 7") && lost(7, 0, None).contains("--buffer"));
    let grudged = lost(7, 0, Some(212_992));
    assert!(grudged.contains("208 KiB") && grudged.contains("net.core.rmem_max"), "{grudged}");
    assert!(lost(0, 8, None).starts_with("8 frames so far were captured but not shown"));
    assert!(lost(7, 8, None).contains("dropped 7 frames so far") && lost(7, 8, None).contains("; 8 frames"));
}

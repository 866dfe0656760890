//! The cost of a frame on its way: decoded, followed, shown. Traffic is made in memory; see `tests/support/traffic.rs`
//! for what it is like.

#[path = "../tests/support/traffic.rs"]
mod traffic;

use std::hint::black_box;
use std::io;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tcpscope::engine::Pipeline;
use tcpscope::track::event::{Event, Sink};
use tcpscope::track::report::Report;
use tcpscope::track::tracker::{AHEAD, Limits, Tracker};
use tcpscope::view::View;
use tcpscope::view::chain::Chain;
use tcpscope::view::connections::Connections;
use tcpscope::view::csv::Csv;
use tcpscope::view::ndjson::Ndjson;
use tcpscope::view::style::Style;
use tcpscope::view::text::Text;
use tcpscope::wire::decode::Decoder;
use tcpscope::wire::frame::{Frame, LinkType, Timestamp};
use tcpscope::wire::source::{Format, SourceInfo};
use traffic::{Kind, Made, Traffic};

const FRAMES: usize = 50_000;

/// Nothing is left of the bytes that a view writes but their number.
#[derive(Default)]
struct Counted(u64);

impl io::Write for Counted {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.0 += octets.len() as u64;
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An observer that reads what it receives and keeps nothing: events and reports, or reports alone, as the list of
/// connections and the summary want them.
struct Looked {
    events: bool,
}

impl Sink for Looked {
    type Error = io::Error;

    fn wants_events(&self) -> bool {
        self.events
    }

    fn wants_measures(&self) -> bool {
        self.events
    }

    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        black_box(event.labels);
        Ok(())
    }

    fn ended(&mut self, report: Report) -> io::Result<()> {
        black_box(report.id);
        Ok(())
    }
}

fn frame(index: usize, made: &Made) -> Frame<'_> {
    Frame {
        number: index as u64 + 1,
        time: Some(Timestamp::from_nanos(made.time)),
        link: LinkType(1),
        original_len: made.octets.len(),
        captured: &made.octets,
    }
}

fn decoded(frames: &[Made]) -> usize {
    let mut decoder = Decoder::default();
    let segments = frames.iter().enumerate();
    segments.filter(|(index, made)| decoder.decode(&frame(*index, made)).is_ok()).count()
}

fn decoded_simple(frames: &[Made]) -> usize {
    frames
        .iter()
        .enumerate()
        .filter(|(index, made)| Decoder::decode_simple(&frame(*index, made)).is_some())
        .count()
}

fn followed(frames: &[Made], events: bool) -> u64 {
    let (mut decoder, mut tracker) = (Decoder::default(), Tracker::new(Limits::default()));
    for (index, made) in frames.iter().enumerate() {
        let frame = frame(index, made);
        let segment = decoder.decode(&frame).expect("a segment");
        tracker.observe(frame.info(), &segment, &mut Looked { events }).expect("nothing is written");
    }
    tracker.finish(None, &mut Looked { events }).expect("nothing is written");
    tracker.connections()
}

/// Frames on their whole way, as many at a time as the engine takes.
fn shown(frames: &[Made], view: impl View) -> u64 {
    let source = SourceInfo::new("made", Format::Pcap);
    let pipeline = Pipeline::new(&source, Limits::default(), Chain::new(view));
    let mut pipeline = pipeline.expect("counting cannot fail");
    for (some, nth) in frames.chunks(AHEAD).zip(0..) {
        let some = some.iter().enumerate().map(|(index, made)| frame(nth * AHEAD + index, made));
        pipeline.frames(some).expect("counting cannot fail");
    }
    pipeline.finish(None, None).expect("counting cannot fail").connections
}

fn each(criterion: &mut Criterion) {
    // Few enough connections at a time that some of them end within the frames.
    for (name, kind, at_a_time) in [("bulk", Kind::Bulk, 20), ("short", Kind::Short, 1000)] {
        let mut traffic = Traffic::of(kind, at_a_time, 1);
        let frames: Vec<_> = (0..FRAMES).map(|_| traffic.frame()).collect();
        assert_eq!(decoded(&frames), FRAMES);
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Elements(FRAMES as u64));
        group.bench_function("decode", |bench| bench.iter(|| decoded(&frames)));
        group.bench_function("decode fast", |bench| bench.iter(|| decoded_simple(&frames)));
        group.bench_function("track", |bench| bench.iter(|| followed(&frames, true)));
        group.bench_function("track for reports", |bench| bench.iter(|| followed(&frames, false)));
        group.bench_function("connections", |bench| {
            bench.iter(|| shown(&frames, Connections::new(Counted::default(), Style::default())));
        });
        group.bench_function("text", |bench| {
            bench.iter(|| shown(&frames, Text::new(Counted::default(), Style::default())));
        });
        group.bench_function("ndjson", |bench| {
            bench.iter(|| shown(&frames, Ndjson::new(Counted::default())));
        });
        group.bench_function("csv", |bench| bench.iter(|| shown(&frames, Csv::new(Counted::default()))));
        group.finish();
    }
}

criterion_group! {
    name = core;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    targets = each
}
criterion_main!(core);

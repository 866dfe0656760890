//! The engine as another program uses it: whatever it is asked for, and by however many threads, an observer is told the
//! same, and only what it wants.

#[path = "support/traffic.rs"]
mod traffic;

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::io::{Cursor, Read};
use std::path::Path;

use tcpscope::wire::source::{Format, SourceInfo};
use tcpscope::{
    EachConnection, EachSegment, Engine, Error, File, Limits, Observation, Observer, Pipeline, Totals, Wants,
};
use traffic::{Kind, Traffic};

/// What came of each frame, or of the connection with that number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Told {
    Source,
    Segment { frame: u64, connection: u64 },
    Skipped { frame: u64 },
    Passed { frame: u64 },
    Connection { id: u64, segments: u64 },
    Summary { frames: u64 },
}

/// Keeps all that it is told, but for pauses.
struct Kept {
    wants: Wants,
    told: Vec<Told>,
    totals: Option<Totals>,
}

impl Kept {
    fn new(wants: Wants) -> Self {
        Self { wants, told: Vec::new(), totals: None }
    }
}

impl Observer for Kept {
    type Error = Infallible;

    fn wants(&self) -> Wants {
        self.wants.clone()
    }

    fn observe(&mut self, observation: Observation<'_>) -> Result<(), Infallible> {
        self.told.push(match observation {
            Observation::Source(_) => Told::Source,
            Observation::Segment { event, frame } => {
                assert_eq!(event.frame, frame.info(), "the frame that carried it");
                Told::Segment { frame: frame.number, connection: event.connection }
            }
            Observation::Skipped { frame, .. } => Told::Skipped { frame: frame.number },
            Observation::Passed(frame) => Told::Passed { frame: frame.number },
            Observation::Connection(report) => {
                Told::Connection { id: report.id, segments: report.client.segments + report.server.segments }
            }
            Observation::Summary(totals) => {
                self.totals = Some(totals.clone());
                Told::Summary { frames: totals.frames }
            }
            _ => return Ok(()),
        });
        Ok(())
    }
}

/// A capture of made-up traffic, of which nobody knows how long it is, so that threads share it.
fn made(kind: Kind, frames: u64) -> impl Fn() -> File {
    let mut octets = Vec::new();
    Traffic::of(kind, 300, 5).write(frames, &mut octets).expect("memory can be written");
    move || File::from_read(Cursor::new(octets.clone()), "made").expect("a capture")
}

fn told(engine: Engine, source: File, wants: Wants) -> (Vec<Told>, Totals) {
    let mut kept = Kept::new(wants);
    let Ok(ended) = engine.run(source, &mut kept) else { panic!("no thread dies") };
    assert_eq!(kept.totals.as_ref(), Some(&ended.totals), "the summary is what the run gives back");
    (kept.told, ended.totals)
}

/// Everything; reports alone; one port; two connections by number, of which no worker knows the number.
fn wants() -> [Wants; 4] {
    let (mut port, mut numbers) = (Wants::default(), Wants::default());
    port.traffic.ports = vec![a_port()];
    numbers.connections = vec![3, 17];
    [Wants::default(), Wants::reports(), port, numbers]
}

/// A client's port of the made-up traffic.
fn a_port() -> u16 {
    let mut ports = BTreeSet::new();
    let each = EachSegment(|event, _| ports.extend([event.endpoints.client.port]));
    Engine::new().frames(50).run(made(Kind::Short, 100)(), each).expect("nothing can fail");
    ports.pop_first().expect("there were segments")
}

#[test]
fn what_is_told_does_not_depend_on_how_many_threads_there_are() {
    for kind in [Kind::Bulk, Kind::Short] {
        let open = made(kind, 9_000);
        for wants in wants() {
            let alone = told(Engine::new(), open(), wants.clone());
            for threads in [2, 3, 9] {
                let together = told(Engine::new().threads(threads), open(), wants.clone());
                assert!(alone == together, "{kind:?} with {threads} threads: {wants:?}");
            }
        }
    }
}

#[test]
fn what_is_not_wanted_is_not_told_and_counted_all_the_same() {
    let open = made(Kind::Short, 9_000);
    let [all, _, _, numbers] = wants();
    let (everything, totals) = told(Engine::new(), open(), all);
    for threads in [1, 3] {
        let (some, counted) = told(Engine::new().threads(threads), open(), numbers.clone());
        assert_eq!(counted, totals);
        let wanted: Vec<_> = everything
            .iter()
            .map(|told| match *told {
                Told::Segment { frame, connection } if ![3, 17].contains(&connection) => {
                    Told::Passed { frame }
                }
                other => other,
            })
            .filter(|told| !matches!(told, Told::Connection { id, .. } if ![3, 17].contains(id)))
            .collect();
        assert_eq!(some, wanted);
        assert!(some.iter().any(|told| matches!(told, Told::Connection { id: 17, segments: 1.. })));
    }
}

#[test]
fn frames_that_are_pushed_are_told_of_like_those_of_a_file() {
    let mut traffic = Traffic::of(Kind::Short, 300, 5);
    let mut kept = Kept::new(Wants::default());
    let source = SourceInfo::new("made", Format::Pcap);
    let Ok(mut pipeline) = Pipeline::new(&source, Limits::default(), &mut kept);
    for number in 1..=500 {
        let made = traffic.frame();
        let frame = tcpscope::Frame {
            number,
            time: Some(tcpscope::wire::frame::Timestamp::from_nanos(made.time)),
            link: tcpscope::wire::frame::LinkType::ETHERNET,
            original_len: made.octets.len(),
            captured: &made.octets,
        };
        let Ok(()) = pipeline.frame(&frame);
        assert_eq!(pipeline.frame_count(), number);
    }
    let Ok(_) = pipeline.finish(None, None);
    let (pulled, _) = told(Engine::new().frames(500), made(Kind::Short, 600)(), Wants::default());
    assert_eq!(kept.told, pulled);
}

#[test]
fn a_reading_that_is_given_up_is_summed_up_as_far_as_it_went() {
    for threads in [1, 3] {
        let kept = Kept::new(Wants::default());
        let engine = Engine::new().threads(threads).frames(700);
        let mut reading = engine.read(made(Kind::Bulk, 5_000)(), kept).expect("nothing can fail");
        let mut read = 0;
        while let Some(frames) = reading.step().expect("nothing can fail") {
            read += frames;
        }
        assert_eq!((read, reading.step().expect("nothing can fail")), (700, None));
        let ended = reading.finish().expect("nothing can fail");
        assert_eq!((ended.totals.frames, ended.totals.complete), (700, true));
    }
    let mut reading =
        Engine::new().read(made(Kind::Bulk, 5_000)(), Kept::new(Wants::default())).expect("no failure");
    let first = reading.step().expect("no failure").expect("frames");
    assert!(first > 0 && first < 5_000);
    assert_eq!(reading.finish().expect("no failure").totals.frames, first);
}

#[test]
fn a_source_that_ends_early_is_told_of_with_its_error() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures/handshake.pcap");
    let mut octets = Vec::new();
    std::fs::File::open(path).and_then(|mut file| file.read_to_end(&mut octets)).expect("it is there");
    octets.truncate(octets.len() - 7);
    for threads in [1, 3] {
        let source = File::from_read(Cursor::new(octets.clone()), "cut").expect("a capture");
        let mut connections = 0;
        let count = EachConnection(|_| connections += 1);
        let ended = Engine::new().threads(threads).run(source, count).expect("the observer does not fail");
        let error = ended.error.expect("it is cut").to_string();
        assert_eq!(ended.totals.error.as_deref(), Some(&*error));
        assert!(!ended.totals.complete && connections == 1);
    }
}

/// Fails at a frame.
struct Fails(u64);

impl Observer for Fails {
    type Error = u64;

    fn wants(&self) -> Wants {
        Wants::default()
    }

    fn observe(&mut self, observation: Observation<'_>) -> Result<(), u64> {
        match observation {
            Observation::Segment { frame, .. } if frame.number == self.0 => Err(self.0),
            Observation::Segment { frame, .. } => {
                assert!(frame.number < self.0, "it is told no more");
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

#[test]
fn an_observer_that_fails_ends_the_run_with_its_own_error() {
    for threads in [1, 2, 3] {
        let ended = Engine::new().threads(threads).run(made(Kind::Bulk, 9_000)(), Fails(4_321));
        assert!(matches!(ended, Err(Error::Observer(4_321))), "{threads} threads: {ended:?}");
    }
}

/// A frame of Ethernet with a segment that has no payload, and a timestamp, from one of these ends to the other.
fn frame(from: ([u8; 4], u16), to: ([u8; 4], u16), flags: u8, numbers: [u32; 2], tsval: u32) -> Vec<u8> {
    let mut octets =
        [&[2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0][..], &52_u16.to_be_bytes()].concat();
    octets.extend([0, 0, 0x40, 0, 64, 6, 0, 0]);
    octets.extend(from.0);
    octets.extend(to.0);
    octets.extend([from.1, to.1].map(u16::to_be_bytes).concat());
    octets.extend(numbers.map(u32::to_be_bytes).concat());
    octets.extend([0x80, flags, 0xff, 0xff, 0, 0, 0, 0, 1, 1, 8, 10]);
    octets.extend([tsval, 0].map(u32::to_be_bytes).concat());
    octets
}

/// Clients behind an address translation, seen on both sides of it, of which one server refuses every third, and answers
/// others; what each opens stays open.
fn translated(connections: u32) -> impl Fn() -> File {
    const SYN: u8 = 0x02;
    const RST_ACK: u8 = 0x14;
    const SYN_ACK: u8 = 0x12;
    const ACK: u8 = 0x10;
    let mut file = Vec::new();
    for number in [0xa1b2_c3d4, 0x0004_0002, 0, 0, 65_535, 1] {
        file.extend_from_slice(&u32::to_le_bytes(number));
    }
    let mut number = 0_u32;
    let mut put = |octets: Vec<u8>| {
        let len = octets.len() as u32;
        for field in [1_700_000_000 + number / 1000, number % 1000 * 1000, len, len] {
            file.extend_from_slice(&u32::to_le_bytes(field));
        }
        file.extend(octets);
        number += 1;
    };
    for n in 0..connections {
        let isn = n.wrapping_mul(0x9e37_79b1) | 0x0100_0000;
        let server = ([198, 51, 100, (n % 3) as u8 + 1], 443);
        let [inside, outside] = [([10, 0, 0, (n % 200) as u8 + 1], 0), ([192, 0, 2, 1], 1)]
            .map(|(host, more)| (host, 20_000 + (2 * n + more) as u16));
        let refused = n % 3 == 2;
        for client in [inside, outside] {
            put(frame(client, server, SYN, [isn, 0], n + 1));
        }
        for client in [outside, inside] {
            let (flags, seq) = if refused { (RST_ACK, 0) } else { (SYN_ACK, !isn) };
            put(frame(server, client, flags, [seq, isn.wrapping_add(1)], 7));
        }
        for client in [inside, outside].into_iter().filter(|_| !refused) {
            put(frame(client, server, ACK, [isn.wrapping_add(1), (!isn).wrapping_add(1)], n + 2));
        }
    }
    move || File::from_read(Cursor::new(file.clone()), "translated").expect("a capture")
}

/// What connections have to do with each other.
#[derive(Default)]
struct Neighbours {
    connections: Vec<(u64, Option<u64>, &'static str)>,
    diagnoses: Vec<String>,
}

impl Observer for Neighbours {
    type Error = Infallible;

    fn wants(&self) -> Wants {
        Wants::reports()
    }

    fn observe(&mut self, observation: Observation<'_>) -> Result<(), Infallible> {
        match observation {
            Observation::Connection(report) => {
                let verdict = report.verdicts.verdict().kind().name();
                self.connections.push((report.id, report.same_as, verdict));
            }
            Observation::Diagnosis(diagnosis) => self.diagnoses.push(format!("{diagnosis:?}")),
            _ => {}
        }
        Ok(())
    }
}

#[test]
fn what_connections_have_to_do_with_each_other_does_not_depend_on_threads_either() {
    // With so few in the table, many leave it before the capture ends, and some before they opened.
    let few = Limits { max_connections: 2_048, ..Limits::default() };
    for limits in [Limits::default(), few] {
        let open = translated(3_000);
        let run = |threads| {
            let mut found = Neighbours::default();
            Engine::new().limits(limits).threads(threads).run(open(), &mut found).expect("nothing fails");
            found
        };
        let alone = run(1);
        if limits == Limits::default() {
            assert_eq!(alone.diagnoses.len(), 1, "{:?}", alone.diagnoses);
            assert_eq!(alone.connections.len(), 6_000);
            for (id, same_as, verdict) in &alone.connections {
                assert_eq!((*same_as, *verdict == "refused"), (Some(id ^ 1), id / 2 % 3 == 2), "#{id}");
            }
        }
        for threads in [2, 3, 9] {
            let together = run(threads);
            assert_eq!(alone.connections, together.connections, "{threads} threads");
            assert_eq!(alone.diagnoses, together.diagnoses, "{threads} threads");
        }
    }
}

//! What the library says of each frame of a conversation.

use std::convert::Infallible;
use std::net::IpAddr;
use std::path::Path;

use tcpscope::capture::write::{Statistics, Writer};
use tcpscope::engine::Pipeline;
use tcpscope::track::finding::Finding;
use tcpscope::track::label::{Analysis, Labels};
use tcpscope::track::state::State;
use tcpscope::track::tracker::Limits;
use tcpscope::wire::frame::{Frame, LinkType, Timestamp};
use tcpscope::wire::source::{Format, Interface, SourceInfo};
use tcpscope::{Observation, Observer, Wants};

use crate::record::Record;

/// What is said of a frame.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) from_host: bool,
    pub(crate) flags: String,
    /// The host's state behind it.
    pub(crate) state: State,
    pub(crate) labels: Labels,
    pub(crate) marks: Analysis,
    pub(crate) findings: Vec<Finding>,
}

#[derive(Default)]
struct Reader {
    host: Option<IpAddr>,
    told: Vec<Option<Told>>,
}

impl Observer for Reader {
    type Error = Infallible;

    fn wants(&self) -> Wants {
        Wants::default()
    }

    fn observe(&mut self, observation: Observation<'_>) -> Result<(), Infallible> {
        match observation {
            Observation::Segment { event, .. } => {
                let from = event.segment.src.addr;
                let from_host = Some(from) == self.host;
                let side = if from_host { event.from } else { event.from.peer() };
                self.told.push(Some(Told {
                    from_host,
                    flags: event.segment.flags.to_string(),
                    state: event.states.on(side),
                    labels: event.labels,
                    marks: event.marks(),
                    findings: event.findings.to_vec(),
                }));
            }
            Observation::Skipped { .. } => self.told.push(None),
            _ => {}
        }
        Ok(())
    }
}

fn frames(record: &Record) -> impl Iterator<Item = Frame<'_>> {
    record.frames.iter().zip(1..).map(|(recorded, number)| Frame {
        number,
        time: Some(Timestamp::from_nanos(recorded.time)),
        link: LinkType::ETHERNET,
        original_len: recorded.octets.len(),
        captured: &recorded.octets,
    })
}

/// Reads a conversation as a capture at the host.
pub(crate) fn read(record: &Record, host: IpAddr) -> Vec<Option<Told>> {
    let source = SourceInfo::new("host", Format::Live).with_interface(Interface::new(LinkType::ETHERNET));
    let reader = Reader { host: Some(host), ..Reader::default() };
    let Ok(mut pipeline) = Pipeline::new(&source, Limits::default(), reader);
    for frame in frames(record) {
        let Ok(()) = pipeline.frame(&frame);
    }
    let told = std::mem::take(&mut pipeline.observer_mut().told);
    let Ok(_) = pipeline.finish(None, None);
    told
}

/// Keeps a conversation as a file.
pub(crate) fn keep(record: &Record, path: &Path) {
    let mut writer = Writer::create(path, &Interface::new(LinkType::ETHERNET), "").unwrap();
    frames(record).for_each(|frame| writer.frame(&frame).unwrap());
    writer.finish(&Statistics::default()).unwrap();
}

//! `tcpscope read`: source, decoder, tracker, view.

use std::io;

use crate::capture::file::{File, Item};
use crate::track::event::{Event, Sink};
use crate::track::report::Report;
use crate::track::tracker::Tracker;
use crate::view::View;
use crate::view::connections::Connections;
use crate::view::csv::Csv;
use crate::view::ladder::Ladder;
use crate::view::ndjson::Ndjson;
use crate::view::select::Select;
use crate::view::text::Text;
use crate::wire::decode::Decoder;
use crate::wire::frame::Frame;
use crate::wire::skip::{Icmp, Skip};

use super::complain;
use super::request::{Request, Show};
use super::tally::Tally;

/// How reading went, all sources together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Outcome {
    /// Each source was read to its end.
    Complete,
    /// At least one was not. What is wrong with it has been said.
    Incomplete,
}

/// Reads all sources and shows them on standard output.
///
/// # Errors
///
/// Standard output could not be written.
pub(super) fn read(request: &Request) -> io::Result<Outcome> {
    let out = io::stdout().lock();
    match request.show {
        Show::Segments(style) => selected(request, Text::new(out, style)),
        Show::Connections(style) => selected(request, Connections::new(out, style)),
        Show::Ladder(style) => selected(request, Ladder::new(out, style)),
        Show::Ndjson => selected(request, Ndjson::new(out)),
        Show::Csv => selected(request, Csv::new(out)),
    }
}

fn selected<V: View>(request: &Request, view: V) -> io::Result<Outcome> {
    each(request, &mut Select::new(request.selection.clone(), view))
}

/// Frame numbers, connections and the summary are each source's own.
fn each<V: View>(request: &Request, view: &mut V) -> io::Result<Outcome> {
    let mut outcome = Outcome::Complete;
    for name in &request.files {
        let error = match File::open(name) {
            Ok(source) => one(source, request, view)?,
            Err(error) => Some(error.to_string()),
        };
        view.flush()?;
        if let Some(error) = error {
            complain(&error);
            outcome = Outcome::Incomplete;
        }
    }
    Ok(outcome)
}

/// Shows one source, and says why it ended early, if it did.
fn one<V: View>(mut source: File, request: &Request, view: &mut V) -> io::Result<Option<String>> {
    view.source(source.info())?;
    let mut decoder = Decoder::default();
    let mut tracker = Tracker::new(request.limits);
    let mut tally = Tally::default();
    let error = loop {
        if request.count.is_some_and(|count| tally.frames() >= count) {
            break None;
        }
        // What is known must not wait for a program that is still writing.
        if !source.at_hand() {
            view.flush()?;
        }
        match source.next_item() {
            Ok(Some(Item::Frame(frame))) => {
                tally.frame(frame.info());
                match decoder.decode(&frame) {
                    Ok(segment) => {
                        tally.segment();
                        tracker.observe(
                            frame.info(),
                            &segment,
                            &mut Watcher { view, frame: Some(&frame) },
                        )?;
                    }
                    Err(skip) => {
                        tally.skip(&skip);
                        view.skipped(&frame, &skip, about(&skip, &tracker))?;
                    }
                }
            }
            Ok(Some(Item::Notice(notice))) => view.notice(&notice)?,
            Ok(None) => break None,
            Err(error) => break Some(error.to_string()),
        }
    };
    tracker.finish(&mut Watcher { view, frame: None })?;
    let unreadable = tally.nothing_known().map(|reason| format!("{}: {reason}", source.info().name));
    view.summary(&tally.close(&tracker, error.clone()))?;
    Ok(error.or(unreadable))
}

/// Which connection an ICMP error is about.
fn about(skip: &Skip, tracker: &Tracker) -> Option<u64> {
    match skip {
        Skip::Icmp(Icmp { quoted: Some(quote), .. }) => tracker.quoted(quote),
        _ => None,
    }
}

/// Hands what the tracker says to a view, with the frame it is about.
struct Watcher<'w, V> {
    view: &'w mut V,
    /// None is left when the source is over; no segment comes then either.
    frame: Option<&'w Frame<'w>>,
}

impl<V: View> Sink for Watcher<'_, V> {
    type Error = io::Error;

    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        match self.frame {
            Some(frame) => self.view.event(event, frame),
            None => Ok(()),
        }
    }

    fn ended(&mut self, report: &Report) -> io::Result<()> {
        self.view.connection(report)
    }
}

//! `tcpscope read`: files, one after the other.

use std::io;

use crate::capture::file::{Batch, File};
use crate::track::tracker::AHEAD;
use crate::view::View;
use crate::view::select::{Select, Selection};

use super::crew::Crew;
use super::pipeline::Pipeline;
use super::progress::Progress;
use super::request::Request;
use super::show::{Show, Task};
use super::{Outcome, complain};

/// Octets from which on threads are worth their start.
const LONG: u64 = 1 << 20;
/// Frames that are handed to other threads at once, at most.
const CHUNK: usize = 4096;

/// Reads all sources and shows them on standard output.
///
/// # Errors
///
/// Standard output could not be written.
pub(super) fn read(request: &Request) -> io::Result<Outcome> {
    let each = Each { request, silent: matches!(request.show, Show::Summary(_)) };
    request.show.run(io::stdout().lock(), &request.selection, &request.fail_on, each)
}

/// Frame numbers, connections and the summary are each source's own.
pub(super) struct Each<'r> {
    pub(super) request: &'r Request,
    /// Nothing is shown before a source is over.
    pub(super) silent: bool,
}

impl Task for Each<'_> {
    fn run<V: View>(self, view: &mut Select<V>) -> io::Result<Outcome> {
        let mut outcome = Outcome::Complete;
        let (mut most, mut all) = (0, 0);
        for name in &self.request.files {
            let error = match File::open(name) {
                Ok(source) => {
                    let (error, held) = one(source, &self, view)?;
                    (most, all) = (most.max(held), all + held);
                    error
                }
                Err(error) => Some(error.to_string()),
            };
            view.flush()?;
            if let Some(error) = error {
                complain(&error);
                outcome = Outcome::Incomplete;
            }
        }
        view.done()?;
        view.flush()?;
        let (selection, sources) = (&self.request.selection, self.request.files.len());
        if outcome == Outcome::Complete {
            if let Some(missing) = missing(&selection.connections, sources, most) {
                complain(&missing);
                outcome = Outcome::Incomplete;
            } else if view.matched() == 0
                && (view.datagrams().matched == 0 || !selection.traffic.udp)
                && let Some(unmatched) = unmatched(selection, sources, all, view.datagrams().seen)
            {
                // A selection that fits nothing is no failure.
                complain(&unmatched);
            }
        }
        Ok(outcome)
    }
}

/// Which of the connections that were asked for no source holds, in one sentence.
fn missing(asked: &[u64], sources: usize, connections: u64) -> Option<String> {
    let missing = asked.iter().find(|id| **id >= connections)?;
    let holds = if sources == 1 { "the capture holds" } else { "no capture holds more than" };
    let held = match connections {
        0 if sources == 1 => "the capture holds no TCP connection".to_owned(),
        0 => "no capture holds a TCP connection".to_owned(),
        1 => format!("{holds} 1 connection, 0"),
        more => format!("{holds} {more} connections, 0 to {}", more - 1),
    };
    Some(format!("there is no connection {missing}: {held}"))
}

/// That no connection, or datagram, has the ports and hosts that were asked for, in one sentence; `None` where any would do.
fn unmatched(selection: &Selection, sources: usize, connections: u64, datagrams: u64) -> Option<String> {
    let traffic = &selection.traffic;
    if traffic.ports.is_empty() && traffic.hosts.is_empty() {
        return None;
    }
    let which = match selection.connections[..] {
        [] if traffic.tcp && traffic.udp => "neither a connection nor a datagram matches".to_owned(),
        [] if traffic.udp => "no datagram matches".to_owned(),
        [] => "no connection matches".to_owned(),
        [id] => format!("connection {id} does not match"),
        _ => "none of these connections matches".to_owned(),
    };
    let holds = if sources == 1 { "the capture holds" } else { "the captures hold" };
    let counted = |count: u64, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    let all = match (traffic.tcp, traffic.udp) {
        (true, true) => vec![(connections, "connection"), (datagrams, "datagram")],
        (false, true) => vec![(datagrams, "datagram")],
        _ => vec![(connections, "connection")],
    };
    let there: Vec<_> =
        all.into_iter().filter(|(count, _)| *count > 0).map(|(count, noun)| counted(count, noun)).collect();
    let held = if there.is_empty() {
        "there is none".to_owned()
    } else {
        format!("{holds} {}", there.join(" and "))
    };
    Some(format!("{which} {traffic}: {held}"))
}

/// Shows one source. Why it ended early, if it did, and how many connections it held.
fn one<V: View>(mut source: File, each: &Each<'_>, view: &mut V) -> io::Result<(Option<String>, u64)> {
    let request = each.request;
    let mut crew = None;
    if request.threads > 1 {
        // With two threads, reading is quicker where the octets are looked at next; unpacking is work for a third.
        if request.threads > 2 || source.info().compression.is_some() {
            source.read_ahead();
        }
        // A short file is read before threads are there; of a pipe, nobody knows.
        if source.extent().is_none_or(|extent| extent.size >= LONG) {
            crew = Crew::muster(request.threads, request.limits, view);
        }
    }
    let progress = Progress::of(source.extent(), each.silent);
    let (error, unreadable, connections) = match crew {
        Some(crew) => together(&mut source, crew, request, view, progress)?,
        None => alone(&mut source, request, view, progress)?,
    };
    let unreadable = unreadable.map(|reason| format!("{}: {reason}", source.info().name));
    Ok((error.or(unreadable), connections))
}

/// Why a source ended early, why nothing could be decoded, and how many connections it held.
type Ended = (Option<String>, Option<String>, u64);

/// Does everything in this thread.
fn alone<V: View>(
    source: &mut File,
    request: &Request,
    view: &mut V,
    mut progress: Progress,
) -> io::Result<Ended> {
    let mut pipeline = Pipeline::new(source.info(), request.limits, view)?;
    let error = loop {
        let most = request.left(pipeline.frames_so_far()).min(AHEAD);
        if most == 0 {
            break None;
        }
        // What is known must not wait for a program that is still writing.
        if !source.at_hand() {
            pipeline.flush()?;
        }
        match source.next_batch(most) {
            Ok(Some(Batch::Frames(frames))) => {
                pipeline.frames(frames.iter())?;
                progress.frames(most);
            }
            Ok(Some(Batch::Notice(notice))) => pipeline.notice(&notice)?,
            Ok(None) => break None,
            Err(error) => break Some(error.to_string()),
        }
    };
    progress.end();
    let unreadable = pipeline.nothing_known();
    let connections = pipeline.connections();
    pipeline.finish(error.clone(), None)?;
    Ok((error, unreadable, connections))
}

/// Has others follow the connections; this thread finds the frames, and shows what the others tell.
fn together<V: View>(
    source: &mut File,
    mut crew: Crew,
    request: &Request,
    view: &mut V,
    mut progress: Progress,
) -> io::Result<Ended> {
    view.source(source.info())?;
    let error = loop {
        let most = request.left(crew.frames_so_far()).min(CHUNK);
        if most == 0 {
            break None;
        }
        if source.waits() {
            while crew.show(view, |chunk| source.give_back(chunk))? {}
            view.flush()?;
        }
        match source.next_chunk(most) {
            Ok(Some(Batch::Frames(chunk))) => {
                progress.frames(chunk.len());
                crew.take(chunk)?;
            }
            Ok(Some(Batch::Notice(notice))) => crew.notice(notice),
            Ok(None) => break None,
            Err(error) => break Some(error.to_string()),
        }
        while crew.is_busy() {
            crew.show(view, |chunk| source.give_back(chunk))?;
        }
    };
    progress.end();
    let (unreadable, connections) = crew.finish(error.clone(), view)?;
    Ok((error, unreadable, connections))
}

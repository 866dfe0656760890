//! `tcpscope read`: files, one after the other.

use std::io;

use crate::capture::file::File;
use crate::engine::Ended;
use crate::query::select::Selection;
use crate::view::View;
use crate::view::chain::Chain;

use super::progress::Progress;
use super::request::Request;
use super::show::{Show, Task};
use super::{Outcome, complain};

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
    fn run<V: View>(self, chain: &mut Chain<V>) -> io::Result<Outcome> {
        let mut outcome = Outcome::Complete;
        let (mut most, mut all) = (0, 0);
        for name in &self.request.files {
            let error = match File::open(name) {
                Ok(source) => {
                    let (error, held) = one(source, &self, chain)?;
                    (most, all) = (most.max(held), all + held);
                    error
                }
                Err(error) => Some(error.to_string()),
            };
            chain.view_mut().flush()?;
            if let Some(error) = error {
                complain(&error);
                outcome = Outcome::Incomplete;
            }
        }
        chain.done()?;
        let (selection, sources) = (&self.request.selection, self.request.files.len());
        if outcome == Outcome::Complete {
            if let Some(missing) = missing(&selection.connections, sources, most) {
                complain(&missing);
                outcome = Outcome::Incomplete;
            } else if chain.matched() == 0
                && (chain.datagrams().matched == 0 || !selection.traffic.udp)
                && let Some(unmatched) = unmatched(selection, sources, all, chain.datagrams().seen)
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

/// The sentence that no connection, or datagram, has the ports and hosts that were asked for; `None` where any would
/// do.
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

/// Shows one source. Why it ended early, or could not be decoded; and how many connections it held.
fn one<V: View>(source: File, each: &Each<'_>, chain: &mut Chain<V>) -> io::Result<(Option<String>, u64)> {
    let name = source.info().name.clone();
    let mut progress = Progress::of(source.extent(), each.silent);
    let mut reading = each.request.engine.read(source, chain)?;
    while let Some(frames) = reading.step()? {
        progress.frames(frames);
    }
    progress.end();
    let Ended { totals, error, .. } = reading.finish()?;
    let undecodable = || totals.undecodable().map(|reason| format!("{name}: {reason}"));
    Ok((error.map(|error| error.to_string()).or_else(undecodable), totals.connections))
}

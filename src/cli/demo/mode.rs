//! One mode of the laboratory: its server, its client, and what passes between them.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::capture::live::Error;
use crate::lab::mode::Mode;
use crate::lesson::closing::Closing;
use crate::lesson::conversation::{self, sentences};
use crate::lesson::datagrams;
use crate::lesson::gluing::Gluing;
use crate::lesson::loss::{Loss, about_probe};
use crate::lesson::requests;
use crate::view::calls::scene::{Scene, Shown};
use crate::view::duration::Span;
use crate::view::style::Style;
use crate::wire::call::Role;
use crate::wire::selection::Selection;

use super::conversation::{Prepared, Script};
use super::eye::Eye;
use super::incomplete;
use super::stage::Stage;
use crate::cli::{Outcome, complain};

/// The pause in nanoseconds from which on a pause is shown.
const LONG: i64 = 20_000_000;

/// The demo that is to be shown.
pub(in crate::cli) struct Plan {
    pub(super) script: Script,
    pub(super) ipv6: bool,
    pub(super) save: Option<PathBuf>,
    pub(super) style: Style,
}

/// Runs the conversation, and shows it.
pub(super) fn show(plan: Plan, interrupted: Arc<AtomicBool>) -> io::Result<Outcome> {
    let Plan { script, ipv6, save, style } = plan;
    let any = if ipv6 { (Ipv6Addr::LOCALHOST, 0).into() } else { (Ipv4Addr::LOCALHOST, 0).into() };
    let mode = script.mode;
    let nodelay = script.client.nodelay == Some(true);
    let answer = script.server.answer;
    let prepared = match Prepared::new(script, any) {
        Ok(prepared) => prepared,
        Err(error) => return Ok(incomplete(&error)),
    };
    let server = prepared.address();
    let eye = match sniff(mode != Mode::Udp, &[server], save.as_ref()) {
        Ok(eye) => eye,
        Err(error) => return Ok(incomplete(&error)),
    };
    let unseen = eye.is_none();
    let scene = Scene {
        title: Some(format!("{} on {server}: {}", mode.name(), mode.does(answer))),
        server: Some(server),
        counts: glues(mode),
        ..Scene::default()
    };
    let mut stage = Stage::new(eye, style, interrupted);
    let mut conversation = prepared.begin();
    let shown = stage.play(&mut conversation, scene)?;
    let captured = stage.finish(false)?;
    conclude(&stage, mode, nodelay, &shown)?;
    let mut outcome = if unseen { Outcome::Incomplete } else { Outcome::Complete };
    for sentence in [captured.err(), conversation.outcome().err()].into_iter().flatten() {
        complain(&sentence);
        outcome = Outcome::Incomplete;
    }
    Ok(outcome)
}

/// A live capture of these addresses on loopback; `None`, said aloud, where that is not possible. The error is for a
/// capture that was to be saved and cannot be.
pub(super) fn sniff(
    tcp: bool,
    addresses: &[SocketAddr],
    save: Option<&PathBuf>,
) -> Result<Option<Eye>, Error> {
    let mut hosts: Vec<_> = addresses.iter().map(SocketAddr::ip).collect();
    hosts.dedup();
    let ports = addresses.iter().map(SocketAddr::port).collect();
    let selection = Selection { ports, hosts, tcp, udp: false };
    match Eye::on_loopback(selection, save) {
        Ok(eye) => Ok(Some(eye)),
        // A capture was asked for, and another name would give it.
        Err(error @ Error::Write { .. }) => Err(error),
        Err(error) => {
            let unsaved = if save.is_some() { "nothing is saved, and " } else { "" };
            complain(&format_args!(
                "{unsaved}no segments are shown, only what the application does: {error}"
            ));
            Ok(None)
        }
    }
}

/// Writes the sentences about what was seen.
fn conclude(stage: &Stage, mode: Mode, nodelay: bool, shown: &Shown) -> io::Result<()> {
    let seen = &shown.seen;
    let mut lines = stage.lines();
    if glues(mode) {
        lines.carried(seen)?;
    }
    if mode == Mode::Sticky && seen.has_segments() {
        lines.gluing(&Gluing::of(seen, Role::Client, nodelay), nodelay)?;
    }
    if mode == Mode::Udp {
        let sentences = datagrams::sentences(seen);
        return if sentences.is_empty() { Ok(()) } else { lines.sentences(&sentences) };
    }
    let mut sentences = sentences(seen);
    if let (Mode::Http, Some(close)) = (mode, sentences.len().checked_sub(1)) {
        let about = requests::sentence("HTTP", &requests::requests(seen, nodelay));
        about.into_iter().for_each(|about| sentences.insert(close, about));
    }
    let waits = conversation::pause_before_close(seen).filter(|nanos| *nanos >= LONG);
    if let (Mode::Ok | Mode::Prefix, Some(nanos), Some(close)) = (mode, waits, sentences.len().checked_sub(1))
    {
        let span = Span { nanos, ascii: false };
        let about = format!(
            "Between its last read and close() the client waited {span} for more: nothing says how many answers come."
        );
        sentences.insert(close, about);
    }
    if let (Some(last), true) =
        (sentences.last_mut(), Closing::of(seen).is_some_and(|close| close.is_joined()))
    {
        last.push_str(" `tcpscope demo four-way` shows four.");
    }
    if let (Mode::Sticky, Some(probe)) = (mode, Loss::of(seen, Role::Client).probes.first()) {
        sentences.push(about_probe(*probe));
    }
    if mode == Mode::Sticky && !sentences.is_empty() {
        sentences.push(
            "`tcpscope demo nagle` makes the sender glue more, and shows what TCP_NODELAY changes."
                .to_owned(),
        );
    }
    if sentences.is_empty() { Ok(()) } else { lines.sentences(&sentences) }
}

/// Whether the mode shows what becomes of messages in a stream.
const fn glues(mode: Mode) -> bool {
    matches!(mode, Mode::Sticky | Mode::Framed)
}

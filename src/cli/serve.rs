//! `tcpscope serve`: a server until Ctrl-C, SIGTERM, or a closed terminal.

use std::io;
use std::sync::{Arc, OnceLock};
use std::thread;

use signal_hook::iterator::Signals;

use crate::lab::mode::Mode;
use crate::lab::server::{Handle, Options, Server};
use crate::lab::totals::Totals;
use crate::wire::call::Role;

use super::Outcome;
use super::args::lab::{First, ServeArgs, Switch};
use super::journal::Printed;
use super::terminal::Terminal;
use super::{complain, signals, tell};

/// Serves, and says what was done.
///
/// # Errors
///
/// Standard output could not be written.
pub(super) fn serve(args: ServeArgs, terminal: Terminal) -> io::Result<Outcome> {
    let options = Options {
        buffer: args.buffer,
        delay: args.delay,
        answer: args.answer,
        nodelay: args.ending.nodelay.map(|switch| switch == Switch::On),
        close: args.ending.close,
        close_first: args.ending.close_first.into(),
        reuse_address: !args.no_reuse_address,
        max_connections: args.max_connections,
        idle_timeout: args.idle_timeout,
    };
    // Before anything can be interrupted.
    let mut signals = match Signals::new(signals::ending()) {
        Ok(signals) => signals,
        Err(error) => {
            complain(&format_args!("cannot wait for signals: {error}"));
            return Ok(Outcome::Incomplete);
        }
    };
    let stop = Arc::new(OnceLock::<Handle>::new());
    let deaf = Arc::clone(&stop);
    let journal = Arc::new(Printed::new(&args.look, terminal, args.mode, move |_| {
        if let Some(handle) = deaf.get() {
            handle.stop();
        }
    }));
    let server = match Server::bind(args.mode, args.address, options, journal.clone()) {
        Ok(server) => server,
        Err(error) => {
            complain(&error);
            return Ok(Outcome::Incomplete);
        }
    };
    let handle = stop.get_or_init(|| server.handle()).clone();
    introduce(args.mode, args.answer, &server);
    let watching = signals.handle();
    let watch = thread::spawn(move || {
        if signals.forever().next().is_some() {
            handle.stop();
        }
    });
    // The address was reported before there was a handle to stop with.
    if journal.is_deaf() {
        stop.get().into_iter().for_each(Handle::stop);
    }
    let totals = server.run();
    watching.close();
    let _ = watch.join();
    journal.outcome()?;
    tell(&summary(args.mode, &totals));
    Ok(Outcome::Complete)
}

/// Says what it does and where, and loudly if others can reach it.
fn introduce(mode: Mode, answer: bool, server: &Server) {
    let address = server.address();
    tell(&format_args!("{} on {address}: {}.\nCtrl-C ends it.", mode.name(), mode.does(answer)));
    if !address.ip().to_canonical().is_loopback() {
        tell(&format_args!(
            "WARNING: {address} is not loopback. Everybody who can reach this machine can use this server."
        ));
    }
}

/// The sentence about the totals of a run.
pub(super) fn summary(mode: Mode, totals: &Totals) -> String {
    let Totals { connections, broken, reads, octets_read, writes, octets_written } = *totals;
    let s = |count: u64| if count == 1 { "" } else { "s" };
    if mode == Mode::Udp {
        return format!(
            "{reads} datagram{} received ({octets_read} B), {writes} sent ({octets_written} B)",
            s(reads)
        );
    }
    let broken = if broken > 0 { format!(" ({broken} reset or broken)") } else { String::new() };
    format!(
        "{connections} connection{}{broken}, {octets_read} B in {reads} read{}, {octets_written} B in {writes} write{}",
        s(connections),
        s(reads),
        s(writes)
    )
}

impl From<First> for Role {
    fn from(first: First) -> Self {
        match first {
            First::Client => Self::Client,
            First::Server => Self::Server,
        }
    }
}

//! The connections that are served, and how all of them are ended.

use std::collections::HashMap;
use std::net::{TcpListener, TcpStream};
use std::num::NonZeroUsize;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use socket2::SockRef;

use super::super::socket::Socket;
use super::super::totals::Totals;

/// The open connections, and whether there are to be more.
pub(super) struct Stop {
    listener: Option<Weak<TcpListener>>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    stopped: bool,
    /// None of these is kept alive from here: to let go of a socket is to close it.
    open: HashMap<u64, Weak<Socket>>,
    totals: Totals,
}

impl Stop {
    pub(super) fn new(listener: Option<Weak<TcpListener>>) -> Self {
        Self { listener, state: Mutex::default(), changed: Condvar::new() }
    }

    /// Ends everything; a second time nothing.
    pub(super) fn stop(&self) {
        {
            let mut state = self.state();
            if std::mem::replace(&mut state.stopped, true) {
                return;
            }
            for socket in state.open.values().filter_map(Weak::upgrade) {
                socket.wake(true);
            }
            self.changed.notify_all();
        }
        if let Some(listener) = self.listener.as_ref().and_then(Weak::upgrade) {
            // On Linux this ends an accept that waits. Elsewhere a connection does.
            let woken = SockRef::from(&*listener).shutdown(std::net::Shutdown::Both).is_ok();
            if let (false, Ok(address)) = (woken, listener.local_addr()) {
                let _ = TcpStream::connect_timeout(&address, Duration::from_secs(1));
            }
        }
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.state().stopped
    }

    /// Waits until there is room for another connection. False when it was stopped.
    pub(super) fn wait_for_room(&self, max: NonZeroUsize, mut full: impl FnMut()) -> bool {
        let waiting = |state: &mut State| !state.stopped && state.open.len() >= max.get();
        // Reported without the lock: the receiver may want to stop the server.
        if waiting(&mut self.state()) {
            full();
        }
        let state = self.changed.wait_while(self.state(), waiting);
        !state.unwrap_or_else(PoisonError::into_inner).stopped
    }

    /// Waits for a while. False when it was stopped meanwhile.
    pub(super) fn pause(&self, time: Duration) -> bool {
        let waited = self.changed.wait_timeout_while(self.state(), time, |state| !state.stopped);
        !waited.unwrap_or_else(PoisonError::into_inner).0.stopped
    }

    /// A connection begins. False when it was stopped before.
    pub(super) fn enter(&self, number: u64, socket: &Arc<Socket>) -> bool {
        let mut state = self.state();
        if !state.stopped {
            state.open.insert(number, Arc::downgrade(socket));
        }
        !state.stopped
    }

    /// A connection is about to be closed by its own thread: no other thread takes hold of it from here on.
    pub(super) fn let_go(&self, number: u64) {
        if let Some(socket) = self.state().open.get_mut(&number) {
            *socket = Weak::new();
        }
    }

    /// A connection has ended.
    pub(super) fn leave(&self, number: u64, totals: Totals) {
        let mut state = self.state();
        state.open.remove(&number);
        state.totals.add(&totals);
        self.changed.notify_all();
    }

    /// Waits for the last connection, and says what all have done.
    pub(super) fn wait_until_empty(&self) -> Totals {
        let waited = self.changed.wait_while(self.state(), |state| !state.open.is_empty());
        waited.unwrap_or_else(PoisonError::into_inner).totals
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that leaves even if its thread panics, lest the server wait for it for ever.
pub(super) struct Leave<'s> {
    pub(super) stop: &'s Stop,
    pub(super) number: u64,
}

impl Leave<'_> {
    /// Counts the totals of the connection that has ended.
    pub(super) fn with(self, totals: Totals) {
        self.stop.leave(self.number, totals);
        std::mem::forget(self);
    }
}

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        self.stop.leave(self.number, Totals { connections: 1, broken: 1, ..Totals::default() });
    }
}

//! The server and the client of a demo, each in its thread, and what they report.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::lab::client::{self, Client};
use crate::lab::error::Error;
use crate::lab::mode::Mode;
use crate::lab::server::{self, Handle, Server};
use crate::lab::totals::Totals;
use crate::wire::call::{Call, Failure, Role, What};

use super::now;
use super::stage::Programs;
use super::told::{Teller, Told};

/// How much earlier the server begins than the client.
const HEAD_START: Duration = Duration::from_millis(5);

/// No conversation here takes longer than this unless something is wrong: then the server is stopped,
const LONGEST: Duration = Duration::from_secs(60);

/// and given this long for it.
const LEAVE: Duration = Duration::from_secs(2);

/// The messages to send, and how.
#[derive(Clone)]
pub(super) struct Script {
    pub(super) mode: Mode,
    pub(super) says: Vec<Vec<u8>>,
    pub(super) client: client::Options,
    pub(super) server: server::Options,
    /// A reset is what was asked for.
    pub(super) resets: bool,
}

/// A server that listens, before its first connection.
pub(super) struct Prepared {
    script: Script,
    server: Server,
    journal: Arc<Teller>,
    told: Receiver<Told>,
}

impl Prepared {
    /// Lets a server listen on a free port.
    pub(super) fn new(script: Script, address: SocketAddr) -> Result<Self, Error> {
        let (send, told) = mpsc::channel();
        let journal = Arc::new(Teller(send));
        let server = Server::bind(script.mode, address, script.server.clone(), journal.clone())?;
        Ok(Self { script, server, journal, told })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Begins to serve, and to talk to it.
    pub(super) fn begin(self) -> Conversation {
        let Self { script, server, journal, told } = self;
        let (address, handle) = (server.address(), server.handle());
        let connects = script.mode != Mode::Udp;
        let server = thread::spawn(move || server.run());
        let client = thread::spawn(move || {
            // By then the server waits in accept(), as servers do.
            thread::sleep(HEAD_START);
            let mut client = Client::connect(script.mode, address, script.client, journal)?;
            let said = script.says.iter().try_for_each(|message| client.say(message));
            // Even a conversation that went wrong is ended.
            let finished = client.finish();
            match said.and(finished) {
                Err(Error::Broken { failure: Failure::Reset | Failure::Closed, .. }) if script.resets => {
                    Ok(Totals::default())
                }
                outcome => outcome,
            }
        });
        Conversation {
            told,
            handle,
            server: Some(server),
            client: Some(client),
            outcome: Ok(Totals::default()),
            connects,
            served: false,
            began: now(),
            left: false,
            over: None,
            cut_short: false,
            interrupted: None,
        }
    }
}

/// A conversation that goes on.
pub(super) struct Conversation {
    told: Receiver<Told>,
    handle: Handle,
    server: Option<JoinHandle<Totals>>,
    client: Option<JoinHandle<Result<Totals, Error>>>,
    outcome: Result<Totals, Error>,
    /// There is a connection that the server closes.
    connects: bool,
    served: bool,
    began: Instant,
    /// The client has left.
    left: bool,
    over: Option<Instant>,
    /// Whether the conversation took too long and was ended.
    cut_short: bool,
    /// When the interruption came that is to end the conversation.
    interrupted: Option<Instant>,
}

impl Programs for Conversation {
    fn take(&mut self) -> Vec<Told> {
        let told: Vec<_> = self.told.try_iter().collect();
        self.served |= told
            .iter()
            .any(|told| matches!(told, Told::Call(Call { who: Role::Server, what: What::Close { .. }, .. })));
        told
    }

    /// The server is stopped, which the client sees.
    fn interrupt(&mut self) {
        if self.interrupted.is_none() {
            self.interrupted = Some(now());
            self.handle.stop();
        }
    }

    fn over_since(&mut self) -> Option<Instant> {
        if !self.left
            && let Some(client) = self.client.take_if(|client| client.is_finished())
        {
            self.outcome = client.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            self.left = true;
        }
        let closed = self.served || !self.connects || self.outcome.is_err();
        let too_long = self.began.elapsed() > LONGEST;
        self.cut_short |= too_long && self.over.is_none();
        if too_long || (self.left && closed) {
            self.handle.stop();
        }
        let served = self.left && self.server.as_ref().is_none_or(JoinHandle::is_finished);
        let left_alone = self.interrupted.is_some_and(|since| since.elapsed() > LEAVE);
        if self.over.is_none() && (served || left_alone || self.began.elapsed() > LONGEST + LEAVE) {
            self.over = Some(now());
        }
        self.over
    }
}

impl Conversation {
    /// How it went; nothing is waited for. What was broken off went as it was wanted.
    pub(super) fn outcome(self) -> Result<(), String> {
        if self.interrupted.is_some() {
            return Ok(());
        }
        if self.client.is_some() || self.server.is_some_and(|server| !server.is_finished()) {
            return Err("the conversation did not come to its end".to_owned());
        }
        if self.cut_short {
            return Err(format!(
                "after {LONGEST:?} the conversation was ended: less to send, or less --delay, helps"
            ));
        }
        self.outcome.map(drop).map_err(|error| error.to_string())
    }
}

//! One end of a connection, call by call.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::wire::call::What;
use crate::wire::tcp_info::TcpInfo;

use super::super::clock::{now, steady};
use super::super::socket::Socket;
use super::session::Ending;

/// How often an end says again how it wants to acknowledge: a kernel goes back to its own ways after each delayed
/// acknowledgement.
const AGAIN: Duration = Duration::from_millis(2);

/// When a kernel is to acknowledge what arrives.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Acknowledge {
    /// As the system does.
    #[default]
    AsItDoes,
    /// Not at once: with the next data, or when the timer for it runs out (RFC 9293, section 3.8.6.3).
    Late,
    /// Each segment at once.
    AtOnce,
}

/// One end of a connection.
pub struct Stream {
    socket: Arc<Socket>,
    ending: Arc<Ending>,
    acknowledge: Mutex<Acknowledge>,
}

impl Stream {
    pub(super) fn new(socket: Arc<Socket>, ending: Arc<Ending>) -> Self {
        Self { socket, ending, acknowledge: Mutex::default() }
    }

    /// The stream's own address.
    pub fn local(&self) -> Option<SocketAddr> {
        self.socket.ends().local
    }

    /// The other end.
    pub fn peer(&self) -> SocketAddr {
        self.socket.peer
    }

    /// Reads once; 0 octets where the peer has ended its direction.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.say_how()?;
        let octets = self.socket.read(buffer);
        self.say_how()?;
        octets
    }

    /// Reads until `octets` octets have come, in as many reads as it takes. Returns `false` where the peer ended before
    /// that.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn read_all(&self, octets: usize) -> io::Result<bool> {
        let mut buffer = vec![0; octets];
        let mut filled = 0;
        while filled < octets {
            match self.read(&mut buffer[filled..])? {
                0 => return Ok(false),
                more => filled += more,
            }
        }
        Ok(true)
    }

    /// Writes all of `octets`: one write, unless the system takes less.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn write(&self, octets: &[u8]) -> io::Result<()> {
        self.socket.write_all(octets)
    }

    /// Sets TCP_NODELAY: small segments do not wait for acknowledgements.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn set_nodelay(&self, on: bool) -> io::Result<()> {
        let began = now();
        let set = self.socket.set_nodelay(Some(on));
        let what = What::SetOption { name: "TCP_NODELAY", value: on.into() };
        self.socket.teller.call(began, what, self.socket.ends(), &[], set.as_ref().map(|()| 0));
        set
    }

    /// Sets how its kernel is to acknowledge (TCP_QUICKACK, Linux). That holds until it is set otherwise: a kernel
    /// forgets it, so it is set again at each read, and in [pauses](Self::pause).
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn set_acknowledge(&self, how: Acknowledge) -> io::Result<()> {
        *self.acknowledge.lock().unwrap_or_else(PoisonError::into_inner) = how;
        let began = now();
        let set = self.say_how();
        let value = u32::from(how == Acknowledge::AtOnce);
        let what = What::SetOption { name: "TCP_QUICKACK", value };
        self.socket.teller.call(began, what, self.socket.ends(), &[], set.as_ref().map(|()| 0));
        set
    }

    /// Waits for a while without a call.
    ///
    /// # Errors
    ///
    /// `Interrupted`: the session was ended.
    pub fn pause(&self, time: Duration) -> io::Result<()> {
        let began = steady();
        while let Some(left) = time.checked_sub(began.elapsed()).filter(|left| !left.is_zero()) {
            self.say_how()?;
            let step = if self.how() == Acknowledge::AsItDoes { left } else { left.min(AGAIN) };
            self.ending.pause(step)?;
        }
        Ok(())
    }

    /// Says something that a person should know.
    pub fn remark(&self, sentence: String) {
        self.socket.teller.remark(sentence);
    }

    /// Asks the kernel about this end, and reports the answer.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn sample(&self) -> io::Result<TcpInfo> {
        self.sample_if(|_| true)
    }

    /// Asks the kernel about this end, and reports the answer where that is `news`.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn sample_if(&self, news: impl FnOnce(&TcpInfo) -> bool) -> io::Result<TcpInfo> {
        let at = now();
        let info = self.socket.tcp_info()?;
        if news(&info) {
            self.socket.teller.sample(at, info);
        }
        Ok(info)
    }

    /// Ends the own direction with a FIN, and leaves the other open.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn shutdown_write(&self) -> io::Result<()> {
        self.socket.shutdown_write()
    }

    /// Closes the stream.
    pub fn close(self) {
        if let Some(socket) = Arc::into_inner(self.socket) {
            socket.close(false);
        }
    }

    fn how(&self) -> Acknowledge {
        *self.acknowledge.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says to the kernel how to acknowledge, where it is not as it does by itself.
    fn say_how(&self) -> io::Result<()> {
        match self.how() {
            Acknowledge::AsItDoes => Ok(()),
            how => self.socket.set_quick_ack(how == Acknowledge::AtOnce),
        }
    }
}

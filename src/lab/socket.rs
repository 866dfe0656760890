//! A TCP connection whose every call is reported.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use socket2::SockRef;

use crate::wire::call::What;

use super::clock::now;
use super::teller::{Ends, Teller};
use super::totals::Totals;

/// One end of a connection. Reading and writing may go on in two threads.
pub(super) struct Socket {
    stream: TcpStream,
    pub(super) teller: Teller,
    pub(super) peer: SocketAddr,
    local: Option<SocketAddr>,
    totals: Mutex<Totals>,
    /// Whether this program itself woke the socket's calls: their results then say nothing of the peer.
    woken: AtomicBool,
    writing: Mutex<Writing>,
    written: Condvar,
}

/// The state of a write.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Writing {
    /// No write is waiting to be reported.
    No,
    /// One has begun.
    Yes,
    /// The write blocks: the peer may be waiting for reads.
    Blocks,
}

/// How long a read at most waits to be reported after the write that it answers: a busy machine may take so long to go
/// on with the thread that writes. After that the write counts as one that blocks, and no further read waits for it.
const ORDER: Duration = Duration::from_millis(200);

impl Socket {
    pub(super) fn new(stream: TcpStream, peer: SocketAddr, teller: Teller) -> Self {
        let local = stream.local_addr().ok();
        let totals = Mutex::new(Totals { connections: 1, ..Totals::default() });
        let (woken, writing, written) = (AtomicBool::new(false), Mutex::new(Writing::No), Condvar::new());
        Self { stream, teller, peer, local, totals, woken, writing, written }
    }

    /// Sets TCP_NODELAY, where it was asked for.
    pub(super) fn set_nodelay(&self, on: Option<bool>) -> io::Result<()> {
        on.map_or(Ok(()), |on| self.stream.set_nodelay(on))
    }

    /// Sets TCP_QUICKACK.
    #[cfg(all(feature = "live", target_os = "linux"))]
    pub(super) fn set_quick_ack(&self, on: bool) -> io::Result<()> {
        SockRef::from(&self.stream).set_tcp_quickack(on)
    }

    /// The kernel's report about this end.
    #[cfg(all(feature = "live", target_os = "linux"))]
    pub(super) fn tcp_info(&self) -> io::Result<crate::wire::tcp_info::TcpInfo> {
        super::tcp_info::ask(&self.stream)
    }

    /// How long a read may wait; `None` for ever.
    pub(super) fn set_patience(&self, patience: Option<Duration>) -> io::Result<()> {
        self.stream.set_read_timeout(patience)
    }

    /// How long a write may wait for room; `None` for ever.
    pub(super) fn set_write_patience(&self, patience: Option<Duration>) -> io::Result<()> {
        self.stream.set_write_timeout(patience)
    }

    /// One read. Waiting in vain is not reported: nothing happened.
    pub(super) fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let offset = self.count(|totals| totals.octets_read);
        let what = What::Read { room: buffer.len(), offset };
        let (times, result) = loop {
            let began = now();
            match (&self.stream).read(buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // The report may wait, but this is when the read returned.
                result => break ((began, now()), result),
            }
        };
        self.after_the_write();
        match &result {
            Ok(0) if self.was_woken() => {}
            Ok(octets) => {
                if *octets > 0 {
                    self.count(|totals| {
                        totals.reads += 1;
                        totals.octets_read += *octets as u64;
                    });
                }
                self.teller.call_between(times, what, self.ends(), &buffer[..*octets], Ok(*octets));
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => self.teller.call_between(times, what, self.ends(), &[], Err(error)),
        }
        result
    }

    /// Lets a write be reported that had begun before.
    fn after_the_write(&self) {
        let writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.written.wait_timeout_while(writing, ORDER, |writing| *writing == Writing::Yes);
        let mut writing = waited.unwrap_or_else(PoisonError::into_inner).0;
        if *writing == Writing::Yes {
            *writing = Writing::Blocks;
        }
    }

    /// Writes all of `octets`, in as many writes as it takes. The writes are reported before the reads that answer
    /// them.
    pub(super) fn write_all(&self, octets: &[u8]) -> io::Result<()> {
        *self.writing.lock().unwrap_or_else(PoisonError::into_inner) = Writing::Yes;
        // Who wakes has either seen that this writes, or is seen here.
        let result =
            if self.was_woken() { Err(ErrorKind::BrokenPipe.into()) } else { self.write_each(octets) };
        *self.writing.lock().unwrap_or_else(PoisonError::into_inner) = Writing::No;
        self.written.notify_all();
        result
    }

    fn write_each(&self, mut octets: &[u8]) -> io::Result<()> {
        while !octets.is_empty() {
            let offset = self.count(|totals| totals.octets_written);
            let what = What::Write { given: octets.len(), offset };
            let began = now();
            match (&self.stream).write(octets) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(taken) => {
                    self.count(|totals| {
                        totals.writes += 1;
                        totals.octets_written += taken as u64;
                    });
                    let (done, rest) = octets.split_at(taken);
                    self.teller.call(began, what, self.ends(), done, Ok(taken));
                    octets = rest;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    self.teller.call(began, what, self.ends(), &[], Err(&error));
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Ends the own direction with a FIN, and leaves the other open.
    pub(super) fn shutdown_write(&self) -> io::Result<()> {
        let began = now();
        let result = self.stream.shutdown(Shutdown::Write);
        self.teller.call(began, What::ShutdownWrite, self.ends(), &[], result.as_ref().map(|()| 0));
        result
    }

    /// Makes calls that wait in other threads return: reads, and with `writes` a write that waits for room, for which a
    /// FIN is sent. Otherwise no FIN is sent: the FIN is that of the close, which is reported.
    pub(super) fn wake(&self, writes: bool) {
        self.woken.store(true, Ordering::Release);
        let writing = *self.writing.lock().unwrap_or_else(PoisonError::into_inner) != Writing::No;
        // It fails only where the peer has ended the connection already, which wakes as well.
        let _ = self.stream.shutdown(if writes && writing { Shutdown::Both } else { Shutdown::Read });
    }

    /// Whether [`Socket::wake`] ended the calls.
    pub(super) fn was_woken(&self) -> bool {
        self.woken.load(Ordering::Acquire)
    }

    /// Lets it go: with a FIN, or with a RST. What it did is what it gives back.
    pub(super) fn close(self, reset: bool) -> Totals {
        let Self { stream, teller, peer, local, totals, .. } = self;
        let began = now();
        let set = if reset { SockRef::from(&stream).set_linger(Some(Duration::ZERO)) } else { Ok(()) };
        drop(stream);
        let ends = Ends { local, peer: Some(peer) };
        teller.call(began, What::Close { reset }, ends, &[], set.as_ref().map(|()| 0));
        totals.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn ends(&self) -> Ends {
        Ends { local: self.local, peer: Some(self.peer) }
    }

    fn count<T>(&self, change: impl FnOnce(&mut Totals) -> T) -> T {
        change(&mut self.totals.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};
    use std::sync::{Arc, mpsc};

    use super::*;
    use crate::wire::call::{Call, Journal, Role};

    struct Sent(mpsc::Sender<Call<'static>>);

    impl Journal for Sent {
        fn call(&self, call: &Call<'_>) {
            self.0.send(call.clone().into_owned()).unwrap();
        }
    }

    #[test]
    fn a_read_that_waits_to_be_told_keeps_the_time_at_which_it_returned() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let mut peer = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (stream, address) = listener.accept().unwrap();
        let (send, told) = mpsc::channel();
        let teller = Teller { journal: Arc::new(Sent(send)), who: Role::Client, connection: Some(1) };
        let socket = Socket::new(stream, address, teller);
        // A write that never comes to be reported.
        *socket.writing.lock().unwrap() = Writing::Yes;
        peer.write_all(b"x").unwrap();
        assert_eq!(socket.read(&mut [0; 8]).unwrap(), 1);
        let waited = now().since(told.try_recv().unwrap().returned);
        assert!(waited >= Some(ORDER), "{waited:?}");
        // It blocks, as is known now: many reads wait no longer than one would.
        let before = now();
        for _ in 0..500 {
            peer.write_all(b"x").unwrap();
            assert_eq!(socket.read(&mut [0; 8]).unwrap(), 1);
        }
        let took = now().since(before);
        assert!(took < Some(100 * ORDER), "{took:?}");
    }
}

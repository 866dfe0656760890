//! The kernel takes times only since somebody wants them, and begins to a moment after it was told. A frame that
//! came before that would get the time at which it was read.

use std::io;
use std::net::{Ipv4Addr, UdpSocket};
use std::os::fd::AsFd;
use std::thread;
use std::time::Duration;

use super::capturing::wall_clock;
use super::socket::last_time;

/// How long a datagram waits to be read: its time tells whether that of its arrival was taken, or this one's end.
const WAIT: Duration = Duration::from_millis(1);

/// How often to try at most.
const TRIES: usize = 50;

/// Waits until times are taken, as somebody has asked for before. Where that cannot be found out, it is hoped for.
pub(super) fn settle() {
    let _ = try_to_settle();
}

/// Did they settle?
fn try_to_settle() -> io::Result<bool> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.connect(socket.local_addr()?)?;
    socket.set_read_timeout(Some(WAIT))?;
    last_time(socket.as_fd())?;
    for _ in 0..TRIES {
        socket.send(&[0])?;
        let sent = wall_clock();
        thread::sleep(WAIT);
        socket.recv(&mut [0])?;
        if last_time(socket.as_fd())? <= sent {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn soon_after_somebody_wants_times_they_are_taken() {
        assert!(try_to_settle().unwrap());
    }
}

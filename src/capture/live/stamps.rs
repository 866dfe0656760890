//! The kernel takes times only when a socket asks for them, and begins a moment after that. A frame that came before
//! that would get the time at which it was read.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, UdpSocket};
use std::os::fd::AsFd;
use std::thread;
use std::time::Duration;

use super::capturing::wall_clock;
use super::socket::last_time;

/// How long a datagram waits to be read: its time tells whether that of its arrival was taken, or this one's end.
const WAIT: Duration = Duration::from_millis(1);

/// How often to try at most: a busy kernel may need a good part of a second.
const TRIES: u16 = 500;

/// How often, where nothing comes at all.
const IN_VAIN: u16 = 20;

/// Waits until times are taken, after a socket has asked for them. Where that cannot be found out, times are assumed to
/// be taken.
pub(super) fn settle() {
    let _ = try_to_settle();
}

/// Whether the kernel began to take times.
fn try_to_settle() -> io::Result<bool> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.connect(socket.local_addr()?)?;
    socket.set_read_timeout(Some(WAIT))?;
    last_time(socket.as_fd())?;
    let mut in_vain = 0;
    for number in 0..TRIES {
        socket.send(&number.to_ne_bytes())?;
        let sent = wall_clock();
        thread::sleep(WAIT);
        if !receive(&socket, number)? {
            in_vain += 1;
            if in_vain == IN_VAIN {
                break;
            }
        } else if last_time(socket.as_fd())? <= sent {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the datagram `number` has come. Datagrams before it may have come late, and are passed over.
fn receive(socket: &UdpSocket, number: u16) -> io::Result<bool> {
    let mut received = [0; 2];
    loop {
        match socket.recv(&mut received) {
            Ok(_) if received == number.to_ne_bytes() => return Ok(true),
            Ok(_) => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                return Ok(false);
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn soon_after_somebody_wants_times_they_are_taken() {
        // A busy machine hands datagrams on late, too, which looks the same.
        assert!((0..20).any(|_| try_to_settle().unwrap()));
    }
}

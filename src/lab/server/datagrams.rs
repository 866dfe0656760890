//! The server without connections.

use std::io::ErrorKind;
use std::net::UdpSocket;
use std::time::Duration;

use crate::wire::call::{Failure, What};

use super::super::clock::now;
use super::super::error::failure;
use super::super::teller::Ends;
use super::super::totals::Totals;
use super::Work;

/// How often to look whether it is over: nothing else wakes a socket that waits for datagrams.
const LOOK: Duration = Duration::from_millis(100);

/// Sends every datagram back.
pub(super) fn serve(socket: &UdpSocket, work: &Work) -> Totals {
    let mut totals = Totals::default();
    if let Err(error) = socket.set_read_timeout(Some(LOOK)) {
        work.teller.remark(format!("the socket cannot be set up: {error}"));
        return totals;
    }
    let local = socket.local_addr().ok();
    let room = work.room();
    // One octet more than is used shows whether a datagram was longer: the system drops the rest of it.
    let mut buffer = vec![0; room + 1];
    while work.options.delay.map_or_else(|| !work.stop.is_stopped(), |delay| work.stop.pause(delay)) {
        let began = now();
        let (octets, peer) = match socket.recv_from(&mut buffer) {
            Ok(received) => received,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => continue,
            Err(error) => {
                work.teller.call(began, What::Receive { room }, Ends { local, peer: None }, &[], Err(&error));
                // An ICMP error about an earlier answer says nothing of the next datagram.
                if !matches!(failure(&error), Failure::Refused | Failure::Reset | Failure::Unreachable) {
                    work.teller.remark(format!("cannot receive: {error}"));
                    work.stop.pause(LOOK);
                }
                continue;
            }
        };
        let ends = Ends { local, peer: Some(peer) };
        let datagram = &buffer[..octets.min(room)];
        totals.reads += 1;
        totals.octets_read += datagram.len() as u64;
        work.teller.call(began, What::Receive { room }, ends, datagram, Ok(datagram.len()));
        if octets > room {
            work.teller.remark(format!(
                "the datagram from {peer} is longer than the buffer of {room} octets: the rest of it is lost"
            ));
        }
        let began = now();
        let what = What::Send { given: datagram.len() };
        match socket.send_to(datagram, peer) {
            Ok(sent) => {
                totals.writes += 1;
                totals.octets_written += sent as u64;
                work.teller.call(began, what, ends, datagram, Ok(sent));
            }
            Err(error) => work.teller.call(began, what, ends, &[], Err(&error)),
        }
    }
    totals
}

//! The packet socket, and what only system calls can ask of it. The one file with `unsafe`: each block is a
//! single call with arguments that live longer than it.
#![allow(unsafe_code)]

use std::io;
use std::mem::{self, size_of};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, IntoRawFd, OwnedFd, RawFd};

use nix::sys::socket::{MsgFlags, recvmsg};
use rustix::net::{AddressFamily, SocketFlags, SocketType, socket_with, sockopt};

use super::filter::Instruction;
use crate::wire::frame::Timestamp;

/// Asks for the time of the frame that was read last, in a `timespec` (linux/sockios.h).
const SIOCGSTAMPNS: libc::c_ulong = 0x8907;
/// Leaves out what this host sends (linux/if_packet.h, since Linux 4.20).
const PACKET_IGNORE_OUTGOING: libc::c_int = 23;

/// A packet socket that is not bound yet: it receives nothing before it is set up.
#[derive(Debug)]
pub(super) struct Socket(OwnedFd);

/// Octets that come beside a frame at most.
const BESIDE: usize = 128;

/// What the kernel counted since it was asked last.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Counted {
    /// Frames that passed the filter, those dropped included.
    pub(super) received: u32,
    /// Frames for which there was no room.
    pub(super) dropped: u32,
}

impl Socket {
    /// Opens one. `cooked`: frames come without their link header.
    pub(super) fn open(cooked: bool) -> io::Result<Self> {
        let kind = if cooked { SocketType::DGRAM } else { SocketType::RAW };
        // Protocol 0: nothing is received until the socket is bound with another.
        Ok(Self(socket_with(AddressFamily::PACKET, kind, SocketFlags::CLOEXEC, None)?))
    }

    /// A second descriptor of this socket, which its receiver closes.
    pub(super) fn share(&self) -> io::Result<RawFd> {
        Ok(self.0.try_clone()?.into_raw_fd())
    }

    /// Makes room for so many octets of frames that wait; gives what was granted. Without CAP_NET_ADMIN, that is
    /// what the system allows everybody (net.core.rmem_max).
    pub(super) fn make_room(&self, octets: usize) -> io::Result<usize> {
        sockopt::set_socket_recv_buffer_size_force(&self.0, octets)
            .or_else(|_| sockopt::set_socket_recv_buffer_size(&self.0, octets))?;
        // The kernel doubles what it is asked for, to have room for its own records.
        Ok(sockopt::socket_recv_buffer_size(&self.0)? / 2)
    }

    /// Keeps only what arrives. On `lo`, every frame is both sent and received.
    pub(super) fn ignore_outgoing(&self) -> io::Result<()> {
        self.set(libc::SOL_PACKET, PACKET_IGNORE_OUTGOING, &(1 as libc::c_int))
    }

    /// Keeps only what the program lets through.
    pub(super) fn filter(&self, program: &[Instruction]) -> io::Result<()> {
        let mut instructions: Vec<libc::sock_filter> = program
            .iter()
            .map(|i| libc::sock_filter { code: i.code, jt: i.if_true, jf: i.if_false, k: i.k })
            .collect();
        let len = u16::try_from(instructions.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
        let program = libc::sock_fprog { len, filter: instructions.as_mut_ptr() };
        self.set(libc::SOL_SOCKET, libc::SO_ATTACH_FILTER, &program)
    }

    /// Asks for what the kernel knows beside the frames, such as VLAN tags that were taken off.
    pub(super) fn tell_beside(&self) -> io::Result<()> {
        self.set(libc::SOL_PACKET, libc::PACKET_AUXDATA, &(1 as libc::c_int))
    }

    /// What comes beside the frame that will be read next, which stays where it is. What is not written to of
    /// `control` is zero. With no frame waiting, the error is `WouldBlock`.
    pub(super) fn look_beside(&self, control: &mut Vec<u8>) -> io::Result<()> {
        control.clear();
        control.resize(BESIDE, 0);
        let flags = MsgFlags::MSG_PEEK | MsgFlags::MSG_DONTWAIT;
        recvmsg::<()>(self.0.as_raw_fd(), &mut [], Some(control), flags)?;
        Ok(())
    }

    fn set<T>(&self, level: libc::c_int, option: libc::c_int, value: &T) -> io::Result<()> {
        let value: *const T = value;
        // SAFETY: the pointer and the length are those of one live `T`, which the kernel only reads; the
        // instructions that a `sock_fprog` points to outlive the call.
        let done = unsafe {
            libc::setsockopt(
                self.0.as_raw_fd(),
                level,
                option,
                value.cast(),
                size_of::<T>() as libc::socklen_t,
            )
        };
        if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    }

    /// The kernel's counts since the last call; the kernel starts anew at each.
    pub(super) fn counted(&self) -> io::Result<Counted> {
        let mut counted = libc::tpacket_stats { tp_packets: 0, tp_drops: 0 };
        let mut len = size_of::<libc::tpacket_stats>() as libc::socklen_t;
        let place: *mut libc::tpacket_stats = &mut counted;
        // SAFETY: the kernel writes at most `len` octets, the size of the structure, which lives here.
        let done = unsafe {
            libc::getsockopt(
                self.0.as_raw_fd(),
                libc::SOL_PACKET,
                libc::PACKET_STATISTICS,
                place.cast(),
                &mut len,
            )
        };
        if done != 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(Counted { received: counted.tp_packets, dropped: counted.tp_drops })
    }

    /// When the frame arrived that was read last, by the kernel's clock. The first call, before there is one,
    /// tells the kernel to take the times from then on.
    pub(super) fn last_time(&self) -> io::Result<Option<Timestamp>> {
        last_time(self.0.as_fd())
    }

    /// An error that came up since the last call, such as that the interface went down.
    pub(super) fn take_error(&self) -> Option<io::Error> {
        match sockopt::socket_error(&self.0) {
            Ok(Ok(())) => None,
            Ok(Err(error)) | Err(error) => Some(error.into()),
        }
    }
}

impl AsFd for Socket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// When the octets came that were read last from a socket, of whatever kind; see [`Socket::last_time`].
pub(super) fn last_time(socket: BorrowedFd<'_>) -> io::Result<Option<Timestamp>> {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    let place: *mut libc::timespec = &mut time;
    // SAFETY: the request writes one `timespec`, which lives here.
    let done = unsafe { libc::ioctl(socket.as_raw_fd(), SIOCGSTAMPNS as _, place) };
    if done != 0 {
        let error = io::Error::last_os_error();
        return if error.raw_os_error() == Some(libc::ENOENT) { Ok(None) } else { Err(error) };
    }
    // The types are narrower on some machines.
    #[allow(clippy::useless_conversion, clippy::unnecessary_cast)]
    let nanos = (time.tv_sec as i64).saturating_mul(1_000_000_000).saturating_add(time.tv_nsec as i64);
    Ok(Some(Timestamp::from_nanos(nanos)))
}

/// The kind of hardware that an interface is, or pretends to be: an ARPHRD_ number (linux/if_arp.h). Needs no
/// right.
pub(super) fn hardware_type(interface: &str) -> io::Result<u16> {
    let any = socket_with(AddressFamily::INET, SocketType::DGRAM, SocketFlags::CLOEXEC, None)?;
    // SAFETY: the structure holds numbers and octets, of which zeros are valid ones.
    let mut request: libc::ifreq = unsafe { mem::zeroed() };
    // One octet is left for the zero that ends the name.
    if interface.len() >= request.ifr_name.len() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    for (place, octet) in request.ifr_name.iter_mut().zip(interface.bytes()) {
        *place = octet as libc::c_char;
    }
    let place: *mut libc::ifreq = &mut request;
    // SAFETY: the request reads the name and writes the hardware address, both inside the structure, which
    // lives here; the name ends with a zero.
    let done = unsafe { libc::ioctl(any.as_raw_fd(), libc::SIOCGIFHWADDR as _, place) };
    if done != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: after this request, the hardware address is what the union holds.
    Ok(unsafe { request.ifr_ifru.ifru_hwaddr.sa_family })
}

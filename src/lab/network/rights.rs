//! The right to make network namespaces: root's, or, for everybody, that of a user namespace.

use std::fs;
use std::io;

use nix::sched::{CloneFlags, unshare};
use nix::sys::prctl::set_dumpable;
use nix::unistd::{getegid, geteuid};
use rustix::thread::{CapabilitySet, capabilities};

use super::Error;

/// The capabilities that are needed: to make namespaces, to set up interfaces, to capture.
const NEEDED: CapabilitySet =
    CapabilitySet::SYS_ADMIN.union(CapabilitySet::NET_ADMIN).union(CapabilitySet::NET_RAW);

/// Sees to it that this process may make network namespaces. Where it has not the rights, it goes into a user namespace
/// of its own, in which it has all rights over what is made there and none over anything else (user_namespaces(7)).
///
/// That is possible only while this process has one thread.
///
/// # Errors
///
/// [`Error::NotPermitted`].
pub fn obtain() -> Result<(), Error> {
    if capabilities(None).is_ok_and(|own| own.effective.contains(NEEDED)) {
        return Ok(());
    }
    enter_user_namespace().map_err(Error::NotPermitted)
}

fn enter_user_namespace() -> io::Result<()> {
    let (user, group) = (geteuid(), getegid());
    // A program that was given capabilities as a file may not write its own maps, unless it says that it has no secrets.
    set_dumpable(true)?;
    unshare(CloneFlags::CLONE_NEWUSER)?;
    // Without this, the group may not be mapped (user_namespaces(7)).
    fs::write("/proc/self/setgroups", "deny")?;
    fs::write("/proc/self/uid_map", format!("0 {user} 1"))?;
    fs::write("/proc/self/gid_map", format!("0 {group} 1"))
}

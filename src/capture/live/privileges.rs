//! Rights that the process gives up once the socket is open. The socket keeps what it was opened with.
//!
//! Rights belong to threads: this must be done before others begin.

use std::ffi::CString;
use std::io;

use nix::unistd::{User, initgroups, setgid, setuid};
use rustix::thread::{
    CapabilitySet, CapabilitySets, clear_ambient_capability_set, set_capabilities, set_no_new_privs,
};

use super::error::Error;

/// Becomes another user, with its groups and without root's rights. Only root can do so.
///
/// # Errors
///
/// There is no such user, or it cannot be taken on.
pub fn become_user(name: &str) -> Result<(), Error> {
    let failed = |error: nix::Error| Error::User { name: name.to_owned(), error: Some(error.into()) };
    let unknown = || Error::User { name: name.to_owned(), error: None };
    let user = User::from_name(name).map_err(failed)?.ok_or_else(unknown)?;
    let with_groups = CString::new(user.name).map_err(|_| unknown())?;
    // In this order: the user's groups cannot be taken on by the user.
    initgroups(&with_groups, user.gid).map_err(failed)?;
    setgid(user.gid).map_err(failed)?;
    setuid(user.uid).map_err(failed)
}

/// Gives up all capabilities, and the ways to new ones.
///
/// # Errors
///
/// The system refuses, and so should we.
pub fn give_up_capabilities() -> Result<(), Error> {
    let nothing = CapabilitySet::empty();
    let nothing = CapabilitySets { effective: nothing, permitted: nothing, inheritable: nothing };
    let given_up = || -> io::Result<()> {
        clear_ambient_capability_set()?;
        set_capabilities(None, nothing)?;
        Ok(set_no_new_privs(true)?)
    };
    given_up().map_err(Error::Privileges)
}

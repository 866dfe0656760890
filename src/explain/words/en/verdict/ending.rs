//! The words of verdicts about the end of a connection.

use std::fmt::{self, Formatter};

use crate::track::verdict::Verdict;

pub(super) fn peer_vanished(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("From some moment on nothing comes back, not even acknowledgements")
}

pub(super) fn keep_alive_death(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("Keep-alives that nobody answered")
}

pub(super) fn unread_data(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("An end closed with octets unread")
}

pub(super) fn aborted(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("A RST where a FIN would do")
}

pub(super) fn octets_after_close(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("Octets were written to an end that had closed")
}

pub(super) fn half_open(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("One end knows nothing of the connection")
}

pub(super) fn middlebox_reset(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("A RST that does not come from the end that it names")
}

pub(super) fn close_wait_leak(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("An end keeps a connection that the other end has closed")
}

pub(super) fn fin_unanswered(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("A FIN that nobody acknowledged")
}

pub(super) fn desynchronised(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("Both ends acknowledge each other without end: their numbers do not fit")
}

//! English. A function writes the words of one topic; section and full stop come behind them.

mod acknowledgement;
mod data;
mod diagnosis;
mod doubt;
mod finding;
mod handshake;
mod number;
mod offers;
mod reset;
mod sack;
mod teardown;
mod verdict;
mod window;

use std::fmt::{self, Formatter, Write as _};

use crate::explain::statement::Statement;
use crate::track::diagnosis::Diagnosis;
use crate::track::flow::Side;
use crate::track::verdict::Verdict;

/// Writes a sentence: the words, the section in brackets where there is one, a full stop.
pub(super) fn sentence(statement: &Statement<'_>, f: &mut Formatter<'_>) -> fmt::Result {
    let mut statement = *statement;
    match &mut statement {
        Statement::Finding { finding, count } => finding::words(finding, *count, f)?,
        Statement::Reset { sender, fact } => reset::words(*fact, *sender, f)?,
        Statement::DoubtedReset { sender, fact } => reset::doubted(*fact, *sender, f)?,
        Statement::Doubt { sender, fact } => doubt::words(*fact, *sender, f)?,
        Statement::Handshake { sender, fact } => handshake::words(*fact, *sender, f)?,
        // The sections are those of the options that were listed.
        Statement::Offers { offers, .. } => *offers = offers::words(*offers, f)?,
        Statement::Teardown { sender, fact } => teardown::words(*fact, *sender, f)?,
        Statement::Window { sender, fact } => window::words(*fact, *sender, f)?,
        Statement::Data { sender, fact } => data::words(*fact, *sender, f)?,
        Statement::Ack { sender, fact } => acknowledgement::words(*fact, *sender, f)?,
        Statement::RepeatedAck { sender, fact } => acknowledgement::repeated(*fact, *sender, f)?,
        Statement::Sack { sack, .. } => sack::words(*sack, f)?,
    }
    let section = statement.section();
    if !section.is_empty() {
        write!(f, " [{section}]")?;
    }
    f.write_char('.')
}

/// Writes the sentence about a diagnosis.
pub(super) fn diagnosis(diagnosis: &Diagnosis, f: &mut Formatter<'_>) -> fmt::Result {
    diagnosis::words(diagnosis, f)?;
    f.write_char('.')
}

/// Writes the sentence about a verdict.
pub(super) fn verdict(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    verdict::words(verdict, f)?;
    f.write_char('.')
}

/// The advice that belongs to a verdict: whole sentences.
pub(super) const fn advice(verdict: &Verdict) -> Option<&'static str> {
    verdict::advice(verdict)
}

/// The end that sent the segment, and the other.
const fn ends(sender: Side) -> (&'static str, &'static str) {
    (sender.name(), sender.peer().name())
}

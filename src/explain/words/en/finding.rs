//! What went wrong, one finding a sentence, with the evidence.

mod capture;
mod receiver;
mod repeated;
mod reset;

use std::fmt::{self, Formatter, Write as _};

use crate::track::event::Event;
use crate::track::finding::{Earlier, Finding};

use crate::explain::Ascii;
use crate::explain::duration::Span;
use crate::explain::number::{Count, Octets};
use crate::explain::rules::draft::Prose;

/// A finding in one sentence of ASCII, with the section that justifies it. Numbers count from the ISN.
pub fn finding(finding: &Finding) -> impl fmt::Display + use<> {
    Sentence { finding: *finding, count: Count::FROM_ISN }
}

/// The findings of an event, the capture's doing first.
pub(in crate::explain) fn findings(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    for finding in event.findings.iter().filter(|finding| !reset::is_told(finding)) {
        let proves = matches!(finding, Finding::ProvedSpurious { .. });
        let sentence = Sentence { finding: *finding, count: if proves { prose.acked } else { prose.sent } };
        if matches!(finding, Finding::CaptureDuplicate { .. }) {
            return prose.conclude(format_args!("{}", Words(&sentence)), "");
        }
        prose.say(format_args!("{}", Words(&sentence)), section(finding))?;
    }
    Ok(())
}

/// A finding, and how its numbers are shown.
struct Sentence {
    finding: Finding,
    count: Count,
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(Ascii(f), "{}", Words(self))?;
        match section(&self.finding) {
            "" => f.write_str("."),
            section => write!(f, " [{section}]."),
        }
    }
}

/// The sentence without its section.
struct Words<'s>(&'s Sentence);

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let finding = &self.0.finding;
        match finding {
            Finding::CaptureDuplicate { .. }
            | Finding::Truncated { .. }
            | Finding::SuperSegment { .. }
            | Finding::ClockBackwards { .. }
            | Finding::OneSided { .. }
            | Finding::MissedByCapture { .. } => capture::words(finding, f),
            Finding::Retransmission { .. }
            | Finding::ProvedSpurious { .. }
            | Finding::Reordering { .. }
            | Finding::NetworkDuplicate { .. }
            | Finding::LateOrLost { .. } => repeated::words(finding, self.0.count, f),
            Finding::Reset { cause, certainty } => reset::words(*cause, *certainty, f),
            _ => receiver::words(finding, f),
        }
    }
}

/// Where the rule stands; empty for what only concerns the capture.
fn section(finding: &Finding) -> &'static str {
    match finding {
        Finding::Retransmission { cause, .. } => repeated::section(*cause),
        Finding::ProvedSpurious { proof, .. } => repeated::proof_section(*proof),
        Finding::Reordering { .. } | Finding::NetworkDuplicate { .. } | Finding::LateOrLost { .. } => {
            "RFC 9293 3.10.7.4"
        }
        Finding::Reset { cause, .. } => reset::section(*cause),
        Finding::ZeroWindow { .. } => "RFC 9293 3.8.6.1",
        Finding::WindowFull { .. } => "RFC 9293 3.8.6",
        Finding::PathMtu { .. } => "RFC 1191 3, RFC 8201 3",
        Finding::KeepAliveDeath { .. } => "RFC 9293 3.8.4",
        Finding::SynUnanswered { .. } => "RFC 9293 3.8.3",
        Finding::ScalingStripped { .. } => "RFC 7323 2.2",
        _ => "",
    }
}

/// `octets 5 to 9`, from the first number and the one after the last.
fn octets((first, end): (i64, i64), count: Count) -> Octets {
    count.octets(first, end.abs_diff(first))
}

/// ` 212 ms`, or nothing where the capture gives no time.
struct After(Option<i64>);

impl fmt::Display for After {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(nanos) => write!(f, " {}", Span { nanos, ascii: false }),
            None => Ok(()),
        }
    }
}

/// `frame 6, 212 ms before`, or `frame 6`.
struct Before(Earlier);

impl fmt::Display for Before {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "frame {}", self.0.frame)?;
        if self.0.ago.is_some() { write!(f, ",{} before", After(self.0.ago)) } else { Ok(()) }
    }
}

/// `s` where there are several.
fn plural(number: u64) -> &'static str {
    if number == 1 { "" } else { "s" }
}

#[cfg(test)]
mod tests;

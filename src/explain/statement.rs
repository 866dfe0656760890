//! What there is to say, before it is said in any language.
//!
//! A [`Statement`] is a fact with its numbers, its evidence and the section that justifies it. It holds no word of a
//! sentence: `words` renders it, one language a folder. Each topic is a table, one row a fact.

mod acknowledgement;
mod data;
mod doubt;
mod finding;
mod handshake;
mod offers;
mod reset;
mod sack;
mod teardown;
mod window;

use std::fmt::{self, Formatter};

use crate::track::finding::Finding;
use crate::track::flow::Side;

use super::number::Count;

pub use self::acknowledgement::{AckAnswer, AckFact, Control, RepeatedAckFact};
pub use self::data::DataFact;
pub use self::doubt::DoubtFact;
pub use self::finding::Previous;
pub use self::handshake::HandshakeFact;
pub use self::offers::{Offer, Offers};
pub use self::reset::{DoubtedResetFact, ResetFact};
pub use self::sack::Sack;
pub use self::teardown::TeardownFact;
pub use self::window::{WindowFact, WindowSize};

/// Defines [`Statement`]: a row a topic whose facts are a table of their own.
macro_rules! topics {
    ($($(#[$doc:meta])* $topic:ident of $facts:ident,)*) => {
        /// One thing that there is to say about a segment or a connection.
        ///
        /// `sender` is the end that sent the segment. What a finding needs to know of the ends, it holds itself, since
        /// some are about a whole connection.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[non_exhaustive]
        pub enum Statement<'e> {
            /// What went wrong, or what the capture did.
            Finding {
                /// The finding, with its evidence.
                finding: Finding,
                /// How numbers of the end that sent the finding's octets are shown.
                count: Count,
            },
            /// The options of a SYN.
            Offers {
                /// Who sent it.
                sender: Side,
                /// What its sender offers or agrees to; one at least.
                offers: Offers<'e>,
            },
            /// Selective acknowledgements (RFC 2018, RFC 2883).
            Sack {
                /// Who sent them.
                sender: Side,
                /// What they report.
                sack: Sack<'e>,
            },
            $($(#[$doc])* $topic {
                /// Who sent the segment.
                sender: Side,
                /// What there is to say of it.
                fact: $facts,
            },)*
        }

        impl<'e> Statement<'e> {
            /// The topics that are tables, each with the names of its facts.
            pub const TOPICS: &'static [(&'static str, &'static [&'static str])] =
                &[$((stringify!($topic), $facts::NAMES),)*];

            /// Where the rule stands; empty for what only concerns the capture.
            pub fn section(&self) -> Section<'e> {
                Section::One(match self {
                    Self::Finding { finding, .. } => finding::section(finding),
                    Self::Offers { offers, .. } => return Section::Offers(*offers),
                    Self::Sack { sack, .. } => sack.section(),
                    $(Self::$topic { fact, .. } => fact.section(),)*
                })
            }

            /// The topic and the name of the fact: `Window`, `KeepAlive`.
            pub fn name(&self) -> (&'static str, &'static str) {
                match self {
                    Self::Finding { finding, .. } => ("Finding", finding.kind().name()),
                    Self::Offers { .. } => ("Offers", ""),
                    Self::Sack { .. } => ("Sack", ""),
                    $(Self::$topic { fact, .. } => (stringify!($topic), fact.name()),)*
                }
            }
        }

        $(impl Fact for $facts {
            fn stated_of(self, sender: Side) -> Statement<'static> {
                Statement::$topic { sender, fact: self }
            }
        })*
    };
}

topics! {
    /// A RST that its receiver believes (RFC 9293, section 3.5.3).
    Reset of ResetFact,
    /// A RST that its receiver does not believe, or that comes too late (RFC 5961, section 3).
    DoubtedReset of DoubtedResetFact,
    /// A segment that does not belong where it is, or whose place is not known.
    Doubt of DoubtFact,
    /// A step of the opening (RFC 9293, section 3.5).
    Handshake of HandshakeFact,
    /// A step of the close (RFC 9293, section 3.6).
    Teardown of TeardownFact,
    /// A keep-alive, a probe, or news of a window (RFC 9293, sections 3.8.4 and 3.8.6).
    Window of WindowFact,
    /// Octets on their way.
    Data of DataFact,
    /// An acknowledgement (RFC 9293, section 3.4).
    Ack of AckFact,
    /// An acknowledgement that repeats the last one (RFC 5681, section 2).
    RepeatedAck of RepeatedAckFact,
}

/// The sections of the RFCs that justify a statement, as they are cited: `RFC 9293 3.5, figure 7`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Section<'e> {
    /// Sections that are known beforehand.
    One(&'static str),
    /// The sections of these options.
    Offers(Offers<'e>),
}

impl Section<'_> {
    /// Is there none, since the statement only concerns the capture?
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::One(""))
    }
}

impl fmt::Display for Section<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(section) => f.write_str(section),
            Self::Offers(offers) => offers.write_sections(f),
        }
    }
}

/// A fact of one topic, which becomes a statement with the end that sent the segment.
pub(super) trait Fact {
    /// The statement that `sender` gives rise to.
    fn stated_of(self, sender: Side) -> Statement<'static>;
}

/// Defines the facts of a topic as a table: a row has a sentence, a name, the fields that words need, and the section,
/// which may depend on the fields.
macro_rules! facts {
    ($(#[$meta:meta])* $topic:ident {
        $($(#[$doc:meta])* $fact:ident $({ $($(#[$of_field:meta])* $field:ident: $type:ty,)* })? = $section:expr,)*
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[non_exhaustive]
        pub enum $topic {
            $($(#[$doc])* $fact $({ $($(#[$of_field])* $field: $type,)* })?,)*
        }

        impl $topic {
            /// The names of all facts.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($fact),)*];

            /// The fact's name.
            pub const fn name(&self) -> &'static str {
                match self { $(Self::$fact { .. } => stringify!($fact),)* }
            }

            /// Where the rule stands; empty for what only concerns the capture.
            #[allow(unused_variables)] // Few sections depend on a field.
            pub const fn section(&self) -> &'static str {
                match self { $(Self::$fact { $($($field),*)? } => $section,)* }
            }
        }
    };
}
use facts;

//! Objects of the records, and the values of their fields.

use std::net::IpAddr;

use crate::track::congestion::{Congestion, LimitedBy, PhaseSpan};
use crate::track::diagnosis::{Common, Diagnosis, Network};
use crate::track::event::{Delivery, Event};
use crate::track::finding::{Finding, Findings, Signs};
use crate::track::label::{Analysis, Labels};
use crate::track::measures::{Measures, Rtt, TimeSpent};
use crate::track::report::{HalfReport, Report};
use crate::track::state::States;
use crate::track::totals::Totals;
use crate::track::verdict::{Owed, Verdict};
use crate::wire::flags::Flags;
use crate::wire::frame::{FrameInfo, LinkType, Timestamp};
use crate::wire::options::{Options, SackBlocks, TcpOption};
use crate::wire::path::Path;
use crate::wire::segment::{Endpoint, IpFacts};
use crate::wire::seq::SeqNumber;
use crate::wire::skip;
use crate::wire::source::{Interface, SourceInfo};
use crate::wire::window::{Window, WindowField};

use super::shape::Shape;
use super::{
    capture, congestion, connection, diagnosis, end, finding, option, parts, records, segment, verdict,
};

/// The value of a field.
#[derive(Clone, Copy, Debug)]
pub enum Value<'v> {
    /// A value that is not known, or was not measured.
    Unknown,
    /// The object has no such field.
    Absent,
    /// A whole number.
    Number(u64),
    /// A whole number that may be negative.
    Signed(i64),
    /// A real number.
    Real(f64),
    /// A duration in nanoseconds.
    Nanos(i64),
    /// A time.
    Time(Timestamp),
    /// True or false.
    Is(bool),
    /// One of this program's own names.
    Name(&'static str),
    /// Text from a capture, or from whoever named it.
    Text(&'v str),
    /// An address.
    Addr(IpAddr),
    /// Octets.
    Octets(&'v [u8]),
    /// A link type by its name.
    Link(LinkType),
    /// The sentence about a finding, which a view words.
    Sentence(&'v Finding),
    /// The sentence about a verdict, which a view words.
    Judgement(&'v Verdict),
    /// The sentence about a diagnosis, which a view words.
    Diagnosed(&'v Diagnosis),
    /// An endpoint, or a host where the port is not known, as text.
    Server(IpAddr, Option<u16>),
    /// A network as text.
    Network(Network),
    /// The advice that belongs to a verdict, which a view words; `null` where there is none.
    Advice(&'v Verdict),
    /// An object.
    Object(Object<'v>),
    /// Several values.
    List(List<'v>),
}

/// Several values.
#[derive(Clone, Copy, Debug)]
pub enum List<'v> {
    /// VLAN numbers; 0 is none.
    Vlans([u16; 2]),
    /// The first octet and the one after the last.
    Range((i64, i64)),
    /// Names of control bits.
    Flags(Flags),
    /// Names of labels.
    Labels(Labels),
    /// Names that Wireshark gives.
    Analysis(Analysis),
    /// Names of signs.
    Signs(Signs),
    /// Options.
    Options(&'v Options<'v>),
    /// Pairs of sequence numbers.
    Blocks(SackBlocks<'v>),
    /// Counters of 24 bits.
    Counters(&'v [u8]),
    /// The findings of a segment.
    Findings(&'v [Finding]),
    /// The first findings of a connection, each with its frame.
    First(&'v [(u64, Finding)]),
    /// Verdicts.
    Verdicts(&'v [Verdict]),
    /// Numbers of frames, or of octets.
    Frames(&'v [u64]),
    /// Phases of congestion control.
    Phases(&'v [PhaseSpan]),
    /// The interfaces of a capture.
    Interfaces(&'v [Interface]),
    /// The number of findings of each kind.
    Counts(&'v Findings),
    /// The number of findings of each cause, by kind.
    Causes(&'v Findings),
}

/// An object that has fields.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Object<'v> {
    Capture(&'v SourceInfo),
    Interface(&'v Interface),
    Segment(&'v Event<'v>),
    Endpoint(&'v Endpoint),
    Path(&'v Path),
    Ip(&'v IpFacts),
    Delivery(&'v Delivery),
    States(&'v States),
    Option(&'v TcpOption<'v>),
    Connection(&'v Report),
    End(End<'v>),
    RoundTrips(&'v Rtt),
    TimeSpent(&'v TimeSpent),
    Findings(&'v Findings),
    Finding(&'v Finding),
    FindingAt(&'v (u64, Finding)),
    Verdict(&'v Verdict),
    Owed(&'v Owed),
    Congestion(&'v Congestion),
    Phase(&'v PhaseSpan),
    LimitedBy(&'v LimitedBy),
    Diagnosis(&'v Diagnosis),
    Common(&'v Common),
    Datagram(&'v Datagram<'v>),
    Skipped(&'v Skipped),
    Summary(&'v Totals),
}

/// One end of a connection: where it is, and what it sent.
#[derive(Clone, Copy, Debug)]
pub struct End<'v> {
    /// Address and port.
    pub endpoint: &'v Endpoint,
    /// The half that this end sent.
    pub sent: &'v HalfReport,
}

impl<'v> End<'v> {
    /// A value from this end's measurements; [`Value::Unknown`] where nothing was measured.
    #[inline]
    pub(super) fn measured(self, get: impl FnOnce(&'v Measures) -> Value<'v>) -> Value<'v> {
        self.sent.measures.as_deref().map_or(Value::Unknown, get)
    }
}

/// A UDP datagram and its frame.
#[derive(Clone, Copy, Debug)]
pub struct Datagram<'v> {
    /// The frame that completed the datagram.
    pub frame: FrameInfo,
    /// The datagram.
    pub datagram: &'v skip::Datagram,
}

/// The number of frames that have no TCP segment for one reason.
#[derive(Clone, Copy, Debug)]
pub struct Skipped {
    /// The reason.
    pub reason: &'static str,
    /// The number of frames.
    pub frames: u64,
}

impl Object<'_> {
    /// The table of the object's fields.
    pub fn shape(self) -> &'static Shape {
        match self {
            Self::Capture(_) => &capture::CAPTURE,
            Self::Interface(_) => &capture::INTERFACE,
            Self::Segment(_) => &segment::SEGMENT,
            Self::Endpoint(_) => &parts::ENDPOINT,
            Self::Path(_) => &parts::PATH,
            Self::Ip(_) => &parts::IP,
            Self::Delivery(_) => &parts::DELIVERY,
            Self::States(_) => &parts::STATES,
            Self::Option(_) => &option::OPTION,
            Self::Connection(_) => &connection::CONNECTION,
            Self::End(_) => &end::END,
            Self::RoundTrips(_) => &parts::ROUND_TRIPS,
            Self::TimeSpent(_) => &parts::TIME_SPENT,
            Self::Findings(_) => &finding::FINDINGS,
            Self::Finding(_) => &finding::FINDING,
            Self::FindingAt(_) => &finding::FINDING_AT,
            Self::Verdict(_) => &verdict::VERDICT,
            Self::Owed(_) => &verdict::OWED,
            Self::Congestion(_) => &congestion::CONGESTION,
            Self::Phase(_) => &congestion::PHASE,
            Self::LimitedBy(_) => &congestion::LIMITED_BY,
            Self::Diagnosis(_) => &diagnosis::DIAGNOSIS,
            Self::Common(_) => &diagnosis::COMMON,
            Self::Datagram(_) => &records::DATAGRAM,
            Self::Skipped(_) => &records::SKIPPED,
            Self::Summary(_) => &records::SUMMARY,
        }
    }
}

/// A getter: to each kind of object its own.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Get {
    /// The object is written by hand.
    None,
    Capture(for<'v> fn(&'v SourceInfo) -> Value<'v>),
    Interface(for<'v> fn(&'v Interface) -> Value<'v>),
    Segment(for<'v> fn(&'v Event<'v>) -> Value<'v>),
    Endpoint(for<'v> fn(&'v Endpoint) -> Value<'v>),
    Path(for<'v> fn(&'v Path) -> Value<'v>),
    Ip(for<'v> fn(&'v IpFacts) -> Value<'v>),
    Delivery(for<'v> fn(&'v Delivery) -> Value<'v>),
    States(for<'v> fn(&'v States) -> Value<'v>),
    Option(for<'v> fn(&'v TcpOption<'v>) -> Value<'v>),
    Connection(for<'v> fn(&'v Report) -> Value<'v>),
    End(for<'v> fn(End<'v>) -> Value<'v>),
    RoundTrips(for<'v> fn(&'v Rtt) -> Value<'v>),
    TimeSpent(for<'v> fn(&'v TimeSpent) -> Value<'v>),
    Findings(for<'v> fn(&'v Findings) -> Value<'v>),
    Finding(for<'v> fn(&'v Finding) -> Value<'v>),
    FindingAt(for<'v> fn(&'v (u64, Finding)) -> Value<'v>),
    Verdict(for<'v> fn(&'v Verdict) -> Value<'v>),
    Owed(for<'v> fn(&'v Owed) -> Value<'v>),
    Congestion(for<'v> fn(&'v Congestion) -> Value<'v>),
    Phase(for<'v> fn(&'v PhaseSpan) -> Value<'v>),
    LimitedBy(for<'v> fn(&'v LimitedBy) -> Value<'v>),
    Diagnosis(for<'v> fn(&'v Diagnosis) -> Value<'v>),
    Common(for<'v> fn(&'v Common) -> Value<'v>),
    Datagram(for<'v> fn(&'v Datagram<'v>) -> Value<'v>),
    Skipped(for<'v> fn(&'v Skipped) -> Value<'v>),
    Summary(for<'v> fn(&'v Totals) -> Value<'v>),
}

impl Get {
    #[inline]
    pub(crate) fn of<'v>(self, object: Object<'v>) -> Value<'v> {
        match (self, object) {
            (Self::Capture(get), Object::Capture(source)) => get(source),
            (Self::Interface(get), Object::Interface(interface)) => get(interface),
            (Self::Segment(get), Object::Segment(event)) => get(event),
            (Self::Endpoint(get), Object::Endpoint(endpoint)) => get(endpoint),
            (Self::Path(get), Object::Path(path)) => get(path),
            (Self::Ip(get), Object::Ip(ip)) => get(ip),
            (Self::Delivery(get), Object::Delivery(delivery)) => get(delivery),
            (Self::States(get), Object::States(states)) => get(states),
            (Self::Option(get), Object::Option(option)) => get(option),
            (Self::Connection(get), Object::Connection(report)) => get(report),
            (Self::End(get), Object::End(end)) => get(end),
            (Self::RoundTrips(get), Object::RoundTrips(rtt)) => get(rtt),
            (Self::TimeSpent(get), Object::TimeSpent(spent)) => get(spent),
            (Self::Findings(get), Object::Findings(findings)) => get(findings),
            (Self::Finding(get), Object::Finding(finding) | Object::FindingAt((_, finding))) => get(finding),
            (Self::FindingAt(get), Object::FindingAt(at)) => get(at),
            (Self::Verdict(get), Object::Verdict(verdict)) => get(verdict),
            (Self::Owed(get), Object::Owed(owed)) => get(owed),
            (Self::Congestion(get), Object::Congestion(congestion)) => get(congestion),
            (Self::Phase(get), Object::Phase(span)) => get(span),
            (Self::LimitedBy(get), Object::LimitedBy(by)) => get(by),
            (Self::Diagnosis(get), Object::Diagnosis(diagnosis)) => get(diagnosis),
            (Self::Common(get), Object::Common(common)) => get(common),
            (Self::Datagram(get), Object::Datagram(datagram)) => get(datagram),
            (Self::Skipped(get), Object::Skipped(skipped)) => get(skipped),
            (Self::Summary(get), Object::Summary(totals)) => get(totals),
            _ => Value::Absent,
        }
    }
}

macro_rules! from {
    ($($type:ty => |$value:ident| $made:expr;)*) => {
        $(impl<'v> From<$type> for Value<'v> {
            #[inline]
            fn from($value: $type) -> Self {
                $made
            }
        })*
    };
}

from! {
    u8 => |n| Self::Number(n.into());
    u16 => |n| Self::Number(n.into());
    u32 => |n| Self::Number(n.into());
    u64 => |n| Self::Number(n);
    usize => |n| Self::Number(n as u64);
    f64 => |n| if n.is_finite() { Self::Real(n) } else { Self::Unknown };
    bool => |yes| Self::Is(yes);
    &'static str => |name| Self::Name(name);
    IpAddr => |addr| Self::Addr(addr);
    Timestamp => |time| Self::Time(time);
    SeqNumber => |seq| Self::Number(seq.0.into());
    WindowField => |window| Self::Number(window.0.into());
    Window => |window| Self::Number(window.0.into());
    &'v Endpoint => |endpoint| Self::Object(Object::Endpoint(endpoint));
    &'v States => |states| Self::Object(Object::States(states));
    &'v Rtt => |rtt| Self::Object(Object::RoundTrips(rtt));
    &'v TimeSpent => |spent| Self::Object(Object::TimeSpent(spent));
    &'v Owed => |owed| Self::Object(Object::Owed(owed));
    &'v Congestion => |congestion| Self::Object(Object::Congestion(congestion));
}

/// `null` for the plain path.
impl<'v> From<&'v Path> for Value<'v> {
    fn from(path: &'v Path) -> Self {
        if path.is_none() { Self::Unknown } else { Self::Object(Object::Path(path)) }
    }
}

impl<'v, T: Into<Value<'v>>> From<Option<T>> for Value<'v> {
    #[inline]
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Unknown, Into::into)
    }
}

/// A duration, where it is known.
#[inline]
pub(crate) fn nanos<'v>(nanos: Option<i64>) -> Value<'v> {
    nanos.map_or(Value::Unknown, Value::Nanos)
}

/// A duration that is a mean: whole nanoseconds are exact enough.
#[inline]
pub(super) fn mean_nanos<'v>(mean: Option<f64>) -> Value<'v> {
    nanos(mean.filter(|nanos| nanos.is_finite()).map(|nanos| nanos.round() as i64))
}

/// From one time to another, where both are known.
#[inline]
pub(crate) fn between<'v>(start: Option<Timestamp>, end: Option<Timestamp>) -> Value<'v> {
    nanos(start.zip(end).map(|(start, end)| end.nanos_since(start)))
}

//! Facts about a field that do not depend on a value.

use super::value::{Get, Object, Value};

/// A table of the registry: the fields of one kind of object, in the order in which they are written.
#[derive(Debug)]
pub struct Shape {
    /// The name of the definition in the JSON Schema.
    pub name: &'static str,
    /// One sentence.
    pub about: &'static str,
    /// The fields.
    pub fields: &'static [Field],
    /// Which of the fields stand together, where that depends on one of them.
    pub variants: &'static [Variant],
}

impl Shape {
    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// One of several forms that objects of a [`Shape`] have. Fields that no variant names stand in all of them.
#[derive(Debug)]
pub struct Variant {
    /// The field whose value selects the variant.
    pub by: &'static str,
    /// The value that selects this variant.
    pub name: &'static str,
    /// The fields that this variant has beside the common ones.
    pub fields: &'static [&'static str],
    /// The types to which the common fields are restricted.
    pub only: &'static [(&'static str, Type)],
}

/// A field of a record: one row of the registry.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The name in ndjson, below that of the object around it.
    pub name: &'static str,
    /// `,"name":`, as it stands in a record.
    pub(crate) key: &'static str,
    /// Names of the same thing in Wireshark and Zeek. Those of an end are the originator's: `orig_` stands for `resp_`
    /// at the server's.
    pub aliases: &'static [&'static str],
    /// The type of the field's values.
    pub kind: Type,
    /// The unit of the field's values.
    pub unit: Unit,
    /// When the field is known; `None`: when the object around it is.
    pub known: Option<Known>,
    /// Whether the field may be `null`, for a value that is not known.
    pub nullable: bool,
    /// The records that have the field; `None`: all.
    pub when: Option<&'static str>,
    /// One sentence without the full stop.
    pub about: &'static str,
    /// The source of the meaning: an RFC with its section.
    pub source: Option<&'static str>,
    /// The field's place among the columns of CSV: those of batch 0 first. `None`: the field has no column, or those of
    /// its parts.
    pub(crate) batch: Option<u8>,
    pub(crate) get: Get,
}

impl Field {
    pub(crate) const fn new(
        name: &'static str,
        key: &'static str,
        kind: Type,
        get: Get,
        about: &'static str,
    ) -> Self {
        Self {
            name,
            key,
            aliases: &[],
            kind,
            unit: if matches!(kind, Type::Duration | Type::Time) { Unit::Seconds } else { Unit::None },
            known: None,
            nullable: false,
            when: None,
            about,
            source: None,
            batch: None,
            get,
        }
    }

    pub(crate) const fn alias(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    pub(crate) const fn unit(self, unit: Unit) -> Self {
        Self { unit, ..self }
    }

    pub(crate) const fn known(self, known: Known) -> Self {
        Self { known: Some(known), ..self }
    }

    /// The field, which may be `null`.
    pub(crate) const fn or_null(self) -> Self {
        Self { nullable: true, ..self }
    }

    pub(crate) const fn when(self, when: &'static str) -> Self {
        Self { when: Some(when), ..self }
    }

    pub(crate) const fn source(self, source: &'static str) -> Self {
        Self { source: Some(source), ..self }
    }

    pub(crate) const fn batch(self, batch: u8) -> Self {
        Self { batch: Some(batch), ..self }
    }

    /// The field's value in `object`; [`Value::Absent`] where the object has no such field.
    #[inline]
    pub fn of<'v>(&self, object: Object<'v>) -> Value<'v> {
        self.get.of(object)
    }
}

/// The type of a field's values.
#[derive(Clone, Copy, Debug)]
pub enum Type {
    /// A whole number between these, both included; `None`: no bound.
    Whole(Option<i64>, Option<i64>),
    /// One of these whole numbers.
    Among(&'static [i64]),
    /// A real number, not negative, with three decimals at most.
    Real,
    /// A duration: seconds with nine decimals at most, negative where the clock ran backwards.
    Duration,
    /// A time: a string of seconds since 1970-01-01 00:00:00 UTC with nine decimals.
    Time,
    /// True or false.
    Boolean,
    /// An IPv4 or IPv6 address.
    Address,
    /// One name of a list.
    Name(&'static Names),
    /// Several names of a list, each once.
    Set(&'static Names),
    /// Text; a regular expression that it fits.
    Text(Option<&'static str>),
    /// Octets, two hexadecimal digits each.
    Octets,
    /// An object.
    Object(&'static Shape),
    /// A list of objects, and the most that it holds.
    List(&'static Shape, Option<usize>),
    /// A list of whole numbers up to `most`; how many there are at least, and at most.
    Wholes(Option<i64>, Option<i64>, usize, usize),
    /// A list of pairs of sequence numbers, at most so many.
    Pairs(usize),
    /// A list of texts.
    Texts,
    /// An object that counts names: only those that occurred.
    Counts(&'static Names),
    /// An object of such objects: which names occurred, and what of the second list with each.
    CountsOf(&'static Names, &'static Names),
}

impl Type {
    /// One word for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Whole(..) | Self::Among(_) => "number",
            Self::Real => "real",
            Self::Duration => "duration",
            Self::Time => "time",
            Self::Boolean => "boolean",
            Self::Address => "address",
            Self::Name(_) => "name",
            Self::Set(_) => "names",
            Self::Text(_) => "text",
            Self::Octets => "octets",
            Self::Object(_) | Self::Counts(_) | Self::CountsOf(..) => "object",
            Self::List(..) | Self::Wholes(..) | Self::Pairs(_) | Self::Texts => "list",
        }
    }
}

/// The unit of a field's values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Unit {
    None,
    Octets,
    OctetsPerSecond,
    Seconds,
    Segments,
    Frames,
    Connections,
    Percent,
    Permyriad,
}

impl Unit {
    /// The name; empty where nothing is counted.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Octets => "octets",
            Self::OctetsPerSecond => "octets/s",
            Self::Seconds => "s",
            Self::Segments => "segments",
            Self::Frames => "frames",
            Self::Connections => "connections",
            Self::Percent => "%",
            Self::Permyriad => "0.01 %",
        }
    }
}

/// When a field is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Known {
    /// Before the first frame of the source.
    Source,
    /// With the frame or the segment.
    Segment,
    /// With the first segment of the connection.
    FirstSegment,
    /// When the connection is over.
    End,
    /// When the source is over.
    SourceEnd,
}

impl Known {
    /// The name: one word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Segment => "segment",
            Self::FirstSegment => "first",
            Self::End => "end",
            Self::SourceEnd => "summary",
        }
    }
}

/// A list of names.
#[derive(Debug)]
pub struct Names {
    /// The name of the definition in the JSON Schema.
    pub name: &'static str,
    /// One sentence without the full stop.
    pub about: &'static str,
    pub(super) all: fn() -> Vec<&'static str>,
}

impl Names {
    /// Every name, in order.
    pub fn all(&self) -> Vec<&'static str> {
        (self.all)()
    }
}

/// Any whole number that is not negative.
pub(crate) const COUNT: Type = Type::Whole(Some(0), None);
/// The number of a frame.
pub(super) const FRAME: Type = Type::Whole(Some(1), None);
pub(super) const U8: Type = Type::Whole(Some(0), Some(u8::MAX as i64));
pub(super) const U16: Type = Type::Whole(Some(0), Some(u16::MAX as i64));
pub(super) const U32: Type = Type::Whole(Some(0), Some(u32::MAX as i64));
/// One sentence for people.
pub(super) const SENTENCE: Type = Type::Text(Some("."));
/// Any text.
pub(super) const TEXT: Type = Type::Text(None);

/// Rows of the registry: `"name": type, getter, "one sentence" => further facts;`.
macro_rules! rows {
    ($object:ident: $($name:literal: $kind:expr, $get:expr, $about:literal
        $(=> $($fact:ident($($arg:expr),*))+)?;)*) => {
        [$($crate::field::shape::Field::new(
            $name,
            concat!(",\"", $name, "\":"),
            $kind,
            $crate::field::value::Get::$object($get),
            $about,
        )$($(.$fact($($arg),*))+)?,)*]
    };
}

/// Like [`rows`], of objects that are written by hand: without getters.
macro_rules! bare_rows {
    ($($name:literal: $kind:expr, $about:literal $(=> $($fact:ident($($arg:expr),*))+)?;)*) => {
        [$($crate::field::shape::Field::new(
            $name,
            concat!(",\"", $name, "\":"),
            $kind,
            $crate::field::value::Get::None,
            $about,
        )$($(.$fact($($arg),*))+)?,)*]
    };
}

pub(super) use bare_rows;
pub(crate) use rows;

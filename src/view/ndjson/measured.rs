//! What was measured, as fields.

use crate::track::measures::{Measures, Rtt, TimeSpent};
use crate::view::numbers::{self, Number};

use super::object::Object;
use super::put::{Put, Seconds};

impl Put for Number<'_> {
    fn put(&self, line: &mut Vec<u8>) {
        match *self {
            Self::Count(n) => n.put(line),
            Self::Known(n) => n.put(line),
            Self::Nanos(nanos) => nanos.map(Seconds).put(line),
            Self::Real(n) => n.put(line),
            Self::Is(yes) => yes.put(line),
            Self::Rtt(rtt) => Group(rtt).put(line),
        }
    }
}

/// Adds the measurements of an end to its own fields.
pub(super) fn end(object: &mut Object<'_>, measures: &Measures) {
    numbers::end(measures, |name, number| object.field(name, number));
}

struct Group<'m>(&'m Rtt);

impl Put for Group<'_> {
    fn put(&self, line: &mut Vec<u8>) {
        let mut object = Object::new(line);
        numbers::rtt(self.0, |name, number| object.field(name, number));
        object.end();
    }
}

impl Put for TimeSpent {
    fn put(&self, line: &mut Vec<u8>) {
        let mut object = Object::new(line);
        numbers::spent(self, |name, number| object.field(name, number));
        object.end();
    }
}

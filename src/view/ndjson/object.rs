//! Objects whose keys depend on what they hold.

use super::put::Put;

/// An object whose keys are not all known beforehand. They are this program's own names and need no escaping.
pub(super) struct Object<'l> {
    line: &'l mut Vec<u8>,
    begun: usize,
}

impl<'l> Object<'l> {
    /// Begins one.
    pub(super) fn new(line: &'l mut Vec<u8>) -> Self {
        line.push(b'{');
        let begun = line.len();
        Self { line, begun }
    }

    /// Adds a field.
    pub(super) fn field(&mut self, key: &'static str, value: impl Put) {
        if self.line.len() > self.begun {
            self.line.push(b',');
        }
        key.put(self.line);
        self.line.push(b':');
        value.put(self.line);
    }

    /// Ends it.
    pub(super) fn end(self) {
        self.line.push(b'}');
    }
}

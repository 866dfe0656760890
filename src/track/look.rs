//! Looking at fields, for no other reason than that what stands around them is fetched from memory.

/// Somebody who looks.
pub(super) trait Look {
    /// Looks at a field.
    fn at<T: Copy>(&mut self, field: &T);
}

//! Looking at fields, for no other reason than that what stands around them is fetched from memory: see
//! `tracker/warm.rs`.

/// Somebody who looks: one fetches, another, in a test, notes where the fields are.
pub(super) trait Look {
    /// Looks at a field that is read as it is.
    fn at<T: Copy>(&mut self, field: &T);
}

//! Octets taken off the front; beyond the end they are zeros.

/// What is left of some octets.
#[derive(Clone, Copy, Debug)]
pub struct Take<'o>(pub &'o [u8]);

impl<'o> Take<'o> {
    /// Is nothing left?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next octet.
    pub fn octet(&mut self) -> u8 {
        let [octet] = self.array();
        octet
    }

    /// The next two, as a number.
    pub fn short(&mut self) -> u16 {
        u16::from_be_bytes(self.array())
    }

    /// So many, or as many as are left.
    pub fn octets(&mut self, count: usize) -> &'o [u8] {
        let (taken, left) = self.0.split_at(count.min(self.0.len()));
        self.0 = left;
        taken
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut array = [0; N];
        let taken = self.octets(N);
        array[..taken.len()].copy_from_slice(taken);
        array
    }
}

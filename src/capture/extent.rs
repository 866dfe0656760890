//! The length of a file, and how much of it has been read: on the disk, packed or not.

use std::fs;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The length of a regular file, and how far it was read. Reading ahead counts as read.
#[derive(Clone, Debug)]
pub struct Extent {
    /// Octets.
    pub size: u64,
    read: Arc<AtomicU64>,
}

impl Extent {
    /// Octets read so far.
    pub fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// The extent of a regular file, and the file, counted while it is read; pipes have none.
    pub(super) fn of(file: fs::File) -> (Option<Self>, Box<dyn Read + Send>) {
        let size = file.metadata().ok().filter(fs::Metadata::is_file).map(|metadata| metadata.len());
        let Some(size) = size else { return (None, Box::new(file)) };
        let read = Arc::new(AtomicU64::new(0));
        (Some(Self { size, read: Arc::clone(&read) }), Box::new(Counted { file, read }))
    }
}

struct Counted {
    file: fs::File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(into)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

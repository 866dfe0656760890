//! A file that mixes the frames of several interfaces or queues, which are put in order.

use super::{Advance, Batch, Error, File, Notice};
use crate::capture::merge::{Merge, Mixed};

/// Octets of frames that are given at once, and not many more.
const TOGETHER: usize = 1 << 20;

/// Frames put in order, the octets of those given last, and what comes behind all that wait.
#[derive(Debug)]
pub(super) struct Merged {
    mixed: Mixed,
    merge: Merge,
    store: Vec<u8>,
    /// The numbers in the file of the frames given last.
    numbers: Vec<u64>,
    /// Frames given so far.
    given: u64,
    behind: Option<Result<Option<Notice>, Error>>,
    /// Said once: how many were moved.
    told: bool,
}

impl Merged {
    fn new(mixed: Mixed) -> Self {
        let (store, numbers) = (Vec::new(), Vec::new());
        Self { mixed, merge: Merge::new(mixed), store, numbers, given: 0, behind: None, told: false }
    }

    /// Frames given so far.
    pub(super) fn given(&self) -> u64 {
        self.given
    }

    /// Whether something can be given without reading.
    pub(super) fn is_ready(&self) -> bool {
        self.merge.is_ready() || self.behind.is_some()
    }

    /// Gives away the octets of the frames that were given last, and the numbers.
    pub(super) fn give_away(&mut self) -> (Vec<u8>, Vec<u64>) {
        (std::mem::take(&mut self.store), std::mem::take(&mut self.numbers))
    }

    /// What is to be said once at the end of a file of which frames were moved.
    fn words(&mut self) -> Option<Notice> {
        let (frames, most) = self.merge.moved().filter(|_| !self.told)?;
        self.told = true;
        let by = most as f64 / 1e6;
        let were = if frames == 1 { "frame was" } else { "frames were" };
        let why = match self.mixed {
            Mixed::Interfaces => "the file mixes the frames of several interfaces",
            Mixed::Queues => "the file holds them behind later ones, as a capture of several queues does",
        };
        let message = format!("{frames} {were} put in order by time, by {by} ms at most: {why}");
        Some(Notice { frame: None, message })
    }
}

impl File {
    /// Puts its frames in order, where it is a regular file with several interfaces, or whose head shows several queues.
    /// What a pipe brings is given as it comes: nothing waits for what may not come.
    pub(super) fn merge(mut self) -> Self {
        let mixed = match self.info.interfaces.len() {
            _ if self.extent.is_none() => None,
            2.. => Some(Mixed::Interfaces),
            _ => self.mixes_queues().then_some(Mixed::Queues),
        };
        self.merged = mixed.map(|mixed| Box::new(Merged::new(mixed)));
        self
    }

    /// Whether frames may come in another order than that of their numbers, which are those in the file.
    pub fn reorders(&self) -> bool {
        self.merged.is_some()
    }

    /// The octets in which the frames of the last batch stand.
    pub(super) fn store(&self) -> &[u8] {
        self.merged.as_ref().map_or(self.buffer.store(), |merged| &merged.store)
    }

    /// The numbers of the frames of the last batch, where they are not in a row.
    pub(super) fn numbers(&self) -> &[u64] {
        self.merged.as_ref().map_or(&[], |merged| &merged.numbers)
    }

    /// Gathers the next frames in order, `most` at most, and says the number of the first; or comes upon a notice.
    pub(super) fn gather_merged(&mut self, most: usize) -> Result<Option<Batch<u64>>, Error> {
        let Some(mut merged) = self.merged.take() else { return Ok(None) };
        let batch = self.gather_into(&mut merged, most);
        self.merged = Some(merged);
        batch
    }

    fn gather_into(&mut self, merged: &mut Merged, most: usize) -> Result<Option<Batch<u64>>, Error> {
        merged.store.clear();
        merged.numbers.clear();
        while self.batch.len() < most && merged.store.len() < TOGETHER {
            if let Some(held) = merged.merge.pop() {
                let mut found = held.found;
                found.at = merged.store.len();
                merged.store.extend_from_slice(&held.octets);
                self.batch.push(found);
                merged.numbers.push(held.number);
            } else if merged.behind.is_some() {
                break;
            } else {
                match self.advance() {
                    Ok(Some(Advance::Frame(found))) => {
                        let octets = self.buffer.store().get(found.at..found.at + found.len as usize);
                        merged.merge.push(self.frames, found, octets.unwrap_or_default());
                    }
                    Ok(Some(Advance::Notice(notice))) => {
                        merged.merge.flush();
                        merged.behind = Some(Ok(Some(notice)));
                    }
                    Ok(None) => {
                        merged.merge.flush();
                        merged.behind = Some(Ok(None));
                    }
                    Err(error) => {
                        merged.merge.flush();
                        merged.behind = Some(Err(error));
                    }
                }
            }
        }
        if !self.batch.is_empty() {
            let first = merged.given + 1;
            merged.given += self.batch.len() as u64;
            return Ok(Some(Batch::Frames(first)));
        }
        let is_notice = matches!(merged.behind, Some(Ok(Some(_))));
        if !is_notice && let Some(notice) = merged.words() {
            return Ok(Some(Batch::Notice(notice)));
        }
        match merged.behind.take() {
            Some(behind) => behind.map(|notice| notice.map(Batch::Notice)),
            None => Ok(None),
        }
    }
}

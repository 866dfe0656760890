//! A thread that reads ahead, so that the next octets are here while the last are looked at; it also unpacks what is
//! compressed.
//!
//! Blocks go round: filled ones one way, empty ones back. No more are filled than wait to be taken up to a number, which
//! bounds the memory together with what is taken and not given back; and what one read brings is handed on at once, as
//! without the thread.

use std::io::{self, Read};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;

/// Blocks that are read ahead.
const AHEAD: usize = 4;
/// Empty blocks that are kept: as many as others look at.
const BLOCKS: usize = 24;
/// Octets that one read asks for at most.
const CAPACITY: usize = 256 * 1024;

/// Room before the octets of each block, for what is left of the one before: most records fit, so that a record across
/// two blocks is moved and the blocks are not.
pub(super) const HEADROOM: usize = 64 * 1024;

/// The end of the thread that is read from.
pub(super) struct Ahead {
    filled: Receiver<io::Result<Block>>,
    empty: SyncSender<Vec<u8>>,
    /// The next block, taken early to see whether it is there.
    next: Option<io::Result<Block>>,
}

/// What one read brought.
pub(super) struct Block {
    /// The octets stand behind [`HEADROOM`] ones that are free.
    pub(super) store: Vec<u8>,
    /// Where they end.
    pub(super) end: usize,
}

impl Ahead {
    /// Starts to read. Where no thread can be had, the source comes back.
    pub(super) fn start(source: Box<dyn Read + Send>) -> Result<Self, Box<dyn Read + Send>> {
        let (filled_in, filled) = mpsc::sync_channel(AHEAD);
        let (empty, empty_out) = mpsc::sync_channel(BLOCKS);
        // The source goes over once the thread is there.
        let (hand_over, take_over) = mpsc::channel();
        let thread = thread::Builder::new().name("read ahead".to_owned()).spawn(move || {
            if let Ok(source) = take_over.recv() {
                read(source, &filled_in, &empty_out);
            }
        });
        if thread.is_err() {
            return Err(source);
        }
        match hand_over.send(source) {
            Ok(()) => Ok(Self { filled, empty, next: None }),
            Err(mpsc::SendError(source)) => Err(source),
        }
    }

    /// The next block; `None` after the last. Waits for it.
    pub(super) fn next(&mut self) -> io::Result<Option<Block>> {
        match self.next.take().map_or_else(|| self.filled.recv(), Ok) {
            Ok(Ok(block)) if block.end == HEADROOM => Ok(None),
            Ok(block) => block.map(Some),
            // The thread says when it ends, unless it died.
            Err(_) => Err(io::Error::other("the thread that reads has died")),
        }
    }

    /// Whether the next block is there.
    pub(super) fn is_ready(&mut self) -> bool {
        if self.next.is_none() {
            self.next = self.filled.try_recv().ok();
        }
        self.next.is_some()
    }

    /// Gives a block back to be filled once more.
    pub(super) fn give_back(&self, store: Vec<u8>) {
        if store.len() == HEADROOM + CAPACITY {
            // It is not needed at the end of the input, nor where enough wait: a copy may happen to have a block's
            // size.
            let _ = self.empty.try_send(store);
        }
    }
}

/// Reads until the source ends or fails, or no more is wanted. The last block is empty.
fn read(mut source: Box<dyn Read + Send>, filled: &SyncSender<io::Result<Block>>, empty: &Receiver<Vec<u8>>) {
    loop {
        // A block that does not come back is not waited for: one that long frames have grown into does not.
        let store = empty.try_recv().unwrap_or_else(|_| vec![0; HEADROOM + CAPACITY]);
        let block = fill(&mut source, store);
        let goes_on = block.as_ref().is_ok_and(|block| block.end > HEADROOM);
        if filled.send(block).is_err() || !goes_on {
            return;
        }
    }
}

fn fill(source: &mut Box<dyn Read + Send>, mut store: Vec<u8>) -> io::Result<Block> {
    loop {
        match source.read(&mut store[HEADROOM..]) {
            Ok(read) => {
                let end = (HEADROOM + read).min(store.len());
                return Ok(Block { store, end });
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

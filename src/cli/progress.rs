//! A bar on standard error while a long file is read, where that is a terminal and nothing else is written there.

use crate::capture::extent::Extent;

/// The bar, if there is one.
pub(super) struct Progress {
    #[cfg(feature = "terminal")]
    shown: Option<Shown>,
}

#[cfg(feature = "terminal")]
mod bar {
    use std::io::{self, IsTerminal};

    use indicatif::{ProgressBar, ProgressStyle};

    use super::{Extent, Progress};

    /// Shorter files are read before a bar could be looked at.
    const LONG: u64 = 64 << 20;
    /// The number of frames after which the bar is updated.
    const EACH: u64 = 8192;

    pub(super) struct Shown {
        bar: ProgressBar,
        extent: Extent,
        frames: u64,
    }

    impl Progress {
        /// A bar for a long file; `silent`: nothing else is written while it is read.
        pub(in super::super) fn of(extent: Option<&Extent>, silent: bool) -> Self {
            let long = extent.filter(|extent| extent.size > LONG);
            let watched = io::stderr().is_terminal() && (silent || !io::stdout().is_terminal());
            Self { shown: long.filter(|_| watched).map(Shown::new) }
        }

        /// So many frames more were read.
        pub(in super::super) fn frames(&mut self, count: u64) {
            let Some(shown) = &mut self.shown else { return };
            shown.frames += count;
            if shown.frames >= EACH {
                shown.frames = 0;
                shown.bar.set_position(shown.extent.read());
            }
        }
    }

    impl Progress {
        /// The file is over: leaves the line as it was.
        pub(in super::super) fn end(self) {
            drop(self.shown);
        }
    }

    impl Shown {
        fn new(extent: &Extent) -> Self {
            let bar = ProgressBar::new(extent.size);
            let template = "{bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            Self { bar, extent: extent.clone(), frames: 0 }
        }
    }

    /// Leaves the line as it was.
    impl Drop for Shown {
        fn drop(&mut self) {
            self.bar.finish_and_clear();
        }
    }
}

#[cfg(feature = "terminal")]
use bar::Shown;

#[cfg(not(feature = "terminal"))]
impl Progress {
    /// None: no terminal is asked.
    pub(super) fn of(_: Option<&Extent>, _: bool) -> Self {
        Self {}
    }

    /// So many frames more were read.
    pub(super) fn frames(&mut self, _: u64) {}

    /// The file is over.
    pub(super) fn end(self) {}
}

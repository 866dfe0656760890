//! All views at once.

use std::io;

use tcpscope::explain::Language;
use tcpscope::track::event::Event;
use tcpscope::track::report::Report;
use tcpscope::view::connections::Connections;
use tcpscope::view::csv::Csv;
use tcpscope::view::ladder::Ladder;
use tcpscope::view::ndjson::Ndjson;
use tcpscope::view::sort::{Key, Sorted};
use tcpscope::view::states::States;
use tcpscope::view::style::{Detail, Style, TimeFormat};
use tcpscope::view::summary::Summary;
use tcpscope::view::text::Text;
use tcpscope::view::{Totals, View};
use tcpscope::wire::frame::Frame;
use tcpscope::wire::skip::Skip;
use tcpscope::wire::source::{Notice, SourceInfo};

use crate::clean::{Machine, People};

/// Hands all that is to be shown to every view.
pub struct Views(Vec<Box<dyn View>>);

impl Views {
    /// Every view; `how` says in which style, bit by bit.
    pub fn new(how: u8) -> Self {
        let ascii = how & 1 != 0;
        let style = Style {
            width: if how & 2 != 0 { 64 } else { 120 },
            color: false,
            ascii,
            absolute: how & 4 != 0,
            time: [TimeFormat::Relative, TimeFormat::Delta, TimeFormat::Epoch, TimeFormat::Utc]
                [usize::from(how >> 3 & 3)],
            detail: Detail::Frames,
            hex: true,
            explain: true,
            language: Language::default(),
            datagrams: how & 2 == 0,
        };
        let people = || People::new(ascii);
        Self(vec![
            Box::new(Text::new(people(), style)),
            Box::new(Ladder::new(people(), style).holding(1 << 16)),
            Box::new(Connections::new(people(), style)),
            Box::new(Sorted::new(Key::Findings, 3, Connections::new(people(), style))),
            Box::new(Summary::new(people(), style)),
            Box::new(States::new(people(), style)),
            Box::new(Ndjson::new(Machine::default()).with_datagrams(style.datagrams)),
            Box::new(Csv::new(People::new(false))),
        ])
    }

    /// One of them alone, chosen by the upper bits of `how`.
    pub fn one(how: u8) -> Self {
        let mut all = Self::new(how).0;
        let at = usize::from(how >> 5) % all.len();
        Self(vec![all.swap_remove(at)])
    }

    fn each(&mut self, show: impl Fn(&mut dyn View) -> io::Result<()>) -> io::Result<()> {
        self.0.iter_mut().try_for_each(|view| show(view.as_mut()))
    }
}

impl View for Views {
    fn source(&mut self, source: &SourceInfo) -> io::Result<()> {
        self.each(|view| view.source(source))
    }

    fn event(&mut self, event: &Event<'_>, frame: &Frame<'_>) -> io::Result<()> {
        self.each(|view| view.event(event, frame))
    }

    fn skipped(&mut self, frame: &Frame<'_>, skip: &Skip, connection: Option<u64>) -> io::Result<()> {
        self.each(|view| view.skipped(frame, skip, connection))
    }

    fn notice(&mut self, notice: &Notice) -> io::Result<()> {
        self.each(|view| view.notice(notice))
    }

    fn connection(&mut self, report: &Report) -> io::Result<()> {
        self.each(|view| view.connection(report))
    }

    fn summary(&mut self, totals: &Totals) -> io::Result<()> {
        self.each(|view| view.summary(totals))
    }

    fn done(&mut self) -> io::Result<()> {
        self.each(|view| view.done())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.each(|view| view.flush())
    }
}

//! All views at once.

use std::io;

use tcpscope::explain::Language;
use tcpscope::query::sort::{Key, Order};
use tcpscope::track::observer::{Observation, Observer, Wants};
use tcpscope::view::chain::Chain;
use tcpscope::view::connections::Connections;
use tcpscope::view::csv::Csv;
use tcpscope::view::ladder::Ladder;
use tcpscope::view::ndjson::Ndjson;
use tcpscope::view::states::States;
use tcpscope::view::style::{Detail, Style, TimeFormat};
use tcpscope::view::summary::Summary;
use tcpscope::view::text::Text;

use crate::clean::{Machine, People};

/// Hands all that is to be shown to every view.
pub struct Views(Vec<Box<dyn Observer<Error = io::Error>>>);

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
        let worst = Order { key: Key::Findings, most: 3 };
        Self(vec![
            Box::new(Chain::new(Text::new(people(), style))),
            Box::new(Chain::new(Ladder::new(people(), style).holding(1 << 16))),
            Box::new(Chain::new(Connections::new(people(), style))),
            Box::new(Chain::new(Connections::new(people(), style)).sort(Some(worst))),
            Box::new(Chain::new(Summary::new(people(), style))),
            Box::new(Chain::new(States::new(people(), style))),
            Box::new(Chain::new(Ndjson::new(Machine::default()).with_datagrams(style.datagrams))),
            Box::new(Chain::new(Csv::new(People::new(false)))),
        ])
    }

    /// One of them alone, chosen by the upper bits of `how`.
    pub fn one(how: u8) -> Self {
        let mut all = Self::new(how).0;
        let at = usize::from(how >> 5) % all.len();
        Self(vec![all.swap_remove(at)])
    }
}

impl Observer for Views {
    type Error = io::Error;

    fn wants(&self) -> Wants {
        Wants::default()
    }

    fn observe(&mut self, observation: Observation<'_>) -> io::Result<()> {
        self.0.iter_mut().try_for_each(|view| view.observe(observation))
    }
}

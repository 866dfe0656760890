//! Two threads report calls and a third one reports frames, each in its own order: here they are put into that of time.
//!
//! A report is kept for a moment before it is released, since what happened earlier may be reported later.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::wire::call::{Call, What};
use crate::wire::frame::{Frame, LinkType, Timestamp};

use super::told::Told;

/// Something that happened at one moment.
#[derive(Debug)]
pub(super) enum Moment {
    Frame(Kept),
    /// A connect has returned.
    Connected(Call<'static>),
    Told(Told),
}

/// A frame with its octets.
#[derive(Debug)]
pub(super) struct Kept {
    number: u64,
    time: Option<Timestamp>,
    link: LinkType,
    original_len: usize,
    captured: Vec<u8>,
}

impl Kept {
    pub(super) fn frame(&self) -> Frame<'_> {
        let Self { number, time, link, original_len, .. } = *self;
        Frame { number, time, link, original_len, captured: &self.captured }
    }
}

/// Which comes first of what has the same time: what causes, what travels, what is got.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Rank {
    Cause,
    Frame,
    Effect,
}

/// Moments that wait for earlier ones.
#[derive(Debug, Default)]
pub(super) struct Weave {
    waiting: BinaryHeap<Reverse<Waiting>>,
    told: u64,
    /// The latest time of a frame. Those of two processors may differ a little, and frames keep their order.
    latest: Option<Timestamp>,
}

#[derive(Debug)]
struct Waiting {
    key: (Timestamp, Rank, u64),
    moment: Moment,
}

impl Weave {
    pub(super) fn frame(&mut self, frame: &Frame<'_>) {
        let at = frame.time.max(self.latest).unwrap_or_default();
        self.latest = Some(at);
        let Frame { number, time, link, original_len, captured } = *frame;
        let kept = Kept { number, time, link, original_len, captured: captured.to_vec() };
        self.wait(at, Rank::Frame, Moment::Frame(kept));
    }

    pub(super) fn told(&mut self, told: Told) {
        let told = match told {
            Told::Call(call) => return self.call(call),
            told => told,
        };
        let (at, rank) = match &told {
            Told::Call(call) => (call.at(), Rank::Cause),
            Told::Message(message) => (message.at, Rank::Effect),
            Told::Remark(remark) => (remark.at, Rank::Effect),
            Told::Sample(sample) => (sample.at, Rank::Effect),
            Told::Note(note) => (note.at, Rank::Cause),
        };
        self.wait(at, rank, Moment::Told(told));
    }

    fn call(&mut self, call: Call<'static>) {
        let rank = match call.what {
            What::Accept | What::Read { .. } | What::Receive { .. } => Rank::Effect,
            _ => Rank::Cause,
        };
        if call.what == What::Connect && call.result.is_ok() {
            self.wait(call.returned, Rank::Effect, Moment::Connected(call.clone()));
        }
        self.wait(call.at(), rank, Moment::Told(Told::Call(call)));
    }

    /// The next moment, if it lies before `until`; `None` releases whatever there is.
    pub(super) fn release(&mut self, until: Option<Timestamp>) -> Option<Moment> {
        let Reverse(next) = self.waiting.peek()?;
        if until.is_some_and(|until| next.key.0 >= until) {
            return None;
        }
        self.waiting.pop().map(|Reverse(waiting)| waiting.moment)
    }

    fn wait(&mut self, at: Timestamp, rank: Rank, moment: Moment) {
        self.told += 1;
        self.waiting.push(Reverse(Waiting { key: (at, rank, self.told), moment }));
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Waiting {}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key.cmp(&other.key)
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use proptest::prelude::*;

    use super::*;
    use crate::wire::call::Role;

    fn at(nanos: i64) -> Timestamp {
        Timestamp::from_nanos(nanos)
    }

    fn call(what: What, began: i64, returned: i64) -> Call<'static> {
        Call {
            began: at(began),
            returned: at(returned),
            who: Role::Client,
            connection: Some(1),
            local: None,
            peer: None,
            what,
            octets: Cow::Borrowed(&[]),
            result: Ok(0),
        }
    }

    fn frame(number: u64, time: i64) -> Frame<'static> {
        Frame { number, time: Some(at(time)), link: LinkType::ETHERNET, original_len: 0, captured: &[] }
    }

    fn names(weave: &mut Weave, until: Option<Timestamp>) -> Vec<String> {
        std::iter::from_fn(|| weave.release(until))
            .map(|moment| match moment {
                Moment::Frame(kept) => kept.number.to_string(),
                Moment::Connected(_) => "connected".to_owned(),
                Moment::Told(Told::Call(call)) => call.what.name().to_owned(),
                Moment::Told(told) => panic!("{told:?}"),
            })
            .collect()
    }

    #[test]
    fn a_connect_stands_before_its_syn_and_its_return_behind_the_answer() {
        let mut weave = Weave::default();
        weave.frame(&frame(1, 10));
        weave.frame(&frame(2, 20));
        weave.call(call(What::Accept, 0, 30));
        weave.call(call(What::Connect, 10, 20));
        assert_eq!(names(&mut weave, None), ["connect", "1", "2", "connected", "accept"]);
    }

    #[test]
    fn frames_keep_their_order_even_where_their_times_do_not() {
        let mut weave = Weave::default();
        [(1, 10), (2, 8), (3, 11)].into_iter().for_each(|(number, time)| weave.frame(&frame(number, time)));
        assert_eq!(names(&mut weave, None), ["1", "2", "3"]);
    }

    proptest! {
        #[test]
        fn whatever_is_told_within_the_delay_comes_in_the_order_of_time(
            mut told in prop::collection::vec((0..1_000_i64, 0..50_i64), 0..60),
        ) {
            // Each is reported a while after it happened, and released later than that.
            told.sort_by_key(|(time, late)| time + late);
            let (mut weave, mut released) = (Weave::default(), Vec::new());
            for (n, (time, late)) in told.iter().enumerate() {
                weave.call(call(What::ShutdownWrite, *time, *time + n as i64));
                while let Some(Moment::Told(Told::Call(call))) = weave.release(Some(at(time + late - 50))) {
                    released.push(call.began);
                }
            }
            while let Some(Moment::Told(Told::Call(call))) = weave.release(None) {
                released.push(call.began);
            }
            prop_assert_eq!(released.len(), told.len());
            prop_assert!(released.is_sorted());
        }
    }
}

//! Values of options that have names: what they are, for completions, and how they are read.

use std::ffi::OsStr;
use std::sync::LazyLock;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Arg, Command, Error};

use crate::query::criterion::Criterion;
use crate::query::judge::Condition;
use crate::query::sort::Key;
use crate::track::finding::Kind;

use super::fail_on;

/// Reads a value in a way of its own, and names what completions offer. More may be typed than these.
#[derive(Clone)]
pub(super) struct Named<T> {
    read: fn(&str) -> Result<T, String>,
    names: fn() -> Vec<&'static str>,
}

impl<T: Clone + Send + Sync + 'static> TypedValueParser for Named<T> {
    type Value = T;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<T, Error> {
        self.read.parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new((self.names)().into_iter().map(PossibleValue::new)))
    }
}

/// All findings, each kind of them, and each kind of verdict. What stands behind a colon, at which some shells break
/// words, is offered of verdicts alone, which have no name without it.
fn findings() -> Vec<&'static str> {
    static VERDICTS: LazyLock<Vec<String>> =
        LazyLock::new(|| Criterion::verdicts().map(|criterion| criterion.to_string()).collect());
    let kinds = ["problems"].into_iter().chain(Kind::ALL.iter().map(|kind| kind.name()));
    kinds.chain(VERDICTS.iter().map(String::as_str)).collect()
}

/// What follows `--only`.
pub(super) fn criterion() -> Named<Criterion> {
    Named { read: fail_on::criterion, names: findings }
}

/// What follows `--fail-on`.
pub(super) fn condition() -> Named<Condition> {
    Named { read: fail_on::condition, names: || [vec![Key::Loss.name()], findings()].concat() }
}

/// What follows `--sort`.
pub(super) fn key() -> impl TypedValueParser<Value = Key> {
    let named = |name: String| Key::ALL.iter().copied().find(|key| key.name() == name).ok_or("no such key");
    PossibleValuesParser::new(Key::ALL.iter().map(|key| key.name())).try_map(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_offered_can_be_typed() {
        let Named { names, read } = criterion();
        assert!(names().len() > Kind::ALL.len() && names().iter().all(|name| read(name).is_ok()));
        let Named { names, read } = condition();
        assert!(names().len() > Kind::ALL.len() && names().iter().all(|name| read(name).is_ok()));
    }
}

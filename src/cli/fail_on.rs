//! The arguments of `--fail-on` and `--only`.

use crate::query::criterion::{Criterion, Unknown};
use crate::query::judge::Condition;

use super::meant::refusal;

/// Reads what follows `--only`.
pub(super) fn criterion(typed: &str) -> Result<Criterion, String> {
    typed.parse().map_err(|Unknown| refusal(typed, "--only", &[]))
}

/// Reads what follows `--fail-on`: `KIND`, `KIND>5`, `loss`, `loss>1.5%`.
pub(super) fn condition(typed: &str) -> Result<Condition, String> {
    let (what, limit) = match typed.split_once('>') {
        Some((what, limit)) => (what.trim(), Some(limit.trim())),
        None => (typed.trim(), None),
    };
    if what == "loss" {
        return limit.map_or(Ok(Condition::Loss(0)), |limit| percent(limit).map(Condition::Loss));
    }
    let criterion = what.parse().map_err(|Unknown| refusal(typed, "--fail-on", &["loss"]))?;
    let limit = match limit {
        None => 0,
        Some(limit) if limit.bytes().all(|octet| octet.is_ascii_digit()) => {
            limit.parse().map_err(|_| format!("the limit of {what} is a number, such as {what}>5"))?
        }
        Some(_) => return Err(format!("the limit of {what} is a number, such as {what}>5")),
    };
    Ok(Condition::Findings(criterion, limit))
}

/// `1%`, `0.25%`: hundredths of a percent, exactly.
fn percent(typed: &str) -> Result<u64, String> {
    let wrong =
        || "the limit of loss is a percentage with two decimals at most, such as loss>1.5%".to_owned();
    let number = typed.strip_suffix('%').ok_or_else(wrong)?.trim_end();
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|octet| octet.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > 2 {
        return Err(wrong());
    }
    let hundredths: u64 = format!("{part:0<2}").parse().map_err(|_| wrong())?;
    let whole: u64 = whole.parse().ok().filter(|whole| *whole <= 100).ok_or_else(wrong)?;
    Ok(whole * 100 + hundredths)
}

#[cfg(test)]
mod tests;

//! What is typed after `--fail-on` and `--only`.

use crate::query::criterion::Criterion;
use crate::query::judge::Condition;

/// Reads what follows `--only`.
pub(super) fn criterion(typed: &str) -> Result<Criterion, String> {
    typed.parse().map_err(|unknown| format!("no such finding{}; there are {unknown}", similar(typed, &[])))
}

/// So alike must two names be that one may be meant by the other, from 0 to 1.
const ALIKE: f64 = 0.7;

/// So alike must a name be to that of a cause without its kind: many of these are short.
const ALIKE_TO_CAUSE: f64 = 0.85;

/// What findings are called for short.
const SHORT: [(&str, &str); 3] =
    [("rst", "reset"), ("rto", "retransmission:timeout"), ("tlp", "retransmission:tail_loss_probe")];

/// What was nearly typed, if anything was: a finding, the cause of one alone, or one of the `others`.
fn similar(typed: &str, others: &[&str]) -> String {
    let typed = typed.trim().to_ascii_lowercase().replace('-', "_");
    let typed = SHORT.iter().find(|(short, _)| *short == typed).map_or(typed, |(_, name)| (*name).to_owned());
    let likeness = |name: &str| strsim::jaro(&typed, name);
    let findings = Criterion::all().map(|criterion| {
        let name = criterion.to_string();
        let like = match name.split_once(':') {
            // Of a cause alone one may not know whose it is.
            Some((_, cause)) if !typed.contains(':') => {
                Some(likeness(cause)).filter(|like| *like > ALIKE_TO_CAUSE).unwrap_or_default()
            }
            _ => likeness(&name),
        };
        (like, name)
    });
    let others = others.iter().map(|name| (likeness(name), (*name).to_owned()));
    // The first of the most alike: a kind stands in front of its causes.
    let best = findings.chain(others).fold(
        (ALIKE, String::new()),
        |best, next| {
            if next.0 > best.0 { next } else { best }
        },
    );
    if best.1.is_empty() { String::new() } else { format!("; a similar one exists: '{}'", best.1) }
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
    let criterion = what.parse().map_err(|unknown| {
        format!("no such finding{}; there are loss, {unknown}", similar(what, &["loss"]))
    })?;
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

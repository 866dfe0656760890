//! Questions on paper: printed, their key, and the marking of what was filled in.

use std::fmt::Write as _;

use super::Level;
use super::half_width::half_width;
use super::material::{Material, Source};
use super::prose::{folded, hanging};
use super::question::{Mark, Question};
use super::round::Plan;

/// Columns of a sheet.
const WIDTH: usize = 78;

/// The first words of a sheet.
const TITLE: &str = "# tcpscope worksheet 1:";

/// The questions, with room for the answers.
pub fn sheet(plan: Plan, material: &Material, questions: &[Question]) -> String {
    let mut out = head(plan, material);
    out.push_str("# Write each answer behind its colon: decimal, 0x..., or words.\n# tcpscope exercise --check FILE marks the sheet.\n");
    for (n, question) in questions.iter().enumerate() {
        ask(&mut out, n, question);
        let _ = writeln!(out, "\nAnswer {}:", n + 1);
    }
    out
}

/// The key, with the reasons.
pub fn key(plan: Plan, material: &Material, questions: &[Question]) -> String {
    let mut out = head(plan, material);
    for (n, question) in questions.iter().enumerate() {
        ask(&mut out, n, question);
        let _ = writeln!(out, "\nAnswer {}: {}", n + 1, question.key_shown());
        out.push_str(&folded(&question.explanation, "    ", WIDTH));
    }
    out
}

fn head(plan: Plan, material: &Material) -> String {
    let level = plan.level.map_or("all", Level::name);
    let source = match material.source {
        Source::BuiltIn => "built-in".to_owned(),
        Source::Capture => format!("capture {:016x}", material.fingerprint()),
        Source::Hex => format!("hex {:016x}", material.fingerprint()),
    };
    format!("{TITLE} seed {} count {} level {level} source {source}\n", plan.seed, plan.count)
}

fn ask(out: &mut String, n: usize, question: &Question) {
    let _ = writeln!(out, "\nQuestion {} ({})\n", n + 1, question.level.name());
    for line in &question.about {
        let _ = writeln!(out, "{}", format!("    {line}").trim_end());
    }
    out.push('\n');
    out.push_str(&folded(&format!("{} ({})", question.ask, question.form), "  ", WIDTH));
    for reason in question.form.reasons() {
        out.push_str(&hanging(&reason, "    ", "       ", WIDTH));
    }
}

/// A filled-in sheet: its own facts, and its answers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Filled {
    /// The plan of the questions.
    pub plan: Plan,
    /// The source of the questions.
    pub source: Source,
    /// The fingerprint of that source, unless it is built in.
    pub fingerprint: Option<u64>,
    /// The answers by the number of the question, from 1; the last counts where there are several.
    pub answers: Vec<(usize, String)>,
}

/// Reads a filled-in sheet.
///
/// # Errors
///
/// Where the text is no sheet: one sentence.
pub fn read(text: &str) -> Result<Filled, String> {
    // Some editors turn all of a text into full-width characters.
    let narrow = half_width(text);
    let head = narrow
        .lines()
        .find_map(|line| line.trim().strip_prefix(TITLE))
        .ok_or_else(|| format!("this is no worksheet: no line begins with \"{TITLE}\""))?;
    let words: Vec<_> = head.split_whitespace().collect();
    let word = |name: &str| {
        words
            .iter()
            .position(|word| *word == name)
            .and_then(|at| words.get(at + 1).copied())
            .ok_or_else(|| format!("the worksheet's first line lacks its {name}"))
    };
    let level = match word("level")? {
        "all" => None,
        name => Some(
            Level::ALL
                .into_iter()
                .find(|level| level.name() == name)
                .ok_or_else(|| format!("\"{}\" is no level", name.escape_debug()))?,
        ),
    };
    let seed = word("seed")?.parse().map_err(|_| "the worksheet's seed is no number".to_owned())?;
    let count = word("count")?.parse().ok().filter(|count| (1..=1000).contains(count));
    let count = count.ok_or("the worksheet's count is no number from 1 to 1000")?;
    let source = match word("source")? {
        "capture" => Source::Capture,
        "hex" => Source::Hex,
        _ => Source::BuiltIn,
    };
    let fingerprint = |name: &str| {
        u64::from_str_radix(word(name)?, 16).map_err(|_| format!("the worksheet's {name} has no fingerprint"))
    };
    let fingerprint = match source {
        Source::BuiltIn => None,
        Source::Capture => Some(fingerprint("capture")?),
        Source::Hex => Some(fingerprint("hex")?),
    };
    let answers = text.lines().filter_map(answer).collect();
    Ok(Filled { plan: Plan { seed, count, level }, source, fingerprint, answers })
}

/// `Answer N: …`, in letters of either case or in Chinese, with a colon and digits of either width: the number, and the answer
/// as it was written.
fn answer(line: &str) -> Option<(usize, String)> {
    let narrow = half_width(line);
    let (head, _) = narrow.split_once(':')?;
    let label = head.trim().to_ascii_lowercase();
    let number = label.strip_prefix("answer").or_else(|| label.strip_prefix("答案"))?.trim().parse().ok()?;
    let answer: String = line.chars().skip(head.chars().count() + 1).collect();
    Some((number, answer.trim().to_owned()))
}

/// The answers of a sheet, marked, in the order of the questions.
pub fn mark(filled: &Filled, questions: &[Question]) -> Vec<(String, Mark)> {
    questions
        .iter()
        .enumerate()
        .map(|(n, question)| {
            let given = filled.answers.iter().rev().find(|(number, _)| *number == n + 1);
            let given = given.map_or("", |(_, answer)| answer);
            (given.to_owned(), question.mark(given))
        })
        .collect()
}

//! A round at the terminal.

use std::io::{self, BufRead, Read as _, Write};

use owo_colors::OwoColorize;

use crate::cli::characters::characters;
use crate::exercise::half_width::half_width;
use crate::exercise::material::Source;
use crate::exercise::prose::{folded, hanging};
use crate::exercise::question::{Mark, Question};
use crate::exercise::round::Plan;
use crate::hex::show::ascii;

/// Octets of one answer.
const MAX_LINE: u64 = 4096;

/// Attempts at a question.
const ATTEMPTS: u8 = 2;

/// Asks and marks.
pub(super) struct Asker<I, O> {
    pub(super) input: I,
    pub(super) out: O,
    pub(super) width: usize,
    pub(super) color: bool,
    pub(super) ascii: bool,
    /// What the questions are about.
    pub(super) source: Source,
}

/// How a question went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Went {
    /// Right at the first attempt.
    Right,
    /// Right at the second.
    Later,
    Wrong,
    Skipped,
    /// The input is over, or the one who answers has enough.
    Ended,
}

impl<I: BufRead, O: Write> Asker<I, O> {
    /// Asks all questions, until the input ends or `q` is typed.
    pub(super) fn round(&mut self, plan: Plan, questions: &[Question]) -> io::Result<()> {
        let many = questions.len();
        let count = if many == 1 { "1 question".to_owned() } else { format!("{many} questions") };
        self.say(
            &format!("{count}, seed {}. Answer in decimal, in hex (0x...), or in words.", plan.seed),
            "",
        )?;
        self.say("? gives a hint, Enter alone skips, q or Ctrl-D ends.", "")?;
        if many < plan.count {
            self.say(&format!("There is no more to ask than that, of the {} asked for.", plan.count), "")?;
        }
        let (mut right, mut later, mut asked) = (0, 0, 0);
        for (n, question) in questions.iter().enumerate() {
            let went = self.question(n + 1, many, question)?;
            match went {
                Went::Right => right += 1,
                Went::Later => later += 1,
                Went::Wrong | Went::Skipped => {}
                Went::Ended => break,
            }
            asked += 1;
        }
        writeln!(self.out)?;
        let ended = if asked < many { format!(" You ended after {asked} of {many}.") } else { String::new() };
        let second = match later {
            0 => String::new(),
            later => format!(", and {later} more at the second attempt"),
        };
        self.say(&format!("{right} of {asked} right{second}.{ended}"), "")?;
        let level = plan.level.map_or(String::new(), |level| format!(" --level {}", level.name()));
        let again = format!("tcpscope exercise --seed {} --count {}{level}", plan.seed, plan.count);
        let source = match self.source {
            Source::BuiltIn => "",
            Source::Capture => ", with the same --capture",
            Source::Hex => ", with the same --hex",
        };
        self.say(&format!("The same again: {again}{source}"), "")?;
        self.out.flush()
    }

    fn question(&mut self, n: usize, many: usize, question: &Question) -> io::Result<Went> {
        writeln!(self.out)?;
        let title = format!("── {n} of {many}, {} ", question.level.name());
        let rule = "─".repeat(self.width.saturating_sub(title.chars().count()));
        self.line(&format!("{title}{rule}"))?;
        writeln!(self.out)?;
        for line in &question.about {
            self.line(&format!("  {}", line.trim_end()))?;
        }
        writeln!(self.out)?;
        self.say(&format!("{} ({})", question.ask, question.form), "")?;
        for reason in question.form.reasons() {
            let text = hanging(&reason, "  ", "     ", self.width);
            self.out.write_all(if self.ascii { ascii(&text) } else { text }.as_bytes())?;
        }
        let mut attempt = 0;
        loop {
            let Some(typed) = self.prompt()? else {
                writeln!(self.out)?;
                return Ok(Went::Ended);
            };
            match half_width(&typed).trim() {
                "?" => {
                    self.say(&question.hint, "  ")?;
                    continue;
                }
                "q" | "Q" | "quit" => return Ok(Went::Ended),
                _ => {}
            }
            match question.mark(&typed) {
                Mark::Right => {
                    self.verdict("Right.", true)?;
                    self.say(&question.explanation, "  ")?;
                    return Ok(if attempt == 0 { Went::Right } else { Went::Later });
                }
                Mark::Unclear(wanted) => self.say(&wanted, "  ")?,
                Mark::Blank => {
                    self.give(question)?;
                    return Ok(if attempt == 0 { Went::Skipped } else { Went::Wrong });
                }
                Mark::Wrong(why) => {
                    self.verdict("Not right.", false)?;
                    if let Some(why) = why {
                        self.say(&why, "  ")?;
                    }
                    attempt += 1;
                    if attempt == ATTEMPTS {
                        self.give(question)?;
                        return Ok(Went::Wrong);
                    }
                    self.say("Once more? (? gives a hint, Enter alone shows the answer.)", "  ")?;
                }
            }
        }
    }

    /// Shows the answer and the reason.
    fn give(&mut self, question: &Question) -> io::Result<()> {
        self.say(&format!("The answer is {}.", question.key_shown()), "  ")?;
        self.say(&question.explanation, "  ")
    }

    /// A line that was typed; `None` at the end of the input.
    fn prompt(&mut self) -> io::Result<Option<String>> {
        self.out.write_all(b"> ")?;
        self.out.flush()?;
        let mut line = Vec::new();
        let read = self.input.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)?;
        let text = characters(&line).unwrap_or_else(|| String::from_utf8_lossy(&line));
        Ok((read > 0).then(|| text.into_owned()))
    }

    fn verdict(&mut self, text: &str, right: bool) -> io::Result<()> {
        match (self.color, right) {
            (false, _) => writeln!(self.out, "  {text}"),
            (true, true) => writeln!(self.out, "  {}", text.green()),
            (true, false) => writeln!(self.out, "  {}", text.red()),
        }
    }

    fn say(&mut self, text: &str, indent: &str) -> io::Result<()> {
        let text = folded(text, indent, self.width);
        self.out.write_all(if self.ascii { ascii(&text) } else { text }.as_bytes())
    }

    fn line(&mut self, text: &str) -> io::Result<()> {
        let plain;
        let text = if self.ascii {
            plain = ascii(text);
            &plain
        } else {
            text
        };
        writeln!(self.out, "{}", text.trim_end())
    }
}

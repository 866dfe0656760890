//! What a question shows, read back: octets, the lines of a conversation, the reasons to choose from.

use tcpscope::exercise::question::Question;

/// One line of a conversation, read back from what is shown.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) number: u64,
    pub(crate) client: bool,
    pub(crate) flags: String,
    pub(crate) seq: u32,
    pub(crate) ack: Option<u32>,
    pub(crate) window: u64,
    pub(crate) len: u32,
}

impl Shown {
    pub(crate) fn is(&self, flag: &str) -> bool {
        self.flags.split(',').any(|set| set == flag)
    }

    pub(crate) fn end(&self) -> u32 {
        let controls = u32::from(self.is("SYN")) + u32::from(self.is("FIN"));
        self.seq.wrapping_add(self.len).wrapping_add(controls)
    }
}

pub(crate) fn conversation(question: &Question) -> Vec<Shown> {
    let lines = question.about.iter().filter(|line| line.contains('→'));
    lines
        .map(|line| {
            let words: Vec<_> = line.split_whitespace().collect();
            let after = |name: &str| words.iter().position(|word| *word == name).map(|at| words[at + 1]);
            Shown {
                number: words[0].parse().unwrap_or(0),
                client: words[1] == "C",
                flags: words[4].to_owned(),
                seq: after("seq").unwrap().parse().unwrap(),
                ack: after("ack").map(|ack| ack.parse().unwrap()),
                window: after("win").unwrap().parse().unwrap(),
                len: after("len").map_or(0, |len| len.parse().unwrap()),
            }
        })
        .collect()
}

pub(crate) fn number_in(text: &str, behind: &str) -> u64 {
    let rest = text.split_once(behind).unwrap().1.trim_start();
    rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())].parse().unwrap()
}

/// The octets that a question shows.
pub(crate) fn octets(question: &Question) -> Vec<u8> {
    let rows = question.about[2..].iter().skip(1).step_by(2);
    let digits =
        rows.flat_map(|row| row.split_whitespace()).map(|pair| u8::from_str_radix(pair, 16).unwrap());
    digits.collect()
}

/// The letter of the only reason that begins like this.
pub(crate) fn letter(question: &Question, begin: &str) -> String {
    let fits: Vec<_> = question
        .form
        .reasons()
        .filter_map(|line| line[3..].starts_with(begin).then(|| line[..1].to_owned()))
        .collect();
    assert_eq!(fits.len(), 1, "{begin}: {question:#?}");
    fits.concat()
}

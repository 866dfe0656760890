//! What holds of every statement in every language.

mod sketch;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::{Language, Words};
use crate::explain::number::Count;
use crate::explain::sample::{Sample, any_sample, conversation, every, plain};
use crate::explain::statement::Statement;
use crate::explain::statements;
use crate::track::finding::{Kind, sample as findings};
use crate::track::flow::Side;
use proptest::prelude::*;

/// Shows a statement to `look` for each fact and each finding there is.
fn each_statement(mut look: impl FnMut(&Statement<'_>)) {
    for sample in every() {
        sample.lend(|event, _| statements(event, false).iter().for_each(&mut look));
    }
    for finding in findings::every() {
        look(&Statement::Finding { finding, count: Count::FROM_ISN });
    }
}

fn sentence(words: &impl Words, statement: &Statement<'_>) -> String {
    fmt::from_fn(|f| words.sentence(statement, f)).to_string()
}

fn paragraph(words: &impl Words, sample: &Sample) -> String {
    sample.lend(|event, _| fmt::from_fn(|f| words.paragraph(&statements(event, false), f)).to_string())
}

#[test]
fn every_fact_is_found_in_some_sample() {
    let mut found = BTreeSet::new();
    each_statement(|statement| {
        found.insert(statement.name());
    });
    let of_tables =
        Statement::TOPICS.iter().flat_map(|(topic, names)| names.iter().map(|name| (*topic, *name)));
    let of_findings = Kind::ALL.iter().map(|kind| ("Finding", kind.name()));
    let all: BTreeSet<_> = of_tables.chain(of_findings).chain([("Offers", ""), ("Sack", "")]).collect();
    assert_eq!(found, all);
}

#[test]
fn every_statement_is_a_sentence_with_its_section_in_every_language() {
    for language in Language::ALL {
        each_statement(|statement| {
            let (text, section) = (sentence(language, statement), statement.section());
            let (name, code) = (statement.name(), language.code());
            assert!(text.ends_with(['.', '。']), "{name:?} in {code}: {text}");
            assert!(text.contains(&section.to_string()), "{name:?} in {code} without {section}: {text}");
            assert_eq!(text.contains("RFC"), !section.is_empty(), "{name:?} in {code}: {text}");
            assert!(
                !text.contains("  ") && !text.chars().any(char::is_control),
                "{name:?} in {code}: {text}"
            );
        });
    }
}

#[test]
fn every_fact_has_a_sentence_of_its_own_in_every_language() {
    for language in Language::ALL {
        let mut facts = BTreeMap::new();
        each_statement(|statement| {
            let name = statement.name();
            let other = *facts.entry(sentence(language, statement)).or_insert(name);
            assert_eq!(other, name, "in {}", language.code());
        });
    }
}

#[test]
fn every_language_has_a_code_of_its_own() {
    let codes: BTreeSet<_> = Language::ALL.iter().map(|language| language.code()).collect();
    assert_eq!(codes.len(), Language::ALL.len());
    assert!(codes.iter().all(|code| code.len() == 2 && code.bytes().all(|c| c.is_ascii_lowercase())));
}

#[test]
fn sections_are_cited_by_number() {
    each_statement(|statement| {
        let section = statement.section().to_string();
        let cites = section.split(", ").all(|part| {
            let part = part.strip_prefix("RFC ").or_else(|| part.strip_prefix("figure ")).unwrap_or(part);
            part.split(' ').all(|number| number.bytes().all(|c| c.is_ascii_digit() || c == b'.'))
        });
        assert!(cites, "{:?}: {section}", statement.name());
    });
}

#[test]
fn english_is_ascii_but_for_the_micro_sign() {
    each_statement(|statement| {
        let text = sentence(&Language::En, statement).replace('µ', "u");
        assert!(text.chars().all(|c| (' '..='~').contains(&c)), "{text}");
        assert!(text.starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit()), "{text}");
    });
}

#[test]
fn an_english_list_of_options_ends_somewhere_and_cites_what_it_lists() {
    let hostile = plain(Side::Client)
        .flags(&[crate::wire::flags::Flags::SYN])
        .options(&[[4, 2].repeat(18), vec![34, 2, 4, 2]].concat());
    let text = paragraph(&Language::En, &hostile);
    assert_eq!(text.matches("gaps may be reported").count(), 11, "{text}");
    assert!(text.ends_with("(SACK) [RFC 2018]."), "{text}");
}

proptest! {
    #[test]
    fn an_event_of_any_kind_has_one_statement_or_two_in_every_language(sample in any_sample()) {
        let count = sample.lend(|event, _| statements(event, false).iter().count());
        prop_assert!((1..=2).contains(&count));
        for language in Language::ALL {
            prop_assert!(paragraph(language, &sample).ends_with(['.', '。']));
        }
    }
}

/// Another order of words, other numerals, other punctuation, and no space between sentences.
#[test]
fn a_language_of_another_order_renders_the_same_statements() {
    let chinese = |sample: &Sample| paragraph(&sketch::Chinese, sample);
    let conversation = conversation();
    assert_eq!(
        chinese(&conversation[0]),
        "客户端请求建立连接：SYN 占用序号 3487918080（以下记作 0），客户端进入 SYN-SENT〔RFC 9293 3.5〕。\
         所带选项：发给它的报文段最多承载 65495 字节（MSS）；可以报告缺口（SACK）；报文段带时间戳；\
         若双方都缩放，其后的窗口以 128 字节为单位（移位 7）〔RFC 9293 3.7.1, RFC 2018, RFC 7323〕。"
    );
    assert_eq!(
        chinese(&conversation[3]),
        "客户端把字节 1 到 12 发给服务器，服务器应以 13 确认；PSH 要求立即交付〔RFC 9293 3.4, 3.9.1〕。"
    );
    assert_eq!(
        chinese(&conversation[4]),
        "客户端的另外 12 字节已到达服务器，13 之前的全部得到确认〔RFC 9293 3.4〕。"
    );
    assert_eq!(
        chinese(&plain(Side::Server).found(findings::every()[6])),
        "第 6 帧发出 212 ms 后仍无确认，于是重发其中的字节 2001 到 3000：重传定时器第 1 次超时〔RFC 6298 5.4〕。"
    );
}

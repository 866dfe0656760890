//! Words that do not fit between the rails.

/// As many words as fit into `room`, and the rest; at least one character is taken.
pub(super) fn fold_once(words: &str, room: usize) -> (&str, &str) {
    let end = words.char_indices().nth(room).map_or(words.len(), |(at, _)| at);
    if end == words.len() {
        return (words, "");
    }
    let (fitting, beyond) = words.split_at(end);
    if let Some(rest) = beyond.strip_prefix(' ').filter(|_| !fitting.is_empty()) {
        return (fitting, rest);
    }
    match fitting.rfind(' ').filter(|space| *space > 0) {
        Some(space) => (&words[..space], &words[space + 1..]),
        None => words.split_at(end.max(words.chars().next().map_or(0, char::len_utf8))),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::fold_once;

    proptest! {
        #[test]
        fn folding_loses_no_word_and_passes_no_width(words in "[a-zµ→]{1,9}( [a-zµ→]{1,9}){0,9}", room in 10..40_usize) {
            let mut rest = words.as_str();
            let mut lines = Vec::new();
            while !rest.is_empty() {
                let (head, tail) = fold_once(rest, room);
                prop_assert!(head.chars().count() <= room && !head.is_empty());
                lines.push(head);
                rest = tail;
            }
            prop_assert_eq!(lines.join(" "), words);
        }

        #[test]
        fn any_text_comes_to_an_end(words in any::<String>(), room in 0..40_usize) {
            let mut rest = words.as_str();
            while !rest.is_empty() {
                let (_, tail) = fold_once(rest, room);
                prop_assert!(tail.len() < rest.len());
                rest = tail;
            }
        }
    }
}

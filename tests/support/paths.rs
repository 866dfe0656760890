//! The paths that a Rust source file names: those of its `use` trees, spelled out, and those in its code.

/// A path, and the line on which it begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Path {
    pub(crate) line: usize,
    pub(crate) parts: Vec<String>,
}

/// All paths outside comments, literals and tests. A macro's name ends in `!`.
pub(crate) fn paths(source: &str) -> Vec<Path> {
    let tokens = tokens(&without_tests(&blank(source)));
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let before = at;
        tree(&tokens, &mut at, &mut Vec::new(), &mut found);
        at = at.max(before + 1);
    }
    found
}

struct Token {
    line: usize,
    text: String,
}

/// A path, or a tree as in `a::{b, c::{d, e}}`, spelled out.
fn tree(tokens: &[Token], at: &mut usize, prefix: &mut Vec<String>, found: &mut Vec<Path>) {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let depth = prefix.len();
    let line = tokens[*at].line;
    loop {
        match text(*at) {
            // A tree, unless it is the block of an item.
            "{" if !prefix.is_empty() => {
                *at += 1;
                while !matches!(text(*at), "}" | "") {
                    let before = *at;
                    tree(tokens, at, prefix, found);
                    if text(*at) == "," || *at == before {
                        *at += 1;
                    }
                }
                *at += 1;
                prefix.truncate(depth);
                return;
            }
            word if word == "*" || is_word(word) => {
                prefix.push(word.to_owned());
                *at += 1;
            }
            _ => break,
        }
        match text(*at) {
            "::" => *at += 1,
            "!" if is_word(&prefix[prefix.len() - 1]) => {
                let last = prefix.len() - 1;
                prefix[last].push('!');
                break;
            }
            _ => break,
        }
    }
    if prefix.len() > depth {
        found.push(Path { line, parts: prefix.clone() });
        prefix.truncate(depth);
        // `as NAME` names nothing new.
        if text(*at) == "as" {
            *at += 2;
        }
    }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

fn tokens(source: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for (index, mut rest) in source.lines().enumerate() {
        while let Some(first) = rest.chars().next() {
            let word = |c: char| c.is_alphanumeric() || c == '_';
            let len = if first.is_whitespace() {
                first.len_utf8()
            } else if word(first) {
                rest.find(|c| !word(c)).unwrap_or(rest.len())
            } else if rest.starts_with("::") {
                2
            } else {
                first.len_utf8()
            };
            if !first.is_whitespace() {
                tokens.push(Token { line: index + 1, text: rest[..len].to_owned() });
            }
            rest = &rest[len..];
        }
    }
    tokens
}

/// The source up to the tests at its end.
fn without_tests(source: &str) -> String {
    let end = source.find("#[cfg(test)]\nmod tests {").unwrap_or(source.len());
    source[..end].to_owned()
}

/// The source with comments and literals blanked, line for line.
fn blank(source: &str) -> String {
    let mut out = String::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let len = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if first == '"' {
            end_of_literal(rest, '"')
        } else if raw_string(rest).is_some() {
            raw_string(rest).unwrap_or(1)
        } else if first == '\'' && is_char_literal(rest) {
            end_of_literal(rest, '\'')
        } else if first.is_alphanumeric() || first == '_' {
            // Whole words, so that the `r` at the end of one opens no raw string.
            let len = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            out.push_str(&rest[..len]);
            rest = &rest[len..];
            continue;
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        };
        out.extend(rest[..len].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        rest = &rest[len..];
    }
    out
}

fn end_of_literal(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// The length of the raw string that begins here, if one does.
fn raw_string(text: &str) -> Option<usize> {
    let body = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let hashes = body.len() - body.trim_start_matches('#').len();
    let inner = body[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    Some(text.len() - inner.len() + inner.find(&close)? + close.len())
}

/// A character, not a lifetime.
fn is_char_literal(text: &str) -> bool {
    let mut chars = text.chars().skip(1);
    match chars.next() {
        Some('\\') => true,
        Some(_) => chars.next() == Some('\''),
        None => false,
    }
}

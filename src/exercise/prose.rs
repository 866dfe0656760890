//! Text in lines of a bounded length.

/// Words folded into lines of at most `width` columns, each behind `indent`, as far as words allow it.
pub fn folded(text: &str, indent: &str, width: usize) -> String {
    hanging(text, indent, indent, width)
}

/// Like [`folded`], but with the first line of each paragraph behind `first`.
pub fn hanging(text: &str, first: &str, indent: &str, width: usize) -> String {
    let mut out = String::new();
    for paragraph in text.lines() {
        let mut column = 0;
        for word in paragraph.split_whitespace() {
            let len = word.chars().count();
            if column == 0 {
                out.push_str(first);
                column = first.chars().count();
            } else if column + 1 + len > width {
                out.push('\n');
                out.push_str(indent);
                column = indent.chars().count();
            } else {
                out.push(' ');
                column += 1;
            }
            out.push_str(word);
            column += len;
        }
        out.push('\n');
    }
    out
}

//! JSON in the order in which it was made, laid out for people.

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Json {
    Bool(bool),
    Number(i64),
    Text(String),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
}

/// A line is no longer, where it can be broken.
const WIDTH: usize = 120;

impl Json {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    pub(super) fn object<'k>(pairs: impl IntoIterator<Item = (&'k str, Self)>) -> Self {
        Self::Object(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    /// In lines, what fits on one on one.
    pub(super) fn pretty(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, 0, 0);
        text.push('\n');
        text
    }

    /// Writes it into lines indented by `depth`; so many characters stand on the line already.
    fn write(&self, text: &mut String, depth: usize, used: usize) {
        let line = self.line();
        let (open, close) = match self {
            Self::List(items) if !items.is_empty() => ('[', ']'),
            Self::Object(pairs) if !pairs.is_empty() => ('{', '}'),
            _ => return text.push_str(&line),
        };
        // A comma may follow.
        if used + line.chars().count() < WIDTH {
            return text.push_str(&line);
        }
        let indent = "  ".repeat(depth + 1);
        text.push(open);
        let begin = |text: &mut String, n: usize| {
            text.push_str(if n > 0 { ",\n" } else { "\n" });
            text.push_str(&indent);
        };
        match self {
            Self::List(items) => {
                for (n, item) in items.iter().enumerate() {
                    begin(text, n);
                    item.write(text, depth + 1, indent.len());
                }
            }
            Self::Object(pairs) => {
                for (n, (key, value)) in pairs.iter().enumerate() {
                    begin(text, n);
                    let key = format!("{}: ", quoted(key));
                    text.push_str(&key);
                    value.write(text, depth + 1, indent.len() + key.chars().count());
                }
            }
            _ => {}
        }
        text.push('\n');
        text.push_str(&indent[2..]);
        text.push(close);
    }

    /// On one line.
    fn line(&self) -> String {
        match self {
            Self::Bool(yes) => yes.to_string(),
            Self::Number(n) => n.to_string(),
            Self::Text(text) => quoted(text),
            Self::List(items) => {
                let items: Vec<_> = items.iter().map(Self::line).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Object(pairs) => {
                let pairs = pairs.iter().map(|(key, value)| format!("{}: {}", quoted(key), value.line()));
                format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

//! Rows under titles, each column as wide as it must be.

use super::super::line::Line;
use super::super::style::Style;

/// Columns between two columns, where there is room for them.
const APART: usize = 3;

/// Columns of the last one, at least, which is folded.
const LAST: usize = 12;

/// Writes the titles and the rows. What does not fit beside the last column is folded within it.
pub(super) fn table(titles: &[&str], rows: &[Vec<String>], line: &mut Line, style: &Style) {
    let width = style.columns();
    let widest = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(titles.get(column).map(|title| title.chars().count())).max().unwrap_or_default()
    };
    let before: usize = (0..titles.len().saturating_sub(1)).map(widest).sum();
    let last = widest(titles.len().saturating_sub(1)).min(LAST);
    let apart = (1..=APART).rev().find(|apart| 1 + before + apart * (titles.len() - 1) + last <= width);
    let mut starts = vec![1];
    for column in 1..titles.len() {
        starts.push(starts[column - 1] + widest(column - 1) + apart.unwrap_or(1));
    }
    let titles_row: Vec<_> = titles.iter().map(|title| (*title).to_owned()).collect();
    for row in std::iter::once(&titles_row).chain(rows) {
        for (column, (cell, start)) in row.iter().zip(&starts).enumerate() {
            line.to(*start);
            let cell = if style.ascii { cell.replace('µ', "u") } else { cell.clone() };
            if column + 1 == titles.len() {
                line.folded(&cell, *start, width);
            } else {
                line.text(&cell);
            }
        }
        line.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_beneath_each_other_and_the_last_one_is_folded() {
        let mut line = Line::new(&Style { width: 64, ..Style::default() });
        let rows = [
            vec!["1".to_owned(), "short".to_owned(), "word ".repeat(12).trim_end().to_owned()],
            vec!["1000".to_owned(), "µ".to_owned(), "x".to_owned()],
        ];
        table(&["no.", "what", "why"], &rows, &mut line, &Style { width: 64, ..Style::default() });
        let text = String::from_utf8(line.octets().to_vec()).unwrap();
        let lines: Vec<_> = text.lines().collect();
        let column = |line: &str, word: &str| line.split(word).next().unwrap().chars().count();
        assert_eq!(column(lines[0], "why"), column(lines[1], "word"));
        assert_eq!(column(lines[0], "why"), column(lines[2], "word"));
        assert_eq!(column(lines[0], "why"), column(lines[3], "x"));
        assert!(lines.iter().all(|line| line.chars().count() <= 64), "{text}");
    }
}

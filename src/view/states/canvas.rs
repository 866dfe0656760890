//! A grid of characters on which boxes, lines and words are put, whoever comes last on top.

use crate::view::line::Line;
use crate::view::paint::Meaning;

/// How a line is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Stroke {
    /// No way goes along the stroke.
    Light,
    /// A way goes along the stroke.
    Heavy,
    /// A way seemed to go along the stroke.
    Dotted,
}

/// The parts of lines: horizontal, vertical, and the corners that join down and right, down and left, up and right, up and
/// left.
type Glyphs = [char; 6];

const LIGHT: Glyphs = ['─', '│', '┌', '┐', '└', '┘'];
const HEAVY: Glyphs = ['━', '┃', '┏', '┓', '┗', '┛'];
const DOTTED: Glyphs = ['┈', '┊', '┌', '┐', '└', '┘'];
const LIGHT_ASCII: Glyphs = ['-', '|', '+', '+', '+', '+'];
const HEAVY_ASCII: Glyphs = ['=', '#', '#', '#', '#', '#'];
const DOTTED_ASCII: Glyphs = ['.', ':', '.', '.', ':', ':'];

/// A place, from the left and from the top.
pub(super) type Point = (usize, usize);

#[derive(Clone, Copy, Debug)]
struct Cell {
    glyph: char,
    meaning: Meaning,
}

/// The grid. What lies outside of it is not drawn.
#[derive(Debug)]
pub(super) struct Canvas {
    cells: Vec<Vec<Cell>>,
    ascii: bool,
}

impl Canvas {
    pub(super) fn new(width: usize, height: usize, ascii: bool) -> Self {
        let empty = Cell { glyph: ' ', meaning: Meaning::Plain };
        Self { cells: vec![vec![empty; width]; height], ascii }
    }

    pub(super) fn height(&self) -> usize {
        self.cells.len()
    }

    fn glyphs(&self, stroke: Stroke) -> Glyphs {
        match (stroke, self.ascii) {
            (Stroke::Light, false) => LIGHT,
            (Stroke::Heavy, false) => HEAVY,
            (Stroke::Light, true) => LIGHT_ASCII,
            (Stroke::Heavy, true) => HEAVY_ASCII,
            (Stroke::Dotted, false) => DOTTED,
            (Stroke::Dotted, true) => DOTTED_ASCII,
        }
    }

    fn put(&mut self, (x, y): Point, glyph: char, meaning: Meaning) {
        if let Some(cell) = self.cells.get_mut(y).and_then(|row| row.get_mut(x)) {
            *cell = Cell { glyph, meaning };
        }
    }

    /// Words from a place on.
    pub(super) fn text(&mut self, (x, y): Point, words: &str, meaning: Meaning) {
        for (n, glyph) in words.chars().enumerate() {
            self.put((x + n, y), glyph, meaning);
        }
    }

    /// A horizontal line of `len` columns.
    pub(super) fn rule(&mut self, (x, y): Point, len: usize, stroke: Stroke, meaning: Meaning) {
        let [horizontal, ..] = self.glyphs(stroke);
        (x..x + len).for_each(|x| self.put((x, y), horizontal, meaning));
    }

    /// A box, empty inside.
    pub(super) fn boxed(&mut self, (x, y): Point, (w, h): Point, stroke: Stroke, meaning: Meaning) {
        let [_, vertical, top_left, top_right, bottom_left, bottom_right] = self.glyphs(stroke);
        let (right, bottom) = (x + w - 1, y + h - 1);
        for edge in [y, bottom] {
            self.rule((x, edge), w, stroke, meaning);
        }
        for row in y + 1..bottom {
            self.put((x, row), vertical, meaning);
            (x + 1..right).for_each(|column| self.put((column, row), ' ', meaning));
            self.put((right, row), vertical, meaning);
        }
        let corners = [
            (x, y, top_left),
            (right, y, top_right),
            (x, bottom, bottom_left),
            (right, bottom, bottom_right),
        ];
        corners.into_iter().for_each(|(x, y, corner)| self.put((x, y), corner, meaning));
    }

    /// An arrow along some points, each above, below or beside the one before; the last is its head.
    pub(super) fn arrow(&mut self, points: &[Point], stroke: Stroke, meaning: Meaning) {
        let [horizontal, vertical, ..] = self.glyphs(stroke);
        for pair in points.windows(2) {
            let [(x1, y1), (x2, y2)] = [pair[0], pair[1]];
            let along = if y1 == y2 { horizontal } else { vertical };
            for x in x1.min(x2)..=x1.max(x2) {
                (y1.min(y2)..=y1.max(y2)).for_each(|y| self.put((x, y), along, meaning));
            }
        }
        for turn in points.windows(3) {
            self.put(turn[1], self.corner(turn[0], turn[1], turn[2], stroke), meaning);
        }
        if let [.., before, last] = points {
            self.put(*last, self.head(*before, *last), meaning);
        }
    }

    fn corner(&self, before: Point, at: Point, after: Point, stroke: Stroke) -> char {
        let [_, _, down_right, down_left, up_right, up_left] = self.glyphs(stroke);
        let right = before.0 > at.0 || after.0 > at.0;
        let down = before.1 > at.1 || after.1 > at.1;
        match (down, right) {
            (true, true) => down_right,
            (true, false) => down_left,
            (false, true) => up_right,
            (false, false) => up_left,
        }
    }

    fn head(&self, before: Point, last: Point) -> char {
        let [right, left, down, up] =
            if self.ascii { ['>', '<', 'v', '^'] } else { ['▶', '◀', '▼', '▲'] };
        match (last.0.cmp(&before.0), last.1 > before.1) {
            (std::cmp::Ordering::Greater, _) => right,
            (std::cmp::Ordering::Less, _) => left,
            (_, true) => down,
            (_, false) => up,
        }
    }

    /// The characters of a row.
    #[cfg(test)]
    pub(super) fn row(&self, row: usize) -> String {
        self.cells[row].iter().map(|cell| cell.glyph).collect::<String>().trim_end().to_owned()
    }

    /// Writes a row from a column on.
    pub(super) fn write_row(&self, line: &mut Line, row: usize, column: usize) {
        let Some(cells) = self.cells.get(row) else { return };
        let mut at = 0;
        while at < cells.len() {
            let meaning = cells[at].meaning;
            let run = cells[at..].iter().take_while(|cell| cell.meaning == meaning && cell.glyph != ' ');
            let text: String = run.map(|cell| cell.glyph).collect();
            if text.is_empty() {
                at += 1;
                continue;
            }
            line.to(column + at);
            line.paint(meaning);
            line.text(&text);
            line.plain(meaning);
            at += text.chars().count();
        }
    }
}

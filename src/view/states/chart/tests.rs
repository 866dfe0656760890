use std::collections::BTreeSet;

use super::*;

/// The places that a drawing takes.
fn places(canvas: &Canvas) -> BTreeSet<Point> {
    let rows = (0..canvas.height()).map(|row| canvas.row(row));
    rows.enumerate()
        .flat_map(|(y, row)| {
            let filled: Vec<_> = row.chars().enumerate().filter(|(_, glyph)| *glyph != ' ').collect();
            filled.into_iter().map(move |(x, _)| (x, y))
        })
        .collect()
}

fn edge_alone(edge: &Edge, frame: u64) -> BTreeSet<Point> {
    let mut chart = Chart::new(&Style::default());
    let taken = if frame == 0 {
        Taken::default()
    } else {
        Taken { times: 1, frame: Some(frame), is_it: true, ..Taken::default() }
    };
    chart.edge(edge, taken);
    places(&chart.canvas)
}

fn node_alone(node: Node) -> BTreeSet<Point> {
    let ((x, y), (w, h)) = place(node);
    (y..y + h).flat_map(|row| (x..x + w).map(move |column| (column, row))).collect()
}

#[test]
fn nothing_lies_over_anything_else_whatever_the_frames_are() {
    // No capture that anybody has holds more frames than this.
    for frame in [0, 7, 1_234, 99_999_999] {
        let edges = EDGES.iter().map(|edge| (edge.words(), edge_alone(edge, frame)));
        let nodes = Node::ALL.into_iter().map(|node| (format!("{node:?}"), node_alone(node)));
        let all: Vec<_> = edges.chain(nodes).collect();
        for (n, (one, here)) in all.iter().enumerate() {
            for (other, there) in &all[n + 1..] {
                let both: Vec<_> = here.intersection(there).collect();
                assert!(both.is_empty(), "{one} and {other} at {both:?}");
            }
        }
    }
}

#[test]
fn each_arrow_leads_from_its_box_to_its_box() {
    let touches = |node: Node, (x, y): Point| {
        let ((left, top), (w, h)) = place(node);
        let beside = (x + 1 == left || x == left + w) && (top + 1..top + h - 1).contains(&y);
        let above = (y + 1 == top || y == top + h) && (left + 1..left + w - 1).contains(&x);
        beside || above
    };
    for (edge, (points, _)) in EDGES.iter().zip(ROUTES) {
        assert!(touches(edge.from, points[0]), "{} begins at {:?}", edge.words(), edge.from);
        assert!(touches(edge.to, points[points.len() - 1]), "{} ends at {:?}", edge.words(), edge.to);
        // Each part of it is straight.
        assert!(points.windows(2).all(|pair| pair[0].0 == pair[1].0 || pair[0].1 == pair[1].1));
    }
}

#[test]
fn every_word_of_the_figure_is_in_the_drawing_as_often_as_there() {
    let canvas = figure(&Style::default());
    let text: String = (0..canvas.height()).map(|row| canvas.row(row) + "\n").collect();
    let count = |word: &str, of: &str| of.split([' ', '\n']).filter(|part| *part == word).count();
    // The words of the edges, cut as they stand in the drawing.
    let words: String =
        EDGES.iter().map(|edge| format!("{} {} ", edge.event.words(), edge.action.unwrap_or("x"))).collect();
    for word in
        ["OPEN", "CLOSE", "SEND", "rcv", "snd", "SYN", "SYN,ACK", "FIN", "ACK", "RST", "delete", "create"]
    {
        assert_eq!(count(word, &text), count(word, &words), "{word}");
    }
    for node in Node::ALL {
        let boxes = Node::ALL.into_iter().filter(|other| other.state() == node.state()).count();
        assert_eq!(count(node.state().name(), &text), boxes, "{node:?}");
    }
    // An edge without an action has an x; that of the RST has none in the figure either.
    assert_eq!(count("x", &text), EDGES.iter().filter(|edge| edge.action.is_none()).count() - 1);
    assert!(text.lines().all(|line| line.chars().count() <= WIDTH));
}

#[test]
fn a_number_that_leaves_no_room_for_how_often_stands_alone() {
    let taken = |frame, times| Taken { times, frame: Some(frame), is_it: true, ..Taken::default() };
    assert_eq!(frame_of(taken(7, 1), false), "[7]");
    assert_eq!(frame_of(taken(7, 3), false), "[7 ×3]");
    assert_eq!(frame_of(taken(7, 3), true), "[7 x3]");
    assert_eq!(frame_of(taken(99_999_999, 3), false), "[99999999]");
    assert_eq!(frame_of(Taken { is_it: false, ..taken(7, 1) }, false), "(7)");
    assert_eq!(frame_of(Taken::default(), false), "");
}

//! A round at the terminal.

use super::{full_width, stdout, tcpscope};

#[test]
fn a_round_marks_at_once_and_ends_politely() {
    let args = ["--seed", "3", "--level", "fields", "--count", "2"];
    let key = tcpscope(&[&["--answers"], &args[..]].concat(), "");
    let answers: Vec<_> = stdout(&key)
        .lines()
        .filter_map(|line| line.strip_prefix("Answer ")?.split_once(": "))
        .map(|(_, key)| key)
        .collect();
    let right = tcpscope(&args, &format!("?\n{}\n{}\n", answers[0], answers[1]));
    assert!(stdout(&right).contains("2 of 2 right."), "{}", stdout(&right));
    let ended = tcpscope(&args, "what\n99999999999\n");
    assert_eq!(ended.status.code(), Some(0));
    let text = stdout(&ended);
    assert!(text.contains("Not right.") && text.contains("You ended after 0 of 2."), "{text}");
    let skipped = tcpscope(&args, "\n\n");
    assert!(stdout(&skipped).contains("The answer is") && stdout(&skipped).contains("0 of 2 right."));
    assert!(stdout(&skipped).lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn a_round_takes_full_width_answers_and_asks_for_a_hint() {
    let args = ["--seed", "3", "--level", "fields", "--count", "3"];
    let key = tcpscope(&[&["--answers"], &args[..]].concat(), "");
    let keys = stdout(&key).lines().filter_map(|line| line.strip_prefix("Answer ")?.split_once(": "));
    let typed: String = keys.map(|(_, key)| full_width(key) + "\n").collect();
    let right = tcpscope(&args, &format!("？\n{typed}"));
    assert!(stdout(&right).contains("3 of 3 right."), "{}", stdout(&right));
}

#[test]
fn q_leaves_with_the_score_as_the_end_of_the_input_does() {
    for typed in ["q\n", "Q\n", "ｑ\n", "Ｑ\n", "quit\nq\n", "\nq\n"] {
        let output = tcpscope(&["--seed", "3", "--count", "4", "--level", "fields"], typed);
        let asked = usize::from(typed.starts_with('\n'));
        let score = format!("0 of {asked} right. You ended after {asked} of 4.");
        assert!(stdout(&output).contains(&score), "{}", stdout(&output));
        assert_eq!((output.status.code(), stdout(&output).matches("\n> ").count()), (Some(0), asked + 1));
    }
}

use super::answer::Answer;
use super::material::{Conversation, of_situation};
use super::random::Random;
use super::situation::Situation;
use super::{arithmetic, diagnosis, states};
use crate::track::label::Mark;

#[test]
fn what_was_made_up_is_what_the_tracker_finds() {
    // The place of each situation among the choices; no question asks for the name of a simultaneous close.
    let expected = [
        (Situation::Refused, 0),
        (Situation::Reset, 1),
        (Situation::ResetBehindFin, 1),
        (Situation::Retransmission, 2),
        (Situation::Gap, 2),
        (Situation::ZeroWindow, 3),
        (Situation::KeepAlive, 4),
        (Situation::HalfClose, 5),
        (Situation::Orderly, 6),
    ];
    for seed in 0..200 {
        for (situation, choice) in expected {
            let material = of_situation(situation, &mut Random::new(seed));
            assert_eq!(material.conversations.len(), 1);
            let questions = diagnosis::questions(&material.conversations[0]);
            assert_eq!(
                questions.first().map(|q| &q.key),
                Some(&Answer::Choice(choice)),
                "{situation:?} of seed {seed}"
            );
        }
    }
}

fn conversation(situation: Situation, seed: u64) -> Conversation {
    of_situation(situation, &mut Random::new(seed)).conversations.remove(0)
}

#[test]
fn what_its_sender_uses_next_is_not_asked_where_a_segment_looks_back() {
    let asked = |conversation: &Conversation, at: usize| {
        arithmetic::questions(conversation, at, &mut Random::new(0))
            .iter()
            .any(|question| question.kind == "next_sequence_number")
    };
    for seed in 0..20 {
        let keep_alive = conversation(Situation::KeepAlive, seed);
        for (at, step) in keep_alive.steps.iter().enumerate() {
            let probe = step.analysis.contains(Mark::KeepAlive);
            assert_eq!(asked(&keep_alive, at), !probe, "frame {}", step.number);
        }
        let gap = conversation(Situation::Gap, seed);
        let again = gap.steps.iter().position(|step| step.analysis.contains(Mark::Retransmission)).unwrap();
        assert!(!asked(&gap, again) && asked(&gap, again + 1));
    }
}

#[test]
fn who_holds_time_wait_is_asked_only_where_it_is_over() {
    let asked = |conversation: &Conversation| {
        let questions = states::questions(conversation, &mut Random::new(0));
        questions.into_iter().find(|question| question.kind == "time_wait")
    };
    for seed in 0..20 {
        let mut orderly = conversation(Situation::Orderly, seed);
        assert!(asked(&orderly).is_some());
        // The last acknowledgement is not there: one end still waits for it.
        orderly.steps.pop();
        assert_eq!(asked(&orderly), None, "seed {seed}");
    }
}

#[test]
fn after_a_reset_behind_a_fin_nobody_holds_time_wait_and_the_reason_says_so() {
    let conversation = conversation(Situation::ResetBehindFin, 3);
    let questions = states::questions(&conversation, &mut Random::new(0));
    let question = questions.iter().find(|question| question.kind == "time_wait").unwrap();
    assert_eq!(question.key_shown(), "neither");
    assert!(question.explanation.contains("reset"), "{}", question.explanation);
}

#[test]
fn numbers_below_a_bound_are_below_it_and_all_of_them_come() {
    let mut random = Random::new(7);
    let mut seen = [0_u32; 6];
    for _ in 0..6_000 {
        seen[random.below(6)] += 1;
    }
    assert!(seen.iter().all(|count| (800..1200).contains(count)), "{seen:?}");
    assert_eq!(random.below(0), 0);
}

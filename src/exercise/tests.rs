use super::answer::Answer;
use super::diagnosis;
use super::material::of_situation;
use super::random::Random;
use super::situation::Situation;

#[test]
fn what_was_made_up_is_what_the_tracker_finds() {
    // The place of each situation among the choices; what a simultaneous close is called, nobody is asked.
    let expected = [
        (Situation::Refused, 0),
        (Situation::Reset, 1),
        (Situation::Retransmission, 2),
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

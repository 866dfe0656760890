//! Which questions are asked.

use std::collections::HashSet;

use super::material::Material;
use super::question::Question;
use super::random::Random;
use super::{Level, arithmetic, diagnosis, fields, states};

/// The questions that were asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Plan {
    /// The seed of the random choice: equal seeds give equal questions.
    pub seed: u64,
    /// The number of questions.
    pub count: usize,
    /// The level of all questions; `None`: every level, in turn.
    pub level: Option<Level>,
}

/// Chooses questions. There are fewer than asked for where the material allows no more.
pub fn choose(plan: Plan, material: &Material) -> Vec<Question> {
    let mut random = Random::new(plan.seed);
    let levels = plan.level.map_or_else(|| Level::ALL.to_vec(), |level| vec![level]);
    // By level, then by kind: each kind gets its turn.
    let mut pools: Vec<Vec<Vec<Question>>> =
        levels.iter().map(|level| pool(*level, material, &mut random)).collect();
    let mut chosen = Vec::new();
    let mut shown = HashSet::new();
    // The easy ones first: as many rounds of each level as its share is.
    for (n, pool) in pools.iter_mut().enumerate() {
        let share = plan.count / levels.len() + usize::from(n < plan.count % levels.len());
        chosen.extend(take(pool, share, &mut shown));
    }
    for pool in &mut pools {
        let missing = plan.count - chosen.len();
        chosen.extend(take(pool, missing, &mut shown));
    }
    chosen.sort_by_key(|question| question.level);
    chosen
}

/// One of each kind in turn, until there are `count` or no more. What one question shows, another may give the
/// answer to, so those come first that show what was not shown yet.
fn take(pool: &mut Vec<Vec<Question>>, count: usize, shown: &mut HashSet<Vec<String>>) -> Vec<Question> {
    let mut taken = Vec::new();
    while taken.len() < count && !pool.is_empty() {
        let mut kind = pool.remove(0);
        let fresh = kind.iter().rposition(|question| !shown.contains(&question.about));
        if let Some(at) = fresh.or(kind.len().checked_sub(1)) {
            let question = kind.remove(at);
            shown.insert(question.about.clone());
            taken.push(question);
        }
        if !kind.is_empty() {
            pool.push(kind);
        }
    }
    taken
}

/// All questions of a level, a list for each kind, in random order.
fn pool(level: Level, material: &Material, random: &mut Random) -> Vec<Vec<Question>> {
    let mut all = Vec::new();
    for conversation in &material.conversations {
        match level {
            Level::Fields => {
                for step in &conversation.steps {
                    all.extend(fields::questions(conversation, step));
                }
            }
            Level::Arithmetic => {
                for at in 0..conversation.steps.len() {
                    all.extend(arithmetic::questions(conversation, at, random));
                }
            }
            Level::States => all.extend(states::questions(conversation, random)),
            Level::Diagnosis => all.extend(diagnosis::questions(conversation)),
        }
    }
    let mut kinds: Vec<Vec<Question>> = Vec::new();
    for question in all {
        match kinds.iter_mut().find(|kind| kind[0].kind == question.kind) {
            Some(kind) => kind.push(question),
            None => kinds.push(vec![question]),
        }
    }
    for kind in &mut kinds {
        random.shuffle(kind);
    }
    random.shuffle(&mut kinds);
    kinds
}

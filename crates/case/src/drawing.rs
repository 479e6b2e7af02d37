//! Which cases of a frame are drawn for a second read, with the probability that each had.

use crate::{Chance, SamplingMethod};

/// By what rule cases are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SamplingRule {
    /// A share of all, above 0 to 100 %, each case as likely as any other.
    Share {
        /// %.
        percent: f64,
    },
    /// Every so manieth in the order of the frame, from a start that is drawn.
    EveryNth {
        /// 1: all.
        n: u32,
    },
    /// Up to so many of each group, each case of a group as likely as any other of it.
    Quota {
        /// At least 1.
        n: u32,
    },
}

/// A case that was drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DrawnCase {
    /// Its place in the frame, from 0.
    pub case_idx: usize,
    /// Probability with which the rule draws it, above 0 to 1.
    pub probability: f64,
}

impl SamplingRule {
    /// What is wrong with it; `None` when nothing is.
    pub fn problem(self) -> Option<&'static str> {
        match self {
            Self::Share { percent } if !(0.0 < percent && percent <= 100.0) => {
                Some("a share lies above 0 and is at most 100 %")
            }
            Self::EveryNth { n: 0 } => Some("every 0th case is none; the least is 1"),
            Self::Quota { n: 0 } => Some("a quota of 0 draws nothing; the least is 1"),
            _ => None,
        }
    }

    /// How an assignment names it.
    pub fn method(self) -> SamplingMethod {
        match self {
            Self::Share { .. } => SamplingMethod::Random,
            Self::EveryNth { .. } => SamplingMethod::EveryNth,
            Self::Quota { .. } => SamplingMethod::Quota,
        }
    }

    /// In words, for the record: `share 10 %`, `every 20th`, `up to 5 of each group`.
    pub fn words(self) -> String {
        match self {
            Self::Share { percent } => format!("share {percent} %"),
            Self::EveryNth { n } => format!("every {n}th"),
            Self::Quota { n } => format!("up to {n} of each group"),
        }
    }

    /// Draws from a frame; `groups` has the group of each case, in order. Those drawn come in the order of the frame.
    /// A rule with a [`SamplingRule::problem`] draws nothing.
    pub fn draw(self, groups: &[String], chance: &mut Chance) -> Vec<DrawnCase> {
        if self.problem().is_some() {
            return Vec::new();
        }
        match self {
            Self::Share { percent } => draw_share(groups.len(), percent, chance),
            Self::EveryNth { n } => draw_every(groups.len(), n, chance),
            Self::Quota { n } => draw_quota(groups, n, chance),
        }
    }
}

/// So many of all that the mean over many draws is the share, whole number or not: each case then has just the share
/// as its probability.
fn draw_share(n_frame: usize, percent: f64, chance: &mut Chance) -> Vec<DrawnCase> {
    let wanted = n_frame as f64 * percent / 100.0;
    let whole = wanted.floor();
    let one_more = chance.happens(wanted - whole);
    // At most the number of cases, which is a `usize` already.
    let n = (whole as usize + usize::from(one_more)).min(n_frame);
    let all: Vec<usize> = (0..n_frame).collect();
    drawn(chance.some_of(&all, n), percent / 100.0)
}

fn draw_every(n_frame: usize, n: u32, chance: &mut Chance) -> Vec<DrawnCase> {
    let start = chance.below(u64::from(n));
    let places = (0..n_frame).filter(|k| *k as u64 % u64::from(n) == start);
    drawn(places.collect(), 1.0 / f64::from(n))
}

fn draw_quota(groups: &[String], n: u32, chance: &mut Chance) -> Vec<DrawnCase> {
    let mut names: Vec<&String> = groups.iter().collect();
    names.sort();
    names.dedup();
    let mut all = Vec::new();
    for name in names {
        let members: Vec<usize> = (0..groups.len())
            .filter(|k| groups.get(*k) == Some(name))
            .collect();
        let taken = members.len().min(n as usize);
        let probability = taken as f64 / members.len() as f64;
        all.extend(drawn(chance.some_of(&members, taken), probability));
    }
    all.sort_by_key(|case| case.case_idx);
    all
}

fn drawn(mut places: Vec<usize>, probability: f64) -> Vec<DrawnCase> {
    places.sort_unstable();
    let case = |case_idx| DrawnCase {
        case_idx,
        probability,
    };
    places.into_iter().map(case).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(sizes: &[usize]) -> Vec<String> {
        let of = |(k, n): (usize, &usize)| vec![format!("G{k}"); *n];
        sizes.iter().enumerate().flat_map(of).collect()
    }

    #[test]
    fn the_probability_of_each_case_is_how_often_it_is_drawn() {
        let n_seeds = 20_000;
        let rows = [
            (
                SamplingRule::Share { percent: 10.0 },
                groups(&[20]),
                vec![0.1; 20],
            ),
            // 3.4 of 17: sometimes three, sometimes four.
            (
                SamplingRule::Share { percent: 20.0 },
                groups(&[17]),
                vec![0.2; 17],
            ),
            (
                SamplingRule::Share { percent: 2.5 },
                groups(&[9]),
                vec![0.025; 9],
            ),
            (
                SamplingRule::Share { percent: 100.0 },
                groups(&[5]),
                vec![1.0; 5],
            ),
            (
                SamplingRule::EveryNth { n: 7 },
                groups(&[16]),
                vec![1.0 / 7.0; 16],
            ),
            (SamplingRule::EveryNth { n: 1 }, groups(&[4]), vec![1.0; 4]),
            (
                SamplingRule::Quota { n: 3 },
                groups(&[12, 2, 5]),
                [vec![0.25; 12], vec![1.0; 2], vec![0.6; 5]].concat(),
            ),
        ];
        for (rule, groups, expected) in rows {
            let mut counts = vec![0_u32; groups.len()];
            for seed in 0..n_seeds {
                for case in rule.draw(&groups, &mut Chance::new(seed)) {
                    counts[case.case_idx] += 1;
                    let off = case.probability - expected[case.case_idx];
                    assert!(off.abs() < 1e-12, "{rule:?} {case:?}");
                }
            }
            for (k, (count, p)) in counts.iter().zip(&expected).enumerate() {
                let n = n_seeds as f64;
                let sd = (n * p * (1.0 - p)).sqrt();
                let off = (f64::from(*count) - n * p).abs();
                assert!(off <= 5.0 * sd, "{rule:?} case {k}: {count} of {n}, p {p}");
            }
        }
    }

    #[test]
    fn every_nth_takes_each_case_at_just_one_of_its_starts() {
        for (n_frame, n) in [(10, 3_u32), (3, 10), (12, 4), (0, 5)] {
            let mut seen: Vec<Vec<usize>> = Vec::new();
            for seed in 0..2000 {
                let drawn = draw_every(n_frame, n, &mut Chance::new(seed));
                let places: Vec<usize> = drawn.iter().map(|case| case.case_idx).collect();
                if !seen.contains(&places) {
                    seen.push(places);
                }
            }
            let mut all = seen.concat();
            all.sort_unstable();
            assert_eq!(all, (0..n_frame).collect::<Vec<_>>(), "{n_frame} {n}");
        }
    }

    #[test]
    fn a_share_takes_the_whole_number_below_or_above_it_and_a_seed_gives_one_answer() {
        let frame = groups(&[17]);
        let rule = SamplingRule::Share { percent: 20.0 };
        for seed in 0..200 {
            let drawn = rule.draw(&frame, &mut Chance::new(seed));
            assert!((3..=4).contains(&drawn.len()));
            assert_eq!(drawn, rule.draw(&frame, &mut Chance::new(seed)));
        }
    }

    #[test]
    fn a_rule_that_draws_nothing_says_so() {
        let share = |percent| SamplingRule::Share { percent };
        let rows = [
            (share(0.0), false),
            (share(-1.0), false),
            (share(100.5), false),
            (share(f64::NAN), false),
            (share(0.1), true),
            (SamplingRule::EveryNth { n: 0 }, false),
            (SamplingRule::EveryNth { n: 1 }, true),
            (SamplingRule::Quota { n: 0 }, false),
            (SamplingRule::Quota { n: 9 }, true),
        ];
        for (rule, good) in rows {
            assert_eq!(rule.problem().is_none(), good, "{rule:?}");
            let drawn = rule.draw(&groups(&[50, 50]), &mut Chance::new(3));
            assert!(good || drawn.is_empty(), "{rule:?}");
        }
    }
}

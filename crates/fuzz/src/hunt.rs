use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use crate::mutator::Mutator;
use crate::targets::Target;

/// An input may keep a boundary busy so long on a machine that does other things as well.
const SLOW: Duration = Duration::from_secs(5);

/// A search through one boundary.
#[derive(Clone, Copy, Debug)]
pub struct Hunt {
    /// Where the changes begin.
    pub seed: u64,
    /// Most inputs to try.
    pub max_runs: u64,
    /// Longest time to spend.
    pub max_time: Duration,
}

/// What a search tried and found.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Inputs tried.
    pub n_runs: u64,
    /// The inputs that must not have done what they did.
    pub findings: Vec<Finding>,
    /// The input that took longest, of those that ended well; `None` before the first.
    pub slowest: Option<Slowest>,
}

/// The input that took longest.
#[derive(Clone, Debug)]
pub struct Slowest {
    /// How long.
    pub took: Duration,
    /// The input.
    pub bytes: Vec<u8>,
}

/// An input that broke a promise.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Which promise.
    pub what: String,
    /// The input.
    pub bytes: Vec<u8>,
}

impl Hunt {
    /// Runs the target's good inputs, then changed ones; ends at the first limit that is reached.
    pub fn through(self, target: Target) -> Tally {
        self.through_from(target, &(target.seeds)())
    }

    /// As [`Self::through`], with good inputs from elsewhere.
    pub fn through_from(self, target: Target, good: &[Vec<u8>]) -> Tally {
        let mut mutator = Mutator::new(self.seed);
        let mut tally = Tally::default();
        let started = Instant::now();
        while tally.n_runs < self.max_runs && started.elapsed() < self.max_time {
            let nth = usize::try_from(tally.n_runs).unwrap_or(usize::MAX);
            let bytes = match good.get(nth) {
                Some(bytes) => bytes.clone(),
                None => mutator.changed(good),
            };
            tally.n_runs += 1;
            let began = Instant::now();
            let outcome = catch_unwind(AssertUnwindSafe(|| (target.run)(&bytes)));
            let took = began.elapsed();
            let what = match outcome {
                Err(_) => "it panicked".to_owned(),
                Ok(()) if SLOW < took => format!("it took {took:?}"),
                Ok(()) => {
                    if tally.slowest.as_ref().is_none_or(|s| s.took < took) {
                        tally.slowest = Some(Slowest { took, bytes });
                    }
                    continue;
                }
            };
            tally.findings.push(Finding { what, bytes });
        }
        tally
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::targets::TARGETS;

    #[test]
    fn a_panic_is_found() {
        let fragile = Target {
            name: "fragile",
            run: |bytes| assert!(bytes.first() != Some(&1)),
            seeds: || vec![vec![0; 4]],
        };
        let hunt = Hunt {
            seed: 1,
            max_runs: 20_000,
            max_time: SLOW,
        };
        assert!(!hunt.through(fragile).findings.is_empty());
    }

    #[test]
    fn no_boundary_panics_or_runs_on() {
        for target in TARGETS {
            let hunt = Hunt {
                seed: 20_261,
                max_runs: 3_000,
                max_time: Duration::from_secs(4),
            };
            let tally = hunt.through(*target);
            println!("{}: {} inputs", target.name, tally.n_runs);
            assert!(10 < tally.n_runs, "{}", target.name);
            let first = tally.findings.first();
            assert!(
                first.is_none(),
                "{}: {} ({} bytes: {:02x?})",
                target.name,
                first.map_or("", |f| f.what.as_str()),
                first.map_or(0, |f| f.bytes.len()),
                first.map(|f| f.bytes.iter().take(600).collect::<Vec<_>>())
            );
        }
    }
}

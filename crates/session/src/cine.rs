//! Pictures that follow each other by themselves: at the rate of the file, or the one that the reader chose.

use series::{Playback, PlaybackOrder, RateFrom};

use crate::{Session, View, ViewCommand, ViewIdx};

/// Cine without a rate of its own runs at so many slices a second.
const DEFAULT_PER_SECOND: f64 = 12.0;
/// Rates that a reader steps through, frames a second.
const RATES: [f64; 14] = [
    0.5, 1.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 15.0, 20.0, 25.0, 30.0, 45.0, 60.0,
];

/// How a view plays, beyond what the file says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Play {
    /// Frames a second that the reader chose; `None`: as the file says.
    pub per_second: Option<f64>,
    /// Loop or sweep as the reader chose; `None`: as the file says.
    pub order: Option<PlaybackOrder>,
    /// First and last picture that are played, both included, counted from 0 in the steps of the view; `None`: all.
    pub trim: Option<[usize; 2]>,
    /// Is a sweep on its way back?
    is_backwards: bool,
    /// Since the picture on screen came, ms.
    since_ms: f64,
}

impl Play {
    /// First and last of `n` pictures that are played; where the trim does not fit them, all.
    fn first_to_last(&self, n: usize) -> [usize; 2] {
        let last_of_all = n.saturating_sub(1);
        match self.trim {
            Some([first, last]) if first < last && last <= last_of_all => [first, last],
            Some(_) | None => [0, last_of_all],
        }
    }
}

/// How a view plays, for the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct CineSnapshot {
    /// Frames a second; where the file gives each frame its time, their mean.
    pub per_second: f64,
    /// Who says so.
    pub rate_from: CineRateFrom,
    /// Do the frames stay for different times?
    pub is_uneven: bool,
    /// What follows the last.
    pub order: PlaybackOrder,
    /// First and last picture that are played, both included, counted from 0.
    pub first_to_last: [usize; 2],
    /// Did the reader leave some out?
    pub is_trimmed: bool,
}

/// Who says how fast a view plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CineRateFrom {
    /// The file, in this attribute.
    File(RateFrom),
    /// The reader.
    Reader,
    /// Nobody: the usual rate.
    Usual,
}

/// What one view plays by.
struct Pace {
    per_second: f64,
    rate_from: CineRateFrom,
    /// Times of the slices at that rate, ms; empty: all the same.
    slice_ms: Vec<f64>,
    order: PlaybackOrder,
}

impl Pace {
    fn new(play: &Play, stated: Playback) -> Self {
        let (per_second, rate_from) = match (play.per_second, stated.rate) {
            (Some(chosen), _) => (chosen, CineRateFrom::Reader),
            (None, Some((rate, from))) => (rate, CineRateFrom::File(from)),
            (None, None) => (DEFAULT_PER_SECOND, CineRateFrom::Usual),
        };
        let sum: f64 = stated.slice_ms.iter().sum();
        // The times keep their proportions at another rate.
        let factor = 1000.0 * stated.slice_ms.len() as f64 / (sum * per_second);
        let slice_ms = match factor.is_finite() {
            true => stated.slice_ms.iter().map(|ms| ms * factor).collect(),
            false => Vec::new(),
        };
        Self {
            per_second,
            rate_from,
            slice_ms,
            order: play.order.unwrap_or(stated.order),
        }
    }

    /// How long a slice stays, ms.
    fn stay_ms(&self, slice_idx: usize) -> f64 {
        let even_ms = 1000.0 / self.per_second;
        self.slice_ms.get(slice_idx).copied().unwrap_or(even_ms)
    }

    /// Where the play is after some time: what took longer to draw than it stays is left out, so that time never slows
    /// down.
    fn advance(&self, play: &mut Play, [at, n]: [usize; 2], elapsed_ms: f64) -> usize {
        let [first, last] = play.first_to_last(n);
        let n = last - first + 1;
        play.since_ms += elapsed_ms;
        // Who looked elsewhere meanwhile comes back to the nearer end.
        let mut at = at.clamp(first, last);
        // A frame of no time at all passes with the next; no more than two rounds can be behind.
        for _ in 0..2 * n.max(1) {
            let stay_ms = self.stay_ms(at);
            // A thousandth of a millisecond of rounding keeps no frame back.
            if play.since_ms + 1e-3 < stay_ms || n < 2 {
                break;
            }
            play.since_ms = (play.since_ms - stay_ms).max(0.0);
            at = first + next(self.order, &mut play.is_backwards, at - first, n);
        }
        if n < 2 || self.stay_ms(at) < play.since_ms {
            play.since_ms = 0.0;
        }
        at
    }
}

/// The slice after another; of a sweep neither end is shown twice.
fn next(order: PlaybackOrder, is_backwards: &mut bool, at: usize, n: usize) -> usize {
    match order {
        PlaybackOrder::Loop => (at + 1) % n,
        PlaybackOrder::Sweep => {
            if at + 1 == n {
                *is_backwards = true;
            } else if at == 0 {
                *is_backwards = false;
            }
            if *is_backwards { at - 1 } else { at + 1 }
        }
    }
}

impl Session {
    /// Commands of playing; gives back every other.
    pub(crate) fn apply_cine(&mut self, command: ViewCommand) -> Option<ViewCommand> {
        match command {
            ViewCommand::ToggleCine(idx) => {
                if let Some(view) = self.room.view_mut(idx) {
                    view.cine = !view.cine;
                    view.play.since_ms = 0.0;
                    view.play.is_backwards = false;
                }
            }
            ViewCommand::SetCineRate(idx, per_second) => {
                let usable = |rate: &f64| (0.1..=120.0).contains(rate);
                if let Some(view) = self.room.view_mut(idx)
                    && per_second.as_ref().is_none_or(usable)
                {
                    view.play.per_second = per_second;
                }
            }
            ViewCommand::StepCineRate(idx, by) => {
                let view = self.room.view(idx).cloned()?;
                let now = Pace::new(&view.play, self.playback_of(&view)).per_second;
                let to = match by {
                    ..0 => RATES.iter().rev().find(|rate| **rate < now - 1e-9),
                    _ => RATES.iter().find(|rate| now + 1e-9 < **rate),
                };
                if let (Some(to), Some(view)) = (to, self.room.view_mut(idx)) {
                    view.play.per_second = Some(*to);
                }
            }
            ViewCommand::SetCineOrder(idx, order) => {
                if let Some(view) = self.room.view_mut(idx) {
                    view.play.order = Some(order);
                    view.play.is_backwards = false;
                }
            }
            ViewCommand::SetCineTrim(idx, trim) => self.trim_cine(idx, trim),
            ViewCommand::CineFromHere(idx) => {
                let [at, n] = self.room.plane_index(idx, &self.library)?;
                let [_, last] = self.room.view(idx)?.play.first_to_last(n);
                let last = if at < last { last } else { n.saturating_sub(1) };
                self.trim_cine(idx, Some([at, last]));
            }
            ViewCommand::CineToHere(idx) => {
                let [at, n] = self.room.plane_index(idx, &self.library)?;
                let [first, _] = self.room.view(idx)?.play.first_to_last(n);
                let first = if first < at { first } else { 0 };
                self.trim_cine(idx, Some([first, at]));
            }
            other => return Some(other),
        }
        None
    }

    /// Plays only so far. Fewer than two pictures are no play: nothing changes then; all of them are no trim.
    fn trim_cine(&mut self, idx: ViewIdx, trim: Option<[usize; 2]>) {
        let Some([_, n]) = self.room.plane_index(idx, &self.library) else {
            return;
        };
        let is_sound = trim.is_none_or(|[first, last]| first < last && last < n);
        if let Some(view) = self.room.view_mut(idx).filter(|_| is_sound) {
            view.play.trim = trim.filter(|trim| *trim != [0, n - 1]);
        }
    }

    /// What the file says of what a view shows; only of stacks, for planes are no frames.
    fn playback_of(&self, view: &View) -> Playback {
        let key = view.volume.as_ref();
        let shelved = key.and_then(|key| self.library.get(key));
        match (view.kind, shelved) {
            (crate::ViewKind::Stack, Some(s)) => s.plan.playback(),
            _ => Playback::default(),
        }
    }

    /// How a view plays; `None` where there is nothing to play.
    pub(crate) fn cine_snapshot(&self, idx: ViewIdx, view: &View) -> Option<CineSnapshot> {
        let [_, n] = self.room.plane_index(idx, &self.library)?;
        if n < 2 || view.kind.is_projection() {
            return None;
        }
        let pace = Pace::new(&view.play, self.playback_of(view));
        Some(CineSnapshot {
            per_second: pace.per_second,
            rate_from: pace.rate_from,
            is_uneven: !pace.slice_ms.is_empty(),
            order: pace.order,
            first_to_last: view.play.first_to_last(n),
            is_trimmed: view.play.trim.is_some(),
        })
    }

    pub(crate) fn run_cine(&mut self, elapsed_ms: u64) {
        for i in 0..self.room.views.len() {
            let idx = ViewIdx(i);
            let Some(view) = self.room.view(idx).filter(|view| view.cine).cloned() else {
                continue;
            };
            if view.kind.is_projection() {
                self.spin(idx, elapsed_ms);
                continue;
            }
            let Some([at, n]) = self.room.plane_index(idx, &self.library) else {
                continue;
            };
            let pace = Pace::new(&view.play, self.playback_of(&view));
            let mut play = view.play;
            let to = pace.advance(&mut play, [at, n], elapsed_ms as f64);
            if let Some(view) = self.room.view_mut(idx) {
                view.play = play;
            }
            if to != at {
                self.room.go_to_slice(idx, to, &self.library);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(rate: Option<f64>, slice_ms: &[f64], order: PlaybackOrder) -> Pace {
        let stated = Playback {
            rate: rate.map(|rate| (rate, RateFrom::CineRate)),
            slice_ms: slice_ms.to_vec(),
            order,
        };
        Pace::new(&Play::default(), stated)
    }

    /// The slices at the end of each of so many steps of time.
    fn played(pace: &Pace, n: usize, step_ms: f64, n_steps: usize) -> Vec<usize> {
        let mut play = Play::default();
        let mut at = 0;
        (0..n_steps)
            .map(|_| {
                at = pace.advance(&mut play, [at, n], step_ms);
                at
            })
            .collect()
    }

    #[test]
    fn the_rate_of_the_file_is_kept_and_frames_are_left_out_rather_than_time() {
        let stated = pace(Some(25.0), &[], PlaybackOrder::Loop);
        assert_eq!(
            played(&stated, 10, 40.0, 12),
            [1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2]
        );
        assert_eq!(played(&stated, 10, 100.0, 4), [2, 5, 7, 0], "every 2.5th");
        assert_eq!(played(&stated, 10, 16.0, 6), [0, 0, 1, 1, 2, 2]);
        let usual = pace(None, &[], PlaybackOrder::Loop);
        assert_eq!(usual.per_second, 12.0);
        // A second is a second, whatever the steps.
        for (step_ms, n_steps) in [(10.0, 100), (125.0, 8), (250.0, 4), (1000.0, 1)] {
            assert_eq!(
                played(&usual, 100, step_ms, n_steps).last(),
                Some(&12),
                "{step_ms}"
            );
        }
    }

    #[test]
    fn a_sweep_goes_there_and_back_without_showing_an_end_twice() {
        let sweep = pace(Some(10.0), &[], PlaybackOrder::Sweep);
        assert_eq!(played(&sweep, 4, 100.0, 9), [1, 2, 3, 2, 1, 0, 1, 2, 3]);
    }

    #[test]
    fn what_is_trimmed_away_is_not_played_and_the_rate_stays() {
        for (order, trim, at, expected) in [
            (PlaybackOrder::Loop, Some([3, 5]), 3, [4, 5, 3, 4, 5, 3]),
            (PlaybackOrder::Sweep, Some([3, 5]), 3, [4, 5, 4, 3, 4, 5]),
            (PlaybackOrder::Loop, Some([3, 5]), 9, [3, 4, 5, 3, 4, 5]),
            (PlaybackOrder::Loop, Some([3, 5]), 0, [4, 5, 3, 4, 5, 3]),
            // A trim of other pictures is none.
            (PlaybackOrder::Loop, Some([3, 30]), 8, [9, 0, 1, 2, 3, 4]),
            (PlaybackOrder::Loop, Some([5, 5]), 8, [9, 0, 1, 2, 3, 4]),
            (PlaybackOrder::Loop, None, 8, [9, 0, 1, 2, 3, 4]),
        ] {
            let pace = pace(Some(25.0), &[], order);
            let mut play = Play {
                trim,
                ..Play::default()
            };
            let mut at = at;
            let played = [(); 6].map(|()| {
                at = pace.advance(&mut play, [at, 10], 40.0);
                at
            });
            assert_eq!(played, expected, "{order:?} {trim:?}");
        }
    }

    #[test]
    fn frames_stay_for_their_own_times_in_proportion_at_any_rate() {
        let own = pace(Some(10.0), &[50.0, 150.0, 100.0], PlaybackOrder::Loop);
        assert_eq!(played(&own, 3, 50.0, 7), [1, 1, 1, 2, 2, 0, 1]);
        let mut play = Play {
            per_second: Some(20.0),
            ..Play::default()
        };
        let stated = Playback {
            slice_ms: vec![50.0, 150.0, 100.0],
            ..Playback::default()
        };
        let twice = Pace::new(&play, stated);
        assert_eq!(twice.rate_from, CineRateFrom::Reader);
        assert_eq!(twice.advance(&mut play, [0, 3], 25.0), 1);
        assert_eq!(twice.stay_ms(1), 75.0);
    }

    #[test]
    fn one_frame_stays_and_frames_of_no_time_do_not_stop_the_play() {
        assert_eq!(
            played(&pace(None, &[], PlaybackOrder::Sweep), 1, 900.0, 3),
            [0, 0, 0]
        );
        let none = pace(Some(10.0), &[0.0, 0.0, 300.0], PlaybackOrder::Loop);
        assert_eq!(played(&none, 3, 100.0, 5), [2, 2, 2, 2, 2]);
    }
}

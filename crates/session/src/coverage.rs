use std::collections::BTreeMap;

use case::Coverage;
use volume::{Presentation, Voi};

use crate::{CoverageStrip, Seen};

/// A slice counts as seen after so long on screen (DECISIONS 5).
pub(crate) const SEEN_MS: u32 = 250;
/// Reading time stands still after so long without input.
pub(crate) const IDLE_MS: u64 = 60_000;

/// The window classes of CT, in the order of the strip's lanes. Other modalities have one lane.
const CT_LANES: [&str; 4] = ["soft", "lung", "bone", "brain"];
const ONE_LANE: [&str; 1] = ["other"];

/// Lanes of a modality.
pub(crate) fn lanes(modality: &str) -> &'static [&'static str] {
    if modality == "CT" {
        &CT_LANES
    } else {
        &ONE_LANE
    }
}

/// The lane that a window belongs to.
///
/// CT by width and centre: below −250 HU centre is lung, 1000 HU wide or more is bone, 150 HU wide or less about
/// water is brain, all else soft tissue.
pub(crate) fn lane_of(modality: &str, presentation: Option<&Presentation>) -> &'static str {
    if modality != "CT" {
        return "other";
    }
    match presentation.map(|p| &p.voi) {
        Some(Voi::Window { center, width, .. }) => match (*center, *width) {
            (c, _) if c < -250.0 => "lung",
            (_, w) if 1000.0 <= w => "bone",
            (c, w) if w <= 150.0 && c < 100.0 => "brain",
            _ => "soft",
        },
        _ => "soft",
    }
}

/// How long each slice of each series was on screen, lane by lane.
#[derive(Clone, Debug, Default)]
pub(crate) struct CoverageTracker {
    dwell_ms: BTreeMap<String, BTreeMap<&'static str, Vec<u32>>>,
    recorded: Coverage,
    since_input_ms: u64,
    active_ms: u64,
}

impl CoverageTracker {
    /// Goes on from what the record holds.
    pub(crate) fn resume(recorded: &Coverage) -> Self {
        Self {
            recorded: recorded.clone(),
            active_ms: recorded.active_ms,
            ..Self::default()
        }
    }

    /// Time passed; `true` while it counts as reading.
    pub(crate) fn tick(&mut self, elapsed_ms: u64, input: bool) -> bool {
        self.since_input_ms = if input {
            0
        } else {
            self.since_input_ms.saturating_add(elapsed_ms)
        };
        let active = self.since_input_ms < IDLE_MS;
        if active {
            self.active_ms += elapsed_ms;
        }
        active
    }

    /// A slice was on screen for so long. `readable`: at least one screen pixel per image pixel.
    pub(crate) fn dwell(
        &mut self,
        series: &str,
        lane: &'static str,
        slice: [usize; 2],
        elapsed_ms: u64,
        readable: bool,
    ) {
        let [slice_idx, n_slices] = slice;
        let lanes = self.dwell_ms.entry(series.to_owned()).or_default();
        let slices = lanes.entry(lane).or_default();
        if slices.len() < n_slices {
            slices.resize(n_slices, 0);
        }
        if let Some(ms) = slices.get_mut(slice_idx) {
            let elapsed = u32::try_from(elapsed_ms).unwrap_or(u32::MAX);
            // Too small to read leaves at most a brief trace.
            let cap = if readable { u32::MAX } else { SEEN_MS - 1 };
            *ms = (*ms).max(ms.saturating_add(elapsed).min(cap));
        }
    }

    /// How a slice was seen in a lane.
    pub(crate) fn seen(&self, series: &str, lane: &str, slice_idx: usize) -> Seen {
        let before = self
            .recorded
            .series
            .get(series)
            .and_then(|l| l.get(lane))
            .and_then(|s| s.get(slice_idx));
        if before == Some(&true) {
            return Seen::Yes;
        }
        match self
            .dwell_ms
            .get(series)
            .and_then(|l| l.get(lane))
            .and_then(|s| s.get(slice_idx))
        {
            Some(ms) if SEEN_MS <= *ms => Seen::Yes,
            Some(ms) if 0 < *ms => Seen::Briefly,
            _ => Seen::No,
        }
    }

    /// Seen in any lane?
    pub(crate) fn seen_in_any(&self, series: &str, modality: &str, slice_idx: usize) -> bool {
        lanes(modality)
            .iter()
            .any(|lane| self.seen(series, lane, slice_idx) == Seen::Yes)
    }

    /// The strip beside a view.
    pub(crate) fn strip(&self, series: &str, modality: &str, n_slices: usize) -> CoverageStrip {
        let lanes = lanes(modality)
            .iter()
            .map(|lane| {
                (
                    *lane,
                    (0..n_slices).map(|k| self.seen(series, lane, k)).collect(),
                )
            })
            .collect();
        CoverageStrip {
            lanes,
            ..CoverageStrip::default()
        }
    }

    /// Share of slices seen in at least one lane, percent, rounded down so that 100 means all.
    pub(crate) fn percent(&self, series: &str, modality: &str, n_slices: usize) -> u8 {
        if n_slices == 0 {
            return 0;
        }
        let seen = (0..n_slices)
            .filter(|k| self.seen_in_any(series, modality, *k))
            .count();
        u8::try_from(seen * 100 / n_slices).unwrap_or(100)
    }

    /// What to put into the record.
    pub(crate) fn record(&self) -> Coverage {
        let mut coverage = self.recorded.clone();
        coverage.active_ms = self.active_ms;
        for (series, lanes) in &self.dwell_ms {
            let series_record = coverage.series.entry(series.clone()).or_default();
            for (lane, dwell) in lanes {
                let flags = series_record.entry((*lane).to_owned()).or_default();
                if flags.len() < dwell.len() {
                    flags.resize(dwell.len(), false);
                }
                for (flag, ms) in flags.iter_mut().zip(dwell) {
                    *flag |= SEEN_MS <= *ms;
                }
            }
        }
        coverage
    }

    /// The volumes whose record is of another number of slices than they have.
    pub(crate) fn is_of_other_length(&self, name: &str, n_slices: usize) -> bool {
        let lanes = self.recorded.series.get(name);
        lanes.is_some_and(|lanes| lanes.values().any(|flags| flags.len() != n_slices))
    }

    /// Forgets what was seen of a volume.
    pub(crate) fn forget(&mut self, name: &str) {
        self.recorded.series.remove(name);
        self.dwell_ms.remove(name);
    }

    /// The slices of a volume lie in other places now: `before` says for each slice where it lay, `None` for one that
    /// was not there.
    pub(crate) fn rearrange(&mut self, name: &str, before: &[Option<usize>]) {
        fn moved<T: Copy + Default>(old: &[T], before: &[Option<usize>]) -> Vec<T> {
            let at = |idx: &Option<usize>| idx.and_then(|idx| old.get(idx).copied());
            before
                .iter()
                .map(|idx| at(idx).unwrap_or_default())
                .collect()
        }
        for flags in self
            .recorded
            .series
            .get_mut(name)
            .into_iter()
            .flat_map(|l| l.values_mut())
        {
            *flags = moved(flags, before);
        }
        for dwell in self
            .dwell_ms
            .get_mut(name)
            .into_iter()
            .flat_map(|l| l.values_mut())
        {
            *dwell = moved(dwell, before);
        }
    }

    /// Active reading time, ms.
    pub(crate) fn active_ms(&self) -> u64 {
        self.active_ms
    }
}

#[cfg(test)]
mod tests {
    use volume::VoiFunction;

    use super::*;

    fn window(center: f64, width: f64) -> Presentation {
        let voi = Voi::Window {
            center,
            width,
            function: VoiFunction::Linear,
            explanation: None,
        };
        Presentation {
            voi,
            invert: volume::Invert::No,
        }
    }

    #[test]
    fn a_window_belongs_to_the_lane_of_its_tissue() {
        for (center, width, lane) in [
            (40.0, 400.0, "soft"),
            (-600.0, 1500.0, "lung"),
            (480.0, 2500.0, "bone"),
            (40.0, 80.0, "brain"),
            (40.0, 40.0, "brain"),
            (300.0, 600.0, "soft"),
        ] {
            assert_eq!(
                lane_of("CT", Some(&window(center, width))),
                lane,
                "{center}/{width}"
            );
        }
        assert_eq!(lane_of("MR", Some(&window(40.0, 80.0))), "other");
    }

    #[test]
    fn a_slice_counts_after_a_quarter_second_at_readable_size() {
        let mut tracker = CoverageTracker::default();
        tracker.dwell("1.2", "soft", [3, 10], 249, true);
        assert_eq!(tracker.seen("1.2", "soft", 3), Seen::Briefly);
        tracker.dwell("1.2", "soft", [3, 10], 1, true);
        assert_eq!(tracker.seen("1.2", "soft", 3), Seen::Yes);
        tracker.dwell("1.2", "soft", [4, 10], 10_000, false);
        assert_eq!(
            tracker.seen("1.2", "soft", 4),
            Seen::Briefly,
            "too small to read"
        );
        tracker.dwell("1.2", "soft", [3, 10], 1, false);
        assert_eq!(
            tracker.seen("1.2", "soft", 3),
            Seen::Yes,
            "what was seen stays seen"
        );
    }

    #[test]
    fn reading_time_stands_still_a_minute_after_the_last_input() {
        let mut tracker = CoverageTracker::default();
        assert!(tracker.tick(1000, true));
        assert!(tracker.tick(IDLE_MS - 1, false));
        assert!(!tracker.tick(5000, false));
        assert_eq!(tracker.active_ms(), 1000 + IDLE_MS - 1);
    }

    #[test]
    fn what_was_seen_moves_with_its_slices() {
        let mut first = CoverageTracker::default();
        first.dwell("s", "lung", [1, 3], 300, true);
        let mut tracker = CoverageTracker::resume(&first.record());
        tracker.dwell("s", "lung", [2, 3], 300, true);
        // Two slices came: one before all others, one between the second and the third.
        tracker.rearrange("s", &[None, Some(0), Some(1), None, Some(2)]);
        let seen: Vec<bool> = (0..5)
            .map(|k| tracker.seen("s", "lung", k) == Seen::Yes)
            .collect();
        assert_eq!(seen, [false, false, true, false, true]);
        assert_eq!(tracker.record().series["s"]["lung"], seen);
        assert!(!tracker.is_of_other_length("s", 5) && tracker.is_of_other_length("s", 3));
        tracker.forget("s");
        assert_eq!(tracker.percent("s", "CT", 5), 0);
    }

    #[test]
    fn the_record_keeps_what_earlier_sessions_saw() {
        let mut first = CoverageTracker::default();
        first.dwell("s", "lung", [0, 4], 300, true);
        let mut second = CoverageTracker::resume(&first.record());
        second.dwell("s", "lung", [2, 4], 300, true);
        assert_eq!(
            second.record().series["s"]["lung"],
            [true, false, true, false]
        );
        assert_eq!(second.percent("s", "CT", 4), 50);
    }
}

use std::collections::BTreeMap;

use case::{Coverage, SliceLooks, numbers_of_runs, runs_of_numbers};
use space::Grid;
use volume::{Presentation, Voi};

use crate::seen_layers::{Bricks, Look, SeenLayers, zoom_percent};
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

/// How one slice was on screen since the record was read.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct SliceLook {
    /// Counted towards being seen, ms.
    dwell_ms: u32,
    /// On screen however small, ms.
    shown_ms: u32,
    /// Largest magnification, screen pixels per image pixel, percent.
    zoom_percent: u32,
}

/// How long each slice of each series was on screen, lane by lane, and what planes went through.
#[derive(Clone, Debug, Default)]
pub(crate) struct CoverageTracker {
    looks: BTreeMap<String, BTreeMap<&'static str, Vec<SliceLook>>>,
    /// Of volumes that planes were cut through.
    volumes: BTreeMap<String, SeenLayers>,
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

    /// A slice was on screen for so long. `zoom`: screen pixels per image pixel; below 1 it is too small to read.
    pub(crate) fn dwell(
        &mut self,
        series: &str,
        lane: &'static str,
        slice: [usize; 2],
        elapsed_ms: u64,
        zoom: f64,
    ) {
        let [slice_idx, n_slices] = slice;
        let lanes = self.looks.entry(series.to_owned()).or_default();
        let slices = lanes.entry(lane).or_default();
        if slices.len() < n_slices {
            slices.resize(n_slices, SliceLook::default());
        }
        if let Some(look) = slices.get_mut(slice_idx) {
            let elapsed = u32::try_from(elapsed_ms).unwrap_or(u32::MAX);
            // Too small to read leaves at most a brief trace.
            let cap = if 1.0 <= zoom { u32::MAX } else { SEEN_MS - 1 };
            let ms = look.dwell_ms;
            look.dwell_ms = ms.max(ms.saturating_add(elapsed).min(cap));
            look.shown_ms = look.shown_ms.saturating_add(elapsed);
            look.zoom_percent = look.zoom_percent.max(zoom_percent(zoom));
        }
    }

    /// A plane or slab of a volume was on screen for so long, at so many screen pixels per image pixel.
    pub(crate) fn dwell_in_plane(
        &mut self,
        (series, grid): (&str, &Grid),
        lane: &'static str,
        look: &Look,
        elapsed_ms: u64,
        zoom: f64,
    ) {
        if let Some(seen) = self.layers_mut(series, grid) {
            seen.look(lane, look, elapsed_ms, zoom);
        }
    }

    /// The layers of a volume; `None` where it is too large to keep them.
    fn layers_mut(&mut self, series: &str, grid: &Grid) -> Option<&mut SeenLayers> {
        if !self.volumes.contains_key(series) {
            let recorded = self.recorded.volumes.get(series);
            let layers = SeenLayers::resume(Bricks::of(grid)?, recorded);
            self.volumes.insert(series.to_owned(), layers);
        }
        self.volumes.get_mut(series)
    }

    /// Of what a plane would show: how many layers there are, and how many of them were not yet seen in a lane. `None`
    /// where the volume is too large to keep them.
    pub(crate) fn unseen_in_plane(
        &mut self,
        (series, grid): (&str, &Grid),
        lane: &str,
        look: &Look,
    ) -> Option<[usize; 2]> {
        self.layers_mut(series, grid)
            .map(|seen| seen.unseen(lane, look))
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
            .looks
            .get(series)
            .and_then(|l| l.get(lane))
            .and_then(|s| s.get(slice_idx))
            .map(|look| look.dwell_ms)
        {
            Some(ms) if SEEN_MS <= ms => Seen::Yes,
            Some(ms) if 0 < ms => Seen::Briefly,
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

    /// Share seen in at least one lane, percent, rounded down so that 100 means all: of the slices, or of the volume where
    /// planes showed more of it.
    pub(crate) fn percent(&self, series: &str, modality: &str, n_slices: usize) -> u8 {
        if n_slices == 0 {
            return 0;
        }
        let seen = (0..n_slices)
            .filter(|k| self.seen_in_any(series, modality, *k))
            .count();
        let of_slices = u8::try_from(seen * 100 / n_slices).unwrap_or(100);
        let recorded = || self.recorded.volumes.get(series).map(|v| v.percent);
        let in_planes = self.volumes.get(series).map(SeenLayers::percent);
        of_slices.max(in_planes.or_else(recorded).unwrap_or(0))
    }

    /// What to put into the record.
    pub(crate) fn record(&self) -> Coverage {
        let mut coverage = self.recorded.clone();
        coverage.active_ms = self.active_ms;
        for (series, lanes) in &self.looks {
            let series_record = coverage.series.entry(series.clone()).or_default();
            let looks_record = coverage.looks.entry(series.clone()).or_default();
            for (lane, looks) in lanes {
                let flags = series_record.entry((*lane).to_owned()).or_default();
                if flags.len() < looks.len() {
                    flags.resize(looks.len(), false);
                }
                for (flag, look) in flags.iter_mut().zip(looks) {
                    *flag |= SEEN_MS <= look.dwell_ms;
                }
                let before = looks_record.entry((*lane).to_owned()).or_default();
                *before = with_looks(before, looks);
            }
        }
        for (series, layers) in &self.volumes {
            coverage.volumes.insert(series.clone(), layers.record());
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
        self.recorded.looks.remove(name);
        self.looks.remove(name);
        self.forget_layers(name);
    }

    /// Layers have no meaning in a volume of other slices.
    fn forget_layers(&mut self, name: &str) {
        self.recorded.volumes.remove(name);
        self.volumes.remove(name);
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
        for looks in self
            .looks
            .get_mut(name)
            .into_iter()
            .flat_map(|l| l.values_mut())
        {
            *looks = moved(looks, before);
        }
        for looks in self
            .recorded
            .looks
            .get_mut(name)
            .into_iter()
            .flat_map(|l| l.values_mut())
        {
            let n_before = before.iter().flatten().max().map_or(0, |last| last + 1);
            let numbers = |runs: &[[u32; 2]]| {
                runs_of_numbers(moved(&numbers_of_runs(runs, n_before), before))
            };
            looks.dwell_ds = numbers(&looks.dwell_ds);
            looks.zoom_percent = numbers(&looks.zoom_percent);
        }
        self.forget_layers(name);
    }

    /// Active reading time, ms.
    pub(crate) fn active_ms(&self) -> u64 {
        self.active_ms
    }
}

/// What the record has of the slices of a lane, with what was looked at since.
fn with_looks(before: &SliceLooks, since: &[SliceLook]) -> SliceLooks {
    let n = since.len();
    let dwell = numbers_of_runs(&before.dwell_ds, n).into_iter().zip(since);
    let zoom = numbers_of_runs(&before.zoom_percent, n)
        .into_iter()
        .zip(since);
    SliceLooks {
        dwell_ds: runs_of_numbers(dwell.map(|(ds, look)| ds.saturating_add(look.shown_ms / 100))),
        zoom_percent: runs_of_numbers(zoom.map(|(zoom, look)| zoom.max(look.zoom_percent))),
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
        Presentation::grey(voi, volume::Invert::No)
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
        tracker.dwell("1.2", "soft", [3, 10], 249, 2.0);
        assert_eq!(tracker.seen("1.2", "soft", 3), Seen::Briefly);
        tracker.dwell("1.2", "soft", [3, 10], 1, 2.0);
        assert_eq!(tracker.seen("1.2", "soft", 3), Seen::Yes);
        tracker.dwell("1.2", "soft", [4, 10], 10_000, 0.5);
        assert_eq!(
            tracker.seen("1.2", "soft", 4),
            Seen::Briefly,
            "too small to read"
        );
        tracker.dwell("1.2", "soft", [3, 10], 1, 0.5);
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
        first.dwell("s", "lung", [1, 3], 300, 2.0);
        let mut tracker = CoverageTracker::resume(&first.record());
        tracker.dwell("s", "lung", [2, 3], 300, 2.0);
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
    fn the_record_keeps_how_long_and_how_large_slices_were_on_screen() {
        let mut first = CoverageTracker::default();
        first.dwell("s", "lung", [0, 4], 1200, 0.5);
        first.dwell("s", "lung", [1, 4], 1250, 1.5);
        let mut second = CoverageTracker::resume(&first.record());
        second.dwell("s", "lung", [1, 4], 300, 1.2);
        let looks = &second.record().looks["s"]["lung"];
        assert_eq!(looks.dwell_ds, [[1, 12], [1, 15], [2, 0]]);
        assert_eq!(looks.zoom_percent, [[1, 50], [1, 150], [2, 0]]);
        // The slices are turned round.
        second.rearrange("s", &[Some(3), Some(2), Some(1), Some(0)]);
        let looks = &second.record().looks["s"]["lung"];
        assert_eq!(looks.dwell_ds, [[2, 0], [1, 15], [1, 12]]);
    }

    #[test]
    fn a_series_is_as_much_seen_as_slices_or_planes_showed_of_it() {
        use space::{Orientation, PatientPoint, PatientVector, ViewPlane};
        let grid = Grid {
            size: [8, 8, 8],
            origin: PatientPoint::new(0.0, 0.0, 0.0),
            column_step: PatientVector::new(1.0, 0.0, 0.0),
            row_step: PatientVector::new(0.0, 1.0, 0.0),
            slice_step: PatientVector::new(0.0, 0.0, 1.0),
        };
        let coronal = |y_mm: f64| Look {
            plane: ViewPlane {
                centre: PatientPoint::new(4.0, y_mm, 4.0),
                frame: Orientation::Coronal.frame(),
                mm_per_pixel: 0.5,
                size_px: [64, 64],
            },
            half_thickness_mm: 0.5,
        };
        let mut tracker = CoverageTracker::default();
        tracker.dwell("s", "soft", [0, 8], 300, 2.0);
        assert_eq!(tracker.percent("s", "CT", 8), 12);
        for k in 0..4 {
            tracker.dwell_in_plane(("s", &grid), "soft", &coronal(f64::from(k)), 300, 2.0);
        }
        assert_eq!(tracker.percent("s", "CT", 8), 50);
        let again = CoverageTracker::resume(&tracker.record());
        assert_eq!(again.percent("s", "CT", 8), 50, "as the record has it");
        tracker.rearrange("s", &[None, Some(0)]);
        assert_eq!(tracker.percent("s", "CT", 2), 50, "one slice of two");
        assert!(tracker.record().volumes.is_empty());
    }

    #[test]
    fn the_record_keeps_what_earlier_sessions_saw() {
        let mut first = CoverageTracker::default();
        first.dwell("s", "lung", [0, 4], 300, 2.0);
        let mut second = CoverageTracker::resume(&first.record());
        second.dwell("s", "lung", [2, 4], 300, 2.0);
        assert_eq!(
            second.record().series["s"]["lung"],
            [true, false, true, false]
        );
        assert_eq!(second.percent("s", "CT", 4), 50);
    }
}

use egui::{Rect, Ui, pos2, vec2};
use session::{Seen, Snapshot, ViewCommand, ViewIdx, ViewKind, ViewSnapshot};
use ui_kit::{CoverageLane, CoverageMark, CoverageStrip, over_image, size, t, t_args, tip_plate};

use super::trim::trim_ui;
use crate::Action;

/// Lanes that fit the strip.
const MAX_LANES: usize = 2;

/// Shows the strip at the right of a view: where the reader is, what was seen, what is missing.
pub(crate) fn strip_ui(
    ui: &mut Ui,
    s: &Snapshot,
    view: &ViewSnapshot,
    rect: Rect,
    out: &mut Vec<Action>,
) {
    let [slice_idx, n_slices] = view.slice;
    if n_slices < 2 || view.kind.is_projection() || view.key.is_none() {
        return;
    }
    let place = Rect::from_min_max(
        pos2(rect.right() - size::COVERAGE_STRIP - 5.0, rect.top() + 8.0),
        pos2(rect.right() - 5.0, rect.bottom() - 8.0),
    );
    let order = Order::of(view);
    // An oblique plane has steps of its own; what was seen is counted in stored slices.
    let n_stored = view
        .volume
        .as_ref()
        .map_or(n_slices, |volume| volume.n_slices());
    let lanes = shown_lanes(view, order);
    let marks: Vec<CoverageMark> = match order {
        Order::Across => Vec::new(),
        Order::Along | Order::Against => view
            .coverage
            .finding_slices
            .iter()
            .map(|k| CoverageMark {
                at: order.share(*k, n_stored),
                color: over_image::SECOND,
            })
            .collect(),
    };
    let missing: Vec<(f32, f32)> = match order {
        Order::Across => Vec::new(),
        Order::Along | Order::Against => runs(&view.coverage.holes)
            .into_iter()
            .map(|(first, last)| order.stretch(first, last, n_stored))
            .collect(),
    };
    let name = strip_name(view, n_slices);
    let current = (slice_idx as f32 + 0.5) / n_slices as f32;
    let shown = ui.push_id(("strip", view.idx), |ui| {
        CoverageStrip {
            name: &name,
            current,
            lanes: &lanes,
            marks: &marks,
            missing: &missing,
        }
        .show(ui, place)
    });
    let strip = shown.inner;
    trim_ui(ui, view, place, out);
    if let Some(share) = strip.chosen {
        let chosen_idx = ((share * n_slices as f32) as usize).min(n_slices - 1);
        if view.idx != s.active {
            out.push(ViewCommand::Focus(view.idx).into());
        }
        out.push(ViewCommand::GoToSlice(view.idx, chosen_idx).into());
    } else if let Some(share) = strip.pointed {
        tip_ui(ui, view, order.slice(share, n_stored), (place, share));
    }
}

/// Says what lies under the pointer on the strip.
fn tip_ui(ui: &Ui, view: &ViewSnapshot, slice_idx: usize, (place, share): (Rect, f32)) {
    let lane = view
        .coverage
        .lanes
        .iter()
        .find(|(name, _)| *name == view.lane);
    let Some((_, states)) = lane else { return };
    let lane_name = lane_name(view.lane);
    let (text, keys): (String, &[&str]) = match gap_about(states, slice_idx) {
        Some((first, last)) => {
            let numbers = [
                ("first", (first + 1).to_string()),
                ("last", (last + 1).to_string()),
            ];
            let key = if first == last {
                "view.gap_one"
            } else {
                "view.gap"
            };
            (
                t_args(
                    key,
                    &[
                        ("first", &numbers[0].1),
                        ("last", &numbers[1].1),
                        ("window", lane_name),
                    ],
                ),
                &["N"],
            )
        }
        None => (
            t_args(
                "view.seen_here",
                &[("n", &(slice_idx + 1).to_string()), ("window", lane_name)],
            ),
            &[],
        ),
    };
    let at = pos2(place.left() - 12.0, place.top() + share * place.height());
    let width = ui
        .painter()
        .layout_no_wrap(
            text.clone(),
            ui_kit::Kind::LABEL.font_id(),
            over_image::TEXT,
        )
        .size()
        .x;
    let keys_width = keys.len() as f32 * 30.0;
    tip_plate(
        ui,
        ui.scope_id().with(("strip tip", view.idx)),
        at - vec2(width + keys_width + 18.0, 14.0),
        &text,
        keys,
    );
}

/// How the steps of a view run through the stored slices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    /// Step by step with them.
    Along,
    /// From the last to the first.
    Against,
    /// Through all of them at once: what was seen has no place on this strip.
    Across,
}

impl Order {
    fn of(view: &ViewSnapshot) -> Self {
        if view.kind == ViewKind::Stack {
            return Self::Along;
        }
        let across = |view: &ViewSnapshot| {
            let normal = view.volume.as_ref()?.grid.slice_normal()?;
            Some(view.plane.as_ref()?.frame.away.dot(normal))
        };
        match across(view) {
            Some(along) if 0.9 < along => Self::Along,
            Some(along) if along < -0.9 => Self::Against,
            _ => Self::Across,
        }
    }

    /// Where a slice lies, as a share of the strip.
    fn share(self, slice_idx: usize, n_slices: usize) -> f32 {
        let share = (slice_idx as f32 + 0.5) / n_slices.max(1) as f32;
        if self == Self::Against {
            1.0 - share
        } else {
            share
        }
    }

    fn stretch(self, first: usize, last: usize, n_slices: usize) -> (f32, f32) {
        let n = n_slices.max(1) as f32;
        let (start, end) = (first as f32 / n, (last + 1) as f32 / n);
        if self == Self::Against {
            (1.0 - end, 1.0 - start)
        } else {
            (start, end)
        }
    }

    fn slice(self, share: f32, n_slices: usize) -> usize {
        let share = if self == Self::Against {
            1.0 - share
        } else {
            share
        };
        ((share * n_slices as f32) as usize).min(n_slices.saturating_sub(1))
    }
}

/// The lane of the window in use, then the one that was looked at most.
fn shown_lanes(view: &ViewSnapshot, order: Order) -> Vec<CoverageLane> {
    if order == Order::Across {
        return vec![CoverageLane::default()];
    }
    let n_seen = |states: &[Seen]| states.iter().filter(|seen| **seen != Seen::No).count();
    let mut lanes: Vec<&(&'static str, Vec<Seen>)> = view.coverage.lanes.iter().collect();
    lanes.sort_by_key(|(name, states)| (*name != view.lane, std::cmp::Reverse(n_seen(states))));
    let shown = lanes
        .into_iter()
        .enumerate()
        .filter(|(i, (_, states))| *i == 0 || 0 < n_seen(states));
    shown
        .take(MAX_LANES)
        .map(|(_, (_, states))| CoverageLane {
            stretches: stretches(states, order),
        })
        .collect()
}

fn stretches(states: &[Seen], order: Order) -> Vec<(f32, f32, ui_kit::Seen)> {
    let mut found = Vec::new();
    for (wanted, shown) in [
        (Seen::Yes, ui_kit::Seen::Fully),
        (Seen::Briefly, ui_kit::Seen::Briefly),
    ] {
        let idxs: Vec<usize> = (0..states.len())
            .filter(|k| states.get(*k) == Some(&wanted))
            .collect();
        found.extend(runs(&idxs).into_iter().map(|(first, last)| {
            let (start, end) = order.stretch(first, last, states.len());
            (start, end, shown)
        }));
    }
    found
}

/// First and last of each run of neighbours in ascending numbers.
fn runs(idxs: &[usize]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for idx in idxs {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *idx => *last = *idx,
            _ => runs.push((*idx, *idx)),
        }
    }
    runs
}

/// The run of slices about one that were not seen; `None` when that one was.
fn gap_about(states: &[Seen], slice_idx: usize) -> Option<(usize, usize)> {
    let unseen: Vec<usize> = (0..states.len())
        .filter(|k| states.get(*k) != Some(&Seen::Yes))
        .collect();
    runs(&unseen)
        .into_iter()
        .find(|(first, last)| (*first..=*last).contains(&slice_idx))
}

fn strip_name(view: &ViewSnapshot, n_slices: usize) -> String {
    let states = view
        .coverage
        .lanes
        .iter()
        .find(|(name, _)| *name == view.lane)
        .map(|(_, states)| states.as_slice());
    let Some(states) = states.filter(|states| !states.is_empty()) else {
        let [slice_idx, _] = view.slice;
        return t_args(
            "view.slice",
            &[
                ("n", &(slice_idx + 1).to_string()),
                ("total", &n_slices.to_string()),
            ],
        );
    };
    let n_seen = states.iter().filter(|seen| **seen == Seen::Yes).count();
    let percent = (100 * n_seen / states.len()).to_string();
    let unseen: Vec<usize> = (0..states.len())
        .filter(|k| states.get(*k) != Some(&Seen::Yes))
        .collect();
    match runs(&unseen)
        .into_iter()
        .max_by_key(|(first, last)| last - first)
    {
        Some((first, last)) => t_args(
            "view.coverage_gap",
            &[
                ("percent", &percent),
                ("first", &(first + 1).to_string()),
                ("last", &(last + 1).to_string()),
            ],
        ),
        None => t_args("view.coverage", &[("percent", &percent)]),
    }
}

fn lane_name(lane: &str) -> &'static str {
    t(match lane {
        "soft" => "lane.soft",
        "lung" => "lane.lung",
        "bone" => "lane.bone",
        "brain" => "lane.brain",
        _ => "lane.other",
    })
}

/// The id of the cell of a view, for the keyboard.
pub(crate) fn cell_id(idx: ViewIdx) -> egui::Id {
    egui::Id::unique(("view", idx.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_join_neighbours_only() {
        for (idxs, expected) in [
            (&[][..], vec![]),
            (&[4], vec![(4, 4)]),
            (&[1, 2, 3, 7, 9, 10], vec![(1, 3), (7, 7), (9, 10)]),
        ] {
            assert_eq!(runs(idxs), expected);
        }
    }

    #[test]
    fn the_gap_about_a_slice_ends_where_slices_were_seen() {
        let mut states = vec![Seen::Yes; 10];
        states[3..=6].fill(Seen::No);
        states[5] = Seen::Briefly;
        assert_eq!(gap_about(&states, 4), Some((3, 6)), "briefly is not enough");
        assert_eq!(gap_about(&states, 2), None);
    }

    #[test]
    fn a_strip_against_the_slices_runs_from_the_last_to_the_first() {
        assert_eq!(Order::Along.stretch(0, 4, 10), (0.0, 0.5));
        assert_eq!(Order::Against.stretch(0, 4, 10), (0.5, 1.0));
        assert_eq!(Order::Against.slice(0.05, 10), 9);
        assert_eq!(Order::Along.slice(1.0, 10), 9);
    }
}

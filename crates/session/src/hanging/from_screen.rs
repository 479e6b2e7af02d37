//! What is on the screen as a protocol, for the reader to name and keep.

use space::Grid;
use volume::{PRESETS, Voi};

use super::{
    Applies, Condition, HangingProtocol, HungSlab, HungView, HungWindow, Need, PriorNeed, Scale,
    SeriesRule, SlicePlane, StudyFacts, VolumeFacts, WhichStudy,
};
use crate::room::{Room, Shelf};
use crate::{View, ViewIdx, WindowPlace};

/// The protocol that would hang what is on screen again for a study like the open one; `None` where no view shows any.
pub(crate) fn from_screen(
    room: &Room,
    facts: &StudyFacts,
    shelf: &dyn Shelf,
    own_windows: &[(ViewIdx, WindowPlace)],
) -> Option<HangingProtocol> {
    let of = |view: &View| {
        let key = view.volume.as_ref()?;
        facts.volumes.iter().find(|v| v.key == *key)
    };
    let shown: Vec<&VolumeFacts> = room.views.iter().filter_map(of).collect();
    let current = shown.iter().find(|v| v.prior_idx.is_none())?;
    let views = room
        .views
        .iter()
        .enumerate()
        .map(|(i, view)| match of(view) {
            Some(volume) => HungView {
                own_window: own_windows
                    .iter()
                    .find(|(idx, _)| *idx == ViewIdx(i))
                    .map(|(_, place)| *place),
                ..hung_view(room, ViewIdx(i), view, (volume, facts), shelf)
            },
            None => HungView {
                need: Need::Optional,
                ..HungView::default()
            },
        })
        .collect();
    let has_prior = shown.iter().any(|v| v.prior_idx.is_some());
    Some(HangingProtocol {
        name: room.hanging.clone(),
        version: 1,
        applies: Applies::ByItself,
        arrangement: room.arrangement,
        links: Some(room.links.on()),
        when: Condition {
            modality: vec![current.modality.clone()],
            body_part: some(&current.body_part),
            description: Vec::new(),
            prior: has_prior.then_some(PriorNeed::Present),
        },
        views,
    })
}

fn hung_view(
    room: &Room,
    idx: ViewIdx,
    view: &View,
    (volume, facts): (&VolumeFacts, &StudyFacts),
    shelf: &dyn Shelf,
) -> HungView {
    let slab = view.slab.filter(|_| !view.kind.is_projection());
    HungView {
        study: match volume.prior_idx {
            None => WhichStudy::Current,
            Some(_) => WhichStudy::Prior,
        },
        show: view.kind.into(),
        need: Need::Required,
        window: window_of(view),
        slab: slab.map(|mode| HungSlab {
            mode: mode.into(),
            thickness_mm: view.slab_mm,
        }),
        right_edge: room
            .shown(idx, shelf)
            .and_then(|(view, shown)| turned_edge(&view, &shown.volume)),
        align: view.align,
        scale: match view.shared_fit {
            Some(_) => Scale::Same,
            None => Scale::Fit,
        },
        series: vec![rule_for(volume, facts)],
        own_window: None,
    }
}

/// The letter at the right edge of a picture that was mirrored.
fn turned_edge(view: &View, volume: &volume::Volume) -> Option<char> {
    view.turned?;
    let letters = volume.placed.edge_letters(&view.frame(volume))?;
    letters.right.chars().next().filter(|c| *c != '?')
}

fn window_of(view: &View) -> Option<HungWindow> {
    match (view.preset, view.presentation.as_ref().map(|p| &p.voi)) {
        // As the images ask.
        (Some(0), _) | (_, None) => None,
        (Some(digit), _) => PRESETS
            .iter()
            .find(|p| p.digit == digit)
            .map(|p| HungWindow::Preset(p.name.to_lowercase())),
        (None, Some(Voi::Window { center, width, .. })) => Some(HungWindow::Values {
            center: *center,
            width: *width,
        }),
        (None, Some(Voi::Table { .. })) => None,
    }
}

/// The rule that finds a volume among those that are open: its view and side, else its plane and, where others share
/// that, its description.
fn rule_for(volume: &VolumeFacts, facts: &StudyFacts) -> SeriesRule {
    let mut rule = SeriesRule {
        modality: some(&volume.modality),
        laterality: some(&volume.laterality).pop(),
        view_position: some(&volume.view_position),
        plane: volume.plane,
        ..SeriesRule::default()
    };
    let alike = facts.volumes.iter().filter(|v| {
        v.prior_idx == volume.prior_idx
            && v.modality == volume.modality
            && v.plane == volume.plane
            && v.laterality == volume.laterality
            && v.view_position == volume.view_position
    });
    if 1 < alike.count() {
        // What the scanner wrote, without what tells the parts of a series apart.
        let description = volume.description.split(" · ").next().unwrap_or_default();
        rule.description = some(description);
    }
    rule
}

fn some(text: &str) -> Vec<String> {
    match text.trim() {
        "" => Vec::new(),
        text => vec![text.to_owned()],
    }
}

/// The plane that the slices of a grid lie in, to the nearest; `None` where none is nearest.
pub(crate) fn plane_of_slices(grid: &Grid) -> Option<SlicePlane> {
    // Within 45° of an axis, with room for none of two.
    const LEAST_COSINE: f64 = 0.72;
    let normal = grid.slice_normal()?;
    [
        (normal.z_mm, SlicePlane::Axial),
        (normal.y_mm, SlicePlane::Coronal),
        (normal.x_mm, SlicePlane::Sagittal),
    ]
    .into_iter()
    .find(|(cosine, _)| LEAST_COSINE <= cosine.abs())
    .map(|(_, plane)| plane)
}

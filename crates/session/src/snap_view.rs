//! The part of the snapshot that a view draws: picture, texts over it, marks, coverage.

use std::sync::Arc;

use case::{Annotation, AnonymousRead, Geometry};
use space::{EdgeLetters, ViewPlane};
use volume::{Overlay, PRESETS, Placement, SlabMode, Voi};

use crate::coverage::lane_of;
use crate::library::Shelved;
use crate::lighting::rendering_snapshot;
use crate::measure::{label, length_unit, short_number, short_window_number, unit_text};
use crate::oblique::oblique_deg;
use crate::room::{Room, step_mm};
use crate::{
    Graphics, MarkDepth, MarkOf, MarkSnapshot, Session, ViewIdx, ViewKind, ViewSnapshot, VolumeKey,
    WindowFrom, natural_frame,
};

impl Session {
    pub(crate) fn view_snapshot(&self, idx: ViewIdx) -> ViewSnapshot {
        let view = self
            .room
            .view(idx)
            .cloned()
            .unwrap_or_else(|| crate::View::empty(ViewKind::Stack));
        let shelved = view.volume.as_ref().and_then(|k| self.library.get(k));
        let Some((key, s)) = view.volume.clone().zip(shelved) else {
            return empty_view(idx, view.kind);
        };
        let volume = &s.volume;
        let presentation = Room::presentation(&view, volume);
        let plane = view.plane(volume, self.room.cursor_in(volume));
        let slice = self.room.plane_index(idx, &self.library).unwrap_or([0, 1]);
        let slab = view.slab(volume);
        if self.is_closed(s) {
            // Its very title may speak for the first reader.
            return empty_view(idx, view.kind);
        }
        let natural = natural_frame(view.kind, &volume.grid);
        let mut coverage =
            self.coverage
                .strip(&key.coverage_name(), &s.modality, volume.n_slices());
        coverage.holes = s.holes();
        if self.replay.is_none() {
            coverage.finding_slices = self.finding_slices(&key);
        }
        ViewSnapshot {
            idx,
            kind: view.kind,
            volume: Some(volume.clone()),
            plane: Some(plane),
            slab,
            picture: self.pictures.picture(idx),
            letters: volume
                .placed
                .edge_letters(&plane.frame)
                .or_else(|| has_sides(&s.modality).then(EdgeLetters::unknown)),
            // A projection may be looked at from any side; it is seen from there, not mirrored.
            flipped: !view.kind.is_projection() && plane.frame.away.dot(natural.away) < 0.0,
            kind_key: kind_key(view.kind),
            oblique_deg: oblique_deg(&view, volume),
            interpolation: self.room.interpolation,
            frame_of_reference: s.frame_of_reference.clone(),
            series_title: match s.series_number {
                Some(number) => format!("S{number} {}", s.title),
                None => s.title.clone(),
            },
            prior_date: s.prior_date.clone(),
            slice,
            position_text: match oblique_deg(&view, volume) {
                // No coordinate of the patient stays the same over an oblique plane.
                Some(_) => String::new(),
                None => position_text(view.kind, volume, &plane),
            },
            window_text: match view.kind {
                ViewKind::Rendering => String::new(),
                _ => window_text(&presentation.voi),
            },
            window_why: crate::look_up::window_why(&view, volume),
            preset_name: view
                .preset
                .filter(|_| view.kind != ViewKind::Rendering)
                .and_then(|d| PRESETS.iter().find(|p| p.digit == d))
                .map_or("", |p| p.name),
            slab_text: slab_text(view.kind, slab),
            zoom: 1.0 / view.mm_per_pixel(volume) * volume.grid.spacing_mm()[0],
            length_unit: length_unit(volume.spacing_source),
            value_unit: unit_text(&volume.unit),
            by_hand: self.by_hand_in(&key, &view),
            warnings: self.warnings_over(&key, &view, s),
            hole: self.hole_text(&view, s),
            loading: self.loading(&view, idx, s),
            laid_over: self.room.laid_over(&s.frame_of_reference),
            n_graphics: s.plan.n_overlays(),
            graphics: self.graphics_over(&key, &view),
            marks: self.marks(idx, &key, s, &view, &plane),
            read: match self.replay {
                // Whose pictures are shown again stands over them.
                Some(_) => None,
                None => self.read_in_view(idx),
            },
            coverage,
            lane: lane_of(&s.modality, Some(&presentation)),
            cine: view.cine,
            playing: self.cine_snapshot(idx, &view),
            own_window: match &view.window_from {
                Some(WindowFrom::Own(name)) => name.clone(),
                _ => String::new(),
            },
            modality: s.modality.clone(),
            rendering: rendering_snapshot(&view, volume),
            presentation: Some(presentation),
            key: Some(key),
        }
    }

    /// The overlays over the slice of a stack; none while they are hidden or closed.
    fn graphics_over(&self, key: &VolumeKey, view: &crate::View) -> Arc<[Overlay]> {
        let graphics = &self.library.graphics;
        let open = graphics.shown == Graphics::Shown && !self.graphics_are_closed();
        match open && view.kind == ViewKind::Stack {
            true => graphics.over(key, view.slice_idx),
            false => Arc::default(),
        }
    }

    fn warnings_over(&self, key: &VolumeKey, view: &crate::View, s: &Shelved) -> Vec<String> {
        let graphics = &self.library.graphics;
        let problem = graphics.problem(key, view.slice_idx).map(str::to_owned);
        let (n_here, n_slices) = (s.volume.voxels.n_filled(), s.volume.n_slices());
        let partial = (view.kind == ViewKind::Rendering && n_here < n_slices)
            .then(|| format!("Only {n_here} of {n_slices} slices are in this picture"));
        let over = s.on_image().into_iter();
        over.chain(problem).chain(partial).collect()
    }

    fn finding_slices(&self, key: &VolumeKey) -> Vec<usize> {
        let marks = self.case().into_iter().flat_map(|c| &c.read().annotations);
        let mut slices: Vec<usize> = marks
            .filter(|a| a.image.series_instance_uid == key.series_instance_uid)
            .filter_map(|a| self.library.find_image(&a.image))
            .filter(|(k, _)| k == key)
            .map(|(_, slice_idx)| slice_idx)
            .collect();
        slices.sort_unstable();
        slices.dedup();
        slices
    }

    /// Slices of a volume that are there, while others are being read. A picture of one slice waits for no other.
    fn loading(&self, view: &crate::View, idx: ViewIdx, s: &Shelved) -> Option<[usize; 2]> {
        let whole = self.whole_slice(view, s);
        if whole.is_some_and(|slice_idx| s.volume.voxels.is_filled(slice_idx)) {
            return None;
        }
        let n = s.volume.n_slices();
        let n_there = s.volume.voxels.n_filled();
        let goes_on = n_there < n && self.jobs.runs(crate::loading::TITLE_KEY);
        let n_left = || {
            (0..n)
                .filter(|k| !s.volume.voxels.is_filled(*k) && !s.is_hole(*k))
                .count()
        };
        let left = goes_on.then(n_left).unwrap_or(0);
        // The last slices are there before the picture that shows them is made.
        let is_behind = || {
            let by_session = self.pictures_by == crate::PicturesBy::Session;
            by_session && self.pictures.is_behind(idx, n_there)
        };
        (0 < left || is_behind()).then(|| [n - left, n])
    }

    /// Why there is no picture, if the slice is a hole.
    fn hole_text(&self, view: &crate::View, s: &Shelved) -> Option<String> {
        let slice_idx = self.whole_slice(view, s)?;
        if s.volume.voxels.is_filled(slice_idx) {
            return None;
        }
        let missing = s.plan.slices.get(slice_idx).is_none_or(Option::is_none);
        if missing {
            return Some(format!(
                "Slice {} is missing from this series",
                slice_idx + 1
            ));
        }
        let why = s
            .decode_warnings
            .iter()
            .find(|w| w.slice_idxs.contains(&slice_idx))
            .map(|w| w.text.clone());
        if s.is_hole(slice_idx) {
            Some(why.unwrap_or_else(|| "This slice cannot be shown".into()))
        } else {
            Some("Loading".into())
        }
    }

    /// The one slice that a picture consists of: a stack's own, or that of a thin plane along the slices. A plane across
    /// them shows its gaps as they are.
    fn whole_slice(&self, view: &crate::View, s: &Shelved) -> Option<usize> {
        if view.kind == ViewKind::Stack {
            return Some(view.slice_idx);
        }
        let normal = s.volume.grid.slice_normal()?;
        let along = view.frame(&s.volume).away.dot(normal).abs();
        let thin = view.slab(&s.volume).is_none();
        let at = self.room.cursor_in(&s.volume);
        (thin && 0.9999 < along).then(|| volume::nearest_slice(&s.volume, at))?
    }

    /// The marks that belong on a picture: same frame of reference and in or near its plane, or the very image.
    fn marks(
        &self,
        idx: ViewIdx,
        key: &VolumeKey,
        s: &Shelved,
        view: &crate::View,
        plane: &ViewPlane,
    ) -> Vec<MarkSnapshot> {
        let Some(case) = self.case() else {
            return Vec::new();
        };
        let step = step_mm(&s.volume, &plane.frame);
        let half_slab = view
            .slab(&s.volume)
            .map_or(0.0, |slab| slab.thickness_mm / 2.0);
        let slice_idx = self.whole_slice(view, s);
        // A new shape of a mark that is being counted stands in the place of the old one.
        let is_shaped_anew = |mark: &Annotation| {
            let mut counted = self.counted_bodies.iter();
            counted.any(|body| body.mark.id == mark.id)
        };
        let replayed = self.replayed_marks();
        let is_live = replayed.is_none();
        let marks = case.read().annotations.iter().filter(|_| is_live);
        let marks = marks
            .filter(|mark| !is_shaped_anew(mark))
            .map(|mark| (mark, MarkOf::SecondRead, false));
        let counted = self.counted_bodies.iter().filter(|_| is_live);
        let counted = counted.map(|body| (&body.mark, MarkOf::SecondRead, true));
        let third = match replayed {
            Some(then) => then.to_vec(),
            None => self.third_marks_in(idx),
        };
        let third = third.iter().map(|(mark, of)| (mark, *of, false));
        marks
            .chain(counted)
            .chain(third)
            .filter_map(|(annotation, of, is_counted)| {
                let section = self.section(annotation, (key, &s.volume), slice_idx);
                let same_space = !annotation.frame_of_reference_uid.is_empty()
                    && annotation.frame_of_reference_uid == s.frame_of_reference
                    && s.volume.placed == Placement::InPatient;
                let depth = if view.kind == ViewKind::Rendering {
                    // Nothing lies in the plane of a picture that shows all depths at once.
                    same_space.then_some(MarkDepth::Near)?
                } else if same_space {
                    // Where a grown body reaches, it is seen, however far its outline is.
                    let reaches = (!section.is_empty()).then_some(MarkDepth::Near);
                    depth_of(&annotation.geometry, plane, step.max(half_slab * 2.0)).or(reaches)?
                } else {
                    let (at, slice_idx) = self.library.find_image(&annotation.image)?;
                    (at == *key && view.kind == ViewKind::Stack && slice_idx == view.slice_idx)
                        .then_some(MarkDepth::InPlane)?
                };
                Some(MarkSnapshot {
                    label: label_of(annotation, of),
                    of,
                    selected: annotation.finding.is_some()
                        && self.selected_finding == annotation.finding,
                    annotation: annotation.clone(),
                    is_counted,
                    section,
                    depth,
                })
            })
            .collect()
    }
}

fn empty_view(idx: ViewIdx, kind: ViewKind) -> ViewSnapshot {
    ViewSnapshot {
        idx,
        kind,
        key: None,
        volume: None,
        plane: None,
        slab: None,
        picture: None,
        presentation: None,
        letters: None,
        flipped: false,
        kind_key: kind_key(kind),
        oblique_deg: None,
        interpolation: volume::Interpolation::Linear,
        frame_of_reference: String::new(),
        series_title: String::new(),
        prior_date: None,
        slice: [0, 0],
        position_text: String::new(),
        window_text: String::new(),
        window_why: None,
        preset_name: "",
        slab_text: String::new(),
        zoom: 1.0,
        length_unit: "mm",
        value_unit: String::new(),
        by_hand: None,
        warnings: Vec::new(),
        hole: None,
        loading: None,
        laid_over: Vec::new(),
        n_graphics: 0,
        graphics: Arc::default(),
        marks: Vec::new(),
        coverage: Default::default(),
        lane: "other",
        cine: false,
        playing: None,
        own_window: String::new(),
        modality: String::new(),
        rendering: None,
        read: None,
    }
}

fn kind_key(kind: ViewKind) -> &'static str {
    match kind {
        ViewKind::Stack => "view.stack",
        ViewKind::Axial => "view.axial",
        ViewKind::Coronal => "view.coronal",
        ViewKind::Sagittal => "view.sagittal",
        ViewKind::Mip => "view.mip",
        ViewKind::Rendering => "view.rendering",
    }
}

/// In the plane within half a slice, near within two slices; `None` beyond.
fn depth_of(geometry: &Geometry, plane: &ViewPlane, step_mm: f64) -> Option<MarkDepth> {
    let points = match geometry {
        Geometry::Ellipse(e) => (0..16)
            .map(|k| e.outline(f64::from(k) * std::f64::consts::TAU / 16.0))
            .collect(),
        Geometry::Arrow { tip, .. } => vec![*tip],
        Geometry::ContourBody { contours } => {
            let far = |contour: &&Vec<_>| {
                let distances = contour.iter().map(|p| plane.distance_mm(*p).abs());
                distances.fold(0.0, f64::max)
            };
            let nearest = contours.iter().min_by(|a, b| far(a).total_cmp(&far(b)));
            nearest.cloned().unwrap_or_default()
        }
        Geometry::Length { .. }
        | Geometry::Polyline { .. }
        | Geometry::Angle { .. }
        | Geometry::OpenAngle { .. }
        | Geometry::Bidirectional(_)
        | Geometry::CobbAngle { .. }
        | Geometry::CardiothoracicRatio(_)
        | Geometry::Rectangle(_)
        | Geometry::Polygon { .. }
        | Geometry::Freehand { .. }
        | Geometry::GrownBody { .. }
        | Geometry::Text { .. }
        | Geometry::SpineLabel { .. }
        | Geometry::Probe { .. }
        | Geometry::Calibration { .. } => geometry.places(),
    };
    let distances: Vec<f64> = points.iter().map(|p| plane.distance_mm(*p)).collect();
    let far = distances.iter().map(|d| d.abs()).fold(0.0, f64::max);
    let crosses = distances.iter().any(|d| *d < 0.0) && distances.iter().any(|d| 0.0 < *d);
    let near = distances.iter().map(|d| d.abs()).fold(f64::MAX, f64::min);
    if far <= step_mm / 2.0 + 1e-6 {
        Some(MarkDepth::InPlane)
    } else if crosses || near <= step_mm * 2.0 {
        Some(MarkDepth::Near)
    } else {
        None
    }
}

/// What stands beside a mark: its finding, where it has one, and what it says.
pub(crate) fn mark_label(annotation: &Annotation) -> String {
    let words = mark_words(annotation);
    match annotation.finding {
        Some(finding) if words.is_empty() => finding.to_string(),
        Some(finding) => format!("{finding} {words}"),
        None => words,
    }
}

/// What stands on a mark: with its finding, or with the read that it is of.
fn label_of(annotation: &Annotation, of: MarkOf) -> String {
    match of {
        MarkOf::SecondRead => mark_label(annotation),
        MarkOf::Read(AnonymousRead::A) => format!("A {}", mark_words(annotation)),
        MarkOf::Read(AnonymousRead::B) => format!("B {}", mark_words(annotation)),
        MarkOf::ThirdRead => mark_words(annotation),
    }
}

/// What a mark says; empty for one that only points.
pub(crate) fn mark_words(annotation: &Annotation) -> String {
    match &annotation.geometry {
        Geometry::SpineLabel { level, .. } => level.to_string(),
        geometry => geometry
            .words()
            .map_or_else(|| label(&annotation.values), str::to_owned),
    }
}

/// Modalities whose pictures have a left and a right of the patient; ultrasound, photographs and captures need not.
fn has_sides(modality: &str) -> bool {
    matches!(
        modality,
        "CT" | "MR" | "PT" | "NM" | "CR" | "DX" | "MG" | "XA" | "RF" | "RG" | "PX" | "DR" | "BMD"
    )
}

fn position_text(kind: ViewKind, volume: &volume::Volume, plane: &ViewPlane) -> String {
    if volume.placed != Placement::InPatient || kind.is_projection() {
        return String::new();
    }
    let c = plane.centre;
    let axis = plane.frame.away;
    let (x, y, z) = (axis.x_mm.abs(), axis.y_mm.abs(), axis.z_mm.abs());
    // The patient axis nearest to the normal, with the letter of its side so that no sign can be misread.
    if y <= z && x <= z {
        format!(
            "{} {:.1} mm",
            if c.z_mm < 0.0 { "I" } else { "S" },
            c.z_mm.abs()
        )
    } else if x <= y {
        format!(
            "{} {:.1} mm",
            if c.y_mm < 0.0 { "A" } else { "P" },
            c.y_mm.abs()
        )
    } else {
        format!(
            "{} {:.1} mm",
            if c.x_mm < 0.0 { "R" } else { "L" },
            c.x_mm.abs()
        )
    }
}

fn window_text(voi: &Voi) -> String {
    match voi {
        Voi::Window { center, width, .. } => {
            format!(
                "W {} L {}",
                short_window_number(*width),
                short_window_number(*center)
            )
        }
        Voi::Table { explanation, .. } => explanation.clone().unwrap_or_else(|| "VOI LUT".into()),
    }
}

fn slab_text(kind: ViewKind, slab: Option<volume::Slab>) -> String {
    let Some(slab) = slab else {
        return String::new();
    };
    let mode = match slab.mode {
        SlabMode::Mean => "mean",
        SlabMode::Mip => "MIP",
        SlabMode::MinIp => "MinIP",
    };
    if kind == ViewKind::Mip {
        mode.into()
    } else {
        format!("{} mm {mode}", short_number(slab.thickness_mm))
    }
}

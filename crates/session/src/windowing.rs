//! Windows and colours of a view: from its values, from a region, from the file, by name.

use std::sync::{Arc, Weak};

use case::AnnotationId;
use space::ViewPlane;
use volume::{
    ColourMap, GeometryKind, Histogram, Interpolation, Presentation, Slab, SliceView, Span, Voi,
    Volume, histogram_of_values, region_values, reslice, sample_slice, window_of_values,
};

use crate::room::Room;
use crate::{NoticeKind, Session, SessionError, View, ViewCommand, ViewIdx, ViewKind, may_reslice};

/// Samples across and down a view that a window or histogram is made of; more would not change it.
const N_SAMPLES: f64 = 256.0;
/// Samples in all layers of a slab together: some 4 ms on two cores, for which nobody's hand is held up.
const N_SAMPLES_IN_SLAB: f64 = 400_000.0;
/// Bars of a histogram.
const N_BARS: usize = 128;

/// Where the window of a view came from, if it is neither the default of its volume nor a preset of a digit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WindowFrom {
    /// Dragged or typed.
    Hand,
    /// The values on screen when it was asked for.
    ValuesInView,
    /// The values of a region.
    Region,
    /// The nth window or table of the file, 0-based.
    File(usize),
    /// A window of the reader's own, by name.
    Own(String),
}

/// How often values occur in what a view shows, for setting the window.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewHistogram {
    /// Of which view.
    pub view: ViewIdx,
    /// The values and how often they occur.
    pub histogram: Histogram,
    /// Unit of the values.
    pub unit: String,
}

impl Session {
    /// Commands that change windows and colours; gives back every other.
    pub(crate) fn apply_window(
        &mut self,
        command: ViewCommand,
    ) -> Result<Option<ViewCommand>, SessionError> {
        match command {
            ViewCommand::AutoWindow(idx) => self.auto_window(idx),
            ViewCommand::WindowOfBox {
                view,
                from_px,
                to_px,
            } => self.window_of_box(view, from_px, to_px),
            ViewCommand::WindowOfMark(idx, id) => self.window_of_mark(idx, id),
            ViewCommand::UseFileWindow(idx, nth) => {
                if let Some((_, shown)) = self.room.shown(idx, &self.library)
                    && let Some(voi) = shown.volume.voi.get(nth)
                {
                    self.show_window(idx, voi.clone(), WindowFrom::File(nth));
                }
            }
            ViewCommand::UseWindowPreset(idx, name) => {
                let preset = self.window_preset(&name).ok_or_else(|| {
                    SessionError::Usage(format!(
                        "there is no window \"{name}\" of your own; choose one of the menu"
                    ))
                })?;
                if let Some((_, shown)) = self.room.shown(idx, &self.library) {
                    let voi = preset.voi(shown.volume.window_function())?;
                    self.show_window(idx, voi, WindowFrom::Own(name));
                }
            }
            ViewCommand::SaveWindowPreset(preset) => self.save_window_preset(preset)?,
            ViewCommand::RemoveWindowPreset(name) => self.remove_window_preset(&name)?,
            ViewCommand::SetColours(idx, colours) => self.set_colours(idx, colours),
            ViewCommand::ToggleHistogram => {
                self.histogram_is_open = !self.histogram_is_open;
            }
            other => return Ok(Some(other)),
        }
        Ok(None)
    }

    fn show_window(&mut self, idx: ViewIdx, voi: Voi, from: WindowFrom) {
        if let Some((view, shown)) = self.room.shown(idx, &self.library) {
            let before = Room::presentation(&view, &shown.volume);
            let presentation = Presentation { voi, ..before };
            self.room.present(idx, (None, Some(from)), &presentation);
        }
    }

    fn auto_window(&mut self, idx: ViewIdx) {
        let voi = self
            .room
            .shown(idx, &self.library)
            .and_then(|(view, shown)| {
                let plane = view.plane(&shown.volume, self.room.cursor_in(&shown.volume));
                window_of_values(
                    values_in(&view, &shown.volume, plane)?,
                    Span::Robust,
                    shown.volume.window_function(),
                )
            });
        match voi {
            Some(voi) => self.show_window(idx, voi, WindowFrom::ValuesInView),
            None => self.say_no_values(),
        }
    }

    fn window_of_box(&mut self, idx: ViewIdx, from_px: [f64; 2], to_px: [f64; 2]) {
        let voi = self
            .room
            .shown(idx, &self.library)
            .and_then(|(view, shown)| {
                let plane = view.plane(&shown.volume, self.room.cursor_in(&shown.volume));
                let part = part_of(plane, from_px, to_px)?;
                window_of_values(
                    values_in(&view, &shown.volume, part)?,
                    Span::All,
                    shown.volume.window_function(),
                )
            });
        match voi {
            Some(voi) => self.show_window(idx, voi, WindowFrom::Region),
            None => self.say_no_values(),
        }
    }

    fn window_of_mark(&mut self, idx: ViewIdx, id: AnnotationId) {
        let voi = || {
            let marks = &self.case()?.read().annotations;
            let mark = marks.iter().find(|mark| mark.id == id)?;
            let region = mark.geometry.region()?;
            let (key, slice_idx) = self.library.find_image(&mark.image)?;
            let volume = &self.library.get(&key)?.volume;
            let slice_idx = Some(slice_idx).filter(|_| volume.kind != GeometryKind::Volume);
            let values = region_values(volume, slice_idx, &region).ok()?;
            window_of_values(values, Span::All, volume.window_function())
        };
        match voi() {
            Some(voi) => self.show_window(idx, voi, WindowFrom::Region),
            None => self.say_no_values(),
        }
    }

    fn say_no_values(&mut self) {
        self.notify(
            NoticeKind::Info,
            "no_values",
            "There are no grey values here that a window could be made of.",
            "Choose a grey image, and a place on it",
        );
    }

    fn set_colours(&mut self, idx: ViewIdx, colours: ColourMap) {
        let Some((_, shown)) = self.room.shown(idx, &self.library) else {
            return;
        };
        if shown.volume.voxels.stored().is_colour() {
            self.notify(
                NoticeKind::Info,
                "has_colours",
                "This image has colours of its own, which no others are put on.",
                "Choose a grey image",
            );
            return;
        }
        for i in self.room.same_volume(idx) {
            if let Some(view) = self.room.view_mut(i) {
                view.colours = colours;
            }
        }
    }

    /// The histogram that is asked for, of what the active view shows now; `None` where there are no grey values, and for
    /// projections, which take too long for every drawing.
    pub(crate) fn view_histogram(&self) -> Option<Arc<ViewHistogram>> {
        if !self.histogram_is_open {
            return None;
        }
        let idx = self.room.active;
        let (view, shown) = self.room.shown(idx, &self.library)?;
        if view.kind.is_projection() {
            return None;
        }
        let plane = view.plane(&shown.volume, self.room.cursor_in(&shown.volume));
        let of = HistogramOf {
            view: idx,
            volume: Arc::downgrade(&shown.volume),
            plane,
            slab: view.slab(&shown.volume),
            n_filled: shown.volume.voxels.n_filled(),
        };
        if let Some((kept, histogram)) = self.kept_histogram.borrow().as_ref()
            && kept.is_same(&of)
        {
            return histogram.clone();
        }
        let histogram = values_in(&view, &shown.volume, plane)
            .and_then(|values| histogram_of_values(&values, N_BARS))
            .map(|histogram| {
                Arc::new(ViewHistogram {
                    view: idx,
                    histogram,
                    unit: crate::measure::unit_text(&shown.volume.unit),
                })
            });
        *self.kept_histogram.borrow_mut() = Some((of, histogram.clone()));
        histogram
    }
}

/// What a histogram was made of.
pub(crate) struct HistogramOf {
    view: ViewIdx,
    /// Weak, so that no other volume can come to lie at the same place.
    volume: Weak<Volume>,
    plane: ViewPlane,
    slab: Option<Slab>,
    n_filled: usize,
}

impl HistogramOf {
    fn is_same(&self, other: &Self) -> bool {
        self.view == other.view
            && self.volume.ptr_eq(&other.volume)
            && self.plane == other.plane
            && self.slab == other.slab
            && self.n_filled == other.n_filled
    }
}

/// The last histogram that was made, with what it was made of.
pub(crate) type KeptHistogram = Option<(HistogramOf, Option<Arc<ViewHistogram>>)>;

/// The measured values that a view shows on a plane, sampled coarsely; `None` for colour, light, and where there are none.
fn values_in(view: &View, volume: &Volume, plane: ViewPlane) -> Option<Vec<f64>> {
    let is_slice = view.kind == ViewKind::Stack && (view.slab.is_none() || !may_reslice(volume));
    let picture = match view.kind {
        ViewKind::Rendering => return None,
        ViewKind::Stack if is_slice => {
            let plane = coarse(plane, 1);
            let slice_view = SliceView::of_plane(volume, view.slice_idx, &plane)?;
            sample_slice(volume, view.slice_idx, &slice_view, Interpolation::Nearest)
        }
        ViewKind::Stack
        | ViewKind::Axial
        | ViewKind::Coronal
        | ViewKind::Sagittal
        | ViewKind::Mip => {
            let slab = view.slab(volume);
            let layers_mm = slab.map(|slab| slab.layers_mm(&volume.grid)).transpose();
            let plane = coarse(plane, layers_mm.ok()?.map_or(1, |layers| layers.len()));
            reslice(volume, &plane, Interpolation::Linear, slab, &|| false)
        }
    };
    let values: Vec<f64> = picture.ok()?.measured().collect();
    (!values.is_empty()).then_some(values)
}

/// The same plane in at most so many samples, through so many layers, that they are soon made.
fn coarse(plane: ViewPlane, n_layers: usize) -> ViewPlane {
    let [width, height] = plane.size_px;
    let n_samples = width as f64 * height as f64 * n_layers as f64;
    let every = (width.max(height) as f64 / N_SAMPLES)
        .max((n_samples / N_SAMPLES_IN_SLAB).sqrt())
        .max(1.0);
    ViewPlane {
        mm_per_pixel: plane.mm_per_pixel * every,
        size_px: [width, height].map(|n| ((n as f64 / every).floor() as usize).max(1)),
        ..plane
    }
}

/// The part of a plane between two pixels; `None` where it is less than a pixel.
fn part_of(plane: ViewPlane, from_px: [f64; 2], to_px: [f64; 2]) -> Option<ViewPlane> {
    let within = |pixel: [f64; 2]| -> [f64; 2] {
        std::array::from_fn(|a| pixel[a].clamp(0.0, plane.size_px[a] as f64 - 1.0))
    };
    let finite = from_px.iter().chain(&to_px).all(|v| v.is_finite());
    if !finite || plane.size_px.contains(&0) {
        return None;
    }
    let (from, to) = (within(from_px), within(to_px));
    let middle = [(from[0] + to[0]) / 2.0, (from[1] + to[1]) / 2.0];
    let size = [0, 1].map(|a: usize| (to[a] - from[a]).abs());
    if size[0] < 1.0 || size[1] < 1.0 {
        return None;
    }
    Some(ViewPlane {
        centre: plane.patient(middle),
        // Not negative, and below the size of the view.
        size_px: size.map(|n| n.floor() as usize + 1),
        ..plane
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use space::{Orientation, PatientPoint};

    use super::*;

    fn plane() -> ViewPlane {
        ViewPlane {
            centre: PatientPoint::new(1.0, 2.0, 3.0),
            frame: Orientation::Axial.frame(),
            mm_per_pixel: 0.5,
            size_px: [1024, 400],
        }
    }

    #[test]
    fn a_part_of_a_plane_shows_the_same_places() {
        let part = part_of(plane(), [300.0, 50.0], [100.0, 250.0]).unwrap();
        assert_eq!(part.size_px, [201, 201]);
        let near = |a: PatientPoint, b: PatientPoint| (a - b).length_mm() < 1e-9;
        assert!(near(
            part.patient([0.0, 0.0]),
            plane().patient([100.0, 50.0])
        ));
        assert!(near(
            part.patient([200.0, 200.0]),
            plane().patient([300.0, 250.0])
        ));
        assert!(
            part_of(plane(), [5.0, 5.0], [5.5, 90.0]).is_none(),
            "no box"
        );
        assert!(part_of(plane(), [f64::NAN, 5.0], [9.0, 90.0]).is_none());
        let beyond = part_of(plane(), [-50.0, -50.0], [10.0, 10.0]).unwrap();
        assert_eq!(beyond.size_px, [11, 11], "only what is on screen");
    }

    #[test]
    fn a_coarse_plane_covers_the_same_field() {
        let thin = coarse(plane(), 1);
        assert_eq!((thin.size_px, thin.mm_per_pixel), ([256, 100], 2.0));
        for n_layers in [2, 29, 500, 16_383] {
            let thick = coarse(plane(), n_layers);
            let n_samples = thick.size_px[0] * thick.size_px[1] * n_layers;
            assert!(n_samples <= 400_000, "{n_samples} in {n_layers} layers");
            let width_mm = thick.size_px[0] as f64 * thick.mm_per_pixel;
            assert!(
                (width_mm - 512.0).abs() <= thick.mm_per_pixel,
                "{width_mm} mm"
            );
        }
        assert_eq!(thin.centre, plane().centre);
        let small = ViewPlane {
            size_px: [20, 10],
            ..plane()
        };
        assert_eq!(coarse(small, 1), small);
    }
}

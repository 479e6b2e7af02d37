//! How a rendering is lit, cut and turned.

use std::sync::Arc;

use space::{PatientPoint, PatientVector, PlaneFrame};
use volume::{CropBox, RenderingPreset, TransferFunction, Volume};

use crate::light_pictures::LightCut;
use crate::measure::unit_text;
use crate::pictures::Cut;
use crate::{Session, View, ViewCommand, ViewIdx, ViewKind};

/// Turn of the volume by a point of dragging.
const RAD_PER_POINT: f64 = 0.5 * std::f64::consts::PI / 180.0;
/// Turn of cine in a second.
const RAD_PER_SECOND: f64 = 30.0 * std::f64::consts::PI / 180.0;
/// Part of the volume that one notch cuts off.
const CUT_SHARE: f64 = 0.02;
/// At least this part of each side stays.
const LEAST_SHARE: f64 = 0.02;

/// How a rendering is lit and cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lighting {
    /// From values to light; `None`: what the volume opens with.
    pub preset: Option<RenderingPreset>,
    /// The values of the preset are stretched by this about their middle …
    pub stretch: f64,
    /// … and moved by this share of their range.
    pub offset_share: f64,
    /// What is cut off.
    pub crop: CropBox,
}

impl Default for Lighting {
    fn default() -> Self {
        Self {
            preset: None,
            stretch: 1.0,
            offset_share: 0.0,
            crop: CropBox::WHOLE,
        }
    }
}

/// What a screen may show of a rendering.
#[derive(Clone, Debug, PartialEq)]
pub struct RenderingSnapshot {
    /// The preset in use.
    pub preset: RenderingPreset,
    /// Presets that may be chosen for this volume.
    pub fitting: Vec<RenderingPreset>,
    /// Is a part cut off?
    pub is_cut: bool,
    /// Unit of the values.
    pub unit: String,
    /// The smallest value that is lit, and the range it can be set in; `None` while there are no values.
    pub lit_from: Option<LitFrom>,
    /// Part of the volume that is cut off its side facing the viewer, 0 to 1.
    pub cut_share: f64,
}

/// From which value on a rendering is lit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LitFrom {
    /// Modality value.
    pub value: f64,
    /// Smallest and largest that it can be set to.
    pub range: [f64; 2],
}

impl Lighting {
    /// The preset in use.
    pub fn preset_of(&self, volume: &Volume) -> RenderingPreset {
        self.preset
            .filter(|preset| preset.fits(volume))
            .unwrap_or_else(|| RenderingPreset::of(volume))
    }

    /// From values to light; `None` for colour and while there are no values.
    pub fn transfer(&self, volume: &Volume) -> Option<TransferFunction> {
        let function = self.preset_of(volume).transfer(volume)?;
        let [low, high] = function.range()?;
        Some(function.moved(
            (low + high) / 2.0,
            self.stretch,
            self.offset_share * (high - low),
        ))
    }

    /// The smallest value that is lit, and what it may be set to: as far as the values of the preset may be moved.
    fn lit_from(&self, volume: &Volume) -> Option<LitFrom> {
        let function = self.preset_of(volume).transfer(volume)?;
        let [low, high] = function.range()?;
        let middle = (low + high) / 2.0;
        let unmoved = middle + (low - middle) * self.stretch;
        Some(LitFrom {
            value: unmoved + self.offset_share * (high - low),
            range: [unmoved - (high - low), unmoved + (high - low)],
        })
    }

    /// Moves the values so that the smallest that is lit is this one.
    fn light_from(&mut self, volume: &Volume, value: f64) {
        if let Some(LitFrom {
            range: [least, most],
            ..
        }) = self.lit_from(volume)
            && value.is_finite()
            && least < most
        {
            // The range reaches one unit of the share to both sides.
            self.offset_share = (2.0 * (value - least) / (most - least) - 1.0).clamp(-1.0, 1.0);
        }
    }

    /// Part of the volume that is cut off its side facing the viewer.
    fn cut_share(&self, volume: &Volume, frame: &PlaneFrame) -> f64 {
        match facing_axis(volume, frame) {
            (axis, Facing::Low) => self.crop.low[axis],
            (axis, Facing::High) => 1.0 - self.crop.high[axis],
        }
    }

    /// Cuts this part off the side facing the viewer.
    fn cut_to(&mut self, volume: &Volume, frame: &PlaneFrame, share: f64) {
        let (axis, facing) = facing_axis(volume, frame);
        let at = match facing {
            Facing::Low => share,
            Facing::High => 1.0 - share,
        };
        if share.is_finite() {
            self.set_cut((axis, facing), at);
        }
    }

    /// Stretches and moves the values, as a drag with the window tool does in a plane.
    fn drag(&mut self, [right, down]: [f64; 2]) {
        self.stretch = (self.stretch * (right / 300.0).exp()).clamp(0.1, 10.0);
        self.offset_share = (self.offset_share + down / 600.0).clamp(-1.0, 1.0);
    }

    /// Cuts off what lies before a place, along the side of the volume that faces the viewer most.
    fn cut_before(&mut self, volume: &Volume, frame: &PlaneFrame, place: PatientPoint) {
        let Some(voxel) = volume.grid.voxel(place) else {
            return;
        };
        let (axis, sense) = facing_axis(volume, frame);
        let last = volume.grid.size[axis].saturating_sub(1).max(1) as f64;
        self.set_cut((axis, sense), voxel[axis] / last);
    }

    /// Cuts more (1) or less (−1) off the side that faces the viewer.
    fn step_cut(&mut self, volume: &Volume, frame: &PlaneFrame, by: i32) {
        let (axis, sense) = facing_axis(volume, frame);
        let step = f64::from(by) * CUT_SHARE;
        match sense {
            Facing::Low => self.set_cut((axis, sense), self.crop.low[axis] + step),
            Facing::High => self.set_cut((axis, sense), self.crop.high[axis] - step),
        }
    }

    fn set_cut(&mut self, (axis, sense): (usize, Facing), share: f64) {
        match sense {
            Facing::Low => {
                self.crop.low[axis] = share.min(self.crop.high[axis] - LEAST_SHARE).max(0.0);
            }
            Facing::High => {
                self.crop.high[axis] = share.max(self.crop.low[axis] + LEAST_SHARE).min(1.0);
            }
        }
    }
}

/// The end of an axis of the volume that is nearer to the viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Facing {
    Low,
    High,
}

/// The axis of the volume that points most towards the viewer or away from him, and its nearer end.
fn facing_axis(volume: &Volume, frame: &PlaneFrame) -> (usize, Facing) {
    let grid = &volume.grid;
    let steps = [grid.column_step, grid.row_step, grid.slice_step];
    let along = |axis: &usize| steps[*axis].unit().map_or(0.0, |unit| unit.dot(frame.away));
    let axis = (0..3)
        .max_by(|a, b| along(a).abs().total_cmp(&along(b).abs()))
        .unwrap_or(0);
    let facing = if 0.0 <= along(&axis) {
        Facing::Low
    } else {
        Facing::High
    };
    (axis, facing)
}

/// The directions after the hand dragged the volume so many points to the right and down: its front goes with the hand.
fn dragged(frame: PlaneFrame, [right, down]: [f64; 2]) -> PlaneFrame {
    frame
        .turned_about(frame.up, -right * RAD_PER_POINT)
        .turned_about(frame.right(), -down * RAD_PER_POINT)
}

/// What to draw for a rendering; `None` while there are no values to take light from.
pub(crate) fn cut_of(view: &View, volume: &Volume) -> Option<Cut> {
    Some(Cut::Light(Arc::new(LightCut {
        transfer: view.lighting.transfer(volume)?,
        crop: view.lighting.crop,
    })))
}

/// What a screen may show of a view's rendering; `None` for every other kind of view.
pub(crate) fn rendering_snapshot(view: &View, volume: &Volume) -> Option<RenderingSnapshot> {
    (view.kind == ViewKind::Rendering).then(|| RenderingSnapshot {
        preset: view.lighting.preset_of(volume),
        fitting: RenderingPreset::ALL
            .into_iter()
            .filter(|p| p.fits(volume))
            .collect(),
        is_cut: !view.lighting.crop.is_whole(),
        unit: unit_text(&volume.unit),
        lit_from: view.lighting.lit_from(volume),
        cut_share: view.lighting.cut_share(volume, &view.frame(volume)),
    })
}

impl Session {
    /// Commands that light, cut and turn projections; gives back what is none of them.
    pub(crate) fn apply_lighting(&mut self, command: ViewCommand) -> Option<ViewCommand> {
        match command {
            ViewCommand::Orbit { view, right, down } => self.orbit(view, [right, down]),
            ViewCommand::LookFrom(idx, frame) => {
                if self
                    .room
                    .view(idx)
                    .is_some_and(|view| view.kind.is_projection())
                {
                    self.room.turn(idx, &self.library, |_| frame);
                }
            }
            ViewCommand::SetRendering(idx, preset) => {
                if let Some(view) = self.room.view_mut(idx) {
                    view.lighting = Lighting {
                        preset: Some(preset),
                        crop: view.lighting.crop,
                        ..Lighting::default()
                    };
                }
            }
            ViewCommand::DragWindow {
                view,
                right_px,
                down_px,
            } if self.is_rendering(view) => {
                if let Some(view) = self.room.view_mut(view) {
                    view.lighting.drag([right_px, down_px]);
                }
            }
            ViewCommand::StepSlab(idx, by) if self.is_rendering(idx) => {
                self.light(idx, |lighting, volume, frame, _| {
                    lighting.step_cut(volume, frame, by)
                });
            }
            ViewCommand::LightFrom(idx, value) => {
                self.light(idx, |lighting, volume, _, _| {
                    lighting.light_from(volume, value)
                });
            }
            ViewCommand::CutTo(idx, share) => {
                self.light(idx, |lighting, volume, frame, _| {
                    lighting.cut_to(volume, frame, share)
                });
            }
            ViewCommand::CutToCrosshair(idx) => {
                self.light(idx, |lighting, volume, frame, cursor| {
                    lighting.cut_before(volume, frame, cursor)
                });
            }
            ViewCommand::CutNothing(idx) => {
                if let Some(view) = self.room.view_mut(idx) {
                    view.lighting.crop = CropBox::WHOLE;
                }
            }
            ViewCommand::ShowAs(idx, kind) => self.room.show_as(idx, kind, &self.library),
            ViewCommand::PointAt(idx, pixel) => self.point_at(idx, pixel),
            other => return Some(other),
        }
        None
    }

    fn is_rendering(&self, idx: ViewIdx) -> bool {
        self.room
            .view(idx)
            .is_some_and(|view| view.kind == ViewKind::Rendering)
    }

    fn light(
        &mut self,
        idx: ViewIdx,
        change: impl FnOnce(&mut Lighting, &Volume, &PlaneFrame, PatientPoint),
    ) {
        let Some((view, shown)) = self.room.shown(idx, &self.library) else {
            return;
        };
        let mut lighting = view.lighting;
        let cursor = self.room.cursor_in(&shown.volume);
        change(
            &mut lighting,
            &shown.volume,
            &view.frame(&shown.volume),
            cursor,
        );
        if let Some(view) = self.room.view_mut(idx) {
            view.lighting = lighting;
        }
    }

    fn orbit(&mut self, idx: ViewIdx, by: [f64; 2]) {
        let is_projection = self
            .room
            .view(idx)
            .is_some_and(|view| view.kind.is_projection());
        if is_projection {
            self.room
                .turn(idx, &self.library, |frame| dragged(frame, by));
        }
    }

    /// Turns a projection about the body axis for the time that passed.
    pub(crate) fn spin(&mut self, idx: ViewIdx, elapsed_ms: u64) {
        let head = PatientVector::new(0.0, 0.0, 1.0);
        let angle = RAD_PER_SECOND * elapsed_ms as f64 / 1000.0;
        self.room
            .turn(idx, &self.library, |frame| frame.turned_about(head, angle));
    }

    /// Puts the crosshair on the surface that a pixel of a rendering shows.
    fn point_at(&mut self, idx: ViewIdx, pixel: [f64; 2]) {
        let Some((view, shown)) = self.room.shown(idx, &self.library) else {
            return;
        };
        let Some(Cut::Light(cut)) =
            cut_of(&view, &shown.volume).filter(|_| view.kind == ViewKind::Rendering)
        else {
            return;
        };
        let plane = view.plane(&shown.volume, self.room.cursor_in(&shown.volume));
        if let Some(place) = self.pictures.surface(&shown.volume, &cut, plane, pixel) {
            self.room
                .set_cursor(place, crate::linking::Moved::In(idx), &self.library);
        }
    }
}

#[cfg(test)]
mod tests {
    use space::Orientation;

    use super::*;

    #[test]
    fn what_faces_the_viewer_goes_with_the_hand() {
        for frame in [
            Orientation::Coronal.frame(),
            Orientation::Axial.frame(),
            Orientation::Sagittal.frame(),
        ] {
            let front = -frame.away;
            let right = dragged(frame, [40.0, 0.0]);
            let down = dragged(frame, [0.0, 40.0]);
            // The place that was nearest to the viewer lies to the right of the middle now, or below it.
            assert!(0.3 < front.dot(right.right()), "{frame:?}");
            assert!(front.dot(right.up).abs() < 1e-9);
            assert!(front.dot(down.up) < -0.3, "{frame:?}");
            assert!(front.dot(down.right()).abs() < 1e-9);
        }
    }
}

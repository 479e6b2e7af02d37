//! The screen as a path keeps it, and a screen made from that again.

use std::sync::Arc;

use case::{
    PathCell, PathImage, PathLay, PathLight, PathLook, PathPlane, PathScene, PathVoi, PathVolume,
};
use volume::{
    ColourMap, CropBox, Interpolation, Invert, Presentation, RenderingPreset, SlabMode, Voi,
    VoiFunction, Volume,
};

use crate::hanging::Align;
use crate::library::Shelved;
use crate::room::{Room, Shelf, step_mm};
use crate::view::SharedFit;
use crate::{Arrangement, LayoutKind, Lighting, Session, View, ViewIdx, ViewKind, VolumeKey};

impl Session {
    /// What is on the screen now; `None` where no view shows anything.
    pub(super) fn scene(&self) -> Option<PathScene> {
        let views = 0..self.room.views.len().min(case::MAX_PATH_CELLS);
        let cells: Vec<Arc<PathCell>> = views
            .map(|i| Arc::new(self.cell(ViewIdx(i)).unwrap_or_default()))
            .collect();
        let small = |idx: ViewIdx| u8::try_from(idx.0).unwrap_or(u8::MAX - 1);
        let scene = PathScene {
            n_entries: self.whole_case().map_or(0, case::Case::n_entries),
            n_passed: 0,
            is_passing: false,
            cells_across: match self.room.arrangement {
                Arrangement::Grid { columns, rows } => [columns, rows],
                Arrangement::OneAndTwo => [0, 0],
            },
            active: small(self.room.active),
            one_up: self.room.one_up.map(small),
            interpolation: match self.room.interpolation {
                Interpolation::Nearest => 0,
                Interpolation::Linear => 1,
                Interpolation::Cubic => 2,
            },
            cursor: self.room.cursor,
            cells,
        };
        scene.in_sight().next()?;
        Some(scene)
    }

    /// A cell that shows something; `None` where it shows nothing, or what is closed, or what is still on its way.
    fn cell(&self, idx: ViewIdx) -> Option<PathCell> {
        let view = self.room.view(idx)?;
        let key = view.volume.as_ref()?;
        let shelved = self.library.get(key).filter(|s| !self.is_closed(s))?;
        let volume = &*shelved.volume;
        let slice_idx = self.slice_of(view, volume);
        // What is not there yet was not seen.
        let is_here = match slice_idx.filter(|_| view.slab.is_none()) {
            Some(slice_idx) => volume.voxels.is_filled(slice_idx),
            None => 0 < volume.voxels.n_filled(),
        };
        if !is_here {
            return None;
        }
        let presentation = Room::presentation(view, volume);
        let plane = view.plane(volume, self.room.cursor_in(volume));
        let slab_mm = view.slab(volume).map_or(0.0, |slab| slab.thickness_mm);
        let half_depth_mm = slab_mm.max(step_mm(volume, &plane.frame)) / 2.0;
        let image = slice_idx.and_then(|slice_idx| self.library.image_ref(key, slice_idx));
        Some(PathCell {
            in_sight: self.room.is_on_screen(idx),
            volume: Some(Arc::new(path_volume(key, shelved))),
            plane: path_plane(view.kind),
            slice_idx: u32::try_from(view.slice_idx).unwrap_or(u32::MAX),
            image: image.map(|image| {
                Arc::new(PathImage {
                    sop_instance_uid: image.sop_instance_uid,
                    frame_number: image.frame_number,
                })
            }),
            zoom: view.zoom,
            centre: view.centre,
            turned: view.turned,
            size_px: view.size_px.map(|n| u32::try_from(n).unwrap_or(u32::MAX)),
            voi: path_voi(&presentation.voi, volume),
            look: path_look(view, &presentation),
            slab_mm: view.slab_mm,
            shared_fit_mm: match view.shared_fit {
                Some(SharedFit::MmPerPixel(mm)) => Some(mm),
                Some(SharedFit::Wanted) | None => None,
            },
            light: (view.kind == ViewKind::Rendering).then(|| path_light(&view.lighting)),
            lay: PathLay::of(
                plane.centre,
                &plane.frame,
                plane.mm_per_pixel,
                half_depth_mm,
            ),
        })
    }
}

fn path_volume(key: &VolumeKey, shelved: &Shelved) -> PathVolume {
    let in_patient = shelved.volume.placed == volume::Placement::InPatient;
    PathVolume {
        series_instance_uid: key.series_instance_uid.clone(),
        volume_idx: u32::try_from(key.volume_idx).unwrap_or(u32::MAX),
        frame_of_reference_uid: match in_patient {
            true => shelved.frame_of_reference.clone(),
            false => String::new(),
        },
    }
}

fn path_plane(kind: ViewKind) -> PathPlane {
    match kind {
        ViewKind::Stack => PathPlane::Stack,
        ViewKind::Axial => PathPlane::Axial,
        ViewKind::Coronal => PathPlane::Coronal,
        ViewKind::Sagittal => PathPlane::Sagittal,
        ViewKind::Mip => PathPlane::Mip,
        ViewKind::Rendering => PathPlane::Rendering,
    }
}

fn view_kind(plane: PathPlane) -> ViewKind {
    match plane {
        PathPlane::Stack => ViewKind::Stack,
        PathPlane::Axial => ViewKind::Axial,
        PathPlane::Coronal => ViewKind::Coronal,
        PathPlane::Sagittal => ViewKind::Sagittal,
        PathPlane::Mip => ViewKind::Mip,
        PathPlane::Rendering => ViewKind::Rendering,
    }
}

fn path_voi(voi: &Voi, volume: &Volume) -> PathVoi {
    match voi {
        Voi::Window {
            center,
            width,
            function,
            ..
        } => PathVoi::Window {
            center: *center,
            width: *width,
            function: match function {
                VoiFunction::Linear => 0,
                VoiFunction::LinearExact => 1,
                VoiFunction::Sigmoid => 2,
            },
        },
        Voi::Table { .. } => {
            let idx = volume.voi.iter().position(|other| other == voi);
            PathVoi::Table(idx.and_then(|idx| u8::try_from(idx).ok()))
        }
    }
}

fn path_look(view: &View, presentation: &Presentation) -> PathLook {
    let colours = ColourMap::ALL.iter().position(|map| *map == view.colours);
    PathLook {
        is_inverted: presentation.invert == Invert::Yes,
        preset: view.preset,
        colours: colours.and_then(|idx| u8::try_from(idx).ok()).unwrap_or(0),
        slab: match view.slab {
            None => 0,
            Some(SlabMode::Mean) => 1,
            Some(SlabMode::Mip) => 2,
            Some(SlabMode::MinIp) => 3,
        },
        align: match view.align {
            Align::Middle => 0,
            Align::Left => 1,
            Align::Right => 2,
        },
    }
}

fn path_light(lighting: &Lighting) -> PathLight {
    let number = |preset: RenderingPreset| RenderingPreset::ALL.iter().position(|p| *p == preset);
    let ([a, b, c], [d, e, f]) = (lighting.crop.low, lighting.crop.high);
    PathLight {
        preset: lighting
            .preset
            .and_then(number)
            .and_then(|idx| u8::try_from(idx).ok()),
        stretch: lighting.stretch,
        offset_share: lighting.offset_share,
        crop: [a, b, c, d, e, f],
    }
}

impl Room {
    /// A room that shows a scene. What is not there any more, or cannot be cut, leaves its view empty; tool, texts and
    /// what was laid over by hand are the looker's own.
    pub(super) fn of_scene(scene: &PathScene, own: &Self, shelf: &dyn Shelf) -> Self {
        let mut room = Self::new();
        room.layout = LayoutKind::Cells;
        room.arrangement = match scene.cells_across {
            [0, _] | [_, 0] => Arrangement::OneAndTwo,
            [columns, rows] => Arrangement::grid(columns, rows),
        };
        room.tool = own.tool;
        room.overlay = own.overlay;
        room.offsets.clone_from(&own.offsets);
        room.interpolation = match scene.interpolation {
            0 => Interpolation::Nearest,
            2 => Interpolation::Cubic,
            _ => Interpolation::Linear,
        };
        room.cursor = scene.cursor;
        let cells = scene.cells.iter();
        room.views = cells.map(|cell| view_of(cell, shelf)).collect();
        let n = room.arrangement.n_cells();
        room.views.resize_with(n, || View::empty(ViewKind::Stack));
        let there = |idx: u8| Some(ViewIdx(usize::from(idx))).filter(|idx| idx.0 < n);
        room.active = there(scene.active).unwrap_or_default();
        room.one_up = scene.one_up.and_then(there);
        room
    }
}

fn view_of(cell: &PathCell, shelf: &dyn Shelf) -> View {
    let kind = view_kind(cell.plane);
    let size_px = cell
        .size_px
        .map(|n| usize::try_from(n).unwrap_or(1).clamp(1, 8192));
    let empty = View {
        size_px,
        ..View::empty(kind)
    };
    let Some(named) = &cell.volume else {
        return empty;
    };
    let key = VolumeKey {
        series_instance_uid: named.series_instance_uid.clone(),
        volume_idx: usize::try_from(named.volume_idx).unwrap_or(usize::MAX),
    };
    let Some(shown) = shelf.shown(&key) else {
        return empty;
    };
    let volume = &shown.volume;
    let slice_idx = usize::try_from(cell.slice_idx).unwrap_or(usize::MAX);
    let can_cut = kind == ViewKind::Stack || crate::may_reslice(volume);
    if !can_cut || volume.n_slices() <= slice_idx {
        return empty;
    }
    let colours = ColourMap::ALL.get(usize::from(cell.look.colours)).copied();
    View {
        volume: Some(key),
        slice_idx,
        // A picture of no size, or of none, was on no screen.
        zoom: cell.zoom.clamp(1e-3, 1e4),
        centre: cell.centre,
        turned: cell.turned,
        presentation: presentation_of(cell, volume),
        preset: cell.look.preset,
        slab: match cell.look.slab {
            1 => Some(SlabMode::Mean),
            2 => Some(SlabMode::Mip),
            3 => Some(SlabMode::MinIp),
            _ => None,
        },
        slab_mm: cell.slab_mm.clamp(0.0, 1000.0),
        colours: colours.unwrap_or_default(),
        lighting: cell.light.as_ref().map(lighting_of).unwrap_or_default(),
        align: match cell.look.align {
            1 => Align::Left,
            2 => Align::Right,
            _ => Align::Middle,
        },
        shared_fit: cell
            .shared_fit_mm
            .filter(|mm| 0.0 < *mm)
            .map(SharedFit::MmPerPixel),
        ..empty
    }
}

fn presentation_of(cell: &PathCell, volume: &Volume) -> Option<Presentation> {
    let voi = match cell.voi {
        PathVoi::Opening => return None,
        PathVoi::Window {
            center,
            width,
            function,
        } => Voi::Window {
            center,
            width,
            function: match function {
                1 => VoiFunction::LinearExact,
                2 => VoiFunction::Sigmoid,
                _ => VoiFunction::Linear,
            },
            explanation: None,
        },
        PathVoi::Table(number) => volume.voi.get(usize::from(number?))?.clone(),
    };
    let invert = match cell.look.is_inverted {
        true => Invert::Yes,
        false => Invert::No,
    };
    Some(Presentation::grey(voi, invert))
}

fn lighting_of(light: &PathLight) -> Lighting {
    let [a, b, c, d, e, f] = light.crop.map(|share| share.clamp(0.0, 1.0));
    let preset = light.preset.map(usize::from);
    Lighting {
        preset: preset.and_then(|idx| RenderingPreset::ALL.get(idx).copied()),
        stretch: light.stretch,
        offset_share: light.offset_share,
        crop: CropBox {
            low: [a, b, c],
            high: [d, e, f],
        },
    }
}

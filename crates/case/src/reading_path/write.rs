use std::collections::HashMap;
use std::sync::Arc;

use space::{PatientPoint, PlaneFrame};

use super::wire::{put_number, put_real, put_signed, put_text};
use super::{
    MAX_PATH_BYTES, MAX_PATH_CELLS, MAX_PATH_STEPS, PASSING_MS, PathCell, PathEvent, PathImage,
    PathScene, PathVoi, PathVolume, PauseWhy, SETTLED_MS,
};

/// The first bytes of a path: its name and the version of its form.
pub(super) const MAGIC: &[u8; 5] = b"ORPA\x01";
/// Room that is left for the words that the path is full.
const RESERVE: usize = 4096;
/// Longest name of an object or a space (PS3.5 6.2, UI).
pub(super) const MAX_UID: u64 = 64;
/// The most volumes and images that one sitting names.
pub(super) const MAX_NAMES: usize = 1 << 14;

/// The tags of what happens on a path.
pub(super) mod tag {
    pub(in super::super) const SITTING: u8 = 0;
    pub(in super::super) const SCENE: u8 = 1;
    pub(in super::super) const PAUSED: u8 = 2;
    pub(in super::super) const RESUMED: u8 = 3;
    pub(in super::super) const READS_OPENED: u8 = 4;
    pub(in super::super) const COARSER: u8 = 5;
    pub(in super::super) const FULL: u8 = 6;
    /// A volume that scenes name from here on by its number.
    pub(in super::super) const VOLUME: u8 = 7;
    /// The same for an image.
    pub(in super::super) const IMAGE: u8 = 8;
    /// Nothing happened; only time went on.
    pub(in super::super) const TIME: u8 = 9;
}

/// Writes a path, each step as what changed since the one before.
#[derive(Clone, Debug, Default)]
pub struct PathWriter {
    /// Not yet taken.
    chunk: Vec<u8>,
    n_bytes: usize,
    n_steps: usize,
    at_ms: u64,
    scene: PathScene,
    volumes: HashMap<Arc<PathVolume>, u64>,
    images: HashMap<Arc<PathImage>, u64>,
    last_image: String,
    settled_ms: u64,
    is_full: bool,
}

impl PathWriter {
    /// Begins a sitting, after so many bytes and steps of earlier ones, which end at `at_ms`.
    pub fn begin(n_bytes: usize, n_steps: usize, at_ms: u64) -> Self {
        let mut writer = Self {
            n_bytes,
            n_steps,
            at_ms,
            settled_ms: SETTLED_MS,
            ..Self::default()
        };
        if n_bytes == 0 {
            writer.chunk.extend_from_slice(MAGIC);
            writer.n_bytes = MAGIC.len();
        }
        writer.push(at_ms, PathEvent::Sitting);
        writer
    }

    /// How long a picture must stand to be a step now, ms.
    pub fn settled_ms(&self) -> u64 {
        self.settled_ms
    }

    /// How often one is kept while they change without a rest, ms.
    pub fn passing_ms(&self) -> u64 {
        self.settled_ms.max(SETTLED_MS) / SETTLED_MS * PASSING_MS
    }

    /// Can nothing more be kept?
    pub fn is_full(&self) -> bool {
        self.is_full
    }

    /// Bytes so far, with those of earlier sittings.
    pub fn n_bytes(&self) -> usize {
        self.n_bytes
    }

    /// Writes what happened. A time before the last one counts as the last one; what holds numbers that are none, or more
    /// cells than there may be, is left out.
    pub fn push(&mut self, at_ms: u64, what: PathEvent) {
        if self.is_full {
            return;
        }
        if let PathEvent::Scene(scene) = &what
            && !is_sound(scene)
        {
            return;
        }
        let n_before = self.chunk.len();
        match &what {
            PathEvent::Sitting => self.event(at_ms, tag::SITTING),
            PathEvent::Scene(scene) => self.put_scene(at_ms, scene),
            PathEvent::Paused(why) => {
                self.event(at_ms, tag::PAUSED);
                self.chunk.push(match why {
                    PauseWhy::NoInput => 0,
                    PauseWhy::OtherProgram => 1,
                    PauseWhy::Covered => 2,
                });
            }
            PathEvent::Resumed => self.event(at_ms, tag::RESUMED),
            PathEvent::ReadsOpened => self.event(at_ms, tag::READS_OPENED),
            PathEvent::Coarser { settled_ms } => {
                self.event(at_ms, tag::COARSER);
                put_number(&mut self.chunk, u64::from(*settled_ms));
            }
            PathEvent::Full => {
                self.event(at_ms, tag::FULL);
                self.is_full = true;
            }
        }
        self.n_steps += 1;
        self.n_bytes += self.chunk.len() - n_before;
        if let PathEvent::Scene(scene) = what {
            self.scene = scene;
            self.grow_coarser(at_ms);
        }
    }

    /// Takes the bytes since the last time, with the time until now; empty where nothing was written since.
    pub fn take(&mut self, at_ms: u64) -> Vec<u8> {
        if self.at_ms < at_ms && !self.is_full {
            let n_before = self.chunk.len();
            self.event(at_ms, tag::TIME);
            self.n_bytes += self.chunk.len() - n_before;
        }
        std::mem::take(&mut self.chunk)
    }

    /// The longer the path, the longer a picture must stand, so that a long read has room to its end.
    fn grow_coarser(&mut self, at_ms: u64) {
        let bytes = |share: usize| MAX_PATH_BYTES / 8 * share <= self.n_bytes;
        let steps = |share: usize| MAX_PATH_STEPS / 8 * share <= self.n_steps;
        let at_least = |share| bytes(share) || steps(share);
        let no_room =
            MAX_PATH_BYTES - RESERVE <= self.n_bytes || MAX_PATH_STEPS - 16 <= self.n_steps;
        let names = MAX_NAMES - MAX_PATH_CELLS <= self.images.len().max(self.volumes.len());
        let settled_ms = match () {
            () if no_room || names => return self.push(at_ms, PathEvent::Full),
            () if at_least(7) => 4000,
            () if at_least(6) => 2000,
            () if at_least(4) => 1000,
            () => SETTLED_MS,
        };
        if self.settled_ms < settled_ms {
            self.settled_ms = settled_ms;
            let settled_ms = u32::try_from(settled_ms).unwrap_or(u32::MAX);
            self.push(at_ms, PathEvent::Coarser { settled_ms });
        }
    }

    fn event(&mut self, at_ms: u64, tag: u8) {
        put_number(&mut self.chunk, at_ms.saturating_sub(self.at_ms));
        self.at_ms = self.at_ms.max(at_ms);
        self.chunk.push(tag);
    }

    fn put_scene(&mut self, at_ms: u64, scene: &PathScene) {
        for cell in &scene.cells {
            if let Some(volume) = &cell.volume {
                self.name_volume(at_ms, volume);
            }
            if let Some(image) = &cell.image {
                self.name_image(at_ms, image);
            }
        }
        self.event(at_ms, tag::SCENE);
        let before = std::mem::take(&mut self.scene);
        let out = &mut self.chunk;
        let room = |s: &PathScene| (s.cells_across, s.active, s.one_up, s.interpolation);
        let n_cells = |s: &PathScene| s.cells.len();
        let [new_room, new_cursor, new_cells] = [
            room(&before) != room(scene) || n_cells(&before) != n_cells(scene),
            before.cursor != scene.cursor,
            before.cells != scene.cells,
        ];
        let grown = scene.n_entries != before.n_entries;
        let flags = [
            new_room,
            new_cursor,
            new_cells,
            grown,
            0 < scene.n_passed,
            scene.is_passing,
        ];
        out.push(bits(&flags) as u8);
        if new_room {
            out.extend_from_slice(&scene.cells_across);
            out.extend_from_slice(&[scene.active, optional(scene.one_up), scene.interpolation]);
            out.push(scene.cells.len() as u8);
        }
        if new_cursor {
            put_cursor(out, before.cursor, scene.cursor);
        }
        if grown {
            put_signed(out, scene.n_entries.wrapping_sub(before.n_entries) as i64);
        }
        if 0 < scene.n_passed {
            put_number(out, u64::from(scene.n_passed));
        }
        if new_cells {
            let empty = PathCell::default();
            let old = |idx: usize| before.cells.get(idx).map_or(&empty, |cell| cell);
            let changed = |(idx, cell): (usize, &Arc<PathCell>)| **cell != *old(idx);
            let changed: Vec<bool> = scene.cells.iter().enumerate().map(changed).collect();
            put_number(out, bits(&changed));
            for ((idx, cell), _) in (scene.cells.iter().enumerate())
                .zip(&changed)
                .filter(|(_, changed)| **changed)
            {
                let named = |map: Option<&u64>| map.map_or(0, |number| number + 1);
                let volume = cell.volume.as_ref().and_then(|v| self.volumes.get(v));
                let image = cell.image.as_ref().and_then(|i| self.images.get(i));
                let names = [named(volume), named(image)];
                put_cell(&mut self.chunk, old(idx), cell, names);
            }
        }
    }

    fn name_volume(&mut self, at_ms: u64, volume: &Arc<PathVolume>) {
        if self.volumes.contains_key(volume) {
            return;
        }
        self.event(at_ms, tag::VOLUME);
        put_text(&mut self.chunk, &volume.series_instance_uid);
        put_number(&mut self.chunk, u64::from(volume.volume_idx));
        put_text(&mut self.chunk, &volume.frame_of_reference_uid);
        let number = self.volumes.len() as u64;
        self.volumes.insert(volume.clone(), number);
    }

    /// The names of the images of a series begin alike, so only what differs is said.
    fn name_image(&mut self, at_ms: u64, image: &Arc<PathImage>) {
        if self.images.contains_key(image) {
            return;
        }
        self.event(at_ms, tag::IMAGE);
        let uid = &image.sop_instance_uid;
        let alike = uid.bytes().zip(self.last_image.bytes());
        let n_alike = alike.take_while(|(a, b)| a == b).count();
        put_number(&mut self.chunk, n_alike as u64);
        put_text(&mut self.chunk, uid.get(n_alike..).unwrap_or_default());
        put_number(&mut self.chunk, u64::from(image.frame_number));
        self.last_image.clone_from(uid);
        let number = self.images.len() as u64;
        self.images.insert(image.clone(), number);
    }
}

/// The lowest bit for the first.
fn bits(flags: &[bool]) -> u64 {
    let set = flags.iter().enumerate().filter(|(_, flag)| **flag);
    set.fold(0, |bits, (idx, _)| bits | 1 << idx)
}

/// A small number, or 255 for none.
fn optional(number: Option<u8>) -> u8 {
    number.unwrap_or(u8::MAX)
}

fn put_cursor(out: &mut Vec<u8>, before: Option<PatientPoint>, now: Option<PatientPoint>) {
    let Some(now) = now else {
        out.push(u8::MAX);
        return;
    };
    let was = before.map(<[f64; 3]>::from);
    let now = <[f64; 3]>::from(now);
    let differs: Vec<bool> = (0..3)
        .map(|axis| was.is_none_or(|was| was.get(axis) != now.get(axis)))
        .collect();
    out.push(bits(&differs) as u8);
    for (number, _) in now.iter().zip(&differs).filter(|(_, differs)| **differs) {
        put_real(out, *number);
    }
}

fn put_reals(out: &mut Vec<u8>, numbers: &[f64]) {
    numbers.iter().for_each(|number| put_real(out, *number));
}

fn frame_numbers(frame: &PlaneFrame) -> [f64; 6] {
    let ([a, b, c], [d, e, f]) = (frame.away.to_array(), frame.up.to_array());
    [a, b, c, d, e, f]
}

/// Writes one part of a cell.
type Part<'a> = &'a dyn Fn(&mut Vec<u8>);

/// What changed of a cell; `names` are the numbers of its volume and image, from 1, 0 for none.
fn put_cell(out: &mut Vec<u8>, was: &PathCell, now: &PathCell, names: [u64; 2]) {
    let changed = [
        was.volume != now.volume,
        was.plane != now.plane || was.in_sight != now.in_sight,
        was.slice_idx != now.slice_idx,
        was.image != now.image,
        was.zoom != now.zoom,
        was.centre != now.centre,
        was.turned != now.turned,
        was.size_px != now.size_px,
        was.voi != now.voi,
        was.look != now.look,
        was.slab_mm != now.slab_mm,
        was.shared_fit_mm != now.shared_fit_mm,
        was.light != now.light,
        was.lay.centre_hmm != now.lay.centre_hmm,
        was.lay.right_e4 != now.lay.right_e4 || was.lay.up_e4 != now.lay.up_e4,
        was.lay.pixel_nm != now.lay.pixel_nm || was.lay.half_depth_hmm != now.lay.half_depth_hmm,
    ];
    put_number(out, bits(&changed));
    let parts: [Part<'_>; 16] = [
        &|out| put_number(out, names[0]),
        &|out| out.push(now.plane as u8 | u8::from(now.in_sight) << 7),
        &|out| put_signed(out, i64::from(now.slice_idx) - i64::from(was.slice_idx)),
        &|out| put_number(out, names[1]),
        &|out| put_real(out, now.zoom),
        &|out| put_some(out, now.centre.map(<[f64; 3]>::from).as_ref()),
        &|out| put_some(out, now.turned.as_ref().map(frame_numbers).as_ref()),
        &|out| {
            now.size_px
                .iter()
                .for_each(|n| put_number(out, u64::from(*n)))
        },
        &|out| put_voi(out, &now.voi),
        &|out| {
            let look = &now.look;
            out.push(u8::from(look.is_inverted));
            out.extend_from_slice(&[optional(look.preset), look.colours, look.slab, look.align]);
        },
        &|out| put_real(out, now.slab_mm),
        &|out| put_some(out, now.shared_fit_mm.map(|mm| [mm]).as_ref()),
        &|out| match &now.light {
            None => out.push(0),
            Some(light) => {
                out.extend_from_slice(&[1, optional(light.preset)]);
                put_reals(out, &[light.stretch, light.offset_share]);
                put_reals(out, &light.crop);
            }
        },
        &|out| {
            let pairs = now.lay.centre_hmm.iter().zip(was.lay.centre_hmm);
            pairs.for_each(|(now, was)| put_signed(out, now.wrapping_sub(was)));
        },
        &|out| {
            let numbers = now.lay.right_e4.iter().chain(&now.lay.up_e4);
            numbers.for_each(|n| put_signed(out, i64::from(*n)));
        },
        &|out| {
            put_number(out, now.lay.pixel_nm);
            put_number(out, u64::from(now.lay.half_depth_hmm));
        },
    ];
    for (part, _) in parts.iter().zip(changed).filter(|(_, changed)| *changed) {
        part(out);
    }
}

fn put_some<const N: usize>(out: &mut Vec<u8>, numbers: Option<&[f64; N]>) {
    out.push(u8::from(numbers.is_some()));
    put_reals(out, numbers.map_or(&[], |numbers| numbers.as_slice()));
}

fn put_voi(out: &mut Vec<u8>, voi: &PathVoi) {
    match voi {
        PathVoi::Opening => out.push(0),
        PathVoi::Window {
            center,
            width,
            function,
        } => {
            out.extend_from_slice(&[1, *function]);
            put_reals(out, &[*center, *width]);
        }
        PathVoi::Table(number) => out.extend_from_slice(&[2, optional(*number)]),
    }
}

/// Can it be written so that it is read again?
fn is_sound(scene: &PathScene) -> bool {
    let point = PatientPoint::is_finite;
    let name = |uid: &str| {
        uid.len() as u64 <= MAX_UID && uid.bytes().all(|byte| (0x20..0x7F).contains(&byte))
    };
    let cell = |cell: &Arc<PathCell>| {
        let light = cell.light.map_or([0.0; 8], |light| {
            let [a, b, c, d, e, f] = light.crop;
            [light.stretch, light.offset_share, a, b, c, d, e, f]
        });
        let voi = match cell.voi {
            PathVoi::Window { center, width, .. } => [center, width],
            PathVoi::Opening | PathVoi::Table(_) => [0.0; 2],
        };
        let named = cell.volume.as_ref().is_none_or(|volume| {
            name(&volume.series_instance_uid) && name(&volume.frame_of_reference_uid)
        });
        let image = cell.image.as_ref();
        [cell.zoom, cell.slab_mm, cell.shared_fit_mm.unwrap_or(0.0)]
            .iter()
            .chain(&light)
            .chain(&voi)
            .chain(&cell.turned.as_ref().map_or([0.0; 6], frame_numbers))
            .all(|n| n.is_finite())
            && cell.centre.is_none_or(point)
            && named
            && image.is_none_or(|image| name(&image.sop_instance_uid))
    };
    scene.cells.len() <= MAX_PATH_CELLS
        && scene.cursor.is_none_or(point)
        && scene.cells.iter().all(cell)
}

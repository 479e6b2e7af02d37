use std::sync::Arc;

use space::{PatientPoint, PatientVector, PlaneFrame};

use super::wire::Reader;
use super::write::{MAGIC, MAX_NAMES, MAX_UID, tag};
use super::{
    MAX_PATH_BYTES, MAX_PATH_CELLS, MAX_PATH_STEPS, PathCell, PathEvent, PathImage, PathLay,
    PathLight, PathLook, PathPlane, PathScene, PathStep, PathVoi, PathVolume, PauseWhy,
    ReadingPath,
};

/// Longest path in time, ms: a hundred days.
const MAX_MS: u64 = 100 * 24 * 3_600_000;

/// Why bytes are no reading path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is no reading path: {what} at byte {at}; check the store, and restore it from a backup"
)]
pub struct PathProblem {
    /// What is wrong.
    pub what: &'static str,
    /// At which byte, from 0.
    pub at: usize,
}

/// What a sitting has named so far.
#[derive(Default)]
struct Names {
    volumes: Vec<Arc<PathVolume>>,
    images: Vec<Arc<PathImage>>,
}

pub(super) fn read(bytes: &[u8]) -> Result<ReadingPath, PathProblem> {
    let mut path = ReadingPath::default();
    if bytes.is_empty() {
        return Ok(path);
    }
    let mut reader = Reader::new(bytes);
    if MAX_PATH_BYTES < bytes.len() {
        return Err(reader.wrong("it is too long"));
    }
    if reader.take(MAGIC.len())? != MAGIC {
        return Err(reader.wrong("its beginning is unknown"));
    }
    let mut names = Names::default();
    let mut scene = PathScene::default();
    while !reader.is_done() {
        let passed_ms = reader.number_to(MAX_MS)?;
        path.end_ms += passed_ms;
        if MAX_MS < path.end_ms {
            return Err(reader.wrong("it is too long in time"));
        }
        let what = match reader.byte()? {
            tag::SITTING => {
                names = Names::default();
                scene = PathScene::default();
                PathEvent::Sitting
            }
            tag::SCENE => {
                scene = read_scene(&mut reader, &scene, &names)?;
                PathEvent::Scene(scene.clone())
            }
            tag::PAUSED => PathEvent::Paused(match reader.one_of(3)? {
                0 => PauseWhy::NoInput,
                1 => PauseWhy::OtherProgram,
                _ => PauseWhy::Covered,
            }),
            tag::RESUMED => PathEvent::Resumed,
            tag::READS_OPENED => PathEvent::ReadsOpened,
            tag::COARSER => PathEvent::Coarser {
                settled_ms: reader.small()?,
            },
            tag::FULL => PathEvent::Full,
            tag::VOLUME => {
                read_volume(&mut reader, &mut names)?;
                continue;
            }
            tag::IMAGE => {
                read_image(&mut reader, &mut names)?;
                continue;
            }
            tag::TIME => continue,
            _ => return Err(reader.wrong("something unknown stands")),
        };
        if MAX_PATH_STEPS <= path.steps.len() {
            return Err(reader.wrong("there are too many steps"));
        }
        path.steps.push(PathStep {
            at_ms: path.end_ms,
            what,
        });
    }
    Ok(path)
}

fn read_volume(reader: &mut Reader<'_>, names: &mut Names) -> Result<(), PathProblem> {
    if MAX_NAMES <= names.volumes.len() {
        return Err(reader.wrong("there are too many volumes"));
    }
    names.volumes.push(Arc::new(PathVolume {
        series_instance_uid: reader.text(MAX_UID)?,
        volume_idx: reader.small()?,
        frame_of_reference_uid: reader.text(MAX_UID)?,
    }));
    Ok(())
}

fn read_image(reader: &mut Reader<'_>, names: &mut Names) -> Result<(), PathProblem> {
    if MAX_NAMES <= names.images.len() {
        return Err(reader.wrong("there are too many images"));
    }
    let last = names.images.last();
    let last = last.map_or("", |image| image.sop_instance_uid.as_str());
    let n_alike = usize::try_from(reader.number_to(MAX_UID)?).unwrap_or(usize::MAX);
    let Some(alike) = last.get(..n_alike) else {
        return Err(reader.wrong("a name begins like none before"));
    };
    let sop_instance_uid = format!("{alike}{}", reader.text(MAX_UID)?);
    if MAX_UID < sop_instance_uid.len() as u64 {
        return Err(reader.wrong("a name is too long"));
    }
    names.images.push(Arc::new(PathImage {
        sop_instance_uid,
        frame_number: reader.small()?,
    }));
    Ok(())
}

fn read_scene(
    reader: &mut Reader<'_>,
    before: &PathScene,
    names: &Names,
) -> Result<PathScene, PathProblem> {
    let flags = reader.one_of(64)?;
    let has = |bit: u8| flags & 1 << bit != 0;
    let mut scene = PathScene {
        n_passed: 0,
        is_passing: has(5),
        ..before.clone()
    };
    if has(0) {
        scene.cells_across = [reader.one_of(17)?, reader.one_of(17)?];
        scene.active = reader.byte()?;
        scene.one_up = optional(reader.byte()?);
        scene.interpolation = reader.one_of(3)?;
        let n_cells = usize::from(reader.byte()?);
        if MAX_PATH_CELLS < n_cells {
            return Err(reader.wrong("there are too many cells"));
        }
        scene.cells.resize_with(n_cells, Arc::default);
    }
    if has(1) {
        scene.cursor = read_cursor(reader, before.cursor)?;
    }
    if has(3) {
        let grown = reader.signed()?;
        scene.n_entries = scene.n_entries.wrapping_add_signed(grown);
    }
    if has(4) {
        scene.n_passed = reader.small()?;
    }
    if has(2) {
        let changed = reader.number()?;
        if changed >> scene.cells.len() != 0 {
            return Err(reader.wrong("a cell is not there"));
        }
        for (idx, cell) in scene.cells.iter_mut().enumerate() {
            if changed & 1 << idx != 0 {
                *cell = Arc::new(read_cell(reader, cell, names)?);
            }
        }
    }
    Ok(scene)
}

fn optional(byte: u8) -> Option<u8> {
    (byte != u8::MAX).then_some(byte)
}

fn read_cursor(
    reader: &mut Reader<'_>,
    before: Option<PatientPoint>,
) -> Result<Option<PatientPoint>, PathProblem> {
    let flags = reader.byte()?;
    if flags == u8::MAX {
        return Ok(None);
    }
    if 7 < flags || before.is_none() && flags != 7 {
        return Err(reader.wrong("a crosshair is half there"));
    }
    let mut numbers = before.map_or([0.0; 3], <[f64; 3]>::from);
    for (axis, number) in numbers.iter_mut().enumerate() {
        if flags & 1 << axis != 0 {
            *number = reader.real()?;
        }
    }
    Ok(Some(point(numbers)))
}

fn point([x, y, z]: [f64; 3]) -> PatientPoint {
    PatientPoint::new(x, y, z)
}

fn some<const N: usize>(reader: &mut Reader<'_>) -> Result<Option<[f64; N]>, PathProblem> {
    Ok(match reader.one_of(2)? {
        0 => None,
        _ => Some(reader.reals()?),
    })
}

/// The nth of what was named, from 1; 0 is none.
fn named<T>(reader: &mut Reader<'_>, names: &[Arc<T>]) -> Result<Option<Arc<T>>, PathProblem> {
    let number = reader.number_to(MAX_NAMES as u64)?;
    let Some(idx) = usize::try_from(number).ok().and_then(|n| n.checked_sub(1)) else {
        return Ok(None);
    };
    let found = names.get(idx).cloned();
    found
        .map(Some)
        .ok_or_else(|| reader.wrong("a name is not there"))
}

fn read_cell(
    reader: &mut Reader<'_>,
    was: &PathCell,
    names: &Names,
) -> Result<PathCell, PathProblem> {
    let changed = reader.number_to((1 << 16) - 1)?;
    let has = |bit: u32| changed & 1 << bit != 0;
    let mut cell = was.clone();
    if has(0) {
        cell.volume = named(reader, &names.volumes)?;
    }
    if has(1) {
        let byte = reader.byte()?;
        cell.in_sight = byte & 0x80 != 0;
        let plane = PathPlane::ALL.get(usize::from(byte & 0x7F)).copied();
        cell.plane = plane.ok_or_else(|| reader.wrong("a plane is unknown"))?;
    }
    if has(2) {
        let to = i64::from(was.slice_idx).checked_add(reader.signed()?);
        let to = to.and_then(|to| u32::try_from(to).ok());
        cell.slice_idx = to.ok_or_else(|| reader.wrong("a slice is not there"))?;
    }
    if has(3) {
        cell.image = named(reader, &names.images)?;
    }
    if has(4) {
        cell.zoom = reader.real()?;
    }
    if has(5) {
        cell.centre = some(reader)?.map(point);
    }
    if has(6) {
        cell.turned = some(reader)?.map(|[a, b, c, d, e, f]| PlaneFrame {
            away: PatientVector::new(a, b, c),
            up: PatientVector::new(d, e, f),
        });
    }
    if has(7) {
        cell.size_px = [reader.small()?, reader.small()?];
    }
    if has(8) {
        cell.voi = read_voi(reader)?;
    }
    if has(9) {
        cell.look = PathLook {
            is_inverted: reader.one_of(2)? == 1,
            preset: optional(reader.byte()?),
            colours: reader.byte()?,
            slab: reader.one_of(4)?,
            align: reader.one_of(3)?,
        };
    }
    if has(10) {
        cell.slab_mm = reader.real()?;
    }
    if has(11) {
        cell.shared_fit_mm = some(reader)?.map(|[mm]| mm);
    }
    if has(12) {
        cell.light = read_light(reader)?;
    }
    read_lay(reader, &mut cell.lay, [has(13), has(14), has(15)])?;
    Ok(cell)
}

fn read_voi(reader: &mut Reader<'_>) -> Result<PathVoi, PathProblem> {
    Ok(match reader.one_of(3)? {
        0 => PathVoi::Opening,
        1 => {
            let function = reader.one_of(3)?;
            let [center, width] = reader.reals()?;
            PathVoi::Window {
                center,
                width,
                function,
            }
        }
        _ => PathVoi::Table(optional(reader.byte()?)),
    })
}

fn read_light(reader: &mut Reader<'_>) -> Result<Option<PathLight>, PathProblem> {
    if reader.one_of(2)? == 0 {
        return Ok(None);
    }
    let preset = optional(reader.byte()?);
    let [stretch, offset_share] = reader.reals()?;
    Ok(Some(PathLight {
        preset,
        stretch,
        offset_share,
        crop: reader.reals()?,
    }))
}

fn read_lay(
    reader: &mut Reader<'_>,
    lay: &mut PathLay,
    [centre, turned, scaled]: [bool; 3],
) -> Result<(), PathProblem> {
    if centre {
        for number in &mut lay.centre_hmm {
            *number = number.wrapping_add(reader.signed()?);
        }
    }
    if turned {
        for number in lay.right_e4.iter_mut().chain(&mut lay.up_e4) {
            let read = i32::try_from(reader.signed()?).ok();
            *number = read.ok_or_else(|| reader.wrong("a direction is too long"))?;
        }
    }
    if scaled {
        lay.pixel_nm = reader.number()?;
        lay.half_depth_hmm = reader.small()?;
    }
    Ok(())
}

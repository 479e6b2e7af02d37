use std::sync::{Arc, OnceLock};

use space::PatientPoint;

use crate::frame::{Frame, Frames};
use crate::index_bytes::{Broken, Reader, put_bytes, put_number};
use crate::instance::{Instance, Pixels};
use crate::root_set::RootSet;
use crate::source::Source;
use crate::stamp::Stamp;
use crate::walk::PixelElement;

/// What a slice says of itself alone, where all else is as in an object before it, its pattern.
///
/// Most files of a folder are such slices. Kept as these few values, they need no header to become objects again.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct OwnValues {
    sop_instance_uid: String,
    instance_number: Option<i64>,
    position: Option<PatientPoint>,
    slice_location_mm: Option<f64>,
    pixel_offset: u64,
    /// The outermost elements that were other than the pattern's somewhere from it to here. Whoever makes an object from
    /// its pattern must not look at any of them for more than these values.
    changed: RootSet,
}

impl OwnValues {
    /// `None` where the object differs from the pattern in anything else.
    pub(crate) fn of(instance: &Instance, pattern: &Instance, changed: RootSet) -> Option<Self> {
        // Taken apart in full, so that whoever adds something says here whether it is a slice's own.
        let Instance {
            source: _,
            stamp: _,
            sop_instance_uid,
            instance_number,
            common,
            dimension_names,
            mosaic,
            pixels,
            pixel_problem,
            frames,
            palette,
            facts,
            problems,
        } = instance;
        let (Some(pixels), Some(their_pixels)) = (pixels, &pattern.pixels) else {
            return None;
        };
        let (Frames::One(frame), Frames::One(their_frame)) = (frames, &pattern.frames) else {
            return None;
        };
        let is_palette_shared = match (palette, &pattern.palette) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        let is_like = Arc::ptr_eq(common, &pattern.common)
            && Arc::ptr_eq(facts, &pattern.facts)
            && Arc::ptr_eq(dimension_names, &pattern.dimension_names)
            && is_palette_shared
            && mosaic.is_none()
            && pattern.mosaic.is_none()
            && pixel_problem.is_none()
            && pattern.pixel_problem.is_none()
            && *problems == pattern.problems
            && are_alike(pixels, their_pixels)
            && lie_alike(frame, their_frame);
        is_like.then(|| Self {
            sop_instance_uid: sop_instance_uid.clone(),
            instance_number: *instance_number,
            position: frame.position,
            slice_location_mm: frame.slice_location_mm,
            pixel_offset: pixels.element.offset,
            changed,
        })
    }

    /// The object that had these values beside its pattern; `None` where the pattern can be none.
    pub(crate) fn object(
        &self,
        pattern: &Instance,
        source: Source,
        stamp: Stamp,
    ) -> Option<Instance> {
        let (Some(pixels), Frames::One(frame)) = (&pattern.pixels, &pattern.frames) else {
            return None;
        };
        Some(Instance {
            source,
            stamp: Some(stamp),
            sop_instance_uid: self.sop_instance_uid.clone(),
            instance_number: self.instance_number,
            common: Arc::clone(&pattern.common),
            dimension_names: Arc::clone(&pattern.dimension_names),
            mosaic: None,
            pixels: Some(Pixels {
                format: pixels.format.clone(),
                element: PixelElement {
                    offset: self.pixel_offset,
                    ..pixels.element.clone()
                },
                big_endian: pixels.big_endian,
                extended_offsets: pixels.extended_offsets.clone(),
                frame_places: OnceLock::new(),
            }),
            pixel_problem: None,
            frames: Frames::One(Frame {
                position: self.position,
                space: frame.space,
                lie: Arc::clone(&frame.lie),
                slice_location_mm: self.slice_location_mm,
                values: Arc::clone(&frame.values),
                keys: Arc::clone(&frame.keys),
            }),
            palette: pattern.palette.clone(),
            facts: Arc::clone(&pattern.facts),
            problems: pattern.problems.clone(),
        })
    }

    pub(crate) fn changed(&self) -> &RootSet {
        &self.changed
    }

    /// Writes them by what differs from those written before.
    pub(crate) fn write(&self, out: &mut Vec<u8>, last: &Self) {
        let is_changed_alike = self.changed == last.changed;
        let flags = [
            self.instance_number.is_some(),
            self.position.is_some(),
            self.slice_location_mm.is_some(),
            is_changed_alike,
        ];
        let bits = flags.iter().zip(FLAGS).filter(|(is_set, _)| **is_set);
        out.push(bits.map(|(_, bit)| bit).sum::<u8>());
        let (uid, last_uid) = (
            self.sop_instance_uid.as_bytes(),
            last.sop_instance_uid.as_bytes(),
        );
        let n_shared = uid.iter().zip(last_uid).take_while(|(a, b)| a == b).count();
        put_number(out, n_shared as u64);
        put_bytes(out, uid.get(n_shared..).unwrap_or_default());
        out.extend(self.instance_number.iter().flat_map(|n| n.to_le_bytes()));
        let position = self.position.map(<[f64; 3]>::from).into_iter().flatten();
        let measures = position.chain(self.slice_location_mm);
        out.extend(measures.flat_map(f64::to_le_bytes));
        put_number(out, self.pixel_offset);
        if !is_changed_alike {
            let places: Vec<u64> = self.changed.places().map(|place| place as u64).collect();
            put_number(out, places.len() as u64);
            places.iter().for_each(|place| put_number(out, *place));
        }
    }

    /// Turns those read before into the next.
    pub(crate) fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Broken> {
        let flags = reader.byte()?;
        if flags & !FLAGS.iter().sum::<u8>() != 0 {
            return Err(Broken);
        }
        let [has_number, has_position, has_location, is_changed_alike] =
            FLAGS.map(|bit| flags & bit != 0);
        let n_shared = usize::try_from(reader.number()?).map_err(|_| Broken)?;
        let mut uid = std::mem::take(&mut self.sop_instance_uid).into_bytes();
        if uid.len() < n_shared {
            return Err(Broken);
        }
        uid.truncate(n_shared);
        uid.extend_from_slice(reader.bytes()?);
        self.sop_instance_uid = String::from_utf8(uid).map_err(|_| Broken)?;
        self.instance_number = match has_number {
            true => Some(i64::from_le_bytes(reader.array()?)),
            false => None,
        };
        let mut measure = || -> Result<f64, Broken> { Ok(f64::from_le_bytes(reader.array()?)) };
        self.position = match has_position {
            true => Some(PatientPoint::new(measure()?, measure()?, measure()?)),
            false => None,
        };
        self.slice_location_mm = match has_location {
            true => Some(measure()?),
            false => None,
        };
        self.pixel_offset = reader.number()?;
        if !is_changed_alike {
            self.changed = RootSet::default();
            for _ in 0..reader.number()? {
                let place = usize::try_from(reader.number()?).map_err(|_| Broken)?;
                self.changed.insert(place);
            }
        }
        Ok(())
    }
}

/// Which of the values there are, and whether the changed elements are those of the slice before.
const FLAGS: [u8; 4] = [1, 2, 4, 8];

/// Are the pixels written alike, wherever they lie?
fn are_alike(mine: &Pixels, theirs: &Pixels) -> bool {
    let Pixels {
        format,
        element,
        big_endian,
        extended_offsets,
        frame_places: _,
    } = mine;
    *format == theirs.format
        && *big_endian == theirs.big_endian
        && *extended_offsets == theirs.extended_offsets
        && *element
            == PixelElement {
                offset: element.offset,
                ..theirs.element.clone()
            }
}

/// Are both frames alike, wherever they lie?
fn lie_alike(mine: &Frame, theirs: &Frame) -> bool {
    let Frame {
        position: _,
        space,
        lie,
        slice_location_mm: _,
        values,
        keys,
    } = mine;
    *space == theirs.space
        && Arc::ptr_eq(lie, &theirs.lie)
        && Arc::ptr_eq(values, &theirs.values)
        && Arc::ptr_eq(keys, &theirs.keys)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn row(
        uid: &str,
        number: Option<i64>,
        position: Option<[f64; 3]>,
        changed: &[usize],
    ) -> OwnValues {
        let mut set = RootSet::default();
        changed.iter().for_each(|place| set.insert(*place));
        OwnValues {
            sop_instance_uid: uid.to_owned(),
            instance_number: number,
            position: position.map(PatientPoint::from),
            slice_location_mm: position.map(|p| p[2]).filter(|z| *z != 0.0),
            pixel_offset: uid.len() as u64 * 1000,
            changed: set,
        }
    }

    #[test]
    fn values_come_back_to_the_bit_and_cut_ones_are_broken() {
        let rows = [
            row("", None, None, &[]),
            row(
                "1.2.3",
                Some(1),
                Some([0.1, -0.0, f64::MIN_POSITIVE]),
                &[3, 64, 511],
            ),
            row(
                "1.2.4",
                Some(i64::MIN),
                Some([1e300, 2.0, 0.0]),
                &[3, 64, 511],
            ),
            row("1.\u{fffd}", None, Some([1.0, 2.0, 3.0]), &[0]),
            row("1.\u{fffc}x", Some(-1), None, &[0, 700]),
            row("1.\u{fffc}", Some(7), None, &[700]),
        ];
        let mut out = Vec::new();
        let mut last = OwnValues::default();
        let mut ends = Vec::new();
        for row in &rows {
            row.write(&mut out, &last);
            last = row.clone();
            ends.push(out.len());
        }
        for len in 0..=out.len() {
            let mut reader = Reader::new(&out[..len]);
            let mut values = OwnValues::default();
            let n_whole = ends.iter().filter(|end| **end <= len).count();
            for row in &rows[..n_whole] {
                values.read(&mut reader).unwrap();
                assert_eq!(format!("{values:?}"), format!("{row:?}"));
            }
            if !ends.contains(&len) && n_whole < rows.len() {
                assert_eq!(values.read(&mut reader), Err(Broken), "cut at {len}");
            }
        }
        assert_eq!(
            OwnValues::default().read(&mut Reader::new(&[16; 99])),
            Err(Broken)
        );
    }
}

use volume::SliceVoxels;

use crate::dataset::Node;
use crate::tags;
use crate::value_mapping::{Signedness, raw_table};

/// The colours of a PALETTE COLOR image (PS3.3 C.7.9): stored values are indices into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Palette {
    first_value: i64,
    colours: Vec<[u8; 3]>,
}

impl Palette {
    /// The colour of an index; those beyond the ends have the end's colour.
    pub fn colour(&self, index: i64) -> [u8; 3] {
        let last = self.colours.len() as i64 - 1;
        let at = (index - self.first_value).clamp(0, last.max(0)) as usize;
        self.colours.get(at).copied().unwrap_or_default()
    }

    /// The colours of a slice of indices; `None` for anything that holds no indices.
    pub fn to_rgb(&self, indices: &SliceVoxels) -> Option<SliceVoxels> {
        let colours = match indices {
            SliceVoxels::U8(v) => v.iter().map(|i| self.colour(i64::from(*i))).collect(),
            SliceVoxels::I8(v) => v.iter().map(|i| self.colour(i64::from(*i))).collect(),
            SliceVoxels::U16(v) => v.iter().map(|i| self.colour(i64::from(*i))).collect(),
            SliceVoxels::I16(v) => v.iter().map(|i| self.colour(i64::from(*i))).collect(),
            SliceVoxels::U32(_)
            | SliceVoxels::I32(_)
            | SliceVoxels::F32(_)
            | SliceVoxels::F64(_)
            | SliceVoxels::Rgb8(_)
            | SliceVoxels::Rgb16(_) => return None,
        };
        Some(SliceVoxels::Rgb8(colours))
    }

    /// Reads the three tables, plain or segmented; `None` when one is missing or contradicts its descriptor.
    pub(crate) fn read(root: Node<'_>, signedness: Signedness) -> Option<Self> {
        let channel = |i: u32| {
            let descriptor = root.u16s(tags::RED_PALETTE_DESCRIPTOR + i)?;
            let plain = tags::RED_PALETTE_DATA + i;
            let data = match root.u16s(plain) {
                Some(data) => data,
                None => segmented(root, tags::SEGMENTED_RED_PALETTE_DATA + i, &descriptor)?,
            };
            raw_table(&descriptor, &data, signedness)
        };
        let channels = [channel(0)?, channel(1)?, channel(2)?];
        let [red, green, blue] = &channels;
        if red.entries.len() != green.entries.len() || red.entries.len() != blue.entries.len() {
            return None;
        }
        // 16-bit entries use the upper byte on an 8-bit display; some writers put 8-bit values in 16-bit tables. What is
        // true of one channel is true of all: a dark one alone must not be taken for an 8-bit one.
        let is_wide = channels
            .iter()
            .any(|t| 8 < t.bits && t.entries.iter().any(|e| 0xFF < *e));
        // The casts keep the byte that is meant.
        let level = |e: u16| if is_wide { (e >> 8) as u8 } else { e as u8 };
        let entries = red.entries.iter().zip(&green.entries).zip(&blue.entries);
        let colours = entries
            .map(|((r, g), b)| [level(*r), level(*g), level(*b)])
            .collect();
        Some(Self {
            first_value: red.first_value,
            colours,
        })
    }

    /// The first stored value that has a colour of its own.
    pub(crate) fn first_value(&self) -> i64 {
        self.first_value
    }

    /// Its colours, from that value on.
    pub(crate) fn into_colours(self) -> Vec<[u8; 3]> {
        self.colours
    }
}

/// Expands a segmented table. Segments are of 8 bits where the entries are (PS3.3 C.7.9.2).
fn segmented(root: Node<'_>, tag: u32, descriptor: &[u16]) -> Option<Vec<u16>> {
    let &[n, _, bits] = descriptor else {
        return None;
    };
    let n = if n == 0 { 65_536 } else { usize::from(n) };
    let words = root.u16s(tag)?;
    if bits <= 8 {
        let bytes: Vec<u16> = if root.is_big_endian() {
            words.iter().flat_map(|w| [w >> 8, w & 0xFF]).collect()
        } else {
            words.iter().flat_map(|w| [w & 0xFF, w >> 8]).collect()
        };
        let expanded = expand_segments(&bytes, n, SegmentWidth::Bytes);
        if expanded.is_some() {
            return expanded;
        }
        // Some writers keep segments of 16 bits for entries of 8.
    }
    expand_segments(&words, n, SegmentWidth::Words)
        .or_else(|| expand_segments(&words, n, SegmentWidth::WordsCountedInWords))
}

/// How wide the numbers of segmented data are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SegmentWidth {
    Bytes,
    Words,
    /// The same, from a writer that counts the offset of an indirect segment in words, where the standard counts bytes.
    WordsCountedInWords,
}

/// Expands discrete, linear and indirect segments (PS3.3 C.7.9.2); `None` when they do not give `n` entries.
fn expand_segments(data: &[u16], n: usize, width: SegmentWidth) -> Option<Vec<u16>> {
    let mut entries: Vec<u16> = Vec::with_capacity(n);
    let mut at = 0;
    while entries.len() < n {
        let &[code, count] = data.get(at..at + 2)? else {
            return None;
        };
        at += if code == 2 {
            let n_words = if width == SegmentWidth::Bytes { 4 } else { 2 };
            let offset = data.get(at + 2..at + 2 + n_words)?.iter().rev();
            // The least significant part comes first.
            let shift = 32 / n_words as u32;
            let offset = offset.fold(0_u32, |sum, part| sum << shift | u32::from(*part));
            let first = match width {
                SegmentWidth::Words if !offset.is_multiple_of(2) => return None,
                SegmentWidth::Words => offset / 2,
                SegmentWidth::Bytes | SegmentWidth::WordsCountedInWords => offset,
            };
            expand_copied(data, first, usize::from(count), &mut entries)?;
            2 + n_words
        } else {
            2 + expand_segment(data, at, &mut entries)?
        };
        if n < entries.len() {
            return None;
        }
    }
    Some(entries)
}

/// Expands one discrete or linear segment; gives the number of words behind code and length.
fn expand_segment(data: &[u16], at: usize, entries: &mut Vec<u16>) -> Option<usize> {
    let count = usize::from(*data.get(at + 1)?);
    match data.get(at)? {
        0 => {
            entries.extend(data.get(at + 2..at + 2 + count)?);
            Some(count)
        }
        1 => {
            if count == 0 {
                return None;
            }
            let from = i64::from(*entries.last()?);
            let to = i64::from(*data.get(at + 2)?);
            let steps = count as i64;
            // Between two values of 16 bits, rounded to the nearest: the cast loses nothing.
            let value = |k: i64| from + (2 * (to - from) * k + steps).div_euclid(2 * steps);
            entries.extend((1..=steps).map(|k| value(k) as u16));
            Some(1)
        }
        _ => None,
    }
}

/// Repeats segments that lie at an offset; nesting of such references is not allowed.
fn expand_copied(
    data: &[u16],
    offset: u32,
    n_segments: usize,
    entries: &mut Vec<u16>,
) -> Option<()> {
    let mut at = offset as usize;
    for _ in 0..n_segments {
        at += 2 + expand_segment(data, at, entries)?;
        if 65_536 < entries.len() {
            return None;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    use SegmentWidth::{Bytes, Words, WordsCountedInWords};

    #[test]
    fn segments_expand_to_the_standards_ramp() {
        // Discrete 0, then a line to 4 in four steps; then the discrete 0 once more, or the line, by reference.
        let ramp = [0, 1, 0, 1, 4, 4];
        let and = |more: &[u16]| [&ramp, more].concat();
        let rows: &[(Vec<u16>, SegmentWidth, &[u16])] = &[
            (and(&[]), Words, &[0, 1, 2, 3, 4]),
            (and(&[2, 1, 0, 0]), Words, &[0, 1, 2, 3, 4, 0]),
            (and(&[2, 1, 6, 0]), Words, &[0, 1, 2, 3, 4, 4, 4, 4, 4]),
            (and(&[2, 2, 0, 0]), Words, &[0, 1, 2, 3, 4, 0, 1, 2, 3, 4]),
            (
                and(&[2, 1, 3, 0]),
                WordsCountedInWords,
                &[0, 1, 2, 3, 4, 4, 4, 4, 4],
            ),
            (
                and(&[2, 1, 3, 0, 0, 0]),
                Bytes,
                &[0, 1, 2, 3, 4, 4, 4, 4, 4],
            ),
            (vec![0, 1, 10, 1, 4, 0], Bytes, &[10, 8, 5, 3, 0]),
        ];
        for (data, width, want) in rows {
            let got = expand_segments(data, want.len(), *width);
            assert_eq!(got.as_deref(), Some(*want), "{data:?} {width:?}");
        }
    }

    #[test]
    fn broken_segments_are_refused() {
        for data in [
            &[0u16, 9, 1][..],
            &[1, 4, 4],
            &[7, 1, 1],
            &[2, 1, 200, 0],
            &[0, 1, 0, 1, 0, 4],
            &[0, 1, 0, 2, 1, 3, 0],
            &[0, 1, 0, 2, 1, 12, 0, 2, 1, 6, 0],
            &[],
        ] {
            assert_eq!(expand_segments(data, 5, Words), None, "{data:?}");
        }
    }
}

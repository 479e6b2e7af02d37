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
        let channel = |descriptor_tag, data_tag: u32| {
            let descriptor = root.u16s(descriptor_tag)?;
            // The segmented tags lie 32 above the plain ones.
            let table = match root.u16s(data_tag) {
                Some(data) => raw_table(&descriptor, &data, signedness)?,
                None => {
                    let &[n, _, bits] = descriptor.as_slice() else {
                        return None;
                    };
                    let n = if n == 0 { 65_536 } else { usize::from(n) };
                    let segmented = root.u16s(data_tag + 0x20)?;
                    let words = if bits == 8 && segmented.len() < n / 512 {
                        bytes_of(&segmented)
                    } else {
                        segmented
                    };
                    let data = expand_segments(&words, n)?;
                    raw_table(&descriptor, &data, signedness)?
                }
            };
            // 16-bit entries use the upper byte on an 8-bit display; some writers put 8-bit values in 16-bit tables.
            let is_wide = 8 < table.bits && table.entries.iter().any(|e| 0xFF < *e);
            let bytes: Vec<u8> = table
                .entries
                .iter()
                .map(|e| {
                    if is_wide {
                        (e >> 8) as u8
                    } else {
                        (e & 0xFF) as u8
                    }
                })
                .collect();
            Some((table.first_value, bytes))
        };
        let (first_value, red) = channel(tags::RED_PALETTE_DESCRIPTOR, tags::RED_PALETTE_DATA)?;
        let (_, green) = channel(tags::GREEN_PALETTE_DESCRIPTOR, tags::GREEN_PALETTE_DATA)?;
        let (_, blue) = channel(tags::BLUE_PALETTE_DESCRIPTOR, tags::BLUE_PALETTE_DATA)?;
        if red.len() != green.len() || red.len() != blue.len() {
            return None;
        }
        let colours = red
            .into_iter()
            .zip(green)
            .zip(blue)
            .map(|((r, g), b)| [r, g, b])
            .collect();
        Some(Self {
            first_value,
            colours,
        })
    }
}

fn bytes_of(words: &[u16]) -> Vec<u16> {
    words.iter().flat_map(|w| [w & 0xFF, w >> 8]).collect()
}

/// Expands discrete, linear and indirect segments (PS3.3 C.7.9.2); `None` when they do not give `n` entries.
fn expand_segments(data: &[u16], n: usize) -> Option<Vec<u16>> {
    let mut entries: Vec<u16> = Vec::with_capacity(n);
    let mut at = 0;
    while entries.len() < n {
        let &[code, count] = data.get(at..at + 2)? else {
            return None;
        };
        at += match code {
            2 => {
                let copied = usize::from(count);
                let &[low, high] = data.get(at + 2..at + 4)? else {
                    return None;
                };
                expand_copied(
                    data,
                    u32::from(low) | u32::from(high) << 16,
                    copied,
                    &mut entries,
                )?;
                4
            }
            _ => 2 + expand_segment(data, at, &mut entries)?,
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
            let from = i64::from(*entries.last()?);
            let to = i64::from(*data.get(at + 2)?);
            let steps = count as i64;
            entries
                .extend((1..=steps).map(|k| (from + ((to - from) * k + steps / 2) / steps) as u16));
            Some(1)
        }
        _ => None,
    }
}

/// Repeats segments that lie at an offset of words; nesting of such references is not allowed.
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

    #[test]
    fn segments_expand_to_the_standards_ramp() {
        // Discrete 0, then a line to 4 in four steps, then the line once more by reference.
        assert_eq!(
            expand_segments(&[0, 1, 0, 1, 4, 4], 5),
            Some(vec![0, 1, 2, 3, 4])
        );
        assert_eq!(
            expand_segments(&[0, 1, 0, 1, 4, 4, 2, 1, 0, 0], 6),
            Some(vec![0, 1, 2, 3, 4, 0])
        );
    }

    #[test]
    fn broken_segments_are_refused() {
        for data in [
            &[0u16, 9, 1][..],
            &[1, 4, 4],
            &[7, 1, 1],
            &[2, 1, 200, 0],
            &[],
        ] {
            assert_eq!(expand_segments(data, 5), None, "{data:?}");
        }
    }
}

use crate::dataset::ITEM;
use crate::element_header::item_header;
use crate::limits;
use crate::refusal::Refusal;
use crate::source::Content;

/// The fragments of encapsulated pixels (PS3.5 A.4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FragmentTable {
    /// Place and length of each fragment, the offset table left out.
    pub(crate) fragments: Vec<(u64, u64)>,
    /// Offsets of the frames' first fragments, from the first byte behind the offset table. Empty: not given.
    pub(crate) frame_offsets: Vec<u64>,
    /// Did the content end before the delimiter, or a fragment claim more than is left?
    pub(crate) is_cut: bool,
}

impl FragmentTable {
    /// Reads the headers of all fragments, not their bytes.
    ///
    /// A fragment that claims more than is left ends the table; it is not part of it.
    pub(crate) fn read(content: &Content, offset: u64, big_endian: bool) -> Result<Self, Refusal> {
        let mut table = Self::default();
        let mut at = offset;
        let mut is_first = true;
        loop {
            let mut header = [0; 8];
            if content.len().saturating_sub(at) < 8 {
                table.is_cut = true;
                return Ok(table);
            }
            content.read_exact_at(at, &mut header)?;
            let (tag, len) = item_header(&header, big_endian);
            at += 8;
            if tag != ITEM {
                // Anything but the delimiter means that the lengths before it lied.
                table.is_cut = tag != 0xFFFE_E0DD;
                return Ok(table);
            }
            let len = u64::from(len);
            if content.len() - at < len {
                table.is_cut = true;
                return Ok(table);
            }
            if is_first {
                table.frame_offsets = read_offsets(content, at, len)?;
                is_first = false;
            } else {
                table.fragments.push((at, len));
            }
            if 8 * limits::MAX_FRAMES as usize <= table.fragments.len() {
                return Err(Refusal::TooMany {
                    limit: 8 * limits::MAX_FRAMES as usize,
                });
            }
            at += len;
        }
    }

    /// The fragments of one frame; `None` when it cannot be told which they are.
    ///
    /// `starts_frame` says whether a fragment begins a code stream; it is asked only where neither the counts nor the
    /// offset table tell.
    pub(crate) fn of_frame(
        &self,
        frame_idx: usize,
        n_frames: usize,
        starts_frame: &dyn Fn((u64, u64)) -> bool,
    ) -> Option<Vec<(u64, u64)>> {
        if n_frames == 1 {
            return (!self.fragments.is_empty()).then(|| self.fragments.clone());
        }
        if self.fragments.len() == n_frames {
            return self.fragments.get(frame_idx).map(|f| vec![*f]);
        }
        if self.frame_offsets.len() == n_frames && self.offsets_are_right() {
            let base = self.fragments.first()?.0 - 8;
            let from = base + self.frame_offsets.get(frame_idx)?;
            let to = self
                .frame_offsets
                .get(frame_idx + 1)
                .map_or(u64::MAX, |o| base + o);
            let range = |f: &&(u64, u64)| from <= f.0 - 8 && f.0 - 8 < to;
            return Some(self.fragments.iter().filter(range).copied().collect());
        }
        let starts: Vec<usize> = (0..self.fragments.len())
            .filter(|i| self.fragments.get(*i).is_some_and(|f| starts_frame(*f)))
            .collect();
        let from = *starts.get(frame_idx)?;
        let to = starts
            .get(frame_idx + 1)
            .copied()
            .unwrap_or(self.fragments.len());
        self.fragments.get(from..to).map(<[_]>::to_vec)
    }

    /// Does every offset hit the header of a fragment, in ascending order?
    fn offsets_are_right(&self) -> bool {
        let Some(base) = self.fragments.first().map(|f| f.0 - 8) else {
            return false;
        };
        self.frame_offsets.is_sorted_by(|a, b| a < b)
            && self.frame_offsets.iter().all(|o| {
                base.checked_add(o + 8)
                    .is_some_and(|at| self.fragments.binary_search_by_key(&at, |f| f.0).is_ok())
            })
    }
}

fn read_offsets(content: &Content, at: u64, len: u64) -> Result<Vec<u64>, Refusal> {
    if 4 * u64::from(limits::MAX_FRAMES) < len {
        return Ok(Vec::new());
    }
    let bytes = content.read_range(at, len as usize)?;
    let offset = |b: &[u8]| {
        b.try_into()
            .map(|b| u64::from(u32::from_le_bytes(b)))
            .unwrap_or(0)
    };
    Ok(bytes.chunks_exact(4).map(offset).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn encapsulated(table: &[u32], fragments: &[&[u8]]) -> Vec<u8> {
        let item = |bytes: &[u8]| {
            let mut item = vec![0xFE, 0xFF, 0x00, 0xE0];
            item.extend((bytes.len() as u32).to_le_bytes());
            item.extend(bytes);
            item
        };
        let table: Vec<u8> = table.iter().flat_map(|o| o.to_le_bytes()).collect();
        let mut all = item(&table);
        fragments.iter().for_each(|f| all.extend(item(f)));
        all.extend([0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]);
        all
    }

    fn frames(table: &[u32], fragments: &[&[u8]], n_frames: usize) -> Vec<Option<Vec<u8>>> {
        let content = Content::Memory(encapsulated(table, fragments));
        let read = FragmentTable::read(&content, 0, false).unwrap();
        let starts = |(at, _): (u64, u64)| content.read_range(at, 1).unwrap() == [0xFF];
        (0..n_frames)
            .map(|frame| {
                let found = read.of_frame(frame, n_frames, &starts)?;
                Some(
                    found
                        .iter()
                        .flat_map(|(at, len)| content.read_range(*at, *len as usize).unwrap())
                        .collect(),
                )
            })
            .collect()
    }

    #[test]
    fn a_frame_is_found_by_count_by_table_or_by_start_of_stream() {
        let split: [&[u8]; 3] = [&[0xFF, 1], &[2, 3], &[0xFF, 4]];
        let joined = vec![Some(vec![0xFF, 1, 2, 3]), Some(vec![0xFF, 4])];
        assert_eq!(
            frames(&[], &[&[1, 1], &[2, 2]], 2),
            [Some(vec![1, 1]), Some(vec![2, 2])]
        );
        assert_eq!(frames(&[0, 20], &split, 2), joined, "by table");
        assert_eq!(frames(&[], &split, 2), joined, "by start");
        assert_eq!(
            frames(&[0, 9999], &split, 2),
            joined,
            "a table that lies is not believed"
        );
        assert_eq!(frames(&[], &split, 1), [Some(vec![0xFF, 1, 2, 3, 0xFF, 4])]);
        assert_eq!(frames(&[], &split, 4)[2], None, "a frame that is not there");
    }

    #[test]
    fn a_fragment_beyond_the_end_is_cut_off() {
        let mut bytes = encapsulated(&[], &[&[1, 2], &[3, 4]]);
        bytes.truncate(bytes.len() - 9);
        let read = FragmentTable::read(&Content::Memory(bytes), 0, false).unwrap();
        assert_eq!((read.fragments.len(), read.is_cut), (1, true));
    }
}

use std::sync::OnceLock;

use crate::dataset::ITEM;
use crate::decode_error::DecodeError;
use crate::element_header::item_header;
use crate::fragments::{End, FragmentTable};
use crate::source::Content;

/// Where a fragment's bytes are: place and length.
pub(crate) type Fragment = (u64, u64);

/// Most fragments of one frame that a table of offsets may name before the whole is walked instead.
const MAX_FRAGMENTS_BY_TABLE: usize = 4096;

/// Which fragments make a frame of encapsulated pixels (PS3.5 A.4), found out as late and as seldom as can be.
///
/// A table of offsets leads straight to a frame, so that the first of ten thousand is there without a look at the others.
/// Each step by table is checked against the headers it meets. Where there is no table, or it lies about a frame, all
/// headers are walked through, one time for all frames.
#[derive(Debug)]
pub(crate) struct FramePlaces {
    /// Place of the first fragment's header.
    base: u64,
    offset: u64,
    big_endian: bool,
    n_frames: usize,
    /// Offsets of the frames from `base`, ascending; empty when no table can be used.
    offsets: Vec<u64>,
    table: Table,
    walked: OnceLock<Result<Walked, DecodeError>>,
}

/// What a walk through all fragments gave.
#[derive(Debug)]
struct Walked {
    fragments: Vec<Fragment>,
    /// Index of the first fragment of each frame that was found, and the end behind the last.
    starts: Vec<usize>,
    odd: Option<FrameOddity>,
    end: End,
}

/// What can be said of the tables of offsets before any frame is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Table {
    Absent,
    Plausible,
    Wrong,
}

/// What is odd about the way in which frames lie in their fragments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameOddity {
    /// The table of offsets is wrong; frames were told apart without it.
    TableWrong,
    /// No table, and several fragments a frame: each frame begins where a code stream does.
    ByStart,
    /// As `ByStart`, and there are more or fewer streams than the object says.
    OtherNumber,
    /// The sequence of fragments ends without its delimiter.
    NoDelimiter,
}

impl FramePlaces {
    /// Reads the basic table and takes the extended one (PS3.3 C.7.6.3.1.8), which counts for more where it is given.
    pub(crate) fn read(
        content: &Content,
        (offset, big_endian): (u64, bool),
        n_frames: usize,
        extended: Option<&[u64]>,
    ) -> Result<Self, DecodeError> {
        let (base, basic) = FragmentTable::read_offsets(content, offset, big_endian)?;
        let usable = |offsets: &[u64]| {
            offsets.len() == n_frames
                && offsets.first() == Some(&0)
                && offsets.is_sorted_by(|a, b| a < b)
                && offsets
                    .last()
                    .is_some_and(|last| base.checked_add(*last).is_some())
        };
        let lies_within = |offsets: &[u64]| {
            let last = offsets.last().and_then(|last| base.checked_add(*last));
            last.is_some_and(|at| at < content.len())
        };
        let extended = extended.unwrap_or_default();
        // A single frame needs no table, and an offset of nought says nothing wrong about it.
        let (table, offsets) = if n_frames == 1 || (extended.is_empty() && basic.is_empty()) {
            (Table::Absent, Vec::new())
        } else if usable(extended) && (lies_within(extended) || !usable(&basic)) {
            (Table::Plausible, extended.to_vec())
        } else if usable(&basic) {
            (Table::Plausible, basic)
        } else {
            (Table::Wrong, Vec::new())
        };
        Ok(Self {
            base,
            offset,
            big_endian,
            n_frames,
            offsets,
            table,
            walked: OnceLock::new(),
        })
    }

    /// The fragments of a frame, and what was odd on the way.
    pub(crate) fn of_frame(
        &self,
        content: &Content,
        frame_idx: usize,
    ) -> Result<(Vec<Fragment>, Vec<FrameOddity>), DecodeError> {
        if self.table == Table::Plausible
            && let Some(fragments) = self.by_table(content, frame_idx)?
        {
            return Ok((fragments, Vec::new()));
        }
        let walked = self
            .walked
            .get_or_init(|| Walked::read(content, (self.offset, self.big_endian), self.n_frames));
        let walked = walked.as_ref().map_err(Clone::clone)?;
        let mut odd = Vec::new();
        if self.table != Table::Absent {
            odd.push(FrameOddity::TableWrong);
        }
        odd.extend(walked.odd);
        let is_last = frame_idx + 1 == self.n_frames;
        match walked.end {
            // The frame that the cut went through cannot be whole; nothing half decoded is shown.
            End::BeyondContent if is_last => return Err(DecodeError::FrameMissing),
            End::NoDelimiter => odd.push(FrameOddity::NoDelimiter),
            End::BeyondContent | End::Delimited => {}
        }
        Ok((walked.of_frame(frame_idx)?, odd))
    }

    /// Walks from a frame's offset to the next one's; `None` when the headers on the way disagree with the table.
    fn by_table(
        &self,
        content: &Content,
        frame_idx: usize,
    ) -> Result<Option<Vec<Fragment>>, DecodeError> {
        let Some(from) = self.offsets.get(frame_idx) else {
            return Err(DecodeError::FrameMissing);
        };
        let next = self.offsets.get(frame_idx + 1).map(|o| self.base + o);
        let mut at = self.base + from;
        let mut fragments = Vec::new();
        while fragments.len() < MAX_FRAGMENTS_BY_TABLE {
            if next == Some(at) {
                break;
            }
            let mut header = [0; 8];
            if content.len().saturating_sub(at) < 8 {
                // Where nothing follows the last frame its delimiter is missing: the walk finds out.
                return Ok(None);
            }
            content.read_exact_at(at, &mut header)?;
            let (tag, len) = item_header(&header, self.big_endian);
            if next.is_none() && tag == SEQUENCE_END {
                break;
            }
            let (body, len) = (at + 8, u64::from(len));
            let end = body.saturating_add(len);
            if tag != ITEM || content.len() < end || next.is_some_and(|next| next < end) {
                return Ok(None);
            }
            if 0 < len {
                fragments.push((body, len));
            }
            at = end;
        }
        Ok((!fragments.is_empty()).then_some(fragments))
    }
}

const SEQUENCE_END: u32 = 0xFFFE_E0DD;

impl Walked {
    fn read(
        content: &Content,
        (offset, big_endian): (u64, bool),
        n_frames: usize,
    ) -> Result<Self, DecodeError> {
        let table = FragmentTable::read(content, offset, big_endian)?;
        let end = table.end;
        let mut fragments = table.fragments;
        fragments.retain(|(_, len)| 0 < *len);
        let (starts, odd) = if fragments.is_empty() {
            return Err(DecodeError::FrameMissing);
        } else if n_frames == 1 {
            (vec![0, fragments.len()], None)
        } else if fragments.len() == n_frames {
            ((0..=n_frames).collect(), None)
        } else {
            let mut starts = Vec::new();
            for (fragment_idx, (at, len)) in fragments.iter().enumerate() {
                let mut head = [0; 12];
                let head = match head.get_mut(..(*len).min(12) as usize) {
                    Some(head) => head,
                    None => continue,
                };
                content.read_exact_at(*at, head)?;
                if begins_stream(head) {
                    starts.push(fragment_idx);
                }
            }
            let n_streams = starts.len();
            starts.push(fragments.len());
            let odd = if n_streams == n_frames {
                FrameOddity::ByStart
            } else {
                FrameOddity::OtherNumber
            };
            if n_streams == 0 {
                return Err(DecodeError::FramesInseparable {
                    n_fragments: fragments.len(),
                    n_frames,
                });
            }
            (starts, Some(odd))
        };
        Ok(Self {
            fragments,
            starts,
            odd,
            end,
        })
    }

    fn of_frame(&self, frame_idx: usize) -> Result<Vec<Fragment>, DecodeError> {
        let from = self.starts.get(frame_idx);
        let to = self.starts.get(frame_idx + 1);
        let fragments = from
            .zip(to)
            .and_then(|(from, to)| self.fragments.get(*from..*to));
        match fragments {
            Some(fragments) => Ok(fragments.to_vec()),
            None => Err(DecodeError::FrameMissing),
        }
    }
}

/// Does a compressed picture begin with these bytes? JPEG and JPEG-LS, JPEG 2000 with and without its file format, JPEG XL
/// with and without.
fn begins_stream(head: &[u8]) -> bool {
    matches!(
        head,
        [0xFF, 0xD8, 0xFF, ..]
            | [0xFF, 0x4F, 0xFF, 0x51, ..]
            | [0xFF, 0x0A, ..]
            | [0, 0, 0, 12, b'j', b'P', b' ', b' ', ..]
            | [0, 0, 0, 12, b'J', b'X', b'L', b' ', ..]
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// The bytes of a frame, and what was odd about finding it.
    type Found = (Vec<u8>, Vec<FrameOddity>);
    /// Name, fragments, offsets, and the oddities to be told.
    type Row<'a> = (&'a str, Vec<u8>, Option<&'a [u64]>, &'a [FrameOddity]);

    const SOI: [u8; 4] = [0xFF, 0xD8, 0xFF, 0xE0];

    fn item(bytes: &[u8]) -> Vec<u8> {
        let mut item = vec![0xFE, 0xFF, 0x00, 0xE0];
        item.extend((bytes.len() as u32).to_le_bytes());
        item.extend(bytes);
        item
    }

    fn encapsulated(table: &[u32], fragments: &[&[u8]]) -> Vec<u8> {
        let table: Vec<u8> = table.iter().flat_map(|o| o.to_le_bytes()).collect();
        let mut all = item(&table);
        fragments.iter().for_each(|f| all.extend(item(f)));
        all.extend([0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]);
        all
    }

    /// First bytes behind the start of stream of each fragment of each frame, with what was odd.
    fn frames(
        bytes: Vec<u8>,
        extended: Option<&[u64]>,
        n_frames: usize,
    ) -> Vec<Result<Found, DecodeError>> {
        let content = Content::Memory(bytes);
        let places = FramePlaces::read(&content, (0, false), n_frames, extended).unwrap();
        let names = |found: Vec<Fragment>| -> Vec<u8> {
            let last = |(at, len): &Fragment| content.read_range(at + len - 1, 1).unwrap()[0];
            found.iter().map(last).collect()
        };
        (0..n_frames)
            .map(|k| {
                let (fragments, odd) = places.of_frame(&content, k)?;
                Ok((names(fragments), odd))
            })
            .collect()
    }

    fn start(name: u8) -> Vec<u8> {
        [&SOI[..], &[name, name]].concat()
    }

    #[test]
    fn a_frame_is_found_by_table_by_count_or_by_start_of_stream() {
        let (a, c) = (start(1), start(3));
        let split: [&[u8]; 3] = [&a, &[2, 2], &c];
        let sure = |parts: &[&[u8]], odd: &[FrameOddity]| -> Vec<_> {
            parts
                .iter()
                .map(|p| Ok((p.to_vec(), odd.to_vec())))
                .collect()
        };
        let two: [&[u8]; 2] = [&[1, 2], &[3]];
        // The table's offsets count from the first fragment's header: 8 + 6 bytes, then 8 + 2.
        let rows: [Row; 8] = [
            ("basic table", encapsulated(&[0, 24], &split), None, &[]),
            (
                "extended table",
                encapsulated(&[], &split),
                Some(&[0, 24]),
                &[],
            ),
            (
                "by start",
                encapsulated(&[], &split),
                None,
                &[FrameOddity::ByStart],
            ),
            (
                "offset beyond the end",
                encapsulated(&[0, 9999], &split),
                None,
                &[FrameOddity::TableWrong, FrameOddity::ByStart],
            ),
            (
                "offset between headers",
                encapsulated(&[0, 20], &split),
                None,
                &[FrameOddity::TableWrong, FrameOddity::ByStart],
            ),
            (
                "table of another number",
                encapsulated(&[0], &split),
                None,
                &[FrameOddity::TableWrong, FrameOddity::ByStart],
            ),
            (
                "extended table wrong, basic right",
                encapsulated(&[0, 24], &split),
                Some(&[0, 1 << 40]),
                &[],
            ),
            (
                "descending",
                encapsulated(&[24, 0], &split),
                None,
                &[FrameOddity::TableWrong, FrameOddity::ByStart],
            ),
        ];
        for (name, bytes, extended, odd) in rows {
            assert_eq!(frames(bytes, extended, 2), sure(&two, odd), "{name}");
        }
        let empty: [&[u8]; 4] = [&[], &[1, 1], &[], &[2, 2]];
        assert_eq!(
            frames(encapsulated(&[], &empty), None, 2),
            sure(&[&[1], &[2]], &[]),
            "empty fragments are none"
        );
        assert_eq!(
            frames(encapsulated(&[0], &split), None, 1),
            sure(&[&[1, 2, 3]], &[]),
            "all fragments of one frame"
        );
    }

    #[test]
    fn frames_that_cannot_be_told_apart_are_refused() {
        let one: [&[u8]; 1] = [&[7, 7, 7, 7]];
        let inseparable = DecodeError::FramesInseparable {
            n_fragments: 1,
            n_frames: 3,
        };
        for found in frames(encapsulated(&[], &one), None, 3) {
            assert_eq!(found, Err(inseparable.clone()));
        }
        let (a, b) = (start(1), start(2));
        let fewer = frames(encapsulated(&[], &[&a, &b]), None, 3);
        let odd = vec![FrameOddity::OtherNumber];
        assert_eq!(fewer[1], Ok((vec![2], odd)), "what is there is shown");
        assert_eq!(fewer[2], Err(DecodeError::FrameMissing));
        assert_eq!(
            frames(encapsulated(&[], &[]), None, 1),
            [Err(DecodeError::FrameMissing)]
        );
    }

    #[test]
    fn a_missing_delimiter_is_said_and_a_cut_frame_is_not_shown() {
        let mut bytes = encapsulated(&[], &[&[1, 1], &[2, 2]]);
        bytes.truncate(bytes.len() - 8);
        let found = frames(bytes.clone(), None, 2);
        assert_eq!(found[1], Ok((vec![2], vec![FrameOddity::NoDelimiter])));
        bytes.truncate(bytes.len() - 1);
        assert_eq!(
            frames(bytes.clone(), None, 1),
            [Err(DecodeError::FrameMissing)]
        );
        let mut three = encapsulated(&[], &[&[1, 1], &[2, 2], &[3, 3]]);
        three.truncate(three.len() - 9);
        let found = frames(three, None, 2);
        assert!(found[0].is_ok() && found[1].is_err());
    }

    #[test]
    fn a_table_leads_to_a_frame_without_a_walk_through_all() {
        let bodies: Vec<Vec<u8>> = (0..1000_u32).map(|k| k.to_le_bytes().to_vec()).collect();
        let parts: Vec<&[u8]> = bodies.iter().map(Vec::as_slice).collect();
        let offsets: Vec<u32> = (0..1000).map(|k| 12 * k).collect();
        let content = Content::Memory(encapsulated(&offsets, &parts));
        let places = FramePlaces::read(&content, (0, false), 1000, None).unwrap();
        let (fragments, _) = places.of_frame(&content, 999).unwrap();
        let (at, len) = fragments[0];
        assert_eq!(content.read_range(at, len as usize).unwrap(), bodies[999]);
        assert!(places.walked.get().is_none());
    }
}

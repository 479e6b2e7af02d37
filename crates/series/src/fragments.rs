use crate::dataset::ITEM;
use crate::element_header::item_header;
use crate::limits;
use crate::refusal::Refusal;
use crate::source::Content;

/// How a sequence of fragments ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum End {
    /// With its delimiter.
    Delimited,
    /// Behind a whole fragment, without a delimiter.
    #[default]
    NoDelimiter,
    /// Inside a fragment, which claims more than is left.
    BeyondContent,
}

/// The fragments of encapsulated pixels (PS3.5 A.4), all walked through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FragmentTable {
    /// Place and length of each fragment, the offset table left out.
    pub(crate) fragments: Vec<(u64, u64)>,
    pub(crate) end: End,
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
                return Ok(table);
            }
            content.read_exact_at(at, &mut header)?;
            let (tag, len) = item_header(&header, big_endian);
            at += 8;
            if tag != ITEM {
                // Anything but the delimiter means that it is missing, or that a length before it lied.
                if tag == SEQUENCE_END {
                    table.end = End::Delimited;
                }
                return Ok(table);
            }
            let len = u64::from(len);
            if content.len() - at < len {
                table.end = End::BeyondContent;
                return Ok(table);
            }
            if !is_first {
                table.fragments.push((at, len));
            }
            is_first = false;
            if 8 * limits::MAX_FRAMES as usize <= table.fragments.len() {
                return Err(Refusal::TooMany {
                    limit: 8 * limits::MAX_FRAMES as usize,
                });
            }
            at += len;
        }
    }

    /// Place of the first fragment's header, and the basic table of offsets before it: each frame's first fragment, counted
    /// from that place. Empty: not given.
    pub(crate) fn read_offsets(
        content: &Content,
        offset: u64,
        big_endian: bool,
    ) -> Result<(u64, Vec<u64>), Refusal> {
        let mut header = [0; 8];
        if content.len().saturating_sub(offset) < 8 {
            return Ok((offset, Vec::new()));
        }
        content.read_exact_at(offset, &mut header)?;
        let (tag, len) = item_header(&header, big_endian);
        let (at, len) = (offset + 8, u64::from(len));
        if tag != ITEM || content.len() - at < len {
            return Ok((at, Vec::new()));
        }
        if 4 * u64::from(limits::MAX_FRAMES) < len {
            return Ok((at + len, Vec::new()));
        }
        let bytes = content.read_range(at, len as usize)?;
        let (words, _) = bytes.as_chunks::<4>();
        let offset = |b: &[u8; 4]| match big_endian {
            true => u64::from(u32::from_be_bytes(*b)),
            false => u64::from(u32::from_le_bytes(*b)),
        };
        Ok((at + len, words.iter().map(offset).collect()))
    }
}

const SEQUENCE_END: u32 = 0xFFFE_E0DD;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn item(bytes: &[u8]) -> Vec<u8> {
        let mut item = vec![0xFE, 0xFF, 0x00, 0xE0];
        item.extend((bytes.len() as u32).to_le_bytes());
        item.extend(bytes);
        item
    }

    #[test]
    fn the_end_of_the_fragments_is_told() {
        let whole = [item(&[]), item(&[1, 2]), item(&[3, 4])].concat();
        let delimiter = [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0];
        let rows = [
            (
                "delimited",
                [&whole[..], &delimiter].concat(),
                2,
                End::Delimited,
            ),
            ("no delimiter", whole.clone(), 2, End::NoDelimiter),
            (
                "other bytes",
                [&whole[..], &[9; 12]].concat(),
                2,
                End::NoDelimiter,
            ),
            (
                "cut",
                whole[..whole.len() - 1].to_vec(),
                1,
                End::BeyondContent,
            ),
        ];
        for (name, bytes, n_fragments, end) in rows {
            let read = FragmentTable::read(&Content::Memory(bytes), 0, false).unwrap();
            assert_eq!(
                (read.fragments.len(), read.end),
                (n_fragments, end),
                "{name}"
            );
        }
    }
}

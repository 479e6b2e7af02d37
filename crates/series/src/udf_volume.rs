//! The volume structures of UDF (ECMA-167 parts 3 and 4, OSTA UDF 1.02 to 2.01): anchors, partitions, file entries.

use crate::blob::Blob;

/// Sizes of a sector that discs and their images have, the usual one first.
const SECTOR_SIZES: [u64; 4] = [2048, 512, 4096, 1024];

/// More volume descriptors than any disc has.
const MAX_DESCRIPTORS: u64 = 64;

/// More extents than any file of a readable disc has.
const MAX_EXTENTS: usize = 1 << 16;

/// Tag identifiers (ECMA-167 3/7.2.1, 4/7.2.1).
mod tag {
    pub const ANCHOR: u16 = 2;
    pub const PARTITION: u16 = 5;
    pub const LOGICAL_VOLUME: u16 = 6;
    pub const END: u16 = 8;
    pub const FILE_SET: u16 = 256;
    pub const MORE_EXTENTS: u16 = 258;
    pub const FILE_ENTRY: u16 = 261;
    pub const EXTENDED_FILE_ENTRY: u16 = 266;
}

/// Why a volume is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UdfFault {
    /// A structure is missing or contradicts its checksum.
    Damaged,
    /// It needs what is not read here: a virtual, sparable or metadata partition, or chained entries.
    Unsupported,
}

/// Does the volume recognition sequence name UDF (ECMA-167 3/9.1)? It begins at the same place whatever the sectors are.
pub(crate) fn names_udf(blob: &Blob) -> bool {
    (0..MAX_DESCRIPTORS)
        .map(|k| {
            let mut identifier = [0; 5];
            let at = 16 * 2048 + k * 2048 + 1;
            blob.read_exact_at(at, &mut identifier)
                .is_ok()
                .then_some(identifier)
        })
        .map_while(|identifier| identifier.filter(|i| i != &[0; 5]))
        .any(|identifier| matches!(&identifier, b"NSR02" | b"NSR03"))
}

/// A place in a partition (ECMA-167 4/7.1) with a length in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Extent {
    pub(crate) block: u32,
    pub(crate) partition: u16,
    pub(crate) len: u32,
    /// The two uppermost bits of the length.
    kind: u32,
}

impl Extent {
    /// Long form (ECMA-167 4/14.14.2).
    pub(crate) fn long(bytes: &[u8], at: usize) -> Option<Self> {
        Some(Self {
            partition: u16_at(bytes, at + 8)?,
            ..Self::short(bytes, at, 0)?
        })
    }

    /// Short form (ECMA-167 4/14.14.1), in the partition of the entry that holds it.
    fn short(bytes: &[u8], at: usize, partition: u16) -> Option<Self> {
        let len = u32_at(bytes, at)?;
        Some(Self {
            block: u32_at(bytes, at + 4)?,
            partition,
            len: len & 0x3FFF_FFFF,
            kind: len >> 30,
        })
    }
}

/// What an entry is (ECMA-167 4/14.6.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryKind {
    Folder,
    File,
    Link,
    Other,
}

/// A file or a folder: where its bytes lie in the image.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) kind: EntryKind,
    pub(crate) len: u64,
    /// Offset and length in bytes of each stretch, those that follow each other joined; `None`: part of it was never
    /// recorded.
    pub(crate) stretches: Option<Vec<(u64, u64)>>,
}

/// A readable volume.
pub(crate) struct UdfVolume<'a> {
    blob: &'a Blob,
    block_bytes: u64,
    /// Offset and length in bytes of each partition that the logical volume refers to.
    partitions: Vec<(u64, u64)>,
    pub(crate) root: Extent,
}

impl<'a> UdfVolume<'a> {
    /// Finds the volume by its anchors.
    pub(crate) fn find(blob: &'a Blob) -> Result<Self, UdfFault> {
        let mut fault = UdfFault::Damaged;
        for sector_bytes in SECTOR_SIZES {
            let n_sectors = blob.len() / sector_bytes;
            for sector in [256, n_sectors.wrapping_sub(1), n_sectors.wrapping_sub(257)] {
                let Some(anchor) = described(blob, sector, sector_bytes, tag::ANCHOR) else {
                    continue;
                };
                // The main sequence of descriptors, and the one in reserve (ECMA-167 3/10.2).
                for at in [16, 24] {
                    let (Some(len), Some(start)) = (u32_at(&anchor, at), u32_at(&anchor, at + 4))
                    else {
                        continue;
                    };
                    let n = u64::from(len) / sector_bytes;
                    match Self::of_sequence(blob, sector_bytes, (u64::from(start), n)) {
                        Ok(volume) => return Ok(volume),
                        Err(UdfFault::Unsupported) => fault = UdfFault::Unsupported,
                        Err(UdfFault::Damaged) => {}
                    }
                }
            }
        }
        Err(fault)
    }

    fn of_sequence(
        blob: &'a Blob,
        sector_bytes: u64,
        (start, n_sectors): (u64, u64),
    ) -> Result<Self, UdfFault> {
        // Number, place and length of the partitions; the prevailing descriptor is the one of the highest sequence number.
        let mut partitions: Vec<(u16, u32, u64, u64)> = Vec::new();
        let mut logical: Option<(u32, Vec<u8>)> = None;
        for sector in start..start.saturating_add(n_sectors.min(MAX_DESCRIPTORS)) {
            let Some(bytes) = sector_at(blob, sector, sector_bytes) else {
                break;
            };
            let (Some(id), Some(sequence)) = (tag_of(&bytes), u32_at(&bytes, 16)) else {
                continue;
            };
            match id {
                tag::END => break,
                tag::PARTITION => {
                    let (Some(number), Some(first), Some(len)) =
                        (u16_at(&bytes, 22), u32_at(&bytes, 188), u32_at(&bytes, 192))
                    else {
                        continue;
                    };
                    let is_older = |p: &(u16, u32, u64, u64)| p.0 == number && sequence < p.1;
                    if !partitions.iter().any(is_older) {
                        partitions.retain(|p| p.0 != number);
                        let (first, len) = (u64::from(first), u64::from(len));
                        let place = (first * sector_bytes, len * sector_bytes);
                        partitions.push((number, sequence, place.0, place.1));
                    }
                }
                tag::LOGICAL_VOLUME if logical.as_ref().is_none_or(|l| l.0 <= sequence) => {
                    logical = Some((sequence, bytes));
                }
                _ => {}
            }
        }
        let (_, logical) = logical.ok_or(UdfFault::Damaged)?;
        let block_bytes = u32_at(&logical, 212).map(u64::from);
        if block_bytes != Some(sector_bytes) {
            return Err(UdfFault::Unsupported);
        }
        let mut volume = Self {
            blob,
            block_bytes: sector_bytes,
            partitions: mapped(&logical, &partitions)?,
            root: Extent::long(&logical, 248).ok_or(UdfFault::Damaged)?,
        };
        let set = volume.block(volume.root, tag::FILE_SET);
        let set = set.ok_or(UdfFault::Damaged)?;
        volume.root = Extent::long(&set, 400).ok_or(UdfFault::Damaged)?;
        Ok(volume)
    }

    /// Offset in bytes of an extent of `len` bytes that lies inside its partition.
    fn offset(&self, extent: Extent, len: u64) -> Option<u64> {
        let (start, size) = self.partitions.get(usize::from(extent.partition))?;
        let at = u64::from(extent.block) * self.block_bytes;
        (at.checked_add(len)? <= *size).then_some(start + at)
    }

    /// The block at the beginning of an extent, which must bear one tag.
    fn block(&self, extent: Extent, id: u16) -> Option<Vec<u8>> {
        let bytes = self.any_block(extent)?;
        (tag_of(&bytes) == Some(id)).then_some(bytes)
    }

    fn any_block(&self, extent: Extent) -> Option<Vec<u8>> {
        let at = self.offset(extent, self.block_bytes)?;
        self.blob.read_range(at, self.block_bytes as usize).ok()
    }

    /// The entry that an extent leads to.
    pub(crate) fn entry(&self, icb: Extent) -> Result<Entry, UdfFault> {
        let bytes = self.any_block(icb).ok_or(UdfFault::Damaged)?;
        let (lengths_at, data_at) = match tag_of(&bytes) {
            Some(tag::FILE_ENTRY) => (168, 176),
            Some(tag::EXTENDED_FILE_ENTRY) => (208, 216),
            _ => return Err(UdfFault::Damaged),
        };
        // Strategy 4096 chains entries of discs that are written once (ECMA-167 4/A.5).
        if u16_at(&bytes, 20) != Some(4) {
            return Err(UdfFault::Unsupported);
        }
        let kind = match bytes.get(27) {
            Some(4) => EntryKind::Folder,
            Some(5) => EntryKind::File,
            Some(12) => EntryKind::Link,
            _ => EntryKind::Other,
        };
        let read = || {
            let len = u64_at(&bytes, 56)?;
            let n_attributes = u32_at(&bytes, lengths_at)? as usize;
            let n_descriptors = u32_at(&bytes, lengths_at + 4)? as usize;
            let from = n_attributes.checked_add(data_at)?;
            let descriptors = bytes.get(from..from.checked_add(n_descriptors)?)?;
            let stretches = match u16_at(&bytes, 34)? & 7 {
                // The bytes themselves stand where their places would.
                3 if len <= descriptors.len() as u64 => {
                    let at = self.offset(icb, self.block_bytes)?;
                    Some(vec![(at + from as u64, len)])
                }
                form @ (0 | 1) => {
                    self.stretches(descriptors.to_vec(), (form, icb.partition), len)?
                }
                _ => return None,
            };
            Some(Entry {
                kind,
                len,
                stretches,
            })
        };
        read().ok_or(UdfFault::Damaged)
    }

    /// The stretches of allocation descriptors, which may go on in further blocks; `Some(None)` where part was never
    /// recorded, `None` where they contradict each other.
    #[allow(
        clippy::option_option,
        reason = "the two absences mean different things, as said"
    )]
    fn stretches(
        &self,
        mut descriptors: Vec<u8>,
        (form, partition): (u16, u16),
        len: u64,
    ) -> Option<Option<Vec<(u64, u64)>>> {
        let step = if form == 0 { 8 } else { 16 };
        let (mut stretches, mut n_extents): (Vec<(u64, u64)>, usize) = (Vec::new(), 0);
        let (mut left, mut at) = (len, 0);
        while 0 < left {
            n_extents += 1;
            if MAX_EXTENTS < n_extents {
                return None;
            }
            let extent = match form {
                0 => Extent::short(&descriptors, at, partition)?,
                _ => Extent::long(&descriptors, at)?,
            };
            at += step;
            match (extent.kind, extent.len) {
                // Nothing behind the last one, though bytes are still missing.
                (_, 0) => return None,
                (3, _) => {
                    let more = self.block(extent, tag::MORE_EXTENTS)?;
                    let n = u32_at(&more, 20)? as usize;
                    descriptors = more.get(24..n.checked_add(24)?)?.to_vec();
                    at = 0;
                }
                (0, n) => {
                    let taken = u64::from(n).min(left);
                    let start = self.offset(extent, taken)?;
                    match stretches.last_mut() {
                        Some((from, so_far)) if *from + *so_far == start => *so_far += taken,
                        _ => stretches.push((start, taken)),
                    }
                    left -= taken;
                }
                _ => return Some(None),
            }
        }
        Some(Some(stretches))
    }
}

/// The partitions that the maps of a logical volume refer to, in their order; only maps of type 1 are read.
fn mapped(
    logical: &[u8],
    partitions: &[(u16, u32, u64, u64)],
) -> Result<Vec<(u64, u64)>, UdfFault> {
    let n_maps = u32_at(logical, 268).ok_or(UdfFault::Damaged)?;
    let mut places = Vec::new();
    let mut at = 440;
    for _ in 0..n_maps {
        match (logical.get(at), logical.get(at + 1)) {
            (Some(1), Some(6)) => {
                let number = u16_at(logical, at + 4).ok_or(UdfFault::Damaged)?;
                let found = partitions.iter().find(|p| p.0 == number);
                let (.., start, len) = *found.ok_or(UdfFault::Damaged)?;
                places.push((start, len));
                at += 6;
            }
            (Some(2), _) => return Err(UdfFault::Unsupported),
            _ => return Err(UdfFault::Damaged),
        }
    }
    Ok(places)
}

fn sector_at(blob: &Blob, sector: u64, sector_bytes: u64) -> Option<Vec<u8>> {
    let at = sector.checked_mul(sector_bytes)?;
    blob.read_range(at, sector_bytes as usize).ok()
}

/// A sector whose tag is sound, of that kind, and says that it lies there.
fn described(blob: &Blob, sector: u64, sector_bytes: u64, id: u16) -> Option<Vec<u8>> {
    let bytes = sector_at(blob, sector, sector_bytes)?;
    let is_here = u32_at(&bytes, 12).map(u64::from) == Some(sector);
    (is_here && tag_of(&bytes) == Some(id)).then_some(bytes)
}

/// The identifier of a sound tag (ECMA-167 3/7.2): its own checksum and that of what it describes are right.
pub(crate) fn tag_of(bytes: &[u8]) -> Option<u16> {
    let head = bytes.get(..16)?;
    let sum = head.iter().enumerate().filter(|(at, _)| *at != 4);
    let sum = sum.fold(0_u8, |sum, (_, byte)| sum.wrapping_add(*byte));
    let described = bytes.get(16..16 + usize::from(u16_at(head, 10)?))?;
    let is_sound = head.get(4) == Some(&sum) && u16_at(head, 8) == Some(checksum(described));
    is_sound.then(|| u16_at(head, 0))?
}

/// The cyclic redundancy check of ECMA-167 3/7.2.6: polynomial x¹⁶ + x¹² + x⁵ + 1, from nought.
fn checksum(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |sum, byte| {
        (0..8).fold(sum ^ u16::from(*byte) << 8, |sum, _| {
            let shifted = sum << 1;
            if sum & 0x8000 == 0 {
                shifted
            } else {
                shifted ^ 0x1021
            }
        })
    })
}

pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..)?.first_chunk()?;
    Some(u16::from_le_bytes(*two))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes(*four))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    let eight = bytes.get(at..)?.first_chunk()?;
    Some(u64::from_le_bytes(*eight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        // ECMA-167 3/7.2.6 gives this example.
        assert_eq!(checksum(&[0x70, 0x6A, 0x77]), 0x3299);
        assert_eq!(checksum(&[]), 0);
    }
}

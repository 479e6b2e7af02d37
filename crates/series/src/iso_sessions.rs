use crate::blob::Blob;

/// Size of a sector, in which sessions and volume descriptors are counted (ECMA-119 6.1.2).
pub(crate) const SECTOR_BYTES: u64 = 2048;

/// The first sector of a session behind those that belong to the system (ECMA-119 6.2.1).
pub(crate) const FIRST_DESCRIPTOR: u64 = 16;

/// More sessions than any disc has: a compact disc counts up to 99 tracks.
const MAX_SESSIONS: usize = 99;

/// Sectors looked at for further sessions: those of a disc of two layers.
const MAX_SEARCHED_SECTORS: u64 = 4_300_000;

/// Primary volume descriptor, its standard's name and version (ECMA-119 8.4).
const PRIMARY: &[u8; 7] = b"\x01CD001\x01";

/// The first sectors of the sessions of a disc image, in their order; the first is 0.
///
/// A disc that was written to several times holds a volume for each time, and where the later ones begin stands on the
/// disc outside of what is copied. They are found behind the end that each volume says of itself.
pub(crate) fn session_starts(blob: &Blob) -> Vec<u64> {
    let n_sectors = blob.len() / SECTOR_BYTES;
    let mut starts = vec![0];
    let mut n_searched = 0;
    while starts.len() < MAX_SESSIONS {
        let start = starts.last().copied().unwrap_or(0);
        let Some(len) = volume_sectors(blob, start + FIRST_DESCRIPTOR) else {
            break;
        };
        // A length that lies leads no further back than behind its own descriptor.
        let from = (start + len).max(start + FIRST_DESCRIPTOR + 1);
        let to = n_sectors.min(from.saturating_add(MAX_SEARCHED_SECTORS - n_searched));
        let Some(at) = (from..to).find(|sector| is_primary(blob, *sector)) else {
            break;
        };
        n_searched += at - from;
        // The sectors of the system belong to the session too.
        starts.push(at.saturating_sub(FIRST_DESCRIPTOR).max(start + 1));
    }
    starts
}

fn is_primary(blob: &Blob, sector: u64) -> bool {
    let mut head = [0; PRIMARY.len()];
    blob.read_exact_at(sector * SECTOR_BYTES, &mut head).is_ok() && &head == PRIMARY
}

/// Volume Space Size (ECMA-119 8.4.8) in sectors, from the first one of the session.
fn volume_sectors(blob: &Blob, descriptor: u64) -> Option<u64> {
    let bytes = blob
        .read_range(descriptor * SECTOR_BYTES, SECTOR_BYTES as usize)
        .ok()?;
    let number = |at: usize| bytes.get(at..at + 4)?.first_chunk().copied();
    let n_blocks = u64::from(u32::from_le_bytes(number(80)?));
    let [low, high, ..] = number(128)?;
    let block_bytes = u64::from(u16::from_le_bytes([low, high]));
    Some((n_blocks * block_bytes).div_ceil(SECTOR_BYTES))
}

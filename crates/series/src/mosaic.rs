//! Siemens mosaics: all slices of a volume as tiles of one picture, with their number and normal in a private header.

use space::{PatientPoint, PatientVector};

use crate::dataset::Node;
use crate::frame::Frame;
use crate::pixel_format::PixelFormat;
use crate::tags;

/// How the tiles of a mosaic lie, from the top left, row by row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mosaic {
    /// Layout of a tile.
    pub(crate) tile: PixelFormat,
    /// Tiles beside each other.
    tiles_per_row: usize,
    /// Image Position (Patient) as the file has it: that of the whole picture, whose own first pixel lies nowhere.
    pub(crate) stated_origin: PatientPoint,
}

/// More tiles than any scanner makes of a volume.
const MAX_TILES: usize = 1024;

impl Mosaic {
    /// The mosaic of an object and the frames its tiles stand for; `None` when the private header does not tell.
    ///
    /// The position in the file is that of the whole picture, as if it lay around the first slice: the first tile's own
    /// pixel lies inwards by half of what the picture is larger than a tile.
    pub(crate) fn unpack(
        root: Node<'_>,
        format: &PixelFormat,
        frames: &[Frame],
    ) -> Option<(Self, Vec<Frame>)> {
        let [whole] = frames else { return None };
        let header = root.bytes(tags::CSA_IMAGE_HEADER)?;
        let n_tiles = *numbers(header, "NumberOfImagesInMosaic")?.first()?;
        let n_tiles = (1.0..=MAX_TILES as f64)
            .contains(&n_tiles)
            .then_some(n_tiles as usize)?;
        let [x, y, z] = <[f64; 3]>::try_from(numbers(header, "SliceNormalVector")?).ok()?;
        let step_mm = whole
            .between_slices_mm
            .map(f64::abs)
            .or(whole.thickness_mm)?;
        let (origin, orientation) = (whole.position?, whole.orientation?);
        let stated = PatientVector::new(x, y, z).unit()?;
        // The header's normal says to which side the slices follow; the cosines say it more exactly.
        let side = stated.dot(orientation.normal());
        if side.abs() < 0.99 {
            return None;
        }
        let step = orientation.normal() * (side.signum() * step_mm);
        let tiles_per_row = (1..=n_tiles).find(|side| n_tiles <= side * side)?;
        let per_side = u16::try_from(tiles_per_row).ok()?;
        if !format.rows.is_multiple_of(per_side) || !format.columns.is_multiple_of(per_side) {
            return None;
        }
        let mut tile = format.clone();
        (tile.rows, tile.columns) = (format.rows / per_side, format.columns / per_side);
        let [between_rows, between_columns] = whole.spacing.rows_columns_mm;
        let half = |whole: u16, tile: u16| f64::from(whole - tile) / 2.0;
        let first = origin
            + orientation.along_row * (half(format.columns, tile.columns) * between_columns)
            + orientation.along_column * (half(format.rows, tile.rows) * between_rows);
        let tiles = (0..n_tiles).map(|k| Frame {
            position: Some(first + step * k as f64),
            slice_location_mm: None,
            ..whole.clone()
        });
        Some((
            Self {
                tile: tile.clone(),
                tiles_per_row,
                stated_origin: origin,
            },
            tiles.collect(),
        ))
    }

    /// The pixels of one tile out of those of the picture; `None` when the picture is smaller than it should be.
    pub(crate) fn cut<T: Copy>(&self, picture: &[T], tile_idx: usize) -> Option<Vec<T>> {
        let (rows, columns) = (usize::from(self.tile.rows), usize::from(self.tile.columns));
        let width = columns * self.tiles_per_row;
        let top = tile_idx / self.tiles_per_row * rows;
        let left = tile_idx % self.tiles_per_row * columns;
        let mut pixels = Vec::with_capacity(rows * columns);
        for row in top..top + rows {
            let from = row * width + left;
            pixels.extend_from_slice(picture.get(from..from + columns)?);
        }
        Some(pixels)
    }
}

/// The values of a field of a CSA header of the second kind (`SV10`): a list of named fields, each with up to some
/// items of text, every length a 32-bit little-endian number.
fn numbers(header: &[u8], name: &str) -> Option<Vec<f64>> {
    const NAME_BYTES: usize = 64;
    const MAX_FIELDS: u32 = 512;
    const MAX_FIELD_ITEMS: u32 = 256;
    let word = |at: usize| -> Option<u32> {
        let bytes = header.get(at..at.checked_add(4)?)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?))
    };
    if header.get(..4)? != b"SV10" {
        return None;
    }
    let n_fields = word(8).filter(|n| *n <= MAX_FIELDS)?;
    let mut at = 16;
    for _ in 0..n_fields {
        let label = header.get(at..at + NAME_BYTES)?;
        let is_wanted = label.split(|b| *b == 0).next()? == name.as_bytes();
        // Behind the name: multiplicity, representation, a code, the number of items, a mark.
        let n_items = word(at + NAME_BYTES + 12).filter(|n| *n <= MAX_FIELD_ITEMS)?;
        at += NAME_BYTES + 20;
        let mut values = Vec::new();
        for _ in 0..n_items {
            let len = usize::try_from(word(at + 4)?).ok()?;
            at += 16;
            let text = header.get(at..at.checked_add(len)?)?;
            let text = text.split(|b| *b == 0).next().unwrap_or_default();
            let text = String::from_utf8_lossy(text);
            if is_wanted && !text.trim().is_empty() {
                values.push(text.trim().parse::<f64>().ok().filter(|v| v.is_finite())?);
            }
            at = at.checked_add(len.checked_next_multiple_of(4)?)?;
        }
        if is_wanted {
            return Some(values);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn header(fields: &[(&str, &[&str])]) -> Vec<u8> {
        let mut bytes = b"SV10\x04\x03\x02\x01".to_vec();
        bytes.extend((fields.len() as u32).to_le_bytes());
        bytes.extend(77_u32.to_le_bytes());
        for (name, items) in fields {
            let mut label = name.as_bytes().to_vec();
            label.resize(64, 0);
            bytes.extend(label);
            bytes.extend(1_u32.to_le_bytes());
            bytes.extend(b"FD\0\0");
            bytes.extend(4_u32.to_le_bytes());
            bytes.extend((items.len() as u32).to_le_bytes());
            bytes.extend(77_u32.to_le_bytes());
            for item in *items {
                let len = item.len() as u32;
                for word in [len, len, 77, len] {
                    bytes.extend(word.to_le_bytes());
                }
                bytes.extend(item.as_bytes());
                bytes.resize(bytes.len().next_multiple_of(4), 0);
            }
        }
        bytes
    }

    #[test]
    fn fields_are_found_by_their_name_and_lies_about_lengths_are_refused() {
        let sound = header(&[
            ("EchoLinePosition", &["64"]),
            ("NumberOfImagesInMosaic", &["36", "", ""]),
            ("SliceNormalVector", &["0.1", "-0.2", "0.97468"]),
        ]);
        assert_eq!(
            numbers(&sound, "SliceNormalVector"),
            Some(vec![0.1, -0.2, 0.97468])
        );
        assert_eq!(numbers(&sound, "NumberOfImagesInMosaic"), Some(vec![36.0]));
        assert_eq!(numbers(&sound, "Absent"), None);
        for cut in 0..sound.len() - 12 {
            assert_eq!(numbers(&sound[..cut], "SliceNormalVector"), None, "{cut}");
        }
        let mut lying = sound.clone();
        lying[16 + 64 + 12..16 + 64 + 16].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(numbers(&lying, "SliceNormalVector"), None);
        let mut long = sound;
        long[16 + 84 + 4..16 + 84 + 8].copy_from_slice(&(u32::MAX - 1).to_le_bytes());
        assert_eq!(numbers(&long, "SliceNormalVector"), None);
    }
}

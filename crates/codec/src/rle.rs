use crate::error::CodecError;

/// Most segments of a frame (PS3.5 G.3.1).
const MAX_SEGMENTS: usize = 15;
const HEADER_BYTES: usize = 64;

/// How the segments of a frame map to samples.
#[derive(Clone, Copy, Debug)]
pub struct RleLayout {
    /// Samples of a pixel.
    pub n_samples: usize,
    /// Bytes of a sample, each in a segment of its own.
    pub bytes_per_sample: usize,
    /// Bytes of one decoded segment: the pixels, or an eighth of them for single bits.
    pub segment_bytes: usize,
}

/// Decodes a frame (PS3.5 G) to interleaved little-endian samples.
///
/// Every offset and run is checked: a frame that does not give exactly its bytes is an error, whatever it claims.
///
/// # Errors
/// When the frame's segments are not those of the layout, lie outside the frame, or give too few bytes.
pub fn decode_rle(frame: &[u8], layout: RleLayout) -> Result<Vec<u8>, CodecError> {
    let planes = unpack_planes(frame, layout)?;
    let pixel_bytes = layout.n_samples * layout.bytes_per_sample;
    if pixel_bytes == 1 {
        return Ok(planes);
    }
    let mut out = vec![0; planes.len()];
    for (segment_idx, plane) in planes.chunks_exact(layout.segment_bytes.max(1)).enumerate() {
        // Segments come sample by sample, the most significant byte first.
        let (sample, byte) = (
            segment_idx / layout.bytes_per_sample,
            segment_idx % layout.bytes_per_sample,
        );
        let at = sample * layout.bytes_per_sample + layout.bytes_per_sample - 1 - byte;
        for (pixel, value) in out.chunks_exact_mut(pixel_bytes).zip(plane) {
            if let Some(place) = pixel.get_mut(at) {
                *place = *value;
            }
        }
    }
    Ok(out)
}

/// Decodes a frame of one 16-bit sample a pixel, the most frequent kind, straight to its samples.
///
/// # Errors
/// As [`decode_rle`].
pub fn decode_rle_words(frame: &[u8], n_pixels: usize) -> Result<Vec<u16>, CodecError> {
    let layout = RleLayout {
        n_samples: 1,
        bytes_per_sample: 2,
        segment_bytes: n_pixels,
    };
    let planes = unpack_planes(frame, layout)?;
    let (high, low) = planes.split_at(n_pixels.min(planes.len()));
    let words = high.iter().zip(low);
    Ok(words
        .map(|(high, low)| u16::from_be_bytes([*high, *low]))
        .collect())
}

/// How many bytes the first segment of a frame gives beyond those of the layout: 0 or few where it is only padded, rows
/// of them where the picture has more rows than the layout. A frame that is none gives 0.
pub fn rle_surplus_bytes(frame: &[u8], layout: RleLayout) -> usize {
    let word = |at: usize| {
        frame
            .get(at..)?
            .first_chunk()
            .copied()
            .map(u32::from_le_bytes)
    };
    let end = match word(0) {
        Some(0 | 1) | None => frame.len(),
        Some(_) => word(8).unwrap_or(0) as usize,
    };
    let mut segment = frame.get(HEADER_BYTES..end).unwrap_or_default();
    let mut n_bytes = 0;
    while let Some((&control, rest)) = segment.split_first() {
        let (n_given, n_taken) = match control as i8 {
            -128 => (0, 0),
            n @ 0.. => (n as usize + 1, n as usize + 1),
            n => ((1 - isize::from(n)) as usize, 1),
        };
        let Some(rest) = rest.get(n_taken..) else {
            break;
        };
        n_bytes += n_given;
        segment = rest;
    }
    n_bytes.saturating_sub(layout.segment_bytes)
}

/// The bytes of all segments, one after the other, as the frame has them.
fn unpack_planes(frame: &[u8], layout: RleLayout) -> Result<Vec<u8>, CodecError> {
    let broken = |what| CodecError::Damaged { codec: "RLE", what };
    let header = frame
        .get(..HEADER_BYTES)
        .ok_or_else(|| broken("the header is cut"))?;
    let word = |i: usize| {
        header
            .get(4 * i..4 * i + 4)
            .and_then(|b| b.try_into().ok())
            .map(u32::from_le_bytes)
    };
    let n_segments = word(0).unwrap_or(0) as usize;
    if n_segments != layout.n_samples * layout.bytes_per_sample || MAX_SEGMENTS < n_segments {
        return Err(broken(
            "the number of segments contradicts the image attributes",
        ));
    }
    let mut planes = vec![0; layout.segment_bytes * n_segments];
    let places = planes.chunks_exact_mut(layout.segment_bytes.max(1));
    for (segment_idx, plane) in places.enumerate() {
        let from = word(segment_idx + 1).unwrap_or(0) as usize;
        let to = if segment_idx + 1 < n_segments {
            word(segment_idx + 2).unwrap_or(0) as usize
        } else {
            frame.len()
        };
        let segment = frame.get(from..to).filter(|_| HEADER_BYTES <= from);
        let segment = segment.ok_or_else(|| broken("a segment lies outside the frame"))?;
        unpack(segment, plane).ok_or_else(|| broken("a segment gives too few bytes"))?;
    }
    Ok(planes)
}

/// Bytes that are moved at a time: a run is short, and a call for each costs more than the bytes do.
const BLOCK: usize = 16;

/// Fills `out` from run lengths; `None` when they give less. What they give beyond is padding.
fn unpack(mut segment: &[u8], mut out: &mut [u8]) -> Option<()> {
    while !out.is_empty() {
        let (&control, rest) = segment.split_first()?;
        segment = rest;
        let n = match control as i8 {
            -128 => continue,
            n @ 0.. => {
                let n = n as usize + 1;
                let taken = n.min(out.len());
                copy(segment, out, taken)?;
                segment = segment.get(n..).unwrap_or_default();
                taken
            }
            n => {
                let (&value, rest) = segment.split_first()?;
                segment = rest;
                let taken = (1 - isize::from(n)) as usize;
                let taken = taken.min(out.len());
                fill(value, out, taken)?;
                taken
            }
        };
        out = out.get_mut(n..)?;
    }
    Some(())
}

/// Copies the first `n` bytes; in whole blocks where both sides have them, since what follows is written afterwards.
fn copy(from: &[u8], to: &mut [u8], n: usize) -> Option<()> {
    let n_whole = n.next_multiple_of(BLOCK);
    let Some((from, to)) = from.get(..n_whole).zip(to.get_mut(..n_whole)) else {
        to.get_mut(..n)?.copy_from_slice(from.get(..n)?);
        return Some(());
    };
    let (to, _) = to.as_chunks_mut::<BLOCK>();
    let (from, _) = from.as_chunks::<BLOCK>();
    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
    Some(())
}

/// Sets the first `n` bytes, in whole blocks where there is room.
fn fill(value: u8, to: &mut [u8], n: usize) -> Option<()> {
    let Some(to) = to.get_mut(..n.next_multiple_of(BLOCK)) else {
        to.get_mut(..n)?.fill(value);
        return Some(());
    };
    let (to, _) = to.as_chunks_mut::<BLOCK>();
    to.iter_mut().for_each(|to| *to = [value; BLOCK]);
    Some(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn frame(segments: &[&[u8]]) -> Vec<u8> {
        let mut header = vec![segments.len() as u32];
        let mut at = 64;
        for segment in segments {
            header.push(at);
            at += segment.len() as u32;
        }
        header.resize(16, 0);
        let mut bytes: Vec<u8> = header.iter().flat_map(|w| w.to_le_bytes()).collect();
        segments.iter().for_each(|s| bytes.extend_from_slice(s));
        bytes
    }

    const GREY16: RleLayout = RleLayout {
        n_samples: 1,
        bytes_per_sample: 2,
        segment_bytes: 4,
    };

    #[test]
    fn literal_and_repeated_runs_give_little_endian_samples() {
        // High bytes 1 1 1 2, low bytes 9 8 7 6.
        let bytes = frame(&[&[(-2i8) as u8, 1, 0, 2], &[3, 9, 8, 7, 6]]);
        assert_eq!(
            decode_rle(&bytes, GREY16).unwrap(),
            [9, 1, 8, 1, 7, 1, 6, 2]
        );
    }

    #[test]
    fn runs_of_every_length_lie_where_they_belong() {
        // Literals and runs of 1 to 128 bytes in turn, so that each begins and ends at every place of a block.
        let (mut packed, mut want) = (Vec::new(), Vec::new());
        for n in 1..=128_usize {
            packed.push((n - 1) as u8);
            let literal: Vec<u8> = (0..n).map(|i| (i * 7 + n) as u8).collect();
            packed.extend(&literal);
            want.extend(&literal);
            if 2 <= n {
                packed.extend([(257 - n) as u8, n as u8]);
                want.extend(std::iter::repeat_n(n as u8, n));
            }
        }
        for cut in 0..40 {
            let n = want.len() - cut;
            let layout = RleLayout {
                n_samples: 1,
                bytes_per_sample: 1,
                segment_bytes: n,
            };
            assert_eq!(decode_rle(&frame(&[&packed]), layout).unwrap(), want[..n]);
        }
        let both = frame(&[&packed, &packed]);
        let words: Vec<u16> = want.iter().map(|b| u16::from(*b) * 257).collect();
        assert_eq!(decode_rle_words(&both, want.len()).unwrap(), words);
        let layout = RleLayout {
            n_samples: 1,
            bytes_per_sample: 2,
            segment_bytes: want.len(),
        };
        let bytes: Vec<u8> = words.iter().flat_map(|w| w.to_le_bytes()).collect();
        assert_eq!(decode_rle(&both, layout).unwrap(), bytes);
    }

    #[test]
    fn thirty_two_bit_samples_are_four_segments() {
        let layout = RleLayout {
            n_samples: 1,
            bytes_per_sample: 4,
            segment_bytes: 1,
        };
        assert_eq!(
            decode_rle(&frame(&[&[0, 4], &[0, 3], &[0, 2], &[0, 1]]), layout).unwrap(),
            [1, 2, 3, 4]
        );
    }

    #[test]
    fn a_frame_that_lies_is_refused() {
        let good = frame(&[&[3, 1, 2, 3, 4], &[3, 9, 8, 7, 6]]);
        let with_word = |i: usize, value: u32| {
            let mut bytes = good.clone();
            bytes[4 * i..4 * i + 4].copy_from_slice(&value.to_le_bytes());
            bytes
        };
        for (name, bytes) in [
            ("empty", vec![]),
            ("header cut", good[..2].to_vec()),
            ("4 G segments", with_word(0, u32::MAX)),
            ("one segment missing", with_word(0, 1)),
            ("offset beyond the end", with_word(1, u32::MAX)),
            ("offset into the header", with_word(1, 0)),
            ("offsets descending", with_word(2, 65)),
            ("literal cut", good[..good.len() - 1].to_vec()),
            (
                "run without its value",
                frame(&[&[(-1i8) as u8], &[3, 9, 8, 7, 6]]),
            ),
        ] {
            assert!(decode_rle(&bytes, GREY16).is_err(), "{name}");
            assert!(decode_rle_words(&bytes, 4).is_err(), "{name}");
        }
    }
}

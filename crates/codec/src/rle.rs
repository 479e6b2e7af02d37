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
pub fn decode_rle(frame: &[u8], layout: RleLayout) -> Result<Vec<u8>, CodecError> {
    let broken = |what| CodecError { codec: "RLE", what };
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
    let pixel_bytes = layout.n_samples * layout.bytes_per_sample;
    let mut out = vec![0; layout.segment_bytes * pixel_bytes];
    let mut plane = vec![0; layout.segment_bytes];
    for segment_idx in 0..n_segments {
        let from = word(segment_idx + 1).unwrap_or(0) as usize;
        let to = if segment_idx + 1 < n_segments {
            word(segment_idx + 2).unwrap_or(0) as usize
        } else {
            frame.len()
        };
        let segment = frame.get(from..to).filter(|_| HEADER_BYTES <= from);
        let segment = segment.ok_or_else(|| broken("a segment lies outside the frame"))?;
        unpack(segment, &mut plane).ok_or_else(|| broken("a segment gives too few bytes"))?;
        // Segments come sample by sample, the most significant byte first.
        let (sample, byte) = (
            segment_idx / layout.bytes_per_sample,
            segment_idx % layout.bytes_per_sample,
        );
        let at = sample * layout.bytes_per_sample + layout.bytes_per_sample - 1 - byte;
        for (pixel, value) in out.chunks_exact_mut(pixel_bytes).zip(&plane) {
            if let Some(place) = pixel.get_mut(at) {
                *place = *value;
            }
        }
    }
    Ok(out)
}

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
                out.get_mut(..taken)?.copy_from_slice(segment.get(..taken)?);
                segment = segment.get(n..).unwrap_or_default();
                taken
            }
            n => {
                let (&value, rest) = segment.split_first()?;
                segment = rest;
                let taken = (1 - isize::from(n)) as usize;
                let taken = taken.min(out.len());
                out.get_mut(..taken)?.fill(value);
                taken
            }
        };
        out = out.get_mut(n..)?;
    }
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
        }
    }
}

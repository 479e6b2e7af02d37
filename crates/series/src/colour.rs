/// YBR_FULL to RGB (PS3.3 C.7.6.3.1.2), rounded to the nearest level.
pub(crate) fn ybr_to_rgb8([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let (y, cb, cr) = (f32::from(y), f32::from(cb) - 128.0, f32::from(cr) - 128.0);
    let level = |v: f32| (v + 0.5).floor().clamp(0.0, 255.0) as u8;
    [
        level(y + 1.402 * cr),
        level(y - 0.344_136 * cb - 0.714_136 * cr),
        level(y + 1.772 * cb),
    ]
}

/// Two pixels share their chrominances: Y Y Cb Cr (PS3.3 C.7.6.3.1.2, YBR_FULL_422).
pub(crate) fn upsample_422(bytes: &[u8]) -> Vec<[u8; 3]> {
    bytes
        .as_chunks::<4>()
        .0
        .iter()
        .flat_map(|[y0, y1, cb, cr]| [[*y0, *cb, *cr], [*y1, *cb, *cr]])
        .collect()
}

/// Three planes to pixels.
pub(crate) fn interleave<T: Copy>(planes: &[T]) -> Vec<[T; 3]> {
    let n = planes.len() / 3;
    let (first, rest) = planes.split_at(n);
    let (second, third) = rest.split_at(n);
    first
        .iter()
        .zip(second)
        .zip(third)
        .map(|((a, b), c)| [*a, *b, *c])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ybr_becomes_the_standards_rgb() {
        // The colour bars of PS3.3's equations, computed by hand from the inverse matrix.
        for (ybr, rgb) in [
            ([0, 128, 128], [0, 0, 0]),
            ([255, 128, 128], [255, 255, 255]),
            ([76, 85, 255], [254, 0, 0]),
            ([150, 44, 21], [0, 255, 1]),
            ([29, 255, 107], [0, 0, 254]),
        ] {
            assert_eq!(ybr_to_rgb8(ybr), rgb, "{ybr:?}");
        }
    }

    #[test]
    fn halved_chrominance_goes_to_both_pixels() {
        assert_eq!(upsample_422(&[1, 2, 3, 4]), [[1, 3, 4], [2, 3, 4]]);
    }

    #[test]
    fn planes_become_pixels() {
        assert_eq!(interleave(&[1, 2, 3, 4, 5, 6]), [[1, 3, 5], [2, 4, 6]]);
    }
}

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

/// The same where each row has its own pairs, the last one filled up when the number of columns is odd.
pub(crate) fn upsample_rows_422(bytes: &[u8], n_columns: usize) -> Vec<[u8; 3]> {
    if n_columns.is_multiple_of(2) {
        return upsample_422(bytes);
    }
    bytes
        .chunks_exact((4 * n_columns.div_ceil(2)).max(1))
        .flat_map(|row| upsample_422(row).into_iter().take(n_columns))
        .collect()
}

/// A sample of so many bits over the full range of 16, rounded.
pub(crate) fn full_range16(value: u32, bits: u16) -> u16 {
    let top = u64::from(u32::MAX >> (32 - u32::from(bits.clamp(1, 32))));
    // At most 65535, because the value is at most `top`.
    ((u64::from(value).min(top) * 65_535 + top / 2) / top) as u16
}

/// A sample of so many bits over the full range of 8, rounded.
pub(crate) fn full_range8(value: u8, bits: u16) -> u8 {
    let top = u32::from(u8::MAX >> (8 - u32::from(bits.clamp(1, 8))));
    // At most 255, because the value is at most `top`.
    ((u32::from(value).min(top) * 255 + top / 2) / top) as u8
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
    fn rows_of_odd_length_have_a_filled_up_pair() {
        let bytes = [1, 2, 8, 9, 3, 0, 7, 6, 4, 5, 8, 9, 6, 0, 7, 6];
        let pixels = upsample_rows_422(&bytes, 3);
        let lumas: Vec<u8> = pixels.iter().map(|p| p[0]).collect();
        assert_eq!(lumas, [1, 2, 3, 4, 5, 6]);
        assert_eq!(pixels[2], [3, 7, 6]);
    }

    #[test]
    fn samples_are_spread_over_the_full_range() {
        for (value, bits, want) in [
            (0, 12, 0),
            (4095, 12, 65_535),
            (2048, 12, 32_776),
            (u32::MAX, 32, 65_535),
            (1 << 31, 32, 32_768),
            (9, 8, 9 * 257),
            (7, 16, 7),
        ] {
            assert_eq!(full_range16(value, bits), want, "{value} of {bits}");
        }
        assert_eq!([0, 31, 63].map(|v| full_range8(v, 6)), [0, 125, 255]);
    }

    #[test]
    fn planes_become_pixels() {
        assert_eq!(interleave(&[1, 2, 3, 4, 5, 6]), [[1, 3, 5], [2, 4, 6]]);
    }
}

use crate::error::Fault;
use crate::samples::Samples;

/// The colour transforms of HP's encoder, which CharLS writes as well: each takes green out of red and blue. The standard
/// knows none of them, and a stream names its own in an APP8 segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ColourTransform {
    /// Red and blue less green.
    LessGreen,
    /// Red less green, and blue less the mean of red and green.
    LessMean,
    /// Blue and red less green, and green with a quarter of both.
    Lifted,
}

impl ColourTransform {
    /// Reads an APP8 segment; `None` when it is somebody else's or says that there is none.
    pub(super) fn read(parameters: &[u8]) -> Result<Option<Self>, Fault> {
        match parameters {
            [b'm', b'r', b'f', b'x', transform] => match transform {
                0 => Ok(None),
                1 => Ok(Some(Self::LessGreen)),
                2 => Ok(Some(Self::LessMean)),
                3 => Ok(Some(Self::Lifted)),
                _ => Err(Fault::Unsupported("an unknown transform of its colours")),
            },
            _ => Ok(None),
        }
    }

    /// Makes red, green and blue of samples of three components with `precision` bits.
    pub(super) fn undo(self, samples: &mut Samples, precision: u8) {
        let range = 1 << precision;
        match samples {
            Samples::Bits8(all) => {
                for pixel in all.as_chunks_mut::<3>().0 {
                    // Taken modulo the range, which is 256 at most.
                    *pixel = self.rgb(pixel.map(i32::from), range).map(|v| v as u8);
                }
            }
            Samples::Bits16(all) => {
                for pixel in all.as_chunks_mut::<3>().0 {
                    *pixel = self.rgb(pixel.map(i32::from), range).map(|v| v as u16);
                }
            }
        }
    }

    /// Red, green and blue, from 0 to `range` - 1; `range` is a power of two.
    fn rgb(self, [v1, v2, v3]: [i32; 3], range: i32) -> [i32; 3] {
        let mask = range - 1;
        let half = range / 2;
        match self {
            Self::LessGreen => [(v1 + v2 - half) & mask, v2, (v3 + v2 - half) & mask],
            Self::LessMean => {
                let red = (v1 + v2 - half) & mask;
                [red, v2, (v3 + ((red + v2) >> 1) - half) & mask]
            }
            Self::Lifted => {
                let green = (v1 - ((v3 + v2) >> 2) + range / 4) & mask;
                [
                    (v3 + green - half) & mask,
                    green,
                    (v2 + green - half) & mask,
                ]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The encoder's side.
    fn transformed(transform: ColourTransform, [r, g, b]: [i32; 3], range: i32) -> [i32; 3] {
        let (mask, half) = (range - 1, range / 2);
        match transform {
            ColourTransform::LessGreen => [(r - g + half) & mask, g, (b - g + half) & mask],
            ColourTransform::LessMean => {
                [(r - g + half) & mask, g, (b - ((r + g) >> 1) + half) & mask]
            }
            ColourTransform::Lifted => {
                let (v2, v3) = ((b - g + half) & mask, (r - g + half) & mask);
                [(g + ((v2 + v3) >> 2) - range / 4) & mask, v2, v3]
            }
        }
    }

    #[test]
    fn every_transform_is_undone() {
        for transform in [
            ColourTransform::LessGreen,
            ColourTransform::LessMean,
            ColourTransform::Lifted,
        ] {
            let steps = || (0..256).step_by(17);
            for (r, g) in steps().flat_map(|r| steps().map(move |g| (r, g))) {
                for b in steps() {
                    let there = transformed(transform, [r, g, b], 256).map(|v| v as u8);
                    let mut samples = Samples::Bits8(there.to_vec());
                    transform.undo(&mut samples, 8);
                    let expected = Samples::Bits8([r, g, b].map(|v| v as u8).to_vec());
                    assert_eq!(samples, expected, "{transform:?}");
                }
                let there = transformed(transform, [257 * r, g, 7 * g], 65536).map(|v| v as u16);
                let mut samples = Samples::Bits16(there.to_vec());
                transform.undo(&mut samples, 16);
                let expected = [257 * r, g, 7 * g].map(|v| v as u16).to_vec();
                assert_eq!(samples, Samples::Bits16(expected), "{transform:?}");
            }
        }
    }
}

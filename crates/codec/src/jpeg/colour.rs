use super::frame::Frame;
use super::planes::Plane;
use super::upsample::Upsampler;
use crate::samples::Samples;

/// What becomes of three components.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conversion {
    /// They are given as they are.
    None,
    /// Luminance and chrominances become red, green and blue.
    YccToRgb,
}

/// A sample type of a picture.
trait Sample: Copy + Default {
    fn of(level: u16) -> Self;
}

impl Sample for u8 {
    #[inline(always)]
    fn of(level: u16) -> Self {
        level as u8
    }
}

impl Sample for u16 {
    #[inline(always)]
    fn of(level: u16) -> Self {
        level
    }
}

/// The samples of a picture, those of a pixel together.
pub(super) fn picture(planes: &[Plane], frame: &Frame, conversion: Conversion) -> Samples {
    if frame.precision <= 8 {
        Samples::Bits8(pixels(planes, frame, conversion))
    } else {
        Samples::Bits16(pixels(planes, frame, conversion))
    }
}

fn pixels<T: Sample>(planes: &[Plane], frame: &Frame, conversion: Conversion) -> Vec<T> {
    let (width, height) = (frame.width, frame.height);
    let mut out = vec![T::default(); width * height * planes.len()];
    match planes {
        [grey] => {
            for (row_idx, row) in out.chunks_exact_mut(width).enumerate() {
                let levels = grey.row(row_idx);
                row.iter_mut()
                    .zip(levels)
                    .for_each(|(v, level)| *v = T::of(*level));
            }
        }
        [a, b, c] => {
            let mut upsamplers = [(); 3].map(|()| Upsampler::default());
            for (row_idx, row) in out.chunks_exact_mut(3 * width).enumerate() {
                let [ua, ub, uc] = &mut upsamplers;
                let rows = [
                    ua.row(a, row_idx, width),
                    ub.row(b, row_idx, width),
                    uc.row(c, row_idx, width),
                ];
                match conversion {
                    Conversion::None => interleave(rows, row),
                    Conversion::YccToRgb => convert(rows, row, frame.precision),
                }
            }
        }
        // The decoder has refused any other number.
        _ => {}
    }
    out
}

/// Puts the samples of a pixel together.
fn interleave<T: Sample>([a, b, c]: [&[u16]; 3], out: &mut [T]) {
    for (((pixel, a), b), c) in out.as_chunks_mut::<3>().0.iter_mut().zip(a).zip(b).zip(c) {
        *pixel = [*a, *b, *c].map(T::of);
    }
}

/// Pixels that are converted at a time.
const LANES: usize = 8;

/// Makes red, green and blue of luminance and chrominances (ITU-T T.871 clause 7, at any depth).
fn convert<T: Sample>([y, cb, cr]: [&[u16]; 3], out: &mut [T], precision: u8) {
    let levels = ColourLevels::new(precision);
    let (whole, rest) = out.as_chunks_mut::<{ 3 * LANES }>();
    let (ys, last_y) = y.as_chunks();
    let (cbs, last_cb) = cb.as_chunks();
    let (crs, last_cr) = cr.as_chunks();
    for (((out, y), cb), cr) in whole.iter_mut().zip(ys).zip(cbs).zip(crs) {
        let [r, g, b] = levels.rgb([y, cb, cr]);
        interleave([&r, &g, &b], out);
    }
    let [y, cb, cr] = [last_y, last_cb, last_cr].map(|last| {
        let mut lane = [0; LANES];
        lane.iter_mut().zip(last).for_each(|(v, from)| *v = *from);
        lane
    });
    let [r, g, b] = levels.rgb([&y, &cb, &cr]);
    interleave([&r, &g, &b], rest);
}

#[derive(Clone, Copy)]
struct ColourLevels {
    /// The chrominance of grey.
    middle: f32,
    largest: f32,
}

impl ColourLevels {
    fn new(precision: u8) -> Self {
        let middle = f32::from(1_u16 << (precision - 1));
        Self {
            middle,
            largest: 2.0 * middle - 1.0,
        }
    }

    #[inline(always)]
    fn rgb(self, [y, cb, cr]: [&[u16; LANES]; 3]) -> [[u16; LANES]; 3] {
        let mut out = [[0; LANES]; 3];
        for i in 0..LANES {
            let (y, cb, cr) = (
                f32::from(y[i]),
                f32::from(cb[i]) - self.middle,
                f32::from(cr[i]) - self.middle,
            );
            out[0][i] = self.level(y + 1.402 * cr);
            out[1][i] = self.level(y - 0.344_136_3 * cb - 0.714_136_3 * cr);
            out[2][i] = self.level(y + 1.772 * cb);
        }
        out
    }

    #[inline(always)]
    fn level(self, value: f32) -> u16 {
        // At this magnitude the last bit of a float is worth one, so that the addition rounds.
        const UNIT: f32 = 8_388_608.0;
        (value.max(0.0).min(self.largest) + UNIT).to_bits() as u16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn primary_colours_come_from_their_luminance_and_chrominances() {
        for (name, precision, ycc, rgb) in [
            ("grey", 8, [77, 128, 128], [77, 77, 77]),
            ("red", 8, [76, 85, 255], [254, 0, 0]),
            ("green", 8, [150, 44, 21], [0, 255, 1]),
            ("blue", 8, [29, 255, 107], [0, 0, 254]),
            ("beyond white", 8, [255, 255, 255], [255, 121, 255]),
            (
                "grey of 12 bits",
                12,
                [1000, 2048, 2048],
                [1000, 1000, 1000],
            ),
            ("red of 12 bits", 12, [1224, 1357, 4095], [4094, 0, 0]),
        ] {
            let rows = ycc.map(|level| [level; 11]);
            let mut out = vec![0_u16; 33];
            convert([&rows[0], &rows[1], &rows[2]], &mut out, precision);
            assert_eq!(out.as_chunks::<3>().0, [rgb; 11], "{name}");
        }
    }
}

use rayon::prelude::*;

use crate::{ColourPicture, Picture, Presentation};

/// How pixels without a value are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outside {
    /// Black.
    Black,
    /// Black with diagonal stripes, so that nobody takes it for air.
    Hatched,
}

/// Distance from one stripe of the hatch to the next along a row, pixels.
pub const HATCH_PERIOD_PX: u32 = 16;
/// Width of a stripe along a row, pixels.
pub const HATCH_WIDTH_PX: u32 = 1;
/// Grey level of a stripe, of 255.
pub const HATCH_GREY: u8 = 40;

/// The grey level of a pixel without a value.
pub fn outside_grey(outside: Outside, column_idx: usize, row_idx: usize) -> u8 {
    let phase = (column_idx + row_idx) % HATCH_PERIOD_PX as usize;
    match outside {
        Outside::Hatched if phase < HATCH_WIDTH_PX as usize => HATCH_GREY,
        Outside::Hatched | Outside::Black => 0,
    }
}

/// Draws a picture in 256 greys or colours, opaque everywhere: what the screen shows.
pub fn paint(picture: &Picture, presentation: &Presentation, outside: Outside) -> ColourPicture {
    let (width, height) = (picture.width, picture.height);
    let mut values = vec![[0, 0, 0, 255]; width * height];
    let rows = values
        .par_chunks_mut(width.max(1))
        .zip(picture.values.par_chunks(width.max(1)));
    rows.enumerate().for_each(|(row_idx, (out, row))| {
        for (column_idx, (pixel, value)) in out.iter_mut().zip(row).enumerate() {
            let [red, green, blue] = if value.is_nan() {
                [outside_grey(outside, column_idx, row_idx); 3]
            } else {
                presentation.colour(f64::from(*value))
            };
            *pixel = [red, green, blue, 255];
        }
    });
    ColourPicture {
        width,
        height,
        values,
    }
}

impl ColourPicture {
    /// Lays the opaque pixels of a picture of the same size over this one; one of another size changes nothing.
    pub fn lay_over(&mut self, layer: &Self) {
        if [self.width, self.height] != [layer.width, layer.height] {
            return;
        }
        for (pixel, over) in self.values.iter_mut().zip(&layer.values) {
            if over[3] == 255 {
                *pixel = *over;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Invert, Voi, VoiFunction};

    #[test]
    fn values_become_grey_and_nothing_is_hatched_only_when_asked() {
        let voi = Voi::Window {
            center: 128.0,
            width: 256.0,
            function: VoiFunction::Linear,
            explanation: None,
        };
        let presentation = Presentation::grey(voi, Invert::Yes);
        let mut values = vec![f32::NAN; 24];
        values[3] = 55.0;
        let picture = Picture {
            width: 24,
            height: 1,
            values,
        };
        let greys = |outside| -> Vec<u8> {
            paint(&picture, &presentation, outside)
                .values
                .iter()
                .map(|c| c[0])
                .collect()
        };
        let mut expected = vec![0; 24];
        expected[3] = 200;
        assert_eq!(greys(Outside::Black), expected);
        for at in (0..24).filter(|at| at % HATCH_PERIOD_PX < HATCH_WIDTH_PX) {
            expected[at as usize] = HATCH_GREY;
        }
        assert_eq!(greys(Outside::Hatched), expected);
    }
}

//! Pictures that the processor painted, on their way to the screen. A software rasteriser runs every pixel through all
//! branches of a shader; the processor's own painter takes a tenth of that.

use std::borrow::Cow;

use egui_wgpu::RenderState;
use render::{Appearance, RenderError};
use session::PictureKind;
use volume::{ColourPicture, Outside, outside_grey, paint};

use super::target::Target;

/// The colours that a picture is shown in.
pub(crate) fn colours_of<'a>(
    picture: &'a PictureKind,
    look: &Appearance,
) -> Cow<'a, ColourPicture> {
    match picture {
        PictureKind::Grey(grey) => Cow::Owned(paint(grey, &look.presentation, look.outside)),
        PictureKind::GreyUnderColours(grey, colours) => {
            let mut painted = paint(grey, &look.presentation, look.outside);
            painted.lay_over(colours);
            Cow::Owned(painted)
        }
        PictureKind::Colour(colour) => opaque(colour, look.outside),
    }
}

/// A colour picture in which the pixels beside the slice are drawn as such.
fn opaque(colour: &ColourPicture, outside: Outside) -> Cow<'_, ColourPicture> {
    if colour.values.iter().all(|pixel| pixel[3] == u8::MAX) {
        return Cow::Borrowed(colour);
    }
    let mut painted = colour.clone();
    let rows = painted.values.chunks_mut(colour.width.max(1)).enumerate();
    for (row_idx, row) in rows {
        for (column_idx, pixel) in row.iter_mut().enumerate() {
            if pixel[3] < u8::MAX {
                let grey = outside_grey(outside, column_idx, row_idx);
                *pixel = [grey, grey, grey, u8::MAX];
            }
        }
    }
    Cow::Owned(painted)
}

/// Puts painted colours into a view's target.
///
/// # Errors
/// When the adapter takes no texture of that size.
pub(crate) fn upload<'a>(
    held: &'a mut Option<Target>,
    state: &RenderState,
    colours: &ColourPicture,
) -> Result<&'a Target, RenderError> {
    let target = Target::fit(held, state, [colours.width, colours.height])?;
    target.fill(state, colours.values.as_flattened());
    Ok(target)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use volume::{HATCH_GREY, Invert, Picture, Voi, VoiFunction};

    use super::*;

    fn look(outside: Outside) -> Appearance {
        let presentation = volume::Presentation {
            voi: Voi::Window {
                center: 128.0,
                width: 256.0,
                function: VoiFunction::Linear,
                explanation: None,
            },
            invert: Invert::No,
            colours: volume::ColourMap::Grey,
        };
        Appearance {
            presentation,
            outside,
        }
    }

    fn colour(values: Vec<[u8; 4]>) -> ColourPicture {
        ColourPicture {
            width: values.len(),
            height: 1,
            values,
        }
    }

    #[test]
    fn nothing_is_hatched_and_never_taken_for_black() {
        let grey = Arc::new(Picture {
            width: 3,
            height: 1,
            values: vec![f32::NAN, f32::NAN, 77.0],
        });
        let hatch = [HATCH_GREY, HATCH_GREY, HATCH_GREY, 255];
        let black = [0, 0, 0, 255];
        let red = [200, 0, 0, 255];
        let none = [0, 0, 0, 0];
        for (picture, expected) in [
            (
                PictureKind::Grey(grey.clone()),
                vec![hatch, black, [77, 77, 77, 255]],
            ),
            (
                PictureKind::GreyUnderColours(grey, Arc::new(colour(vec![none, red, none]))),
                vec![hatch, red, [77, 77, 77, 255]],
            ),
            (
                PictureKind::Colour(Arc::new(colour(vec![none, red, none]))),
                vec![hatch, red, black],
            ),
            (
                PictureKind::Colour(Arc::new(colour(vec![red, red]))),
                vec![red, red],
            ),
        ] {
            assert_eq!(
                colours_of(&picture, &look(Outside::Hatched)).values,
                expected
            );
        }
    }

    #[test]
    fn what_is_still_to_come_is_not_hatched() {
        let grey = Arc::new(Picture {
            width: 2,
            height: 1,
            values: vec![f32::NAN, 77.0],
        });
        let half = colour(vec![[0, 0, 0, 0], [9, 9, 9, 255]]);
        for picture in [PictureKind::Grey(grey), PictureKind::Colour(Arc::new(half))] {
            let drawn = colours_of(&picture, &look(Outside::Black));
            assert_eq!(drawn.values[0], [0, 0, 0, 255]);
        }
    }
}

//! Single slices, grey and colour.

use render::{Appearance, ColourPass, ColourTexture, Gpu, PictureTexture, WindowPass};
use volume::{
    ColourRange, Excluded, ExclusionReason, Interpolation, Invert, Outside, Presentation,
    SliceView, SliceVoxels, Stored, Voi, VoiFunction, Volume, Voxels, colour_layer,
    draw_colour_range, native_colour_slice, native_slice, outside_grey, paint, sample_colour_slice,
    sample_slice,
};

use crate::{made, parity};

/// Steps that put no pixel exactly between two voxels or two greys, where 32 and 64 bits may rightly differ.
fn views() -> [(&'static str, SliceView); 5] {
    let native = SliceView::native([48, 40]);
    let view = |size_px, at_first_pixel, per_column, per_row| SliceView {
        size_px,
        at_first_pixel,
        per_column,
        per_row,
    };
    [
        ("native", native),
        (
            "zoomed",
            view(
                [150, 130],
                [3.030_17, 2.071_31],
                [0.211_327, 0.0],
                [0.0, 0.211_327],
            ),
        ),
        (
            "flipped",
            view(
                [90, 90],
                [48.301_3, -3.102_9],
                [-0.571_331, 0.0],
                [0.0, 0.571_331],
            ),
        ),
        (
            "turned",
            view(
                [90, 90],
                [-5.170_71, 44.903_1],
                [0.0, -0.611_733],
                [0.611_733, 0.0],
            ),
        ),
        (
            "slanted",
            view(
                [120, 100],
                [-7.310_37, 11.300_9],
                [0.371_317, -0.191_719],
                [0.191_719, 0.371_317],
            ),
        ),
    ]
}

#[test]
fn windowed_slices_agree_under_every_view() {
    let Some(gpu) = parity::gpu() else { return };
    let pass = WindowPass::new(&gpu.device, Gpu::OFF_SCREEN_FORMAT);
    for stored in [Stored::I16, Stored::F32] {
        let volume = made::volume(made::upright([48, 40, 20]), stored, |_| true);
        let picture = native_slice(&volume, 12).unwrap();
        let texture = PictureTexture::new(&gpu.device, &gpu.queue, (&picture, None)).unwrap();
        let appearance = made::full_range(&volume);
        for (name, view) in views() {
            for interpolation in [Interpolation::Nearest, Interpolation::Linear] {
                let draw = pass.prepare(
                    (&gpu.device, &gpu.queue),
                    &texture,
                    &view,
                    interpolation,
                    &appearance,
                );
                let drawn = gpu
                    .off_screen(view.size_px, |pass| draw.draw(pass))
                    .unwrap();
                let twin = sample_slice(&volume, 12, &view, interpolation).unwrap();
                let twin = paint(&twin, &appearance.presentation, appearance.outside);
                parity::check(
                    &format!("{stored:?} {name} {interpolation:?}"),
                    &drawn,
                    &twin,
                );
            }
        }
    }
}

#[test]
fn colours_lie_over_the_grey_picture_whatever_the_window() {
    let Some(gpu) = parity::gpu() else { return };
    let pass = WindowPass::new(&gpu.device, Gpu::OFF_SCREEN_FORMAT);
    let mut volume = made::volume(made::upright([48, 40, 20]), Stored::I16, |_| true);
    // The sharp ball of 1000, and waves above -350, stand for colours; the greys between do too where nothing lies below.
    let colours: Vec<[u8; 3]> = (0..1400u32)
        .map(|v| [v as u8, (v / 3) as u8, 255 - (v / 6) as u8])
        .collect();
    volume.meaning.colours = Some(std::sync::Arc::new(ColourRange {
        first_stored: -350,
        colours,
    }));
    volume.meaning.excluded = vec![Excluded {
        low: -350.0,
        high: 9e9,
        reason: ExclusionReason::Colour,
    }];
    let native = SliceView::native([48, 40]);
    let picture = native_slice(&volume, 12).unwrap();
    let layer = colour_layer(&volume, 12, &native).unwrap();
    let n_colour = layer.values.iter().filter(|p| p[3] == 255).count();
    assert!(
        100 < n_colour && n_colour < 48 * 40 - 100,
        "{n_colour} of colour"
    );
    let parts = (&picture, Some(&layer));
    let texture = PictureTexture::new(&gpu.device, &gpu.queue, parts).unwrap();
    let mut appearance = made::full_range(&volume);
    for (name, view) in views() {
        for (interpolation, invert) in [
            (Interpolation::Nearest, Invert::No),
            (Interpolation::Linear, Invert::Yes),
        ] {
            appearance.presentation.invert = invert;
            let gpu_pair = (&gpu.device, &gpu.queue);
            let draw = pass.prepare(gpu_pair, &texture, &view, interpolation, &appearance);
            let drawn = gpu
                .off_screen(view.size_px, |pass| draw.draw(pass))
                .unwrap();
            let twin = sample_slice(&volume, 12, &view, interpolation).unwrap();
            let mut twin = paint(&twin, &appearance.presentation, appearance.outside);
            draw_colour_range(&mut twin, &volume, 12, &view);
            parity::check(&format!("colours {name} {interpolation:?}"), &drawn, &twin);
        }
    }
    let small = colour_layer(&volume, 12, &SliceView::native([8, 8])).unwrap();
    let refused = PictureTexture::new(&gpu.device, &gpu.queue, (&picture, Some(&small)));
    assert_eq!(refused.map(|_| ()), Err(render::RenderError::SizesDiffer));
}

#[test]
fn integers_through_an_integer_window_are_exact_at_every_pixel() {
    let Some(gpu) = parity::gpu() else { return };
    let volume = made::volume(made::upright([48, 40, 20]), Stored::I16, |_| true);
    let pass = WindowPass::new(&gpu.device, Gpu::OFF_SCREEN_FORMAT);
    let picture = native_slice(&volume, 5).unwrap();
    let texture = PictureTexture::new(&gpu.device, &gpu.queue, (&picture, None)).unwrap();
    for (center, width) in [
        (40.0, 400.0),
        (-200.0, 256.0),
        (-600.0, 1500.0),
        (40.0, 80.0),
    ] {
        let voi = Voi::window(center, width, VoiFunction::Linear, None).unwrap();
        let presentation = Presentation::grey(voi, Invert::No);
        let appearance = Appearance {
            presentation,
            outside: Outside::Black,
        };
        let view = SliceView::native([48, 40]);
        let draw = pass.prepare(
            (&gpu.device, &gpu.queue),
            &texture,
            &view,
            Interpolation::Nearest,
            &appearance,
        );
        let drawn = gpu.off_screen([48, 40], |pass| draw.draw(pass)).unwrap();
        assert_eq!(
            drawn,
            paint(&picture, &appearance.presentation, Outside::Black),
            "{center}/{width}"
        );
    }
}

fn colours() -> Volume {
    let mut volume = made::volume(made::upright([48, 40, 1]), Stored::U8, |_| false);
    volume.voxels = Voxels::new(Stored::Rgb8, 1);
    let colour = |at: usize| {
        let [i, j] = [at % 48, at / 48];
        [(i * 5) as u8, (j * 6) as u8, made::stored_at([i, j, 3])]
    };
    volume
        .voxels
        .fill(0, SliceVoxels::Rgb8((0..48 * 40).map(colour).collect()))
        .unwrap();
    volume
}

#[test]
fn colour_slices_agree_under_every_view() {
    let Some(gpu) = parity::gpu() else { return };
    let volume = colours();
    let pass = ColourPass::new(&gpu.device, Gpu::OFF_SCREEN_FORMAT);
    let texture = ColourTexture::new(
        &gpu.device,
        &gpu.queue,
        &native_colour_slice(&volume, 0).unwrap(),
    )
    .unwrap();
    for (name, view) in views() {
        for interpolation in [Interpolation::Nearest, Interpolation::Linear] {
            let draw = pass.prepare(
                (&gpu.device, &gpu.queue),
                &texture,
                &view,
                interpolation,
                Outside::Hatched,
            );
            let drawn = gpu
                .off_screen(view.size_px, |pass| draw.draw(pass))
                .unwrap();
            let mut twin = sample_colour_slice(&volume, 0, &view, interpolation).unwrap();
            for (at, pixel) in twin.values.iter_mut().enumerate() {
                if pixel[3] == 0 {
                    let grey = outside_grey(Outside::Hatched, at % twin.width, at / twin.width);
                    *pixel = [grey, grey, grey, 255];
                }
            }
            parity::check(&format!("colour {name} {interpolation:?}"), &drawn, &twin);
        }
    }
}

#[test]
fn every_colour_map_is_the_same_on_the_card_and_the_processor() {
    let Some(gpu) = parity::gpu() else { return };
    let volume = made::volume(made::upright([48, 40, 20]), Stored::I16, |_| true);
    let pass = WindowPass::new(&gpu.device, Gpu::OFF_SCREEN_FORMAT);
    let picture = native_slice(&volume, 5).unwrap();
    let texture = PictureTexture::new(&gpu.device, &gpu.queue, (&picture, None)).unwrap();
    let entries = (0..600).map(|entry| entry * 7).collect();
    let vois = [
        Voi::window(-200.0, 256.0, VoiFunction::Linear, None).unwrap(),
        Voi::table(-300, entries, 12, None).unwrap(),
    ];
    for voi in vois {
        for (colours, invert) in volume::ColourMap::ALL
            .into_iter()
            .flat_map(|colours| [(colours, Invert::No), (colours, Invert::Yes)])
        {
            let presentation = Presentation {
                colours,
                ..Presentation::grey(voi.clone(), invert)
            };
            let appearance = Appearance {
                presentation,
                outside: Outside::Black,
            };
            let view = SliceView::native([48, 40]);
            let draw = pass.prepare(
                (&gpu.device, &gpu.queue),
                &texture,
                &view,
                Interpolation::Nearest,
                &appearance,
            );
            let drawn = gpu.off_screen([48, 40], |pass| draw.draw(pass)).unwrap();
            assert_eq!(
                drawn,
                paint(&picture, &appearance.presentation, Outside::Black),
                "{colours:?} {invert:?}"
            );
        }
    }
}

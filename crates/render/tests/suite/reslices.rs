//! Planes and slabs of volumes.

use render::{Appearance, ReslicePass, ResliceView, VolumeTexture};
use space::{Orientation, PlaneFrame};
use volume::{
    Interpolation, Invert, ModalityLut, Outside, Rescale, Slab, SlabMode, Stored, Voi, VoiFunction,
    Volume, paint, reslice,
};

use crate::{made, parity};

const BUDGET_BYTES: u64 = 1 << 30;

/// Draws on both sides and holds them together.
fn check(name: &str, volume: &Volume, view: &ResliceView, appearance: &Appearance) {
    let Some(gpu) = parity::gpu() else { return };
    let devices = (&gpu.device, &gpu.queue);
    let mut texture = VolumeTexture::new(&gpu.device, &gpu.queue, volume, BUDGET_BYTES).unwrap();
    texture.upload(&gpu.device, &gpu.queue, volume, usize::MAX);
    assert_eq!(texture.n_uploaded(), volume.voxels.n_filled());
    let pass = ReslicePass::new(render::Gpu::OFF_SCREEN_FORMAT);
    let draw = pass
        .prepare(devices, (&texture, &volume.grid), view, appearance)
        .unwrap();
    let drawn = gpu
        .off_screen(view.plane.size_px, |pass| draw.draw(pass))
        .unwrap();
    let picture = reslice(volume, &view.plane, view.interpolation, view.slab, &|| {
        false
    })
    .unwrap();
    parity::check(
        name,
        &drawn,
        &paint(&picture, &appearance.presentation, appearance.outside),
    );
}

fn frames() -> [PlaneFrame; 4] {
    [
        Orientation::Axial.frame(),
        Orientation::Coronal.frame(),
        Orientation::Sagittal.frame(),
        made::frame([0.4, 0.8, -0.3], [0.2, 0.1, 1.0]),
    ]
}

#[test]
fn every_orientation_interpolation_and_slab_agrees() {
    for grid in [made::upright([48, 48, 24]), made::tilted([48, 40, 24])] {
        let volume = made::volume(grid, Stored::I16, |_| true);
        let appearance = made::full_range(&volume);
        for frame in frames() {
            for interpolation in [
                Interpolation::Nearest,
                Interpolation::Linear,
                Interpolation::Cubic,
            ] {
                let view = ResliceView {
                    plane: made::plane(&grid, frame),
                    interpolation,
                    slab: None,
                };
                check(
                    &format!("{interpolation:?} plane"),
                    &volume,
                    &view,
                    &appearance,
                );
            }
            for mode in [SlabMode::Mean, SlabMode::Mip, SlabMode::MinIp] {
                let slab = Some(Slab {
                    mode,
                    thickness_mm: 9.3,
                });
                let view = ResliceView {
                    plane: made::plane(&grid, frame),
                    interpolation: Interpolation::Linear,
                    slab,
                };
                check(&format!("{mode:?} slab"), &volume, &view, &appearance);
            }
        }
    }
}

#[test]
fn every_element_type_and_modality_lut_agrees() {
    let grid = made::upright([40, 40, 16]);
    let plane = made::plane(&grid, frames()[3]);
    let view = ResliceView {
        plane,
        interpolation: Interpolation::Linear,
        slab: None,
    };
    for stored in [
        Stored::U8,
        Stored::I8,
        Stored::U16,
        Stored::I16,
        Stored::U32,
        Stored::I32,
        Stored::F32,
        Stored::F64,
    ] {
        let volume = made::volume(grid, stored, |_| true);
        check(
            &format!("{stored:?}"),
            &volume,
            &view,
            &made::full_range(&volume),
        );
    }
    let mut volume = made::volume(grid, Stored::U8, |_| true);
    volume.modality_lut = ModalityLut::Table {
        first_value: 30,
        entries: (0..100).map(|v| f64::from(v * v)).collect(),
    };
    check("modality table", &volume, &view, &made::full_range(&volume));
    let per_slice = |k: i32| Rescale {
        slope: 0.5 + 0.05 * f64::from(k),
        intercept: f64::from(-k),
    };
    volume.modality_lut = ModalityLut::Rescale((0..16).map(per_slice).collect());
    check(
        "rescale per slice",
        &volume,
        &view,
        &made::full_range(&volume),
    );
    volume.modality_lut = ModalityLut::Rescale(vec![Rescale {
        slope: -1.0,
        intercept: 0.0,
    }]);
    let slab = Some(Slab {
        mode: SlabMode::Mip,
        thickness_mm: 5.0,
    });
    check(
        "falling rescale",
        &volume,
        &ResliceView { slab, ..view },
        &made::full_range(&volume),
    );
}

#[test]
fn holes_and_slices_still_to_come_are_hatched_alike() {
    let grid = made::upright([40, 40, 20]);
    let volume = made::volume(grid, Stored::I16, |k| k % 7 != 3);
    for (frame, slab) in [
        (frames()[1], None),
        (frames()[3], None),
        (
            frames()[3],
            Some(Slab {
                mode: SlabMode::Mip,
                thickness_mm: 3.0,
            }),
        ),
    ] {
        for interpolation in [
            Interpolation::Nearest,
            Interpolation::Linear,
            Interpolation::Cubic,
        ] {
            let view = ResliceView {
                plane: made::plane(&grid, frame),
                interpolation,
                slab,
            };
            check(
                &format!("holes, {interpolation:?}"),
                &volume,
                &view,
                &made::full_range(&volume),
            );
        }
    }
}

/// Everything outside a ball, and the sharp ball within it, as ranges of stored values that do not count.
fn with_padding(grid: space::Grid, stored: Stored) -> Volume {
    let volume = made::volume(grid, stored, |k| k % 11 != 7);
    let [low, high] = volume
        .stored_value(0, 0, 0)
        .map_or([0.0; 2], |v| [v - 30.0, v + 30.0]);
    let ball = volume.stored_value(12, 24, 20).unwrap_or_default();
    let range = |low, high| volume::Excluded {
        low,
        high,
        reason: volume::ExclusionReason::Padding,
    };
    let mut volume = volume;
    volume.meaning.excluded = vec![range(low, high), range(ball, ball)];
    volume
}

#[test]
fn padding_is_left_out_alike() {
    for grid in [made::upright([48, 48, 24]), made::tilted([48, 40, 24])] {
        for (stored, n_ranges) in [
            (Stored::I16, 1),
            (Stored::I16, 2),
            (Stored::U8, 2),
            (Stored::U16, 3),
            (Stored::I32, 2),
            (Stored::F64, 1),
        ] {
            let mut volume = with_padding(grid, stored);
            let nothing = volume::Excluded {
                low: -9e9,
                high: -8e9,
                reason: volume::ExclusionReason::Colour,
            };
            volume.meaning.excluded.resize(n_ranges, nothing);
            let appearance = made::full_range(&volume);
            let slab = |mode| {
                Some(Slab {
                    mode,
                    thickness_mm: 7.3,
                })
            };
            for frame in [frames()[0], frames()[3]] {
                for (interpolation, slab) in [
                    (Interpolation::Nearest, None),
                    (Interpolation::Linear, None),
                    (Interpolation::Cubic, None),
                    (Interpolation::Linear, slab(SlabMode::Mean)),
                    (Interpolation::Linear, slab(SlabMode::Mip)),
                    (Interpolation::Cubic, slab(SlabMode::MinIp)),
                ] {
                    let view = ResliceView {
                        plane: made::plane(&grid, frame),
                        interpolation,
                        slab,
                    };
                    let name =
                        format!("{n_ranges} of padding, {stored:?}, {interpolation:?}, {slab:?}");
                    check(&name, &volume, &view, &appearance);
                }
            }
        }
    }
}

#[test]
fn a_plane_on_a_slice_beside_a_hole_shows_the_slice() {
    let grid = made::upright([40, 40, 20]);
    let volume = made::volume(grid, Stored::I16, |k| k != 11 && k != 9);
    let mut plane = made::plane(&grid, frames()[0]);
    plane.centre.z_mm = grid.patient([0.0, 0.0, 10.0]).z_mm;
    let view = ResliceView {
        plane,
        interpolation: Interpolation::Linear,
        slab: None,
    };
    check("on a slice", &volume, &view, &made::full_range(&volume));
}

#[test]
fn every_window_function_agrees_inverted_and_not() {
    let grid = made::upright([40, 40, 16]);
    let volume = made::volume(grid, Stored::I16, |_| true);
    let view = ResliceView {
        plane: made::plane(&grid, frames()[0]),
        interpolation: Interpolation::Linear,
        slab: None,
    };
    let window = |c, w, f| Voi::window(c, w, f, None).unwrap();
    let curve = |n: u32| (0..n).map(|v| (v * v % 4096) as u16).collect();
    let vois = [
        window(-200.0, 400.0, VoiFunction::Linear),
        window(-200.0, 1.0, VoiFunction::Linear),
        window(-200.25, 300.5, VoiFunction::LinearExact),
        window(-200.0, 250.0, VoiFunction::Sigmoid),
        Voi::table(-300, curve(700), 12, None).unwrap(),
    ];
    for voi in vois {
        for (invert, outside) in [
            (Invert::No, Outside::Black),
            (Invert::Yes, Outside::Hatched),
        ] {
            let presentation = volume::Presentation::grey(voi.clone(), invert);
            let name = format!("{:?} {invert:?}", voi.center_width());
            check(
                &name,
                &volume,
                &view,
                &Appearance {
                    presentation,
                    outside,
                },
            );
        }
    }
}

#[test]
fn a_volume_in_bricks_is_drawn_as_one_that_is_not_cut() {
    let Some(gpu) = parity::gpu() else { return };
    let devices = (&gpu.device, &gpu.queue);
    let cases = [
        // Cut along the slices, along the columns, along both, and not at all.
        (made::upright([24, 20, 90]), 50, Stored::I16),
        (made::tilted([48, 18, 24]), 40, Stored::U8),
        (made::upright([60, 12, 60]), 50, Stored::F32),
        (made::upright([48, 40, 24]), 64, Stored::I16),
    ];
    let slab = |mode| {
        Some(Slab {
            mode,
            thickness_mm: 9.3,
        })
    };
    for (grid, side_limit, stored) in cases {
        let mut volume = made::volume(grid, stored, |k| k != 17);
        volume.meaning.excluded = vec![volume::Excluded {
            low: 0.0,
            high: 40.0,
            reason: volume::ExclusionReason::Padding,
        }];
        let mut texture =
            VolumeTexture::within(devices, &volume, BUDGET_BYTES, side_limit).unwrap();
        texture.upload(&gpu.device, &gpu.queue, &volume, usize::MAX);
        let appearance = made::full_range(&volume);
        let pass = ReslicePass::new(render::Gpu::OFF_SCREEN_FORMAT);
        for (frame, interpolation, slab) in [
            (frames()[0], Interpolation::Nearest, None),
            (frames()[1], Interpolation::Linear, None),
            (frames()[2], Interpolation::Cubic, None),
            (frames()[3], Interpolation::Linear, None),
            (frames()[1], Interpolation::Linear, slab(SlabMode::Mip)),
            (frames()[3], Interpolation::Linear, slab(SlabMode::Mean)),
        ] {
            let view = ResliceView {
                plane: made::plane(&grid, frame),
                interpolation,
                slab,
            };
            let draw = pass
                .prepare(devices, (&texture, &grid), &view, &appearance)
                .unwrap();
            let drawn = gpu
                .off_screen(view.plane.size_px, |pass| draw.draw(pass))
                .unwrap();
            let picture = reslice(&volume, &view.plane, interpolation, slab, &|| false).unwrap();
            let name = format!(
                "{:?} under {side_limit}, {interpolation:?}, {slab:?}",
                grid.size
            );
            let twin = paint(&picture, &appearance.presentation, appearance.outside);
            parity::check(&name, &drawn, &twin);
        }
    }
    let large = made::volume(made::upright([9, 9, 30]), Stored::I16, |_| false);
    let refused = VolumeTexture::within(devices, &large, BUDGET_BYTES, 8).map(|_| ());
    assert!(matches!(refused, Err(render::RenderError::TooLarge { .. })));
}

#[test]
fn slices_arrive_a_few_at_a_time() {
    let Some(gpu) = parity::gpu() else { return };
    let volume = made::volume(made::upright([8, 8, 10]), Stored::U16, |k| k != 4);
    let mut texture = VolumeTexture::new(&gpu.device, &gpu.queue, &volume, BUDGET_BYTES).unwrap();
    let mut upload = || texture.upload(&gpu.device, &gpu.queue, &volume, 4);
    assert_eq!([upload(), upload(), upload(), upload()], [4, 4, 1, 0]);
    assert!(!texture.is_complete());
    volume
        .voxels
        .fill(4, volume::SliceVoxels::U16(vec![0; 64].into()))
        .unwrap();
    assert_eq!(texture.upload(&gpu.device, &gpu.queue, &volume, 4), 1);
    assert!(texture.is_complete());
}

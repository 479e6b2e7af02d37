//! Light through volumes.

use render::{LightTextures, RayCastPass, VolumeTexture};
use space::{Grid, Orientation, PlaneFrame, ViewPlane};
use volume::{
    ColourPicture, CropBox, Excluded, ExclusionReason, ModalityLut, Occupancy, RayCastView,
    RenderingPreset, Rescale, SampleStep, Shading, Stored, TransferFunction, TransferPoint, Volume,
    ray_cast,
};

use crate::{made, parity};

const BUDGET_BYTES: u64 = 1 << 30;

/// Levels of 255 that count as the same: some dozens of shares are summed up, each in 32 bits.
const CLOSE_LEVELS: u8 = 2;
/// The share of pixels that may be further off: on sharp edges and along walls a sample more or less is met.
const MAX_SHARE_OFF: f64 = 0.01;

fn draw(volume: &Volume, view: &RayCastView, side_limit: u32) -> Option<[ColourPicture; 2]> {
    let gpu = parity::gpu()?;
    let devices = (&gpu.device, &gpu.queue);
    let mut texture = VolumeTexture::within(devices, volume, BUDGET_BYTES, side_limit).unwrap();
    texture.upload(&gpu.device, &gpu.queue, volume, usize::MAX);
    let occupancy = Occupancy::of(volume).unwrap();
    let grid = &volume.grid;
    let textures = LightTextures::new(devices, (&occupancy, grid), view).unwrap();
    let pass = RayCastPass::new(render::Gpu::OFF_SCREEN_FORMAT);
    let draw = pass
        .prepare(devices, (&texture, grid), (view, &textures))
        .unwrap();
    let drawn = gpu
        .off_screen(view.plane.size_px, |pass| draw.draw(pass))
        .unwrap();
    Some([
        drawn,
        ray_cast(volume, &occupancy, view, &|| false).unwrap(),
    ])
}

fn check(name: &str, volume: &Volume, view: &RayCastView, side_limit: u32) {
    let Some([drawn, twin]) = draw(volume, view, side_limit) else {
        return;
    };
    let (mut n_off, mut worst, mut n_lit) = (0, 0, 0);
    for (a, b) in drawn.values.iter().zip(&twin.values) {
        let off = (0..3).map(|c| a[c].abs_diff(b[c])).max().unwrap_or(0);
        n_off += usize::from(CLOSE_LEVELS < off);
        n_lit += usize::from(b[..3].iter().any(|c| 20 < *c));
        worst = worst.max(off);
    }
    let n = twin.values.len();
    println!(
        "{name}: {n_off} of {n} pixels off by more than {CLOSE_LEVELS} levels, at most {worst}; {n_lit} lit"
    );
    assert!(
        n_off as f64 <= MAX_SHARE_OFF * n as f64,
        "{name}: {n_off} of {n} pixels are up to {worst} levels off"
    );
    assert!(n / 50 < n_lit, "{name} shows nothing");
}

fn frames() -> [PlaneFrame; 4] {
    [
        Orientation::Coronal.frame(),
        Orientation::Axial.frame(),
        made::frame([0.4, 0.8, -0.3], [0.2, 0.1, 1.0]),
        made::frame([-0.7, -0.5, 0.4], [0.0, 0.3, 1.0]),
    ]
}

/// From the first share of the range to the second light is held back more and more.
fn ramp(volume: &Volume, [from, to]: [f64; 2], opacity_per_mm: f32) -> TransferFunction {
    let [low, high] = volume.full_range().unwrap();
    let point = |share: f64, colour, opacity_per_mm| TransferPoint {
        value: low + share * (high - low),
        colour,
        opacity_per_mm,
    };
    TransferFunction {
        points: vec![
            point(from, [0.5, 0.2, 0.1], 0.0),
            point(to, [0.9, 0.7, 0.5], opacity_per_mm),
            point(1.0, [1.0, 0.95, 0.9], opacity_per_mm),
        ],
        shading: Shading {
            ambient: 0.25,
            diffuse: 0.75,
            specular: 0.2,
            shininess: 20.0,
        },
    }
}

fn view<'a>(grid: &Grid, frame: PlaneFrame, transfer: &'a TransferFunction) -> RayCastView<'a> {
    RayCastView {
        // The software adapter takes its time.
        plane: ViewPlane {
            mm_per_pixel: 0.631,
            size_px: [80, 72],
            ..made::plane(grid, frame)
        },
        transfer,
        crop: CropBox::WHOLE,
        step: SampleStep::Fine,
    }
}

#[test]
fn veils_and_surfaces_agree_from_every_side() {
    for grid in [made::upright([48, 48, 24]), made::tilted([48, 40, 24])] {
        let volume = made::volume(grid, Stored::I16, |_| true);
        for (shares, opacity_per_mm) in [([0.05, 0.5], 0.05), ([0.2, 0.6], 0.7)] {
            let transfer = ramp(&volume, shares, opacity_per_mm);
            for frame in frames() {
                let mut view = view(&grid, frame, &transfer);
                let name = format!("{shares:?} along {:?}", frame.away.to_array());
                check(&name, &volume, &view, 2048);
                view.step = SampleStep::Coarse;
                view.crop = CropBox {
                    low: [0.1, 0.3, 0.0],
                    high: [0.9, 1.0, 0.8],
                };
                check(&format!("{name}, coarse and cut"), &volume, &view, 2048);
            }
        }
    }
}

#[test]
fn every_preset_agrees() {
    let grid = made::upright([48, 48, 24]);
    let mut volume = made::volume(grid, Stored::I16, |_| true);
    // Waves from lung to soft tissue, a ball of bone.
    volume.modality_lut = ModalityLut::Rescale(vec![Rescale {
        slope: 1.1,
        intercept: 80.0,
    }]);
    for preset in RenderingPreset::ALL {
        let transfer = preset.transfer(&volume).unwrap();
        let view = view(&grid, frames()[2], &transfer);
        check(preset.name(), &volume, &view, 2048);
    }
}

#[test]
fn every_element_type_agrees_with_holes_padding_and_a_line_a_slice() {
    let grid = made::upright([40, 40, 16]);
    let each = |k: usize| Rescale {
        slope: 0.5 + 0.01 * k as f64,
        intercept: -(k as f64),
    };
    let one = made::volume(grid, Stored::U8, |_| true).modality_lut;
    let each = ModalityLut::Rescale((0..16).map(each).collect());
    for stored in [
        Stored::U8,
        Stored::I8,
        Stored::U16,
        Stored::I16,
        Stored::U32,
        Stored::F64,
    ] {
        for (lut, n_excluded) in [(&one, 0), (&one, 1), (&each, 0), (&one, 3)] {
            let mut volume = made::volume(grid, stored, |k| k % 7 != 5);
            volume.modality_lut = lut.clone();
            let [low, high] = [3, 12].map(|at| volume.stored_value(0, at, at).unwrap());
            volume.meaning.excluded = (0..n_excluded)
                .map(|n| Excluded {
                    low: low.min(high) - f64::from(n),
                    high: low.min(high) + 3.0,
                    reason: ExclusionReason::Padding,
                })
                .collect();
            let transfer = ramp(&volume, [0.1, 0.6], 0.3);
            let view = view(&grid, frames()[2], &transfer);
            let name = format!("{stored:?}, {n_excluded} of padding, {:?}", lut.rescale(3));
            check(&name, &volume, &view, 2048);
        }
    }
}

#[test]
fn a_volume_in_bricks_agrees() {
    for (grid, side_limit) in [
        (made::upright([24, 20, 90]), 50),
        (made::tilted([48, 18, 24]), 40),
    ] {
        let volume = made::volume(grid, Stored::I16, |_| true);
        let transfer = ramp(&volume, [0.1, 0.6], 0.3);
        let view = view(&grid, frames()[2], &transfer);
        check(
            &format!("{:?} under {side_limit}", grid.size),
            &volume,
            &view,
            side_limit,
        );
    }
}

#[test]
fn a_surface_is_cut_where_its_twin_is() {
    let grid = made::upright([48, 48, 24]);
    let volume = made::volume(grid, Stored::I16, |_| true);
    let mut transfer = ramp(&volume, [0.3, 0.301], 1.0);
    transfer.shading = Shading {
        ambient: 1.0,
        diffuse: 0.0,
        specular: 0.0,
        shininess: 1.0,
    };
    for frame in frames() {
        // Where a deeper cut leaves nothing the surface lay before it, so that the outlines of many cuts tell its depth.
        for share in [0.2, 0.4, 0.6, 0.8] {
            let mut view = view(&grid, frame, &transfer);
            view.crop.low = [share, 0.0, 0.0];
            let Some([drawn, twin]) = draw(&volume, &view, 2048) else {
                return;
            };
            let lit = |picture: &ColourPicture| -> Vec<bool> {
                picture.values.iter().map(|c| 60 < c[0]).collect()
            };
            let n_off = lit(&drawn)
                .iter()
                .zip(lit(&twin))
                .filter(|(a, b)| **a != *b)
                .count();
            assert!(n_off * 200 < twin.values.len(), "{n_off} pixels");
        }
    }
}

#[test]
fn what_is_no_plane_and_what_spans_no_space_is_refused() {
    let Some(gpu) = parity::gpu() else { return };
    let devices = (&gpu.device, &gpu.queue);
    let grid = made::upright([16, 16, 8]);
    let volume = made::volume(grid, Stored::I16, |_| true);
    let occupancy = Occupancy::of(&volume).unwrap();
    let transfer = ramp(&volume, [0.1, 0.6], 0.3);
    let good = view(&grid, frames()[0], &transfer);
    let texture = VolumeTexture::new(&gpu.device, &gpu.queue, &volume, BUDGET_BYTES).unwrap();
    let textures = LightTextures::new(devices, (&occupancy, &grid), &good).unwrap();
    let pass = RayCastPass::new(render::Gpu::OFF_SCREEN_FORMAT);
    for mm_per_pixel in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let mut bad = good.clone();
        bad.plane.mm_per_pixel = mm_per_pixel;
        let refused = pass.prepare(devices, (&texture, &grid), (&bad, &textures));
        assert!(refused.is_err(), "{mm_per_pixel}");
    }
    let flat = Grid {
        slice_step: Default::default(),
        ..grid
    };
    assert!(LightTextures::new(devices, (&occupancy, &flat), &good).is_err());
    assert!(
        pass.prepare(devices, (&texture, &flat), (&good, &textures))
            .is_err()
    );
}

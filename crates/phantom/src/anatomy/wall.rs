//! The layers from the air around the patient to the inner face of the chest, pixel by pixel.

use super::canvas::Canvas;
use super::outline::{Section, cage, diaphragm, skin, spine_y};
use super::shape::{Point, Shape, smooth_max, smooth_min};
use super::texture::Cloud;
use super::{body::Effusion, lung};

/// What differs from person to person in the soft wall.
#[derive(Clone, Copy, Debug)]
pub struct Build {
    /// Seed of the fine structure.
    pub seed: u64,
    /// Thickness of the fat under the skin, mm.
    pub fat: f32,
    /// Half axes of the breasts' solids, mm; `None` for a male chest.
    pub breast: Option<f32>,
}

/// One pixel on its way through the layers.
struct Pixel {
    at: usize,
    p: Point,
    depth: Depth,
    coarse: f32,
    fine: f32,
}

/// Where a pixel lies with regard to the surfaces of the chest.
struct Depth {
    skin: f32,
    cage: f32,
    lung: f32,
    diaphragm: f32,
}

fn breast_solids(build: &Build) -> Option<[Shape; 2]> {
    build.breast.map(|size| {
        [-1.0f32, 1.0].map(|sign| {
            Shape::ellipsoid(
                [sign * 78.0, -96.0, -28.0],
                [size * 1.15, size * 0.8, size],
                0.0,
            )
        })
    })
}

/// Paints table, skin, fat, muscle, the filling between the organs, and the lungs; fills the canvas' regions.
pub fn paint(canvas: &mut Canvas, build: &Build, effusion: Option<&Effusion>) {
    let z = canvas.z;
    let (outer, inner) = (skin(z), cage(z));
    let breasts = breast_solids(build);
    let [low, high] = [
        canvas.place(0, 0),
        canvas.place(canvas.grid.n_cols, canvas.grid.n_rows),
    ];
    let cloud = |salt: u64, cell: f32| {
        Cloud::new(
            build.seed ^ salt,
            cell,
            [low[0], low[1]],
            [high[0], high[1]],
            z,
        )
    };
    let (coarse, fine) = (cloud(11, 17.0), cloud(12, 4.5));
    paint_table(canvas);
    for row in 0..canvas.grid.n_rows {
        for col in 0..canvas.grid.n_cols {
            let p = canvas.place(col, row);
            let mut to_skin = outer.distance(p[0], p[1]);
            if let Some(breasts) = &breasts {
                for breast in breasts {
                    if to_skin.abs() < 70.0 {
                        to_skin = smooth_min(to_skin, breast.distance(p), 14.0);
                    }
                }
            }
            if canvas.grid.edge < to_skin {
                continue;
            }
            let pixel = Pixel {
                at: row * canvas.grid.n_cols + col,
                p,
                depth: depths(p, to_skin, &inner),
                coarse: coarse.at(p[0], p[1]),
                fine: fine.at(p[0], p[1]),
            };
            paint_layers(canvas, &pixel, build, breasts.as_ref());
            paint_inside(canvas, &pixel, effusion);
        }
    }
}

fn depths(p: Point, to_skin: f32, inner: &Section) -> Depth {
    let to_cage = inner.distance(p[0], p[1]);
    if 14.0 < to_cage {
        return Depth {
            skin: to_skin,
            cage: to_cage,
            lung: to_cage,
            diaphragm: to_cage,
        };
    }
    let (dome, steepness) = diaphragm(p[0], p[1]);
    let to_diaphragm = (dome - p[2]) / (1.0 + steepness * steepness).sqrt();
    let to_lung = smooth_max(
        smooth_max(to_cage, to_diaphragm, 6.0),
        -lung::mediastinum_distance(p),
        5.0,
    );
    Depth {
        skin: to_skin,
        cage: to_cage,
        lung: to_lung,
        diaphragm: to_diaphragm,
    }
}

fn blend(hu: &mut f32, target: f32, share: f32) {
    *hu += (target - *hu) * share;
}

fn paint_layers(canvas: &mut Canvas, pixel: &Pixel, build: &Build, breasts: Option<&[Shape; 2]>) {
    let Pixel {
        at,
        p,
        ref depth,
        coarse,
        fine,
    } = *pixel;
    let in_body = canvas.cover(depth.skin);
    canvas.skin[at] = canvas.cover(depth.skin + 3.0);
    let mut hu = canvas.hu[at];
    blend(&mut hu, 15.0, in_body);
    let fat_hu = -104.0 + 5.0 * coarse;
    blend(&mut hu, fat_hu, canvas.cover(depth.skin + 2.0));
    if let Some(breasts) = breasts {
        let gland = breasts
            .iter()
            .map(|breast| breast.distance(p))
            .fold(f32::MAX, f32::min)
            + 14.0;
        if gland < 2.0 && p[1] < -84.0 {
            blend(
                &mut hu,
                38.0,
                canvas.cover(gland * 0.5) * (0.45 + 0.8 * coarse + 0.5 * fine).clamp(0.0, 1.0),
            );
        }
    }
    // Fat is thicker at the flanks of the belly and in front, thinner over the breast bone and the spine.
    let low = ((-40.0 - p[2]) / 140.0).clamp(0.0, 1.0);
    let fat = build.fat * (1.0 + 0.22 * coarse + 0.5 * low);
    let to_muscle = smooth_min(depth.skin + fat, depth.cage - 12.5 - 1.2 * coarse, 4.0);
    let muscle_hu = 56.0 + 5.0 * coarse + 4.0 * fine;
    blend(&mut hu, muscle_hu, canvas.cover(to_muscle));
    // Planes of fat part the muscle layers; their course follows the rib cage, bent by the coarse structure.
    if to_muscle < 0.0 {
        let layer = depth.cage + 5.0 * coarse;
        let planes = if p[2] < -125.0 {
            [11.5, 17.0, 22.5]
        } else {
            [11.5, 24.0, 37.0]
        };
        for plane in planes {
            let thickness = 0.9 + 0.7 * fine.abs();
            let share = (1.3 - (layer - plane).abs() / thickness).clamp(0.0, 1.0);
            let broken = (0.45 + 1.5 * coarse).clamp(0.0, 1.0);
            blend(
                &mut hu,
                fat_hu,
                0.8 * broken * share * (-to_muscle / 2.0).min(1.0),
            );
        }
        if (2.0..9.5).contains(&depth.cage) {
            blend(&mut hu, -60.0, (0.35 + 0.9 * fine).clamp(0.0, 0.55));
        }
        // Marbling of the muscles of the back.
        if spine_y(p[2]) + 20.0 < p[1] {
            blend(&mut hu, -70.0, ((fine * 1.4 - 0.45) * 0.9).clamp(0.0, 0.6));
        }
        axilla(canvas, &mut hu, p, fat_hu);
    }
    canvas.hu[at] = hu;
}

/// The fat of the armpit.
fn axilla(canvas: &Canvas, hu: &mut f32, p: Point, fat_hu: f32) {
    let x = p[0].abs();
    let hollow =
        Shape::ellipsoid([124.0, -8.0, 52.0], [20.0, 34.0, 42.0], 0.35).distance([x, p[1], p[2]]);
    if hollow < 2.0 {
        blend(hu, fat_hu, canvas.cover(hollow * 0.6));
    }
}

fn paint_inside(canvas: &mut Canvas, pixel: &Pixel, effusion: Option<&Effusion>) {
    let Pixel {
        at,
        p,
        ref depth,
        coarse,
        fine,
    } = *pixel;
    if 3.0 < depth.cage {
        return;
    }
    let mut hu = canvas.hu[at];
    blend(
        &mut hu,
        -98.0 + 4.0 * coarse,
        canvas.cover(depth.cage - 1.2),
    );
    if -14.0 < depth.diaphragm {
        // The muscle of the diaphragm lies under the lung and along the ribs.
        let sheet = (depth.diaphragm - 1.6).abs() - 1.6;
        let lining = (depth.cage + 1.0).abs() - 1.6;
        let near = if 0.0 < depth.diaphragm {
            sheet.min(lining)
        } else {
            sheet
        };
        blend(&mut hu, 58.0, canvas.cover(near));
        canvas.belly[at] = canvas.cover((depth.cage + 3.2).max(3.2 - depth.diaphragm));
    }
    let in_lung = canvas.cover(depth.lung);
    if 0.0 < in_lung {
        // Lung is denser where its own weight presses it together.
        let air = -862.0 + 0.34 * p[1] + 9.0 * coarse + 7.0 * fine;
        blend(&mut hu, air, in_lung);
        let fissure = lung::fissure_distance(p);
        let share = (1.0 - fissure / (0.55 + 0.5 * canvas.grid.edge)).clamp(0.0, 1.0);
        hu += 95.0 * share * in_lung;
        let mut aerated = in_lung;
        if let Some(effusion) = effusion {
            let in_fluid = canvas.cover(effusion.distance(p, depth.lung)) * in_lung;
            blend(&mut hu, effusion.hu, in_fluid);
            aerated *= 1.0 - in_fluid;
        }
        canvas.lung[at] = aerated;
    }
    canvas.hu[at] = hu;
}

/// The table: a thin curved shell with a foam core, and a mattress.
fn paint_table(canvas: &mut Canvas) {
    for row in 0..canvas.grid.n_rows {
        for col in 0..canvas.grid.n_cols {
            let p = canvas.place(col, row);
            if p[1] < 95.0 {
                continue;
            }
            let at = row * canvas.grid.n_cols + col;
            let bend = 16.0 * (1.0 - (p[0] / 205.0).powi(2));
            let from_top = p[1] - (108.0 + bend);
            let inside = (p[0].abs() - 205.0).max(-from_top).max(from_top - 22.0);
            let mattress = (p[0].abs() - 190.0).max(-from_top - 7.0).max(from_top);
            let mut hu = canvas.hu[at];
            blend(&mut hu, -905.0, canvas.cover(mattress));
            blend(&mut hu, -210.0, canvas.cover(inside));
            blend(&mut hu, -930.0, canvas.cover(inside + 1.6));
            canvas.hu[at] = hu;
        }
    }
}

//! Heart, great vessels, airways and gullet, with intravenous contrast medium in a venous phase.

use super::canvas::{Clip, Part};
use super::shape::{Point, Shape};

const FAT_HU: f32 = -95.0;
const MYOCARDIUM_HU: f32 = 102.0;
const AORTA_HU: f32 = 178.0;
const PULMONARY_HU: f32 = 172.0;
const VEIN_HU: f32 = 148.0;

/// A bent tube through points with a radius each.
fn tube(points: &[(Point, f32)]) -> Vec<Shape> {
    points
        .windows(2)
        .map(|pair| Shape::rod(pair[0].0, pair[1].0, pair[0].1, pair[1].1))
        .collect()
}

/// Outer solids of the heart: the pericardium without its fat.
pub fn heart_outer() -> Vec<Shape> {
    vec![
        Shape::ellipsoid([34.0, -36.0, -72.0], [50.0, 34.0, 42.0], -0.55),
        Shape::ellipsoid([12.0, -56.0, -68.0], [46.0, 24.0, 42.0], -0.25),
        Shape::ellipsoid([-24.0, -32.0, -54.0], [26.0, 29.0, 40.0], 0.0),
        Shape::ellipsoid([8.0, 1.0, -42.0], [35.0, 20.0, 25.0], 0.05),
    ]
}

fn aorta() -> Vec<Shape> {
    tube(&[
        ([4.0, -32.0, -34.0], 14.5),
        ([-10.0, -40.0, -12.0], 15.5),
        ([-13.0, -38.0, 14.0], 15.0),
        ([-8.0, -29.0, 32.0], 14.0),
        ([4.0, -13.0, 39.0], 13.5),
        ([17.0, 6.0, 38.0], 13.0),
        ([26.0, 22.0, 27.0], 12.5),
        ([28.0, 29.0, 8.0], 12.0),
        ([27.0, 31.0, -40.0], 11.8),
        ([22.0, 31.0, -85.0], 11.5),
        ([12.0, 24.0, -130.0], 11.0),
        ([5.0, 14.0, -195.0], 10.5),
    ])
}

fn arch_branches() -> Vec<Shape> {
    let mut shapes = tube(&[
        ([-6.0, -24.0, 42.0], 6.4),
        ([-16.0, -16.0, 66.0], 6.2),
        ([-26.0, -8.0, 84.0], 5.4),
        ([-28.0, -2.0, 125.0], 3.8),
    ]);
    shapes.extend(tube(&[
        ([-26.0, -8.0, 84.0], 4.6),
        ([-48.0, -16.0, 98.0], 4.4),
        ([-80.0, -20.0, 104.0], 4.0),
        ([-118.0, -8.0, 92.0], 3.6),
    ]));
    shapes.extend(tube(&[
        ([5.0, -10.0, 46.0], 4.4),
        ([14.0, -6.0, 75.0], 4.0),
        ([26.0, 0.0, 125.0], 3.8),
    ]));
    shapes.extend(tube(&[
        ([16.0, 6.0, 46.0], 5.0),
        ([26.0, 6.0, 80.0], 4.8),
        ([40.0, -6.0, 98.0], 4.6),
        ([78.0, -20.0, 104.0], 4.0),
        ([118.0, -8.0, 92.0], 3.6),
    ]));
    shapes
}

fn pulmonary_arteries() -> Vec<Shape> {
    let mut shapes = tube(&[
        ([14.0, -52.0, -38.0], 14.0),
        ([19.0, -44.0, -18.0], 14.0),
        ([20.0, -28.0, -5.0], 13.0),
    ]);
    shapes.extend(tube(&[
        ([20.0, -28.0, -5.0], 12.5),
        ([34.0, -8.0, 0.0], 11.5),
        ([46.0, 10.0, -4.0], 10.0),
        ([54.0, 20.0, -18.0], 8.5),
        ([58.0, 24.0, -38.0], 6.8),
    ]));
    shapes.extend(tube(&[
        ([18.0, -28.0, -7.0], 11.5),
        ([0.0, -13.0, -11.0], 10.5),
        ([-24.0, -7.0, -13.0], 10.2),
        ([-42.0, -2.0, -16.0], 8.8),
        ([-51.0, 8.0, -36.0], 7.2),
    ]));
    shapes.extend(tube(&[
        ([-38.0, -5.0, -12.0], 6.0),
        ([-52.0, -8.0, 6.0], 4.8),
    ]));
    shapes
}

fn veins() -> Vec<Shape> {
    let mut shapes = tube(&[
        ([-28.0, -22.0, 52.0], 8.0),
        ([-29.0, -22.0, 10.0], 9.2),
        ([-27.0, -24.0, -30.0], 10.0),
    ]);
    shapes.extend(tube(&[
        ([-28.0, -22.0, 52.0], 7.0),
        ([-34.0, -22.0, 75.0], 6.4),
        ([-50.0, -30.0, 92.0], 6.2),
        ([-85.0, -34.0, 98.0], 5.0),
        ([-122.0, -18.0, 84.0], 4.4),
    ]));
    shapes.extend(tube(&[
        ([-27.0, -24.0, 50.0], 6.8),
        ([-4.0, -38.0, 56.0], 6.4),
        ([22.0, -36.0, 68.0], 6.4),
        ([48.0, -32.0, 90.0], 6.0),
        ([85.0, -34.0, 98.0], 5.0),
        ([122.0, -18.0, 84.0], 4.4),
    ]));
    shapes.extend(tube(&[
        ([-34.0, -20.0, 76.0], 5.4),
        ([-34.0, -8.0, 125.0], 5.4),
    ]));
    shapes.extend(tube(&[
        ([30.0, -22.0, 78.0], 5.0),
        ([34.0, -8.0, 125.0], 5.0),
    ]));
    shapes.extend(tube(&[
        ([-28.0, -12.0, 10.0], 3.4),
        ([-20.0, 14.0, 13.0], 3.6),
        ([-8.0, 32.0, 8.0], 3.8),
        ([-7.0, 34.0, -150.0], 3.2),
    ]));
    shapes
}

fn lower_cava() -> Vec<Shape> {
    tube(&[
        ([-22.0, -16.0, -84.0], 12.0),
        ([-21.0, -2.0, -108.0], 12.5),
        ([-23.0, 10.0, -195.0], 11.5),
    ])
}

fn pulmonary_veins() -> Vec<Shape> {
    let mut shapes = tube(&[
        ([-18.0, 2.0, -34.0], 7.0),
        ([-38.0, -4.0, -32.0], 6.0),
        ([-50.0, -16.0, -24.0], 4.6),
    ]);
    shapes.extend(tube(&[
        ([-18.0, 6.0, -46.0], 7.0),
        ([-40.0, 14.0, -54.0], 5.6),
    ]));
    shapes.extend(tube(&[
        ([32.0, -2.0, -32.0], 6.8),
        ([46.0, -10.0, -26.0], 5.4),
        ([58.0, -20.0, -16.0], 4.2),
    ]));
    shapes.extend(tube(&[
        ([32.0, 6.0, -46.0], 6.8),
        ([50.0, 16.0, -54.0], 5.4),
    ]));
    shapes
}

fn airway_lumina() -> Vec<Shape> {
    let mut shapes = tube(&[
        ([0.0, -4.0, 130.0], 8.4),
        ([0.0, 0.0, 90.0], 8.6),
        ([0.0, 8.0, 30.0], 8.8),
        ([0.0, 12.0, 4.0], 9.0),
    ]);
    shapes.extend(tube(&[
        ([-2.0, 12.0, 3.0], 7.6),
        ([-16.0, 13.0, -8.0], 7.2),
        ([-31.0, 13.0, -16.0], 6.8),
    ]));
    shapes.extend(tube(&[
        ([-27.0, 13.0, -13.0], 4.6),
        ([-44.0, 8.0, -4.0], 4.0),
        ([-58.0, 2.0, 12.0], 2.6),
    ]));
    shapes.extend(tube(&[
        ([-31.0, 13.0, -16.0], 5.6),
        ([-40.0, 12.0, -42.0], 5.2),
        ([-50.0, 22.0, -66.0], 3.6),
        ([-62.0, 36.0, -94.0], 2.2),
    ]));
    shapes.extend(tube(&[
        ([-40.0, 10.0, -42.0], 3.0),
        ([-54.0, -14.0, -54.0], 2.6),
        ([-64.0, -34.0, -62.0], 1.8),
    ]));
    shapes.extend(tube(&[
        ([2.0, 12.0, 3.0], 6.8),
        ([20.0, 15.0, -8.0], 6.2),
        ([42.0, 18.0, -21.0], 5.6),
    ]));
    shapes.extend(tube(&[
        ([41.0, 17.0, -20.0], 4.2),
        ([52.0, 4.0, -14.0], 3.6),
        ([62.0, -10.0, 2.0], 2.4),
    ]));
    shapes.extend(tube(&[
        ([42.0, 18.0, -21.0], 5.0),
        ([50.0, 24.0, -44.0], 4.4),
        ([58.0, 34.0, -76.0], 2.8),
        ([66.0, 42.0, -100.0], 1.8),
    ]));
    shapes
}

fn gullet() -> Vec<(Point, f32)> {
    vec![
        ([4.0, 18.0, 130.0], 6.0),
        ([5.0, 24.0, 60.0], 6.5),
        ([6.0, 26.0, 10.0], 7.0),
        ([10.0, 24.0, -60.0], 7.5),
        ([20.0, 12.0, -120.0], 8.5),
        ([38.0, -4.0, -142.0], 8.5),
    ]
}

/// Solids that lung trees and lung lesions keep away from.
pub fn keep_out() -> Vec<Shape> {
    let mut shapes: Vec<Shape> = heart_outer()
        .into_iter()
        .map(|shape| shape.grown(6.0))
        .collect();
    for group in [
        aorta(),
        arch_branches(),
        pulmonary_arteries(),
        veins(),
        lower_cava(),
        pulmonary_veins(),
        airway_lumina(),
    ] {
        shapes.extend(group.into_iter().map(|shape| shape.grown(2.0)));
    }
    shapes
}

/// Returns everything between the lungs, in the order of painting.
pub fn parts() -> Vec<Part> {
    let mut parts = Vec::new();
    let mut add = |shapes: Vec<Shape>, margin: f32, hu: f32| {
        parts.extend(
            shapes
                .into_iter()
                .map(|shape| Part::new(shape.grown(margin), hu)),
        );
    };
    add(heart_outer(), 5.5, FAT_HU);
    for group in [aorta(), arch_branches(), pulmonary_arteries(), veins()] {
        add(group, 2.2, FAT_HU);
    }
    add(heart_outer(), 0.6, 40.0);
    add(heart_outer(), -0.8, -88.0);
    add(
        heart_outer().into_iter().take(2).collect(),
        -4.5,
        MYOCARDIUM_HU,
    );
    heart_chambers(&mut parts);
    let mut add = |shapes: Vec<Shape>, margin: f32, hu: f32| {
        parts.extend(
            shapes
                .into_iter()
                .map(|shape| Part::new(shape.grown(margin), hu)),
        );
    };
    add(tube(&gullet()), 0.0, 52.0);
    add(pulmonary_veins(), 0.0, PULMONARY_HU - 6.0);
    add(airway_lumina(), 1.3, 35.0);
    add(pulmonary_arteries(), 0.0, PULMONARY_HU);
    add(veins(), 0.0, VEIN_HU);
    add(lower_cava(), 0.0, VEIN_HU - 14.0);
    add(arch_branches(), 0.0, AORTA_HU);
    add(aorta(), 1.2, 60.0);
    add(aorta(), 0.0, AORTA_HU);
    add(airway_lumina(), 0.0, -995.0);
    let air: Vec<(Point, f32)> = gullet()
        .into_iter()
        .take(4)
        .map(|([x, y, z], _)| ([x, y - 1.0, z], 1.6))
        .collect();
    add(tube(&air), 0.0, -600.0);
    for (x, y, z, size) in [
        (-18.0, -8.0, 24.0, 3.4),
        (-6.0, 6.0, -14.0, 4.0),
        (20.0, -14.0, 20.0, 2.8),
        (2.0, -58.0, 30.0, 2.4),
        (-16.0, -2.0, 40.0, 2.6),
    ] {
        parts.push(Part::new(
            Shape::ellipsoid([x, y, z], [size * 1.5, size, size * 1.3], 0.4),
            62.0,
        ));
    }
    for sign in [-1.0f32, 1.0] {
        parts.push(Part::within(
            Clip::Skin,
            Shape::ellipsoid([sign * 19.0, -10.0, 118.0], [9.0, 10.0, 22.0], 0.0),
            165.0,
        ));
    }
    parts
}

fn heart_chambers(parts: &mut Vec<Part>) {
    let mut add = |centre: Point, radii: Point, turn_rad: f32, hu: f32| {
        parts.push(Part::new(Shape::ellipsoid(centre, radii, turn_rad), hu));
    };
    add(
        [42.0, -33.0, -72.0],
        [41.0, 26.5, 37.0],
        -0.62,
        MYOCARDIUM_HU,
    );
    add(
        [12.0, -57.0, -68.0],
        [42.0, 19.5, 38.0],
        -0.3,
        MYOCARDIUM_HU,
    );
    add([10.0, -57.0, -67.0], [38.0, 15.5, 34.0], -0.3, 160.0);
    add(
        [42.0, -33.0, -72.0],
        [41.0, 26.5, 37.0],
        -0.62,
        MYOCARDIUM_HU,
    );
    add([39.0, -32.0, -70.0], [30.0, 15.5, 27.0], -0.62, 182.0);
    add([47.0, -26.0, -66.0], [4.0, 3.5, 8.0], 0.0, 115.0);
    add([-24.0, -32.0, -54.0], [22.0, 25.0, 34.0], 0.0, 152.0);
    add([8.0, 1.0, -42.0], [31.0, 16.5, 21.0], 0.05, 174.0);
    add([20.0, -14.0, -50.0], [12.0, 10.0, 12.0], -0.6, 178.0);
    add([2.0, -30.0, -38.0], [13.0, 13.0, 14.0], 0.0, AORTA_HU);
    // Coronary arteries in the fat of the grooves.
    let vessels = [
        tube(&[
            ([-6.0, -46.0, -36.0], 1.8),
            ([-24.0, -60.0, -48.0], 1.7),
            ([-30.0, -58.0, -70.0], 1.5),
            ([-18.0, -40.0, -94.0], 1.4),
        ]),
        tube(&[
            ([14.0, -38.0, -30.0], 2.0),
            ([36.0, -62.0, -42.0], 1.7),
            ([58.0, -74.0, -66.0], 1.4),
            ([70.0, -72.0, -84.0], 1.1),
        ]),
        tube(&[
            ([18.0, -34.0, -32.0], 1.8),
            ([42.0, -22.0, -36.0], 1.6),
            ([58.0, 0.0, -52.0], 1.3),
        ]),
    ];
    for shape in vessels.into_iter().flatten() {
        parts.push(Part::new(shape.grown(2.2), FAT_HU));
        parts.push(Part::new(shape, 165.0));
    }
}

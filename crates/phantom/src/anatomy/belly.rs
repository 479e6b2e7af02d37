//! Organs below the diaphragm, as far as a chest scan reaches them.

use super::canvas::{Clip, Part};
use super::shape::{Point, Shape};

/// Liver as three solids; the diaphragm cuts their tops.
pub fn liver() -> [Shape; 3] {
    [
        Shape::ellipsoid([-58.0, -10.0, -168.0], [84.0, 88.0, 82.0], 0.0),
        Shape::ellipsoid([2.0, -50.0, -152.0], [66.0, 36.0, 36.0], -0.12),
        Shape::ellipsoid([-30.0, -28.0, -150.0], [70.0, 58.0, 48.0], 0.0),
    ]
}

/// Branches of the portal and hepatic veins.
pub fn liver_vessels() -> Vec<Shape> {
    let cava: Point = [-23.0, 2.0, -128.0];
    let mut shapes = Vec::new();
    for (to, radius) in [
        ([-92.0, 28.0, -148.0], 4.2),
        ([-70.0, -46.0, -146.0], 4.2),
        ([-4.0, -52.0, -142.0], 3.8),
        ([-112.0, -18.0, -156.0], 2.4),
    ] {
        shapes.push(Shape::rod(cava, to, radius + 1.0, radius * 0.35));
    }
    let porta: Point = [-36.0, -18.0, -178.0];
    for (to, radius) in [
        ([-86.0, -34.0, -170.0], 4.6),
        ([-84.0, 20.0, -172.0], 4.2),
        ([-8.0, -44.0, -164.0], 4.0),
        ([-112.0, 8.0, -166.0], 2.2),
        ([-60.0, -66.0, -168.0], 2.2),
        ([26.0, -58.0, -156.0], 2.0),
        ([-74.0, 48.0, -166.0], 2.0),
    ] {
        shapes.push(Shape::rod(porta, to, radius + 0.8, radius * 0.3));
    }
    shapes
}

/// Returns the organs in the order of painting.
pub fn parts() -> Vec<Part> {
    let mut parts = Vec::new();
    let mut add = |shape: Shape, hu: f32| parts.push(Part::within(Clip::Belly, shape, hu));
    liver().into_iter().for_each(|shape| add(shape, 108.0));
    liver_vessels()
        .into_iter()
        .for_each(|shape| add(shape, 162.0));
    add(
        Shape::ellipsoid([100.0, 36.0, -164.0], [27.0, 42.0, 46.0], 0.35),
        122.0,
    );
    add(
        Shape::ellipsoid([62.0, -24.0, -160.0], [42.0, 50.0, 46.0], -0.2),
        68.0,
    );
    add(
        Shape::ellipsoid([62.0, -24.0, -160.0], [38.0, 46.0, 42.0], -0.2),
        22.0,
    );
    add(
        Shape::ellipsoid([60.0, -54.0, -156.0], [31.0, 17.0, 33.0], -0.2),
        -980.0,
    );
    for (side, z) in [(-1.0f32, -206.0), (1.0, -192.0)] {
        add(
            Shape::ellipsoid([side * 60.0, 50.0, z], [26.0, 24.0, 30.0], 0.0),
            165.0,
        );
    }
    add(
        Shape::rod([34.0, 34.0, -176.0], [46.0, 26.0, -168.0], 2.6, 2.2),
        70.0,
    );
    add(
        Shape::rod([-30.0, 34.0, -180.0], [-26.0, 24.0, -168.0], 2.6, 2.2),
        70.0,
    );
    // Crura of the diaphragm beside the aorta.
    add(
        Shape::Rod {
            ends: [[-12.0, 26.0, -195.0], [-10.0, 22.0, -130.0]],
            radii: [5.0, 3.5],
            stretch_z: 1.0,
        },
        58.0,
    );
    add(
        Shape::Rod {
            ends: [[22.0, 26.0, -195.0], [26.0, 18.0, -130.0]],
            radii: [4.5, 3.5],
            stretch_z: 1.0,
        },
        58.0,
    );
    parts
}

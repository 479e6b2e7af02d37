//! Spine, ribs, breast bone and shoulder girdle.

use super::canvas::{Clip, Part};
use super::lung::Side;
use super::outline::{VERTEBRAE, cage, spine_y, sternum_half_width, sternum_y};
use super::shape::{Point, Shape, along, minus};

const CORTEX_HU: f32 = 720.0;
const MARROW_HU: f32 = 210.0;

/// A break of one rib.
#[derive(Clone, Copy, Debug)]
pub struct RibBreak {
    /// Side of the rib.
    pub side: Side,
    /// Number of the rib, 1 to 12.
    pub rib_number: usize,
    /// Share of the way from spine to the bone's front end.
    pub at: f32,
}

/// Adds a bone: dense shell and softer inside.
fn bone(parts: &mut Vec<Part>, shape: Shape, shell: f32) {
    parts.push(Part::within(Clip::Skin, shape, CORTEX_HU));
    parts.push(Part::within(Clip::Skin, shape.grown(-shell), MARROW_HU));
}

/// Half width and half depth of the vertebral body at a height.
pub fn vertebra_radii(z: f32) -> [f32; 2] {
    let t = ((70.0 - z) / 260.0).clamp(0.0, 1.0);
    [13.0 + 9.0 * t, 11.5 + 6.0 * t]
}

/// Returns the spine, from the head down.
pub fn spine() -> Vec<Part> {
    let mut parts = Vec::new();
    for pair in VERTEBRAE.windows(2) {
        let [(_, z), (_, next_z)] = [pair[0], pair[1]];
        vertebra(&mut parts, z, z - next_z);
    }
    parts
}

/// One vertebra with the disc below it.
#[derive(Clone, Copy)]
struct Vertebra {
    z: f32,
    y: f32,
    /// Distance to the next one.
    pitch: f32,
    wide: f32,
    deep: f32,
}

/// A short stack of flat ellipsoids makes the waisted block of a vertebral body: height as a share of the pitch, size.
const BLOCK: [(f32, f32); 5] = [
    (-0.27, 1.04),
    (-0.14, 0.97),
    (0.0, 0.94),
    (0.14, 0.97),
    (0.27, 1.04),
];

fn vertebra(parts: &mut Vec<Part>, z: f32, pitch: f32) {
    let [wide, deep] = vertebra_radii(z);
    let vertebra = Vertebra {
        z,
        y: spine_y(z),
        pitch,
        wide,
        deep,
    };
    let disc_z = z - 0.5 * pitch;
    let disc = Shape::ellipsoid(
        [0.0, spine_y(disc_z), disc_z],
        [wide + 1.5, deep + 1.5, pitch * 0.26],
        0.0,
    );
    parts.push(Part::new(disc, 85.0));
    BLOCK
        .iter()
        .for_each(|level| parts.push(Part::new(vertebra.block(*level, 0.0), 480.0)));
    vertebra.arch(parts);
    BLOCK
        .iter()
        .for_each(|level| parts.push(Part::new(vertebra.block(*level, 1.4), 190.0)));
    let core = [wide * 0.9 - 1.4, deep * 0.9 - 1.4, pitch * 0.36];
    parts.push(Part::new(
        Shape::ellipsoid([0.0, vertebra.y, z], core, 0.0),
        185.0,
    ));
    vertebra.canal(parts);
}

impl Vertebra {
    fn block(self, (share, size): (f32, f32), inset: f32) -> Shape {
        let z = self.z + share * self.pitch;
        let radii = [
            self.wide * size - inset,
            self.deep * size - inset,
            self.pitch * 0.16 - inset,
        ];
        Shape::ellipsoid([0.0, spine_y(z), z], radii, 0.0)
    }

    /// Pedicles, laminae, transverse, articular and spinous processes.
    fn arch(self, parts: &mut Vec<Part>) {
        let Self {
            z, y, wide, deep, ..
        } = self;
        for sign in [-1.0, 1.0] {
            let at = |x: f32, dy: f32, dz: f32| -> Point { [sign * x, y + deep + dy, z + dz] };
            let root = at(wide * 0.72, -deep * 0.3, 4.0);
            let rows = [
                ([root, at(wide * 0.8, 8.0, 3.0)], [4.2, 4.2], 1.5),
                (
                    [at(wide * 0.8, 8.0, 2.0), at(2.0, 17.0, -4.0)],
                    [3.2, 3.6],
                    2.2,
                ),
                (
                    [at(wide * 0.9, 9.0, 3.0), at(wide + 17.0, 19.0, 6.0)],
                    [4.4, 4.8],
                    1.0,
                ),
                (
                    [at(wide * 0.85, 11.0, 10.0), at(wide * 0.85, 12.0, -11.0)],
                    [4.0, 4.0],
                    1.0,
                ),
            ];
            for (ends, radii, stretch_z) in rows {
                bone(
                    parts,
                    Shape::Rod {
                        ends,
                        radii,
                        stretch_z,
                    },
                    1.3,
                );
            }
        }
        let ends = [
            [0.0, y + deep + 17.0, z - 4.0],
            [0.0, y + deep + 37.0, z - 19.0],
        ];
        bone(
            parts,
            Shape::Rod {
                ends,
                radii: [2.8, 3.8],
                stretch_z: 1.9,
            },
            1.2,
        );
    }

    /// The canal with the cord.
    fn canal(self, parts: &mut Vec<Part>) {
        for share in [0.35, 0.1, -0.15, -0.4] {
            let z = self.z + share * self.pitch;
            let centre = [0.0, self.deep + 7.5 + spine_y(z), z];
            parts.push(Part::new(
                Shape::ellipsoid(centre, [9.0, 7.6, self.pitch * 0.2], 0.0),
                14.0,
            ));
            parts.push(Part::new(
                Shape::ellipsoid(centre, [4.6, 3.8, self.pitch * 0.24], 0.0),
                42.0,
            ));
        }
    }
}

/// Mid-line of a rib's bone from the spine (`t` = 0) round the chest to its front end (`t` = 1).
pub fn rib_line(side: Side, rib_number: usize, t: f32) -> Point {
    let (_, body_z) = VERTEBRAE[(rib_number + 1).min(VERTEBRAE.len() - 1)];
    let number = rib_number as f32;
    let head_z = body_z + 9.0;
    // Upper ribs are short and close their arc early; floating ribs end at the flank.
    let end_angle = match rib_number {
        1 => 2.25,
        11 => 1.35,
        12 => 0.95,
        _ => 2.5 - 0.035 * (number - 2.0),
    };
    let drop = match rib_number {
        1 => 22.0,
        2 => 42.0,
        _ => 62.0 + 2.0 * (number - 3.0).min(6.0),
    };
    let start_angle = 0.16;
    let angle = start_angle + (end_angle - start_angle) * t;
    let z = head_z - drop * (0.5 * t * t + 0.5 * t) * (end_angle / 2.4);
    let section = cage(z);
    // The thick wall of flank and back leaves room for the rib outside of the pleura.
    let (a, b) = (section.half_width + 6.2, section.half_depth() + 6.2);
    let power = |v: f32| v.abs().powf(0.8) * v.signum();
    let round = [
        a * power(angle.sin()),
        section.centre_y() + b * power(angle.cos()),
        z,
    ];
    // The first centimetres run backwards along the transverse process before the curve begins.
    let head = [16.0, spine_y(head_z) + 9.0, head_z];
    let blend = ((0.16 - t) / 0.16).clamp(0.0, 1.0);
    let p: Point = std::array::from_fn(|i| round[i] + (head[i] - round[i]) * blend * blend);
    [side.sign() * p[0], p[1], p[2]]
}

/// Returns all ribs with their cartilages.
pub fn ribs(broken: Option<RibBreak>) -> Vec<Part> {
    let mut parts = Vec::new();
    for side in [Side::Right, Side::Left] {
        for rib_number in 1..=12 {
            let broken =
                broken.filter(|broken| broken.side == side && broken.rib_number == rib_number);
            rib(&mut parts, side, rib_number, broken);
        }
    }
    parts
}

fn rib(parts: &mut Vec<Part>, side: Side, rib_number: usize, broken: Option<RibBreak>) {
    let n = 44;
    let (radius, stretch_z) = if rib_number == 1 {
        (4.6, 0.75)
    } else {
        (3.3, 1.75)
    };
    let mut pieces = Vec::new();
    for step in 0..n {
        let (t0, t1) = (step as f32 / n as f32, (step + 1) as f32 / n as f32);
        let mut ends = [
            rib_line(side, rib_number, t0),
            rib_line(side, rib_number, t1),
        ];
        if let Some(broken) = broken {
            if t0 <= broken.at && broken.at < t1 {
                continue;
            }
            // The front fragment stands out by a little more than half of the rib's thickness.
            if broken.at < t0 {
                let fade = (1.0 - (t0 - broken.at) / 0.2).max(0.0);
                let outwards = [ends[0][0], ends[0][1] - cage(ends[0][2]).centre_y(), 0.0];
                let size = outwards[0].hypot(outwards[1]).max(1.0);
                ends = ends.map(|end| along(end, outwards, 4.2 * fade / size));
            }
        }
        pieces.push(Shape::Rod {
            ends,
            radii: [radius, radius],
            stretch_z,
        });
    }
    if let Some(broken) = broken {
        let at = rib_line(side, rib_number, broken.at);
        parts.push(Part::within(
            Clip::Skin,
            Shape::ellipsoid(at, [8.0, 8.0, 10.0], 0.0),
            48.0,
        ));
    }
    pieces
        .iter()
        .for_each(|shape| parts.push(Part::new(*shape, CORTEX_HU + 60.0)));
    pieces
        .iter()
        .for_each(|shape| parts.push(Part::new(shape.grown(-1.25), 160.0)));
    if rib_number <= 10 {
        cartilage(parts, side, rib_number, radius);
    }
}

fn cartilage(parts: &mut Vec<Part>, side: Side, rib_number: usize, radius: f32) {
    let from = rib_line(side, rib_number, 1.0);
    let joint_z = match rib_number {
        1 => 44.0,
        2 => 22.0,
        3 => 2.0,
        4 => -17.0,
        5 => -36.0,
        6 => -54.0,
        _ => -72.0 - 3.0 * (rib_number as f32 - 7.0),
    };
    let half_width = sternum_half_width(joint_z).unwrap_or(12.0);
    let to = [
        side.sign() * (half_width + 1.0),
        sternum_y(joint_z),
        joint_z,
    ];
    let n = 10;
    let at = |t: f32| -> Point {
        let straight = along(from, minus(to, from), t);
        let front = cage(straight[2]);
        let share = (straight[0].abs() / (front.half_width + 6.0)).min(0.99);
        let surface =
            front.centre_y() - (front.half_depth() + 6.2) * (1.0 - share.powf(2.5)).powf(0.4);
        [
            straight[0],
            straight[1] + (surface - straight[1]) * (4.0 * t * (1.0 - t)).min(1.0),
            straight[2],
        ]
    };
    for step in 0..n {
        let (t0, t1) = (step as f32 / n as f32, (step + 1) as f32 / n as f32);
        let shape = Shape::Rod {
            ends: [at(t0), at(t1)],
            radii: [radius + 1.2, radius + 1.2],
            stretch_z: 1.5,
        };
        parts.push(Part::within(Clip::Skin, shape, 115.0));
    }
}

/// Returns the breast bone.
pub fn sternum() -> Vec<Part> {
    let mut parts = Vec::new();
    for inside in [false, true] {
        for step in 0..44 {
            let z = 58.0 - 4.0 * step as f32;
            let Some(half_width) = sternum_half_width(z) else {
                continue;
            };
            // The joint between handle and body is cartilage.
            if (13.0..19.0).contains(&z) {
                continue;
            }
            let y = sternum_y(z);
            let reach = (half_width - 5.5).max(0.5);
            let shape = Shape::rod([-reach, y, z], [reach, y, z], 5.6, 5.6);
            let (shape, hu) = if inside {
                (shape.grown(-1.3), 130.0)
            } else {
                (shape, 430.0)
            };
            parts.push(Part::within(Clip::Skin, shape, hu));
        }
    }
    parts
}

/// Returns collar bones, shoulder blades and the heads of the upper arms, arms raised.
pub fn shoulders() -> Vec<Part> {
    let mut parts = Vec::new();
    for sign in [-1.0f32, 1.0] {
        let at = |x: f32, y: f32, z: f32| -> Point { [sign * x, y, z] };
        for (a, b) in [
            ((20.0, -50.0, 62.0), (46.0, -62.0, 74.0)),
            ((46.0, -62.0, 74.0), (84.0, -48.0, 94.0)),
            ((84.0, -48.0, 94.0), (128.0, -6.0, 112.0)),
        ] {
            bone(
                &mut parts,
                Shape::rod(at(a.0, a.1, a.2), at(b.0, b.1, b.2), 6.4, 5.6),
                1.8,
            );
        }
        let (upper, tip, socket) = (
            at(66.0, 86.0, 82.0),
            at(112.0, 90.0, -42.0),
            at(138.0, 36.0, 80.0),
        );
        let blade = Shape::Plate {
            corners: [upper, tip, socket],
            half_thickness: 1.7,
        };
        parts.push(Part::within(Clip::Skin, blade, 560.0));
        for (a, b, radius) in [
            (tip, socket, 3.8),
            (upper, tip, 2.6),
            (at(74.0, 92.0, 62.0), at(128.0, 70.0, 96.0), 4.6),
            (at(128.0, 70.0, 96.0), at(150.0, 36.0, 112.0), 6.0),
            (at(128.0, 46.0, 76.0), at(140.0, 34.0, 82.0), 10.0),
            (at(130.0, 30.0, 92.0), at(112.0, -2.0, 90.0), 5.5),
        ] {
            bone(&mut parts, Shape::rod(a, b, radius, radius), 1.6);
        }
        bone(&mut parts, Shape::sphere(at(158.0, 18.0, 92.0), 21.0), 2.0);
        bone(
            &mut parts,
            Shape::rod(at(158.0, 18.0, 92.0), at(168.0, 2.0, 140.0), 15.0, 12.0),
            3.0,
        );
    }
    parts
}

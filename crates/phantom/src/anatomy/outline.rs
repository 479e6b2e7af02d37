//! How wide and deep the body, the rib cage and the spine are at each height.

/// A smooth curve through `(z, value)` knots that are sorted by falling z.
struct Curve<const N: usize>([(f32, f32); N]);

impl<const N: usize> Curve<N> {
    /// Value at a height, by a Catmull-Rom spline; the end values continue.
    fn at(&self, z: f32) -> f32 {
        let knots = &self.0;
        let Some(after) = knots.iter().position(|knot| knot.0 <= z) else {
            return knots[N - 1].1;
        };
        if after == 0 {
            return knots[0].1;
        }
        let (z0, v0) = knots[after - 1];
        let (z1, v1) = knots[after];
        let before = knots[after.saturating_sub(2)];
        let beyond = knots[(after + 1).min(N - 1)];
        let t = (z - z0) / (z1 - z0);
        let slope = |a: (f32, f32), b: (f32, f32)| {
            if a.0 == b.0 {
                0.0
            } else {
                (b.1 - a.1) / (b.0 - a.0) * (z1 - z0)
            }
        };
        let (m0, m1) = (slope(before, (z1, v1)), slope((z0, v0), beyond));
        let (t2, t3) = (t * t, t * t * t);
        (2.0 * t3 - 3.0 * t2 + 1.0) * v0
            + (t3 - 2.0 * t2 + t) * m0
            + (3.0 * t2 - 2.0 * t3) * v1
            + (t3 - t2) * m1
    }
}

/// A section of a tube: half width and the foremost and hindmost y, mm.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// Half width.
    pub half_width: f32,
    /// Foremost y.
    pub front_y: f32,
    /// Hindmost y.
    pub back_y: f32,
}

impl Section {
    /// Middle between front and back.
    pub fn centre_y(&self) -> f32 {
        0.5 * (self.front_y + self.back_y)
    }

    /// Half depth.
    pub fn half_depth(&self) -> f32 {
        0.5 * (self.back_y - self.front_y)
    }

    /// Signed distance to the border of the section, mm.
    pub fn distance(&self, x: f32, y: f32) -> f32 {
        super::shape::superellipse_distance(
            x,
            y - self.centre_y(),
            self.half_width,
            self.half_depth(),
        )
    }
}

/// Returns the skin at a height, arms raised.
pub fn skin(z: f32) -> Section {
    let half_width = Curve([
        (120.0, 150.0),
        (95.0, 172.0),
        (70.0, 180.0),
        (40.0, 178.0),
        (0.0, 170.0),
        (-60.0, 166.0),
        (-190.0, 163.0),
    ]);
    let front = Curve([
        (120.0, -58.0),
        (95.0, -72.0),
        (70.0, -88.0),
        (40.0, -102.0),
        (0.0, -110.0),
        (-60.0, -114.0),
        (-190.0, -117.0),
    ]);
    let back = Curve([
        (120.0, 98.0),
        (95.0, 108.0),
        (60.0, 115.0),
        (0.0, 117.0),
        (-100.0, 112.0),
        (-190.0, 106.0),
    ]);
    Section {
        half_width: half_width.at(z),
        front_y: front.at(z),
        back_y: back.at(z),
    }
}

/// Returns the inner face of the rib cage at a height: the border of the lungs where they touch it.
pub fn cage(z: f32) -> Section {
    let half_width = Curve([
        (112.0, 8.0),
        (106.0, 30.0),
        (95.0, 50.0),
        (75.0, 74.0),
        (40.0, 99.0),
        (0.0, 116.0),
        (-50.0, 127.0),
        (-110.0, 133.0),
        (-190.0, 133.0),
    ]);
    let front = Curve([
        (112.0, 16.0),
        (106.0, 2.0),
        (95.0, -18.0),
        (75.0, -42.0),
        (40.0, -65.0),
        (0.0, -78.0),
        (-50.0, -87.0),
        (-110.0, -91.0),
        (-190.0, -92.0),
    ]);
    let back = Curve([
        (112.0, 34.0),
        (106.0, 46.0),
        (95.0, 58.0),
        (75.0, 68.0),
        (40.0, 76.0),
        (0.0, 82.0),
        (-60.0, 84.0),
        (-130.0, 82.0),
        (-190.0, 78.0),
    ]);
    Section {
        half_width: half_width.at(z).max(1.0),
        front_y: front.at(z),
        back_y: back.at(z),
    }
}

/// Returns the y of the middle of the vertebral bodies.
pub fn spine_y(z: f32) -> f32 {
    Curve([
        (125.0, 24.0),
        (100.0, 31.0),
        (60.0, 42.0),
        (0.0, 50.0),
        (-60.0, 51.0),
        (-130.0, 45.0),
        (-190.0, 36.0),
    ])
    .at(z)
}

/// Returns the y of the middle of the breast bone.
pub fn sternum_y(z: f32) -> f32 {
    cage(z).front_y - 6.5
}

/// Names and mid-heights of the vertebral bodies in reach of the scan, from the head down.
pub const VERTEBRAE: [(&str, f32); 16] = [
    ("C6", 109.0),
    ("C7", 93.0),
    ("T1", 76.0),
    ("T2", 57.0),
    ("T3", 38.0),
    ("T4", 18.0),
    ("T5", -3.0),
    ("T6", -25.0),
    ("T7", -47.0),
    ("T8", -70.0),
    ("T9", -93.0),
    ("T10", -117.0),
    ("T11", -142.0),
    ("T12", -168.0),
    ("L1", -195.0),
    ("L2", -223.0),
];

/// Returns the height of the right or left dome of the diaphragm over a place, mm, and the steepness there.
pub fn diaphragm(x: f32, y: f32) -> (f32, f32) {
    let dome = |top: f32, x0: f32, y0: f32, wide: f32, deep: f32| {
        let (u, v) = ((x - x0) / wide, (y - y0) / deep);
        let height = top - 50.0 * u * u - 46.0 * v * v;
        (height, (100.0 * u / wide).hypot(92.0 * v / deep))
    };
    let right = dome(-98.0, -64.0, -12.0, 82.0, 78.0);
    let left = dome(-110.0, 70.0, -8.0, 80.0, 76.0);
    // Between the domes the heart rests on the flat middle of the diaphragm, over the liver's left lobe.
    let middle = dome(-110.0, 12.0, -48.0, 66.0, 56.0);
    [left, middle]
        .into_iter()
        .fold(right, |top, next| if top.0 < next.0 { next } else { top })
}

/// Half width of the breast bone at a height; `None` above and below it.
pub fn sternum_half_width(z: f32) -> Option<f32> {
    if !(-118.0..=58.0).contains(&z) {
        return None;
    }
    Some(
        Curve([
            (58.0, 24.0),
            (45.0, 30.0),
            (22.0, 19.0),
            (12.0, 15.0),
            (-60.0, 20.0),
            (-84.0, 15.0),
            (-96.0, 8.0),
            (-118.0, 5.0),
        ])
        .at(z),
    )
}

/// Returns the height of the diaphragm over a place, mm.
pub fn diaphragm_height(x: f32, y: f32) -> f32 {
    diaphragm(x, y).0
}

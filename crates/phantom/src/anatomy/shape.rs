//! Solids with a signed distance: negative inside, positive outside, in mm.

/// A point or direction in the body's own space: x to the left, y to the back, z to the head, mm, carina at z = 0.
pub type Point = [f32; 3];

/// Returns `a - b`.
pub fn minus(a: Point, b: Point) -> Point {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

/// Returns `a + b * factor`.
pub fn along(a: Point, b: Point, factor: f32) -> Point {
    [
        a[0] + b[0] * factor,
        a[1] + b[1] * factor,
        a[2] + b[2] * factor,
    ]
}

/// Returns the inner product.
pub fn dot(a: Point, b: Point) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Returns the length.
pub fn length(a: Point) -> f32 {
    dot(a, a).sqrt()
}

/// Returns the cross product.
pub fn cross(a: Point, b: Point) -> Point {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

/// A solid.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A rod with round ends whose radius changes evenly from end to end.
    Rod {
        /// Ends of the axis.
        ends: [Point; 2],
        /// Radius at each end.
        radii: [f32; 2],
        /// How much taller along z than it is thick.
        stretch_z: f32,
    },
    /// An ellipsoid turned about the z axis.
    Ellipsoid {
        /// Centre.
        centre: Point,
        /// Half axes.
        radii: Point,
        /// Cosine and sine of the turn.
        turn: [f32; 2],
    },
    /// A flat triangle of some thickness.
    Plate {
        /// Corners.
        corners: [Point; 3],
        /// Half of the thickness.
        half_thickness: f32,
    },
}

impl Shape {
    /// Makes a rod of round section.
    pub fn rod(a: Point, b: Point, radius_a: f32, radius_b: f32) -> Self {
        Self::Rod {
            ends: [a, b],
            radii: [radius_a, radius_b],
            stretch_z: 1.0,
        }
    }

    /// Makes a sphere.
    pub fn sphere(centre: Point, radius: f32) -> Self {
        Self::Ellipsoid {
            centre,
            radii: [radius; 3],
            turn: [1.0, 0.0],
        }
    }

    /// Makes an ellipsoid turned by `turn_rad` about z.
    pub fn ellipsoid(centre: Point, radii: Point, turn_rad: f32) -> Self {
        Self::Ellipsoid {
            centre,
            radii,
            turn: [turn_rad.cos(), turn_rad.sin()],
        }
    }

    /// Returns the same solid with its surface moved outwards by `margin` (inwards when negative).
    pub fn grown(self, margin: f32) -> Self {
        match self {
            Self::Rod {
                ends,
                radii,
                stretch_z,
            } => Self::Rod {
                ends,
                radii: radii.map(|radius| (radius + margin).max(0.05)),
                stretch_z,
            },
            Self::Ellipsoid {
                centre,
                radii,
                turn,
            } => Self::Ellipsoid {
                centre,
                radii: radii.map(|radius| (radius + margin).max(0.05)),
                turn,
            },
            Self::Plate {
                corners,
                half_thickness,
            } => Self::Plate {
                corners,
                half_thickness: (half_thickness + margin).max(0.05),
            },
        }
    }

    /// Returns the lower and upper corner of a box round the solid.
    pub fn bounds(&self) -> [Point; 2] {
        match self {
            Self::Rod {
                ends: [a, b],
                radii,
                stretch_z,
            } => {
                let radius = radii[0].max(radii[1]);
                let reach = [radius, radius, radius * stretch_z];
                [
                    std::array::from_fn(|i| a[i].min(b[i]) - reach[i]),
                    std::array::from_fn(|i| a[i].max(b[i]) + reach[i]),
                ]
            }
            Self::Ellipsoid {
                centre,
                radii,
                turn,
            } => {
                let wide = if turn[1] == 0.0 {
                    *radii
                } else {
                    [radii[0].max(radii[1]), radii[0].max(radii[1]), radii[2]]
                };
                [
                    std::array::from_fn(|i| centre[i] - wide[i]),
                    std::array::from_fn(|i| centre[i] + wide[i]),
                ]
            }
            Self::Plate {
                corners: [a, b, c],
                half_thickness,
            } => [
                std::array::from_fn(|i| a[i].min(b[i]).min(c[i]) - half_thickness),
                std::array::from_fn(|i| a[i].max(b[i]).max(c[i]) + half_thickness),
            ],
        }
    }

    /// Returns the signed distance of `p` to the surface: exact for rods of even radius, spheres and plates, close
    /// to it near the surface of the others.
    pub fn distance(&self, p: Point) -> f32 {
        match self {
            Self::Rod {
                ends: [a, b],
                radii,
                stretch_z,
            } => {
                let squeeze = 1.0 / stretch_z;
                let mut axis = minus(*b, *a);
                let mut from_a = minus(p, *a);
                axis[2] *= squeeze;
                from_a[2] *= squeeze;
                let t = (dot(from_a, axis) / dot(axis, axis).max(1e-6)).clamp(0.0, 1.0);
                length(along(from_a, axis, -t)) - (radii[0] + (radii[1] - radii[0]) * t)
            }
            Self::Ellipsoid {
                centre,
                radii,
                turn: [cos, sin],
            } => {
                let [x, y, z] = minus(p, *centre);
                let q = [cos * x + sin * y, cos * y - sin * x, z];
                let scaled = [q[0] / radii[0], q[1] / radii[1], q[2] / radii[2]];
                let twice = [
                    scaled[0] / radii[0],
                    scaled[1] / radii[1],
                    scaled[2] / radii[2],
                ];
                let slope = length(twice);
                if slope < 1e-6 {
                    return -radii[0].min(radii[1]).min(radii[2]);
                }
                let reach = length(scaled);
                reach * (reach - 1.0) / slope
            }
            Self::Plate {
                corners,
                half_thickness,
            } => triangle_distance(*corners, p) - half_thickness,
        }
    }
}

/// Returns the distance of `p` to a triangle: to its plane above the triangle, to the nearest edge elsewhere.
fn triangle_distance([a, b, c]: [Point; 3], p: Point) -> f32 {
    let normal = cross(minus(b, a), minus(c, a));
    let is_beside =
        |from: Point, to: Point| dot(cross(minus(to, from), normal), minus(p, from)) > 0.0;
    if is_beside(a, b) || is_beside(b, c) || is_beside(c, a) {
        let edge = |from: Point, to: Point| Shape::rod(from, to, 0.0, 0.0).distance(p);
        edge(a, b).min(edge(b, c)).min(edge(c, a))
    } else {
        (dot(normal, minus(p, a)) / length(normal).max(1e-6)).abs()
    }
}

/// Returns the distance to a superellipse of exponent 2.5 round the origin, half axes `a` and `b`.
pub fn superellipse_distance(x: f32, y: f32, a: f32, b: f32) -> f32 {
    let (u, v) = (x.abs() / a, y.abs() / b);
    let (su, sv) = (u * u.sqrt(), v * v.sqrt());
    let sum = su * u + sv * v;
    if sum < 1e-4 {
        return -a.min(b);
    }
    let rho = sum.powf(0.4);
    let slope = rho / sum * (su / a).hypot(sv / b);
    (rho - 1.0) / slope
}

/// Returns a blend of minimum and a round fillet of about `reach` mm.
pub fn smooth_min(a: f32, b: f32, reach: f32) -> f32 {
    let h = (reach - (a - b).abs()).max(0.0) / reach;
    a.min(b) - h * h * reach * 0.25
}

/// Returns a blend of maximum and a round fillet of about `reach` mm.
pub fn smooth_max(a: f32, b: f32, reach: f32) -> f32 {
    -smooth_min(-a, -b, reach)
}

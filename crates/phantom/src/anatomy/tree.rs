//! Branching trees that fill a region: vessels and airways of the lungs.

use super::shape::{Point, along, cross, dot, length, minus};
use crate::random::Random;

/// A straight piece of a tree.
#[derive(Clone, Copy, Debug)]
pub struct Twig {
    /// Ends, the one nearer to the root first.
    pub ends: [Point; 2],
    /// Radius at each end, mm.
    pub radii: [f32; 2],
}

/// How thick the pieces of a tree are.
#[derive(Clone, Copy, Debug)]
pub struct Calibre {
    /// Radius of a piece that serves one leaf, mm.
    pub leaf_radius: f32,
    /// Exponent of growth with the number of leaves; 1/3 keeps the sum of cubes at a fork.
    pub exponent: f32,
}

impl Calibre {
    fn radius(self, n_leaves: usize) -> f32 {
        self.leaf_radius * (n_leaves as f32).powf(self.exponent)
    }
}

/// Grows a tree from `root` to all `leaves`: each piece goes part of the way to the middle of the leaves that it
/// serves, then they are parted in two across their widest spread.
pub fn grow(root: Point, leaves: Vec<Point>, calibre: Calibre, random: &mut Random) -> Vec<Twig> {
    let mut twigs = Vec::new();
    let first_radius = calibre.radius(leaves.len());
    let mut pending = vec![(root, first_radius, leaves)];
    while let Some((from, radius, leaves)) = pending.pop() {
        match leaves.as_slice() {
            [] => {}
            [leaf] => twigs.push(Twig {
                ends: [from, *leaf],
                radii: [radius, calibre.leaf_radius * 0.7],
            }),
            _ => {
                let mut middle = [0.0; 3];
                leaves
                    .iter()
                    .for_each(|leaf| middle = along(middle, *leaf, 1.0 / leaves.len() as f32));
                let way = minus(middle, from);
                let mut to = along(from, way, 0.42);
                let sway = 0.08 * length(way);
                to.iter_mut()
                    .for_each(|axis| *axis += sway * random.between(-1.0, 1.0) as f32);
                let own_radius = calibre.radius(leaves.len());
                twigs.push(Twig {
                    ends: [from, to],
                    radii: [radius.min(own_radius * 1.15), own_radius],
                });
                let (near, far) = part(to, way, leaves);
                let radius_of = |side: &Vec<Point>| calibre.radius(side.len());
                let (near_radius, far_radius) = (radius_of(&near), radius_of(&far));
                pending.push((to, near_radius, near));
                pending.push((to, far_radius, far));
            }
        }
    }
    twigs
}

/// Parts leaves into two halves across the direction in which, seen along `way`, they spread most.
fn part(at: Point, way: Point, mut leaves: Vec<Point>) -> (Vec<Point>, Vec<Point>) {
    let helper = if way[2].abs() < 0.8 * length(way) {
        [0.0, 0.0, 1.0]
    } else {
        [1.0, 0.0, 0.0]
    };
    let unit = |v: Point| along([0.0; 3], v, 1.0 / length(v).max(1e-6));
    let (u, v) = {
        let u = unit(cross(way, helper));
        (u, unit(cross(way, u)))
    };
    let (mut uu, mut uv, mut vv) = (0.0, 0.0, 0.0);
    for leaf in &leaves {
        let (a, b) = (dot(minus(*leaf, at), u), dot(minus(*leaf, at), v));
        uu += a * a;
        uv += a * b;
        vv += b * b;
    }
    let angle = 0.5 * (2.0 * uv).atan2(uu - vv);
    let spread = along(along([0.0; 3], u, angle.cos()), v, angle.sin());
    leaves.sort_by(|a, b| dot(*a, spread).total_cmp(&dot(*b, spread)));
    let far = leaves.split_off(leaves.len() / 2);
    (leaves, far)
}

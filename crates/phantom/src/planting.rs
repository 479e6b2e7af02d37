//! Where findings are planted: chosen by seed, with room around them.

use crate::anatomy::lung::{Lobe, Side};
use crate::anatomy::shape::{Point, length, minus};
use crate::anatomy::skeleton::rib_line;
use crate::anatomy::{Body, Effusion, RibBreak, VERTEBRAE, belly, cage, diaphragm_height, spine_y};
use crate::findings::{Finding, Kind, Role};
use crate::random::Random;

fn side(random: &mut Random) -> Side {
    if random.unit() < 0.5 {
        Side::Right
    } else {
        Side::Left
    }
}

fn whole_mm(random: &mut Random, low: f64, high: f64) -> f64 {
    random.between(low, high).round()
}

/// What a new finding has to fit into.
struct Room<'a> {
    body: &'a Body,
    /// Patient mm per mm of the body's own space.
    scale: f64,
    placed: &'a [Finding],
}

/// The choices that must be made before the body is built.
pub(crate) struct Plan {
    random: Random,
    wrong_side: Kind,
    right: Kind,
    negated: Kind,
    /// Break of a rib, when that is the negated finding.
    pub rib_break: Option<RibBreak>,
}

impl Plan {
    /// Chooses the kinds of the findings of `seed`.
    pub fn new(seed: u64) -> Self {
        let mut random = Random::new(seed, 3);
        let wrong_side = [
            Kind::Effusion,
            Kind::Plaque,
            Kind::Consolidation,
            Kind::LungCyst,
        ][random.index(4)];
        let right = [Kind::LiverCyst, Kind::BoneIsland][random.index(2)];
        let negations = [Kind::RibFracture, Kind::LymphNode, Kind::Effusion];
        let negated = negations[random.index(if wrong_side == Kind::Effusion { 2 } else { 3 })];
        let rib_break = (negated == Kind::RibFracture).then(|| RibBreak {
            side: side(&mut random),
            rib_number: 4 + random.index(6),
            at: random.between(0.48, 0.72) as f32,
        });
        Self {
            random,
            wrong_side,
            right,
            negated,
            rib_break,
        }
    }

    /// Finds places for all findings in `body`; `scale` is patient mm per mm of the body's own space.
    pub fn place(mut self, body: &Body, scale: f64) -> Vec<Finding> {
        let mut findings = Vec::new();
        let roles = [
            (Role::WrongSide, self.wrong_side),
            (Role::Negated, self.negated),
            (Role::WrongSize, Kind::Nodule),
            (Role::Missed, Kind::Nodule),
            (Role::Right, self.right),
        ];
        for (role, kind) in roles {
            let room = Room {
                body,
                scale,
                placed: &findings,
            };
            let finding = self.finding(role, kind, &room);
            findings.push(finding);
        }
        let order = [
            Role::Missed,
            Role::WrongSize,
            Role::WrongSide,
            Role::Right,
            Role::Negated,
        ];
        findings.sort_by_key(|finding| order.iter().position(|role| *role == finding.role));
        for (idx, finding) in findings.iter_mut().enumerate() {
            finding.id = format!("F{}", idx + 1);
        }
        findings
    }

    fn finding(&mut self, role: Role, kind: Kind, room: &Room) -> Finding {
        let random = &mut self.random;
        let blank = Finding {
            id: String::new(),
            role,
            kind,
            side: None,
            lobe: None,
            level: String::new(),
            centre: [0.0; 3],
            extent_mm: [0.0; 3],
            turn_rad: 0.0,
            hu: 0.0,
            reported_mm: None,
            prior_share: 0.0,
        };
        match kind {
            Kind::Nodule => nodule(blank, random, room),
            Kind::LungCyst => lung_cyst(blank, random, room),
            Kind::Consolidation => consolidation(blank, random, room),
            Kind::Effusion => effusion(blank, random, room),
            Kind::Plaque => plaque(blank, random),
            Kind::LiverCyst => liver_cyst(blank, random, room.scale),
            Kind::BoneIsland => bone_island(blank, random),
            Kind::RibFracture => {
                let broken = self.rib_break.unwrap_or(RibBreak {
                    side: Side::Right,
                    rib_number: 6,
                    at: 0.6,
                });
                Finding {
                    side: Some(broken.side),
                    level: ordinal(broken.rib_number),
                    centre: rib_line(broken.side, broken.rib_number, broken.at),
                    extent_mm: [0.0; 3],
                    hu: 48.0,
                    ..blank
                }
            }
            Kind::LymphNode => lymph_node(blank, random),
        }
    }
}

fn nodule(blank: Finding, random: &mut Random, room: &Room) -> Finding {
    let taken: Vec<Lobe> = room
        .placed
        .iter()
        .filter_map(|finding| finding.lobe)
        .collect();
    let free: Vec<Lobe> = Lobe::ALL
        .into_iter()
        .filter(|lobe| !taken.contains(lobe))
        .collect();
    let lobe = free[random.index(free.len())];
    let is_missed = blank.role == Role::Missed;
    let size = if is_missed {
        random.between(6.0, 9.0)
    } else {
        random.between(13.0, 19.0)
    };
    let size = (size * 2.0).round() / 2.0;
    let prior_share = match (is_missed, random.unit() < 0.5) {
        (true, true) => 0.0,
        (true, false) => 0.6,
        (false, _) => 0.9,
    };
    let reported_mm = (!is_missed).then(|| (size * random.between(0.55, 0.66)).round());
    let finding = Finding {
        extent_mm: [size; 3],
        hu: 38.0,
        prior_share,
        reported_mm,
        ..blank
    };
    in_lung(finding, lobe, random, room)
}

/// Puts a finding where the lobe has most room for it among a few hundred places.
fn in_lung(finding: Finding, lobe: Lobe, random: &mut Random, room: &Room) -> Finding {
    let reach = finding
        .extent_mm
        .iter()
        .fold(0.0f64, |most, extent| most.max(*extent))
        * 0.5
        / room.scale;
    let mut best: Option<(f32, Point)> = None;
    let mut n_tried = 0;
    while n_tried < 400 {
        let p: Point = [
            lobe.side().sign() * random.between(30.0, 120.0) as f32,
            random.between(-75.0, 76.0) as f32,
            random.between(-125.0, 88.0) as f32,
        ];
        if Lobe::of(p) != lobe {
            continue;
        }
        n_tried += 1;
        let apart = room
            .placed
            .iter()
            .map(|other| length(minus(p, other.centre)) - 34.0)
            .fold(f32::MAX, f32::min);
        // Enough room is enough: otherwise every lesion would sit at the one most spacious place of its lobe.
        let space =
            (room.body.lung_clearance(p).min(apart) - reach as f32).min(2.5 + random.unit() as f32);
        if best.is_none_or(|(most, _)| most < space) {
            best = Some((space, p));
        }
    }
    let centre = best.map_or([lobe.side().sign() * 70.0, 0.0, 0.0], |(_, p)| p);
    Finding {
        side: Some(lobe.side()),
        lobe: Some(lobe),
        centre,
        ..finding
    }
}

fn lung_cyst(blank: Finding, random: &mut Random, room: &Room) -> Finding {
    let size = whole_mm(random, 14.0, 22.0);
    let lobe = [Lobe::RightUpper, Lobe::LeftUpper][random.index(2)];
    let reported_mm = Some(size);
    let finding = Finding {
        extent_mm: [size; 3],
        hu: -985.0,
        prior_share: 1.0,
        reported_mm,
        ..blank
    };
    in_lung(finding, lobe, random, room)
}

fn consolidation(blank: Finding, random: &mut Random, room: &Room) -> Finding {
    let lobe = [Lobe::RightLower, Lobe::LeftLower][random.index(2)];
    let extent_mm = [
        whole_mm(random, 26.0, 32.0),
        whole_mm(random, 20.0, 25.0),
        whole_mm(random, 20.0, 26.0),
    ];
    in_lung(
        Finding {
            extent_mm,
            hu: 28.0,
            ..blank
        },
        lobe,
        random,
        room,
    )
}

fn effusion(blank: Finding, random: &mut Random, room: &Room) -> Finding {
    let side = side(random);
    let depth_mm = whole_mm(random, 13.0, 19.0);
    let z = random.between(-122.0, -108.0) as f32;
    let y = Effusion::pleura_y(z) - (0.5 * depth_mm / room.scale) as f32;
    // Not on the side of a consolidation: its lower lobe would be half drowned.
    let is_taken = room
        .placed
        .iter()
        .any(|other| other.kind == Kind::Consolidation && other.side == Some(side));
    let side = if is_taken { side.other() } else { side };
    let centre = [side.sign() * Effusion::GUTTER_X, y, z];
    Finding {
        side: Some(side),
        centre,
        extent_mm: [0.0, depth_mm, 0.0],
        hu: 9.0,
        ..blank
    }
}

fn plaque(blank: Finding, random: &mut Random) -> Finding {
    let side = side(random);
    let z = random.between(-85.0, -55.0) as f32;
    let angle = random.between(0.9, 1.25) as f32;
    let section = cage(z);
    let power = |v: f32| v.abs().powf(0.8) * v.signum();
    let (a, b) = (section.half_width - 2.0, section.half_depth() - 2.0);
    let centre = [
        side.sign() * a * power(angle.sin()),
        section.centre_y() + b * power(angle.cos()),
        z,
    ];
    let normal = [(angle.sin().powf(1.2)) / a, (angle.cos().powf(1.2)) / b];
    let turn_rad = normal[1].atan2(side.sign() * normal[0]) - std::f32::consts::FRAC_PI_2;
    let extent_mm = [
        whole_mm(random, 22.0, 30.0),
        5.0,
        whole_mm(random, 18.0, 24.0),
    ];
    let reported_mm = Some(extent_mm[0]);
    Finding {
        side: Some(side),
        centre,
        extent_mm,
        turn_rad,
        hu: 430.0,
        reported_mm,
        prior_share: 1.0,
        ..blank
    }
}

fn liver_cyst(blank: Finding, random: &mut Random, scale: f64) -> Finding {
    let size = whole_mm(random, 14.0, 26.0);
    let reach = (0.5 * size / scale) as f32;
    let [bulk, ..] = belly::liver();
    let vessels = belly::liver_vessels();
    let mut best = (f32::MIN, [-80.0, 0.0, -155.0]);
    for _ in 0..300 {
        let p: Point = [
            random.between(-115.0, -40.0) as f32,
            random.between(-60.0, 55.0) as f32,
            random.between(-165.0, -125.0) as f32,
        ];
        let to_vessel = vessels
            .iter()
            .map(|shape| shape.distance(p))
            .fold(f32::MAX, f32::min);
        let under_dome = diaphragm_height(p[0], p[1]) - p[2] - 6.0;
        let in_cage = -cage(p[2]).distance(p[0], p[1]) - 9.0;
        let room = (-bulk.distance(p))
            .min(to_vessel)
            .min(under_dome * 0.8)
            .min(in_cage)
            .min(p[2] + 182.0)
            - reach;
        if best.0 < room.min(2.0) {
            best = (room.min(2.0), p);
        }
    }
    let [_, y, z] = best.1;
    let segment = match (0.0 < y, -148.0 < z) {
        (true, true) => "segment VII",
        (true, false) => "segment VI",
        (false, true) => "segment VIII",
        (false, false) => "segment V",
    };
    Finding {
        side: Some(Side::Right),
        level: segment.into(),
        centre: best.1,
        extent_mm: [size; 3],
        hu: 6.0,
        reported_mm: Some(size),
        prior_share: 1.0,
        ..blank
    }
}

fn bone_island(blank: Finding, random: &mut Random) -> Finding {
    let (name, z) = VERTEBRAE[6 + random.index(6)];
    let size = whole_mm(random, 7.0, 10.0);
    let centre = [
        random.between(-5.0, 5.0) as f32,
        spine_y(z) - random.between(0.0, 3.0) as f32,
        z,
    ];
    let reported_mm = Some(size);
    Finding {
        level: name.into(),
        centre,
        extent_mm: [size; 3],
        hu: 950.0,
        reported_mm,
        prior_share: 1.0,
        ..blank
    }
}

fn lymph_node(blank: Finding, random: &mut Random) -> Finding {
    let (side, centre, level) = if random.unit() < 0.5 {
        (Side::Right, [-15.0, -5.0, 24.0], "station 4R")
    } else {
        (Side::Left, [32.0, -9.0, 20.0], "station 5")
    };
    let short = whole_mm(random, 14.0, 16.0);
    Finding {
        side: Some(side),
        level: level.into(),
        centre,
        extent_mm: [short + 2.0, short, short + 5.0],
        hu: 70.0,
        ..blank
    }
}

/// Writes a number as `4th`.
pub(crate) fn ordinal(number: usize) -> String {
    let ending = match number {
        1 => "st",
        2 => "nd",
        3 => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

use crate::{PatientVector, PlaneFrame};

/// The letters at the four edges of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EdgeLetters {
    /// Towards the picture's left edge.
    pub left: String,
    /// Towards the picture's right edge.
    pub right: String,
    /// Towards the picture's top edge.
    pub top: String,
    /// Towards the picture's bottom edge.
    pub bottom: String,
}

impl EdgeLetters {
    /// A picture that has sides which nobody states: question marks, so that no side is taken for granted.
    pub fn unknown() -> Self {
        Self {
            left: "?".into(),
            right: "?".into(),
            top: String::new(),
            bottom: String::new(),
        }
    }
}

/// The letters R L A P S I of a direction, the strongest first, up to three; components under about 11° of arc
/// (0.2) are left out. A direction that is not finite or zero gives "?".
pub fn direction_letters(direction: PatientVector) -> String {
    let Some(unit) = direction.unit() else {
        return "?".into();
    };
    let mut parts: Vec<(f64, char)> = [
        (unit.x_mm, 'L', 'R'),
        (unit.y_mm, 'P', 'A'),
        (unit.z_mm, 'S', 'I'),
    ]
    .into_iter()
    .filter(|(c, ..)| 0.2 < c.abs())
    .map(|(c, positive, negative)| (c.abs(), if 0.0 < c { positive } else { negative }))
    .collect();
    parts.sort_by(|a, b| b.0.total_cmp(&a.0));
    parts.into_iter().map(|(_, letter)| letter).collect()
}

/// The letters of a picture, from its final directions on the screen only.
pub fn edge_letters(frame: &PlaneFrame) -> EdgeLetters {
    let right = frame.right();
    EdgeLetters {
        left: direction_letters(-right),
        right: direction_letters(right),
        top: direction_letters(frame.up),
        bottom: direction_letters(-frame.up),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::Orientation;

    fn axis(axis_idx: usize, sign: f64) -> PatientVector {
        let mut v = [0.0; 3];
        v[axis_idx] = sign;
        v.into()
    }

    /// The letter of a signed axis, written down from PS3.3 C.7.6.1.1.1 and not from the code above.
    fn letter(axis_idx: usize, sign: f64) -> &'static str {
        [["R", "L"], ["A", "P"], ["I", "S"]][axis_idx][usize::from(0.0 < sign)]
    }

    #[test]
    fn all_48_signed_axis_permutations_get_their_letters() {
        let mut n_checked = 0;
        for (a, b, c) in [
            (0, 1, 2),
            (0, 2, 1),
            (1, 0, 2),
            (1, 2, 0),
            (2, 0, 1),
            (2, 1, 0),
        ] {
            for signs in 0..8 {
                let sign = |bit: i32| if signs >> bit & 1 == 0 { 1.0 } else { -1.0 };
                // The third signed axis is what a screen may be mirrored by: letters follow right and up alone.
                let (up, right) = (axis(a, sign(0)), axis(b, sign(1)));
                let frame = PlaneFrame::new(up.cross(right), up).unwrap();
                assert!(
                    (frame.right() - right).length_mm() < 1e-15,
                    "right = away × up"
                );
                let letters = edge_letters(&frame);
                assert_eq!(letters.top, letter(a, sign(0)));
                assert_eq!(letters.bottom, letter(a, -sign(0)));
                assert_eq!(letters.right, letter(b, sign(1)));
                assert_eq!(letters.left, letter(b, -sign(1)));
                assert_eq!(direction_letters(axis(c, sign(2))), letter(c, sign(2)));
                n_checked += 1;
            }
        }
        assert_eq!(n_checked, 48);
    }

    #[test]
    fn standard_views_show_the_patients_right_on_the_left() {
        for (orientation, left, right, top, bottom) in [
            (Orientation::Axial, "R", "L", "A", "P"),
            (Orientation::Coronal, "R", "L", "S", "I"),
            (Orientation::Sagittal, "A", "P", "S", "I"),
        ] {
            let letters = edge_letters(&orientation.frame());
            let got = [&letters.left, &letters.right, &letters.top, &letters.bottom];
            assert_eq!(got, [left, right, top, bottom], "{orientation:?}");
        }
    }

    #[test]
    fn oblique_directions_name_the_strongest_axis_first() {
        for (direction, expected) in [
            ([1.0, 0.1, 0.0], "L"),
            ([1.0, 0.5, 0.0], "LP"),
            ([-0.5, -1.0, 0.3], "ARS"),
            ([0.3, -0.5, -1.0], "IAL"),
            ([0.0, 0.0, 0.0], "?"),
            ([f64::NAN, 0.0, 1.0], "?"),
        ] {
            assert_eq!(
                direction_letters(direction.into()),
                expected,
                "{direction:?}"
            );
        }
    }
}

use crate::{EdgeLetters, PatientVector, PlaneFrame, direction_letters};

/// The directions of a picture as its Patient Orientation states them: sides without a place (PS3.3 C.7.6.1.1.1).
///
/// Projections have no other: they tell left from right, and nothing about millimetres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StatedDirections {
    along_row: PatientVector,
    along_column: PatientVector,
}

/// What the second and the third letter weigh against the first.
const WEIGHTS: [f64; 3] = [1.0, 0.6, 0.36];
/// Two directions whose cosine is larger are no rows and columns of one picture.
const MOST_ALIKE: f64 = 0.5;

impl StatedDirections {
    /// From the two values, each of up to three of the letters L R A P H F, the strongest first; for instance `A` and
    /// `FL`. `None` when one is empty, has other letters, or both lie along the same axis.
    pub fn from_terms(along_row: &str, along_column: &str) -> Option<Self> {
        let (row, column) = (direction(along_row)?, direction(along_column)?);
        (row.dot(column).abs() <= MOST_ALIKE).then_some(Self {
            along_row: row,
            along_column: column,
        })
    }

    /// The letters at the edges of the picture as it lies on the screen: `frame` in the picture's own space, x along its
    /// rows and y along its columns, so that turned and mirrored pictures keep their sides.
    pub fn edge_letters(&self, frame: &PlaneFrame) -> EdgeLetters {
        let [right, up] = [frame.right(), frame.up].map(|on_picture| {
            self.along_row * on_picture.x_mm + self.along_column * on_picture.y_mm
        });
        EdgeLetters {
            left: direction_letters(-right),
            right: direction_letters(right),
            top: direction_letters(up),
            bottom: direction_letters(-up),
        }
    }
}

fn direction(term: &str) -> Option<PatientVector> {
    let mut sum = PatientVector::default();
    let term = term.trim();
    if term.is_empty() || WEIGHTS.len() < term.len() {
        return None;
    }
    for (letter, weight) in term.chars().zip(WEIGHTS) {
        let axis = match letter.to_ascii_uppercase() {
            'L' => [1.0, 0.0, 0.0],
            'R' => [-1.0, 0.0, 0.0],
            'P' => [0.0, 1.0, 0.0],
            'A' => [0.0, -1.0, 0.0],
            'H' => [0.0, 0.0, 1.0],
            'F' => [0.0, 0.0, -1.0],
            _ => return None,
        };
        sum = sum + PatientVector::from(axis) * weight;
    }
    sum.unit()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn frame(right: [f64; 2], up: [f64; 2]) -> PlaneFrame {
        let vector = |[x, y]: [f64; 2]| PatientVector::new(x, y, 0.0);
        // right = away × up
        let away = vector(up).cross(vector(right));
        PlaneFrame {
            away,
            up: vector(up),
        }
    }

    #[test]
    fn a_picture_as_it_was_sent_has_the_letters_of_its_attribute() {
        // Patient Orientation, then left, right, top, bottom.
        for (terms, edges) in [
            (["L", "F"], ["R", "L", "S", "I"]),
            (["R", "F"], ["L", "R", "S", "I"]),
            (["A", "R"], ["P", "A", "L", "R"]),
            (["P", "L"], ["A", "P", "R", "L"]),
            (["A", "FR"], ["P", "A", "SL", "IR"]),
            (["P", "FL"], ["A", "P", "SR", "IL"]),
            (["p ", " f"], ["A", "P", "S", "I"]),
        ] {
            let stated = StatedDirections::from_terms(terms[0], terms[1]).unwrap();
            let got = stated.edge_letters(&frame([1.0, 0.0], [0.0, -1.0]));
            let got = [&got.left, &got.right, &got.top, &got.bottom];
            assert_eq!(got, edges, "{terms:?}");
        }
    }

    #[test]
    fn turned_and_mirrored_pictures_keep_their_sides() {
        let stated = StatedDirections::from_terms("L", "F").unwrap();
        for (right, up, edges) in [
            ([-1.0, 0.0], [0.0, -1.0], ["L", "R", "S", "I"]),
            ([1.0, 0.0], [0.0, 1.0], ["R", "L", "I", "S"]),
            ([0.0, 1.0], [1.0, 0.0], ["S", "I", "L", "R"]),
            ([0.0, -1.0], [-1.0, 0.0], ["I", "S", "R", "L"]),
        ] {
            let got = stated.edge_letters(&frame(right, up));
            let got = [&got.left, &got.right, &got.top, &got.bottom];
            assert_eq!(got, edges, "{right:?} {up:?}");
        }
    }

    #[test]
    fn terms_that_are_no_picture_give_nothing() {
        for terms in [
            ["", "F"],
            ["L", ""],
            ["L", "R"],
            ["L", "L"],
            ["A", "P"],
            ["X", "F"],
            ["LAHF", "F"],
        ] {
            let stated = StatedDirections::from_terms(terms[0], terms[1]);
            assert_eq!(stated, None, "{terms:?}");
        }
    }
}

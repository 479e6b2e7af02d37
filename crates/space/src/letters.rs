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

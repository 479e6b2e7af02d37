use egui::{Pos2, Rect, Vec2, pos2, vec2};

/// Height of a label, points.
pub(crate) const HEIGHT: f32 = 18.0;
/// Distances from the mark that are tried, points; the near ones first.
const REACH: [f32; 3] = [22.0, 44.0, 72.0];
/// Directions that are tried, each with the cost of not being level with the mark.
const AROUND: [(f32, f32, f32); 8] = [
    (1.0, 0.0, 0.0),
    (-1.0, 0.0, 0.0),
    (0.8, -0.8, 2.0),
    (-0.8, -0.8, 2.0),
    (0.8, 0.8, 2.0),
    (-0.8, 0.8, 2.0),
    (0.0, -1.0, 4.0),
    (0.0, 1.0, 4.0),
];

/// Where the label of a mark goes: beside it, away from the middle of the picture, inside the view and off the labels
/// and texts that are there already.
pub(crate) fn place(mark: Rect, width: f32, view: Rect, taken: &[Rect]) -> Rect {
    let inside = view.shrink2(vec2(8.0, 8.0));
    let outward = mark.center() - view.center();
    let candidates = REACH.iter().flat_map(|reach| {
        AROUND.iter().map(move |(x, y, cost)| {
            (
                candidate(mark, width, vec2(*x, *y), *reach),
                vec2(*x, *y),
                cost + reach / 10.0,
            )
        })
    });
    let score = |rect: Rect, direction: Vec2, cost: f32| {
        let covered: f32 = taken
            .iter()
            .map(|other| overlap(rect.expand(4.0), *other))
            .sum();
        let lost = rect.area() - overlap(rect, inside);
        let inward = -(direction.dot(outward) / outward.length().max(1.0)).min(0.0);
        lost * 10.0 + covered * 5.0 + inward * 12.0 + cost
    };
    let best = candidates.min_by(|a, b| score(a.0, a.1, a.2).total_cmp(&score(b.0, b.1, b.2)));
    let rect = best.map_or(mark, |(rect, ..)| rect);
    into(rect, inside)
}

fn candidate(mark: Rect, width: f32, direction: Vec2, reach: f32) -> Rect {
    let size = vec2(width, HEIGHT);
    let edge = mark.center() + direction * (mark.size() / 2.0);
    let centre = edge + direction * reach + direction * size / 2.0;
    Rect::from_center_size(centre, size)
}

fn overlap(a: Rect, b: Rect) -> f32 {
    let both = a.intersect(b);
    if both.is_positive() { both.area() } else { 0.0 }
}

/// The rectangle moved inside another, as far as it fits.
fn into(rect: Rect, inside: Rect) -> Rect {
    let x = rect
        .left()
        .min(inside.right() - rect.width())
        .max(inside.left());
    let y = rect
        .top()
        .min(inside.bottom() - rect.height())
        .max(inside.top());
    Rect::from_min_size(pos2(x, y), rect.size())
}

/// The point of a rectangle's edge nearest to a place, where a leader begins.
pub(crate) fn nearest_edge(rect: Rect, place: Pos2) -> Pos2 {
    pos2(
        place.x.clamp(rect.left(), rect.right()),
        place.y.clamp(rect.top(), rect.bottom()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view() -> Rect {
        Rect::from_min_size(pos2(0.0, 0.0), vec2(600.0, 400.0))
    }

    #[test]
    fn labels_stay_inside_the_view_wherever_the_mark_is() {
        for (x, y) in [
            (5.0, 5.0),
            (595.0, 395.0),
            (300.0, 200.0),
            (595.0, 5.0),
            (-40.0, 200.0),
        ] {
            let mark = Rect::from_center_size(pos2(x, y), vec2(40.0, 20.0));
            assert!(
                view().contains_rect(place(mark, 110.0, view(), &[])),
                "{x} {y}"
            );
        }
    }

    #[test]
    fn labels_keep_off_each_other() {
        let mark = Rect::from_center_size(pos2(200.0, 200.0), vec2(40.0, 20.0));
        let mut taken: Vec<Rect> = Vec::new();
        for i in 0..6 {
            let rect = place(mark, 110.0, view(), &taken);
            assert!(
                taken.iter().all(|other| overlap(rect, *other) == 0.0),
                "label {i}"
            );
            taken.push(rect);
        }
    }

    #[test]
    fn a_label_goes_away_from_the_middle() {
        let left = Rect::from_center_size(pos2(200.0, 200.0), vec2(40.0, 20.0));
        assert!(place(left, 110.0, view(), &[]).right() < left.left());
        let right = Rect::from_center_size(pos2(420.0, 200.0), vec2(40.0, 20.0));
        assert!(right.right() < place(right, 110.0, view(), &[]).left());
    }
}

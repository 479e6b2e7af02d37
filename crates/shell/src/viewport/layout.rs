use egui::{Rect, pos2};
use session::{LayoutKind, ViewIdx};

use super::on_screen::to_pixels;

/// Black line between views, points.
const GAP: f32 = 2.0;
/// Share of the height that the large view of "one and two" has.
const LARGE_SHARE: f32 = 0.56;

/// The rectangle of each view that shows, on whole pixels, in the order of the layout.
pub(crate) fn cells(
    area: Rect,
    layout: LayoutKind,
    n_views: usize,
    one_up: Option<ViewIdx>,
    pixels_per_point: f32,
) -> Vec<(ViewIdx, Rect)> {
    let snapped = |rect: Rect| to_pixels(rect, pixels_per_point);
    if let Some(idx) = one_up.filter(|idx| idx.0 < n_views) {
        return vec![(idx, snapped(area))];
    }
    let rects = match (layout, n_views) {
        (_, 0) => Vec::new(),
        (_, 1) => vec![area],
        (LayoutKind::OneAndTwo, 3) => {
            let [top, bottom] = rows(area, LARGE_SHARE);
            let [left, right] = columns(bottom);
            vec![top, left, right]
        }
        (LayoutKind::WithPrior, 2) => columns(area).to_vec(),
        (LayoutKind::One | LayoutKind::Mpr | LayoutKind::OneAndTwo | LayoutKind::WithPrior, n) => {
            grid(area, n)
        }
    };
    rects
        .into_iter()
        .enumerate()
        .take(n_views)
        .map(|(i, rect)| (ViewIdx(i), snapped(rect)))
        .collect()
}

fn rows(area: Rect, share: f32) -> [Rect; 2] {
    let middle = area.top() + area.height() * share;
    [
        Rect::from_min_max(area.min, pos2(area.right(), middle - GAP / 2.0)),
        Rect::from_min_max(pos2(area.left(), middle + GAP / 2.0), area.max),
    ]
}

fn columns(area: Rect) -> [Rect; 2] {
    let middle = area.center().x;
    [
        Rect::from_min_max(area.min, pos2(middle - GAP / 2.0, area.bottom())),
        Rect::from_min_max(pos2(middle + GAP / 2.0, area.top()), area.max),
    ]
}

/// As square as it gets, row by row.
fn grid(area: Rect, n: usize) -> Vec<Rect> {
    let n_columns = (n as f32).sqrt().ceil().max(1.0) as usize;
    let n_rows = n.div_ceil(n_columns).max(1);
    let width = (area.width() - GAP * (n_columns as f32 - 1.0)) / n_columns as f32;
    let height = (area.height() - GAP * (n_rows as f32 - 1.0)) / n_rows as f32;
    (0..n)
        .map(|i| {
            let (column, row) = ((i % n_columns) as f32, (i / n_columns) as f32);
            let min = area.min + egui::vec2(column * (width + GAP), row * (height + GAP));
            Rect::from_min_size(min, egui::vec2(width, height))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area() -> Rect {
        Rect::from_min_max(pos2(124.0, 120.0), pos2(1481.0, 1056.0))
    }

    #[test]
    fn views_lie_inside_the_area_and_never_over_each_other() {
        for (layout, n) in [
            (LayoutKind::One, 1),
            (LayoutKind::Mpr, 4),
            (LayoutKind::OneAndTwo, 3),
            (LayoutKind::WithPrior, 2),
            (LayoutKind::Mpr, 3),
        ] {
            for pixels_per_point in [1.0, 1.5] {
                let cells = cells(area(), layout, n, None, pixels_per_point);
                assert_eq!(cells.len(), n, "{layout:?}");
                for (i, (_, a)) in cells.iter().enumerate() {
                    assert!(area().expand(0.5).contains_rect(*a), "{layout:?} {i}");
                    assert!(200.0 < a.width() && 200.0 < a.height(), "{layout:?} {i}");
                    for (_, b) in cells.iter().skip(i + 1) {
                        assert!(
                            !a.shrink(0.5).intersects(b.shrink(0.5)),
                            "{layout:?}: {a:?} {b:?}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn one_up_fills_the_area_with_the_view_it_names() {
        assert_eq!(
            cells(area(), LayoutKind::Mpr, 4, Some(ViewIdx(2)), 1.0),
            vec![(ViewIdx(2), area())]
        );
        // A view that is gone does not blank the screen.
        assert_eq!(
            cells(area(), LayoutKind::Mpr, 4, Some(ViewIdx(9)), 1.0).len(),
            4
        );
    }
}

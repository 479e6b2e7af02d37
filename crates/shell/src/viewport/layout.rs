use egui::{Rect, pos2};
use session::{Arrangement, ViewIdx};

use super::on_screen::to_pixels;

/// Black line between views, points.
const GAP: f32 = 2.0;
/// Share of the height that the large view of "one and two" has.
const LARGE_SHARE: f32 = 0.56;

/// The rectangle of each view that shows, on whole pixels, row by row.
pub(crate) fn cells(
    area: Rect,
    arrangement: Arrangement,
    n_views: usize,
    one_up: Option<ViewIdx>,
    pixels_per_point: f32,
) -> Vec<(ViewIdx, Rect)> {
    let snapped = |rect: Rect| to_pixels(rect, pixels_per_point);
    if let Some(idx) = one_up.filter(|idx| idx.0 < n_views) {
        return vec![(idx, snapped(area))];
    }
    let rects = match arrangement {
        Arrangement::OneAndTwo => {
            let [top, bottom] = rows(area, LARGE_SHARE);
            let mut rects = vec![top];
            rects.extend(grid(bottom, 2, 1));
            rects
        }
        Arrangement::Grid { columns, rows } => grid(area, columns, rows),
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

/// Equal cells, row by row.
fn grid(area: Rect, n_columns: u8, n_rows: u8) -> Vec<Rect> {
    let [columns, rows] = [n_columns, n_rows].map(|n| f32::from(n.max(1)));
    let width = (area.width() - GAP * (columns - 1.0)) / columns;
    let height = (area.height() - GAP * (rows - 1.0)) / rows;
    (0..n_rows)
        .flat_map(|row| (0..n_columns).map(move |column| [column, row].map(f32::from)))
        .map(|[column, row]| {
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
    fn views_fill_the_area_without_overlap_in_every_arrangement() {
        let grids = (1..=4).flat_map(|c| (1..=4).map(move |r| Arrangement::grid(c, r)));
        for arrangement in grids.chain([Arrangement::OneAndTwo]) {
            for pixels_per_point in [1.0, 1.25, 2.0] {
                let n = arrangement.n_cells();
                let cells = cells(area(), arrangement, n, None, pixels_per_point);
                assert_eq!(cells.len(), n, "{arrangement}");
                let covered: f32 = cells.iter().map(|(_, r)| r.area()).sum();
                assert!(0.96 * area().area() < covered, "{arrangement}");
                for (i, (_, a)) in cells.iter().enumerate() {
                    assert!(area().expand(0.5).contains_rect(*a), "{arrangement} {i}");
                    for (_, b) in cells.iter().skip(i + 1) {
                        assert!(
                            !a.shrink(0.5).intersects(b.shrink(0.5)),
                            "{arrangement}: {a:?} {b:?}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn one_up_fills_the_area_with_the_view_it_names() {
        assert_eq!(
            cells(area(), Arrangement::FOUR, 4, Some(ViewIdx(2)), 1.0),
            vec![(ViewIdx(2), area())]
        );
        // A view that is gone does not blank the screen.
        assert_eq!(
            cells(area(), Arrangement::FOUR, 4, Some(ViewIdx(9)), 1.0).len(),
            4
        );
    }
}

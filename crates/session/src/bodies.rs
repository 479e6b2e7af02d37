//! Bodies of several slices: grown from values, or between outlines.

use case::{Annotation, Geometry};
use space::{PatientPoint, Polygon};
use volume::otsu_range;

use crate::{Session, SessionError, ViewIdx};

impl Session {
    /// Grows a body from an outline: the range is found in it, and it may reach as far to both sides as the outline is wide.
    pub(crate) fn grow_body(
        &mut self,
        view: ViewIdx,
        corners: Vec<PatientPoint>,
    ) -> Result<(), SessionError> {
        let (_, shown) = self.room.shown(view, &self.library).ok_or_else(nothing)?;
        let outline = Polygon::new(&corners).ok_or_else(no_area)?;
        let range =
            otsu_range(&shown.volume, &outline).map_err(|e| SessionError::Usage(e.to_string()))?;
        let (centre, axes) = (outline.centre(), outline.axes());
        let extents = axes.map(|axis| {
            let reach = outline.corners().map(|c| (c - centre).dot(axis).abs());
            2.0 * reach.fold(0.0, f64::max)
        });
        let geometry = Geometry::GrownBody {
            corners,
            low: range.low,
            high: range.high,
            reach_mm: extents[0].max(extents[1]),
        };
        self.add_mark(view, geometry)
    }

    /// Adds an outline to the body of the selected finding in the same series; on the slice of one that is there it takes
    /// its place. Without one a body begins.
    pub(crate) fn add_contour(
        &mut self,
        view: ViewIdx,
        corners: Vec<PatientPoint>,
    ) -> Result<(), SessionError> {
        let (shown_view, shown) = self.room.shown(view, &self.library).ok_or_else(nothing)?;
        let outline = Polygon::new(&corners).ok_or_else(no_area)?;
        let series = shown_view.volume.map(|key| key.series_instance_uid);
        let found = self.case().and_then(|case| {
            let marks = case.read().annotations.iter().rev();
            marks
                .filter(|mark| mark.finding.is_some() && mark.finding == self.selected_finding)
                .filter(|mark| Some(&mark.image.series_instance_uid) == series.as_ref())
                .find_map(|mark| match mark {
                    Annotation {
                        id,
                        geometry: Geometry::ContourBody { contours },
                        ..
                    } => Some((*id, contours.clone())),
                    _ => None,
                })
        });
        let Some((id, mut contours)) = found else {
            let contours = vec![corners];
            return self.add_mark(view, Geometry::ContourBody { contours });
        };
        let [_, _, spacing_mm] = shown.volume.grid.spacing_mm();
        let normal = outline.normal();
        contours.retain(|contour| {
            let other = Polygon::new(contour).map(|other| other.centre());
            other.is_none_or(|at| spacing_mm / 2.0 < (at - outline.centre()).dot(normal).abs())
        });
        contours.push(corners);
        self.reshape(id, Geometry::ContourBody { contours })
    }
}

fn nothing() -> SessionError {
    SessionError::Usage("this view shows no image; put a series into it first".into())
}

fn no_area() -> SessionError {
    SessionError::Usage("the outline has no area; draw it larger and on one slice".into())
}

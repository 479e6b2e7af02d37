//! Bodies of several slices, grown from values or between outlines. Their numbers are counted in the background: until
//! they stand the shape is shown, and nothing is on record.

use std::sync::Arc;

use case::{Annotation, AnnotationId, FindingId, Geometry, MeasuredValue};
use space::{PatientPoint, Polygon};
use volume::{GeometryKind, Grown, GrowthError, Volume, otsu_range};

use crate::jobs::{JobHandle, JobId};
use crate::marking::MarkPlace;
use crate::measure::{ByHand, MeasureError, MeasuredOn, measure_body, say_holes};
use crate::results::JobResult;
use crate::{Session, SessionError, ViewIdx};

/// What the status bar says while a body is counted.
const TITLE_KEY: &str = "job.body";
/// Bodies that may be counted at the same time.
const MAX_COUNTED: usize = 8;

/// A body whose numbers are being counted.
pub(crate) struct CountedBody {
    job: JobId,
    becomes: Becomes,
    /// As it is drawn meanwhile, without numbers. Of a new one the id is not given yet, and the one here is nobody's.
    pub(crate) mark: Annotation,
}

/// What becomes of a body once it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Becomes {
    /// A new mark: of this finding while it is there, else of a new one.
    New(Option<FindingId>),
    /// The new shape of a mark.
    ShapeOf(AnnotationId),
}

/// What is counted.
enum Ask {
    /// Everything in this outline whose value is like those in its middle, as far to both sides as the outline is wide.
    Grow(Vec<PatientPoint>),
    /// A shape that is complete.
    Count(Geometry),
}

/// A body with its numbers.
pub(crate) struct StandingBody {
    geometry: Geometry,
    values: Vec<MeasuredValue>,
    grown: Option<Grown>,
}

/// What the numbers are counted on.
struct CountedOn {
    volume: Arc<Volume>,
    slice_idx: Option<usize>,
    by_hand: Option<ByHand>,
    holes: Vec<usize>,
}

impl Session {
    /// Grows a body from an outline: the range is found in it, and it may reach as far to both sides as the outline is wide.
    pub(crate) fn grow_body(
        &mut self,
        view: ViewIdx,
        corners: Vec<PatientPoint>,
    ) -> Result<(), SessionError> {
        Polygon::new(&corners).ok_or_else(no_area)?;
        let drawn = Geometry::Freehand {
            corners: corners.clone(),
        };
        let place = self.place_of_mark(view, &drawn)?;
        let becomes = Becomes::New(self.finding_of_marks());
        self.count_body(becomes, (drawn, Ask::Grow(corners)), &place)
    }

    /// Adds an outline to the body of the selected finding in the same series; on the slice of one that is there it takes
    /// its place. Without one a body begins.
    pub(crate) fn add_contour(
        &mut self,
        view: ViewIdx,
        corners: Vec<PatientPoint>,
    ) -> Result<(), SessionError> {
        let outline = Polygon::new(&corners).ok_or_else(no_area)?;
        let (_, shown) = self.room.shown(view, &self.library).ok_or_else(nothing)?;
        let [_, _, spacing_mm] = shown.volume.grid.spacing_mm();
        let drawn = Geometry::Freehand {
            corners: corners.clone(),
        };
        let place = self.place_of_mark(view, &drawn)?;
        let (becomes, mut contours) = match self.body_to_go_on_with(&place) {
            Some(found) => found,
            None => (Becomes::New(self.finding_of_marks()), Vec::new()),
        };
        let normal = outline.normal();
        contours.retain(|contour| {
            let other = Polygon::new(contour).map(|other| other.centre());
            other.is_none_or(|at| spacing_mm / 2.0 < (at - outline.centre()).dot(normal).abs())
        });
        contours.push(corners);
        let geometry = Geometry::ContourBody { contours };
        self.count_body(becomes, (geometry.clone(), Ask::Count(geometry)), &place)
    }

    /// Gives a mark the shape of a body, once its numbers stand.
    pub(crate) fn reshape_body(
        &mut self,
        before: &Annotation,
        geometry: Geometry,
        place: &MarkPlace,
    ) -> Result<(), SessionError> {
        let ask = (geometry.clone(), Ask::Count(geometry));
        self.count_body(Becomes::ShapeOf(before.id), ask, place)
    }

    /// The outlines that another one joins, and what becomes of them together: first those that are still counted.
    fn body_to_go_on_with(&self, place: &MarkPlace) -> Option<(Becomes, Vec<Vec<PatientPoint>>)> {
        let series = &place.key.series_instance_uid;
        let of_series = |mark: &Annotation| match &mark.geometry {
            Geometry::ContourBody { contours } if mark.image.series_instance_uid == *series => {
                Some(contours.clone())
            }
            _ => None,
        };
        let belongs = |finding: Option<FindingId>| finding == self.selected_finding;
        let mut counted = self.counted_bodies.iter().rev();
        let counted = counted.find_map(|body| match body.becomes {
            Becomes::New(finding) if !belongs(finding) => None,
            Becomes::ShapeOf(_) if !belongs(body.mark.finding) => None,
            becomes => Some((becomes, of_series(&body.mark)?)),
        });
        counted.or_else(|| {
            let mut marks = self.case()?.read().annotations.iter().rev();
            marks.find_map(|mark| {
                let is_of_selected = mark.finding.is_some() && belongs(mark.finding);
                let contours = of_series(mark).filter(|_| is_of_selected)?;
                Some((Becomes::ShapeOf(mark.id), contours))
            })
        })
    }

    /// Starts to count. What was counted for the same mark, or for outlines that these hold as well, is given up.
    fn count_body(
        &mut self,
        becomes: Becomes,
        (drawn, ask): (Geometry, Ask),
        place: &MarkPlace,
    ) -> Result<(), SessionError> {
        let mark = self.provisional(becomes, drawn, place)?;
        let on = self.counted_on(place, &mark)?;
        let holds = |other: &Annotation| match (&other.geometry, &mark.geometry) {
            (Geometry::ContourBody { contours: old }, Geometry::ContourBody { contours: new }) => {
                old.iter().any(|contour| new.contains(contour))
            }
            _ => false,
        };
        let superseded: Vec<JobId> =
            self.counted_bodies
                .iter()
                .filter(|body| match (body.becomes, becomes) {
                    (Becomes::ShapeOf(old), Becomes::ShapeOf(new)) => old == new,
                    (Becomes::New(_), Becomes::New(_)) => holds(&body.mark),
                    (Becomes::New(_), Becomes::ShapeOf(_))
                    | (Becomes::ShapeOf(_), Becomes::New(_)) => false,
                })
                .map(|body| body.job)
                .collect();
        for job in superseded {
            self.give_up_body(job);
        }
        if MAX_COUNTED <= self.counted_bodies.len() {
            return Err(SessionError::Usage(format!(
                "{MAX_COUNTED} bodies are being counted already; wait until one of them stands"
            )));
        }
        let job = self.jobs.spawn(TITLE_KEY, true, move |job, _| {
            JobResult::Body(match stand(&on, ask, job) {
                Ok(body) => Ok(Box::new(body)),
                Err(MeasureError::Growth(GrowthError::Stopped)) => return JobResult::Stopped,
                Err(error) => Err(error.to_string()),
            })
        });
        if !self.jobs.is_of(job, TITLE_KEY) {
            return Err(SessionError::Usage(
                "this computer has no thread left to count the body; draw it again in a moment"
                    .into(),
            ));
        }
        self.counted_bodies.push(CountedBody { job, becomes, mark });
        Ok(())
    }

    /// The mark as it is shown while it is counted.
    fn provisional(
        &self,
        becomes: Becomes,
        geometry: Geometry,
        place: &MarkPlace,
    ) -> Result<Annotation, SessionError> {
        match becomes {
            Becomes::ShapeOf(id) => Ok(Annotation {
                geometry,
                values: Vec::new(),
                image: self.image_at(place)?,
                ..self.mark(id)?.clone()
            }),
            Becomes::New(finding) => {
                let shelved = self.library.get(&place.key).ok_or_else(nothing)?;
                Ok(Annotation {
                    id: AnnotationId(0),
                    finding,
                    geometry,
                    frame_of_reference_uid: shelved.frame_of_reference.clone(),
                    image: self.image_at(place)?,
                    shown: place.shown.clone(),
                    values: Vec::new(),
                })
            }
        }
    }

    fn counted_on(&self, place: &MarkPlace, mark: &Annotation) -> Result<CountedOn, SessionError> {
        let shelved = self.library.get(&place.key).ok_or_else(nothing)?;
        let is_regular = shelved.volume.kind == GeometryKind::Volume;
        Ok(CountedOn {
            volume: shelved.volume.clone(),
            slice_idx: place.slice_idx.filter(|_| !is_regular),
            by_hand: self.by_hand_on(&mark.image),
            holes: shelved.holes(),
        })
    }

    /// Puts a body that stands on record, as one step.
    pub(crate) fn take_body(
        &mut self,
        job: JobId,
        found: Result<Box<StandingBody>, String>,
    ) -> Result<(), SessionError> {
        let at = self.counted_bodies.iter().position(|body| body.job == job);
        // One that was given up meanwhile.
        let Some(at) = at else { return Ok(()) };
        let counted = self.counted_bodies.remove(at);
        let body = found.map_err(SessionError::Usage)?;
        if let Some(grown) = body.grown {
            self.kept_bodies
                .borrow_mut()
                .keep(body.geometry.clone(), Some(grown), usize::MAX);
        }
        let as_it_stands = Annotation {
            geometry: body.geometry,
            values: body.values,
            ..counted.mark
        };
        let drawn_for = match counted.becomes {
            Becomes::ShapeOf(id) => {
                // Numbers, place and shape are new; all else is as it is by now.
                let annotation = Annotation {
                    geometry: as_it_stands.geometry,
                    values: as_it_stands.values,
                    image: as_it_stands.image,
                    ..self.mark(id)?.clone()
                };
                return self.record(case::Command::EditAnnotation { annotation });
            }
            Becomes::New(drawn_for) => drawn_for,
        };
        let case = self.open_case_ref()?;
        let finding = drawn_for
            .filter(|id| case.finding(*id).is_some())
            .unwrap_or_else(|| case.next_finding_id());
        let annotation = Annotation {
            id: case.next_annotation_id(),
            finding: Some(finding),
            ..as_it_stands
        };
        self.record(case::Command::AddAnnotation { annotation })?;
        self.selected_finding = Some(finding);
        Ok(())
    }

    /// Gives up the body that was drawn last, if one is still counted; did it?
    pub(crate) fn give_up_last_body(&mut self) -> bool {
        let last = self.counted_bodies.last().map(|body| body.job);
        if let Some(job) = last {
            self.give_up_body(job);
        }
        last.is_some()
    }

    /// Gives up what is counted by a job; nothing happens where it counts no body.
    pub(crate) fn give_up_body(&mut self, job: JobId) {
        let n_before = self.counted_bodies.len();
        self.counted_bodies.retain(|body| body.job != job);
        if self.counted_bodies.len() < n_before {
            self.jobs.cancel(job);
        }
    }

    /// Gives up all of them, with the case that they belong to.
    pub(crate) fn give_up_bodies(&mut self) {
        while self.give_up_last_body() {}
    }

    /// # Errors
    /// While a body is counted: what comes now would leave it out.
    pub(crate) fn check_bodies_stand(&self) -> Result<(), SessionError> {
        match self.counted_bodies.is_empty() {
            true => Ok(()),
            false => Err(SessionError::Usage(
                "a body is still being counted; wait until it stands, or undo it".into(),
            )),
        }
    }
}

/// Counts a body.
fn stand(on: &CountedOn, ask: Ask, job: &JobHandle) -> Result<StandingBody, MeasureError> {
    let geometry = match ask {
        Ask::Count(geometry) => geometry,
        Ask::Grow(corners) => grown_from(&on.volume, corners)?,
    };
    let measured_on = MeasuredOn {
        volume: &on.volume,
        slice_idx: on.slice_idx,
        by_hand: on.by_hand,
    };
    let (mut values, grown) = measure_body(&measured_on, &geometry, &|| !job.cancelled())?;
    say_holes(&mut values, &on.volume, &on.holes, &geometry);
    Ok(StandingBody {
        geometry,
        values,
        grown,
    })
}

/// The body that an outline asks for: its range is found inside, and it reaches as far as the outline is wide.
fn grown_from(volume: &Volume, corners: Vec<PatientPoint>) -> Result<Geometry, MeasureError> {
    let outline = Polygon::new(&corners).ok_or(volume::StatisticsError::NoArea)?;
    let range = otsu_range(volume, &outline)?;
    let (centre, axes) = (outline.centre(), outline.axes());
    let extents = axes.map(|axis| {
        let reach = outline.corners().map(|c| (c - centre).dot(axis).abs());
        2.0 * reach.fold(0.0, f64::max)
    });
    Ok(Geometry::GrownBody {
        corners,
        low: range.low,
        high: range.high,
        reach_mm: extents[0].max(extents[1]),
    })
}

fn nothing() -> SessionError {
    SessionError::Usage("this view shows no image; put a series into it first".into())
}

fn no_area() -> SessionError {
    SessionError::Usage("the outline has no area; draw it larger and on one slice".into())
}

//! Numbers of marks through the session, on series whose voxels are known, and on real ones against plain arithmetic.

#![allow(clippy::unwrap_used, missing_docs)]

use std::path::Path;
use std::time::Duration;

use phantom::raw::SeriesSpec;
use session::{
    Actor, Annotation, ChartKind, Command, Copied, Ellipse, Geometry, PatientPoint, PatientVector,
    PicturesBy, ReadCommand, Session, SessionOptions, SpineLabels, SpineOrder, ViewCommand,
    ViewIdx, ViewKind, system_clock,
};

const FIRST: ViewIdx = ViewIdx(0);

struct Bench {
    session: Session,
    _dir: tempfile::TempDir,
}

/// A 32 × 24 × 20 CT, 2 mm pixels, 3 mm slices; each value says where it is: x + 10 y + 100 z of the voxel index.
fn spec() -> SeriesSpec {
    let mut spec = SeriesSpec::ct("marks", 32, 24, 20);
    spec.pixel_spacing_mm = Some([2.0, 2.0]);
    spec.slice_step_mm = [0.0, 0.0, 3.0];
    spec.slice_thickness_mm = Some(3.0);
    spec.slice_positions = Vec::new();
    spec
}

fn open(spec: &SeriesSpec) -> Bench {
    let dir = tempfile::tempdir().unwrap();
    let images = dir.path().join("images");
    std::fs::create_dir_all(&images).unwrap();
    spec.write(&images, |v| {
        (v.col_idx + 10 * v.row_idx + 100 * v.slice_idx) as i64
    })
    .unwrap();
    let mut session = session_on(dir.path(), &images);
    session
        .dispatch(Command::View(ViewCommand::GoToSlice(FIRST, 7)))
        .unwrap();
    Bench { session, _dir: dir }
}

fn session_on(dir: &Path, images: &Path) -> Session {
    let mut session = Session::open(SessionOptions {
        store_dir: dir.join("store"),
        actor: Actor::new("reader"),
        clock: system_clock(),
        trace: None,
        pictures: PicturesBy::Session,
    })
    .unwrap();
    session
        .dispatch(Command::OpenPaths(vec![images.to_path_buf()]))
        .unwrap();
    session.run_until_idle(Duration::from_secs(60)).unwrap();
    session
}

impl Bench {
    fn read(&mut self, command: ReadCommand) {
        self.session.dispatch(Command::Read(command)).unwrap();
        self.settle();
    }

    /// Waits until bodies are counted.
    fn settle(&mut self) {
        self.session
            .run_until_idle(Duration::from_secs(60))
            .unwrap();
    }

    /// Marks on the screen whose numbers are still counted.
    fn n_counted(&mut self) -> usize {
        let snapshot = self.session.snapshot();
        snapshot.views[0]
            .marks
            .iter()
            .filter(|m| m.is_counted)
            .count()
    }

    fn add(&mut self, geometry: Geometry) -> Annotation {
        let view = FIRST;
        self.read(ReadCommand::AddMark { view, geometry });
        self.marks().last().cloned().unwrap()
    }

    fn marks(&self) -> Vec<Annotation> {
        self.session.case().unwrap().read().annotations.clone()
    }

    /// The place of a voxel of the first view's volume.
    fn place(&mut self, voxel: [f64; 3]) -> PatientPoint {
        let snapshot = self.session.snapshot();
        snapshot.views[0]
            .volume
            .as_ref()
            .unwrap()
            .grid
            .patient(voxel)
    }

    fn places(&mut self, slice: f64, corners: &[[f64; 2]]) -> Vec<PatientPoint> {
        let each = corners.iter().map(|[x, y]| self.place([*x, *y, slice]));
        each.collect()
    }
}

fn value(mark: &Annotation, name: &str) -> (f64, String, String) {
    let found = mark.values.iter().find(|v| v.name == name);
    let found = found.unwrap_or_else(|| panic!("no {name} in {:?}", mark.values));
    (found.value, found.unit.clone(), found.source.clone())
}

#[test]
fn outlines_are_counted_at_pixel_centres_and_keep_their_provenance() {
    let mut bench = open(&spec());
    // Columns 4 to 9 and rows 5 to 8 of slice 7, as a polygon and as a trail.
    let corners = bench.places(7.0, &[[3.5, 4.5], [9.5, 4.5], [9.5, 8.5], [3.5, 8.5]]);
    let expected = 6.5 + 65.0 + 700.0;
    for geometry in [
        Geometry::Polygon {
            corners: corners.clone(),
        },
        Geometry::Freehand { corners },
    ] {
        let mark = bench.add(geometry);
        assert_eq!(value(&mark, "mean").0, expected);
        assert_eq!(value(&mark, "median").0, expected);
        assert_eq!(
            value(&mark, "count"),
            (24.0, "voxels".into(), "24 voxels".into())
        );
        let (area, unit, source) = value(&mark, "area");
        assert!((area - 96.0).abs() < 1e-9);
        assert_eq!(
            (unit.as_str(), source.as_str()),
            ("mm2", "Pixel Spacing (0028,0030)")
        );
        assert!((value(&mark, "perimeter").0 - 40.0).abs() < 1e-9);
    }
    let bow = bench.places(7.0, &[[3.0, 4.0], [9.0, 8.0], [9.0, 4.0], [3.0, 8.0]]);
    let mark = bench.add(Geometry::Polygon { corners: bow });
    assert!(
        value(&mark, "area")
            .2
            .ends_with("inside by the even-odd rule")
    );
    assert!((value(&mark, "area").0 - 48.0).abs() < 1e-9);
}

#[test]
fn lines_angles_and_widths_are_those_of_plane_geometry() {
    let mut bench = open(&spec());
    let p = bench.places(7.0, &[[2.0, 2.0], [12.0, 2.0], [2.0, 12.0], [9.0, 19.0]]);
    let path = bench.add(Geometry::Polyline {
        corners: vec![p[0], p[1], p[2]],
    });
    let exact = 20.0 + (20.0f64.powi(2) * 2.0).sqrt();
    assert!((value(&path, "length").0 - exact).abs() < 1e-9);
    let open_angle = bench.add(Geometry::OpenAngle {
        first: [p[1], p[0]],
        second: [p[2], p[3]],
    });
    assert!((value(&open_angle, "angle").0 - 135.0).abs() < 1e-9);
    assert!((value(&open_angle, "supplementary_angle").0 - 45.0).abs() < 1e-9);
    let frame = bench.session.snapshot().views[0].plane.unwrap().frame;
    let ends = bench.places(7.0, &[[8.0, 10.0], [20.0, 11.0], [2.0, 15.0], [26.0, 15.0]]);
    let widths =
        space::CardiothoracicWidths::new([ends[0], ends[1]], [ends[2], ends[3]], &frame).unwrap();
    let ratio = bench.add(Geometry::CardiothoracicRatio(widths));
    assert!((value(&ratio, "cardiothoracic_ratio").0 - 0.5).abs() < 1e-12);
    assert!((value(&ratio, "thorax_width").0 - 48.0).abs() < 1e-9);
    assert_eq!(
        bench.session.snapshot().views[0]
            .marks
            .last()
            .unwrap()
            .label,
        "F1 CTR 0.50"
    );
}

#[test]
fn outlines_on_two_slices_make_one_body_and_a_new_one_takes_the_place_of_the_old() {
    let mut bench = open(&spec());
    let square = [[3.5, 4.5], [9.5, 4.5], [9.5, 8.5], [3.5, 8.5]];
    for (n_drawn, (slice, n_outlines)) in [(4.0, 1), (8.0, 2), (8.0, 2)].into_iter().enumerate() {
        let mut corners = bench.places(slice, &square);
        // The same outline from another corner is a new one.
        corners.rotate_left(n_drawn);
        let view = FIRST;
        bench.read(ReadCommand::AddContour { view, corners });
        let marks = bench.marks();
        assert_eq!(marks.len(), 1);
        assert_eq!(value(&marks[0], "count").0, f64::from(n_outlines));
    }
    let mark = bench.marks().remove(0);
    // Five slices of 3 mm of 12 × 8 mm.
    let (ml, unit, source) = value(&mark, "volume");
    assert!((ml - 1.44).abs() < 0.015, "{ml}");
    assert_eq!(unit, "ml");
    assert!(
        source.contains("2 outlines drawn, 3 interpolated"),
        "{source}"
    );
    bench.session.dispatch(Command::Undo).unwrap();
    bench.session.dispatch(Command::Undo).unwrap();
    assert!(matches!(
        &bench.marks()[0].geometry,
        Geometry::ContourBody { contours } if contours.len() == 1
    ));
}

#[test]
fn a_body_grows_from_the_values_in_its_outline() {
    // A block of 200 on a ground of 0: columns 10 to 15, rows 8 to 13, slices 5 to 9.
    let dir = tempfile::tempdir().unwrap();
    let images = dir.path().join("images");
    std::fs::create_dir_all(&images).unwrap();
    let inside = |c: usize, r: usize, s: usize| {
        (10..=15).contains(&c) && (8..=13).contains(&r) && (5..=9).contains(&s)
    };
    spec()
        .write(&images, |v| {
            if inside(v.col_idx, v.row_idx, v.slice_idx) {
                200
            } else {
                0
            }
        })
        .unwrap();
    let session = session_on(dir.path(), &images);
    let mut bench = Bench { session, _dir: dir };
    let corners = bench.places(7.0, &[[6.0, 4.0], [20.0, 4.0], [20.0, 18.0], [6.0, 18.0]]);
    let view = FIRST;
    bench.read(ReadCommand::GrowBody { view, corners });
    let mark = bench.marks().remove(0);
    let (ml, _, source) = value(&mark, "volume");
    assert!((ml - (6 * 6 * 5 * 12) as f64 / 1000.0).abs() < 1e-9, "{ml}");
    assert_eq!(value(&mark, "count").0, 180.0);
    assert!(
        source.contains("slices 6 to 10") && !source.contains("cut off"),
        "{source}"
    );
}

#[test]
fn a_body_is_on_no_record_before_it_stands() {
    let mut bench = open(&spec());
    let square = [[3.5, 4.5], [9.5, 4.5], [9.5, 8.5], [3.5, 8.5]];
    let view = FIRST;
    let grow = |corners| Command::Read(ReadCommand::GrowBody { view, corners });
    let corners = bench.places(7.0, &square);
    bench.session.dispatch(grow(corners.clone())).unwrap();
    assert!(bench.marks().is_empty());
    assert_eq!(bench.n_counted(), 1, "it is seen at once");
    let seal = bench.session.dispatch(Command::Read(ReadCommand::Seal));
    assert!(
        seal.unwrap_err()
            .to_string()
            .contains("still being counted")
    );
    bench.settle();
    assert_eq!((bench.marks().len(), bench.n_counted()), (1, 0));
    // The body, its finding and its numbers are one step.
    bench.session.dispatch(Command::Undo).unwrap();
    assert!(bench.marks().is_empty());
    assert!(bench.session.case().unwrap().read().findings.is_empty());
    // What is taken back before it stands comes to nothing, and says nothing.
    let n_notices = bench.session.snapshot().notices.len();
    bench.session.dispatch(grow(corners)).unwrap();
    bench.session.dispatch(Command::Undo).unwrap();
    assert_eq!(bench.n_counted(), 0);
    bench.settle();
    assert!(bench.marks().is_empty());
    assert_eq!(bench.session.snapshot().notices.len(), n_notices);
}

#[test]
fn an_outline_drawn_while_the_last_is_counted_joins_it() {
    let mut bench = open(&spec());
    let square = [[3.5, 4.5], [9.5, 4.5], [9.5, 8.5], [3.5, 8.5]];
    let view = FIRST;
    for slice in [4.0, 8.0] {
        let corners = bench.places(slice, &square);
        let add = Command::Read(ReadCommand::AddContour { view, corners });
        bench.session.dispatch(add).unwrap();
    }
    assert_eq!(bench.marks().len(), 0);
    bench.settle();
    let marks = bench.marks();
    assert_eq!(marks.len(), 1, "one body of two outlines");
    assert_eq!(value(&marks[0], "count").0, 2.0);
    // A body that is moved twice has the last place only, in one step of the record.
    let id = marks[0].id;
    for _ in 0..2 {
        let by = PatientVector::new(2.0, 0.0, 0.0);
        let to = Command::Read(ReadCommand::ReshapeMark {
            id,
            geometry: bench.marks()[0].geometry.moved(by),
        });
        bench.session.dispatch(to).unwrap();
    }
    bench.settle();
    assert_ne!(bench.marks()[0].geometry, marks[0].geometry);
    bench.session.dispatch(Command::Undo).unwrap();
    assert_eq!(bench.marks(), marks);
}

#[test]
fn a_body_that_cannot_be_grown_says_why_and_leaves_nothing() {
    let mut bench = open(&spec());
    // Between the middles of the pixels there is no value to grow from.
    let square = [[3.2, 4.2], [3.8, 4.2], [3.8, 4.8], [3.2, 4.8]];
    let corners = bench.places(7.0, &square);
    bench.read(ReadCommand::GrowBody {
        view: FIRST,
        corners,
    });
    assert!(bench.marks().is_empty());
    assert_eq!(bench.n_counted(), 0);
    assert!(!bench.session.snapshot().notices.is_empty());
}

#[test]
fn a_known_length_holds_for_its_image_alone_and_undo_takes_back_all_that_rests_on_it() {
    let mut spec = SeriesSpec::ct("plain", 64, 48, 2);
    spec.pixel_spacing_mm = None;
    spec.modality = "OT".into();
    spec.sop_class_uid = "1.2.840.10008.5.1.4.1.1.7".into();
    spec.frame_of_reference_uid = None;
    spec.extra.put(phantom::tags::IMAGE_POSITION_PATIENT, "");
    spec.extra.put(phantom::tags::IMAGE_ORIENTATION_PATIENT, "");
    let mut bench = open(&spec);
    assert_eq!(bench.session.snapshot().views[0].kind, ViewKind::Stack);
    let line = |bench: &mut Bench, from: [f64; 2], to: [f64; 2]| {
        let volume = bench.session.snapshot().views[0].volume.clone().unwrap();
        let slice_idx = bench.session.snapshot().views[0].slice[0];
        let map = volume.slice_map(slice_idx).unwrap();
        [from, to].map(|[x, y]| map.apply([x, y, 0.0]))
    };
    let [from, to] = line(&mut bench, [5.0, 5.0], [35.0, 45.0]);
    let before = bench.add(Geometry::Length { from, to });
    assert_eq!(value(&before, "length").1, "px");
    let [a, b] = line(&mut bench, [10.0, 10.0], [30.0, 10.0]);
    bench.read(ReadCommand::AddMark {
        view: FIRST,
        geometry: Geometry::Calibration {
            from: a,
            to: b,
            known_mm: 50.0,
        },
    });
    let calibration = bench.marks().last().cloned().unwrap();
    assert_eq!(calibration.finding, None, "it says what the image is");
    // 50 pixels at 2.5 mm.
    let (length, unit, source) = value(&bench.marks()[0], "length");
    assert!((length - 125.0).abs() < 1e-9);
    assert_eq!(unit, "mm");
    assert_eq!(source, "calibrated by hand with a known length of 50 mm");
    assert!(bench.session.snapshot().views[0].by_hand.is_some());
    let later = bench.add(Geometry::Length { from: a, to: b });
    assert_eq!(value(&later, "length").0, 50.0);
    // The other image knows nothing of it.
    bench
        .session
        .dispatch(Command::View(ViewCommand::GoToSlice(FIRST, 0)))
        .unwrap();
    let other = bench.add(Geometry::Length { from: a, to: b });
    assert_eq!(value(&other, "length").1, "px");
    bench.session.dispatch(Command::Undo).unwrap();
    bench.session.dispatch(Command::Undo).unwrap();
    bench.session.dispatch(Command::Undo).unwrap();
    assert_eq!(
        bench.marks(),
        vec![before],
        "the calibration and the number on it go in one step"
    );
}

#[test]
fn a_calibration_is_refused_where_the_scanner_gave_millimetres_and_for_no_length() {
    let mut bench = open(&spec());
    let ends = bench.places(7.0, &[[2.0, 2.0], [12.0, 2.0]]);
    let calibrate = |known_mm: f64| {
        Command::Read(ReadCommand::AddMark {
            view: FIRST,
            geometry: Geometry::Calibration {
                from: ends[0],
                to: ends[1],
                known_mm,
            },
        })
    };
    let said = bench
        .session
        .dispatch(calibrate(50.0))
        .unwrap_err()
        .to_string();
    assert!(
        said.contains("millimetres in the patient already"),
        "{said}"
    );
    assert!(bench.marks().is_empty());
}

#[test]
fn marks_are_copied_only_where_the_same_place_is_known() {
    let mut bench = open(&spec());
    let ends = bench.places(7.0, &[[2.0, 2.0], [12.0, 2.0]]);
    let mark = bench.add(Geometry::Length {
        from: ends[0],
        to: ends[1],
    });
    let copy = Command::Read(ReadCommand::CopyToPrior(Copied::Mark(mark.id)));
    let said = bench.session.dispatch(copy).unwrap_err().to_string();
    assert!(said.contains("there is no prior"), "{said}");
    for (same_frame, expected) in [(true, Ok(2)), (false, Err("another frame of reference"))] {
        let mut bench = with_prior(same_frame);
        let ends = bench.places(7.0, &[[2.0, 2.0], [12.0, 2.0]]);
        let mark = bench.add(Geometry::Length {
            from: ends[0],
            to: ends[1],
        });
        let copy = Command::Read(ReadCommand::CopyToPrior(Copied::Finding(
            mark.finding.unwrap(),
        )));
        let done = bench.session.dispatch(copy);
        match expected {
            Ok(n_marks) => {
                done.unwrap();
                let marks = bench.marks();
                assert_eq!(marks.len(), n_marks);
                assert_eq!(marks[1].geometry, marks[0].geometry);
                assert_ne!(marks[1].image, marks[0].image);
                assert_eq!(value(&marks[1], "length").0, 20.0);
            }
            Err(words) => {
                let said = done.unwrap_err().to_string();
                assert!(said.contains(words), "{said}");
                assert_eq!(bench.marks().len(), 1);
            }
        }
    }
}

/// A study of today and one of the same patient before, in one frame of reference or in two.
fn with_prior(same_frame: bool) -> Bench {
    let dir = tempfile::tempdir().unwrap();
    let images = dir.path().join("images");
    let mut before = SeriesSpec {
        frame_of_reference_uid: spec().frame_of_reference_uid,
        ..spec()
    };
    let other = SeriesSpec::ct("marks before", 32, 24, 20);
    before.study_uid = other.study_uid;
    before.series_uid = other.series_uid;
    before.study_date = "20240105".into();
    if !same_frame {
        before.frame_of_reference_uid = other.frame_of_reference_uid;
    }
    let now = spec();
    for (name, spec) in [("now", now), ("before", before)] {
        let folder = images.join(name);
        std::fs::create_dir_all(&folder).unwrap();
        spec.write(&folder, |v| v.col_idx as i64).unwrap();
    }
    let session = session_on(dir.path(), &images);
    Bench { session, _dir: dir }
}

#[test]
fn the_next_level_of_the_spine_is_proposed_in_either_order() {
    let mut bench = open(&spec());
    for (order, start, expected) in [
        (SpineOrder::Down, "T11", ["T11", "T12", "L1"]),
        (SpineOrder::Up, "S1", ["S1", "L5", "L4"]),
    ] {
        let spine = SpineLabels {
            next: start.parse().unwrap(),
            order,
        };
        bench
            .session
            .dispatch(Command::View(ViewCommand::SetSpine(spine)))
            .unwrap();
        for (k, name) in expected.into_iter().enumerate() {
            let at = bench.places(7.0, &[[4.0, 4.0 + 2.0 * k as f64]])[0];
            let level = bench.session.snapshot().spine.next;
            bench.add(Geometry::SpineLabel { at, level });
            let label = bench.session.snapshot().views[0]
                .marks
                .last()
                .unwrap()
                .label
                .clone();
            assert_eq!(label, name, "a level belongs to no finding");
        }
    }
}

#[test]
fn only_what_shows_something_found_makes_a_finding() {
    let p = |bench: &mut Bench, x: f64, y: f64| bench.place([x, y, 7.0]);
    let mut bench = open(&spec());
    let [a, b, c, d] =
        [[4.0, 4.0], [14.0, 4.0], [14.0, 12.0], [4.0, 12.0]].map(|[x, y]| p(&mut bench, x, y));
    let corners = vec![a, b, c, d];
    let ellipse = Ellipse {
        centre: c,
        half_axis_a: PatientVector::new(6.0, 0.0, 0.0),
        half_axis_b: PatientVector::new(0.0, 4.0, 0.0),
    };
    // The shape; does it make a finding when none is selected; does it belong to the one that is?
    let rows = [
        (Geometry::Length { from: a, to: b }, true, true),
        (
            Geometry::Polyline {
                corners: corners.clone(),
            },
            true,
            true,
        ),
        (Geometry::Ellipse(ellipse), true, true),
        (
            Geometry::Polygon {
                corners: corners.clone(),
            },
            true,
            true,
        ),
        (
            Geometry::Freehand {
                corners: corners.clone(),
            },
            true,
            true,
        ),
        (
            Geometry::ContourBody {
                contours: vec![corners],
            },
            true,
            true,
        ),
        (
            Geometry::Arrow {
                tip: a,
                tail: b,
                text: String::new(),
            },
            true,
            true,
        ),
        (
            Geometry::Angle {
                from: a,
                vertex: b,
                to: c,
            },
            false,
            true,
        ),
        (
            Geometry::OpenAngle {
                first: [a, b],
                second: [c, d],
            },
            false,
            true,
        ),
        (
            Geometry::CobbAngle {
                first: [a, b],
                second: [c, d],
            },
            false,
            true,
        ),
        (Geometry::Probe { at: a }, false, true),
        (
            Geometry::Text {
                at: a,
                text: "here".into(),
            },
            false,
            true,
        ),
        (
            Geometry::SpineLabel {
                at: a,
                level: "T12".parse().unwrap(),
            },
            false,
            false,
        ),
    ];
    for (geometry, makes, belongs) in rows {
        let mut bench = open(&spec());
        let alone = bench.add(geometry.clone());
        let n_findings = |bench: &Bench| bench.session.case().unwrap().read().findings.len();
        assert_eq!(n_findings(&bench), usize::from(makes), "{geometry:?}");
        assert_eq!(alone.finding.is_some(), makes, "{geometry:?}");
        let n_loose = bench
            .session
            .snapshot()
            .case
            .as_ref()
            .unwrap()
            .loose_marks
            .len();
        assert_eq!(n_loose, usize::from(!makes), "{geometry:?}");
        bench.read(ReadCommand::NewFindingHere);
        let selected = bench.session.snapshot().selected_finding;
        let beside = bench.add(geometry.clone());
        assert_eq!(beside.finding, selected.filter(|_| belongs), "{geometry:?}");
        assert_eq!(bench.session.snapshot().selected_finding, selected);
        // What stands by itself may become a finding afterwards, but not what says what the image is.
        let made = bench
            .session
            .dispatch(Command::Read(ReadCommand::MakeFindingOf(alone.id)));
        assert_eq!(made.is_ok(), !makes && belongs, "{geometry:?}");
    }
}

#[test]
fn a_line_has_a_profile_and_a_region_a_histogram() {
    let mut bench = open(&spec());
    let ends = bench.places(7.0, &[[2.0, 4.0], [12.0, 4.0]]);
    let line = bench.add(Geometry::Length {
        from: ends[0],
        to: ends[1],
    });
    let corners = bench.places(7.0, &[[3.5, 4.5], [9.5, 4.5], [9.5, 8.5], [3.5, 8.5]]);
    let region = bench.add(Geometry::Polygon { corners });
    let mut chart = |id| {
        let show = Command::View(ViewCommand::ShowChart(id));
        bench.session.dispatch(show).unwrap();
        bench.session.snapshot().chart.clone()
    };
    let profile = chart(Some(line.id)).unwrap();
    let ChartKind::Profile {
        length,
        length_unit,
        values,
    } = &profile.kind
    else {
        panic!("{profile:?}")
    };
    assert!((length - 20.0).abs() < 1e-9);
    assert_eq!(length_unit, "mm");
    assert_eq!(values.first().unwrap().map(f64::round), Some(742.0));
    assert_eq!(values.last().unwrap().map(f64::round), Some(752.0));
    let histogram = chart(Some(region.id)).unwrap();
    let ChartKind::Histogram { min, max, counts } = &histogram.kind else {
        panic!("{histogram:?}")
    };
    assert_eq!((*min, *max, counts.iter().sum::<u64>()), (754.0, 789.0, 24));
    assert_eq!(chart(None), None);
}

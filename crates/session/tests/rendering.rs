//! Light through volumes: the fourth view of a CT turns with the hand, is cut, and leads to surfaces; planes stay as they are.

#![allow(clippy::unwrap_used, missing_docs)]

use std::time::{Duration, Instant};

use phantom::raw::SeriesSpec;
use session::{
    Actor, Command, Geometry, InputSeen, PatientPoint, PictureKind, PicturesAre, PicturesBy,
    ReadCommand, RenderingPreset, Session, SessionOptions, ViewCommand, ViewIdx, ViewKind,
    ViewSnapshot, system_clock,
};
use space::{PatientVector, PlaneFrame};

const LIMIT: Duration = Duration::from_secs(60);
const LIGHT: ViewIdx = ViewIdx(3);

struct Bench {
    session: Session,
    _dir: tempfile::TempDir,
}

/// A bone of 20 × 20 × 20 mm in air, with its front 12 mm behind the front of the volume.
fn open(pictures: PicturesBy) -> Bench {
    let dir = tempfile::tempdir().unwrap();
    let images = dir.path().join("images");
    std::fs::create_dir_all(&images).unwrap();
    let mut spec = SeriesSpec::ct("light", 32, 32, 20);
    spec.pixel_spacing_mm = Some([2.0, 2.0]);
    spec.slice_step_mm = [0.0, 0.0, 3.0];
    spec.slice_thickness_mm = Some(3.0);
    spec.slice_positions = Vec::new();
    spec.write(&images, |v| {
        let inside = (10..20).contains(&v.col_idx)
            && (6..16).contains(&v.row_idx)
            && (6..13).contains(&v.slice_idx);
        if inside { 1200 } else { -1000 }
    })
    .unwrap();
    let mut session = Session::open(SessionOptions {
        store_dir: dir.path().join("store"),
        actor: Actor::new("reader"),
        clock: system_clock(),
        trace: None,
        pictures,
    })
    .unwrap();
    session.dispatch(Command::OpenPaths(vec![images])).unwrap();
    session.run_until_idle(LIMIT).unwrap();
    let mut bench = Bench { session, _dir: dir };
    bench.view(ViewCommand::Resize(LIGHT, [200, 200]));
    bench
}

impl Bench {
    fn view(&mut self, command: ViewCommand) {
        self.session.dispatch(Command::View(command)).unwrap();
        self.session.run_until_idle(LIMIT).unwrap();
    }

    /// The fourth view with its finest picture.
    fn light(&mut self) -> ViewSnapshot {
        let from = Instant::now();
        loop {
            // Making the snapshot asks for what is missing from it.
            self.session.snapshot();
            self.session.poll();
            if self.session.is_idle() {
                return self.session.snapshot().views[LIGHT.0].clone();
            }
            assert!(from.elapsed() < LIMIT, "the picture does not come");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Pixels of the rendering that are not black, and their middle.
    fn lit(&mut self) -> (usize, [f64; 2]) {
        let view = self.light();
        let picture = view.picture.unwrap();
        let PictureKind::Colour(colours) = &picture.picture else {
            panic!("a rendering has colours")
        };
        assert_eq!(
            picture.plane,
            view.plane.unwrap(),
            "the picture that stands is the fine one"
        );
        let mut n = 0;
        let mut sum = [0.0, 0.0];
        for (at, colour) in colours.values.iter().enumerate() {
            if colour[..3] != [0, 0, 0] {
                n += 1;
                sum[0] += (at % colours.width) as f64;
                sum[1] += (at / colours.width) as f64;
            }
        }
        (n, sum.map(|s| s / n.max(1) as f64))
    }
}

#[test]
fn a_ct_opens_with_bone_beside_its_planes_whoever_draws_them() {
    for pictures in [PicturesBy::Session, PicturesBy::Window] {
        let mut bench = open(pictures);
        let view = bench.light();
        assert_eq!(view.kind, ViewKind::Rendering);
        let rendering = view.rendering.clone().unwrap();
        assert_eq!(rendering.preset, RenderingPreset::CtBone);
        assert!(!rendering.is_cut && !view.flipped);
        let (n_lit, _) = bench.lit();
        // 20 × 20 mm from the front.
        let mm = view.plane.unwrap().mm_per_pixel;
        let expected = 20.0 * 20.0 / (mm * mm);
        assert!(
            (n_lit as f64 / expected - 1.0).abs() < 0.25,
            "{n_lit} is not {expected}"
        );
    }
}

#[test]
fn a_turned_rendering_keeps_its_scale_and_names_its_sides_anew() {
    let mut bench = open(PicturesBy::Session);
    let before = bench.light();
    for (away, left) in [
        ([0.0, -1.0, 0.0], "L"),
        ([-1.0, 0.0, 0.0], "A"),
        ([1.0, 0.0, 0.0], "P"),
    ] {
        let frame = PlaneFrame {
            away: away.into(),
            up: PatientVector::new(0.0, 0.0, 1.0),
        };
        bench.view(ViewCommand::LookFrom(LIGHT, frame));
        let view = bench.light();
        assert_eq!(view.letters.clone().unwrap().left, left);
        assert!(!view.flipped);
        assert!(
            (view.plane.unwrap().mm_per_pixel - before.plane.unwrap().mm_per_pixel).abs() < 1e-12
        );
    }
    // Half a turn by hand leads from the front to the back.
    bench.view(ViewCommand::LookFrom(LIGHT, before.plane.unwrap().frame));
    bench.view(ViewCommand::Orbit {
        view: LIGHT,
        right: 360.0,
        down: 0.0,
    });
    assert_eq!(bench.light().letters.unwrap().left, "L");
    let axial = bench.session.snapshot().views[0].plane;
    bench.view(ViewCommand::Orbit {
        view: ViewIdx(0),
        right: 90.0,
        down: 0.0,
    });
    assert_eq!(
        bench.session.snapshot().views[0].plane,
        axial,
        "a plane is not turned by the hand"
    );
}

#[test]
fn nothing_of_a_volume_is_cut_off_however_it_is_turned() {
    let mut bench = open(PicturesBy::Session);
    let away = |turn: f64, tilt: f64| {
        let away = [turn.sin() * tilt.cos(), turn.cos() * tilt.cos(), tilt.sin()];
        PlaneFrame::new(away.into(), PatientVector::new(0.01, 0.02, 1.0)).unwrap()
    };
    for size_px in [[200, 200], [320, 150], [150, 320]] {
        bench.view(ViewCommand::Resize(LIGHT, size_px));
        for tilt in [0.0, 0.4, 0.8, 1.2, -0.9, 1.5] {
            for turn in 0..12 {
                let frame = away(f64::from(turn) * 0.53, tilt);
                bench.view(ViewCommand::LookFrom(LIGHT, frame));
                let view = bench.session.snapshot().views[LIGHT.0].clone();
                let plane = view.plane.unwrap();
                for corner in view.volume.unwrap().grid.corners() {
                    let [column, row] = plane.pixel(corner);
                    let inside = |at: f64, n: usize| -0.5 <= at && at <= n as f64 - 0.5;
                    assert!(
                        inside(column, size_px[0]) && inside(row, size_px[1]),
                        "{column} {row} under {frame:?} in {size_px:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_point_on_a_rendering_puts_the_crosshair_on_the_surface_under_it() {
    let mut bench = open(PicturesBy::Session);
    let (_, middle) = bench.lit();
    let volume = bench.light().volume.unwrap();
    bench.view(ViewCommand::PointAt(LIGHT, middle));
    let cursor = bench.session.snapshot().cursor.unwrap();
    let [column, row, slice] = volume.grid.voxel(cursor).unwrap();
    // The front of the bone is between rows 5 and 6, its middle at column 14.5 and slice 9.
    assert!((5.0..=6.1).contains(&row), "row {row}");
    assert!(
        (column - 14.5).abs() < 0.6 && (slice - 9.0).abs() < 0.6,
        "{column} {slice}"
    );
    let before = bench.session.snapshot().cursor;
    bench.view(ViewCommand::PointAt(LIGHT, [1.0, 1.0]));
    assert_eq!(
        bench.session.snapshot().cursor,
        before,
        "beside the bone there is nothing to point at"
    );
}

#[test]
fn the_threshold_is_the_value_from_which_there_is_light_and_moves_no_further_than_it_may() {
    let mut bench = open(PicturesBy::Session);
    let (_, n_before) = bench.lit();
    let before = bench.light().rendering.unwrap().lit_from.unwrap();
    assert!(before.range[0] < before.value && before.value < before.range[1]);
    for (asked, given) in [
        (before.value + 100.0, before.value + 100.0),
        (before.range[1] + 500.0, before.range[1]),
        (f64::NAN, before.range[1]),
        (before.value, before.value),
    ] {
        bench.view(ViewCommand::LightFrom(LIGHT, asked));
        let now = bench.light().rendering.unwrap().lit_from.unwrap();
        assert!((now.value - given).abs() < 1e-6, "{asked}: {}", now.value);
        assert_eq!(now.range, before.range);
    }
    assert_eq!(
        bench.lit().1,
        n_before,
        "back where it was, the picture is the same"
    );
    bench.view(ViewCommand::LightFrom(LIGHT, before.range[1]));
    assert_eq!(bench.lit().0, 0, "nothing is as bright as that");
}

#[test]
fn the_cut_is_the_part_that_is_taken_off_the_side_towards_the_viewer() {
    let mut bench = open(PicturesBy::Session);
    for share in [0.25, 0.5, 0.0] {
        bench.view(ViewCommand::CutTo(LIGHT, share));
        let rendering = bench.light().rendering.unwrap();
        assert!((rendering.cut_share - share).abs() < 1e-9);
        assert_eq!(rendering.is_cut, share != 0.0);
    }
    // Something always stays, and what is no number changes nothing.
    bench.view(ViewCommand::CutTo(LIGHT, 7.0));
    assert!(bench.light().rendering.unwrap().cut_share < 1.0);
    bench.view(ViewCommand::CutTo(LIGHT, 0.5));
    bench.view(ViewCommand::CutTo(LIGHT, f64::NAN));
    assert_eq!(bench.light().rendering.unwrap().cut_share, 0.5);
}

#[test]
fn a_cut_at_the_crosshair_takes_what_lies_before_it_and_can_be_taken_back() {
    let mut bench = open(PicturesBy::Session);
    let (whole, _) = bench.lit();
    let volume = bench.light().volume.unwrap();
    bench.view(ViewCommand::SetCursor(
        ViewIdx(0),
        volume.grid.patient([14.0, 20.0, 9.0]),
    ));
    bench.view(ViewCommand::CutToCrosshair(LIGHT));
    assert!(bench.light().rendering.unwrap().is_cut);
    assert_eq!(bench.lit().0, 0, "the bone lies before row 20");
    bench.view(ViewCommand::CutNothing(LIGHT));
    assert_eq!(bench.lit().0, whole);
    // From behind the same crosshair leaves the bone.
    let back = PlaneFrame {
        away: [0.0, -1.0, 0.0].into(),
        up: [0.0, 0.0, 1.0].into(),
    };
    bench.view(ViewCommand::LookFrom(LIGHT, back));
    bench.view(ViewCommand::CutToCrosshair(LIGHT));
    assert!(whole / 2 < bench.lit().0);
    for _ in 0..100 {
        bench.view(ViewCommand::StepSlab(LIGHT, 1));
    }
    assert_eq!(bench.lit().0, 0);
    for _ in 0..100 {
        bench.view(ViewCommand::StepSlab(LIGHT, -1));
    }
    assert!(!bench.light().rendering.unwrap().is_cut);
}

#[test]
fn light_is_changed_without_the_windows_of_the_planes_and_they_without_it() {
    let mut bench = open(PicturesBy::Session);
    let (whole, _) = bench.lit();
    let window = bench.session.snapshot().views[0].window_text.clone();
    bench.view(ViewCommand::DragWindow {
        view: LIGHT,
        right_px: 0.0,
        down_px: 600.0,
    });
    assert_eq!(
        bench.lit().0,
        0,
        "all that is lit lies above what the bone holds"
    );
    assert_eq!(bench.session.snapshot().views[0].window_text, window);
    bench.view(ViewCommand::SetRendering(LIGHT, RenderingPreset::CtBone));
    assert_eq!(bench.lit().0, whole);
    bench.view(ViewCommand::Preset(ViewIdx(0), 2));
    assert_eq!(bench.lit().0, whole);
    bench.view(ViewCommand::SetRendering(
        LIGHT,
        RenderingPreset::CtSoftTissue,
    ));
    assert_eq!(
        bench.light().rendering.unwrap().preset,
        RenderingPreset::CtSoftTissue
    );
}

#[test]
fn a_rendering_turns_by_itself_about_the_body_axis_only() {
    let mut bench = open(PicturesBy::Session);
    bench.view(ViewCommand::ToggleCine(LIGHT));
    for _ in 0..6 {
        bench.view(ViewCommand::Tick {
            elapsed_ms: 1000,
            input: InputSeen::Yes,
            pictures: PicturesAre::InSight,
        });
    }
    let frame = bench.light().plane.unwrap().frame;
    assert!(
        (frame.away.y_mm + 1.0).abs() < 1e-9,
        "six seconds are half a turn: {frame:?}"
    );
    assert!((frame.up.z_mm - 1.0).abs() < 1e-9);
}

#[test]
fn nothing_is_measured_on_a_rendering_and_another_kind_of_picture_can_take_its_place() {
    let mut bench = open(PicturesBy::Session);
    bench
        .session
        .dispatch(Command::Read(ReadCommand::Start))
        .unwrap();
    let geometry = Geometry::Length {
        from: PatientPoint::default(),
        to: PatientPoint::new(5.0, 0.0, 0.0),
    };
    let mark = ReadCommand::AddMark {
        view: LIGHT,
        geometry,
    };
    assert!(bench.session.dispatch(Command::Read(mark)).is_err());
    for kind in [
        ViewKind::Mip,
        ViewKind::Axial,
        ViewKind::Stack,
        ViewKind::Rendering,
    ] {
        bench.view(ViewCommand::ShowAs(LIGHT, kind));
        let view = bench.light();
        assert_eq!(view.kind, kind);
        assert_eq!(view.rendering.is_some(), kind == ViewKind::Rendering);
        assert!(view.picture.is_some(), "{kind:?}");
    }
}

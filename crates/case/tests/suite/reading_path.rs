//! Reading paths: bytes and back, what follows from them, and who may open them.

use std::sync::Arc;

use case::{
    Actor, ImageRef, LookedAt, MAX_PATH_BYTES, PathCell, PathEvent, PathImage, PathKey, PathLay,
    PathLight, PathLook, PathPlane, PathRead, PathScene, PathSeal, PathStep, PathSummary, PathVoi,
    PathVolume, PathWriter, PauseWhy, PlaceOnScreen, ReadingPath, SealClaims,
};
use proptest::prelude::*;
use space::{Orientation, PatientPoint, PatientVector, PlaneFrame};

fn bytes_of(steps: &[PathStep], end_ms: u64) -> Vec<u8> {
    let mut writer = PathWriter::begin(0, 0, 0);
    for step in steps {
        writer.push(step.at_ms, step.what.clone());
    }
    writer.take(end_ms)
}

fn point() -> impl Strategy<Value = PatientPoint> {
    prop::array::uniform3(-1e4..1e4f64).prop_map(|[x, y, z]| PatientPoint::new(x, y, z))
}

fn voi() -> impl Strategy<Value = PathVoi> {
    prop_oneof![
        Just(PathVoi::Opening),
        (-3e4..3e4f64, 1e-3..1e5f64, 0..3u8).prop_map(|(center, width, function)| {
            PathVoi::Window {
                center,
                width,
                function,
            }
        }),
        prop::option::of(0..254u8).prop_map(PathVoi::Table),
    ]
}

fn lay() -> impl Strategy<Value = PathLay> {
    (
        prop::array::uniform3(any::<i64>()),
        prop::array::uniform3(any::<i32>()),
        prop::array::uniform3(any::<i32>()),
        any::<u64>(),
        any::<u32>(),
    )
        .prop_map(
            |(centre_hmm, right_e4, up_e4, pixel_nm, half_depth_hmm)| PathLay {
                centre_hmm,
                right_e4,
                up_e4,
                pixel_nm,
                half_depth_hmm,
            },
        )
}

fn named() -> impl Strategy<Value = (Option<Arc<PathVolume>>, Option<Arc<PathImage>>)> {
    let volume = (0..4u8, 0..3u32).prop_map(|(n, volume_idx)| {
        Arc::new(PathVolume {
            series_instance_uid: format!("1.2.3.{n}"),
            volume_idx,
            frame_of_reference_uid: if n == 0 { String::new() } else { "1.9".into() },
        })
    });
    let image = (0..30u32, 1..4u32).prop_map(|(n, frame_number)| {
        Arc::new(PathImage {
            sop_instance_uid: format!("1.2.3.4.{n}"),
            frame_number,
        })
    });
    (prop::option::of(volume), prop::option::of(image))
}

prop_compose! {
    fn cell()(
        in_sight in any::<bool>(),
        (volume, image) in named(),
        plane in prop::sample::select(PathPlane::ALL.to_vec()),
        slice_idx in any::<u32>(),
        zoom in 1e-3..1e3f64,
        (centre, turn) in (prop::option::of(point()), prop::option::of(prop::array::uniform6(-1.0..1.0f64))),
        size_px in prop::array::uniform2(any::<u32>()),
        voi in voi(),
        (is_inverted, preset, colours, slab, align) in (any::<bool>(), prop::option::of(0..255u8), any::<u8>(), 0..4u8, 0..3u8),
        slab_mm in 0.0..200.0f64,
        shared_fit_mm in prop::option::of(1e-3..10.0f64),
        light in prop::option::of((prop::option::of(0..255u8), prop::array::uniform8(-2.0..2.0f64))),
        lay in lay(),
    ) -> PathCell {
        PathCell {
            in_sight, volume, image, plane, slice_idx, zoom, centre, size_px, voi, slab_mm, shared_fit_mm, lay,
            turned: turn.map(|[a, b, c, d, e, f]| PlaneFrame {
                away: PatientVector::new(a, b, c),
                up: PatientVector::new(d, e, f),
            }),
            look: PathLook { is_inverted, preset, colours, slab, align },
            light: light.map(|(preset, [stretch, offset_share, a, b, c, d, e, f])| PathLight {
                preset, stretch, offset_share, crop: [a, b, c, d, e, f],
            }),
        }
    }
}

prop_compose! {
    fn scene()(
        n_entries in any::<u64>(),
        n_passed in any::<u32>(),
        is_passing in any::<bool>(),
        cells_across in prop::array::uniform2(0..17u8),
        active in 0..16u8,
        one_up in prop::option::of(0..16u8),
        interpolation in 0..3u8,
        cursor in prop::option::of(point()),
        cells in prop::collection::vec(cell().prop_map(Arc::new), 0..17),
    ) -> PathScene {
        PathScene { n_entries, n_passed, is_passing, cells_across, active, one_up, interpolation, cursor, cells }
    }
}

fn event() -> impl Strategy<Value = PathEvent> {
    prop_oneof![
        6 => scene().prop_map(PathEvent::Scene),
        1 => Just(PathEvent::Sitting),
        1 => prop::sample::select(vec![PauseWhy::NoInput, PauseWhy::OtherProgram, PauseWhy::Covered])
            .prop_map(PathEvent::Paused),
        1 => Just(PathEvent::Resumed),
        1 => Just(PathEvent::ReadsOpened),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// A sitting in the middle begins a new writer, as after a crash.
    #[test]
    fn any_path_comes_back_from_its_bytes(
        events in prop::collection::vec((0..100_000u64, event()), 0..12),
        rest_ms in 0..5000u64,
    ) {
        let mut expected = vec![PathStep { at_ms: 0, what: PathEvent::Sitting }];
        let mut writer = PathWriter::begin(0, 0, 0);
        let (mut bytes, mut at_ms) = (Vec::new(), 0);
        for (passed_ms, what) in events {
            at_ms += passed_ms;
            expected.push(PathStep { at_ms, what: what.clone() });
            if what == PathEvent::Sitting {
                bytes.extend(writer.take(at_ms));
                writer = PathWriter::begin(bytes.len(), expected.len(), at_ms);
            } else {
                writer.push(at_ms, what);
            }
        }
        bytes.extend(writer.take(at_ms + rest_ms));
        let path = ReadingPath::from_bytes(&bytes).unwrap();
        prop_assert_eq!(path.end_ms, at_ms + rest_ms);
        prop_assert_eq!(path.steps, expected);
    }

    /// Changed bytes are read or refused; nothing else happens.
    #[test]
    fn hostile_bytes_do_no_harm(
        events in prop::collection::vec((0..1000u64, event()), 1..5),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut writer = PathWriter::begin(0, 0, 0);
        let mut at_ms = 0;
        for (passed_ms, what) in events {
            at_ms += passed_ms;
            writer.push(at_ms, what);
        }
        let mut bytes = writer.take(at_ms);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.index(bytes.len()) + 1);
        if let Ok(path) = ReadingPath::from_bytes(&bytes) {
            let _ = PathSummary::of([&path]);
            let _ = path.at(at_ms / 2);
        }
    }
}

#[test]
fn what_is_no_path_is_refused_with_the_place_of_the_problem() {
    for (bytes, what) in [
        (&b"ORPA\x02"[..], "its beginning is unknown"),
        (b"OR", "it ends too early"),
        (b"ORPA\x01\x00\x0B", "something unknown stands"),
        (
            b"ORPA\x01\xFF\xFF\xFF\xFF\xFF\xFF\x00",
            "a number is too large",
        ),
        (b"ORPA\x01\x00\x01\x04\x01", "a cell is not there"),
        (
            b"ORPA\x01\x00\x01\x01\x01\x01\x00\xFF\x01\x11",
            "there are too many cells",
        ),
        (
            b"ORPA\x01\x00\x01\x01\x40\x01\x00\xFF\x01\x11",
            "a choice is unknown",
        ),
        (
            b"ORPA\x01\x00\x08\x05\x00\x01",
            "a name begins like none before",
        ),
        (
            b"ORPA\x01\x00\x07\x01\x07\x00\x00",
            "a name holds what no name may",
        ),
        (
            b"ORPA\x01\x00\x01\x02\x01\0\0\0\0\0\0\0\0",
            "a crosshair is half there",
        ),
    ] {
        let problem = ReadingPath::from_bytes(bytes).unwrap_err();
        assert_eq!(problem.what, what, "{bytes:?}");
    }
    let long = [b"ORPA\x01".as_slice(), &vec![0; MAX_PATH_BYTES]].concat();
    assert_eq!(
        ReadingPath::from_bytes(&long).unwrap_err().what,
        "it is too long"
    );
    assert_eq!(
        ReadingPath::from_bytes(b"").unwrap(),
        ReadingPath::default()
    );
}

const SPACE: &str = "1.9";

/// An axial picture of 200 × 100 pixels of 1 mm about (0, 0, z), 2 mm thick.
fn axial(z_mm: f64) -> PathCell {
    let centre = PatientPoint::new(0.0, 0.0, z_mm);
    PathCell {
        in_sight: true,
        volume: Some(Arc::new(PathVolume {
            series_instance_uid: "1.2".into(),
            volume_idx: 0,
            frame_of_reference_uid: SPACE.into(),
        })),
        plane: PathPlane::Axial,
        size_px: [200, 100],
        lay: PathLay::of(centre, &Orientation::Axial.frame(), 1.0, 1.0),
        ..PathCell::default()
    }
}

fn shows(cell: PathCell) -> PathEvent {
    PathEvent::Scene(PathScene {
        cells_across: [1, 1],
        cells: vec![Arc::new(cell)],
        ..PathScene::default()
    })
}

fn read(steps: Vec<(u64, PathEvent)>, end_ms: u64) -> ReadingPath {
    let steps = steps.into_iter();
    let steps: Vec<_> = steps
        .map(|(at_ms, what)| PathStep { at_ms, what })
        .collect();
    ReadingPath::from_bytes(&bytes_of(&steps, end_ms)).unwrap()
}

#[test]
fn a_place_was_on_the_screen_where_a_picture_held_it() {
    let path = read(
        vec![
            (1000, shows(axial(10.0))),
            (1600, shows(axial(40.0))),
            (9000, PathEvent::Paused(PauseWhy::NoInput)),
            (20_000, PathEvent::Resumed),
            (21_000, shows(axial(90.0))),
        ],
        22_000,
    );
    let at = |x, y, z| PlaceOnScreen {
        place: Some(PatientPoint::new(x, y, z)),
        frame_of_reference_uid: SPACE.into(),
        image: None,
    };
    for (place, first_ms, on_screen_ms, looked) in [
        (at(0.0, 0.0, 10.5), Some(1000), 600, LookedAt::Briefly),
        (at(99.0, -49.0, 41.0), Some(1600), 8400, LookedAt::Longer),
        (at(0.0, 0.0, 42.0), None, 0, LookedAt::Never),
        (at(101.0, 0.0, 40.0), None, 0, LookedAt::Never),
        (at(0.0, 51.0, 40.0), None, 0, LookedAt::Never),
        (at(0.0, 0.0, 90.0), Some(21_000), 1000, LookedAt::Longer),
    ] {
        let found = place.looked([&path]);
        assert_eq!(
            (found.first_ms, found.on_screen_ms, found.looked),
            (first_ms, on_screen_ms, looked),
            "{place:?}"
        );
    }
    let elsewhere = PlaceOnScreen {
        frame_of_reference_uid: "1.8".into(),
        ..at(0.0, 0.0, 10.0)
    };
    assert_eq!(
        elsewhere.looked([&path]).looked,
        LookedAt::Never,
        "another space"
    );
    // Over two parts, times count from the beginning of the first.
    let twice = at(0.0, 0.0, 10.0).looked([&path, &path]);
    assert_eq!((twice.first_ms, twice.on_screen_ms), (Some(1000), 1200));
    assert_eq!(twice.looked, LookedAt::Longer);
    let second = at(0.0, 0.0, 10.0).looked([&read(vec![], 500), &path]);
    assert_eq!(second.first_ms, Some(1500));
}

#[test]
fn a_projection_and_a_cell_behind_another_show_no_place() {
    for cell in [
        PathCell {
            plane: PathPlane::Mip,
            ..axial(0.0)
        },
        PathCell {
            in_sight: false,
            ..axial(0.0)
        },
    ] {
        let place = PlaceOnScreen {
            place: Some(PatientPoint::new(0.0, 0.0, 0.0)),
            frame_of_reference_uid: SPACE.into(),
            image: None,
        };
        let path = read(vec![(0, shows(cell))], 5000);
        assert_eq!(place.looked([&path]).looked, LookedAt::Never);
    }
}

#[test]
fn what_lies_in_no_space_is_found_by_its_image() {
    let image = |uid: &str| PathImage {
        sop_instance_uid: uid.into(),
        frame_number: 1,
    };
    let cell = PathCell {
        image: Some(Arc::new(image("1.2.3"))),
        volume: Some(Arc::new(PathVolume::default())),
        in_sight: true,
        ..PathCell::default()
    };
    let path = read(vec![(0, shows(cell))], 5000);
    for (uid, looked) in [("1.2.3", LookedAt::Longer), ("1.2.4", LookedAt::Never)] {
        let place = PlaceOnScreen {
            image: Some(ImageRef {
                series_instance_uid: "1.2".into(),
                sop_instance_uid: uid.into(),
                frame_number: 1,
                tile_number: None,
            }),
            ..PlaceOnScreen::default()
        };
        assert_eq!(place.looked([&path]).looked, looked);
    }
}

#[test]
fn a_summary_tells_reading_from_pauses_and_orders_the_series() {
    let other = |z| PathCell {
        volume: Some(Arc::new(PathVolume {
            series_instance_uid: "1.3".into(),
            ..PathVolume::default()
        })),
        ..axial(z)
    };
    let path = read(
        vec![
            (500, shows(other(0.0))),
            (2000, shows(axial(0.0))),
            (3000, PathEvent::Paused(PauseWhy::OtherProgram)),
            (10_000, shows(other(1.0))),
        ],
        11_000,
    );
    let summary = PathSummary::of([&path]);
    let series: Vec<_> = (summary.series.iter())
        .map(|s| (s.series_instance_uid.as_str(), s.first_ms, s.on_screen_ms))
        .collect();
    assert_eq!(series, [("1.3", 500, 2500), ("1.2", 2000, 1000)]);
    assert_eq!(
        (summary.whole_ms, summary.reading_ms, summary.paused_ms),
        (11_000, 3500, 7500)
    );
}

#[test]
fn claims_without_a_path_have_the_bytes_that_they_always_had() {
    let old = r#"{"schema":"overread.seal/2","stage":"second_read","case":"OR-1","protocol":"p","protocol_version":1,"protocol_sha256":"00","first_report":"closed","opened":[],"images":"00","content":"00","follows":null,"at":"2026-01-02T10:00:00Z"}"#;
    let claims: SealClaims = serde_json::from_str(old).unwrap();
    assert_eq!(claims.path, None);
    assert_eq!(serde_json::to_string(&claims).unwrap(), old);
    let with = SealClaims {
        path: Some(PathSeal::of(b"a path")),
        ..claims.clone()
    };
    assert_ne!(
        with.digest(),
        claims.digest(),
        "what is signed holds the path"
    );
}

/// A case as far as a test leads it, and who is tried.
#[test]
fn a_path_is_open_to_its_reader_and_to_others_after_the_reveal() {
    use crate::sample::{Desk, iyer};
    let second = PathKey {
        read: PathRead::Second,
        part: 0,
    };
    let other = Actor::new("brandt");
    let may = |sample: &Desk, actor: &Actor| sample.case.path_permit(actor, second).is_ok();
    let mut sample = Desk::read();
    assert_eq!(sample.case.path_being_made(&iyer()), Some(second));
    assert_eq!(sample.case.path_being_made(&other), None);
    assert!(may(&sample, &iyer()) && !may(&sample, &other), "while read");
    sample.seal();
    assert_eq!(sample.case.path_being_made(&iyer()), None);
    assert_eq!(sample.case.sealed_paths(), [(second, None)]);
    assert!(
        may(&sample, &iyer()) && !may(&sample, &other),
        "while sealed"
    );
    sample.perform(case::Command::Reveal { urgent: None });
    assert!(may(&sample, &iyer()) && may(&sample, &other), "revealed");
}

//! Rules of hanging protocols, layouts and links, tried on studies whose every image is known.

#![allow(clippy::unwrap_used, missing_docs)]

use std::path::{Path, PathBuf};
use std::time::Duration;

use phantom::raw::SeriesSpec;
use phantom::{Syntax, file_bytes, tags};
use session::{
    Actor, Arrangement, Command, HangingProtocol, LayoutKind, Link, PatientPoint, PicturesBy,
    ReadCommand, Reviewed, Session, SessionOptions, Snapshot, ViewCommand, ViewIdx, ViewKind,
    ViewSnapshot, WindowPlace, system_clock,
};

const LIMIT: Duration = Duration::from_secs(60);

struct Bench {
    dir: tempfile::TempDir,
    session: Option<Session>,
}

impl Bench {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("images")).unwrap();
        Self { dir, session: None }
    }

    fn images(&self) -> PathBuf {
        self.dir.path().join("images")
    }

    /// Opens the images, as if the program were started anew.
    fn open(&mut self) -> Snapshot {
        self.session = None;
        let mut session = Session::open(SessionOptions {
            store_dir: self.dir.path().join("store"),
            actor: Actor::new("reader"),
            clock: system_clock(),
            trace: None,
            pictures: PicturesBy::Window,
        })
        .unwrap();
        session
            .dispatch(Command::OpenPaths(vec![self.images()]))
            .unwrap();
        session.run_until_idle(LIMIT).unwrap();
        let snapshot = session.snapshot();
        self.session = Some(session);
        (*snapshot).clone()
    }

    fn view(&mut self, command: ViewCommand) -> Snapshot {
        let session = self.session.as_mut().unwrap();
        session.dispatch(Command::View(command)).unwrap();
        (*session.snapshot()).clone()
    }

    fn refused(&mut self, command: ViewCommand) -> String {
        let session = self.session.as_mut().unwrap();
        session
            .dispatch(Command::View(command))
            .unwrap_err()
            .to_string()
    }
}

/// A series of the study of `study`, or of an older one.
fn series(name: &str, modality: &str, description: &str, number: u32) -> SeriesSpec {
    let mut spec = SeriesSpec::ct(name, 12, 10, 6);
    spec.study_uid = phantom::uid_of("hanging/study");
    spec.frame_of_reference_uid = Some(phantom::uid_of("hanging/frame"));
    spec.modality = modality.into();
    spec.series_description = description.into();
    spec.series_number = number;
    spec
}

fn write(spec: &SeriesSpec, folder: &Path, name: &str) {
    let folder = folder.join(name);
    std::fs::create_dir_all(&folder).unwrap();
    spec.write(&folder, |v| (v.col_idx + v.row_idx + v.slice_idx) as i64)
        .unwrap();
}

/// Says which part of the body, in every file of a series.
fn body_part(mut spec: SeriesSpec, part: &str) -> SeriesSpec {
    spec.extra.put(tags::BODY_PART_EXAMINED, part);
    spec
}

struct Breast {
    side: &'static str,
    view: &'static str,
    /// Patient Orientation as the file has it.
    orientation: &'static str,
    spacing_mm: &'static str,
    is_prior: bool,
}

/// A mammogram of 20 columns and 30 rows.
fn write_breast(breast: &Breast, folder: &Path, number: u32) {
    let Breast { side, view, .. } = breast;
    let age = if breast.is_prior { "prior" } else { "now" };
    let mut spec = series(&format!("{age}/{side}{view}"), "MG", "", number);
    (spec.n_cols, spec.n_rows, spec.n_slices) = (20, 30, 1);
    spec.sop_class_uid = "1.2.840.10008.5.1.4.1.1.1.2".into();
    spec.pixel_spacing_mm = None;
    spec.slice_thickness_mm = None;
    if breast.is_prior {
        spec.study_uid = phantom::uid_of("hanging/prior");
        spec.study_date = "20240302".into();
    }
    let mut d = spec.slice_data_set(0, 1, &|v: phantom::raw::Voxel| (v.col_idx * 10) as i64);
    d.remove(tags::IMAGE_POSITION_PATIENT)
        .remove(tags::IMAGE_ORIENTATION_PATIENT)
        .put(
            tags::IMAGER_PIXEL_SPACING,
            format!("{0}\\{0}", breast.spacing_mm).as_str(),
        )
        .put(tags::IMAGE_LATERALITY, *side)
        .put(tags::VIEW_POSITION, *view)
        .put(tags::PATIENT_ORIENTATION, breast.orientation);
    let bytes = file_bytes(&d, Syntax::ExplicitLe);
    std::fs::write(folder.join(format!("{age}{side}{view}.dcm")), bytes).unwrap();
}

/// The patient place at a share of the width and height of a view.
fn place(view: &ViewSnapshot, x: f64, y: f64) -> PatientPoint {
    let plane = view.plane.unwrap();
    plane.patient([
        x * plane.size_px[0] as f64 - 0.5,
        y * plane.size_px[1] as f64 - 0.5,
    ])
}

#[test]
fn mammograms_hang_back_to_back_at_one_scale_with_the_prior_below() {
    // The files lie as the machine made them: two of them with the chest wall on the far side.
    let breasts = [
        ("R", "CC", "P\\L", "0.1", false),
        ("L", "CC", "P\\L", "0.1", false),
        ("R", "MLO", "A\\FR", "0.1", false),
        ("L", "MLO", "A\\FL", "0.1", false),
        ("R", "CC", "P\\L", "0.2", true),
        ("L", "CC", "A\\R", "0.2", true),
    ];
    let mut bench = Bench::new();
    for (i, (side, view, orientation, spacing_mm, is_prior)) in breasts.into_iter().enumerate() {
        let breast = Breast {
            side,
            view,
            orientation,
            spacing_mm,
            is_prior,
        };
        write_breast(&breast, &bench.images(), i as u32);
    }
    let snapshot = bench.open();
    assert_eq!(snapshot.hanging.in_use, "Mammography with prior");
    assert_eq!(snapshot.layout, LayoutKind::Hung);
    assert_eq!(snapshot.arrangement, Arrangement::grid(4, 2));
    let titles: Vec<&str> = snapshot
        .views
        .iter()
        .map(|v| v.series_title.as_str())
        .collect();
    let has = |i: usize, words: &str| assert!(titles[i].contains(words), "{titles:?}");
    for (i, words) in ["R CC", "L CC", "R MLO", "L MLO", "R CC", "L CC"]
        .iter()
        .enumerate()
    {
        has(i, words);
    }
    // No prior MLO was made.
    assert!(snapshot.views[6..].iter().all(|v| v.key.is_none()));
    assert!(
        snapshot.views[4..6]
            .iter()
            .all(|v| v.prior_date.as_deref() == Some("2024-03-02"))
    );
    // The views are as wide as the window makes them.
    for i in 0..8 {
        bench.view(ViewCommand::Resize(ViewIdx(i), [300, 400 + 10 * i]));
    }
    let snapshot = bench.view(ViewCommand::Focus(ViewIdx(0)));
    let scales: Vec<f64> = snapshot.views[..6]
        .iter()
        .map(|v| v.plane.unwrap().mm_per_pixel)
        .collect();
    assert!(
        scales.iter().all(|s| (s - scales[0]).abs() < 1e-12),
        "{scales:?}"
    );
    for view in &snapshot.views[..6] {
        let letters = view.letters.clone().unwrap();
        let volume = view.volume.as_ref().unwrap();
        let is_right_breast = view.idx.0 % 2 == 0;
        // The chest wall is towards the back: on the right for the right breast, on the left for the left one.
        let towards_wall = if is_right_breast {
            &letters.right
        } else {
            &letters.left
        };
        assert!(
            towards_wall.starts_with('P'),
            "view {}: {letters:?}",
            view.idx.0
        );
        // There the picture touches the edge of its view: the edge of the grid lies there, to a pixel of the screen.
        let edge = place(view, if is_right_breast { 1.0 } else { 0.0 }, 0.5);
        let outward = view.plane.unwrap().frame.right() * if is_right_breast { 1.0 } else { -1.0 };
        let middle = volume.grid.centre();
        let half_mm = volume.grid.extent_mm(outward) / 2.0;
        let off_mm = (edge - middle).dot(outward) - half_mm;
        assert!(
            off_mm.abs() <= scales[0],
            "view {}: {off_mm} mm",
            view.idx.0
        );
    }
}

#[test]
fn magnetic_resonance_of_the_head_hangs_by_sequence_and_waits_for_what_is_absent() {
    let mut bench = Bench::new();
    for (i, description) in [
        "t1_mprage_sag",
        "AX T2 TSE",
        "AX T2 FLAIR",
        "localizer",
        "ep2d_diff_ADC",
    ]
    .iter()
    .enumerate()
    {
        let mut spec = body_part(
            series(description, "MR", description, i as u32 + 1),
            "BRAIN",
        );
        spec.sop_class_uid = "1.2.840.10008.5.1.4.1.1.4".into();
        if *description == "localizer" {
            spec.n_slices = 3;
        }
        write(&spec, &bench.images(), description);
    }
    let snapshot = bench.open();
    assert_eq!(snapshot.hanging.in_use, "MR head by sequence");
    let shown: Vec<String> = snapshot
        .views
        .iter()
        .map(|v| v.series_title.clone())
        .collect();
    for (i, words) in ["mprage", "T2 TSE", "FLAIR", "ADC"].iter().enumerate() {
        assert!(shown[i].contains(words), "{shown:?}");
    }
    assert_eq!(shown[4..], ["", ""]);
}

#[test]
fn three_windows_of_a_ct_stay_apart_and_are_remembered_for_the_next_time() {
    let mut bench = Bench::new();
    write(
        &body_part(series("ct", "CT", "Thorax", 1), "CHEST"),
        &bench.images(),
        "ct",
    );
    let first = bench.open();
    assert_eq!(
        first.layout,
        LayoutKind::Mpr,
        "it is for the reader to choose"
    );
    let name = "CT chest, three windows";
    assert!(
        first
            .hanging
            .items
            .iter()
            .any(|item| item.name == name && item.fits)
    );
    let hung = bench.view(ViewCommand::Hang(name.into()));
    let presets: Vec<&str> = hung.views.iter().map(|v| v.preset_name).collect();
    assert_eq!(presets, ["Mediastinum", "Lung", "Bone", "Lung"]);
    let kinds: Vec<ViewKind> = hung.views.iter().map(|v| v.kind).collect();
    assert_eq!(
        kinds,
        [
            ViewKind::Axial,
            ViewKind::Axial,
            ViewKind::Axial,
            ViewKind::Coronal
        ]
    );
    // A window that is changed in one view stays there.
    let changed = bench.view(ViewCommand::Preset(ViewIdx(0), 5));
    let presets: Vec<&str> = changed.views.iter().map(|v| v.preset_name).collect();
    assert_eq!(presets, ["Brain", "Lung", "Bone", "Lung"]);
    // Scrolling and magnifying one moves the others of the same plane.
    let before = bench.view(ViewCommand::GoToSlice(ViewIdx(1), 1));
    assert!(before.views[..3].iter().all(|v| v.slice == [1, 6]));
    let zoom = ViewCommand::Zoom {
        view: ViewIdx(1),
        factor: 2.0,
        about_px: [100.0, 100.0],
    };
    let zoomed = bench.view(zoom);
    let place_of = |view: &ViewSnapshot| place(view, 0.3, 0.7);
    for view in &zoomed.views[..3] {
        assert_eq!(
            view.plane.unwrap().mm_per_pixel,
            zoomed.views[0].plane.unwrap().mm_per_pixel
        );
        let way = place_of(view) - place_of(&zoomed.views[0]);
        assert!(way.length_mm() < 1e-9, "{way:?}");
    }
    let coronal = |s: &Snapshot| s.views[3].plane.unwrap().mm_per_pixel;
    assert_eq!(
        coronal(&zoomed),
        coronal(&before),
        "another plane is left alone"
    );
    assert_eq!(bench.open().hanging.in_use, name);
    // Who takes another layout has forgotten it.
    bench.view(ViewCommand::SetLayout(LayoutKind::Mpr));
    assert_eq!(bench.open().layout, LayoutKind::Mpr);
}

#[test]
fn what_is_on_screen_can_be_kept_changed_and_taken_away_as_a_protocol() {
    let mut bench = Bench::new();
    for (i, words) in ["arterial", "venous"].iter().enumerate() {
        let spec = body_part(series(words, "CT", words, i as u32 + 1), "ABDOMEN");
        write(&spec, &bench.images(), words);
    }
    bench.open();
    let two = bench.view(ViewCommand::Arrange(Arrangement::TWO));
    assert_eq!(two.layout, LayoutKind::Cells);
    assert_eq!(two.views.len(), 2);
    let keys: Vec<_> = two
        .rail
        .iter()
        .filter_map(|item| item.key.clone())
        .collect();
    bench.view(ViewCommand::PutSeries(ViewIdx(0), keys[0].clone()));
    bench.view(ViewCommand::PutSeries(ViewIdx(1), keys[1].clone()));
    bench.view(ViewCommand::Preset(ViewIdx(1), 3));
    bench.view(ViewCommand::ShowAs(ViewIdx(0), ViewKind::Coronal));
    let screen = bench.view(ViewCommand::Focus(ViewIdx(1)));
    let mut draft: HangingProtocol = (*screen.hanging.draft.clone().unwrap()).clone();
    assert!(
        bench
            .refused(ViewCommand::SaveHanging(Box::new(draft.clone())))
            .contains("name")
    );
    draft.name = "Two phases".into();
    // It reads and writes as a file.
    assert_eq!(
        HangingProtocol::read(&draft.write().unwrap()).unwrap(),
        draft
    );
    bench.view(ViewCommand::SaveHanging(Box::new(draft.clone())));
    let again = bench.open();
    assert_eq!(again.hanging.in_use, "Two phases");
    let titles: Vec<&str> = again
        .views
        .iter()
        .map(|v| v.series_title.as_str())
        .collect();
    assert!(
        titles[0].contains("arterial") && titles[1].contains("venous"),
        "{titles:?}"
    );
    assert_eq!(again.views[0].kind, ViewKind::Coronal);
    assert_eq!(again.views[1].preset_name, "Liver");
    let item = again
        .hanging
        .items
        .iter()
        .find(|i| i.name == "Two phases")
        .unwrap();
    assert_eq!(item.own.as_ref().unwrap().version, 1);
    bench.view(ViewCommand::SaveHanging(Box::new(draft)));
    let kept = bench.open();
    let item = kept
        .hanging
        .items
        .iter()
        .find(|i| i.name == "Two phases")
        .unwrap();
    assert_eq!(
        item.own.as_ref().unwrap().version,
        2,
        "each change raises the version"
    );
    bench.view(ViewCommand::RemoveHanging("Two phases".into()));
    assert_eq!(bench.open().layout, LayoutKind::Mpr);
    let came_with_it = bench.refused(ViewCommand::RemoveHanging("Mammography".into()));
    assert!(
        came_with_it.contains("came with the program"),
        "{came_with_it}"
    );
}

#[test]
fn cells_keep_what_they_show_and_new_ones_take_the_next_series() {
    let mut bench = Bench::new();
    for i in 1..=3 {
        let name = format!("s{i}");
        write(&series(&name, "CT", &name, i), &bench.images(), &name);
    }
    bench.open();
    bench.view(ViewCommand::SetLayout(LayoutKind::One));
    let four = bench.view(ViewCommand::Arrange(Arrangement::FOUR));
    let of = |s: &Snapshot| -> Vec<Option<String>> {
        s.views
            .iter()
            .map(|v| v.key.as_ref().map(|k| k.series_instance_uid.clone()))
            .collect()
    };
    let shown = of(&four);
    assert_eq!(shown.len(), 4);
    assert_eq!(
        shown
            .iter()
            .flatten()
            .collect::<std::collections::BTreeSet<_>>()
            .len(),
        3
    );
    assert_eq!(shown[3], None, "there are no more series");
    // The view in hand stays when there are fewer cells, and the others stay where they are.
    bench.view(ViewCommand::Focus(ViewIdx(2)));
    let two = bench.view(ViewCommand::Arrange(Arrangement::TWO));
    assert_eq!(of(&two), [shown[0].clone(), shown[2].clone()]);
    assert_eq!(two.active, ViewIdx(1));
    let sixteen = bench.view(ViewCommand::Arrange(Arrangement::grid(9, 9)));
    assert_eq!(sixteen.views.len(), 16);
}

/// Two stacks side by side; the second of another frame of reference, 100 mm further up.
fn two_frames(second_is_sagittal: bool) -> Bench {
    let mut bench = Bench::new();
    write(&series("a", "CT", "a", 1), &bench.images(), "a");
    let mut other = series("b", "CT", "b", 2);
    other.frame_of_reference_uid = Some(phantom::uid_of("hanging/other frame"));
    other.origin_mm = [0.0, 0.0, 100.0];
    other.n_slices = 12;
    if second_is_sagittal {
        other.row_direction = [0.0, 1.0, 0.0];
        other.column_direction = [0.0, 0.0, -1.0];
        other.slice_step_mm = [1.0, 0.0, 0.0];
    }
    write(&other, &bench.images(), "b");
    let snapshot = bench.open();
    let keys: Vec<_> = snapshot
        .rail
        .iter()
        .filter_map(|item| item.key.clone())
        .collect();
    bench.view(ViewCommand::SetLayout(LayoutKind::One));
    bench.view(ViewCommand::Arrange(Arrangement::TWO));
    bench.view(ViewCommand::PutSeries(ViewIdx(0), keys[0].clone()));
    bench.view(ViewCommand::PutSeries(ViewIdx(1), keys[1].clone()));
    bench
}

#[test]
fn stacks_of_different_frames_of_reference_follow_only_when_laid_over_each_other_by_hand() {
    let mut bench = two_frames(false);
    bench.view(ViewCommand::GoToSlice(ViewIdx(0), 1));
    bench.view(ViewCommand::GoToSlice(ViewIdx(1), 5));
    let slice = |s: &Snapshot, i: usize| s.views[i].slice[0];
    let apart = bench.view(ViewCommand::GoToSlice(ViewIdx(0), 2));
    assert_eq!(
        slice(&apart, 1),
        5,
        "nobody knows how the frames lie to each other"
    );
    bench.view(ViewCommand::GoToSlice(ViewIdx(0), 1));
    bench.view(ViewCommand::Focus(ViewIdx(0)));
    let linked = bench.view(ViewCommand::LinkByHand);
    assert_eq!(linked.notices.last().unwrap().code, "linked_by_hand");
    for (to, expected) in [(2, 6), (4, 8), (0, 4)] {
        let moved = bench.view(ViewCommand::GoToSlice(ViewIdx(0), to));
        assert_eq!(slice(&moved, 1), expected);
    }
    // Both ways.
    let back = bench.view(ViewCommand::GoToSlice(ViewIdx(1), 7));
    assert_eq!(slice(&back, 0), 3);
    // Not while slices are not linked.
    bench.view(ViewCommand::ToggleLinkOf(Link::Scroll));
    let alone = bench.view(ViewCommand::GoToSlice(ViewIdx(1), 6));
    assert_eq!(slice(&alone, 0), 3);
}

#[test]
fn slices_that_are_not_parallel_are_not_linked_by_hand_and_it_is_said() {
    let mut bench = two_frames(true);
    bench.view(ViewCommand::Focus(ViewIdx(0)));
    let linked = bench.view(ViewCommand::LinkByHand);
    assert_eq!(linked.notices.last().unwrap().code, "not_parallel");
    bench.view(ViewCommand::GoToSlice(ViewIdx(1), 5));
    let moved = bench.view(ViewCommand::GoToSlice(ViewIdx(0), 4));
    assert_eq!(moved.views[1].slice[0], 5);
}

#[test]
fn a_file_that_is_no_protocol_says_what_is_wrong() {
    let sound = "name = \"x\"\nversion = 1\narrangement = \"1x1\"\n[[view]]\n";
    assert!(HangingProtocol::read(sound).is_ok());
    for (text, word) in [
        ("", "missing field"),
        ("name = 1", "string"),
        (&sound.replace("1x1", "5x1"), "1 to 4"),
        (&sound.replace("1x1", "2x1"), "2 cells"),
        (&sound.replace("\"x\"", "\" \""), "no name"),
        (&format!("{sound}window = \"lungs\""), "lung"),
        (
            &format!("{sound}window = {{ center = nan, width = 5.0 }}"),
            "finite",
        ),
        (
            &format!("{sound}slab = {{ mode = \"mip\", thickness_mm = 0.0 }}"),
            "1 to 100",
        ),
        (&format!("{sound}right_edge = \"Q\""), "no side"),
        (
            &format!("{sound}series = [{{ like_view = 1 }}]"),
            "no earlier view",
        ),
        (&format!("{sound}colour = \"red\""), "unknown field"),
        (&format!("{sound}# {}", "x".repeat(70_000)), "larger"),
    ] {
        let said = HangingProtocol::read(text).unwrap_err().to_string();
        assert!(said.contains(word), "{said}");
    }
}

#[test]
fn a_protocol_that_would_leave_most_of_the_screen_empty_is_not_chosen_by_itself() {
    let breast = |side, view| Breast {
        side,
        view,
        orientation: "P\\F",
        spacing_mm: "0.1\\0.1",
        is_prior: false,
    };
    for (sides, hangs) in [(&["L"][..], false), (&["L", "R"][..], true)] {
        let mut bench = Bench::new();
        for (number, side) in sides.iter().enumerate() {
            write_breast(&breast(side, "CC"), &bench.images(), number as u32 + 1);
        }
        let in_use = bench.open().hanging.in_use;
        assert_eq!(!in_use.is_empty(), hangs, "{sides:?}: {in_use:?}");
    }
}

#[test]
fn a_region_that_was_gone_through_stays_so_when_the_case_is_opened_again() {
    let mut bench = Bench::new();
    let spec = body_part(series("ct", "CT", "axial", 1), "CHEST");
    write(&spec, &bench.images(), "ct");
    bench.open();
    let read = |bench: &mut Bench, command: ReadCommand| {
        let session = bench.session.as_mut().unwrap();
        session
            .dispatch(Command::Read(command))
            .map_err(|e| e.to_string())
    };
    let list = |snapshot: &Snapshot| snapshot.case.as_ref().unwrap().checklist.clone().unwrap();
    read(&mut bench, ReadCommand::Start).unwrap();
    for region in ["Pleura", "Airways"] {
        let command = ReadCommand::ReviewRegion(region.into(), Reviewed::Yes);
        read(&mut bench, command).unwrap();
    }
    let unknown = ReadCommand::ReviewRegion("Knee".into(), Reviewed::Yes);
    let said = read(&mut bench, unknown).unwrap_err();
    assert!(said.contains("Airways, Lungs, Pleura"), "{said}");
    let again = bench.open();
    let list = list(&again);
    assert_eq!(
        (list.name.as_str(), list.n_reviewed()),
        ("CT of the chest", 2)
    );
    let window = |name: &str| list.regions.iter().find(|r| r.name == name).unwrap().window;
    assert_eq!(window("Lungs"), Some((2, "Lung")));
    assert_eq!(window("Tubes, lines and devices"), None);
}

#[test]
fn the_window_of_a_view_is_remembered_with_its_layout_and_by_protocols() {
    let mut bench = Bench::new();
    write(&series("ct", "CT", "axial", 1), &bench.images(), "ct");
    bench.open();
    let (view, place) = (
        ViewIdx(1),
        WindowPlace {
            at_points: [-1200, 40],
            size_points: [800, 600],
        },
    );
    let cells = |n: u32| ViewCommand::Arrange(format!("{n}x1").parse().unwrap());
    bench.view(cells(2));
    let unknown = bench.view(ViewCommand::ToggleOwnWindow(view));
    assert_eq!((unknown.torn, unknown.window_places), (vec![view], vec![]));
    let placed = bench.view(ViewCommand::PlaceOwnWindow(view, place));
    assert_eq!(placed.window_places, [(view, place)]);
    // What no window can be is not remembered, and neither is the place of a view in its cell.
    for (view, place) in [
        (
            view,
            WindowPlace {
                size_points: [5, 600],
                ..place
            },
        ),
        (
            view,
            WindowPlace {
                at_points: [1 << 30, 0],
                ..place
            },
        ),
        (ViewIdx(0), place),
    ] {
        let after = bench.view(ViewCommand::PlaceOwnWindow(view, place));
        assert_eq!(after.window_places, placed.window_places);
    }
    let mut protocol = (*placed.hanging.draft.clone().unwrap()).clone();
    protocol.name = "On two monitors".into();
    assert_eq!(protocol.views[1].own_window, Some(place));
    let text = protocol.write().unwrap();
    assert_eq!(HangingProtocol::read(&text).unwrap(), protocol, "{text}");
    bench.view(ViewCommand::SaveHanging(Box::new(protocol.clone())));
    // Another layout has places of its own; the same one has them again, also when the program was started anew.
    bench.view(cells(3));
    assert_eq!(
        bench.view(ViewCommand::ToggleOwnWindow(view)).window_places,
        []
    );
    bench.open();
    bench.view(cells(2));
    let again = bench.view(ViewCommand::ToggleOwnWindow(view));
    assert_eq!(again.window_places, [(view, place)]);
    let hung = bench.view(ViewCommand::Hang("On two monitors".into()));
    assert_eq!(
        (hung.torn, hung.window_places),
        (vec![view], vec![(view, place)])
    );
}

#[test]
fn files_beside_the_store_replace_and_add_checklists_and_protocols() {
    let mut bench = Bench::new();
    let spec = body_part(series("ct", "CT", "axial", 1), "CHEST");
    write(&spec, &bench.images(), "ct");
    let list = |snapshot: &Snapshot| {
        let list = snapshot.case.as_ref().unwrap().checklist.clone().unwrap();
        (list.name.clone(), list.regions.len())
    };
    assert!(5 < list(&bench.open()).1, "as it came with the program");
    let folder = |name: &str| {
        let folder = bench.dir.path().join("store").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        folder
    };
    let (lists, protocols) = (folder("checklists"), folder("hanging"));
    let text = |name: &str, body_part: &str| {
        format!(
            "name = \"{name}\"\nversion = 7\n[when]\nmodality = [\"CT\"]\nbody_part = [\"{body_part}\"]\n\
             [[region]]\nname = \"Lungs\"\nwindow = \"lung\"\n[[region]]\nname = \"All else\"\n"
        )
    };
    std::fs::write(lists.join("mine.toml"), text("CT of the chest", "chest")).unwrap();
    std::fs::write(lists.join("wrong.toml"), text("", "chest")).unwrap();
    let protocol = "name = \"Mine\"\nversion = 1\narrangement = \"1x1\"\n[[view]]\n";
    std::fs::write(protocols.join("mine.toml"), protocol).unwrap();
    std::fs::write(protocols.join("wrong.toml"), "name = 1").unwrap();
    let opened = bench.open();
    assert_eq!(list(&opened), ("CT of the chest".into(), 2));
    let names: Vec<&str> = opened
        .hanging
        .items
        .iter()
        .map(|i| i.name.as_str())
        .collect();
    assert!(names.contains(&"Mine"), "{names:?}");
    let said = |code: &str, words: &str| {
        let notices = opened.notices.iter();
        notices
            .filter(|n| n.code == code && n.text.contains(words))
            .count()
    };
    assert_eq!(
        said(
            "checklist_left_out",
            "wrong.toml: the checklist has no name"
        ),
        1
    );
    assert_eq!(
        said(
            "hanging_left_out",
            "wrong.toml: the hanging protocol cannot be read"
        ),
        1
    );
    // Under a name of its own, and no more special than that of the program, it stands beside it.
    std::fs::write(lists.join("mine.toml"), text("Knees", "knee")).unwrap();
    assert_eq!(list(&bench.open()).0, "CT of the chest");
}

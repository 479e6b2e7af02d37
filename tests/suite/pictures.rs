//! Pictures of the command line against series whose voxel values are a known function of the place in the patient.

use std::path::{Path, PathBuf};

use acceptance::{Desk, Npy, Reader, has_gpu};
use phantom::raw::{FileOrder, Rescale, SeriesSpec};

type V3 = [f64; 3];

fn dot(a: V3, b: V3) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross(a: V3, b: V3) -> V3 {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

fn along(start: V3, direction: V3, by: f64) -> V3 {
    std::array::from_fn(|k| start[k] + direction[k] * by)
}

/// Stored values grow by whole numbers along each axis of the voxels, so that they are linear in the patient.
const GROWTH: V3 = [2.0, 3.0, 5.0];
const SIZE: [usize; 3] = [24, 20, 16];
const SPACING_MM: V3 = [1.5, 2.0, 2.5];

fn value_at(voxel: V3) -> f64 {
    dot(voxel, GROWTH)
}

/// A series whose voxels lie along these directions.
fn series(name: &str, row: V3, column: V3, slice: V3) -> SeriesSpec {
    SeriesSpec {
        row_direction: row,
        column_direction: column,
        slice_step_mm: slice.map(|n| n * SPACING_MM[2]),
        pixel_spacing_mm: Some([SPACING_MM[1], SPACING_MM[0]]),
        origin_mm: [-31.5, 12.25, -140.5],
        file_order: FileOrder::Shuffled(5),
        rescale: Rescale::Same {
            slope: 0.5,
            intercept: -10.0,
        },
        ..SeriesSpec::ct(name, SIZE[0] as u16, SIZE[1] as u16, SIZE[2])
    }
}

/// The stored directions that a patient may be scanned in.
fn all_series() -> Vec<SeriesSpec> {
    let (x, y, z) = ([1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]);
    let minus = |v: V3| v.map(|n| -n);
    let (sin, cos) = (0.6, 0.8);
    let tilted_column = [0.0, cos, sin];
    vec![
        series("axial", x, y, z),
        series("axial prone", minus(x), minus(y), z),
        series("axial feet first", minus(x), y, minus(z)),
        series("axial stored downwards", x, y, minus(z)),
        series("coronal", x, minus(z), y),
        series("sagittal", y, minus(z), minus(x)),
        series("oblique", x, tilted_column, cross(x, tilted_column)),
    ]
}

/// The series with its values, and the way back from the patient to voxels.
struct Phantom {
    dir: PathBuf,
    spec: SeriesSpec,
}

impl Phantom {
    fn new(desk: &Desk, spec: SeriesSpec) -> Self {
        let dir = desk.path(&spec.series_description);
        spec.write(&dir, |v| {
            let voxel = [v.col_idx, v.row_idx, v.slice_idx].map(|n| n as f64);
            (2.0 * (value_at(voxel) + 10.0)) as i64
        })
        .unwrap();
        Self { dir, spec }
    }

    fn centre(&self) -> V3 {
        let [c, r, s] = SIZE.map(|n| (n - 1) as f64 / 2.0);
        self.spec.patient_from_voxel(c, r, s)
    }

    /// Voxel indices, with fractions, of a place.
    fn voxel(&self, place: V3) -> V3 {
        let from_origin: V3 = std::array::from_fn(|k| place[k] - self.spec.origin_mm[k]);
        let step = self.spec.slice_step_mm;
        [
            dot(from_origin, self.spec.row_direction) / SPACING_MM[0],
            dot(from_origin, self.spec.column_direction) / SPACING_MM[1],
            dot(from_origin, step) / dot(step, step),
        ]
    }

    fn render(&self, by: &Reader, out: &Path, args: &[&str]) {
        let start = [
            "render",
            self.dir.to_str().unwrap(),
            "--out",
            out.to_str().unwrap(),
        ];
        by.json(&[&start[..], args].concat());
    }
}

/// Where a voxel index lies to the samples of the volume.
#[derive(PartialEq)]
enum Inside {
    Between,
    Edge,
    Outside,
}

fn inside(voxel: V3) -> Inside {
    let worst = voxel
        .iter()
        .zip(SIZE)
        .map(|(v, n)| (-v).max(v - (n - 1) as f64))
        .fold(f64::MIN, f64::max);
    match worst {
        w if w <= 1e-6 => Inside::Between,
        w if w <= 0.5 + 1e-6 => Inside::Edge,
        _ => Inside::Outside,
    }
}

/// Planes by name with direction of view and up (DECISIONS 1), and what the command line calls them.
fn planes() -> Vec<(String, V3, V3)> {
    let (n, u) = ([0.36, 0.48, 0.8], [0.8, -0.6, 0.0]);
    let oblique = format!(
        "oblique:{},{},{},{},{},{}",
        n[0], n[1], n[2], u[0], u[1], u[2]
    );
    vec![
        ("axial".into(), [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]),
        ("coronal".into(), [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]),
        ("sagittal".into(), [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]),
        (oblique, n, u),
    ]
}

/// The place of pixel (i, j).
fn place(
    centre: V3,
    (away, up): (V3, V3),
    [width, height]: [usize; 2],
    mm: f64,
    [i, j]: [usize; 2],
) -> V3 {
    let right = cross(away, up);
    let across = along(centre, right, (i as f64 - (width as f64 - 1.0) / 2.0) * mm);
    along(across, up, -(j as f64 - (height as f64 - 1.0) / 2.0) * mm)
}

#[test]
fn every_pixel_of_a_plane_has_the_value_of_its_place() {
    const PX: [usize; 2] = [33, 28];
    const MM: f64 = 1.75;
    let desk = Desk::new();
    let me = desk.reader("Ada Second");
    let out = desk.path("plane.npy");
    for phantom in all_series()
        .into_iter()
        .map(|spec| Phantom::new(&desk, spec))
    {
        let middle = phantom.centre();
        for (plane, away, up) in planes() {
            for centre in [
                middle,
                std::array::from_fn(|k| middle[k] + [1.1, -2.3, 3.7][k]),
            ] {
                for interpolation in ["linear", "nearest"] {
                    let at = acceptance::numbers(&centre);
                    let size = format!("{}x{}", PX[0], PX[1]);
                    let how = ["--plane", &plane, "--at", &at, "--size", &size];
                    let scale = MM.to_string();
                    phantom.render(
                        &me,
                        &out,
                        &[
                            &how[..],
                            &["--mm-per-pixel", &scale, "--interpolation", interpolation],
                        ]
                        .concat(),
                    );
                    let picture = Npy::read(&out);
                    assert_eq!(picture.shape, [PX[1], PX[0]]);
                    let what = format!(
                        "{} {plane} {interpolation}",
                        phantom.spec.series_description
                    );
                    let n = check_plane(
                        &phantom,
                        &picture,
                        (centre, away, up),
                        (PX, MM),
                        (interpolation, &what),
                    );
                    assert!(80 < n, "{what}: only {n} pixels lie inside");
                }
            }
        }
    }
}

/// Compares all pixels; gives the number of those between voxel centres.
fn check_plane(
    phantom: &Phantom,
    picture: &Npy,
    (centre, away, up): (V3, V3, V3),
    (px, mm): ([usize; 2], f64),
    (interpolation, what): (&str, &str),
) -> usize {
    let mut n_inside = 0;
    for j in 0..px[1] {
        for i in 0..px[0] {
            let voxel = phantom.voxel(place(centre, (away, up), px, mm, [i, j]));
            let got = f64::from(picture.values[j * px[0] + i]);
            let near_tie = voxel.iter().any(|v| (v - v.floor() - 0.5).abs() < 1e-3);
            match inside(voxel) {
                Inside::Between => {
                    n_inside += 1;
                    let expected = match interpolation {
                        "linear" => value_at(voxel),
                        _ if near_tie => continue,
                        _ => value_at(voxel.map(f64::round)),
                    };
                    assert!(
                        (got - expected).abs() < 1e-3,
                        "{what} ({i},{j}): {got}, not {expected}"
                    );
                }
                Inside::Outside => {
                    assert!(got.is_nan(), "{what} ({i},{j}) lies outside and has {got}")
                }
                Inside::Edge => {}
            }
        }
    }
    n_inside
}

#[test]
fn a_native_slice_shows_its_rows_and_columns() {
    let desk = Desk::new();
    let me = desk.reader("Ada Second");
    let out = desk.path("native.npy");
    for phantom in all_series()
        .into_iter()
        .map(|spec| Phantom::new(&desk, spec))
    {
        // Slices are counted along row × column.
        let normal = cross(phantom.spec.row_direction, phantom.spec.column_direction);
        let ascending = 0.0 < dot(normal, phantom.spec.slice_step_mm);
        for slice_idx in [0, 7, SIZE[2] - 1] {
            let slice = slice_idx.to_string();
            phantom.render(
                &me,
                &out,
                &[
                    "--slice",
                    &slice,
                    "--size",
                    "24x27",
                    "--mm-per-pixel",
                    "1.5",
                ],
            );
            let picture = Npy::read(&out);
            let stored_idx = if ascending {
                slice_idx
            } else {
                SIZE[2] - 1 - slice_idx
            };
            for j in 0..27 {
                for i in 0..24 {
                    let row =
                        (SIZE[1] as f64 - 1.0) / 2.0 + (j as f64 - 13.0) * 1.5 / SPACING_MM[1];
                    let voxel = [i as f64, row, stored_idx as f64];
                    let got = f64::from(picture.values[j * 24 + i]);
                    if inside(voxel) == Inside::Between {
                        let expected = value_at(voxel);
                        let what = format!(
                            "{} slice {slice_idx} ({i},{j})",
                            phantom.spec.series_description
                        );
                        assert!(
                            (got - expected).abs() < 1e-3,
                            "{what}: {got}, not {expected}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn windowed_grey_values_follow_the_standard() {
    let desk = Desk::new();
    let me = desk.reader("Ada Second");
    let [npy, png] = ["w.npy", "w.png"].map(|n| desk.path(n));
    let phantom = Phantom::new(
        &desk,
        series("windows", [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]),
    );
    for (center, width) in [
        (90.0, 100.0),
        (40.0, 400.0),
        (60.0, 33.0),
        (60.0, 1.0),
        (88.25, 20.5),
    ] {
        let window = format!("{center},{width}");
        let args = ["--plane", "coronal", "--size", "60x40", "--window", &window];
        phantom.render(&me, &npy, &args);
        phantom.render(&me, &png, &args);
        let values = Npy::read(&npy).values;
        let grey = image::open(&png).unwrap().into_luma8();
        assert_eq!(grey.dimensions(), (60, 40));
        let mut shades = std::collections::BTreeSet::new();
        for (value, shown) in values.iter().zip(grey.pixels()) {
            let shown = f64::from(shown.0[0]);
            if value.is_nan() {
                assert_eq!(shown, 0.0, "outside is black");
                continue;
            }
            // PS3.3 C.11.2.1.2.1 with an output of 0 to 255.
            let (x, half) = (f64::from(*value) - (center - 0.5), (width - 1.0) / 2.0);
            let exact = match x {
                x if x <= -half => 0.0,
                x if half < x => 255.0,
                x => (x / (width - 1.0) + 0.5) * 255.0,
            };
            assert!(
                (shown - exact).abs() <= 0.5 + 1e-3,
                "window {window}: {value} is shown as {shown}, not {exact}"
            );
            shades.insert(shown as u8);
        }
        assert!(2 <= shades.len(), "window {window} shows one shade");
    }
}

#[test]
fn the_card_shows_what_the_reference_computes() {
    if !has_gpu() {
        return;
    }
    let desk = Desk::new();
    let me = desk.reader("Ada Second");
    let [cpu, gpu] = ["cpu.png", "gpu.png"].map(|n| desk.path(n));
    for spec in [all_series().remove(0), all_series().remove(6)] {
        let phantom = Phantom::new(&desk, spec);
        let mut rows: Vec<Vec<String>> = planes()
            .into_iter()
            .map(|(plane, ..)| vec!["--plane".into(), plane])
            .collect();
        rows.push(["--slice", "7"].map(str::to_owned).into());
        rows.push(
            ["--plane", "coronal", "--slab", "mip:8"]
                .map(str::to_owned)
                .into(),
        );
        rows.push(
            [
                "--plane",
                "axial",
                "--slab",
                "mean:6",
                "--interpolation",
                "nearest",
            ]
            .map(str::to_owned)
            .into(),
        );
        for row in rows {
            let own: Vec<&str> = row.iter().map(String::as_str).collect();
            let shared = ["--size", "120x90", "--window", "90,190"];
            let args = [&own[..], &shared].concat();
            phantom.render(&me, &cpu, &args);
            phantom.render(&me, &gpu, &[&args[..], &["--engine", "gpu"]].concat());
            let [cpu, gpu] = [&cpu, &gpu].map(|p| image::open(p).unwrap().into_luma8());
            let apart = cpu
                .pixels()
                .zip(gpu.pixels())
                .filter(|(a, b)| 1 < a.0[0].abs_diff(b.0[0]))
                .count();
            let n = cpu.pixels().len();
            assert!(
                apart * 1000 <= n,
                "{} {row:?}: {apart} of {n} pixels differ by more than one grey level",
                phantom.spec.series_description
            );
        }
    }
}

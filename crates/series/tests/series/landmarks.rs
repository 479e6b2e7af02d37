//! A landmark at a known place of the patient is found there in every plane, under any tilt of the gantry and on the
//! right side; where slices are uneven each still shows it where it is.

use phantom::raw::{SeriesSpec, Voxel};
use space::{Orientation, PatientPoint, PatientVector, PlaneFrame, ViewPlane};
use volume::{GeometryKind, Interpolation, Picture, Slab, SlabMode, Volume, reslice};

use crate::builder::{scan_path, volumes};

/// How far off a landmark may be found, mm.
const TOLERANCE_MM: f64 = 0.1;
/// Width of a landmark, mm: wide against a voxel, so that its middle does not depend on where the voxels lie.
const SIGMA_MM: f64 = 6.0;
/// Value of a landmark's middle.
const PEAK: f64 = 2000.0;

/// One on the patient's left and one, further back and higher, on the right.
const LEFT: PatientPoint = PatientPoint::new(31.3, -12.7, 4.1);
const RIGHT: PatientPoint = PatientPoint::new(-33.9, 14.2, 9.6);

fn value(voxel: Voxel) -> i64 {
    let [x, y, z] = voxel.in_patient;
    let at = PatientPoint::new(x, y, z);
    let bell = |middle: PatientPoint| {
        let away_mm = (at - middle).length_mm() / SIGMA_MM;
        PEAK * (-0.5 * away_mm * away_mm).exp()
    };
    (bell(LEFT) + bell(RIGHT)).round() as i64
}

/// 128 × 128 pixels of 0.9 mm under a gantry tilted about the patient's x axis; slices follow along the table.
fn tilted(angle_deg: f64, step_mm: f64) -> SeriesSpec {
    let (sin, cos) = angle_deg.to_radians().sin_cos();
    let n_slices = (90.0 / step_mm) as usize;
    SeriesSpec {
        row_direction: [1.0, 0.0, 0.0],
        column_direction: [0.0, cos, sin],
        pixel_spacing_mm: Some([0.9, 0.9]),
        slice_step_mm: [0.0, 0.0, step_mm],
        slice_thickness_mm: Some(step_mm),
        origin_mm: [-57.0, -57.0 * cos, -40.0 - 57.0 * sin],
        ..SeriesSpec::ct("landmarks", 128, 128, n_slices)
    }
}

fn opened(spec: &SeriesSpec) -> Volume {
    let folder = tempfile::tempdir().unwrap();
    spec.write(folder.path(), value).unwrap();
    let scan = scan_path(folder.path());
    let plans = volumes(&scan);
    let plan = plans.first().unwrap();
    let volume = plan.empty_volume();
    let order: Vec<usize> = (0..plan.n_slices()).collect();
    let warnings = series::decode_into(plan, &volume, &order, &|_| {}, &|| false);
    assert!(warnings.is_empty(), "{warnings:?}");
    volume
}

/// The middle of what is bright in a picture, in the patient.
fn found(picture: &Picture, plane: &ViewPlane) -> PatientPoint {
    let (mut sum, mut column_sum, mut row_sum) = (0.0, 0.0, 0.0);
    for (at, value) in picture.values.iter().enumerate() {
        // Below a tenth the edge of the picture would count on one side only.
        let weight = f64::from(*value) - PEAK / 10.0;
        if 0.0 < weight {
            sum += weight;
            column_sum += weight * (at % picture.width) as f64;
            row_sum += weight * (at / picture.width) as f64;
        }
    }
    plane.patient([column_sum / sum, row_sum / sum])
}

fn frames() -> Vec<(&'static str, PlaneFrame)> {
    let oblique = PlaneFrame::new(
        PatientVector::new(0.4, 0.7, -0.5),
        PatientVector::new(0.1, 0.2, 1.0),
    );
    vec![
        ("axial", Orientation::Axial.frame()),
        ("coronal", Orientation::Coronal.frame()),
        ("sagittal", Orientation::Sagittal.frame()),
        ("oblique", oblique.unwrap()),
    ]
}

#[test]
fn a_landmark_lies_where_it_is_in_every_plane_under_any_tilt_of_the_gantry() {
    let mut worst_mm: f64 = 0.0;
    for angle_deg in [-30.0, -7.5, 0.0, 30.0] {
        for step_mm in [1.0, 2.5] {
            let volume = opened(&tilted(angle_deg, step_mm));
            assert_eq!(volume.kind, GeometryKind::Volume, "{angle_deg}°");
            for (name, frame) in frames() {
                for (side, landmark) in [("left", LEFT), ("right", RIGHT)] {
                    for slab in [
                        None,
                        Some(Slab {
                            mode: SlabMode::Mip,
                            thickness_mm: 8.0,
                        }),
                    ] {
                        // The picture's middle lies beside the landmark, so that a mirrored picture is found out.
                        let beside = frame.right() * 5.3 + frame.up * 3.1;
                        let plane = ViewPlane {
                            centre: landmark + beside,
                            frame,
                            mm_per_pixel: 0.5,
                            size_px: [100, 100],
                        };
                        let picture =
                            reslice(&volume, &plane, Interpolation::Linear, slab, &|| false)
                                .unwrap();
                        let off = found(&picture, &plane) - landmark;
                        let off_mm = off.length_mm();
                        worst_mm = worst_mm.max(off_mm);
                        assert!(
                            off_mm < TOLERANCE_MM,
                            "{side} in {name} at {angle_deg}°, {step_mm} mm, {slab:?}: {off_mm:.3} mm off"
                        );
                    }
                }
            }
        }
    }
    println!("landmarks found within {worst_mm:.4} mm");
}

#[test]
fn uneven_slices_are_no_volume_and_each_shows_the_landmark_where_it_is() {
    // Distances that grow from 2 to 5 mm, as when a series is dense at the base and coarse above.
    let places: Vec<f64> = (0..24)
        .map(|k| f64::from(k) * (1.0 + f64::from(k) / 48.0))
        .collect();
    let spec = SeriesSpec {
        n_slices: places.len(),
        slice_positions: places.clone(),
        ..tilted(0.0, 2.0)
    };
    let volume = opened(&spec);
    assert_eq!(volume.kind, GeometryKind::Stack);
    let mut n_seen = 0;
    for (slice_idx, place) in places.iter().enumerate() {
        let z_mm = -40.0 + 2.0 * place;
        let origin = volume.slice_origin(slice_idx);
        assert!((origin.z_mm - z_mm).abs() < 1e-6, "slice {slice_idx}");
        for landmark in [LEFT, RIGHT] {
            if 4.0 < (landmark.z_mm - z_mm).abs() {
                continue;
            }
            let plane = ViewPlane {
                centre: PatientPoint::new(landmark.x_mm + 4.0, landmark.y_mm - 3.0, z_mm),
                frame: Orientation::Axial.frame(),
                mm_per_pixel: 0.5,
                size_px: [100, 100],
            };
            let view = volume::SliceView::of_plane(&volume, slice_idx, &plane).unwrap();
            let picture =
                volume::sample_slice(&volume, slice_idx, &view, Interpolation::Linear).unwrap();
            let off =
                found(&picture, &plane) - PatientPoint::new(landmark.x_mm, landmark.y_mm, z_mm);
            assert!(off.length_mm() < TOLERANCE_MM, "slice {slice_idx}: {off:?}");
            n_seen += 1;
        }
    }
    assert!(2 <= n_seen, "{n_seen} slices show a landmark");
}

//! Stored values that stand for colours are shown in colour wherever a slice is, under any window.

#![allow(clippy::unwrap_used, missing_docs)]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use session::headless::{Guard, RenderLayout, RenderRequest, Window, render};
use session::{
    Actor, Command, LayoutKind, PictureKind, PicturesBy, Session, SessionOptions, ViewCommand,
    system_clock,
};
use volume::Interpolation;

const LIMIT: Duration = Duration::from_secs(60);

/// Writes six slices of 8 × 8; values count 10 a column, 1 a row and 100 a slice, and from 250 on they are colours.
fn images(dir: &Path) -> PathBuf {
    let hazards = phantom::hazards::all();
    let hazard = hazards
        .iter()
        .find(|h| h.name == "supplemental palette")
        .unwrap();
    let folder = dir.join("images");
    std::fs::create_dir_all(&folder).unwrap();
    for file in hazard.files() {
        std::fs::write(folder.join(&file.name), &file.bytes).unwrap();
    }
    folder
}

fn value(column: u32, row: u32, slice: u32) -> u32 {
    10 * column + row + 100 * slice
}

#[test]
fn a_rendered_slice_has_the_colours_of_its_palette_and_greys_below() {
    let dir = tempfile::tempdir().unwrap();
    let path = images(dir.path());
    for (slice, window) in [
        (0, Window::Dicom),
        (2, Window::Dicom),
        (2, Window::CenterWidth(0.0, 10.0)),
        (4, Window::Dicom),
    ] {
        let out = dir.path().join("picture.png");
        let request = RenderRequest {
            path: path.clone(),
            series: None,
            out: out.clone(),
            layout: RenderLayout::Plane,
            plane: Some("native".into()),
            at: None,
            slice: Some(slice as usize),
            window,
            slab: None,
            interpolation: Interpolation::Linear,
            size_px: [8, 8],
            mm_per_pixel: None,
        };
        render(&request, &Guard::default()).unwrap();
        let picture = image::open(&out).unwrap().to_rgb8();
        assert_eq!(picture.dimensions(), (8, 8));
        let mut n_colour = 0;
        for (column, row, pixel) in picture.enumerate_pixels() {
            let value = value(column, row, slice);
            let [r, g, b] = pixel.0;
            if 250 <= value {
                let entry = (value - 250).min(255) as u8;
                assert_eq!(
                    [r, g, b],
                    [entry, 255 - entry, 77],
                    "{column},{row} of {slice}"
                );
                n_colour += 1;
            } else {
                assert!(r == g && g == b, "{pixel:?} at {column},{row} of {slice}");
            }
        }
        assert_eq!(n_colour, [0, 0, 24, 0, 64][slice as usize], "slice {slice}");
    }
}

#[test]
fn the_view_and_the_thumbnail_of_a_session_show_them_too() {
    let dir = tempfile::tempdir().unwrap();
    let path = images(dir.path());
    let mut session = Session::open(SessionOptions {
        store_dir: dir.path().join("store"),
        actor: Actor::new("reader"),
        clock: system_clock(),
        trace: None,
        pictures: PicturesBy::Session,
    })
    .unwrap();
    session.dispatch(Command::OpenPaths(vec![path])).unwrap();
    session.run_until_idle(LIMIT).unwrap();
    let layout = ViewCommand::SetLayout(LayoutKind::One);
    session.dispatch(Command::View(layout)).unwrap();
    let is_colour = |r: u8, g: u8, b: u8| b == 77 && r.saturating_add(g) == 255;
    let start = Instant::now();
    let snapshot = loop {
        session.poll();
        let snapshot = session.snapshot();
        let pictures = snapshot.views.iter().filter_map(|v| v.picture.as_ref());
        let is_shown = pictures.filter_map(|p| match &p.picture {
            PictureKind::GreyUnderColours(_, layer) => Some(layer),
            PictureKind::Grey(_) | PictureKind::Colour(_) => None,
        });
        let has_colour = |[r, g, b, a]: &[u8; 4]| *a == 255 && is_colour(*r, *g, *b);
        if is_shown.flat_map(|l| &l.values).any(has_colour) {
            break snapshot;
        }
        assert!(start.elapsed() < LIMIT, "no view shows the slice in colour");
        std::thread::sleep(Duration::from_millis(1));
    };
    let thumbnail = snapshot
        .rail
        .iter()
        .filter_map(|item| item.thumbnail.clone())
        .next()
        .unwrap();
    let n_colour = thumbnail
        .rgb
        .iter()
        .filter(|[r, g, b]| is_colour(*r, *g, *b))
        .count();
    assert!(0 < n_colour, "the thumbnail is grey");
}

//! Light through a volume on the command line: sides are where the patient has them, and what cannot be lit is refused.

use std::path::Path;

use acceptance::{Desk, Reader};
use phantom::raw::SeriesSpec;

/// Air with one block of bone at the patient's left, front and head end.
fn write_block(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    let mut spec = SeriesSpec::ct("light", 32, 32, 16);
    spec.pixel_spacing_mm = Some([2.0, 2.0]);
    spec.slice_step_mm = [0.0, 0.0, 4.0];
    spec.slice_thickness_mm = Some(4.0);
    spec.slice_positions = Vec::new();
    let is_bone = |c: usize, r: usize, s: usize| {
        (20..28).contains(&c) && (4..12).contains(&r) && (9..14).contains(&s)
    };
    spec.write(folder, |v| {
        if is_bone(v.col_idx, v.row_idx, v.slice_idx) {
            1000
        } else {
            -1000
        }
    })
    .unwrap();
}

/// The middle of what is lit, in shares of the picture from its upper left.
fn lit(by: &Reader, folder: &Path, out: &Path, plane: Option<&str>) -> [f64; 2] {
    let mut args = vec![
        "render",
        folder.to_str().unwrap(),
        "--layout",
        "volume",
        "--out",
        out.to_str().unwrap(),
    ];
    args.extend(["--size", "128x128"]);
    args.extend(plane.iter().flat_map(|plane| ["--plane", plane]));
    by.json(&args);
    let picture = image::open(out).unwrap().to_rgb8();
    let lit = picture.enumerate_pixels().filter(|(.., c)| 0 < c.0[0]);
    let places: Vec<[f64; 2]> = lit.map(|(x, y, _)| [f64::from(x), f64::from(y)]).collect();
    assert!(100 < places.len(), "hardly anything is lit under {plane:?}");
    std::array::from_fn(|k| places.iter().map(|p| p[k]).sum::<f64>() / places.len() as f64 / 127.0)
}

#[test]
fn what_lies_on_the_left_is_seen_on_the_right_from_the_front_and_on_the_left_from_behind() {
    let desk = Desk::new();
    let me = desk.reader("Ada Second");
    let (folder, out) = (desk.path("block"), desk.path("light.png"));
    write_block(&folder);
    for (plane, is_right, is_up) in [
        (None, true, true),
        (Some("coronal"), true, true),
        (Some("oblique:0,-1,0,0,0,1"), false, true),
        // From the feet: front up. From the left: front on the left.
        (Some("axial"), true, true),
        (Some("sagittal"), false, true),
        (Some("oblique:0,1,0,0,0,-1"), false, false),
    ] {
        let [x, y] = lit(&me, &folder, &out, plane);
        assert_eq!((0.5 < x, y < 0.5), (is_right, is_up), "{plane:?}: {x} {y}");
    }
}

#[test]
fn what_cannot_be_lit_is_refused_with_a_sentence() {
    let desk = Desk::new();
    let me = desk.reader("Ada Second");
    let (folder, out) = (desk.path("block"), desk.path("light.png"));
    write_block(&folder);
    let (folder, out) = (folder.to_str().unwrap(), out.to_str().unwrap());
    let render = ["render", folder, "--out", out];
    for (more, word) in [
        (&["--layout", "volume", "--preset", "gold"][..], "ct-bone"),
        (&["--preset", "ct-bone"], "--layout volume"),
        (&["--layout", "volume", "--slab", "mip:5"], "--slab"),
        (&["--layout", "volume", "--slice", "3"], "--slice"),
        (&["--layout", "volume", "--engine", "gpu"], "processor"),
        (&["--layout", "volume", "--out", "values.npy"], ".png"),
    ] {
        let args = match more.contains(&"--out") {
            true => [&render[..2], more].concat(),
            false => [&render[..], more].concat(),
        };
        let sentence = me.refused(&args, 2);
        assert!(sentence.contains(word), "{more:?}: {sentence}");
    }
}

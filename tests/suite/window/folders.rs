//! A folder that fills under an open study: a quiet message that stays, with what it offers.

use acceptance::ReportForm;
use phantom::raw::SeriesSpec;
use session::Command;

use super::bench::Bench;

#[test]
fn new_images_are_offered_and_opened_by_their_button() {
    let mut bench = Bench::reading(1, ReportForm::Text);
    let mut spec = SeriesSpec::ct("filling", 32, 24, 8);
    spec.slice_positions = Vec::new();
    spec.slice_step_mm = [0.0, 0.0, 3.0];
    let files = spec.files(|voxel| voxel.slice_idx as i64);
    let folder = bench.desk.path("filling");
    std::fs::create_dir(&folder).unwrap();
    let put = |file: &phantom::raw::RawFile| {
        std::fs::write(folder.join(&file.name), &file.bytes).unwrap();
    };
    files[..6].iter().for_each(put);
    bench.dispatch(Command::OpenPaths(vec![folder.clone()]));
    let told = "In the folder of this study: 2 new images.";
    assert!(!bench.shows(told));
    files[6..].iter().for_each(put);
    for _ in 0..2 {
        bench.with(|shell| shell.session_mut().look_at_folders());
    }
    bench.settle();
    assert!(bench.shows(told), "{:?}", bench.names());
    assert_eq!(bench.snapshot().rail[0].n_slices, 6);
    bench.press("Open again");
    assert_eq!(bench.snapshot().rail[0].n_slices, 8);
    assert!(!bench.shows(told));
}

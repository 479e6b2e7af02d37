//! How close a pass must be to its twin.

use std::collections::BTreeSet;
use std::sync::{Mutex, OnceLock};

use render::Gpu;
use volume::ColourPicture;

/// The furthest a grey may be from the twin's: the GPU computes in 32 bits, so that a value on the border between two
/// levels may fall on the other side.
pub const MAX_LEVELS_OFF: u8 = 1;

/// The share of pixels that may be off at all, for the same reason.
pub const MAX_SHARE_OFF: f64 = 0.001;

/// The share of pixels at the very edge of the volume that may be inside for one and outside for the other: the GPU counts
/// 1e-4 voxels beyond the edge as inside.
pub const MAX_SHARE_EDGE: f64 = 0.001;

/// The device of all tests; `None`, with a line, when `NO_GPU` is set.
pub fn gpu() -> Option<&'static Gpu> {
    static GPU: OnceLock<Option<Gpu>> = OnceLock::new();
    let gpu = GPU.get_or_init(|| {
        if std::env::var_os("NO_GPU").is_some() {
            return None;
        }
        Some(Gpu::headless().expect("GPU tests need an adapter; set NO_GPU=1 to skip them"))
    });
    if gpu.is_none() {
        say_skipped_once();
    }
    gpu.as_ref()
}

/// Prints one line a test, however many pictures it would have drawn: test threads bear the name of their test.
fn say_skipped_once() {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("unnamed").to_owned();
    if SAID.lock().unwrap().insert(name.clone()) {
        println!("skipped 1 test: NO_GPU is set ({name})");
    }
}

/// Holds a drawn picture against its twin.
pub fn check(name: &str, drawn: &ColourPicture, twin: &ColourPicture) {
    assert_eq!(
        (drawn.width, drawn.height),
        (twin.width, twin.height),
        "{name}"
    );
    let (mut n_off, mut n_edge, mut worst) = (0, 0, 0);
    for (a, b) in drawn.values.iter().zip(&twin.values) {
        assert_eq!(a[3], 255, "{name}: pictures are opaque");
        let off = (0..3).map(|c| a[c].abs_diff(b[c])).max().unwrap_or(0);
        if MAX_LEVELS_OFF < off {
            n_edge += 1;
            worst = worst.max(off);
        } else if 0 < off {
            n_off += 1;
        }
    }
    let n = drawn.values.len() as f64;
    println!("{name}: {n_off} of {n} pixels one level off, {n_edge} further (worst {worst})");
    assert!(
        f64::from(n_off) / n <= MAX_SHARE_OFF,
        "{name}: {n_off} of {n} pixels are one level off"
    );
    assert!(
        f64::from(n_edge) / n <= MAX_SHARE_EDGE,
        "{name}: {n_edge} of {n} pixels are up to {worst} levels off"
    );
}

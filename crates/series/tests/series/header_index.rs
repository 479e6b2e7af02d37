//! The header index: faster than the files, and never believed over them.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use series::{HeaderIndex, Scan, ScanOptions};

use crate::builder::{Object, codes, volumes};

struct Desk {
    _guard: tempfile::TempDir,
    images: PathBuf,
    index: PathBuf,
}

impl Desk {
    fn new(n_slices: i32) -> Self {
        let guard = tempfile::tempdir().unwrap();
        let images = guard.path().join("images");
        for k in 0..n_slices {
            let folder = images.join(format!("S{}", k % 3));
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(
                folder.join(format!("{k}")),
                Object::ct(k, f64::from(k)).file(),
            )
            .unwrap();
        }
        std::fs::create_dir_all(&images).unwrap();
        std::fs::write(images.join("readme.txt"), b"not an image").unwrap();
        Self {
            images,
            index: guard.path().join("index"),
            _guard: guard,
        }
    }

    /// A scan an hour from now, when every file has been at rest for long.
    fn scan(&self) -> Scan {
        self.scan_at(SystemTime::now() + Duration::from_secs(3600))
    }

    fn scan_at(&self, now: SystemTime) -> Scan {
        let options = ScanOptions {
            index: Some(HeaderIndex {
                folder: self.index.clone(),
                now,
            }),
            ..ScanOptions::default()
        };
        let n_told = AtomicUsize::new(0);
        let tell = |p| {
            if let series::ScanProgress::Headers { n_done, .. } = p {
                n_told.fetch_max(n_done, Ordering::Relaxed);
            }
        };
        let scan = series::scan(std::slice::from_ref(&self.images), &options, &tell, &|| {
            false
        });
        assert_eq!(n_told.into_inner(), scan.n_files, "every file is told");
        scan
    }

    fn index_file(&self) -> PathBuf {
        let files: Vec<_> = std::fs::read_dir(&self.index)
            .unwrap()
            .map(|e| e.unwrap().path())
            .collect();
        assert_eq!(files.len(), 1, "{files:?}");
        files[0].clone()
    }
}

/// Everything that a scan holds, in one text.
fn said(scan: &Scan) -> String {
    format!("{scan:?}")
}

/// The same as a number, for scans that are too long to be one text.
fn fingerprint(scan: &Scan) -> u64 {
    struct Hashed(std::hash::DefaultHasher);
    impl std::fmt::Write for Hashed {
        fn write_str(&mut self, text: &str) -> std::fmt::Result {
            std::hash::Hasher::write(&mut self.0, text.as_bytes());
            Ok(())
        }
    }
    let mut hashed = Hashed(std::hash::DefaultHasher::new());
    std::fmt::write(&mut hashed, format_args!("{scan:?}")).unwrap();
    std::hash::Hasher::finish(&hashed.0)
}

/// Gives a file other bytes of the same length, and the time of modification that it had.
fn replace_unseen(path: &Path, bytes: &[u8]) {
    let metadata = std::fs::metadata(path).unwrap();
    assert_eq!(metadata.len(), bytes.len() as u64);
    std::fs::write(path, bytes).unwrap();
    let file = std::fs::File::options().write(true).open(path).unwrap();
    file.set_modified(metadata.modified().unwrap()).unwrap();
}

#[test]
fn a_second_scan_says_what_the_first_said() {
    let desk = Desk::new(60);
    let plain = said(&series::scan(
        std::slice::from_ref(&desk.images),
        &ScanOptions::default(),
        &|_| {},
        &|| false,
    ));
    for nth in ["first", "second", "third"] {
        let scan = desk.scan();
        assert_eq!(said(&scan), plain, "{nth}");
        let plan = volumes(&scan)[0];
        assert!((0..plan.n_slices()).all(|k| series::decode_slice(plan, k).is_ok()));
    }
}

#[test]
fn what_is_kept_is_not_read_again_and_an_unchanged_folder_is_not_written_again() {
    let desk = Desk::new(30);
    desk.scan();
    let written = std::fs::metadata(desk.index_file())
        .unwrap()
        .modified()
        .unwrap();
    // Files that nobody may read any more: what is said of them now can only come from the index.
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let read_before = std::fs::metadata(desk.images.join("S0/0")).unwrap().atime();
        assert_eq!(desk.scan().studies[0].series[0].n_instances, 30);
        let read_after = std::fs::metadata(desk.images.join("S0/0")).unwrap().atime();
        assert_eq!(read_before, read_after);
    }
    let again = std::fs::metadata(desk.index_file())
        .unwrap()
        .modified()
        .unwrap();
    assert_eq!(written, again);
}

#[test]
fn a_file_that_changed_in_any_way_is_read_again() {
    let desk = Desk::new(12);
    let path = desk.images.join("S1/1");
    desk.scan();
    let mut other = Object::ct(1, 1.0);
    other.text(0x0010_0010, b"PN", "Phantom^Two");
    replace_unseen(&path, &other.file());
    let scan = desk.scan();
    assert!(codes(&scan).contains(&"two_patients") || said(&scan).contains("Phantom^Two"));
    let longer = Object::ct(1, 1.0)
        .text(0x0010_4000, b"LT", "a comment")
        .file();
    std::fs::write(&path, longer).unwrap();
    std::fs::remove_file(desk.images.join("S2/2")).unwrap();
    std::fs::write(desk.images.join("S2/new"), Object::ct(99, 99.0).file()).unwrap();
    std::fs::write(desk.images.join("readme.txt"), Object::ct(98, 98.0).file()).unwrap();
    let scan = desk.scan();
    let plain = series::scan(
        std::slice::from_ref(&desk.images),
        &ScanOptions::default(),
        &|_| {},
        &|| false,
    );
    assert_eq!(said(&scan), said(&plain));
    assert_eq!(
        said(&desk.scan()),
        said(&plain),
        "and once more from what was kept"
    );
}

#[test]
fn files_changed_in_the_last_moment_are_not_kept() {
    let desk = Desk::new(3);
    desk.scan_at(SystemTime::now());
    assert!(!desk.index.exists());
}

#[test]
fn a_damaged_index_is_dropped_and_made_again() {
    let desk = Desk::new(6);
    let plain = said(&desk.scan());
    let path = desk.index_file();
    let whole = std::fs::read(&path).unwrap();
    let mut n_tried = 0;
    for at in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x55;
        for bytes in [flipped, whole[..at].to_vec()] {
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(said(&desk.scan()), plain, "byte {at}");
            n_tried += 1;
        }
    }
    println!("{n_tried} damaged indices");
    assert_eq!(std::fs::read(&path).unwrap().len(), whole.len());
    HeaderIndex::clear(&desk.index).unwrap();
    assert_eq!(std::fs::read_dir(&desk.index).unwrap().count(), 0);
}

#[cfg(unix)]
#[test]
fn the_index_is_its_owners_alone_and_holds_no_document() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new(2);
    let mut report = Object::ct(50, 0.0);
    report
        .text(0x0008_0016, b"UI", "1.2.840.10008.5.1.4.1.1.88.11")
        .text(0x0008_0060, b"CS", "SR")
        .text(0x0040_A160, b"UT", "There is a secret finding")
        .without(0x7FE0_0010);
    std::fs::write(desk.images.join("sr"), report.file()).unwrap();
    assert_eq!(desk.scan().studies[0].documents.len(), 1);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(
        (mode(&desk.index), mode(&desk.index_file())),
        (0o700, 0o600)
    );
    let bytes = std::fs::read(desk.index_file()).unwrap();
    let holds = |text: &[u8]| bytes.windows(text.len()).any(|w| w == text);
    assert!(holds(b"Phantom^One") && !holds(b"secret"));
    assert_eq!(desk.scan().studies[0].documents.len(), 1);
}

#[test]
fn several_scans_at_once_leave_a_whole_index() {
    let desk = Desk::new(40);
    let plain = said(&desk.scan());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..5 {
                    HeaderIndex::clear(&desk.index).ok();
                    assert_eq!(said(&desk.scan()), plain);
                }
            });
        }
    });
}

#[test]
fn an_image_replaced_behind_an_open_study_is_not_shown() {
    let desk = Desk::new(9);
    desk.scan();
    let scan = desk.scan();
    let plan = volumes(&scan)[0];
    let slice_of = |number: &str| {
        let uid = format!("1.2.3.4.{number}");
        let mut slices = plan.slices.iter();
        slices
            .position(|s| s.as_ref().is_some_and(|s| s.sop_instance_uid() == uid))
            .unwrap()
    };
    // Another image of the same size, at the same time.
    replace_unseen(&desk.images.join("S0/3"), &Object::ct(7, 3.0).file());
    let refused = series::decode_slice(plan, slice_of("3")).unwrap_err();
    assert_eq!(refused.code, "file_changed");
    // The same image, whose file was merely touched.
    let path = desk.images.join("S1/4");
    std::fs::write(&path, std::fs::read(&path).unwrap()).unwrap();
    assert!(series::decode_slice(plan, slice_of("4")).is_ok());
    // Cut off within the header, and gone.
    std::fs::write(desk.images.join("S2/5"), vec![0; 300]).unwrap();
    assert!(series::decode_slice(plan, slice_of("5")).is_err());
    std::fs::remove_file(desk.images.join("S0/6")).unwrap();
    assert!(series::decode_slice(plan, slice_of("6")).is_err());
}

#[test]
fn what_differs_between_neighbours_comes_back_from_the_index() {
    let desk = Desk::new(0);
    // Values of other lengths, values that come and go, other kinds of pixels and files that are nothing of ours.
    for k in 0..200_i32 {
        let mut object = Object::ct(k, f64::from(k) * 1.25);
        if k % 3 == 0 {
            object.text(0x0028_1050, b"DS", &format!("{}", k * k));
            object.text(0x0028_1051, b"DS", "400");
        }
        if k % 5 == 0 {
            object.text(0x0008_0033, b"TM", &format!("1011{:02}", k % 60));
        }
        if k % 7 == 0 {
            object.text(0x0020_0012, b"IS", &k.to_string());
        }
        if k % 11 == 0 {
            object.text(0x0028_1052, b"DS", "-1024.5");
        }
        if k % 13 == 0 {
            object.text(0x0008_0060, b"CS", "MR");
            object.text(0x0020_000E, b"UI", "1.2.3.5");
        }
        if k % 17 == 0 {
            object.picture([4, 2, 1, 8, 8, 0], "MONOCHROME1", vec![0; 8]);
            object.text(0x0020_000E, b"UI", "1.2.3.6");
        }
        if k % 19 == 0 {
            std::fs::write(desk.images.join(format!("{k:03}.txt")), b"junk").unwrap();
        }
        std::fs::write(desk.images.join(format!("{k:03}")), object.file()).unwrap();
    }
    let plain = || {
        said(&series::scan(
            std::slice::from_ref(&desk.images),
            &ScanOptions::default(),
            &|_| {},
            &|| false,
        ))
    };
    for nth in ["first", "second"] {
        assert_eq!(said(&desk.scan()), plain(), "{nth}");
    }
    // Files that go, come and change in the middle of what was kept.
    for k in [0, 13, 50, 51, 120] {
        std::fs::remove_file(desk.images.join(format!("{k:03}"))).unwrap();
    }
    for k in [7, 77, 199] {
        let path = desk.images.join(format!("{k:03}"));
        std::fs::write(&path, Object::ct(1000 + k, f64::from(k)).file()).unwrap();
    }
    std::fs::write(desk.images.join("060a"), Object::ct(2000, 60.5).file()).unwrap();
    for nth in ["changed", "changed, from the index", "and again"] {
        assert_eq!(said(&desk.scan()), plain(), "{nth}");
    }
}

#[test]
fn slices_stay_right_when_the_one_that_they_are_like_goes_changes_or_comes_back() {
    let desk = Desk::new(0);
    for k in 0..120_i32 {
        let mut object = Object::ct(k, f64::from(k));
        if 60 <= k {
            // A second kind in the middle of a run, and a value that every slice has for itself.
            object.text(0x0028_1050, b"DS", if k < 90 { "40" } else { "50" });
            object.text(0x0028_1051, b"DS", "400");
            object.text(0x0020_4000, b"LT", &format!("slice {k}"));
        }
        std::fs::write(desk.images.join(format!("{k:03}")), object.file()).unwrap();
    }
    let check = |what: &str| {
        let plain = said(&series::scan(
            std::slice::from_ref(&desk.images),
            &ScanOptions::default(),
            &|_| {},
            &|| false,
        ));
        for nth in ["first", "second", "third"] {
            assert_eq!(said(&desk.scan()), plain, "{what}, {nth} time");
        }
    };
    check("as they are");
    for k in [0, 1, 59, 60, 89, 90, 119] {
        let path = desk.images.join(format!("{k:03}"));
        let bytes = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        check("one is gone");
        let mut other = Object::ct(k, f64::from(k) + 0.25);
        other.text(0x0008_103E, b"LO", "another series");
        std::fs::write(&path, other.file()).unwrap();
        check("one is another");
        std::fs::write(&path, bytes).unwrap();
        check("it is back");
    }
}

#[test]
fn real_folders_say_the_same_from_the_index() {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/dev");
    let folder = std::env::var_os("OVERREAD_TEST_DATA").map_or_else(default, PathBuf::from);
    if !folder.join("MANIFEST.tsv").is_file() {
        println!("1 data test skipped: no reference images are at hand");
        return;
    }
    let desk = Desk {
        images: folder,
        ..Desk::new(0)
    };
    let plain = fingerprint(&series::scan(
        std::slice::from_ref(&desk.images),
        &ScanOptions::default(),
        &|_| {},
        &|| false,
    ));
    for nth in ["first", "second"] {
        assert!(fingerprint(&desk.scan()) == plain, "{nth}");
    }
}

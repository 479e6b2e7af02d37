//! A folder scanned again says what it would say if nothing had been kept, whatever it holds and whatever became of it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use series::{HeaderIndex, Scan, ScanOptions};

use crate::builder::Object;

/// Everything that a scan holds, in one text.
fn said(scan: &Scan) -> String {
    format!("{scan:?}")
}

fn plain(folder: &Path) -> String {
    let options = ScanOptions::default();
    said(&series::scan(
        &[folder.to_owned()],
        &options,
        &|_| {},
        &|| false,
    ))
}

/// Scans with an index, at a time by the clock.
fn kept_at(folder: &Path, index: &Path, now: SystemTime) -> String {
    let options = ScanOptions {
        index: Some(HeaderIndex {
            folder: index.to_owned(),
            now,
        }),
        ..ScanOptions::default()
    };
    said(&series::scan(
        &[folder.to_owned()],
        &options,
        &|_| {},
        &|| false,
    ))
}

/// Scans with an index an hour from now, when every file has been at rest for long.
fn kept(folder: &Path, index: &Path) -> String {
    kept_at(folder, index, SystemTime::now() + Duration::from_secs(3600))
}

/// Shows where two long texts begin to differ, not the whole of both.
fn assert_same(kept: &str, plain: &str, what: &str) {
    let at = kept.bytes().zip(plain.bytes()).position(|(a, b)| a != b);
    let at = at.unwrap_or(kept.len().min(plain.len()));
    let around = |text: &str| {
        let bytes = text.bytes().skip(at.saturating_sub(80)).take(240);
        String::from_utf8_lossy(&bytes.collect::<Vec<u8>>()).into_owned()
    };
    let is_same = kept == plain;
    assert!(is_same, "{what}:\n{}\nnot\n{}", around(kept), around(plain));
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => open.push(path),
                false => files.push(path),
            }
        }
    }
    files.sort();
    files
}

fn touch(path: &Path) {
    let file = std::fs::File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(7))
        .unwrap();
}

/// What may become of a folder between two scans. `nth` picks the file.
type Change = fn(&Path, &[PathBuf], usize);

const CHANGES: [(&str, Change); 9] = [
    ("nothing", |_, _, _| {}),
    ("touched", |_, files, nth| touch(&files[nth % files.len()])),
    ("renamed", |_, files, nth| {
        let path = &files[nth % files.len()];
        std::fs::rename(path, path.with_file_name("0 renamed")).unwrap();
    }),
    ("renamed back", |folder, files, nth| {
        let moved = files.iter().find(|path| path.ends_with("0 renamed"));
        std::fs::rename(moved.unwrap(), folder.join(format!("z{nth}"))).unwrap();
    }),
    ("added", |folder, _, nth| {
        let object = Object::ct(7000 + nth as i32, 0.25);
        std::fs::write(folder.join("added"), object.file()).unwrap();
    }),
    ("same size, other bytes", |folder, _, nth| {
        let object = Object::ct(7001 + nth as i32, 0.75);
        std::fs::write(folder.join("added"), object.file()).unwrap();
    }),
    ("cut", |_, files, nth| {
        let path = &files[nth % files.len()];
        let bytes = std::fs::read(path).unwrap();
        std::fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
    }),
    ("removed", |_, files, nth| {
        std::fs::remove_file(&files[nth % files.len()]).unwrap();
    }),
    ("closed to its reader", |_, files, nth| {
        #[cfg(unix)]
        {
            let none = std::os::unix::fs::PermissionsExt::from_mode(0o000);
            std::fs::set_permissions(&files[nth % files.len()], none).unwrap();
        }
        #[cfg(not(unix))]
        let _ = (files, nth);
    }),
];

#[test]
fn every_hazard_and_every_broken_case_says_the_same_from_the_index_after_every_change() {
    let hazards = phantom::hazards::all().into_iter();
    let hazards = hazards.map(|hazard| (hazard.name, hazard.files()));
    let broken = phantom::broken::all().into_iter();
    let broken = broken.map(|case| (case.id, case.files()));
    let mut n_scans = 0;
    for (nth, (name, files)) in hazards.chain(broken).enumerate() {
        let desk = tempfile::tempdir().unwrap();
        let (images, index) = (desk.path().join("images"), desk.path().join("index"));
        for file in &files {
            let path = images.join(&file.name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, &file.bytes).unwrap();
        }
        std::fs::create_dir_all(&images).unwrap();
        for (what, change) in CHANGES {
            let there = files_below(&images);
            if !there.is_empty() {
                change(&images, &there, nth);
            }
            let plain = plain(&images);
            for time in ["once", "twice"] {
                assert_same(
                    &kept(&images, &index),
                    &plain,
                    &format!("{name}, {what}, {time}"),
                );
                n_scans += 1;
            }
        }
    }
    println!("{n_scans} scans compared");
    assert!(1000 < n_scans);
}

#[cfg(unix)]
#[test]
fn a_folder_by_another_path_or_through_a_link_is_the_same_folder() {
    let desk = tempfile::tempdir().unwrap();
    let (images, index) = (desk.path().join("images"), desk.path().join("index"));
    std::fs::create_dir_all(images.join("inner")).unwrap();
    for k in 0..20 {
        let path = images.join(format!("inner/{k:02}"));
        std::fs::write(path, Object::ct(k, f64::from(k)).file()).unwrap();
    }
    // Links within: one to a file, one to nothing.
    std::os::unix::fs::symlink(images.join("inner/03"), images.join("link")).unwrap();
    std::os::unix::fs::symlink(images.join("gone"), images.join("nowhere")).unwrap();
    std::os::unix::fs::symlink(&images, desk.path().join("by_link")).unwrap();
    let paths = [
        images.clone(),
        desk.path().join("by_link"),
        desk.path().join("images/inner/.."),
        desk.path().join("by_link/inner"),
        images.join("inner"),
    ];
    for round in 0..2 {
        for path in &paths {
            assert_same(
                &kept(path, &index),
                &plain(path),
                &format!("{round} {path:?}"),
            );
        }
        // What the link leads to is another image of the same size.
        std::fs::write(images.join("inner/03"), Object::ct(4, 3.0).file()).unwrap();
    }
    let of_three = std::fs::read_dir(&index).unwrap().count();
    assert_eq!(
        of_three, 2,
        "an index for the folder and one for that within"
    );
}

#[test]
fn files_written_while_they_are_scanned_are_never_taken_for_what_they_were() {
    let desk = tempfile::tempdir().unwrap();
    let (images, index) = (desk.path().join("images"), desk.path().join("index"));
    std::fs::create_dir_all(&images).unwrap();
    let write = |k: i32, n: i32| {
        let path = images.join(format!("{k:02}"));
        std::fs::write(path, Object::ct(100 + n % 800, f64::from(k)).file()).unwrap();
    };
    (0..40).for_each(|k| write(k, k));
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // Every file again and again with other bytes of the same length, as fast as it goes.
            for n in 0..3000 {
                write(n % 40, n * 7);
            }
            is_over.store(true, Ordering::Relaxed);
        });
        for _ in 0..2 {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    kept_at(&images, &index, SystemTime::now());
                }
            });
        }
    });
    // By the clock as it is: what was kept of the last moment would now be believed.
    let now = SystemTime::now();
    assert_same(&kept_at(&images, &index, now), &plain(&images), "now");
    assert_same(&kept(&images, &index), &plain(&images), "at rest");
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_text_is_listed_as_far_as_it_is_text() {
    use std::os::unix::ffi::OsStrExt;
    let desk = tempfile::tempdir().unwrap();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9");
    std::fs::write(desk.path().join(name), b"no image").unwrap();
    std::fs::write(desk.path().join("image"), Object::ct(1, 0.0).file()).unwrap();
    let options = ScanOptions::default();
    let scan = series::scan(&[desk.path().to_owned()], &options, &|_| {}, &|| false);
    let listed = serde_json::to_string(&series::ScanJson(&scan)).unwrap();
    assert!(listed.contains("caf\u{fffd}"), "{listed}");
}

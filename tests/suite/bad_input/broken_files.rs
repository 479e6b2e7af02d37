//! Every file that is broken in a named way.

use std::path::Path;
use std::time::{Duration, Instant};

use acceptance::{Answer, Desk};
use phantom::broken::{self, Expect};
use phantom::raw::SeriesSpec;
use serde_json::Value;

use super::{codes, ct, fingerprint, survive};

/// Broken files that may be read in silence: what is wrong with them changes nothing of what is shown.
const HARMLESS: [(&str, &str); 3] = [
    (
        "C11",
        "the length of the meta information is not needed to read it",
    ),
    (
        "C12",
        "the length of the meta information is not needed to read it",
    ),
    ("C65", "the long text is skipped and shown nowhere"),
];

#[test]
fn every_broken_file_is_survived_and_left_alone() {
    let desk = Desk::new();
    let me = desk.reader("Ada Second");
    let mut slowest = (Duration::ZERO, "");
    let mut silent = Vec::new();
    for case in broken::all() {
        let folder = desk.path("broken").join(case.id);
        case.write(&folder).unwrap();
        let before = fingerprint(&folder);
        let name = format!("{} {}", case.id, case.title);
        let start = Instant::now();
        let path = folder.to_str().unwrap();
        let scanned = survive(&me, &["scan", path], &name);
        let decoded = survive(&me, &["decode", path, "--discard"], &name);
        if slowest.0 < start.elapsed() {
            slowest = (start.elapsed(), case.id);
        }
        let said = |answer: &Answer| answer.code == Some(3) || !codes(&answer.json()).is_empty();
        let is_harmless = HARMLESS.iter().any(|(id, _)| *id == case.id);
        if case.expect == Expect::Refuse && !is_harmless && !said(&scanned) && !said(&decoded) {
            silent.push(name);
        }
        assert_eq!(fingerprint(&folder), before, "{} was written to", case.id);
        std::fs::remove_dir_all(&folder).unwrap();
    }
    println!(
        "slowest: {} with {:?} for two commands",
        slowest.1, slowest.0
    );
    assert!(silent.is_empty(), "nothing is said of {silent:#?}");
    let outside = desk.path("outside.dcm");
    assert!(!outside.exists() && !Path::new("/tmp/outside.dcm").exists());
}

#[test]
fn a_sound_series_opens_beside_every_broken_file() {
    let desk = Desk::new();
    let me = desk.reader("Ada Second");
    for case in broken::all() {
        let folder = desk.path("mixed").join(case.id);
        case.write(&folder.join("broken")).unwrap();
        let sound = SeriesSpec::ct("sound beside broken", 8, 8, 5);
        sound
            .write(&folder.join("sound"), |v| v.slice_idx as i64)
            .unwrap();
        let name = format!("beside {} {}", case.id, case.title);
        let scanned = survive(&me, &["scan", folder.to_str().unwrap()], &name).json();
        let series = scanned["studies"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|s| s["series"].as_array().unwrap());
        let own: Vec<&Value> = series
            .filter(|s| s["series_instance_uid"] == sound.series_uid.as_str())
            .collect();
        assert_eq!(own.len(), 1, "{name}");
        assert_eq!(own[0]["volumes"][0]["kind"], "volume", "{name}");
        assert_eq!(own[0]["volumes"][0]["n_slices"], 5, "{name}");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

#[test]
fn a_dicomdir_that_points_out_of_its_folder_is_not_followed() {
    let desk = Desk::new();
    let me = desk.reader("Ada Second");
    for id in ["C87", "C88a", "C88b", "C90", "C92"] {
        let folder = desk.path(id).join("disc");
        broken::by_id(id).unwrap().write(&folder).unwrap();
        // What the first one points to is there to be found.
        let outside = desk.path("OUTSIDE");
        let stranger = SeriesSpec {
            study_uid: "2.25.999".into(),
            ..ct("outside")
        };
        std::fs::write(&outside, &stranger.files(|_| 1)[0].bytes).unwrap();
        let path = folder.join("DICOMDIR");
        let answer = survive(&me, &["scan", path.to_str().unwrap()], id);
        let text = answer.stdout.clone() + &answer.stderr;
        assert!(
            !text.contains("2.25.999") && !text.contains("root:"),
            "{id}: {text}"
        );
        if id != "C90" {
            assert!(
                answer.code == Some(3) || !codes(&answer.json()).is_empty(),
                "{id} says nothing: {text}"
            );
        }
    }
}

#[test]
fn control_signs_of_a_name_do_not_reach_the_terminal() {
    let desk = Desk::new();
    let me = desk.reader("Ada Second");
    for id in ["C63", "C64"] {
        let folder = desk.path(id);
        broken::by_id(id).unwrap().write(&folder).unwrap();
        let answer = me.run_for_people(&["scan", folder.to_str().unwrap()]);
        assert_eq!(answer.code, Some(0), "{id}: {}", answer.stderr);
        for text in [&answer.stdout, &answer.stderr] {
            let hostile = |c: char| {
                (c.is_control() && c != '\n')
                    || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            };
            assert!(!text.contains(hostile), "{id}: {text:?}");
        }
    }
}

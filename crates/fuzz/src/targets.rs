use std::fs;
use std::path::PathBuf;

use codec::{RleLayout, StreamHeader, UnmarkedComponents};
use report::Format;
use series::{Scan, ScanOptions};

use crate::seeds;

/// A boundary of the house.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// How it is called on the command line.
    pub name: &'static str,
    /// Takes any bytes.
    pub run: fn(&[u8]),
    /// Good inputs to begin with.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All of them.
pub const TARGETS: &[Target] = &[
    Target {
        name: "header",
        run: header,
        seeds: seeds::objects,
    },
    Target {
        name: "object",
        run: object,
        seeds: seeds::objects,
    },
    Target {
        name: "dicomdir",
        run: dicomdir,
        seeds: seeds::dicomdirs,
    },
    Target {
        name: "archive",
        run: archive,
        seeds: seeds::archives,
    },
    Target {
        name: "stream",
        run: stream,
        seeds: seeds::streams,
    },
    Target {
        name: "rle",
        run: rle,
        seeds: seeds::rle_frames,
    },
    Target {
        name: "report",
        run: guessed_report,
        seeds: seeds::reports,
    },
    Target {
        name: "report_as_told",
        run: report_as_told,
        seeds: seeds::reports,
    },
    Target {
        name: "package",
        run: package,
        seeds: seeds::packages,
    },
    Target {
        name: "reading_path",
        run: reading_path,
        seeds: seeds::reading_paths,
    },
];

/// A reading path, and everything that follows from it.
fn reading_path(bytes: &[u8]) {
    let Ok(path) = case::ReadingPath::from_bytes(bytes) else {
        return;
    };
    let _ = case::PathSummary::of([&path]);
    let _ = path.at(path.end_ms / 2);
    let place = case::PlaceOnScreen {
        image: Some(case::ImageRef {
            series_instance_uid: "1.2".into(),
            sop_instance_uid: "1.2.3".into(),
            frame_number: 1,
            tile_number: None,
        }),
        ..case::PlaceOnScreen::default()
    };
    let _ = place.looked([&path]);
}

fn header(bytes: &[u8]) {
    let _ = series::prescan(bytes);
}

/// A file as it lies in a folder: found, grouped, and its first slices decoded.
fn object(bytes: &[u8]) {
    let Some(scan) = scan_of("object.dcm", bytes) else {
        return;
    };
    let volumes = scan.studies.iter().flat_map(|study| &study.series);
    for plan in volumes.flat_map(|series| &series.volumes).take(4) {
        for slice_idx in 0..plan.n_slices().min(3) {
            let _ = series::decode_slice(plan, slice_idx);
        }
    }
}

fn dicomdir(bytes: &[u8]) {
    let _ = scan_of("DICOMDIR", bytes);
}

fn archive(bytes: &[u8]) {
    object_named("archive.zip", bytes);
}

fn object_named(name: &str, bytes: &[u8]) {
    let _ = scan_of(name, bytes);
}

fn scan_of(name: &str, bytes: &[u8]) -> Option<Scan> {
    let folder = tempfile::tempdir().ok()?;
    let path: PathBuf = folder.path().join(name);
    fs::write(&path, bytes).ok()?;
    Some(series::scan(
        &[path],
        &ScanOptions::default(),
        &|_| {},
        &|| false,
    ))
}

/// Largest picture given to a codec here, samples: in the product the image attributes bound it.
const MAX_SAMPLES: usize = 1 << 20;

fn stream(bytes: &[u8]) {
    let Some(header) = StreamHeader::read(bytes) else {
        return;
    };
    let (rows, columns) = (u16::try_from(header.height), u16::try_from(header.width));
    let (Ok(rows), Ok(columns)) = (rows, columns) else {
        return;
    };
    if MAX_SAMPLES < header.n_samples() || !header.is_of(rows, columns, header.n_components, 16) {
        return;
    }
    for unmarked in [UnmarkedComponents::Rgb, UnmarkedComponents::Ycc] {
        if let Ok(samples) = codec::decode(bytes, &header, unmarked) {
            assert_eq!(
                samples.len(),
                header.n_samples(),
                "a decoder gave another number of samples"
            );
        }
    }
}

fn rle(bytes: &[u8]) {
    for (n_samples, bytes_per_sample) in [(1, 1), (1, 2), (3, 1), (1, 4)] {
        let layout = RleLayout {
            n_samples,
            bytes_per_sample,
            segment_bytes: seeds::RLE_PIXELS,
        };
        let _ = codec::decode_rle(bytes, layout);
    }
}

fn guessed_report(bytes: &[u8]) {
    let _ = report::read(bytes, None);
}

/// The first byte chooses the form, so that each parser also sees what is not meant for it.
fn report_as_told(bytes: &[u8]) {
    const FORMS: [Format; 9] = [
        Format::Dicom,
        Format::Pdf,
        Format::Text,
        Format::Rtf,
        Format::Html,
        Format::Hl7,
        Format::Fhir,
        Format::Docx,
        Format::Cda,
    ];
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    let form = FORMS.get(usize::from(*first) % FORMS.len()).copied();
    let _ = report::read(rest, form);
}

fn package(bytes: &[u8]) {
    let _ = exchange::verify_package(bytes);
}

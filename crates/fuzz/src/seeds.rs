//! Good inputs, small enough that a change hits structure as often as content.

use std::sync::Arc;

use phantom::broken::{ZipEntry, zip_bytes};
use phantom::raw::SeriesSpec;

/// Pixels of the frames that the target `rle` asks for.
pub(crate) const RLE_PIXELS: usize = 48;

/// Pictures of 24 × 20 of a made-up pattern, encoded once and kept.
const STREAMS: &[&[u8]] = &[
    include_bytes!("../seeds/htj2k.j2c"),
    include_bytes!("../seeds/jpeg2000.j2k"),
    include_bytes!("../seeds/jpeg2000_lossy.j2k"),
    include_bytes!("../seeds/jpeg_12.jpg"),
    include_bytes!("../seeds/jpeg_colour.jpg"),
    include_bytes!("../seeds/jpeg_grey.jpg"),
    include_bytes!("../seeds/jpeg_lossless.jpg"),
    include_bytes!("../seeds/jpeg_ls.jls"),
    include_bytes!("../seeds/jpeg_ls_colour.jls"),
    include_bytes!("../seeds/jpeg_ls_near.jls"),
    include_bytes!("../seeds/jpeg_xl.jxl"),
    include_bytes!("../seeds/jpeg_xl_colour.jxl"),
];

const REPORTS: &[&str] = &[
    "CT CHEST\nHISTORY: Cough for 3 weeks.\nFINDINGS: 8 x 6 mm nodule in the left upper lobe (series 3 image 45). No \
     pleural effusion. Possible fracture of the 7th rib.\nIMPRESSION: 1. Nodule, follow-up in 6 months.\n",
    "{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Arial;}}\\f0\\b FINDINGS:\\b0\\par No pneumothorax.\\par \\u228?nderung\\par}",
    "<html><body><h2>Findings</h2><p>No fracture &amp; no effusion.</p><table><tr><td>Size</td><td>12 mm</td></tr></table></body></html>",
    "MSH|^~\\&|RIS|A|B|C|20200102||ORU^R01|1|P|2.5\rPID|1||42||Doe^Jane\rOBR|1||7|71260^CT\rOBX|1|TX|71260^CT||No nodule.||||||F\r",
    "{\"resourceType\":\"DiagnosticReport\",\"status\":\"final\",\"code\":{\"text\":\"CT\"},\"conclusion\":\"No mass.\"}",
];

pub(crate) fn objects() -> Vec<Vec<u8>> {
    let one = |name: &str| SeriesSpec::ct(name, 8, 6, 1);
    let mut made: Vec<Vec<u8>> = one("fuzz")
        .files(|voxel| i64::try_from(voxel.col_idx).unwrap_or(0))
        .into_iter()
        .map(|file| file.bytes)
        .collect();
    // What is broken in one way is a good start for breaking it in another.
    let broken = phantom::broken::all().into_iter();
    let small = broken
        .flat_map(|case| case.files())
        .map(|file| file.bytes)
        .filter(|bytes| (1..16_384).contains(&bytes.len()));
    made.extend(small);
    made
}

pub(crate) fn dicomdirs() -> Vec<Vec<u8>> {
    let broken = phantom::broken::all().into_iter();
    broken
        .flat_map(|case| case.files())
        .filter(|file| file.name.ends_with("DICOMDIR") && file.bytes.len() < 65_536)
        .map(|file| file.bytes)
        .collect()
}

pub(crate) fn archives() -> Vec<Vec<u8>> {
    let object = objects().into_iter().next().unwrap_or_default();
    let good = zip_bytes(&[
        ZipEntry::file("a/b.dcm", object.clone()),
        ZipEntry::file("c.txt", b"no image".to_vec()),
    ]);
    let broken = phantom::broken::all().into_iter();
    let zips = broken
        .flat_map(|case| case.files())
        .filter(|file| file.name.ends_with(".zip") && file.bytes.len() < 65_536)
        .map(|file| file.bytes);
    let nested = zip_bytes(&[ZipEntry::file("inner.zip", good.clone())]);
    [good, nested].into_iter().chain(zips).collect()
}

pub(crate) fn streams() -> Vec<Vec<u8>> {
    STREAMS.iter().map(|bytes| bytes.to_vec()).collect()
}

/// One frame of one sample of a byte, and one of two bytes: runs and literals.
pub(crate) fn rle_frames() -> Vec<Vec<u8>> {
    let literal: Vec<u8> = [47].into_iter().chain(0..48).collect();
    let run = vec![209, 7]; // 257 - 48 repeats
    let frame = |segments: &[&[u8]]| {
        let mut bytes = vec![0; 64];
        let mut at = 64_u32;
        let n = u32::try_from(segments.len()).unwrap_or(0);
        bytes.splice(0..4, n.to_le_bytes());
        for (i, segment) in segments.iter().enumerate() {
            bytes.splice(4 + 4 * i..8 + 4 * i, at.to_le_bytes());
            at += u32::try_from(segment.len()).unwrap_or(0);
        }
        segments.iter().for_each(|s| bytes.extend_from_slice(s));
        bytes
    };
    vec![
        frame(&[&literal]),
        frame(&[&run, &literal]),
        frame(&[&run, &literal, &run]),
    ]
}

pub(crate) fn reports() -> Vec<Vec<u8>> {
    REPORTS
        .iter()
        .map(|text| text.as_bytes().to_vec())
        .collect()
}

/// A package without a right content: its container is what bytes from outside meet first.
pub(crate) fn packages() -> Vec<Vec<u8>> {
    let parts = [
        ZipEntry::file(
            "package.json",
            b"{\"schema\":\"overread.package/1\"}".to_vec(),
        ),
        ZipEntry::file("log.jsonl", b"{}\n".to_vec()),
    ];
    vec![zip_bytes(&parts)]
}

/// A short path: two pictures of four cells, a pause, a second sitting.
pub(crate) fn reading_paths() -> Vec<Vec<u8>> {
    let scene = |slice_idx: u32| {
        let cell = case::PathCell {
            in_sight: true,
            volume: Some(Arc::new(case::PathVolume {
                series_instance_uid: "1.2".into(),
                volume_idx: 0,
                frame_of_reference_uid: "1.9".into(),
            })),
            slice_idx,
            image: Some(Arc::new(case::PathImage {
                sop_instance_uid: format!("1.2.{slice_idx}"),
                frame_number: 1,
            })),
            zoom: 1.5,
            size_px: [640, 480],
            voi: case::PathVoi::Window {
                center: 40.0,
                width: 400.0,
                function: 0,
            },
            light: Some(case::PathLight::default()),
            ..case::PathCell::default()
        };
        case::PathEvent::Scene(case::PathScene {
            cells_across: [2, 2],
            n_entries: 4,
            cells: std::iter::repeat_n(Arc::new(cell), 4).collect(),
            ..case::PathScene::default()
        })
    };
    let mut first = case::PathWriter::begin(0, 0, 0);
    first.push(300, scene(3));
    first.push(900, scene(4));
    first.push(2000, case::PathEvent::Paused(case::PauseWhy::NoInput));
    let mut bytes = first.take(2500);
    let mut second = case::PathWriter::begin(bytes.len(), 4, 2500);
    second.push(2600, scene(9));
    second.push(2700, case::PathEvent::ReadsOpened);
    bytes.extend(second.take(3000));
    vec![bytes]
}

//! Files of every structure, cut at every byte: whatever is shown is what was there, and what is missing is said.

use phantom::Syntax;
use phantom::raw::{Layout, SeriesSpec};

use crate::builder::{EXPLICIT_LE, Object, codes, element, file, header, item, scan_path, volumes};

/// Sequences of defined and of undefined length, one within another, and one that nobody here knows.
fn sequences() -> Vec<u8> {
    let leaf = element(0x0008_1150, b"UI", b"1.2.840.10008.5.1.4.1.1.2\0");
    let open = |tag: u32, vr: &[u8; 2], content: &[u8]| {
        [
            header(tag, vr, u32::MAX),
            item(0xFFFE_E000, u32::MAX),
            content.to_vec(),
            item(0xFFFE_E00D, 0),
            item(0xFFFE_E0DD, 0),
        ]
        .concat()
    };
    let closed = [item(0xFFFE_E000, leaf.len() as u32), leaf.clone()].concat();
    let closed = element(0x0008_1140, b"SQ", &closed);
    let nested = open(0x0008_1115, b"SQ", &[leaf, closed].concat());
    let private = open(0x0009_1001, b"UN", &element(0x0009_1002, b"LO", b"ab"));
    [nested, private].concat()
}

/// Two frames in three fragments, with their offset table and the delimiter.
fn fragmented() -> Vec<u8> {
    let mut object = Object::ct(1, 0.0);
    object.text(0x0028_0008, b"IS", "2").without(0x7FE0_0010);
    let frame = |n: u8| (0..32).map(|i| i + n).collect::<Vec<u8>>();
    let (first, second) = (frame(0), frame(100));
    let table: Vec<u8> = [0_u32, 40].into_iter().flat_map(u32::to_le_bytes).collect();
    let mut pixels = header(0x7FE0_0010, b"OB", u32::MAX);
    for part in [&table[..], &first, &second[..20], &second[20..]] {
        pixels.extend(item(0xFFFE_E000, part.len() as u32));
        pixels.extend(part);
    }
    pixels.extend(item(0xFFFE_E0DD, 0));
    file(
        "1.2.840.10008.1.2.1.98",
        &[object.dataset(), pixels].concat(),
    )
}

fn made(syntax: Syntax, layout: Layout) -> Vec<u8> {
    let spec = SeriesSpec {
        syntax,
        layout,
        ..SeriesSpec::ct("cut", 4, 4, 2)
    };
    let value =
        |v: phantom::raw::Voxel| (7 * v.col_idx + 31 * v.row_idx + 400 * v.slice_idx) as i64;
    spec.files(value).remove(0).bytes
}

#[test]
fn no_cut_of_any_structure_is_shown_as_whole_or_in_silence() {
    let with_sequences = [sequences(), Object::ct(1, 0.0).dataset()].concat();
    let rows: [(&str, Vec<u8>); 9] = [
        ("sequences", file(EXPLICIT_LE, &with_sequences)),
        ("fragments", fragmented()),
        (
            "implicit",
            made(Syntax::ImplicitLe, Layout::OneSlicePerFile),
        ),
        (
            "big endian",
            made(Syntax::ExplicitBe, Layout::OneSlicePerFile),
        ),
        (
            "deflated",
            made(Syntax::DeflatedLe, Layout::OneSlicePerFile),
        ),
        ("RLE", made(Syntax::RleLossless, Layout::OneSlicePerFile)),
        ("frames", made(Syntax::ExplicitLe, Layout::PlainMultiFrame)),
        (
            "RLE frames",
            made(Syntax::RleLossless, Layout::PlainMultiFrame),
        ),
        ("enhanced", made(Syntax::ExplicitLe, Layout::Enhanced)),
    ];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.dcm");
    for (name, whole) in rows {
        std::fs::write(&path, &whole).unwrap();
        let scan = scan_path(&path);
        let frames: Vec<_> = volumes(&scan)
            .into_iter()
            .flat_map(|plan| {
                (0..plan.n_slices()).map(move |k| series::decode_slice(plan, k).unwrap())
            })
            .collect();
        let sound = codes(&scan);
        assert!(!frames.is_empty(), "{name}: {sound:?}");
        let mut n_shown = 0;
        for n in 0..whole.len() {
            std::fs::write(&path, &whole[..n]).unwrap();
            let scan = scan_path(&path);
            let mut said = codes(&scan);
            let plans = volumes(&scan);
            let n_slices: usize = plans.iter().map(|plan| plan.n_slices()).sum();
            let mut n_here = 0;
            for plan in plans {
                for k in 0..plan.n_slices() {
                    match series::decode_slice_noted(plan, k) {
                        Ok(decoded) => {
                            n_here += 1;
                            said.extend(decoded.notes.iter().map(|w| w.code));
                            assert!(
                                frames.contains(&decoded.voxels),
                                "{name}: cut at {n}: slice {k}"
                            );
                        }
                        Err(warning) => said.push(warning.code),
                    }
                }
            }
            n_shown += usize::from(0 < n_here);
            let is_whole = n_slices == frames.len() && n_here == frames.len();
            let more = said.iter().filter(|code| !sound.contains(code)).count();
            assert!(
                is_whole || 0 < more,
                "{name}: cut at {n} of {} is silent",
                whole.len()
            );
        }
        println!(
            "{name}: {} cuts, {n_shown} of them still show something",
            whole.len()
        );
    }
}

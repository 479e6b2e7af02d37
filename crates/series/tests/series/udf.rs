//! Disc images of UDF alone (ECMA-167, OSTA UDF), written here block by block: what is read and what is refused.

use crate::builder::{Object, codes, scan_files, volumes};

const SECTOR: usize = 2048;
/// First sector of the partition.
const PARTITION: usize = 300;
const N_SECTORS: usize = 400;

/// How the bytes of a file or a folder are found.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Short,
    Long,
    Embedded,
    /// Two stretches that follow each other.
    Halves,
    /// Two stretches with a block between them.
    Apart,
    /// The second half was never recorded.
    Unrecorded,
    /// One stretch, described in a block of its own.
    Chained,
}

/// A partition in the making.
struct Disc {
    blocks: Vec<u8>,
}

fn put(bytes: &mut [u8], at: usize, value: &[u8]) {
    bytes[at..at + value.len()].copy_from_slice(value);
}

/// Fills the tag in: identifier, place, checksum of what follows, checksum of itself (ECMA-167 3/7.2).
fn tagged(mut bytes: Vec<u8>, id: u16, place: usize) -> Vec<u8> {
    let described = bytes[16..].iter().fold(0_u16, |mut sum, byte| {
        for bit in (0..8).rev() {
            let carry = (sum >> 15) as u8 ^ (byte >> bit & 1);
            sum = sum << 1 ^ if carry == 1 { 0x1021 } else { 0 };
        }
        sum
    });
    let n = (bytes.len() - 16) as u16;
    put(&mut bytes, 0, &id.to_le_bytes());
    put(&mut bytes, 2, &2_u16.to_le_bytes());
    put(&mut bytes, 8, &described.to_le_bytes());
    put(&mut bytes, 10, &n.to_le_bytes());
    put(&mut bytes, 12, &(place as u32).to_le_bytes());
    bytes[4] = (0..16)
        .filter(|at| *at != 4)
        .fold(0_u8, |sum, at| sum.wrapping_add(bytes[at]));
    bytes
}

fn short(len: usize, block: usize) -> Vec<u8> {
    [(len as u32).to_le_bytes(), (block as u32).to_le_bytes()].concat()
}

fn long(len: usize, block: usize) -> Vec<u8> {
    [short(len, block), vec![0; 8]].concat()
}

impl Disc {
    fn new() -> Self {
        Self {
            // The file set comes first, the root's entry behind it.
            blocks: vec![0; 2 * SECTOR],
        }
    }

    /// Appends data in whole blocks; gives the first.
    fn data(&mut self, bytes: &[u8]) -> usize {
        let block = self.blocks.len() / SECTOR;
        self.blocks.extend_from_slice(bytes);
        self.blocks
            .resize(self.blocks.len().next_multiple_of(SECTOR), 0);
        block
    }

    /// The entry of a file or folder, not yet in its place.
    fn entry(&mut self, kind: u8, bytes: &[u8], form: Form) -> Vec<u8> {
        let half = (bytes.len() / 2).next_multiple_of(SECTOR).min(bytes.len());
        let rest = bytes.len() - half;
        let descriptors = match form {
            Form::Embedded => bytes.to_vec(),
            Form::Short => short(bytes.len(), self.data(bytes)),
            Form::Long => long(bytes.len(), self.data(bytes)),
            Form::Halves => {
                let at = self.data(bytes);
                [long(half, at), long(rest, at + half / SECTOR)].concat()
            }
            Form::Apart => {
                let at = self.data(&bytes[..half]);
                self.data(&[0]);
                [short(half, at), short(rest, self.data(&bytes[half..]))].concat()
            }
            Form::Unrecorded => [short(half, self.data(bytes)), short(rest | 2 << 30, 0)].concat(),
            Form::Chained => {
                let inner = short(bytes.len(), self.data(bytes));
                let at = self.blocks.len() / SECTOR;
                let mut more = vec![0; 24];
                put(&mut more, 20, &(inner.len() as u32).to_le_bytes());
                more.extend(inner);
                let at = self.data(&tagged(more, 258, at));
                short(SECTOR | 3 << 30, at)
            }
        };
        // Small entries are plain ones, large ones are extended ones.
        let is_extended = form == Form::Long;
        let (lengths_at, data_at) = if is_extended { (208, 216) } else { (168, 176) };
        let mut entry = vec![0; data_at];
        let form = match form {
            Form::Long | Form::Halves => 1_u16,
            Form::Embedded => 3,
            _ => 0,
        };
        put(&mut entry, 20, &4_u16.to_le_bytes());
        entry[27] = kind;
        put(&mut entry, 34, &form.to_le_bytes());
        put(&mut entry, 56, &(bytes.len() as u64).to_le_bytes());
        put(
            &mut entry,
            lengths_at + 4,
            &(descriptors.len() as u32).to_le_bytes(),
        );
        entry.extend(descriptors);
        entry
    }

    fn add(&mut self, kind: u8, bytes: &[u8], form: Form) -> usize {
        let entry = self.entry(kind, bytes, form);
        let id = if form == Form::Long { 266 } else { 261 };
        let at = self.blocks.len() / SECTOR;
        self.data(&tagged(entry, id, at))
    }

    /// A file identifier descriptor.
    fn named(name: &[u8], characteristics: u8, entry: usize) -> Vec<u8> {
        let mut bytes = vec![0; 38];
        bytes[18] = characteristics;
        bytes[19] = name.len() as u8;
        put(&mut bytes, 20, &long(SECTOR, entry));
        bytes.extend(name);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        tagged(bytes, 257, 0)
    }

    /// The whole image; `root` is the listing of the root, `form` how it is found.
    fn image(mut self, root: &[Vec<u8>], form: Form) -> Vec<u8> {
        let entry = self.entry(4, &root.concat(), form);
        let id = if form == Form::Long { 266 } else { 261 };
        put(&mut self.blocks, SECTOR, &tagged(entry, id, 1));
        let mut set = vec![0; 512];
        put(&mut set, 400, &long(SECTOR, 1));
        put(&mut self.blocks, 0, &tagged(set, 256, 0));
        let mut image = vec![0; N_SECTORS * SECTOR];
        for (k, identifier) in [b"BEA01", b"NSR02", b"TEA01"].into_iter().enumerate() {
            put(&mut image, (16 + k) * SECTOR + 1, identifier);
        }
        for start in [32, 64] {
            let mut partition = vec![0; 512];
            put(&mut partition, 188, &(PARTITION as u32).to_le_bytes());
            put(
                &mut partition,
                192,
                &((N_SECTORS - PARTITION) as u32).to_le_bytes(),
            );
            put(&mut image, start * SECTOR, &tagged(partition, 5, start));
            let mut logical = vec![0; 446];
            put(&mut logical, 212, &(SECTOR as u32).to_le_bytes());
            put(&mut logical, 248, &long(SECTOR, 0));
            logical[268] = 1;
            put(&mut logical, 440, &[1, 6, 1, 0, 0, 0]);
            put(
                &mut image,
                (start + 1) * SECTOR,
                &tagged(logical, 6, start + 1),
            );
            put(
                &mut image,
                (start + 2) * SECTOR,
                &tagged(vec![0; 512], 8, start + 2),
            );
        }
        let mut anchor = vec![0; 512];
        put(&mut anchor, 16, &short(16 * SECTOR, 32));
        put(&mut anchor, 24, &short(16 * SECTOR, 64));
        put(&mut image, 256 * SECTOR, &tagged(anchor, 2, 256));
        put(&mut image, PARTITION * SECTOR, &self.blocks);
        image
    }
}

/// A name in characters of 8 bits, and one of 16.
fn narrow(name: &str) -> Vec<u8> {
    [vec![8], name.chars().map(|c| c as u8).collect()].concat()
}

fn wide(name: &str) -> Vec<u8> {
    let units = name.encode_utf16().flat_map(u16::to_be_bytes);
    std::iter::once(16).chain(units).collect()
}

fn slice(number: i32) -> Vec<u8> {
    let mut object = Object::ct(number, f64::from(number));
    // Longer than a block, so that there are halves.
    object.picture(
        [40, 40, 1, 16, 16, 1],
        "MONOCHROME2",
        vec![number as u8; 3200],
    );
    object.file()
}

fn scanned(image: &[u8]) -> (usize, Vec<&'static str>, series::Scan) {
    let (_folder, scan) = scan_files(&[("disc.img", image.to_vec())]);
    let n = volumes(&scan).iter().map(|v| v.slices.len()).sum();
    (n, codes(&scan), scan)
}

#[test]
fn files_are_found_in_every_form_and_their_bytes_are_theirs() {
    let forms = [Form::Short, Form::Long, Form::Halves, Form::Chained];
    for root_form in [Form::Short, Form::Long, Form::Embedded, Form::Apart] {
        let mut disc = Disc::new();
        let files: Vec<usize> = (0..4)
            .map(|k| disc.add(5, &slice(k as i32 + 1), forms[k]))
            .collect();
        let inner = [
            Disc::named(&[], 0x0A, 1),
            Disc::named(&narrow("B.DCM"), 0, files[1]),
            Disc::named(&wide("Größe 3"), 0, files[2]),
            Disc::named(&narrow("GONE"), 4, files[0]),
        ];
        let folder = disc.add(4, &inner.concat(), Form::Embedded);
        let root = [
            Disc::named(&[], 0x0A, 1),
            Disc::named(&narrow("A.DCM"), 0, files[0]),
            Disc::named(&narrow("FOLDER"), 2, folder),
            Disc::named(&wide("Ω"), 1, files[3]),
        ];
        let (n, told, scan) = scanned(&disc.image(&root, root_form));
        assert_eq!((n, told), (4, vec![]));
        let plan = volumes(&scan)[0];
        for k in 0..4 {
            let want = i16::from_le_bytes([k as u8 + 1; 2]);
            let got = series::decode_slice(plan, k).unwrap();
            assert_eq!(got, volume::SliceVoxels::I16(vec![want; 1600].into()));
        }
        let mut names: Vec<String> = plan
            .slices
            .iter()
            .flatten()
            .map(|s| s.source().shown_path().to_string_lossy().into_owned())
            .map(|path| path.split_once("disc.img/").unwrap().1.to_owned())
            .collect();
        names.sort();
        assert_eq!(names, ["A.DCM", "FOLDER/B.DCM", "FOLDER/Größe 3", "Ω"]);
    }
}

/// One file in the root, and what a row does to the disc.
fn one_file(form: Form, name: &[u8], kind: u8) -> Vec<u8> {
    let mut disc = Disc::new();
    let file = disc.add(kind, &slice(1), form);
    disc.image(&[Disc::named(name, 0, file)], Form::Embedded)
}

#[test]
fn what_cannot_be_read_is_said_and_the_rest_opens() {
    let name = narrow("A");
    let sound = one_file(Form::Short, &name, 5);
    let damaged = |sectors: &[usize]| {
        let mut image = sound.clone();
        sectors
            .iter()
            .for_each(|sector| image[sector * SECTOR + 100] ^= 1);
        image
    };
    // A partition map of type 2, as virtual, sparable and metadata partitions have (UDF 2.2.8 to 2.2.10).
    let mut mapped = sound.clone();
    for start in [33, 65] {
        let mut logical = mapped[start * SECTOR..start * SECTOR + 446].to_vec();
        (logical[440], logical[441]) = (2, 64);
        put(&mut mapped, start * SECTOR, &tagged(logical, 6, start));
    }
    let at_itself = {
        let disc = Disc::new();
        disc.image(&[Disc::named(&narrow("SELF"), 2, 1)], Form::Embedded)
    };
    let rows: Vec<(&str, Vec<u8>, usize, &[&str])> = vec![
        ("sound", sound.clone(), 1, &[]),
        ("the main sequence is damaged", damaged(&[32, 33]), 1, &[]),
        (
            "both sequences are damaged",
            damaged(&[33, 65]),
            0,
            &["iso_damaged"],
        ),
        ("no anchor", damaged(&[256]), 0, &["iso_damaged"]),
        (
            "the root's entry is damaged",
            damaged(&[PARTITION + 1]),
            0,
            &["iso_damaged"],
        ),
        (
            "a partition of another kind",
            mapped,
            0,
            &["archive_unsupported"],
        ),
        (
            "stored in pieces",
            one_file(Form::Apart, &name, 5),
            0,
            &["iso_entry_refused"],
        ),
        (
            "partly unrecorded",
            one_file(Form::Unrecorded, &name, 5),
            0,
            &["iso_entry_refused"],
        ),
        (
            "a link",
            one_file(Form::Short, &name, 12),
            0,
            &["iso_link_refused"],
        ),
        (
            "a way up",
            one_file(Form::Short, &narrow(".."), 5),
            0,
            &["iso_name_refused"],
        ),
        (
            "a slash",
            one_file(Form::Short, &narrow("a/b"), 5),
            0,
            &["iso_name_refused"],
        ),
        ("a folder in itself", at_itself, 0, &["iso_loop"]),
        (
            "cut behind its entries",
            sound[..(PARTITION + 2) * SECTOR].to_vec(),
            0,
            &["iso_damaged"],
        ),
    ];
    for (what, image, n_readable, want) in rows {
        let (n, told, _) = scanned(&image);
        let told: Vec<&str> = told.into_iter().filter(|c| *c != "nothing_found").collect();
        assert_eq!((n, told.as_slice()), (n_readable, want), "{what}");
    }
}

#[test]
fn a_disc_cut_or_changed_anywhere_ends_in_words() {
    let sound = one_file(Form::Chained, &narrow("A"), 5);
    let used = [16..19, 32..35, 256..257, PARTITION..PARTITION + 7];
    for sector in used.clone().into_iter().flatten() {
        for at in (0..SECTOR).step_by(41) {
            let mut changed = sound.clone();
            changed[sector * SECTOR + at] ^= 0xFF;
            let _ = scanned(&changed);
        }
    }
    for sector in used.into_iter().flatten() {
        let len = sector * SECTOR + 700;
        let (n, told, _) = scanned(&sound[..len]);
        assert!(n == 1 || !told.is_empty(), "cut at {len}: {n} {told:?}");
    }
}

//! Writes disc images (ECMA-119) with two folders: the root, and one named by its files.

#[derive(Clone, Copy, PartialEq)]
pub enum Names {
    /// Capitals with a version.
    Primary,
    /// A supplementary descriptor with names in UCS-2.
    Joliet,
    /// Names in the system use area of the primary descriptor's records.
    RockRidge,
}

const SECTOR: usize = 2048;
const FIRST_FREE: usize = 20;

/// Files of the root and of one folder, `FOLDER/NAME`; each in sectors of its own.
pub fn image(entries: &[(&str, Vec<u8>)], names: Names) -> Vec<u8> {
    session(entries, names, 0)
}

/// Discs written to several times: each session stands behind the one before, after a gap.
pub fn sessions(contents: &[Vec<(&str, Vec<u8>)>], names: Names) -> Vec<u8> {
    let mut disc = Vec::new();
    for entries in contents {
        disc.resize(disc.len() + 7 * SECTOR * usize::from(!disc.is_empty()), 0);
        disc.extend(session(entries, names, disc.len() / SECTOR));
    }
    disc
}

/// A volume whose first sector is the one of that number.
fn session(entries: &[(&str, Vec<u8>)], names: Names, start: usize) -> Vec<u8> {
    let folder_name = entries.iter().find_map(|(name, _)| name.split_once('/'));
    let folder_name = folder_name.map_or("EMPTY", |(folder, _)| folder);
    let (root_at, folder_at) = (start + FIRST_FREE, start + FIRST_FREE + 1);
    let mut root = [
        record(&[0], root_at, SECTOR, 2, &[]),
        record(&[1], root_at, SECTOR, 2, &[]),
    ]
    .concat();
    let mut folder = [
        record(&[0], folder_at, SECTOR, 2, &[]),
        record(&[1], root_at, SECTOR, 2, &[]),
    ]
    .concat();
    root.extend(named(folder_name, folder_at, SECTOR, 2, names));
    let mut files = Vec::new();
    for (name, bytes) in entries {
        let at = start + FIRST_FREE + 2 + files.len() / SECTOR;
        files.extend_from_slice(bytes);
        files.resize(files.len().next_multiple_of(SECTOR), 0);
        match name.split_once('/') {
            Some((_, name)) => folder.extend(named(name, at, bytes.len(), 0, names)),
            None => root.extend(named(name, at, bytes.len(), 0, names)),
        }
    }
    let mut image = vec![0; 16 * SECTOR];
    let n_sectors = FIRST_FREE + 2 + files.len() / SECTOR;
    let is_joliet = names == Names::Joliet;
    // The primary descriptor of a Joliet image leads to the same folders, whose names it cannot read.
    image.extend(descriptor(1, &[], root_at, n_sectors));
    if is_joliet {
        image.extend(descriptor(2, b"%/E", root_at, n_sectors));
    }
    image.extend(descriptor(255, &[], 0, 0));
    image.resize(FIRST_FREE * SECTOR, 0);
    for mut listing in [root, folder] {
        assert!(
            listing.len() <= SECTOR,
            "too many files for this small writer"
        );
        listing.resize(SECTOR, 0);
        image.extend(listing);
    }
    image.extend(files);
    image
}

fn descriptor(kind: u8, escape: &[u8], root_at: usize, n_sectors: usize) -> Vec<u8> {
    let mut bytes = vec![0; SECTOR];
    bytes[0] = kind;
    bytes[1..6].copy_from_slice(b"CD001");
    bytes[6] = 1;
    bytes[80..84].copy_from_slice(&(n_sectors as u32).to_le_bytes());
    bytes[88..88 + escape.len()].copy_from_slice(escape);
    bytes[128..130].copy_from_slice(&(SECTOR as u16).to_le_bytes());
    bytes[156..190].copy_from_slice(&record(&[0], root_at, SECTOR, 2, &[]));
    bytes
}

fn named(name: &str, at: usize, len: usize, flags: u8, names: Names) -> Vec<u8> {
    match names {
        Names::Primary => {
            let version = if flags == 0 { ";1" } else { "" };
            let name = format!("{}{version}", name.to_uppercase());
            record(name.as_bytes(), at, len, flags, &[])
        }
        Names::Joliet => {
            let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_be_bytes).collect();
            record(&name, at, len, flags, &[])
        }
        Names::RockRidge => {
            // The name comes in two parts, as long names do.
            let (a, b) = name.split_at(name.len() / 2);
            let part = |text: &str, flags: u8| {
                [
                    b"NM".as_slice(),
                    &[text.len() as u8 + 5, 1, flags],
                    text.as_bytes(),
                ]
                .concat()
            };
            let fields = [part(a, 1), part(b, 0)].concat();
            record(b"X.;1", at, len, flags, &fields)
        }
    }
}

fn record(identifier: &[u8], at: usize, len: usize, flags: u8, fields: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; 33];
    bytes[2..6].copy_from_slice(&(at as u32).to_le_bytes());
    bytes[6..10].copy_from_slice(&(at as u32).to_be_bytes());
    bytes[10..14].copy_from_slice(&(len as u32).to_le_bytes());
    bytes[14..18].copy_from_slice(&(len as u32).to_be_bytes());
    bytes[25] = flags;
    bytes[28] = 1;
    bytes[32] = identifier.len() as u8;
    bytes.extend_from_slice(identifier);
    if bytes.len() % 2 == 1 {
        bytes.push(0);
    }
    bytes.extend_from_slice(fields);
    if bytes.len() % 2 == 1 {
        bytes.push(0);
    }
    bytes[0] = bytes.len() as u8;
    bytes
}

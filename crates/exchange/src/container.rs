use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use crate::ExchangeError;

/// Largest package that is written or read.
pub(crate) const MAX_PACKAGE_BYTES: u64 = 512 * 1024 * 1024;
/// Most parts of a package.
pub(crate) const MAX_PARTS: usize = 64;

/// A named part of a package.
pub(crate) type Part = (String, Vec<u8>);

/// Writes a zip file whose every byte follows from the names and the contents: stored, no times, no attributes.
///
/// Because there is exactly one right form, [`read`] can refuse a file in which any byte differs, also one that zip
/// readers ignore. A general zip writer is free to change such bytes from version to version, so this one is our own
/// (PKWARE APPNOTE 4.3.7, 4.3.12, 4.3.16).
pub(crate) fn write(parts: &[Part]) -> Result<Vec<u8>, ExchangeError> {
    let mut seen = BTreeSet::new();
    if let Some((name, _)) = parts
        .iter()
        .find(|(name, _)| !is_plain_name(name) || !seen.insert(name.as_str()))
    {
        return Err(ExchangeError::PartName(name.clone()));
    }
    let n_bytes: u64 = parts
        .iter()
        .map(|(name, bytes)| (bytes.len() + 2 * name.len() + 76) as u64)
        .sum::<u64>()
        + 22;
    if n_bytes > MAX_PACKAGE_BYTES || parts.len() > MAX_PARTS {
        return Err(ExchangeError::TooLarge {
            limit_bytes: MAX_PACKAGE_BYTES,
        });
    }
    let mut out = Vec::with_capacity(n_bytes as usize);
    let mut directory = Vec::new();
    for (name, bytes) in parts {
        let offset = out.len() as u32;
        let fields = shared_fields(name, bytes);
        out.extend_from_slice(b"PK\x03\x04");
        out.extend_from_slice(&fields);
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(bytes);
        directory.extend_from_slice(b"PK\x01\x02\x14\x00");
        directory.extend_from_slice(&fields);
        // Comment length, disk number, internal and external attributes: all nothing.
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&offset.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
    }
    let (n_parts, directory_offset) = (parts.len() as u16, out.len() as u32);
    out.extend_from_slice(&directory);
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    out.extend_from_slice(&n_parts.to_le_bytes());
    out.extend_from_slice(&n_parts.to_le_bytes());
    out.extend_from_slice(&(directory.len() as u32).to_le_bytes());
    out.extend_from_slice(&directory_offset.to_le_bytes());
    out.extend_from_slice(&[0, 0]);
    Ok(out)
}

/// Reads the parts of a package in their order. The error is a clause that says what is wrong.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Part>, &'static str> {
    if bytes.len() as u64 > MAX_PACKAGE_BYTES {
        return Err("it is larger than any package");
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes))
        .map_err(|_| "it is not a zip file, or it is cut short")?;
    if archive.len() > MAX_PARTS {
        return Err("it has more parts than any package");
    }
    let mut parts = Vec::new();
    for part_idx in 0..archive.len() {
        let mut file = archive
            .by_index(part_idx)
            .map_err(|_| "one of its parts cannot be opened")?;
        let name = file
            .name()
            .map_err(|_| "the name of a part is not text")?
            .into_owned();
        if !is_plain_name(&name) {
            return Err("the name of a part is not a plain file name");
        }
        // Stored parts cannot be longer than the file they are in; a compressed one could be of any size.
        if file.compression() != zip::CompressionMethod::Stored || file.size() > bytes.len() as u64
        {
            return Err("one of its parts is compressed");
        }
        let mut content = Vec::new();
        let read = file
            .by_ref()
            .take(bytes.len() as u64 + 1)
            .read_to_end(&mut content);
        read.map_err(|_| "one of its parts does not fit its checksum")?;
        parts.push((name, content));
    }
    match write(&parts) {
        Ok(canonical) if canonical == bytes => Ok(parts),
        _ => Err("its bytes are not those of a package with these parts"),
    }
}

/// Letters, digits, `-`, `_` and single dots inside: no folder, no device name with a colon, nothing hidden.
fn is_plain_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !name.is_empty()
        && name.len() <= 100
        && name.chars().all(plain)
        && !name.starts_with('.')
        && !name.contains("..")
}

/// Version needed, flags, method, time, date (1980-01-01), checksum, sizes, length of the name, no extra field.
fn shared_fields(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut fields = vec![0x14, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
    fields.extend_from_slice(&crc32(bytes).to_le_bytes());
    fields.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    fields.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    fields.extend_from_slice(&(name.len() as u16).to_le_bytes());
    fields.extend_from_slice(&[0, 0]);
    fields
}

/// CRC-32 of zip (reversed polynomial 0xEDB88320).
fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = crc32_table();
    !bytes.iter().fold(!0, |crc, &byte| {
        (crc >> 8) ^ TABLE[((crc ^ u32::from(byte)) & 255) as usize]
    })
}

const fn crc32_table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut idx = 0;
    while idx < 256 {
        let mut value = idx as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 {
                (value >> 1) ^ 0xEDB8_8320
            } else {
                value >> 1
            };
            bit += 1;
        }
        table[idx] = value;
        idx += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn parts() -> Vec<Part> {
        vec![
            ("a.json".into(), b"{}".to_vec()),
            ("empty".into(), vec![]),
            ("b-1.bin".into(), vec![0, 255, 80, 75, 5, 6]),
        ]
    }

    #[test]
    fn the_checksum_is_that_of_zip() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn what_is_written_is_read_back() {
        let bytes = write(&parts()).unwrap();
        assert_eq!(read(&bytes).unwrap(), parts());
    }

    #[test]
    fn every_changed_bit_is_refused() {
        let bytes = write(&parts()).unwrap();
        for position in 0..bytes.len() {
            for bit in 0..8 {
                let mut changed = bytes.clone();
                changed[position] ^= 1 << bit;
                let read = read(&changed);
                // A changed name or content with a matching checksum cannot be made by one bit.
                assert!(read.is_err(), "bit {bit} of byte {position}");
            }
        }
        for length in 0..bytes.len() {
            assert!(read(&bytes[..length]).is_err(), "cut at {length}");
        }
        assert!(read(&[&bytes[..], b"x"].concat()).is_err());
        assert!(read(&[b"x", &bytes[..]].concat()).is_err());
    }

    #[test]
    fn names_that_leave_the_folder_are_refused() {
        for name in [
            "", "../x", "/x", "a/b", "a\\b", "C:x", ".hidden", "a..b", "é", "a\0",
        ] {
            assert!(
                matches!(
                    write(&[(name.into(), vec![])]),
                    Err(ExchangeError::PartName(_))
                ),
                "{name:?}"
            );
        }
        let twice = [("a".to_owned(), vec![]), ("a".to_owned(), vec![])];
        assert!(matches!(write(&twice), Err(ExchangeError::PartName(_))));
    }
}

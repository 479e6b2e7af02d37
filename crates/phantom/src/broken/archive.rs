//! Zip archives with entries of any name, also hostile ones; nothing is compressed.

/// An entry as the archive claims it to be.
#[derive(Clone, Debug)]
pub struct ZipEntry {
    /// Name in both headers.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
    /// Size that the headers claim; `None` for the true one.
    pub claimed_size: Option<u32>,
    /// Checksum that the headers claim; `None` for the true one.
    pub claimed_crc: Option<u32>,
    /// Unix mode; 0o120777 makes a symbolic link of the content.
    pub mode: u32,
}

impl ZipEntry {
    /// Makes a sound entry of an ordinary file.
    pub fn file(name: &str, bytes: Vec<u8>) -> Self {
        Self {
            name: name.to_owned(),
            bytes,
            claimed_size: None,
            claimed_crc: None,
            mode: 0o100_644,
        }
    }
}

/// Returns the archive of the entries, all stored without compression.
pub fn zip_bytes(entries: &[ZipEntry]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        let offset = out.len() as u32;
        let size = entry.claimed_size.unwrap_or(entry.bytes.len() as u32);
        let crc = entry.claimed_crc.unwrap_or_else(|| crc32(&entry.bytes));
        let mut shared = Vec::new();
        // Flags with UTF-8 names, method 0, and midnight of 1 January 1980.
        for word in [0x0800u16, 0, 0, 0x0021] {
            shared.extend(word.to_le_bytes());
        }
        for word in [crc, size, size] {
            shared.extend(word.to_le_bytes());
        }
        shared.extend((entry.name.len() as u16).to_le_bytes());
        shared.extend(0u16.to_le_bytes());
        out.extend(b"PK\x03\x04\x0A\x00");
        out.extend_from_slice(&shared);
        out.extend(entry.name.as_bytes());
        out.extend_from_slice(&entry.bytes);
        directory.extend(b"PK\x01\x02\x0A\x03\x0A\x00");
        directory.extend_from_slice(&shared);
        directory.extend([0; 6]);
        directory.extend((entry.mode << 16).to_le_bytes());
        directory.extend(offset.to_le_bytes());
        directory.extend(entry.name.as_bytes());
    }
    let offset = out.len() as u32;
    let n_entries = (entries.len() as u16).to_le_bytes();
    out.extend_from_slice(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(n_entries);
    out.extend(n_entries);
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(offset.to_le_bytes());
    out.extend([0, 0]);
    out
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

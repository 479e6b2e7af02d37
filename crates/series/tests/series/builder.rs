//! Writes DICOM files element by element, right or wrong as a test wants them.

use std::path::{Path, PathBuf};

use series::{Scan, ScanOptions};

pub const EXPLICIT_LE: &str = "1.2.840.10008.1.2.1";

/// An object in the making: elements in ascending order of their tags.
#[derive(Clone)]
pub struct Object {
    pub syntax: &'static str,
    pub elements: Vec<(u32, [u8; 2], Vec<u8>)>,
}

impl Object {
    /// A CT slice of 4 × 4 at a place on the z axis; its pixels count up from its number.
    pub fn ct(number: i32, z_mm: f64) -> Self {
        let mut object = Self::empty();
        object
            .text(0x0008_0016, b"UI", "1.2.840.10008.5.1.4.1.1.2")
            .text(0x0008_0018, b"UI", &format!("1.2.3.4.{number}"))
            .text(0x0008_0020, b"DA", "20260102")
            .text(0x0008_0060, b"CS", "CT")
            .text(0x0010_0010, b"PN", "Phantom^One")
            .text(0x0010_0020, b"LO", "P1")
            .text(0x0020_000D, b"UI", "1.2.3")
            .text(0x0020_000E, b"UI", "1.2.3.4")
            .text(0x0020_0013, b"IS", &number.to_string())
            .text(0x0020_0032, b"DS", &format!("-10\\-20\\{z_mm}"))
            .text(0x0020_0037, b"DS", "1\\0\\0\\0\\1\\0")
            .text(0x0020_0052, b"UI", "1.2.3.4.5.6")
            .us(0x0028_0002, 1)
            .text(0x0028_0004, b"CS", "MONOCHROME2")
            .us(0x0028_0010, 4)
            .us(0x0028_0011, 4)
            .text(0x0028_0030, b"DS", "0.5\\0.25")
            .us(0x0028_0100, 16)
            .us(0x0028_0101, 16)
            .us(0x0028_0102, 15)
            .us(0x0028_0103, 1)
            .text(0x0028_1052, b"DS", "-1000")
            .text(0x0028_1053, b"DS", "1")
            .set(
                0x7FE0_0010,
                b"OW",
                (0..16_i16)
                    .flat_map(|i| (i + number as i16).to_le_bytes())
                    .collect(),
            );
        object
    }

    pub fn set(&mut self, tag: u32, vr: &[u8; 2], value: Vec<u8>) -> &mut Self {
        self.elements.retain(|e| e.0 != tag);
        let at = self.elements.partition_point(|e| e.0 < tag);
        self.elements.insert(at, (tag, *vr, value));
        self
    }

    pub fn text(&mut self, tag: u32, vr: &[u8; 2], value: &str) -> &mut Self {
        let mut bytes = value.as_bytes().to_vec();
        if bytes.len() % 2 == 1 {
            bytes.push(if vr == b"UI" { 0 } else { b' ' });
        }
        self.set(tag, vr, bytes)
    }

    /// A sequence with these items, each an object's elements.
    pub fn sequence(&mut self, tag: u32, items: &[&Object]) -> &mut Self {
        let mut value = Vec::new();
        for elements in items.iter().map(|o| o.dataset()) {
            value.extend(item(0xFFFE_E000, elements.len() as u32));
            value.extend(elements);
        }
        self.set(tag, b"SQ", value)
    }

    /// No element yet, for the items of sequences.
    pub fn empty() -> Self {
        Self {
            syntax: EXPLICIT_LE,
            elements: Vec::new(),
        }
    }

    pub fn uss(&mut self, tag: u32, values: &[u16]) -> &mut Self {
        let bytes = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        self.set(tag, b"US", bytes)
    }

    pub fn ul(&mut self, tag: u32, value: u32) -> &mut Self {
        self.set(tag, b"UL", value.to_le_bytes().to_vec())
    }

    pub fn fd(&mut self, tag: u32, values: &[f64]) -> &mut Self {
        let bytes = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        self.set(tag, b"FD", bytes)
    }

    pub fn us(&mut self, tag: u32, value: u16) -> &mut Self {
        self.set(tag, b"US", value.to_le_bytes().to_vec())
    }

    pub fn without(&mut self, tag: u32) -> &mut Self {
        self.elements.retain(|e| e.0 != tag);
        self
    }

    /// Rows, columns, samples, allocated and stored bits, representation, photometric interpretation, pixels.
    pub fn picture(
        &mut self,
        [rows, columns, samples, allocated, stored, sign]: [u16; 6],
        photometric: &str,
        pixels: Vec<u8>,
    ) -> &mut Self {
        self.us(0x0028_0002, samples)
            .text(0x0028_0004, b"CS", photometric)
            .us(0x0028_0010, rows)
            .us(0x0028_0011, columns)
            .us(0x0028_0100, allocated)
            .us(0x0028_0101, stored)
            .us(0x0028_0102, stored - 1)
            .us(0x0028_0103, sign)
            .set(0x7FE0_0010, b"OW", pixels)
    }

    /// The data set alone, explicit little endian.
    pub fn dataset(&self) -> Vec<u8> {
        self.elements
            .iter()
            .flat_map(|(tag, vr, value)| element(*tag, vr, value))
            .collect()
    }

    /// The whole file.
    pub fn file(&self) -> Vec<u8> {
        file(self.syntax, &self.dataset())
    }
}

/// Preamble, file meta information and a data set.
pub fn file(syntax: &str, dataset: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; 128];
    bytes.extend(b"DICM");
    let mut uid = syntax.as_bytes().to_vec();
    if uid.len() % 2 == 1 {
        uid.push(0);
    }
    if !uid.is_empty() {
        bytes.extend(element(0x0002_0010, b"UI", &uid));
    }
    bytes.extend_from_slice(dataset);
    bytes
}

/// One explicit little-endian element.
pub fn element(tag: u32, vr: &[u8; 2], value: &[u8]) -> Vec<u8> {
    header(tag, vr, value.len() as u32)
        .into_iter()
        .chain(value.iter().copied())
        .collect()
}

/// Tag, representation and a length that may lie.
pub fn header(tag: u32, vr: &[u8; 2], len: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend(((tag >> 16) as u16).to_le_bytes());
    bytes.extend((tag as u16).to_le_bytes());
    bytes.extend(vr);
    if matches!(vr, b"OB" | b"OW" | b"OF" | b"OD" | b"SQ" | b"UN" | b"UT") {
        bytes.extend([0, 0]);
        bytes.extend(len.to_le_bytes());
    } else {
        bytes.extend((len as u16).to_le_bytes());
    }
    bytes
}

/// An item or delimiter.
pub fn item(tag: u32, len: u32) -> Vec<u8> {
    let mut bytes = vec![0xFE, 0xFF];
    bytes.extend((tag as u16).to_le_bytes());
    bytes.extend(len.to_le_bytes());
    bytes
}

/// Encapsulated pixels: an empty offset table and the fragments.
pub fn fragments(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = header(0x7FE0_0010, b"OB", u32::MAX);
    bytes.extend(item(0xFFFE_E000, 0));
    for part in parts {
        bytes.extend(item(0xFFFE_E000, part.len() as u32));
        bytes.extend_from_slice(part);
    }
    bytes.extend(item(0xFFFE_E0DD, 0));
    bytes
}

/// Writes files into a folder and scans it.
pub fn scan_files(files: &[(&str, Vec<u8>)]) -> (tempfile::TempDir, Scan) {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let scan = scan_path(folder.path());
    (folder, scan)
}

pub fn scan_path(path: &Path) -> Scan {
    scan_paths(&[path.to_owned()])
}

pub fn scan_paths(paths: &[PathBuf]) -> Scan {
    series::scan(paths, &ScanOptions::default(), &|_| {}, &|| false)
}

/// All warning codes of a scan, its own and its volumes', sorted.
pub fn codes(scan: &Scan) -> Vec<&'static str> {
    let of_volumes = scan
        .studies
        .iter()
        .flat_map(|s| &s.series)
        .flat_map(|s| &s.volumes)
        .flat_map(|v| &v.warnings);
    let mut codes: Vec<_> = scan
        .warnings
        .iter()
        .chain(of_volumes)
        .map(|w| w.code)
        .collect();
    codes.sort_unstable();
    codes
}

/// The volumes of all series.
pub fn volumes(scan: &Scan) -> Vec<&series::VolumePlan> {
    scan.studies
        .iter()
        .flat_map(|s| &s.series)
        .flat_map(|s| &s.volumes)
        .collect()
}

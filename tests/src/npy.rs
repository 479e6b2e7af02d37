use std::path::Path;

/// A NumPy file of 32-bit floats in C order.
#[derive(Clone, Debug, PartialEq)]
pub struct Npy {
    /// Lengths of the axes, slowest first.
    pub shape: Vec<usize>,
    /// Values.
    pub values: Vec<f32>,
}

impl Npy {
    /// Reads a file of version 1.0 (numpy.lib.format).
    pub fn read(path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap();
        assert_eq!(&bytes[..8], b"\x93NUMPY\x01\x00");
        let header_len = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
        let header = std::str::from_utf8(&bytes[10..10 + header_len]).unwrap();
        assert!(header.contains("'descr': '<f4'"), "{header}");
        assert!(header.contains("'fortran_order': False"), "{header}");
        let (_, shape) = header.split_once("'shape': (").unwrap();
        let (shape, _) = shape.split_once(')').unwrap();
        let shape: Vec<usize> = shape
            .split(',')
            .filter_map(|n| n.trim().parse().ok())
            .collect();
        let values: Vec<f32> = bytes[10 + header_len..]
            .chunks_exact(4)
            .map(|b| f32::from_le_bytes(b.try_into().unwrap()))
            .collect();
        assert_eq!(values.len(), shape.iter().product::<usize>());
        Self { shape, values }
    }
}

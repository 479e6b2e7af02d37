use std::io::Write;

/// The header of a NumPy file, version 1.0: type, C order, shape.
pub(crate) fn header(descr: &str, shape: &[usize]) -> Vec<u8> {
    let mut dims: Vec<String> = shape.iter().map(ToString::to_string).collect();
    if dims.len() == 1 {
        dims.push(String::new());
    }
    let mut text = format!(
        "{{'descr': '{descr}', 'fortran_order': False, 'shape': ({}), }}",
        dims.join(", ")
    );
    // The data must begin at a multiple of 64 bytes; magic, version and length take ten.
    let total = (10 + text.len() + 1).next_multiple_of(64);
    text.extend(std::iter::repeat_n(' ', total - 10 - text.len() - 1));
    text.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    // A shape of a few dimensions is far below 64 KiB.
    bytes.extend(u16::try_from(text.len()).unwrap_or(u16::MAX).to_le_bytes());
    bytes.extend(text.as_bytes());
    bytes
}

/// Writes float values as a two-dimensional NumPy file.
pub(crate) fn write_f32(
    out: &mut impl Write,
    [rows, columns]: [usize; 2],
    values: &[f32],
) -> std::io::Result<()> {
    out.write_all(&header("<f4", &[rows, columns]))?;
    for value in values {
        out.write_all(&value.to_le_bytes())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_a_multiple_of_64_bytes_and_names_its_shape() {
        for shape in [vec![3], vec![2, 3], vec![100, 512, 512, 3]] {
            let bytes = header("<i2", &shape);
            assert_eq!(bytes.len() % 64, 0);
            assert_eq!(
                usize::from(u16::from_le_bytes([bytes[8], bytes[9]])) + 10,
                bytes.len()
            );
            assert!(bytes.ends_with(b"\n"));
        }
        assert!(String::from_utf8_lossy(&header("<f4", &[3])).contains("'shape': (3, )"));
    }
}

use super::{StreamColour, StreamHeader};

/// Takes from the first scan header (ISO/IEC 14495-1 C.2.3) how the components lie.
pub(super) fn finish(mut header: StreamHeader, scan: &[u8]) -> Option<StreamHeader> {
    // Interleave mode stands behind the components and NEAR.
    let n = usize::from(*scan.first()?);
    if header.n_components == 3 && *scan.get(2 + 2 * n)? == 0 {
        header.colour = StreamColour::Planes;
    }
    Some(header)
}

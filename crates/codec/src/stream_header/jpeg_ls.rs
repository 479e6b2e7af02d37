use super::StreamHeader;
use crate::jpeg_ls::preset_size;

/// Takes the size of the picture from a segment of presets, where it does not stand in the frame header (ISO/IEC 14495-1
/// C.2.4.1.4).
pub(super) fn with_presets(mut header: StreamHeader, presets: &[u8]) -> StreamHeader {
    if let Some((height, width)) = preset_size(presets) {
        if header.height == 0 {
            header.height = height;
        }
        if header.width == 0 {
            header.width = width;
        }
    }
    header
}

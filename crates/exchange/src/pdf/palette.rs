use krilla::color::rgb;

/// Ink on paper: the light theme of the workstation.
pub(super) type Ink = rgb::Color;

pub(super) const TEXT: [u8; 3] = [0x16, 0x18, 0x1D];
pub(super) const TEXT_SECOND: [u8; 3] = [0x4A, 0x50, 0x5B];
pub(super) const TEXT_HINT: [u8; 3] = [0x5E, 0x65, 0x71];
pub(super) const RULE: [u8; 3] = [0xE6, 0xE8, 0xEC];
pub(super) const EDGE: [u8; 3] = [0xD3, 0xD7, 0xDE];
pub(super) const PANEL: [u8; 3] = [0xF6, 0xF7, 0xF9];
pub(super) const EMPTY_BAR: [u8; 3] = [0xE3, 0xE6, 0xEB];
pub(super) const FIRST: [u8; 3] = [0x85, 0x59, 0x0B];
pub(super) const SECOND: [u8; 3] = [0x24, 0x55, 0xC4];
pub(super) const SECOND_FILL: [u8; 3] = [0xE8, 0xEF, 0xFD];
/// Behind pictures, as on screen.
pub(super) const VIEWPORT: [u8; 3] = [0, 0, 0];
pub(super) const WARN: [u8; 3] = [0x8A, 0x5A, 0x00];
pub(super) const WARN_FILL: [u8; 3] = [0xFB, 0xF3, 0xDD];
pub(super) const WARN_EDGE: [u8; 3] = [0xE8, 0xD2, 0x96];

/// A colour as the writer wants it.
pub(super) fn ink([red, green, blue]: [u8; 3]) -> Ink {
    rgb::Color::new(red, green, blue)
}

/// Text and fill of a verdict's chip, by its letter. Letters without a colour of their own are grey.
pub(super) fn verdict_colours(letter: char) -> ([u8; 3], [u8; 3]) {
    match letter {
        'A' => ([0x0E, 0x44, 0x1C], [0xE7, 0xEC, 0xE8]),
        'M' => ([0xAE, 0x56, 0x3F], [0xFB, 0xF6, 0xF4]),
        'U' => ([0x4E, 0x34, 0x9E], [0xED, 0xEB, 0xF5]),
        'L' => ([0x70, 0x53, 0x00], [0xF1, 0xEE, 0xE6]),
        'S' => ([0x00, 0x62, 0x78], [0xE6, 0xEF, 0xF2]),
        'N' => ([0xA5, 0x1D, 0x42], [0xF6, 0xE8, 0xEC]),
        'R' => ([0x2E, 0x2E, 0x39], [0xEA, 0xEA, 0xEB]),
        'X' => (SECOND, SECOND_FILL),
        _ => (TEXT_SECOND, [0xEE, 0xF0, 0xF3]),
    }
}

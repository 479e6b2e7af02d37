use case::{Annotation, Geometry, Shown};
use space::{EdgeLetters, PatientPoint, ViewPlane};
use volume::{
    Interpolation, Presentation, SliceView, Voi, Volume, colour_layer, reslice,
    sample_colour_slice, sample_slice,
};

use crate::{ColourImage, may_reslice};

/// A key image: the picture as the reader had it, its marks, and the letters at its edges.
pub(crate) struct KeyPicture {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Row by row, red green blue.
    pub(crate) rgb: Vec<[u8; 3]>,
}

/// Colour of the second reader's marks in outputs.
const MARK_RGB: [u8; 3] = [0x8D, 0xB4, 0xFF];
const LETTER_RGB: [u8; 3] = [0xED, 0xEF, 0xF2];

/// Draws what was shown at `shown` with the marks that lie in it, `size_px` wide and high.
pub(crate) fn key_picture(
    volume: &Volume,
    shown: &Shown,
    slice_idx: Option<usize>,
    marks: &[&Annotation],
    size_px: [usize; 2],
) -> KeyPicture {
    let plane = plane_of(volume, shown, size_px);
    let mut picture = base(volume, &plane, slice_idx, &presentation_of(volume, shown));
    for mark in marks {
        picture.draw_mark(&plane, &mark.geometry);
    }
    if let Some(letters) = volume.placed.edge_letters(&plane.frame) {
        picture.draw_letters(&letters);
    }
    picture
}

/// A small picture of a slice in the volume's default window; `None` while the slice is not decoded.
pub(crate) fn thumbnail(
    volume: &Volume,
    slice_idx: usize,
    size_px: [usize; 2],
) -> Option<ColourImage> {
    if !volume.voxels.is_filled(slice_idx) {
        return None;
    }
    let frame = space::PlaneFrame::native(&volume.grid)?;
    let one = space::Grid {
        size: [volume.grid.size[0], volume.grid.size[1], 1],
        ..volume.grid
    };
    let [columns, rows, _] = volume.grid.size.map(|n| (n.max(1) - 1) as f64 / 2.0);
    let centre = volume.slice_map(slice_idx)?.apply([columns, rows, 0.0]);
    let plane = ViewPlane {
        centre,
        frame,
        mm_per_pixel: ViewPlane::fit_mm_per_pixel(&one, &frame, size_px),
        size_px,
    };
    let picture = base(
        volume,
        &plane,
        Some(slice_idx),
        &volume.default_presentation().presentation,
    );
    Some(picture.image())
}

fn plane_of(volume: &Volume, shown: &Shown, size_px: [usize; 2]) -> ViewPlane {
    // The same part of the body as on screen, at most the whole slice.
    let fit = ViewPlane::fit_mm_per_pixel(&volume.grid, &shown.frame, size_px);
    ViewPlane {
        centre: shown.centre,
        frame: shown.frame,
        mm_per_pixel: fit.min(shown.mm_per_pixel.max(fit / 4.0)),
        size_px,
    }
}

fn presentation_of(volume: &Volume, shown: &Shown) -> Presentation {
    let default = volume.default_presentation().presentation;
    let window = match (shown.window_center, shown.window_width) {
        (Some(center), Some(width)) => {
            Voi::window(center, width, volume.window_function(), None).ok()
        }
        _ => None,
    };
    Presentation::grey(window.unwrap_or(default.voi), default.invert)
}

fn base(
    volume: &Volume,
    plane: &ViewPlane,
    slice_idx: Option<usize>,
    presentation: &Presentation,
) -> KeyPicture {
    let [width, height] = plane.size_px;
    let mut picture = KeyPicture {
        width,
        height,
        rgb: vec![[0; 3]; width * height],
    };
    let slice_view = slice_idx.and_then(|k| Some((k, SliceView::of_plane(volume, k, plane)?)));
    if volume.voxels.stored().is_colour() {
        let colour = slice_view
            .and_then(|(k, view)| sample_colour_slice(volume, k, &view, Interpolation::Linear));
        for (out, [r, g, b, _]) in picture
            .rgb
            .iter_mut()
            .zip(colour.map(|c| c.values).unwrap_or_default())
        {
            *out = [r, g, b];
        }
        return picture;
    }
    let values = match slice_view {
        Some((slice_idx, view)) => {
            sample_slice(volume, slice_idx, &view, Interpolation::Linear).ok()
        }
        None if may_reslice(volume) => {
            reslice(volume, plane, Interpolation::Linear, None, &|| false).ok()
        }
        None => None,
    };
    for (out, value) in picture
        .rgb
        .iter_mut()
        .zip(values.map(|p| p.values).unwrap_or_default())
    {
        *out = [presentation.display_u8(f64::from(value)); 3];
    }
    let layer = slice_view.and_then(|(k, view)| colour_layer(volume, k, &view));
    for (out, [r, g, b, alpha]) in picture
        .rgb
        .iter_mut()
        .zip(layer.map(|l| l.values).unwrap_or_default())
    {
        if alpha == 255 {
            *out = [r, g, b];
        }
    }
    picture
}

impl KeyPicture {
    /// The same for the screen.
    pub(crate) fn image(self) -> ColourImage {
        ColourImage {
            width: self.width,
            height: self.height,
            rgb: self.rgb,
        }
    }

    /// The picture as a PNG file; `None` when it could not be encoded.
    pub(crate) fn png(&self) -> Option<Vec<u8>> {
        let bytes: Vec<u8> = self.rgb.iter().flatten().copied().collect();
        let image = image::RgbImage::from_raw(self.width as u32, self.height as u32, bytes)?;
        let mut png = std::io::Cursor::new(Vec::new());
        image.write_to(&mut png, image::ImageFormat::Png).ok()?;
        Some(png.into_inner())
    }

    fn draw_mark(&mut self, plane: &ViewPlane, geometry: &Geometry) {
        let px = |p: &PatientPoint| plane.pixel(*p);
        match geometry {
            Geometry::Length { from, to } | Geometry::Calibration { from, to, .. } => {
                self.line(px(from), px(to));
                self.tick(px(from), px(to));
                self.tick(px(to), px(from));
            }
            Geometry::Angle { from, vertex, to } => {
                self.line(px(vertex), px(from));
                self.line(px(vertex), px(to));
            }
            Geometry::Bidirectional(diameters) => {
                for [from, to] in [diameters.first, diameters.across] {
                    self.line(px(&from), px(&to));
                    self.tick(px(&from), px(&to));
                    self.tick(px(&to), px(&from));
                }
            }
            Geometry::CardiothoracicRatio(widths) => {
                for [from, to] in [widths.heart, widths.thorax] {
                    self.line(px(&from), px(&to));
                    self.tick(px(&from), px(&to));
                    self.tick(px(&to), px(&from));
                }
            }
            Geometry::Polyline { corners } => {
                self.path(&corners.iter().map(px).collect::<Vec<_>>())
            }
            Geometry::Rectangle(_)
            | Geometry::Polygon { .. }
            | Geometry::Freehand { .. }
            | Geometry::GrownBody { .. } => {
                let mut outline: Vec<[f64; 2]> = geometry.places().iter().map(px).collect();
                outline.extend(outline.first().copied());
                self.path(&outline);
            }
            Geometry::ContourBody { contours } => {
                // Only the outlines in this picture; the others lie on other slices.
                let here = contours.iter().filter(|contour| {
                    let mut far = contour.iter().map(|p| plane.distance_mm(*p).abs());
                    far.all(|d| d < plane.mm_per_pixel.max(0.5))
                });
                for contour in here {
                    let mut outline: Vec<[f64; 2]> = contour.iter().map(px).collect();
                    outline.extend(outline.first().copied());
                    self.path(&outline);
                }
            }
            Geometry::CobbAngle { first, second } | Geometry::OpenAngle { first, second } => {
                for [from, to] in [first, second] {
                    self.line(px(from), px(to));
                }
            }
            Geometry::Ellipse(ellipse) => {
                let outline: Vec<[f64; 2]> = (0..=72)
                    .map(|k| {
                        plane.pixel(ellipse.outline(f64::from(k) * std::f64::consts::TAU / 72.0))
                    })
                    .collect();
                self.path(&outline);
            }
            Geometry::Arrow { tip, tail, .. } => {
                let (tip, tail) = (px(tip), px(tail));
                self.line(tail, tip);
                let back = [tail[0] - tip[0], tail[1] - tip[1]];
                let length = back[0].hypot(back[1]).max(1e-6);
                let unit = [back[0] / length * 10.0, back[1] / length * 10.0];
                for (s, c) in [(0.42, 0.91), (-0.42, 0.91)] {
                    self.line(
                        tip,
                        [
                            tip[0] + unit[0] * c - unit[1] * s,
                            tip[1] + unit[0] * s + unit[1] * c,
                        ],
                    );
                }
            }
            Geometry::Probe { at }
            | Geometry::Text { at, .. }
            | Geometry::SpineLabel { at, .. } => {
                let [x, y] = px(at);
                self.line([x - 6.0, y], [x + 6.0, y]);
                self.line([x, y - 6.0], [x, y + 6.0]);
            }
        }
    }

    /// A line through points.
    fn path(&mut self, points: &[[f64; 2]]) {
        for pair in points.windows(2) {
            if let [a, b] = pair {
                self.line(*a, *b);
            }
        }
    }

    /// The bar at the end of a distance.
    fn tick(&mut self, end: [f64; 2], other: [f64; 2]) {
        let along = [other[0] - end[0], other[1] - end[1]];
        let length = along[0].hypot(along[1]).max(1e-6);
        let across = [-along[1] / length * 4.0, along[0] / length * 4.0];
        self.line(
            [end[0] - across[0], end[1] - across[1]],
            [end[0] + across[0], end[1] + across[1]],
        );
    }

    /// A line of 1.5 pixels with a dark border, so that it is seen on white and on black.
    fn line(&mut self, a: [f64; 2], b: [f64; 2]) {
        self.stroke(a, b, 1.9, [0, 0, 0], 0.55);
        self.stroke(a, b, 0.8, MARK_RGB, 1.0);
    }

    fn stroke(&mut self, a: [f64; 2], b: [f64; 2], half_width: f64, rgb: [u8; 3], strength: f64) {
        let reach = half_width + 1.0;
        let range = |lo: f64, hi: f64, n: usize| {
            let from = (lo - reach).floor().clamp(0.0, n as f64) as usize;
            let to = (hi + reach).ceil().clamp(0.0, n as f64) as usize;
            from..to
        };
        let d = [b[0] - a[0], b[1] - a[1]];
        let dd = (d[0] * d[0] + d[1] * d[1]).max(1e-12);
        for y in range(a[1].min(b[1]), a[1].max(b[1]), self.height) {
            for x in range(a[0].min(b[0]), a[0].max(b[0]), self.width) {
                let p = [x as f64 - a[0], y as f64 - a[1]];
                let t = ((p[0] * d[0] + p[1] * d[1]) / dd).clamp(0.0, 1.0);
                let distance = (p[0] - t * d[0]).hypot(p[1] - t * d[1]);
                let cover = (half_width + 0.5 - distance).clamp(0.0, 1.0) * strength;
                self.blend(x, y, rgb, cover);
            }
        }
    }

    fn blend(&mut self, x: usize, y: usize, rgb: [u8; 3], cover: f64) {
        if cover <= 0.0 {
            return;
        }
        if let Some(pixel) = self.rgb.get_mut(y * self.width + x) {
            for (out, new) in pixel.iter_mut().zip(rgb) {
                *out = (f64::from(*out) * (1.0 - cover) + f64::from(new) * cover).round() as u8;
            }
        }
    }

    /// The letters of the final directions, at the middle of each edge.
    fn draw_letters(&mut self, letters: &EdgeLetters) {
        let (w, h) = (self.width as isize, self.height as isize);
        let size = 14;
        self.word(&letters.left, 6, h / 2 - size / 2);
        self.word(
            &letters.right,
            w - 6 - 12 * letters.right.len() as isize,
            h / 2 - size / 2,
        );
        self.word(&letters.top, w / 2 - 6 * letters.top.len() as isize, 6);
        self.word(
            &letters.bottom,
            w / 2 - 6 * letters.bottom.len() as isize,
            h - 6 - size,
        );
    }

    /// White letters with a dark border, so that they are read on bone as on air.
    fn word(&mut self, word: &str, x: isize, y: isize) {
        let mut dots = Vec::new();
        for (k, letter) in word.chars().enumerate() {
            for (row, bits) in glyph(letter).iter().enumerate() {
                for column in 0..5 {
                    if bits >> (4 - column) & 1 == 0 {
                        continue;
                    }
                    dots.push([
                        x + (k as isize * 6 + column as isize) * 2,
                        y + row as isize * 2,
                    ]);
                }
            }
        }
        for [x, y] in &dots {
            self.square([x - 1, y - 1], 4, [0, 0, 0]);
        }
        for at in dots {
            self.square(at, 2, LETTER_RGB);
        }
    }

    fn square(&mut self, [left, top]: [isize; 2], side: isize, rgb: [u8; 3]) {
        for (x, y) in (0..side * side).map(|k| (left + k % side, top + k / side)) {
            if let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y))
                && x < self.width
                && y < self.height
            {
                self.blend(x, y, rgb, 1.0);
            }
        }
    }
}

/// Five by seven dots of the letters that name directions.
fn glyph(letter: char) -> [u8; 7] {
    match letter {
        'R' => [
            0b11110, 0b10001, 0b10001, 0b11110, 0b10100, 0b10010, 0b10001,
        ],
        'L' => [
            0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b11111,
        ],
        'A' => [
            0b01110, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001,
        ],
        'P' => [
            0b11110, 0b10001, 0b10001, 0b11110, 0b10000, 0b10000, 0b10000,
        ],
        'S' => [
            0b01111, 0b10000, 0b10000, 0b01110, 0b00001, 0b00001, 0b11110,
        ],
        'I' => [
            0b01110, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110,
        ],
        _ => [
            0b01110, 0b10001, 0b00001, 0b00110, 0b00100, 0b00000, 0b00100,
        ],
    }
}

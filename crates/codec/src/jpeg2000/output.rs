//! The component transforms (ISO/IEC 15444-1 Annex G), and the samples at their places in the picture.

use super::code_stream::Tile;
use super::coding::ComponentTransform;
use super::geometry::Rect;
use super::grid::Component;
use super::picture::Plane;
use crate::decode::Counted;
use crate::error::Fault;
use crate::samples::Samples;
use crate::stream_header::StreamSign;

/// What a sample is.
#[derive(Clone, Copy)]
pub(super) struct SampleKind {
    /// Bits, at most 16.
    pub precision: u32,
    pub sign: StreamSign,
}

impl SampleKind {
    /// The level shift (G.1) and the range of the samples.
    fn shift_and_range(self) -> (i32, i32, i32) {
        let half = 1_i32 << (self.precision - 1);
        match self.sign {
            StreamSign::Unsigned => (half, 0, 2 * half - 1),
            StreamSign::Signed => (0, -half, half - 1),
        }
    }
}

/// The picture as far as it has been put together.
pub(super) struct Frame {
    image: Rect,
    n_components: usize,
    kind: SampleKind,
    samples: Samples,
    n_clamped: u64,
}

impl Frame {
    /// A picture without any tile.
    pub(super) fn new(image: Rect, n_components: usize, kind: SampleKind) -> Result<Self, Fault> {
        let n_samples = image.width() * image.height() * n_components;
        let samples = match kind.precision {
            1..=8 => Samples::Bits8(vec![0; n_samples]),
            9..=16 => Samples::Bits16(vec![0; n_samples]),
            _ => return Err(Fault::Unsupported("more than 16 bits a sample")),
        };
        Ok(Self {
            image,
            n_components,
            kind,
            samples,
            n_clamped: 0,
        })
    }

    /// All samples, and how many had to be clamped though nothing was lost on their way.
    pub(super) fn finish(self) -> Counted {
        Counted {
            samples: self.samples,
            n_clamped: self.n_clamped,
        }
    }

    /// Puts a tile in, its component transform undone.
    pub(super) fn put(
        &mut self,
        tile: &Tile<'_>,
        components: &[Component],
        mut planes: Vec<Plane>,
    ) -> Result<(), Fault> {
        if tile.coding.transform == ComponentTransform::OfFirstThree {
            undo_transform(&mut planes)?;
        }
        for (plane, component) in planes.iter_mut().zip(components) {
            let (dx, dy) = component.distance;
            if (dx, dy) != (1, 1) {
                if tile.rect.div_ceil(dx, dy).is_empty() {
                    return Err(Fault::Damaged(
                        "a tile has no sample of one of its components",
                    ));
                }
                *plane = repeat_samples(plane, &tile.rect, component.distance);
            }
        }
        let place = Place {
            x: (tile.rect.x0 - self.image.x0) as usize,
            y: (tile.rect.y0 - self.image.y0) as usize,
            width: tile.rect.width(),
            row_samples: self.image.width() * self.n_components,
            n_components: self.n_components,
        };
        for (component, plane) in planes.iter().enumerate() {
            let n_clamped = match &mut self.samples {
                Samples::Bits8(out) => {
                    put_plane(out, &place, component, plane, self.kind, |v| v as u8)
                }
                Samples::Bits16(out) => {
                    put_plane(out, &place, component, plane, self.kind, |v| v as u16)
                }
            };
            self.n_clamped += u64::from(n_clamped);
        }
        Ok(())
    }
}

/// A plane whose samples stand apart, each repeated up to the next one.
fn repeat_samples(plane: &Plane, tile: &Rect, distance: (u32, u32)) -> Plane {
    match plane {
        Plane::Whole(values) => Plane::Whole(repeated(values, tile, distance)),
        Plane::Real(values) => Plane::Real(repeated(values, tile, distance)),
    }
}

fn repeated<T: Copy + Default>(values: &[T], tile: &Rect, (dx, dy): (u32, u32)) -> Vec<T> {
    let own = tile.div_ceil(dx, dy);
    // Before the first sample stands the first one.
    let place = |at: u32, distance: u32, from: u32| (at / distance).saturating_sub(from) as usize;
    let width = own.width();
    let mut out = Vec::with_capacity(tile.width() * tile.height());
    for y in tile.y0..tile.y1 {
        let row = values.chunks_exact(width.max(1)).nth(place(y, dy, own.y0));
        let row = row.unwrap_or_default();
        out.extend((tile.x0..tile.x1).map(|x| {
            let value = row.get(place(x, dx, own.x0));
            value.copied().unwrap_or_default()
        }));
    }
    out
}

/// Where a tile lies in the interleaved picture.
struct Place {
    x: usize,
    y: usize,
    width: usize,
    row_samples: usize,
    n_components: usize,
}

/// Shifts, clamps and writes a plane; `narrow` drops the bits that the range has made equal to the sign. Gives how many
/// whole numbers lay outside of the range; real ones do so by their nature.
fn put_plane<T>(
    out: &mut [T],
    place: &Place,
    component: usize,
    plane: &Plane,
    kind: SampleKind,
    narrow: impl Fn(i32) -> T + Copy,
) -> u32 {
    let (shift, least, most) = kind.shift_and_range();
    match plane {
        Plane::Whole(values) => {
            // A plane has at most 65,535² samples.
            let mut n_clamped = 0;
            put_rows(out, place, component, values, |v: i32| {
                let shifted = v.wrapping_add(shift);
                let sample = shifted.clamp(least, most);
                n_clamped += u32::from(sample != shifted);
                narrow(sample)
            });
            n_clamped
        }
        Plane::Real(values) => {
            // A cast of a real number saturates.
            put_rows(out, place, component, values, |v: f32| {
                narrow(
                    (v.round_ties_even() as i32)
                        .saturating_add(shift)
                        .clamp(least, most),
                )
            });
            0
        }
    }
}

fn put_rows<T, V: Copy>(
    out: &mut [T],
    place: &Place,
    component: usize,
    values: &[V],
    mut sample: impl FnMut(V) -> T,
) {
    let n = place.n_components;
    let rows = out.chunks_exact_mut(place.row_samples).skip(place.y);
    for (row, values) in rows.zip(values.chunks_exact(place.width.max(1))) {
        let row = row.get_mut(n * place.x..).unwrap_or_default();
        if n == 1 {
            for (out, value) in row.iter_mut().zip(values) {
                *out = sample(*value);
            }
        } else {
            let places = row.iter_mut().skip(component).step_by(n);
            for (out, value) in places.zip(values) {
                *out = sample(*value);
            }
        }
    }
}

/// Undoes the transform of the first three components (G.2, G.3).
fn undo_transform(planes: &mut [Plane]) -> Result<(), Fault> {
    match planes {
        [Plane::Whole(y), Plane::Whole(u), Plane::Whole(v), ..] => {
            for ((y, u), v) in y.iter_mut().zip(u).zip(v) {
                let green = y.wrapping_sub(u.wrapping_add(*v) >> 2);
                let (red, blue) = (v.wrapping_add(green), u.wrapping_add(green));
                (*y, *u, *v) = (red, green, blue);
            }
            Ok(())
        }
        [Plane::Real(y), Plane::Real(cb), Plane::Real(cr), ..] => {
            for ((y, cb), cr) in y.iter_mut().zip(cb).zip(cr) {
                let red = *y + 1.402 * *cr;
                let green = *y - 0.344_136 * *cb - 0.714_136 * *cr;
                let blue = *y + 1.772 * *cb;
                (*y, *cb, *cr) = (red, green, blue);
            }
            Ok(())
        }
        _ => Err(Fault::Damaged(
            "it transforms components that it does not have or that differ",
        )),
    }
}

use std::sync::OnceLock;

use thiserror::Error;

/// The slices of a volume in one element type; each slice is filled once, from any thread, and stays.
///
/// A slice that is not there (not yet decoded, or missing from the series) is a hole: samples in it are NaN.
#[derive(Debug)]
pub struct Planes<T> {
    slices: Vec<OnceLock<Box<[T]>>>,
}

impl<T> Planes<T> {
    /// Makes `n_slices` empty slices.
    pub fn empty(n_slices: usize) -> Self {
        Self {
            slices: (0..n_slices).map(|_| OnceLock::new()).collect(),
        }
    }

    /// Number of slices, holes included.
    pub fn len(&self) -> usize {
        self.slices.len()
    }

    /// Has it no slice at all?
    pub fn is_empty(&self) -> bool {
        self.slices.is_empty()
    }

    /// Row-major values of a slice; `None` for a hole.
    pub fn slice(&self, slice_idx: usize) -> Option<&[T]> {
        self.slices.get(slice_idx)?.get().map(AsRef::as_ref)
    }

    /// Fills a slice; gives the values back when it was filled before or does not exist.
    pub fn fill(&self, slice_idx: usize, values: Box<[T]>) -> Result<(), Box<[T]>> {
        match self.slices.get(slice_idx) {
            Some(cell) => cell.set(values),
            None => Err(values),
        }
    }

    /// Number of slices that are filled.
    pub fn n_filled(&self) -> usize {
        self.slices
            .iter()
            .filter(|cell| cell.get().is_some())
            .count()
    }
}

/// Stored values of a volume, one element type for all slices. Colour is interleaved RGB.
#[derive(Debug)]
pub enum Voxels {
    /// Unsigned 8 bit (also 1-bit images as 0 and 1).
    U8(Planes<u8>),
    /// Signed 8 bit.
    I8(Planes<i8>),
    /// Unsigned 16 bit.
    U16(Planes<u16>),
    /// Signed 16 bit.
    I16(Planes<i16>),
    /// Unsigned 32 bit.
    U32(Planes<u32>),
    /// Signed 32 bit.
    I32(Planes<i32>),
    /// Float Pixel Data.
    F32(Planes<f32>),
    /// Double Float Pixel Data.
    F64(Planes<f64>),
    /// Colour, 8 bit a channel.
    Rgb8(Planes<[u8; 3]>),
    /// Colour, 16 bit a channel.
    Rgb16(Planes<[u16; 3]>),
}

/// One decoded slice, ready to be put into a volume of the same element type.
#[derive(Clone, Debug, PartialEq)]
pub enum SliceVoxels {
    /// Unsigned 8 bit.
    U8(Box<[u8]>),
    /// Signed 8 bit.
    I8(Box<[i8]>),
    /// Unsigned 16 bit.
    U16(Box<[u16]>),
    /// Signed 16 bit.
    I16(Box<[i16]>),
    /// Unsigned 32 bit.
    U32(Box<[u32]>),
    /// Signed 32 bit.
    I32(Box<[i32]>),
    /// 32-bit float.
    F32(Box<[f32]>),
    /// 64-bit float.
    F64(Box<[f64]>),
    /// Colour, 8 bit a channel.
    Rgb8(Box<[[u8; 3]]>),
    /// Colour, 16 bit a channel.
    Rgb16(Box<[[u16; 3]]>),
}

/// The element type of stored values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stored {
    /// Unsigned 8 bit.
    U8,
    /// Signed 8 bit.
    I8,
    /// Unsigned 16 bit.
    U16,
    /// Signed 16 bit.
    I16,
    /// Unsigned 32 bit.
    U32,
    /// Signed 32 bit.
    I32,
    /// 32-bit float.
    F32,
    /// 64-bit float.
    F64,
    /// Colour, 8 bit a channel.
    Rgb8,
    /// Colour, 16 bit a channel.
    Rgb16,
}

/// Why a slice could not be put into a volume.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FillError {
    /// The slice holds another element type than the volume.
    #[error(
        "slice {slice_idx} holds {given:?} values but the volume holds {wanted:?}; load it as its own series"
    )]
    OtherType {
        /// Index of the slice.
        slice_idx: usize,
        /// Element type of the slice.
        given: Stored,
        /// Element type of the volume.
        wanted: Stored,
    },
    /// The slice is filled already, or the volume has no such slice.
    #[error("slice {slice_idx} is filled already or beyond the last one; keep what is there")]
    NotFree {
        /// Index of the slice.
        slice_idx: usize,
    },
}

impl Stored {
    /// Bytes of one voxel.
    pub fn n_bytes(self) -> usize {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::U16 | Self::I16 => 2,
            Self::Rgb8 => 3,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::Rgb16 => 6,
            Self::F64 => 8,
        }
    }

    /// Is it colour?
    pub fn is_colour(self) -> bool {
        matches!(self, Self::Rgb8 | Self::Rgb16)
    }
}

/// Repeats one expression for each element type.
macro_rules! for_each_type {
    ($value:expr, $kind:ident, $inner:ident => $body:expr) => {
        match $value {
            $kind::U8($inner) => $body,
            $kind::I8($inner) => $body,
            $kind::U16($inner) => $body,
            $kind::I16($inner) => $body,
            $kind::U32($inner) => $body,
            $kind::I32($inner) => $body,
            $kind::F32($inner) => $body,
            $kind::F64($inner) => $body,
            $kind::Rgb8($inner) => $body,
            $kind::Rgb16($inner) => $body,
        }
    };
}

impl Voxels {
    /// Makes `n_slices` holes of an element type.
    pub fn new(stored: Stored, n_slices: usize) -> Self {
        match stored {
            Stored::U8 => Self::U8(Planes::empty(n_slices)),
            Stored::I8 => Self::I8(Planes::empty(n_slices)),
            Stored::U16 => Self::U16(Planes::empty(n_slices)),
            Stored::I16 => Self::I16(Planes::empty(n_slices)),
            Stored::U32 => Self::U32(Planes::empty(n_slices)),
            Stored::I32 => Self::I32(Planes::empty(n_slices)),
            Stored::F32 => Self::F32(Planes::empty(n_slices)),
            Stored::F64 => Self::F64(Planes::empty(n_slices)),
            Stored::Rgb8 => Self::Rgb8(Planes::empty(n_slices)),
            Stored::Rgb16 => Self::Rgb16(Planes::empty(n_slices)),
        }
    }

    /// The element type.
    pub fn stored(&self) -> Stored {
        match self {
            Self::U8(_) => Stored::U8,
            Self::I8(_) => Stored::I8,
            Self::U16(_) => Stored::U16,
            Self::I16(_) => Stored::I16,
            Self::U32(_) => Stored::U32,
            Self::I32(_) => Stored::I32,
            Self::F32(_) => Stored::F32,
            Self::F64(_) => Stored::F64,
            Self::Rgb8(_) => Stored::Rgb8,
            Self::Rgb16(_) => Stored::Rgb16,
        }
    }

    /// Number of slices, holes included.
    pub fn n_slices(&self) -> usize {
        for_each_type!(self, Self, planes => planes.len())
    }

    /// Number of slices that are filled.
    pub fn n_filled(&self) -> usize {
        for_each_type!(self, Self, planes => planes.n_filled())
    }

    /// Is this slice filled?
    pub fn is_filled(&self, slice_idx: usize) -> bool {
        for_each_type!(self, Self, planes => planes.slice(slice_idx).is_some())
    }

    /// Puts a decoded slice in its place, once.
    ///
    /// # Errors
    /// When its element type is not that of the volume, when the place is taken, or when there is no such place. The
    /// number of its values is the caller's to check: a slice shorter than the grid says reads as a hole.
    pub fn fill(&self, slice_idx: usize, slice: SliceVoxels) -> Result<(), FillError> {
        let given = slice.stored();
        let filled = match (self, slice) {
            (Self::U8(planes), SliceVoxels::U8(values)) => planes.fill(slice_idx, values).is_ok(),
            (Self::I8(planes), SliceVoxels::I8(values)) => planes.fill(slice_idx, values).is_ok(),
            (Self::U16(planes), SliceVoxels::U16(values)) => planes.fill(slice_idx, values).is_ok(),
            (Self::I16(planes), SliceVoxels::I16(values)) => planes.fill(slice_idx, values).is_ok(),
            (Self::U32(planes), SliceVoxels::U32(values)) => planes.fill(slice_idx, values).is_ok(),
            (Self::I32(planes), SliceVoxels::I32(values)) => planes.fill(slice_idx, values).is_ok(),
            (Self::F32(planes), SliceVoxels::F32(values)) => planes.fill(slice_idx, values).is_ok(),
            (Self::F64(planes), SliceVoxels::F64(values)) => planes.fill(slice_idx, values).is_ok(),
            (Self::Rgb8(planes), SliceVoxels::Rgb8(values)) => {
                planes.fill(slice_idx, values).is_ok()
            }
            (Self::Rgb16(planes), SliceVoxels::Rgb16(values)) => {
                planes.fill(slice_idx, values).is_ok()
            }
            _ => {
                return Err(FillError::OtherType {
                    slice_idx,
                    given,
                    wanted: self.stored(),
                });
            }
        };
        if filled {
            Ok(())
        } else {
            Err(FillError::NotFree { slice_idx })
        }
    }
}

impl SliceVoxels {
    /// The element type.
    pub fn stored(&self) -> Stored {
        match self {
            Self::U8(_) => Stored::U8,
            Self::I8(_) => Stored::I8,
            Self::U16(_) => Stored::U16,
            Self::I16(_) => Stored::I16,
            Self::U32(_) => Stored::U32,
            Self::I32(_) => Stored::I32,
            Self::F32(_) => Stored::F32,
            Self::F64(_) => Stored::F64,
            Self::Rgb8(_) => Stored::Rgb8,
            Self::Rgb16(_) => Stored::Rgb16,
        }
    }

    /// Number of voxels.
    pub fn len(&self) -> usize {
        for_each_type!(self, Self, values => values.len())
    }

    /// Has it no voxel?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

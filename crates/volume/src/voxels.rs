use std::sync::Arc;

use thiserror::Error;

use crate::budget::VoxelBudget;
use crate::planes::{NotTaken, Planes, Presence};

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
    /// The slice was decoded before, was let go, and now has other values.
    #[error("slice {slice_idx} is not what it was when it was read first; open the study again")]
    Changed {
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
    /// Makes `n_slices` holes of an element type; what fills them stays.
    pub fn new(stored: Stored, n_slices: usize) -> Self {
        Self::within(stored, n_slices, VoxelBudget::unlimited())
    }

    /// Makes `n_slices` holes of an element type; what fills them is charged to a budget.
    pub fn within(stored: Stored, n_slices: usize, budget: Arc<VoxelBudget>) -> Self {
        match stored {
            Stored::U8 => Self::U8(Planes::within(n_slices, budget)),
            Stored::I8 => Self::I8(Planes::within(n_slices, budget)),
            Stored::U16 => Self::U16(Planes::within(n_slices, budget)),
            Stored::I16 => Self::I16(Planes::within(n_slices, budget)),
            Stored::U32 => Self::U32(Planes::within(n_slices, budget)),
            Stored::I32 => Self::I32(Planes::within(n_slices, budget)),
            Stored::F32 => Self::F32(Planes::within(n_slices, budget)),
            Stored::F64 => Self::F64(Planes::within(n_slices, budget)),
            Stored::Rgb8 => Self::Rgb8(Planes::within(n_slices, budget)),
            Stored::Rgb16 => Self::Rgb16(Planes::within(n_slices, budget)),
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

    /// Number of slices that are in memory.
    pub fn n_filled(&self) -> usize {
        for_each_type!(self, Self, planes => planes.n_filled())
    }

    /// Number of slices that were decoded, also those that were let go since.
    pub fn n_decoded(&self) -> usize {
        for_each_type!(self, Self, planes => planes.n_decoded())
    }

    /// Is this slice in memory?
    pub fn is_filled(&self, slice_idx: usize) -> bool {
        self.presence(slice_idx) == Presence::Here
    }

    /// What is known of a slice.
    pub fn presence(&self, slice_idx: usize) -> Presence {
        for_each_type!(self, Self, planes => planes.presence(slice_idx))
    }

    /// Notes that a slice was tried and cannot be decoded; one that is here stays.
    pub fn give_up(&self, slice_idx: usize) {
        for_each_type!(self, Self, planes => planes.give_up(slice_idx));
    }

    /// Lets a slice go, to be decoded again when it is wanted; its memory is free once no reader holds it.
    ///
    /// `false` when it was not here.
    pub fn let_go(&self, slice_idx: usize) -> bool {
        for_each_type!(self, Self, planes => planes.let_go(slice_idx))
    }

    /// When a slice that is here was read last, by the clock of its budget.
    pub(crate) fn last_used(&self, slice_idx: usize) -> Option<u64> {
        for_each_type!(self, Self, planes => planes.last_used(slice_idx))
    }

    /// Puts a decoded slice in its place.
    ///
    /// # Errors
    /// When its element type is not that of the volume, when the place is taken, when there is no such place, or when the
    /// slice was let go and comes back with other values. The number of its values is the caller's to check: a slice
    /// shorter than the grid says reads as a hole.
    pub fn fill(&self, slice_idx: usize, slice: SliceVoxels) -> Result<(), FillError> {
        let given = slice.stored();
        let filled = match (self, slice) {
            (Self::U8(planes), SliceVoxels::U8(values)) => planes.fill(slice_idx, values),
            (Self::I8(planes), SliceVoxels::I8(values)) => planes.fill(slice_idx, values),
            (Self::U16(planes), SliceVoxels::U16(values)) => planes.fill(slice_idx, values),
            (Self::I16(planes), SliceVoxels::I16(values)) => planes.fill(slice_idx, values),
            (Self::U32(planes), SliceVoxels::U32(values)) => planes.fill(slice_idx, values),
            (Self::I32(planes), SliceVoxels::I32(values)) => planes.fill(slice_idx, values),
            (Self::F32(planes), SliceVoxels::F32(values)) => planes.fill(slice_idx, values),
            (Self::F64(planes), SliceVoxels::F64(values)) => planes.fill(slice_idx, values),
            (Self::Rgb8(planes), SliceVoxels::Rgb8(values)) => planes.fill(slice_idx, values),
            (Self::Rgb16(planes), SliceVoxels::Rgb16(values)) => planes.fill(slice_idx, values),
            _ => {
                return Err(FillError::OtherType {
                    slice_idx,
                    given,
                    wanted: self.stored(),
                });
            }
        };
        filled.map_err(|why| match why {
            NotTaken::NotFree => FillError::NotFree { slice_idx },
            NotTaken::Changed => FillError::Changed { slice_idx },
        })
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

use space::{FlatRegion, PatientPoint};

use crate::meaning::Scale;
use crate::{
    GeometryKind, ModalityLut, Statistics, StatisticsError, ValueUnit, Volume, nearest_slice,
    nearest_voxel,
};

/// Something that stored values can be read as beside modality values: a real world value, a standardised uptake.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// What it is.
    pub kind: QuantityKind,
    /// Its name for the reader, for instance `SUVbw` or `ADC`.
    pub name: String,
    /// Its unit as UCUM code, for instance `g/ml` or `mm2/s`. Empty or `1`: none that means anything.
    pub unit: String,
    /// From stored values to values in that unit, one for all slices or one a slice.
    pub lut: ModalityLut,
    /// The stored values for which the mapping is defined, both ends included; `None`: all.
    pub defined: Option<[f64; 2]>,
    /// Which attributes it rests on, for the reader.
    pub provenance: String,
}

/// The kinds of quantities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QuantityKind {
    /// Real World Value Mapping Sequence (PS3.3 C.7.6.16.2.11).
    RealWorld,
    /// Standardised uptake by body weight.
    SuvBodyWeight,
    /// Standardised uptake by lean body mass after Janmahasatian.
    SuvLeanBodyMass,
    /// Standardised uptake by body surface area after DuBois.
    SuvBodySurface,
    /// Standardised uptake by ideal body weight.
    SuvIdealWeight,
}

impl Quantity {
    /// Does its unit tell the reader something?
    pub fn is_meaningful(&self) -> bool {
        let unit = self.unit.trim();
        !unit.is_empty() && unit != "1" && !unit.eq_ignore_ascii_case("{no units}")
    }

    /// The value of a stored value in a slice; `None` where the mapping is not defined.
    pub fn value(&self, slice_idx: usize, stored: f64) -> Option<f64> {
        Some(self.scale().value(slice_idx, stored)).filter(|v| v.is_finite())
    }

    pub(crate) fn scale(&self) -> Scale<'_> {
        Scale {
            lut: &self.lut,
            defined: self.defined,
        }
    }
}

impl Volume {
    /// The value of a quantity at a place; `None` outside, in a hole, for colour, and where none is defined.
    pub fn quantity_value(
        &self,
        quantity: &Quantity,
        slice_idx: usize,
        row_idx: usize,
        column_idx: usize,
    ) -> Option<f64> {
        let stored = self.stored_value(slice_idx, row_idx, column_idx)?;
        self.meaning
            .counts(slice_idx, stored)
            .then(|| quantity.value(slice_idx, stored))?
    }
}

/// The value of a quantity in the voxel nearest to a place; `None` as [`crate::probe`].
///
/// `slice_idx` names the slice where the volume is no regular one; without it the nearest is taken.
pub fn probe_quantity(
    volume: &Volume,
    quantity: &Quantity,
    slice_idx: Option<usize>,
    point: PatientPoint,
) -> Option<f64> {
    let (slice_idx, row_idx, column_idx) = match (volume.kind, slice_idx) {
        (GeometryKind::Volume, None) => {
            let [column, row, slice] = nearest_voxel(&volume.grid, point)?;
            (slice, row, column)
        }
        (_, slice_idx) => {
            let slice_idx = slice_idx.or_else(|| nearest_slice(volume, point))?;
            let [row, column] = crate::probe::cell_of(volume, slice_idx, point)?;
            (slice_idx, row, column)
        }
    };
    volume.quantity_value(quantity, slice_idx, row_idx, column_idx)
}

/// The numbers of a flat region in a quantity; `slice_idx` as in [`probe_quantity`].
///
/// # Errors
/// See [`StatisticsError`].
pub fn quantity_statistics(
    volume: &Volume,
    quantity: &Quantity,
    slice_idx: Option<usize>,
    region: &FlatRegion,
) -> Result<Statistics, StatisticsError> {
    let unit = ValueUnit::Named(quantity.unit.clone());
    crate::statistics::statistics_in(volume, (quantity.scale(), unit), slice_idx, region)
}

//! Voxels and everything that is computed from them: modality and VOI LUT, sampling, reslice, slab, statistics.
//!
//! This is the CPU reference of every picture and the only source of every number a reader may quote. All sampling
//! is in `f64`, in modality units (HU, or stored units where nothing else is known).
//!
//! This crate must never know: files, DICOM data sets, wgpu, the case.
//! Entry type: [`Volume`].

mod budget;
mod colour_map;
mod column_run;
mod combined;
mod counting;
mod extremes;
mod growing;
mod histogram;
mod lanes;
mod lattice;
mod linear_run;
mod mask_subtraction;
mod meaning;
mod middle_range;
mod modality;
mod overlay;
mod paint;
mod picture;
mod planes;
mod presentation;
mod probe;
mod profile;
mod quantity;
mod registers;
mod rendering;
mod reslice;
mod slice_view;
mod statistics;
mod suv;
mod tiles;
mod ultrasound;
mod value_window;
mod values;
mod voi;
mod volume;
mod voxels;

pub use budget::{Evictable, VoxelBudget, make_room};
pub use colour_map::ColourMap;
pub use growing::{Grown, GrowthError, ValueRange, grow, grow_while, otsu_range};
pub use histogram::{Histogram, histogram};
pub use mask_subtraction::{
    IntensityRelation, MaskOperation, MaskSubtraction, SubtractionError, subtracted_slice,
    subtraction_volume,
};
pub use meaning::{ColourRange, Excluded, ExclusionReason, Meaning};
pub use modality::{ModalityLut, Rescale};
pub use overlay::{Overlay, OverlayError, OverlayKind, draw_overlay};
pub use paint::{HATCH_GREY, HATCH_PERIOD_PX, HATCH_WIDTH_PX, Outside, outside_grey, paint};
pub use picture::{ColourPicture, Picture};
pub use planes::{Plane, Planes, Presence};
pub use presentation::{DefaultPresentation, Invert, PRESETS, Presentation, Preset, WindowOrigin};
pub use probe::{interpolated, nearest_slice, nearest_voxel, probe, probe_slice};
pub use profile::{MAX_PROFILE_SAMPLES, Profile, profile};
pub use quantity::{Quantity, QuantityKind, probe_quantity, quantity_statistics};
pub use rendering::{
    CropBox, Occupancy, RayCastView, RenderingPreset, SampleStep, Shading, TransferFunction,
    TransferPoint, TransferTable, VisibleBricks, ray_cast, surface_point,
};
pub use reslice::{
    Interpolation, MAX_PICTURE_PIXELS, ResliceError, Slab, SlabMode, reslice, smallest_spacing_mm,
};
pub use slice_view::{
    SliceView, colour_layer, draw_colour_range, native_colour_slice, native_slice,
    sample_colour_slice, sample_slice,
};
pub use statistics::{
    MAX_REGION_SAMPLES, RegionSamples, Statistics, StatisticsError, region_statistics,
    region_values, slice_region_statistics,
};
pub use suv::{
    BodyFacts, DecayReference, Sex, SuvActivity, SuvFacts, SuvProblem, body_surface_cm2,
    ideal_weight_kg, lean_body_mass_kg, suv_factors,
};
pub use ultrasound::{
    RegionAxis, RegionExtent, RegionFormat, RegionMeasure, RegionProblem, RegionUnit,
    UltrasoundRegion, measure_in_regions, region_at,
};
pub use value_window::{Span, histogram_of_values, window_of_values};
pub use voi::{Voi, VoiError, VoiFunction};
pub use volume::{GeometryKind, Placement, SmallValues, SpacingSource, ValueUnit, Volume};
pub use voxels::{FillError, SliceVoxels, Stored, Voxels};

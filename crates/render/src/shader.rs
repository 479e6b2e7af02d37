//! The shader sources, put together from their topics.

/// The picture of modality values.
pub(crate) const WINDOW: &str = concat!(
    include_str!("shader/target.wgsl"),
    include_str!("shader/grey.wgsl"),
    include_str!("shader/window.wgsl")
);

/// The picture of colours.
pub(crate) const COLOUR: &str = concat!(
    include_str!("shader/target.wgsl"),
    include_str!("shader/colour.wgsl")
);

/// The reslice of signed voxels.
pub(crate) const RESLICE_SINT: &str = concat!(
    include_str!("shader/target.wgsl"),
    include_str!("shader/grey.wgsl"),
    include_str!("shader/voxels_sint.wgsl"),
    include_str!("shader/reslice.wgsl")
);

/// The reslice of unsigned voxels.
pub(crate) const RESLICE_UINT: &str = concat!(
    include_str!("shader/target.wgsl"),
    include_str!("shader/grey.wgsl"),
    include_str!("shader/voxels_uint.wgsl"),
    include_str!("shader/reslice.wgsl")
);

/// The reslice of float voxels.
pub(crate) const RESLICE_FLOAT: &str = concat!(
    include_str!("shader/target.wgsl"),
    include_str!("shader/grey.wgsl"),
    include_str!("shader/voxels_float.wgsl"),
    include_str!("shader/reslice.wgsl")
);

/// Light through signed voxels.
pub(crate) const RAY_CAST_SINT: &str = concat!(
    include_str!("shader/target.wgsl"),
    include_str!("shader/voxels_sint.wgsl"),
    include_str!("shader/ray_cast.wgsl")
);

/// Light through unsigned voxels.
pub(crate) const RAY_CAST_UINT: &str = concat!(
    include_str!("shader/target.wgsl"),
    include_str!("shader/voxels_uint.wgsl"),
    include_str!("shader/ray_cast.wgsl")
);

/// Light through float voxels.
pub(crate) const RAY_CAST_FLOAT: &str = concat!(
    include_str!("shader/target.wgsl"),
    include_str!("shader/voxels_float.wgsl"),
    include_str!("shader/ray_cast.wgsl")
);

#[cfg(test)]
mod tests;

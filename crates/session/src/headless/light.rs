use space::ViewPlane;
use volume::{
    ColourPicture, CropBox, Occupancy, RayCastView, RenderingPreset, SampleStep, TransferFunction,
    Volume, ray_cast,
};

use crate::SessionError;

/// The function of a preset for a volume, or of the preset that the volume opens with.
pub(super) fn transfer(
    preset: Option<RenderingPreset>,
    volume: &Volume,
) -> Result<TransferFunction, SessionError> {
    let preset = preset.unwrap_or_else(|| RenderingPreset::of(volume));
    let fitting = RenderingPreset::ALL.into_iter().filter(|p| p.fits(volume));
    let names: Vec<&str> = fitting.map(RenderingPreset::name).collect();
    preset.transfer(volume).ok_or_else(|| {
        SessionError::Usage(format!(
            "the preset {} means values that this series does not have; choose from: {}",
            preset.name(),
            names.join(", ")
        ))
    })
}

/// Light through a whole volume.
pub(super) fn light(
    volume: &Volume,
    plane: ViewPlane,
    transfer: &TransferFunction,
) -> Result<ColourPicture, SessionError> {
    let view = RayCastView {
        plane,
        transfer,
        crop: CropBox::WHOLE,
        step: SampleStep::Fine,
    };
    Occupancy::of(volume)
        .and_then(|occupancy| ray_cast(volume, &occupancy, &view, &|| false))
        .map_err(|e| SessionError::Usage(e.to_string()))
}

use crate::{Shading, TransferFunction, TransferPoint, ValueUnit, Volume};

/// A transfer function by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RenderingPreset {
    /// CT: bone as a surface.
    CtBone,
    /// CT after contrast: vessels, with bone behind them.
    CtVessels,
    /// CT: skin and muscle as a translucent body over bone.
    CtSoftTissue,
    /// CT: the lung and its airways.
    CtLung,
    /// MR and everything without a scale of its own: what is bright in the default window.
    Mr,
}

impl RenderingPreset {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 5] = [
        Self::CtBone,
        Self::CtVessels,
        Self::CtSoftTissue,
        Self::CtLung,
        Self::Mr,
    ];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::CtBone => "ct-bone",
            Self::CtVessels => "ct-vessels",
            Self::CtSoftTissue => "ct-soft-tissue",
            Self::CtLung => "ct-lung",
            Self::Mr => "mr",
        }
    }

    /// The preset of a name; `None` for any other word.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }

    /// May a volume be shown with it? Those of CT mean Hounsfield units and would show anything else wrongly.
    pub fn fits(self, volume: &Volume) -> bool {
        match self {
            Self::CtBone | Self::CtVessels | Self::CtSoftTissue | Self::CtLung => {
                volume.unit == ValueUnit::Hounsfield
            }
            Self::Mr => !volume.voxels.stored().is_colour(),
        }
    }

    /// What a volume is shown with first.
    pub fn of(volume: &Volume) -> Self {
        match volume.unit {
            ValueUnit::Hounsfield => Self::CtBone,
            ValueUnit::Named(_) | ValueUnit::Stored => Self::Mr,
        }
    }

    /// The function for a volume; `None` where it does not fit, or the volume has no values yet.
    pub fn transfer(self, volume: &Volume) -> Option<TransferFunction> {
        if !self.fits(volume) {
            return None;
        }
        Some(match self {
            Self::CtBone => function(BONE_LIGHT, &BONE),
            Self::CtVessels => function(BONE_LIGHT, &VESSELS),
            Self::CtSoftTissue => function(SOFT_LIGHT, &SOFT_TISSUE),
            Self::CtLung => function(SOFT_LIGHT, &LUNG),
            Self::Mr => {
                let [low, high] = volume.middle_range()?;
                let scaled = MR
                    .map(|(share, colour, opacity)| (low + share * (high - low), colour, opacity));
                function(SOFT_LIGHT, &scaled)
            }
        })
    }
}

/// Value, colour, opacity per mm.
type Corner = (f64, [f32; 3], f32);

const BONE_LIGHT: Shading = Shading {
    ambient: 0.22,
    diffuse: 0.78,
    specular: 0.22,
    shininess: 24.0,
};
const SOFT_LIGHT: Shading = Shading {
    ambient: 0.30,
    diffuse: 0.70,
    specular: 0.12,
    shininess: 12.0,
};

/// Cancellous bone begins near 150 HU, cortical bone lies above 500; the ivory of the surface darkens towards the edge.
const BONE: [Corner; 5] = [
    (150.0, [0.55, 0.42, 0.32], 0.0),
    (220.0, [0.72, 0.60, 0.48], 0.10),
    (330.0, [0.88, 0.80, 0.68], 0.60),
    (700.0, [0.95, 0.91, 0.83], 0.95),
    (2000.0, [1.0, 0.99, 0.96], 0.99),
];

/// Contrast in vessels lies between 150 and 450 HU, where spongy bone lies too: shape tells them apart, colour helps.
const VESSELS: [Corner; 6] = [
    (110.0, [0.45, 0.05, 0.04], 0.0),
    (170.0, [0.66, 0.13, 0.09], 0.18),
    (280.0, [0.82, 0.28, 0.18], 0.60),
    (420.0, [0.90, 0.62, 0.44], 0.75),
    (700.0, [0.94, 0.88, 0.78], 0.90),
    (2000.0, [1.0, 0.98, 0.94], 0.97),
];

/// Fat about −100 HU barely, muscle about 50 HU as a body, bone through it.
const SOFT_TISSUE: [Corner; 8] = [
    (-200.0, [0.85, 0.62, 0.45], 0.0),
    (-120.0, [0.90, 0.72, 0.50], 0.02),
    (-40.0, [0.86, 0.62, 0.46], 0.05),
    (20.0, [0.76, 0.38, 0.30], 0.16),
    (90.0, [0.72, 0.30, 0.24], 0.24),
    (180.0, [0.84, 0.62, 0.48], 0.40),
    (500.0, [0.95, 0.90, 0.82], 0.85),
    (2000.0, [1.0, 0.99, 0.95], 0.95),
];

/// Lung tissue from −950 to −500 HU as a veil, the walls of airways and vessels in it as surfaces.
const LUNG: [Corner; 7] = [
    (-980.0, [0.20, 0.35, 0.50], 0.0),
    (-900.0, [0.35, 0.55, 0.70], 0.004),
    (-700.0, [0.55, 0.70, 0.80], 0.012),
    (-500.0, [0.85, 0.70, 0.62], 0.08),
    (-300.0, [0.90, 0.60, 0.50], 0.16),
    (-150.0, [0.90, 0.60, 0.50], 0.0),
    (2000.0, [0.90, 0.60, 0.50], 0.0),
];

/// Shares of the default window: what is dark is air, what is brightest stands out.
const MR: [Corner; 4] = [
    (0.12, [0.25, 0.22, 0.20], 0.0),
    (0.35, [0.55, 0.50, 0.46], 0.06),
    (0.70, [0.85, 0.80, 0.75], 0.30),
    (1.0, [1.0, 0.98, 0.95], 0.70),
];

fn function(shading: Shading, corners: &[Corner]) -> TransferFunction {
    let point = |(value, colour, opacity_per_mm): &Corner| TransferPoint {
        value: *value,
        colour: *colour,
        opacity_per_mm: *opacity_per_mm,
    };
    TransferFunction {
        points: corners.iter().map(point).collect(),
        shading,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_preset_and_values_rise() {
        for preset in RenderingPreset::ALL {
            assert_eq!(RenderingPreset::named(preset.name()), Some(preset));
        }
        assert_eq!(RenderingPreset::named("bone"), None);
        for corners in [&BONE[..], &VESSELS, &SOFT_TISSUE, &LUNG, &MR] {
            assert!(corners.array_windows().all(|[a, b]| a.0 < b.0));
            assert_eq!(
                corners[0].2, 0.0,
                "what lies below the first corner would fill the picture"
            );
            assert!(corners.iter().all(|c| (0.0..=1.0).contains(&c.2)));
        }
    }
}

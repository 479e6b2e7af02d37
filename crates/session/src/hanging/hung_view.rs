use serde::{Deserialize, Serialize};
use volume::{PRESETS, SlabMode};

use crate::{ViewKind, WindowPlace};

/// One view of a protocol.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HungView {
    /// Of which study.
    pub study: WhichStudy,
    /// How the volume is shown.
    pub show: Show,
    /// Must an image be found for it?
    pub need: Need,
    /// The window; absent: as the images ask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<HungWindow>,
    /// The slab; absent: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slab: Option<HungSlab>,
    /// The letter that is to be at the right edge of the picture, for instance `P`; it is mirrored where it is on the left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub right_edge: Option<char>,
    /// Where the picture touches its cell.
    pub align: Align,
    /// How large the picture is.
    pub scale: Scale,
    /// Where it has a window of its own; absent: it is in its cell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own_window: Option<WindowPlace>,
    /// Rules for the series; the first that finds one is used.
    pub series: Vec<SeriesRule>,
}

/// Which study a view is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhichStudy {
    /// The one that is read.
    #[default]
    Current,
    /// The newest prior that has a fitting series.
    Prior,
}

/// Must an image be found for a view?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// The protocol does not fit without it.
    #[default]
    Required,
    /// The view may stay empty.
    Optional,
}

/// How a volume is shown, as files name it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // each is the `ViewKind` of its name
pub enum Show {
    #[default]
    Stack,
    Axial,
    Coronal,
    Sagittal,
    Mip,
    Rendering,
}

impl Show {
    /// The kind of view.
    pub fn kind(self) -> ViewKind {
        match self {
            Self::Stack => ViewKind::Stack,
            Self::Axial => ViewKind::Axial,
            Self::Coronal => ViewKind::Coronal,
            Self::Sagittal => ViewKind::Sagittal,
            Self::Mip => ViewKind::Mip,
            Self::Rendering => ViewKind::Rendering,
        }
    }
}

impl From<ViewKind> for Show {
    fn from(kind: ViewKind) -> Self {
        match kind {
            ViewKind::Stack => Self::Stack,
            ViewKind::Axial => Self::Axial,
            ViewKind::Coronal => Self::Coronal,
            ViewKind::Sagittal => Self::Sagittal,
            ViewKind::Mip => Self::Mip,
            ViewKind::Rendering => Self::Rendering,
        }
    }
}

/// A window by the name of its preset, or by its values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum HungWindow {
    /// Name of a preset, in any case: `lung`.
    Preset(String),
    /// Values in the unit of the volume.
    Values {
        /// Middle.
        center: f64,
        /// From black to white.
        width: f64,
    },
}

impl HungWindow {
    /// Digit of the preset that it names.
    pub fn preset(&self) -> Option<u8> {
        match self {
            Self::Preset(name) => PRESETS
                .iter()
                .find(|p| p.name.eq_ignore_ascii_case(name))
                .map(|p| p.digit),
            Self::Values { .. } => None,
        }
    }
}

/// A slab.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HungSlab {
    /// How slices are joined.
    pub mode: HungSlabMode,
    /// How thick it is, mm.
    pub thickness_mm: f64,
}

/// How the slices of a slab are joined, as files name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // each is the `SlabMode` of its name
pub enum HungSlabMode {
    Mean,
    Mip,
    Minip,
}

impl From<HungSlabMode> for SlabMode {
    fn from(mode: HungSlabMode) -> Self {
        match mode {
            HungSlabMode::Mean => Self::Mean,
            HungSlabMode::Mip => Self::Mip,
            HungSlabMode::Minip => Self::MinIp,
        }
    }
}

impl From<SlabMode> for HungSlabMode {
    fn from(mode: SlabMode) -> Self {
        match mode {
            SlabMode::Mean => Self::Mean,
            SlabMode::Mip => Self::Mip,
            SlabMode::MinIp => Self::Minip,
        }
    }
}

/// Where a picture touches its cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// In the middle.
    #[default]
    Middle,
    /// The left edge of the picture lies at the left edge of the cell.
    Left,
    /// The right edges lie together.
    Right,
}

/// How large a picture is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// As large as its cell allows.
    #[default]
    Fit,
    /// As many mm to a point of the screen as the other views that ask for it.
    Same,
}

/// What a series must be. Each list that is not empty must hold at least one that fits.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SeriesRule {
    /// Modality.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub modality: Vec<String>,
    /// Beginnings of words of its description.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub description: Vec<String>,
    /// Beginnings of words that its description must not have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_description: Vec<String>,
    /// Body Part Examined.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub body_part: Vec<String>,
    /// Laterality or Image Laterality: `L` or `R`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub laterality: Option<String>,
    /// View Position (0018,5101), for instance `MLO`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub view_position: Vec<String>,
    /// The plane of its slices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plane: Option<SlicePlane>,
    /// Fewest slices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<usize>,
    /// Modality and plane of what an earlier view shows, counted from 1; most words of the description in common go first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub like_view: Option<usize>,
}

/// The plane that slices lie in, to the nearest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // named by the standard words
pub enum SlicePlane {
    Axial,
    Coronal,
    Sagittal,
}

impl HungView {
    /// Is it sound? What is wrong with it and what to write, if it is not.
    pub(super) fn check(&self, nth: usize) -> Result<(), String> {
        if let Some(like) = self.series.iter().find_map(|rule| rule.like_view)
            && !(1..nth).contains(&like)
        {
            return Err(format!(
                "like_view = {like} names no earlier view; write 1 to {}",
                nth - 1
            ));
        }
        match &self.window {
            Some(window @ HungWindow::Preset(name)) if window.preset().is_none() => {
                let names: Vec<_> = PRESETS.iter().map(|p| p.name.to_lowercase()).collect();
                return Err(format!(
                    "there is no window \"{name}\"; write one of {}, or a center and a width",
                    names.join(", ")
                ));
            }
            Some(HungWindow::Values { center, width })
                if !(center.is_finite() && width.is_finite() && 1.0 <= *width) =>
            {
                return Err("the window needs a finite center and a width of at least 1".into());
            }
            Some(HungWindow::Preset(_) | HungWindow::Values { .. }) | None => {}
        }
        if let Some(slab) = &self.slab
            && !(1.0..=100.0).contains(&slab.thickness_mm)
        {
            return Err("a slab is 1 to 100 mm thick".into());
        }
        if let Some(letter) = self.right_edge
            && !"RLAPSI".contains(letter)
        {
            return Err(format!("\"{letter}\" is no side; write R, L, A, P, S or I"));
        }
        if self.own_window.is_some_and(|place| !place.is_sound()) {
            return Err("the window of its own is too small, too large or far from every screen; write at_points and size_points of 160 to 16384".into());
        }
        Ok(())
    }
}

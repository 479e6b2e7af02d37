use serde::{Deserialize, Serialize};

use super::hung_view::HungView;
use crate::{Arrangement, Link, ViewIdx, WindowPlace};

/// Largest file that is read as a protocol, bytes.
const MAX_BYTES: usize = 64 * 1024;

/// Which images are put where when a study is opened, and how they look. Written as a TOML file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HangingProtocol {
    /// Its name in the menu.
    pub name: String,
    /// Raised with each change of the file.
    pub version: u32,
    /// Is it applied by itself?
    #[serde(default)]
    pub applies: Applies,
    /// The cells.
    pub arrangement: Arrangement,
    /// What the views keep in step; absent: as is usual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub links: Option<Vec<Link>>,
    /// The studies that it is for.
    #[serde(default)]
    pub when: Condition,
    /// The views, row by row; as many as the arrangement has cells.
    #[serde(rename = "view")]
    pub views: Vec<HungView>,
}

/// When a protocol is applied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Applies {
    /// When a study that fits is opened.
    #[default]
    ByItself,
    /// Only when it is chosen in the menu.
    WhenChosen,
}

/// The studies that a protocol is for. Each list that is not empty must hold at least one that fits.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Condition {
    /// Modality of any series, for instance `CT`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub modality: Vec<String>,
    /// Body Part Examined of any series, or a word of the description of the study.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub body_part: Vec<String>,
    /// Words of the description of the study.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub description: Vec<String>,
    /// Must there be a prior, or must there be none?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prior: Option<PriorNeed>,
}

/// Must there be a prior?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriorNeed {
    /// At least one.
    Present,
    /// None.
    Absent,
}

/// Why a file is no protocol.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum HangingError {
    /// It is far larger than any protocol.
    #[error("the file is larger than {MAX_BYTES} bytes, so it is no hanging protocol")]
    TooLarge,
    /// It does not read as TOML of this form.
    #[error("the hanging protocol cannot be read: {0}")]
    Form(String),
    /// It has no name.
    #[error("the hanging protocol has no name; write one of up to 60 letters")]
    Name,
    /// The number of views is not that of the cells.
    #[error(
        "the arrangement {arrangement} has {n_cells} cells and the protocol has {n_views} views; each cell needs one"
    )]
    Cells {
        /// The cells.
        arrangement: Arrangement,
        /// How many those are.
        n_cells: usize,
        /// How many views there are.
        n_views: usize,
    },
    /// A view asks for something that does not exist.
    #[error("view {nth} of the hanging protocol: {what}")]
    View {
        /// Which, from 1.
        nth: usize,
        /// What is wrong with it and what to write.
        what: String,
    },
}

impl HangingProtocol {
    /// Reads a protocol and checks it.
    ///
    /// # Errors
    /// [`HangingError`], with what is wrong and what to write.
    pub fn read(text: &str) -> Result<Self, HangingError> {
        if MAX_BYTES < text.len() {
            return Err(HangingError::TooLarge);
        }
        let protocol: Self = toml::from_str(text)
            .map_err(|e| HangingError::Form(e.to_string().trim().replace('\n', " ")))?;
        protocol.check()?;
        Ok(protocol)
    }

    /// The text of the file.
    ///
    /// # Errors
    /// [`HangingError`] where the protocol is not sound.
    pub fn write(&self) -> Result<String, HangingError> {
        self.check()?;
        toml::to_string(self).map_err(|e| HangingError::Form(e.to_string()))
    }

    /// The views that have windows of their own, with their places.
    pub(crate) fn own_windows(&self) -> Vec<(ViewIdx, WindowPlace)> {
        let views = self.views.iter().enumerate();
        views
            .filter_map(|(i, view)| Some((ViewIdx(i), view.own_window?)))
            .collect()
    }

    /// Is it sound?
    ///
    /// # Errors
    /// [`HangingError`], with the first thing that is wrong.
    pub fn check(&self) -> Result<(), HangingError> {
        if self.name.trim().is_empty() || 60 < self.name.chars().count() {
            return Err(HangingError::Name);
        }
        let (n_cells, n_views) = (self.arrangement.n_cells(), self.views.len());
        if n_cells != n_views {
            return Err(HangingError::Cells {
                arrangement: self.arrangement,
                n_cells,
                n_views,
            });
        }
        for (i, view) in self.views.iter().enumerate() {
            let nth = i + 1;
            view.check(nth)
                .map_err(|what| HangingError::View { nth, what })?;
        }
        Ok(())
    }
}

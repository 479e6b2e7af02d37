//! The reader's own windows, by name. The digits keep theirs for ever.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use volume::{PRESETS, Voi, VoiFunction};

use crate::{Session, SessionError};

/// Under which name the store keeps them.
const SETTING: &str = "window_presets";
/// Presets at most, and characters of a name.
const MAX_PRESETS: usize = 64;
const MAX_NAME: usize = 40;

/// A window that a reader gave a name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WindowPreset {
    /// Its name in menus.
    pub name: String,
    /// Window centre, modality values.
    pub center: f64,
    /// Window width, modality values; above 0.
    pub width: f64,
    /// The modality it is offered for, for instance `CT`; empty: all.
    #[serde(default)]
    pub modality: String,
}

impl WindowPreset {
    /// Is it offered for images of a modality?
    pub fn is_for(&self, modality: &str) -> bool {
        self.modality.is_empty() || self.modality == modality
    }

    /// May it be kept?
    ///
    /// # Errors
    /// When it has no name, one that is too long or that a preset of a digit has, or a window that the standard forbids.
    pub fn check(&self) -> Result<(), SessionError> {
        let refused = |text: String| Err(SessionError::Usage(text));
        let name = self.name.trim();
        if name.is_empty() || MAX_NAME < name.chars().count() {
            return refused(format!(
                "a window needs a name of 1 to {MAX_NAME} characters; give it one"
            ));
        }
        if let Some(taken) = PRESETS
            .iter()
            .find(|p| p.name.to_lowercase() == name.to_lowercase())
        {
            return refused(format!(
                "\"{}\" is the window of the digit {}; choose another name",
                taken.name, taken.digit
            ));
        }
        self.voi(VoiFunction::LinearExact).map(|_| ())
    }

    /// The window.
    ///
    /// # Errors
    /// When the centre or the width is not a finite number, or the width is below what the function allows.
    pub(crate) fn voi(&self, function: VoiFunction) -> Result<Voi, SessionError> {
        let explanation = Some(self.name.clone());
        Voi::window(self.center, self.width, function, explanation)
            .map_err(|e| SessionError::Usage(e.to_string()))
    }
}

impl Session {
    /// Reads what the store keeps. A setting of another version of the program is left as it is.
    pub(crate) fn read_window_presets(&mut self) -> Result<(), SessionError> {
        let kept = self.store.setting(SETTING)?;
        let kept: Option<Vec<WindowPreset>> =
            kept.and_then(|text| serde_json::from_str(&text).ok());
        let mut kept = kept.unwrap_or_default();
        kept.retain(|preset| preset.check().is_ok());
        kept.truncate(MAX_PRESETS);
        self.window_presets = kept.into();
        Ok(())
    }

    /// Keeps a window, in place of one of the same name.
    pub(crate) fn save_window_preset(&mut self, preset: WindowPreset) -> Result<(), SessionError> {
        preset.check()?;
        let name = preset.name.trim().to_owned();
        let mut presets = self.window_presets.to_vec();
        presets.retain(|p| p.name != name);
        if MAX_PRESETS <= presets.len() {
            return Err(SessionError::Usage(format!(
                "there are {MAX_PRESETS} windows of your own, which is as many as fit; remove one first"
            )));
        }
        presets.push(WindowPreset { name, ..preset });
        presets.sort_by(|a, b| a.name.cmp(&b.name));
        self.keep_window_presets(presets)
    }

    /// Takes a window of the reader's own away.
    pub(crate) fn remove_window_preset(&mut self, name: &str) -> Result<(), SessionError> {
        let mut presets = self.window_presets.to_vec();
        presets.retain(|p| p.name != name);
        match presets.len() == self.window_presets.len() {
            true => Err(SessionError::Usage(format!(
                "there is no window \"{name}\" of your own, so there is nothing to take away"
            ))),
            false => self.keep_window_presets(presets),
        }
    }

    fn keep_window_presets(&mut self, presets: Vec<WindowPreset>) -> Result<(), SessionError> {
        let text = serde_json::to_string(&presets)
            .map_err(|e| SessionError::Usage(format!("the windows cannot be kept: {e}")))?;
        self.store.set_setting(SETTING, &text)?;
        self.window_presets = presets.into();
        self.touch();
        Ok(())
    }

    /// The window of a name.
    pub(crate) fn window_preset(&self, name: &str) -> Option<&WindowPreset> {
        self.window_presets.iter().find(|p| p.name == name)
    }

    /// All of them, for menus.
    pub(crate) fn window_presets(&self) -> Arc<[WindowPreset]> {
        self.window_presets.clone()
    }
}

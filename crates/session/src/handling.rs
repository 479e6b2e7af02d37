//! What keys and mouse do for who acts, kept by the store.

use std::sync::Arc;

use crate::bindings::{Bindings, shipped_profiles};
use crate::{Session, SessionError};

/// What is remembered of a reader's choice.
#[derive(serde::Serialize, serde::Deserialize)]
struct Kept {
    profile: String,
    invert_level: bool,
}

impl Session {
    /// Under which name the store keeps the choice of who acts.
    fn bindings_setting(&self) -> String {
        format!("bindings of {}", self.actor)
    }

    /// Reads what the store keeps. A profile that is gone gives that of the house.
    pub(crate) fn read_bindings(&mut self) -> Result<(), SessionError> {
        let kept = self.store.setting(&self.bindings_setting())?;
        let kept: Option<Kept> = kept.and_then(|text| serde_json::from_str(&text).ok());
        self.bindings = match kept.and_then(|kept| Some((named(&kept.profile)?, kept))) {
            Some((profile, kept)) => Arc::new(profile.with_level_inverted(kept.invert_level)),
            None => Bindings::house(),
        };
        Ok(())
    }

    /// Uses a profile from now on.
    pub(crate) fn use_bindings(&mut self, name: &str) -> Result<(), SessionError> {
        let profile = named(name).ok_or_else(|| {
            let names: Vec<&str> = shipped_profiles().iter().map(|p| p.name.as_str()).collect();
            let names = names.join(", ");
            SessionError::Usage(format!(
                "there is no profile of keys and mouse \"{name}\"; choose one of {names}"
            ))
        })?;
        self.keep_bindings(profile)
    }

    /// Turns the way of the level around.
    pub(crate) fn invert_level(&mut self) -> Result<(), SessionError> {
        let turned = self
            .bindings
            .with_level_inverted(!self.bindings.invert_level);
        self.keep_bindings(Arc::new(turned))
    }

    fn keep_bindings(&mut self, bindings: Arc<Bindings>) -> Result<(), SessionError> {
        let kept = Kept {
            profile: bindings.name.clone(),
            invert_level: bindings.invert_level,
        };
        let text = serde_json::to_string(&kept)
            .map_err(|e| SessionError::Usage(format!("the choice cannot be kept: {e}")))?;
        self.store.set_setting(&self.bindings_setting(), &text)?;
        self.bindings = bindings;
        Ok(())
    }
}

fn named(name: &str) -> Option<Arc<Bindings>> {
    let mut all = shipped_profiles().iter();
    all.find(|profile| profile.name == name).cloned()
}

//! The profile of keys and mouse in use, and what is kept of each reader's.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::BindingProfile;
use crate::bindings::{Bindings, shipped_profiles};

/// What is remembered of a reader.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) profile: String,
    pub(crate) own: Vec<Own>,
}

/// What a reader has of a profile beside what came with the program, each as the text of a file.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Own {
    pub(crate) name: String,
    /// As it was read from a file; `None`: it came with the program.
    pub(crate) imported: Option<String>,
    /// As the reader changed it.
    pub(crate) changed: Option<String>,
}

impl Own {
    pub(crate) fn of(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            imported: None,
            changed: None,
        }
    }
}

/// The profile in use with all that can be.
pub(crate) struct Hands {
    pub(crate) in_use: Arc<Bindings>,
    /// The same as it came.
    pub(crate) origin: Arc<Bindings>,
    pub(crate) profiles: Arc<[BindingProfile]>,
    pub(crate) kept: Kept,
}

impl Hands {
    pub(crate) fn house() -> Self {
        let house = Bindings::house();
        let kept = Kept {
            profile: house.name.clone(),
            own: Vec::new(),
        };
        Self {
            in_use: house.clone(),
            origin: house,
            profiles: kept.profiles(),
            kept,
        }
    }

    /// What the store kept. The second says whether something of it does not read any more.
    pub(crate) fn of(kept: Kept) -> (Self, bool) {
        let Some(origin) = kept.origin(&kept.profile) else {
            let mut house = Self::house();
            house.kept.own = kept.own;
            house.profiles = house.kept.profiles();
            return (house, true);
        };
        let changed = kept.own(&kept.profile).and_then(|own| own.changed.as_ref());
        let read = changed.map(|text| Bindings::read(text));
        let is_broken = matches!(read, Some(Err(_)));
        let in_use = match read {
            Some(Ok(bindings)) => Arc::new(bindings),
            Some(Err(_)) | None => origin.clone(),
        };
        let hands = Self {
            in_use,
            origin,
            profiles: kept.profiles(),
            kept,
        };
        (hands, is_broken)
    }
}

impl Kept {
    pub(crate) fn own(&self, name: &str) -> Option<&Own> {
        self.own.iter().find(|own| own.name == name)
    }

    pub(crate) fn own_mut(&mut self, name: &str) -> &mut Own {
        let at = self.own.iter().position(|own| own.name == name);
        let at = at.unwrap_or_else(|| {
            self.own.push(Own::of(name));
            self.own.len() - 1
        });
        &mut self.own[at]
    }

    /// A profile as it came; `None` when there is none of that name or it does not read any more.
    pub(crate) fn origin(&self, name: &str) -> Option<Arc<Bindings>> {
        let shipped = shipped_profiles().iter().find(|p| p.name == name);
        let imported = || {
            let text = self.own(name)?.imported.as_ref()?;
            Bindings::read(text).ok().map(Arc::new)
        };
        shipped.cloned().or_else(imported)
    }

    pub(crate) fn profiles(&self) -> Arc<[BindingProfile]> {
        let is_changed = |name: &str| self.own(name).is_some_and(|own| own.changed.is_some());
        let shipped = shipped_profiles().iter().map(|profile| BindingProfile {
            name: profile.name.clone(),
            is_changed: is_changed(&profile.name),
            is_imported: false,
        });
        let imported = self.own.iter().filter(|own| own.imported.is_some());
        let imported = imported.map(|own| BindingProfile {
            name: own.name.clone(),
            is_changed: own.changed.is_some(),
            is_imported: true,
        });
        shipped.chain(imported).collect()
    }

    /// A name that no profile has yet.
    pub(crate) fn free_name(&self, name: &str) -> String {
        let profiles = self.profiles();
        let is_free = |name: &str| profiles.iter().all(|profile| profile.name != name);
        let short: String = name.trim().chars().take(52).collect();
        let numbered = (2..).map(|n| format!("{short} ({n})"));
        let mut names = std::iter::once(name.trim().to_owned()).chain(numbered);
        names.find(|name| is_free(name)).unwrap_or(short)
    }
}

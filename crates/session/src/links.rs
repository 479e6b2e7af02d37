use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// Something that views of one patient space keep in step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// Moving by slices.
    Scroll,
    /// The crosshair, where a reader puts it.
    Crosshair,
    /// Magnification and the place of the picture.
    Zoom,
    /// Width and centre, for views of the same volume.
    Window,
}

impl Link {
    /// Every one, in the order of the menu.
    pub const ALL: [Self; 4] = [Self::Scroll, Self::Crosshair, Self::Zoom, Self::Window];
}

/// What views keep in step now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Links {
    on: BTreeSet<Link>,
    /// What was on before all were turned off, for turning them on again.
    before: BTreeSet<Link>,
}

impl Default for Links {
    fn default() -> Self {
        let on: BTreeSet<Link> = [Link::Scroll, Link::Crosshair, Link::Window].into();
        Self {
            before: on.clone(),
            on,
        }
    }
}

impl Links {
    pub(crate) fn only(links: &[Link]) -> Self {
        let on: BTreeSet<Link> = links.iter().copied().collect();
        let before = match on.is_empty() {
            true => Self::default().before,
            false => on.clone(),
        };
        Self { on, before }
    }

    pub(crate) fn has(&self, link: Link) -> bool {
        self.on.contains(&link)
    }

    pub(crate) fn on(&self) -> Vec<Link> {
        self.on.iter().copied().collect()
    }

    /// All off, or those on again that were on before.
    pub(crate) fn toggle_all(&mut self) {
        if self.on.is_empty() {
            self.on = self.before.clone();
        } else {
            self.before = std::mem::take(&mut self.on);
        }
    }

    pub(crate) fn toggle(&mut self, link: Link) {
        if !self.on.remove(&link) {
            self.on.insert(link);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turning_all_off_and_on_brings_back_what_was_on() {
        let mut links = Links::default();
        links.toggle(Link::Zoom);
        links.toggle(Link::Window);
        let chosen = links.on();
        links.toggle_all();
        assert_eq!(links.on(), []);
        links.toggle_all();
        assert_eq!(links.on(), chosen);
        // One that is turned on alone is on alone.
        links.toggle_all();
        links.toggle(Link::Crosshair);
        assert_eq!(links.on(), [Link::Crosshair]);
    }
}

//! Puts the five text faces and the three icon faces into a window.

use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily};

use crate::icon::IconWeight;
use crate::typography::Face;

const INTER_REGULAR: &[u8] = include_bytes!("../../../assets/fonts/Inter-Regular.ttf");
const INTER_MEDIUM: &[u8] = include_bytes!("../../../assets/fonts/Inter-Medium.ttf");
const INTER_SEMIBOLD: &[u8] = include_bytes!("../../../assets/fonts/Inter-SemiBold.ttf");
const MONO_REGULAR: &[u8] = include_bytes!("../../../assets/fonts/JetBrainsMono-Regular.ttf");
const MONO_MEDIUM: &[u8] = include_bytes!("../../../assets/fonts/JetBrainsMono-Medium.ttf");

/// Name of the font data behind a face.
fn data_name(face: Face) -> &'static str {
    match face {
        Face::Regular => "Inter-Regular",
        Face::Medium => "Inter-Medium",
        Face::SemiBold => "Inter-SemiBold",
        Face::Mono => "JetBrainsMono-Regular",
        Face::MonoMedium => "JetBrainsMono-Medium",
    }
}

fn bytes(face: Face) -> &'static [u8] {
    match face {
        Face::Regular => INTER_REGULAR,
        Face::Medium => INTER_MEDIUM,
        Face::SemiBold => INTER_SEMIBOLD,
        Face::Mono => MONO_REGULAR,
        Face::MonoMedium => MONO_MEDIUM,
    }
}

/// Where a face looks for a character it does not have: the other script family.
fn fallback(face: Face) -> Face {
    match face {
        Face::Regular | Face::Medium | Face::SemiBold => Face::Mono,
        Face::Mono | Face::MonoMedium => Face::Regular,
    }
}

/// The definitions that [`crate::install`] gives to a window.
pub(crate) fn definitions() -> FontDefinitions {
    let mut definitions = FontDefinitions::empty();
    for face in Face::ALL {
        definitions.font_data.insert(
            data_name(face).to_owned(),
            Arc::new(FontData::from_static(bytes(face))),
        );
        definitions.families.insert(
            face.family(),
            vec![
                data_name(face).to_owned(),
                data_name(fallback(face)).to_owned(),
            ],
        );
    }
    for asset in iconflow::fonts() {
        let Some(weight) = IconWeight::of_font(asset.family) else {
            continue;
        };
        definitions.font_data.insert(
            asset.family.to_owned(),
            Arc::new(FontData::from_static(asset.bytes)),
        );
        definitions.families.insert(
            FontFamily::Name(weight.font_name().into()),
            vec![asset.family.to_owned()],
        );
    }
    definitions
}

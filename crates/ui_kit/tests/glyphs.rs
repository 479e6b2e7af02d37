//! No word, key or icon of the interface may show as an empty box.

#![allow(clippy::unwrap_used)]

use egui::{FontFamily, FontId};
use ui_kit::{Catalogue, Face, Icon, IconWeight, install};

/// Characters of names, reports and units that the fonts must have besides the catalogue.
const NEEDED: &str = "ÀàÅåÆæÇçÐðÉéÍíÑñÓóØøÖöÞþÚúÜüÝýßŸ ĀāĂăĄąĆćČčĎďĐđĒēĖėĘęĚěĞğĢģĪīĮįİıĶķĻļĽľŁłŃńŅņŇňŌōŐőŒœŔŕŘřŚśŞşŠšŢţŤťŪūŮůŰűŲųŹźŻżŽžȘșȚț \
    ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρστυφχψωάέήίόύώ АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюяЄєІіЇїҐґ \
    ×±≤≥≠≈−–—°µ²³½¼¾‰·•…‘’“”„«»‹›€£§¶©®™ ←↑→↓↵⇧";

fn context() -> egui::Context {
    let ctx = egui::Context::default();
    install(&ctx);
    // Fonts are read in the first pass.
    let output = ctx.run_ui(egui::RawInput::default(), |_| {});
    output.drop_without_applying_deltas();
    ctx
}

fn missing(ctx: &egui::Context, family: &FontFamily, text: &str) -> Vec<char> {
    let font = FontId::new(13.0, family.clone());
    text.chars()
        .filter(|c| !c.is_whitespace() && !ctx.fonts_mut(|fonts| fonts.has_glyph(&font, *c)))
        .collect()
}

#[test]
fn every_word_of_the_catalogue_has_glyphs_in_every_face() {
    let ctx = context();
    for face in Face::ALL {
        for (key, text) in Catalogue::english().iter() {
            let absent = missing(&ctx, &face.family(), text);
            assert!(absent.is_empty(), "{face:?} lacks {absent:?} of {key}");
        }
    }
}

#[test]
fn names_and_reports_of_europe_have_glyphs_in_every_face() {
    let ctx = context();
    for face in Face::ALL {
        let absent = missing(&ctx, &face.family(), NEEDED);
        assert!(absent.is_empty(), "{face:?} lacks {absent:?}");
    }
}

#[test]
fn every_icon_has_a_glyph_in_its_font() {
    let ctx = context();
    for weight in [IconWeight::Regular, IconWeight::Filled, IconWeight::Bold] {
        for icon in Icon::ALL {
            let glyph = icon.glyph(weight);
            assert_ne!(glyph, '\u{FFFD}', "{}", icon.name());
            let absent = missing(&ctx, &weight.family(), &glyph.to_string());
            assert!(absent.is_empty(), "{weight:?} {}", icon.name());
        }
    }
}

#[test]
fn a_script_that_is_not_carried_is_noticed() {
    let ctx = context();
    assert_eq!(missing(&ctx, &FontFamily::Proportional, "漢").len(), 1);
}

//! Contrast is computed with the formula of WCAG 2.x, so that a changed colour cannot become unreadable unnoticed.

use super::{Theme, over_image};
use egui::Color32;

fn luminance(color: Color32) -> f64 {
    let linear = |channel: u8| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * linear(color.r()) + 0.7152 * linear(color.g()) + 0.0722 * linear(color.b())
}

fn contrast(a: Color32, b: Color32) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn text_pairs(theme: &Theme) -> Vec<(String, Color32, Color32)> {
    let mut pairs = Vec::new();
    let mut row = |name: &str, ink, fill| pairs.push((format!("{} {name}", theme.name), ink, fill));
    for (name, ink) in [("t1", theme.t1), ("t2", theme.t2)] {
        for (ground, fill) in [
            ("bg1", theme.bg1),
            ("bg2", theme.bg2),
            ("bg3", theme.bg3),
            ("bg4", theme.bg4),
            ("bg5", theme.bg5),
            ("acbg", theme.acbg),
        ] {
            row(&format!("{name} on {ground}"), ink, fill);
        }
    }
    for (ground, fill) in [
        ("bg1", theme.bg1),
        ("bg2", theme.bg2),
        ("bg3", theme.bg3),
        ("bg4", theme.bg4),
        ("acbg", theme.acbg),
    ] {
        row(&format!("t3 on {ground}"), theme.t3, fill);
    }
    for (ground, fill) in [
        ("bg2", theme.bg2),
        ("bg3", theme.bg3),
        ("acbg", theme.acbg),
        ("card", theme.card_selected),
    ] {
        row(&format!("ac on {ground}"), theme.ac, fill);
    }
    row("main button", theme.on_acf, theme.acf);
    row("main button pressed", theme.on_acf, theme.acf_pressed);
    for (name, tint) in [
        ("r1", theme.r1),
        ("r2", theme.r2),
        ("ra", theme.ra),
        ("rb", theme.rb),
        ("warn", theme.warn),
        ("err", theme.err),
        ("neutral", theme.neutral()),
    ] {
        row(name, tint.ink, tint.fill);
    }
    for (letter, tint) in super::VERDICT_LETTERS.iter().zip(theme.verdicts) {
        row(&format!("verdict {letter}"), tint.ink, tint.fill);
    }
    for (reader, ink) in [theme.r1, theme.r2, theme.ra, theme.rb]
        .iter()
        .zip(theme.on_reader)
    {
        row("reader mark", ink, reader.ink);
    }
    row("ok on panel", theme.ok, theme.bg2);
    row("secondary text on sealed card", theme.t2, theme.sealed_bg);
    row("seal on sealed card", theme.r1.ink, theme.sealed_bg);
    row("text on warning", theme.t1, theme.warn.fill);
    row("text on fault", theme.t1, theme.err.fill);
    pairs
}

#[test]
fn text_has_a_contrast_of_at_least_four_and_a_half() {
    for theme in [Theme::DARK, Theme::LIGHT] {
        for (name, ink, fill) in text_pairs(&theme) {
            let found = contrast(ink, fill);
            assert!(4.5 <= found, "{name}: {found:.2}");
        }
    }
}

#[test]
fn edges_that_carry_meaning_have_a_contrast_of_at_least_three() {
    for theme in [Theme::DARK, Theme::LIGHT] {
        for ground in [theme.bg1, theme.bg2, theme.bg3] {
            for edge in [theme.st3, theme.ac] {
                let found = contrast(edge, ground);
                assert!(
                    3.0 <= found,
                    "{}: {edge:?} on {ground:?}: {found:.2}",
                    theme.name
                );
            }
        }
    }
}

#[test]
fn text_over_images_is_readable_on_black() {
    for ink in [
        over_image::TEXT,
        over_image::TEXT_STRONG,
        over_image::LETTER,
        over_image::WARNING,
        over_image::AXIAL,
        over_image::CORONAL,
        over_image::SAGITTAL,
        over_image::FIRST,
        over_image::SECOND,
    ] {
        assert!(4.5 <= contrast(ink, Color32::BLACK), "{ink:?}");
    }
}

/// Values measured outside this project when the palette was chosen; a wrong formula would not meet them.
#[test]
fn measured_contrasts_are_met() {
    let dark = Theme::DARK;
    let light = Theme::LIGHT;
    for (expected, ink, fill) in [
        (14.9, dark.t1, dark.bg2),
        (13.8, dark.t1, dark.bg3),
        (10.8, dark.t1, dark.bg5),
        (4.9, dark.t3, dark.acbg),
        (5.3, dark.on_acf, dark.acf),
        (8.9, dark.r1.ink, dark.r1.fill),
        (9.8, dark.warn.ink, dark.warn.fill),
        (5.0, dark.verdict('M').ink, dark.verdict('M').fill),
        (10.0, dark.verdict('L').ink, dark.verdict('L').fill),
        (17.2, light.t1, light.bg2),
        (6.5, light.t2, light.bg5),
        (5.8, light.on_acf, light.acf),
        (5.7, light.err.ink, light.err.fill),
        (4.7, light.verdict('M').ink, light.verdict('M').fill),
    ] {
        let found = contrast(ink, fill);
        assert!(
            (found - expected).abs() < 0.1,
            "{found:.2} is not {expected}"
        );
    }
}

#[test]
fn a_letter_without_a_colour_is_neutral_and_x_is_blue() {
    assert_eq!(Theme::DARK.verdict('P'), Theme::DARK.neutral());
    assert_eq!(Theme::DARK.verdict('X'), Theme::DARK.r2);
    assert_eq!(
        Theme::LIGHT.verdict('M').ink,
        Color32::from_rgb(0xAE, 0x56, 0x3F)
    );
}

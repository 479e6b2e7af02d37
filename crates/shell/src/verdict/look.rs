use case::SectionKind;
use egui::{Color32, Ui};
use session::{Class, PairRow};
use ui_kit::{Chip, Icon, Outline, Theme, Tint, t};

/// The icon of a class.
pub(crate) fn class_icon(class: Class) -> Icon {
    match class {
        Class::Agree => Icon::CheckCircle,
        Class::D1 | Class::D1Second => Icon::Binoculars,
        Class::D2 => Icon::SealQuestion,
        Class::D3 => Icon::NotEquals,
        Class::D4 => Icon::ArrowsLeftRight,
        Class::D5 => Icon::MapPin,
        Class::D6 => Icon::Ruler,
        Class::D7 => Icon::Thermometer,
        Class::D8 => Icon::TrendUp,
        Class::D9 | Class::D10 => Icon::Stethoscope,
        Class::D11 => Icon::Signpost,
        Class::D12 => Icon::Siren,
        Class::D13 => Icon::Intersect,
        Class::D14 => Icon::Wrench,
    }
}

/// The words of a class that a person decided.
pub(crate) fn class_word(class: Class) -> &'static str {
    t(match class {
        Class::Agree => "verdict.A",
        Class::D1 => "verdict.M",
        Class::D1Second => "verdict.X",
        Class::D2 => "verdict.U",
        Class::D3 => "verdict.N",
        Class::D4 => "verdict.L",
        Class::D5 => "verdict.P",
        Class::D6 => "verdict.S",
        Class::D7 => "verdict.V",
        Class::D8 => "verdict.C",
        Class::D9 | Class::D10 => "verdict.D",
        Class::D11 => "verdict.R",
        Class::D12 => "verdict.K",
        Class::D13 => "verdict.I",
        Class::D14 => "verdict.T",
    })
}

/// The words of a class that is only proposed: what is seen, without whose miss it would be.
fn proposed_word(class: Class) -> &'static str {
    match class {
        Class::D1 => t("verdict.only_second"),
        Class::D1Second | Class::D2 => t("verdict.only_first"),
        other => class_word(other),
    }
}

/// The colours of a class.
pub(crate) fn class_tint(class: Class, theme: &Theme) -> Tint {
    theme.verdict(class.letter())
}

/// The colour of a row: that of its leading class; grey where nothing is asked.
pub(crate) fn row_color(row: &PairRow, theme: &Theme) -> Color32 {
    row.classes
        .first()
        .map_or(theme.st3, |class| class_tint(*class, theme).ink)
}

/// The words of a row's classes, for assistive devices.
pub(crate) fn classes_words(row: &PairRow) -> String {
    let words: Vec<&str> = row.classes.iter().map(|class| word(row, *class)).collect();
    words.join(", ")
}

fn word(row: &PairRow, class: Class) -> &'static str {
    if row.provisional {
        proposed_word(class)
    } else {
        class_word(class)
    }
}

/// The chips of a row, one after the other in the layout of `ui`; dashed while only proposed.
pub(crate) fn chips_ui(row: &PairRow, ui: &mut Ui, theme: &Theme) {
    let outline = if row.provisional {
        Outline::Dashed
    } else {
        Outline::None
    };
    for class in &row.classes {
        let chip = Chip::new(word(row, *class))
            .icon(class_icon(*class))
            .letter(class.letter())
            .tint(class_tint(*class, theme));
        ui.add(chip.outline(outline));
    }
}

/// The heading of a part of a report.
pub(crate) fn section_word(section: SectionKind) -> &'static str {
    t(match section {
        SectionKind::History => "section.history",
        SectionKind::Technique => "section.technique",
        SectionKind::Comparison => "section.comparison",
        SectionKind::Findings => "section.findings",
        SectionKind::Impression => "section.impression",
        SectionKind::Recommendation => "section.recommendation",
        SectionKind::Communication => "section.communication",
        SectionKind::Other => "section.other",
    })
}

use egui::Ui;
use session::{Class, CompareCommand, PairRow, Saved, Significance, Snapshot};
use ui_kit::{
    Dropdown, Icon, IconButton, IconWeight, Kind, MenuItem, Segment, Segmented, Theme, icon_label,
    size, t, text_label,
};

use crate::Action;
use crate::keys::{as_caps, keys_of};
use crate::wording::significance_bars;

/// May the verdicts be changed?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Editing {
    /// Yes.
    Open,
    /// No: signed, or another reader's.
    Closed,
}

impl Editing {
    pub(crate) fn is_open(self) -> bool {
        self == Self::Open
    }
}

impl From<bool> for Editing {
    fn from(editable: bool) -> Self {
        if editable { Self::Open } else { Self::Closed }
    }
}

/// A menu of every class, those of the row checked; pressing one joins it or takes it away.
pub(crate) fn class_menu_ui(row: &PairRow, editing: Editing, ui: &mut Ui, out: &mut Vec<Action>) {
    let chosen: &[Class] = row
        .verdict
        .as_ref()
        .map_or(&[], |verdict| verdict.classes.as_slice());
    let label = match row.verdict {
        Some(_) => t("verdict.change"),
        None => t("verdict.choose"),
    };
    ui.add_enabled_ui(editing.is_open(), |ui| {
        Dropdown::new(t("verdict.menu"), label)
            .menu_width(250.0)
            .keep_open()
            .show(ui, |ui| {
                // D10 shares its letter and its word with D9.
                for class in Class::all().filter(|class| *class != Class::D10) {
                    let letter = class.letter().to_string();
                    let keys: &[&str] = match class {
                        Class::D12 => &["Shift", "K"],
                        _ => &[letter.as_str()],
                    };
                    let item = MenuItem::new(super::class_word(class))
                        .icon(super::class_icon(class))
                        .keys(keys)
                        .selected(chosen.contains(&class));
                    if ui.add(item).clicked() {
                        out.push(CompareCommand::ToggleClass(row.pair.id, class).into());
                    }
                }
                if row.verdict.is_some() {
                    ui_kit::menu_separator(ui);
                    let item = MenuItem::new(t("verdict.clear")).icon(Icon::ArrowCounterClockwise);
                    if ui.add(item).clicked() {
                        out.push(CompareCommand::ClearVerdict(row.pair.id).into());
                        ui.close();
                    }
                }
            });
    });
}

/// Would care change? Over `width` points, or as wide as its words.
pub(crate) fn significance_ui(
    row: &PairRow,
    width: Option<f32>,
    editing: Editing,
    ui: &mut Ui,
    out: &mut Vec<Action>,
) {
    let theme = Theme::of(ui.ctx());
    let chosen = row
        .verdict
        .as_ref()
        .and_then(|verdict| verdict.significance);
    let segments: Vec<Segment<'_>> = Significance::ALL
        .iter()
        .map(|value| {
            let (n_bars, word) = significance_bars(*value);
            Segment::new(word).dot(theme.significance(n_bars))
        })
        .collect();
    let chosen_idx = chosen.and_then(|value| Significance::ALL.iter().position(|v| *v == value));
    let enabled = editing.is_open() && super::differs(row);
    ui.add_enabled_ui(enabled, |ui| {
        let mut choices = Segmented::new(t("significance.title"), &segments, chosen_idx);
        if let Some(width) = width {
            choices = choices.width(width);
        }
        let pressed = choices
            .show(ui)
            .and_then(|pressed_idx| Significance::ALL.get(pressed_idx));
        if let Some(value) = pressed {
            let next = (chosen != Some(*value)).then_some(*value);
            out.push(CompareCommand::SetSignificance(row.pair.id, next).into());
        }
    });
}

/// To the previous and the next row.
pub(crate) fn step_buttons_ui(s: &Snapshot, ui: &mut Ui, out: &mut Vec<Action>) {
    let (up, down) = (keys_of(s, "row_previous"), keys_of(s, "row_next"));
    let caps = as_caps(&down);
    let next = IconButton::small(Icon::CaretDown, t("command.row_next")).keys(&caps);
    // Laid out from the right, so the next comes first.
    if ui.add(next).clicked() {
        out.push(CompareCommand::Step(1).into());
    }
    let caps = as_caps(&up);
    let previous = IconButton::small(Icon::CaretUp, t("command.row_previous")).keys(&caps);
    if ui.add(previous).clicked() {
        out.push(CompareCommand::Step(-1).into());
    }
}

/// Is what was changed on the disk? Laid out from the right.
pub(crate) fn saved_ui(s: &Snapshot, ui: &mut Ui, theme: &Theme) {
    let (icon, color, words) = match &s.saved {
        Saved::Nothing => return,
        Saved::Yes { .. } => (Icon::CloudCheck, theme.ok, t("save.now")),
        Saved::No { .. } => (Icon::Warning, theme.err.ink, t("save.not_short")),
    };
    text_label(ui, words, Kind::LABEL, theme.t3);
    icon_label(ui, icon, IconWeight::Regular, size::ICON_INLINE, color);
}

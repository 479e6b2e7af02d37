//! What there is to decide, in the place of the series; these are one press away.

use egui::{Align, Layout, Rect, ScrollArea, Stroke, Ui, UiBuilder, pos2, vec2};
use session::{AnonymousRead, Snapshot, ThirdCommand, ThirdReadSnapshot, ThirdRowSnapshot, Upheld};
use ui_kit::{
    Card, Chip, Icon, IconButton, IconWeight, Kind, Theme, coverage_bar, icon_label, size, space,
    t, t_args, text_label, wrapped_label,
};

use crate::Action;
use crate::bar::sides_in;
use crate::verdict::{class_icon, class_tint, class_word};

/// Height of the line over the list and of the foot, points.
const HEAD: f32 = 36.0;
const FOOT: f32 = 92.0;

/// The list, with what only the window knows.
#[derive(Default)]
pub(crate) struct ThirdList {
    shows_series: bool,
    shows_agreed: bool,
}

impl ThirdList {
    /// Draws the list, or the series where the reader asked for them.
    pub(crate) fn list_ui(
        &mut self,
        s: &Snapshot,
        third: &ThirdReadSnapshot,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let whole = ui.max_rect();
        let edge = Stroke::new(1.0, theme.st1);
        ui.painter()
            .vline(whole.right() - 0.5, whole.y_range(), edge);
        let head = Rect::from_min_size(whole.min, vec2(whole.width(), HEAD));
        self.head_ui(third, head, ui, theme);
        let below = Rect::from_min_max(pos2(whole.left(), head.bottom()), whole.max);
        if self.shows_series {
            let mut child = ui.new_child(UiBuilder::new().id_salt("series").max_rect(below));
            child.set_clip_rect(below.intersect(ui.clip_rect()));
            crate::rail::rail_ui(s, &mut child, theme, out);
            return;
        }
        let middle = Rect::from_min_max(below.min, below.max - vec2(0.0, FOOT));
        let inner = middle.shrink2(vec2(space::MEDIUM, 0.0));
        let mut child = ui.new_child(UiBuilder::new().id_salt("to decide").max_rect(inner));
        child.set_clip_rect(middle.intersect(ui.clip_rect()));
        ScrollArea::vertical()
            .auto_shrink([false, false])
            .show(&mut child, |ui| {
                ui.spacing_mut().item_spacing.y = 4.0;
                for row in &third.rows {
                    row_ui(s, row, ui, theme, out);
                }
                self.agreed_ui(third, ui, theme);
            });
        let foot = Rect::from_min_max(pos2(whole.left(), whole.bottom() - FOOT), whole.max);
        foot_ui(third, foot, ui, theme);
    }

    fn head_ui(&mut self, third: &ThirdReadSnapshot, head: Rect, ui: &mut Ui, theme: &Theme) {
        let done = t_args("third.done", &[("n", &third.n_decided.to_string())]);
        let (title, count) = match self.shows_series {
            true => (t("reading.series"), String::new()),
            false => (t("third.to_decide"), third.rows.len().to_string()),
        };
        let inner = head.shrink2(vec2(space::PANEL, 0.0));
        sides_in(
            ui,
            inner,
            self,
            |ui, _| {
                text_label(ui, title, Kind::LABEL.medium(), theme.t1);
                text_label(ui, &count, Kind::MONO_SMALL, theme.t3);
            },
            |ui, this| {
                let (icon, name) = match this.shows_series {
                    true => (Icon::Scales, t("third.to_decide")),
                    false => (Icon::ImagesSquare, t("reading.series")),
                };
                if ui.add(IconButton::small(icon, name)).clicked() {
                    this.shows_series = !this.shows_series;
                }
                text_label(ui, &done, Kind::LABEL, theme.t2);
            },
        );
    }

    /// What both reads say alike, folded away: it waits for no decision.
    fn agreed_ui(&mut self, third: &ThirdReadSnapshot, ui: &mut Ui, theme: &Theme) {
        if third.agreed.is_empty() {
            return;
        }
        ui.add_space(6.0);
        ui.separator();
        let n = third.agreed.len().to_string();
        let (icon, name) = match self.shows_agreed {
            true => (Icon::CaretDown, t("third.agreed.hide")),
            false => (Icon::CaretRight, t("third.agreed.show")),
        };
        ui.horizontal(|ui| {
            text_label(ui, t("third.agreed"), Kind::LABEL.medium(), theme.t1);
            text_label(ui, &n, Kind::MONO_SMALL, theme.t3);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if ui.add(IconButton::small(icon, name)).clicked() {
                    self.shows_agreed = !self.shows_agreed;
                }
            });
        });
        if self.shows_agreed {
            for text in &third.agreed {
                wrapped_label(ui, text, Kind::LABEL, theme.t2);
            }
        }
    }
}

fn row_ui(s: &Snapshot, row: &ThirdRowSnapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    let is_selected = s.selected_pair == Some(row.pair);
    let words = row.a.text.as_deref().or(row.b.text.as_deref());
    let words = words.unwrap_or_default();
    let name = format!("{} {words}", row.pair);
    let card = Card::new(&name).selected(is_selected);
    let shown = card.show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(6.0, 6.0);
        ui.horizontal(|ui| {
            chips_ui(row, ui, theme);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                decided_ui(row, ui, theme);
            });
        });
        wrapped_label(ui, &short(words), Kind::BODY, theme.t2);
    });
    if shown.response.clicked() {
        out.push(ThirdCommand::Select(row.pair).into());
    }
}

/// At most two lines of words.
fn short(words: &str) -> String {
    const MAX_CHARS: usize = 72;
    match words.char_indices().nth(MAX_CHARS) {
        Some((at, _)) => format!("{}…", words.get(..at).unwrap_or_default().trim_end()),
        None => words.to_owned(),
    }
}

fn chips_ui(row: &ThirdRowSnapshot, ui: &mut Ui, theme: &Theme) {
    if let Some(read) = row.only_in {
        let words = match read {
            AnonymousRead::A => t("third.only_a"),
            AnonymousRead::B => t("third.only_b"),
        };
        ui.add(
            Chip::new(words)
                .icon(Icon::CircleHalf)
                .tint(theme.neutral()),
        );
    } else if row.classes.is_empty() {
        ui.add(Chip::new(t("third.statement")).tint(theme.neutral()));
    }
    for class in &row.classes {
        let chip = Chip::new(class_word(*class))
            .icon(class_icon(*class))
            .letter(class.letter())
            .tint(class_tint(*class, theme));
        ui.add(chip);
    }
}

/// What was decided, or that it is open. Laid out from the right.
fn decided_ui(row: &ThirdRowSnapshot, ui: &mut Ui, theme: &Theme) {
    let Some(upheld) = row.decision.upheld else {
        text_label(ui, t("third.open"), Kind::LABEL, theme.t3);
        return;
    };
    let word = match upheld {
        Upheld::A => "A",
        Upheld::B => "B",
        Upheld::BothPartly => t("third.both"),
        Upheld::Neither => t("third.neither"),
        Upheld::Indeterminate => t("third.cannot_tell"),
    };
    text_label(ui, word, Kind::LABEL, theme.t2);
    let icon = Icon::CheckCircle;
    icon_label(ui, icon, IconWeight::Filled, size::ICON_INLINE, theme.ok);
}

/// How much was looked at before both reads were opened.
fn foot_ui(third: &ThirdReadSnapshot, foot: Rect, ui: &mut Ui, theme: &Theme) {
    let Some((at, percent)) = &third.opened else {
        return;
    };
    let edge = Stroke::new(1.0, theme.st1);
    ui.painter().hline(foot.x_range(), foot.top() + 0.5, edge);
    let inner = foot.shrink(space::PANEL);
    let mut child = ui.new_child(UiBuilder::new().id_salt("looked first").max_rect(inner));
    child.spacing_mut().item_spacing.y = 4.0;
    let title = t("third.first_yourself");
    text_label(&mut child, title, Kind::HINT.medium(), theme.t1);
    let percent_text = percent.to_string();
    let words = t_args("third.looked", &[("percent", &percent_text), ("time", at)]);
    wrapped_label(&mut child, &words, Kind::HINT, theme.t2);
    coverage_bar(&mut child, f32::from(*percent) / 100.0, &words);
}

//! What the list is narrowed to, with how many cases each choice stands for.

use egui::{CornerRadius, Frame, Margin, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, vec2};
use session::{CaseMark, Counts, ListView, Outcome, Priority, Queue, Snapshot, Stage};
use ui_kit::{Icon, IconWeight, Kind, Theme, check_box, icon_label, radius, size, t, text_label};

use super::show;
use super::words::{mark_look, priority_key};
use crate::Action;
use crate::bar::{focus_ring, sides_in};
use crate::wording::{outcome_look, stage_look};

/// Stages with a line of their own, in the order of the work.
const STAGES: [Stage; 13] = [
    Stage::Draft,
    Stage::Intake,
    Stage::Ready,
    Stage::Reading,
    Stage::UnblindedEarly,
    Stage::Sealed,
    Stage::Comparing,
    Stage::Adjudicating,
    Stage::Feedback,
    Stage::OnHold,
    Stage::Closed,
    Stage::NonDiagnostic,
    Stage::Withdrawn,
];

/// Readers and protocols with a line of their own at most; a search or a group leads to the others.
const MAX_LINES: usize = 12;

/// A line's sign.
type Sign = (Icon, IconWeight, egui::Color32);

pub(super) fn filters_ui(s: &Snapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    let counts = &s.list.listed.counts;
    let mut view = s.list_view.clone();
    ScrollArea::vertical()
        .auto_shrink([false, false])
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            Frame::new()
                .inner_margin(Margin::symmetric(10, 10))
                .show(ui, |ui| {
                    ui.set_width(ui.available_width());
                    queue_ui(counts, &mut view, ui, theme);
                    stages_ui(counts, &mut view, ui, theme);
                    priorities_ui(counts, &mut view, ui, theme);
                    modalities_ui(counts, &mut view, ui, theme);
                    outcomes_ui(counts, &mut view, ui, theme);
                    marks_ui(counts, &mut view, ui, theme);
                    readers_ui(counts, &mut view, ui, theme);
                    protocols_ui(counts, &mut view, ui, theme);
                });
        });
    if view != s.list_view {
        out.push(show(view));
    }
}

fn queue_ui(counts: &Counts, view: &mut ListView, ui: &mut Ui, theme: &Theme) {
    heading(ui, t("worklist.queue"), theme);
    let looks = [
        (Queue::Mine, Icon::User, "worklist.mine"),
        (Queue::All, Icon::Users, "worklist.all"),
        (Queue::Unassigned, Icon::UserPlus, "worklist.unassigned"),
    ];
    for ((queue, icon, key), n) in looks.into_iter().zip(counts.queues) {
        let sign = (icon, IconWeight::Regular, theme.t2);
        if line(ui, Some(sign), t(key), n, view.queue == queue, theme) {
            view.queue = queue;
        }
    }
}

fn stages_ui(counts: &Counts, view: &mut ListView, ui: &mut Ui, theme: &Theme) {
    heading(ui, t("worklist.status"), theme);
    for stage in STAGES {
        let place = Stage::ALL.iter().position(|other| *other == stage);
        let n = place.and_then(|place| counts.states.get(place));
        let (n, on) = (n.copied().unwrap_or(0), view.states.contains(&stage));
        if n == 0 && !on {
            continue;
        }
        let look = stage_look(stage, theme);
        let sign = (look.icon, look.weight, look.color);
        if line(ui, Some(sign), look.word, n, on, theme) {
            ListView::toggle(&mut view.states, stage);
        }
    }
}

fn priorities_ui(counts: &Counts, view: &mut ListView, ui: &mut Ui, theme: &Theme) {
    let [_, soon, urgent] = counts.priorities;
    if soon + urgent == 0 && view.priorities.is_empty() {
        return;
    }
    heading(ui, t("worklist.priority"), theme);
    let all = [Priority::Routine, Priority::Soon, Priority::Urgent];
    for (priority, n) in all.into_iter().zip(counts.priorities).rev() {
        let on = view.priorities.contains(&priority);
        if line(ui, None, t(priority_key(priority)), n, on, theme) {
            ListView::toggle(&mut view.priorities, priority);
        }
    }
}

fn modalities_ui(counts: &Counts, view: &mut ListView, ui: &mut Ui, theme: &Theme) {
    if counts.modalities.len() < 2 && view.modalities.is_empty() {
        return;
    }
    heading(ui, t("worklist.modality"), theme);
    for (modality, n) in &counts.modalities {
        let word = if modality.is_empty() {
            t("worklist.modality_unknown")
        } else {
            modality
        };
        let before = view.modalities.is_empty() || view.modalities.contains(modality);
        let mut on = before;
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), size::CONTROL));
        sides_in(
            ui,
            rect.shrink2(vec2(6.0, 0.0)),
            &mut on,
            |ui, on| {
                check_box(ui, on, word);
            },
            |ui, _| {
                text_label(ui, &n.to_string(), Kind::MONO_SMALL, theme.t3);
            },
        );
        if on != before {
            tick(counts, view, modality, on);
        }
    }
    ui.add_space(8.0);
}

/// None named means all, so the first that is taken out names the others; when all are named again, none is.
fn tick(counts: &Counts, view: &mut ListView, modality: &str, on: bool) {
    if view.modalities.is_empty() {
        view.modalities = counts.modalities.keys().cloned().collect();
    }
    view.modalities.retain(|other| other != modality);
    if on {
        view.modalities.push(modality.to_owned());
    }
    view.modalities.sort();
    if counts
        .modalities
        .keys()
        .all(|known| view.modalities.contains(known))
    {
        view.modalities.clear();
    }
}

fn outcomes_ui(counts: &Counts, view: &mut ListView, ui: &mut Ui, theme: &Theme) {
    if counts.outcomes.is_empty() && view.outcomes.is_empty() {
        return;
    }
    heading(ui, t("worklist.outcome"), theme);
    for outcome in [Outcome::Confirmed, Outcome::Refined, Outcome::Changed] {
        let n = counts.outcomes.get(&outcome).copied().unwrap_or(0);
        let look = outcome_look(outcome, theme);
        let sign = (look.icon, look.weight, look.color);
        let on = view.outcomes.contains(&outcome);
        if line(ui, Some(sign), look.word, n, on, theme) {
            ListView::toggle(&mut view.outcomes, outcome);
        }
    }
}

fn marks_ui(counts: &Counts, view: &mut ListView, ui: &mut Ui, theme: &Theme) {
    let all = CaseMark::ALL.into_iter().zip(counts.marks);
    let shown: Vec<_> = all
        .filter(|(mark, n)| 0 < *n || view.marks.contains(mark))
        .collect();
    if shown.is_empty() {
        return;
    }
    heading(ui, t("worklist.marks"), theme);
    for (mark, n) in shown {
        let (icon, color, key) = mark_look(mark, theme);
        let sign = (icon, IconWeight::Regular, color);
        let on = view.marks.contains(&mark);
        if line(ui, Some(sign), t(key), n, on, theme) {
            ListView::toggle(&mut view.marks, mark);
        }
    }
}

fn readers_ui(counts: &Counts, view: &mut ListView, ui: &mut Ui, theme: &Theme) {
    if counts.readers.len() < 2 && view.reader.is_empty() {
        return;
    }
    heading(ui, t("worklist.reader"), theme);
    for (reader, n) in counts.readers.iter().take(MAX_LINES) {
        let on = view.reader == *reader;
        if line(ui, None, reader, *n, on, theme) {
            view.reader = if on { String::new() } else { reader.clone() };
        }
    }
}

fn protocols_ui(counts: &Counts, view: &mut ListView, ui: &mut Ui, theme: &Theme) {
    if counts.protocols.len() < 2 && view.protocol.is_empty() {
        return;
    }
    heading(ui, t("worklist.group.protocol.title"), theme);
    let named = counts.protocols.iter().filter(|(name, _)| !name.is_empty());
    for (protocol, n) in named.take(MAX_LINES) {
        let on = view.protocol == *protocol;
        if line(ui, None, protocol, *n, on, theme) {
            view.protocol = if on { String::new() } else { protocol.clone() };
        }
    }
}

fn heading(ui: &mut Ui, words: &str, theme: &Theme) {
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        ui.add_space(6.0);
        text_label(ui, words, Kind::CAPTION.medium(), theme.t3);
    });
    ui.add_space(4.0);
}

/// A line with a sign, a word and a count; true when it was pressed.
fn line(ui: &mut Ui, sign: Option<Sign>, word: &str, n: usize, on: bool, theme: &Theme) -> bool {
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), size::CONTROL), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, on, word));
    let fill = if on {
        theme.bg4
    } else if response.hovered() {
        theme.bg3
    } else {
        egui::Color32::TRANSPARENT
    };
    ui.painter()
        .rect_filled(rect, CornerRadius::same(radius::CONTROL), fill);
    let ink = if on { theme.t1 } else { theme.t2 };
    let mut row = ui.new_child(UiBuilder::new().id_salt(word).max_rect(rect));
    sides_in(
        &mut row,
        rect.shrink2(vec2(6.0, 0.0)),
        &mut (),
        |ui, ()| {
            if let Some((icon, weight, color)) = sign {
                icon_label(ui, icon, weight, size::ICON_INLINE, color);
            }
            text_label(ui, word, Kind::CONTROL, ink);
        },
        |ui, ()| {
            text_label(ui, &n.to_string(), Kind::MONO_SMALL, theme.t3);
        },
    );
    focus_ring(ui, &response, radius::CARD);
    response.clicked()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_modality_that_is_taken_out_leaves_the_others_and_all_of_them_are_none_named() {
        let counts = Counts {
            modalities: [("CT", 3), ("MR", 2), ("US", 1)]
                .map(|(name, n)| (name.to_owned(), n))
                .into(),
            ..Counts::default()
        };
        let mut view = ListView::default();
        tick(&counts, &mut view, "MR", false);
        assert_eq!(view.modalities, ["CT", "US"]);
        tick(&counts, &mut view, "CT", false);
        assert_eq!(view.modalities, ["US"]);
        tick(&counts, &mut view, "MR", true);
        assert_eq!(view.modalities, ["MR", "US"]);
        tick(&counts, &mut view, "CT", true);
        assert_eq!(view.modalities, Vec::<String>::new());
    }
}

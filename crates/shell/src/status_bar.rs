use egui::{Stroke, Ui, vec2};
use session::commands::ShellAction;
use session::{Command, PicturesBy, Saved, Screen, Snapshot};
use ui_kit::{
    Icon, IconButton, IconWeight, Kind, Theme, icon_label, key_caps, t, t_args, text_label,
    with_tip,
};

use crate::bar::sides_in;
use crate::dialogs::{check_words, statement};
use crate::metrics::is_compact;
use crate::wording::ago_words;
use crate::{Action, Readout};

/// Size of icons in this bar, points.
const ICON: f32 = 13.0;

/// The bar at the foot: what is safe on the disk, what runs, what lies under the pointer.
pub(crate) fn status_bar_ui(
    s: &Snapshot,
    (readout, pictures_by): (Option<&Readout>, PicturesBy),
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    let rect = ui.max_rect();
    ui.painter().hline(
        rect.x_range(),
        rect.top() + 0.5,
        Stroke::new(1.0, theme.st1),
    );
    let compact = is_compact(rect);
    let inner = rect.shrink2(vec2(12.0, 0.0));
    sides_in(
        ui,
        inner,
        out,
        |ui, out| {
            saved_ui(s, ui, theme);
            ui.add_space(6.0);
            match s.screen {
                Screen::Reading => images_ui(s, ui, theme),
                Screen::Worklist => {
                    let key = match s.worklist.len() {
                        0 => "status.no_cases",
                        1 => "status.one_case",
                        _ => "status.cases",
                    };
                    fact_ui(
                        ui,
                        Icon::Stack,
                        &t_args(key, &[("n", &s.worklist.len().to_string())]),
                        theme,
                    );
                }
                Screen::Compare => seals_ui(s, ui, theme),
            }
            display_ui(s, compact, ui, theme, out);
            jobs_ui(s, ui, theme, out);
        },
        |ui, out| {
            let by = match pictures_by {
                PicturesBy::Window => t("status.by_gpu"),
                PicturesBy::Session => t("status.by_cpu"),
            };
            text_label(ui, by, Kind::MONO_SMALL, theme.t3);
            ui.add_space(4.0);
            let shortcuts = text_label(ui, t("status.shortcuts"), Kind::CAPTION, theme.t3)
                .interact(egui::Sense::click());
            let cap = key_caps(ui, &["?"]).interact(egui::Sense::click());
            if shortcuts.clicked() || cap.clicked() {
                out.push(Action::Shell(ShellAction::Shortcuts));
            }
            if let Some(readout) = readout.filter(|_| s.screen == Screen::Reading) {
                ui.add_space(4.0);
                // Where there is little room the place gives way, and the value stays.
                if !compact {
                    text_label(ui, &readout.place, Kind::MONO_SMALL, theme.t2);
                }
                text_label(ui, &readout.value, Kind::MONO_SMALL, theme.t2);
            }
        },
    );
}

fn fact_ui(ui: &mut Ui, icon: Icon, words: &str, theme: &Theme) {
    ui.spacing_mut().item_spacing.x = 5.0;
    icon_label(ui, icon, IconWeight::Regular, ICON, theme.t3);
    text_label(ui, words, Kind::CAPTION, theme.t3);
    ui.spacing_mut().item_spacing.x = 8.0;
}

fn saved_ui(s: &Snapshot, ui: &mut Ui, theme: &Theme) {
    let (icon, color, ink, words) = match &s.saved {
        Saved::Nothing => {
            let key = if s.worklist.is_empty() {
                "status.library_ready"
            } else {
                "save.all"
            };
            (Icon::CloudCheck, theme.ok, theme.t3, t(key).to_owned())
        }
        Saved::Yes { seconds_ago } => (
            Icon::CloudCheck,
            theme.ok,
            theme.t3,
            t_args("save.ago", &[("time", &ago_words(*seconds_ago))]),
        ),
        Saved::No { reason } => (
            Icon::WarningCircle,
            theme.err.ink,
            theme.err.ink,
            t_args("save.not", &[("reason", reason)]),
        ),
    };
    ui.spacing_mut().item_spacing.x = 5.0;
    icon_label(ui, icon, IconWeight::Regular, ICON, color);
    let label = text_label(ui, &words, Kind::CAPTION, ink);
    with_tip(label, t("save.where"), &[]);
}

/// Whether the display is calibrated; pressed, it shows what is known of it.
fn display_ui(s: &Snapshot, compact: bool, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    ui.add_space(6.0);
    ui.spacing_mut().item_spacing.x = 5.0;
    let words = statement(&s.display);
    let icon = icon_label(ui, Icon::Monitor, IconWeight::Regular, ICON, theme.t3);
    // Where there is little room the sign stands for the words, which its tip says.
    let said = match compact {
        true => icon,
        false => text_label(ui, &words, Kind::CAPTION, theme.t3),
    };
    let said = said.interact(egui::Sense::click());
    let tip = format!("{words}\n{}", check_words(&s.display));
    if with_tip(said, &tip, &[]).clicked() {
        out.push(Action::Shell(ShellAction::Display));
    }
    ui.spacing_mut().item_spacing.x = 8.0;
}

fn images_ui(s: &Snapshot, ui: &mut Ui, theme: &Theme) {
    let n_series = s.rail.iter().filter(|item| item.key.is_some()).count();
    let [n_done, n_total] = s.decoded;
    let words = t_args(
        "status.decoded",
        &[
            ("n_series", &n_series.to_string()),
            ("n_done", &n_done.to_string()),
            ("n_total", &n_total.to_string()),
        ],
    );
    fact_ui(ui, Icon::Stack, &words, theme);
    let n_views = s.views.iter().filter(|view| view.key.is_some()).count();
    if !s.links.is_empty() && 1 < n_views && s.one_up.is_none() {
        ui.add_space(6.0);
        fact_ui(
            ui,
            Icon::LinkSimple,
            &t_args("status.linked", &[("n", &n_views.to_string())]),
            theme,
        );
    }
}

fn seals_ui(s: &Snapshot, ui: &mut Ui, theme: &Theme) {
    let Some(case) = &s.case else { return };
    let key = if case.unblinded_early.is_some() {
        "status.revealed_early"
    } else {
        "status.revealed_after"
    };
    fact_ui(ui, Icon::LockKey, t(key), theme);
}

/// Long work, with its count and a way to stop it.
fn jobs_ui(s: &Snapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    for job in &s.jobs {
        ui.add_space(6.0);
        let title = t(job.title_key);
        let words = match job.progress {
            Some([n_done, n_total]) => t_args(
                "status.job",
                &[
                    ("what", title),
                    ("n", &n_done.to_string()),
                    ("total", &n_total.to_string()),
                ],
            ),
            None => title.to_owned(),
        };
        fact_ui(ui, Icon::CircleNotch, &words, theme);
        if job.can_cancel
            && ui
                .add(IconButton::small(Icon::StopCircle, t("action.stop")))
                .clicked()
        {
            out.push(Command::CancelJob(job.id).into());
        }
    }
}

use egui::{Frame, Margin, ScrollArea, Ui, vec2};
use session::{CaseSnapshot, LayoutKind, ReadCommand, Snapshot, ViewCommand};
use ui_kit::{
    Icon, IconWeight, Kind, Theme, hyperlink_word, icon_label, size, t, t_args, text_label,
    with_tip,
};

use crate::Action;
use crate::bar::sides;

/// Height of the list at most, points.
const MAX_LIST: f32 = 108.0;

/// One line of the list: short words, the whole sentence, and what a press does.
struct Line {
    words: String,
    sentence: String,
    met: bool,
    go: Option<(&'static str, Vec<Action>)>,
}

/// Before you seal: what is done, and what would become a limitation.
pub(super) fn before_seal_ui(
    s: &Snapshot,
    case: &CaseSnapshot,
    compact: bool,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    let lines: Vec<Line> = case
        .checks
        .iter()
        .map(|check| line_of(s, case, check))
        .collect();
    let margin = if compact {
        Margin::symmetric(12, 8)
    } else {
        Margin::symmetric(12, 10)
    };
    Frame::new().inner_margin(margin).show(ui, |ui| {
        ui.set_width(ui.available_width());
        if compact {
            summary_ui(&lines, ui, theme, out)
        } else {
            list_ui(&lines, ui, theme, out)
        }
    });
}

fn list_ui(lines: &[Line], ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    let n_met = lines.iter().filter(|line| line.met).count();
    let count = t_args(
        "reading.before_seal.count",
        &[
            ("n", &n_met.to_string()),
            ("total", &lines.len().to_string()),
        ],
    );
    sides(
        ui,
        16.0,
        &mut (),
        |ui, ()| {
            text_label(ui, t("reading.before_seal"), Kind::LABEL.medium(), theme.t1);
        },
        |ui, ()| {
            text_label(ui, &count, Kind::MONO_SMALL, theme.t3);
        },
    );
    ui.add_space(7.0);
    ScrollArea::vertical()
        .id_salt("before you seal")
        .max_height(MAX_LIST)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(12.0, 5.0);
            let width = ((ui.available_width() - 12.0) / 2.0).floor();
            for pair in lines.chunks(2) {
                ui.horizontal(|ui| {
                    for line in pair {
                        let (_, rect) = ui.allocate_space(vec2(width, 16.0));
                        let layout = egui::Layout::left_to_right(egui::Align::Center);
                        let builder = egui::UiBuilder::new()
                            .id_salt(&line.sentence)
                            .max_rect(rect)
                            .layout(layout);
                        line_ui(line, &mut ui.new_child(builder), theme, out);
                    }
                });
            }
        });
}

fn line_ui(line: &Line, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    ui.spacing_mut().item_spacing.x = 6.0;
    let (icon, weight, color, ink) = if line.met {
        (Icon::CheckCircle, IconWeight::Filled, theme.ok, theme.t2)
    } else {
        (
            Icon::CircleDashed,
            IconWeight::Regular,
            theme.warn.ink,
            theme.t1,
        )
    };
    icon_label(ui, icon, weight, size::ICON_INLINE, color);
    // The offer keeps its room, so that long words give way to it.
    let offer = if line.go.is_some() { 44.0 } else { 0.0 };
    let room = ui.available_width() - offer;
    let label = ui.scope(|ui| {
        ui.set_max_width(room);
        text_label(ui, &line.words, Kind::LABEL, ink)
    });
    with_tip(label.inner, &line.sentence, &[]);
    go_ui(line, ui, out);
}

fn go_ui(line: &Line, ui: &mut Ui, out: &mut Vec<Action>) {
    if let Some((word, actions)) = &line.go
        && hyperlink_word(ui, word, Kind::LABEL).clicked()
    {
        out.extend(actions.iter().cloned());
    }
}

/// The whole list in one line, for short windows.
fn summary_ui(lines: &[Line], ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    let open: Vec<&Line> = lines.iter().filter(|line| !line.met).collect();
    let words = if open.is_empty() {
        t("reading.all_met").to_owned()
    } else {
        open.iter()
            .map(|line| line.words.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let (icon, weight, color) = if open.is_empty() {
        (Icon::CheckCircle, IconWeight::Filled, theme.ok)
    } else {
        (Icon::CircleDashed, IconWeight::Regular, theme.warn.ink)
    };
    let first = open.iter().find(|line| line.go.is_some());
    sides(
        ui,
        18.0,
        out,
        |ui, _| {
            icon_label(ui, icon, weight, size::ICON_INLINE, color);
            let sentences: Vec<&str> = open.iter().map(|line| line.sentence.as_str()).collect();
            with_tip(
                text_label(ui, &words, Kind::LABEL, theme.t1),
                &sentences.join(" · "),
                &[],
            );
        },
        |ui, out| {
            if let Some(line) = first {
                go_ui(line, ui, out);
            }
        },
    );
}

/// Short words for a check, and the way to what it asks for.
fn line_of(s: &Snapshot, case: &CaseSnapshot, check: &case::SealCheck) -> Line {
    let (kind, rest) = check.code.split_once(':').unwrap_or((&check.code, ""));
    let (words, go) = match kind {
        "impression_or_finding" => {
            let key = match (check.met, case.impression.trim().is_empty()) {
                (true, false) => "reading.check.impression",
                (true, true) => "reading.check.finding",
                (false, _) => "reading.check.no_impression",
            };
            (t(key).to_owned(), None)
        }
        "sides_stated" => {
            let open = case
                .findings
                .iter()
                .find(|card| card.finding.side.is_none());
            let key = if check.met {
                "reading.check.sides"
            } else {
                "reading.check.side_missing"
            };
            (
                t(key).to_owned(),
                open.map(|card| (t("action.go"), vec![select(card.finding.id)])),
            )
        }
        "evidence_given" => {
            let open = case
                .findings
                .iter()
                .find(|card| card.marks.is_empty() && card.finding.key_image.is_none());
            let key = if check.met {
                "reading.check.evidence"
            } else {
                "reading.check.evidence_missing"
            };
            (
                t(key).to_owned(),
                open.map(|card| (t("action.go"), vec![select(card.finding.id)])),
            )
        }
        "coverage" => coverage_line(s, rest, check.met),
        "prior_opened" => {
            let key = if check.met {
                "reading.check.prior"
            } else {
                "reading.check.no_prior"
            };
            let show = ViewCommand::SetLayout(LayoutKind::WithPrior).into();
            (t(key).to_owned(), Some((t("action.go"), vec![show])))
        }
        "anatomy_reviewed" => {
            let key = match check.met {
                true => "reading.check.anatomy",
                false => "reading.check.anatomy_open",
            };
            (t(key).to_owned(), None)
        }
        "completeness" => {
            let accept = ReadCommand::AcceptLimitation(rest.to_owned()).into();
            let is_open = case
                .completeness
                .iter()
                .any(|i| i.code == rest && i.settled == case::Settled::No);
            let go = is_open.then(|| (t("preview.accept"), vec![accept]));
            (crate::wording::capitalised(&check.text), go)
        }
        _ => (check.text.clone(), None),
    };
    Line {
        words,
        sentence: check.text.clone(),
        met: check.met,
        go: go.filter(|_| !check.met),
    }
}

/// How much of a series was seen, and the next slice of it that was not.
fn coverage_line(
    s: &Snapshot,
    rest: &str,
    met: bool,
) -> (String, Option<(&'static str, Vec<Action>)>) {
    let name = rest.split_once(':').map_or(rest, |(name, _)| name);
    let item = s.rail.iter().find(|item| {
        let key = item.key.as_ref();
        key.is_some_and(|key| key.coverage_name() == name)
    });
    let Some((item, key)) = item.and_then(|item| item.key.as_ref().map(|key| (item, key))) else {
        return (t("reading.check.coverage_unknown").to_owned(), None);
    };
    let name = if item.title.is_empty() {
        &item.modality
    } else {
        &item.title
    };
    if met {
        return (t_args("reading.check.series_read", &[("name", name)]), None);
    }
    let percent = item.viewed_percent.to_string();
    let words = t_args(
        "reading.check.coverage",
        &[("name", name), ("percent", &percent)],
    );
    let mut go = Vec::new();
    if !item.active {
        go.push(ViewCommand::PutSeries(s.active, key.clone()).into());
    }
    go.push(ViewCommand::StepUnseen(1).into());
    (words, Some((t("action.go"), go)))
}

fn select(id: session::FindingId) -> Action {
    ReadCommand::Select(Some(id)).into()
}

use std::collections::BTreeSet;

use egui::text::{LayoutJob, TextWrapping};
use egui::{Color32, Rect, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};
use session::{AttributeRow, AttributeValue};
use ui_kit::{Icon, IconWeight, Kind, MenuItem, Theme, t, t_args};

use crate::{Action, UiAction};

/// Height of a row, points.
const ROW: f32 = 22.0;
/// By how much each level stands further in, points.
const INDENT: f32 = 12.0;
/// Where the columns end, as parts of the width: tag, name, representation, length.
const COLUMNS: [f32; 4] = [0.16, 0.42, 0.46, 0.54];

/// The rows of the list that show.
pub(super) struct Table<'a> {
    pub(super) rows: &'a [AttributeRow],
    pub(super) visible: &'a [usize],
    pub(super) folded: &'a mut BTreeSet<String>,
    pub(super) chosen: &'a mut Option<String>,
    pub(super) compares: bool,
}

impl Table<'_> {
    pub(super) fn table_ui(self, height: f32, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
        let Self {
            rows,
            visible,
            folded,
            chosen,
            compares,
        } = self;
        let width = ui.available_width();
        let heads = match compares {
            false => ["tag", "name", "vr", "length", "value"],
            true => ["tag", "name", "vr", "here", "there"],
        };
        let (head, _) = ui.allocate_exact_size(vec2(width, ROW), Sense::hover());
        let words = heads.map(|head| match head {
            "tag" => t("attributes.tag"),
            "name" => t("attributes.name"),
            "vr" => t("attributes.vr"),
            "length" => t("attributes.length"),
            "here" => t("attributes.here"),
            "there" => t("attributes.there"),
            _ => t("attributes.value"),
        });
        for (place, words) in places(head, compares).into_iter().zip(words) {
            cell(ui, place, words, Kind::LABEL.medium(), theme.t3);
        }
        ui.painter()
            .hline(head.x_range(), head.bottom(), Stroke::new(1.0, theme.st1));
        if visible.is_empty() {
            ui.allocate_ui(vec2(width, height), |ui| {
                let key = match compares && rows.is_empty() {
                    true => t("attributes.no_difference"),
                    false => t("attributes.nothing_found"),
                };
                ui_kit::text_label(ui, key, Kind::BODY, theme.t2);
            });
            return;
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical()
            .max_height(height)
            .min_scrolled_height(height)
            .auto_shrink([false, false])
            .show_rows(ui, ROW, visible.len(), |ui, shown| {
                for row in visible.get(shown).unwrap_or_default() {
                    if let Some(row) = rows.get(*row) {
                        row_ui(row, compares, (folded, chosen), ui, theme, out);
                    }
                }
            });
        ui.spacing_mut().item_spacing.y = 8.0;
    }
}

/// The places of the cells of a row.
fn places(rect: Rect, compares: bool) -> [Rect; 5] {
    // Two values side by side take the room of the length.
    let columns = match compares {
        false => COLUMNS,
        true => [COLUMNS[0], 0.36, 0.40, 0.70],
    };
    let edges = [0.0, columns[0], columns[1], columns[2], columns[3], 1.0];
    let x = |part: f32| rect.left() + part * rect.width();
    std::array::from_fn(|i| {
        let [left, right] = [edges[i], edges[i + 1]].map(x);
        Rect::from_min_max(
            pos2(left + 4.0, rect.top()),
            pos2(right - 4.0, rect.bottom()),
        )
    })
}

fn cell(ui: &Ui, place: Rect, words: &str, kind: Kind, color: Color32) {
    let mut job =
        LayoutJob::simple_singleline(words.replace(['\r', '\n'], " "), kind.font_id(), color);
    job.wrap = TextWrapping::truncate_at_width(place.width());
    let galley = ui.painter().layout_job(job);
    let at = pos2(place.left(), place.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, color);
}

fn row_ui(
    row: &AttributeRow,
    compares: bool,
    (folded, chosen): (&mut BTreeSet<String>, &mut Option<String>),
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let is_chosen = chosen.as_deref() == Some(&row.path);
    response.widget_info(|| WidgetInfo::selected(Role::Row, true, is_chosen, line_of(row)));
    if is_chosen {
        ui.painter().rect_filled(rect, 0, theme.acbg);
    } else if response.contains_pointer() {
        ui.painter().rect_filled(rect, 0, theme.bg4);
    }
    let [mut tag, name, vr, fourth, fifth] = places(rect, compares);
    tag.min.x += INDENT * row.depth.min(8) as f32;
    let folds =
        matches!(row.value, AttributeValue::Items(n) if 0 < n) || row.value == AttributeValue::Item;
    if folds && !compares {
        let icon = match folded.contains(&row.path) {
            true => Icon::CaretRight,
            false => Icon::CaretDown,
        };
        let at = pos2(tag.left(), tag.center().y);
        let font = egui::FontId::new(10.0, IconWeight::Regular.family());
        let glyph = icon.glyph(IconWeight::Regular);
        ui.painter()
            .text(at, egui::Align2::LEFT_CENTER, glyph, font, theme.t2);
        tag.min.x += INDENT;
    }
    cell(ui, tag, &tag_words(row), Kind::MONO, theme.t2);
    cell(ui, name, &name_words(row), Kind::LABEL, theme.t1);
    cell(ui, vr, &row.vr, Kind::MONO, theme.t3);
    match &row.other {
        Some(other) => {
            let color = |value: &AttributeValue| match value {
                AttributeValue::Absent => theme.t3,
                _ => theme.t1,
            };
            cell(
                ui,
                fourth,
                &value_words(&row.value),
                Kind::LABEL,
                color(&row.value),
            );
            cell(ui, fifth, &value_words(other), Kind::LABEL, color(other));
        }
        None => {
            let length = row.n_bytes.map_or(String::new(), |n| n.to_string());
            cell(ui, fourth, &length, Kind::MONO, theme.t3);
            let color = match row.value {
                AttributeValue::Closed => theme.t3,
                _ => theme.t1,
            };
            cell(ui, fifth, &value_words(&row.value), Kind::LABEL, color);
        }
    }
    if response.clicked() {
        *chosen = Some(row.path.clone());
        if folds && !compares && !folded.remove(&row.path) {
            folded.insert(row.path.clone());
        }
    }
    let value = row.value.to_string();
    response.context_menu(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let copy = MenuItem::new(t("attributes.copy_value"));
        if ui.add_enabled(!value.is_empty(), copy).clicked() {
            out.push(UiAction::CopyText(value.clone()).into());
        }
        if ui.add(MenuItem::new(t("attributes.copy_row"))).clicked() {
            out.push(UiAction::CopyText(line_of(row)).into());
        }
    });
}

fn tag_words(row: &AttributeRow) -> String {
    match row.item_number {
        Some(number) => t_args("attributes.item", &[("n", &number.to_string())]),
        None => row.tag.clone(),
    }
}

/// The name, or who made a private element.
fn name_words(row: &AttributeRow) -> String {
    match (row.name.as_str(), row.creator.as_str()) {
        ("", "") if row.item_number.is_none() => t("attributes.unnamed").to_owned(),
        ("", creator) if !creator.is_empty() => {
            t_args("attributes.private", &[("creator", creator)])
        }
        (name, _) => name.to_owned(),
    }
}

/// A value in words, also where it has no text of its own.
fn value_words(value: &AttributeValue) -> String {
    match value {
        AttributeValue::Text(_) | AttributeValue::Beginning(..) => value.to_string(),
        AttributeValue::Items(1) => t("attributes.one_item").to_owned(),
        AttributeValue::Items(n) => t_args("attributes.items", &[("n", &n.to_string())]),
        AttributeValue::Item => String::new(),
        AttributeValue::Pixels {
            n_bytes,
            n_fragments: None,
        } => t_args("attributes.pixels", &[("n", &n_bytes.to_string())]),
        AttributeValue::Pixels {
            n_bytes,
            n_fragments: Some(n_fragments),
        } => t_args(
            "attributes.fragments",
            &[
                ("n", &n_bytes.to_string()),
                ("fragments", &n_fragments.to_string()),
            ],
        ),
        AttributeValue::TooMuch => t("attributes.too_much").to_owned(),
        AttributeValue::Closed => t("attributes.closed").to_owned(),
        AttributeValue::Absent => t("attributes.absent").to_owned(),
    }
}

/// A row as a line of text, its parts between tabs.
pub(super) fn line_of(row: &AttributeRow) -> String {
    let mut parts = vec![
        row.path.clone(),
        name_words(row),
        row.vr.clone(),
        value_words(&row.value),
    ];
    parts.extend(row.other.as_ref().map(value_words));
    parts.join("\t")
}

/// The rows that a search finds in tag, name, keyword, maker or value; without one, those that no folding hides. The
/// sequences around what was found show with it.
pub(super) fn visible_rows(
    rows: &[AttributeRow],
    search: &str,
    folded: &BTreeSet<String>,
) -> Vec<usize> {
    let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
    if words.is_empty() {
        let mut hidden_below: Option<usize> = None;
        let mut shown = Vec::new();
        for (idx, row) in rows.iter().enumerate() {
            if hidden_below.is_some_and(|depth| depth < row.depth) {
                continue;
            }
            hidden_below = folded.contains(&row.path).then_some(row.depth);
            shown.push(idx);
        }
        return shown;
    }
    let fits = |row: &AttributeRow| {
        let plain_tag: String = row.tag.chars().filter(char::is_ascii_hexdigit).collect();
        let values = [
            Some(row.value.to_string()),
            row.other.as_ref().map(ToString::to_string),
        ];
        let values = values.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let all = [
            &row.tag,
            &plain_tag,
            &row.name,
            row.keyword,
            &row.creator,
            &values,
        ];
        let all = all.join(" ").to_lowercase();
        words.iter().all(|word| all.contains(word))
    };
    let mut around: Vec<usize> = Vec::new();
    let mut shown: BTreeSet<usize> = BTreeSet::new();
    for (idx, row) in rows.iter().enumerate() {
        around.truncate(row.depth);
        if row.item_number.is_none() && fits(row) {
            shown.extend(around.iter().copied());
            shown.insert(idx);
        }
        around.push(idx);
    }
    shown.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(depth: usize, path: &str, name: &str, value: AttributeValue) -> AttributeRow {
        AttributeRow {
            depth,
            path: path.into(),
            tag: path.into(),
            item_number: matches!(value, AttributeValue::Item).then_some(1),
            name: name.into(),
            keyword: "",
            creator: String::new(),
            vr: "LO".into(),
            n_bytes: None,
            value,
            other: None,
        }
    }

    fn rows() -> Vec<AttributeRow> {
        let text = |t: &str| AttributeValue::Text(t.into());
        vec![
            row(0, "(0008,0060)", "Modality", text("CT")),
            row(
                0,
                "(0008,1140)",
                "Referenced Image",
                AttributeValue::Items(1),
            ),
            row(1, "(0008,1140)[1]", "", AttributeValue::Item),
            row(2, "(0008,1155)", "Referenced UID", text("1.2.3")),
            row(0, "(0010,0010)", "Patient Name", AttributeValue::Closed),
        ]
    }

    #[test]
    fn a_search_finds_tag_name_and_value_and_what_is_around() {
        let found = |search: &str| visible_rows(&rows(), search, &BTreeSet::new());
        assert_eq!(found("modality"), [0]);
        assert_eq!(found("00080060"), [0]);
        assert_eq!(found("0008,0060"), [0]);
        assert_eq!(found("1.2.3"), [1, 2, 3]);
        assert_eq!(found("referenced uid"), [1, 2, 3]);
        assert!(found("closed").is_empty(), "words of ours are not searched");
        assert_eq!(found("").len(), 5);
    }

    #[test]
    fn what_is_folded_hides_its_inside_only() {
        let folded = BTreeSet::from(["(0008,1140)".to_owned()]);
        assert_eq!(visible_rows(&rows(), "", &folded), [0, 1, 4]);
        assert_eq!(visible_rows(&rows(), "1.2.3", &folded), [1, 2, 3]);
    }
}

//! The steps of a process: done, current, to come.

use egui::{Color32, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::icon::{Icon, IconWeight};
use crate::key_cap::plain_keys;
use crate::line::{FOREGROUND, Line};
use crate::tokens::{Theme, space};
use crate::typography::Kind;

/// Width from the end of a word to the number of the next step.
const LINK: f32 = 32.0;

/// Shows numbered steps in a line; those before `current_idx` are checked.
///
/// `current_idx` at or past the end shows every step as done. `name` is read with the current step as its value.
pub fn steps(ui: &mut Ui, name: &str, words: &[&str], current_idx: usize) -> Response {
    let theme = Theme::of(ui.ctx());
    let lines: Vec<Line> = words
        .iter()
        .enumerate()
        .map(|(step_idx, word)| {
            let kind = if step_idx == current_idx {
                Kind::LABEL.medium()
            } else {
                Kind::LABEL
            };
            let mut line = Line::new(ui);
            line.word(word, kind, FOREGROUND);
            line
        })
        .collect();
    let words_width: f32 = lines
        .iter()
        .map(|line| 16.0 + space::SMALL + line.width())
        .sum();
    let width = words_width + LINK * words.len().saturating_sub(1) as f32;
    let (rect, response) = ui.allocate_exact_size(vec2(width, 24.0), Sense::hover());
    let enabled = ui.is_enabled();
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Group, enabled, name);
        info.current_text_value = words.get(current_idx).map(|word| (*word).to_owned());
        info
    });
    let y = rect.center().y;
    let mut x = rect.left();
    for (step_idx, line) in lines.iter().enumerate() {
        if 0 < step_idx {
            let link = (x + 7.0)..=(x + LINK - 7.0);
            ui.painter().hline(link, y, Stroke::new(1.0, theme.st2));
            x += LINK;
        }
        paint_number(ui, pos2(x + 8.0, y), step_idx, current_idx);
        let ink = match step_idx.cmp(&current_idx) {
            std::cmp::Ordering::Less => theme.t2,
            std::cmp::Ordering::Equal => theme.t1,
            std::cmp::Ordering::Greater => theme.t3,
        };
        x = line.paint(
            ui.painter(),
            pos2(x + 16.0 + space::SMALL, y),
            ink,
            plain_keys(theme),
        );
    }
    response
}

fn paint_number(ui: &Ui, center: egui::Pos2, step_idx: usize, current_idx: usize) {
    let theme = Theme::of(ui.ctx());
    let (fill, edge, ink) = match step_idx.cmp(&current_idx) {
        std::cmp::Ordering::Less => (Color32::TRANSPARENT, theme.ok, theme.ok),
        std::cmp::Ordering::Equal => (theme.acf, theme.acf, theme.on_acf),
        std::cmp::Ordering::Greater => (Color32::TRANSPARENT, theme.st3, theme.t3),
    };
    ui.painter()
        .circle(center, 7.5, fill, Stroke::new(1.0, edge));
    let mut figure = Line::new(ui);
    if step_idx < current_idx {
        figure.icon_of_weight(Icon::Check, IconWeight::Bold, 9.0, ink);
    } else {
        figure.word(&(step_idx + 1).to_string(), Kind::BADGE, ink);
    }
    let start = pos2(center.x - figure.width() / 2.0, center.y);
    figure.paint(ui.painter(), start, ink, plain_keys(theme));
}

use case::{AnnotationId, FindingId, Geometry};
use egui::{Painter, Pos2, Rect, Response, Ui};
use session::{AnonymousRead, MarkDepth, MarkOf, Trust, ViewSnapshot, provenance, trust};
use ui_kit::{Kind, Theme, duration_s, over_image, paint_mark_label, radius, t, wrapped_label};

use super::label_place::{self, nearest_edge};
use super::on_screen::OnScreen;
use super::shape::{Strokes, strokes};
use super::stroke::{Line, paint_handle, paint_leader, paint_lines, paint_pieces};

/// Invisible halo around marks, points.
pub(crate) const HALO: f32 = 8.0;

/// Width of what tells where numbers came from, points.
const PROVENANCE_WIDTH: f32 = 420.0;

/// Where the marks of a view were drawn.
#[derive(Clone, Debug)]
pub(crate) struct DrawnMark {
    pub(crate) id: AnnotationId,
    pub(crate) finding: Option<FindingId>,
    pub(crate) geometry: Geometry,
    pub(crate) depth: MarkDepth,
    pub(crate) strokes: Strokes,
    /// Of a grown body, its border on the slice.
    pub(crate) section: Vec<Vec<Pos2>>,
    pub(crate) plate: Rect,
    /// Is it still being counted, so that nothing can be done to it?
    pub(crate) is_counted: bool,
}

/// Which marks are shown differently.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Emphasised {
    /// Selected: handles show.
    pub(crate) selected: Option<AnnotationId>,
    /// Its finding is pointed at.
    pub(crate) pointed: Option<FindingId>,
}

/// The marks of a view on screen; `drag` stands for the mark that is being changed.
pub(crate) fn lay_out(
    view: &ViewSnapshot,
    screen: &OnScreen,
    drag: Option<(AnnotationId, &Geometry)>,
) -> Vec<DrawnMark> {
    view.marks
        .iter()
        .map(|mark| {
            let geometry = match drag {
                Some((id, geometry)) if id == mark.annotation.id => geometry.clone(),
                _ => mark.annotation.geometry.clone(),
            };
            DrawnMark {
                id: mark.annotation.id,
                finding: mark.annotation.finding,
                strokes: strokes(&geometry, screen),
                section: mark
                    .section
                    .iter()
                    .map(|piece| piece.map(|end| screen.pos(end)).to_vec())
                    .collect(),
                geometry,
                depth: mark.depth,
                plate: Rect::NOTHING,
                is_counted: mark.is_counted,
            }
        })
        .collect()
}

/// Paints the marks and their labels. `taken` is what labels keep off; their plates are added to it.
pub(crate) fn paint(
    painter: &Painter,
    view: &ViewSnapshot,
    (drawn, rect): (&mut [DrawnMark], Rect),
    emphasised: Emphasised,
    taken: &mut Vec<Rect>,
) {
    for (mark, snapshot) in drawn.iter().zip(&view.marks) {
        let is_lit =
            snapshot.selected || (mark.finding.is_some() && emphasised.pointed == mark.finding);
        let own = match snapshot.of {
            MarkOf::SecondRead => over_image::SECOND,
            MarkOf::Read(AnonymousRead::A) => over_image::READ_A,
            MarkOf::Read(AnonymousRead::B) => over_image::READ_B,
            MarkOf::ThirdRead => over_image::THIRD,
        };
        let is_lit = is_lit || snapshot.of != MarkOf::SecondRead;
        let color = if is_lit {
            own
        } else {
            own.gamma_multiply(0.85)
        };
        let line = match snapshot.depth {
            MarkDepth::InPlane => Line::Solid,
            MarkDepth::Near => Line::Dashed,
        };
        paint_lines(painter, &mark.strokes.lines, color, line);
        paint_pieces(painter, &mark.section, color);
        if emphasised.selected == Some(mark.id) {
            for handle in &mark.strokes.handles {
                paint_handle(painter, *handle, color);
            }
        }
    }
    for (mark, snapshot) in drawn.iter_mut().zip(&view.marks) {
        let bounds = mark.strokes.bounds();
        // A mark that lies outside the part that is shown has no label at its edge.
        if !rect.intersects(bounds) {
            continue;
        }
        let label = match snapshot.is_counted {
            true => t("mark.counting"),
            false => snapshot.label.as_str(),
        };
        let (id, words) = match mark.finding {
            Some(_) if !snapshot.is_counted => label.split_once(' ').unwrap_or((label, "")),
            Some(_) | None => ("", label),
        };
        mark.plate = paint_label(painter, (bounds, &mark.strokes), (id, words), rect, taken);
    }
}

/// While the pointer rests on the label of a mark: each of its numbers with where it came from.
pub(crate) fn provenance_ui(
    ui: &Ui,
    view: &ViewSnapshot,
    drawn: &[DrawnMark],
    response: &Response,
) {
    let Some(pos) = response.hover_pos() else {
        return;
    };
    let Some(mark) = drawn.iter().find(|mark| mark.plate.contains(pos)) else {
        return;
    };
    let still_s = ui.input(|input| input.pointer.time_since_last_movement());
    if still_s < duration_s::TIP {
        let rest = std::time::Duration::from_secs_f32(duration_s::TIP - still_s);
        ui.ctx().request_repaint_after(rest);
        return;
    }
    let values = view.marks.iter().find(|m| m.annotation.id == mark.id);
    let lines = values.map_or_else(Vec::new, |m| provenance(&m.annotation.values));
    if !lines.is_empty() {
        let at = mark.plate.left_bottom() + egui::vec2(0.0, 6.0);
        let trust = values.and_then(|m| trust(&m.annotation.values));
        provenance_plate(ui, response.id.with("provenance"), at, (trust, &lines));
    }
}

/// How far the millimetres of a number can be trusted: a light, and the words for it.
fn trust_light(trust: Trust, theme: &Theme) -> (egui::Color32, &'static str) {
    match trust {
        Trust::AtPatient => (theme.ok, t("trust.at_patient")),
        Trust::Estimated => (theme.warn.ink, t("trust.estimated")),
        Trust::AtDetector => (theme.warn.ink, t("trust.at_detector")),
        Trust::ByHand => (theme.warn.ink, t("trust.by_hand")),
        Trust::PixelsOnly => (theme.err.ink, t("trust.pixels_only")),
    }
}

/// The lines whole: a source that is cut off tells nothing. Where there are lengths, their trust stands before them.
fn provenance_plate(ui: &Ui, id: egui::Id, at: Pos2, (trust, lines): (Option<Trust>, &[String])) {
    let theme = Theme::of(ui.ctx());
    let frame = egui::Frame::new()
        .fill(theme.bg5)
        .stroke(egui::Stroke::new(1.0, theme.tip_edge))
        .corner_radius(egui::CornerRadius::same(radius::CONTROL))
        .inner_margin(egui::Margin::symmetric(8, 5));
    egui::Area::new(id)
        .order(egui::Order::Tooltip)
        .interactable(false)
        .fixed_pos(at)
        .show(ui.ctx(), |ui| {
            frame.show(ui, |ui| {
                ui.set_max_width(PROVENANCE_WIDTH);
                if let Some(trust) = trust {
                    let (light, words) = trust_light(trust, theme);
                    ui.horizontal(|ui| {
                        let size = egui::vec2(9.0, 16.0);
                        let (place, _) = ui.allocate_exact_size(size, egui::Sense::hover());
                        ui.painter().circle_filled(place.center(), 4.0, light);
                        wrapped_label(ui, words, Kind::LABEL.medium(), theme.t1);
                    });
                }
                for line in lines {
                    wrapped_label(ui, line, Kind::LABEL, theme.t1);
                }
            });
        });
}

/// Paints a label with its leader; gives the plate.
pub(crate) fn paint_label(
    painter: &Painter,
    (bounds, strokes): (Rect, &Strokes),
    (id, words): (&str, &str),
    view: Rect,
    taken: &mut Vec<Rect>,
) -> Rect {
    let words = elided(painter, words, view.width() * 0.5);
    let width = |text: &str, kind: Kind| {
        painter
            .layout_no_wrap(text.to_owned(), kind.font_id(), over_image::PLATE_TEXT)
            .size()
            .x
    };
    let room = width(&words, Kind::KEY)
        + if id.is_empty() {
            0.0
        } else {
            width(id, Kind::BADGE) + 7.0
        }
        + 15.0;
    let place = label_place::place(bounds, room, view, taken);
    let target = nearest_stroke_point(strokes, place.center()).unwrap_or(bounds.center());
    let start = nearest_edge(place, target);
    if 6.0 < start.distance(target) {
        paint_leader(painter, start, target, over_image::SECOND);
    }
    let plate = paint_mark_label(painter, place.left_center(), id, &words, over_image::SECOND);
    taken.push(plate);
    plate
}

/// Words that fit a width; an ellipsis says that there are more.
fn elided(painter: &Painter, words: &str, width: f32) -> String {
    let fits = |text: &str| {
        painter
            .layout_no_wrap(text.to_owned(), Kind::KEY.font_id(), over_image::PLATE_TEXT)
            .size()
            .x
            <= width
    };
    if fits(words) {
        return words.to_owned();
    }
    let mut kept: Vec<char> = words.chars().collect();
    while 1 < kept.len() {
        kept.pop();
        let text: String = kept.iter().chain(['…'].iter()).collect();
        if fits(&text) {
            return text;
        }
    }
    "…".to_owned()
}

fn nearest_stroke_point(strokes: &Strokes, place: Pos2) -> Option<Pos2> {
    strokes
        .lines
        .iter()
        .flatten()
        .copied()
        .min_by(|a, b| a.distance(place).total_cmp(&b.distance(place)))
}

/// What of a mark lies under the pointer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Hit {
    pub(crate) id: AnnotationId,
    pub(crate) finding: Option<FindingId>,
    /// The handle, or the mark as a whole.
    pub(crate) handle: Option<usize>,
}

/// The mark under a point. Handles of the selected one come first, then plates and strokes; `halo` is
/// how near it must be, points.
pub(crate) fn hit(
    drawn: &[DrawnMark],
    pos: Pos2,
    (selected, halo): (Option<AnnotationId>, f32),
) -> Option<Hit> {
    let chosen = drawn
        .iter()
        .find(|mark| selected == Some(mark.id) && !mark.is_counted);
    if let Some((mark, handle)) =
        chosen.and_then(|mark| Some((mark, mark.strokes.handle_at(pos, halo)?)))
    {
        return Some(Hit {
            id: mark.id,
            finding: mark.finding,
            handle: Some(handle),
        });
    }
    let distance = |mark: &DrawnMark| {
        if mark.plate.contains(pos) {
            0.0
        } else {
            mark.strokes.distance(pos)
        }
    };
    let near = drawn
        .iter()
        .filter(|mark| !mark.is_counted)
        .map(|mark| (mark, distance(mark)))
        .filter(|(_, d)| *d <= halo);
    let (mark, _) = near.min_by(|a, b| a.1.total_cmp(&b.1))?;
    Some(Hit {
        id: mark.id,
        finding: mark.finding,
        handle: mark.strokes.handle_at(pos, halo),
    })
}

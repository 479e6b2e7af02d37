//! What lies over a picture: texts in the corners, letters, scale bar, warnings, and the message in place of a picture.

use egui::{Align2, Color32, Painter, Pos2, Rect, Stroke, pos2, vec2};
use session::{AnonymousRead, Overlay, Snapshot, ViewKind, ViewSnapshot};
use ui_kit::{Icon, IconWeight, Kind, outlined_text, over_image, size, t, t_args};

use super::on_screen::{OnScreen, to_pixel_middle};
use crate::toolbar::{preset_word, rate_words};

/// Distance of texts from the edge of a view, points.
const MARGIN: f32 = 10.0;
/// Room for the strip at the right, points.
pub(crate) const STRIP_ROOM: f32 = size::COVERAGE_STRIP + 8.0;
/// Distance from line to line in a corner, points.
const LINE: f32 = 15.0;
/// Lengths a scale bar may have, mm.
const SCALES_MM: [f32; 10] = [200.0, 100.0, 50.0, 20.0, 10.0, 5.0, 2.0, 1.0, 0.5, 0.2];
/// Longest scale bar, points.
const SCALE_MAX: f32 = 120.0;
/// Warnings that show on a view at most; the rest is counted.
const MAX_WARNINGS: usize = 2;

/// Height of a view in which a warning may take two lines, points.
const ROOMY: f32 = 300.0;

/// How much is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Amount {
    pub(crate) overlay: Overlay,
    /// Is the window too narrow for second lines?
    pub(crate) compact: bool,
}

impl Amount {
    fn lines(self) -> usize {
        match (self.overlay, self.compact) {
            (Overlay::Full, false) => 3,
            (Overlay::Full, true) => 2,
            (Overlay::Short, _) => 1,
            (Overlay::LettersOnly, _) => 0,
        }
    }
}

/// The colour that stands for the plane of a view.
pub(crate) fn plane_color(kind: ViewKind) -> Color32 {
    match kind {
        ViewKind::Stack | ViewKind::Axial => over_image::AXIAL,
        ViewKind::Coronal => over_image::CORONAL,
        ViewKind::Sagittal => over_image::SAGITTAL,
        ViewKind::Mip | ViewKind::Rendering => over_image::TEXT,
    }
}

/// The name of the plane, with its angle while it is oblique.
pub(crate) fn plane_words(view: &ViewSnapshot) -> String {
    let plane = match view.read {
        None => t(view.kind_key).to_owned(),
        Some(AnonymousRead::A) => format!("{} · {}", t("third.read_a"), t(view.kind_key)),
        Some(AnonymousRead::B) => format!("{} · {}", t("third.read_b"), t(view.kind_key)),
    };
    let plane = plane.as_str();
    match view.oblique_deg {
        None => plane.to_owned(),
        Some(deg) => t_args(
            "view.oblique",
            &[("plane", plane), ("deg", &format!("{deg:.0}"))],
        ),
    }
}

/// Writes the corners; gives the rectangles that are taken.
pub(crate) fn paint_corners(
    painter: &Painter,
    s: &Snapshot,
    view: &ViewSnapshot,
    rect: Rect,
    amount: Amount,
) -> Vec<Rect> {
    let mut taken = Vec::new();
    let n_lines = amount.lines();
    let left = rect.left() + MARGIN;
    let right = rect.right() - MARGIN - STRIP_ROOM;
    let half = (rect.width() / 2.0 - MARGIN - STRIP_ROOM).max(40.0);
    if 0 < n_lines {
        taken.push(paint_title(
            painter,
            view,
            pos2(left, rect.top() + MARGIN),
            half,
        ));
        let slice = slice_text(view);
        let below: Vec<String> = if amount.compact {
            vec![slice]
        } else {
            vec![view.series_title.clone(), slice]
        };
        for (i, line) in below
            .iter()
            .filter(|line| !line.is_empty())
            .take(n_lines - 1)
            .enumerate()
        {
            let at = pos2(left, rect.top() + MARGIN + LINE * (i as f32 + 1.0));
            taken.push(text_line(
                painter,
                at,
                Align2::LEFT_TOP,
                line,
                over_image::TEXT,
                half,
            ));
        }
        let zoom = t_args("view.zoom", &[("factor", &format!("{:.1}", view.zoom))]);
        let slab = if view.slab_text.is_empty() {
            String::new()
        } else {
            format!("{} {}", t("tool.slab"), view.slab_text)
        };
        let playing = view.playing.as_ref().filter(|_| view.cine);
        let cine = playing.map_or(String::new(), rate_words);
        let lines = [
            (&view.window_text, over_image::TEXT_STRONG),
            (&cine, over_image::TEXT_STRONG),
            (&slab, over_image::TEXT),
            (&zoom, over_image::TEXT),
        ];
        for (i, (line, color)) in lines
            .into_iter()
            .filter(|(line, _)| !line.is_empty())
            .take(n_lines)
            .enumerate()
        {
            let at = pos2(right, rect.top() + MARGIN + LINE * i as f32);
            taken.push(text_line(painter, at, Align2::RIGHT_TOP, line, color, half));
        }
        taken.extend(paint_patient(
            painter,
            s,
            view,
            (left, rect.bottom() - MARGIN),
            (n_lines, half),
        ));
    }
    if view.flipped {
        let at = pos2(right, rect.top() + MARGIN + LINE * n_lines as f32);
        taken.push(text_line(
            painter,
            at,
            Align2::RIGHT_TOP,
            t("view.flipped"),
            over_image::WARNING,
            half,
        ));
    }
    taken
}

/// Where the words of the window stand; `None` where they are not written.
pub(crate) fn window_place(
    painter: &Painter,
    view: &ViewSnapshot,
    rect: Rect,
    amount: Amount,
) -> Option<Rect> {
    if amount.lines() == 0 || view.window_text.is_empty() {
        return None;
    }
    let font = Kind::OVERLAY.font_id();
    let galley = painter.layout_no_wrap(view.window_text.clone(), font, over_image::TEXT);
    let right_top = pos2(rect.right() - MARGIN - STRIP_ROOM, rect.top() + MARGIN);
    let size = galley.size();
    Some(Rect::from_min_size(right_top - vec2(size.x, 0.0), size))
}

/// Swatch of the plane and its name, or the date of the prior.
fn paint_title(painter: &Painter, view: &ViewSnapshot, at: Pos2, width: f32) -> Rect {
    let swatch = Rect::from_min_size(at + vec2(0.0, 3.0), vec2(9.0, 9.0));
    painter.rect_filled(swatch.expand(1.0), 2, Color32::BLACK);
    painter.rect_filled(swatch, 2, plane_color(view.kind));
    let kind = match &view.rendering {
        Some(rendering) => format!("{} · {}", t(view.kind_key), preset_word(rendering.preset)),
        None => plane_words(view),
    };
    let name = match &view.prior_date {
        Some(date) => format!("{kind} · {}", t_args("view.prior", &[("date", date)])),
        None => kind,
    };
    let kind = Kind::HINT.semibold();
    let name = fitting(painter, &name, kind, width - 16.0);
    let text = outlined_text(
        painter,
        at + vec2(15.0, 0.0),
        Align2::LEFT_TOP,
        (&name, kind),
        over_image::TEXT_STRONG,
    );
    text.union(swatch)
}

fn slice_text(view: &ViewSnapshot) -> String {
    if view.kind.is_projection() {
        return String::new();
    }
    let [slice_idx, n_slices] = view.slice;
    let number = t_args(
        "view.slice",
        &[
            ("n", &(slice_idx + 1).to_string()),
            ("total", &n_slices.to_string()),
        ],
    );
    if view.position_text.is_empty() {
        number
    } else {
        format!("{number}  {}", view.position_text)
    }
}

fn paint_patient(
    painter: &Painter,
    s: &Snapshot,
    view: &ViewSnapshot,
    (left, bottom): (f32, f32),
    (n_lines, width): (usize, f32),
) -> Vec<Rect> {
    let Some(study) = &s.study else {
        return Vec::new();
    };
    let who = format!("{}  {}", study.patient_name, study.age_sex);
    let when = view
        .prior_date
        .clone()
        .unwrap_or_else(|| study.date_time.clone());
    let lines = [who.trim().to_owned(), study.patient_id.clone(), when];
    let shown: Vec<&String> = lines
        .iter()
        .filter(|line| !line.is_empty())
        .take(n_lines)
        .collect();
    let n_shown = shown.len();
    let row = |(i, line): (usize, &String)| {
        let at = pos2(left, bottom - LINE * (n_shown - 1 - i) as f32);
        text_line(
            painter,
            at,
            Align2::LEFT_BOTTOM,
            line,
            over_image::TEXT,
            width,
        )
    };
    shown.into_iter().enumerate().map(row).collect()
}

/// The letters at the four edges.
pub(crate) fn paint_letters(painter: &Painter, view: &ViewSnapshot, rect: Rect) {
    let Some(letters) = &view.letters else { return };
    let right = rect.right() - MARGIN - STRIP_ROOM;
    let kind = Kind::BODY.medium();
    for (text, at, anchor) in [
        (
            &letters.left,
            pos2(rect.left() + MARGIN, rect.center().y),
            Align2::LEFT_CENTER,
        ),
        (
            &letters.right,
            pos2(right, rect.center().y),
            Align2::RIGHT_CENTER,
        ),
        (
            &letters.top,
            pos2(rect.center().x, rect.top() + MARGIN - 2.0),
            Align2::CENTER_TOP,
        ),
        (
            &letters.bottom,
            pos2(rect.center().x, rect.bottom() - MARGIN + 2.0),
            Align2::CENTER_BOTTOM,
        ),
    ] {
        outlined_text(painter, at, anchor, (text, kind), over_image::LETTER);
    }
}

/// A bar of a round length.
pub(crate) fn paint_scale(painter: &Painter, view: &ViewSnapshot, screen: &OnScreen) {
    let by_hand = view
        .by_hand
        .map_or(1.0, |by_hand| by_hand.mm_per_grid_mm as f32);
    let points_per_mm = screen.points_per_mm() / by_hand;
    let limit = SCALE_MAX.min(screen.rect.width() * 0.3);
    let Some(length_mm) = SCALES_MM.into_iter().find(|mm| mm * points_per_mm <= limit) else {
        return;
    };
    let width = length_mm * points_per_mm;
    let right = screen.rect.right() - MARGIN - STRIP_ROOM;
    let snap = |v: f32| to_pixel_middle(v, screen.pixels_per_point);
    let (left, middle, right) = (snap(right - width), snap(right - width / 2.0), snap(right));
    let bottom = snap(screen.rect.bottom() - MARGIN - 2.0);
    let lines = [
        [pos2(left, bottom), pos2(right, bottom)],
        [pos2(left, bottom - 5.0), pos2(left, bottom)],
        [pos2(middle, bottom - 3.0), pos2(middle, bottom)],
        [pos2(right, bottom - 5.0), pos2(right, bottom)],
    ];
    for (stroke_width, color) in [(3.0, over_image::UNDER_STROKE), (1.0, over_image::TEXT)] {
        for line in lines {
            painter.line_segment(line, Stroke::new(stroke_width, color));
        }
    }
    let text = match view.by_hand {
        Some(_) => t_args("view.scale_by_hand", &[("mm", &length_mm.to_string())]),
        None => format!("{length_mm} {}", view.length_unit),
    };
    let at = pos2(middle, bottom - 7.0);
    outlined_text(
        painter,
        at,
        Align2::CENTER_BOTTOM,
        (&text, Kind::OVERLAY),
        over_image::TEXT,
    );
}

/// What is wrong with the volume, always on the image. Gives the place, for a tip with all of it.
pub(crate) fn paint_warnings(
    painter: &Painter,
    view: &ViewSnapshot,
    rect: Rect,
    top: f32,
) -> Option<Rect> {
    let mut place: Option<Rect> = None;
    let width = (rect.width() * 0.62 - MARGIN).max(80.0);
    let lines_each = if rect.height() < ROOMY { 1 } else { 2 };
    let more = view.warnings.len().saturating_sub(MAX_WARNINGS);
    let more = (0 < more).then(|| t_args("view.warnings_more", &[("n", &more.to_string())]));
    let mut y = top;
    for warning in view.warnings.iter().take(MAX_WARNINGS).chain(&more) {
        let at = pos2(rect.left() + MARGIN, y);
        let lines = wrapped(painter, warning, Kind::HINT, (width, lines_each));
        // On a bright picture an outline is not enough.
        let text_width = lines.iter().map(|line| width_of(painter, line, Kind::HINT));
        let size = vec2(
            18.0 + text_width.fold(0.0, f32::max),
            LINE * lines.len() as f32,
        );
        let plate = Rect::from_min_size(at, size).expand2(vec2(4.0, 1.0));
        painter.rect_filled(plate, 3, over_image::PLATE);
        let glyph = Icon::Warning.glyph(IconWeight::Filled).to_string();
        let icon_font = egui::FontId::new(13.0, IconWeight::Filled.family());
        painter.text(
            at + vec2(0.0, 7.5),
            Align2::LEFT_CENTER,
            glyph,
            icon_font,
            over_image::WARNING,
        );
        for line in &lines {
            outlined_text(
                painter,
                pos2(at.x + 18.0, y),
                Align2::LEFT_TOP,
                (line, Kind::HINT),
                over_image::WARNING,
            );
            y += LINE;
        }
        place = Some(place.map_or(plate, |before| before.union(plate)));
        y += 3.0;
    }
    place
}

/// The text over so many lines at most, broken between words; what is too much gives way to an ellipsis.
fn wrapped(
    painter: &Painter,
    text: &str,
    kind: Kind,
    (width, n_lines): (f32, usize),
) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let is_last = n_lines <= lines.len();
        let Some(line) = lines.last_mut() else { break };
        let longer = if line.is_empty() {
            word.to_owned()
        } else {
            format!("{line} {word}")
        };
        if is_last || line.is_empty() || width_of(painter, &longer, kind) <= width {
            *line = longer;
        } else {
            lines.push(word.to_owned());
        }
    }
    let fit = |line: String| fitting(painter, &line, kind, width);
    lines.into_iter().map(fit).collect()
}

/// Says in the middle of a view why there is no picture.
pub(crate) fn paint_message(painter: &Painter, rect: Rect, icon: Icon, text: &str, color: Color32) {
    let glyph = icon.glyph(IconWeight::Regular).to_string();
    let font = egui::FontId::new(26.0, IconWeight::Regular.family());
    painter.text(
        rect.center() - vec2(0.0, 18.0),
        Align2::CENTER_CENTER,
        glyph,
        font,
        color,
    );
    let mut job = Kind::BODY.job(text, color);
    job.wrap.max_width = (rect.width() - 80.0).clamp(80.0, 420.0);
    job.halign = egui::Align::Center;
    let galley = painter.layout_job(job);
    painter.galley(rect.center() + vec2(0.0, 6.0), galley, color);
}

fn text_line(
    painter: &Painter,
    at: Pos2,
    anchor: Align2,
    text: &str,
    color: Color32,
    width: f32,
) -> Rect {
    let text = fitting(painter, text, Kind::OVERLAY, width);
    outlined_text(painter, at, anchor, (&text, Kind::OVERLAY), color)
}

fn width_of(painter: &Painter, text: &str, kind: Kind) -> f32 {
    let galley = painter.layout_no_wrap(text.to_owned(), kind.font_id(), Color32::WHITE);
    galley.size().x
}

/// The text, or as much of it as fits with an ellipsis.
fn fitting(painter: &Painter, text: &str, kind: Kind, width: f32) -> String {
    let whole = width_of(painter, text, kind);
    if whole <= width {
        return text.to_owned();
    }
    let n_chars = text.chars().count();
    // Start near the length that the average width says, then give way letter by letter.
    let mut n = ((width / whole.max(1.0)) * n_chars as f32) as usize;
    while 0 < n {
        let cut: String = text.chars().take(n).chain(['…']).collect();
        if width_of(painter, &cut, kind) <= width {
            return cut;
        }
        n -= 1;
    }
    "…".to_owned()
}

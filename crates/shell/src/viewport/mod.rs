//! The views: pictures with what lies over them, the tools of the mouse, and what is drawn with them.

mod axes;
mod blit;
mod carried;
mod chart;
mod colour_bar;
mod crosshair;
mod graphics;
mod ground;
mod hand;
mod histogram;
mod label_place;
mod layout;
mod lens;
mod marks;
mod menu;
mod on_screen;
mod overlay;
mod painter;
mod panel;
mod place;
mod plane_handles;
mod reference_line;
mod shape;
mod strip;
mod stroke;
mod target;
mod torn;
mod torn_place;
mod trim;
mod uploaded;
mod volumes;
mod wheel;
mod window_why;

use case::{AnnotationId, FindingId};
use egui::{
    Color32, Mesh, Pos2, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, ViewportId, WidgetInfo,
    pos2,
};
use session::{
    PicturesBy, ReadCommand, Snapshot, ViewCommand, ViewIdx, ViewKind, ViewSnapshot, VolumeKey,
};
use ui_kit::{Icon, Theme, over_image, t, t_args};

use crate::Action;
use crate::input::TypedOn;
use crate::metrics::is_compact;
use graphics::Graphics;
pub(crate) use ground::Grounds;
use hand::Hand;
use marks::Emphasised;
use on_screen::{OnScreen, size_px};
use overlay::Amount;
use painter::{Drawn, Painter};

pub(crate) use hand::held;
pub use place::Readout;
pub(crate) use strip::cell_id;
pub(crate) use torn::TornKeys;
pub(crate) use window_why::window_why_words;

/// Where a mark is on the screen, for lines that lead to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct MarkPlace {
    /// `None` for a mark that stands by itself.
    pub(crate) finding: Option<FindingId>,
    pub(crate) at: Pos2,
    /// The view that it is in.
    pub(crate) view: Rect,
}

/// The views of the screen, with the state that only the window knows.
pub(crate) struct Viewports {
    painter: Painter,
    hand: Hand,
    graphics: Graphics,
    selected_mark: Option<AnnotationId>,
    pointed: Option<FindingId>,
    places: Vec<MarkPlace>,
    readout: Option<Readout>,
    told_fall_back: bool,
    /// The view of the main window under the pointer in the last pass.
    hovered: Option<ViewIdx>,
    /// Was there input in a window of a view since this was asked last?
    torn_input: bool,
    /// What was typed in a window of a view for the main window.
    typed: TypedOn,
    own_windows: torn::OwnWindows,
}

impl Viewports {
    /// Views that draw on a card, or on the CPU without one.
    pub(crate) fn new(gpu: Option<egui_wgpu::RenderState>) -> Self {
        Self {
            painter: Painter::new(gpu),
            hand: Hand::default(),
            graphics: Graphics::default(),
            selected_mark: None,
            pointed: None,
            places: Vec::new(),
            readout: None,
            told_fall_back: false,
            hovered: None,
            torn_input: false,
            typed: TypedOn::new(),
            own_windows: torn::OwnWindows::default(),
        }
    }

    /// Was there input in a window of a view since this was asked last?
    pub(crate) fn take_torn_input(&mut self) -> bool {
        std::mem::take(&mut self.torn_input)
    }

    /// Says where the screens are, points; none where that is not known.
    pub(crate) fn set_screens(&mut self, screens: Vec<Rect>) {
        self.own_windows.set_screens(screens);
    }

    /// What was typed in a window of a view for the main window since this was asked last.
    pub(crate) fn take_typed(&mut self) -> TypedOn {
        std::mem::take(&mut self.typed)
    }

    /// What paints the grounds of the window's parts.
    pub(crate) fn grounds(&self) -> Grounds {
        self.painter.grounds()
    }

    /// The view of the main window that the pointer is over.
    pub(crate) fn hovered(&self) -> Option<ViewIdx> {
        self.hovered
    }

    /// Takes an input of the main window that is nothing but turns of the wheel over a view; did it?
    pub(crate) fn take_wheel(&mut self, input: &mut egui::RawInput) -> bool {
        self.hovered.is_some() && self.hand.take_wheel(input)
    }

    /// Who should compute the pictures.
    pub(crate) fn pictures_by(&self) -> PicturesBy {
        self.painter.pictures_by()
    }

    /// Did the card turn out too small since this was asked last?
    pub(crate) fn changed_painter(&mut self) -> bool {
        let changed = self.painter.fell_back() && !self.told_fall_back;
        self.told_fall_back |= changed;
        changed
    }

    /// Is all that was decoded on the card?
    pub(crate) fn is_idle(&self) -> bool {
        !self.painter.is_busy()
    }

    /// Should another pass follow at once?
    pub(crate) fn wants_another_pass(&self) -> bool {
        self.painter.is_busy()
    }

    /// Where the marks of the last pass are.
    pub(crate) fn places(&self) -> &[MarkPlace] {
        &self.places
    }

    /// What lies under the pointer.
    pub(crate) fn readout(&self) -> Option<&Readout> {
        self.readout.as_ref()
    }

    /// Lights the marks of a finding.
    pub(crate) fn point(&mut self, finding: Option<FindingId>) {
        self.pointed = finding;
    }

    /// Selects a mark: its handles show, and Delete takes it out.
    pub(crate) fn select_mark(&mut self, mark: Option<AnnotationId>) {
        self.selected_mark = mark;
    }

    /// The mark that Delete would take out.
    pub(crate) fn selected_mark(&self) -> Option<AnnotationId> {
        self.selected_mark
    }

    /// Takes back what the hand is doing.
    pub(crate) fn cancel(&mut self, out: &mut Vec<Action>) {
        if !self.hand.cancel() && self.selected_mark.take().is_none() {
            out.push(ReadCommand::Select(None).into());
        }
    }

    /// Draws all views into the area of `ui`. `torn_keys` says what keys do in views that have windows of their own.
    pub(crate) fn viewports_ui(
        &mut self,
        s: &Snapshot,
        ui: &mut Ui,
        (torn_keys, out): (TornKeys, &mut Vec<Action>),
    ) {
        let area = ui.max_rect();
        self.begin(s);
        let cells = layout::cells(
            area,
            s.arrangement,
            s.views.len(),
            s.one_up,
            ui.pixels_per_point(),
        );
        let n_cells = cells.len();
        let mut active_cell = None;
        for (idx, rect) in cells {
            if idx == s.active {
                active_cell = Some(rect);
            }
            match s.views.get(idx.0) {
                Some(view) if s.torn.contains(&idx) => torn::vacant_ui(view, ui, rect, out),
                Some(view) => self.view_ui(s, view, ui, (rect, 1 < n_cells), out),
                None => {}
            }
        }
        self.torn_ui(s, ui, (torn_keys, out));
        if s.views.iter().all(|view| view.key.is_none()) && s.views.len() <= 1 {
            self.readout = None;
        }
        let active = active_cell.unwrap_or(area);
        chart::chart_ui(s, ui, (active, area), out);
        histogram::histogram_ui(s, ui, (active, area), out);
        self.hand.words_ui(ui, s, out);
        self.hand.end_pass();
    }

    fn begin(&mut self, s: &Snapshot) {
        self.painter.begin();
        self.places.clear();
        self.readout = None;
        self.hovered = None;
        let exists = |id: AnnotationId| {
            s.views
                .iter()
                .flat_map(|v| &v.marks)
                .any(|m| m.annotation.id == id)
        };
        self.selected_mark = self.selected_mark.filter(|id| exists(*id));
    }

    /// One view: interaction first, then the picture and what lies over it.
    fn view_ui(
        &mut self,
        s: &Snapshot,
        view: &ViewSnapshot,
        ui: &mut Ui,
        (rect, is_one_of_many): (Rect, bool),
        out: &mut Vec<Action>,
    ) {
        let response = ui.interact(rect, cell_id(view.idx), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, accessible_name(view)));
        resize(view, rect, ui.pixels_per_point(), out);
        if response.hovered() && ui.ctx().viewport_id() == ViewportId::ROOT {
            self.hovered = Some(view.idx);
        }
        let screen = view.plane.map(|plane| OnScreen {
            plane,
            rect,
            pixels_per_point: ui.pixels_per_point(),
        });
        if response.has_focus() {
            let filter = egui::EventFilter {
                horizontal_arrows: true,
                vertical_arrows: true,
                ..egui::EventFilter::default()
            };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
            if s.active != view.idx {
                out.push(ViewCommand::Focus(view.idx).into());
            }
        }
        if let Some(key) = response.dnd_release_payload::<VolumeKey>() {
            out.push(ViewCommand::PutSeries(view.idx, (*key).clone()).into());
        }
        let mut drawn = Vec::new();
        if let Some(screen) = &screen {
            drawn = marks::lay_out(view, screen, self.hand.dragged());
            let hand_view = hand::Over {
                s,
                view,
                screen,
                drawn: &drawn,
                selected: self.selected_mark,
            };
            self.selected_mark = self.hand.act(ui, &response, &hand_view, out);
            drawn = marks::lay_out(view, screen, self.hand.dragged());
            if let Some(pos) = response.hover_pos() {
                self.readout = Some(Readout::at(view, screen.place(pos)));
            }
        }
        if is_one_of_many {
            // The black line between views; a ground under all of them would be painted twice.
            let gap = Stroke::new(2.0, Color32::BLACK);
            ui.painter().rect_stroke(rect, 0, gap, StrokeKind::Outside);
        }
        let painter = ui.painter_at(rect);
        let held = response.hover_pos().zip(screen.as_ref());
        let held = held.filter(|_| self.hand.holds_lens(view.idx));
        let lens = held.map(|(pos, screen)| lens::lens_at(ui, screen, pos));
        let magnified = self.picture_ui(ui, &painter, view, (screen.as_ref(), lens.as_ref()));
        if let Some(screen) = &screen {
            self.over_ui(ui, s, view, (screen, &mut drawn), &response);
        }
        if let Some((lens, picture)) = lens.zip(magnified) {
            lens::paint_lens(&painter, lens.rect, picture);
        }
        let corner = ui.input(|input| input.pointer.interact_pos());
        if let Some((origin, corner)) = self.hand.box_origin(view.idx).zip(corner) {
            let drawn = Rect::from_two_pos(origin, corner);
            let edge = Stroke::new(1.0, ui_kit::over_image::TEXT);
            painter.rect_stroke(drawn, 0, edge, StrokeKind::Middle);
        }
        if response.dnd_hover_payload::<VolumeKey>().is_some() {
            let ring = Theme::of(ui.ctx()).ac;
            painter.rect_stroke(
                rect.shrink(4.0),
                0,
                Stroke::new(2.0, ring),
                StrokeKind::Inside,
            );
        }
        if view.idx == s.active && is_one_of_many {
            let ring = Theme::of(ui.ctx()).ac;
            painter.rect_stroke(rect, 0, Stroke::new(1.0, ring), StrokeKind::Inside);
        }
        // Over whatever the view shows, and where it shows nothing.
        crate::replay::paint_mark(&painter, s, rect);
        menu::menu_ui(&response, s, view, &mut self.hand, out);
        strip::strip_ui(ui, s, view, rect, out);
    }

    /// The picture; gives the part of it that a lens shows.
    fn picture_ui(
        &mut self,
        ui: &Ui,
        painter: &egui::Painter,
        view: &ViewSnapshot,
        (screen, lens): (Option<&OnScreen>, Option<&OnScreen>),
    ) -> Option<Shape> {
        let black = || painter.rect_filled(painter.clip_rect(), 0, Color32::BLACK);
        if view.key.is_none() {
            black();
            overlay::paint_message(
                painter,
                painter.clip_rect(),
                Icon::ImagesSquare,
                t("view.empty"),
                over_image::LETTER,
            );
            return None;
        }
        if let Some(why) = &view.hole {
            black();
            let loading = why == "Loading";
            let (icon, color) = if loading {
                (Icon::HourglassMedium, over_image::TEXT)
            } else {
                (Icon::FileX, over_image::WARNING)
            };
            overlay::paint_message(painter, painter.clip_rect(), icon, why, color);
            return None;
        }
        let painted = self.painter.paint(ui.ctx(), view);
        let (Some(painted), Some(screen)) = (painted, screen) else {
            black();
            overlay::paint_message(
                painter,
                painter.clip_rect(),
                Icon::HourglassMedium,
                t("view.making"),
                over_image::LETTER,
            );
            return None;
        };
        let shape_on = |screen: &OnScreen| match &painted.picture {
            Drawn::Egui(texture) => picture_shape(*texture, &painted.plane, screen),
            Drawn::Card(drawn) => self
                .painter
                .blit(drawn, (screen, &painted.plane))
                .map(Shape::from),
        };
        let picture = shape_on(screen);
        // What the card draws fills the whole view; a ground under it would be painted for nothing.
        if !matches!(picture, Some(Shape::Callback(_))) {
            black();
        }
        if let Some(picture) = picture {
            painter.add(picture);
        }
        lens.and_then(shape_on)
    }

    /// All that lies over the picture.
    fn over_ui(
        &mut self,
        ui: &mut Ui,
        s: &Snapshot,
        view: &ViewSnapshot,
        (screen, drawn): (&OnScreen, &mut Vec<marks::DrawnMark>),
        response: &egui::Response,
    ) {
        let rect = screen.rect;
        let painter = ui.painter_at(rect);
        let amount = Amount {
            overlay: s.overlay,
            compact: is_compact(ui.ctx().content_rect()),
        };
        self.graphics.paint(&painter, view, screen);
        reference_line::paint(&painter, s, view, screen);
        carried::paint(
            &painter,
            s,
            view,
            (self.hand.carried_in(), response.hover_pos()),
        );
        loading_ui(&painter, view);
        let lines = crosshair::plane_lines(s, view, screen);
        crosshair::paint(&painter, &lines, screen);
        if response.contains_pointer() && plane_handles::are_shown(s.tool) {
            let pointed = response.hover_pos().and_then(|pos| {
                plane_handles::handle_at(&lines, rect, (pos, plane_handles::REACH), s.tool)
            });
            plane_handles::paint(&painter, &lines, rect, pointed);
        }
        let mut taken = overlay::paint_corners(&painter, s, view, rect, amount);
        taken.extend(colour_bar::paint_colour_bar(&painter, view, rect));
        overlay::paint_letters(&painter, view, rect);
        overlay::paint_scale(&painter, view, screen);
        axes::paint(&painter, view, rect);
        let below = taken
            .iter()
            .filter(|r| r.center().x < rect.center().x && r.center().y < rect.center().y);
        let top = below.map(|r| r.bottom()).fold(rect.top() + 6.0, f32::max) + 4.0;
        if let Some(place) = overlay::paint_warnings(&painter, view, rect, top) {
            taken.push(place);
            let tip = ui.interact(place, response.id.with("warnings"), Sense::hover());
            ui_kit::with_tip(tip, &view.warnings.join("\n"), &[]);
        }
        if view.hole.is_none() {
            // Labels keep off the strip as well.
            let strip = Rect::from_min_max(
                pos2(rect.right() - overlay::STRIP_ROOM, rect.top()),
                rect.max,
            );
            taken.push(strip);
            let emphasised = Emphasised {
                selected: self.selected_mark,
                pointed: self.pointed,
            };
            marks::paint(&painter, view, (drawn, rect), emphasised, &mut taken);
            self.hand.paint_draft(&painter, s, view, screen, &mut taken);
            marks::provenance_ui(ui, view, drawn, response);
            if let Some(place) = overlay::window_place(&painter, view, rect, amount) {
                window_why::window_why_ui(ui, view, place, response);
            }
        }
        self.places.extend(drawn.iter().filter_map(|mark| {
            let bounds = mark.strokes.bounds();
            rect.intersects(bounds).then(|| MarkPlace {
                finding: mark.finding,
                at: bounds.center(),
                view: rect,
            })
        }));
    }
}

/// Says that slices of the volume are still to come: what is black on a plane until then may be filled.
fn loading_ui(painter: &egui::Painter, view: &ViewSnapshot) {
    // Projections say themselves how many slices they are made of.
    let is_plane = view.kind != ViewKind::Stack && !view.kind.is_projection();
    let Some([n_there, n]) = view.loading.filter(|_| is_plane) else {
        return;
    };
    let percent = (100 * n_there / n.max(1)).to_string();
    let words = t_args("view.loading", &[("percent", &percent)]);
    let rect = painter.clip_rect();
    carried::plate(painter, pos2(rect.center().x, rect.top() + 36.0), &words);
}

/// Tells the session how large a view is, when that changed.
fn resize(view: &ViewSnapshot, rect: Rect, pixels_per_point: f32, out: &mut Vec<Action>) {
    let wanted = size_px(rect, pixels_per_point);
    if view.plane.is_some_and(|plane| plane.size_px != wanted) {
        out.push(ViewCommand::Resize(view.idx, wanted).into());
    }
}

/// A picture where its pixels belong, which is the whole view unless it was made for an earlier plane.
fn picture_shape(
    texture: egui::TextureId,
    plane: &space::ViewPlane,
    screen: &OnScreen,
) -> Option<Shape> {
    let corners = screen.corners_of(plane)?;
    let mut mesh = Mesh::with_texture(texture);
    let uvs = [
        pos2(0.0, 0.0),
        pos2(1.0, 0.0),
        pos2(1.0, 1.0),
        pos2(0.0, 1.0),
    ];
    for (pos, uv) in corners.into_iter().zip(uvs) {
        let color = Color32::WHITE;
        mesh.vertices.push(egui::epaint::Vertex { pos, uv, color });
    }
    mesh.add_triangle(0, 1, 2);
    mesh.add_triangle(0, 2, 3);
    Some(Shape::mesh(mesh))
}

/// What a screen reader says of a view.
fn accessible_name(view: &ViewSnapshot) -> String {
    let [slice_idx, n_slices] = view.slice;
    let window = if view.preset_name.is_empty() {
        &view.window_text
    } else {
        view.preset_name
    };
    let name = t_args(
        "view.accessible",
        &[
            ("plane", &overlay::plane_words(view)),
            ("n", &(slice_idx + 1).to_string()),
            ("total", &n_slices.to_string()),
            ("window", window),
        ],
    );
    let mut findings: Vec<String> = view
        .marks
        .iter()
        .filter_map(|m| Some(m.annotation.finding?.to_string()))
        .collect();
    findings.dedup();
    let said = [Some(name), view.hole.clone()].into_iter().flatten();
    let marks = findings
        .into_iter()
        .map(|id| t_args("view.accessible_finding", &[("id", &id)]));
    said.chain(marks).collect::<Vec<_>>().join(", ")
}

/// Is this the id of a view's cell?
pub(crate) fn is_cell(id: egui::Id, n_views: usize) -> bool {
    (0..n_views).any(|i| cell_id(ViewIdx(i)) == id)
}

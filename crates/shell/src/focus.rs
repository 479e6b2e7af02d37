use egui::{Event, EventFilter, Id, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo};
use session::commands::Region;
use session::{Screen, Snapshot};
use ui_kit::{Theme, focus_is_from_keyboard, t};

use crate::viewport::is_cell;

/// A part of the screen that has the keyboard as a whole; F6 goes round them in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScreenRegion {
    /// The bar with the tabs.
    TopBar,
    /// Patient, steps and the main action.
    CaseBar,
    /// Tools and presets.
    Toolbar,
    /// Series.
    Rail,
    /// The images.
    Views,
    /// The panel at the right: report and second read.
    Panel,
    /// The whole of the worklist or of the comparison.
    Main,
    /// The bar at the foot.
    Status,
}

/// Views of a layout at most.
const MAX_VIEWS: usize = 16;

impl ScreenRegion {
    const ALL: [Self; 8] = [
        Self::TopBar,
        Self::CaseBar,
        Self::Toolbar,
        Self::Rail,
        Self::Views,
        Self::Panel,
        Self::Main,
        Self::Status,
    ];
    const READING: [Self; 7] = [
        Self::TopBar,
        Self::CaseBar,
        Self::Toolbar,
        Self::Rail,
        Self::Views,
        Self::Panel,
        Self::Status,
    ];
    const WHOLE: [Self; 3] = [Self::TopBar, Self::Main, Self::Status];

    /// The control that stands for the region as a whole.
    fn anchor(self) -> Id {
        Id::unique(("region", self))
    }

    fn order(screen: Screen) -> &'static [Self] {
        match screen {
            Screen::Reading => &Self::READING,
            Screen::Worklist | Screen::Compare => &Self::WHOLE,
        }
    }

    fn home(screen: Screen) -> Self {
        match screen {
            Screen::Reading => Self::Views,
            Screen::Worklist | Screen::Compare => Self::Main,
        }
    }

    fn name(self, snapshot: &Snapshot) -> &'static str {
        t(match (self, snapshot.screen) {
            (Self::TopBar, _) => "region.top",
            (Self::CaseBar, _) => "region.case",
            (Self::Toolbar, _) => "region.toolbar",
            (Self::Rail, _) => "region.rail",
            (Self::Views, _) => "region.viewports",
            (Self::Panel, _) if is_revealed(snapshot) => "region.statements",
            (Self::Panel, _) if crate::third_read::third(snapshot).is_some() => "region.third_read",
            (Self::Panel, _) if crate::learning::first_readers_case(snapshot).is_some() => {
                "region.first_reader"
            }
            (Self::Panel, _) => "region.read",
            (Self::Main, Screen::Worklist) => "region.worklist",
            (Self::Main, Screen::Reading | Screen::Compare) => "region.statements",
            (Self::Status, _) => "region.status",
        })
    }
}

fn is_revealed(snapshot: &Snapshot) -> bool {
    snapshot
        .case
        .as_ref()
        .is_some_and(|case| case.comparison.is_some())
}

/// Which region has the keyboard.
#[derive(Debug)]
pub(crate) struct Focus {
    region: ScreenRegion,
    screen: Screen,
    wanted: Option<ScreenRegion>,
}

impl Focus {
    pub(crate) fn new() -> Self {
        Self {
            region: ScreenRegion::Main,
            screen: Screen::Worklist,
            wanted: None,
        }
    }

    /// Starts a pass: a new screen starts at its home.
    pub(crate) fn begin(&mut self, snapshot: &Snapshot) {
        if self.screen != snapshot.screen {
            self.screen = snapshot.screen;
            self.region = ScreenRegion::home(snapshot.screen);
        }
    }

    /// Gives a region the keyboard with the next pass.
    pub(crate) fn give(&mut self, region: ScreenRegion) {
        self.wanted = Some(region);
        self.region = region;
    }

    /// Moves on by one region, or back.
    pub(crate) fn step(&mut self, by: isize) {
        let order = ScreenRegion::order(self.screen);
        let at = order
            .iter()
            .position(|region| *region == self.region)
            .unwrap_or(0) as isize;
        let next_idx = (at + by).rem_euclid(order.len() as isize) as usize;
        if let Some(region) = order.get(next_idx) {
            self.give(*region);
        }
    }

    /// Whose keys hold now; `None` in a form, where only those that hold anywhere do.
    pub(crate) fn keys(&self, snapshot: &Snapshot) -> Option<Region> {
        let of_screen = match snapshot.screen {
            Screen::Worklist => Region::Worklist,
            Screen::Reading => Region::Viewport,
            Screen::Compare => Region::Statements,
        };
        match self.region {
            ScreenRegion::Panel | ScreenRegion::Rail if crate::third_read::is_open(snapshot) => {
                Some(Region::ThirdRead)
            }
            ScreenRegion::Panel if is_revealed(snapshot) => Some(Region::Statements),
            ScreenRegion::Panel => None,
            ScreenRegion::TopBar
            | ScreenRegion::CaseBar
            | ScreenRegion::Toolbar
            | ScreenRegion::Rail
            | ScreenRegion::Views
            | ScreenRegion::Main
            | ScreenRegion::Status => Some(of_screen),
        }
    }

    /// Does a control inside a region have the keyboard, rather than the region as a whole?
    pub(crate) fn is_on_control(&self, ctx: &egui::Context) -> bool {
        let Some(focused) = ctx.memory(|memory| memory.focused()) else {
            return false;
        };
        let is_region = ScreenRegion::ALL
            .iter()
            .any(|region| region.anchor() == focused);
        !is_region && !is_cell(focused, MAX_VIEWS)
    }

    /// Puts the anchor of a region down before its controls, so that Tab leads from it into them.
    pub(crate) fn region_ui(
        &mut self,
        ui: &Ui,
        region: ScreenRegion,
        rect: Rect,
        snapshot: &Snapshot,
    ) {
        if rect.height() <= 0.0 || rect.width() <= 0.0 {
            return;
        }
        let id = region.anchor();
        let response = ui.interact(rect, id, Sense::focusable_noninteractive());
        response.widget_info(|| WidgetInfo::labeled(Role::Group, true, region.name(snapshot)));
        if self.wanted == Some(region) {
            self.wanted = None;
            ui.memory_mut(|memory| memory.request_focus(id));
        }
        let pressed_inside = ui.input(|input| {
            input.pointer.any_pressed()
                && input
                    .pointer
                    .interact_pos()
                    .is_some_and(|pos| rect.contains(pos))
        });
        if pressed_inside
            && ui
                .ctx()
                .layer_id_at(rect.center())
                .is_none_or(|layer| layer == ui.layer_id())
        {
            self.region = region;
        }
        if response.has_focus() {
            self.region = region;
            let filter = EventFilter {
                horizontal_arrows: true,
                vertical_arrows: true,
                ..EventFilter::default()
            };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
        }
    }

    /// Outlines the region that the keyboard brought into focus, over all that it holds.
    pub(crate) fn outline_ui(&self, ui: &Ui, region: ScreenRegion, rect: Rect, theme: &Theme) {
        let has_focus = ui.memory(|memory| memory.has_focus(region.anchor()));
        if has_focus && focus_is_from_keyboard(ui.ctx()) {
            ui.painter().rect_stroke(
                rect.shrink(1.0),
                0,
                Stroke::new(1.5, theme.ac),
                StrokeKind::Inside,
            );
        }
    }
}

/// Was anything done with mouse or keyboard in this pass?
pub(crate) fn has_input(events: &[Event]) -> bool {
    events.iter().any(|event| {
        matches!(
            event,
            Event::Key { .. }
                | Event::Text(_)
                | Event::PointerMoved(_)
                | Event::PointerButton { .. }
                | Event::MouseWheel { .. }
                | Event::Touch { .. }
                | Event::AccessKitActionRequest(_)
        )
    })
}

//! Where each panel of each screen is called: one slot, one line.
//!
//! A panel is a struct with UI state only and
//! `fn x_ui(&mut self, s: &Snapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>)`. It draws into the `Ui` of its
//! slot, whose `max_rect` is the slot and whose ground is painted. Every panel is a field of [`Panels`].

use egui::{Color32, Rect, Ui, UiBuilder};
use session::commands::ShellAction;
use session::{Command, Screen, Snapshot};
use ui_kit::{Theme, t};

use crate::case_bar::CaseBar;
use crate::compare::ComparePanel;
use crate::damaged::Damaged;
use crate::dialogs::Dialogs;
use crate::focus::{Focus, ScreenRegion};
use crate::input::Covers;
use crate::learning::{FirstReaderPanel, first_readers_case};
use crate::metrics::{self, Parts, RightPanel};
use crate::notices::Notices;
use crate::reading::ReadingPanel;
use crate::revealed::RevealedPanel;
use crate::third_read::{ThirdList, ThirdPanel};
use crate::viewport::{Grounds, TornKeys, Viewports};
use crate::worklist::Worklist;
use crate::{Action, UiAction};

/// All panels, with the state that only the window knows.
pub(crate) struct Panels {
    pub(crate) viewports: Viewports,
    pub(crate) notices: Notices,
    grounds: Grounds,
    case_bar: CaseBar,
    reading: ReadingPanel,
    damaged: Damaged,
    worklist: Worklist,
    revealed: RevealedPanel,
    compare: ComparePanel,
    third: ThirdPanel,
    first_reader: FirstReaderPanel,
    third_list: ThirdList,
    dialogs: Dialogs,
    /// Width of the panel at the right while it is blinded, once it is revealed and in a third read, when the reader chose
    /// one.
    panel_width: [Option<f32>; 3],
    /// Height that the message bars took in the last pass.
    messages_height: f32,
}

impl Panels {
    pub(crate) fn new(viewports: Viewports) -> Self {
        Self {
            grounds: viewports.grounds(),
            viewports,
            notices: Notices::default(),
            case_bar: CaseBar::default(),
            reading: ReadingPanel::default(),
            damaged: Damaged::default(),
            worklist: Worklist::default(),
            revealed: RevealedPanel::default(),
            compare: ComparePanel::default(),
            third: ThirdPanel::default(),
            first_reader: FirstReaderPanel::default(),
            third_list: ThirdList::default(),
            dialogs: Dialogs::default(),
            panel_width: [None; 3],
            messages_height: 0.0,
        }
    }

    /// Draws the screen.
    pub(crate) fn screen_ui(
        &mut self,
        s: &Snapshot,
        focus: &mut Focus,
        ui: &mut Ui,
        out: &mut Vec<Action>,
    ) {
        let theme = Theme::of(ui.ctx());
        let window = ui.max_rect();
        let panel = right_panel(s);
        let width = self.panel_width(window, panel);
        let parts = metrics::reading_parts(window, panel, width, self.messages_height);
        let grounds = self.grounds.clone();
        let mut slots = Slots {
            s,
            focus,
            theme,
            grounds: &grounds,
        };
        slots.show(ui, ScreenRegion::TopBar, parts.top_bar, theme.bg1, |ui| {
            self.top_bar_slot(s, ui, theme, out)
        });
        match s.screen {
            Screen::Reading => self.reading_ui(&mut slots, &parts, ui, out),
            Screen::Worklist => {
                slots.show(ui, ScreenRegion::Main, parts.body, theme.bg2, |ui| {
                    self.worklist_slot(s, ui, theme, out)
                });
            }
            Screen::Compare => {
                slots.show(ui, ScreenRegion::Main, parts.body, theme.bg1, |ui| {
                    self.compare_slot(s, ui, theme, out)
                });
            }
        }
        slots.show(ui, ScreenRegion::Status, parts.status, theme.bg1, |ui| {
            self.status_slot(s, ui, theme, out)
        });
        self.floating_ui(s, ui, theme, out);
        self.notices.notices_ui(s, ui, theme, out);
        drop_hint_ui(ui, theme, parts.body);
    }

    fn reading_ui(
        &mut self,
        slots: &mut Slots<'_>,
        parts: &Parts,
        ui: &mut Ui,
        out: &mut Vec<Action>,
    ) {
        let (s, theme) = (slots.s, slots.theme);
        slots.show(ui, ScreenRegion::CaseBar, parts.case_bar, theme.bg2, |ui| {
            self.case_bar_slot(s, ui, theme, out)
        });
        slots.show(ui, ScreenRegion::Toolbar, parts.toolbar, theme.bg2, |ui| {
            self.toolbar_slot(s, ui, theme, out)
        });
        let below = Rect::from_min_max(parts.toolbar.left_bottom(), parts.status.right_top());
        let mut messages = ui.new_child(UiBuilder::new().id_salt("messages").max_rect(below));
        self.messages_slot(s, &mut messages, theme, out);
        let height = messages.min_rect().height().round();
        if height != self.messages_height {
            self.messages_height = height;
            ui.ctx()
                .request_discard("the message bars changed their height");
        }
        slots.show(ui, ScreenRegion::Rail, parts.rail, theme.bg2, |ui| {
            self.rail_slot(s, ui, theme, out)
        });
        let heard = match self.dialogs.takes_text() || self.dialogs.takes_keys() {
            true => TornKeys::ForMain,
            false => TornKeys::Commands,
        };
        let (views, timeline) = crate::replay::divide(s, parts.views);
        // Each view paints its own black.
        slots.show(ui, ScreenRegion::Views, views, Color32::TRANSPARENT, |ui| {
            self.viewports.viewports_ui(s, ui, (heard, out))
        });
        if let Some(timeline) = timeline {
            slots.grounds.paint(ui.painter(), timeline, theme.bg2);
            let builder = UiBuilder::new().id_salt("replay").max_rect(timeline);
            let mut child = ui.new_child(builder);
            child.set_clip_rect(timeline.intersect(ui.clip_rect()));
            crate::replay::timeline_ui(s, &mut child, theme, out);
        }
        slots.show(ui, ScreenRegion::Panel, parts.panel, theme.bg2, |ui| {
            self.right_slot(s, ui, theme, out)
        });
        dividers_ui(ui, theme, parts);
        self.panel_edge_ui(s, parts, ui);
        self.link_slot(s, ui);
    }

    fn panel_width(&self, window: Rect, panel: RightPanel) -> f32 {
        let usual = metrics::panel_width(window, panel);
        let [blinded, revealed, third] = self.panel_width;
        match panel {
            RightPanel::Blinded => blinded,
            RightPanel::Revealed => revealed,
            RightPanel::Third | RightPanel::FirstReader => third,
        }
        .unwrap_or(usual)
    }

    fn panel_edge_ui(&mut self, s: &Snapshot, parts: &Parts, ui: &Ui) {
        let panel = right_panel(s);
        let window = ui.max_rect();
        let usual = metrics::panel_width(window, panel);
        let mut width = self.panel_width(window, panel);
        let edge = Rect::from_x_y_ranges(
            parts.panel.left()..=parts.panel.left(),
            parts.panel.y_range(),
        );
        let limits = egui::Rangef::new(300.0, 900.0);
        let name = ui_kit::t_args("region.resize", &[("name", t("region.read"))]);
        if ui_kit::split_handle(ui, edge, &mut width, (limits, usual), &name) {
            self.set_panel_width(panel, (width != usual).then_some(width));
        }
    }

    fn set_panel_width(&mut self, panel: RightPanel, width: Option<f32>) {
        let [blinded, revealed, third] = &mut self.panel_width;
        match panel {
            RightPanel::Blinded => *blinded = width,
            RightPanel::Revealed => *revealed = width,
            RightPanel::Third | RightPanel::FirstReader => *third = width,
        }
    }

    /// What a panel asked of the window.
    pub(crate) fn take_ui(&mut self, action: UiAction, s: &Snapshot, ctx: &egui::Context) {
        match action {
            UiAction::Focus(_) => {}
            UiAction::CopyText(text) => {
                ctx.copy_text(text);
                self.notices.say(t("toast.copied"));
            }
            UiAction::Say(text) => self.notices.say(&text),
            UiAction::Point(finding) => self.viewports.point(finding),
            UiAction::SelectMark(mark) => self.viewports.select_mark(mark),
            UiAction::PanelWidth(width) => self.set_panel_width(right_panel(s), width),
            UiAction::AskSeal => {
                self.damaged.close();
                self.reading.ask_seal();
            }
        }
    }

    // The slots. Each calls the panel that belongs there.

    fn top_bar_slot(&mut self, s: &Snapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
        crate::top_bar::top_bar_ui(s, ui, theme, out);
    }

    fn case_bar_slot(&mut self, s: &Snapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
        self.case_bar.case_bar_ui(s, ui, theme, out);
    }

    fn toolbar_slot(&mut self, s: &Snapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
        crate::toolbar::toolbar_ui(s, ui, theme, out);
    }

    /// Bars across the window under the toolbar, for damaged studies; the height that is used is taken from the views.
    fn messages_slot(&mut self, s: &Snapshot, ui: &mut Ui, _theme: &Theme, out: &mut Vec<Action>) {
        self.damaged.damaged_bar_ui(s, ui, out);
    }

    fn rail_slot(&mut self, s: &Snapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
        match crate::third_read::third(s).filter(|third| third.opened.is_some()) {
            Some(third) => self.third_list.list_ui(s, third, ui, theme, out),
            None => crate::rail::rail_ui(s, ui, theme, out),
        }
    }

    /// The panel at the right: blinded or revealed, as [`right_panel`] says.
    fn right_slot(&mut self, s: &Snapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
        match right_panel(s) {
            _ if self.damaged.is_open(s) => self.damaged.import_report_ui(s, ui, theme, out),
            RightPanel::Blinded => self.reading.reading_panel_ui(s, ui, theme, out),
            RightPanel::Revealed => self.revealed.revealed_ui(s, ui, theme, out),
            RightPanel::Third => self.third.third_ui(s, ui, theme, out),
            RightPanel::FirstReader => self.first_reader.first_reader_ui(s, ui, theme, out),
        }
    }

    /// Over views and panel: the line from a statement to its mark. `self.viewports.places()` knows where marks are.
    fn link_slot(&mut self, s: &Snapshot, ui: &mut Ui) {
        if right_panel(s) == RightPanel::Revealed && !self.damaged.is_open(s) {
            self.revealed.link_ui(s, self.viewports.places(), ui);
        }
    }

    fn worklist_slot(&mut self, s: &Snapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
        let pictures_by = self.viewports.pictures_by();
        self.worklist.worklist_ui(s, pictures_by, ui, theme, out);
    }

    fn compare_slot(&mut self, s: &Snapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
        self.compare.compare_ui(s, ui, theme, out);
    }

    /// The bar at the foot. `self.viewports.readout()` is what lies under the pointer.
    fn status_slot(&mut self, s: &Snapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
        let facts = (self.viewports.readout(), self.viewports.pictures_by());
        crate::status_bar::status_bar_ui(s, facts, ui, theme, out);
    }

    /// What floats over every screen: palette, shortcut sheet, dialogs.
    fn floating_ui(&mut self, s: &Snapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
        self.dialogs.dialogs_ui(s, ui, theme, out);
    }

    /// Does something take every key for itself, so that none is a command?
    pub(crate) fn takes_keys(&self) -> bool {
        self.dialogs.takes_keys()
    }

    /// Does something lie over the screens that is done with first?
    pub(crate) fn covers(&self) -> Covers {
        match self.dialogs.dimmed_pictures() || self.dialogs.takes_text() {
            true => Covers::Screens,
            false => Covers::Nothing,
        }
    }

    /// Does something cover the whole window, so that nothing else is seen?
    pub(crate) fn is_covered(&self) -> bool {
        self.dialogs.covers_window()
    }

    /// Did something dim the pictures in the last pass, so that they are not read?
    pub(crate) fn are_pictures_dimmed(&self) -> bool {
        self.dialogs.dimmed_pictures()
    }

    /// Holds an action back where the reader has to be asked first.
    pub(crate) fn hold_back(&mut self, action: Action, s: &Snapshot) -> Option<Action> {
        self.dialogs.hold_back(action, s)
    }

    /// What only a window can do and a panel does: opening what floats, and the main action of the screen.
    pub(crate) fn take_shell(&mut self, action: ShellAction, s: &Snapshot, out: &mut Vec<Action>) {
        self.dialogs.take_shell(action, s);
        match action {
            // The shell itself does these.
            ShellAction::FullScreen
            | ShellAction::NextRegion
            | ShellAction::PreviousRegion
            | ShellAction::ToggleTheme => {}
            ShellAction::Cancel => {
                crate::replay::cancel(s, out);
                self.viewports.cancel(out);
                self.reading.cancel(out);
            }
            ShellAction::Palette
            | ShellAction::Shortcuts
            | ShellAction::OpenFolder
            | ShellAction::OpenArchive
            | ShellAction::AttachReport
            | ShellAction::Export
            | ShellAction::EditHanging
            | ShellAction::TestPatterns
            | ShellAction::Display
            | ShellAction::EditWindows
            | ShellAction::ListViews
            | ShellAction::EditBindings
            | ShellAction::CopyNarrative
            | ShellAction::Critical
            | ShellAction::Amend
            | ShellAction::Dictate
            | ShellAction::Roster
            | ShellAction::Protocols
            | ShellAction::Draw
            | ShellAction::RevealEarly => {}
            ShellAction::Checklist => self.reading.toggle_checklist(),
            ShellAction::AskSeal => out.push(UiAction::AskSeal.into()),
            ShellAction::MainAction => match s.screen {
                Screen::Compare => self.compare.main_action(s, out),
                Screen::Reading if right_panel(s) == RightPanel::Third => {
                    self.third.main_action(s, out)
                }
                Screen::Reading if crate::verdict::waits(s) => self.revealed.main_action(s, out),
                Screen::Reading | Screen::Worklist => out.extend(crate::main_action::of_screen(s)),
            },
        }
    }
}

/// What the panel at the right holds.
pub(crate) fn right_panel(s: &Snapshot) -> RightPanel {
    let revealed = s
        .case
        .as_ref()
        .is_some_and(|case| case.comparison.is_some());
    if first_readers_case(s).is_some() {
        RightPanel::FirstReader
    } else if crate::third_read::third(s).is_some() {
        RightPanel::Third
    } else if revealed {
        RightPanel::Revealed
    } else {
        RightPanel::Blinded
    }
}

/// Thin lines between the parts of the reading room.
fn dividers_ui(ui: &Ui, theme: &Theme, parts: &Parts) {
    let stroke = egui::Stroke::new(1.0, theme.st1);
    for bar in [parts.top_bar, parts.case_bar, parts.toolbar] {
        ui.painter()
            .hline(bar.x_range(), bar.bottom() - 0.5, stroke);
    }
    ui.painter()
        .hline(parts.status.x_range(), parts.status.top() + 0.5, stroke);
    ui.painter()
        .vline(parts.rail.right() - 0.5, parts.rail.y_range(), stroke);
    ui.painter()
        .vline(parts.panel.left() + 0.5, parts.panel.y_range(), stroke);
}

/// Puts panels into their places.
struct Slots<'a> {
    s: &'a Snapshot,
    focus: &'a mut Focus,
    theme: &'a Theme,
    grounds: &'a Grounds,
}

impl Slots<'_> {
    fn show(
        &mut self,
        ui: &mut Ui,
        region: ScreenRegion,
        rect: Rect,
        ground: Color32,
        add: impl FnOnce(&mut Ui),
    ) {
        if rect.height() <= 0.0 || rect.width() <= 0.0 {
            return;
        }
        // The window is cleared to the ground of panels.
        if ground != Color32::TRANSPARENT && ground != ui.visuals().panel_fill {
            self.grounds.paint(ui.painter(), rect, ground);
        }
        self.focus.region_ui(ui, region, rect, self.s);
        let mut child = ui.new_child(UiBuilder::new().id_salt(("slot", region)).max_rect(rect));
        child.set_clip_rect(rect.intersect(ui.clip_rect()));
        add(&mut child);
        self.focus.outline_ui(ui, region, rect, self.theme);
    }
}

/// Says while files hang over the window that they may be let go.
fn drop_hint_ui(ui: &Ui, theme: &Theme, area: Rect) {
    if ui.input(|input| input.raw.hovered_files.is_empty()) {
        return;
    }
    let painter = ui.ctx().layer_painter(egui::LayerId::new(
        egui::Order::Foreground,
        egui::Id::unique("drop hint"),
    ));
    painter.rect_filled(area, 0, theme.scrim);
    ui_kit::paint_dashed_rect(
        &painter,
        area.shrink(24.0),
        ui_kit::radius::DIALOG,
        theme.ac,
    );
    let galley = painter.layout_no_wrap(
        t("open.drop").to_owned(),
        ui_kit::Kind::PAGE.font_id(),
        theme.t1,
    );
    painter.galley(area.center() - galley.size() / 2.0, galley, theme.t1);
}

/// The files that were let go over the window.
pub(crate) fn dropped_files(ctx: &egui::Context) -> Option<Action> {
    let paths: Vec<_> = ctx.input(|input| {
        input
            .raw
            .dropped_files
            .iter()
            .map(|file| file.path().to_owned())
            .collect()
    });
    (!paths.is_empty()).then_some(Action::Session(Command::OpenPaths(paths)))
}

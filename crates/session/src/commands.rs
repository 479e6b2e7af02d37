//! The one table of commands: it feeds keys, toolbar, menus, palette and the shortcut sheet.

use case::{Class, Priority, Significance, Stage, Upheld};

use crate::{
    CaseMark, Command, CompareCommand, Copied, Due, Grouping, Interpolation, LayoutKind,
    ListCommand, ListView, LookUpCommand, Order, Queue, ReadCommand, ReplayCommand, Screen,
    Snapshot, ThirdCommand, ThirdMarks, ThirdReadSnapshot, Tool, ViewCommand,
};

/// Where a key means something (DECISIONS, "Keys").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Region {
    /// Everywhere, also while text is typed.
    Anywhere,
    /// The views.
    Viewport,
    /// Statements and rows of the comparison.
    Statements,
    /// The two reads of a third read.
    ThirdRead,
    /// The table of cases.
    Worklist,
}

/// What only a window can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ShellAction {
    /// Search and run a command.
    Palette,
    /// The map of keys.
    Shortcuts,
    /// Ask for a folder.
    OpenFolder,
    /// Ask for an archive.
    OpenArchive,
    /// Ask for a first report.
    AttachReport,
    /// Ask for a folder and write the files of the case.
    Export,
    /// Full screen, or back.
    FullScreen,
    /// Close what floats, take a drag back, or leave a field.
    Cancel,
    /// Focus the next region.
    NextRegion,
    /// Focus the previous region.
    PreviousRegion,
    /// The main action of the screen.
    MainAction,
    /// Dark or light.
    ToggleTheme,
    /// Plain text of the result to the clipboard.
    CopyNarrative,
    /// Ask for the reason and open the first report before the seal.
    RevealEarly,
    /// Findings that cannot wait.
    Critical,
    /// Findings from typed or dictated text.
    Dictate,
    /// Who may do what.
    Roster,
    /// The rules that cases are read by.
    Protocols,
    /// Draw cases for second reading.
    Draw,
    /// Change a finding after the reveal.
    Amend,
    /// Show what the seal means, and offer it.
    AskSeal,
    /// Change, name and keep what is on screen as a hanging protocol.
    EditHanging,
    /// Test patterns over the whole window.
    TestPatterns,
    /// What the display should do, and what was measured of it.
    Display,
    /// Name and keep the window on screen, and change the reader's own ones.
    EditWindows,
    /// Unfold the checklist of anatomic regions, or fold it.
    Checklist,
    /// What keys and mouse do, to be changed.
    EditBindings,
    /// Name and keep what the worklist shows, and change the views that were kept.
    ListViews,
}

/// What a command of the table does.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Goes to the session.
    Session(Command),
    /// Goes to the window.
    Shell(ShellAction),
}

/// A key with its modifiers, by name: `W`, `PageUp`, `F1`, `[`, `0`, `Enter`, `Up`, …
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shortcut {
    /// Name of the key.
    pub key: &'static str,
    /// With Ctrl.
    pub ctrl: bool,
    /// With Shift.
    pub shift: bool,
    /// With Alt.
    pub alt: bool,
}

impl std::fmt::Display for Shortcut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl+")?;
        }
        if self.alt {
            f.write_str("Alt+")?;
        }
        if self.shift {
            f.write_str("Shift+")?;
        }
        f.write_str(self.key)
    }
}

/// One command.
pub struct CommandSpec {
    /// Stable name and key of its text: the catalogue has `command.<id>` and `command.<id>.help`.
    pub id: &'static str,
    /// Heading of the shortcut sheet it stands under: `anywhere`, `tools`, `views`, `moving`, `doing`, `statements`, `third_read`, `worklist`.
    pub group: &'static str,
    /// Name of its icon in `ui_kit`; empty for none.
    pub icon: &'static str,
    /// Where its keys work.
    pub region: Region,
    /// Its keys in the profile of the house; those in use are in [`crate::Bindings`].
    pub shortcuts: &'static [Shortcut],
    /// Can it be done now?
    pub enabled: fn(&Snapshot) -> bool,
    /// What it does now; `None` when there is nothing to do it to.
    pub effect: fn(&Snapshot) -> Option<Effect>,
}

const fn key(key: &'static str) -> Shortcut {
    Shortcut {
        key,
        ctrl: false,
        shift: false,
        alt: false,
    }
}
const fn ctrl(key: &'static str) -> Shortcut {
    Shortcut {
        key,
        ctrl: true,
        shift: false,
        alt: false,
    }
}
const fn shift(key: &'static str) -> Shortcut {
    Shortcut {
        key,
        ctrl: false,
        shift: true,
        alt: false,
    }
}
const fn ctrl_shift(key: &'static str) -> Shortcut {
    Shortcut {
        key,
        ctrl: true,
        shift: true,
        alt: false,
    }
}

fn always(_: &Snapshot) -> bool {
    true
}
fn has_images(s: &Snapshot) -> bool {
    s.screen == Screen::Reading && s.views.iter().any(|v| v.key.is_some())
}
fn has_graphics(s: &Snapshot) -> bool {
    has_images(s) && s.views.iter().any(|v| 0 < v.n_graphics)
}
fn plays(s: &Snapshot) -> bool {
    has_images(s) && s.views.get(s.active.0).is_some_and(|v| v.playing.is_some())
}
fn plays_part(s: &Snapshot) -> bool {
    let playing = s.views.get(s.active.0).and_then(|v| v.playing.as_ref());
    has_images(s) && playing.is_some_and(|playing| playing.is_trimmed)
}
fn has_case(s: &Snapshot) -> bool {
    s.case.is_some()
}
fn may_export(s: &Snapshot) -> bool {
    s.case
        .as_ref()
        .is_some_and(|case| !case.learning.is_first_reader)
}
fn has_checklist(s: &Snapshot) -> bool {
    may_edit_read(s) && s.case.as_ref().is_some_and(|case| case.checklist.is_some())
}

fn may_edit_read(s: &Snapshot) -> bool {
    s.case.as_ref().is_some_and(|c| {
        c.yours
            && matches!(
                c.stage,
                Stage::Ready | Stage::Intake | Stage::Reading | Stage::UnblindedEarly
            )
    })
}
fn may_mark(s: &Snapshot) -> bool {
    has_images(s) && may_edit_read(s)
}
fn third(s: &Snapshot) -> Option<&ThirdReadSnapshot> {
    s.case.as_ref()?.third.as_ref()
}
/// Are both reads open to the third reader?
fn third_is_open(s: &Snapshot) -> bool {
    third(s).is_some_and(|third| third.opened.is_some())
}
fn may_measure(s: &Snapshot) -> bool {
    may_mark(s) || has_images(s) && third_is_open(s) && s.selected_pair.is_some()
}
fn may_take_third(s: &Snapshot) -> bool {
    third(s).is_some_and(|third| !third.yours && !third.taken_by_other)
}
fn may_open_reads(s: &Snapshot) -> bool {
    third(s).is_some_and(|third| third.opened.is_none() && !third.taken_by_other)
}
fn may_be_critical(s: &Snapshot) -> bool {
    s.case.as_ref().is_some_and(|case| case.third.is_none())
}
fn may_amend(s: &Snapshot) -> bool {
    let amended = s.case.as_ref().and_then(|case| case.amended.as_ref());
    amended.is_some_and(|amended| amended.editable)
}
fn may_ask_third(s: &Snapshot) -> bool {
    s.case.as_ref().is_some_and(|case| case.may_ask_third)
}
fn may_copy_to_prior(s: &Snapshot) -> bool {
    let is_prior = |item: &crate::RailItem| matches!(item.group, crate::RailGroup::Prior(_));
    may_mark(s) && s.selected_finding.is_some() && s.rail.iter().any(is_prior)
}
fn may_compare(s: &Snapshot) -> bool {
    s.case
        .as_ref()
        .and_then(|c| c.comparison.as_ref())
        .is_some_and(|c| c.editable)
}
fn revealed(s: &Snapshot) -> bool {
    s.case.as_ref().is_some_and(|c| c.comparison.is_some())
}
fn can_undo(s: &Snapshot) -> bool {
    s.undo.is_some()
}
fn can_redo(s: &Snapshot) -> bool {
    s.redo.is_some()
}
fn on_worklist(s: &Snapshot) -> bool {
    s.screen == Screen::Worklist
}
fn blinded_with_report(s: &Snapshot) -> bool {
    s.case
        .as_ref()
        .is_some_and(|c| c.blinded && c.report_attached)
}

fn may_replay(s: &Snapshot) -> bool {
    s.may_replay && s.replay.is_none()
}
fn replays(s: &Snapshot) -> bool {
    s.replay.is_some()
}
fn may_look_back(s: &Snapshot) -> bool {
    (s.may_replay || s.replay.is_some())
        && (s.selected_pair.is_some() || s.selected_finding.is_some())
}
/// It stands, goes as it was, four times and sixteen times as fast, and stands again.
fn next_speed(s: &Snapshot) -> u32 {
    match s.replay.as_ref().map_or(0, |replay| replay.at.speed) {
        0 => 1,
        1 => 4,
        4 => 16,
        _ => 0,
    }
}
fn replay(command: ReplayCommand) -> Option<Effect> {
    Some(Effect::Session(Command::Replay(command)))
}

fn view(command: ViewCommand) -> Option<Effect> {
    Some(Effect::Session(Command::View(command)))
}
fn read(command: ReadCommand) -> Option<Effect> {
    Some(Effect::Session(Command::Read(command)))
}
fn shell(action: ShellAction) -> Option<Effect> {
    Some(Effect::Shell(action))
}
fn attributes(s: &Snapshot) -> Option<Effect> {
    Some(Effect::Session(Command::LookUp(
        LookUpCommand::Attributes {
            view: s.active,
            beside: None,
        },
    )))
}
fn class(s: &Snapshot, class: Class) -> Option<Effect> {
    let pair = s.selected_pair?;
    Some(Effect::Session(Command::Compare(
        CompareCommand::ToggleClass(pair, class),
    )))
}
fn third_read(command: ThirdCommand) -> Option<Effect> {
    Some(Effect::Session(Command::Third(command)))
}
fn uphold(s: &Snapshot, upheld: Upheld) -> Option<Effect> {
    third_read(ThirdCommand::Uphold(s.selected_pair?, upheld))
}
fn significance(s: &Snapshot, significance: Significance) -> Option<Effect> {
    let pair = s.selected_pair?;
    Some(Effect::Session(Command::Compare(
        CompareCommand::SetSignificance(pair, Some(significance)),
    )))
}
fn step_case(s: &Snapshot, by: isize) -> Option<Effect> {
    let chosen = s
        .preview
        .as_ref()
        .and_then(|preview| s.list.position(&preview.row.id));
    let next = chosen
        .map_or(0, |at| at.saturating_add_signed(by))
        .min(s.list.listed.rows.len().checked_sub(1)?);
    let row = s.list.row(next)?;
    Some(Effect::Session(Command::SelectCase(Some(row.id))))
}

macro_rules! command {
    ($id:literal, $group:literal, $icon:literal, $region:ident, [$($shortcut:expr),*], $enabled:ident, $effect:expr) => {
        CommandSpec {
            id: $id,
            group: $group,
            icon: $icon,
            region: Region::$region,
            shortcuts: &[$($shortcut),*],
            enabled: $enabled,
            effect: $effect,
        }
    };
}

/// The list as it is asked for, with one thing changed.
fn list(s: &Snapshot, change: impl FnOnce(&mut ListView)) -> Option<Effect> {
    let mut view = s.list_view.clone();
    change(&mut view);
    let show = ListCommand::Show(Box::new(view));
    Some(Effect::Session(Command::List(show)))
}
fn list_of(s: &Snapshot, change: impl FnOnce(&mut ListView)) -> Option<Effect> {
    list(s, |view| {
        *view = view.cleared();
        change(view);
    })
}

/// Every command, in the order of the shortcut sheet.
#[rustfmt::skip] // a row a command: this is a table
pub static COMMANDS: &[CommandSpec] = &[
    command!("palette", "anywhere", "magnifying_glass", Anywhere, [ctrl("K")], always, |_| shell(ShellAction::Palette)),
    command!("shortcuts", "anywhere", "question", Anywhere, [key("F1"), key("?")], always, |_| shell(ShellAction::Shortcuts)),
    command!("open_folder", "anywhere", "folder_open", Anywhere, [ctrl("O")], always, |_| shell(ShellAction::OpenFolder)),
    command!("open_archive", "anywhere", "file_zip", Anywhere, [ctrl_shift("O")], always, |_| shell(ShellAction::OpenArchive)),
    command!("open_again", "anywhere", "arrow_clockwise", Anywhere, [], has_images, |_| Some(Effect::Session(Command::OpenAgain))),
    command!("attach_report", "anywhere", "note_pencil", Anywhere, [], has_case, |_| shell(ShellAction::AttachReport)),
    command!("undo", "anywhere", "arrow_u_up_left", Anywhere, [ctrl("Z")], can_undo, |_| Some(Effect::Session(Command::Undo))),
    command!("redo", "anywhere", "arrow_u_up_right", Anywhere, [ctrl("Y")], can_redo, |_| Some(Effect::Session(Command::Redo))),
    command!("main_action", "anywhere", "play", Anywhere, [ctrl("Enter")], always, |_| shell(ShellAction::MainAction)),
    command!("full_screen", "anywhere", "squares_four", Anywhere, [key("F11")], always, |_| shell(ShellAction::FullScreen)),
    command!("cancel", "anywhere", "", Anywhere, [key("Escape")], always, |_| shell(ShellAction::Cancel)),
    command!("next_region", "anywhere", "", Anywhere, [key("F6")], always, |_| shell(ShellAction::NextRegion)),
    command!("previous_region", "anywhere", "", Anywhere, [shift("F6")], always, |_| shell(ShellAction::PreviousRegion)),
    command!("worklist", "anywhere", "list_bullets", Anywhere, [], always, |_| Some(Effect::Session(Command::Show(Screen::Worklist)))),
    command!("roster", "anywhere", "users", Anywhere, [], always, |_| shell(ShellAction::Roster)),
    command!("protocols", "anywhere", "clipboard_text", Anywhere, [], always, |_| shell(ShellAction::Protocols)),
    command!("draw", "anywhere", "user_plus", Anywhere, [], always, |_| shell(ShellAction::Draw)),
    command!("reading_room", "anywhere", "eye_slash", Anywhere, [], always, |_| Some(Effect::Session(Command::Show(Screen::Reading)))),
    command!("comparison", "anywhere", "git_diff", Anywhere, [], revealed, |_| Some(Effect::Session(Command::Show(Screen::Compare)))),
    command!("replay_open", "anywhere", "clock_counter_clockwise", Anywhere, [], may_replay, |_| replay(ReplayCommand::Open)),
    command!("replay_close", "anywhere", "x", Anywhere, [], replays, |_| replay(ReplayCommand::Close)),
    command!("replay_play", "anywhere", "play", Anywhere, [], replays, |s| replay(ReplayCommand::Play(next_speed(s)))),
    command!("replay_next", "anywhere", "caret_right", Anywhere, [], replays, |_| replay(ReplayCommand::Step(1))),
    command!("replay_previous", "anywhere", "caret_left", Anywhere, [], replays, |_| replay(ReplayCommand::Step(-1))),
    command!("replay_first_look", "anywhere", "eye", Anywhere, [], may_look_back, |_| replay(ReplayCommand::FirstLook)),
    command!("toggle_theme", "anywhere", "sun_dim", Anywhere, [], always, |_| shell(ShellAction::ToggleTheme)),
    command!("edit_bindings", "anywhere", "keyboard", Anywhere, [], always, |_| shell(ShellAction::EditBindings)),
    command!("invert_level", "anywhere", "circle_half", Anywhere, [], always, |_| Some(Effect::Session(Command::InvertLevel))),
    command!("export", "anywhere", "export", Anywhere, [], may_export, |_| shell(ShellAction::Export)),
    command!("copy_narrative", "anywhere", "copy", Anywhere, [], may_export, |_| shell(ShellAction::CopyNarrative)),
    // Tools of the left button.
    command!("tool_window", "tools", "circle_half", Viewport, [key("W")], has_images, |_| view(ViewCommand::SetTool(Tool::Window))),
    command!("tool_pan", "tools", "hand", Viewport, [key("P")], has_images, |_| view(ViewCommand::SetTool(Tool::Pan))),
    command!("tool_zoom", "tools", "magnifying_glass_plus", Viewport, [key("Z")], has_images, |_| view(ViewCommand::SetTool(Tool::Zoom))),
    command!("tool_scroll", "tools", "stack", Viewport, [], has_images, |_| view(ViewCommand::SetTool(Tool::Scroll))),
    command!("tool_crosshair", "tools", "crosshair_simple", Viewport, [key("X")], has_images, |_| view(ViewCommand::SetTool(Tool::Crosshair))),
    command!("tool_length", "tools", "ruler", Viewport, [key("L")], may_measure, |_| view(ViewCommand::SetTool(Tool::Length))),
    command!("tool_angle", "tools", "angle", Viewport, [key("A")], may_measure, |_| view(ViewCommand::SetTool(Tool::Angle))),
    command!("tool_bidirectional", "tools", "plus", Viewport, [key("B")], may_measure, |_| view(ViewCommand::SetTool(Tool::Bidirectional))),
    command!("tool_cobb_angle", "tools", "bezier_curve", Viewport, [], may_measure, |_| view(ViewCommand::SetTool(Tool::CobbAngle))),
    command!("tool_ellipse", "tools", "circle_dashed", Viewport, [key("E")], may_measure, |_| view(ViewCommand::SetTool(Tool::Ellipse))),
    command!("tool_arrow", "tools", "arrow_up_right", Viewport, [key("T")], may_measure, |_| view(ViewCommand::SetTool(Tool::Arrow))),
    command!("tool_probe", "tools", "eyedropper", Viewport, [key("D")], may_measure, |_| view(ViewCommand::SetTool(Tool::Probe))),
    command!("tool_polyline", "tools", "trend_up", Viewport, [], may_measure, |_| view(ViewCommand::SetTool(Tool::Polyline))),
    command!("tool_open_angle", "tools", "angle", Viewport, [], may_measure, |_| view(ViewCommand::SetTool(Tool::OpenAngle))),
    command!("tool_cardiothoracic", "tools", "arrows_left_right", Viewport, [], may_mark, |_| view(ViewCommand::SetTool(Tool::CardiothoracicRatio))),
    command!("tool_rectangle", "tools", "square", Viewport, [], may_measure, |_| view(ViewCommand::SetTool(Tool::Rectangle))),
    command!("tool_polygon", "tools", "selection", Viewport, [], may_measure, |_| view(ViewCommand::SetTool(Tool::Polygon))),
    command!("tool_freehand", "tools", "pencil_simple", Viewport, [], may_measure, |_| view(ViewCommand::SetTool(Tool::Freehand))),
    command!("tool_grown_body", "tools", "magic_wand", Viewport, [], may_mark, |_| view(ViewCommand::SetTool(Tool::GrownBody))),
    command!("tool_contour_body", "tools", "cube", Viewport, [], may_mark, |_| view(ViewCommand::SetTool(Tool::ContourBody))),
    command!("tool_text", "tools", "text_t", Viewport, [], may_mark, |_| view(ViewCommand::SetTool(Tool::Text))),
    command!("tool_spine", "tools", "bone", Viewport, [], may_mark, |_| view(ViewCommand::SetTool(Tool::SpineLabel))),
    command!("tool_calibration", "tools", "scales", Viewport, [], may_mark, |_| view(ViewCommand::SetTool(Tool::Calibration))),
    command!("tool_magnifier", "tools", "magnifying_glass", Viewport, [], has_images, |_| view(ViewCommand::SetTool(Tool::Magnifier))),
    command!("tool_window_box", "tools", "selection", Viewport, [], has_images, |_| view(ViewCommand::SetTool(Tool::WindowBox))),
    // Views.
    command!("preset_0", "views", "sun_dim", Viewport, [key("0")], has_images, |s| view(ViewCommand::Preset(s.active, 0))),
    command!("preset_1", "views", "sun_dim", Viewport, [key("1")], has_images, |s| view(ViewCommand::Preset(s.active, 1))),
    command!("preset_2", "views", "sun_dim", Viewport, [key("2")], has_images, |s| view(ViewCommand::Preset(s.active, 2))),
    command!("preset_3", "views", "sun_dim", Viewport, [key("3")], has_images, |s| view(ViewCommand::Preset(s.active, 3))),
    command!("preset_4", "views", "sun_dim", Viewport, [key("4")], has_images, |s| view(ViewCommand::Preset(s.active, 4))),
    command!("preset_5", "views", "sun_dim", Viewport, [key("5")], has_images, |s| view(ViewCommand::Preset(s.active, 5))),
    command!("preset_6", "views", "sun_dim", Viewport, [key("6")], has_images, |s| view(ViewCommand::Preset(s.active, 6))),
    command!("preset_7", "views", "sun_dim", Viewport, [key("7")], has_images, |s| view(ViewCommand::Preset(s.active, 7))),
    command!("preset_8", "views", "sun_dim", Viewport, [key("8")], has_images, |s| view(ViewCommand::Preset(s.active, 8))),
    command!("preset_9", "views", "sun_dim", Viewport, [key("9")], has_images, |s| view(ViewCommand::Preset(s.active, 9))),
    command!("invert", "views", "selection_inverse", Viewport, [key("I")], has_images, |s| view(ViewCommand::Invert(s.active))),
    command!("window_auto", "views", "gauge", Viewport, [], has_images, |s| view(ViewCommand::AutoWindow(s.active))),
    command!("window_edit", "views", "note_pencil", Viewport, [], has_images, |_| shell(ShellAction::EditWindows)),
    command!("histogram", "views", "chart_bar", Viewport, [], has_images, |_| view(ViewCommand::ToggleHistogram)),
    command!("flip_horizontal", "views", "flip_horizontal", Viewport, [key("H")], has_images, |s| view(ViewCommand::FlipHorizontal(s.active))),
    command!("flip_vertical", "views", "flip_vertical", Viewport, [key("V")], has_images, |s| view(ViewCommand::FlipVertical(s.active))),
    command!("rotate_left", "views", "arrow_counter_clockwise", Viewport, [key("[")], has_images, |s| view(ViewCommand::Rotate(s.active, -1))),
    command!("rotate_right", "views", "arrow_clockwise", Viewport, [key("]")], has_images, |s| view(ViewCommand::Rotate(s.active, 1))),
    command!("reset", "views", "arrow_counter_clockwise", Viewport, [key("R")], has_images, |s| view(ViewCommand::Reset(s.active))),
    command!("slab_mode", "views", "arrows_in_line_vertical", Viewport, [key("M")], has_images, |s| view(ViewCommand::CycleSlab(s.active))),
    command!("slab_thinner", "views", "", Viewport, [key("-")], has_images, |s| view(ViewCommand::StepSlab(s.active, -1))),
    command!("slab_thicker", "views", "", Viewport, [key("=")], has_images, |s| view(ViewCommand::StepSlab(s.active, 1))),
    command!("overlay", "views", "text_t", Viewport, [key("O")], has_images, |_| view(ViewCommand::CycleOverlay)),
    command!("graphics", "views", "eye", Viewport, [], has_graphics, |_| view(ViewCommand::ToggleGraphics)),
    command!("link", "views", "link_simple", Viewport, [key("S")], has_images, |_| view(ViewCommand::ToggleLink)),
    command!("cine", "views", "play", Viewport, [key("Space")], has_images, |s| view(ViewCommand::ToggleCine(s.active))),
    command!("cine_faster", "views", "plus", Viewport, [], plays, |s| view(ViewCommand::StepCineRate(s.active, 1))),
    command!("cine_slower", "views", "minus", Viewport, [], plays, |s| view(ViewCommand::StepCineRate(s.active, -1))),
    command!("cine_from", "views", "", Viewport, [], plays, |s| view(ViewCommand::CineFromHere(s.active))),
    command!("cine_to", "views", "", Viewport, [], plays, |s| view(ViewCommand::CineToHere(s.active))),
    command!("cine_all", "views", "", Viewport, [], plays_part, |s| view(ViewCommand::SetCineTrim(s.active, None))),
    command!("layout_one", "views", "square", Viewport, [], has_images, |_| view(ViewCommand::SetLayout(LayoutKind::One))),
    command!("layout_mpr", "views", "squares_four", Viewport, [], has_images, |_| view(ViewCommand::SetLayout(LayoutKind::Mpr))),
    command!("layout_one_and_two", "views", "squares_four", Viewport, [], has_images, |_| view(ViewCommand::SetLayout(LayoutKind::OneAndTwo))),
    command!("interpolation_nearest", "views", "squares_four", Viewport, [], has_images, |_| view(ViewCommand::SetInterpolation(Interpolation::Nearest))),
    command!("interpolation_linear", "views", "squares_four", Viewport, [], has_images, |_| view(ViewCommand::SetInterpolation(Interpolation::Linear))),
    command!("interpolation_cubic", "views", "squares_four", Viewport, [], has_images, |_| view(ViewCommand::SetInterpolation(Interpolation::Cubic))),
    command!("own_window", "views", "arrow_square_out", Viewport, [], has_images, |s| view(ViewCommand::ToggleOwnWindow(s.active))),
    command!("straighten_planes", "views", "arrow_counter_clockwise", Viewport, [], has_images, |_| view(ViewCommand::StraightenPlanes)),
    command!("link_by_hand", "views", "hand", Viewport, [], has_images, |_| view(ViewCommand::LinkByHand)),
    command!("edit_hanging", "views", "note_pencil", Viewport, [], has_images, |_| shell(ShellAction::EditHanging)),
    command!("attributes", "views", "table", Viewport, [], has_images, attributes),
    command!("test_patterns", "anywhere", "monitor", Anywhere, [], always, |_| shell(ShellAction::TestPatterns)),
    command!("display", "anywhere", "gauge", Anywhere, [], always, |_| shell(ShellAction::Display)),
    command!("layout_with_prior", "views", "square_split_horizontal", Viewport, [], has_images, |_| view(ViewCommand::SetLayout(LayoutKind::WithPrior))),
    // Moving.
    command!("slice_next", "moving", "", Viewport, [key("Down")], has_images, |s| view(ViewCommand::Scroll(s.active, 1))),
    command!("slice_previous", "moving", "", Viewport, [key("Up")], has_images, |s| view(ViewCommand::Scroll(s.active, -1))),
    command!("slice_next_ten", "moving", "", Viewport, [key("PageDown")], has_images, |s| view(ViewCommand::Scroll(s.active, 10))),
    command!("slice_previous_ten", "moving", "", Viewport, [key("PageUp")], has_images, |s| view(ViewCommand::Scroll(s.active, -10))),
    command!("slice_first", "moving", "", Viewport, [key("Home")], has_images, |s| view(ViewCommand::GoToSlice(s.active, 0))),
    command!("slice_last", "moving", "", Viewport, [key("End")], has_images, |s| view(ViewCommand::GoToSlice(s.active, usize::MAX))),
    command!("view_next", "moving", "", Viewport, [key("Right")], has_images, |_| view(ViewCommand::FocusStep(1))),
    command!("view_previous", "moving", "", Viewport, [key("Left")], has_images, |_| view(ViewCommand::FocusStep(-1))),
    command!("series_next", "moving", "", Viewport, [ctrl("Right")], has_images, |_| view(ViewCommand::StepSeries(1))),
    command!("series_previous", "moving", "", Viewport, [ctrl("Left")], has_images, |_| view(ViewCommand::StepSeries(-1))),
    command!("unseen_next", "moving", "eye", Viewport, [key("N")], has_images, |_| view(ViewCommand::StepUnseen(1))),
    command!("unseen_previous", "moving", "eye", Viewport, [shift("N")], has_images, |_| view(ViewCommand::StepUnseen(-1))),
    command!("finding_next", "moving", "", Viewport, [key("J")], has_images, |_| view(ViewCommand::StepFinding(1))),
    command!("finding_previous", "moving", "", Viewport, [shift("J")], has_images, |_| view(ViewCommand::StepFinding(-1))),
    // Doing.
    command!("new_finding", "doing", "plus", Viewport, [key("Enter")], may_mark, |_| read(ReadCommand::NewFindingHere)),
    command!("key_image", "doing", "image_square", Viewport, [key("K")], may_mark, |_| read(ReadCommand::TakeKeyImage)),
    command!("copy_to_prior", "doing", "copy", Viewport, [], may_copy_to_prior, |s| read(ReadCommand::CopyToPrior(Copied::Finding(s.selected_finding?)))),
    command!("delete", "doing", "trash", Viewport, [key("Delete")], may_mark, |s| read(ReadCommand::RemoveFinding(s.selected_finding?))),
    command!("seal", "doing", "lock_key", Anywhere, [], may_edit_read, |_| shell(ShellAction::AskSeal)),
    command!("checklist", "doing", "checks", Anywhere, [], has_checklist, |_| shell(ShellAction::Checklist)),
    command!("dictate", "doing", "text_align_left", Anywhere, [], may_edit_read, |_| shell(ShellAction::Dictate)),
    command!("pause", "doing", "pause", Anywhere, [], may_edit_read, |_| read(ReadCommand::Pause)),
    command!("reveal_early", "doing", "eye", Anywhere, [], blinded_with_report, |_| shell(ShellAction::RevealEarly)),
    command!("critical", "doing", "siren", Anywhere, [], may_be_critical, |_| shell(ShellAction::Critical)),
    // Statements.
    command!("amend", "statements", "pencil_simple", Statements, [], may_amend, |_| shell(ShellAction::Amend)),
    command!("row_next", "statements", "", Statements, [key("J"), key("Down")], revealed, |_| Some(Effect::Session(Command::Compare(CompareCommand::Step(1))))),
    command!("row_previous", "statements", "", Statements, [key("K"), key("Up")], revealed, |_| Some(Effect::Session(Command::Compare(CompareCommand::Step(-1))))),
    command!("verdict_agree", "statements", "check_circle", Statements, [key("A")], may_compare, |s| class(s, Class::Agree)),
    command!("verdict_missed", "statements", "binoculars", Statements, [key("M")], may_compare, |s| class(s, Class::D1)),
    command!("verdict_missed_second", "statements", "binoculars", Statements, [key("X")], may_compare, |s| class(s, Class::D1Second)),
    command!("verdict_not_confirmed", "statements", "seal_question", Statements, [key("U")], may_compare, |s| class(s, Class::D2)),
    command!("verdict_negation", "statements", "not_equals", Statements, [key("N")], may_compare, |s| class(s, Class::D3)),
    command!("verdict_laterality", "statements", "arrows_left_right", Statements, [key("L")], may_compare, |s| class(s, Class::D4)),
    command!("verdict_place", "statements", "map_pin", Statements, [key("P")], may_compare, |s| class(s, Class::D5)),
    command!("verdict_size", "statements", "ruler", Statements, [key("S")], may_compare, |s| class(s, Class::D6)),
    command!("verdict_severity", "statements", "thermometer", Statements, [key("V")], may_compare, |s| class(s, Class::D7)),
    command!("verdict_change", "statements", "trend_up", Statements, [key("C")], may_compare, |s| class(s, Class::D8)),
    command!("verdict_diagnosis", "statements", "stethoscope", Statements, [key("D")], may_compare, |s| class(s, Class::D9)),
    command!("verdict_recommendation", "statements", "signpost", Statements, [key("R")], may_compare, |s| class(s, Class::D11)),
    command!("verdict_critical", "statements", "siren", Statements, [shift("K")], may_compare, |s| class(s, Class::D12)),
    command!("verdict_internal", "statements", "intersect", Statements, [key("I")], may_compare, |s| class(s, Class::D13)),
    command!("verdict_technique", "statements", "wrench", Statements, [key("T")], may_compare, |s| class(s, Class::D14)),
    command!("significance_none", "statements", "", Statements, [key("0")], may_compare, |s| significance(s, Significance::None)),
    command!("significance_minor", "statements", "", Statements, [key("1")], may_compare, |s| significance(s, Significance::Minor)),
    command!("significance_moderate", "statements", "", Statements, [key("2")], may_compare, |s| significance(s, Significance::Moderate)),
    command!("significance_major", "statements", "", Statements, [key("3")], may_compare, |s| significance(s, Significance::Major)),
    command!("agree_remaining", "statements", "check_circle", Statements, [shift("A")], may_compare, |_| Some(Effect::Session(Command::Compare(CompareCommand::AgreeWithRemaining)))),
    // Third read.
    command!("ask_third_read", "third_read", "scales", Anywhere, [], may_ask_third, |_| Some(Effect::Session(Command::Compare(CompareCommand::AskThirdRead)))),
    command!("third_take", "third_read", "scales", Anywhere, [], may_take_third, |_| third_read(ThirdCommand::Take)),
    command!("third_open_reads", "third_read", "eye", Anywhere, [], may_open_reads, |_| third_read(ThirdCommand::OpenReads)),
    command!("third_next", "third_read", "", ThirdRead, [key("J"), key("Down")], third_is_open, |_| third_read(ThirdCommand::Step(1))),
    command!("third_previous", "third_read", "", ThirdRead, [key("K"), key("Up")], third_is_open, |_| third_read(ThirdCommand::Step(-1))),
    command!("third_a", "third_read", "", ThirdRead, [key("1")], third_is_open, |s| uphold(s, Upheld::A)),
    command!("third_b", "third_read", "", ThirdRead, [key("2")], third_is_open, |s| uphold(s, Upheld::B)),
    command!("third_both", "third_read", "", ThirdRead, [key("3")], third_is_open, |s| uphold(s, Upheld::BothPartly)),
    command!("third_neither", "third_read", "prohibit", ThirdRead, [key("4")], third_is_open, |s| uphold(s, Upheld::Neither)),
    command!("third_cannot_tell", "third_read", "question", ThirdRead, [key("5")], third_is_open, |s| uphold(s, Upheld::Indeterminate)),
    command!("third_side_by_side", "third_read", "square_split_horizontal", ThirdRead, [], third_is_open, |_| third_read(ThirdCommand::ShowMarks(ThirdMarks::SideBySide))),
    command!("third_together", "third_read", "square", ThirdRead, [], third_is_open, |_| third_read(ThirdCommand::ShowMarks(ThirdMarks::Together))),
    command!("third_marks_off", "third_read", "eye_slash", ThirdRead, [], third_is_open, |_| third_read(ThirdCommand::ShowMarks(ThirdMarks::Off))),
    // Worklist.
    command!("case_next", "worklist", "", Worklist, [key("Down")], on_worklist, |s| step_case(s, 1)),
    command!("case_previous", "worklist", "", Worklist, [key("Up")], on_worklist, |s| step_case(s, -1)),
    command!("case_open", "worklist", "play", Worklist, [key("Enter")], on_worklist, |s| Some(Effect::Session(Command::OpenCase(s.preview.as_ref()?.row.id.clone())))),
    command!("list_all", "worklist", "users", Worklist, [], on_worklist, |s| list_of(s, |_| {})),
    command!("list_mine", "worklist", "user", Worklist, [], on_worklist, |s| list_of(s, |view| view.queue = Queue::Mine)),
    command!("list_unassigned", "worklist", "user_plus", Worklist, [], on_worklist, |s| list_of(s, |view| view.queue = Queue::Unassigned)),
    command!("list_overdue", "worklist", "warning_circle", Worklist, [], on_worklist, |s| list_of(s, |view| view.due = Some(Due::Overdue))),
    command!("list_today", "worklist", "clock", Worklist, [], on_worklist, |s| list_of(s, |view| view.due = Some(Due::Today))),
    command!("list_week", "worklist", "clock", Worklist, [], on_worklist, |s| list_of(s, |view| view.due = Some(Due::Week))),
    command!("list_urgent", "worklist", "warning_circle", Worklist, [], on_worklist, |s| list_of(s, |view| view.priorities = vec![Priority::Urgent])),
    command!("list_critical", "worklist", "siren", Worklist, [], on_worklist, |s| list_of(s, |view| view.marks = vec![CaseMark::Critical])),
    command!("list_limitation", "worklist", "warning", Worklist, [], on_worklist, |s| list_of(s, |view| view.marks = vec![CaseMark::Limitation])),
    command!("list_third_read", "worklist", "scales", Worklist, [], on_worklist, |s| list_of(s, |view| view.marks = vec![CaseMark::ThirdRead])),
    command!("list_conference", "worklist", "users", Worklist, [], on_worklist, |s| list_of(s, |view| view.marks = vec![CaseMark::Conference])),
    command!("list_teaching", "worklist", "checks", Worklist, [], on_worklist, |s| list_of(s, |view| view.marks = vec![CaseMark::Teaching])),
    command!("group_need", "worklist", "list_bullets", Worklist, [], on_worklist, |s| list(s, |view| view.group_by = Grouping::NeedsYou)),
    command!("group_state", "worklist", "list_bullets", Worklist, [], on_worklist, |s| list(s, |view| view.group_by = Grouping::State)),
    command!("group_reader", "worklist", "list_bullets", Worklist, [], on_worklist, |s| list(s, |view| view.group_by = Grouping::Reader)),
    command!("group_due", "worklist", "list_bullets", Worklist, [], on_worklist, |s| list(s, |view| view.group_by = Grouping::Due)),
    command!("group_protocol", "worklist", "list_bullets", Worklist, [], on_worklist, |s| list(s, |view| view.group_by = Grouping::Protocol)),
    command!("group_none", "worklist", "list_bullets", Worklist, [], on_worklist, |s| list(s, |view| view.group_by = Grouping::None)),
    command!("order_newest", "worklist", "", Worklist, [], on_worklist, |s| list(s, |view| view.order = Order::Newest)),
    command!("order_oldest", "worklist", "", Worklist, [], on_worklist, |s| list(s, |view| view.order = Order::Oldest)),
    command!("order_patient", "worklist", "", Worklist, [], on_worklist, |s| list(s, |view| view.order = Order::Patient)),
    command!("order_state", "worklist", "", Worklist, [], on_worklist, |s| list(s, |view| view.order = Order::State)),
    command!("order_due", "worklist", "", Worklist, [], on_worklist, |s| list(s, |view| view.order = Order::Due)),
    command!("list_views", "worklist", "list_bullets", Worklist, [], on_worklist, |_| shell(ShellAction::ListViews)),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_key_means_one_thing_in_its_region() {
        let mut seen = HashSet::new();
        for spec in COMMANDS {
            for shortcut in spec.shortcuts {
                let regions: &[Region] = match spec.region {
                    Region::Anywhere => &[
                        Region::Anywhere,
                        Region::Viewport,
                        Region::Statements,
                        Region::ThirdRead,
                        Region::Worklist,
                    ],
                    Region::Viewport => &[Region::Viewport],
                    Region::Statements => &[Region::Statements],
                    Region::ThirdRead => &[Region::ThirdRead],
                    Region::Worklist => &[Region::Worklist],
                };
                for region in regions {
                    assert!(
                        seen.insert((*region, *shortcut)),
                        "{shortcut} of {} is taken in {region:?}",
                        spec.id
                    );
                }
            }
        }
    }

    #[test]
    fn each_command_has_a_name_of_its_own() {
        let names: HashSet<_> = COMMANDS.iter().map(|c| c.id).collect();
        assert_eq!(names.len(), COMMANDS.len());
    }
}

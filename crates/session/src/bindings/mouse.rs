use super::chord::Held;

/// What the hand does with the mouse over a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MouseGesture {
    /// Moves with the left button held.
    LeftDrag,
    /// Moves with the middle button held.
    MiddleDrag,
    /// Moves with the right button held.
    RightDrag,
    /// Moves with the left and the right button held.
    BothDrag,
    /// Turns the wheel.
    Wheel,
    /// Turns the wheel sideways, or tilts it.
    SideWheel,
    /// Clicks twice with the left button.
    DoubleClick,
    /// Moves without a button.
    Move,
}

impl MouseGesture {
    /// Every gesture, in the order of the shortcut sheet.
    pub const ALL: [Self; 8] = [
        Self::LeftDrag,
        Self::MiddleDrag,
        Self::RightDrag,
        Self::BothDrag,
        Self::Wheel,
        Self::SideWheel,
        Self::DoubleClick,
        Self::Move,
    ];

    /// Its name in a file.
    pub fn name(self) -> &'static str {
        match self {
            Self::LeftDrag => "left drag",
            Self::MiddleDrag => "middle drag",
            Self::RightDrag => "right drag",
            Self::BothDrag => "both drag",
            Self::Wheel => "wheel",
            Self::SideWheel => "side wheel",
            Self::DoubleClick => "double click",
            Self::Move => "move",
        }
    }

    /// May this gesture do that?
    fn may(self, action: MouseAction) -> bool {
        match self {
            Self::LeftDrag | Self::MiddleDrag | Self::RightDrag | Self::BothDrag => !matches!(
                action,
                MouseAction::ScrollFast | MouseAction::Slab | MouseAction::OneUp
            ),
            Self::Wheel | Self::SideWheel => matches!(
                action,
                MouseAction::Zoom
                    | MouseAction::Scroll
                    | MouseAction::ScrollFast
                    | MouseAction::Slab
                    | MouseAction::Nothing
            ),
            Self::DoubleClick => matches!(action, MouseAction::OneUp | MouseAction::Nothing),
            Self::Move => matches!(action, MouseAction::Crosshair | MouseAction::Nothing),
        }
    }
}

/// What comes of a gesture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MouseAction {
    /// What the tool in hand does.
    ActiveTool,
    /// Width and level.
    Window,
    /// The picture is moved.
    Pan,
    /// It is magnified.
    Zoom,
    /// Slice by slice.
    Scroll,
    /// Five slices at once.
    ScrollFast,
    /// The slab thickens or thins.
    Slab,
    /// The crosshair is carried along.
    Crosshair,
    /// The view fills the area, or goes back.
    OneUp,
    /// Nothing; it takes a gesture of the house away.
    Nothing,
}

impl MouseAction {
    /// Every action.
    pub const ALL: [Self; 10] = [
        Self::ActiveTool,
        Self::Window,
        Self::Pan,
        Self::Zoom,
        Self::Scroll,
        Self::ScrollFast,
        Self::Slab,
        Self::Crosshair,
        Self::OneUp,
        Self::Nothing,
    ];

    /// Its name in a file.
    pub fn name(self) -> &'static str {
        match self {
            Self::ActiveTool => "active_tool",
            Self::Window => "window",
            Self::Pan => "pan",
            Self::Zoom => "zoom",
            Self::Scroll => "scroll",
            Self::ScrollFast => "scroll_fast",
            Self::Slab => "slab",
            Self::Crosshair => "crosshair",
            Self::OneUp => "one_up",
            Self::Nothing => "nothing",
        }
    }
}

/// A gesture with the keys that are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MouseChord {
    /// What the hand does.
    pub gesture: MouseGesture,
    /// What is held.
    pub held: Held,
}

impl MouseChord {
    /// May this gesture do that?
    ///
    /// # Errors
    /// What it may do instead.
    pub(super) fn may(self, action: MouseAction) -> Result<(), String> {
        if !self.gesture.may(action) {
            return Err(self.cannot(action.name()));
        }
        let is_bare_move = self.gesture == MouseGesture::Move && self.held == Held::default();
        match is_bare_move && action != MouseAction::Nothing {
            true => Err("\"move\" needs ctrl+, shift+ or alt+ before it".into()),
            false => Ok(()),
        }
    }

    fn cannot(self, action: &str) -> String {
        let may = MouseAction::ALL.into_iter();
        let may = may.filter(|done| self.gesture.may(*done));
        let all: Vec<&str> = may.map(MouseAction::name).collect();
        let (name, all) = (self.gesture.name(), all.join(", "));
        format!("\"{action}\" is nothing that {name} can do; write one of {all}")
    }
}

impl std::fmt::Display for MouseChord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Held { ctrl, shift, alt } = self.held;
        for (is_held, word) in [(ctrl, "ctrl+"), (shift, "shift+"), (alt, "alt+")] {
            if is_held {
                f.write_str(word)?;
            }
        }
        f.write_str(self.gesture.name())
    }
}

/// The mouse of the house (DECISIONS, "Keys").
pub(super) const HOUSE: [(&str, MouseAction); 11] = [
    ("left drag", MouseAction::ActiveTool),
    ("shift+left drag", MouseAction::Crosshair),
    ("middle drag", MouseAction::Pan),
    ("right drag", MouseAction::Zoom),
    ("both drag", MouseAction::Scroll),
    ("wheel", MouseAction::Scroll),
    ("ctrl+wheel", MouseAction::Zoom),
    ("shift+wheel", MouseAction::ScrollFast),
    ("alt+wheel", MouseAction::Slab),
    ("double click", MouseAction::OneUp),
    ("shift+move", MouseAction::Crosshair),
];

/// Reads a line of a file: a gesture with what is held, and what comes of it. The error says what to write.
pub(super) fn parse(chord: &str, action: &str) -> Result<(MouseChord, MouseAction), String> {
    let names = |all: Vec<&str>| all.join(", ");
    let (held, name) = Held::split(chord);
    let gesture = MouseGesture::ALL
        .into_iter()
        .find(|gesture| gesture.name() == name)
        .ok_or_else(|| {
            let all = names(MouseGesture::ALL.map(MouseGesture::name).to_vec());
            format!("\"{chord}\" is no gesture; write one of {all}, with ctrl+, shift+ or alt+ before it")
        })?;
    let chord = MouseChord { gesture, held };
    let done = MouseAction::ALL
        .into_iter()
        .find(|done| done.name() == action)
        .ok_or_else(|| chord.cannot(action))?;
    chord.may(done)?;
    Ok((chord, done))
}

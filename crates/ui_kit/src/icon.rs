//! The icons of the interface, by the name that the icon set gives them.

use std::sync::OnceLock;

use egui::FontFamily;
use iconflow::{Pack, Size, Style};

/// The stroke of an icon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IconWeight {
    /// Thin outline: almost everywhere.
    #[default]
    Regular,
    /// Filled: only done, warning and fault.
    Filled,
    /// Heavy outline: only inside check boxes.
    Bold,
}

impl IconWeight {
    const ALL: [Self; 3] = [Self::Regular, Self::Filled, Self::Bold];

    pub(crate) fn font_name(self) -> &'static str {
        match self {
            Self::Regular => "Phosphor Regular",
            Self::Filled => "Phosphor Filled",
            Self::Bold => "Phosphor Bold",
        }
    }

    pub(crate) fn of_font(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|weight| weight.font_name() == name)
    }

    /// The family to lay out [`Icon::glyph`] with.
    #[must_use]
    pub fn family(self) -> FontFamily {
        FontFamily::Name(self.font_name().into())
    }

    fn style(self) -> Style {
        match self {
            Self::Regular => Style::Regular,
            Self::Filled => Style::Filled,
            Self::Bold => Style::Bold,
        }
    }

    fn suffix(self) -> &'static str {
        match self {
            Self::Regular => "",
            Self::Filled => "-fill",
            Self::Bold => "-bold",
        }
    }
}

macro_rules! icons {
    ($($variant:ident = $name:literal),+ $(,)?) => {
        /// An icon; the variants carry the names of the icon set.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "each variant is the icon's own name")]
        pub enum Icon {
            $($variant),+
        }

        impl Icon {
            /// Every icon.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in the icon set.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }
        }
    };
}

icons! {
    Angle = "angle",
    ArrowClockwise = "arrow-clockwise",
    ArrowCounterClockwise = "arrow-counter-clockwise",
    ArrowDown = "arrow-down",
    ArrowUp = "arrow-up",
    ArrowLeft = "arrow-left",
    ArrowRight = "arrow-right",
    ArrowSquareIn = "arrow-square-in",
    ArrowSquareOut = "arrow-square-out",
    ArrowUUpLeft = "arrow-u-up-left",
    ArrowUUpRight = "arrow-u-up-right",
    ArrowUpRight = "arrow-up-right",
    ArrowsClockwise = "arrows-clockwise",
    ArrowsInLineVertical = "arrows-in-line-vertical",
    ArrowsLeftRight = "arrows-left-right",
    ArrowsOut = "arrows-out",
    BezierCurve = "bezier-curve",
    Binoculars = "binoculars",
    BookOpen = "book-open",
    Bone = "bone",
    Brain = "brain",
    CalendarBlank = "calendar-blank",
    CaretDown = "caret-down",
    CaretLeft = "caret-left",
    CaretRight = "caret-right",
    CaretUp = "caret-up",
    Certificate = "certificate",
    ChartBar = "chart-bar",
    ChatText = "chat-text",
    Check = "check",
    CheckCircle = "check-circle",
    CheckSquareOffset = "check-square-offset",
    Checks = "checks",
    Circle = "circle",
    CircleDashed = "circle-dashed",
    CircleHalf = "circle-half",
    CircleNotch = "circle-notch",
    ClipboardText = "clipboard-text",
    Clock = "clock",
    ClockCountdown = "clock-countdown",
    ClockCounterClockwise = "clock-counter-clockwise",
    CloudArrowDown = "cloud-arrow-down",
    CloudCheck = "cloud-check",
    Command = "command",
    Copy = "copy",
    Cross = "cross",
    CrosshairSimple = "crosshair-simple",
    Cube = "cube",
    Disc = "disc",
    DotsSixVertical = "dots-six-vertical",
    DotsThree = "dots-three",
    DownloadSimple = "download-simple",
    Equals = "equals",
    Export = "export",
    Eye = "eye",
    EyeSlash = "eye-slash",
    Eyedropper = "eyedropper",
    FastForward = "fast-forward",
    FileText = "file-text",
    FileX = "file-x",
    FileZip = "file-zip",
    Fingerprint = "fingerprint",
    FlipHorizontal = "flip-horizontal",
    FlipVertical = "flip-vertical",
    Folder = "folder",
    FolderOpen = "folder-open",
    FunnelSimple = "funnel-simple",
    Gauge = "gauge",
    GearSix = "gear-six",
    GitDiff = "git-diff",
    GraduationCap = "graduation-cap",
    Hand = "hand",
    HardDrive = "hard-drive",
    HardDrives = "hard-drives",
    HourglassMedium = "hourglass-medium",
    Image = "image",
    ImageSquare = "image-square",
    ImagesSquare = "images-square",
    Info = "info",
    Intersect = "intersect",
    IntersectSquare = "intersect-square",
    Key = "key",
    Keyboard = "keyboard",
    Layout = "layout",
    LinkSimple = "link-simple",
    LinkSimpleBreak = "link-simple-break",
    ListBullets = "list-bullets",
    Lock = "lock",
    LockKey = "lock-key",
    LockSimple = "lock-simple",
    LockSimpleOpen = "lock-simple-open",
    MagicWand = "magic-wand",
    MagnifyingGlass = "magnifying-glass",
    MagnifyingGlassPlus = "magnifying-glass-plus",
    MapPin = "map-pin",
    Memory = "memory",
    Microphone = "microphone",
    Minus = "minus",
    MinusCircle = "minus-circle",
    Monitor = "monitor",
    Moon = "moon",
    MouseLeftClick = "mouse-left-click",
    MouseMiddleClick = "mouse-middle-click",
    MouseRightClick = "mouse-right-click",
    MouseScroll = "mouse-scroll",
    MouseSimple = "mouse-simple",
    NotEquals = "not-equals",
    Note = "note",
    NotePencil = "note-pencil",
    NumberCircleOne = "number-circle-one",
    NumberCircleThree = "number-circle-three",
    NumberCircleTwo = "number-circle-two",
    Package = "package",
    PaperPlaneTilt = "paper-plane-tilt",
    Pause = "pause",
    PencilSimple = "pencil-simple",
    PersonSimple = "person-simple",
    Play = "play",
    PlugsConnected = "plugs-connected",
    Plus = "plus",
    PlusCircle = "plus-circle",
    PlusMinus = "plus-minus",
    Printer = "printer",
    Prohibit = "prohibit",
    PushPin = "push-pin",
    Question = "question",
    Ruler = "ruler",
    Scales = "scales",
    Scan = "scan",
    Seal = "seal",
    SealCheck = "seal-check",
    SealQuestion = "seal-question",
    Selection = "selection",
    SelectionInverse = "selection-inverse",
    ShieldCheck = "shield-check",
    ShieldWarning = "shield-warning",
    SidebarSimple = "sidebar-simple",
    Signature = "signature",
    Signpost = "signpost",
    Siren = "siren",
    SlidersHorizontal = "sliders-horizontal",
    Sparkle = "sparkle",
    Square = "square",
    SquareSplitHorizontal = "square-split-horizontal",
    SquaresFour = "squares-four",
    Stack = "stack",
    Stethoscope = "stethoscope",
    StopCircle = "stop-circle",
    Sun = "sun",
    SunDim = "sun-dim",
    Swap = "swap",
    Table = "table",
    TextAa = "text-aa",
    TextAlignLeft = "text-align-left",
    TextT = "text-t",
    Thermometer = "thermometer",
    Trash = "trash",
    Tray = "tray",
    TrendUp = "trend-up",
    Triangle = "triangle",
    UploadSimple = "upload-simple",
    User = "user",
    UserPlus = "user-plus",
    UserSwitch = "user-switch",
    Users = "users",
    Warning = "warning",
    WarningCircle = "warning-circle",
    Wrench = "wrench",
    X = "x",
    XCircle = "x-circle",
}

impl Icon {
    /// The character of this icon in the fonts of [`IconWeight::family`].
    ///
    /// An icon that the set does not have shows as the replacement character; a test keeps that from happening.
    #[must_use]
    pub fn glyph(self, weight: IconWeight) -> char {
        static GLYPHS: OnceLock<Vec<[char; 3]>> = OnceLock::new();
        let glyphs = GLYPHS.get_or_init(|| {
            Self::ALL
                .iter()
                .map(|icon| {
                    IconWeight::ALL.map(|weight| icon.look_up(weight).unwrap_or('\u{FFFD}'))
                })
                .collect()
        });
        glyphs
            .get(self as usize)
            .and_then(|of_icon| of_icon.get(weight as usize))
            .copied()
            .unwrap_or('\u{FFFD}')
    }

    fn look_up(self, weight: IconWeight) -> Option<char> {
        let name = format!("{}{}", self.name(), weight.suffix());
        let icon = iconflow::try_icon(Pack::Phosphor, &name, weight.style(), Size::Regular).ok()?;
        char::from_u32(icon.codepoint)
    }
}

#[cfg(test)]
mod tests {
    use super::{Icon, IconWeight};

    #[test]
    fn every_icon_has_a_glyph_in_every_weight() {
        for icon in Icon::ALL {
            for weight in IconWeight::ALL {
                assert!(icon.look_up(weight).is_some(), "{} {weight:?}", icon.name());
            }
        }
    }

    #[test]
    fn the_order_of_the_list_is_the_order_of_the_variants() {
        for (icon_idx, icon) in Icon::ALL.iter().enumerate() {
            assert_eq!(*icon as usize, icon_idx, "{}", icon.name());
            assert_eq!(
                icon.look_up(IconWeight::Filled),
                Some(icon.glyph(IconWeight::Filled))
            );
        }
    }
}

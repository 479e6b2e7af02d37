//! The sizes, line heights and weights of all text.

use egui::text::{LayoutJob, TextFormat};
use egui::{Align, Color32, FontFamily, FontId, RichText};

/// One font file of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Face {
    /// Inter, weight 400.
    Regular,
    /// Inter, weight 500.
    Medium,
    /// Inter, weight 600.
    SemiBold,
    /// JetBrains Mono, weight 400.
    Mono,
    /// JetBrains Mono, weight 500.
    MonoMedium,
}

impl Face {
    /// All faces.
    pub const ALL: [Self; 5] = [
        Self::Regular,
        Self::Medium,
        Self::SemiBold,
        Self::Mono,
        Self::MonoMedium,
    ];

    /// The family name under which the face is installed.
    #[must_use]
    pub fn family(self) -> FontFamily {
        match self {
            Self::Regular => FontFamily::Proportional,
            Self::Medium => FontFamily::Name("Inter Medium".into()),
            Self::SemiBold => FontFamily::Name("Inter SemiBold".into()),
            Self::Mono => FontFamily::Monospace,
            Self::MonoMedium => FontFamily::Name("JetBrains Mono Medium".into()),
        }
    }
}

/// A kind of text: size, line height and face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kind {
    /// Size of the em, in points.
    pub size: f32,
    /// Distance between lines, in points.
    pub line_height: f32,
    /// Font file.
    pub face: Face,
}

const fn kind(size: f32, line_height: f32, face: Face) -> Kind {
    Kind {
        size,
        line_height,
        face,
    }
}

impl Kind {
    /// Hints and captions, 11/14.
    pub const HINT: Self = kind(11.0, 14.0, Face::Regular);
    /// Status bar and table header, 11.5/16.
    pub const CAPTION: Self = kind(11.5, 16.0, Face::Regular);
    /// Labels, 12/16.
    pub const LABEL: Self = kind(12.0, 16.0, Face::Regular);
    /// Controls and table cells, 12.5/18.
    pub const CONTROL: Self = kind(12.5, 18.0, Face::Regular);
    /// Body, 13/18.
    pub const BODY: Self = kind(13.0, 18.0, Face::Regular);
    /// Statements and the impression, 13.5/20.
    pub const STATEMENT: Self = kind(13.5, 20.0, Face::Regular);
    /// Lead text of a page, 14/21.
    pub const LEAD: Self = kind(14.0, 21.0, Face::Regular);
    /// Title of a card, 14/20.
    pub const CARD_TITLE: Self = kind(14.0, 20.0, Face::SemiBold);
    /// Title of a dialog, 15/20.
    pub const TITLE: Self = kind(15.0, 20.0, Face::SemiBold);
    /// Entry of the palette, 16/20.
    pub const ENTRY: Self = kind(16.0, 20.0, Face::Regular);
    /// Title of a page, 20/28.
    pub const PAGE: Self = kind(20.0, 28.0, Face::SemiBold);
    /// A figure in a summary bar, 18/24.
    pub const FIGURE: Self = kind(18.0, 24.0, Face::SemiBold);
    /// A figure of a dashboard, 24/28.
    pub const FIGURE_LARGE: Self = kind(24.0, 28.0, Face::SemiBold);
    /// Title of the first start, 26/34.
    pub const START: Self = kind(26.0, 34.0, Face::SemiBold);
    /// Numbers and identifiers, 12/16.
    pub const MONO: Self = kind(12.0, 16.0, Face::Mono);
    /// Small numbers, 11/14.
    pub const MONO_SMALL: Self = kind(11.0, 14.0, Face::Mono);
    /// Text in the corners of images, 11/15.
    pub const OVERLAY: Self = kind(11.0, 15.0, Face::Mono);
    /// Key caps, 11/16.
    pub const KEY: Self = kind(11.0, 16.0, Face::MonoMedium);
    /// Identifier badges and chip letters, 10.5/16.
    pub const BADGE: Self = kind(10.5, 16.0, Face::MonoMedium);

    /// The same size in weight 500.
    #[must_use]
    pub const fn medium(self) -> Self {
        let face = match self.face {
            Face::Mono | Face::MonoMedium => Face::MonoMedium,
            Face::Regular | Face::Medium | Face::SemiBold => Face::Medium,
        };
        kind(self.size, self.line_height, face)
    }

    /// The same size in weight 600; the monospaced family stops at 500.
    #[must_use]
    pub const fn semibold(self) -> Self {
        let face = match self.face {
            Face::Mono | Face::MonoMedium => Face::MonoMedium,
            Face::Regular | Face::Medium | Face::SemiBold => Face::SemiBold,
        };
        kind(self.size, self.line_height, face)
    }

    /// Size and family for egui.
    #[must_use]
    pub fn font_id(self) -> FontId {
        FontId::new(self.size, self.face.family())
    }

    /// Format for a part of a [`LayoutJob`].
    #[must_use]
    pub fn format(self, color: Color32) -> TextFormat {
        TextFormat {
            font_id: self.font_id(),
            line_height: Some(self.line_height),
            color,
            valign: Align::Center,
            ..TextFormat::default()
        }
    }

    /// One piece of text of this kind, for egui's own widgets.
    #[must_use]
    pub fn rich(self, text: impl Into<String>, color: Color32) -> RichText {
        RichText::new(text)
            .font(self.font_id())
            .line_height(Some(self.line_height))
            .color(color)
    }

    /// A layout of one piece of text in one line.
    #[must_use]
    pub fn job(self, text: impl Into<String>, color: Color32) -> LayoutJob {
        let mut job = LayoutJob::single_section(text.into(), self.format(color));
        job.break_on_newline = true;
        job
    }
}

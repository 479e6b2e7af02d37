//! Every colour, distance and duration of the interface, in one place.
//!
//! The names of the colours are short because they are said often: `bg` surfaces from back to front, `st` strokes,
//! `t` text, `ac` accent, `r` readers. Contrast of the pairs that carry text is measured in the tests of this file.

use egui::Color32;

const fn hex(rgb: u32) -> Color32 {
    Color32::from_rgb((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8)
}

const fn tint(ink: u32, fill: u32, edge: u32) -> Tint {
    Tint {
        ink: hex(ink),
        fill: hex(fill),
        edge: hex(edge),
    }
}

/// Three shades of one meaning: text and icon, the fill behind them, the edge around the fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tint {
    /// Colour of text and icons; at least 4.5:1 on `fill`.
    pub ink: Color32,
    /// Colour of the plate behind `ink`.
    pub fill: Color32,
    /// Colour of the plate's edge.
    pub edge: Color32,
}

/// All colours of one mode.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Theme {
    /// Name of the mode, for tests and settings: `dark` or `light`.
    pub name: &'static str,
    /// Image areas; black in both modes.
    pub bg0: Color32,
    /// Window, gutters and the wells of text fields.
    pub bg1: Color32,
    /// Panels, bars and tables.
    pub bg2: Color32,
    /// Cards, buttons and dialogs.
    pub bg3: Color32,
    /// Hover and the selected tab.
    pub bg4: Color32,
    /// Pressed, the chosen segment, an empty track.
    pub bg5: Color32,
    /// Dividers and card edges; decoration only.
    pub st1: Color32,
    /// Control edges; decoration only.
    pub st2: Color32,
    /// Edges that carry meaning: check boxes, drop zones, switches.
    pub st3: Color32,
    /// Primary text.
    pub t1: Color32,
    /// Secondary text.
    pub t2: Color32,
    /// Hints; not on `bg5`.
    pub t3: Color32,
    /// Disabled text; never the sole carrier of a fact.
    pub td: Color32,
    /// Accent text, icons and the focus ring.
    pub ac: Color32,
    /// Fill of the main button.
    pub acf: Color32,
    /// Fill of the main button under the pointer.
    pub acf_hover: Color32,
    /// Fill of the main button while pressed.
    pub acf_pressed: Color32,
    /// Text on the accent fill.
    pub on_acf: Color32,
    /// Fill of a selected row or tool.
    pub acbg: Color32,
    /// Edge of a selected row or tool.
    pub acst: Color32,
    /// Fill of a selected card.
    pub card_selected: Color32,
    /// The first read, and seals.
    pub r1: Tint,
    /// The second read.
    pub r2: Tint,
    /// Reader A of a third read.
    pub ra: Tint,
    /// Reader B of a third read.
    pub rb: Tint,
    /// Figures on the round and square reader marks: first, second, A, B.
    pub on_reader: [Color32; 4],
    /// Ground of the card that stands for a sealed document.
    pub sealed_bg: Color32,
    /// Bars that stand for text which is not shown.
    pub redaction: Color32,
    /// Done, complete.
    pub ok: Color32,
    /// Needs a look, with its message plate.
    pub warn: Tint,
    /// Does not work, with its message plate.
    pub err: Tint,
    /// Edge of a tooltip.
    pub tip_edge: Color32,
    /// Veil behind dialogs.
    pub scrim: Color32,
    /// Veil behind the palette.
    pub scrim_light: Color32,
    /// Colour of the shadow under floating things.
    pub shadow: Color32,
    /// Letters A M U L S N R, in this order.
    pub verdicts: [Tint; 7],
}

/// The letters that own a colour, in the order of [`Theme::verdicts`].
const VERDICT_LETTERS: [char; 7] = ['A', 'M', 'U', 'L', 'S', 'N', 'R'];

impl Theme {
    /// The reading room.
    pub const DARK: Self = Self {
        name: "dark",
        bg0: hex(0x000000),
        bg1: hex(0x0B0C0E),
        bg2: hex(0x121316),
        bg3: hex(0x191B1F),
        bg4: hex(0x212429),
        bg5: hex(0x2B2F36),
        st1: hex(0x1F2126),
        st2: hex(0x30333A),
        st3: hex(0x6A707B),
        t1: hex(0xE4E6EA),
        t2: hex(0xA8ADB7),
        t3: hex(0x8A909B),
        td: hex(0x555A63),
        ac: hex(0x8DB4FF),
        acf: hex(0x3565D6),
        acf_hover: hex(0x4474E6),
        acf_pressed: hex(0x2A54B8),
        on_acf: hex(0xFFFFFF),
        acbg: hex(0x162239),
        acst: hex(0x2F4A80),
        card_selected: hex(0x171D28),
        r1: tint(0xDDB878, 0x241D12, 0x544325),
        r2: tint(0x8DB4FF, 0x142036, 0x2F4A80),
        ra: tint(0x7FD1C2, 0x10231F, 0x2A5A50),
        rb: tint(0xCBA8F5, 0x20182E, 0x523C73),
        on_reader: [hex(0x1B1406), hex(0x06122B), hex(0x06201B), hex(0x190B2D)],
        sealed_bg: hex(0x15130F),
        redaction: hex(0x22252B),
        ok: hex(0x5CC2A0),
        warn: tint(0xF2C14E, 0x251F10, 0x57481C),
        err: tint(0xFF7A70, 0x2A1514, 0x6B2F2B),
        tip_edge: hex(0x41464F),
        scrim: Color32::from_rgba_premultiplied(2, 2, 3, 128),
        scrim_light: Color32::from_rgba_premultiplied(2, 2, 3, 107),
        shadow: Color32::from_rgba_premultiplied(0, 0, 0, 153),
        verdicts: [
            tint(0x6DB586, 0x1F2A27, 0x395A47),
            tint(0xEC6A38, 0x2F201D, 0x6F3A26),
            tint(0x8A82F4, 0x222335, 0x47457A),
            tint(0xF2E052, 0x302F20, 0x716A31),
            tint(0x45CEF4, 0x1A2D35, 0x28627A),
            tint(0xDC80AE, 0x2D232C, 0x693F55),
            tint(0xDFE1E6, 0x27292E, 0x64666A),
        ],
    };

    /// The office and the quality meeting.
    pub const LIGHT: Self = Self {
        name: "light",
        bg0: hex(0x000000),
        bg1: hex(0xF3F4F6),
        bg2: hex(0xFBFBFC),
        bg3: hex(0xFFFFFF),
        bg4: hex(0xEEF0F3),
        bg5: hex(0xE3E6EB),
        st1: hex(0xE6E8EC),
        st2: hex(0xD3D7DE),
        st3: hex(0x858C99),
        t1: hex(0x16181D),
        t2: hex(0x4A505B),
        t3: hex(0x5E6571),
        td: hex(0xA3A9B3),
        ac: hex(0x2455C4),
        acf: hex(0x2B5FD0),
        acf_hover: hex(0x2455C4),
        acf_pressed: hex(0x2A54B8),
        on_acf: hex(0xFFFFFF),
        acbg: hex(0xE8EFFD),
        acst: hex(0xB9CDF7),
        card_selected: hex(0xF4F8FF),
        r1: tint(0x85590B, 0xFBF3E2, 0xE9D4A8),
        r2: tint(0x2455C4, 0xE8EFFD, 0xB9CDF7),
        ra: tint(0x0F7565, 0xE3F4F0, 0xA9D9CF),
        rb: tint(0x7440B0, 0xF2EAFB, 0xD3BDEE),
        on_reader: [hex(0xFFFFFF); 4],
        sealed_bg: hex(0xFDFAF3),
        redaction: hex(0xE3E6EB),
        ok: hex(0x0B7357),
        warn: tint(0x8A5A00, 0xFBF3DD, 0xE8D296),
        err: tint(0xB3261E, 0xFCEBEA, 0xF0B8B4),
        tip_edge: hex(0x858C99),
        scrim: Color32::from_rgba_premultiplied(7, 8, 12, 89),
        scrim_light: Color32::from_rgba_premultiplied(7, 8, 12, 89),
        shadow: Color32::from_rgba_premultiplied(3, 4, 5, 41),
        verdicts: [
            tint(0x0E441C, 0xE7ECE8, 0x9FB4A4),
            tint(0xAE563F, 0xFBF6F4, 0xDFBBB2),
            tint(0x4E349E, 0xEDEBF5, 0xB8AED8),
            tint(0x705300, 0xF1EEE6, 0xC6BA99),
            tint(0x006278, 0xE6EFF2, 0x99C0C9),
            tint(0xA51D42, 0xF6E8EC, 0xDBA5B3),
            tint(0x2E2E39, 0xEAEAEB, 0xABABB0),
        ],
    };

    /// The colours of the mode that `ctx` is in.
    #[must_use]
    pub fn of(ctx: &egui::Context) -> &'static Self {
        const DARK: &Theme = &Theme::DARK;
        const LIGHT: &Theme = &Theme::LIGHT;
        match ctx.theme() {
            egui::Theme::Dark => DARK,
            egui::Theme::Light => LIGHT,
        }
    }

    /// The colours of a verdict letter; a letter without a colour of its own is neutral.
    ///
    /// `X`, the mirror of `M`, has the second reader's blue.
    #[must_use]
    pub fn verdict(&self, letter: char) -> Tint {
        let own = VERDICT_LETTERS
            .iter()
            .zip(self.verdicts)
            .find(|(owner, _)| **owner == letter);
        match (own, letter) {
            (Some((_, tint)), _) => tint,
            (None, 'X') => self.r2,
            (None, _) => self.neutral(),
        }
    }

    /// Grey: for what is known but not judged.
    #[must_use]
    pub fn neutral(&self) -> Tint {
        Tint {
            ink: self.t2,
            fill: self.bg4,
            edge: self.st2,
        }
    }

    /// Colours of zero to three filled bars; more than three counts as three.
    #[must_use]
    pub fn significance(&self, n_bars: usize) -> Color32 {
        match n_bars {
            0 => self.t3,
            1 => self.verdict('L').ink,
            2 => self.verdict('M').ink,
            _ => self.err.ink,
        }
    }
}

/// Colours on black image areas: the same in both modes.
pub mod over_image {
    use egui::Color32;

    /// Corner text.
    pub const TEXT: Color32 = super::hex(0xC6CAD1);
    /// Corner text that matters most.
    pub const TEXT_STRONG: Color32 = super::hex(0xEDEFF2);
    /// Orientation letters.
    pub const LETTER: Color32 = super::hex(0x9AA0AA);
    /// Text on a mark's plate.
    pub const PLATE_TEXT: Color32 = super::hex(0xEDF1F8);
    /// Text of the id badge on a mark's plate.
    pub const BADGE_TEXT: Color32 = super::hex(0x08111F);
    /// Ground of a mark's plate, 92 % opaque.
    pub const PLATE: Color32 = Color32::from_rgba_premultiplied(12, 15, 21, 235);
    /// Graphics that came with the image.
    pub const GRAPHICS: Color32 = super::hex(0x7FE3D4);
    /// Line of the axial plane.
    pub const AXIAL: Color32 = super::hex(0xE98B84);
    /// Line of the coronal plane.
    pub const CORONAL: Color32 = super::hex(0x86CDA2);
    /// Line of the sagittal plane.
    pub const SAGITTAL: Color32 = super::hex(0xE5C76B);
    /// What was not looked at, in the coverage strip.
    pub const LANE: Color32 = super::hex(0x1D2025);
    /// What was looked at, in the coverage strip: pale on black in both modes.
    pub const SEEN: Color32 = super::hex(0x8DB4FF);
    /// The notch of the current image.
    pub const NOTCH: Color32 = super::hex(0xF2F4F7);
    /// What is wrong with the image, in words: the ground is black in both modes.
    pub const WARNING: Color32 = super::hex(0xF2C14E);
    /// Missing images.
    pub const GAP: Color32 = super::hex(0xF2C14E);
    /// Ground between the stripes of missing images.
    pub const GAP_GROUND: Color32 = super::hex(0x1B1710);
    /// Marks of the first reader.
    pub const FIRST: Color32 = super::hex(0xDDB878);
    /// Marks of the second reader.
    pub const SECOND: Color32 = super::hex(0x8DB4FF);
    /// Marks of the read that a third reader knows as A.
    pub const READ_A: Color32 = super::hex(0x7FD1C2);
    /// Marks of the read that a third reader knows as B.
    pub const READ_B: Color32 = super::hex(0xCBA8F5);
    /// Marks of the third reader.
    pub const THIRD: Color32 = super::hex(0xF2F4F7);
    /// Dark line under a mark so that it shows on bright images, 55 % opaque.
    pub const UNDER_STROKE: Color32 = Color32::from_rgba_premultiplied(0, 0, 0, 140);
}

/// Distances between things, in points.
pub mod space {
    /// Between parts of one word-like thing.
    pub const HAIR: f32 = 2.0;
    /// Between an icon and its neighbour icon.
    pub const TINY: f32 = 4.0;
    /// Between an icon and its word; between cards of a list.
    pub const SMALL: f32 = 6.0;
    /// Between controls of a row.
    pub const MEDIUM: f32 = 8.0;
    /// Padding of a panel; between cards of a dashboard.
    pub const PANEL: f32 = 12.0;
    /// Padding of a dialog.
    pub const DIALOG: f32 = 16.0;
    /// Padding of a page.
    pub const PAGE: f32 = 24.0;
    /// Wide padding of a page.
    pub const PAGE_WIDE: f32 = 40.0;
}

/// Corner radii, in points. Image areas have none.
pub mod radius {
    /// Badges and the letter box of a chip.
    pub const BADGE: u8 = 3;
    /// Key caps.
    pub const KEY: u8 = 4;
    /// Chips and small buttons.
    pub const CHIP: u8 = 5;
    /// Buttons and fields.
    pub const CONTROL: u8 = 6;
    /// Cards.
    pub const CARD: u8 = 8;
    /// Cards of a dashboard.
    pub const DASHBOARD: u8 = 10;
    /// Dialogs.
    pub const DIALOG: u8 = 12;
}

/// Heights and widths that several screens share, in points.
pub mod size {
    /// Buttons, fields and tools.
    pub const CONTROL: f32 = 28.0;
    /// Small buttons.
    pub const CONTROL_SMALL: f32 = 24.0;
    /// Top bar, case bar and toolbar.
    pub const BAR: f32 = 40.0;
    /// Status bar.
    pub const STATUS: f32 = 24.0;
    /// Header of a panel.
    pub const PANEL_HEADER: f32 = 36.0;
    /// Row of a table.
    pub const TABLE_ROW: f32 = 34.0;
    /// Row of a dense table.
    pub const TABLE_ROW_COMPACT: f32 = 28.0;
    /// Header row of a table.
    pub const TABLE_HEADER: f32 = 30.0;
    /// Rail of thumbnails.
    pub const RAIL: f32 = 124.0;
    /// Rail of thumbnails where room is short.
    pub const RAIL_NARROW: f32 = 92.0;
    /// Coverage strip.
    pub const COVERAGE_STRIP: f32 = 14.0;
    /// Icon in running text and small buttons.
    pub const ICON_INLINE: f32 = 14.0;
    /// Icon of a panel or a dialog.
    pub const ICON: f32 = 16.0;
    /// Icon of a tool.
    pub const ICON_TOOL: f32 = 18.0;
    /// Arrow of a drop-down button.
    pub const ICON_CARET: f32 = 12.0;
}

/// How long things take, in seconds.
pub mod duration_s {
    /// A control answering to the pointer.
    pub const HOVER: f32 = 0.06;
    /// Something appearing or going away.
    pub const FADE: f32 = 0.08;
    /// A panel or a ribbon moving.
    pub const SLIDE: f32 = 0.12;
    /// The pointer resting before a tooltip shows.
    pub const TIP: f32 = 0.4;
    /// An offer to undo staying on screen.
    pub const TOAST: f64 = 8.0;
}

#[cfg(test)]
mod tests;

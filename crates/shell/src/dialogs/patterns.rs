//! Test patterns over the whole window, one code value a pixel of the screen, and the daily look at them.

use egui::{
    Area, Color32, ColorImage, Context, Frame, Id, Key, Margin, Order, Rect, Sense, TextureHandle,
    TextureOptions, Ui, pos2, vec2,
};
use session::{Command, DisplayCommand, GreyLevels, Seeing, TestPattern};
use ui_kit::{Button, Kind, Segment, Segmented, Theme, key_caps, radius, t, t_args, text_label};

use crate::Action;

/// The questions of the daily look, each with its answer once there is one.
type Answers = [Option<Seeing>; 3];

/// The screen of patterns, closed at first.
#[derive(Default)]
pub(crate) struct PatternScreen {
    shown: Option<Shown>,
}

struct Shown {
    patterns: Vec<TestPattern>,
    at: usize,
    texture: Option<Drawn>,
    answers: Answers,
    bar: Bar,
}

/// A pattern as it was given to the screen.
struct Drawn {
    pattern: TestPattern,
    size_px: [usize; 2],
    texture: TextureHandle,
}

/// Do the words lie over the pattern?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bar {
    Shown,
    Hidden,
}

impl PatternScreen {
    /// Does it cover the window?
    pub(crate) fn is_open(&self) -> bool {
        self.shown.is_some()
    }

    /// Opens with the first pattern.
    pub(super) fn open(&mut self) {
        self.shown = Some(Shown {
            patterns: TestPattern::all(),
            at: 0,
            texture: None,
            answers: [None; 3],
            bar: Bar::Shown,
        });
    }

    /// Draws it while it is open, and takes its keys.
    pub(super) fn patterns_ui(&mut self, ui: &Ui, theme: &Theme, out: &mut Vec<Action>) {
        let Some(shown) = &mut self.shown else {
            return;
        };
        let ctx = ui.ctx().clone();
        let pressed = |key| ctx.input(|input| input.key_pressed(key));
        if pressed(Key::Escape) {
            self.shown = None;
            ctx.request_repaint();
            return;
        }
        let n = shown.patterns.len();
        if [Key::ArrowRight, Key::ArrowDown, Key::Space]
            .into_iter()
            .any(pressed)
        {
            shown.at = (shown.at + 1) % n;
        }
        if [Key::ArrowLeft, Key::ArrowUp].into_iter().any(pressed) {
            shown.at = (shown.at + n - 1) % n;
        }
        if pressed(Key::H) {
            shown.bar = match shown.bar {
                Bar::Shown => Bar::Hidden,
                Bar::Hidden => Bar::Shown,
            };
        }
        let area = ctx.content_rect();
        Area::new(Id::unique("test pattern"))
            .order(Order::Foreground)
            .fixed_pos(area.min)
            // A pattern that fades in has other code values until it is there.
            .fade_in(false)
            .show(&ctx, |ui| {
                // Nothing behind may be pressed through it.
                let (rect, _) = ui.allocate_exact_size(area.size(), Sense::click_and_drag());
                shown.paint(ui, rect);
                if shown.bar == Bar::Shown {
                    shown.bar_ui(ui, rect, theme, out);
                }
            });
    }
}

impl Shown {
    fn pattern(&self) -> TestPattern {
        self.patterns
            .get(self.at)
            .copied()
            .unwrap_or(TestPattern::Quality)
    }

    /// Paints the pattern so that each of its pixels is one of the screen: no scaling, no smoothing.
    fn paint(&mut self, ui: &Ui, rect: Rect) {
        let pixels_per_point = ui.ctx().pixels_per_point();
        let size_px = size_px(rect, pixels_per_point);
        let pattern = self.pattern();
        let is_kept = self
            .texture
            .as_ref()
            .is_some_and(|kept| kept.pattern == pattern && kept.size_px == size_px);
        if !is_kept {
            self.texture = Some(Drawn {
                pattern,
                size_px,
                texture: texture_of(ui.ctx(), &pattern.draw(size_px)),
            });
        }
        let Some(drawn) = &self.texture else { return };
        let [width, height] = drawn.size_px.map(|n| n as f32 / pixels_per_point);
        let place = Rect::from_min_size(rect.min, vec2(width, height));
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        ui.painter()
            .image(drawn.texture.id(), place, whole, Color32::WHITE);
    }

    /// What is shown, which keys there are, and the questions.
    fn bar_ui(&mut self, ui: &mut Ui, rect: Rect, theme: &Theme, out: &mut Vec<Action>) {
        const WIDTH: f32 = 620.0;
        let is_first = self.pattern() == TestPattern::Quality;
        let height = if is_first { 190.0 } else { 52.0 };
        let width = WIDTH.min(rect.width() - 16.0);
        let at = pos2(rect.center().x - width / 2.0, rect.bottom() - height - 12.0);
        let place = Rect::from_min_size(at, vec2(width, height));
        let mut bar = ui.new_child(egui::UiBuilder::new().max_rect(place));
        Frame::new()
            .fill(theme.bg3)
            .corner_radius(radius::DIALOG)
            .inner_margin(Margin::same(12))
            .show(&mut bar, |ui| {
                ui.set_width(width - 24.0);
                ui.spacing_mut().item_spacing.y = 8.0;
                ui.horizontal(|ui| {
                    text_label(ui, &self.words(), Kind::BODY.medium(), theme.t1);
                    key_caps(ui, &["←", "→"]);
                    text_label(ui, t("patterns.step"), Kind::LABEL, theme.t2);
                    key_caps(ui, &["H"]);
                    text_label(ui, t("patterns.hide"), Kind::LABEL, theme.t2);
                    key_caps(ui, &["Esc"]);
                    text_label(ui, t("patterns.close"), Kind::LABEL, theme.t2);
                });
                if is_first {
                    self.questions_ui(ui, theme, out);
                }
            });
    }

    fn words(&self) -> String {
        let name = match self.pattern() {
            TestPattern::Quality => t("patterns.quality").to_owned(),
            TestPattern::Ramps => t("patterns.ramps").to_owned(),
            TestPattern::Grid => t("patterns.grid").to_owned(),
            TestPattern::LinePairs => t("patterns.lines").to_owned(),
            TestPattern::Uniform(_) => {
                let code = self.pattern().level().unwrap_or_default().to_string();
                t_args("patterns.uniform", &[("code", &code)])
            }
        };
        let (n, all) = ((self.at + 1).to_string(), self.patterns.len().to_string());
        t_args(
            "patterns.title",
            &[("name", &name), ("n", &n), ("all", &all)],
        )
    }

    fn questions_ui(&mut self, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
        let questions = [
            t("patterns.ask_patches"),
            t("patterns.ask_lines"),
            t("patterns.ask_even"),
        ];
        let both = [Seeing::Good, Seeing::Bad];
        for (question, answer) in questions.into_iter().zip(&mut self.answers) {
            ui.horizontal(|ui| {
                let segments = [t("patterns.yes"), t("patterns.no")].map(Segment::new);
                let at = answer.and_then(|a| both.iter().position(|b| *b == a));
                let chosen = Segmented::new(question, &segments, at)
                    .width(120.0)
                    .show(ui);
                if let Some(seeing) = chosen.and_then(|i| both.get(i)) {
                    *answer = Some(*seeing);
                }
                text_label(ui, question, Kind::LABEL, theme.t1);
            });
        }
        let [Some(patches), Some(lines), Some(evenness)] = self.answers else {
            text_label(ui, t("patterns.answer_all"), Kind::LABEL, theme.t3);
            return;
        };
        if ui.add(Button::primary(t("patterns.record"))).clicked() {
            let size = self.texture.as_ref().map_or([0, 0], |drawn| drawn.size_px);
            let check = DisplayCommand::RecordCheck {
                size_px: size.map(|n| u32::try_from(n).unwrap_or(u32::MAX)),
                patches,
                lines,
                evenness,
            };
            out.push(Command::Display(check).into());
            out.push(crate::UiAction::Say(t("patterns.recorded").to_owned()).into());
            self.answers = [None; 3];
        }
    }
}

/// Pixels of the screen that a rectangle covers.
fn size_px(rect: Rect, pixels_per_point: f32) -> [usize; 2] {
    // Windows are far smaller than what the cast could lose.
    [rect.width(), rect.height()].map(|side| (side * pixels_per_point).round().max(1.0) as usize)
}

fn texture_of(ctx: &Context, levels: &GreyLevels) -> TextureHandle {
    let pixels = ColorImage::from_gray([levels.width, levels.height], &levels.codes);
    ctx.load_texture("test pattern", pixels, TextureOptions::NEAREST)
}

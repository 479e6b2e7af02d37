use case::Geometry;
use egui::{Key, Pos2, Ui, vec2};
use session::ViewIdx;
use ui_kit::{TextField, t};

/// A mark that waits for its words, or for the length of what it lies on.
#[derive(Clone, Debug)]
pub(super) struct Words {
    pub(super) view: ViewIdx,
    pub(super) geometry: Geometry,
    at: Pos2,
    text: String,
    focused: Focused,
}

/// Has the field the keyboard?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Focused {
    /// It asks for it when it is next shown.
    No,
    /// Since the frame of this number.
    Since(u64),
}

impl Focused {
    /// Is this the frame in which the field was first shown? The click that set the mark is in every pass of that
    /// frame, and is none elsewhere.
    fn is_first_frame(&mut self, frame: u64) -> bool {
        match *self {
            Self::No => {
                *self = Self::Since(frame);
                true
            }
            Self::Since(began) => began == frame,
        }
    }
}

/// What became of the words.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Typed {
    /// They are being typed.
    Goes,
    /// The mark is taken back.
    Dropped,
    /// The mark with its words.
    Done(Geometry),
}

impl Words {
    /// What a finished shape waits for; `None` for shapes without words.
    pub(super) fn asked_for(view: ViewIdx, geometry: &Geometry, at: Pos2) -> Option<Self> {
        let asks = geometry.words().is_some() || matches!(geometry, Geometry::Calibration { .. });
        asks.then(|| Self {
            view,
            geometry: geometry.clone(),
            at,
            text: String::new(),
            focused: Focused::No,
        })
    }

    /// The field. Enter or a press elsewhere keeps what was typed, Escape takes the mark back.
    pub(super) fn words_ui(&mut self, ui: &Ui) -> Typed {
        let calibrates = matches!(self.geometry, Geometry::Calibration { .. });
        let (name, hint) = if calibrates {
            (t("mark.known_length"), t("mark.known_length_hint"))
        } else {
            (t("mark.arrow_text"), t("mark.arrow_hint"))
        };
        let area = egui::Area::new(egui::Id::unique("words of a mark"))
            .order(egui::Order::Foreground)
            .fixed_pos(self.at + vec2(8.0, -14.0));
        let shown = area.show(ui.ctx(), |ui| {
            let field = TextField::new(&mut self.text, name).hint(hint);
            field.width(220.0).show(ui)
        });
        let field = shown.inner;
        let frame = ui.ctx().cumulative_frame_nr();
        if self.focused == Focused::No {
            field.request_focus();
        }
        if self.focused.is_first_frame(frame) {
            return Typed::Goes;
        }
        let (enter, escape) = ui.input(|input| {
            (
                input.key_pressed(Key::Enter),
                input.key_pressed(Key::Escape),
            )
        });
        let elsewhere = field.clicked_elsewhere();
        if escape {
            Typed::Dropped
        } else if enter || elsewhere {
            match with_words(&self.geometry, &self.text) {
                Some(geometry) => Typed::Done(geometry),
                // What was typed is no length: the field stays until it is one, or is left.
                None if enter => {
                    self.focused = Focused::No;
                    Typed::Goes
                }
                None => Typed::Dropped,
            }
        } else {
            Typed::Goes
        }
    }
}

/// A shape with what was typed; `None` when that does not make it whole.
fn with_words(geometry: &Geometry, typed: &str) -> Option<Geometry> {
    let mut whole = geometry.clone();
    match &mut whole {
        Geometry::Calibration { known_mm, .. } => *known_mm = length_mm(typed)?,
        Geometry::Arrow { text, .. } => *text = typed.trim().to_owned(),
        Geometry::Text { text, .. } => {
            *text = typed.trim().to_owned();
            if text.is_empty() {
                return None;
            }
        }
        _ => {}
    }
    Some(whole)
}

/// A length as it is typed: `25`, `25 mm`, `2,5 cm`; `None` for anything else.
fn length_mm(typed: &str) -> Option<f64> {
    let typed = typed.trim().to_lowercase().replace(',', ".");
    let (number, factor) = match (typed.strip_suffix("mm"), typed.strip_suffix("cm")) {
        (Some(number), _) => (number, 1.0),
        (None, Some(number)) => (number, 10.0),
        (None, None) => (typed.as_str(), 1.0),
    };
    let length = number.trim().parse::<f64>().ok()? * factor;
    (length.is_finite() && 0.0 < length).then_some(length)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use egui::{Event, Modifiers, PointerButton, pos2};
    use egui_kittest::Harness;
    use space::PatientPoint;

    use super::*;

    /// A picture on which a click sets a text.
    struct Picture {
        harness: Harness<'static>,
        typed: Rc<RefCell<Option<Typed>>>,
    }

    impl Picture {
        fn new() -> Self {
            let typed = Rc::new(RefCell::new(None));
            let last = Rc::clone(&typed);
            let mut words: Option<Words> = None;
            let text = Geometry::Text {
                at: PatientPoint::new(0.0, 0.0, 0.0),
                text: String::new(),
            };
            let harness = Harness::builder()
                .with_size([600.0, 400.0])
                .with_context_setup(ui_kit::install)
                .build_ui(move |ui| {
                    let picture = ui.allocate_rect(ui.max_rect(), egui::Sense::click());
                    if picture.clicked() && words.is_none() {
                        let at = picture.interact_pointer_pos().unwrap_or_default();
                        words = Words::asked_for(ViewIdx(0), &text, at);
                    }
                    let step = words.as_mut().map(|words| words.words_ui(ui));
                    if step.as_ref().is_some_and(|step| *step != Typed::Goes) {
                        words = None;
                    }
                    if step.is_some() {
                        *last.borrow_mut() = step;
                    }
                });
            Self { harness, typed }
        }

        fn click(&mut self, x: f32, y: f32) {
            self.harness.event(Event::PointerMoved(pos2(x, y)));
            for pressed in [true, false] {
                self.harness.event(Event::PointerButton {
                    pos: pos2(x, y),
                    button: PointerButton::Primary,
                    pressed,
                    modifiers: Modifiers::NONE,
                });
            }
            self.harness.step();
        }

        fn typed(&self) -> Option<Typed> {
            self.typed.borrow().clone()
        }
    }

    fn text_of(typed: Option<Typed>) -> String {
        match typed {
            Some(Typed::Done(Geometry::Text { text, .. })) => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_first_frame_of_a_field_has_any_number_of_passes() {
        let mut focused = Focused::No;
        let frames = [7, 7, 7, 8, 8, 9];
        let first = frames.map(|frame| focused.is_first_frame(frame));
        assert_eq!(first, [true, true, true, false, false, false]);
    }

    #[test]
    fn the_click_that_sets_a_text_does_not_end_it() {
        let mut picture = Picture::new();
        picture.harness.step();
        picture.click(100.0, 100.0);
        assert_eq!(picture.typed(), Some(Typed::Goes));
        picture.harness.step();
        picture.harness.event(Event::Text("cyst".into()));
        picture.harness.step();
        assert_eq!(picture.typed(), Some(Typed::Goes));
        picture.harness.key_press(Key::Enter);
        picture.harness.step();
        assert_eq!(text_of(picture.typed()), "cyst");
    }

    #[test]
    fn a_click_elsewhere_keeps_what_was_typed_and_drops_what_is_empty() {
        for (typed, expected) in [("", None), ("cyst", Some("cyst"))] {
            let mut picture = Picture::new();
            picture.harness.step();
            picture.click(100.0, 100.0);
            picture.harness.step();
            if !typed.is_empty() {
                picture.harness.event(Event::Text(typed.into()));
                picture.harness.step();
            }
            picture.click(500.0, 300.0);
            match expected {
                Some(text) => assert_eq!(text_of(picture.typed()), text),
                None => assert_eq!(picture.typed(), Some(Typed::Dropped)),
            }
        }
    }

    #[test]
    fn a_length_may_have_its_unit_and_a_comma() {
        for (typed, mm) in [
            ("25", Some(25.0)),
            (" 25.5 mm", Some(25.5)),
            ("2,5 cm", Some(25.0)),
            ("10CM", Some(100.0)),
            ("0", None),
            ("-3", None),
            ("nan", None),
            ("inf", None),
            ("", None),
            ("two", None),
            ("3 in", None),
        ] {
            assert_eq!(length_mm(typed), mm, "{typed}");
        }
    }
}

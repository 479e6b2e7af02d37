//! Every control is found by its name and works by keyboard, as an assistive device would use it.

#![allow(clippy::unwrap_used)]

use egui::{Key, PointerButton, Ui};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use ui_kit::*;

fn harness<'a, State: 'a>(
    state: State,
    add: impl FnMut(&mut Ui, &mut State) + 'a,
) -> Harness<'a, State> {
    Harness::builder()
        .with_size([900.0, 500.0])
        .with_step_dt(0.25)
        .with_context_setup(install)
        .build_ui_state(add, state)
}

/// Focuses the control with this name and presses a key on it.
fn press_on<State>(harness: &mut Harness<'_, State>, name: &str, key: Key) {
    harness.run_steps(2);
    harness.get_by_label(name).focus();
    harness.run_steps(2);
    harness.key_press(key);
    harness.run_steps(3);
}

#[test]
fn buttons_work_by_enter_space_and_pointer() {
    let mut harness = harness([0_u32; 5], |ui, pressed| {
        for (button_idx, button) in [
            Button::new("Plain").icon(Icon::FolderOpen),
            Button::primary("Main").keys(&["Ctrl", "S"]),
            Button::ghost("Quiet").small(),
            Button::link("Link"),
        ]
        .into_iter()
        .enumerate()
        {
            if ui.add(button).clicked() {
                pressed[button_idx] += 1;
            }
        }
        if ui
            .add(IconButton::tool(Icon::Ruler, "Length").keys(&["L"]))
            .clicked()
        {
            pressed[4] += 1;
        }
    });
    for name in ["Plain", "Main", "Quiet", "Link", "Length"] {
        press_on(&mut harness, name, Key::Enter);
        press_on(&mut harness, name, Key::Space);
        harness.get_by_label(name).click();
        harness.run_steps(3);
    }
    assert_eq!(*harness.state(), [3; 5]);
}

#[test]
fn a_disabled_button_does_nothing() {
    let mut harness = harness(0_u32, |ui, pressed| {
        if ui.add_enabled(false, Button::primary("Seal")).clicked() {
            *pressed += 1;
        }
    });
    harness.run_steps(2);
    harness.get_by_label("Seal").click();
    press_on(&mut harness, "Seal", Key::Enter);
    assert_eq!(*harness.state(), 0);
}

#[test]
fn switches_check_boxes_and_segments_change_by_keyboard() {
    let mut harness = harness((false, false, Some(0_usize)), |ui, state| {
        toggle_switch(ui, &mut state.0, "Linked");
        check_box(ui, &mut state.1, "CT");
        let segments = ["None".into(), "Minor".into(), "Major".into()];
        if let Some(chosen_idx) = Segmented::new("Weight", &segments, state.2).show(ui) {
            state.2 = Some(chosen_idx);
        }
    });
    press_on(&mut harness, "Linked", Key::Space);
    press_on(&mut harness, "CT", Key::Space);
    press_on(&mut harness, "Major", Key::Enter);
    assert_eq!(*harness.state(), (true, true, Some(2)));
}

#[test]
fn a_slider_moves_by_arrow_keys_and_by_the_pointer_and_stays_within_its_range() {
    let mut harness = harness(0.0, |ui, value: &mut f64| {
        slider(ui, value, [-100.0, 300.0], "Threshold");
    });
    press_on(&mut harness, "Threshold", Key::ArrowRight);
    assert_eq!(*harness.state(), 8.0, "a fiftieth of the range");
    for _ in 0..20 {
        press_on(&mut harness, "Threshold", Key::ArrowLeft);
    }
    assert_eq!(*harness.state(), -100.0);
    harness.get_by_label("Threshold").click();
    harness.run_steps(3);
    let value = *harness.state();
    assert!((value - 100.0).abs() < 4.0, "{value}");
}

#[test]
fn fields_take_text_and_keep_it() {
    let mut harness = harness(
        (String::new(), String::new(), String::new()),
        |ui, state| {
            TextField::new(&mut state.0, "Patient ID")
                .width(190.0)
                .show(ui);
            SearchField::new(&mut state.1, "Search")
                .keys(&["/"])
                .show(ui);
            TextArea::new(&mut state.2, "Note", 84.0).show(ui);
        },
    );
    for (name, text) in [
        ("Patient ID", "DEMO-0051"),
        ("Search", "bone"),
        ("Note", "Łódź, 33 × 22 mm"),
    ] {
        harness.run_steps(2);
        harness.get_by_label(name).focus();
        harness.run_steps(2);
        harness.get_by_label(name).type_text(text);
        harness.run_steps(2);
    }
    let (id, search, note) = harness.state();
    assert_eq!((id.as_str(), search.as_str()), ("DEMO-0051", "bone"));
    assert_eq!(note, "Łódź, 33 × 22 mm");
}

#[test]
fn cards_rows_and_thumbnails_are_chosen_by_keyboard_and_keep_inner_presses() {
    let mut harness = harness([0_u32; 5], |ui, pressed| {
        let card = Card::new("Finding one").show(ui, |ui| ui.add(Button::new("Go")).clicked());
        pressed[0] += u32::from(card.response.clicked());
        pressed[1] += u32::from(card.inner);
        let row = ListRow::new("Row one").show(ui, |ui| ui.add(Button::new("Assign")).clicked());
        pressed[2] += u32::from(row.response.clicked());
        pressed[3] += u32::from(row.inner);
        let thumbnail = ui.add(Thumbnail::new("Axial", "108").coverage(0.5));
        pressed[4] += u32::from(thumbnail.clicked());
    });
    for name in ["Finding one", "Row one", "Axial", "Go", "Assign"] {
        press_on(&mut harness, name, Key::Enter);
    }
    assert_eq!(*harness.state(), [1; 5]);
    harness.get_by_label("Go").click();
    harness.get_by_label("Assign").click();
    harness.run_steps(3);
    assert_eq!(
        *harness.state(),
        [1, 2, 1, 2, 1],
        "an inner press is not a press of the card"
    );
}

#[test]
fn tabs_are_chosen_and_closed() {
    let mut harness = harness(Vec::new(), |ui, events: &mut Vec<TabEvent>| {
        let tabs = [
            Tab {
                label: "Worklist",
                icon: None,
                icon_color: None,
                close_name: None,
            },
            Tab {
                label: "Case",
                icon: Some(Icon::EyeSlash),
                icon_color: None,
                close_name: Some("Close case"),
            },
        ];
        ui.horizontal(|ui| events.extend(tab_strip(ui, &tabs, Some(0))));
    });
    press_on(&mut harness, "Case", Key::Enter);
    press_on(&mut harness, "Close case", Key::Enter);
    harness.get_by_label("Close case").click();
    harness.run_steps(3);
    harness
        .get_by_label("Case")
        .click_button(PointerButton::Middle);
    harness.run_steps(3);
    let close = TabEvent::Close(1);
    assert_eq!(*harness.state(), [TabEvent::Select(1), close, close, close]);
}

#[test]
fn a_menu_opens_chooses_and_closes_by_keyboard() {
    let mut harness = harness(0_u32, |ui, chosen| {
        Dropdown::new("Window", "Brain")
            .value("W 80 L 36")
            .show(ui, |ui| {
                menu_heading(ui, "Presets");
                if ui.add(MenuItem::new("Bone").keys(&["4"])).clicked() {
                    *chosen += 1;
                }
                menu_separator(ui);
            });
    });
    assert!(harness.query_by_label("Bone").is_none());
    press_on(&mut harness, "Window", Key::Enter);
    assert!(harness.query_by_label("Bone").is_some());
    press_on(&mut harness, "Bone", Key::Enter);
    assert_eq!(*harness.state(), 1);
    assert!(
        harness.query_by_label("Bone").is_none(),
        "the menu closes after a choice"
    );
}

#[test]
fn messages_and_toasts_offer_their_actions() {
    let mut toasts = Toasts::default();
    let number = toasts.push(Icon::Trash, "Finding F3 removed", Some("Undo"));
    let mut harness = harness((toasts, Vec::new(), Vec::new()), |ui, state| {
        let (toasts, actions, events) = state;
        let bar = MessageBar::new(Tone::Warning, "6 slices missing").actions(&["Fetch", "Details"]);
        actions.extend(bar.show(ui));
        events.extend(toasts.show(ui.ctx(), 40.0, &["Ctrl", "Z"]));
    });
    press_on(&mut harness, "Details", Key::Enter);
    press_on(&mut harness, "Fetch", Key::Enter);
    press_on(&mut harness, "Undo", Key::Enter);
    let (toasts, actions, events) = harness.state();
    assert_eq!(*actions, [1_usize, 0]);
    assert_eq!(*events, [ToastEvent::Undo(number)]);
    assert!(toasts.is_empty());
}

#[test]
fn a_toast_goes_away_after_eight_seconds() {
    let mut toasts = Toasts::default();
    toasts.push(Icon::Trash, "Removed", Some("Undo"));
    let mut harness = harness(toasts, |ui, toasts| {
        toasts.show(ui.ctx(), 40.0, &[]);
    });
    harness.run_steps(28);
    assert!(!harness.state().is_empty(), "still there after 7 s");
    harness.run_steps(8);
    assert!(harness.state().is_empty(), "gone after 9 s");
}

#[test]
fn a_dialog_closes_by_its_cross_and_by_escape() {
    for by_key in [Key::Enter, Key::Escape] {
        let mut harness = harness(true, |ui, open| {
            Dialog::new("Export", "Close dialog").show(ui.ctx(), open, |ui| ui.label("Body"));
        });
        harness.run_steps(2);
        assert_eq!(
            harness.query_all_by_label("Export").count(),
            2,
            "the window and its title"
        );
        press_on(&mut harness, "Close dialog", by_key);
        assert!(!*harness.state(), "{by_key:?}");
    }
}

#[test]
fn marks_and_scales_say_in_words_what_they_show() {
    let mut harness = harness((), |ui, ()| {
        reader_mark(ui, Reader::First, "First read");
        id_badge(ui, "F1", egui::Color32::BLUE, egui::Color32::WHITE);
        significance(ui, 2, "Moderate");
        confidence_dashes(ui, 3, "High");
        ui.add(
            Chip::new("Laterality")
                .icon(Icon::ArrowsLeftRight)
                .letter('L'),
        );
        steps(ui, "Step of the case", &["Read", "Seal"], 1);
        coverage_bar(ui, 0.5, "Viewed");
        let lock = (Icon::LockKey, IconWeight::Regular);
        status_word(
            ui,
            lock,
            egui::Color32::RED,
            ("Sealed", Kind::BODY),
            egui::Color32::WHITE,
        );
        outlined_badge(ui, Icon::HardDrives, egui::Color32::GREEN, "Local only");
    });
    harness.run_steps(2);
    for word in [
        "First read",
        "F1",
        "Moderate",
        "High",
        "Laterality",
        "Local only",
    ] {
        assert!(harness.query_by_value(word).is_some(), "{word}");
    }
    assert_eq!(
        harness.get_by_label("Step of the case").value().as_deref(),
        Some("Seal")
    );
    assert!(harness.query_by_label("Viewed").is_some());
}

#[test]
fn a_split_handle_moves_by_arrow_keys_within_its_limits() {
    let mut harness = harness(440.0_f32, |ui, width| {
        let edge = egui::Rect::from_min_size(egui::pos2(400.0, 0.0), egui::vec2(1.0, 300.0));
        let limits = egui::Rangef::new(430.0, 900.0);
        split_handle(ui, edge, width, (limits, 440.0), "Panel width");
    });
    press_on(&mut harness, "Panel width", Key::ArrowLeft);
    assert!(440.0 < *harness.state());
    for _ in 0..6 {
        press_on(&mut harness, "Panel width", Key::ArrowRight);
    }
    assert_eq!(*harness.state(), 430.0);
}

#[test]
fn a_tooltip_waits_and_then_names_the_key() {
    let mut harness = harness((), |ui, ()| {
        ui.add(IconButton::tool(Icon::Ruler, "Length").keys(&["L"]));
    });
    harness.run_steps(2);
    let center = harness.get_by_label("Length").rect().center();
    harness.hover_at(center);
    harness.run_steps(1);
    assert!(harness.query_by_value("Length").is_none(), "no plate yet");
    harness.run_steps(6);
    assert!(
        harness.query_by_value("Length").is_some(),
        "the plate shows the name"
    );
}

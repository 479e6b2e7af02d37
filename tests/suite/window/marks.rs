//! What is drawn on a picture is measured in the patient and belongs to a finding.

use acceptance::ReportForm;
use egui::{Key, Modifiers, PointerButton, vec2};
use session::{Annotation, Command, Geometry, Tool, ViewCommand};

use super::bench::Bench;

fn marks(bench: &mut Bench) -> Vec<Annotation> {
    let id = bench.id.clone();
    bench.with(|shell| {
        let case = shell.session().case().unwrap();
        assert_eq!(*case.id(), id);
        case.read().annotations.clone()
    })
}

#[test]
fn a_drag_with_the_ruler_measures_its_way_in_the_patient() {
    let mut bench = Bench::reading(1, ReportForm::Text);
    let snapshot = bench.snapshot();
    let mm_per_point = snapshot.views[snapshot.active.0]
        .plane
        .unwrap()
        .mm_per_pixel;
    let middle = bench.view_rect().center();
    for (n, way) in [vec2(120.0, 0.0), vec2(0.0, -90.0), vec2(60.0, 80.0)]
        .into_iter()
        .enumerate()
    {
        bench.key(Key::L, Modifiers::NONE);
        // Each starts away from the marks before it, which would be moved otherwise.
        let from = middle + vec2(-150.0, 30.0 + 45.0 * n as f32);
        bench.drag(from, from + way, PointerButton::Primary);
        let marks = marks(&mut bench);
        assert_eq!(marks.len(), n + 1, "the drag leaves one mark");
        let mark = marks.last().unwrap();
        let Geometry::Length { from, to } = &mark.geometry else {
            panic!("no length: {mark:?}")
        };
        let expected_mm = f64::from(way.length()) * mm_per_point;
        let length = mark.values.iter().find(|v| v.name == "length").unwrap();
        assert_eq!(length.unit, "mm");
        assert!(
            (length.value - expected_mm).abs() < 0.01,
            "{} mm, not {expected_mm} mm",
            length.value
        );
        assert!(((*to - *from).length_mm() - expected_mm).abs() < 0.01);
        let snapshot = bench.snapshot();
        let case = snapshot.case.as_ref().unwrap();
        assert!(
            case.findings
                .iter()
                .any(|card| Some(card.finding.id) == mark.finding),
            "the mark has no finding"
        );
    }
}

#[test]
fn undo_takes_exactly_the_last_mark_back() {
    let mut bench = Bench::reading(1, ReportForm::Text);
    let middle = bench.view_rect().center();
    let mut states = vec![marks(&mut bench)];
    for k in 0..3 {
        bench.key(Key::L, Modifiers::NONE);
        let from = middle + vec2(-150.0, 40.0 * k as f32);
        bench.drag(from, from + vec2(100.0, 0.0), PointerButton::Primary);
        states.push(marks(&mut bench));
    }
    assert_eq!(
        states.iter().map(Vec::len).collect::<Vec<_>>(),
        [0, 1, 2, 3]
    );
    for before in states[1..3].iter().rev() {
        bench.key(Key::Z, Modifiers::COMMAND);
        assert_eq!(marks(&mut bench), *before);
    }
    for after in &states[2..] {
        bench.key(Key::Y, Modifiers::COMMAND);
        assert_eq!(marks(&mut bench), *after);
    }
}

#[test]
fn what_was_drawn_is_there_for_the_next_process() {
    let mut bench = Bench::reading(1, ReportForm::Text);
    let middle = bench.view_rect().center();
    bench.key(Key::L, Modifiers::NONE);
    bench.drag(middle, middle + vec2(100.0, 0.0), PointerButton::Primary);
    let drawn = marks(&mut bench);
    let id = bench.id.to_string();
    let shown = bench.desk.reader("Ada Second").show(&id);
    let kept = shown["read"]["annotations"].as_array().unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(
        kept[0]["values"][0]["value"].as_f64(),
        Some(drawn[0].values[0].value)
    );
}

#[test]
fn a_drag_with_the_window_tool_changes_only_the_window() {
    let mut bench = Bench::reading(1, ReportForm::Text);
    let middle = bench.view_rect().center();
    let before = bench.snapshot();
    bench.key(Key::W, Modifiers::NONE);
    bench.drag(middle, middle + vec2(80.0, 0.0), PointerButton::Primary);
    let after = bench.snapshot();
    let [before, after] = [&before, &after].map(|s| s.views[s.active.0].clone());
    assert_ne!(before.window_text, after.window_text);
    assert_eq!(before.slice, after.slice);
    assert!(marks(&mut bench).is_empty());
}

#[test]
fn a_box_drawn_with_the_window_tool_windows_its_values_and_leaves_no_mark() {
    let mut bench = Bench::reading(1, ReportForm::Text);
    let ends = |bench: &mut Bench| {
        let snapshot = bench.snapshot();
        let view = &snapshot.views[snapshot.active.0];
        view.presentation.as_ref().unwrap().voi.ends()
    };
    let before = ends(&mut bench);
    let middle = bench.view_rect().center();
    bench.dispatch(Command::View(ViewCommand::SetTool(Tool::WindowBox)));
    let mut boxes = Vec::new();
    for half in [12.0, 90.0] {
        bench.drag(
            middle - vec2(half, half),
            middle + vec2(half, half),
            PointerButton::Primary,
        );
        boxes.push(ends(&mut bench));
    }
    assert_ne!(boxes[0], before);
    // What holds the smaller box holds its values too.
    let [[low, high], [lower, higher]] = [boxes[0], boxes[1]];
    assert!(lower <= low && high <= higher && [lower, higher] != [low, high]);
    assert!(marks(&mut bench).is_empty());
}

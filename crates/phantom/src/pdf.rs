//! The first report as a PDF with selectable text.

use krilla::Document;
use krilla::geom::Point;
use krilla::page::PageSettings;
use krilla::text::{Font, TextDirection};

use crate::patient::Patient;
use crate::study::Study;
use crate::words::{Report, spoken_date};

const FONT: &[u8] = include_bytes!("../../../assets/fonts/Inter-Regular.ttf");
const PAGE_WIDTH: f32 = 595.0;
const PAGE_HEIGHT: f32 = 842.0;
const MARGIN: f32 = 56.0;
const MAX_CHARS: usize = 86;

/// A line with its size in points and its space above.
struct Line {
    text: String,
    size: f32,
    above: f32,
}

/// Returns the file of the report; `None` when the font or the layout cannot be used.
pub(crate) fn file(report: &Report, study: &Study, patient: &Patient) -> Option<Vec<u8>> {
    let font = Font::new(FONT.to_vec().into(), 0)?;
    let mut document = Document::new();
    let mut lines = lines(report, study, patient).into_iter().peekable();
    while lines.peek().is_some() {
        let mut page = document.start_page_with(PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT)?);
        let mut surface = page.surface();
        let mut y = MARGIN;
        while let Some(line) =
            lines.next_if(|line| y + line.above + line.size * 1.45 < PAGE_HEIGHT - MARGIN)
        {
            y += line.above + line.size * 1.45;
            surface.draw_text(
                Point::from_xy(MARGIN, y),
                font.clone(),
                line.size,
                &line.text,
                false,
                TextDirection::LeftToRight,
            );
        }
        surface.finish();
        page.finish();
    }
    document.finish().ok()
}

fn lines(report: &Report, study: &Study, patient: &Patient) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut add = |text: String, size: f32, above: f32| lines.push(Line { text, size, above });
    add("PHANTOM".into(), 10.0, 0.0);
    add(
        format!("CT CHEST, {}", spoken_date(&report.study_date)),
        15.0,
        6.0,
    );
    let sex = match patient.sex.as_str() {
        "F" => "female",
        "M" => "male",
        _ => "other",
    };
    let born = spoken_date(&patient.birth_date);
    add(
        format!("Patient: {}, {sex}, born {born}", patient.spoken_name()),
        9.5,
        6.0,
    );
    add(
        format!(
            "Patient ID: {}   Accession number: {}",
            patient.id, study.accession_number
        ),
        9.5,
        0.0,
    );
    for section in &report.sections {
        add(section.heading.to_uppercase(), 9.5, 14.0);
        for line in wrapped(&section.paragraph()) {
            add(line, 10.5, 1.0);
        }
    }
    add(
        format!("Reported by {}", report.spoken_reader()),
        10.0,
        18.0,
    );
    lines
}

fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let is_full = lines.last().is_some_and(|line| {
            !line.is_empty() && MAX_CHARS < line.chars().count() + 1 + word.chars().count()
        });
        if is_full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

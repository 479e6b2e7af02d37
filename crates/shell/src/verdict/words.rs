//! Texts with the words that differ tinted and underlined.

use case::TextSpan;
use egui::text::LayoutJob;
use egui::{Color32, Stroke};
use session::Class;
use ui_kit::{Kind, Theme};

use super::class_tint;

/// The text in one paragraph: a line break of the report is a space here. Places of bytes stay what they were.
pub(crate) fn one_line(text: &str) -> String {
    text.replace(['\n', '\r', '\t'], " ")
}

/// The text with the words at `spans` marked in the colour of their class.
///
/// `start` is where the text begins in the report that the spans count in. A span that does not fit the text is left
/// out rather than put on the wrong words.
pub(crate) fn marked_job(
    text: &str,
    (spans, start): (&[(Class, TextSpan)], usize),
    kind: Kind,
    ink: Color32,
    theme: &Theme,
) -> LayoutJob {
    let text = one_line(text);
    let mut job = LayoutJob::default();
    let mut at = 0;
    for (class, from, to) in fitting(&text, spans, start) {
        if from < at {
            continue;
        }
        job.append(
            text.get(at..from).unwrap_or_default(),
            0.0,
            kind.format(ink),
        );
        let tint = class_tint(class, theme).ink;
        let mut format = kind.format(ink);
        format.background = tint.gamma_multiply(0.20);
        format.underline = Stroke::new(1.5, tint);
        job.append(text.get(from..to).unwrap_or_default(), 0.0, format);
        at = to;
    }
    job.append(text.get(at..).unwrap_or_default(), 0.0, kind.format(ink));
    job
}

/// The spans that lie in the text on whole characters, in its own bytes, from left to right.
fn fitting(text: &str, spans: &[(Class, TextSpan)], start: usize) -> Vec<(Class, usize, usize)> {
    let mut fitting: Vec<(Class, usize, usize)> = spans
        .iter()
        .filter_map(|(class, [from, to])| {
            let (from, to) = (from.checked_sub(start)?, to.checked_sub(start)?);
            let words = text.get(from..to)?;
            (!words.is_empty()).then_some((*class, from, to))
        })
        .collect();
    fitting.sort_by_key(|(_, from, _)| *from);
    fitting
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str, spans: &[(Class, TextSpan)], start: usize) -> Vec<String> {
        let job = marked_job(
            text,
            (spans, start),
            Kind::STATEMENT,
            Color32::WHITE,
            &Theme::DARK,
        );
        let is_marked = |format: &egui::TextFormat| format.background != Color32::TRANSPARENT;
        job.sections
            .iter()
            .filter(|section| is_marked(&section.format))
            .map(|section| {
                job.text[section.byte_range.start.0..section.byte_range.end.0].to_owned()
            })
            .collect()
    }

    #[test]
    fn the_words_that_differ_are_marked_and_no_others() {
        let text = "Small area in the left lobe, about 18 mm.";
        type Row = (&'static [(Class, TextSpan)], usize, &'static [&'static str]);
        let rows: [Row; 6] = [
            (&[(Class::D4, [18, 22])], 0, &["left"]),
            (
                &[(Class::D6, [35, 40]), (Class::D4, [18, 22])],
                0,
                &["left", "18 mm"],
            ),
            (&[(Class::D4, [118, 122])], 100, &["left"]),
            (&[(Class::D4, [18, 22])], 100, &[]),
            (&[(Class::D4, [18, 400])], 0, &[]),
            (
                &[(Class::D4, [18, 22]), (Class::D5, [18, 27])],
                0,
                &["left"],
            ),
        ];
        for (spans, start, expected) in rows {
            assert_eq!(
                marked(text, spans, start),
                expected,
                "{spans:?} from {start}"
            );
        }
    }

    #[test]
    fn a_span_inside_a_character_is_left_out() {
        assert!(marked("3 × 4 mm", &[(Class::D6, [3, 5])], 0).is_empty());
    }

    #[test]
    fn the_whole_text_is_kept() {
        let job = marked_job(
            "Heart\nsize normal.",
            (&[(Class::D7, [6, 10])], 0),
            Kind::BODY,
            Color32::WHITE,
            &Theme::DARK,
        );
        assert_eq!(job.text, "Heart size normal.");
    }
}

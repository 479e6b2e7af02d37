use case::Case;

use crate::content::Content;
use crate::findings::FindingWords;
use crate::rows::{Row, Standing};
use crate::{OutputContext, words};

/// Longest line, characters.
const WIDTH: usize = 80;

/// The second read, and once revealed the comparison, as plain text for a report window of an information system.
///
/// Lines are at most 80 characters long, except where a single word is longer. While the case is blinded nothing of the
/// first report is in it.
pub fn narrative(case: &Case, context: &OutputContext) -> String {
    let content = Content::of(case, context);
    let mut text = Text::default();
    text.paragraph("", &words::sentence(&content.title));
    head(&mut text, &content);
    if let Some(line) = &content.not_blinded {
        text.blank();
        text.paragraph("", line);
    }
    if !content.question.trim().is_empty() {
        text.section("Question");
        text.paragraph("", &content.question);
    }
    if let Some(outcome) = content.outcome {
        text.section("Outcome");
        text.paragraph(
            "",
            &format!("{}. {}", outcome.label(), words::outcome_meaning(outcome)),
        );
        text.paragraph("", &content.summary);
    }
    text.section("Findings of the second read");
    for finding in &content.findings {
        finding_text(&mut text, finding);
    }
    if content.findings.is_empty() {
        text.paragraph("", "No finding was entered.");
    }
    if !content.loose_marks.is_empty() {
        text.section("Marks without a finding");
        for mark in &content.loose_marks {
            text.paragraph("", mark);
        }
    }
    if !content.impression.trim().is_empty() {
        text.section("Impression of the second read");
        text.paragraph("", &content.impression);
    }
    if content.first.is_some() {
        comparison(&mut text, &content.rows);
    }
    for section in &content.after {
        text.section(section.title);
        for line in &section.lines {
            text.paragraph("- ", line);
        }
    }
    text.section("Limitations");
    for line in &content.limitations {
        text.paragraph("- ", line);
    }
    text.section("Seal");
    for seal in &content.seals {
        text.paragraph(
            "",
            &format!(
                "{} signed by {} at {}, SHA-256 {}",
                seal.title, seal.reader, seal.at, seal.digest
            ),
        );
    }
    if content.seals.is_empty() {
        text.paragraph("", "Not sealed.");
    }
    text.finish()
}

fn head(text: &mut Text, content: &Content) {
    text.paragraph(
        "",
        &format!(
            "Case {} ({})",
            content.case_id,
            content.stage.to_lowercase()
        ),
    );
    let patient: Vec<&str> = content
        .patient
        .iter()
        .chain(&content.patient_details)
        .map(String::as_str)
        .collect();
    if !patient.is_empty() {
        text.paragraph("", &format!("Patient: {}", patient.join(", ")));
    }
    if !content.study_details.is_empty() {
        text.paragraph("", &format!("Study: {}", content.study_details.join(", ")));
    }
    if let Some(first) = &content.first {
        let author = first.author.as_deref().unwrap_or("name not given");
        let parts: Vec<&str> = [author, &first.issued, &first.document]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect();
        text.paragraph("", &format!("First read: {}", parts.join(", ")));
    }
    let sealed = content
        .read_sealed
        .as_ref()
        .map_or_else(|| "not sealed".to_owned(), |at| format!("sealed {at}"));
    text.paragraph("", &format!("Second read: {}, {sealed}", content.reader));
}

fn finding_text(text: &mut Text, finding: &FindingWords) {
    text.paragraph("", &format!("{} {}", finding.id, finding.title));
    text.paragraph("   ", &finding.details.join(", "));
    for measured in &finding.measured {
        text.paragraph("   ", measured);
    }
    text.paragraph("   ", &finding.note);
}

fn comparison(text: &mut Text, rows: &[Row]) {
    let differing: Vec<&Row> = rows.iter().filter(|row| row.is_discrepancy()).collect();
    let n_agree = rows
        .iter()
        .filter(|row| matches!(row.standing, Standing::Agree))
        .count();
    let n_open = rows
        .iter()
        .filter(|row| matches!(row.standing, Standing::Proposed(_)))
        .count();
    text.section("Discrepancies");
    for (idx, row) in differing.iter().enumerate() {
        discrepancy(text, idx + 1, row);
    }
    if differing.is_empty() {
        text.paragraph("", "None.");
    }
    text.paragraph(
        "",
        &format!("Agreeing rows: {n_agree}. Rows without a verdict: {n_open}."),
    );
}

fn discrepancy(text: &mut Text, number: usize, row: &Row) {
    let Standing::Differs(classes) = &row.standing else {
        return;
    };
    let labels: Vec<&str> = classes.iter().map(|class| class.label()).collect();
    let mut line = format!("{number}. {}", labels.join(", "));
    if let Some(significance) = row.significance {
        line.push_str(&format!(
            "; significance {}",
            significance.label().to_lowercase()
        ));
    }
    if let Some(score) = &row.score {
        line.push_str(&format!("; score {score}"));
    }
    text.paragraph("", &line);
    text.paragraph(
        "   ",
        &format!(
            "First read: {}",
            row.first.as_deref().unwrap_or("not mentioned")
        ),
    );
    text.paragraph(
        "   ",
        &format!(
            "Second read: {}",
            row.second.as_deref().unwrap_or("not mentioned")
        ),
    );
    if !row.circumstances.is_empty() {
        let said = row.circumstances.join("; ");
        text.paragraph("   ", &format!("How it came about: {said}"));
    }
    if !row.note.is_empty() {
        text.paragraph("   ", &format!("Note: {}", row.note));
    }
}

/// Lines being gathered.
#[derive(Default)]
struct Text {
    lines: Vec<String>,
}

impl Text {
    fn blank(&mut self) {
        self.lines.push(String::new());
    }

    fn section(&mut self, title: &str) {
        self.blank();
        self.lines.push(title.to_owned());
    }

    /// Adds the text in lines that fit. The first carries `lead`, the others as many blanks.
    fn paragraph(&mut self, lead: &str, text: &str) {
        let indent = " ".repeat(lead.chars().count());
        let mut start = lead.to_owned();
        for source in text.lines() {
            let mut line = String::new();
            for word in source.split_whitespace() {
                let used = start.chars().count() + line.chars().count();
                if !line.is_empty() && WIDTH < used + 1 + word.chars().count() {
                    self.lines.push(format!("{start}{line}"));
                    start.clone_from(&indent);
                    line.clear();
                }
                if !line.is_empty() {
                    line.push(' ');
                }
                line.extend(word.chars().filter(|c| !c.is_control()));
            }
            if !line.is_empty() {
                self.lines.push(format!("{start}{line}"));
                start.clone_from(&indent);
            }
        }
    }

    fn finish(self) -> String {
        self.lines.join("\n") + "\n"
    }
}

use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use super::Extracted;
use super::dicom::{item, string};
use crate::taxonomy::Taxonomy;

/// A content tree may be so deep and have so many items; the rest is left out with a warning.
const MAX_DEPTH: usize = 64;
const MAX_ITEMS: usize = 20_000;

/// The content tree of a structured report as text (PS3.3 C.17.3): a container with a known concept name is a heading,
/// a text stands as it is, codes and numbers of one container make one sentence. References by identifier are not
/// followed, so a tree that refers to itself ends.
pub(super) fn extract(object: &InMemDicomObject) -> Extracted {
    let mut walk = Walk {
        extracted: Extracted::new("sr", String::new()),
        n_items: 0,
        cut: Vec::new(),
        line: Vec::new(),
        n_open_sections: 0,
    };
    // The root's name is the document's title, not something that a reader stated.
    walk.children(object, 0);
    walk.end_line();
    if !walk.cut.is_empty() {
        walk.extracted
            .warnings
            .push("the structured report is larger than the limit; its end is missing".to_owned());
    }
    walk.extracted
}

struct Walk {
    extracted: Extracted,
    n_items: usize,
    /// Depths at which the tree was cut.
    cut: Vec<usize>,
    /// Codes and numbers that make the next sentence.
    line: Vec<String>,
    /// Containers around the current item whose names are headings; a text in them needs no heading of its own.
    n_open_sections: usize,
}

impl Walk {
    fn children(&mut self, node: &InMemDicomObject, depth: usize) {
        let items = node
            .get(tags::CONTENT_SEQUENCE)
            .and_then(|element| element.items())
            .unwrap_or_default();
        for item in items {
            self.n_items += 1;
            if MAX_ITEMS < self.n_items || MAX_DEPTH < depth {
                self.cut.push(depth);
                return;
            }
            self.node(item, depth);
        }
    }

    fn node(&mut self, node: &InMemDicomObject, depth: usize) {
        let relation = string(node, tags::RELATIONSHIP_TYPE).unwrap_or_default();
        let name = concept_name(node).unwrap_or_default();
        let kind = string(node, tags::VALUE_TYPE).unwrap_or_default();
        if relation == "HAS OBS CONTEXT" || relation == "HAS ACQ CONTEXT" {
            if kind == "PNAME" {
                let person = string(node, tags::PERSON_NAME);
                self.extracted.source.author = self.extracted.source.author.take().or(person);
            }
            return;
        }
        // Language, procedure and the like say nothing about the patient.
        if relation == "HAS CONCEPT MOD" && depth == 0 {
            return;
        }
        match kind.as_str() {
            "CONTAINER" => self.container(node, &name, depth),
            "TEXT" => {
                self.end_line();
                if self.n_open_sections == 0 {
                    self.heading(&name);
                }
                let text = string(node, tags::TEXT_VALUE).unwrap_or_default();
                self.extracted.text.push_str(text.trim_end());
                self.extracted.text.push('\n');
                self.children(node, depth + 1);
            }
            "CODE" => {
                let meaning = item(node, tags::CONCEPT_CODE_SEQUENCE)
                    .and_then(|code| string(code, tags::CODE_MEANING));
                self.line.extend(meaning.map(|meaning| {
                    if says_itself(&name) {
                        meaning
                    } else {
                        format!("{name} {meaning}")
                    }
                }));
                self.children(node, depth + 1);
            }
            "NUM" => {
                self.line
                    .extend(number(node).map(|number| format!("{name} {number}")));
                self.children(node, depth + 1);
            }
            "DATE" | "TIME" | "DATETIME" | "PNAME" | "UIDREF" | "IMAGE" | "SCOORD" | "SCOORD3D"
            | "TCOORD" | "COMPOSITE" | "WAVEFORM" => {
                self.children(node, depth + 1);
            }
            _ => {}
        }
    }

    fn container(&mut self, node: &InMemDicomObject, name: &str, depth: usize) {
        self.end_line();
        let n_opened = usize::from(is_heading(name));
        self.heading(name);
        self.n_open_sections += n_opened;
        self.children(node, depth + 1);
        self.n_open_sections -= n_opened;
        self.end_line();
    }

    fn heading(&mut self, name: &str) {
        if is_heading(name) {
            self.extracted.text.push_str(&format!("\n{name}:\n"));
        }
    }

    fn end_line(&mut self) {
        if !self.line.is_empty() {
            let sentence = self.line.join(", ");
            self.extracted.text.push_str(&sentence);
            self.extracted.text.push_str(".\n");
            self.line.clear();
        }
    }
}

fn is_heading(name: &str) -> bool {
    Taxonomy::get().heading(&name.to_lowercase()).is_some()
}

/// Names that add nothing to the code they name.
fn says_itself(name: &str) -> bool {
    [
        "finding",
        "finding site",
        "laterality",
        "impression",
        "conclusion",
        "recommendation",
        "",
    ]
    .contains(&name.to_lowercase().as_str())
}

fn concept_name(node: &InMemDicomObject) -> Option<String> {
    item(node, tags::CONCEPT_NAME_CODE_SEQUENCE).and_then(|code| string(code, tags::CODE_MEANING))
}

/// Value and unit of a number (PS3.3 C.18.1).
fn number(node: &InMemDicomObject) -> Option<String> {
    let measured = item(node, tags::MEASURED_VALUE_SEQUENCE)?;
    let value = string(measured, tags::NUMERIC_VALUE)?;
    let unit = item(measured, tags::MEASUREMENT_UNITS_CODE_SEQUENCE)
        .and_then(|code| string(code, tags::CODE_VALUE));
    Some(match unit.filter(|unit| unit != "1") {
        Some(unit) => format!("{value} {unit}"),
        None => value,
    })
}

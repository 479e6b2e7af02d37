//! The words of the first report, true and false ones, varied by seed.

use crate::anatomy::lung::Side;
use crate::findings::{Finding, Kind, Role};
use crate::random::Random;

/// One sentence of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Words, with the full stop.
    pub text: String,
    /// Finding of the truth that it speaks of, `F1`, `F2`, …; `None` for all other sentences.
    pub finding_id: Option<String>,
}

/// A part of the report under one heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Heading as printed.
    pub heading: &'static str,
    /// Its sentences in order.
    pub sentences: Vec<Sentence>,
}

/// The words of a first report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Headings and sentences in order.
    pub sections: Vec<Section>,
    /// Name of the first reader in DICOM form.
    pub reader_name: String,
    /// Date of the examination, `YYYYMMDD`.
    pub study_date: String,
}

/// Writes the report on `findings`.
pub(crate) fn write(seed: u64, findings: &[Finding], study_date: &str, prior_date: &str) -> Report {
    let mut random = Random::new(seed, 4);
    let readers = [
        "QUILLFORD^MARTIN",
        "STANMERE^IRIS",
        "THORNLEIGH^PETRA",
        "WESTERBY^JONAS",
    ];
    let mut writer = Writer {
        random: &mut random,
        findings,
        sections: Vec::new(),
    };
    writer.front_matter(prior_date);
    writer.findings_section();
    writer.impression();
    let sections = writer.sections;
    Report {
        sections,
        reader_name: (*random.pick(&readers)).to_owned(),
        study_date: study_date.to_owned(),
    }
}

struct Writer<'a> {
    random: &'a mut Random,
    findings: &'a [Finding],
    sections: Vec<Section>,
}

impl Writer<'_> {
    fn open(&mut self, heading: &'static str) {
        self.sections.push(Section {
            heading,
            sentences: Vec::new(),
        });
    }

    fn say(&mut self, choices: &[&str]) {
        let text = self.random.pick(choices).to_owned();
        self.push(text, None);
    }

    fn push(&mut self, text: String, finding_id: Option<String>) {
        if let Some(section) = self.sections.last_mut() {
            section.sentences.push(Sentence { text, finding_id });
        }
    }

    fn with_role(&self, role: Role) -> Option<Finding> {
        self.findings
            .iter()
            .find(|finding| finding.role == role)
            .cloned()
    }

    fn front_matter(&mut self, prior_date: &str) {
        self.open("Clinical information");
        self.say(&[
            "Persistent cough for six weeks, former smoker.",
            "Weight loss and cough, heavy smoker until two years ago.",
            "Chest pain on the left after a fall, chronic cough.",
            "Follow-up after pneumonia, former smoker.",
        ]);
        self.say(&[
            "Is there a mass or infection?",
            "Is there evidence of malignancy?",
            "Is there a cause for the symptoms?",
        ]);
        self.open("Technique");
        self.say(&[
            "CT of the chest after intravenous contrast medium, 1.25 mm axial sections.",
            "Contrast-enhanced CT of the chest in the venous phase, reconstructed at 1.25 mm.",
        ]);
        self.open("Comparison");
        let text = format!("CT of the chest of {}.", spoken_date(prior_date));
        self.push(text, None);
    }

    fn findings_section(&mut self) {
        self.open("Findings");
        let absent =
            |writer: &Self, kind: Kind| !writer.findings.iter().any(|finding| finding.kind == kind);
        self.say(&[
            "The central airways are patent.",
            "Trachea and main bronchi are patent.",
        ]);
        self.tell(Role::WrongSize);
        self.tell_if(Role::WrongSide, &[Kind::Consolidation, Kind::LungCyst]);
        if absent(self, Kind::Consolidation) {
            self.say(&["There is no consolidation.", "No focal consolidation."]);
        }
        self.say(&["No pneumothorax.", "There is no pneumothorax."]);
        self.tell_if(Role::WrongSide, &[Kind::Effusion, Kind::Plaque]);
        self.deny(
            Kind::Effusion,
            &["No pleural effusion.", "There is no pleural effusion."],
        );
        self.say(&["The heart is normal in size.", "Heart size is normal."]);
        self.say(&[
            "No pericardial effusion.",
            "There is no pericardial effusion.",
        ]);
        self.say(&[
            "The thoracic aorta is of normal calibre.",
            "The thoracic aorta is not dilated.",
        ]);
        self.deny(
            Kind::LymphNode,
            &[
                "No enlarged mediastinal or hilar lymph nodes.",
                "There are no enlarged mediastinal lymph nodes.",
            ],
        );
        self.say(&[
            "The oesophagus is unremarkable.",
            "No abnormality of the oesophagus.",
        ]);
        self.tell_if(Role::Right, &[Kind::LiverCyst]);
        self.say(&[
            "The imaged spleen is unremarkable.",
            "Spleen and imaged adrenal glands are unremarkable.",
        ]);
        self.tell_if(Role::Right, &[Kind::BoneIsland]);
        self.deny(
            Kind::RibFracture,
            &["No rib fracture.", "There is no rib fracture."],
        );
        self.say(&[
            "The vertebral bodies are normal in height.",
            "Vertebral body heights are preserved.",
        ]);
    }

    /// Says that there is none of a kind, unless the report describes one; a lie when one is planted.
    fn deny(&mut self, kind: Kind, choices: &[&str]) {
        let planted = self
            .findings
            .iter()
            .find(|finding| finding.kind == kind)
            .cloned();
        let id = match planted {
            Some(finding) if finding.role != Role::Negated => return,
            Some(finding) => Some(finding.id),
            None => None,
        };
        let text = self.random.pick(choices).to_owned();
        self.push(text, id);
    }

    fn tell_if(&mut self, role: Role, kinds: &[Kind]) {
        if self
            .with_role(role)
            .is_some_and(|finding| kinds.contains(&finding.kind))
        {
            self.tell(role);
        }
    }

    fn tell(&mut self, role: Role) {
        let Some(finding) = self.with_role(role) else {
            return;
        };
        let noun_phrase = described(&finding);
        let article = article(&noun_phrase);
        let text = match self.random.index(2) {
            0 if finding.kind == Kind::Nodule => format!("{article} {noun_phrase} is present."),
            _ => format!("There is {} {noun_phrase}.", article.to_lowercase()),
        };
        self.push(text, Some(finding.id));
    }

    fn impression(&mut self) {
        self.open("Impression");
        if let Some(finding) = self.with_role(Role::WrongSize) {
            let place = place(&finding, finding.side);
            let size = millimetres(finding.reported_mm.unwrap_or_default());
            let text = match self.random.index(2) {
                0 => format!("Solid {size} nodule in the {place}."),
                _ => format!("Pulmonary nodule of {size} in the {place}."),
            };
            self.push(text, Some(finding.id));
        }
        if let Some(finding) = self.with_role(Role::WrongSide) {
            let noun_phrase = described(&Finding {
                reported_mm: None,
                ..finding.clone()
            });
            let mut letters = noun_phrase.chars();
            let text = letters.next().map_or(String::new(), |first| {
                format!("{}{}.", first.to_uppercase(), letters.as_str())
            });
            self.push(text, Some(finding.id));
        }
        if let Some(finding) = self.with_role(Role::Right) {
            let text = match finding.kind {
                Kind::LiverCyst => "Simple cyst of the liver.".to_owned(),
                _ => format!("Bone island in {}.", finding.level),
            };
            self.push(text, Some(finding.id));
        }
        self.say(&[
            "Follow-up CT of the chest in 12 months is suggested.",
            "CT of the chest in 6 months is recommended.",
        ]);
    }
}

/// What the report says of a finding, with the wrong size or side where that is its role.
fn described(finding: &Finding) -> String {
    let side = match finding.role {
        Role::WrongSide => finding.side.map(Side::other),
        Role::Missed | Role::WrongSize | Role::Right | Role::Negated => finding.side,
    };
    let size = finding
        .reported_mm
        .map(|mm| format!("{} ", millimetres(mm)))
        .unwrap_or_default();
    let side_word = side.map_or("", Side::word);
    match finding.kind {
        Kind::Nodule => format!("{size}solid nodule in the {}", place(finding, side)),
        Kind::LungCyst => format!("{size}thin-walled cyst in the {}", place(finding, side)),
        Kind::Consolidation => format!("consolidation in the {}", place(finding, side)),
        Kind::Effusion => format!("small {side_word} pleural effusion"),
        Kind::Plaque => format!("{size}calcified pleural plaque on the {side_word}"),
        Kind::LiverCyst => format!("{size}simple cyst in {} of the liver", finding.level),
        Kind::BoneIsland => format!("{size}bone island in the {} vertebral body", finding.level),
        Kind::RibFracture => format!("fracture of the {side_word} {} rib", finding.level),
        Kind::LymphNode => format!("{size}enlarged lymph node in {}", finding.level),
    }
}

fn place(finding: &Finding, side: Option<Side>) -> String {
    let lobe = finding.lobe.map_or("lung", |lobe| lobe.words());
    format!("{} {lobe}", side.map_or("", Side::word))
        .trim()
        .to_owned()
}

/// Returns `A` or `An` as it is spoken before a phrase that may begin with a number.
pub(crate) fn article(phrase: &str) -> &'static str {
    let number = phrase
        .split(' ')
        .next()
        .unwrap_or_default()
        .split('.')
        .next()
        .unwrap_or_default();
    let is_vowel = phrase.starts_with(['a', 'e', 'i', 'o', 'u'])
        || number.starts_with('8')
        || number == "11"
        || number == "18";
    if is_vowel { "An" } else { "A" }
}

fn millimetres(mm: f64) -> String {
    format!("{} mm", crate::raw::ds((mm * 10.0).round() / 10.0))
}

/// Writes `20240214` as `14 February 2024`; other text stays as it is.
pub(crate) fn spoken_date(date: &str) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let part = |range: std::ops::Range<usize>| {
        date.get(range)
            .and_then(|digits| digits.parse::<usize>().ok())
    };
    match (part(0..4), part(4..6), part(6..8)) {
        (Some(year), Some(month @ 1..=12), Some(day)) => {
            format!("{day} {} {year}", MONTHS[month - 1])
        }
        _ => date.to_owned(),
    }
}

impl Report {
    /// Returns the report as plain text: title, headings on lines of their own, sentences of a section in one line.
    pub fn plain_text(&self) -> String {
        let mut out = format!("CT CHEST, {}\n", spoken_date(&self.study_date));
        for section in &self.sections {
            out.push_str(&format!(
                "\n{}\n{}\n",
                section.heading.to_uppercase(),
                section.paragraph()
            ));
        }
        out.push_str(&format!("\nReported by {}\n", self.spoken_reader()));
        out
    }

    /// Name of the first reader as printed.
    pub fn spoken_reader(&self) -> String {
        let patient = crate::Patient {
            name: self.reader_name.clone(),
            ..crate::Patient::default()
        };
        format!("Dr {}", patient.spoken_name())
    }

    /// All sentences in order.
    pub fn sentences(&self) -> impl Iterator<Item = &Sentence> {
        self.sections.iter().flat_map(|section| &section.sentences)
    }
}

impl Section {
    /// Its sentences in one line.
    pub fn paragraph(&self) -> String {
        self.sentences
            .iter()
            .map(|sentence| sentence.text.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

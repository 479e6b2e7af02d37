//! The part of the snapshot that speaks of the case and of what did not load.

use std::collections::BTreeMap;
use std::sync::Arc;

use case::{Annotation, Blinding, Case, Stage};

use crate::measure::{length_unit, short_number, size_text};
use crate::snap::clock_time;
use crate::{
    CaseSnapshot, FindingCard, ImportProblem, ImportReport, MarkRow, ReadingStage, Session,
    VolumeKey,
};

impl Session {
    pub(crate) fn import_report(&self) -> Option<Arc<ImportReport>> {
        let mut report = ImportReport::default();
        let blinded = self.case().is_none_or(Case::is_blinded);
        for (_, s) in self.library.iter().filter(|(_, s)| !s.is_computed()) {
            let n = s.volume.n_slices();
            let missing = s.plan.n_missing();
            let holes = s.holes().len();
            report.n_missing += missing;
            report.n_damaged += holes - missing.min(holes);
            report.n_loaded += n - holes;
            let is_closed = s.sealed && blinded;
            let title = if is_closed { "" } else { &s.title };
            if holes == 0 && !is_closed {
                let mm = s.volume.grid.spacing_mm()[2];
                let even = if 1 < n {
                    format!(
                        "Even spacing {} {}",
                        short_number(mm),
                        length_unit(s.volume.spacing_source)
                    )
                } else {
                    String::new()
                };
                report.whole.push((format!("{title}, {n} of {n}"), even));
            }
            for warning in s
                .warnings()
                .filter(|w| w.severity != series::Severity::Info)
            {
                report.problems.push(ImportProblem {
                    code: warning.code.into(),
                    title: title.to_owned(),
                    text: warning.text.clone(),
                    lost: warning.severity == series::Severity::Error,
                });
            }
        }
        for warning in self
            .library
            .warnings
            .iter()
            .filter(|w| w.severity != series::Severity::Info)
        {
            let title = warning
                .path
                .as_ref()
                .and_then(|p| p.file_name())
                .map(|n| n.to_string_lossy().into_owned());
            report.problems.push(ImportProblem {
                code: warning.code.into(),
                title: title.unwrap_or_default(),
                text: warning.text.clone(),
                lost: warning.severity == series::Severity::Error,
            });
        }
        (!report.problems.is_empty()).then(|| Arc::new(report))
    }

    pub(crate) fn case_snapshot(&self, case: &Case) -> CaseSnapshot {
        let read = case.read();
        let learning = self.learning_snapshot();
        let may_be_yours = read.reader.as_ref().is_none_or(|r| *r == self.actor);
        let yours = may_be_yours && !learning.is_first_reader;
        let comparison = case.comparison().map(|c| {
            crate::rows::comparison_snapshot(case, c, yours && case.stage() == Stage::Comparing)
        });
        CaseSnapshot {
            id: case.id().clone(),
            stage: case.stage(),
            step: case.step(),
            protocol: case.rules().name.clone(),
            criticals: case.criticals().to_vec(),
            unblinded_early: match case.blinding() {
                Blinding::RevealedEarly { reason, .. } => Some(reason.clone()),
                Blinding::Blinded | Blinding::RevealedAfterSeal { .. } => None,
            },
            blinded: case.is_blinded(),
            yours,
            question: Self::open_question(case).to_owned(),
            reading_stage: reading_stage(case),
            reader: read
                .reader
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            completeness: case.shown_completeness().cloned().collect(),
            report_attached: case.current_report().is_some(),
            findings: read
                .findings
                .iter()
                .map(|f| self.finding_card(case, f))
                .collect(),
            loose_marks: read
                .annotations
                .iter()
                .filter(|mark| mark.finding.is_none())
                .map(|mark| self.mark_row(mark))
                .collect(),
            impression: read.impression.clone(),
            checks: case.checks_before_seal(&self.required_series()),
            checklist: self.checklist_snapshot(),
            active_s: self.coverage.active_ms() / 1000,
            sealed_at: read.seal.as_ref().map(|(_, at)| clock_time(at)),
            seal_digest: read
                .seal
                .as_ref()
                .map(|(seal, _)| seal.digest.as_str().chars().take(12).collect()),
            viewed_percent: self.viewed_percent(),
            comparison,
            third: self.third_snapshot(),
            may_ask_third: case.stage() == Stage::Feedback
                && case.third_read().is_none()
                && !learning.is_first_reader,
            learning,
            amended: self.amended_snapshot(case),
        }
    }

    /// Viewed so far over the whole current study, percent: the mean over its series.
    pub(crate) fn viewed_percent(&self) -> u8 {
        let keys = self.reading_keys();
        let series = keys.iter().filter_map(|key| {
            let s = self.library.get(key)?;
            let n_slices = s.volume.n_slices();
            let name = key.coverage_name();
            Some(self.coverage.percent(&name, &s.modality, n_slices))
        });
        let percents: Vec<usize> = series.map(usize::from).collect();
        let sum: usize = percents.iter().sum();
        let mean = sum.checked_div(percents.len()).unwrap_or(0);
        u8::try_from(mean).unwrap_or(100)
    }

    /// `S2 · 73` of a slice.
    pub(crate) fn image_text(&self, key: &VolumeKey, slice_idx: usize) -> String {
        let number = self.library.get(key).and_then(|s| s.series_number);
        number.map_or(format!("{}", slice_idx + 1), |n| {
            format!("S{n} · {}", slice_idx + 1)
        })
    }

    pub(crate) fn mark_row(&self, mark: &Annotation) -> MarkRow {
        let label = crate::snap_view::mark_words(mark);
        let found = self.library.find_image(&mark.image);
        MarkRow {
            id: mark.id,
            may_be_finding: mark.finding.is_none()
                && mark.geometry.standing() != case::Standing::OfImage,
            label,
            image_text: found.map_or_else(String::new, |(key, k)| self.image_text(&key, k)),
        }
    }

    fn finding_card(&self, case: &Case, finding: &case::Finding) -> FindingCard {
        let marks: Vec<&Annotation> = case
            .read()
            .annotations
            .iter()
            .filter(|a| a.finding == Some(finding.id))
            .collect();
        let image = marks
            .first()
            .map(|a| a.image.clone())
            .or_else(|| finding.key_image.clone());
        let found = image.as_ref().and_then(|i| self.library.find_image(i));
        let image_text = found.map(|(key, slice_idx)| self.image_text(&key, slice_idx));
        let classes: BTreeMap<_, _> = case
            .comparison()
            .into_iter()
            .flat_map(|c| &c.pairs)
            .filter(|p| p.second == Some(case::SecondRef::Finding(finding.id)))
            .flat_map(|p| p.verdict.as_ref().map_or(&p.proposed, |v| &v.classes))
            .map(|c| (*c, ()))
            .collect();
        FindingCard {
            title: finding.title(),
            size_text: size_text(marks.iter().map(|a| a.values.as_slice())),
            image_text: image_text.unwrap_or_default(),
            marks: marks.iter().map(|mark| self.mark_row(mark)).collect(),
            thumbnail: self.finding_thumbnail(finding.id),
            classes: classes.into_keys().collect(),
            finding: finding.clone(),
        }
    }
}

fn reading_stage(case: &Case) -> ReadingStage {
    let (rules, idx) = (case.rules(), case.stage_idx());
    // A sealed read has no stage to come, whichever it was sealed at.
    let over = case.closed().is_empty();
    ReadingStage {
        number: if over { rules.n_stages() } else { idx + 1 },
        n_stages: rules.n_stages(),
        opens_next: rules.stages.get(idx + 1).cloned().unwrap_or_default(),
        closed: case.closed(),
    }
}

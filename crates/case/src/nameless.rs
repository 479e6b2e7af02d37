//! A case as a third reader, and a first reader, looks at it: the images, the question and the protocol, and nothing of
//! either read.

use std::borrow::Cow;

use crate::{Actor, Blinding, Case, Onlooker, Protocol, Read, history::History};

impl Case {
    /// The case as an actor may look at it: for whoever may still make its third read, and for whoever made its first, it
    /// holds nothing of either read, as if nobody had begun one. What a third reader is shown of them comes from
    /// [`Case::third_view`], what a first reader learns from [`Case::feedback_view`], without names.
    ///
    /// Nothing may be decided from it: commands are always judged by the whole record.
    pub fn as_seen_by(&self, actor: &Actor) -> Cow<'_, Self> {
        match self.onlooker(actor) {
            Onlooker::ThirdReader | Onlooker::FirstReader => Cow::Owned(self.without_reads()),
            Onlooker::Reviewer => Cow::Borrowed(self),
        }
    }

    /// Every field is named, so that a new one is kept or left out on purpose.
    fn without_reads(&self) -> Self {
        Self {
            id: self.id.clone(),
            stage: self.stage,
            held_from: self.held_from,
            // The first report is closed to whoever reads a third time.
            blinding: Blinding::Blinded,
            question: self.question.clone(),
            protocol: self.protocol.clone(),
            rules: Protocol {
                // The stages of the second read are over; a third reader has images, question and priors at once.
                stages: Protocol::default().stages,
                ..self.rules.clone()
            },
            records_rules: self.records_rules,
            created_by: None,
            first_reader: None,
            assignment: None,
            declarations: Vec::new(),
            amendments: Vec::new(),
            third: None,
            criticals: Vec::new(),
            feedback: Vec::new(),
            follow_ups: Vec::new(),
            flags: Vec::new(),
            audit: None,
            audit_commitment: None,
            study: self.study.clone(),
            priors: self.priors.clone(),
            reports: self.reports.clone(),
            completeness: self.completeness.clone(),
            additions: self.additions.clone(),
            read: Read::default(),
            comparison: None,
            earlier: Vec::new(),
            last_finding_number: self.last_finding_number,
            last_annotation_number: self.last_annotation_number,
            last_pair_number: self.last_pair_number,
            last_pair_number_aside: self.last_pair_number_aside,
            n_entries: self.n_entries,
            log_head: self.log_head.clone(),
            milestone: self.milestone.clone(),
            sealed_paths: Vec::new(),
            n_third_reads: self.n_third_reads,
            history: History::default(),
        }
    }
}

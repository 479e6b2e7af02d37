use std::collections::BTreeSet;

use crate::{
    Case, Command, CompletenessItem, Disclosure, Event, ManifestItem, Protocol, Refusal,
    ReportStatus, Settled, Stage, StudyRef, decide::guards::require_reason,
};

impl Case {
    pub(super) fn decide_intake(&self, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::CreateCase {
                study,
                priors,
                question,
                protocol,
                rules,
            } => self.create(study, priors, question, (protocol, rules)),
            Command::WriteQuestion { text } => self.write_question(text),
            Command::AttachReport { .. } => self.attach(command),
            Command::WithdrawReport { version, reason } => self.withdraw(version, &reason),
            Command::CheckIntake { completeness } => self.check_intake(completeness),
            Command::AddImages {
                study_instance_uid,
                added,
                n_images,
            } => self.add_images(study_instance_uid, added, n_images),
            Command::AcceptLimitation { code } => self.accept(code),
            Command::Assign { assignment } => self.assign(assignment),
            Command::NameFirstReader { reader } => self.name_first_reader(reader),
            _ => Ok(Vec::new()),
        }
    }

    fn create(
        &self,
        study: StudyRef,
        priors: Vec<StudyRef>,
        question: String,
        (protocol, rules): (String, Option<Box<Protocol>>),
    ) -> Result<Vec<Event>, Refusal> {
        if self.study.is_some() {
            return Err(Refusal::new(
                "already_created",
                format!("the case {} exists already", self.id),
                "choose another name for the new case",
            ));
        }
        let problem = rules
            .as_ref()
            .and_then(|rules| rules.problems().into_iter().next());
        if let Some(problem) = problem {
            return Err(Refusal::new(
                "bad_protocol",
                format!("a case cannot be read by this protocol: {problem}"),
                "mend the protocol, or choose another",
            ));
        }
        Ok(vec![Event::CaseCreated {
            study,
            priors,
            question,
            protocol,
            rules,
        }])
    }

    /// The question is part of what the seal covers, so it stands still from then on.
    fn write_question(&self, text: String) -> Result<Vec<Event>, Refusal> {
        self.require_created()?;
        self.require_going_on()?;
        self.require_unsealed()?;
        if self.read.reader.is_some() && !self.discloses(Disclosure::Question) {
            return Err(Refusal::new(
                "question_closed",
                "the question is closed at this stage of the read",
                "seal the stage, then write it",
            ));
        }
        if text == self.question {
            return Ok(Vec::new());
        }
        Ok(vec![Event::QuestionWritten {
            before: self.question.clone(),
            after: text,
        }])
    }

    fn attach(&self, command: Command) -> Result<Vec<Event>, Refusal> {
        let Command::AttachReport {
            sha256,
            n_bytes,
            format,
            status,
            replaces,
            intake,
        } = command
        else {
            return Ok(Vec::new());
        };
        self.require_takes_reports()?;
        if let Some(version) = replaces
            && !self
                .reports
                .iter()
                .any(|r| r.version == version && self.is_current(r))
        {
            return Err(Refusal::new(
                "no_such_report",
                format!("there is no current version {version} of the first report to replace"),
                "name a version that is neither withdrawn nor replaced",
            ));
        }
        let same = |r: &&crate::ReportVersion| r.sha256 == sha256 && r.withdrawn.is_none();
        if let Some(report) = self.reports.iter().find(same) {
            return Err(Refusal::new(
                "same_report",
                format!(
                    "this file is attached already as version {}",
                    report.version
                ),
                "attach another file, or go on with the one that is there",
            ));
        }
        let beside = replaces.is_none() && self.current_report().is_some();
        let version = self.next_report_version();
        let mut events = vec![Event::ReportAttached {
            version,
            sha256,
            n_bytes,
            format,
            status: if beside {
                ReportStatus::Addendum
            } else {
                status
            },
            replaces,
            intake,
        }];
        let about_replaced = self.comparison.is_some() && replaces.is_some();
        if about_replaced {
            events.push(Event::ComparisonReopened {
                report_version: version,
            });
        }
        Ok(events)
    }

    /// The number that the next attached report gets.
    pub fn next_report_version(&self) -> u32 {
        let newest = self.reports.iter().map(|r| r.version).max().unwrap_or(0);
        newest.saturating_add(1)
    }

    fn withdraw(&self, version: u32, reason: &str) -> Result<Vec<Event>, Refusal> {
        self.require_takes_reports()?;
        let reason = require_reason(reason)?;
        let stands = |r: &&crate::ReportVersion| r.version == version && r.withdrawn.is_none();
        if self.reports.iter().find(stands).is_none() {
            return Err(Refusal::new(
                "no_such_report",
                format!("there is no version {version} of the first report to withdraw"),
                "name a version that is not withdrawn yet",
            ));
        }
        let mut events = vec![Event::ReportWithdrawn { version, reason }];
        let compared = self.comparison.as_ref().map(|c| c.report_version);
        if compared == Some(version) {
            events.push(Event::ComparisonReopened {
                report_version: self.report_without(version).unwrap_or(version),
            });
        }
        Ok(events)
    }

    /// The version that is current once `version` is withdrawn: a withdrawn one no longer replaces another.
    fn report_without(&self, version: u32) -> Option<u32> {
        let mut after = self.clone();
        for report in after.reports.iter_mut().filter(|r| r.version == version) {
            report.withdrawn = Some(String::new());
        }
        after.current_report().map(|r| r.version)
    }

    fn check_intake(&self, mut completeness: Vec<CompletenessItem>) -> Result<Vec<Event>, Refusal> {
        self.require_going_on()?;
        for item in &mut completeness {
            // What was accepted stays accepted while it reads the same; a changed sentence is looked at again.
            let accepted = self.completeness.iter().any(|old| {
                old.code == item.code && old.text == item.text && old.settled == Settled::Yes
            });
            if accepted {
                item.settled = Settled::Yes;
            }
        }
        if completeness == self.completeness && self.stage != Stage::Draft {
            return Ok(Vec::new());
        }
        Ok(vec![Event::IntakeChecked { completeness }])
    }

    /// What the seal covers stands still from then on, the list of its images as well.
    fn add_images(
        &self,
        study_instance_uid: String,
        mut added: Vec<ManifestItem>,
        n_images: usize,
    ) -> Result<Vec<Event>, Refusal> {
        self.require_going_on()?;
        self.require_unsealed()?;
        let mut studies = self.study.iter().chain(&self.priors);
        let Some(study) = studies.find(|s| s.study_instance_uid == study_instance_uid) else {
            return Err(Refusal::new(
                "no_such_study",
                "these images belong to no study of this case",
                "make a case of their study",
            ));
        };
        let known: BTreeSet<&ManifestItem> = study.manifest.iter().collect();
        added.retain(|item| !known.contains(item));
        if added.is_empty() {
            return Ok(Vec::new());
        }
        Ok(vec![Event::ImagesAdded {
            study_instance_uid,
            added,
            n_images,
        }])
    }

    fn accept(&self, code: String) -> Result<Vec<Event>, Refusal> {
        self.require_going_on()?;
        let mut named = self
            .completeness
            .iter()
            .filter(|i| i.code == code)
            .peekable();
        if named.peek().is_none() {
            return Err(Refusal::new(
                "no_such_limitation",
                format!("the intake of this case has no item '{code}'"),
                "name one of the codes that the case shows",
            ));
        }
        if named.all(|item| item.settled == Settled::Yes) {
            return Ok(Vec::new());
        }
        Ok(vec![Event::LimitationAccepted { code }])
    }
}

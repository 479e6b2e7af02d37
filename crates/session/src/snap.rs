//! Builds the snapshot: the only thing the panels see.

use std::sync::Arc;
use std::time::Instant;

use case::{Case, Timestamp};

use crate::library::Shelved;
use crate::people::{age_sex, iso_date, shown_name};
use crate::session::SavedState;
use crate::{
    RailGroup, RailItem, Saved, Session, Snapshot, StudyHeader, Tab, ViewIdx, ViewKind,
    ViewSnapshot, VolumeKey,
};

impl Session {
    /// What is on screen now. Also asks for the pictures that it lacks.
    pub fn snapshot(&mut self) -> Arc<Snapshot> {
        let from = Instant::now();
        // First what others make meanwhile.
        self.ask_for_pictures();
        self.settle_presentations();
        // Pictures arrive without a message: they are looked up anew each time.
        if let Some(kept) = self.snapshot.clone()
            && !self.pictures_changed(&kept)
        {
            return kept;
        }
        self.keep_worklist();
        let snapshot = Arc::new(self.build());
        self.follow_bodies();
        let shows_image = |v: &ViewSnapshot| {
            v.picture.is_some() || v.volume.as_ref().is_some_and(|v| 0 < v.voxels.n_filled())
        };
        if self.waits_for_first_image && snapshot.views.iter().any(shows_image) {
            self.waits_for_first_image = false;
            if let Some(from) = self.named_at {
                self.trace.span("first_image", from);
            }
        }
        self.snapshot = Some(snapshot.clone());
        self.trace.span("frame", from);
        snapshot
    }

    fn pictures_changed(&self, kept: &Snapshot) -> bool {
        let generation = |p: Option<&crate::ViewPicture>| p.map_or(0, |p| p.generation);
        kept.views.iter().any(|v| {
            generation(v.picture.as_ref()) != generation(self.pictures.picture(v.idx).as_ref())
        })
    }

    /// Gives views without a window the default of their volume, once there are voxels to take it from.
    fn settle_presentations(&mut self) {
        let mut settled: Vec<(Option<VolumeKey>, u8, volume::Presentation)> = Vec::new();
        for i in 0..self.room.views.len() {
            let idx = ViewIdx(i);
            let Some((view, shown)) = self.room.shown(idx, &self.library) else {
                continue;
            };
            if view.presentation.is_none()
                && (!shown.volume.voi.is_empty() || 0 < shown.volume.voxels.n_filled())
            {
                // The bright end is what a projection of CT is made for; everything else opens as its object asks.
                let digit = if view.kind == ViewKind::Mip && shown.modality == "CT" {
                    7
                } else {
                    0
                };
                // What one view of a volume opens with, the others do too; it is read from the voxels once.
                let same = settled
                    .iter()
                    .find(|(key, of_digit, _)| *key == view.volume && *of_digit == digit);
                let presentation = same
                    .map(|(_, _, presentation)| presentation.clone())
                    .or_else(|| shown.volume.preset_presentation(digit))
                    .unwrap_or_else(|| shown.volume.default_presentation().presentation);
                settled.push((view.volume.clone(), digit, presentation.clone()));
                if let Some(view) = self.room.view_mut(idx) {
                    view.presentation = Some(presentation);
                    view.preset = Some(digit);
                }
                self.snapshot = None;
            }
        }
    }

    fn build(&self) -> Snapshot {
        let case = self.case().map(|c| Arc::new(self.case_snapshot(c)));
        Snapshot {
            screen: self.screen,
            actor: self.actor.to_string(),
            worklist: self.worklist.clone().unwrap_or_default(),
            list: self.list.answer.clone(),
            list_view: self.list.view.clone(),
            saved_views: self.list.saved.all().into(),
            start_view: self.list.saved.start().map(ToOwned::to_owned),
            preview: self.preview.clone(),
            tabs: self.tabs(),
            study: self.header(),
            rail: self.rail(),
            layout: self.room.layout,
            arrangement: self.room.arrangement,
            hanging: self.hanging_snapshot(),
            protocols: self.protocol_choices.clone(),
            protocol: self.protocol.id.clone(),
            window_presets: self.window_presets(),
            histogram: self.view_histogram(),
            bindings: self.hands.in_use.clone(),
            bindings_origin: self.hands.origin.clone(),
            binding_profiles: self.hands.profiles.clone(),
            one_up: self.room.one_up,
            torn: self.room.torn.iter().copied().collect(),
            window_places: self.window_places(),
            active: self.room.active,
            views: (0..self.room.views.len())
                .map(|i| self.view_snapshot(ViewIdx(i)))
                .collect(),
            tool: self.room.tool,
            links: self.room.links.on(),
            overlay: self.room.overlay,
            graphics: self.library.graphics.shown,
            spine: self.room.spine,
            chart: self.chart(),
            cursor: self.room.cursor,
            case,
            replay: self.replay_snapshot(),
            may_replay: self.may_replay(),
            selected_finding: self.selected_finding,
            selected_pair: self.selected_pair,
            dictated: self.dictated_rows(),
            programme: Arc::clone(&self.programme),
            evidence: self.evidence(),
            locked: self.waits_for_password.as_ref().map(|w| w.archive.clone()),
            import: self.import_report(),
            look_up: self.look_up_snapshot(),
            display: Arc::new(self.display_snapshot()),
            notices: self.notices.clone(),
            jobs: self.jobs.snapshot(),
            saved: match &self.saved {
                SavedState::Nothing => Saved::Nothing,
                SavedState::At(at) => Saved::Yes {
                    seconds_ago: at.elapsed().as_secs(),
                },
                SavedState::Failed(reason) => Saved::No {
                    reason: reason.clone(),
                },
            },
            decoded: self.shown_decoded(),
            undo: self
                .whole_case()
                .filter(|c| c.can_undo(&self.actor))
                .and_then(Case::last_done)
                .map(step_name)
                .filter(|_| self.counted_bodies.is_empty())
                // What is not on record yet goes first.
                .or_else(|| self.counted_bodies.last().map(|_| "body drawn".to_owned())),
            redo: self
                .whole_case()
                .filter(|c| c.can_redo(&self.actor))
                .and_then(Case::last_undone)
                .map(step_name),
        }
    }

    fn tabs(&self) -> Vec<Tab> {
        let open = self.case().map(Case::id);
        self.tabs
            .iter()
            .filter_map(|id| {
                let row = self.open_rows.get(id)?;
                let what = with_modality(&row.modality, &row.description);
                Some(Tab {
                    id: id.clone(),
                    title: format!("{id} · {what}"),
                    stage: row.stage,
                    active: open == Some(id),
                })
            })
            .collect()
    }

    fn header(&self) -> Option<StudyHeader> {
        let study = self.library.study.as_ref();
        if let Some(s) = study {
            let modality = s
                .series
                .iter()
                .map(|s| s.modality.as_str())
                .find(|m| !m.is_empty())
                .unwrap_or_default();
            return Some(StudyHeader {
                patient_name: shown_name(&s.patient.name),
                age_sex: age_sex(
                    &s.patient.age,
                    &s.patient.birth_date,
                    &s.date,
                    &s.patient.sex,
                ),
                patient_id: s.patient.id.clone(),
                title: with_modality(modality, &s.description),
                date_time: date_time(&s.date, &s.time),
            });
        }
        let s = self.case()?.study()?;
        Some(StudyHeader {
            patient_name: shown_name(&s.patient_name),
            age_sex: age_sex(
                &s.patient_age,
                &s.patient_birth_date,
                &s.study_date,
                &s.patient_sex,
            ),
            patient_id: s.patient_id.clone(),
            title: with_modality(
                s.modalities.first().map_or("", String::as_str),
                &s.description,
            ),
            date_time: date_time(&s.study_date, &s.study_time),
        })
    }

    /// Slices decoded and in all, of what the rail shows: how many a closed prior has would tell something.
    fn shown_decoded(&self) -> [usize; 2] {
        if !self.priors_are_closed() {
            return self.library.decoded();
        }
        let own = self.library.iter().filter(|(_, s)| s.prior_date.is_none());
        own.fold([0, 0], |[done, all], (_, s)| {
            [
                done + s.volume.voxels.n_decoded(),
                all + s.volume.n_slices(),
            ]
        })
    }

    fn rail(&self) -> Vec<RailItem> {
        let active = self
            .room
            .view(self.room.active)
            .and_then(|v| v.volume.clone());
        let blinded = self.case().is_none_or(Case::is_blinded);
        let mut items: Vec<RailItem> = self
            .library
            .iter()
            // A prior that opens at a later stage is not there yet: its very date would tell something.
            .filter(|(_, s)| s.prior_date.is_none() || !self.priors_are_closed())
            .map(|(key, s)| self.rail_item(key, s, active.as_ref()))
            .collect();
        let n_documents = self.library.study.as_ref().map_or(0, |s| s.documents.len());
        if 0 < n_documents {
            let at = items
                .iter()
                .position(|i| i.group != RailGroup::Current)
                .unwrap_or(items.len());
            // Titles of documents may speak for the first reader, so only their number is shown.
            items.insert(
                at,
                RailItem {
                    key: None,
                    group: RailGroup::Current,
                    title: String::new(),
                    modality: String::new(),
                    n_slices: n_documents,
                    viewed_percent: 0,
                    decoded: 1.0,
                    n_findings: 0,
                    thumbnail: None,
                    warnings: Vec::new(),
                    active: false,
                    sealed: blinded,
                },
            );
        }
        items
    }

    fn rail_item(&self, key: &VolumeKey, s: &Shelved, active: Option<&VolumeKey>) -> RailItem {
        let n_slices = s.volume.n_slices();
        let sealed = self.is_closed(s);
        let findings = self.case().into_iter().flat_map(|c| &c.read().annotations);
        let mut with_evidence: Vec<_> = findings
            .filter(|a| a.image.series_instance_uid == key.series_instance_uid)
            .filter_map(|a| a.finding)
            .collect();
        with_evidence.sort();
        with_evidence.dedup();
        RailItem {
            key: Some(key.clone()),
            group: s
                .prior_date
                .clone()
                .map_or(RailGroup::Current, RailGroup::Prior),
            title: if sealed {
                String::new()
            } else {
                s.title.clone()
            },
            modality: s.modality.clone(),
            n_slices,
            viewed_percent: self
                .coverage
                .percent(&key.coverage_name(), &s.modality, n_slices),
            decoded: s.volume.voxels.n_decoded() as f32 / n_slices.max(1) as f32,
            n_findings: with_evidence.len(),
            thumbnail: s.thumbnail.clone().filter(|_| !sealed),
            warnings: s.on_image(),
            active: active == Some(key),
            sealed,
        }
    }
}

/// A mark in the words of undo.
fn mark_named(mark: &case::Annotation) -> String {
    match mark.finding {
        Some(id) => format!("mark on {id}"),
        None => format!("mark {}", mark.id),
    }
}

/// What a step did, in a few words for undo and redo.
fn step_name(event: &case::Event) -> String {
    match event {
        case::Event::FindingAdded { finding } => format!("finding {} entered", finding.id),
        case::Event::FindingEdited { after, .. } => format!("finding {} changed", after.id),
        case::Event::FindingRemoved { finding } => format!("finding {} removed", finding.id),
        case::Event::AnnotationAdded { annotation } => {
            format!("{} drawn", mark_named(annotation))
        }
        case::Event::AnnotationEdited { after, .. } => format!("{} changed", mark_named(after)),
        case::Event::AnnotationRemoved { annotation } => {
            format!("{} removed", mark_named(annotation))
        }
        case::Event::ImpressionWritten { .. } => "impression written".into(),
        case::Event::AnatomyReviewed { after, .. } => format!(
            "checklist: {} of {}",
            after.reviewed.len(),
            after.asked.len()
        ),
        case::Event::QuestionWritten { .. } => "question written".into(),
        case::Event::VerdictSet { pair, .. } => format!("verdict on {pair}"),
        case::Event::PairsRealigned { .. } => "alignment changed".into(),
        case::Event::OutcomeSet { .. } => "outcome chosen".into(),
        case::Event::SummaryWritten { .. } => "summary written".into(),
        case::Event::ThirdRead(_) => "decision changed".into(),
        other => other.kind().replace('_', " "),
    }
}

fn with_modality(modality: &str, description: &str) -> String {
    let said = description
        .split_whitespace()
        .any(|w| w.eq_ignore_ascii_case(modality));
    if said || modality.is_empty() {
        description.to_owned()
    } else {
        format!("{modality} {description}").trim().to_owned()
    }
}

fn date_time(date: &str, time: &str) -> String {
    let clock = match (time.get(..2), time.get(2..4)) {
        (Some(h), Some(m)) if time.is_ascii() => format!(" {h}:{m}"),
        _ => String::new(),
    };
    format!("{}{clock}", iso_date(date))
}

/// `15:47` of a time stamp.
pub(crate) fn clock_time(at: &Timestamp) -> String {
    at.as_str().get(11..16).unwrap_or_default().to_owned()
}

/// `2026-11-18` of a time stamp.
pub(crate) fn day(at: &Timestamp) -> String {
    at.as_str().get(..10).unwrap_or_default().to_owned()
}

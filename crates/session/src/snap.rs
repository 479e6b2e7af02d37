//! Builds the snapshot: the only thing the panels see.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use case::{Annotation, Blinding, Case, Geometry, Stage, Timestamp};
use space::{ViewPlane, edge_letters};
use volume::{PRESETS, Placement, SlabMode, Voi};

use crate::coverage::lane_of;
use crate::library::{Shelved, age_sex, iso_date, shown_name};
use crate::measure::{label, length_unit, short_number, size_text};
use crate::room::{Room, step_mm};
use crate::session::SavedState;
use crate::{
    CaseSnapshot, FindingCard, ImportProblem, ImportReport, MarkDepth, MarkSnapshot, RailGroup,
    RailItem, Saved, Session, Snapshot, StudyHeader, Tab, ViewIdx, ViewKind, ViewSnapshot,
    VolumeKey, natural_frame,
};

impl Session {
    /// What is on screen now. Also asks for the pictures that it lacks.
    pub fn snapshot(&mut self) -> Arc<Snapshot> {
        let from = Instant::now();
        self.settle_presentations();
        self.ask_for_pictures();
        // Pictures arrive without a message: they are looked up anew each time.
        if let Some(kept) = self.snapshot.clone()
            && !self.pictures_changed(&kept)
        {
            return kept;
        }
        let snapshot = Arc::new(self.build());
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
                let presentation = shown.volume.preset_presentation(digit);
                let presentation = presentation
                    .unwrap_or_else(|| shown.volume.default_presentation().presentation);
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
            worklist: self.worklist.clone(),
            preview: self.preview.clone(),
            tabs: self.tabs(),
            study: self.header(),
            rail: self.rail(),
            layout: self.room.layout,
            one_up: self.room.one_up,
            active: self.room.active,
            views: (0..self.room.views.len())
                .map(|i| self.view_snapshot(ViewIdx(i)))
                .collect(),
            tool: self.room.tool,
            linked: self.room.linked,
            overlay: self.room.overlay,
            cursor: self.room.cursor,
            case,
            selected_finding: self.selected_finding,
            selected_pair: self.selected_pair,
            evidence: self.evidence(),
            import: self.import_report(),
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
            decoded: self.library.decoded(),
            undo: self
                .case()
                .filter(|c| c.can_undo(&self.actor))
                .and_then(Case::last_done)
                .map(step_name),
            redo: self
                .case()
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
                let row = self.worklist.iter().find(|r| r.id == *id)?;
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

    fn rail(&self) -> Vec<RailItem> {
        let active = self
            .room
            .view(self.room.active)
            .and_then(|v| v.volume.clone());
        let blinded = self.case().is_some_and(Case::is_blinded);
        let mut items: Vec<RailItem> = self
            .library
            .iter()
            .map(|(key, s)| self.rail_item(key, s, active.as_ref(), blinded))
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

    fn rail_item(
        &self,
        key: &VolumeKey,
        s: &Shelved,
        active: Option<&VolumeKey>,
        blinded: bool,
    ) -> RailItem {
        let n_slices = s.volume.n_slices();
        let sealed = s.sealed && blinded;
        let findings = self.case().into_iter().flat_map(|c| &c.read().annotations);
        let mut with_evidence: Vec<_> = findings
            .filter(|a| a.image.series_instance_uid == key.series_instance_uid)
            .map(|a| a.finding)
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
                .percent(&key.series_instance_uid, &s.modality, n_slices),
            decoded: s.volume.voxels.n_filled() as f32 / n_slices.max(1) as f32,
            n_findings: with_evidence.len(),
            thumbnail: s.thumbnail.clone().filter(|_| !sealed),
            warnings: s.on_image(),
            active: active == Some(key),
            sealed,
        }
    }

    fn view_snapshot(&self, idx: ViewIdx) -> ViewSnapshot {
        let view = self
            .room
            .view(idx)
            .cloned()
            .unwrap_or_else(|| crate::View::empty(ViewKind::Stack));
        let shelved = view.volume.as_ref().and_then(|k| self.library.get(k));
        let Some((key, s)) = view.volume.clone().zip(shelved) else {
            return empty_view(idx, view.kind);
        };
        let volume = &s.volume;
        let presentation = Room::presentation(&view, volume);
        let plane = view.plane(volume, self.room.cursor_in(volume));
        let slice = self.room.plane_index(idx, &self.library).unwrap_or([0, 1]);
        let slab = view.slab(volume);
        let blinded_series = s.sealed && self.case().is_some_and(Case::is_blinded);
        let natural = natural_frame(view.kind, &volume.grid);
        let mut coverage =
            self.coverage
                .strip(&key.series_instance_uid, &s.modality, volume.n_slices());
        coverage.holes = s.holes();
        coverage.finding_slices = self.finding_slices(&key);
        ViewSnapshot {
            idx,
            kind: view.kind,
            volume: Some(volume.clone()).filter(|_| !blinded_series),
            plane: Some(plane),
            slab,
            picture: self.pictures.picture(idx).filter(|_| !blinded_series),
            letters: (volume.placed == Placement::InPatient).then(|| edge_letters(&plane.frame)),
            flipped: plane.frame.away.dot(natural.away) < 0.0,
            kind_key: kind_key(view.kind),
            series_title: match s.series_number {
                Some(number) => format!("S{number} {}", s.title),
                None => s.title.clone(),
            },
            prior_date: s.prior_date.clone(),
            slice,
            position_text: position_text(view.kind, volume, &plane),
            window_text: window_text(&presentation.voi),
            preset_name: view
                .preset
                .and_then(|d| PRESETS.iter().find(|p| p.digit == d))
                .map_or("", |p| p.name),
            slab_text: slab_text(view.kind, slab),
            zoom: 1.0 / view.mm_per_pixel(volume) * volume.grid.spacing_mm()[0],
            length_unit: length_unit(volume.spacing_source),
            warnings: s.on_image(),
            hole: self.hole_text(&view, s),
            marks: self.marks(&key, s, &view, &plane),
            coverage,
            lane: lane_of(&s.modality, Some(&presentation)),
            cine: view.cine,
            presentation: Some(presentation),
            key: Some(key),
        }
    }

    fn finding_slices(&self, key: &VolumeKey) -> Vec<usize> {
        let marks = self.case().into_iter().flat_map(|c| &c.read().annotations);
        let mut slices: Vec<usize> = marks
            .filter(|a| a.image.series_instance_uid == key.series_instance_uid)
            .filter_map(|a| {
                self.library
                    .find_image(&a.image.sop_instance_uid, a.image.frame_number)
            })
            .filter(|(k, _)| k == key)
            .map(|(_, slice_idx)| slice_idx)
            .collect();
        slices.sort_unstable();
        slices.dedup();
        slices
    }

    /// Why there is no picture, if the slice is a hole.
    fn hole_text(&self, view: &crate::View, s: &Shelved) -> Option<String> {
        if view.kind != ViewKind::Stack || s.volume.voxels.is_filled(view.slice_idx) {
            return None;
        }
        let missing = s
            .plan
            .slices
            .get(view.slice_idx)
            .is_none_or(Option::is_none);
        if missing {
            return Some(format!(
                "Slice {} is missing from this series",
                view.slice_idx + 1
            ));
        }
        let why = s
            .decode_warnings
            .iter()
            .find(|w| w.slice_idxs.contains(&view.slice_idx))
            .map(|w| w.text.clone());
        if s.decoding_ended() {
            Some(why.unwrap_or_else(|| "This slice cannot be shown".into()))
        } else {
            Some("Loading".into())
        }
    }

    /// The marks that belong on a picture: same frame of reference and in or near its plane, or the very image.
    fn marks(
        &self,
        key: &VolumeKey,
        s: &Shelved,
        view: &crate::View,
        plane: &ViewPlane,
    ) -> Vec<MarkSnapshot> {
        let Some(case) = self.case() else {
            return Vec::new();
        };
        let step = step_mm(&s.volume, &plane.frame);
        let half_slab = view
            .slab(&s.volume)
            .map_or(0.0, |slab| slab.thickness_mm / 2.0);
        let marks = case.read().annotations.iter();
        marks
            .filter_map(|annotation| {
                let same_space = !annotation.frame_of_reference_uid.is_empty()
                    && annotation.frame_of_reference_uid == s.frame_of_reference
                    && s.volume.placed == Placement::InPatient;
                let depth = if same_space {
                    depth_of(&annotation.geometry, plane, step.max(half_slab * 2.0))?
                } else {
                    let (at, slice_idx) = self.library.find_image(
                        &annotation.image.sop_instance_uid,
                        annotation.image.frame_number,
                    )?;
                    (at == *key && view.kind == ViewKind::Stack && slice_idx == view.slice_idx)
                        .then_some(MarkDepth::InPlane)?
                };
                Some(MarkSnapshot {
                    label: mark_label(annotation),
                    selected: self.selected_finding == Some(annotation.finding),
                    annotation: annotation.clone(),
                    depth,
                })
            })
            .collect()
    }

    fn import_report(&self) -> Option<Arc<ImportReport>> {
        let mut report = ImportReport::default();
        for (_, s) in self.library.iter() {
            let n = s.volume.n_slices();
            let missing = s.plan.n_missing();
            let holes = s.holes().len();
            report.n_missing += missing;
            report.n_damaged += holes - missing.min(holes);
            report.n_loaded += n - holes;
            if holes == 0 {
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
                report
                    .whole
                    .push((format!("{}, {n} of {n}", s.title), even));
            }
            for warning in s
                .warnings()
                .filter(|w| w.severity != series::Severity::Info)
            {
                report.problems.push(ImportProblem {
                    code: warning.code.into(),
                    title: s.title.clone(),
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

    fn case_snapshot(&self, case: &Case) -> CaseSnapshot {
        let read = case.read();
        let yours = read.reader.as_ref().is_none_or(|r| *r == self.actor);
        let comparison = case.comparison().map(|c| {
            crate::rows::comparison_snapshot(case, c, yours && case.stage() == Stage::Comparing)
        });
        let mut percents: Vec<u8> = Vec::new();
        for key in self.reading_keys() {
            if let Some(s) = self.library.get(&key) {
                percents.push(self.coverage.percent(
                    &key.series_instance_uid,
                    &s.modality,
                    s.volume.n_slices(),
                ));
            }
        }
        let viewed = percents
            .iter()
            .map(|p| usize::from(*p))
            .sum::<usize>()
            .checked_div(percents.len())
            .unwrap_or(0);
        CaseSnapshot {
            id: case.id().clone(),
            stage: case.stage(),
            step: case.step(),
            unblinded_early: match case.blinding() {
                Blinding::RevealedEarly { reason, .. } => Some(reason.clone()),
                Blinding::Blinded | Blinding::RevealedAfterSeal { .. } => None,
            },
            blinded: case.is_blinded(),
            yours,
            question: case.question().to_owned(),
            reader: read
                .reader
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            completeness: case.completeness().to_vec(),
            report_attached: case.current_report().is_some(),
            findings: read
                .findings
                .iter()
                .map(|f| self.finding_card(case, f))
                .collect(),
            impression: read.impression.clone(),
            checks: case.checks_before_seal(&self.required_series()),
            active_s: self.coverage.active_ms() / 1000,
            sealed_at: read.seal.as_ref().map(|(_, at)| clock_time(at)),
            seal_digest: read
                .seal
                .as_ref()
                .map(|(seal, _)| seal.digest.as_str().chars().take(12).collect()),
            viewed_percent: u8::try_from(viewed).unwrap_or(100),
            comparison,
        }
    }

    fn finding_card(&self, case: &Case, finding: &case::Finding) -> FindingCard {
        let marks: Vec<&Annotation> = case
            .read()
            .annotations
            .iter()
            .filter(|a| a.finding == finding.id)
            .collect();
        let image = marks
            .first()
            .map(|a| a.image.clone())
            .or_else(|| finding.key_image.clone());
        let found = image
            .as_ref()
            .and_then(|i| self.library.find_image(&i.sop_instance_uid, i.frame_number));
        let image_text = found.as_ref().map(|(key, slice_idx)| {
            let number = self.library.get(key).and_then(|s| s.series_number);
            number.map_or(format!("{}", slice_idx + 1), |n| {
                format!("S{n} · {}", slice_idx + 1)
            })
        });
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
            marks: marks.iter().map(|a| a.id).collect(),
            thumbnail: self.finding_thumbnail(finding.id),
            classes: classes.into_keys().collect(),
            finding: finding.clone(),
        }
    }
}

/// What a step did, in a few words for undo and redo.
fn step_name(event: &case::Event) -> String {
    match event {
        case::Event::FindingAdded { finding } => format!("finding {} entered", finding.id),
        case::Event::FindingEdited { after, .. } => format!("finding {} changed", after.id),
        case::Event::FindingRemoved { finding } => format!("finding {} removed", finding.id),
        case::Event::AnnotationAdded { annotation } => {
            format!("mark on {} drawn", annotation.finding)
        }
        case::Event::AnnotationEdited { after, .. } => format!("mark on {} changed", after.finding),
        case::Event::AnnotationRemoved { annotation } => {
            format!("mark on {} removed", annotation.finding)
        }
        case::Event::ImpressionWritten { .. } => "impression written".into(),
        case::Event::QuestionWritten { .. } => "question written".into(),
        case::Event::VerdictSet { pair, .. } => format!("verdict on {pair}"),
        case::Event::PairsRealigned { .. } => "alignment changed".into(),
        case::Event::OutcomeSet { .. } => "outcome chosen".into(),
        case::Event::SummaryWritten { .. } => "summary written".into(),
        other => other.kind().replace('_', " "),
    }
}

fn empty_view(idx: ViewIdx, kind: ViewKind) -> ViewSnapshot {
    ViewSnapshot {
        idx,
        kind,
        key: None,
        volume: None,
        plane: None,
        slab: None,
        picture: None,
        presentation: None,
        letters: None,
        flipped: false,
        kind_key: kind_key(kind),
        series_title: String::new(),
        prior_date: None,
        slice: [0, 0],
        position_text: String::new(),
        window_text: String::new(),
        preset_name: "",
        slab_text: String::new(),
        zoom: 1.0,
        length_unit: "mm",
        warnings: Vec::new(),
        hole: None,
        marks: Vec::new(),
        coverage: Default::default(),
        lane: "other",
        cine: false,
    }
}

fn kind_key(kind: ViewKind) -> &'static str {
    match kind {
        ViewKind::Stack => "view.stack",
        ViewKind::Axial => "view.axial",
        ViewKind::Coronal => "view.coronal",
        ViewKind::Sagittal => "view.sagittal",
        ViewKind::Mip => "view.mip",
    }
}

/// In the plane within half a slice, near within two slices; `None` beyond.
fn depth_of(geometry: &Geometry, plane: &ViewPlane, step_mm: f64) -> Option<MarkDepth> {
    let points = match geometry {
        Geometry::Length { from, to } => vec![*from, *to],
        Geometry::Angle { from, vertex, to } => vec![*from, *vertex, *to],
        Geometry::Ellipse(e) => (0..16)
            .map(|k| e.outline(f64::from(k) * std::f64::consts::TAU / 16.0))
            .collect(),
        Geometry::Arrow { tip, .. } => vec![*tip],
        Geometry::Probe { at } => vec![*at],
    };
    let distances: Vec<f64> = points.iter().map(|p| plane.distance_mm(*p)).collect();
    let far = distances.iter().map(|d| d.abs()).fold(0.0, f64::max);
    let crosses = distances.iter().any(|d| *d < 0.0) && distances.iter().any(|d| 0.0 < *d);
    let near = distances.iter().map(|d| d.abs()).fold(f64::MAX, f64::min);
    if far <= step_mm / 2.0 + 1e-6 {
        Some(MarkDepth::InPlane)
    } else if crosses || near <= step_mm * 2.0 {
        Some(MarkDepth::Near)
    } else {
        None
    }
}

fn mark_label(annotation: &Annotation) -> String {
    let words = match &annotation.geometry {
        Geometry::Arrow { text, .. } => text.clone(),
        _ => label(&annotation.values),
    };
    if words.is_empty() {
        annotation.finding.to_string()
    } else {
        format!("{} {words}", annotation.finding)
    }
}

fn position_text(kind: ViewKind, volume: &volume::Volume, plane: &ViewPlane) -> String {
    if volume.placed != Placement::InPatient || kind == ViewKind::Mip {
        return String::new();
    }
    let c = plane.centre;
    let axis = plane.frame.away;
    let (x, y, z) = (axis.x_mm.abs(), axis.y_mm.abs(), axis.z_mm.abs());
    // The patient axis nearest to the normal, with the letter of its side so that no sign can be misread.
    if y <= z && x <= z {
        format!(
            "{} {:.1} mm",
            if c.z_mm < 0.0 { "I" } else { "S" },
            c.z_mm.abs()
        )
    } else if x <= y {
        format!(
            "{} {:.1} mm",
            if c.y_mm < 0.0 { "A" } else { "P" },
            c.y_mm.abs()
        )
    } else {
        format!(
            "{} {:.1} mm",
            if c.x_mm < 0.0 { "R" } else { "L" },
            c.x_mm.abs()
        )
    }
}

fn window_text(voi: &Voi) -> String {
    match voi {
        Voi::Window { center, width, .. } => {
            format!("W {} L {}", short_number(*width), short_number(*center))
        }
        Voi::Table { explanation, .. } => explanation.clone().unwrap_or_else(|| "VOI LUT".into()),
    }
}

fn slab_text(kind: ViewKind, slab: Option<volume::Slab>) -> String {
    let Some(slab) = slab else {
        return String::new();
    };
    let mode = match slab.mode {
        SlabMode::Mean => "mean",
        SlabMode::Mip => "MIP",
        SlabMode::MinIp => "MinIP",
    };
    if kind == ViewKind::Mip {
        mode.into()
    } else {
        format!("{} mm {mode}", short_number(slab.thickness_mm))
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

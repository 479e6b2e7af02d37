use std::collections::BTreeMap;
use std::sync::Arc;

use series::{Capture, DocumentKind, Scan, Series, Severity, Study, VolumePlan, Warning};
use volume::{GeometryKind, Presence, Volume, VoxelBudget};

use crate::agenda::Agenda;
use crate::graphics::GraphicsShelf;
use crate::key_picture::thumbnail;
use crate::memory::shown_bytes;
use crate::people::iso_date;
use crate::reopening::Difference;
use crate::room::{Shelf, Shown};
use crate::{ColourImage, VolumeKey};

/// A volume that is open: its plan, its voxels as far as they are decoded, and what is wrong with it.
pub(crate) struct Shelved {
    pub(crate) plan: Arc<VolumePlan>,
    pub(crate) volume: Arc<Volume>,
    pub(crate) series_number: Option<i64>,
    pub(crate) title: String,
    pub(crate) modality: String,
    pub(crate) frame_of_reference: String,
    /// Date of the prior it belongs to, ISO; `None` for the current study.
    pub(crate) prior_date: Option<String>,
    pub(crate) decode_warnings: Vec<Warning>,
    pub(crate) thumbnail: Option<Arc<ColourImage>>,
    pub(crate) sealed: bool,
}

impl Shelved {
    pub(crate) fn warnings(&self) -> impl Iterator<Item = &Warning> {
        self.plan.warnings.iter().chain(&self.decode_warnings)
    }

    /// Sentences that must stand on the image: everything but mere information.
    /// Are the pictures made of others, so that nothing of them can be missing or left unread?
    pub(crate) fn is_computed(&self) -> bool {
        self.plan.subtraction.is_some()
    }

    pub(crate) fn on_image(&self) -> Vec<String> {
        self.warnings()
            .filter(|w| w.severity != Severity::Info)
            .map(|w| w.text.clone())
            .collect()
    }

    /// Is a slice missing, or was it tried and could not be decoded?
    pub(crate) fn is_hole(&self, slice_idx: usize) -> bool {
        self.plan.slices.get(slice_idx).is_none_or(Option::is_none)
            || self.volume.voxels.presence(slice_idx) == Presence::Unreadable
    }

    /// Slices that are missing or could not be decoded.
    pub(crate) fn holes(&self) -> Vec<usize> {
        let n = self.volume.n_slices();
        (0..n).filter(|k| self.is_hole(*k)).collect()
    }
}

/// The studies that are open.
#[derive(Default)]
pub(crate) struct Library {
    pub(crate) graphics: GraphicsShelf,
    pub(crate) study: Option<Study>,
    pub(crate) priors: Vec<Study>,
    pub(crate) warnings: Vec<Warning>,
    /// What was named when it was opened.
    pub(crate) paths: Vec<std::path::PathBuf>,
    pub(crate) order: Vec<VolumeKey>,
    volumes: BTreeMap<VolumeKey, Shelved>,
    /// How the images differ from those that the case lists, once that is known.
    pub(crate) difference: Difference,
    /// What is still to be decoded; `None` until somebody asks for pictures.
    pub(crate) agenda: Option<Arc<Agenda>>,
    /// Slices tried when the screen was last brought up to date.
    n_done_seen: u64,
    /// Was everything that fits decoded once?
    pub(crate) was_decoded: bool,
}

impl Library {
    /// Takes the studies of a scan: `current` (else the newest), and older ones of the same patient as priors.
    /// Studies of other patients are left out and said so.
    pub(crate) fn from_scan(scan: Scan, current: Option<&str>, budget: &Arc<VoxelBudget>) -> Self {
        let Scan {
            studies,
            mut warnings,
            ..
        } = scan;
        let mut studies = studies;
        let at = match current {
            Some(uid) => studies.iter().position(|s| s.study_instance_uid == uid),
            None => studies.iter().position(|s| !s.series.is_empty()),
        };
        let Some(at) = at else {
            return Self {
                warnings,
                ..Self::default()
            };
        };
        let study = studies.remove(at);
        let (mut priors, others): (Vec<_>, Vec<_>) = studies
            .into_iter()
            .partition(|s| s.patient.may_be(&study.patient));
        if !others.is_empty() {
            warnings.push(Warning::new(
                "other_patient_left_out",
                Severity::Warning,
                match others.len() {
                    1 => "A study of another patient was found and left out; open it by itself".to_owned(),
                    n => format!("{n} studies of other patients were found and left out; open them by themselves"),
                },
            ));
        }
        priors.retain(|p| !p.series.is_empty());
        let mut library = Self {
            study: None,
            priors: Vec::new(),
            warnings,
            ..Self::default()
        };
        library.shelve(&study, None, budget);
        for prior in &priors {
            library.shelve(prior, Some(iso_date(&prior.date)), budget);
        }
        library.study = Some(study);
        library.priors = priors;
        library
    }

    fn shelve(&mut self, study: &Study, prior_date: Option<String>, budget: &Arc<VoxelBudget>) {
        let own = study.series.iter().filter(|s| !is_segmentation(study, s));
        let acquired = own
            .flat_map(|s| &s.volumes)
            .any(|v| v.capture == Capture::Acquired);
        let has_other_documents = study
            .documents
            .iter()
            .any(|d| d.kind != DocumentKind::Segmentation);
        for series in &study.series {
            // What the file recommends to subtract comes behind what was acquired.
            let subtracted: Vec<VolumePlan> = series
                .volumes
                .iter()
                .flat_map(VolumePlan::subtracted)
                .collect();
            for (volume_idx, plan) in series.volumes.iter().chain(&subtracted).enumerate() {
                let key = VolumeKey {
                    series_instance_uid: series.series_instance_uid.clone(),
                    volume_idx,
                };
                // A captured picture beside acquired ones may carry what the first reader or a machine drew, and so may
                // a segmentation beside a report.
                let is_drawn = is_segmentation(study, series);
                let sealed = acquired && (plan.capture == Capture::Secondary || is_drawn)
                    || is_drawn && has_other_documents;
                let (volume, too_large) = admitted(plan, budget);
                let shelved = Shelved {
                    volume: Arc::new(volume),
                    plan: Arc::new(plan.clone()),
                    series_number: series.number,
                    title: title_of(series, plan),
                    modality: series.modality.clone(),
                    frame_of_reference: series.frame_of_reference_uid.clone().unwrap_or_default(),
                    prior_date: prior_date.clone(),
                    decode_warnings: too_large.into_iter().collect(),
                    thumbnail: None,
                    sealed,
                };
                self.order.push(key.clone());
                self.volumes.insert(key, shelved);
            }
        }
    }

    pub(crate) fn get(&self, key: &VolumeKey) -> Option<&Shelved> {
        self.volumes.get(key)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&VolumeKey, &Shelved)> {
        self.order
            .iter()
            .filter_map(|key| Some((key, self.volumes.get(key)?)))
    }

    /// The volume to show first: the one with the most slices of the current study that planes may be cut through,
    /// else the one with the most slices.
    pub(crate) fn main_key(&self) -> Option<VolumeKey> {
        let score = |s: &Shelved| {
            (
                s.prior_date.is_none(),
                !s.sealed,
                s.plan.kind == GeometryKind::Volume,
                s.volume.n_slices(),
            )
        };
        // `max_by_key` takes the last of equals; the first series is the better choice, so the order is reversed.
        let all: Vec<_> = self.iter().collect();
        all.into_iter()
            .rev()
            .max_by_key(|(_, s)| score(s))
            .map(|(key, _)| key.clone())
    }

    /// Volumes that a read should go through.
    pub(crate) fn reading_keys(&self) -> Vec<VolumeKey> {
        let current = |s: &Shelved| s.prior_date.is_none() && !s.sealed && !s.is_computed();
        let many = self
            .iter()
            .any(|(_, s)| current(s) && 1 < s.volume.n_slices());
        self.iter()
            .filter(|(_, s)| current(s) && (!many || 3 < s.volume.n_slices()))
            .map(|(key, _)| key.clone())
            .collect()
    }

    /// Volumes in the order they should be decoded: the one on screen, the rest of the current study, the priors.
    pub(crate) fn decode_order(&self, first: Option<&VolumeKey>) -> Vec<VolumeKey> {
        let mut keys: Vec<_> = self.order.clone();
        keys.sort_by_key(|k| {
            (
                Some(k) != first,
                self.get(k).is_some_and(|s| s.prior_date.is_some()),
            )
        });
        keys
    }

    /// Slices decoded and in all.
    pub(crate) fn decoded(&self) -> [usize; 2] {
        let done = self
            .volumes
            .values()
            .map(|s| s.volume.voxels.n_decoded())
            .sum();
        let all = self.volumes.values().map(|s| s.volume.n_slices()).sum();
        [done, all]
    }

    /// Notes what the decoder did since last asked: makes thumbnails that became possible. `true` when something changed.
    pub(crate) fn take_progress(&mut self) -> bool {
        const SIZE_PX: [usize; 2] = [216, 152];
        let Some(agenda) = &self.agenda else {
            return false;
        };
        for (key, warning) in agenda.take_told() {
            if let Some(shelved) = self.volumes.get_mut(&key) {
                shelved.decode_warnings.push(warning);
                let told = std::mem::take(&mut shelved.decode_warnings);
                shelved.decode_warnings = series::merge_slice_warnings(told);
            }
        }
        let n_done = agenda.n_done();
        if std::mem::replace(&mut self.n_done_seen, n_done) == n_done {
            return false;
        }
        for shelved in self.volumes.values_mut() {
            let voxels = &shelved.volume.voxels;
            if shelved.thumbnail.is_some() || voxels.n_filled() == 0 {
                continue;
            }
            let n_slices = shelved.volume.n_slices();
            let middle = n_slices / 2;
            let slice_idx = if shelved.is_hole(middle) {
                (0..n_slices).find(|k| voxels.is_filled(*k))
            } else {
                Some(middle)
            };
            let picture = slice_idx.and_then(|k| thumbnail(&shelved.volume, k, SIZE_PX));
            shelved.thumbnail = picture.map(Arc::new);
        }
        true
    }

    /// The list of what is to be decoded, the volumes in the order in which they are wanted.
    pub(crate) fn begin_agenda(&mut self, budget: &Arc<VoxelBudget>) -> Arc<Agenda> {
        let keys = self.decode_order(self.main_key().as_ref());
        let volumes = keys.into_iter().filter_map(|key| {
            let shelved = self.get(&key)?;
            Some((key, shelved.plan.clone(), shelved.volume.clone()))
        });
        let agenda = Arc::new(Agenda::new(Arc::clone(budget), volumes));
        self.agenda = Some(agenda.clone());
        agenda
    }

    /// Is everything in memory that a picture of a volume needs: one slice, or all of them for `None`? What was let go is
    /// asked for again.
    pub(crate) fn has_slices(&self, key: &VolumeKey, slice_idx: Option<usize>) -> bool {
        let Some(shelved) = self.get(key) else {
            return false;
        };
        let needed = match slice_idx {
            Some(slice_idx) => slice_idx..slice_idx + 1,
            None => 0..shelved.volume.n_slices(),
        };
        let mut missing = needed
            .filter(|k| match shelved.volume.voxels.presence(*k) {
                Presence::Here => false,
                // A slice alone that is a hole has no picture; a plane is drawn with its holes.
                Presence::Unreadable => slice_idx.is_some(),
                Presence::Awaited | Presence::LetGo => !shelved.is_hole(*k) || slice_idx.is_some(),
            })
            .peekable();
        if missing.peek().is_none() {
            return true;
        }
        if let Some(agenda) = &self.agenda {
            missing.for_each(|k| agenda.ask(key, k));
        }
        false
    }

    /// The volume of the current study, else of a prior, that holds an image, with its slice.
    pub(crate) fn find_image(&self, image: &case::ImageRef) -> Option<(VolumeKey, usize)> {
        self.find_slice(|s| {
            s.sop_instance_uid() == image.sop_instance_uid
                && s.frame_number == image.frame_number
                && (image.tile_number.is_none() || s.tile_number == image.tile_number)
        })
    }

    /// The volume of the current study, else of a prior, that holds the first frame of an object, with its slice.
    pub(crate) fn find_object(&self, sop_instance_uid: &str) -> Option<(VolumeKey, usize)> {
        self.find_slice(|s| s.sop_instance_uid() == sop_instance_uid && s.frame_number == 1)
    }

    fn find_slice(
        &self,
        is_it: impl Fn(&series::SliceSource) -> bool,
    ) -> Option<(VolumeKey, usize)> {
        self.iter().find_map(|(key, shelved)| {
            let mut slices = shelved.plan.slices.iter();
            let slice_idx = slices.position(|s| s.as_ref().is_some_and(&is_it))?;
            Some((key.clone(), slice_idx))
        })
    }

    /// Decodes the slices about a place that are not decoded yet, for callers that did not load the whole study.
    pub(crate) fn ensure_slices_for(
        &mut self,
        key: &VolumeKey,
        slice_idx: usize,
        geometry: &case::Geometry,
    ) {
        let Some(shelved) = self.volumes.get_mut(key) else {
            return;
        };
        // A region that is oblique to the slices may need all of them; anything else lies on one.
        let takes_values =
            geometry.region().is_some() || matches!(geometry, case::Geometry::GrownBody { .. });
        let all = takes_values && shelved.plan.kind == GeometryKind::Volume;
        let order: Vec<usize> = if all {
            (0..shelved.volume.n_slices()).collect()
        } else {
            vec![slice_idx]
        };
        let needed: Vec<usize> = order
            .into_iter()
            .filter(|k| !shelved.volume.voxels.is_filled(*k))
            .collect();
        if !needed.is_empty() {
            let mut found =
                series::decode_into(&shelved.plan, &shelved.volume, &needed, &|_| {}, &|| false);
            shelved.decode_warnings.append(&mut found);
        }
    }

    /// The image of a slice.
    pub(crate) fn image_ref(&self, key: &VolumeKey, slice_idx: usize) -> Option<case::ImageRef> {
        let slice = self.get(key)?.plan.slices.get(slice_idx)?.as_ref()?;
        Some(case::ImageRef {
            series_instance_uid: key.series_instance_uid.clone(),
            sop_instance_uid: slice.sop_instance_uid().to_owned(),
            frame_number: slice.frame_number,
            tile_number: slice.tile_number,
        })
    }
}

impl Shelf for Library {
    fn shown(&self, key: &VolumeKey) -> Option<Shown> {
        let shelved = self.get(key)?;
        Some(Shown {
            volume: shelved.volume.clone(),
            frame_of_reference: shelved.frame_of_reference.clone(),
            modality: shelved.modality.clone(),
        })
    }

    fn keys(&self) -> Vec<VolumeKey> {
        self.order.clone()
    }

    fn prior_keys(&self) -> Vec<VolumeKey> {
        let newest = self.priors.first().map(|p| iso_date(&p.date));
        self.iter()
            .filter(|(_, s)| s.prior_date.is_some() && s.prior_date == newest)
            .map(|(k, _)| k.clone())
            .collect()
    }
}

/// An empty volume as it will be shown. One that cannot be in memory whole is a stack, since a plane through it would need
/// all of it at once; the warning says so.
fn admitted(plan: &VolumePlan, budget: &Arc<VoxelBudget>) -> (Volume, Option<Warning>) {
    let volume = plan.shown_volume(Arc::clone(budget));
    let n_slices = (plan.n_slices() - plan.n_missing()) as u64;
    let needs_bytes = n_slices.saturating_mul(plan.shown_slice_bytes());
    if volume.kind != GeometryKind::Volume || needs_bytes <= budget.limit_bytes() {
        return (volume, None);
    }
    let text = format!(
        "This volume needs {} of memory and {} may be used, so it is shown slice by slice, without planes and projections; a machine with more memory shows them.",
        shown_bytes(needs_bytes),
        shown_bytes(budget.limit_bytes()),
    );
    let warning = Warning::new("volume_exceeds_memory", Severity::Warning, text)
        .in_series(plan.series_instance_uid.clone());
    let stack = Volume {
        kind: GeometryKind::Stack,
        ..volume
    };
    (stack, Some(warning))
}

fn title_of(series: &Series, plan: &VolumePlan) -> String {
    let name = match (series.description.is_empty(), series.number) {
        (false, _) => series.description.clone(),
        (true, Some(number)) => format!("Series {number}"),
        (true, None) => series.modality.clone(),
    };
    if plan.label.is_empty() {
        name
    } else {
        format!("{name} · {}", plan.label)
    }
}

fn is_segmentation(study: &Study, series: &Series) -> bool {
    study.documents.iter().any(|d| {
        d.kind == DocumentKind::Segmentation && d.series_instance_uid == series.series_instance_uid
    })
}

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use series::{Capture, DocumentKind, Scan, Series, Severity, Study, VolumePlan, Warning};
use volume::{GeometryKind, Stored, Volume, Voxels};

use crate::key_picture::thumbnail;
use crate::room::{Shelf, Shown};
use crate::{GreyImage, VolumeKey};

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
    pub(crate) decoded: Arc<Progress>,
    pub(crate) decode_warnings: Vec<Warning>,
    pub(crate) thumbnail: Option<Arc<GreyImage>>,
    pub(crate) sealed: bool,
}

/// How far a volume is decoded; counted by the decoder, read by the screen.
#[derive(Default)]
pub(crate) struct Progress {
    /// Slices that were tried.
    pub(crate) tried: AtomicU64,
    /// Was it all tried?
    pub(crate) ended: AtomicU64,
    seen: AtomicU64,
}

impl Shelved {
    pub(crate) fn warnings(&self) -> impl Iterator<Item = &Warning> {
        self.plan.warnings.iter().chain(&self.decode_warnings)
    }

    /// Sentences that must stand on the image: everything but mere information.
    pub(crate) fn on_image(&self) -> Vec<String> {
        self.warnings()
            .filter(|w| w.severity != Severity::Info)
            .map(|w| w.text.clone())
            .collect()
    }

    /// Was every slice tried?
    pub(crate) fn decoding_ended(&self) -> bool {
        self.decoded.ended.load(Ordering::Acquire) != 0
    }

    /// Slices that are missing or could not be decoded.
    pub(crate) fn holes(&self) -> Vec<usize> {
        let n = self.volume.n_slices();
        let missing = |k: &usize| self.plan.slices.get(*k).is_none_or(Option::is_none);
        let failed = |k: &usize| self.decoding_ended() && !self.volume.voxels.is_filled(*k);
        (0..n).filter(|k| missing(k) || failed(k)).collect()
    }
}

/// The studies that are open.
#[derive(Default)]
pub(crate) struct Library {
    pub(crate) study: Option<Study>,
    pub(crate) priors: Vec<Study>,
    pub(crate) warnings: Vec<Warning>,
    /// What was named when it was opened.
    pub(crate) paths: Vec<std::path::PathBuf>,
    pub(crate) order: Vec<VolumeKey>,
    volumes: BTreeMap<VolumeKey, Shelved>,
}

impl Library {
    /// Takes the studies of a scan: `current` (else the newest), and older ones of the same patient as priors.
    /// Studies of other patients are left out and said so.
    pub(crate) fn from_scan(scan: Scan, current: Option<&str>) -> Self {
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
        library.shelve(&study, None);
        for prior in &priors {
            library.shelve(prior, Some(iso_date(&prior.date)));
        }
        library.study = Some(study);
        library.priors = priors;
        library
    }

    fn shelve(&mut self, study: &Study, prior_date: Option<String>) {
        let own = study.series.iter().filter(|s| !is_segmentation(study, s));
        let acquired = own
            .flat_map(|s| &s.volumes)
            .any(|v| v.capture == Capture::Acquired);
        for series in &study.series {
            for (volume_idx, plan) in series.volumes.iter().enumerate() {
                let key = VolumeKey {
                    series_instance_uid: series.series_instance_uid.clone(),
                    volume_idx,
                };
                // A captured picture beside acquired ones may carry what the first reader or a machine drew.
                let sealed = acquired
                    && (plan.capture == Capture::Secondary || is_segmentation(study, series));
                let shelved = Shelved {
                    volume: Arc::new(shown_volume(plan)),
                    plan: Arc::new(plan.clone()),
                    series_number: series.number,
                    title: title_of(series, plan),
                    modality: series.modality.clone(),
                    frame_of_reference: series.frame_of_reference_uid.clone().unwrap_or_default(),
                    prior_date: prior_date.clone(),
                    decoded: Arc::default(),
                    decode_warnings: Vec::new(),
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

    pub(crate) fn get_mut(&mut self, key: &VolumeKey) -> Option<&mut Shelved> {
        self.volumes.get_mut(key)
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
        let current = |s: &Shelved| s.prior_date.is_none() && !s.sealed;
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
            .map(|s| s.volume.voxels.n_filled())
            .sum();
        let all = self.volumes.values().map(|s| s.volume.n_slices()).sum();
        [done, all]
    }

    /// Notes what the decoder did since last asked: makes thumbnails that became possible. `true` when something changed.
    pub(crate) fn take_progress(&mut self) -> bool {
        const SIZE_PX: [usize; 2] = [216, 152];
        let mut changed = false;
        for shelved in self.volumes.values_mut() {
            let tried = shelved.decoded.tried.load(Ordering::Acquire);
            changed |= shelved.decoded.seen.swap(tried, Ordering::AcqRel) != tried;
            let middle = shelved.volume.n_slices() / 2;
            if shelved.thumbnail.is_none() && 0 < tried {
                let first_there =
                    (0..shelved.volume.n_slices()).find(|k| shelved.volume.voxels.is_filled(*k));
                let slice_idx = if shelved.volume.voxels.is_filled(middle) {
                    Some(middle)
                } else {
                    first_there.filter(|_| shelved.decoding_ended())
                };
                if let Some(picture) =
                    slice_idx.and_then(|k| thumbnail(&shelved.volume, k, SIZE_PX))
                {
                    shelved.thumbnail = Some(Arc::new(picture));
                    changed = true;
                }
            }
        }
        changed
    }

    /// The volume of the current study, else of a prior, that holds an image, with its slice.
    pub(crate) fn find_image(
        &self,
        sop_instance_uid: &str,
        frame_number: u32,
    ) -> Option<(VolumeKey, usize)> {
        self.iter().find_map(|(key, shelved)| {
            let slice_idx = shelved.plan.slices.iter().position(|slice| {
                slice.as_ref().is_some_and(|s| {
                    s.sop_instance_uid() == sop_instance_uid && s.frame_number == frame_number
                })
            })?;
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
        let all = matches!(geometry, case::Geometry::Ellipse(_))
            && shelved.plan.kind == GeometryKind::Volume;
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
                decode_shown(&shelved.plan, &shelved.volume, &needed, &|_| {}, &|| false);
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

/// An empty volume as it will be shown: the indices of a palette become their colours.
fn shown_volume(plan: &VolumePlan) -> Volume {
    let volume = plan.empty_volume();
    match plan.palette {
        Some(_) => Volume {
            voxels: Voxels::new(Stored::Rgb8, plan.n_slices()),
            ..volume
        },
        None => volume,
    }
}

/// Decodes slices of a plan into the volume that is shown; tells each slice it tried.
pub(crate) fn decode_shown(
    plan: &VolumePlan,
    volume: &Volume,
    order: &[usize],
    on_slice: &(dyn Fn(usize) + Sync),
    cancel: &(dyn Fn() -> bool + Sync),
) -> Vec<Warning> {
    let Some(palette) = &plan.palette else {
        return series::decode_into(plan, volume, order, on_slice, cancel);
    };
    let mut warnings = Vec::new();
    for slice_idx in order
        .iter()
        .copied()
        .filter(|k| !volume.voxels.is_filled(*k))
    {
        if cancel() {
            break;
        }
        match series::decode_slice(plan, slice_idx) {
            // A slice that is filled already was decoded by somebody else meanwhile: the same values.
            Ok(indices) => drop(
                palette
                    .to_rgb(&indices)
                    .map(|rgb| volume.voxels.fill(slice_idx, rgb)),
            ),
            Err(warning) => warnings.push(warning),
        }
        on_slice(slice_idx);
    }
    warnings
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

/// `2026-11-18` from `20261118`; anything else as it is.
pub(crate) fn iso_date(dicom: &str) -> String {
    let digits = dicom.len() == 8 && dicom.bytes().all(|b| b.is_ascii_digit());
    match (digits, dicom.get(..4), dicom.get(4..6), dicom.get(6..8)) {
        (true, Some(y), Some(m), Some(d)) => format!("{y}-{m}-{d}"),
        _ => dicom.to_owned(),
    }
}

/// `2026-05-13 14:45` from a DICOM or HL7 date and time; anything else as it is.
pub(crate) fn shown_time(raw: &str) -> String {
    let digits = raw.bytes().take_while(u8::is_ascii_digit).count();
    match (digits, raw.get(..8), raw.get(8..10), raw.get(10..12)) {
        (8, Some(date), ..) => iso_date(date),
        (12.., Some(date), Some(h), Some(m)) => format!("{} {h}:{m}", iso_date(date)),
        _ => raw.to_owned(),
    }
}

/// `Hartley, Rowan` from `Hartley^Rowan`, the alphabetic group alone.
pub(crate) fn shown_name(dicom: &str) -> String {
    let alphabetic = dicom.split('=').find(|g| !g.is_empty()).unwrap_or_default();
    let mut parts = alphabetic.split('^').map(str::trim);
    let family = parts.next().unwrap_or_default();
    let given: Vec<_> = parts.take(2).filter(|p| !p.is_empty()).collect();
    if given.is_empty() {
        family.to_owned()
    } else {
        format!("{family}, {}", given.join(" "))
    }
}

/// `58 M` from age, birth date, study date and sex; parts that are unknown are left out.
pub(crate) fn age_sex(age: &str, birth: &str, study_date: &str, sex: &str) -> String {
    let from_age = age
        .strip_suffix('Y')
        .and_then(|n| n.parse::<u32>().ok())
        .map(|n| n.to_string());
    let other_unit = || {
        (age.len() == 4).then(|| {
            format!(
                "{} {}",
                age[..3].trim_start_matches('0'),
                age[3..].to_lowercase()
            )
        })
    };
    let from_birth = || {
        let number = |text: &str| text.parse::<u32>().ok().filter(|_| text.len() == 8);
        let years = number(study_date)?.checked_sub(number(birth)?)? / 10_000;
        (years < 130).then(|| years.to_string())
    };
    let years = from_age
        .or_else(|| age.is_ascii().then(other_unit).flatten())
        .or_else(from_birth);
    [years.unwrap_or_default(), sex.to_owned()]
        .into_iter()
        .filter(|p| !p.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_ages_are_shown_as_people_write_them() {
        for (dicom, shown) in [
            ("Hartley^Rowan", "Hartley, Rowan"),
            ("Yamada^Tarou=山田^太郎", "Yamada, Tarou"),
            ("", ""),
            ("Solo", "Solo"),
        ] {
            assert_eq!(shown_name(dicom), shown);
        }
        for (age, birth, date, sex, shown) in [
            ("058Y", "", "", "M", "58 M"),
            ("", "19680301", "20261118", "F", "58 F"),
            ("003M", "", "", "", "3 m"),
            ("", "", "", "", ""),
            ("", "20270101", "20261118", "M", "M"),
        ] {
            assert_eq!(age_sex(age, birth, date, sex), shown, "{age} {birth}");
        }
        assert_eq!(iso_date("20261118"), "2026-11-18");
        assert_eq!(iso_date("2026"), "2026");
        for (raw, shown) in [
            ("20260513144500", "2026-05-13 14:45"),
            ("20260513144500.123+0100", "2026-05-13 14:45"),
            ("20260513", "2026-05-13"),
            ("13 May 2026", "13 May 2026"),
            ("", ""),
        ] {
            assert_eq!(shown_time(raw), shown);
        }
    }
}

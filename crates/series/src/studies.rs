use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::completeness::fewer_in_study;
use crate::copies::without_copies;
use crate::instance::Instance;
use crate::model::{Document, Patient, Series, Study};
use crate::volumes::plan_volumes;
use crate::warning::{Severity, Warning};

/// Groups objects into studies and series, by UID *and* patient: what could be two persons is never one study.
///
/// The order in which the files were found makes no difference to the answer, except between exact copies.
pub(crate) fn group(mut instances: Vec<Arc<Instance>>) -> (Vec<Study>, Vec<Warning>) {
    let mut warnings = Vec::new();
    instances.sort_by(|a, b| {
        (&a.study_instance_uid, &a.series_instance_uid)
            .cmp(&(&b.study_instance_uid, &b.series_instance_uid))
            .then_with(|| a.instance_number.cmp(&b.instance_number))
            .then_with(|| a.sop_instance_uid.cmp(&b.sop_instance_uid))
            .then_with(|| a.source.shown_path().cmp(&b.source.shown_path()))
    });
    let mut by_uid: Vec<(String, Vec<Arc<Instance>>)> = Vec::new();
    let mut place: HashMap<String, usize> = HashMap::new();
    for instance in instances {
        let uid = instance.study_instance_uid.clone();
        let at = *place.entry(uid.clone()).or_insert_with(|| {
            by_uid.push((uid, Vec::new()));
            by_uid.len() - 1
        });
        if let Some((_, group)) = by_uid.get_mut(at) {
            group.push(instance);
        }
    }
    let mut studies = Vec::new();
    for (uid, group) in by_uid {
        let persons = by_patient(group);
        if 1 < persons.len() {
            let text = format!(
                "One study holds images of {} different patients; they were kept apart as {} studies. Check which is meant before reading.",
                persons.len(),
                persons.len()
            );
            let path = persons
                .get(1)
                .and_then(|(_, p)| p.first())
                .map(|i| i.source.shown_path());
            let warning = Warning::new("two_patients", Severity::Warning, text);
            warnings.push(path.map_or(warning.clone(), |p| warning.at(p)));
        }
        for (patient, group) in persons {
            studies.push(study(&uid, patient, group, &mut warnings));
        }
    }
    warnings.extend(several_patients(&studies));
    studies.sort_by(|a: &Study, b: &Study| {
        (&b.date, &b.time)
            .cmp(&(&a.date, &a.time))
            .then_with(|| a.study_instance_uid.cmp(&b.study_instance_uid))
    });
    (studies, warnings)
}

/// Says when the named paths hold studies of different persons.
fn several_patients(studies: &[Study]) -> Option<Warning> {
    let mut uids = BTreeSet::new();
    let mut persons: Vec<&Patient> = Vec::new();
    for study in studies {
        // Studies that share a UID have been reported already.
        let is_new_uid = uids.insert(&study.study_instance_uid);
        if is_new_uid && !persons.iter().any(|p| p.may_be(&study.patient)) {
            persons.push(&study.patient);
        }
    }
    (1 < persons.len()).then(|| {
        let text = format!("The files belong to {} different patients; their studies are listed apart. Check which is meant before reading.", persons.len());
        Warning::new("two_patients", Severity::Warning, text)
    })
}

/// Sets of objects that may be of one person. What leaves a field empty joins those it does not contradict.
fn by_patient(instances: Vec<Arc<Instance>>) -> Vec<(Patient, Vec<Arc<Instance>>)> {
    let mut persons: Vec<(Patient, Vec<Arc<Instance>>)> = Vec::new();
    for instance in instances {
        match persons
            .iter_mut()
            .find(|(patient, _)| patient.may_be(&instance.patient))
        {
            Some((patient, group)) => {
                complete(patient, &instance.patient);
                group.push(instance);
            }
            None => persons.push((instance.patient.clone(), vec![instance])),
        }
    }
    persons
}

fn complete(patient: &mut Patient, other: &Patient) {
    let fields = [
        (&mut patient.name, &other.name),
        (&mut patient.id, &other.id),
        (&mut patient.issuer, &other.issuer),
        (&mut patient.birth_date, &other.birth_date),
        (&mut patient.sex, &other.sex),
        (&mut patient.age, &other.age),
    ];
    for (mine, theirs) in fields {
        if mine.is_empty() {
            mine.clone_from(theirs);
        }
    }
}

fn study(
    uid: &str,
    patient: Patient,
    instances: Vec<Arc<Instance>>,
    warnings: &mut Vec<Warning>,
) -> Study {
    let first = |field: fn(&Instance) -> &String| {
        instances
            .iter()
            .map(|i| field(i))
            .find(|v| !v.is_empty())
            .cloned()
            .unwrap_or_default()
    };
    let mut study = Study {
        study_instance_uid: uid.to_owned(),
        patient,
        date: first(|i| &i.about.study_date),
        time: first(|i| &i.about.study_time),
        description: first(|i| &i.about.study_description),
        accession: first(|i| &i.about.accession),
        series: Vec::new(),
        documents: instances.iter().filter_map(document).collect(),
    };
    if uid.is_empty() {
        let text = "These files have no Study Instance UID; they were taken for one study.";
        warnings.push(
            Warning::new("study_uid_missing", Severity::Warning, text).at(instances
                .first()
                .map(|i| i.source.shown_path())
                .unwrap_or_default()),
        );
    }
    warnings.extend(fewer_in_study(&instances));
    let mut place: HashMap<&str, usize> = HashMap::new();
    let mut by_series: Vec<(&str, Vec<Arc<Instance>>)> = Vec::new();
    for instance in instances
        .iter()
        .filter(|i| i.pixels.is_some() && !i.frames.is_empty())
    {
        let uid = instance.series_instance_uid.as_str();
        let at = *place.entry(uid).or_insert_with(|| {
            by_series.push((uid, Vec::new()));
            by_series.len() - 1
        });
        if let Some((_, group)) = by_series.get_mut(at) {
            group.push(Arc::clone(instance));
        }
    }
    study.series = by_series
        .into_iter()
        .map(|(uid, group)| series(uid, without_copies(uid, group, warnings)))
        .collect();
    study.series.sort_by(|a, b| {
        let number = |s: &Series| s.number.unwrap_or(i64::MAX);
        number(a)
            .cmp(&number(b))
            .then_with(|| a.series_instance_uid.cmp(&b.series_instance_uid))
    });
    study
}

fn series(uid: &str, instances: Vec<Arc<Instance>>) -> Series {
    let first = |field: fn(&Instance) -> &String| {
        instances
            .iter()
            .map(|i| field(i))
            .find(|v| !v.is_empty())
            .cloned()
            .unwrap_or_default()
    };
    let syntaxes: BTreeSet<&String> = instances.iter().map(|i| &i.transfer_syntax_uid).collect();
    Series {
        series_instance_uid: uid.to_owned(),
        number: instances.iter().find_map(|i| i.about.series_number),
        modality: first(|i| &i.about.modality),
        description: first(|i| &i.about.series_description),
        body_part: first(|i| &i.about.body_part),
        laterality: first(|i| &i.about.laterality),
        view_position: first(|i| &i.about.view_position),
        frame_of_reference_uid: instances
            .iter()
            .find_map(|i| i.about.frame_of_reference_uid.clone()),
        n_instances: instances.len(),
        n_frames: instances.iter().map(|i| i.frames.len()).sum(),
        transfer_syntaxes: syntaxes.into_iter().cloned().collect(),
        date: first(|i| &i.about.date),
        volumes: plan_volumes(uid, &instances),
    }
}

fn document(instance: &Arc<Instance>) -> Option<Document> {
    Some(Document {
        kind: instance.document?,
        title: instance.title.clone(),
        sop_instance_uid: instance.sop_instance_uid.clone(),
        sop_class_uid: instance.sop_class_uid.clone(),
        series_instance_uid: instance.series_instance_uid.clone(),
        modality: instance.about.modality.clone(),
        patient: instance.patient.clone(),
        date: instance.about.date.clone(),
        mime_type: instance.mime_type.clone(),
        source: instance.source.clone(),
    })
}

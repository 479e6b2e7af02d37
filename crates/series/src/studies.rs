use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

use crate::completeness::fewer_in_study;
use crate::copies::without_copies;
use crate::instance::Instance;
use crate::model::{Document, Patient, Series, Study};
use crate::persons::Persons;
use crate::threads::pool;
use crate::volumes::plan_volumes;
use crate::warning::{Severity, Warning};

/// Groups objects into studies and series, by UID *and* patient: what could be two persons is never one study.
///
/// The order in which the files were found makes no difference to the answer, except between exact copies.
pub(crate) fn group(instances: Vec<Arc<Instance>>) -> (Vec<Study>, Vec<Warning>) {
    let mut warnings = Vec::new();
    let by_uid = runs(in_order(instances), |i| &i.study_instance_uid);
    let planned: Vec<(Vec<Study>, Vec<Warning>)> =
        pool().install(|| by_uid.into_par_iter().map(studies_of_uid).collect());
    let mut studies = Vec::new();
    for (of_uid, more) in planned {
        studies.extend(of_uid);
        warnings.extend(more);
    }
    warnings.extend(several_patients(&studies));
    studies.sort_by(|a: &Study, b: &Study| {
        (&b.date, &b.time)
            .cmp(&(&a.date, &a.time))
            .then_with(|| a.study_instance_uid.cmp(&b.study_instance_uid))
    });
    (studies, warnings)
}

/// By study, series, number, UID and path.
fn in_order(instances: Vec<Arc<Instance>>) -> Vec<Arc<Instance>> {
    let ranks = series_ranks(&instances);
    let ranked = ranks.into_iter().zip(instances);
    let mut ranked: Vec<(usize, Option<i64>, Arc<Instance>)> = ranked
        .map(|(rank, instance)| (rank, instance.instance_number, instance))
        .collect();
    ranked.sort_by(|(rank_a, number_a, a), (rank_b, number_b, b)| {
        (rank_a, number_a)
            .cmp(&(rank_b, number_b))
            .then_with(|| a.sop_instance_uid.cmp(&b.sop_instance_uid))
            .then_with(|| a.source.shown_path().cmp(&b.source.shown_path()))
    });
    ranked
        .into_iter()
        .map(|(_, _, instance)| instance)
        .collect()
}

/// The place of each object's series in the order of their UIDs, the study's before the series' own.
///
/// Objects that share their facts in memory mostly follow each other, so that few UIDs have to be compared.
fn series_ranks(instances: &[Arc<Instance>]) -> Vec<usize> {
    let mut firsts: Vec<&Instance> = Vec::new();
    let mut ranks = Vec::with_capacity(instances.len());
    for instance in instances {
        if firsts
            .last()
            .is_none_or(|last| !last.has_facts_of(instance))
        {
            firsts.push(instance);
        }
        ranks.push(firsts.len() - 1);
    }
    let mut order: Vec<usize> = (0..firsts.len()).collect();
    let compared = |a: usize, b: usize| match (firsts.get(a), firsts.get(b)) {
        (Some(a), Some(b)) => a.cmp_series(b),
        _ => Ordering::Equal,
    };
    order.sort_by(|a, b| compared(*a, *b));
    let mut rank_of = vec![0; firsts.len()];
    let (mut rank, mut last) = (0, None);
    for first in order {
        rank += usize::from(last.is_some_and(|last| compared(last, first).is_ne()));
        last = Some(first);
        if let Some(place) = rank_of.get_mut(first) {
            *place = rank;
        }
    }
    for rank in &mut ranks {
        *rank = rank_of.get(*rank).copied().unwrap_or(0);
    }
    ranks
}

/// The studies of one UID, of which each patient has one.
fn studies_of_uid((uid, group): (String, Vec<Arc<Instance>>)) -> (Vec<Study>, Vec<Warning>) {
    let mut warnings = Vec::new();
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
    let studies = persons
        .into_iter()
        .map(|(patient, group)| study(&uid, patient, group, &mut warnings))
        .collect();
    (studies, warnings)
}

/// Sorted objects as runs that have the same UID.
fn runs(
    instances: Vec<Arc<Instance>>,
    uid: fn(&Instance) -> &String,
) -> Vec<(String, Vec<Arc<Instance>>)> {
    let mut runs: Vec<(String, Vec<Arc<Instance>>)> = Vec::new();
    for instance in instances {
        match runs.last_mut() {
            Some((last, run)) if last == uid(&instance) => run.push(instance),
            _ => runs.push((uid(&instance).clone(), vec![instance])),
        }
    }
    runs
}

/// Says when the named paths hold studies of different persons.
fn several_patients(studies: &[Study]) -> Option<Warning> {
    let mut uids = BTreeSet::new();
    let mut persons = Persons::default();
    for study in studies {
        // Studies that share a UID have been reported already.
        if uids.insert(&study.study_instance_uid) {
            persons.place(&study.patient);
        }
    }
    let n_persons = persons.into_all().len();
    (1 < n_persons).then(|| {
        let text = format!("The files belong to {n_persons} different patients; their studies are listed apart. Check which is meant before reading.");
        Warning::new("two_patients", Severity::Warning, text)
    })
}

/// Sets of objects that may be of one person. What leaves a field empty joins those it does not contradict.
fn by_patient(instances: Vec<Arc<Instance>>) -> Vec<(Patient, Vec<Arc<Instance>>)> {
    let mut persons = Persons::default();
    let mut groups: Vec<Vec<Arc<Instance>>> = Vec::new();
    let mut last = 0;
    for instance in instances {
        let before = groups.get(last).and_then(|group| group.last());
        // Most objects share what they say of the patient with the one before.
        let at = match before {
            Some(before) if before.has_facts_of(&instance) => last,
            _ => persons.place(&instance.patient),
        };
        last = at;
        match groups.get_mut(at) {
            Some(group) => group.push(instance),
            None => groups.push(vec![instance]),
        }
    }
    persons.into_all().into_iter().zip(groups).collect()
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
    let is_image = |i: &Arc<Instance>| i.pixels.is_some() && !i.frames.is_empty();
    let images = instances.into_iter().filter(is_image).collect();
    let by_series = runs(images, |i| &i.series_instance_uid);
    let plan = |(uid, group): (String, Vec<Arc<Instance>>)| {
        let mut warnings = Vec::new();
        let series = series(&uid, without_copies(&uid, group, &mut warnings));
        (series, warnings)
    };
    let planned: Vec<(Series, Vec<Warning>)> = by_series.into_par_iter().map(plan).collect();
    for (series, more) in planned {
        study.series.push(series);
        warnings.extend(more);
    }
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

//! Where, on which side, how severe, how changed: words are bound to the nearest finding of their clause.

use case::{Change, Severity, Side};

use super::scan::{Mark, Scan};
use crate::taxonomy::{Concept, ConceptIdx, Modifier, Taxonomy};

/// What the words around a phrase say about it.
#[derive(Clone, Debug, Default)]
pub(super) struct Attributes {
    pub side: Option<Side>,
    pub site: Option<ConceptIdx>,
    pub level: Option<String>,
    pub severity: Option<Severity>,
    pub change: Option<Change>,
}

/// Words farther than this belong to something else.
const PLACE_REACH: f64 = 16.0;
const SIDE_REACH: f64 = 13.0;
const CHANGE_REACH: f64 = 11.0;
const SEVERITY_REACH: f64 = 4.5;
/// A side belongs to an unpaired organ only when it stands next to it.
const UNPAIRED_SIDE_REACH: f64 = 3.0;

/// Binds what stands around the phrase of tokens `first..end`, whose concept may be known.
pub(super) fn bind(
    scan: &Scan<'_>,
    (first, end): (usize, usize),
    concept: Option<&Concept>,
    levels: &[Mark<String>],
) -> Attributes {
    let place = place(scan, (first, end), concept);
    let site = concept
        .and_then(|concept| concept.site)
        .or_else(|| place.map(|mark| organ(mark.value)));
    let (level, implied_side) = level(scan, (first, end), site, levels);
    Attributes {
        side: side(scan, (first, end), site).or(implied_side),
        site,
        level,
        severity: severity(scan, (first, end)),
        change: change(scan, (first, end)),
    }
}

/// The whole that a part of a map belongs to: lung for upper lobe.
pub(super) fn organ(place: ConceptIdx) -> ConceptIdx {
    let taxonomy = Taxonomy::get();
    std::iter::successors(Some(place), |part| {
        let concept = taxonomy.concept_at(*part)?;
        if concept.level.is_some() {
            concept.parent
        } else {
            None
        }
    })
    .last()
    .unwrap_or(place)
}

/// Is one of the places the other, or a part of it?
fn related(one: ConceptIdx, other: ConceptIdx) -> bool {
    let taxonomy = Taxonomy::get();
    let wholes = |place: ConceptIdx| {
        std::iter::successors(Some(place), |part| taxonomy.concept_at(*part)?.parent).take(6)
    };
    let body = taxonomy.named("body");
    let is_region = |place: &ConceptIdx| Some(*place) != body;
    wholes(one).filter(is_region).any(|whole| whole == other)
        || wholes(other).filter(is_region).any(|whole| whole == one)
}

fn place<'s>(
    scan: &'s Scan<'_>,
    find: (usize, usize),
    concept: Option<&Concept>,
) -> Option<&'s Mark<ConceptIdx>> {
    let wanted = concept.and_then(|concept| concept.site);
    scan.places()
        .filter(|mark| scan.same_clause(mark.first, find.0))
        .filter(|mark| wanted.is_none_or(|site| related(mark.value, site)))
        .map(|mark| (scan.distance((mark.first, mark.end), find), mark))
        .filter(|(distance, _)| *distance <= PLACE_REACH)
        .min_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, mark)| mark)
}

/// The places of the phrase's clause within reach, nearest first.
pub(super) fn places_near(scan: &Scan<'_>, find: (usize, usize)) -> Vec<ConceptIdx> {
    let mut near: Vec<(f64, ConceptIdx)> = scan
        .places()
        .filter(|mark| scan.same_clause(mark.first, find.0))
        .map(|mark| (scan.distance((mark.first, mark.end), find), mark.value))
        .filter(|(distance, _)| *distance <= PLACE_REACH)
        .collect();
    near.sort_by(|one, other| one.0.total_cmp(&other.0));
    near.into_iter().map(|(_, place)| place).collect()
}

fn level(
    scan: &Scan<'_>,
    find: (usize, usize),
    site: Option<ConceptIdx>,
    numbered: &[Mark<String>],
) -> (Option<String>, Option<Side>) {
    let taxonomy = Taxonomy::get();
    let named = scan.mentions.iter().filter_map(|mark| {
        let concept = taxonomy.concept_at(mark.value)?;
        let fits = site.is_none_or(|site| {
            related(mark.value, site) || lung_and_pleura(organ(mark.value), site)
        });
        let level = concept
            .level
            .filter(|_| fits && scan.same_clause(mark.first, find.0))?;
        Some((
            scan.distance((mark.first, mark.end), find) + 0.5,
            level.to_owned(),
            concept.side,
        ))
    });
    let numbered = numbered
        .iter()
        .filter(|mark| scan.same_clause(mark.first, find.0))
        .map(|mark| {
            (
                scan.distance((mark.first, mark.end), find),
                mark.value.clone(),
                None,
            )
        });
    named
        .chain(numbered)
        .filter(|(distance, _, _)| *distance <= PLACE_REACH)
        .min_by(|one, other| one.0.total_cmp(&other.0))
        .map_or((None, None), |(_, level, side)| (Some(level), side))
}

/// An effusion "at the left base" and an opacity "in the fissure" name each other's parts.
fn lung_and_pleura(one: ConceptIdx, other: ConceptIdx) -> bool {
    let taxonomy = Taxonomy::get();
    let (lung, pleura) = (taxonomy.named("lung"), taxonomy.named("pleura"));
    (Some(one) == lung && Some(other) == pleura) || (Some(one) == pleura && Some(other) == lung)
}

fn is_paired(site: ConceptIdx) -> bool {
    Taxonomy::get()
        .concept_at(site)
        .is_some_and(|concept| concept.paired)
}

fn side(scan: &Scan<'_>, find: (usize, usize), site: Option<ConceptIdx>) -> Option<Side> {
    let reach = if site.is_none_or(is_paired) {
        SIDE_REACH
    } else {
        UNPAIRED_SIDE_REACH
    };
    let mut near: Vec<(f64, Side)> = scan
        .modifiers
        .iter()
        .filter(|mark| scan.same_clause(mark.first, find.0))
        .filter_map(|mark| match mark.value {
            Modifier::Side(side) => Some((scan.distance((mark.first, mark.end), find), side)),
            _ => None,
        })
        .filter(|(distance, _)| *distance <= reach)
        .collect();
    near.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (nearest, side) = near.first().copied()?;
    // "Fractures of the left 6th and the right 7th rib": both belong to it when no other finding stands between.
    let other = near.iter().any(|(distance, other)| {
        *other != side && nearest < 6.0 && *distance < 6.0 && !shared(scan, find)
    });
    Some(if other { Side::Bilateral } else { side })
}

/// Does the clause speak of several findings? Then a second side belongs to another of them.
fn shared(scan: &Scan<'_>, find: (usize, usize)) -> bool {
    1 < scan
        .finds()
        .filter(|mark| scan.same_clause(mark.first, find.0))
        .count()
}

fn severity(scan: &Scan<'_>, find: (usize, usize)) -> Option<Severity> {
    nearest(scan, find, SEVERITY_REACH, |modifier| match modifier {
        Modifier::Severity(severity) => Some(severity),
        _ => None,
    })
}

fn change(scan: &Scan<'_>, find: (usize, usize)) -> Option<Change> {
    nearest(scan, find, CHANGE_REACH, |modifier| match modifier {
        Modifier::Change(change) => Some(change),
        _ => None,
    })
}

fn nearest<T>(
    scan: &Scan<'_>,
    find: (usize, usize),
    reach: f64,
    value: impl Fn(Modifier) -> Option<T>,
) -> Option<T> {
    scan.modifiers
        .iter()
        .filter(|mark| scan.same_clause(mark.first, find.0))
        .filter_map(|mark| {
            Some((
                scan.distance((mark.first, mark.end), find),
                value(mark.value)?,
            ))
        })
        .filter(|(distance, _)| *distance <= reach)
        .min_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, value)| value)
}

use case::{Assertion, Change, Fact, Measurement, TextSpan};

use super::advice::recommendation;
use super::attributes::{Attributes, bind, organ, places_near};
use super::context::assertion;
use super::levels::numbered_levels;
use super::measure::sizes;
use super::normality::normal_places;
use super::scan::{Mark, Scan};
use super::unknown::unknown_phrases;
use crate::taxonomy::{Concept, ConceptIdx, Taxonomy};

/// How sure the rules are of a fact whose concept the lexicon knows.
const KNOWN_CERTAINTY: f64 = 0.9;
/// … of a place said to be normal.
const NORMAL_CERTAINTY: f64 = 0.85;
/// … of a phrase outside the lexicon.
const UNKNOWN_CERTAINTY: f64 = 0.5;

/// The facts of a sentence, in order of the text.
pub(crate) fn facts_of_sentence(text: &str, span: TextSpan) -> Vec<Fact> {
    let scan = Scan::new(text, span);
    let levels = numbered_levels(&scan);
    let mut facts: Vec<(usize, Fact)> = Vec::new();
    for (mention, concept) in found_concepts(&scan) {
        facts.push((
            mention.first,
            found_fact(&scan, (mention.first, mention.end), Some(concept), &levels),
        ));
    }
    for place in normal_places(&scan) {
        if let Some(fact) = normal_fact(&scan, &place, &levels) {
            facts.push((place.first, fact));
        }
    }
    for phrase in unknown_phrases(&scan) {
        facts.push((
            phrase.first,
            found_fact(&scan, (phrase.first, phrase.end), None, &levels),
        ));
    }
    give_sizes(&scan, &mut facts, &levels);
    facts.sort_by_key(|(first, _)| *first);
    let mut facts: Vec<Fact> = facts.into_iter().map(|(_, fact)| fact).collect();
    facts.extend(advice_fact(text, span));
    facts
}

/// The fact about exactly the phrase of the given bytes, which stands in the sentence `span`.
pub(crate) fn phrase_fact(text: &str, span: TextSpan, phrase: TextSpan) -> Option<Fact> {
    let scan = Scan::new(text, span);
    let first = scan
        .tokens
        .iter()
        .position(|token| phrase[0] < token.span[1])?;
    let end = scan
        .tokens
        .iter()
        .rposition(|token| token.span[0] < phrase[1])?
        + 1;
    if end <= first {
        return None;
    }
    let concept = found_concepts(&scan)
        .into_iter()
        .rfind(|(mark, _)| first <= mark.first && mark.end <= end);
    let levels = numbered_levels(&scan);
    let mut fact = found_fact(
        &scan,
        (first, end),
        concept.map(|(_, concept)| concept),
        &levels,
    );
    fact.span = phrase;
    fact.text = text.get(phrase[0]..phrase[1])?.to_owned();
    fact.measurements = sizes(&scan)
        .into_iter()
        .filter(|size| scan.same_clause(size.first, first))
        .min_by(|one, other| {
            let distance =
                |size: &Mark<Measurement>| scan.distance((size.first, size.end), (first, end));
            distance(one).total_cmp(&distance(other))
        })
        .map(|size| size.value)
        .into_iter()
        .collect();
    Some(fact)
}

/// What is found in the sentence, with general words made special by their place: "nodule" in the lung is a pulmonary
/// nodule, "pleural or pericardial effusion" are two effusions, "calcified mass" is one mass.
fn found_concepts(scan: &Scan<'_>) -> Vec<(Mark<ConceptIdx>, ConceptIdx)> {
    let taxonomy = Taxonomy::get();
    let finds: Vec<&Mark<ConceptIdx>> = scan.finds().collect();
    let mut found = Vec::with_capacity(finds.len());
    for (find_idx, mark) in finds.iter().enumerate() {
        let Some(concept) = taxonomy.concept_at(mark.value) else {
            continue;
        };
        let next = finds.get(find_idx + 1);
        let describes_next =
            next.is_some_and(|next| next.first == mark.end && next.value != mark.value);
        if describes_next && concept.site.is_none() {
            continue;
        }
        found.push((**mark, special(scan, mark, concept)));
        if let Some(twin) = twin_in_list(scan, mark, concept) {
            found.push(twin);
        }
    }
    found
}

fn special(scan: &Scan<'_>, mark: &Mark<ConceptIdx>, concept: &Concept) -> ConceptIdx {
    if concept.site.is_some() {
        return mark.value;
    }
    places_near(scan, (mark.first, mark.end))
        .into_iter()
        .find_map(|place| Taxonomy::get().compose(mark.value, organ(place)))
        .unwrap_or(mark.value)
}

/// "Pleural or pericardial effusion": the place before "or" has the same finding.
fn twin_in_list(
    scan: &Scan<'_>,
    mark: &Mark<ConceptIdx>,
    concept: &Concept,
) -> Option<(Mark<ConceptIdx>, ConceptIdx)> {
    let base = concept.parent?;
    let joint = scan.tokens.get(mark.first.checked_sub(1)?)?;
    if !matches!(
        scan.text.get(joint.span[0]..joint.span[1])?,
        "or" | "and" | "/" | "OR" | "AND"
    ) {
        return None;
    }
    let place = scan.places().find(|place| place.end + 1 == mark.first)?;
    let twin = Taxonomy::get()
        .compose(base, organ(place.value))
        .filter(|twin| *twin != mark.value)?;
    Some((
        Mark {
            value: twin,
            first: place.first,
            end: place.end,
        },
        twin,
    ))
}

fn found_fact(
    scan: &Scan<'_>,
    (first, end): (usize, usize),
    concept: Option<ConceptIdx>,
    levels: &[Mark<String>],
) -> Fact {
    let taxonomy = Taxonomy::get();
    let concept = concept.and_then(|idx| taxonomy.concept_at(idx));
    let attributes = bind(scan, (first, end), concept, levels);
    let mut said = assertion(scan, first, end);
    if attributes.change == Some(Change::Resolved)
        && said == Assertion::Present
        && concept.is_some()
    {
        said = Assertion::Absent;
    }
    let normal = said == Assertion::Absent && concept.is_some_and(|concept| concept.generic);
    Fact {
        concept: concept.map(|concept| concept.name.to_owned()),
        assertion: said,
        certainty: if concept.is_some() {
            KNOWN_CERTAINTY
        } else {
            UNKNOWN_CERTAINTY
        },
        normal,
        ..fact(scan, (first, end), attributes)
    }
}

fn normal_fact(scan: &Scan<'_>, place: &Mark<ConceptIdx>, levels: &[Mark<String>]) -> Option<Fact> {
    let taxonomy = Taxonomy::get();
    let whole = taxonomy.concept_at(organ(place.value))?;
    let attributes = Attributes {
        site: Some(organ(place.value)),
        change: None,
        severity: None,
        ..bind(scan, (place.first, place.end), Some(whole), levels)
    };
    Some(Fact {
        concept: Some(whole.name.to_owned()),
        assertion: Assertion::Present,
        certainty: NORMAL_CERTAINTY,
        normal: true,
        ..fact(scan, (place.first, place.end), attributes)
    })
}

fn fact(scan: &Scan<'_>, (first, end): (usize, usize), attributes: Attributes) -> Fact {
    Fact {
        concept: None,
        text: scan.words(first, end).to_owned(),
        span: scan.span(first, end),
        assertion: Assertion::Present,
        certainty: UNKNOWN_CERTAINTY,
        laterality: attributes.side,
        site: attributes
            .site
            .and_then(|site| Taxonomy::get().concept_at(site))
            .map(|site| site.name.to_owned()),
        level: attributes.level,
        severity: attributes.severity,
        change: attributes.change,
        measurements: Vec::new(),
        recommendation: None,
        normal: false,
    }
}

/// Gives every size to the nearest finding; a size without one makes a fact about the nearest place.
fn give_sizes(scan: &Scan<'_>, facts: &mut Vec<(usize, Fact)>, levels: &[Mark<String>]) {
    for size in sizes(scan) {
        let distance = |fact: &Fact| {
            let end = scan
                .tokens
                .iter()
                .take_while(|token| token.span[0] < fact.span[1])
                .count();
            let first = scan
                .tokens
                .iter()
                .take_while(|token| token.span[1] <= fact.span[0])
                .count();
            let outside_lexicon = if fact.concept.is_none() { 4.0 } else { 0.0 };
            scan.distance((size.first, size.end), (first, end)) + outside_lexicon
        };
        let nearest = facts
            .iter_mut()
            .filter(|(_, fact)| !fact.normal && fact.assertion != Assertion::Absent)
            .map(|(_, fact)| (distance(fact), fact))
            .min_by(|one, other| one.0.total_cmp(&other.0));
        if let Some((_, fact)) = nearest {
            fact.measurements.push(size.value);
            continue;
        }
        let place = scan
            .places()
            .map(|place| {
                (
                    scan.distance((size.first, size.end), (place.first, place.end)),
                    *place,
                )
            })
            .min_by(|one, other| one.0.total_cmp(&other.0));
        if let Some((_, place)) = place
            && let Some(mut fact) = normal_fact(scan, &place, levels)
        {
            // "The aorta measures 4.2 cm" says neither normal nor abnormal.
            facts.retain(|(_, other)| other.span != fact.span);
            fact.normal = false;
            fact.measurements.push(size.value);
            facts.push((place.first, fact));
        }
    }
}

fn advice_fact(text: &str, span: TextSpan) -> Option<Fact> {
    let sentence = text.get(span[0]..span[1])?;
    let (advice, [start, end]) = recommendation(sentence)?;
    let words = sentence.get(start..end)?.trim_end_matches(['.', ' ']);
    Some(Fact {
        concept: Some("recommendation".to_owned()),
        text: words.to_owned(),
        span: [span[0] + start, span[0] + start + words.len()],
        assertion: Assertion::Present,
        certainty: KNOWN_CERTAINTY,
        laterality: None,
        site: None,
        level: None,
        severity: None,
        change: None,
        measurements: Vec::new(),
        recommendation: Some(advice),
        normal: false,
    })
}

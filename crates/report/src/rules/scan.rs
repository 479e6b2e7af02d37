use case::TextSpan;

use crate::structure::{Token, TokenKind, tokenise};
use crate::taxonomy::{Concept, ConceptIdx, ConceptKind, ContextKind, Modifier, Taxonomy, Trigger};

/// A range of tokens with what it means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mark<T> {
    pub value: T,
    /// First token.
    pub first: usize,
    /// One past the last token.
    pub end: usize,
}

/// The tokens of a sentence and everything that the lexicon knows in them.
#[derive(Debug)]
pub(crate) struct Scan<'t> {
    pub text: &'t str,
    pub tokens: Vec<Token>,
    /// Concepts, longest first from the left, without overlap.
    pub mentions: Vec<Mark<ConceptIdx>>,
    pub modifiers: Vec<Mark<Modifier>>,
    /// Context words that act on what follows.
    pub forward: Vec<Mark<Trigger>>,
    /// Context words that act on what stands before.
    pub backward: Vec<Mark<Trigger>>,
    /// Number of the clause of each token.
    clause: Vec<u16>,
}

impl<'t> Scan<'t> {
    /// Looks everything up in a range of a report's text.
    pub fn new(text: &'t str, range: TextSpan) -> Self {
        let taxonomy = Taxonomy::get();
        let tokens = tokenise(text, range);
        let mentions = marks(&tokens, |rest| taxonomy.phrases.longest(rest));
        let mut modifiers = marks(&tokens, |rest| taxonomy.modifiers.longest(rest));
        modifiers.retain(|modifier| !is_part_of_a_name(modifier, &mentions));
        let forward = marks(&tokens, |rest| taxonomy.forward.longest(rest));
        let backward = marks(&tokens, |rest| taxonomy.backward.longest(rest));
        let clause = clauses(text, &tokens);
        Self {
            text,
            tokens,
            mentions,
            modifiers,
            forward,
            backward,
            clause,
        }
    }

    /// The concept of a mention.
    pub fn concept(&self, mention: &Mark<ConceptIdx>) -> Option<&'static Concept> {
        Taxonomy::get().concept_at(mention.value)
    }

    /// Is it a place, rather than something found?
    pub fn is_anatomy(&self, mention: &Mark<ConceptIdx>) -> bool {
        self.concept(mention)
            .is_some_and(|concept| concept.kind == ConceptKind::Anatomy)
    }

    /// Mentions that are places.
    pub fn places(&self) -> impl Iterator<Item = &Mark<ConceptIdx>> {
        self.mentions
            .iter()
            .filter(|mention| self.is_anatomy(mention))
    }

    /// Mentions of something found.
    pub fn finds(&self) -> impl Iterator<Item = &Mark<ConceptIdx>> {
        self.mentions
            .iter()
            .filter(|mention| !self.is_anatomy(mention))
    }

    /// Bytes of a range of tokens.
    pub fn span(&self, first: usize, end: usize) -> TextSpan {
        let start = self.tokens.get(first).map_or(0, |token| token.span[0]);
        let stop = end
            .checked_sub(1)
            .and_then(|last| self.tokens.get(last))
            .map_or(start, |token| token.span[1]);
        [start, stop]
    }

    /// Words of a range of tokens.
    pub fn words(&self, first: usize, end: usize) -> &'t str {
        let [start, stop] = self.span(first, end);
        self.text.get(start..stop).unwrap_or_default()
    }

    /// Do both ranges stand in one clause?
    pub fn same_clause(&self, one: usize, other: usize) -> bool {
        self.clause.get(one) == self.clause.get(other)
    }

    /// How far two ranges are apart: tokens between, and more for commas, joining words and other findings between.
    /// Ranges that overlap have distance 0. Something before its finding is nearer than something behind it.
    pub fn distance(&self, place: (usize, usize), find: (usize, usize)) -> f64 {
        if place.0 < find.1 && find.0 < place.1 {
            return 0.0;
        }
        let (from, to, factor) = if place.1 <= find.0 {
            (place.1, find.0, 1.0)
        } else {
            (find.1, place.0, 1.3)
        };
        let between = self.tokens.get(from..to).unwrap_or_default();
        let steps: f64 = between.iter().map(|token| self.step(token)).sum();
        let n_finds = self
            .finds()
            .filter(|other| from <= other.first && other.end <= to)
            .count();
        steps * factor + 6.0 * n_finds as f64
    }

    fn step(&self, token: &Token) -> f64 {
        match token.kind {
            TokenKind::Mark(',' | '(' | ')') => 2.0,
            TokenKind::Mark('.' | ';' | ':') => 8.0,
            TokenKind::Mark(_) | TokenKind::Number(_) | TokenKind::Mask => 0.5,
            TokenKind::Word => match self
                .text
                .get(token.span[0]..token.span[1])
                .unwrap_or_default()
            {
                "and" | "or" | "with" | "AND" | "OR" => 2.0,
                _ => 1.0,
            },
        }
    }

    /// The marks of one kind of context in both directions.
    pub fn stops(&self) -> impl Iterator<Item = &Mark<Trigger>> {
        self.forward
            .iter()
            .filter(|mark| mark.value.kind == ContextKind::Stop)
    }
}

fn marks<'a, T>(
    tokens: &'a [Token],
    longest: impl Fn(
        std::iter::Map<std::slice::Iter<'a, Token>, fn(&Token) -> u32>,
    ) -> Option<(usize, T)>,
) -> Vec<Mark<T>> {
    let mut found = Vec::new();
    let mut first = 0;
    while first < tokens.len() {
        let rest = tokens.get(first..).unwrap_or_default();
        let word: fn(&Token) -> u32 = |token| token.word;
        match longest(rest.iter().map(word)) {
            Some((n_tokens, value)) => {
                found.push(Mark {
                    value,
                    first,
                    end: first + n_tokens,
                });
                first += n_tokens;
            }
            None => first += 1,
        }
    }
    found
}

/// "left" in "left atrium" and "small" in "small bowel" say nothing by themselves; "left" in "elevated left
/// hemidiaphragm" and "bibasilar" do.
fn is_part_of_a_name(modifier: &Mark<Modifier>, mentions: &[Mark<ConceptIdx>]) -> bool {
    let Some(name) = mentions
        .iter()
        .find(|name| modifier.first < name.end && name.first < modifier.end)
    else {
        return false;
    };
    let is_place = Taxonomy::get()
        .concept_at(name.value)
        .is_some_and(|concept| concept.kind == ConceptKind::Anatomy);
    match modifier.value {
        Modifier::Side(case::Side::Bilateral) => false,
        Modifier::Side(_) => is_place,
        Modifier::Severity(_) | Modifier::Change(_) | Modifier::Normal | Modifier::Neutral => true,
    }
}

fn clauses(text: &str, tokens: &[Token]) -> Vec<u16> {
    let mut number = 0_u16;
    tokens
        .iter()
        .map(|token| {
            let starts = match token.kind {
                TokenKind::Mark(';' | '.' | ':') => true,
                TokenKind::Word => {
                    let word = text.get(token.span[0]..token.span[1]).unwrap_or_default();
                    [
                        "but",
                        "however",
                        "although",
                        "though",
                        "whereas",
                        "while",
                        "otherwise",
                    ]
                    .iter()
                    .any(|joint| joint.eq_ignore_ascii_case(word))
                }
                TokenKind::Number(_) | TokenKind::Mask | TokenKind::Mark(_) => false,
            };
            number = number.saturating_add(u16::from(starts));
            number
        })
        .collect()
}

#![allow(clippy::unwrap_used)]

use super::{Catalogue, CatalogueError, ENGLISH, t, t_args};

#[test]
fn the_english_catalogue_can_be_read() {
    let catalogue = Catalogue::parse(ENGLISH).unwrap();
    assert!(300 < catalogue.iter().count());
    assert_eq!(catalogue.get("app.name"), Some("Overread"));
}

#[test]
fn faults_of_a_catalogue_are_named_by_line() {
    for (source, expected) in [
        (
            "a = b\nnonsense",
            CatalogueError::NotAPair { line_number: 2 },
        ),
        ("# c\n\n= b", CatalogueError::NotAPair { line_number: 3 }),
        ("a =", CatalogueError::NotAPair { line_number: 1 }),
        ("a = b\n\na = c", CatalogueError::Twice { line_number: 3 }),
    ] {
        assert_eq!(Catalogue::parse(source).unwrap_err(), expected, "{source}");
    }
}

#[test]
fn an_equals_sign_may_stand_in_a_value() {
    let catalogue = Catalogue::parse("a = b = c").unwrap();
    assert_eq!(catalogue.get("a"), Some("b = c"));
}

#[test]
fn a_key_without_a_text_shows_as_itself() {
    assert_eq!(t("no.such.key"), "no.such.key");
}

#[test]
fn arguments_are_put_in_once_and_by_name() {
    for (args, expected) in [
        (vec![("n", "3"), ("total", "5")], "3 of 5"),
        (vec![("total", "{n}"), ("n", "{total}")], "{total} of {n}"),
        (vec![("n", "3")], "3 of {total}"),
    ] {
        assert_eq!(t_args("note.of", &args), expected);
    }
}

#[test]
fn words_keep_the_house_rules() {
    let forbidden = [
        "!", "error:", "failed", "invalid", "please", "  ", "color", "center", "gray", "unseal",
        "unblind ",
    ];
    for (key, text) in Catalogue::english().iter() {
        // A placeholder name is not a word that a person sees.
        let seen: String = text
            .split('{')
            .enumerate()
            .map(|(part_idx, part)| match (part_idx, part.split_once('}')) {
                (0, _) | (_, None) => part.to_owned(),
                (_, Some((_, after))) => format!("1{after}"),
            })
            .collect();
        let lower = seen.to_lowercase();
        for word in forbidden {
            assert!(!lower.contains(word), "{key}: `{text}` contains `{word}`");
        }
        assert_eq!(
            text.matches('{').count(),
            text.matches('}').count(),
            "{key}"
        );
    }
}

#[test]
fn every_key_is_lower_case_with_dots_but_verdict_letters() {
    for (key, _) in Catalogue::english().iter() {
        let is_letter_key = key
            .strip_prefix("verdict.")
            .is_some_and(|rest| rest.len() == 1);
        let is_plain = key
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.' || c == '_');
        assert!(is_plain || is_letter_key, "{key}");
    }
}

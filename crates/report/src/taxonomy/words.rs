//! One spelling for each word, so that plural, British and American forms meet.

/// Writes the common form of a word: lower case, American spelling, singular.
///
/// The result need not be a word of English; it only has to be the same for all forms of one word.
pub(crate) fn normalise_word(word: &str, out: &mut String) {
    out.clear();
    out.extend(
        word.chars()
            .filter(|c| *c != '’')
            .flat_map(char::to_lowercase),
    );
    if let Some(stem) = out.strip_suffix("'s") {
        let n = stem.len();
        out.truncate(n);
    }
    if !out.is_ascii() || out.len() < 4 {
        return;
    }
    if let Some(singular) = irregular(out) {
        out.clear();
        out.push_str(singular);
        return;
    }
    american(out);
    singular(out);
}

fn irregular(word: &str) -> Option<&'static str> {
    Some(match word {
        "vertebrae" => "vertebra",
        "metastases" => "metastasis",
        "prostheses" => "prosthesis",
        "stenoses" => "stenosis",
        "calculi" => "calculus",
        "emboli" => "embolus",
        "thrombi" => "thrombus",
        "foci" => "focus",
        "apices" => "apex",
        "hila" => "hilum",
        "bronchi" => "bronchus",
        "diverticula" => "diverticulum",
        "bullae" => "bulla",
        "foramina" => "foramen",
        "granulomata" => "granuloma",
        "disk" | "disks" => "disc",
        "sulci" => "sulcus",
        "thoraces" => "thorax",
        "abscesses" => "abscess",
        // "Rules out" and "excludes" say that something is not there; "rule out" and "exclude" ask whether it is. "No
        // priors" speaks of examinations.
        "rules" => "rules",
        "excludes" => "excludes",
        "priors" => "priors",
        _ => return None,
    })
}

fn american(word: &mut String) {
    for (british, american) in [
        ("oedema", "edema"),
        ("oesoph", "esoph"),
        ("haem", "hem"),
        ("aemia", "emia"),
        ("tumour", "tumor"),
        ("colour", "color"),
        ("calibre", "caliber"),
        ("centre", "center"),
        ("fibre", "fiber"),
        ("grey", "gray"),
        ("paed", "ped"),
        ("foet", "fet"),
        ("rrhoea", "rrhea"),
        ("caecum", "cecum"),
        ("orrhoea", "orrhea"),
        ("isation", "ization"),
        ("visualis", "visualiz"),
        ("favour", "favor"),
        ("leucoaraiosis", "leukoaraiosis"),
        ("goitre", "goiter"),
        ("litre", "liter"),
        ("metre", "meter"),
        ("ischaem", "ischem"),
        ("anaesth", "anesth"),
        ("gynaec", "gynec"),
        ("coeliac", "celiac"),
        ("diaphragmatic", "diaphragmatic"),
    ] {
        if let Some(at) = word.find(british) {
            word.replace_range(at..at + british.len(), american);
        }
    }
}

fn singular(word: &mut String) {
    let n = word.len();
    if word.ends_with("ies") && n > 4 {
        word.truncate(n - 3);
        word.push('y');
    } else if ["sses", "ches", "shes", "xes"]
        .iter()
        .any(|end| word.ends_with(end))
    {
        word.truncate(n - 2);
    } else if word.ends_with('s') && !["ss", "us", "is"].iter().any(|end| word.ends_with(end)) {
        word.truncate(n - 1);
    }
}

#[cfg(test)]
mod tests {
    use super::normalise_word;

    #[test]
    fn forms_of_one_word_meet() {
        for (one, other) in [
            ("Opacities", "opacity"),
            ("masses", "mass"),
            ("oedema", "edema"),
            ("haemorrhages", "hemorrhage"),
            ("TUMOURS", "tumor"),
            ("vertebrae", "vertebra"),
            ("Schmorl's", "schmorl"),
            ("apices", "apex"),
            ("disks", "disc"),
        ] {
            let (mut a, mut b) = (String::new(), String::new());
            normalise_word(one, &mut a);
            normalise_word(other, &mut b);
            assert_eq!(a, b, "{one}");
        }
    }
}

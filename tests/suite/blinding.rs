//! While a case is blinded no word of its first report leaves the program, by whatever way.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use acceptance::{
    Desk, Reader, ReportForm, Sample, base64_cores, decide_all, enter_findings, files_below, finds,
    pdf_text, sample, utf16_be, utf16_le, words_of,
};
use serde_json::Value;
use session::{CaseId, Command, PicturesBy, Session, SessionOptions, system_clock};

const QUESTION: &str = "Nodule?";
const IMPRESSION: &str = "My own words about the images.";

/// Everything that came out of the program while a case was blinded, by where it came out.
type Outputs = BTreeMap<String, Vec<u8>>;

/// Everything that a blinded reader, and others at the same machine, can get the program to say about a case.
fn outputs_of(desk: &Desk, sample: &Sample, report: &Report) -> Outputs {
    let me = desk.reader("Ada Second");
    let id = report.create(&me, sample);
    let mut outputs = Outputs::new();
    collect(desk, &me, &id, sample, "ready", &mut outputs);
    enter_findings(&me, &id, &sample.truth);
    assert_eq!(me.impression(&id, IMPRESSION).code, Some(0));
    collect(desk, &me, &id, sample, "reading", &mut outputs);
    let sealed = me.run(&["case", "seal", &id]);
    outputs.insert("seal".into(), format!("{sealed:?}").into_bytes());
    collect(desk, &me, &id, sample, "sealed", &mut outputs);
    outputs
}

fn collect(desk: &Desk, me: &Reader, id: &str, sample: &Sample, when: &str, outputs: &mut Outputs) {
    let out = desk.path(&format!("out-{when}"));
    let (out_name, current) = (out.to_str().unwrap(), sample.current());
    let current = current.to_str().unwrap();
    let commands: [&[&str]; 11] = [
        &["case", "list"],
        &["case", "show", id],
        &["case", "discrepancy", id, "list"],
        &[
            "case",
            "export",
            id,
            "--format",
            "pdf,json,narrative,package",
            "--out",
            out_name,
        ],
        &[
            "case",
            "export",
            id,
            "--format",
            "pdf,json,narrative",
            "--out",
            out_name,
            "--deidentify",
        ],
        &["case", "sign", id],
        &["verify", id],
        &["store", "check"],
        &["doctor"],
        &["scan", current],
        &["case", "reveal", "no-such-case"],
    ];
    for who in [me.clone(), desk.reader("Ben Other")] {
        for args in commands {
            for answer in [who.run(args), who.run_for_people(args)] {
                let name = format!(
                    "{when}: {} by {}",
                    args[..args.len().min(2)].join(" "),
                    who.actor
                );
                outputs
                    .entry(name)
                    .or_default()
                    .extend(format!("{answer:?}\n").into_bytes());
            }
        }
    }
    for (path, bytes) in files_below(&out) {
        let name = format!("{when}: {}", path.extension().unwrap().display());
        // A PDF keeps its words compressed; a package keeps its parts as they are.
        if let Some(start) = bytes.windows(5).position(|w| w == b"%PDF-") {
            let pdf = desk.path("inside.pdf");
            std::fs::write(&pdf, &bytes[start..]).unwrap();
            if start == 0 {
                outputs.insert(format!("{name}, its text"), pdf_text(&pdf).into_bytes());
            }
        }
        outputs.insert(name, bytes);
    }
    outputs.insert(format!("{when}: window"), on_screen(desk, id).into_bytes());
    for folder in ["store", "home", "tmp"] {
        for (path, bytes) in files_below(&desk.path(folder)) {
            outputs.insert(format!("{when}: {}", path.display()), bytes);
        }
    }
}

/// What the screens are drawn from, as text.
fn on_screen(desk: &Desk, id: &str) -> String {
    let options = SessionOptions {
        store_dir: desk.store(),
        actor: session::Actor::new("Ada Second"),
        clock: system_clock(),
        trace: None,
        pictures: PicturesBy::Session,
    };
    let mut session = Session::open(options).unwrap();
    session
        .dispatch(Command::OpenCase(CaseId::new(id)))
        .unwrap();
    session.run_until_idle(Duration::from_secs(60)).unwrap();
    let snapshot = session.snapshot();
    let mut text = format!(
        "{:?} {:?} {:?}",
        snapshot.case, snapshot.worklist, snapshot.preview
    );
    text += &format!(
        "{:?} {:?} {:?}",
        snapshot.tabs, snapshot.study, snapshot.notices
    );
    text += &format!("{:?} {:?}", snapshot.import, snapshot.rail);
    text + &session.narrative().unwrap()
}

/// A first report as it is given to the program.
enum Report<'a> {
    Sample(ReportForm),
    File(&'a Path),
}

impl Report<'_> {
    fn create(&self, by: &Reader, sample: &Sample) -> String {
        match self {
            Self::Sample(form) => sample.create(by, *form, QUESTION),
            Self::File(path) => {
                by.create(&[&sample.current(), &sample.prior()], Some(path), QUESTION)
            }
        }
    }
}

fn texts(outputs: &Outputs) -> BTreeSet<String> {
    outputs
        .values()
        .flat_map(|bytes| words_of(&String::from_utf8_lossy(bytes)))
        .collect()
}

/// Places where a word or sentence of the report is found although the program would not have said it by itself.
fn leaks(report_text: &str, outputs: &Outputs, said_anyway: &BTreeSet<String>) -> Vec<String> {
    let secret: Vec<String> = words_of(report_text)
        .difference(said_anyway)
        .cloned()
        .collect();
    assert!(20 <= secret.len(), "too few words to look for: {secret:?}");
    let sentences: Vec<&str> = report_text
        .lines()
        .flat_map(|l| l.split(". "))
        .filter(|s| 20 < s.len())
        .collect();
    let mut found = Vec::new();
    for (name, bytes) in outputs {
        let said = words_of(&String::from_utf8_lossy(bytes));
        found.extend(
            secret
                .iter()
                .filter(|w| said.contains(*w))
                .map(|w| format!("'{w}' in {name}")),
        );
        for word in &secret {
            let as_written = [word.clone(), word.to_uppercase(), capitalised(word)];
            let wide = as_written.iter().flat_map(|w| [utf16_le(w), utf16_be(w)]);
            found.extend(
                wide.filter(|w| finds(bytes, w))
                    .map(|_| format!("'{word}' as UTF-16 in {name}")),
            );
        }
        for sentence in &sentences {
            let hidden = base64_cores(sentence).iter().any(|core| finds(bytes, core));
            found.extend(hidden.then(|| format!("'{sentence}' as Base64 in {name}")));
        }
    }
    found
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

#[test]
fn no_word_of_a_sealed_report_leaves_the_program() {
    let sample = sample(1);
    // What the program says about the same study and the same read with an empty report comes not from the report.
    let control_desk = Desk::new();
    let empty = control_desk.path("empty-report.txt");
    std::fs::write(&empty, "Qq zz.\n").unwrap();
    let said_anyway = texts(&outputs_of(&control_desk, &sample, &Report::File(&empty)));
    for form in ReportForm::ALL {
        let desk = Desk::new();
        let outputs = outputs_of(&desk, &sample, &Report::Sample(form));
        assert!(30 < outputs.len());
        let found = leaks(&sample.report_text(), &outputs, &said_anyway);
        assert!(found.is_empty(), "{form:?}: {found:#?}");
    }
}

/// The search above must be able to find something.
#[test]
fn the_search_finds_a_word_in_every_disguise() {
    let text = sample(1).report_text();
    let sentence = text.lines().find(|l| 30 < l.len()).unwrap();
    let word = words_of(&text).into_iter().next_back().unwrap();
    let disguises = [
        word.clone().into_bytes(),
        word.to_uppercase().into_bytes(),
        utf16_le(&word),
        utf16_be(&word),
        base64_cores(sentence)[1].clone(),
    ];
    for (k, disguise) in disguises.into_iter().enumerate() {
        let bytes = [b"\0\xff, ".as_slice(), &disguise, b"\0\x01"].concat();
        let outputs = Outputs::from([("somewhere".to_owned(), bytes)]);
        assert!(
            !leaks(&text, &outputs, &BTreeSet::new()).is_empty(),
            "disguise {k}"
        );
    }
}

#[test]
fn side_doors_to_a_sealed_report_are_refused() {
    for form in ReportForm::ALL {
        let (desk, sample) = (Desk::new(), sample(2));
        let me = desk.reader("Ada Second");
        let id = sample.create(&me, form, QUESTION);
        let copy = desk.path("copy-of-report");
        std::fs::copy(sample.report(form), &copy).unwrap();
        let [report, copy] = [sample.report(form), copy].map(|p| p.to_str().unwrap().to_owned());
        for state in ["ready", "reading", "sealed"] {
            assert_eq!(me.show(&id)["state"], state);
            me.refused(&["report", "read", &report], 4);
            me.refused(&["report", "read", &copy], 4);
            me.refused(&["report", "read", &report, "--phrase", "nodule"], 4);
            me.refused(&["compare", &report, &copy], 4);
            match state {
                "ready" => {
                    me.refused(&["case", "reveal", &id], 4);
                    me.json(&["case", "read", &id, "finding", "add", "--concept", "scar"]);
                }
                "reading" => {
                    me.refused(&["case", "reveal", &id], 4);
                    me.refused(&["case", "reveal", &id, "--urgent", "  "], 4);
                    me.json(&["case", "seal", &id, "--accept"]);
                }
                _ => drop(me.json(&["case", "reveal", &id])),
            }
        }
        // Afterwards the same reader may open it.
        assert_eq!(
            me.json(&["report", "read", &report])["schema"],
            "overread.report/1"
        );
    }
}

#[test]
fn a_sealed_document_is_not_scanned_by_itself() {
    let (desk, sample) = (Desk::new(), sample(2));
    let me = desk.reader("Ada Second");
    sample.create(&me, ReportForm::InStudy, QUESTION);
    let report = sample.report(ReportForm::Sr);
    me.refused(&["scan", report.to_str().unwrap()], 4);
    let whole = me.json(&["scan", sample.dir.to_str().unwrap()]);
    let studies = whole["studies"].as_array().unwrap();
    let titles: Vec<&Value> = studies
        .iter()
        .flat_map(|s| s["documents"].as_array().unwrap())
        .map(|d| &d["title"])
        .collect();
    assert_eq!(titles, ["sealed"]);
}

#[test]
fn an_urgent_reveal_marks_every_output_for_ever() {
    let (desk, sample) = (Desk::new(), sample(3));
    let me = desk.reader("Ada Second");
    let id = sample.create(&me, ReportForm::Text, QUESTION);
    enter_findings(&me, &id, &sample.truth);
    let reason = "The ward called about the drain.";
    let revealed = me.json(&["case", "reveal", &id, "--urgent", reason]);
    assert_eq!(revealed["state"], "unblinded_early");
    assert_marked(&desk, &me, &id, "open", reason);
    me.json(&["case", "seal", &id, "--accept"]);
    assert_marked(&desk, &me, &id, "sealed", reason);
    decide_all(&me, &id);
    me.json(&["case", "sign", &id]);
    me.json(&["case", "close", &id]);
    assert_marked(&desk, &me, &id, "closed", reason);
    me.refused(&["case", "undo", &id], 4);
}

fn assert_marked(desk: &Desk, me: &Reader, id: &str, when: &str, reason: &str) {
    let shown = me.show(id);
    assert_eq!(shown["was_blinded_until_sealed"], false, "{when}");
    let listed = me.json(&["case", "list"]);
    assert_eq!(listed["cases"][0]["unblinded_early"], true, "{when}");
    let out = desk.path(when);
    me.json(&[
        "case",
        "export",
        id,
        "--format",
        "pdf,json,narrative,package",
        "--out",
        out.to_str().unwrap(),
    ]);
    let file = |end: &str| out.join(format!("{id}{end}"));
    let json: Value = serde_json::from_slice(&std::fs::read(file("-json.json")).unwrap()).unwrap();
    assert_eq!(
        json["case"]["blinding"]["state"], "revealed_early",
        "{when}"
    );
    assert_eq!(json["case"]["blinding"]["reason"], reason, "{when}");
    let narrative = std::fs::read_to_string(file("-narrative.txt")).unwrap();
    for text in [narrative, pdf_text(&file("-pdf.pdf"))] {
        let text = text
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .to_lowercase();
        assert!(text.contains("not blinded"), "{when}: {text}");
    }
    let verified = me
        .run(&["verify".as_ref(), file(".overread").as_os_str()])
        .json();
    assert_eq!(verified["blinded"], false, "{when}: {verified}");
}

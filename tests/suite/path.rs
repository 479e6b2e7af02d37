//! The whole second read, from files on the disk to a signed comparison that anybody can verify.

use std::collections::BTreeSet;
use std::path::Path;

use acceptance::{
    Desk, Reader, ReportForm, Sample, decide_all, enter_findings, pdf_text, sample, sha256_hex,
};
use phantom::TrueFinding;
use serde_json::Value;

const QUESTION: &str = "Second opinion before the tumour board.";
const NOTE: &str = "Looked at twice.";

/// Seeds and the form of their first report: nothing is fitted to one of either.
const ROWS: [(u64, ReportForm); 5] = [
    (1, ReportForm::Text),
    (2, ReportForm::Sr),
    (3, ReportForm::Pdf),
    (4, ReportForm::InStudy),
    (17, ReportForm::Text),
];

#[test]
fn a_second_read_goes_from_files_to_a_signed_package() {
    for (seed, form) in ROWS {
        println!("seed {seed}, report as {form:?}");
        let (desk, sample) = (Desk::new(), sample(seed));
        let me = desk.reader("Ada Second");
        let id = read_and_seal(&me, &sample, form);
        let revealed = me.json(&["case", "reveal", &id]);
        assert_eq!(revealed["state"], "comparing");
        let rows = me.json(&["case", "discrepancy", &id, "list"]);
        assert_expected_classes(&sample.truth.findings, &rows);
        let early = me.refused(&["case", "sign", &id], 4);
        assert!(early.len() < 400, "{early}");
        compare(&me, &id, &sample.truth.findings);
        me.json(&["case", "sign", &id]);
        hand_over(&desk, &me, &id, &sample);
        let closed = me.json(&["case", "close", &id]);
        assert_eq!(closed["state"], "closed");
        assert_eq!(me.json(&["verify", &id])["ok"], true);
    }
}

fn read_and_seal(me: &Reader, sample: &Sample, form: ReportForm) -> String {
    let id = sample.create(me, form, QUESTION);
    enter_findings(me, &id, &sample.truth);
    let sentences: Vec<&str> = sample
        .truth
        .second_read
        .iter()
        .map(|r| r.sentence.as_str())
        .collect();
    assert_eq!(me.impression(&id, &sentences.join("\n")).code, Some(0));
    let shown = me.show(&id);
    assert_eq!(shown["question"], QUESTION);
    assert_measured(sample, &shown);
    let sealed = me.json(&["case", "seal", &id, "--accept"]);
    assert_eq!(sealed["state"], "sealed");
    for field in ["digest", "signature", "public_key"] {
        assert!(
            sealed["seal"]["seal"][field].is_string(),
            "the seal has no {field}"
        );
    }
    id
}

/// Every length on record is that of the truth.
fn assert_measured(sample: &Sample, shown: &Value) {
    let marks = shown["read"]["annotations"].as_array().unwrap();
    let mut n_measured = 0;
    for (planted, number) in sample.truth.findings.iter().zip(1..) {
        let Some(true_mm) = planted.diameter_mm else {
            continue;
        };
        let mark = marks.iter().find(|m| m["finding"] == number);
        let Some(mark) = mark else { continue };
        let values = mark["values"].as_array().unwrap();
        let length = values.iter().find(|v| v["name"] == "length").unwrap();
        assert_eq!(length["unit"], "mm");
        assert!(
            length["source"].as_str().unwrap().contains("(0028,0030)"),
            "{length}"
        );
        let mm = length["value"].as_f64().unwrap();
        assert!(
            (mm - true_mm).abs() < 0.1,
            "F{number} measures {mm} mm and is {true_mm} mm"
        );
        n_measured += 1;
    }
    assert!(2 <= n_measured, "only {n_measured} lengths were measured");
}

/// What the comparison proposes for a finding is what was planted, in every row that the finding stands in.
fn assert_expected_classes(findings: &[TrueFinding], rows: &Value) {
    for (planted, number) in findings.iter().zip(1..) {
        let name = format!("F{number}");
        let rows = rows["rows"].as_array().unwrap().iter();
        let own: Vec<&Value> = rows.filter(|row| row["finding"] == *name).collect();
        let proposed: BTreeSet<&str> = own
            .iter()
            .flat_map(|row| row["proposed"].as_array().unwrap())
            .filter_map(Value::as_str)
            .collect();
        let expected = BTreeSet::from([planted.expected_class.as_str()]);
        assert_eq!(proposed, expected, "{name}, {}: {own:#?}", planted.concept);
        let is_missed = planted.expected_class == "D1";
        assert_eq!(
            own.iter().all(|row| row["first"].is_null()),
            is_missed,
            "{name}"
        );
    }
}

fn compare(me: &Reader, id: &str, findings: &[TrueFinding]) {
    for (planted, number) in findings.iter().zip(1..) {
        if planted.expected_class != "agree" {
            let row = format!("F{number}");
            let class = planted.expected_class.as_str();
            let how = [
                "--error-type",
                "perception",
                "--detectability",
                "usually_seen",
            ];
            let weight = ["--significance", "moderate", "--note", NOTE];
            let set = ["case", "discrepancy", id, "set", &row, "--class", class];
            me.json(&[&set[..], &how, &weight].concat());
        }
    }
    me.json(&["case", "discrepancy", id, "agree-remaining"]);
    let rows = decide_all(me, id);
    assert_eq!(rows["n_asked"], rows["n_decided"]);
    let scored = rows["rows"].as_array().unwrap().iter();
    let moderate = scored.filter(|r| r["score"] == "3b").count();
    assert!(
        4 <= moderate,
        "a moderate discrepancy that is usually seen is scored 3b: {rows}"
    );
}

fn hand_over(desk: &Desk, me: &Reader, id: &str, sample: &Sample) {
    let out = desk.path("out");
    let out_name = out.to_str().unwrap();
    let written = me.json(&[
        "case",
        "export",
        id,
        "--format",
        "pdf,json,narrative,package",
        "--out",
        out_name,
    ]);
    let files = written["files"].as_array().unwrap();
    let mut names: Vec<String> = Vec::new();
    for file in files {
        let path = Path::new(file["path"].as_str().unwrap());
        let bytes = std::fs::read(path).unwrap();
        assert_eq!(file["sha256"], sha256_hex(&bytes), "{}", path.display());
        names.push(path.file_name().unwrap().to_str().unwrap().to_owned());
    }
    let expected = [
        format!("{id}-pdf.pdf"),
        format!("{id}-json.json"),
        format!("{id}-narrative.txt"),
        format!("{id}.overread"),
    ];
    assert_eq!(names, expected);
    let read = |name: &str| std::fs::read_to_string(out.join(name)).unwrap();
    let json: Value = serde_json::from_str(&read(&expected[1])).unwrap();
    assert_eq!(json["schema"], "overread.case-export/1");
    assert_eq!(json["case"]["was_blinded_until_sealed"], true);
    for text in [
        pdf_text(&out.join(&expected[0])),
        read(&expected[2]),
        json.to_string(),
    ] {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            text.to_lowercase().contains("not for primary diagnosis"),
            "{text}"
        );
        assert!(
            text.contains(env!("CARGO_PKG_VERSION")),
            "no version: {text}"
        );
        for read in &sample.truth.second_read {
            assert!(
                text.contains(&read.concept) || text.to_lowercase().contains(&read.concept),
                "no {}: {text}",
                read.concept
            );
        }
    }
    let package = out.join(&expected[3]);
    let elsewhere = Desk::new().reader("anybody");
    let verified = elsewhere.json(&["verify".as_ref(), package.as_os_str()]);
    assert_eq!(verified["ok"], true, "{verified:#}");
    assert_eq!(verified["case_id"], id);
    assert_eq!(verified["reader"], me.actor);
    assert_eq!(verified["blinded"], true);
}

#[test]
fn proposals_are_those_planted_whatever_the_seed() {
    for seed in 5..=12 {
        let (desk, sample) = (Desk::new(), sample(seed));
        let me = desk.reader("Ada Second");
        let id = read_and_seal(&me, &sample, ReportForm::Text);
        me.json(&["case", "reveal", &id]);
        let rows = me.json(&["case", "discrepancy", &id, "list"]);
        println!("seed {seed}");
        assert_expected_classes(&sample.truth.findings, &rows);
    }
}

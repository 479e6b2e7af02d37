//! A programme of 200 cases from a table to the close, through the command line alone: what is drawn, read, compared,
//! decided by a third reader and fed back, and what always holds meanwhile.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use acceptance::{Desk, Reader};
use phantom::raw::SeriesSpec;
use serde_json::{Value, json};

const N_CASES: usize = 200;
/// The first 140 are CT, the others MR, which are fewer and more often discrepant.
const N_CT: usize = 140;
/// Cases of each modality that are drawn.
const QUOTA: usize = 60;
const SEED: &str = "20";
/// Share of agreeing cases that the protocol sends to a third reader, %.
const AUDIT_PERCENT: usize = 20;
const OFFICE: &str = "Office";
const READERS: [&str; 4] = ["Ada Second", "Ben Second", "Cyd Second", "Dan Second"];
const THIRDS: [&str; 2] = ["Eve Third", "Fay Third"];

/// Case `k` of the table.
#[derive(Clone, Copy)]
struct Planned(usize);

impl Planned {
    fn is_ct(self) -> bool {
        self.0 < N_CT
    }

    /// Did the first reader miss the finding? One CT of ten, and four MR of ten.
    fn differs(self) -> bool {
        match self.is_ct() {
            true => self.0 % 10 == 3,
            false => self.0 % 10 < 4,
        }
    }

    /// A word that only the first report of this case holds.
    fn canary(self) -> String {
        format!("Zwergdommel{:03}x", self.0)
    }

    /// Each second reader made some of the first reads.
    fn first_reader(self) -> &'static str {
        READERS.get(self.0 % 10).copied().unwrap_or("Nils First")
    }

    fn report(self) -> String {
        let lungs = match self.differs() {
            true => "The lungs are clear. No pulmonary nodule.",
            false => "There is a nodule in the right upper lobe.",
        };
        format!(
            "FINDINGS:\n{lungs}\n\nCOMMUNICATION:\nDictated at {}.\n",
            self.canary()
        )
    }
}

/// The studies, the reports and the table on the disk.
fn write_programme(desk: &Desk) -> PathBuf {
    let mut table = String::from("paths,report,question,protocol,first_reader\n");
    for planned in (0..N_CASES).map(Planned) {
        let k = planned.0;
        let folder = desk.path(&format!("studies/{k:03}"));
        std::fs::create_dir_all(&folder).unwrap();
        let mut spec = SeriesSpec::ct(&format!("programme-{k}"), 8, 8, 2);
        if !planned.is_ct() {
            spec.modality = "MR".into();
            spec.sop_class_uid = "1.2.840.10008.5.1.4.1.1.4".into();
        }
        spec.write(&folder, |_| 0).unwrap();
        let report = desk.path(&format!("studies/{k:03}.txt"));
        std::fs::write(&report, planned.report()).unwrap();
        let first = planned.first_reader();
        table += &format!("{k:03},{k:03}.txt,Nodule?,programme,{first}\n");
    }
    let file = desk.path("studies/cases.csv");
    std::fs::write(&file, table).unwrap();
    file
}

/// Images first, then the question; a third read of what is at least moderate, and of one agreeing case in five.
fn write_protocol(desk: &Desk) {
    let asset = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../assets/protocols/screening.toml"
    );
    let shipped = std::fs::read_to_string(asset).unwrap();
    let own = shipped
        .replace("id = \"screening-arbitration\"", "id = \"programme\"")
        .replace("mode = \"pseudo_arbitration\"", "mode = \"arbitration\"")
        .replace("required_from = \"minor\"", "required_from = \"moderate\"")
        .replace(
            "concordant_percent = 5",
            &format!("concordant_percent = {AUDIT_PERCENT}"),
        );
    let folder = desk.store().join("protocols");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("programme.toml"), own).unwrap();
}

fn write_roster(desk: &Desk, office: &Reader) {
    let member = |name: &str, role: &str| json!({ "actor": name, "roles": [role] });
    let mut members = vec![
        member(OFFICE, "coordinator"),
        member("Nils First", "first_reader"),
    ];
    members.extend(READERS.map(|name| member(name, "second_reader")));
    members.extend(THIRDS.map(|name| member(name, "adjudicator")));
    let file = desk.path("roster.json");
    std::fs::write(&file, json!({ "members": members }).to_string()).unwrap();
    office.json(&["roster", "set", file.to_str().unwrap()]);
}

/// Calls the program for a blinded case: nothing that it prints holds a word of any first report.
fn blinded(by: &Reader, args: &[&str]) -> Value {
    let answer = by.run(args);
    assert_eq!(answer.code, Some(0), "{args:?}: {}", answer.stderr);
    no_word_of_a_report(args, &format!("{}{}", answer.stdout, answer.stderr));
    answer.json()
}

fn no_word_of_a_report(what: &[&str], text: &str) {
    for word in ["Zwergdommel", "lungs are clear", "Dictated"] {
        assert!(!text.contains(word), "{what:?} holds '{word}': {text}");
    }
}

/// A drawn case, from the table to the reveal; answers whether it agreed.
fn read_and_compare(desk: &Desk, id: &str, reader: &str, planned: Planned) {
    let me = desk.reader(reader);
    let other = desk.reader(READERS.iter().find(|name| **name != reader).unwrap());
    let add = [
        "case",
        "read",
        id,
        "finding",
        "add",
        "--concept",
        "nodule",
        "--side",
        "right",
        "--level",
        "upper lobe",
        "--site",
        "lung",
        "--rating",
        "4",
    ];
    other.refused(&add, 4);
    me.refused(&add, 4);
    blinded(&me, &["case", "conflict", id]);
    blinded(&me, &add);
    blinded(&me, &["case", "show", id]);
    me.refused(&["case", "reveal", id], 4);
    blinded(&me, &["case", "disclose", id]);
    blinded(&me, &["case", "seal", id, "--accept"]);
    me.refused(&["case", "discrepancy", id, "list"], 4);
    blinded(&me, &["case", "show", id]);
    me.json(&["case", "reveal", id]);
    let shown = me.json(&["case", "discrepancy", id, "list"]);
    assert!(shown.to_string().contains(&planned.canary()) || shown["rows"].is_array());
    me.refused(&["case", "close", id], 4);
    if !planned.differs() {
        me.json(&["case", "agree", id]);
        return;
    }
    let reason = me.refused(&["case", "agree", id], 4);
    assert!(reason.contains("differ"), "{reason}");
    for row in shown["rows"].as_array().unwrap() {
        if row["asks"] != true {
            continue;
        }
        let name = row["row"].as_str().unwrap();
        let classes: Vec<&str> = row["proposed"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let classes = classes.join(",");
        let mut set = vec!["case", "discrepancy", id, "set", name, "--class", &classes];
        if classes != "agree" {
            set.extend([
                "--cause",
                "satisfaction_of_search",
                "--bias",
                "hindsight",
                "--impact",
                "2",
            ]);
            set.extend([
                "--significance",
                "moderate",
                "--detectability",
                "usually_seen",
            ]);
        }
        me.json(&set);
    }
    me.json(&["case", "sign", id]);
    me.json(&["case", "adjudicate", id, "ask"]);
}

/// What follows the comparison of a case: a third read where there must be one, feedback, the close.
fn finish(desk: &Desk, office: &Reader, id: &str, reader: &str, planned: Planned) -> Value {
    let state = office.show(id);
    let audit = &state["audit"];
    if planned.differs() {
        assert_eq!(
            audit,
            &Value::Null,
            "nothing is drawn where the reads differ"
        );
    } else {
        assert_eq!(audit["percent"], json!(AUDIT_PERCENT));
    }
    let is_open = planned.differs() || audit["drawn"] == true;
    assert_eq!(state["state"] == "adjudicating", is_open, "{state}");
    if is_open {
        office.refused(&["case", "close", id], 4);
        third_read(desk, id, reader, planned);
    }
    if planned.differs() {
        let give = [
            "case",
            "feedback",
            id,
            "give",
            "--kind",
            "learning_point",
            "--text",
            "Look at the apex",
        ];
        office.json(&give);
    }
    office.json(&["case", "close", id]);
    office.show(id)
}

fn third_read(desk: &Desk, id: &str, reader: &str, planned: Planned) {
    let third = desk.reader(THIRDS[planned.0 % THIRDS.len()]);
    desk.reader(reader)
        .refused(&["case", "adjudicate", id, "take"], 4);
    third.json(&["case", "conflict", id]);
    let shown = third.json(&["case", "adjudicate", id, "show"]);
    let text = shown.to_string();
    for name in [reader, planned.first_reader(), "concordance_audit"] {
        assert!(!text.contains(name), "{name}: {text}");
    }
    for row in shown["third_read"]["rows"].as_array().unwrap() {
        let name = format!("P{}", row["pair"]);
        third.json(&[
            "case",
            "adjudicate",
            id,
            "set",
            &name,
            "--uphold",
            "A",
            "--sure",
            "moderate",
            "--significance",
            "minor",
        ]);
    }
    third.json(&["case", "adjudicate", id, "sign"]);
}

/// Does something for each item, by as many at once as the machine has cores.
fn at_once<T: Sync>(items: &[T], work: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    let n_workers = std::thread::available_parallelism()
        .map_or(2, usize::from)
        .clamp(2, 8);
    std::thread::scope(|scope| {
        for _ in 0..n_workers {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    work(item);
                }
            });
        }
    });
}

/// The share of discrepant cases with its standard error, from cases with a modality, a probability and a truth.
fn weighted_rate(sample: &[(bool, f64, bool)]) -> (f64, f64) {
    let total: f64 = sample.iter().map(|(_, p, _)| 1.0 / p).sum();
    let hits: f64 = sample
        .iter()
        .filter(|case| case.2)
        .map(|(_, p, _)| 1.0 / p)
        .sum();
    let variance: f64 = [true, false]
        .into_iter()
        .map(|is_ct| {
            let stratum: Vec<_> = sample.iter().filter(|case| case.0 == is_ct).collect();
            let n = stratum.len() as f64;
            let rate = stratum.iter().filter(|case| case.2).count() as f64 / n;
            let (p, n_all) = (stratum[0].1, n / stratum[0].1);
            n_all.powi(2) * (1.0 - p) * rate * (1.0 - rate) / (n - 1.0)
        })
        .sum();
    (hits / total, variance.sqrt() / total)
}

/// The drawn cases: id, reader, probability, and which of the table.
type DrawnCase = (String, String, f64, Planned);

/// Draws twice for show and once for good, and checks what may be said of it.
fn draw(office: &Reader, ids: &[String]) -> Vec<DrawnCase> {
    let quota = QUOTA.to_string();
    let rule = [
        "case", "draw", "--rule", "quota", "--n", &quota, "--per", "modality", "--seed", SEED,
    ];
    let shown = blinded(office, &[&rule[..], &["--dry-run"]].concat());
    assert_eq!(shown["written"], false);
    let answer = blinded(office, &rule);
    assert_eq!(answer["drawn"], shown["drawn"], "a seed gives one draw");
    assert_eq!(
        (&answer["n_frame"], &answer["left_out"]),
        (&json!(N_CASES), &json!([]))
    );
    let given = answer["readers"].as_array().unwrap().iter();
    let given: Vec<u64> = given.map(|row| row["n_given"].as_u64().unwrap()).collect();
    assert_eq!(given, [30, 30, 30, 30], "the work is even");
    let again = blinded(office, &[&rule[..], &["--dry-run"]].concat());
    assert_eq!(
        again["n_frame"],
        json!(N_CASES - 2 * QUOTA),
        "what is given is not drawn again"
    );
    let drawn = answer["drawn"].as_array().unwrap().iter().map(|row| {
        let id = row["id"].as_str().unwrap().to_owned();
        let planned = Planned(ids.iter().position(|known| *known == id).unwrap());
        let probability = row["probability"].as_f64().unwrap();
        let expected = match planned.is_ct() {
            true => QUOTA as f64 / N_CT as f64,
            false => QUOTA as f64 / (N_CASES - N_CT) as f64,
        };
        assert!((probability - expected).abs() < 1e-12);
        let reader = row["reader"].as_str().unwrap().to_owned();
        assert_ne!(reader, planned.first_reader(), "nobody reads their own");
        (id, reader, probability, planned)
    });
    drawn.collect()
}

/// Cells of a table, the first line left out.
fn lines_of(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap();
    text.lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn a_programme_of_200_cases_goes_from_a_table_to_the_close() {
    let desk = Desk::new();
    let office = desk.reader(OFFICE);
    let table = write_programme(&desk);
    write_protocol(&desk);
    write_roster(&desk, &office);
    let made = blinded(
        &office,
        &["case", "create", "--from-csv", table.to_str().unwrap()],
    );
    assert_eq!(made["failed"], json!([]));
    let ids: Vec<String> = made["created"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), N_CASES);
    let drawn = draw(&office, &ids);
    assert_eq!(drawn.len(), 2 * QUOTA);
    // Nothing of a first report in any list while all are blinded.
    let (list, rows) = (desk.path("list.csv"), desk.path("rows.csv"));
    for (what, file) in [("list", &list), ("discrepancies", &rows)] {
        blinded(&office, &["case", what]);
        blinded(&office, &["case", what, "--csv", file.to_str().unwrap()]);
        no_word_of_a_report(&[what], &std::fs::read_to_string(file).unwrap());
    }
    assert_eq!((lines_of(&list).len(), lines_of(&rows).len()), (N_CASES, 0));

    at_once(&drawn, |(id, reader, _, planned)| {
        read_and_compare(&desk, id, reader, *planned)
    });
    let closed = Mutex::new(Vec::new());
    at_once(&drawn, |(id, reader, _, planned)| {
        let case = finish(&desk, &office, id, reader, *planned);
        closed.lock().unwrap().push((*planned, case));
    });
    let closed = closed.into_inner().unwrap();

    check_third_reads(&closed);
    check_rate(&drawn, &office, &rows);
    let listed = office.json(&["case", "list"]);
    let states = listed["cases"].as_array().unwrap().iter();
    let n_closed = states.filter(|row| row["state"] == "closed").count();
    assert_eq!(n_closed, 2 * QUOTA, "and the others still wait");
    at_once(&ids, |id| {
        let verified = office.json(&["verify", id]);
        assert_eq!(verified["ok"], true, "{verified}");
    });
    assert_eq!(
        office.json(&["store", "check"])["report"]["problems"],
        json!([])
    );
}

/// Every discrepant case was read a third time, and of the agreeing ones those that chance drew and no other.
fn check_third_reads(closed: &[(Planned, Value)]) {
    let mut n_agreeing = 0.0;
    let mut n_audited = 0.0;
    for (planned, case) in closed {
        assert_eq!(case["state"], "closed");
        let third = &case["third_read"];
        let drawn = case["audit"]["drawn"] == true;
        assert_eq!(third.is_object(), planned.differs() || drawn, "{case}");
        if third.is_object() {
            let reason = if planned.differs() {
                "discrepancy"
            } else {
                "concordance_audit"
            };
            assert_eq!(third["reason"], reason);
        }
        if !planned.differs() {
            n_agreeing += 1.0;
            n_audited += f64::from(u8::from(drawn));
        }
        assert_eq!(
            case["feedback"].as_array().unwrap().len(),
            usize::from(planned.differs())
        );
    }
    // Chance is real here: six standard deviations are missed once in 500 million runs.
    let p = AUDIT_PERCENT as f64 / 100.0;
    let sd = f64::sqrt(n_agreeing * p * (1.0 - p));
    let off = f64::abs(n_audited - n_agreeing * p);
    assert!(off <= 6.0 * sd, "{n_audited} of {n_agreeing} were drawn");
    println!("{n_audited} of {n_agreeing} agreeing cases went to a third reader");
}

/// The rate that is counted from the table of discrepancies and the stored probabilities is that of all 200 cases.
fn check_rate(drawn: &[DrawnCase], office: &Reader, rows: &Path) {
    office.json(&["case", "discrepancies", "--csv", rows.to_str().unwrap()]);
    let lines = lines_of(rows);
    let sample: Vec<(bool, f64, bool)> = drawn
        .iter()
        .map(|(id, _, p, planned)| {
            let of_case = lines
                .iter()
                .filter(|line| line.starts_with(&format!("{id},")));
            let n = of_case.count();
            assert_eq!(0 < n, planned.differs(), "{id}");
            let stored = office.show(id)["assignment"]["inclusion_probability"].as_f64();
            assert_eq!(stored.map(f64::to_bits), Some(p.to_bits()));
            (planned.is_ct(), *p, 0 < n)
        })
        .collect();
    for line in &lines {
        for word in [
            "quota",
            "satisfaction_of_search",
            "hindsight",
            "3b",
            "usually_seen",
        ] {
            assert!(line.contains(word), "{word}: {line}");
        }
    }
    let n_true = (0..N_CASES).filter(|k| Planned(*k).differs()).count();
    let truth = n_true as f64 / N_CASES as f64;
    let (rate, error) = weighted_rate(&sample);
    assert!(
        (rate - truth).abs() <= 1.96 * error,
        "{rate} ± {error}, truly {truth}"
    );
    let plain = sample.iter().filter(|case| case.2).count() as f64 / sample.len() as f64;
    assert!(
        (rate - truth).abs() < (plain - truth).abs(),
        "{rate}, unweighted {plain}"
    );
    println!("weighted rate {rate:.4} ± {error:.4}, truly {truth:.4}, unweighted {plain:.4}");
}

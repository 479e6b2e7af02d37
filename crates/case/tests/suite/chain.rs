use case::{Actor, Case, CaseId, Entry, Event, SealStage, Sha256, Timestamp};

use crate::sample::{self, Desk};

fn entry(seq: u64, event: Event, prev: Sha256) -> Entry {
    Entry {
        case: CaseId::new("OR-7F3A21C4"),
        seq,
        step: seq,
        undoes: None,
        at: Timestamp::new("2026-11-18T15:47:00+01:00"),
        actor: Actor::new("S. Iyer"),
        build: "0.1.0".into(),
        event,
        prev,
        hash: Sha256::zero(),
    }
}

/// The two hashes were computed by Python's `hashlib` over `json.dumps` with `separators=(",", ":")`, not escaped.
#[test]
fn two_entries_hash_as_computed_by_another_hand() {
    let mut first = entry(1, Event::ReadStarted {}, Sha256::zero());
    first.hash = first.compute_hash();
    assert_eq!(
        first.hash.as_str(),
        "ef1298809fa17671d065601dfb01b018634c32eaf89cd54f3a475e44bcd01500"
    );
    let written = Event::ImpressionWritten {
        before: String::new(),
        after: "Größe 8 mm, \"right\"\nnot left".into(),
    };
    let second = entry(2, written, first.hash);
    assert_eq!(
        String::from_utf8(second.canonical_bytes()).unwrap(),
        "{\"case\":\"OR-7F3A21C4\",\"seq\":2,\"step\":2,\"undoes\":null,\
         \"at\":\"2026-11-18T15:47:00+01:00\",\"actor\":\"S. Iyer\",\"build\":\"0.1.0\",\
         \"event\":{\"event\":\"impression_written\",\"before\":\"\",\
         \"after\":\"Größe 8 mm, \\\"right\\\"\\nnot left\"}}"
    );
    assert_eq!(
        second.compute_hash().as_str(),
        "1defc91642669d73e97f24ee7493810306ae6a869b7df3d9c799a00e4fb423fc"
    );
}

#[test]
fn every_entry_of_a_whole_case_reads_back_as_it_was() {
    let desk = Desk::signed();
    for entry in &desk.log {
        let (prev, hash) = (entry.prev.clone(), entry.hash.clone());
        let read = Entry::from_canonical(&entry.canonical_bytes(), prev, hash).unwrap();
        assert_eq!(&read, entry);
        assert_eq!(read.canonical_bytes(), entry.canonical_bytes());
        let json = serde_json::to_string(entry).unwrap();
        assert_eq!(serde_json::from_str::<Entry>(&json).unwrap(), *entry);
    }
}

#[test]
fn what_is_on_screen_is_a_replay_of_the_log() {
    let desk = Desk::signed();
    let replayed = Case::replay(desk.case.id().clone(), &desk.log).unwrap();
    assert_eq!(replayed, desk.case);
    let (verified, seals) = Case::replay_with_seals(desk.case.id().clone(), &desk.log).unwrap();
    assert_eq!(verified, desk.case);
    let stages: Vec<_> = seals.iter().map(|by| by.seal.stage).collect();
    assert_eq!(stages, [SealStage::SecondRead, SealStage::Comparison]);
}

#[test]
fn a_missing_doubled_moved_or_altered_entry_is_named() {
    let log = Desk::read().log;
    let n = log.len();
    let altered = |change: &dyn Fn(&mut Vec<Entry>)| {
        let mut log = log.clone();
        change(&mut log);
        Case::replay(CaseId::new("OR-7F3A21C4"), &log)
            .unwrap_err()
            .seq
    };
    for idx in 0..n {
        let seq = idx as u64 + 1;
        if idx + 1 < n {
            assert_eq!(altered(&|log| drop(log.remove(idx))), seq);
            assert_eq!(altered(&|log| log.swap(idx, idx + 1)), seq);
        }
        assert_eq!(altered(&|log| log.insert(idx, log[idx].clone())), seq + 1);
        assert_eq!(altered(&|log| log[idx].actor = sample::novak()), seq);
        assert_eq!(altered(&|log| log[idx].step += 1), seq);
        assert_eq!(altered(&|log| log[idx].undoes = Some(1)), seq);
        assert_eq!(altered(&|log| log[idx].hash = Sha256::zero()), seq);
        assert_eq!(altered(&|log| log[idx].case = CaseId::new("OR-2")), seq);
        // With a hash that fits it again, the next entry does not follow.
        if idx + 1 < n {
            let rehashed = altered(&|log| {
                log[idx].build = "other".into();
                log[idx].hash = log[idx].compute_hash();
            });
            assert_eq!(rehashed, seq + 1);
        }
    }
}

#[test]
fn a_seal_over_another_state_is_found_even_in_a_chain_that_fits() {
    let mut log = Desk::signed().log;
    let idx = log
        .iter()
        .position(|e| e.event.kind() == "read_sealed")
        .unwrap();
    if let Event::ReadSealed { seal, .. } = &mut log[idx].event {
        seal.digest = Sha256::of(b"another read");
    }
    for k in idx..log.len() {
        if 0 < k {
            log[k].prev = log[k - 1].hash.clone();
        }
        log[k].hash = log[k].compute_hash();
    }
    let id = CaseId::new("OR-7F3A21C4");
    assert!(Case::replay(id.clone(), &log).is_ok());
    let broken = Case::replay_with_seals(id, &log).unwrap_err();
    assert_eq!(broken.seq, idx as u64 + 1);
}

#[test]
fn a_number_that_the_log_cannot_keep_is_refused() {
    let desk = Desk::ready();
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let annotation = sample::length(1, 1, bad);
        assert_eq!(
            desk.refusal(case::Command::AddAnnotation { annotation }),
            "not_storable"
        );
    }
}

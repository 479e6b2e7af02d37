//! Who may open whose reading path in a third read.

use case::{PathKey, PathRead};

use super::*;

const SECOND: PathKey = PathKey {
    read: PathRead::Second,
    part: 0,
};
const THIRD: PathKey = PathKey {
    read: PathRead::Third,
    part: 0,
};

fn may(desk: &Desk, actor: &Actor) -> [bool; 2] {
    [SECOND, THIRD].map(|key| desk.case.path_permit(actor, key).is_ok())
}

#[test]
fn a_third_reader_sees_the_path_of_a_read_after_their_own_look_and_nobody_sees_theirs_before_the_seal()
 {
    let mut desk = Desk::signed();
    assert_eq!(
        may(&desk, &novak()),
        [true, false],
        "anybody, after the reveal"
    );
    desk.perform(ask(ReadA::Second));
    assert_eq!(
        may(&desk, &novak()),
        [false, false],
        "who may still make it"
    );
    desk.perform_as(&novak(), Command::ThirdRead(ThirdReadCommand::Take));
    assert_eq!(desk.case.path_being_made(&novak()), Some(THIRD));
    assert_eq!(may(&desk, &novak()), [false, true], "before the own look");
    assert_eq!(may(&desk, &iyer()), [true, false], "the second reader");
    assert_eq!(
        may(&desk, &okoye()),
        [false, false],
        "who might have made it"
    );
    let open = Command::ThirdRead(ThirdReadCommand::Open { viewed_percent: 80 });
    desk.perform_as(&novak(), open);
    assert_eq!(may(&desk, &novak()), [true, true], "after the own look");
    for pair in [1, 2] {
        desk.perform_as(&novak(), decide(pair, Upheld::A));
    }
    let sign = third_seal(&desk);
    desk.perform_as(&novak(), sign);
    assert_eq!(desk.case.path_being_made(&novak()), None);
    for actor in [iyer(), novak(), okoye()] {
        assert_eq!(
            may(&desk, &actor),
            [true, true],
            "{actor} after the signature"
        );
    }
}

#[test]
fn the_first_reader_sees_no_path() {
    let mut desk = Desk::ready();
    let first = Actor::new("weber");
    desk.perform_as(
        &okoye(),
        Command::NameFirstReader {
            reader: first.clone(),
        },
    );
    desk.perform(Command::WriteImpression {
        text: "Nothing.".into(),
    });
    desk.seal();
    desk.perform(Command::Reveal { urgent: None });
    assert_eq!(may(&desk, &first), [false, false]);
    assert_eq!(may(&desk, &okoye()), [true, false]);
}

#[test]
fn each_stage_of_a_read_closes_a_part_of_its_own() {
    let mut desk = begun(staged());
    let key = |part| PathKey {
        read: PathRead::Second,
        part,
    };
    desk.perform(Command::StartRead);
    assert_eq!(desk.case.path_being_made(&iyer()), Some(key(0)));
    seal_stage(&mut desk);
    assert_eq!(desk.case.path_being_made(&iyer()), Some(key(1)));
    let sealed: Vec<PathKey> = desk
        .case
        .sealed_paths()
        .iter()
        .map(|(key, _)| *key)
        .collect();
    assert_eq!(sealed, [key(0)]);
}

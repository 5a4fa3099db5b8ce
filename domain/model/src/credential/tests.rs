use super::*;
use crate::testing::{at, given, id, uuid};
use crate::{ExecutionId, WorkflowId};

fn created() -> Vec<CredentialEvent> {
    vec![CredentialEvent::Created { name: "Shop".into(), kind: "basic".into() }]
}

fn create_command(name: &str, kind: &str) -> CredentialCommand {
    CredentialCommand::Create { name: name.into(), kind: kind.into() }
}

fn update_command(name: Option<&str>, version: Option<u32>) -> CredentialCommand {
    CredentialCommand::Update { name: name.map(str::to_owned), version }
}

fn test_command(version: u32) -> CredentialCommand {
    CredentialCommand::RecordTest { version, outcome: TestOutcome::Refused, at: at(1) }
}

fn renamed() -> CredentialEvent {
    CredentialEvent::Renamed { name: "Store".into(), was: "Shop".into() }
}

#[test]
fn a_credential_is_created_once() {
    given::<Credential>(vec![]).when(create_command("Shop", "basic")).then_expect_events(created());
    given::<Credential>(created()).when(create_command("Shop", "basic")).then_expect_error(CredentialRejection::Exists);
}

#[test]
fn a_name_is_readable_and_a_type_is_a_word() {
    for (name, fault) in [
        (" ", NameFault::Empty),
        ("a\0b", NameFault::Control),
        ("\u{202e}fdp.exe", NameFault::Direction),
        ("a\u{2066}b\u{2069}", NameFault::Direction),
        (&*"é".repeat(129), NameFault::TooLong { max: 128 }),
    ] {
        let rejection = CredentialRejection::Name { fault };
        given::<Credential>(vec![]).when(create_command(name, "basic")).then_expect_error(rejection.clone());
        given::<Credential>(created()).when(update_command(Some(name), None)).then_expect_error(rejection);
    }
    for kind in ["", "a b", "é", "../x", &*"x".repeat(129)] {
        let rejection = CredentialRejection::Kind { kind: kind.into() };
        given::<Credential>(vec![]).when(create_command("Shop", kind)).then_expect_error(rejection);
    }
}

#[test]
fn a_name_and_a_secret_change_together_or_alone() {
    let rotated = CredentialEvent::Rotated { version: 2 };
    let ask = |name, version| given::<Credential>(created()).when(update_command(name, version));
    ask(Some("Store"), Some(2)).then_expect_events(vec![renamed(), rotated.clone()]);
    ask(Some("Store"), None).then_expect_events(vec![renamed()]);
    ask(None, Some(2)).then_expect_events(vec![rotated]);
    ask(Some("Shop"), None).then_expect_events(vec![]);
    ask(None, None).then_expect_events(vec![]);
}

#[test]
fn of_two_who_replace_the_same_secret_one_is_refused() {
    let mut events = created();
    events.push(CredentialEvent::Rotated { version: 2 });
    for (version, wins) in [(1, false), (2, false), (3, true), (4, false)] {
        let asked = given::<Credential>(events.clone()).when(update_command(Some("Store"), Some(version)));
        if wins {
            asked.then_expect_events(vec![renamed(), CredentialEvent::Rotated { version }]);
        } else {
            asked.then_expect_error(CredentialRejection::ChangedMeanwhile);
        }
    }
}

#[test]
fn a_trial_counts_for_the_secret_that_was_tried() {
    let tested = CredentialEvent::Tested { version: 1, outcome: TestOutcome::Refused, at: at(1) };
    given::<Credential>(created()).when(test_command(1)).then_expect_events(vec![tested]);
    let mut events = created();
    events.push(CredentialEvent::Rotated { version: 2 });
    given::<Credential>(events).when(test_command(1)).then_expect_error(CredentialRejection::ChangedMeanwhile);
}

#[test]
fn a_deleted_credential_frees_its_newest_name_and_stays_deleted() {
    let mut events = created();
    events.push(renamed());
    let deleted = CredentialEvent::Deleted { name: "Store".into() };
    given::<Credential>(events.clone()).when(CredentialCommand::Delete).then_expect_events(vec![deleted.clone()]);
    events.push(deleted);
    events.push(CredentialEvent::Used { workflow: WorkflowId(uuid(4)), node: id(2), execution: ExecutionId(uuid(9)) });
    for command in [
        create_command("Store", "basic"),
        update_command(Some("Shop"), None),
        test_command(1),
        CredentialCommand::Delete,
    ] {
        given::<Credential>(events.clone()).when(command.clone()).then_expect_error(CredentialRejection::Missing);
        if !matches!(command, CredentialCommand::Create { .. }) {
            given::<Credential>(vec![]).when(command).then_expect_error(CredentialRejection::Missing);
        }
    }
}

#[test]
fn names_that_look_alike_are_one_name_and_a_day_is_one_use() {
    assert_eq!(reserved_name(" SHOP é"), reserved_name("shop É"));
    let key = |node, day| use_key(CredentialId(uuid(1)), WorkflowId(uuid(2)), id(node), day);
    let day = jiff::civil::date(2026, 11, 22);
    assert_eq!(key(3, day), key(3, day));
    assert_ne!(key(3, day), key(4, day));
    assert_ne!(key(3, day), key(3, jiff::civil::date(2026, 11, 23)));
}

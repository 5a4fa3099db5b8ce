use super::*;
use crate::testing::given;

fn set_event(name: &str, value: &str) -> VariableEvent {
    VariableEvent::Set { name: name.into(), value: value.into() }
}

fn set_command(name: &str, value: &str) -> VariableCommand {
    VariableCommand::Set { name: name.into(), value: value.into() }
}

#[test]
fn a_variable_is_set_and_set_again() {
    given::<Variable>(vec![]).when(set_command("region", "eu")).then_expect_events(vec![set_event("region", "eu")]);
    given::<Variable>(vec![set_event("region", "eu")])
        .when(set_command("region", "us"))
        .then_expect_events(vec![set_event("region", "us")]);
    given::<Variable>(vec![set_event("region", "eu")]).when(set_command("region", "eu")).then_expect_events(vec![]);
}

#[test]
fn a_name_is_one_that_an_expression_can_write() {
    for name in ["", "1a", "a-b", "a b", "é", "$x", &"x".repeat(129)] {
        given::<Variable>(vec![])
            .when(set_command(name, ""))
            .then_expect_error(VariableRejection::Name { name: name.into() });
    }
}

#[test]
fn a_variable_keeps_its_name() {
    given::<Variable>(vec![set_event("region", "eu")])
        .when(set_command("zone", "eu"))
        .then_expect_error(VariableRejection::Renamed { name: "region".into() });
}

#[test]
fn a_value_has_a_bound() {
    let large = "x".repeat(MAX_VARIABLE + 1);
    given::<Variable>(vec![]).when(set_command("a", &large)).then_expect_error(VariableRejection::TooLarge);
    given::<Variable>(vec![set_event("a", "")])
        .when(set_command("a", &large))
        .then_expect_error(VariableRejection::TooLarge);
}

#[test]
fn a_deleted_variable_frees_its_name_and_stays_deleted() {
    let deleted = VariableEvent::Deleted { name: "region".into() };
    given::<Variable>(vec![set_event("region", "eu")])
        .when(VariableCommand::Delete)
        .then_expect_events(vec![deleted.clone()]);
    for command in [VariableCommand::Delete, set_command("region", "eu")] {
        given::<Variable>(vec![set_event("region", "eu"), deleted.clone()])
            .when(command)
            .then_expect_error(VariableRejection::Missing);
    }
}

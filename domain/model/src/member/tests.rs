use super::*;
use crate::IdentityId;
use crate::testing::{given, uuid};

fn joined(role: Role) -> Vec<MemberEvent> {
    vec![MemberEvent::Joined { identity: IdentityId(uuid(7)), role }]
}

#[test]
fn a_person_joins_once() {
    let join = MemberCommand::Join { identity: IdentityId(uuid(7)), role: Role::Editor };
    given::<Member>(vec![]).when(join.clone()).then_expect_events(joined(Role::Editor));
    given::<Member>(joined(Role::Editor)).when(join).then_expect_error(MemberRejection::Exists);
}

#[test]
fn the_last_owner_stays_one() {
    for command in
        [MemberCommand::ChangeRole { role: Role::Admin, other_owners: 0 }, MemberCommand::Remove { other_owners: 0 }]
    {
        given::<Member>(joined(Role::Owner)).when(command).then_expect_error(MemberRejection::LastOwner);
    }
}

#[test]
fn an_owner_among_others_can_go() {
    given::<Member>(joined(Role::Owner))
        .when(MemberCommand::Remove { other_owners: 1 })
        .then_expect_events(vec![MemberEvent::Removed {}]);
    given::<Member>(joined(Role::Owner))
        .when(MemberCommand::ChangeRole { role: Role::Viewer, other_owners: 1 })
        .then_expect_events(vec![MemberEvent::RoleChanged { role: Role::Viewer }]);
}

#[test]
fn who_is_no_owner_needs_no_others() {
    given::<Member>(joined(Role::Editor))
        .when(MemberCommand::ChangeRole { role: Role::Owner, other_owners: 0 })
        .then_expect_events(vec![MemberEvent::RoleChanged { role: Role::Owner }]);
}

#[test]
fn a_role_that_is_already_so_changes_nothing() {
    let same = MemberCommand::ChangeRole { role: Role::Owner, other_owners: 0 };
    given::<Member>(joined(Role::Owner)).when(same).then_expect_events(vec![]);
}

#[test]
fn a_removed_member_is_gone() {
    given::<Member>(joined(Role::Editor))
        .and(vec![MemberEvent::Removed {}])
        .when(MemberCommand::ChangeRole { role: Role::Admin, other_owners: 3 })
        .then_expect_error(MemberRejection::Missing);
}

#[test]
fn two_who_counted_owners_at_the_same_position_want_the_same_name() {
    assert_eq!(owner_change_name(Position(41)), owner_change_name(Position(41)));
    assert_ne!(owner_change_name(Position(41)), owner_change_name(Position(42)));
}

use super::*;
use crate::testing::given;

fn branding() -> Branding {
    Branding { product_name: "Acme Flows".into(), accent_color: "#1f6feb".into(), logo_url: None }
}

fn create(slug: &str) -> TenantCommand {
    let settings = TenantSettings::default();
    TenantCommand::Create { slug: slug.into(), name: "Acme".into(), branding: branding(), settings }
}

fn created() -> Vec<TenantEvent> {
    let (name, settings) = ("Acme".into(), TenantSettings::default());
    vec![TenantEvent::Created { slug: "acme".into(), name, branding: branding(), settings }]
}

#[test]
fn a_tenant_is_created_once() {
    given::<Tenant>(vec![]).when(create("acme")).then_expect_events(created());
    given::<Tenant>(created()).when(create("acme")).then_expect_error(TenantRejection::Exists);
}

#[test]
fn a_slug_is_one_label_of_a_host_name() {
    for slug in ["", "a", "-acme", "acme-", "Acme", "ac.me", "ac me", "é-é", &"x".repeat(41)] {
        given::<Tenant>(vec![]).when(create(slug)).then_expect_error(TenantRejection::Slug { slug: slug.into() });
    }
    for slug in ["ab", "a-1", "42", &"x".repeat(40)] {
        assert!(Tenant::default().decide(create(slug)).is_ok(), "{slug}");
    }
}

#[test]
fn nothing_can_be_asked_of_a_tenant_that_is_not_there() {
    let rename = TenantCommand::Rename { name: "Acme".into() };
    given::<Tenant>(vec![]).when(rename).then_expect_error(TenantRejection::Missing);
}

#[test]
fn a_name_that_is_already_so_changes_nothing() {
    given::<Tenant>(created()).when(TenantCommand::Rename { name: "Acme".into() }).then_expect_events(vec![]);
    given::<Tenant>(created())
        .when(TenantCommand::Rename { name: "Acme SA".into() })
        .then_expect_events(vec![TenantEvent::Renamed { name: "Acme SA".into() }]);
}

#[test]
fn an_error_workflow_is_chosen_and_the_other_settings_stay() {
    let workflow = Some(crate::WorkflowId(uuid::Uuid::from_u128(5)));
    let settings = TenantSettings { error_workflow: workflow, ..TenantSettings::default() };
    let choose = |workflow| TenantCommand::ChooseErrorWorkflow { workflow };
    given::<Tenant>(created())
        .when(choose(workflow))
        .then_expect_events(vec![TenantEvent::SettingsChanged { settings }]);
    given::<Tenant>(created()).when(choose(None)).then_expect_events(vec![]);
}

#[test]
fn a_name_must_be_readable() {
    for (name, code) in [(" ", "name_empty"), ("a\nb", "name_invalid")] {
        let rejection = Tenant::replay(&created()).decide(TenantCommand::Rename { name: name.into() }).unwrap_err();
        assert_eq!((rejection.code(), rejection.field()), (code, vec!["name".to_owned()]), "{name:?}");
    }
    let long = TenantCommand::Rename { name: "é".repeat(129) };
    given::<Tenant>(created()).when(long).then_expect_error_message("The name must not be longer than 128 characters.");
}

#[test]
fn a_brand_cannot_carry_anything_but_a_colour_and_an_image() {
    let refused = |change: fn(&mut Branding)| {
        let mut branding = branding();
        change(&mut branding);
        Tenant::replay(&created()).decide(TenantCommand::ChangeBranding { branding }).unwrap_err().code()
    };
    assert_eq!(refused(|brand| brand.accent_color = "red;}body{display:none".into()), "color_invalid");
    assert_eq!(refused(|brand| brand.accent_color = "#12345".into()), "color_invalid");
    for logo in [
        "javascript:alert(1)",
        "//evil.example/x.png",
        "http://x.example/a.png",
        "https://x/\"onload=\"",
        "data:text/html,x",
    ] {
        let branding = Branding { logo_url: Some(logo.into()), ..branding() };
        let command = TenantCommand::ChangeBranding { branding };
        given::<Tenant>(created()).when(command).then_expect_error(TenantRejection::Logo);
    }
    let good = Branding { logo_url: Some("data:image/png;base64,AA==".into()), ..branding() };
    given::<Tenant>(created())
        .when(TenantCommand::ChangeBranding { branding: good.clone() })
        .then_expect_events(vec![TenantEvent::BrandingChanged { branding: good }]);
}

#[test]
fn so_many_executions_or_as_many_as_are_permitted() {
    let limit = |at_once| TenantCommand::LimitExecutions { at_once };
    let changed = |executions_at_once| {
        let settings = TenantSettings { executions_at_once, ..TenantSettings::default() };
        TenantEvent::SettingsChanged { settings }
    };
    let limited = || [created(), vec![changed(Some(5))]].concat();
    given::<Tenant>(created()).when(limit(None)).then_expect_events(vec![]);
    given::<Tenant>(created()).when(limit(Some(0))).then_expect_error(TenantRejection::AtOnce);
    given::<Tenant>(created()).when(limit(Some(5))).then_expect_events(vec![changed(Some(5))]);
    given::<Tenant>(limited()).when(limit(Some(5))).then_expect_events(vec![]);
    given::<Tenant>(limited()).when(limit(None)).then_expect_events(vec![changed(None)]);
}

#[test]
fn settings_name_a_real_time_zone_and_a_sane_retention() {
    let ask = |timezone: &str, retention_days| {
        let settings = TenantSettings {
            timezone: timezone.into(),
            retention_days,
            error_workflow: None,
            executions_at_once: None,
        };
        Tenant::replay(&created()).decide(TenantCommand::ChangeSettings { settings }).map_err(|no| no.code())
    };
    assert_eq!(ask("Mars/Olympus", 90).unwrap_err(), "timezone_unknown");
    assert_eq!(ask("Europe/Paris", 0).unwrap_err(), "retention_invalid");
    assert_eq!(ask("Europe/Paris", 30).unwrap().len(), 1);
}

#[test]
fn what_changed_is_what_the_next_decision_sees() {
    let mut events = created();
    events.push(TenantEvent::Renamed { name: "Acme SA".into() });
    given::<Tenant>(events).when(TenantCommand::Rename { name: "Acme SA".into() }).then_expect_events(vec![]);
}

//! The doors on a real database, always with a second tenant beside the first.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod house;

use house::{HOME, House, PASSWORD, correlation, secret, sign_up};
use jiff::SignedDuration;
use serde_json::json;
use sqlx::{Connection, PgConnection};
use weft_model::access::{AccessEvent, RefusalReason};
use weft_model::member::Role;
use weft_model::{Actor, MemberId};
use weft_tenants::{
    ACCESS_LIFETIME, AccessTokens, Claims, Joining, NotAuthenticated, NotCreated, NotRegistered, Password,
    PasswordChange, PasswordNotChanged, RefreshRefused, SessionId, SignInRefused, SignUp, SignUpRefused, TenantLog,
    TokenRefused, TokenSecret,
};

#[tokio::test]
async fn an_owner_signs_up_signs_in_and_is_known_by_the_token() {
    let house = House::open().await;
    let acme = house.tenant("acme").await;
    let signed_in = house.sign_in(acme.tenant, "acme").await;
    assert_eq!((signed_in.member, signed_in.role), (acme.owner, Role::Owner));

    let context = house.access.authenticate(acme.tenant, &signed_in.access_token, correlation()).await.unwrap();
    assert_eq!(context.actor, Actor::Member(acme.owner));
    assert_eq!((context.tenant, context.role), (acme.tenant, Role::Owner));
    let signed = AccessEvent::SignedIn { identity: acme.identity, member: acme.owner };
    assert!(
        house.log.accesses.lock().unwrap().iter().any(|(tenant, _, event)| *tenant == acme.tenant && *event == signed)
    );
}

#[tokio::test]
async fn wrong_passwords_unknown_people_and_members_of_other_tenants_hear_the_same() {
    let house = House::open().await;
    let acme = house.tenant("acme").await;
    house.tenant("globex").await;
    let right = Password::new(PASSWORD);
    let wrong = Password::new("something else entirely");
    for (email, password) in [
        ("owner@acme.example", &wrong),
        ("nobody@acme.example", &right),
        ("owner@globex.example", &right),
        ("not an address", &right),
    ] {
        let refused = house.access.sign_in(acme.tenant, email, password, HOME, correlation()).await.err().unwrap();
        assert!(matches!(refused, SignInRefused::WrongCredentials), "{email}: {refused}");
    }
    assert_eq!(house.log.refusals(), ["session:open WrongCredentials", "session:open NotAMember"]);
    for (_, by, event) in house.log.accesses.lock().unwrap().iter() {
        let AccessEvent::Refused { reason, identity, .. } = event else { continue };
        let known = (*reason == RefusalReason::WrongCredentials).then_some(acme.identity);
        assert_eq!(*identity, known, "a stranger is not named to this tenant: {reason:?}");
        assert_eq!(*by, known.map_or(Actor::System, Actor::Identity));
    }
}

#[tokio::test]
async fn a_person_of_another_tenant_is_not_named_for_a_wrong_password_or_a_foreign_token() {
    let house = House::open().await;
    let (acme, globex) = (house.tenant("acme").await, house.tenant("globex").await);
    let wrong = Password::new("something else entirely");
    let refused = house.access.sign_in(acme.tenant, "owner@globex.example", &wrong, HOME, correlation()).await;
    assert!(matches!(refused, Err(SignInRefused::WrongCredentials)));
    let stranger = house.sign_in(globex.tenant, "globex").await;
    house.access.authenticate(acme.tenant, &stranger.access_token, correlation()).await.unwrap_err();
    house.access.refresh(acme.tenant, &stranger.refresh_token, correlation()).await.err().unwrap();
    let accesses = house.log.accesses.lock().unwrap();
    let at_acme: Vec<_> = accesses.iter().filter(|(tenant, ..)| *tenant == acme.tenant).collect();
    assert_eq!(at_acme.len(), 3, "{at_acme:?}");
    for (_, by, event) in at_acme {
        assert_eq!(*by, Actor::System, "{event:?}");
        assert!(matches!(event, AccessEvent::Refused { identity: None, .. }), "{event:?}");
    }
}

#[tokio::test]
async fn of_many_guesses_at_once_only_as_many_are_let_through_as_one_after_the_other() {
    let house = House::open().await;
    let acme = house.tenant("acme").await;
    let guesses = (0..60).map(|_| {
        let access = house.access.clone();
        tokio::spawn(async move {
            let wrong = Password::new("one of many guesses");
            access.sign_in(acme.tenant, "owner@acme.example", &wrong, HOME, correlation()).await.err().unwrap()
        })
    });
    let mut looked_at = 0;
    for guess in guesses.collect::<Vec<_>>() {
        match guess.await.unwrap() {
            SignInRefused::WrongCredentials => looked_at += 1,
            SignInRefused::TooManyAttempts { .. } => {}
            SignInRefused::Fault(fault) => panic!("{fault}"),
        }
    }
    assert_eq!(looked_at, 10);
}

#[tokio::test]
async fn who_signs_in_often_from_one_network_is_no_guesser() {
    let house = House::open().await;
    let acme = house.tenant("acme").await;
    for _ in 0..12 {
        house.sign_in(acme.tenant, "acme").await;
    }
    let mut connection = PgConnection::connect(&house.database.admin_url()).await.unwrap();
    let counted = "select coalesce(sum(failures), 0) from weft.sign_in_attempts";
    let counted: i64 = sqlx::query_scalar(counted).fetch_one(&mut connection).await.unwrap();
    assert_eq!(counted, 0, "what succeeded is given back");
}

#[tokio::test]
async fn signing_up_is_no_way_to_guess_a_password() {
    let house = House::open().await;
    house.tenant("acme").await;
    let mut wanted = sign_up("acme");
    wanted.slug = "initech".to_owned();
    wanted.password = Password::new("one of many guesses");
    for _ in 0..10 {
        let refused = house.provisioning.sign_up(&wanted, HOME, correlation()).await.unwrap_err();
        assert_eq!(refused.reason(), Some(RefusalReason::WrongCredentials), "{refused}");
    }
    wanted.password = Password::new(PASSWORD);
    let refused = house.provisioning.sign_up(&wanted, HOME, correlation()).await.unwrap_err();
    assert!(matches!(refused, SignUpRefused::TooManyAttempts { wait } if wait.as_secs() > 800), "{refused}");
    assert_eq!(refused.reason(), Some(RefusalReason::TooManyAttempts));
}

#[tokio::test]
async fn what_cannot_be_signed_up_for_is_refused_before_anything_is_asked_or_counted() {
    let house = House::open().await;
    let try_with = async |change: &dyn Fn(&mut SignUp)| {
        let mut wanted = sign_up("initech");
        change(&mut wanted);
        house.provisioning.sign_up(&wanted, HOME, correlation()).await.unwrap_err()
    };
    let refused = try_with(&|wanted| wanted.slug = "in\0itech".to_owned()).await;
    assert!(matches!(refused, SignUpRefused::Tenant(NotCreated::Rejected(_))), "{refused}");
    let refused = try_with(&|wanted| wanted.tenant_name = "\0".to_owned()).await;
    assert!(matches!(refused, SignUpRefused::Tenant(NotCreated::Rejected(_))), "{refused}");
    let refused = try_with(&|wanted| wanted.name = "A\0da".to_owned()).await;
    assert!(matches!(refused, SignUpRefused::Person(NotRegistered::Name)), "{refused}");
    let refused = try_with(&|wanted| wanted.email = "a\0da@example.com".to_owned()).await;
    assert!(matches!(refused, SignUpRefused::Email(_)), "{refused}");
    let mut connection = PgConnection::connect(&house.database.admin_url()).await.unwrap();
    let counted = "select count(*) from weft.sign_in_attempts";
    let counted: i64 = sqlx::query_scalar(counted).fetch_one(&mut connection).await.unwrap();
    assert_eq!(counted, 0);
}

#[tokio::test]
async fn a_guesser_has_to_wait_and_the_owner_of_another_address_does_not() {
    let house = House::open().await;
    let acme = house.tenant("acme").await;
    house.tenant("globex").await;
    let sign_in = async |email: &str, password: &str| {
        house.access.sign_in(acme.tenant, email, &Password::new(password), HOME, correlation()).await
    };
    for _ in 0..10 {
        let refused = sign_in("guessed@acme.example", "wrong again and again").await.err().unwrap();
        assert!(matches!(refused, SignInRefused::WrongCredentials));
    }
    let refused = sign_in("guessed@acme.example", PASSWORD).await.err().unwrap();
    assert!(matches!(refused, SignInRefused::TooManyAttempts { wait } if wait.as_secs() > 800), "{refused}");
    assert!(sign_in("owner@acme.example", PASSWORD).await.is_ok());
}

#[tokio::test]
async fn forged_and_expired_tokens_and_those_of_other_tenants_open_nothing_and_are_recorded() {
    let house = House::open().await;
    let (acme, globex) = (house.tenant("acme").await, house.tenant("globex").await);
    let token = house.sign_in(acme.tenant, "acme").await.access_token;
    let use_token =
        async |tenant, token: &str| house.access.authenticate(tenant, token, correlation()).await.err().unwrap();

    let foreign = use_token(globex.tenant, &token).await;
    assert!(matches!(foreign, NotAuthenticated::ForeignTenant), "{foreign}");

    let (body, signature) = token.rsplit_once('.').unwrap();
    let flipped: String = signature.chars().rev().collect();
    for forged in ["", "a.b.c", body, &format!("{body}."), &format!("{body}.{flipped}"), &unsigned(&token)] {
        let refused = use_token(acme.tenant, forged).await;
        assert!(matches!(refused, NotAuthenticated::Token(TokenRefused::Forged)), "{forged}: {refused}");
    }

    house.clock.forward(SignedDuration::try_from(ACCESS_LIFETIME).unwrap());
    let late = use_token(acme.tenant, &token).await;
    assert!(matches!(late, NotAuthenticated::Token(TokenRefused::Expired)), "{late}");
    assert_eq!(house.log.refusals(), ["session:use ForeignTenant", "session:use Forged", "session:use Expired"]);
}

/// The token with the algorithm `none`, as an attacker would try.
fn unsigned(token: &str) -> String {
    use base64::Engine as _;
    let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"none"}"#);
    let claims = token.split('.').nth(1).unwrap();
    format!("{header}.{claims}.")
}

#[tokio::test]
async fn a_token_made_with_another_secret_is_forged_though_the_database_is_the_same() {
    let house = House::open().await;
    let acme = house.tenant("acme").await;
    let signed_in = house.sign_in(acme.tenant, "acme").await;
    let thief = AccessTokens::load(house.system.clone(), TokenSecret::new([1; 32]), house.clock.clone()).await.unwrap();
    let claims =
        Claims { tenant: acme.tenant, session: signed_in.session, member: acme.owner, identity: acme.identity };
    let (forged, _) = thief.issue(&claims).unwrap();
    assert_eq!(house.tokens.verify(&forged).await.unwrap(), Err(TokenRefused::Forged));
}

#[tokio::test]
async fn what_an_old_key_signed_stays_valid_and_another_process_learns_the_new_key() {
    let house = House::open().await;
    let acme = house.tenant("acme").await;
    let claims = Claims {
        tenant: acme.tenant,
        session: SessionId(uuid::Uuid::from_u128(1)),
        member: acme.owner,
        identity: acme.identity,
    };
    let elsewhere = AccessTokens::load(house.system.clone(), secret(), house.clock.clone()).await.unwrap();
    let (old, _) = house.tokens.issue(&claims).unwrap();
    house.tokens.rotate().await.unwrap();
    let (new, _) = house.tokens.issue(&claims).unwrap();
    assert_ne!(old.split('.').next(), new.split('.').next(), "another key");
    for token in [&old, &new] {
        house.clock.forward(SignedDuration::from_secs(6));
        assert_eq!(house.tokens.verify(token).await.unwrap(), Ok(claims));
        assert_eq!(elsewhere.verify(token).await.unwrap(), Ok(claims));
    }
}

#[tokio::test]
async fn a_refresh_token_is_used_once_and_using_it_again_ends_the_session() {
    let house = House::open().await;
    let acme = house.tenant("acme").await;
    let first = house.sign_in(acme.tenant, "acme").await;
    let refresh = async |token: &str| house.access.refresh(acme.tenant, token, correlation()).await;

    let second = refresh(&first.refresh_token).await.unwrap();
    assert_eq!(second.session, first.session);
    assert_ne!(second.refresh_token, first.refresh_token);
    let raced = refresh(&first.refresh_token).await.err().unwrap();
    assert!(matches!(raced, RefreshRefused::Raced), "two tabs: {raced}");

    // The moment of the first use moves into the past.
    let mut connection = PgConnection::connect(&house.database.admin_url()).await.unwrap();
    let later = "update weft.refresh_tokens set used_at = used_at - interval '11 seconds' where used_at is not null";
    sqlx::query(later).execute(&mut connection).await.unwrap();
    let reused = refresh(&first.refresh_token).await.err().unwrap();
    assert!(matches!(reused, RefreshRefused::Ended), "{reused}");
    let ended = refresh(&second.refresh_token).await.err().unwrap();
    assert!(matches!(ended, RefreshRefused::Ended), "the thief's or the owner's, both end: {ended}");
    let used = house.access.authenticate(acme.tenant, &second.access_token, correlation()).await.err().unwrap();
    assert!(matches!(used, NotAuthenticated::SessionEnded), "{used}");
}

#[tokio::test]
async fn a_refresh_token_of_another_tenant_ends_its_session() {
    let house = House::open().await;
    let (acme, globex) = (house.tenant("acme").await, house.tenant("globex").await);
    let token = house.sign_in(acme.tenant, "acme").await.refresh_token;
    let foreign = house.access.refresh(globex.tenant, &token, correlation()).await.err().unwrap();
    assert!(matches!(foreign, RefreshRefused::Ended));
    assert!(house.access.refresh(acme.tenant, &token, correlation()).await.is_err());
}

#[tokio::test]
async fn signing_out_ends_the_session_at_once() {
    let house = House::open().await;
    let acme = house.tenant("acme").await;
    let signed_in = house.sign_in(acme.tenant, "acme").await;
    let other = house.sign_in(acme.tenant, "acme").await;
    let context = house.access.authenticate(acme.tenant, &signed_in.access_token, correlation()).await.unwrap();
    house.access.sign_out(&context).await.unwrap();
    let ended = house.access.authenticate(acme.tenant, &signed_in.access_token, correlation()).await.err().unwrap();
    assert!(matches!(ended, NotAuthenticated::SessionEnded));
    assert!(house.access.refresh(acme.tenant, &signed_in.refresh_token, correlation()).await.is_err());
    assert!(house.access.authenticate(acme.tenant, &other.access_token, correlation()).await.is_ok(), "another device");
}

#[tokio::test]
async fn the_refresh_token_alone_ends_the_session_in_its_own_tenant() {
    let house = House::open().await;
    let (acme, globex) = (house.tenant("acme").await, house.tenant("globex").await);
    let signed_in = house.sign_in(acme.tenant, "acme").await;
    let known = async || house.access.authenticate(acme.tenant, &signed_in.access_token, correlation()).await;
    house.access.sign_out_by_refresh_token(globex.tenant, &signed_in.refresh_token).await.unwrap();
    house.access.sign_out_by_refresh_token(acme.tenant, "no such token").await.unwrap();
    assert!(known().await.is_ok());
    house.access.sign_out_by_refresh_token(acme.tenant, &signed_in.refresh_token).await.unwrap();
    assert!(matches!(known().await, Err(NotAuthenticated::SessionEnded)));
    assert!(house.access.refresh(acme.tenant, &signed_in.refresh_token, correlation()).await.is_err());
}

#[tokio::test]
async fn a_new_password_needs_the_old_one_and_ends_all_other_sessions() {
    let house = House::open().await;
    let acme = house.tenant("acme").await;
    let (mine, elsewhere) = (house.sign_in(acme.tenant, "acme").await, house.sign_in(acme.tenant, "acme").await);
    let context = house.access.authenticate(acme.tenant, &mine.access_token, correlation()).await.unwrap();
    let change = async |old: &str, new: &str| {
        let change = PasswordChange { old: Password::new(old), new: Password::new(new) };
        house.access.change_password(&context, &change, HOME).await
    };
    let new = "another horse battery";
    let wrong = change("not the right password", new).await.err().unwrap();
    assert!(matches!(wrong, PasswordNotChanged::WrongPassword), "{wrong}");
    assert_eq!(house.log.refusals(), ["password:change WrongCredentials"]);
    let weak = change(PASSWORD, "short").await.err().unwrap();
    assert!(matches!(weak, PasswordNotChanged::WeakPassword(_)), "{weak}");

    let fresh = change(PASSWORD, new).await.unwrap();
    assert!(house.access.authenticate(acme.tenant, &fresh.access_token, correlation()).await.is_ok());
    for old in [&mine, &elsewhere] {
        let ended = house.access.authenticate(acme.tenant, &old.access_token, correlation()).await.err().unwrap();
        assert!(matches!(ended, NotAuthenticated::SessionEnded), "{ended}");
        assert!(house.access.refresh(acme.tenant, &old.refresh_token, correlation()).await.is_err());
    }
    let sign_in = async |password: &str| {
        let password = Password::new(password);
        house.access.sign_in(acme.tenant, "owner@acme.example", &password, HOME, correlation()).await.is_ok()
    };
    assert!(!sign_in(PASSWORD).await && sign_in(new).await);
    let changed = AccessEvent::PasswordChanged { identity: acme.identity, member: acme.owner };
    let times = house.log.accesses.lock().unwrap().iter().filter(|(_, _, event)| *event == changed).count();
    assert_eq!(times, 1, "once, and not for what was refused");
}

#[tokio::test]
async fn changing_the_password_is_no_way_to_guess_it() {
    let house = House::open().await;
    let acme = house.tenant("acme").await;
    let token = house.sign_in(acme.tenant, "acme").await.access_token;
    let context = house.access.authenticate(acme.tenant, &token, correlation()).await.unwrap();
    let change = PasswordChange { old: Password::new("a wrong one"), new: Password::new("another horse battery") };
    for _ in 0..10 {
        let refused = house.access.change_password(&context, &change, HOME).await.err().unwrap();
        assert!(matches!(refused, PasswordNotChanged::WrongPassword), "{refused}");
    }
    let refused = house.access.change_password(&context, &change, HOME).await.err().unwrap();
    assert!(matches!(refused, PasswordNotChanged::TooManyAttempts { .. }), "{refused}");
}

#[tokio::test]
async fn a_token_is_ours_after_its_time_too_and_another_one_never() {
    let house = House::open().await;
    let acme = house.tenant("acme").await;
    let token = house.sign_in(acme.tenant, "acme").await.access_token;
    assert!(house.access.is_ours(&token).await.unwrap());
    house.clock.forward(SignedDuration::try_from(ACCESS_LIFETIME).unwrap());
    assert!(house.access.is_ours(&token).await.unwrap());
    for other in ["sk_live_4eC39", "", &unsigned(&token)] {
        assert!(!house.access.is_ours(other).await.unwrap(), "{other}");
    }
}

#[tokio::test]
async fn a_changed_role_and_a_removal_count_at_once() {
    let house = House::open().await;
    let acme = house.tenant("acme").await;
    let email = "grace@acme.example";
    let address = weft_tenants::Email::parse(email).unwrap();
    let password = Password::new(PASSWORD);
    let identity = house.identities.invite(&address, "Grace", &password).await.unwrap();
    let member = MemberId(uuid::Uuid::from_u128(9));
    let by = (Actor::Member(acme.owner), correlation());
    house.log.add_member(acme.tenant, member, Joining { identity, role: Role::Editor }, by).await.unwrap();
    let token = house.access.sign_in(acme.tenant, email, &password, HOME, correlation()).await.unwrap().access_token;
    let role = async || house.access.authenticate(acme.tenant, &token, correlation()).await.map(|context| context.role);
    assert_eq!(role().await.unwrap(), Role::Editor);

    house.log.add_member(acme.tenant, member, Joining { identity, role: Role::Viewer }, by).await.unwrap();
    house.access.forget_states();
    assert_eq!(role().await.unwrap(), Role::Viewer);

    house.log.run("select weft.drop_membership($1, $2)", acme.tenant, json!({"member": member.0})).await.unwrap();
    house.access.end_sessions(acme.tenant, member).await.unwrap();
    assert!(matches!(role().await, Err(NotAuthenticated::SessionEnded)));
}

#[tokio::test]
async fn a_request_without_the_sessions_own_proof_is_cross_site() {
    let house = House::open().await;
    let acme = house.tenant("acme").await;
    let (mine, other) = (house.sign_in(acme.tenant, "acme").await, house.sign_in(acme.tenant, "acme").await);
    let context = house.access.authenticate(acme.tenant, &mine.access_token, correlation()).await.unwrap();
    let check = async |given: Option<&str>| house.access.check_csrf(&context, given, "POST /graphql").await.unwrap();
    assert!(check(Some(&mine.csrf_token)).await);
    assert!(!check(Some(&other.csrf_token)).await);
    assert!(!check(None).await);
    assert_eq!(house.log.refusals(), ["POST /graphql CrossSite"], "recorded once a minute");
}

#[tokio::test]
async fn hosts_lead_to_their_tenant_and_a_new_brand_shows_at_once() {
    let house = House::open().await;
    let directory = &house.directory;
    assert!(directory.by_host("acme.localhost:8080").await.unwrap().is_none());
    let (acme, globex) = (house.tenant("acme").await, house.tenant("globex").await);
    let profile = directory.by_host("ACME.localhost:8080").await.unwrap().unwrap();
    assert_eq!((profile.tenant, profile.branding.product_name.as_str()), (acme.tenant, "acme flows"));

    assert!(directory.by_host("flows.example.com").await.unwrap().is_none());
    assert!(directory.add_host(acme.tenant, "flows.example.com").await.unwrap());
    assert!(!directory.add_host(globex.tenant, "flows.example.com").await.unwrap(), "taken");
    assert_eq!(directory.by_host("flows.example.com").await.unwrap().unwrap().tenant, acme.tenant);
    for unknown in ["localhost", "nobody.localhost", "acme.localhost.evil.example", "a.acme.localhost", ""] {
        assert!(directory.by_host(unknown).await.unwrap().is_none(), "{unknown}");
    }

    let brand =
        json!({"slug": "acme", "name": "Acme", "productName": "New", "accentColor": "#000000", "logoUrl": null});
    house.log.run("select weft.apply_tenant_profile($1, $2)", acme.tenant, brand).await.unwrap();
    directory.forget(&profile).await;
    for host in ["acme.localhost", "flows.example.com"] {
        assert_eq!(directory.by_host(host).await.unwrap().unwrap().branding.product_name, "New", "{host}");
    }
    let slugs: Vec<_> = directory.all().await.unwrap().into_iter().map(|tenant| tenant.slug).collect();
    assert_eq!(slugs, ["acme", "globex"]);
}

#[tokio::test]
async fn nobody_signs_up_in_anothers_name_or_for_a_taken_address() {
    let house = House::open().await;
    let acme = house.tenant("acme").await;
    let mut wanted = sign_up("acme");
    let taken = house.provisioning.sign_up(&wanted, HOME, correlation()).await.unwrap_err();
    assert!(matches!(taken, SignUpRefused::Tenant(NotCreated::SlugTaken)), "{taken}");

    wanted.slug = "initech".to_owned();
    wanted.password = Password::new("not the right password");
    let stolen = house.provisioning.sign_up(&wanted, HOME, correlation()).await.unwrap_err();
    assert!(matches!(stolen, SignUpRefused::Person(NotRegistered::EmailTaken)), "{stolen}");

    wanted.password = Password::new(PASSWORD);
    let second = house.provisioning.sign_up(&wanted, HOME, correlation()).await.unwrap();
    assert_eq!(second.identity, acme.identity, "one person, two tenants");
    let people = house.identities.people(&[acme.identity]).await.unwrap();
    assert_eq!((people.len(), people[0].name.as_str(), people[0].email.as_str()), (1, "Ada", "owner@acme.example"));
}

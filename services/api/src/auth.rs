//! `/auth`: sign-up, sign-in, refresh, sign-out, another password.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use weft_model::CorrelationId;
use weft_model::tenant::Branding;
use weft_tenants::{
    NotCreated, NotRegistered, Password, PasswordChange, PasswordNotChanged, Provisioning, RefreshRefused,
    SignInRefused, SignUp, SignUpRefused, SignedIn, permissions_of,
};

use crate::adapters::fresh;
use crate::caller::TrustedProxies;
use crate::context::{Doors, fault_problem, is_same_origin};
use crate::cookies::Cookies;
use crate::problem::{Problem, whole_body};

/// The accent of a tenant that has not chosen one.
const ACCENT: &str = "#3b5bdb";
/// A form of people, not of files.
const BODY_LIMIT: usize = 16 * 1024;

/// The routes below `/auth`.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .app_data(web::PayloadConfig::new(BODY_LIMIT))
        .route("/sign-in", web::post().to(sign_in))
        .route("/sign-up", web::post().to(sign_up))
        .route("/refresh", web::post().to(refresh))
        .route("/sign-out", web::post().to(sign_out))
        .route("/password", web::post().to(change_password));
}

#[derive(Deserialize)]
struct SignInForm {
    email: String,
    password: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SignUpForm {
    email: String,
    password: String,
    name: String,
    tenant_name: String,
    slug: String,
}

#[derive(Deserialize)]
struct PasswordForm {
    old: String,
    new: String,
}

/// A body as the framework read it, or why it did not.
type Body = Result<web::Bytes, actix_web::Error>;

async fn sign_in(
    request: HttpRequest,
    body: Body,
    doors: web::Data<Doors>,
    proxies: web::Data<TrustedProxies>,
) -> Result<HttpResponse, Problem> {
    let form: SignInForm = read_form(&request, body)?;
    let tenant = doors.tenant(&request).await?;
    let correlation = CorrelationId(fresh::id());
    let password = Password::new(form.password);
    let signed_in =
        doors.access.sign_in(tenant.tenant, &form.email, &password, proxies.caller(&request), correlation).await;
    signed_in.map(|signed_in| welcome(&signed_in, &doors.cookies)).map_err(|refused| match refused {
        SignInRefused::WrongCredentials => Problem::unauthenticated(refused.to_string()),
        SignInRefused::TooManyAttempts { wait } => Problem::overloaded(wait, refused.to_string()),
        SignInRefused::Fault(fault) => fault_problem(&fault),
    })
}

async fn sign_up(
    request: HttpRequest,
    body: Body,
    doors: web::Data<Doors>,
    provisioning: web::Data<Provisioning>,
    proxies: web::Data<TrustedProxies>,
) -> Result<HttpResponse, Problem> {
    let form: SignUpForm = read_form(&request, body)?;
    let wanted = SignUp {
        email: form.email,
        password: Password::new(form.password),
        name: form.name,
        slug: form.slug,
        branding: Branding {
            product_name: form.tenant_name.trim().to_owned(),
            accent_color: ACCENT.into(),
            logo_url: None,
        },
        tenant_name: form.tenant_name,
    };
    let correlation = CorrelationId(fresh::id());
    match provisioning.sign_up(&wanted, proxies.caller(&request), correlation).await {
        Ok(_) => Ok(HttpResponse::Created().json(json!({ "slug": wanted.slug }))),
        Err(refused) => {
            record_refusal(&request, &doors, &refused, correlation).await;
            Err(sign_up_problem(refused))
        }
    }
}

/// Whoever signs up at a tenant's address is refused in sight of that tenant; elsewhere there is no log to write to.
async fn record_refusal(request: &HttpRequest, doors: &Doors, refused: &SignUpRefused, correlation: CorrelationId) {
    if let Some(reason) = refused.reason()
        && let Ok(tenant) = doors.tenant(request).await
    {
        doors.access.refuse(tenant.tenant, correlation, reason, "POST /auth/sign-up", None).await;
    }
}

fn sign_up_problem(refused: SignUpRefused) -> Problem {
    let invalid = |refused: &SignUpRefused| Problem::bad_request("sign_up_refused", refused.to_string());
    match refused {
        SignUpRefused::Person(NotRegistered::Fault(fault)) | SignUpRefused::Tenant(NotCreated::Fault(fault)) => {
            fault_problem(&fault)
        }
        SignUpRefused::TooManyAttempts { wait } => Problem::overloaded(wait, refused.to_string()),
        SignUpRefused::Tenant(NotCreated::SlugTaken | NotCreated::Rejected(_))
        | SignUpRefused::Email(_)
        | SignUpRefused::Person(NotRegistered::EmailTaken | NotRegistered::WeakPassword(_) | NotRegistered::Name) => {
            invalid(&refused)
        }
    }
}

async fn refresh(request: HttpRequest, doors: web::Data<Doors>) -> Result<HttpResponse, Problem> {
    let tenant = doors.tenant(&request).await?;
    if !is_same_origin(&request) {
        return Err(Problem::forbidden("origin", "This page may not refresh the session."));
    }
    let Some(token) = doors.cookies.refresh(&request) else {
        return Err(Problem::unauthenticated("There is no session to refresh. Sign in."));
    };
    match doors.access.refresh(tenant.tenant, &token, CorrelationId(fresh::id())).await {
        Ok(signed_in) => Ok(welcome(&signed_in, &doors.cookies)),
        // The other request has set the new cookies already.
        Err(RefreshRefused::Raced) => Ok(HttpResponse::NoContent().finish()),
        Err(RefreshRefused::Ended) => Err(Problem::unauthenticated(RefreshRefused::Ended.to_string())),
        Err(RefreshRefused::Fault(fault)) => Err(fault_problem(&fault)),
    }
}

async fn sign_out(request: HttpRequest, doors: web::Data<Doors>) -> Result<HttpResponse, Problem> {
    let mut response = HttpResponse::NoContent();
    // A forged request is not listened to.
    match doors.authenticate(&request).await {
        Ok(context) => doors.access.sign_out(&context).await.map_err(|fault| fault_problem(&fault))?,
        Err(problem) if problem.is_unauthenticated() => end_by_refresh_token(&request, &doors).await?,
        Err(problem) => return Err(problem),
    }
    for cookie in doors.cookies.gone() {
        response.cookie(cookie);
    }
    Ok(response.finish())
}

/// The access token is over after minutes, the session after days: who signs out in between wants it ended all the same.
/// Without an access token there is no CSRF token to compare, so that the page must be ours.
async fn end_by_refresh_token(request: &HttpRequest, doors: &Doors) -> Result<(), Problem> {
    if !is_same_origin(request) {
        return Err(Problem::forbidden("origin", "This page may not end the session."));
    }
    let Some(token) = doors.cookies.refresh(request) else { return Ok(()) };
    let tenant = doors.tenant(request).await?;
    let ended = doors.access.sign_out_by_refresh_token(tenant.tenant, &token).await;
    ended.map_err(|fault| fault_problem(&fault))
}

async fn change_password(
    request: HttpRequest,
    body: Body,
    doors: web::Data<Doors>,
    proxies: web::Data<TrustedProxies>,
) -> Result<HttpResponse, Problem> {
    let form: PasswordForm = read_form(&request, body)?;
    let context = doors.authenticate(&request).await?;
    let change = PasswordChange { old: Password::new(form.old), new: Password::new(form.new) };
    let changed = doors.access.change_password(&context, &change, proxies.caller(&request)).await;
    changed.map(|signed_in| welcome(&signed_in, &doors.cookies)).map_err(|refused| match refused {
        PasswordNotChanged::WrongPassword => Problem::forbidden("wrong_password", refused.to_string()),
        PasswordNotChanged::WeakPassword(_) => Problem::bad_request("weak_password", refused.to_string()),
        PasswordNotChanged::TooManyAttempts { wait } => Problem::overloaded(wait, refused.to_string()),
        PasswordNotChanged::SessionEnded => Problem::unauthenticated(refused.to_string()),
        PasswordNotChanged::Fault(fault) => fault_problem(&fault),
    })
}

fn welcome(signed_in: &SignedIn, cookies: &Cookies) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    for cookie in cookies.of_session(signed_in) {
        response.cookie(cookie);
    }
    response.insert_header(("cache-control", "no-store"));
    response.json(json!({
        "member": signed_in.member.to_string(),
        "role": signed_in.role,
        "permissions": permissions_of(signed_in.role),
        "expires": signed_in.access_expires.to_string(),
    }))
}

fn read_form<T: DeserializeOwned>(request: &HttpRequest, body: Body) -> Result<T, Problem> {
    let body = whole_body(body, "A form", BODY_LIMIT)?;
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !content_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        return Err(Problem::unsupported_media_type("Send the form as application/json."));
    }
    if !is_same_origin(request) {
        return Err(Problem::forbidden("origin", "This page may not send this form."));
    }
    serde_json::from_slice(&body)
        .map_err(|error| Problem::bad_request("invalid_form", format!("The form cannot be read: {error}.")))
}

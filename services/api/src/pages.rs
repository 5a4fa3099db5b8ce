//! The web app's files; every address that is no file and no route is the first page, since the app routes by itself.

use actix_web::dev::{ServiceRequest, ServiceResponse, fn_service};
use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};

use weft_tenants::fresh_token;

use crate::brands::brand_of;
use crate::context::Doors;
use crate::problem::Problem;
use crate::problem_page::{self, wants_page};
use crate::web_app::{WebApp, content_security_policy};

/// The app's own files: named by their content, so they may be kept for ever.
pub fn assets(app: &WebApp) -> actix_files::Files {
    actix_files::Files::new("", app.folder().join("assets"))
        .use_etag(true)
        .prefer_utf8(true)
        .try_compressed()
        .default_handler(fn_service(gone))
}

/// A file of another build. Without this, the answer would be the first page, which no script tag can read.
async fn gone(request: ServiceRequest) -> actix_web::Result<ServiceResponse> {
    let problem =
        Problem::not_found("no_such_file", "This file belongs to another version of the app. Reload the page.");
    Ok(request.into_response(problem.error_response()))
}

/// The first page in the brand of the tenant whose address was asked for; a person who is in the wrong place reads so on a page.
pub async fn page(
    request: HttpRequest,
    doors: web::Data<Doors>,
    app: web::Data<Option<WebApp>>,
) -> Result<HttpResponse, Problem> {
    match first_page(&request, &doors, app.as_ref().as_ref()).await {
        Err(problem) if wants_page(&request) => Ok(problem_page::page(&request, &problem)),
        answer => answer,
    }
}

async fn first_page(request: &HttpRequest, doors: &Doors, app: Option<&WebApp>) -> Result<HttpResponse, Problem> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(Problem::method_not_allowed("GET", "There is nothing here that takes this method."));
    }
    let tenant = doors.tenant(request).await?;
    let Some(app) = app else {
        return Err(Problem::not_found("no_web_app", "This server has no web app; ask its API at /graphql."));
    };
    let (brand, nonce) = (brand_of(&tenant), fresh_token());
    Ok(HttpResponse::Ok()
        .insert_header(("content-security-policy", content_security_policy(&brand, &nonce)))
        .insert_header(("cache-control", "no-store"))
        .insert_header(("x-content-type-options", "nosniff"))
        .insert_header(("referrer-policy", "same-origin"))
        .content_type("text/html; charset=utf-8")
        .body(app.page(&brand, &doors.cookies.csrf_name(), &nonce)))
}

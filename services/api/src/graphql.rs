//! `/graphql`: queries and mutations over HTTP, subscriptions over WebSocket; `/graphiql` for developers.

use std::sync::Arc;

use actix_web::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, UPGRADE};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use async_graphql::http::GraphiQLSource;
use weft_graphql::{Language, WeftSchema, session_data};

use crate::context::{Doors, bearer};
use crate::graphql_http::{Operation, ResponseType, read_get, read_post, respond, socket};
use crate::problem::Problem;

/// A document with its variables; more is a mistake or an attack.
const BODY_LIMIT: usize = 2 * 1024 * 1024;

/// The routes of the public contract.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .app_data(web::PayloadConfig::new(BODY_LIMIT))
        .route("", web::get().to(get))
        .route("", web::post().to(post))
        .route(
            "",
            web::route().to(|| async {
                Err::<HttpResponse, _>(Problem::method_not_allowed("GET, POST", "GraphQL is asked with GET or POST."))
            }),
        );
}

async fn get(
    request: HttpRequest,
    payload: web::Payload,
    doors: web::Data<Doors>,
    schema: web::Data<WeftSchema>,
) -> Result<HttpResponse, actix_web::Error> {
    if request.headers().contains_key(UPGRADE) {
        return subscribe(&request, payload, &doors, &schema).await;
    }
    let media_type = accepted(&request)?;
    let mut asked = read_get(request.query_string())?;
    if matches!(Operation::of(&mut asked), Operation::Mutation | Operation::Subscription) {
        return Err(Problem::method_not_allowed("POST", "GET only queries; send mutations with POST.").into());
    }
    Ok(execute(&request, asked, media_type, &doors, &schema).await?)
}

async fn post(
    request: HttpRequest,
    body: web::Bytes,
    doors: web::Data<Doors>,
    schema: web::Data<WeftSchema>,
) -> Result<HttpResponse, Problem> {
    let media_type = accepted(&request)?;
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !content_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        return Err(Problem::unsupported_media_type("Send GraphQL as application/json."));
    }
    let mut asked = read_post(&body)?;
    if Operation::of(&mut asked) == Operation::Subscription {
        return Err(Problem::bad_request("subscription", "Subscriptions go over WebSocket (graphql-transport-ws)."));
    }
    execute(&request, asked, media_type, &doors, &schema).await
}

fn accepted(request: &HttpRequest) -> Result<ResponseType, Problem> {
    ResponseType::of(request).ok_or_else(|| {
        Problem::new(
            StatusCode::NOT_ACCEPTABLE,
            "not_acceptable",
            "This media type is not spoken here",
            "Accept application/graphql-response+json or application/json.",
        )
    })
}

async fn execute(
    request: &HttpRequest,
    mut asked: async_graphql::Request,
    media_type: ResponseType,
    doors: &Doors,
    schema: &WeftSchema,
) -> Result<HttpResponse, Problem> {
    let context = doors.authenticate(request).await?;
    asked.data = session_data(schema, context, language(request));
    Ok(respond(&schema.execute(asked).await, media_type))
}

async fn subscribe(
    request: &HttpRequest,
    payload: web::Payload,
    doors: &Doors,
    schema: &WeftSchema,
) -> Result<HttpResponse, actix_web::Error> {
    let tenant = doors.tenant(request).await?;
    let cookie = doors.socket_cookie(request)?;
    let language = language(request);
    let (doors, data_of) = (doors.clone(), schema.clone());
    let authenticate = move |init: serde_json::Value| async move {
        let given = init["authorization"].as_str().or_else(|| init["Authorization"].as_str());
        let token = given.and_then(bearer).map(str::to_owned);
        match doors.authenticate_socket(tenant, cookie, token).await {
            Ok(context) => Ok(session_data(&data_of, context, language)),
            Err(problem) => Err(async_graphql::Error::new(problem.to_string())),
        }
    };
    socket::open(request, payload, schema.clone(), authenticate)
}

/// The language that the person prefers, as the browser says it.
fn language(request: &HttpRequest) -> Language {
    let header = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first = header.split([',', ';']).next().unwrap_or_default().trim();
    if first.is_empty() || first == "*" { Language::default() } else { Language(first.to_owned()) }
}

/// The console for developers; it loads its script from the address that its authors publish it at, so it needs the internet.
pub async fn graphiql(request: HttpRequest) -> HttpResponse {
    if request.method() != Method::GET {
        return HttpResponse::MethodNotAllowed().finish();
    }
    let page = GraphiQLSource::build().endpoint("/graphql").subscription_endpoint("/graphql").finish();
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(page)
}

/// For the wiring: the schema is shared by all workers.
pub fn shared(schema: WeftSchema) -> web::Data<WeftSchema> {
    web::Data::from(Arc::new(schema))
}

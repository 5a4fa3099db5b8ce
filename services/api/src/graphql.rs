//! `/graphql`: queries and mutations over HTTP, subscriptions over WebSocket.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, UPGRADE};
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use weft_graphql::{Language, WeftSchema, session_data};

use crate::context::{Doors, bearer};
use crate::farewell::{Stopping, close_when_stopping};
use crate::graphql_http::{Admitted, Asked, Bodies, Closing, Operation, ResponseType, read_get, respond, socket};
use crate::problem::Problem;

/// The routes of the public contract.
pub fn configure(config: &mut web::ServiceConfig) {
    config.route("", web::get().to(get)).route("", web::post().to(post)).route(
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
        let stopping = Stopping::of(&request)?;
        let opened = subscribe(&request, payload, &doors, &schema).await?;
        return Ok(close_when_stopping(opened, stopping));
    }
    let media_type = accepted(&request)?;
    let mut asked = read_get(request.query_string())?;
    if matches!(Operation::of(&mut asked), Operation::Mutation | Operation::Subscription) {
        return Err(Problem::method_not_allowed("POST", "GET only queries; send mutations with POST.").into());
    }
    let data = session_data(&schema, doors.authenticate(&request).await?, language(&request));
    Ok(execute(asked, data, media_type, &schema).await)
}

async fn post(
    request: HttpRequest,
    payload: web::Payload,
    doors: web::Data<Doors>,
    schema: web::Data<WeftSchema>,
    bodies: web::Data<Bodies>,
) -> Result<HttpResponse, Problem> {
    let body = bodies.receive(&request, payload, &doors).await?;
    let media_type = accepted(&request)?;
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !content_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        return Err(Problem::unsupported_media_type("Send GraphQL as application/json."));
    }
    let mut asked = bodies.read(body).await?;
    if Operation::of(&mut asked.request) == Operation::Subscription {
        return Err(Problem::bad_request("subscription", "Subscriptions go over WebSocket (graphql-transport-ws)."));
    }
    let context = match asked.importer.take() {
        Some(importer) => importer,
        None => doors.authenticate(&request).await?,
    };
    let data = session_data(&schema, context, language(&request));
    // Its turn lasts until it is answered.
    let Asked { request: asked, importer: _, turn: _turn } = asked;
    Ok(execute(asked, data, media_type, &schema).await)
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
    mut asked: async_graphql::Request,
    data: async_graphql::Data,
    media_type: ResponseType,
    schema: &WeftSchema,
) -> HttpResponse {
    asked.data = data;
    respond(&schema.execute(asked).await, media_type)
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
    let authenticate = move |init: serde_json::Value| {
        let given = init["authorization"].as_str().or_else(|| init["Authorization"].as_str());
        let token = given.and_then(bearer).map(str::to_owned);
        let (doors, data_of, tenant) = (doors.clone(), data_of.clone(), Arc::clone(&tenant));
        let (cookie, language) = (cookie.clone(), language.clone());
        async move {
            let context =
                doors.authenticate_socket(tenant, cookie, token).await.map_err(|problem| closing(&problem))?;
            let (actor, role) = (context.actor, context.role);
            Ok(Admitted { data: session_data(&data_of, context, language), actor, role })
        }
    };
    socket::open(request, payload, schema.clone(), authenticate)
}

/// How a socket is closed on a problem.
fn closing(problem: &Problem) -> Closing {
    match problem.status_code() {
        StatusCode::UNAUTHORIZED => Closing::unauthorized(problem.to_string()),
        StatusCode::FORBIDDEN => Closing::forbidden(problem.to_string()),
        _ => Closing::unavailable(problem.to_string()),
    }
}

/// The language that the person prefers, as the browser says it.
fn language(request: &HttpRequest) -> Language {
    let header = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first = header.split([',', ';']).next().unwrap_or_default().trim();
    if first.is_empty() || first == "*" { Language::default() } else { Language(first.to_owned()) }
}

/// For the wiring: the schema is shared by all workers.
pub fn shared(schema: WeftSchema) -> web::Data<WeftSchema> {
    web::Data::from(Arc::new(schema))
}

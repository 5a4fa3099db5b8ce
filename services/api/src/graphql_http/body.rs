//! The body of a GraphQL request: a document with its variables, or a file of workflows to import, which may be larger.
//!
//! Nobody sends the larger one who may not import. What all bodies hold together is bounded, and those that are larger are worked
//! on one after the other: read as JSON, and as the workflows in it, a file takes several times its size.

use actix_web::web::Payload;
use actix_web::{HttpRequest, web};
use async_graphql::Request;
use tokio::sync::{Semaphore, SemaphorePermit};
use weft_tenants::{Action, RequestContext, Resource, can};

use super::request::{imports, read_post};
use crate::context::{Doors, logged};
use crate::problem::Problem;
use crate::receive::{Received, Receiving, Room, announced};

/// A document with its variables; more is a mistake or an attack.
pub const DOCUMENT_LIMIT: usize = 2 * 1024 * 1024;
/// A document with a file to import. Half as much again as such a file may have, for what JSON makes of its quotes and lines.
pub const IMPORT_LIMIT: usize = 24 * 1024 * 1024;

/// What GraphQL requests hold of this process.
pub struct Bodies {
    room: Room,
    imports: Semaphore,
}

impl Default for Bodies {
    fn default() -> Self {
        Self { room: Room::for_bodies_of(IMPORT_LIMIT), imports: Semaphore::new(1) }
    }
}

/// A body, and who sent it where it is larger than a document.
pub struct Body {
    received: Received,
    importer: Option<RequestContext>,
}

/// A request as it was read.
pub struct Asked<'a> {
    /// What is asked.
    pub request: Request,
    /// Who asks, where that had to be known before.
    pub importer: Option<RequestContext>,
    /// Its turn, where it is larger than a document.
    pub turn: Option<SemaphorePermit<'a>>,
}

impl Bodies {
    /// Receives the body of `request`.
    pub async fn receive(&self, request: &HttpRequest, payload: Payload, doors: &Doors) -> Result<Body, Problem> {
        let announced = announced(request);
        if announced.is_some_and(|announced| announced > IMPORT_LIMIT) {
            return Err(too_large(IMPORT_LIMIT));
        }
        let mut receiving = Receiving::begin(request, payload, &self.room);
        let may_be_small = announced.is_none_or(|announced| announced <= DOCUMENT_LIMIT);
        if may_be_small && receiving.up_to(DOCUMENT_LIMIT).await? {
            return Ok(Body { received: receiving.received(), importer: None });
        }
        let importer = match importer(request, doors).await {
            Ok(importer) => importer,
            Err(problem) => {
                receiving.discard(IMPORT_LIMIT).await;
                return Err(problem);
            }
        };
        if !receiving.up_to(IMPORT_LIMIT).await? {
            return Err(too_large(IMPORT_LIMIT));
        }
        Ok(Body { received: receiving.received(), importer: Some(importer) })
    }

    /// Reads a body as a request. One that is larger than a document waits for its turn, which it keeps until it is answered, and
    /// has to be an import.
    pub async fn read(&self, Body { received, importer }: Body) -> Result<Asked<'_>, Problem> {
        let Received { bytes, _share } = received;
        if importer.is_none() {
            return Ok(Asked { request: read_post(bytes)?, importer, turn: None });
        }
        // Nobody closes the semaphore.
        let turn = self.imports.acquire().await.ok();
        let mut request = web::block(move || read_post(bytes)).await.map_err(|error| logged(&error))??;
        if !imports(&mut request) {
            return Err(too_large(DOCUMENT_LIMIT));
        }
        Ok(Asked { request, importer, turn })
    }
}

/// Who sends more than a document: somebody who may import a file.
async fn importer(request: &HttpRequest, doors: &Doors) -> Result<RequestContext, Problem> {
    let context = doors.authenticate(request).await?;
    match can(&context, Action::CreateWorkflow, Resource::Tenant) {
        Ok(()) => Ok(context),
        Err(_) => Err(too_large(DOCUMENT_LIMIT)),
    }
}

fn too_large(limit: usize) -> Problem {
    Problem::too_large(match limit {
        IMPORT_LIMIT => format!("A GraphQL request that imports a file takes at most {limit} bytes."),
        _ => format!("A GraphQL request takes at most {limit} bytes."),
    })
}

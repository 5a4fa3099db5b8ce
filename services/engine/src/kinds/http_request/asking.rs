//! One item's requests: one, or one for each page.

use std::sync::Arc;

use weft_connectors::{HttpClient, HttpRequest as Request};
use weft_nodes::{NodeError, Step};
use weft_value::{Item, Value};

use super::failure::{no_answer, not_answered, refused_host};
use super::files::Answered;
use super::pace::rest;
use super::pages::{MOST_PAGES, PageMode, Seen, endless};
use super::parameters::Parameters;
use crate::action::{ActFailure, Action};
use crate::clock::derived_id;
use crate::execution::{Room, StepView};
use crate::files::StepFiles;
use crate::sign_in::{SignIn, Unsent};

/// What the requests of a step share.
pub(super) struct Asking<'a> {
    pub(super) node: &'a Parameters,
    pub(super) client: &'a HttpClient,
    pub(super) sign_in: Option<SignIn<'a>>,
    pub(super) files: StepFiles,
    pub(super) step: Arc<StepView>,
    /// How many bytes may still come.
    pub(super) room: Room,
    /// Hosts that may not be reached.
    pub(super) refused: Vec<String>,
    /// How many requests were answered as they should.
    pub(super) answered: usize,
}

/// One request: of which item, for which page.
#[derive(Clone, Copy)]
struct Place {
    index: usize,
    page: usize,
}

impl Asking<'_> {
    /// What item `index` asks for.
    pub(super) async fn items(&mut self, index: usize) -> Result<Vec<Item>, ActFailure> {
        let request = self.request(index)?;
        if self.node.options.pagination.mode != PageMode::Off {
            return self.pages(index, request).await;
        }
        let answered = self.answer(request, Place { index, page: 0 }).await?;
        self.node.judge(&answered.response)?;
        let body = self.node.body_of(&answered.response);
        Ok(self.made(index, answered, body)?)
    }

    /// All pages, one after the other. Nothing is kept of them but their items and the last answer.
    async fn pages(&mut self, index: usize, first: Request) -> Result<Vec<Item>, ActFailure> {
        let (node, step) = (self.node, Arc::clone(&self.step));
        let at = (step.as_ref() as &dyn Step, index);
        let pagination = &node.options.pagination;
        let limits = pagination.limits(at.0, index)?;
        let (mut made, mut seen) = (Vec::new(), Seen::nothing(&first));
        for page in 0..MOST_PAGES {
            let Some(request) = pagination.next(&first, at, &seen)? else { return Ok(made) };
            if page > 0 {
                rest(&step, limits.pause).await;
            }
            let answered = self.answer(request, Place { index, page }).await?;
            let body = node.body_of(&answered.response);
            seen.add(&answered.response, &body)?;
            let is_complete = match &answered.file {
                Some(file) if file.size == 0 => true,
                _ => pagination.is_complete(at, &seen, &answered.response)?,
            };
            if !is_complete || !pagination.ends_by_failure() {
                node.judge(&answered.response)?;
            }
            made.extend(self.made(index, answered, body)?);
            if is_complete || page + 1 >= limits.pages {
                return Ok(made);
            }
        }
        Err(endless().into())
    }

    /// The request of an item, with its files.
    fn request(&self, index: usize) -> Result<Request, NodeError> {
        let step = self.step.as_ref();
        let mut request = self.node.request(step, index)?;
        let boundary = key_of(step, Place { index, page: 0 });
        self.node.put_files(&mut request, (step, index), (&self.files, &boundary))?;
        Ok(request)
    }

    /// Sends one request. A host that may not be reached is remembered.
    async fn answer(&mut self, mut request: Request, place: Place) -> Result<Answered, ActFailure> {
        let retried = self.node.retried();
        if self.node.options.idempotency_key {
            request.headers.push(("idempotency-key".into(), key_of(&self.step, place)));
        }
        let opened = match &self.sign_in {
            Some(sign_in) => sign_in.open(self.client, request).await,
            None => self.client.open(request).await.map_err(Unsent::from),
        };
        let opened = opened.map_err(|unsent| {
            if let Some(host) = refused_host(&unsent)
                && !self.refused.contains(host)
            {
                self.refused.push(host.clone());
            }
            not_answered(unsent, retried)
        })?;
        let answered = self.node.receive(opened, &self.files, |error| no_answer(error, retried)).await?;
        let length = answered.response.body.len();
        self.room.take(length).map_err(|full| ActFailure::ending(NodeError::from(full)))?;
        Ok(answered)
    }

    fn made(&mut self, index: usize, answered: Answered, body: Value) -> Result<Vec<Item>, NodeError> {
        let items = match answered.file {
            Some(file) => vec![self.node.with_answer(self.step.as_ref(), index, (&answered.response, file))?],
            None => self.node.items_of((self.step.as_ref(), index), &answered.response, body)?,
        };
        self.answered += 1;
        Ok(items)
    }
}

/// The same for every attempt of the same request, and for nothing else.
fn key_of(step: &StepView, place: Place) -> String {
    let mut parts = [step.iteration.to_be_bytes(), (place.index as u32).to_be_bytes()].concat();
    if place.page > 0 {
        parts.extend_from_slice(&(place.page as u32).to_be_bytes());
    }
    derived_id("request", &[step.info.execution.0.as_bytes(), step.node().id.0.as_bytes(), &parts]).to_string()
}

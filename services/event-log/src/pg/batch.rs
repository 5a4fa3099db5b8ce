//! Many callers' appends as the arrays of one `append_events` call.

use std::collections::HashMap;

use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;
use weft_model::{CredentialId, Position, StreamId, StreamVersion, TenantId, TimerId, WorkflowId};

use super::chain;
use super::prepare::{Prepared, StoredCompanion, stored_actor};
use crate::{AppendError, Appended, Expected, LogFault};

/// How `append_events` answers: a place or a refusal per caller, in the order of the batch.
type Answers = (Vec<Option<i64>>, Vec<i32>, Vec<Option<Json<Refusal>>>);

/// Requests in the order of their tenants, with the tenants and streams that they name once each.
pub(super) struct Batch<'a> {
    requests: Vec<&'a Prepared>,
    tenants: Vec<TenantId>,
    streams: Vec<StreamId>,
    stream_tenants: Vec<i32>,
    request_streams: Vec<i32>,
}

/// Whether a batch was sent before. Only then are the answers of an earlier call looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sending {
    First,
    Again,
}

/// Why `append_events` refused one caller.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum Refusal {
    Conflict { actual: u32 },
    NameTaken { scope: String, name: String, owner: Uuid },
    Duplicate { key: String, stream: StreamId, first: Position },
    TimerGone { timer: TimerId },
    QuotaExceeded { counter: String, used: i64, limit: i64 },
    SecretInUse { credential: CredentialId, workflows: Vec<WorkflowId> },
    SecretMissing { credential: CredentialId },
}

impl<'a> Batch<'a> {
    /// `requests` must be in the order of their tenants.
    pub(super) fn new(requests: Vec<&'a Prepared>) -> Self {
        let mut batch = Self {
            tenants: Vec::new(),
            streams: Vec::with_capacity(requests.len()),
            stream_tenants: Vec::with_capacity(requests.len()),
            request_streams: Vec::with_capacity(requests.len()),
            requests: Vec::new(),
        };
        let mut slots = HashMap::with_capacity(requests.len());
        for request in &requests {
            if batch.tenants.last() != Some(&request.tenant) {
                batch.tenants.push(request.tenant);
            }
            let slot = *slots.entry((request.tenant, request.stream)).or_insert_with(|| {
                batch.streams.push(request.stream);
                batch.stream_tenants.push(batch.tenants.len() as i32);
                batch.streams.len() as i32
            });
            batch.request_streams.push(slot);
        }
        batch.requests = requests;
        batch
    }

    /// Sends the batch. Sending the same batch of the same writer again appends nothing twice and answers the same.
    pub(super) async fn send(
        &self,
        connection: &mut PgConnection,
        (writer, number): (Uuid, i64),
        sending: Sending,
    ) -> Result<Vec<Result<Appended, AppendError>>, sqlx::Error> {
        let answers = self.query((writer, number), sending).fetch_one(connection).await?;
        Ok(self.answers(answers))
    }

    fn query(
        &self,
        (writer, number): (Uuid, i64),
        sending: Sending,
    ) -> sqlx::query::QueryAs<'_, sqlx::Postgres, Answers, sqlx::postgres::PgArguments> {
        let requests = &self.requests;
        let events = || requests.iter().flat_map(|request| &request.events);
        let companions: Vec<Json<&StoredCompanion>> =
            requests.iter().flat_map(|request| &request.companions).map(Json).collect();
        let event_requests: Vec<i32> = (1_i32..)
            .zip(requests)
            .flat_map(|(place, request)| std::iter::repeat_n(place, request.events.len()))
            .collect();
        let event_ordinals: Vec<i32> = requests.iter().flat_map(|request| 1..=request.events.len() as i32).collect();
        sqlx::query_as(
            "select firsts, versions, refusals from append_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, \
             $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30)",
        )
        .bind(writer)
        .bind(number)
        .bind(sending == Sending::Again)
        .bind(self.tenants.iter().map(|tenant| tenant.0).collect::<Vec<_>>())
        .bind(self.tenants.iter().map(|tenant| chain::start(tenant.0)).collect::<Vec<_>>())
        .bind(&self.stream_tenants)
        .bind(self.streams.iter().map(|stream| stream.0).collect::<Vec<_>>())
        .bind(self.streams.iter().map(|stream| chain::of_stream(stream.0)).collect::<Vec<_>>())
        .bind(&self.request_streams)
        .bind(self.of_requests(|request| expected(request.expected)))
        .bind(self.of_requests(|request| request.events.len() as i32))
        .bind(self.of_requests(|request| request.companions.len() as i32))
        .bind(self.of_requests(|request| stored_actor(request.actor).0))
        .bind(self.of_requests(|request| stored_actor(request.actor).1))
        .bind(self.of_requests(|request| request.correlation.0))
        .bind(self.of_requests(|request| request.causation.map(|position| position.0 as i64)))
        .bind(self.of_requests(|request| request.key))
        .bind(self.of_requests(|request| request.payload.as_ref().map(|payload| payload.id.0)))
        .bind(self.of_requests(|request| {
            request.payload.as_ref().map(|payload| jiff_sqlx::Timestamp::from(payload.expires_at))
        }))
        .bind(self.of_requests(|request| request.payload.as_ref().map(|payload| payload.data.as_slice())))
        .bind(self.of_requests(|request| request.payload.as_ref().map(|payload| payload.digest.as_slice())))
        .bind(event_requests)
        .bind(event_ordinals)
        .bind(events().map(|event| event.wire_type).collect::<Vec<_>>())
        .bind(events().map(|event| event.wire_version).collect::<Vec<_>>())
        .bind(events().map(|event| event.body.as_slice()).collect::<Vec<_>>())
        .bind(events().map(|event| event.uses_payload).collect::<Vec<_>>())
        .bind(events().map(|event| event.link_type.as_slice()).collect::<Vec<_>>())
        .bind(events().map(|event| event.link_end.as_slice()).collect::<Vec<_>>())
        .bind(companions)
    }

    fn of_requests<T>(&self, field: impl Fn(&'a Prepared) -> T) -> Vec<T> {
        self.requests.iter().map(|request| field(request)).collect()
    }

    fn answers(&self, (firsts, versions, refusals): Answers) -> Vec<Result<Appended, AppendError>> {
        let answers = firsts.into_iter().zip(versions).zip(refusals);
        self.requests.iter().zip(answers).map(|(request, answer)| request.answer(answer)).collect()
    }
}

impl Prepared {
    fn answer(&self, answer: ((Option<i64>, i32), Option<Json<Refusal>>)) -> Result<Appended, AppendError> {
        match answer {
            ((Some(first), version), None) => {
                let first = Position(first as u64);
                let last = Position(first.0 + self.events.len() as u64 - 1);
                Ok(Appended { first, last, version: StreamVersion(version as u32) })
            }
            (_, Some(Json(refusal))) => Err(self.refused(refusal)),
            ((None, _), None) => Err(LogFault::Malformed("an append was neither made nor refused").into()),
        }
    }

    fn refused(&self, refusal: Refusal) -> AppendError {
        match refusal {
            Refusal::Conflict { actual } => {
                AppendError::Conflict { stream: self.stream, expected: self.expected, actual: StreamVersion(actual) }
            }
            Refusal::NameTaken { scope, name, owner } => AppendError::NameTaken { scope, name, owner },
            Refusal::Duplicate { key, stream, first } => AppendError::Duplicate { key, stream, first },
            Refusal::TimerGone { timer } => AppendError::TimerGone { timer },
            Refusal::QuotaExceeded { counter, used, limit } => AppendError::QuotaExceeded { counter, used, limit },
            Refusal::SecretInUse { credential, workflows } => AppendError::SecretInUse { credential, workflows },
            Refusal::SecretMissing { credential } => AppendError::SecretMissing { credential },
        }
    }
}

fn expected(expected: Expected) -> i32 {
    match expected {
        Expected::Any => -1,
        Expected::NoStream => 0,
        Expected::Exactly(version) => version.0 as i32,
    }
}

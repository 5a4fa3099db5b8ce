//! Why a mutation had no effect: types, not only sentences.

use async_graphql::{Context, Interface, Result, SimpleObject};

use crate::fault::mask;
use crate::id::plain;
use crate::ports::{Done, Outcome, Refusal, Rejected};
use crate::problem::Problem;
use crate::scalars::Position;

/// Why a mutation had no effect.
#[derive(Interface)]
#[graphql(
    field(name = "message", ty = "&String", desc = "A sentence for people."),
    field(name = "field", ty = "&Option<Vec<String>>", desc = "The path of the input's field that it is about."),
    field(name = "code", ty = "&String", desc = "A word for programs.")
)]
pub(crate) enum UserError {
    Rejection(Rejection),
    EditConflict(EditConflict),
    PublishRefused(PublishRefused),
    Overloaded(Overloaded),
}

/// A rule of the domain refused the command; nothing was changed.
#[derive(SimpleObject)]
pub(crate) struct Rejection {
    message: String,
    field: Option<Vec<String>>,
    code: String,
}

/// Another person changed the same thing after `seen`.
#[derive(SimpleObject)]
pub(crate) struct EditConflict {
    message: String,
    field: Option<Vec<String>>,
    code: String,
    node_id: Option<async_graphql::ID>,
    current_version: i32,
}

/// What stands in the way of publishing.
#[derive(SimpleObject)]
pub(crate) struct PublishRefused {
    message: String,
    field: Option<Vec<String>>,
    code: String,
    problems: Vec<Problem>,
}

/// Too much work at once; try again after the given time.
#[derive(SimpleObject)]
pub(crate) struct Overloaded {
    message: String,
    field: Option<Vec<String>>,
    code: String,
    retry_after_ms: i32,
}

impl UserError {
    /// The thing that the mutation is about does not exist here.
    pub(crate) fn not_found(what: &str) -> Self {
        Self::Rejection(Rejection {
            message: format!("There is no such {what}."),
            field: None,
            code: "not_found".to_owned(),
        })
    }

    /// An input that cannot mean anything.
    pub(crate) fn bad_input(field: &[&str], message: &str) -> Self {
        Self::Rejection(Rejection {
            message: message.to_owned(),
            field: Some(field.iter().map(|&part| part.to_owned()).collect()),
            code: "bad_input".to_owned(),
        })
    }

    /// A rule of the domain said no.
    pub(crate) fn rejected(rejected: Rejected) -> Self {
        let Rejected { code, message, field } = rejected;
        Self::Rejection(Rejection { message, field, code })
    }

    /// What a client is told of a refusal; a fault becomes a masked error instead.
    pub(crate) fn of(context: &Context<'_>, refusal: Refusal, what: &str) -> Result<Self> {
        Ok(match refusal {
            Refusal::Rejected(rejected) => Self::rejected(rejected),
            Refusal::EditConflict { rejected, node, current } => Self::EditConflict(EditConflict {
                message: rejected.message,
                field: rejected.field,
                code: rejected.code,
                node_id: node.map(plain),
                current_version: current.0 as i32,
            }),
            Refusal::PublishRefused(problems) => Self::PublishRefused(PublishRefused {
                message: "The draft cannot be published yet.".to_owned(),
                field: None,
                code: "publish_refused".to_owned(),
                problems: problems.into_iter().map(Problem::from).collect(),
            }),
            Refusal::Overloaded { retry_after_ms } => Self::Overloaded(Overloaded {
                message: "Too much is going on at once. Try again in a moment.".to_owned(),
                field: None,
                code: "overloaded".to_owned(),
                retry_after_ms: i32::try_from(retry_after_ms).unwrap_or(i32::MAX),
            }),
            Refusal::NotFound => Self::not_found(what),
            Refusal::Fault(fault) => return Err(mask(context, &fault)),
        })
    }
}

/// What a payload is made of: the value and position of what was done, or the errors.
pub(crate) struct Told<T> {
    pub value: Option<T>,
    pub position: Option<Position>,
    pub errors: Vec<UserError>,
}

impl<T> Told<T> {
    pub(crate) fn error(error: UserError) -> Self {
        Self { value: None, position: None, errors: vec![error] }
    }
}

/// Tells an outcome.
pub(crate) fn told<T>(context: &Context<'_>, outcome: Outcome<T>, what: &str) -> Result<Told<T>> {
    match outcome {
        Ok(Done { value, position }) => {
            Ok(Told { value: Some(value), position: Some(position.into()), errors: Vec::new() })
        }
        Err(refusal) => Ok(Told::error(UserError::of(context, refusal, what)?)),
    }
}

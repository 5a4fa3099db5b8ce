//! How the faults of the log, the read side and the engine look through the ports.

use weft_engine::StartError;
use weft_event_log::{AppendError, LogFault};
use weft_graphql::ports::{Fault, Refusal, Rejected};

use weft_projections::QueryFault;

use super::store::{CommandFault, StreamFault};

/// A fault of the log.
pub fn log(fault: LogFault) -> Fault {
    if fault.is_unavailable() { Fault::Unavailable(Box::new(fault)) } else { Fault::Internal(Box::new(fault)) }
}

/// A fault of a stream.
pub fn stream(fault: StreamFault) -> Fault {
    match fault {
        StreamFault::Log(fault) => log(fault),
        StreamFault::Decode(error) => Fault::Internal(Box::new(error)),
    }
}

/// A fault of the read side.
pub fn reading(fault: QueryFault) -> Fault {
    match fault {
        QueryFault::Unavailable(error) => Fault::Unavailable(Box::new(error)),
        QueryFault::Database(error) => database(error),
        QueryFault::Json(error) => Fault::Internal(Box::new(error)),
    }
}

/// A statement that failed.
pub fn database(error: sqlx::Error) -> Fault {
    if weft_scope::is_unavailable(&error) {
        Fault::Unavailable(Box::new(error))
    } else {
        Fault::Internal(Box::new(error))
    }
}

/// A start that did not happen.
pub fn start(error: StartError) -> Refusal {
    match error {
        StartError::Overloaded { retry_after } => {
            Refusal::Overloaded { retry_after_ms: u64::try_from(retry_after.as_millis()).unwrap_or(u64::MAX) }
        }
        StartError::Stopping => Refusal::Overloaded { retry_after_ms: 2_000 },
        StartError::UnknownWorkflow => Refusal::NotFound,
        StartError::UnknownTrigger | StartError::Duplicate { .. } | StartError::Lost => {
            Refusal::Rejected(Rejected { code: "not_started".into(), message: error.to_string(), field: None })
        }
        StartError::Unavailable => Refusal::Fault(Fault::Unavailable(Box::new(error))),
        StartError::Refused(_) | StartError::Definition(_) => Refusal::Fault(Fault::Internal(Box::new(error))),
    }
}

/// An append that was refused for no rule of the command's own.
pub fn append(error: AppendError) -> Refusal {
    match error {
        AppendError::NameTaken { ref name, .. } => Refusal::Rejected(Rejected {
            code: "name_taken".into(),
            message: format!("“{name}” is taken already. Choose another name."),
            field: Some(vec!["name".into()]),
        }),
        AppendError::QuotaExceeded { ref counter, used, limit } => Refusal::Rejected(Rejected {
            code: "quota_exceeded".into(),
            message: format!("The quota {counter} is used up: {used} of {limit}."),
            field: None,
        }),
        AppendError::TooLarge { what, size, limit } => Refusal::Rejected(Rejected {
            code: "too_large".into(),
            message: format!("{what} has {size} bytes; at most {limit} are allowed."),
            field: None,
        }),
        AppendError::Overloaded => Refusal::Overloaded { retry_after_ms: 1_000 },
        AppendError::Unavailable(_) | AppendError::InDoubt => Refusal::Fault(Fault::Unavailable(Box::new(error))),
        AppendError::Fault(fault) => Refusal::Fault(log(fault)),
        AppendError::Conflict { .. }
        | AppendError::Duplicate { .. }
        | AppendError::TimerGone { .. }
        | AppendError::Malformed(_) => Refusal::Fault(Fault::Internal(Box::new(error))),
    }
}

/// A command that did nothing; `rejected` says how a rule's refusal looks.
pub fn command<R: std::error::Error + Send + Sync + 'static>(
    fault: CommandFault<R>,
    rejected: impl FnOnce(R) -> Refusal,
) -> Refusal {
    match fault {
        CommandFault::Rejected(rejection) => rejected(rejection),
        CommandFault::Append(error) => append(error),
        CommandFault::Log(fault) => Refusal::Fault(log(fault)),
        CommandFault::Decode(error) => Refusal::Fault(Fault::Internal(Box::new(error))),
        CommandFault::Contended => Refusal::Overloaded { retry_after_ms: 200 },
    }
}

/// A rule's refusal as the contract shows it.
pub fn rejected(rejection: impl Into<weft_model::Rejection>) -> Refusal {
    let rejection = rejection.into();
    let field = rejection.field();
    Refusal::Rejected(Rejected {
        code: rejection.code().to_owned(),
        message: rejection.to_string(),
        field: (!field.is_empty()).then_some(field),
    })
}

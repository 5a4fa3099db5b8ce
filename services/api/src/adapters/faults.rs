//! How the faults of the log, the read side and the engine look through the ports.

use std::error::Error;

use weft_engine::{CancelError, CompileError, DefinitionFault, RetryError, StartError};
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

/// Whether something failed because the database is away. The engine's faults carry ours in a box, so that their sources are
/// looked through.
pub fn is_away(fault: &(dyn Error + 'static)) -> bool {
    let mut next = Some(fault);
    while let Some(fault) = next {
        let is_away = fault.is::<weft_scope::Unavailable>()
            || fault.downcast_ref().is_some_and(weft_scope::is_unavailable)
            || matches!(fault.downcast_ref(), Some(AppendError::Unavailable(_) | AppendError::InDoubt));
        if is_away {
            return true;
        }
        next = fault.source();
    }
    false
}

/// A fault that says itself whether the database is away.
pub fn of(fault: impl Error + Send + Sync + 'static) -> Fault {
    if is_away(&fault) { Fault::Unavailable(Box::new(fault)) } else { Fault::Internal(Box::new(fault)) }
}

/// A definition that cannot be had.
pub fn definition(fault: DefinitionFault) -> Refusal {
    Refusal::Fault(of(fault))
}

/// A version that cannot be compiled.
pub fn compile(error: CompileError) -> Refusal {
    match error {
        CompileError::Unknown => Refusal::NotFound,
        CompileError::Definition(fault) => definition(fault),
    }
}

/// An execution that was not cancelled.
pub fn cancel(error: CancelError) -> Refusal {
    match error {
        CancelError::NotFound => Refusal::NotFound,
        CancelError::Ended => not_done("execution_ended", &error),
        CancelError::Busy => Refusal::Overloaded { retry_after_ms: 200 },
        CancelError::Append(error) => append(*error),
        CancelError::Unreadable(_) => Refusal::Fault(of(error)),
    }
}

/// An execution that was not repeated.
pub fn retry(error: RetryError) -> Refusal {
    match error {
        RetryError::NotFound => Refusal::NotFound,
        RetryError::NotRetryable => not_done("not_retryable", &error),
        RetryError::Start(error) => start(error),
        RetryError::Unreadable(_) => Refusal::Fault(of(error)),
    }
}

fn not_done(code: &str, error: &dyn Error) -> Refusal {
    Refusal::Rejected(Rejected { code: code.to_owned(), message: error.to_string(), field: None })
}

/// A start that did not happen.
pub fn start(error: StartError) -> Refusal {
    match error {
        StartError::Overloaded { retry_after } => {
            Refusal::Overloaded { retry_after_ms: u64::try_from(retry_after.as_millis()).unwrap_or(u64::MAX) }
        }
        StartError::Stopping => Refusal::Overloaded { retry_after_ms: 2_000 },
        StartError::UnknownWorkflow => Refusal::NotFound,
        StartError::UnknownTrigger
        | StartError::NoPath
        | StartError::NotReusable
        | StartError::TooDeep
        | StartError::Duplicate { .. }
        | StartError::Lost
        | StartError::NotUnderstood(_)
        | StartError::Unwanted(_)
        | StartError::Files(_) => {
            Refusal::Rejected(Rejected { code: "not_started".into(), message: error.to_string(), field: None })
        }
        StartError::Unavailable | StartError::InDoubt => Refusal::Fault(Fault::Unavailable(Box::new(error))),
        StartError::Definition(fault) => definition(fault),
        StartError::Refused(_) => Refusal::Fault(Fault::Internal(Box::new(error))),
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
        AppendError::SecretInUse { .. } => Refusal::Rejected(Rejected {
            code: "credential_in_use".into(),
            message: "A published workflow uses this credential.".into(),
            field: None,
        }),
        AppendError::SecretMissing { .. } => Refusal::Rejected(Rejected {
            code: "credential_missing".into(),
            message: "A credential that this workflow signs in with was deleted. Choose another one in its nodes, then publish it."
                .into(),
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

#[cfg(test)]
mod tests {
    use super::super::store::StreamFault;
    use super::*;

    fn away() -> LogFault {
        LogFault::Unavailable(sqlx::Error::PoolTimedOut.into())
    }

    #[test]
    fn a_database_that_is_away_shows_through_whatever_box_it_comes_in() {
        assert!(is_away(&DefinitionFault(Box::new(away()))));
        assert!(is_away(&DefinitionFault(Box::new(StreamFault::Log(away())))));
        assert!(is_away(&CancelError::Unreadable(Box::new(away()))));
        let reading = QueryFault::Unavailable(sqlx::Error::PoolTimedOut.into());
        assert!(is_away(&RetryError::Unreadable(Box::new(reading))));
        assert!(!is_away(&DefinitionFault(Box::new(sqlx::Error::RowNotFound))));
    }

    #[test]
    fn a_definition_fault_is_unavailable_only_while_the_database_is_away() {
        let refusal = start(StartError::Definition(DefinitionFault(Box::new(away()))));
        assert!(matches!(refusal, Refusal::Fault(Fault::Unavailable(_))));
        let refusal = compile(CompileError::Definition(DefinitionFault(Box::new(sqlx::Error::RowNotFound))));
        assert!(matches!(refusal, Refusal::Fault(Fault::Internal(_))));
        assert!(matches!(compile(CompileError::Unknown), Refusal::NotFound));
    }
}

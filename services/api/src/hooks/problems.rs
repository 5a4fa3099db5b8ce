//! What stands in the way of a call, as whoever called is told.

use weft_engine::{CheckFault, NotOpened, StartError};

use crate::adapters::is_away;
use crate::context::logged;
use crate::problem::Problem;

pub fn unknown_path(path: &str) -> Problem {
    let shown: String = path.chars().filter(|c| !c.is_control()).take(200).collect();
    Problem::not_found(
        "unknown_webhook",
        format!("No published workflow listens at \"{shown}\". Compare it with the address in the editor."),
    )
}

pub fn wrong_method(allowed: &str, method: &str) -> Problem {
    Problem::method_not_allowed(allowed, format!("This webhook is called with {allowed}, not with {method}."))
}

pub fn start_problem(error: &StartError) -> Problem {
    match error {
        StartError::Overloaded { retry_after } => Problem::overloaded(*retry_after, error.to_string()),
        StartError::Stopping | StartError::Unavailable | StartError::InDoubt | StartError::Lost => {
            Problem::unavailable(error.to_string())
        }
        StartError::UnknownWorkflow | StartError::UnknownTrigger | StartError::NoPath | StartError::NotReusable => {
            Problem::not_found("unknown_webhook", error.to_string())
        }
        StartError::NotUnderstood(_) => Problem::bad_request("invalid_message", error.to_string()),
        // Whoever calls is answered before it comes to this.
        StartError::Unwanted(_) => Problem::not_found("unknown_webhook", error.to_string()),
        StartError::TooDeep => Problem::bad_request("too_deep", error.to_string()),
        StartError::Definition(fault) if is_away(fault) => {
            Problem::unavailable("The database is not available right now. Try again in a moment.")
        }
        StartError::Duplicate { .. } | StartError::Refused(_) | StartError::Definition(_) | StartError::Files(_) => {
            logged(error)
        }
    }
}

pub fn check_problem(fault: &CheckFault) -> Problem {
    match fault {
        CheckFault::Compile(weft_engine::CompileError::Unknown) => {
            Problem::not_found("unknown_webhook", fault.to_string())
        }
        CheckFault::NotOpened(NotOpened::Unavailable(_)) => {
            Problem::unavailable("The database is not available right now. Try again in a moment.")
        }
        CheckFault::Compile(weft_engine::CompileError::Definition(cause)) if is_away(cause) => {
            Problem::unavailable("The database is not available right now. Try again in a moment.")
        }
        CheckFault::NotOpened(NotOpened::Missing) | CheckFault::WrongType | CheckFault::NoCredentials => {
            Problem::forbidden("caller_refused", "The credential of this webhook is gone, so that nobody is let in.")
        }
        CheckFault::Compile(_) | CheckFault::NotOpened(_) => logged(fault),
    }
}

pub fn log_problem(fault: &weft_event_log::LogFault) -> Problem {
    if fault.is_unavailable() {
        Problem::unavailable("The database is not available right now. Try again in a moment.")
    } else {
        logged(fault)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::ResponseError;
    use actix_web::http::StatusCode;
    use actix_web::http::header::RETRY_AFTER;
    use weft_engine::{CompileError, DefinitionFault};

    use super::*;

    #[test]
    fn a_definition_that_cannot_be_read_while_the_database_is_away_is_worth_another_try() {
        let away = weft_event_log::LogFault::Unavailable(sqlx::Error::PoolTimedOut.into());
        let problem = start_problem(&StartError::from(CompileError::Definition(DefinitionFault(Box::new(away)))));
        let response = problem.error_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(response.headers().contains_key(RETRY_AFTER));
        let broken = DefinitionFault(Box::new(sqlx::Error::RowNotFound));
        assert_eq!(start_problem(&StartError::Definition(broken)).status_code(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(start_problem(&CompileError::Unknown.into()).status_code(), StatusCode::NOT_FOUND);
    }
}

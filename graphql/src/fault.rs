//! Our failures, as clients see them: a correlation id and nothing else. What happened is in the log, once.

use std::sync::Arc;

use async_graphql::{Context, Error, ErrorExtensions};
use tracing::error;
use weft_projections::QueryFault;

use crate::ports;
use crate::session::request;

/// A fault that may pass, or not.
pub(crate) trait Masked: std::error::Error {
    fn is_unavailable(&self) -> bool;
}

impl Masked for QueryFault {
    fn is_unavailable(&self) -> bool {
        match self {
            Self::Unavailable(_) => true,
            Self::Database(error) => weft_scope::is_unavailable(error),
            Self::Json(_) => false,
        }
    }
}

impl Masked for ports::Fault {
    fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

/// Faults cross a data loader, which gives each waiting field a copy.
impl<F: Masked> Masked for Arc<F> {
    fn is_unavailable(&self) -> bool {
        F::is_unavailable(self)
    }
}

/// Logs the fault and tells the client only where to look for it.
pub(crate) fn mask(context: &Context<'_>, fault: &impl Masked) -> Error {
    let correlation = request(context).map(|request| request.correlation.to_string()).unwrap_or_default();
    let tenant = request(context).map(|request| request.tenant.to_string()).unwrap_or_default();
    error!(
        correlation.id = correlation,
        tenant.id = tenant,
        error = chain(fault),
        field = context.path_node.map(|node| node.to_string()),
        "A field could not be answered"
    );
    let (message, code) = if fault.is_unavailable() {
        ("The database cannot be reached right now. Try again in a moment.", "UNAVAILABLE")
    } else {
        ("Something failed on our side. Tell support the correlation id if it goes on.", "INTERNAL")
    };
    Error::new(message).extend_with(|_, extensions| {
        extensions.set("code", code);
        extensions.set("correlationId", correlation.as_str());
    })
}

fn chain(fault: &dyn std::error::Error) -> String {
    let mut text = fault.to_string();
    let mut source = fault.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// A refusal that concerns the request itself, with a code for programs.
pub(crate) fn refused(code: &'static str, message: impl Into<String>) -> Error {
    Error::new(message).extend_with(|_, extensions| extensions.set("code", code))
}

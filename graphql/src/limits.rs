//! How much one request may ask for. A refusal names the limit.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextParseQuery, NextValidation};
use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{ErrorExtensionValues, ServerError, ServerResult, ValidationResult, Variables};

/// How much one request may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How deep fields may nest.
    pub depth: usize,
    /// How many fields may be answered, where a list counts as often as it has rows at most.
    pub complexity: usize,
    /// How long the text of a document may be, in bytes.
    pub document_bytes: usize,
    /// How many directives one field may have.
    pub directives: usize,
    /// How long questions of one answer are gathered before they are asked in one statement.
    pub gathering: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 16,
            complexity: 25_000,
            document_bytes: 64 * 1024,
            directives: 8,
            gathering: Duration::from_millis(1),
        }
    }
}

/// The cost of a connection: its rows, each with its fields.
pub(crate) fn page(first: Option<i32>, last: Option<i32>, child: usize) -> usize {
    let rows = first.or(last).unwrap_or(50).clamp(1, crate::paging::MAX_PAGE) as usize;
    1 + rows * child
}

/// Refuses documents that are too long, and names the limit in every refusal.
pub(crate) struct NamedLimits(pub Limits);

impl ExtensionFactory for NamedLimits {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self(self.0))
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for NamedLimits {
    async fn parse_query(
        &self,
        context: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        if query.len() > self.0.document_bytes {
            return Err(too_much("DOCUMENT_TOO_LARGE", "The document is too large", self.0.document_bytes, "bytes"));
        }
        next.run(context, query, variables).await
    }

    async fn validation(
        &self,
        context: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        next.run(context).await.map_err(|errors| errors.into_iter().map(|error| self.named(error)).collect())
    }
}

impl NamedLimits {
    /// async-graphql says that a limit was passed, not which one it is.
    fn named(&self, error: ServerError) -> ServerError {
        match error.message.as_str() {
            "Query is too complex." => {
                too_much("TOO_COMPLEX", "The query asks for too much at once", self.0.complexity, "fields")
            }
            "Query is nested too deep." => too_much("TOO_DEEP", "The query nests too deep", self.0.depth, "levels"),
            _ => error,
        }
    }
}

fn too_much(code: &str, what: &str, limit: usize, unit: &str) -> ServerError {
    let mut error = ServerError::new(format!("{what}: the limit is {limit} {unit}."), None);
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code);
    extensions.set("limit", limit as u64);
    error.extensions = Some(extensions);
    error
}

//! How much one request may ask for. A refusal names the limit.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextParseQuery, NextValidation};
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
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

/// How many node kinds the catalogue may come to have before its cost has to be thought of anew.
pub const NODE_KINDS: usize = 100;
/// As [`NODE_KINDS`], for types of credentials.
pub const CREDENTIAL_TYPES: usize = 50;
/// As [`NODE_KINDS`], for what expressions have to offer.
pub const EXPRESSION_ENTRIES: usize = 700;

/// The cost of a list that has about as many elements for everybody.
pub(crate) fn list(elements: usize, child: usize) -> usize {
    1 + elements * child
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
        let document = next.run(context, query, variables).await.map_err(unreadable)?;
        if selections(&document) > self.0.complexity {
            return Err(self.too_complex());
        }
        Ok(document)
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
            "Query is too complex." => self.too_complex(),
            "Query is nested too deep." => too_much("TOO_DEEP", "The query nests too deep", self.0.depth, "levels"),
            _ => error,
        }
    }

    fn too_complex(&self) -> ServerError {
        too_much("TOO_COMPLEX", "The query asks for too much at once", self.0.complexity, "fields")
    }
}

/// How many selections a document has with each fragment written out wherever it is spread. The rules of the validation walk
/// through all of them, so that this comes first: a kilobyte of fragments that each spread the next one twice is billions.
fn selections(document: &ExecutableDocument) -> usize {
    let mut counted = HashMap::new();
    let all = document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node);
    all.fold(0, |sum, set| sum.saturating_add(expanded(document, set, &mut counted)))
}

/// The selections of a set. A fragment counts once it is known; one that spreads itself counts nothing there, and is refused by
/// the validation.
fn expanded<'a>(
    document: &'a ExecutableDocument,
    set: &'a SelectionSet,
    counted: &mut HashMap<&'a str, usize>,
) -> usize {
    let mut sum: usize = 0;
    for selection in &set.items {
        let inner = match &selection.node {
            Selection::Field(field) => expanded(document, &field.node.selection_set.node, counted),
            Selection::InlineFragment(inline) => expanded(document, &inline.node.selection_set.node, counted),
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                match (counted.get(name.as_str()), document.fragments.get(name)) {
                    (Some(known), _) => *known,
                    (None, None) => 0,
                    (None, Some(fragment)) => {
                        counted.insert(name.as_str(), 0);
                        let count = expanded(document, &fragment.node.selection_set.node, counted);
                        counted.insert(name.as_str(), count);
                        count
                    }
                }
            }
        };
        sum = sum.saturating_add(inner).saturating_add(1);
    }
    sum
}

/// The parser draws the line of the document that it could not read, which may be the whole document: what it says below the
/// drawing is enough, with the place that the error names.
fn unreadable(mut error: ServerError) -> ServerError {
    if let (Some((_, expected)), Some(place)) = (error.message.rsplit_once("= "), error.locations.first()) {
        let (line, column) = (place.line, place.column);
        let expected: String = expected.chars().take(200).collect();
        error.message = format!("The document cannot be read at line {line}, column {column}: {expected}.");
    }
    error
}

fn too_much(code: &str, what: &str, limit: usize, unit: &str) -> ServerError {
    let mut error = ServerError::new(format!("{what}: the limit is {limit} {unit}."), None);
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code);
    extensions.set("limit", limit as u64);
    error.extensions = Some(extensions);
    error
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn count(query: &str) -> usize {
        selections(&parse_query(query).unwrap())
    }

    #[test]
    fn fragments_count_wherever_they_are_spread() {
        assert_eq!(count("{ a b { c d } }"), 4);
        assert_eq!(count("{ a ...F ... on Q { b } } fragment F on Q { c d }"), 6);
        assert_eq!(count("{ a: x { ...F } b: x { ...F } } fragment F on Q { c d }"), 8);
        assert_eq!(count("{ ...F } fragment F on Q { a ...F }"), 3, "a circle is counted once");
        assert_eq!(count("{ ...Missing }"), 1);
    }

    #[test]
    fn fragments_that_double_each_other_are_counted_without_being_walked() {
        let doubling = |n: usize| format!("fragment F{n} on Q {{ ...F{next} ...F{next} }}", next = n + 1);
        let fragments: String = (0..200).map(doubling).collect();
        assert_eq!(count(&format!("{{ ...F0 }} {fragments} fragment F200 on Q {{ a }}")), usize::MAX);
    }
}

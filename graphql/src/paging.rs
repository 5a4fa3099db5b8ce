//! Relay connections (<https://relay.dev/graphql/connections.htm>): arguments in, pages out.

use async_graphql::connection::{Connection, CursorType, DefaultConnectionName, DefaultEdgeName, Edge, EmptyFields};
use async_graphql::{Context, Object, OutputType, Result};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use weft_projections::{Direction, Page, PageRequest};

use crate::fault::refused;
use crate::scalars::is_of_our_era;
use crate::session::{asked, reading, tenant};

/// The most rows in a page.
pub(crate) const MAX_PAGE: i32 = 200;
/// The rows of a page when nobody says how many.
const DEFAULT_PAGE: i32 = 50;

/// The arguments of every connection.
#[derive(Default)]
pub(crate) struct PageArguments {
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
}

impl PageArguments {
    /// The page that is asked for.
    pub(crate) fn read<C: CursorText>(&self) -> Result<PageRequest<C>> {
        let (direction, limit) = match (self.first, self.last) {
            (Some(_), Some(_)) => return Err(refused("BAD_PAGE", "Give either first or last, not both.")),
            (None, Some(last)) => (Direction::Backward, last),
            (first, None) => (Direction::Forward, first.unwrap_or(DEFAULT_PAGE)),
        };
        if !(0..=MAX_PAGE).contains(&limit) {
            return Err(refused(
                "BAD_PAGE",
                format!("first and last must be between 0 and {MAX_PAGE}; this is {limit}."),
            ));
        }
        Ok(PageRequest {
            limit: limit as u32,
            direction,
            after: cursor(self.after.as_ref())?,
            before: cursor(self.before.as_ref())?,
        })
    }
}

fn cursor<C: CursorText>(text: Option<&String>) -> Result<Option<C>> {
    let read = |text: &String| {
        C::read(text).ok_or_else(|| {
            refused("BAD_CURSOR", "This cursor is none of this list; take cursors from pageInfo or edges.")
        })
    };
    text.map(read).transpose()
}

/// A cursor as clients see it.
pub(crate) trait CursorText: Sized {
    fn write(&self) -> String;
    fn read(text: &str) -> Option<Self>;
}

fn write(value: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(value).unwrap_or_default())
}

fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

/// A moment of a cursor, as far as columns can hold it.
fn moment(microseconds: i64) -> Option<jiff::Timestamp> {
    jiff::Timestamp::from_microsecond(microseconds).ok().filter(|at| is_of_our_era(*at))
}

/// A text of a cursor. No column holds a NUL, so that none of our cursors has one.
fn name(text: String) -> Option<String> {
    (!text.contains('\0')).then_some(text)
}

impl CursorText for weft_projections::executions::Cursor {
    fn write(&self) -> String {
        write(&(self.queued_at.as_microsecond(), self.id))
    }

    fn read(text: &str) -> Option<Self> {
        let (at, id) = read(text)?;
        Some(Self { queued_at: moment(at)?, id })
    }
}

impl CursorText for weft_projections::members::Cursor {
    fn write(&self) -> String {
        write(&(self.joined_at.as_microsecond(), self.id))
    }

    fn read(text: &str) -> Option<Self> {
        let (at, id) = read(text)?;
        Some(Self { joined_at: moment(at)?, id })
    }
}

impl CursorText for weft_projections::workflows::Cursor {
    fn write(&self) -> String {
        write(&(&self.sort_name, self.changed_at.as_microsecond(), self.id))
    }

    fn read(text: &str) -> Option<Self> {
        let (sort_name, at, id) = read(text)?;
        Some(Self { sort_name: name(sort_name)?, changed_at: moment(at)?, id })
    }
}

impl CursorText for weft_projections::credentials::Cursor {
    fn write(&self) -> String {
        write(&(&self.sort_name, self.id))
    }

    fn read(text: &str) -> Option<Self> {
        let (sort_name, id) = read(text)?;
        Some(Self { sort_name: name(sort_name)?, id })
    }
}

impl CursorText for crate::variable::Name {
    fn write(&self) -> String {
        write(&self.0)
    }

    fn read(text: &str) -> Option<Self> {
        read(text).and_then(name).map(Self)
    }
}

impl CursorText for crate::audit::Place {
    fn write(&self) -> String {
        write(&self.0)
    }

    fn read(text: &str) -> Option<Self> {
        read(text).map(Self)
    }
}

/// What async-graphql puts into edges: the text is made when the page is.
pub(crate) struct Opaque(String);

impl CursorType for Opaque {
    type Error = std::convert::Infallible;

    fn decode_cursor(text: &str) -> Result<Self, Self::Error> {
        Ok(Self(text.to_owned()))
    }

    fn encode_cursor(&self) -> String {
        self.0.clone()
    }
}

/// What is counted when `totalCount` is asked for, and only then.
pub(crate) enum Total {
    Workflows(weft_projections::workflows::Filter),
    Executions(weft_projections::executions::Filter),
    Members,
    Variables,
    /// Of one type, where one is named.
    Credentials(Option<String>),
    Audit,
}

/// How many things a connection has in all.
#[Object]
impl Total {
    /// How many there are in all; the audit log, and executions filtered by time, are counted up to 10 000.
    async fn total_count(&self, context: &Context<'_>) -> Result<i32> {
        let tenant = tenant(context)?;
        let mut rows = reading(context).await?;
        let count = match self {
            Self::Workflows(filter) => weft_projections::workflows::count(tenant, &mut rows, filter).await,
            Self::Executions(filter) => weft_projections::executions::count(tenant, &mut rows, filter).await,
            Self::Members => weft_projections::members::count(tenant, &mut rows).await,
            Self::Variables => weft_projections::variables::count(tenant, &mut rows).await,
            Self::Credentials(kind) => weft_projections::credentials::count(tenant, &mut rows, kind.as_deref()).await,
            Self::Audit => weft_projections::audit::count(tenant, &mut rows).await,
        };
        Ok(i32::try_from(asked(context, count)?).unwrap_or(i32::MAX))
    }
}

/// A connection of this contract.
pub(crate) type Paged<T> = Connection<Opaque, T, Total, EmptyFields, DefaultConnectionName, DefaultEdgeName>;

/// The connection of a page.
pub(crate) fn connection<R, C, T>(page: Page<R>, total: Total, node: impl Fn(R) -> T) -> Paged<T>
where
    C: CursorText + for<'a> From<&'a R>,
    T: OutputType,
{
    let mut connection = Connection::with_additional_fields(page.has_previous, page.has_next, total);
    connection.edges.extend(page.rows.into_iter().map(|row| Edge::new(Opaque(C::from(&row).write()), node(row))));
    connection
}

//! Reading workflows.

use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};
use uuid::Uuid;
use weft_model::workflow::{Change, Definition};
use weft_model::{Actor, MemberId, Position, StreamVersion, TenantId, WorkflowId};

use crate::stored::{actor, actor_of, position, timestamptz};
use crate::{Page, PageRequest, QueryFault};

/// Whether a workflow's triggers start it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WorkflowState {
    /// It was never published.
    Draft,
    /// Its newest published version is executed.
    Published,
    /// It was published; its triggers start nothing for now.
    Paused,
}

impl WorkflowState {
    /// The word in the column `state`.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Paused => "paused",
        }
    }

    fn of_word(word: &str) -> Option<Self> {
        [Self::Draft, Self::Published, Self::Paused].into_iter().find(|state| state.word() == word)
    }
}

/// One workflow as the list shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkflowRow {
    /// The workflow.
    pub id: WorkflowId,
    /// Its name.
    pub name: String,
    /// Whether its triggers start it.
    pub state: WorkflowState,
    /// Whether it was put away.
    pub is_archived: bool,
    /// The version of its stream that made the draft what it is: the `seen` of the next edit.
    pub draft_version: StreamVersion,
    /// The number of its newest published version.
    pub published: Option<u32>,
    /// The draft that was published as that version.
    pub published_draft: Option<StreamVersion>,
    /// The kinds of the draft's nodes, each once.
    pub kinds: Vec<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When anything about it changed.
    pub changed_at: Timestamp,
    /// Who created it.
    pub owner: Option<MemberId>,
    /// The newest of its events.
    pub position: Position,
}

impl WorkflowRow {
    /// Whether the draft differs from what was published last; true for one that was never published.
    pub fn has_unpublished_changes(&self) -> bool {
        self.published_draft.is_none_or(|published| self.draft_version > published)
    }
}

/// Every column that [`from_columns`] reads.
macro_rules! columns {
    () => {
        "workflow_id, position, name, state, is_archived, draft_version, published_number, published_draft, kinds, created_at, \
         changed_at, owner_id"
    };
}
pub(super) use columns;

pub(super) fn from_columns(row: &PgRow) -> Result<WorkflowRow, sqlx::Error> {
    let state: String = row.try_get("state")?;
    let unknown = || sqlx::Error::ColumnDecode { index: "state".into(), source: "the word stands for no state".into() };
    let moment = |name: &str| row.try_get::<jiff_sqlx::Timestamp, _>(name).map(jiff_sqlx::Timestamp::to_jiff);
    let number = |name: &str| row.try_get::<Option<i32>, _>(name).map(|number| number.map(|number| number as u32));
    Ok(WorkflowRow {
        id: WorkflowId(row.try_get("workflow_id")?),
        name: row.try_get("name")?,
        state: WorkflowState::of_word(&state).ok_or_else(unknown)?,
        is_archived: row.try_get("is_archived")?,
        draft_version: StreamVersion(row.try_get::<i32, _>("draft_version")? as u32),
        published: number("published_number")?,
        published_draft: number("published_draft")?.map(StreamVersion),
        kinds: row.try_get("kinds")?,
        created_at: moment("created_at")?,
        changed_at: moment("changed_at")?,
        owner: row.try_get::<Option<Uuid>, _>("owner_id")?.map(MemberId),
        position: position(row.try_get("position")?),
    })
}

/// Which workflows a list holds; never those that were put away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those whose name holds this, whatever the case.
    pub search: Option<String>,
    /// Those in one of these states; every state when empty.
    pub states: Vec<WorkflowState>,
}

impl Filter {
    fn state_words(&self) -> Vec<&'static str> {
        self.states.iter().map(|state| state.word()).collect()
    }

    /// The search as part of a `like` pattern, its own `%` and `_` meaning themselves.
    fn pattern(&self) -> String {
        let mut pattern = String::from("%");
        for letter in self.search.as_deref().unwrap_or_default().trim().to_lowercase().chars() {
            if matches!(letter, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(if letter == '\0' { '\u{fffd}' } else { letter });
        }
        pattern.push('%');
        pattern
    }
}

/// In which order a list comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// By name, A first.
    NameAscending,
    /// By name, Z first.
    NameDescending,
    /// What changed longest ago first.
    ChangedAscending,
    /// What changed last first.
    #[default]
    ChangedDescending,
}

/// The place of a workflow in a list; whichever order it comes in, one cursor says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Its name in lower case.
    pub sort_name: String,
    /// When it changed.
    pub changed_at: Timestamp,
    /// Which one, among equals.
    pub id: WorkflowId,
}

impl From<&WorkflowRow> for Cursor {
    fn from(row: &WorkflowRow) -> Self {
        Self { sort_name: row.name.to_lowercase(), changed_at: row.changed_at, id: row.id }
    }
}

macro_rules! list_statement {
    ($key:literal, $after:literal, $before:literal, $beyond:literal, $short:literal, $direction:literal) => {
        concat!(
            "select ",
            columns!(),
            " from workflows where tenant_id = $1 and not is_archived and sort_name like $2 \
             and (cardinality($3::text[]) = 0 or state = any($3)) \
             and ($6::uuid is null or (",
            $key,
            ", workflow_id) ",
            $beyond,
            " (",
            $after,
            ", $6)) and ($9::uuid is null or (",
            $key,
            ", workflow_id) ",
            $short,
            " (",
            $before,
            ", $9)) and ($4::text is null or true) and ($5::timestamptz is null or true) \
             and ($7::text is null or true) and ($8::timestamptz is null or true) order by ",
            $key,
            " ",
            $direction,
            ", workflow_id ",
            $direction,
            " limit $10"
        )
    };
    (name, $beyond:literal, $short:literal, $direction:literal) => {
        list_statement!("sort_name collate \"C\"", "$4", "$7", $beyond, $short, $direction)
    };
    (changed, $beyond:literal, $short:literal, $direction:literal) => {
        list_statement!("changed_at", "$5", "$8", $beyond, $short, $direction)
    };
}

/// A page of workflows.
pub async fn list(
    tenant: TenantId,
    connection: &mut PgConnection,
    filter: &Filter,
    order: Order,
    page: &PageRequest<Cursor>,
) -> Result<Page<WorkflowRow>, QueryFault> {
    // A page from the end walks the other way; what lies beyond a cursor follows the list's order, not the walk's.
    let statement = match (order, page.is_forward()) {
        (Order::NameAscending, true) => list_statement!(name, ">", "<", "asc"),
        (Order::NameAscending, false) => list_statement!(name, ">", "<", "desc"),
        (Order::NameDescending, true) => list_statement!(name, "<", ">", "desc"),
        (Order::NameDescending, false) => list_statement!(name, "<", ">", "asc"),
        (Order::ChangedAscending, true) => list_statement!(changed, ">", "<", "asc"),
        (Order::ChangedAscending, false) => list_statement!(changed, ">", "<", "desc"),
        (Order::ChangedDescending, true) => list_statement!(changed, "<", ">", "desc"),
        (Order::ChangedDescending, false) => list_statement!(changed, "<", ">", "asc"),
    };
    let mut query = sqlx::query(statement).bind(tenant.0).bind(filter.pattern()).bind(filter.state_words());
    for cursor in [&page.after, &page.before] {
        query = query
            .bind(cursor.as_ref().map(|cursor| cursor.sort_name.as_str()))
            .bind(cursor.as_ref().map(|cursor| timestamptz(cursor.changed_at)))
            .bind(cursor.as_ref().map(|cursor| cursor.id.0));
    }
    let rows = query.bind(page.probe()).fetch_all(connection).await?;
    Ok(page.page(rows.iter().map(from_columns).collect::<Result<_, _>>()?))
}

/// How many workflows the filter holds.
pub async fn count(tenant: TenantId, connection: &mut PgConnection, filter: &Filter) -> Result<u64, QueryFault> {
    let count: i64 = sqlx::query_scalar(
        "select count(*) from workflows where tenant_id = $1 and not is_archived and sort_name like $2 \
         and (cardinality($3::text[]) = 0 or state = any($3))",
    )
    .bind(tenant.0)
    .bind(filter.pattern())
    .bind(filter.state_words())
    .fetch_one(connection)
    .await?;
    Ok(count as u64)
}

/// The workflows with these ids, those that were put away included.
pub async fn by_ids(
    tenant: TenantId,
    connection: &mut PgConnection,
    ids: &[WorkflowId],
) -> Result<HashMap<WorkflowId, WorkflowRow>, QueryFault> {
    let rows =
        sqlx::query(concat!("select ", columns!(), " from workflows where tenant_id = $1 and workflow_id = any($2)"))
            .bind(tenant.0)
            .bind(ids.iter().map(|id| id.0).collect::<Vec<_>>())
            .fetch_all(connection)
            .await?;
    Ok(rows.iter().map(|row| from_columns(row).map(|row| (row.id, row))).collect::<Result<_, _>>()?)
}

/// The drafts of these workflows as they are.
pub async fn definitions(
    tenant: TenantId,
    connection: &mut PgConnection,
    ids: &[WorkflowId],
) -> Result<HashMap<WorkflowId, Definition>, QueryFault> {
    let rows: Vec<(Uuid, String)> = sqlx::query_as(
        "select workflow_id, definition::text from workflows where tenant_id = $1 and workflow_id = any($2)",
    )
    .bind(tenant.0)
    .bind(ids.iter().map(|id| id.0).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(|(id, text)| Ok((WorkflowId(id), serde_json::from_str(&text)?))).collect()
}

/// A definition that was published.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedRow {
    /// Its number, from 1.
    pub number: u32,
    /// The draft that was published.
    pub draft: StreamVersion,
    /// When.
    pub published_at: Timestamp,
    /// By whom.
    pub published_by: Actor,
    /// Name and graph.
    pub definition: Definition,
}

/// These versions of these workflows.
pub async fn published(
    tenant: TenantId,
    connection: &mut PgConnection,
    versions: &[(WorkflowId, u32)],
) -> Result<HashMap<(WorkflowId, u32), PublishedRow>, QueryFault> {
    let rows: Vec<(Uuid, i32, i32, jiff_sqlx::Timestamp, String, String)> = sqlx::query_as(
        "select v.workflow_id, v.number, v.draft_version, v.fixed_at, v.fixed_by, v.definition::text \
         from unnest($2::uuid[], $3::integer[]) as w(id, number) \
         join workflow_versions v on v.tenant_id = $1 and v.workflow_id = w.id and v.number = w.number where v.number > 0",
    )
    .bind(tenant.0)
    .bind(versions.iter().map(|(id, _)| id.0).collect::<Vec<_>>())
    .bind(versions.iter().map(|(_, number)| *number as i32).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|(id, number, draft, at, by, definition)| {
            let row = PublishedRow {
                number: number as u32,
                draft: StreamVersion(draft as u32),
                published_at: at.to_jiff(),
                published_by: actor_of(&by),
                definition: serde_json::from_str(&definition)?,
            };
            Ok(((WorkflowId(id), number as u32), row))
        })
        .collect()
}

/// The draft as it was at `version` of the workflow's stream.
pub async fn draft_at(
    tenant: TenantId,
    connection: &mut PgConnection,
    workflow: WorkflowId,
    version: StreamVersion,
) -> Result<Option<Definition>, QueryFault> {
    let base: Option<(i32, String)> = sqlx::query_as(
        "select draft_version, definition::text from workflow_versions \
         where tenant_id = $1 and workflow_id = $2 and draft_version <= $3 order by draft_version desc limit 1",
    )
    .bind(tenant.0)
    .bind(workflow.0)
    .bind(version.0 as i32)
    .fetch_optional(&mut *connection)
    .await?;
    let Some((base_version, definition)) = base else { return Ok(None) };
    let edits: Vec<String> = sqlx::query_scalar(
        "select changes::text from workflow_edits \
         where tenant_id = $1 and workflow_id = $2 and version > $3 and version <= $4 order by version",
    )
    .bind(tenant.0)
    .bind(workflow.0)
    .bind(base_version)
    .bind(version.0 as i32)
    .fetch_all(connection)
    .await?;
    let mut definition: Definition = serde_json::from_str(&definition)?;
    for edit in edits {
        let changes: Vec<Change> = serde_json::from_str(&edit)?;
        definition = definition.with(&changes);
    }
    Ok(Some(definition))
}

/// What a person can take back or make again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UndoState {
    /// Whether a group of the person's edits can be taken back.
    pub can_undo: bool,
    /// Whether a group that was taken back can be made again.
    pub can_redo: bool,
}

/// What `who` can take back or make again in each workflow; nothing in those left out.
///
/// A group's newest event says whether it is made. New edits end the chance to make again what was taken back before them.
pub async fn undo_states(
    tenant: TenantId,
    connection: &mut PgConnection,
    workflows: &[WorkflowId],
    who: Actor,
) -> Result<HashMap<WorkflowId, UndoState>, QueryFault> {
    let rows: Vec<(Uuid, bool, bool)> = sqlx::query_as(
        "with mine as (select workflow_id, group_id, version, cause, \
         row_number() over (partition by workflow_id, group_id order by version desc) as age, \
         max(version) filter (where cause = 'edit') over (partition by workflow_id) as last_edit \
         from workflow_edits where tenant_id = $1 and workflow_id = any($2) and edited_by = $3) \
         select workflow_id, bool_or(cause <> 'undo'), bool_or(cause = 'undo' and version > last_edit) \
         from mine where age = 1 group by workflow_id",
    )
    .bind(tenant.0)
    .bind(workflows.iter().map(|id| id.0).collect::<Vec<_>>())
    .bind(actor(who))
    .fetch_all(connection)
    .await?;
    let state = |(id, can_undo, can_redo)| (WorkflowId(id), UndoState { can_undo, can_redo });
    Ok(rows.into_iter().map(state).collect())
}

//! One query over tables of items, in SQLite in memory.
//!
//! SQLite has no files to open here (the sandbox sees to that), and statements may only read and change the tables that they
//! were given or make: attaching databases, pragmas, virtual tables and extensions are refused before anything runs.

mod rows;
mod tables;

use std::io;

use rusqlite::fallible_iterator::FallibleIterator as _;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Batch, Connection, ErrorCode, Statement};
use serde_json::Value;
use weft_code_runner_protocol::{Failure, FailureKind, Sql};

use crate::fault::plain;
use tables::Table;

/// How many instructions of SQLite's machine lie between two looks at the budget.
const STRIDE: i32 = 100_000;
/// How many strides a query may make: some seconds of one processor.
const STRIDES: u32 = 4_000;
/// How often a column is made up that no item has.
const MOST_MISSING: usize = 64;
/// How many pairs of rows are compared one by one, so that a join gives them in the order of the items. Beyond that SQLite
/// sorts the rows of one table, and gives them so.
const MOST_PAIRS: usize = 4_000_000;

/// Executes `query` over the tables that `next` hands over, and gives the JSON of a list of rows.
///
/// Fails from outside only where the parent is gone.
pub fn run(query: &Sql, mut next: impl FnMut() -> io::Result<Vec<u8>>) -> io::Result<Result<Vec<u8>, Failure>> {
    let mut opened = open();
    let mut tables = Vec::with_capacity(query.tables);
    // Every table is read, whatever is wrong with an earlier one: the next step's frames follow.
    for number in 1..=query.tables {
        let items = next()?;
        opened = opened.and_then(|database| {
            tables.push(Table::load(&database, number, &items)?);
            Ok(database)
        });
    }
    Ok(opened.and_then(|database| {
        keep_order(&database, &query.text, &tables).map_err(|error| of(&error))?;
        restrict(&database).map_err(|error| of(&error))?;
        with_missing_columns(&database, query, &mut tables)
    }))
}

/// Makes joins give rows in the order of the items: of the first table, then of the next one. SQLite goes through the table
/// first that it takes for the smallest one, so it is told that this is the first one, whatever is asked of the others.
fn keep_order(database: &Connection, query: &str, tables: &[Table]) -> rusqlite::Result<()> {
    let pairs = tables.iter().map(Table::rows).fold(1, usize::saturating_mul);
    if pairs > MOST_PAIRS {
        return Ok(());
    }
    let query = query.to_ascii_lowercase();
    let (_, named) = query.split_once("from").unwrap_or_default();
    let mut order: Vec<&Table> = tables.iter().collect();
    order.sort_by_key(|table| named.find(table.name()).unwrap_or(usize::MAX));
    database.execute_batch("pragma automatic_index = off; analyze; delete from sqlite_stat1")?;
    for (table, size) in order.into_iter().zip(std::iter::successors(Some(1_i64), |size| size.checked_mul(100))) {
        database.execute("insert into sqlite_stat1 values (?, null, ?)", (table.name(), size.to_string()))?;
    }
    database.execute_batch("analyze sqlite_schema")
}

fn open() -> Result<Connection, Failure> {
    let open = || {
        let database = Connection::open_in_memory()?;
        // What is too large for its memory must fail rather than look for a folder.
        database.pragma_update(None, "temp_store", "memory")?;
        Ok(database)
    };
    open().map_err(|error: rusqlite::Error| of(&error))
}

fn restrict(database: &Connection) -> rusqlite::Result<()> {
    database.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    database.set_limit(Limit::SQLITE_LIMIT_EXPR_DEPTH, 200)?;
    database.set_limit(Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000)?;
    database.authorizer(Some(|context: AuthContext<'_>| judge(context.action)))?;
    let mut strides = 0;
    database.progress_handler(
        STRIDE,
        Some(move || {
            strides += 1;
            strides > STRIDES
        }),
    )
}

fn judge(action: AuthAction<'_>) -> Authorization {
    match action {
        AuthAction::Select
        | AuthAction::Read { .. }
        | AuthAction::Recursive
        | AuthAction::Insert { .. }
        | AuthAction::Update { .. }
        | AuthAction::Delete { .. }
        | AuthAction::CreateTable { .. }
        | AuthAction::CreateTempTable { .. }
        | AuthAction::DropTable { .. }
        | AuthAction::DropTempTable { .. }
        | AuthAction::CreateIndex { .. }
        | AuthAction::CreateTempIndex { .. }
        | AuthAction::CreateView { .. }
        | AuthAction::CreateTempView { .. }
        | AuthAction::AlterTable { .. }
        | AuthAction::Reindex { .. } => Authorization::Allow,
        AuthAction::Function { function_name } if !function_name.eq_ignore_ascii_case("load_extension") => {
            Authorization::Allow
        }
        _ => Authorization::Deny,
    }
}

/// Executes the query; a field that no item of an input has is null there, as it is in expressions.
fn with_missing_columns(database: &Connection, query: &Sql, tables: &mut [Table]) -> Result<Vec<u8>, Failure> {
    // Columns of the same name are what it joins on, whatever they hold.
    if query.text.to_ascii_lowercase().contains("natural") {
        forget_lacks(database, tables).map_err(|error| of(&error))?;
    }
    for _ in 0..MOST_MISSING {
        match statements(database, query) {
            Err(Trouble::Sql(error)) => {
                let Some(column) = missing_column(&error) else {
                    if counts_columns(&error) && forget_lacks(database, tables).map_err(|error| of(&error))? {
                        continue;
                    }
                    return Err(of(&error));
                };
                if !tables::add(database, tables, &column).map_err(|error| of(&error))? {
                    return Err(of(&error));
                }
            }
            Err(Trouble::Other(failure)) => return Err(failure),
            Ok(rows) => return Ok(rows),
        }
    }
    Err(plain(FailureKind::Thrown, "The query names too many fields that no item has."))
}

/// Whether there may be one column too many: of an insert, a union or a list of values.
fn counts_columns(error: &rusqlite::Error) -> bool {
    message_of(error).is_some_and(|message| message.contains("column"))
}

/// Removes the columns that say what items lack, and says whether there were any.
fn forget_lacks(database: &Connection, tables: &mut [Table]) -> rusqlite::Result<bool> {
    database.authorizer(None::<fn(AuthContext<'_>) -> Authorization>)?;
    let mut forgot = false;
    for table in tables {
        forgot |= table.forget_lacks(database)?;
    }
    database.authorizer(Some(|context: AuthContext<'_>| judge(context.action)))?;
    Ok(forgot)
}

enum Trouble {
    Sql(rusqlite::Error),
    Other(Failure),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

/// Executes all statements, or none of them: a column that is missing is found out before anything has changed for good.
fn statements(database: &Connection, query: &Sql) -> Result<Vec<u8>, Trouble> {
    let undo = Undo::begin(database)?;
    let mut batch = Batch::new(database, &query.text);
    let mut values = query.values.iter();
    let mut last = None;
    while let Some(mut statement) = batch.next()? {
        bind(&mut statement, &mut values)?;
        let rows = rows::write(&mut statement, query.output_bytes)?;
        last = Some(rows);
    }
    if values.next().is_some() {
        return Err(Trouble::Other(plain(
            FailureKind::Syntax,
            "There are more values than placeholders in the query. Write a ? where each of them belongs.",
        )));
    }
    undo.forget();
    last.ok_or_else(|| Trouble::Other(plain(FailureKind::Syntax, "There is no statement in the query.")))
}

fn bind<'v>(statement: &mut Statement<'_>, values: &mut impl Iterator<Item = &'v Value>) -> Result<(), Trouble> {
    for place in 1..=statement.parameter_count() {
        let Some(value) = values.next() else {
            let message = "The query has a placeholder without a value. Give a value for each of them.";
            return Err(Trouble::Other(plain(FailureKind::Syntax, message)));
        };
        statement.raw_bind_parameter(place, tables::stored(value))?;
    }
    Ok(())
}

/// Takes back what statements did, unless it is told that they all succeeded.
struct Undo<'a>(Option<&'a Connection>);

impl<'a> Undo<'a> {
    fn begin(database: &'a Connection) -> rusqlite::Result<Self> {
        // Statements of the query cannot do this: the authorizer denies transactions, and is not asked here.
        unguarded(database, "begin")?;
        Ok(Self(Some(database)))
    }

    fn forget(mut self) {
        self.0 = None;
    }
}

impl Drop for Undo<'_> {
    fn drop(&mut self) {
        if let Some(database) = self.0 {
            // An error leaves the database as it is, and the next begin says so.
            drop(unguarded(database, "rollback"));
        }
    }
}

/// Executes a statement of our own.
fn unguarded(database: &Connection, statement: &str) -> rusqlite::Result<()> {
    database.authorizer(None::<fn(AuthContext<'_>) -> Authorization>)?;
    let done = database.execute_batch(statement);
    database.authorizer(Some(|context: AuthContext<'_>| judge(context.action)))?;
    done
}

/// The column that SQLite does not know, as the query names it.
fn missing_column(error: &rusqlite::Error) -> Option<String> {
    message_of(error)?.strip_prefix("no such column: ").map(str::to_owned)
}

/// What SQLite itself says.
fn message_of(error: &rusqlite::Error) -> Option<&str> {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => Some(msg),
        rusqlite::Error::SqliteFailure(_, message) => message.as_deref(),
        _ => None,
    }
}

fn of(error: &rusqlite::Error) -> Failure {
    let is_denied = message_of(error).is_some_and(|message| message.starts_with("not authorized"));
    let denied = is_denied.then_some(ErrorCode::AuthorizationForStatementDenied);
    let code = denied.or_else(|| error.sqlite_error_code());
    let (kind, message) = match (code, error) {
        (Some(ErrorCode::OutOfMemory), _) => (FailureKind::Memory, "The query ran over its memory limit.".to_owned()),
        (Some(ErrorCode::OperationInterrupted), _) => {
            let message = "The query takes too long. Join on a condition, or limit what it reads.";
            (FailureKind::Thrown, message.to_owned())
        }
        (Some(ErrorCode::AuthorizationForStatementDenied), _) => {
            let message = "The query may read and change its tables, and do nothing else.";
            (FailureKind::Syntax, message.to_owned())
        }
        (_, rusqlite::Error::SqlInputError { msg, .. }) => (FailureKind::Syntax, format!("SQL: {msg}.")),
        (_, other) => (FailureKind::Thrown, format!("SQL: {other}.")),
    };
    let place = match error {
        rusqlite::Error::SqlInputError { sql, offset, .. } => place(sql, *offset),
        _ => None,
    };
    let (line, column) = place.unzip();
    Failure { line, column, ..plain(kind, &message) }
}

/// Line and column of a byte of the statement, from 1.
fn place(sql: &str, offset: i32) -> Option<(u32, u32)> {
    let before = sql.get(..usize::try_from(offset).ok()?)?;
    let line = before.matches('\n').count() as u32 + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u32 + 1;
    Some((line, column))
}

#[cfg(test)]
mod tests;

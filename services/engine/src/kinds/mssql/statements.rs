//! From parameters and an item to a statement.

use std::fmt::Write as _;

use weft_clients::mssql::{Statement, identifier, place, prepared, qualified};
use weft_nodes::{NodeError, Step};
use weft_value::{Text, Value};

use super::{Operation, Parameters};
use crate::sql::{
    self, DeleteCommand, Dialect, all_matched, assignments, columns, condition, empty_to_null, matching, missing,
    order, replacement,
};

/// Values travel beside the text.
#[derive(Default)]
struct Written(Vec<Value>);

impl Dialect for Written {
    fn name(&self, name: &str) -> String {
        identifier(name)
    }

    fn value(&mut self, _column: Option<&str>, value: &Value) -> String {
        place(value, &mut self.0)
    }
}

impl Parameters {
    /// What the server is asked for an item.
    pub(super) fn statement(&self, step: &dyn Step, index: usize) -> Result<Statement, NodeError> {
        if self.operation == Operation::ExecuteQuery {
            return self.query(step, index);
        }
        let name = self.table.text(step, index)?;
        if name.trim().is_empty() {
            return Err(missing("Table", "table"));
        }
        let (table, mut written) = (qualified(&name), Written::default());
        let sql = match self.operation {
            Operation::Insert => self.insert(step, index, &table, &mut written)?,
            Operation::Upsert => self.upsert(step, index, &table, &mut written)?,
            Operation::Update => self.update(step, index, &table, &mut written)?,
            Operation::DeleteTable => self.delete(step, index, &table, &mut written)?,
            Operation::Select | Operation::ExecuteQuery => self.select(step, index, &table, &mut written)?,
        };
        Ok(Statement { sql, values: written.0 })
    }

    /// A query of one's own, with its values.
    fn query(&self, step: &dyn Step, index: usize) -> Result<Statement, NodeError> {
        let query = self.query.text(step, index)?;
        if query.trim().is_empty() {
            return Err(missing("Query", "query"));
        }
        if self.options.query_replacement.is_empty() {
            return Ok(query.as_str().into());
        }
        let mut values = replacement(&self.options.query_replacement, step, index)?;
        if self.options.replace_empty_strings {
            empty_to_null(values.iter_mut());
        }
        prepared(&query, &values)
            .map_err(|problem| NodeError::new("parameter", problem).in_field("options.queryReplacement"))
    }

    /// The columns of an item with their values.
    fn row(&self, step: &dyn Step, index: usize) -> Result<Vec<(Text, Value)>, NodeError> {
        let mut row = sql::row(self.data_mode, &self.values_to_send, step, index)?;
        if self.options.replace_empty_strings {
            empty_to_null(row.iter_mut().map(|(_, value)| value));
        }
        Ok(row)
    }

    fn insert(&self, step: &dyn Step, index: usize, table: &str, written: &mut Written) -> Result<String, NodeError> {
        let row = self.row(step, index)?;
        if row.is_empty() {
            return Ok(format!("INSERT INTO {table} DEFAULT VALUES"));
        }
        let (names, values) = both(&row, written);
        Ok(format!("INSERT INTO {table} ({names}) VALUES ({values})"))
    }

    /// Inserts or updates while nobody else does: without the lock two of them could both insert.
    fn upsert(&self, step: &dyn Step, index: usize, table: &str, written: &mut Written) -> Result<String, NodeError> {
        let (row, matching) = (self.row(step, index)?, matching(&self.matching_columns, step, index)?);
        all_matched(&row, &matching)?;
        let (names, values) = both(&row, written);
        let found = equal(matching.iter(), "[to].").join(" AND ");
        let others = row.iter().map(|(name, _)| name).filter(|name| !matching.contains(name));
        let set = equal(others, "").join(", ");
        let update = if set.is_empty() { String::new() } else { format!(" WHEN MATCHED THEN UPDATE SET {set}") };
        Ok(format!(
            "MERGE INTO {table} WITH (HOLDLOCK) AS [to] USING (VALUES ({values})) AS [from] ({names}) ON {found}{update} \
             WHEN NOT MATCHED THEN INSERT ({names}) VALUES ({names});"
        ))
    }

    fn update(&self, step: &dyn Step, index: usize, table: &str, written: &mut Written) -> Result<String, NodeError> {
        let (row, matching) = (self.row(step, index)?, matching(&self.matching_columns, step, index)?);
        let (set, found) = assignments(&row, &matching, written)?;
        Ok(format!("UPDATE {table} SET {set} WHERE {found}"))
    }

    fn delete(&self, step: &dyn Step, index: usize, table: &str, written: &mut Written) -> Result<String, NodeError> {
        Ok(match self.delete_command {
            DeleteCommand::Drop => format!("DROP TABLE IF EXISTS {table}"),
            DeleteCommand::Truncate => format!("TRUNCATE TABLE {table}"),
            DeleteCommand::Delete => {
                let chosen = condition(&self.conditions, self.combine_conditions, (step, index), written)?;
                format!("DELETE FROM {table}{chosen}")
            }
        })
    }

    fn select(&self, step: &dyn Step, index: usize, table: &str, written: &mut Written) -> Result<String, NodeError> {
        let mut sql = "SELECT ".to_owned();
        if self.options.select_distinct {
            sql.push_str("DISTINCT ");
        }
        if !self.return_all {
            let limit = if self.limit.is_empty() { 50.0 } else { self.limit.number(step, index, "limit")? };
            let _ = write!(sql, "TOP ({}) ", limit.max(0.0) as u64);
        }
        sql.push_str(&columns(&self.options.output_columns, step, index, written)?);
        let _ = write!(
            sql,
            " FROM {table}{}{}",
            condition(&self.conditions, self.combine_conditions, (step, index), written)?,
            order(&self.sort, step, index, written)?
        );
        Ok(sql)
    }
}

/// That columns have, or get, the values that are given.
fn equal<'a>(names: impl Iterator<Item = &'a Text>, before: &str) -> Vec<String> {
    names.map(|name| format!("{before}{0} = [from].{0}", identifier(name))).collect()
}

/// The names of columns, and places for their values.
fn both(row: &[(Text, Value)], written: &mut Written) -> (String, String) {
    let values: Vec<String> = row.iter().map(|(name, value)| written.value(Some(name.as_str()), value)).collect();
    (written.names(row.iter().map(|(name, _)| name)), values.join(","))
}

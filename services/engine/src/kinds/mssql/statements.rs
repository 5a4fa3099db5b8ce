//! From parameters and an item to a statement.

use std::fmt::Write as _;

use weft_clients::mssql::{Statement, identifier, place, prepared, qualified};
use weft_nodes::{NodeError, Step};
use weft_value::{Text, Value};

use super::{Operation, Parameters};
use crate::sql::{
    self, DeleteCommand, Dialect, all_matched, assignments, columns, condition, matching, missing, order, replacement,
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
        let values = replacement(&self.options.query_replacement, self.options.replace_empty_strings, (step, index))?;
        prepared(&query, &values)
            .map_err(|problem| NodeError::new("parameter", problem).in_field("options.queryReplacement"))
    }

    /// The columns of an item with their values.
    fn row(&self, step: &dyn Step, index: usize) -> Result<Vec<(Text, Value)>, NodeError> {
        sql::row(self.data_mode, &self.values_to_send, self.options.replace_empty_strings, (step, index))
    }

    fn insert(&self, step: &dyn Step, index: usize, table: &str, written: &mut Written) -> Result<String, NodeError> {
        let row = self.row(step, index)?;
        if row.is_empty() {
            return Ok(format!("INSERT INTO {table} DEFAULT VALUES"));
        }
        let (names, values) = written.both(&row);
        Ok(format!("INSERT INTO {table} ({names}) VALUES ({values})"))
    }

    /// Inserts or updates while nobody else does: without the lock two of them could both insert.
    fn upsert(&self, step: &dyn Step, index: usize, table: &str, written: &mut Written) -> Result<String, NodeError> {
        let (row, matching) = (self.row(step, index)?, matching(&self.matching_columns, step, index)?);
        all_matched(&row, &matching)?;
        let (names, values) = written.both(&row);
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
            let _ = write!(sql, "TOP ({}) ", sql::limit(&self.limit, step, index)?);
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

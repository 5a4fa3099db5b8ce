//! From parameters and an item to a statement.

use std::fmt::Write as _;

use weft_clients::mysql::{Statement, identifier, place, prepared, qualified};
use weft_nodes::{NodeError, Step};
use weft_value::{Text, Value};

use super::{Operation, Parameters, Priority};
use crate::sql::{
    self, DeleteCommand, Dialect, assignments, columns, condition, matching, missing, order, replacement,
};

/// Values travel beside the text.
#[derive(Default)]
struct Written(Vec<Value>);

impl Dialect for Written {
    fn name(&self, name: &str) -> String {
        identifier(name)
    }

    fn value(&mut self, column: Option<&str>, value: &Value) -> String {
        match column {
            // A list that is stored is JSON, one that is compared with is its entries.
            Some(_) => {
                self.0.push(value.clone());
                "?".to_owned()
            }
            None => place(value, &mut self.0),
        }
    }
}

impl Parameters {
    /// What the server is asked for an item.
    pub(super) fn statements(&self, step: &dyn Step, index: usize) -> Result<Vec<Statement>, NodeError> {
        if self.operation == Operation::ExecuteQuery {
            return self.query(step, index);
        }
        let name = self.table.text(step, index)?;
        if name.trim().is_empty() {
            return Err(missing("Table", "table"));
        }
        let (table, mut written) = (qualified(&name), Written::default());
        let sql = match self.operation {
            Operation::Insert | Operation::Upsert => self.insert(step, index, &table, &mut written)?,
            Operation::Update => self.update(step, index, &table, &mut written)?,
            Operation::DeleteTable => self.delete(step, index, &table, &mut written)?,
            Operation::Select | Operation::ExecuteQuery => self.select(step, index, &table, &mut written)?,
        };
        Ok(vec![Statement { sql, values: written.0 }])
    }

    /// A query of one's own, with its values.
    fn query(&self, step: &dyn Step, index: usize) -> Result<Vec<Statement>, NodeError> {
        let query = self.query.text(step, index)?;
        if query.trim().is_empty() {
            return Err(missing("Query", "query"));
        }
        if self.options.query_replacement.is_empty() {
            return Ok(vec![query.as_str().into()]);
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
        let (names, values) = written.both(&row);
        let is_insert = self.operation == Operation::Insert;
        let priority = match self.options.priority {
            Priority::Low if is_insert => " LOW_PRIORITY",
            Priority::High if is_insert => " HIGH_PRIORITY",
            Priority::AsTheServerSays | Priority::Low | Priority::High => "",
        };
        let ignore = if is_insert && self.options.skip_on_conflict { " IGNORE" } else { "" };
        let mut sql = format!("INSERT{priority}{ignore} INTO {table} ({names}) VALUES ({values})");
        if !is_insert {
            let matching = matching(&self.matching_columns, step, index)?;
            let others = row.iter().map(|(name, _)| name).filter(|name| !matching.contains(name));
            let again = |name: &Text| format!("{0} = VALUES({0})", identifier(name));
            let mut set: Vec<String> = others.map(again).collect();
            if set.is_empty() {
                // Nothing changes in a row that exists.
                set.extend(matching.first().map(|name| format!("{0} = {0}", identifier(name))));
            }
            let _ = write!(sql, " ON DUPLICATE KEY UPDATE {}", set.join(", "));
        }
        Ok(sql)
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
        let distinct = if self.options.select_distinct { "DISTINCT " } else { "" };
        let mut sql = format!(
            "SELECT {distinct}{} FROM {table}{}{}",
            columns(&self.options.output_columns, step, index, written)?,
            condition(&self.conditions, self.combine_conditions, (step, index), written)?,
            order(&self.sort, step, index, written)?
        );
        if !self.return_all {
            let _ = write!(sql, " LIMIT {}", sql::limit(&self.limit, step, index)?);
        }
        Ok(sql)
    }
}

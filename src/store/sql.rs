//! SQL that both databases read, put together piece by piece.

use super::Tx;
use crate::error::Result;
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, Value};
use std::fmt::Write;
use uuid::Uuid;

/// A statement in the making.
#[derive(Debug, Default)]
pub struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    /// Begins with `text`.
    pub fn new(text: &str) -> Self {
        let mut sql = Self { text: String::with_capacity(512), values: Vec::new() };
        sql.text.push_str(text);
        sql
    }

    /// Adds text.
    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a number that is part of the statement, not of its values.
    pub fn number(&mut self, number: usize) -> &mut Self {
        let _ = write!(self.text, "{number}");
        self
    }

    /// Adds a value. PostgreSQL has no NUL in texts: one becomes U+FFFD, as in HTML, on both databases.
    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        let mut value = value.into();
        if let Value::String(Some(text)) = &mut value
            && text.contains('\0')
        {
            *text = text.replace('\0', "\u{fffd}");
        }
        self.values.push(value);
        self.text.push('?');
        self
    }

    /// Adds `(?, ?, …)`.
    ///
    /// The list is padded to a power of two by repeating its last value, so that the database sees few different
    /// statements and keeps them prepared. An empty list matches nothing.
    pub fn list<V: Into<Value> + Clone>(&mut self, values: impl IntoIterator<Item = V>) -> &mut Self {
        let mut values: Vec<V> = values.into_iter().collect();
        let Some(last) = values.last().cloned() else { return self.push("(NULL)") };
        values.resize(values.len().next_power_of_two(), last);
        self.push("(");
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                self.push(", ");
            }
            self.bind(value);
        }
        self.push(")")
    }

    /// Adds `(?, ?, …)` of ids.
    pub fn ids(&mut self, ids: impl IntoIterator<Item = Uuid>) -> &mut Self {
        self.list(ids)
    }

    /// Adds rows of values: `(?, ?), (?, ?)`.
    pub fn rows(&mut self, rows: impl IntoIterator<Item = Vec<Value>>) -> &mut Self {
        for (index, row) in rows.into_iter().enumerate() {
            self.push(if index > 0 { ", (" } else { "(" });
            for (column, value) in row.into_iter().enumerate() {
                if column > 0 {
                    self.push(", ");
                }
                self.bind(value);
            }
            self.push(")");
        }
        self
    }

    /// The finished statement. PostgreSQL numbers its values; SQLite would look each numbered one up by name.
    pub fn statement(self, backend: DbBackend) -> Statement {
        let mut text = self.text;
        if backend == DbBackend::Postgres {
            let mut numbered = String::with_capacity(text.len() + 2 * self.values.len());
            for (number, part) in text.split('?').enumerate() {
                if number > 0 {
                    let _ = write!(numbered, "${number}");
                }
                numbered.push_str(part);
            }
            text = numbered;
        }
        Statement::from_sql_and_values(backend, text, self.values)
    }
}

/// Runs a statement that writes; gives how many rows it touched.
pub(super) async fn run(tx: &Tx, sql: Sql) -> Result<u64> {
    Ok(tx.execute_raw(sql.statement(tx.get_database_backend())).await?.rows_affected())
}

/// The rows of a statement, inside a transaction.
pub(super) async fn rows(tx: &Tx, sql: Sql) -> Result<Vec<QueryResult>> {
    Ok(tx.query_all_raw(sql.statement(tx.get_database_backend())).await?)
}

/// A text as a pattern for `LIKE … ESCAPE '\'` that finds it anywhere.
pub fn contains(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

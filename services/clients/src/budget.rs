//! How much of what a server sends is kept.

use crate::Failure;

/// What may still be taken from a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    rows: usize,
    bytes: usize,
    most_rows: usize,
    most_bytes: usize,
}

impl Budget {
    /// So many rows and bytes.
    pub fn new(rows: usize, bytes: usize) -> Self {
        Self { rows, bytes, most_rows: rows, most_bytes: bytes }
    }

    /// How many bytes may still be taken.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// One row of so many bytes.
    pub(crate) fn row(&mut self, bytes: usize) -> Result<(), Failure> {
        self.rows = self.rows.checked_sub(1).ok_or(Failure::TooManyRows { limit: self.most_rows })?;
        self.bytes = self.bytes.checked_sub(bytes).ok_or(Failure::TooLarge { limit: self.most_bytes })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_bytes_run_out() {
        let mut budget = Budget::new(2, 10);
        assert!(budget.row(4).is_ok());
        assert_eq!(budget.bytes(), 6);
        assert!(budget.row(6).is_ok());
        assert!(matches!(budget.row(0), Err(Failure::TooManyRows { limit: 2 })));
        assert!(matches!(Budget::new(2, 10).row(11), Err(Failure::TooLarge { limit: 10 })));
    }
}

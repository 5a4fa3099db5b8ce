//! Pages of rows, forwards and backwards.

/// Which rows of a list are wanted: at most `limit` on one side of a cursor.
///
/// A list has one order; `Forward` walks it from its beginning, `Backward` from its end. Rows always come in the list's
/// order, whichever way they were found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest<C> {
    /// The most rows.
    pub limit: u32,
    /// From which end.
    pub direction: Direction,
    /// Only rows after this one.
    pub after: Option<C>,
    /// Only rows before this one.
    pub before: Option<C>,
}

/// From which end of a list a page is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the beginning (or right after `after`).
    Forward,
    /// From the end (or right before `before`).
    Backward,
}

impl<C> PageRequest<C> {
    /// The first `limit` rows.
    pub fn first(limit: u32) -> Self {
        Self { limit, direction: Direction::Forward, after: None, before: None }
    }

    /// The same request with other cursors.
    pub fn map<D>(self, change: impl Fn(C) -> D) -> PageRequest<D> {
        let (after, before) = (self.after.map(&change), self.before.map(&change));
        PageRequest { limit: self.limit, direction: self.direction, after, before }
    }

    /// One row more than wanted shows whether there are more.
    pub(crate) fn probe(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    pub(crate) fn is_forward(&self) -> bool {
        self.direction == Direction::Forward
    }

    /// Turns the rows of a statement that asked for [`Self::probe`] rows, in the order of the walk, into a page.
    pub(crate) fn page<T>(&self, mut rows: Vec<T>) -> Page<T> {
        let more = rows.len() > self.limit as usize;
        rows.truncate(self.limit as usize);
        if !self.is_forward() {
            rows.reverse();
        }
        let (has_next, has_previous) = match self.direction {
            Direction::Forward => (more, self.after.is_some()),
            Direction::Backward => (self.before.is_some(), more),
        };
        Page { rows, has_next, has_previous }
    }
}

/// Some rows of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, in the list's order.
    pub rows: Vec<T>,
    /// Whether the list goes on after them.
    pub has_next: bool,
    /// Whether the list has rows before them.
    pub has_previous: bool,
}

impl<T> Page<T> {
    /// The same page of other rows.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            rows: self.rows.into_iter().map(change).collect(),
            has_next: self.has_next,
            has_previous: self.has_previous,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_too_many_says_that_there_are_more() {
        let request = PageRequest::<u8>::first(2);
        assert_eq!(request.page(vec![1, 2, 3]), Page { rows: vec![1, 2], has_next: true, has_previous: false });
        assert_eq!(request.page(vec![1, 2]), Page { rows: vec![1, 2], has_next: false, has_previous: false });
    }

    #[test]
    fn rows_found_from_the_end_come_in_the_lists_order() {
        let request = PageRequest { limit: 2, direction: Direction::Backward, after: None, before: Some(9) };
        assert_eq!(request.page(vec![8, 7, 6]), Page { rows: vec![7, 8], has_next: true, has_previous: true });
    }
}

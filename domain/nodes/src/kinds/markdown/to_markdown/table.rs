//! Tables: a row of Markdown for each row, as wide as its widest cell.

use scraper::ElementRef;
use std::fmt::Write as _;

use super::text::one_line;
use super::{Around, Place, Writer};
use crate::markup::MAX_BYTES;

impl Writer<'_> {
    pub(super) fn table(&mut self, element: ElementRef<'_>, around: &Around) {
        let before = self.out.len();
        self.newlines(2);
        let start = self.out.len();
        let inside = Around { place: Place::Table, ..*around };
        self.children(*element, &inside, &mut 0);
        let content = self.out.split_off(start);
        let rows: Vec<Vec<&str>> = content.lines().filter(|line| !line.is_empty()).map(|row| cells(row)).collect();
        if rows.is_empty() {
            self.out.truncate(before);
            return;
        }
        for caption in element.child_elements().filter(|child| child.value().name() == "caption") {
            let text = one_line(&caption.text().collect::<String>());
            if !text.trim().is_empty() {
                let _ = writeln!(self.out, "__{}__", text.trim());
            }
        }
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let mut widths = vec![0; columns];
        for row in &rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.encode_utf16().count());
            }
        }
        // One long cell in a long table would make every row as long: such a table is not aligned.
        let is_aligned = widths.iter().map(|width| width + 3).sum::<usize>().saturating_mul(rows.len()) < MAX_BYTES;
        if !is_aligned {
            widths.fill(3);
        }
        for (index, row) in rows.iter().enumerate() {
            self.out.push('|');
            let shown = if is_aligned { columns } else { row.len() };
            for (column, width) in widths.iter().enumerate().take(shown) {
                let cell = row.get(column).copied().unwrap_or_default();
                let padding = " ".repeat(width.saturating_sub(cell.encode_utf16().count()));
                let _ = write!(self.out, " {cell}{padding} |");
            }
            self.out.push('\n');
            if index == 0 {
                let dashes: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
                let _ = writeln!(self.out, "| {} |", dashes.join(" | "));
            }
        }
        self.newlines(2);
    }

    pub(super) fn row(&mut self, element: ElementRef<'_>, around: &Around) {
        let start = self.out.len();
        self.children(*element, around, &mut 0);
        let content = self.out.split_off(start);
        if content.trim_end().ends_with(" |") {
            let _ = writeln!(self.out, "| {content}");
        }
    }

    pub(super) fn cell(&mut self, element: ElementRef<'_>, around: &Around) {
        let start = self.out.len();
        self.children(*element, &Around { place: Place::Cell, ..*around }, &mut 0);
        let content = self.out.split_off(start);
        let text = one_line(content.trim_matches('\n')).replace('|', "\\|");
        let _ = write!(self.out, " {} |", text.trim());
    }
}

/// The cells of a row that was written as `|  a | b |`.
fn cells(row: &str) -> Vec<&str> {
    let inside = row.trim_start_matches('|').trim_end();
    let inside = inside.strip_suffix('|').unwrap_or(inside);
    inside.split(" |").map(str::trim).collect()
}

//! Rows of text in columns as wide as they need to be, alike on a terminal and in a pipe.

use std::fmt;

/// A heading and rows, each of `N` cells.
pub(crate) struct Table<const N: usize> {
    rows: Vec<[String; N]>,
}

impl<const N: usize> Table<N> {
    /// A table of a heading alone.
    pub(crate) fn new(heading: [&str; N]) -> Self {
        Self { rows: vec![heading.map(str::to_owned)] }
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: [&str; N]) {
        // What others say cannot steer the terminal, nor begin a row.
        self.rows.push(cells.map(|cell| cell.replace(char::is_control, " ")));
    }
}

impl<const N: usize> fmt::Display for Table<N> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |at: usize| self.rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0);
        let widths: [usize; N] = std::array::from_fn(width);
        for row in &self.rows {
            let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
            let line = cells.collect::<Vec<_>>().join("  ");
            writeln!(formatter, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other() {
        let mut table = Table::new(["A", "LONG"]);
        table.row(["wide", "b\n\u{1b}c"]);
        table.row(["ü", ""]);
        assert_eq!(table.to_string(), "A     LONG\nwide  b  c\nü\n");
    }
}

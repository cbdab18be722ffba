//! Text for a terminal of a hundred columns: an aligned table, and sentences wrapped into lines.

use crate::terminal::shown;

/// The widest line.
const WIDTH: usize = 100;

/// Between two columns.
const GAP: &str = "  ";

/// The fewest characters that a column keeps when it is cut.
const LEAST: usize = 5;

/// One column: its heading and its alignment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    heading: &'static str,
    leans_right: bool,
    yields: bool,
}

impl Column {
    /// Text: aligned left.
    pub(super) const fn left(heading: &'static str) -> Self {
        Self { heading, leans_right: false, yields: false }
    }

    /// Numbers: aligned right.
    pub(super) const fn right(heading: &'static str) -> Self {
        Self { heading, leans_right: true, yields: false }
    }

    /// The column is cut if the line would be too wide.
    pub(super) const fn yielding(self) -> Self {
        Self { yields: true, ..self }
    }
}

/// The heading and one line per row.
pub(super) fn lines<const N: usize>(columns: &[Column; N], rows: &[[String; N]]) -> Vec<String> {
    let headings = columns.map(|column| column.heading.to_owned());
    let mut widths: [usize; N] = std::array::from_fn(|index| {
        rows.iter().chain([&headings]).map(|row| row[index].chars().count()).max().unwrap_or_default()
    });
    let total = widths.iter().sum::<usize>() + GAP.len() * N.saturating_sub(1);
    if let Some(index) = columns.iter().position(|column| column.yields) {
        widths[index] = widths[index].saturating_sub(total.saturating_sub(WIDTH)).max(LEAST);
    }
    [&headings].into_iter().chain(rows).map(|row| line(columns, &widths, row)).collect()
}

fn line<const N: usize>(columns: &[Column; N], widths: &[usize; N], cells: &[String; N]) -> String {
    let padded: Vec<String> = columns
        .iter()
        .zip(widths)
        .zip(cells)
        .map(|((column, &width), cell)| {
            let cell = if column.yields { shortened(cell, width) } else { cell.clone() };
            if column.leans_right { format!("{cell:>width$}") } else { format!("{cell:width$}") }
        })
        .collect();
    padded.join(GAP).trim_end().to_owned()
}

/// The words cut to `width` letters, the last a mark that some are missing.
pub(super) fn shortened(words: &str, width: usize) -> String {
    if words.chars().count() <= width {
        return words.to_owned();
    }
    words.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

/// `1 hole`, `2 holes`.
pub(super) fn counted(count: usize, name: &str) -> String {
    if count == 1 { format!("1 {name}") } else { format!("{count} {name}s") }
}

/// Width of a column of photos' names in a table that is printed row by row; a longer name shifts its own row only.
pub(super) fn name_width<'a>(names: impl Iterator<Item = &'a str>) -> usize {
    names.map(|name| shown(name).chars().count()).max().unwrap_or(0).clamp(LEAST, 40)
}

/// The text in lines of at most a hundred characters, wrapped at spaces.
pub(super) fn wrapped(words: &str) -> String {
    let mut lines: Vec<String> = vec![String::new()];
    for word in words.split_whitespace() {
        let last = lines.last_mut().expect("there is always a line");
        if !last.is_empty() && last.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(word.to_owned());
        } else {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(word);
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 3] = [Column::left("name"), Column::left("title").yielding(), Column::right("crop")];

    fn table(title: &str) -> Vec<String> {
        lines(&COLUMNS, &[["a".into(), title.into(), "0.81".into()], ["bcdef".into(), "B".into(), "-".into()]])
    }

    #[test]
    fn numbers_end_and_words_begin_below_each_other() {
        assert_eq!(table("T"), ["name   title  crop", "a      T      0.81", "bcdef  B         -"]);
    }

    #[test]
    fn a_long_title_yields_and_no_line_grows_too_wide() {
        let found = table(&"Ä".repeat(200));
        assert!(found.iter().all(|line| line.chars().count() <= WIDTH), "{found:#?}");
        assert!(found[1].contains("Ä…  0.81"), "{}", found[1]);
    }

    #[test]
    fn sentences_are_broken_at_spaces() {
        let words = "word ".repeat(50);
        let found = wrapped(&words);
        assert!(found.lines().all(|line| line.len() <= WIDTH && !line.ends_with(' ')));
        assert_eq!(found.split_whitespace().count(), 50);
    }
}

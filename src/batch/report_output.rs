//! Where the rows of `report` go as they come: stdout and the CSV; and what is said when all have come.

use std::path::Path;

use super::console::Console;
use super::csv_file::CsvFile;
use super::references::ReferenceSummary;
use super::report_csv::ReportColumns;
use super::report_table::ReportTable;
use super::results::{PhotoRow, RunFacts};
use super::review_first::{ReviewFirst, ReviewQueue};

/// The rows' ways out.
pub(super) struct ReportOutput {
    pub(super) table: ReportTable,
    pub(super) columns: ReportColumns,
    csv: Option<CsvFile>,
    is_json: bool,
    review_first: Option<ReviewFirst>,
    queue: ReviewQueue,
    references: ReferenceSummary,
}

impl ReportOutput {
    /// For the rows of the run of `facts`.
    pub(super) fn new(
        facts: &RunFacts,
        csv: Option<&Path>,
        review_first: Option<ReviewFirst>,
        is_json: bool,
    ) -> anyhow::Result<Self> {
        let is_of_vessels = facts.card.is_of_vessels;
        let columns = ReportColumns::of(is_of_vessels);
        Ok(Self {
            table: ReportTable::new(facts.photographs.name_width, is_of_vessels),
            csv: csv.map(|path| CsvFile::begin(path, columns.names())).transpose()?,
            columns,
            is_json,
            review_first,
            queue: ReviewQueue::default(),
            references: ReferenceSummary::default(),
        })
    }

    /// Prints the row of the photo at `path` and adds it to the CSV.
    pub(super) fn add(&mut self, path: &Path, row: PhotoRow, console: &mut Console) -> anyhow::Result<()> {
        if self.is_json {
            console.row(&row.json.to_string())?;
        } else {
            console.lines(&self.table.below_heading(row.line))?;
            console.photo_warnings(path.display(), &row.warnings);
        }
        row.reference.iter().for_each(|reference| self.references.add(reference));
        self.queue.add(row.doubtful.filter(|_| self.review_first.is_some()));
        self.csv.as_mut().map_or(Ok(()), |csv| csv.add(&row.cells))
    }

    /// Says why a photo failed, and adds what is known of it.
    pub(super) fn add_failed(
        &mut self,
        error: &impl std::fmt::Display,
        row: PhotoRow,
        console: &mut Console,
    ) -> anyhow::Result<()> {
        console.failure(error);
        if self.is_json {
            console.row(&row.json.to_string())?;
        } else if !row.line.is_empty() {
            console.lines(&self.table.below_heading(row.line))?;
        }
        self.csv.as_mut().map_or(Ok(()), |csv| csv.add(&row.cells))
    }

    /// Tells what is to be told of all photos, and puts the CSV in its place.
    pub(super) fn finish(self, console: &mut Console) -> anyhow::Result<()> {
        if let Some(first) = self.review_first {
            self.queue.print(first, console, self.is_json)?;
        }
        if self.is_json {
            self.references.tell_set(console);
        } else {
            self.references.tell(console);
        }
        self.csv.map_or(Ok(()), CsvFile::finish)
    }
}

//! Where the results of `evaluate` go as they come: the totals and the CSV; and what is made of them when all have come.

use std::path::Path;

use super::console::{Console, json, print_line};
use super::csv_file::CsvFile;
use super::evaluated_photo::{self, EvaluatedPhoto};
use super::evaluation_report::{EvaluationReport, EvaluationSubject, EvaluationTotals};
use super::group_figures::{GroupReport, ScoredPhoto};
use super::group_outputs::GroupsJob;
use super::grouping::Grouping;
use super::results::RunFacts;
use super::review_first::ReviewFirst;

/// The results' ways out.
pub(super) struct EvaluationOutput {
    totals: EvaluationTotals,
    csv: Option<CsvFile>,
    grouping: Option<Grouping>,
    review_first: Option<ReviewFirst>,
}

impl EvaluationOutput {
    /// For the results of the run of `facts`.
    pub(super) fn new(
        facts: &RunFacts,
        csv: Option<&Path>,
        grouping: Option<Grouping>,
        review_first: Option<ReviewFirst>,
    ) -> anyhow::Result<Self> {
        let columns = || evaluated_photo::columns(facts.card.is_of_vessels);
        let csv = csv.map(|path| CsvFile::begin(path, &columns())).transpose()?;
        Ok(Self { totals: EvaluationTotals::default(), csv, grouping, review_first })
    }

    /// Adds a photograph.
    pub(super) fn add(&mut self, photo: &EvaluatedPhoto, console: &mut Console) -> anyhow::Result<()> {
        console.photo_warnings(&photo.id, &photo.photo_warnings);
        self.totals.add(photo);
        if self.grouping.is_some() {
            let [iou, dice] = [photo.counts.iou(), photo.counts.dice()];
            self.totals.scored.push(ScoredPhoto { id: photo.id.clone(), iou, dice });
        }
        self.csv.as_mut().map_or(Ok(()), |csv| csv.add(&photo.cells))
    }

    /// Prints the report and puts all files in their places.
    pub(super) fn finish(
        mut self,
        facts: &RunFacts,
        groups_to: Option<&GroupsJob>,
        is_json: bool,
        console: &Console,
    ) -> anyhow::Result<()> {
        let queue = std::mem::take(&mut self.totals.queue).sorted();
        let groups = self.grouping.as_ref().and_then(|grouping| GroupReport::of(grouping, &self.totals.scored));
        let subject =
            EvaluationSubject { facts, queue: &queue, review_first: self.review_first, groups: groups.as_ref() };
        self.totals.references.tell(console);
        let report = EvaluationReport::of(&self.totals, console.failed(), &subject);
        print_line(&if is_json { json(&report) } else { report.text() })?;
        self.csv.map_or(Ok(()), CsvFile::finish)?;
        if let (Some(to), Some(groups)) = (groups_to, &groups) {
            to.write(groups, &facts.model)?;
        }
        Ok(())
    }
}

//! `merge`: makes one run of the results of several shards. Everything is checked before anything is said or written; what
//! is said then goes the way that it goes in one run, photograph by photograph in its order.

use std::path::{Path, PathBuf};

use super::UsageError;
use super::console::Console;
use super::evaluated_photo::EvaluatedPhoto;
use super::evaluation_output::EvaluationOutput;
use super::group_outputs::GroupsJob;
use super::grouping::Grouping;
use super::merged_shards::MergedShards;
use super::report::check_csv;
use super::report_output::ReportOutput;
use super::results::{BatchCommand, PhotoLine, PhotoRow, RunFacts};
use super::review_first::{ReviewFirst, ReviewQueue};
use super::segment::heading;
use crate::files;

/// The job of `merge`.
#[derive(Clone, Debug)]
pub struct MergeJob {
    /// The results files, one of each shard.
    pub files: Vec<PathBuf>,
    /// Where the rows of all photographs are written.
    pub csv: Option<PathBuf>,
    /// The groups that photographs are compared by.
    pub groups: Option<GroupsJob>,
    /// List the most doubtful photographs.
    pub review_first: Option<ReviewFirst>,
    /// Print JSON.
    pub json: bool,
}

/// Merges the results of `job`'s shards; returns whether every photograph succeeded.
///
/// # Errors
/// [`UsageError`] when the files are not all shards of one run, or something is asked for that they do not hold; nothing
/// is written then. The error of stdout, or of a file to be written.
pub fn merge(job: &MergeJob) -> anyhow::Result<bool> {
    let mut shards = MergedShards::open(&job.files, job.groups.is_some())?;
    let facts = shards.facts.clone();
    job.check(&facts)?;
    let mut console = Console::new(shards.len());
    match facts.command {
        BatchCommand::Segment => job.segment(&mut shards, &facts, &mut console)?,
        BatchCommand::Evaluate => job.evaluate(&mut shards, &facts, &mut console)?,
        BatchCommand::Report => job.report(&mut shards, &facts, &mut console)?,
    }
    Ok(console.all_went_well())
}

impl MergeJob {
    /// Checks that the results hold what is asked for, and that no file of theirs is replaced.
    fn check(&self, facts: &RunFacts) -> Result<(), UsageError> {
        let name = facts.command.name();
        let fail = |detail: String| Err(UsageError::new(detail));
        if let Some(path) = &self.csv {
            check_csv(path)?;
            if self.files.iter().any(|file| files::same_file(file, path)) {
                return fail(format!("cannot write --csv (these are the results of a shard): {}", path.display()));
            }
        }
        let has_quality = facts.options.quality;
        match facts.command {
            BatchCommand::Segment if self.csv.is_some() => fail("--csv: segment writes no CSV; use --json".into()),
            BatchCommand::Segment if self.json && !has_quality => fail(
                "--json: the shards were run without it, and their rows are not complete; run them with --json"
                    .into(),
            ),
            BatchCommand::Evaluate if self.csv.is_some() && !has_quality => fail(
                "--csv: the shards were run without it, and their rows are not complete; run them with --csv"
                    .into(),
            ),
            BatchCommand::Segment | BatchCommand::Report if self.groups.is_some() => {
                fail(format!("--table: these are results of {name}, and only evaluate compares groups"))
            }
            _ => {
                self.review_first.map_or(Ok(()), |_| ReviewFirst::check_doubt(facts.card.says_doubt, &facts.model))
            }
        }
    }

    fn segment(&self, shards: &mut MergedShards, facts: &RunFacts, console: &mut Console) -> anyhow::Result<()> {
        let mut queue = ReviewQueue::default();
        if !self.json {
            console.row(&heading(facts.photographs.name_width))?;
        }
        shards.for_each(|PhotoLine::<PhotoRow> { file, error, result, .. }| {
            let file = Path::new(&file);
            match (error, result) {
                (None, Some(row)) => {
                    console.row(&if self.json { row.json.to_string() } else { row.line })?;
                    console.photo_warnings(file.display(), &row.warnings);
                    queue.add(row.doubtful);
                }
                (error, _) => console.failure_of(file, &error.unwrap_or_default(), self.json)?,
            }
            console.step();
            Ok(())
        })?;
        console.finish();
        self.review_first.map_or(Ok(()), |first| queue.print(first, console, self.json))?;
        Ok(())
    }

    fn report(&self, shards: &mut MergedShards, facts: &RunFacts, console: &mut Console) -> anyhow::Result<()> {
        let mut output = ReportOutput::new(facts, self.csv.as_deref(), self.review_first, self.json)?;
        shards.for_each(|PhotoLine::<PhotoRow> { file, error, result, .. }| {
            let row = result.unwrap_or_default();
            match error {
                None => output.add(Path::new(&file), row, console)?,
                Some(error) => output.add_failed(&error, row, console)?,
            }
            console.step();
            Ok(())
        })?;
        console.finish();
        output.finish(console)
    }

    fn evaluate(&self, shards: &mut MergedShards, facts: &RunFacts, console: &mut Console) -> anyhow::Result<()> {
        let grouping = self.groups.as_ref().map(|groups| -> anyhow::Result<Grouping> {
            let files = self.files.iter().chain(&self.csv).map(PathBuf::as_path);
            groups.check(&files.collect::<Vec<_>>())?;
            let grouping = Grouping::read(&groups.table, &groups.by)?;
            grouping.compare(&shards.names(), facts.options.is_selection, console)?;
            Ok(grouping)
        });
        let mut output =
            EvaluationOutput::new(facts, self.csv.as_deref(), grouping.transpose()?, self.review_first)?;
        shards.for_each(|PhotoLine::<EvaluatedPhoto> { error, result, .. }| {
            match (error, result) {
                (None, Some(photo)) => output.add(&photo, console)?,
                (error, _) => console.failure(error.unwrap_or_default()),
            }
            console.step();
            Ok(())
        })?;
        console.finish();
        output.finish(facts, self.groups.as_ref(), self.json, console)
    }
}

//! Where the figures by group are written: checked before the long run, made in memory, then written whole.

use std::path::{Path, PathBuf};

use super::UsageError;
use super::group_figures::GroupReport;
use crate::files;
use crate::language::Language;
use crate::report::PlotFormat;

/// What `evaluate` is told of groups.
#[derive(Clone, Debug)]
pub struct GroupsJob {
    /// CSV with a row for each photograph.
    pub table: PathBuf,
    /// Names of its columns.
    pub by: Vec<String>,
    /// Where the figures are written, as the endings say: CSV or JSON.
    pub files: Vec<PathBuf>,
    /// Where plots are written, as the endings say: PNG or SVG.
    pub plots: Vec<PathBuf>,
    /// The plots' language.
    pub language: Language,
}

/// What a table is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString)]
#[strum(ascii_case_insensitive)]
enum TableFormat {
    Csv,
    Json,
}

impl GroupsJob {
    /// Checks that all can be written, and replace none of `inputs` nor each other.
    pub(super) fn check(&self, inputs: &[&Path]) -> Result<(), UsageError> {
        let mut taken: Vec<&Path> = inputs.to_vec();
        taken.push(&self.table);
        for (option, path) in self.outputs() {
            let known = match option {
                GROUPS => format::<TableFormat>(path).map(|_| ()).ok_or("choose a name ending in .csv or .json"),
                _ => format::<PlotFormat>(path).map(|_| ()).ok_or("choose a name ending in .png or .svg"),
            };
            let complaint = match known {
                Err(complaint) => complaint,
                Ok(()) if path.is_dir() => "it is a folder; choose a file",
                Ok(()) if !files::folder_of(path).is_dir() => "its folder does not exist; create it first",
                Ok(()) if taken.iter().any(|other| *other == path || files::same_file(other, path)) => {
                    "another option names this file; choose another"
                }
                Ok(()) => {
                    taken.push(path);
                    continue;
                }
            };
            return Err(UsageError::new(format!("cannot write {option} ({complaint}): {}", path.display())));
        }
        Ok(())
    }

    fn outputs(&self) -> impl Iterator<Item = (&'static str, &Path)> {
        let files = self.files.iter().map(|path| (GROUPS, path.as_path()));
        files.chain(self.plots.iter().map(|path| ("--plot", path.as_path())))
    }

    /// Writes `report` of the outlines of `network` to all files.
    pub(super) fn write(&self, report: &GroupReport, network: &str) -> anyhow::Result<()> {
        let mut made: Vec<(&Path, Vec<u8>)> = Vec::new();
        for path in &self.files {
            made.push((
                path,
                match format(path) {
                    Some(TableFormat::Json) => serde_json::to_vec_pretty(report)?,
                    Some(TableFormat::Csv) | None => report.csv()?,
                },
            ));
        }
        for path in &self.plots {
            let plot = report.plot(network).encoded(format(path).unwrap_or(PlotFormat::Png), self.language);
            let fail = |detail: &str| anyhow::anyhow!("cannot draw the plot ({detail}): {}", path.display());
            made.push((path, plot.map_err(|error| fail(&error.0))?));
        }
        for (path, bytes) in made {
            files::write(path, &bytes)?;
        }
        Ok(())
    }
}

const GROUPS: &str = "--groups";

/// What a file's ending says that it is.
fn format<F: std::str::FromStr>(path: &Path) -> Option<F> {
    path.extension()?.to_str()?.parse().ok()
}

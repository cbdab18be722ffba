//! What `report` prints for a person: a line per photo, with the figures that are read first. All others are in CSV and JSON.

use super::report_rows::{ReportRow, ReviewRow};
use super::table::shortened;
use crate::measure::lesion_measures::Measurement;
use crate::measure::shown_figure::ShownFigure;
use crate::measure::table::Measure;
use crate::measure::vessels::VesselMeasure;
use crate::terminal::shown;

/// Stands where there is no figure.
const NONE: &str = "-";

/// A table whose rows are printed as they come.
pub(super) struct ReportTable {
    name_width: usize,
    /// The heading is printed.
    has_heading: bool,
    /// Of vessels, not of lesions.
    is_of_vessels: bool,
}

impl ReportTable {
    /// For photos whose names are so wide.
    pub(super) fn new(name_width: usize, is_of_vessels: bool) -> Self {
        Self { name_width, has_heading: false, is_of_vessels }
    }

    fn heading(&self) -> String {
        let heading = if self.is_of_vessels {
            ["density", "centre lines", "mean calibre", "Dice", "doubt"]
        } else {
            ["area", "longest", "perpendicular", "Dice", "doubt"]
        };
        self.line("photo", heading.map(str::to_owned), "mask", "decision").trim_end().to_owned()
    }

    /// The row of the photo called `name` that failed, with what a person decided on its file.
    pub(super) fn failed_row(&self, name: &str, review: &ReviewRow) -> String {
        let name = shortened(&shown(name), self.name_width);
        let line = self.line(&name, [NONE; 5].map(str::to_owned), review.mask.key(), review.state.key());
        line.trim_end().to_owned()
    }

    /// A row to be printed, the first below the heading.
    pub(super) fn below_heading(&mut self, line: String) -> String {
        if std::mem::replace(&mut self.has_heading, true) { line } else { format!("{}\n{line}", self.heading()) }
    }

    /// The row of the photo called `name`.
    pub(super) fn row(&self, name: &str, row: &ReportRow) -> String {
        let figure = |measure| {
            let mut measures = row.measures.iter().flatten();
            let found = measures.find(|found| found.measure == measure).and_then(Measurement::shown);
            found.map_or_else(|| NONE.to_owned(), |shown| plain(&shown))
        };
        let first = match row.vessels {
            Some(vessels) => {
                [VesselMeasure::VesselDensity, VesselMeasure::CentreLineLength, VesselMeasure::MeanCalibre].map(
                    |measure| {
                        vessels.figure(measure).shown().map_or_else(|| NONE.to_owned(), |shown| plain(&shown))
                    },
                )
            }
            None => {
                let [longest, across] = [Measure::LongestDiameter, Measure::AcrossDiameter].map(figure);
                let area = if row.measures.is_some() { figure(Measure::Area) } else { "no lesion".to_owned() };
                [area, longest, across]
            }
        };
        let [area, longest, across] = first;
        let dice = row.agreement.as_ref().map_or_else(|| NONE.to_owned(), |found| format!("{:.3}", found.dice));
        let decision = row.review.as_ref().map_or(NONE, |review| review.state.key());
        let name = shortened(&shown(name), self.name_width);
        let line = self.line(
            &name,
            [area, longest, across, dice, row.confidence.doubt_words()],
            row.mask_source.unwrap_or(NONE),
            decision,
        );
        let regions =
            (row.regions > 1 && row.vessels.is_none()).then(|| format!("largest of {} regions", row.regions));
        let damaged = row.correction_damaged.then(|| "the last step may be missing".to_owned());
        let remarks: Vec<String> = regions.into_iter().chain(damaged).collect();
        if remarks.is_empty() { line.trim_end().to_owned() } else { format!("{line}  {}", remarks.join(", ")) }
    }

    fn line(&self, name: &str, figures: [String; 5], mask: &str, decision: &str) -> String {
        let width = self.name_width;
        let [area, longest, across, dice, doubt] = figures;
        format!(
            "{name:width$}  {area:>13}  {longest:>13}  {across:>13}  {dice:>5}  {doubt:>5}  {mask:9}  {decision:8}"
        )
    }
}

/// With plain spaces, as terminals show no thin ones.
fn plain(figure: &ShownFigure) -> String {
    figure.words().replace('\u{2009}', " ")
}

//! The rows of `report` as CSV: one line per photo.

use super::confidence_row;
use super::console::number;
use super::report_rows::{FailedRow, ReportAgreement, ReportRow, ReviewRow};
use crate::inference::EngineKind;
use crate::measure::table::Measure;
use crate::measure::vessels::{VesselMeasure, VesselMeasures};
use crate::records::ScaleSource;

/// Columns of facts of a photo; agreement, measures and review follow.
const FACTS: [&str; 14] = [
    "file",
    "sha256",
    "width",
    "height",
    "mm_per_px",
    "mm_per_px_uncertainty",
    "mm_per_px_source",
    "model",
    "engine",
    "engine_version",
    "threshold",
    "mask_px",
    "regions",
    "mask_source",
];

/// Columns of agreement, distances in both units: one of them is empty.
const AGREEMENT: [&str; 11] = [
    "iou",
    "dice",
    "sensitivity",
    "specificity",
    "accuracy",
    "hd_px",
    "hd95_px",
    "assd_px",
    "hd_mm",
    "hd95_mm",
    "assd_mm",
];

/// Says where the end of a correction's journal is damaged.
const DAMAGED: &str = "correction_damaged";

const REVIEW: [&str; 5] = ["review_state", "review_mask", "review_reviewer", "review_note", "review_changed"];

/// What was done before and after the network; usually nothing.
const STEPS: [&str; 2] = ["before", "after"];

/// What is to be known of the reference and of the photo; usually nothing.
const REMARKS: [&str; 3] = ["reference_notes", "photo_warnings", "quality"];

/// Columns of measures: those of a photo without a scale, then those that a scale changes.
fn measure_columns() -> Vec<(Measure, bool)> {
    let changes = |measure: &Measure| measure.key(true) != measure.key(false);
    let scaled = Measure::all().filter(changes).map(|measure| (measure, true));
    Measure::all().map(|measure| (measure, false)).chain(scaled).collect()
}

/// Columns of how far measures may be off by the scale, after those of the measures.
fn uncertainty_columns() -> Vec<String> {
    let by_scale = Measure::all().filter(|measure| measure.quantity().power_of_scale().is_some());
    by_scale.map(|measure| measure.key(true)).collect()
}

/// Columns of vessels, in both units. clDice is the first.
fn vessel_columns() -> Vec<String> {
    let scaled = VesselMeasure::all().map(|measure| measure.key(true));
    let mut columns: Vec<String> = VesselMeasure::all().map(|measure| measure.key(false)).collect();
    columns.extend(scaled.filter(|key| !columns.contains(key)).collect::<Vec<_>>());
    columns.insert(0, "cldice".to_owned());
    columns
}

/// Says why nothing else is known of a photo.
const ERROR: &str = "error";

/// The columns of a batch.
pub(super) struct ReportColumns {
    measures: Vec<(Measure, bool)>,
    uncertainties: Vec<String>,
    /// Of vessels alone.
    vessels: Vec<String>,
    names: Vec<String>,
}

impl ReportColumns {
    /// Of masks that mean vessels, or lesions.
    pub(super) fn of(is_of_vessels: bool) -> Self {
        let measures = measure_columns();
        let uncertainties = uncertainty_columns();
        let vessels = if is_of_vessels { vessel_columns() } else { Vec::new() };
        let owned = |name: &&str| (*name).to_owned();
        let names = FACTS
            .iter()
            .chain(&AGREEMENT)
            .map(owned)
            .chain(measures.iter().map(|(measure, is_scaled)| measure.key(*is_scaled)))
            .chain(uncertainties.iter().map(|key| format!("{key}_uncertainty")))
            .chain(REVIEW.iter().map(owned))
            .chain(REMARKS.iter().map(owned))
            .chain([ERROR, DAMAGED].map(str::to_owned))
            .chain(confidence_row::COLUMNS.iter().map(owned))
            .chain(vessels.iter().cloned())
            .chain(STEPS.map(str::to_owned))
            .collect();
        Self { measures, uncertainties, vessels, names }
    }

    /// Their names.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// A photo's cells.
    pub(super) fn cells(&self, row: &ReportRow) -> Vec<String> {
        let mut cells = row.facts().to_vec();
        let agreement = row.agreement.as_ref().map(ReportAgreement::named).unwrap_or_default();
        cells.extend(AGREEMENT.map(|column| {
            agreement.iter().find(|(name, _)| *name == column).map_or_else(String::new, |(_, value)| number(*value))
        }));
        cells.extend(self.measures.iter().map(|column| row.measure_cell(*column)));
        let uncertainty = |key: &String| row.uncertainties.get(key).copied().map(number).unwrap_or_default();
        cells.extend(self.uncertainties.iter().map(uncertainty));
        cells.extend(row.review_cells());
        cells.extend([&row.reference_notes, &row.photo_warnings].map(|said| said.join("; ")));
        cells.push(row.quality.keys());
        cells.push(String::new());
        cells.push(if row.correction_damaged { "true".to_owned() } else { String::new() });
        cells.extend(row.confidence.cells());
        cells.extend(self.vessels.iter().map(|column| row.vessel_cell(column)));
        cells.extend([row.steps.before.to_string(), row.steps.after.to_string()]);
        cells
    }

    /// The cells of a photo that failed.
    pub(super) fn failed_cells(&self, failed: &FailedRow) -> Vec<String> {
        self.names.iter().map(|name| failed.cell(name)).collect()
    }
}

impl ReportRow {
    fn facts(&self) -> [String; FACTS.len()] {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        [
            self.file.clone(),
            self.sha256.clone(),
            self.width.to_string(),
            self.height.to_string(),
            self.mm_per_px.map(number).unwrap_or_default(),
            self.mm_per_px_uncertainty.map(number).unwrap_or_default(),
            text(self.mm_per_px_source.map(ScaleSource::key)),
            text(self.model.as_deref()),
            text(self.engine.map(EngineKind::id)),
            text(self.engine_version.as_deref()),
            self.threshold.map(|threshold| number(threshold.into())).unwrap_or_default(),
            self.mask_px.to_string(),
            self.regions.to_string(),
            text(self.mask_source),
        ]
    }

    /// Empty if the measure has another unit in this row, or no value.
    fn measure_cell(&self, (measure, is_scaled): (Measure, bool)) -> String {
        let mut found = self.measures.iter().flatten();
        let found = found.find(|found| found.measure == measure);
        let found = found.filter(|found| found.key() == measure.key(is_scaled));
        found.and_then(|found| found.value).map(number).unwrap_or_default()
    }

    /// Empty if the measure has another unit in this row, or no value.
    fn vessel_cell(&self, column: &str) -> String {
        let agreement = self.agreement.iter().flat_map(ReportAgreement::named);
        let figures = self.vessels.into_iter().flat_map(VesselMeasures::list);
        let mut named = agreement
            .map(|(name, value)| (name.to_owned(), value))
            .chain(figures.filter_map(|figure| Some((figure.key(), figure.value?))));
        named.find(|(name, _)| name == column).map_or_else(String::new, |(_, value)| number(value))
    }

    fn review_cells(&self) -> [String; REVIEW.len()] {
        self.review.as_ref().map(ReviewRow::cells).unwrap_or_default()
    }
}

impl FailedRow {
    /// What it has in the column of that name.
    fn cell(&self, column: &str) -> String {
        match REVIEW.iter().position(|name| *name == column) {
            Some(place) => self.review.as_ref().map(|review| review.cells()[place].clone()).unwrap_or_default(),
            None if column == FACTS[0] => self.file.clone(),
            None if column == ERROR => self.error.clone(),
            None => String::new(),
        }
    }
}

impl ReviewRow {
    fn cells(&self) -> [String; REVIEW.len()] {
        let Self { state, mask, reviewer, note, changed } = self;
        [state.key().to_owned(), mask.key().to_owned(), reviewer.clone(), note.clone(), changed.to_string()]
    }
}

//! What `evaluate` finds of a photograph: the figures that totals are made of, to the last bit, and the row of its CSV.

use serde::{Deserialize, Serialize};

use super::confidence_row::{self, ConfidenceRow};
use super::references::ReadReference;
use super::review_first::DoubtfulPhoto;
use super::surface_means;
use crate::measure::agreement::Confusion;
use crate::measure::lesion_runs::LesionArea;
use crate::measure::surface_distances::{NoSurface, SurfaceDistances};
use crate::pipeline::StageMillis;
use crate::provenance::MaskSource;
use crate::quality::CaptureQuality;

/// The result of one photo.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct EvaluatedPhoto {
    pub(super) id: String,
    pub(super) counts: Confusion,
    /// clDice of vessels; none of a lesion.
    pub(super) cldice: Option<f64>,
    pub(super) distances: Result<SurfaceDistances, NoSurface>,
    pub(super) mm_per_px: Option<f64>,
    /// A person made the mask, or a part of it.
    pub(super) is_by_hand: bool,
    /// The network looked at the lesion again, by itself.
    #[serde(default)]
    pub(super) has_second_look: bool,
    /// Where a network ran.
    pub(super) millis: Option<StageMillis>,
    /// Where a network made the mask.
    pub(super) doubtful: Option<DoubtfulPhoto>,
    pub(super) reference: ReadReference,
    /// Why the photo may be damaged.
    pub(super) photo_warnings: Vec<String>,
    /// Of the CSV.
    pub(super) cells: Vec<String>,
}

/// What the CSV alone has.
pub(super) struct EvaluatedDetails {
    /// Of the mask that counts; of vessels, of all of them.
    pub(super) lesion: LesionArea,
    pub(super) confidence: ConfidenceRow,
    pub(super) mask_source: Option<MaskSource>,
    /// Where there is a CSV to write it to.
    pub(super) quality: Option<CaptureQuality>,
}

/// Columns of a photograph's figures; those of its surface distances and [`REMARKS`] follow.
const COLUMNS: [&str; 14] = [
    "image_id",
    "iou",
    "dice",
    "sensitivity",
    "specificity",
    "accuracy",
    "tp",
    "fp",
    "fn",
    "tn",
    "area_px",
    "regions",
    "mask_px",
    "millis",
];

/// Whose mask it is, and what is to be known of a reference and of a photograph; usually nothing.
const REMARKS: [&str; 4] = ["mask_source", "reference_notes", "photo_warnings", "quality"];

/// The names of all columns of a batch.
pub(super) fn columns(is_of_vessels: bool) -> Vec<String> {
    let names = COLUMNS.iter().chain(&surface_means::COLUMNS).chain(&REMARKS).chain(&confidence_row::COLUMNS);
    names.chain(is_of_vessels.then_some(&"cldice")).map(|name| (*name).to_owned()).collect()
}

impl EvaluatedPhoto {
    /// The same with its row of the CSV.
    pub(super) fn with_cells(mut self, details: &EvaluatedDetails) -> Self {
        let EvaluatedDetails { lesion, confidence, mask_source, quality } = details;
        let mut cells = self.figures(*lesion).to_vec();
        cells.extend(surface_means::cells(self.distances, self.mm_per_px));
        cells.push(mask_source.map(MaskSource::key).unwrap_or_default().to_owned());
        cells.extend([&self.reference.notes, &self.photo_warnings].map(|said| said.join("; ")));
        cells.push(quality.map(|quality| quality.keys()).unwrap_or_default());
        cells.extend(confidence.cells());
        cells.extend(self.cldice.map(|cldice| format!("{cldice:.6}")));
        self.cells = cells;
        self
    }

    fn figures(&self, lesion: LesionArea) -> [String; COLUMNS.len()] {
        let counts = &self.counts;
        let share = |share: f64| format!("{share:.6}");
        [
            self.id.clone(),
            share(counts.iou()),
            share(counts.dice()),
            share(counts.sensitivity()),
            share(counts.specificity()),
            share(counts.accuracy()),
            counts.true_positive.to_string(),
            counts.false_positive.to_string(),
            counts.false_negative.to_string(),
            counts.true_negative.to_string(),
            lesion.area_px.to_string(),
            lesion.regions.to_string(),
            (counts.true_positive + counts.false_positive).to_string(),
            self.millis.map(|millis| format!("{:.3}", millis.total())).unwrap_or_default(),
        ]
    }
}

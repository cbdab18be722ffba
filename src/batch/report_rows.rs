//! One photo's row of `report`: everything that is known about it, as a JSON object; `report_csv.rs` writes it as CSV, and
//! `report_table.rs` prints what is read first.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;

use super::confidence_row::ConfidenceRow;
use super::console::one_line;
use super::references::sentences;
use super::review_first::DoubtfulPhoto;
use crate::decode::MaskNote;
use crate::exchange::NOTE;
use crate::inference::{EngineInfo, EngineKind, MaskMeaning};
use crate::measure::lesion_measures::{LesionMeasures, Measurement};
use crate::measure::surface_distances::{SurfaceDistances, SurfaceDistancesMm};
use crate::measure::vessels::VesselMeasures;
use crate::provenance::{CorrectionSummary, MaskOrigin, MaskSource};
use crate::quality::CaptureQuality;
use crate::records::{Review, ReviewState, ScaleSource};
use crate::report::{Agreement, Figures};
use crate::steps::ImageSteps;

/// A photo's row and page. It has no pixels, because it may wait in memory for earlier photos.
pub(super) struct ReportedPhoto {
    pub(super) path: PathBuf,
    pub(super) sha256: String,
    pub(super) size: [u32; 2],
    /// Who made the mask.
    pub(super) origin: MaskOrigin,
    /// Where a network made it.
    pub(super) engine: Option<EngineInfo>,
    pub(super) figures: Figures,
    pub(super) confidence: ConfidenceRow,
    /// Where a network made the mask.
    pub(super) doubtful: Option<DoubtfulPhoto>,
    /// The reference's file, and how it was read.
    pub(super) reference: Option<(PathBuf, Vec<MaskNote>)>,
    /// Why the photo may be damaged.
    pub(super) warnings: Vec<String>,
}

/// Everything that is known about a photo; what does not apply is `None`.
#[derive(Serialize)]
pub(super) struct ReportRow {
    pub(super) file: String,
    pub(super) sha256: String,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) mm_per_px: Option<f64>,
    /// How far that may be off by the ruler's ends, in its own unit; none where that is not known.
    pub(super) mm_per_px_uncertainty: Option<f64>,
    #[serde(serialize_with = "key_of_source")]
    pub(super) mm_per_px_source: Option<ScaleSource>,
    /// The network that made the mask, or whose mask a person started from.
    pub(super) model: Option<String>,
    pub(super) engine: Option<EngineKind>,
    pub(super) engine_version: Option<String>,
    pub(super) threshold: Option<f32>,
    #[serde(flatten)]
    pub(super) confidence: ConfidenceRow,
    /// Before and after the network; left out where there are none.
    #[serde(flatten)]
    pub(super) steps: ImageSteps,
    /// All pixels of the mask, of every region.
    pub(super) mask_px: u64,
    /// Regions of the mask, of which the largest is measured.
    pub(super) regions: usize,
    pub(super) mask_source: Option<&'static str>,
    pub(super) correction: Option<CorrectionSummary>,
    /// The end of its journal is damaged; a key only where it is.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) correction_damaged: bool,
    /// What the mask means, where that is no lesion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mask_meaning: Option<MaskMeaning>,
    pub(super) agreement: Option<ReportAgreement>,
    #[serde(serialize_with = "values_by_key")]
    pub(super) measures: Option<Vec<Measurement>>,
    /// Figures of vessels; a key only where the mask means vessels.
    #[serde(serialize_with = "vessels_by_key", skip_serializing_if = "Option::is_none")]
    pub(super) vessels: Option<VesselMeasures>,
    /// By the key of its measure, in the same unit; none where the scale's is not known.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) uncertainties: BTreeMap<String, f64>,
    pub(super) colours: Option<Vec<ColourRow>>,
    pub(super) explanations: Option<BTreeMap<String, &'static str>>,
    pub(super) review: Option<ReviewRow>,
    /// How the reference was read, where that is not plain.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) reference_notes: Vec<String>,
    /// Why the photo may be damaged.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) photo_warnings: Vec<String>,
    /// What is to be remarked of the photograph, by key.
    pub(super) quality: CaptureQuality,
    pub(super) note: &'static str,
}

/// A photo of which nothing is known but why, and what a person decided on it nevertheless.
#[derive(Serialize)]
pub(super) struct FailedRow {
    pub(super) file: String,
    pub(super) error: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) review: Option<ReviewRow>,
}

impl FailedRow {
    pub(super) fn of(path: &Path, error: &anyhow::Error, review: Option<&Review>) -> Self {
        let file = path.to_string_lossy().into_owned();
        Self { file, error: one_line(&error.to_string()), review: review.map(ReviewRow::of) }
    }
}

/// Agreement with the reference. Distances are in millimetres where the scale is known, else in pixels.
#[derive(Serialize)]
pub(super) struct ReportAgreement {
    iou: f64,
    pub(super) dice: f64,
    sensitivity: f64,
    specificity: f64,
    accuracy: f64,
    /// Of vessels alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    cldice: Option<f64>,
    #[serde(flatten)]
    distances: DistancesRow,
}

#[derive(Serialize)]
#[serde(untagged)]
enum DistancesRow {
    Px(SurfaceDistances),
    Mm(SurfaceDistancesMm),
    Undefined { no_distances: String },
}

#[derive(Serialize)]
pub(super) struct ColourRow {
    name: &'static str,
    share: f64,
}

#[derive(Serialize)]
pub(super) struct ReviewRow {
    pub(super) state: ReviewState,
    /// Whose mask it was when the record was written.
    pub(super) mask: MaskSource,
    pub(super) reviewer: String,
    pub(super) note: String,
    pub(super) changed: Timestamp,
}

impl ReportRow {
    pub(super) fn of(reported: &ReportedPhoto, review: Option<&Review>) -> Self {
        let ReportedPhoto { figures, origin, engine, .. } = reported;
        let measures = figures.measures.as_ref();
        let network = origin.network();
        Self {
            file: reported.path.to_string_lossy().into_owned(),
            sha256: reported.sha256.clone(),
            width: reported.size[0],
            height: reported.size[1],
            mm_per_px: figures.mm_per_px(),
            mm_per_px_uncertainty: figures
                .scale
                .and_then(|scale| Some(scale.mm_per_px * scale.relative_uncertainty?)),
            mm_per_px_source: figures.scale.map(|scale| scale.source),
            model: network.map(|(model, _)| model.to_owned()),
            engine: engine.as_ref().map(|engine| engine.kind),
            engine_version: engine.as_ref().map(|engine| engine.version.clone()),
            threshold: network.map(|(_, threshold)| threshold),
            confidence: reported.confidence.clone(),
            steps: origin.steps(),
            mask_px: figures.mask_px,
            regions: figures.regions(),
            mask_source: origin.key(),
            correction: origin.correction().cloned(),
            correction_damaged: origin.correction().is_some_and(|correction| correction.is_damaged),
            mask_meaning: figures.vessels.map(|_| MaskMeaning::Vessels),
            agreement: figures.agreement.as_ref().map(|found| ReportAgreement::of(found, figures.mm_per_px())),
            measures: measures.map(|measures| measures.list().collect()),
            vessels: figures.vessels,
            uncertainties: uncertainties(figures),
            colours: measures.map(ColourRow::of),
            explanations: definitions(figures),
            review: review.map(ReviewRow::of),
            reference_notes: reported.reference.as_ref().map_or(Vec::new(), |(_, notes)| sentences(notes)),
            photo_warnings: reported.warnings.clone(),
            quality: figures.quality,
            note: NOTE,
        }
    }
}

impl ReportAgreement {
    fn of(Agreement { counts, distances, centre_line_dice }: &Agreement, mm_per_px: Option<f64>) -> Self {
        Self {
            iou: counts.iou(),
            dice: counts.dice(),
            sensitivity: counts.sensitivity(),
            specificity: counts.specificity(),
            accuracy: counts.accuracy(),
            cldice: *centre_line_dice,
            distances: match (distances, mm_per_px) {
                (Ok(px), Some(scale)) => DistancesRow::Mm(px.in_mm(scale)),
                (Ok(px), None) => DistancesRow::Px(*px),
                (Err(reason), _) => DistancesRow::Undefined { no_distances: reason.to_string() },
            },
        }
    }

    /// The figures by the names that columns have, in their order.
    pub(super) fn named(&self) -> Vec<(&'static str, f64)> {
        let mut named = vec![
            ("iou", self.iou),
            ("dice", self.dice),
            ("sensitivity", self.sensitivity),
            ("specificity", self.specificity),
            ("accuracy", self.accuracy),
        ];
        named.extend(self.cldice.map(|cldice| ("cldice", cldice)));
        match &self.distances {
            DistancesRow::Px(px) => {
                named.extend([("hd_px", px.hd_px), ("hd95_px", px.hd95_px), ("assd_px", px.assd_px)]);
            }
            DistancesRow::Mm(mm) => {
                named.extend([("hd_mm", mm.hd_mm), ("hd95_mm", mm.hd95_mm), ("assd_mm", mm.assd_mm)]);
            }
            DistancesRow::Undefined { .. } => {}
        }
        named
    }
}

impl ColourRow {
    fn of(measures: &LesionMeasures) -> Vec<Self> {
        let present = measures.colours.present();
        present.into_iter().map(|(colour, share)| Self { name: colour.name(), share }).collect()
    }
}

impl ReviewRow {
    fn of(review: &Review) -> Self {
        let Review { state, mask, reviewer, note, changed, .. } = review;
        Self { state: *state, mask: *mask, reviewer: reviewer.clone(), note: note.clone(), changed: *changed }
    }
}

fn uncertainties(figures: &Figures) -> BTreeMap<String, f64> {
    let of_lesion = figures.measures.iter().flat_map(LesionMeasures::list);
    let of_vessels = figures.vessels.into_iter().flat_map(VesselMeasures::list);
    let of_lesion = of_lesion.filter_map(|found| Some((found.key(), found.uncertainty()?)));
    of_lesion.chain(of_vessels.filter_map(|found| Some((found.key(), found.uncertainty()?)))).collect()
}

fn definitions(figures: &Figures) -> Option<BTreeMap<String, &'static str>> {
    if let Some(vessels) = figures.vessels {
        return Some(vessels.list().map(|found| (found.key(), found.measure.definition())).collect());
    }
    let measures = figures.measures.as_ref()?;
    Some(measures.list().map(|found| (found.key(), found.measure.definition())).collect())
}

fn vessels_by_key<S: serde::Serializer>(
    vessels: &Option<VesselMeasures>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let by_key = |found: &VesselMeasures| -> BTreeMap<String, Option<f64>> {
        found.list().map(|figure| (figure.key(), figure.value)).collect()
    };
    vessels.as_ref().map(by_key).serialize(serializer)
}

fn key_of_source<S: serde::Serializer>(source: &Option<ScaleSource>, serializer: S) -> Result<S::Ok, S::Error> {
    source.map(ScaleSource::key).serialize(serializer)
}

fn values_by_key<S: serde::Serializer>(
    measures: &Option<Vec<Measurement>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let by_key = |found: &Vec<Measurement>| -> BTreeMap<String, Option<f64>> {
        found.iter().map(|found| (found.key(), found.value)).collect()
    };
    measures.as_ref().map(by_key).serialize(serializer)
}

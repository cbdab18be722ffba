//! `evaluate`: how well the network, and people who corrected it, agree with reference masks over a data set.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;

use super::console::{Console, json, number, print_line};
use super::folder_records::FolderRecords;
use super::found_lesion::{FoundLesion, LesionOptions};
use super::group_figures::{GroupReport, ScoredPhoto};
use super::group_outputs::GroupsJob;
use super::grouping::Grouping;
use super::inference_server::InferenceServer;
use super::memory::MemoryBudget;
use super::network::NetworkOptions;
use super::pairs::{self, Pair};
use super::quantiles::StageTimes;
use super::references::{FoundReference, NotedMasks, ReferenceSummary, sentences};
use super::surface_means::{self, SurfaceMeans, SurfaceReport};
use super::{UsageError, concurrency, ordered_pool};
use crate::decode::{self, MaskNote};
use crate::files;
use crate::inference::{Engine as _, EngineInfo, EngineKind, ModelCard};
use crate::measure::agreement::{Confusion, DatasetAgreement, DatasetFigures};
use crate::measure::lesion::LesionArea;
use crate::measure::surface_distances::{NoSurface, SurfaceDistances};
use crate::pipeline::StageMillis;
use crate::provenance::MaskSource;
use crate::quality::CaptureQuality;

/// The job of `evaluate`.
#[derive(Clone, Debug)]
pub struct EvaluateJob {
    /// Folder of photographs.
    pub images: PathBuf,
    /// Folder of reference masks.
    pub masks: PathBuf,
    /// CSV that selects the photographs.
    pub list: Option<PathBuf>,
    /// The split of the list.
    pub split: Option<String>,
    /// The network and the engine.
    pub network: NetworkOptions,
    /// Ignore masks that a person corrected or drew.
    pub network_only: bool,
    /// Millimetres per pixel of every photograph; overrides each one's calibration and the scale in its file.
    pub mm_per_px: Option<f64>,
    /// The masks lie over the photographs as stored, before their EXIF orientation.
    pub masks_as_stored: bool,
    /// Where the figures of each photograph are written.
    pub csv: Option<PathBuf>,
    /// The groups that photographs are compared by.
    pub groups: Option<GroupsJob>,
    /// Print JSON instead of a report.
    pub json: bool,
}

/// What is totals photo by photo.
#[derive(Default)]
struct EvaluationTotals {
    agreement: DatasetAgreement,
    surface: SurfaceMeans,
    times: StageTimes,
    /// Photographs whose mask a person made, or a part of it.
    by_hand: u64,
    references: ReferenceSummary,
    /// What groups are formed of.
    scored: Vec<ScoredPhoto>,
    /// Cells of the CSV.
    rows: Vec<Vec<String>>,
}

/// What the figures belong to.
struct EvaluationSubject<'a> {
    model: &'a str,
    engine: EngineInfo,
    threshold: f32,
    split: Option<&'a str>,
}

/// Evaluates `job`'s photographs; returns whether all succeeded.
///
/// # Errors
/// [`UsageError`] when nothing could be started, or the error of stdout or of the CSV.
pub fn evaluate(job: &EvaluateJob) -> anyhow::Result<bool> {
    check_csv(job)?;
    if let Some(groups) = &job.groups {
        groups.check(&job.csv.iter().chain(&job.list).map(PathBuf::as_path).collect::<Vec<_>>())?;
    }
    let pairs = pairs::find(&job.images, &job.masks, job.list.as_deref(), job.split.as_deref())?;
    let mut console = Console::new(pairs.len());
    let grouping = job.groups.as_ref().map(|groups| Grouping::read(&groups.table, &groups.by)).transpose()?;
    if let Some(grouping) = &grouping {
        grouping.compare(&pairs, job.list.is_some(), &console)?;
    }
    let mut network = job.network.open()?;
    let mut totals = EvaluationTotals::default();
    let records = FolderRecords::of(
        pairs.iter().filter_map(|pair| pair.files.as_ref().ok()).map(|[photo, _]| photo.as_path()),
    );
    records.report_faults(&mut console);
    let memory = MemoryBudget::of(&job.network);
    let concurrency = concurrency::of(&job.network, &network, &pairs, |path| memory.planned_pixels(path));
    let model = Arc::clone(&network.model);
    network.serve(concurrency, |network| {
        let work = |pair: &Pair| {
            let _memory = memory.share(pair.as_ref());
            score(job, network, &model.card, &records, pair)
        };
        ordered_pool::run(&pairs, concurrency, work, |pair, score| {
            match score {
                Ok(score) => {
                    console.photo_warnings(&pair.id, &score.photo_warnings);
                    totals.add(pair, &score);
                }
                Err(error) => console.failure(error),
            }
            console.step();
            anyhow::Ok(())
        })
    })?;
    console.finish();
    let card = &network.model.card;
    let engine = network.engine.info().clone();
    let subject =
        EvaluationSubject { model: &card.name, engine, threshold: card.threshold, split: job.split.as_deref() };
    totals.references.tell(&console);
    let groups = grouping.as_ref().and_then(|grouping| GroupReport::of(grouping, &totals.scored));
    let report = EvaluationReport::of(&totals, groups.as_ref(), console.failed(), &subject);
    print_line(&if job.json { json(&report) } else { report.text() })?;
    if let Some(path) = &job.csv {
        files::write(path, &csv(&totals.rows)?)?;
    }
    if let (Some(to), Some(groups)) = (&job.groups, &groups) {
        to.write(groups, &card.name)?;
    }
    Ok(console.all_went_well())
}

/// Checks before the long run that the CSV can be written and replaces none of the inputs.
fn check_csv(job: &EvaluateJob) -> Result<(), UsageError> {
    let Some(path) = &job.csv else { return Ok(()) };
    let fail = |detail: &str| Err(UsageError::new(format!("cannot write --csv ({detail}): {}", path.display())));
    let folder = files::folder_of(path);
    if path.is_dir() {
        fail("it is a folder; choose a file")
    } else if !folder.is_dir() {
        fail("its folder does not exist; create it first")
    } else if job.list.as_deref().is_some_and(|list| files::same_file(path, list)) {
        fail("it is the file of --list; choose another")
    } else if crate::photo_files::PHOTO_ENDINGS.iter().any(|ending| path.extension().is_some_and(|e| e == *ending))
    {
        fail("its name is that of a picture; choose a name ending in .csv")
    } else {
        Ok(())
    }
}

/// The result of one photo.
struct PhotoScore {
    counts: Confusion,
    /// Of the mask that counts.
    lesion: LesionArea,
    distances: Result<SurfaceDistances, NoSurface>,
    mm_per_px: Option<f64>,
    mask_source: Option<MaskSource>,
    /// Where a network ran.
    millis: Option<StageMillis>,
    mask_notes: Vec<MaskNote>,
    photo_warnings: Vec<String>,
    /// Where there is a CSV to write it to.
    quality: Option<CaptureQuality>,
}

fn score(
    job: &EvaluateJob,
    network: &InferenceServer<'_>,
    card: &ModelCard,
    records: &FolderRecords,
    pair: &Pair,
) -> anyhow::Result<PhotoScore> {
    let [photo, mask] = pair.files.as_ref().map_err(|reason| anyhow::anyhow!("{reason}"))?;
    let photo = decode::photo_for_network(photo)?;
    let FoundReference { mask: reference, notes, .. } =
        FoundReference::read(mask.clone(), &photo, job.masks_as_stored)?;
    let options = LesionOptions { threshold: None, network_only: job.network_only };
    let FoundLesion { lesion, answer } = FoundLesion::of(network, card, &photo, options)?;
    Ok(PhotoScore {
        counts: Confusion::of(&lesion.mask, &reference),
        lesion: LesionArea::of(&lesion.mask),
        distances: SurfaceDistances::of(&lesion.mask, &reference),
        mm_per_px: records.scale(&photo, job.mm_per_px).map(|scale| scale.mm_per_px),
        mask_source: lesion.origin.source(),
        millis: answer.map(|answer| answer.millis),
        mask_notes: notes,
        photo_warnings: photo.warnings_said(),
        quality: job.csv.as_ref().map(|_| CaptureQuality::of_mask(&photo, &lesion.mask)),
    })
}

impl EvaluationTotals {
    fn add(&mut self, pair: &Pair, score: &PhotoScore) {
        self.agreement.add(&score.counts);
        let [iou, dice] = [score.counts.iou(), score.counts.dice()];
        self.scored.push(ScoredPhoto { id: pair.id.clone(), iou, dice });
        score.millis.into_iter().for_each(|millis| self.times.add(millis));
        self.by_hand += u64::from(score.mask_source.is_some_and(MaskSource::is_by_hand));
        let mut cells = cells(&pair.id, score).to_vec();
        cells.extend(self.surface.add(&pair.id, score.distances, score.mm_per_px));
        cells.push(score.mask_source.map(MaskSource::key).unwrap_or_default().to_owned());
        cells.extend([sentences(&score.mask_notes), score.photo_warnings.clone()].map(|said| said.join("; ")));
        cells.push(score.quality.map(|quality| quality.keys()).unwrap_or_default());
        if let Ok([_, mask]) = &pair.files {
            self.references.add(mask, &score.mask_notes);
        }
        self.rows.push(cells);
    }
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

fn cells(id: &str, score: &PhotoScore) -> [String; COLUMNS.len()] {
    let PhotoScore { counts, .. } = score;
    let share = |share: f64| format!("{share:.6}");
    [
        id.to_owned(),
        share(counts.iou()),
        share(counts.dice()),
        share(counts.sensitivity()),
        share(counts.specificity()),
        share(counts.accuracy()),
        counts.true_positive.to_string(),
        counts.false_positive.to_string(),
        counts.false_negative.to_string(),
        counts.true_negative.to_string(),
        score.lesion.area_px.to_string(),
        score.lesion.regions.to_string(),
        (counts.true_positive + counts.false_positive).to_string(),
        score.millis.map(|millis| format!("{:.3}", millis.total())).unwrap_or_default(),
    ]
}

fn csv(rows: &[Vec<String>]) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS.iter().chain(&surface_means::COLUMNS).chain(&REMARKS))?;
    for row in rows {
        writer.write_record(row)?;
    }
    Ok(writer.into_inner()?)
}

/// A figure of a data set: its name, what it is, and how it is read.
type DatasetMeasure = (&'static str, &'static str, fn(&DatasetFigures) -> f64);

/// The figures of agreement, in the report's order.
const AGREEMENT: [DatasetMeasure; 8] = [
    ("mean_iou", "intersection over union, mean over photographs", |figures| figures.mean_iou),
    ("mean_dice", "Dice coefficient, mean over photographs", |figures| figures.mean_dice),
    ("pooled_iou", "intersection over union, all pixels pooled", |figures| figures.pooled_iou),
    ("pooled_dice", "Dice coefficient, all pixels pooled", |figures| figures.pooled_dice),
    ("class_mean_iou", "pooled IoU of lesion and background, averaged", |figures| figures.class_mean_iou),
    ("sensitivity", "mean over photographs", |figures| figures.sensitivity),
    ("specificity", "mean over photographs", |figures| figures.specificity),
    ("accuracy", "mean over photographs", |figures| figures.accuracy),
];

/// The results over the data set.
#[derive(Serialize)]
struct EvaluationReport<'a> {
    n: u64,
    failed: u64,
    /// Photographs whose mask a person corrected or drew: those figures are not the network's alone.
    masks_by_hand: u64,
    /// By name; none if no photograph succeeded.
    #[serde(flatten)]
    agreement: BTreeMap<&'static str, Option<f64>>,
    surface: SurfaceReport,
    engine: EngineKind,
    engine_version: &'a str,
    model: &'a str,
    threshold: f32,
    split: Option<&'a str>,
    /// What was remarkable about the masks; left out where all are plain.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reference_notes: Vec<NotedMasks>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<String>,
    /// By the columns of a table, where one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    groups: Option<&'a GroupReport>,
    /// Of each stage by its name.
    millis: BTreeMap<&'static str, HalfAndMost>,
}

/// Median and 95th percentile of the milliseconds per photograph.
#[derive(Serialize)]
struct HalfAndMost {
    p50: f64,
    p95: f64,
}

impl<'a> EvaluationReport<'a> {
    fn of(
        totals: &EvaluationTotals,
        groups: Option<&'a GroupReport>,
        failed: u64,
        subject: &'a EvaluationSubject<'_>,
    ) -> Self {
        let figures = totals.agreement.figures();
        let millis = totals.times.quantiles([0.5, 0.95]);
        Self {
            n: figures.map_or(0, |figures| figures.n),
            failed,
            masks_by_hand: totals.by_hand,
            agreement: AGREEMENT.map(|(name, _, read)| (name, figures.as_ref().map(read))).into(),
            surface: totals.surface.report(),
            engine: subject.engine.kind,
            engine_version: &subject.engine.version,
            model: subject.model,
            threshold: subject.threshold,
            split: subject.split,
            reference_notes: totals.references.notes(),
            warning: totals.references.warning(),
            groups,
            millis: millis.into_iter().map(|(stage, [p50, p95])| (stage, HalfAndMost { p50, p95 })).collect(),
        }
    }

    fn text(&self) -> String {
        let Self { n, failed, model, engine_version, .. } = self;
        let split = self.split.map(|split| format!(", split '{split}'")).unwrap_or_default();
        let (engine, threshold) = (self.engine.title(), number(self.threshold.into()));
        let mut lines = vec![
            format!("{n} photographs, {failed} failed{split}"),
            format!("{model} on {engine} {engine_version}, threshold {threshold}"),
            String::new(),
        ];
        if self.masks_by_hand > 0 {
            let hint = "(--network-only for the network's masks alone)";
            lines.insert(1, format!("{} with masks corrected or drawn by hand {hint}", self.masks_by_hand));
        }
        for (name, meaning, _) in AGREEMENT {
            let figure = self.agreement.get(name).copied().flatten();
            let figure = figure.map_or_else(|| "-".to_owned(), |figure| format!("{figure:.4}"));
            lines.push(format!("{name:14}  {figure:>6}  {meaning}"));
        }
        lines.extend(self.surface.lines());
        lines.push(String::new());
        for stage in StageMillis::NAMES {
            if let Some(HalfAndMost { p50, p95 }) = self.millis.get(stage) {
                lines.push(format!("{stage:14}  {p50:>6.1} ms median, {p95:.1} ms 95th percentile"));
            }
        }
        if let Some(groups) = self.groups {
            lines.extend([String::new(), groups.text()]);
        }
        lines.join("\n").trim_end().to_owned()
    }
}

//! `segment`: writes the lesion mask of each photograph to a file.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

use super::confidence_row::ConfidenceRow;
use super::console::Console;
use super::files_ahead::FilesAhead;
use super::found_lesion::{FoundLesion, LesionOptions, by_hand};
use super::inference_server::InferenceServer;
use super::memory::MemoryBudget;
use super::network::NetworkOptions;
use super::outputs::{Outputs, Planned, make_folder, plan};
use super::results::{
    BatchCommand, MadeOf, PhotoDone, PhotoRow, ResultsLog, RunFacts, RunOptions, Sources, decisions,
};
use super::review_first::{DoubtfulPhoto, ReviewFirst, ReviewQueue};
use super::shard::{PartOfBatch, Placed};
use super::{concurrency, inputs, ordered_pool, outputs, shard};
use crate::decode;
use crate::files::{self, FileKind};
use crate::inference::{EngineKind, ModelCard};
use crate::measure::lesion_runs::LesionArea;
use crate::measure::vessels;
use crate::overlay::{palette, png};
use crate::photo::Photo;
use crate::pipeline::{SegmentOptions, StageMillis, ThresholdChoice};
use crate::provenance::{CorrectionSummary, LesionMask};
use crate::quality::CaptureQuality;
use crate::steps::ImageSteps;
use crate::terminal::shown;

/// The job of `segment`.
#[derive(Clone, Debug)]
pub struct SegmentJob {
    /// Photographs and folders.
    pub paths: Vec<PathBuf>,
    /// Folder for the results.
    pub out: PathBuf,
    /// The network and the engine.
    pub network: NetworkOptions,
    /// How the outline is made, and whose counts.
    pub lesion: LesionOptions,
    /// Also write overlays.
    pub overlay: bool,
    /// Also write probability maps.
    pub probability: bool,
    /// Files that are there already and differ are replaced.
    pub overwrite: bool,
    /// List the most doubtful photographs.
    pub review_first: Option<ReviewFirst>,
    /// The part of them that is done, and where its results are kept.
    pub part: PartOfBatch,
    /// Print rows as JSON.
    pub json: bool,
}

/// Segments every photo of `job`; returns whether all succeeded.
///
/// # Errors
/// [`super::UsageError`] when nothing could be started, or the error of stdout.
pub fn segment(job: &SegmentJob) -> anyhow::Result<bool> {
    let found = inputs::walk_some(&job.paths)?;
    let ask = |photo: &dyn AsRef<Path>| files::prefetch(photo.as_ref(), FileKind::Picture);
    if job.part.is_all() {
        // While the network is loaded.
        FilesAhead::of(&found, |photo| ask(photo));
    }
    let mut network = job.network.open_for(found.len())?;
    job.lesion.check(&network.model.card)?;
    job.review_first.map_or(Ok(()), |first| first.check(&network.model.card))?;
    make_folder(&job.out)?;
    let planned = plan(found, &job.out, job.overlay, job.probability);
    let names: Vec<String> = planned.iter().map(|planned| inputs::name(&planned.photo)).collect();
    let facts = RunFacts::of(BatchCommand::Segment, &network, job.run_options(), job.part.shard, &names);
    drop(names);
    let planned = job.part.shard.of(planned, |planned| shard::stem(&planned.photo));
    let mut console = Console::new(planned.len());
    let log = ResultsLog::open(job.part.results.as_deref(), &facts, &planned, &console)?;
    let name_width = facts.photographs.name_width;
    if !job.json {
        console.row(&heading(name_width))?;
    }
    let memory = MemoryBudget::of(&job.network);
    let concurrency = concurrency::of(&job.network, &network, &planned, |path| memory.planned_pixels(path));
    let model = Arc::clone(&network.model);
    let mut queue = ReviewQueue::default();
    let ahead = FilesAhead::of(&planned, |planned| {
        if !log.is_open() {
            ask(planned);
        }
    });
    network.serve(concurrency, |network| {
        let work = |planned: &Placed<Planned>| {
            ahead.one_more();
            if let Some(kept) = log.kept(planned.place, || MadeOf::now(&planned.photo, job.sources(planned))) {
                return Ok(kept);
            }
            let _memory = memory.share(&planned.photo);
            let is_logged = log.is_open();
            ordered_pool::contained(&planned.photo, || {
                one(job, network, &model.card, planned, RowForms { name_width, is_logged })
            })
        };
        ordered_pool::run(&planned, concurrency, work, |planned, done| {
            match done {
                Ok(done) => {
                    let row = log.add(planned, done)?;
                    console.row(&if job.json { row.json.to_string() } else { row.line })?;
                    console.photo_warnings(planned.photo.display(), &row.warnings);
                    queue.add(row.doubtful.filter(|_| job.review_first.is_some()));
                }
                Err(error) => {
                    log.add_failed(planned, &error, None)?;
                    console.failure_of(&planned.photo, &error, job.json)?;
                }
            }
            console.step();
            anyhow::Ok(())
        })
    })?;
    console.finish();
    log.finish()?;
    if let Some(first) = job.review_first {
        queue.print(first, &mut console, job.json)?;
    }
    Ok(console.all_went_well())
}

impl SegmentJob {
    /// What the results depend on.
    fn run_options(&self) -> RunOptions {
        RunOptions {
            lesion: self.lesion.clone(),
            quality: self.json,
            overlay: self.overlay,
            probability: self.probability,
            ..RunOptions::default()
        }
    }

    /// What the result of a photo comes from and goes to.
    fn sources<'a>(&'a self, planned: &'a Planned) -> Sources<'a, impl FnOnce(&str) -> Option<String> + 'a> {
        let outputs = planned.outputs.iter().flat_map(Outputs::paths).map(PathBuf::as_path).collect();
        let decisions = |sha256: &str| decisions(&planned.photo, sha256, self.lesion.network_only, None);
        Sources { reference: None, outputs, decisions }
    }
}

/// In which forms a row is wanted.
#[derive(Clone, Copy)]
struct RowForms {
    name_width: usize,
    /// In all that there are.
    is_logged: bool,
}

/// Reads a photo, finds its lesion and writes its files.
fn one(
    job: &SegmentJob,
    network: &InferenceServer<'_>,
    card: &ModelCard,
    planned: &Planned,
    RowForms { name_width, is_logged }: RowForms,
) -> anyhow::Result<PhotoDone<PhotoRow>> {
    let outputs = planned.outputs.as_ref().map_err(|reason| anyhow::anyhow!("{reason}"))?;
    let photo = decode::photo_for_network(&planned.photo)?;
    let found = FoundLesion::of(network, card, &photo, &job.lesion)?;
    outputs::write_all(&files_of(job, network, &photo, &found, outputs)?, job.overwrite)?;
    let warnings = photo.warnings_said();
    let quality = job.json.then(|| found.quality(&photo));
    let json = quality.map(|quality| SegmentRow::of(&planned.photo, &found, outputs, &warnings, quality));
    let line = if !job.json || is_logged { text_row(&planned.photo, &found, name_width) } else { String::new() };
    let answer = found.answer.as_ref();
    let result = PhotoRow {
        json: serde_json::to_value(json)?,
        line,
        doubtful: answer.and_then(|answer| DoubtfulPhoto::of(&planned.photo, answer, None, quality)),
        warnings,
        ..PhotoRow::default()
    };
    let made_of = if is_logged { MadeOf::of(photo.sha256().to_owned(), job.sources(planned)) } else { None };
    Ok(PhotoDone { result, made_of, is_kept: false })
}

/// What is written for a photo, and where. Probabilities are a network's, whoever made the mask.
fn files_of<'a>(
    job: &SegmentJob,
    network: &InferenceServer<'_>,
    photo: &Photo,
    found: &FoundLesion,
    outputs: &'a Outputs,
) -> anyhow::Result<Vec<(&'a Path, Vec<u8>)>> {
    let mut files = vec![(outputs.mask.as_path(), png::of_mask(&found.lesion.mask))];
    if let Some(path) = &outputs.overlay {
        let colour = palette::of_lesion(found.answer.is_none());
        files.push((path, png::of_outlined_photo(photo, &found.outlines(), colour)));
    }
    if let Some(path) = &outputs.probability {
        let probability = match &found.answer {
            Some(answer) => png::of_probability(&answer.probability),
            None => {
                let threshold = ThresholdChoice::Card;
                let options = SegmentOptions { threshold, ..job.lesion.segment_options() };
                png::of_probability(&network.segment(photo, options)?.probability)
            }
        };
        files.push((path, probability));
    }
    Ok(files)
}

/// A photo's row as JSON.
#[derive(Serialize)]
struct SegmentRow<'a> {
    file: Cow<'a, str>,
    width: u32,
    height: u32,
    mask_source: Option<&'static str>,
    correction: Option<&'a CorrectionSummary>,
    /// The network that made the mask, or whose mask a person started from.
    model: Option<&'a str>,
    /// What follows is there where a network made it.
    engine: Option<EngineKind>,
    engine_version: Option<&'a str>,
    threshold: Option<f32>,
    #[serde(flatten)]
    confidence: ConfidenceRow,
    #[serde(flatten)]
    steps: ImageSteps,
    /// Of the largest region, holes filled; of vessels, of all of them.
    area_px: u64,
    /// That area as a share of the photo; none of vessels.
    #[serde(skip_serializing_if = "Option::is_none")]
    lesion_share: Option<f64>,
    /// That area as a share of the field of view; none of a lesion.
    #[serde(skip_serializing_if = "Option::is_none")]
    vessel_density: Option<f64>,
    regions: usize,
    /// All pixels of the mask, of every region.
    mask_px: u64,
    millis: Option<StageMillis>,
    outputs: &'a Outputs,
    /// Why the photo may be damaged.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    photo_warnings: &'a [String],
    /// What is to be remarked of the photograph, by key.
    quality: CaptureQuality,
}

impl<'a> SegmentRow<'a> {
    fn of(
        file: &'a Path,
        found: &'a FoundLesion,
        outputs: &'a Outputs,
        photo_warnings: &'a [String],
        quality: CaptureQuality,
    ) -> Self {
        let LesionMask { mask, origin } = &found.lesion;
        let (answer, network) = (found.answer.as_ref(), origin.network());
        let [width, height] = mask.size();
        let found_area = FoundArea::of(found);
        let (lesion_share, vessel_density) =
            if found_area.is_vessels { (None, Some(found_area.share)) } else { (Some(found_area.share), None) };
        Self {
            file: file.to_string_lossy(),
            width,
            height,
            mask_source: origin.key(),
            correction: origin.correction(),
            model: network.map(|(model, _)| model),
            engine: answer.map(|answer| answer.engine.kind),
            engine_version: answer.map(|answer| answer.engine.version.as_str()),
            threshold: network.map(|(_, threshold)| threshold),
            confidence: ConfidenceRow::of(answer, None, Some(quality)),
            area_px: found_area.area_px,
            lesion_share,
            vessel_density,
            regions: found_area.regions,
            steps: origin.steps(),
            mask_px: mask.area_px(),
            millis: answer.map(|answer| answer.millis.rounded()),
            outputs,
            photo_warnings,
            quality,
        }
    }
}

/// How large what was found is.
struct FoundArea {
    area_px: u64,
    /// Of the photo; of vessels, of the field of view.
    share: f64,
    regions: usize,
    is_vessels: bool,
}

impl FoundArea {
    fn of(found: &FoundLesion) -> Self {
        let mask = &found.lesion.mask;
        let Some(field_of_view) = &found.field_of_view else {
            let LesionArea { area_px, regions } = LesionArea::of(mask);
            let [width, height] = mask.size().map(f64::from);
            return Self { area_px, share: area_px as f64 / (width * height), regions, is_vessels: false };
        };
        let LesionArea { area_px, regions } = vessels::area(mask, field_of_view);
        let share = area_px as f64 / field_of_view.area_px().max(1) as f64;
        Self { area_px, share, regions, is_vessels: true }
    }
}

/// The names of the columns of [`text_row`].
pub(super) fn heading(name_width: usize) -> String {
    format!(
        "{:name_width$}  {:>10}  {:>7}  {:>5}  {:>8}  {:>10}  {:>8}  {:>11}  engine",
        "photo", "area px²", "share", "doubt", "decode", "preprocess", "infer", "postprocess"
    )
}

fn text_row(file: &Path, found: &FoundLesion, name_width: usize) -> String {
    let area = FoundArea::of(found);
    let note = match area.regions {
        0 if area.is_vessels => "  no vessels found".to_owned(),
        0 => "  no lesion found".to_owned(),
        1 => String::new(),
        _ if area.is_vessels => "  vessels, share of the field of view".to_owned(),
        regions => format!("  largest of {regions} regions"),
    };
    let (times, maker) = match &found.answer {
        Some(answer) => (stage_columns(answer.millis), answer.engine.to_string()),
        // No network ran.
        None => (STAGE_WIDTHS.map(|width| format!("{:>width$}", "-")), by_hand(&found.lesion.origin).to_owned()),
    };
    format!(
        "{:name_width$}  {:>10}  {:>5.1} %  {:>5}  {}  {maker}{note}",
        shown(&inputs::name(file)),
        area.area_px,
        area.share * 100.0,
        ConfidenceRow::of(found.answer.as_ref(), None, None).doubt_words(),
        times.join("  "),
    )
}

/// Widths of the columns of the stages.
const STAGE_WIDTHS: [usize; 4] = [8, 10, 8, 11];

fn stage_columns(millis: StageMillis) -> [String; 4] {
    let times = [millis.decode, millis.preprocess, millis.infer, millis.postprocess];
    std::array::from_fn(|stage| format!("{:>1$.1} ms", times[stage], STAGE_WIDTHS[stage] - 3))
}

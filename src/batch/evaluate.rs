//! `evaluate`: how well the network, and people who corrected it, agree with reference masks over a data set.

use std::path::PathBuf;
use std::sync::Arc;

use super::confidence_row::{self, ConfidenceRow};
use super::console::{Console, json, print_line};
use super::evaluation_report::{EvaluationReport, EvaluationSubject, EvaluationTotals};
use super::folder_records::FolderRecords;
use super::found_lesion::{FoundLesion, LesionOptions};
use super::group_figures::{GroupReport, ScoredPhoto};
use super::group_outputs::GroupsJob;
use super::grouping::Grouping;
use super::inference_server::InferenceServer;
use super::memory::MemoryBudget;
use super::network::NetworkOptions;
use super::pairs::{self, Pair};
use super::references::{FoundReference, sentences};
use super::review_first::{DoubtfulPhoto, ReviewFirst};
use super::surface_means;
use super::{UsageError, concurrency, ordered_pool};
use crate::decode::{self, MaskNote};
use crate::files;
use crate::inference::{Engine as _, ModelCard};
use crate::measure::agreement::Confusion;
use crate::measure::lesion::LesionArea;
use crate::measure::surface_distances::{NoSurface, SurfaceDistances};
use crate::measure::vessels;
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
    /// How the outline is made, and whose counts.
    pub lesion: LesionOptions,
    /// List the most doubtful photographs.
    pub review_first: Option<ReviewFirst>,
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
    job.lesion.check(&network.model.card)?;
    job.review_first.map_or(Ok(()), |first| first.check(&network.model.card))?;
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
            ordered_pool::contained(pair.as_ref(), || score(job, network, &model.card, &records, pair))
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
    let queue = std::mem::take(&mut totals.queue).sorted();
    let groups = grouping.as_ref().and_then(|grouping| GroupReport::of(grouping, &totals.scored));
    let subject = EvaluationSubject {
        card,
        engine,
        options: &job.lesion,
        split: job.split.as_deref(),
        queue: &queue,
        review_first: job.review_first,
        groups: groups.as_ref(),
    };
    totals.references.tell(&console);
    let report = EvaluationReport::of(&totals, console.failed(), &subject);
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
    /// clDice of vessels; none of a lesion.
    cldice: Option<f64>,
    /// Of the mask that counts; of vessels, of all of them.
    lesion: LesionArea,
    distances: Result<SurfaceDistances, NoSurface>,
    mm_per_px: Option<f64>,
    confidence: ConfidenceRow,
    /// Where a network made the mask.
    doubtful: Option<DoubtfulPhoto>,
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
    let [path, mask] = pair.files.as_ref().map_err(|reason| anyhow::anyhow!("{reason}"))?;
    let photo = decode::photo_for_network(path)?;
    let reference = FoundReference::read(mask.clone(), &photo, job.masks_as_stored)?;
    let FoundReference { mask: reference, notes, .. } = reference.held_to(card.meaning());
    let found = FoundLesion::of(network, card, &photo, &job.lesion)?;
    let counts = found.agreement(&reference);
    let quality = job.csv.as_ref().map(|_| found.quality(&photo));
    let FoundLesion { lesion, field_of_view, answer } = found;
    let field_of_view = field_of_view.as_deref();
    let mm_per_px = records.scale(&photo, job.mm_per_px).map(|scale| scale.mm_per_px);
    let doubtful = answer.as_ref().and_then(|answer| DoubtfulPhoto::of(path, answer, Some(counts.iou()), quality));
    Ok(PhotoScore {
        counts,
        cldice: field_of_view.map(|field| vessels::centre_line_dice(&lesion.mask, &reference, field)),
        confidence: ConfidenceRow::of(answer.as_ref(), mm_per_px, quality),
        doubtful,
        lesion: field_of_view
            .map_or_else(|| LesionArea::of(&lesion.mask), |field| vessels::area(&lesion.mask, field)),
        distances: match field_of_view {
            Some(_) => Err(NoSurface::Vessels),
            None => SurfaceDistances::of(&lesion.mask, &reference),
        },
        mm_per_px,
        mask_source: lesion.origin.source(),
        millis: answer.map(|answer| answer.millis),
        mask_notes: notes,
        photo_warnings: photo.warnings_said(),
        quality,
    })
}

impl EvaluationTotals {
    fn add(&mut self, pair: &Pair, score: &PhotoScore) {
        self.agreement.add(&score.counts);
        self.cldice.extend(score.cldice);
        let [iou, dice] = [score.counts.iou(), score.counts.dice()];
        self.scored.push(ScoredPhoto { id: pair.id.clone(), iou, dice });
        score.millis.into_iter().for_each(|millis| self.times.add(millis));
        self.by_hand += u64::from(score.mask_source.is_some_and(MaskSource::is_by_hand));
        let mut cells = cells(&pair.id, score).to_vec();
        cells.extend(self.surface.add(&pair.id, score.distances, score.mm_per_px));
        cells.push(score.mask_source.map(MaskSource::key).unwrap_or_default().to_owned());
        cells.extend([sentences(&score.mask_notes), score.photo_warnings.clone()].map(|said| said.join("; ")));
        cells.push(score.quality.map(|quality| quality.keys()).unwrap_or_default());
        cells.extend(score.confidence.cells());
        self.queue.add(score.doubtful.clone());
        cells.extend(score.cldice.map(|cldice| format!("{cldice:.6}")));
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
    let names = COLUMNS.iter().chain(&surface_means::COLUMNS).chain(&REMARKS).chain(&confidence_row::COLUMNS);
    let of_vessels = rows.first().is_some_and(|row| row.len() > names.clone().count());
    writer.write_record(names.chain(of_vessels.then_some(&"cldice")))?;
    for row in rows {
        writer.write_record(row)?;
    }
    Ok(writer.into_inner()?)
}

//! `evaluate`: how well the network, and people who corrected it, agree with reference masks over a data set.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::confidence_row::ConfidenceRow;
use super::console::Console;
use super::evaluated_photo::{EvaluatedDetails, EvaluatedPhoto};
use super::evaluation_output::EvaluationOutput;
use super::files_ahead::FilesAhead;
use super::folder_records::FolderRecords;
use super::found_lesion::{FoundLesion, LesionOptions};
use super::group_outputs::GroupsJob;
use super::grouping::Grouping;
use super::inference_server::InferenceServer;
use super::memory::MemoryBudget;
use super::network::NetworkOptions;
use super::pairs::{self, Pair};
use super::references::{FoundReference, ReadReference};
use super::results::{BatchCommand, MadeOf, PhotoDone, ResultsLog, RunFacts, RunOptions, Sources, decisions};
use super::review_first::{DoubtfulPhoto, ReviewFirst};
use super::shard::{PartOfBatch, Placed};
use super::{UsageError, concurrency, ordered_pool};
use crate::decode;
use crate::files;
use crate::inference::ModelCard;
use crate::measure::lesion_runs::LesionArea;
use crate::measure::surface_distances::{NoSurface, SurfaceDistances};
use crate::measure::vessels;
use crate::provenance::MaskSource;

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
    /// The part of them that is done, and where its results are kept.
    pub part: PartOfBatch,
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
    job.part.check(job.csv.as_deref())?;
    if let Some(groups) = &job.groups {
        groups.check(&job.csv.iter().chain(&job.list).map(PathBuf::as_path).collect::<Vec<_>>())?;
    }
    let pairs = pairs::find(&job.images, &job.masks, job.list.as_deref(), job.split.as_deref())?;
    let grouping = job.groups.as_ref().map(|groups| Grouping::read(&groups.table, &groups.by)).transpose()?;
    if job.part.is_all() {
        // While the network is loaded.
        FilesAhead::of(&pairs, Pair::prefetch);
    }
    let mut network = job.network.open_for(pairs.len())?;
    job.lesion.check(&network.model.card)?;
    job.review_first.map_or(Ok(()), |first| first.check(&network.model.card))?;
    let ids: Vec<String> = pairs.iter().map(|pair| pair.id.clone()).collect();
    let facts = RunFacts::of(BatchCommand::Evaluate, &network, job.run_options(), job.part.shard, &ids);
    let pairs = job.part.shard.of(pairs, |pair| OsStr::new(&pair.id));
    let mut console = Console::new(pairs.len());
    if let Some(grouping) = &grouping {
        grouping.compare(&ids, job.list.is_some(), &console)?;
    }
    drop(ids);
    let log = ResultsLog::open(job.part.results.as_deref(), &facts, &pairs, &console)?;
    let mut output = EvaluationOutput::new(&facts, job.csv.as_deref(), grouping, job.review_first)?;
    let records = FolderRecords::of(
        pairs.iter().filter_map(|pair| pair.files.as_ref().ok()).map(|[photo, _]| photo.as_path()),
    );
    records.report_faults(&mut console);
    let memory = MemoryBudget::of(&job.network);
    let concurrency = concurrency::of(&job.network, &network, &pairs, |path| memory.planned_pixels(path));
    let model = Arc::clone(&network.model);
    let ahead = FilesAhead::of(&pairs, |pair| {
        if !log.is_open() {
            pair.prefetch();
        }
    });
    network.serve(concurrency, |network| {
        let work = |pair: &Placed<Pair>| {
            ahead.one_more();
            let now = || {
                let [photo, mask] = pair.files.as_ref().ok()?;
                MadeOf::now(photo, job.sources(&records, photo, mask))
            };
            if let Some(kept) = log.kept(pair.place, now) {
                return Ok(kept);
            }
            let _memory = memory.share(pair.as_ref());
            let is_logged = log.is_open();
            ordered_pool::contained(pair.as_ref(), || score(job, network, &model.card, &records, pair, is_logged))
        };
        ordered_pool::run(&pairs, concurrency, work, |pair, score| {
            match score {
                Ok(score) => output.add(&log.add(pair, score)?, &mut console)?,
                Err(error) => {
                    log.add_failed(pair, &error, None)?;
                    console.failure(error);
                }
            }
            console.step();
            anyhow::Ok(())
        })
    })?;
    console.finish();
    log.finish()?;
    output.finish(&facts, job.groups.as_ref(), job.json, &console)?;
    Ok(console.all_went_well())
}

impl EvaluateJob {
    /// What the results depend on.
    fn run_options(&self) -> RunOptions {
        RunOptions {
            lesion: self.lesion.clone(),
            quality: self.csv.is_some(),
            mm_per_px: self.mm_per_px,
            masks_as_stored: self.masks_as_stored,
            split: self.split.clone(),
            is_selection: self.list.is_some(),
            ..RunOptions::default()
        }
    }

    /// What the result of a photo comes from.
    fn sources<'a>(
        &'a self,
        records: &'a FolderRecords,
        photo: &'a Path,
        mask: &'a Path,
    ) -> Sources<'a, impl FnOnce(&str) -> Option<String> + 'a> {
        let decisions =
            |sha256: &str| decisions(photo, sha256, self.lesion.network_only, records.said_of(photo, sha256));
        Sources { reference: Some(mask), outputs: Vec::new(), decisions }
    }
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

fn score(
    job: &EvaluateJob,
    network: &InferenceServer<'_>,
    card: &ModelCard,
    records: &FolderRecords,
    pair: &Pair,
    is_logged: bool,
) -> anyhow::Result<PhotoDone<EvaluatedPhoto>> {
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
    let mask_source = lesion.origin.source();
    let details = job.csv.as_ref().map(|_| EvaluatedDetails {
        lesion: field_of_view
            .map_or_else(|| LesionArea::of(&lesion.mask), |field| vessels::area(&lesion.mask, field)),
        confidence: ConfidenceRow::of(answer.as_ref(), mm_per_px, quality),
        mask_source,
        quality,
    });
    let result = EvaluatedPhoto {
        id: pair.id.clone(),
        counts,
        cldice: field_of_view.map(|field| vessels::centre_line_dice(&lesion.mask, &reference, field)),
        distances: match field_of_view {
            Some(_) => Err(NoSurface::Vessels),
            None => SurfaceDistances::of(&lesion.mask, &reference),
        },
        mm_per_px,
        is_by_hand: mask_source.is_some_and(MaskSource::is_by_hand),
        doubtful: answer.as_ref().and_then(|answer| DoubtfulPhoto::of(path, answer, Some(counts.iou()), quality)),
        has_second_look: answer.as_ref().is_some_and(|answer| answer.has_second_look),
        millis: answer.map(|answer| answer.millis),
        reference: ReadReference::of(mask, &notes),
        photo_warnings: photo.warnings_said(),
        cells: Vec::new(),
    };
    let made_of =
        if is_logged { MadeOf::of(photo.sha256().to_owned(), job.sources(records, path, mask)) } else { None };
    let result = match &details {
        Some(details) => result.with_cells(details),
        None => result,
    };
    Ok(PhotoDone { result, made_of, is_kept: false })
}

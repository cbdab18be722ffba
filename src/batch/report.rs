//! `report`: agreement with a reference and all measurements of each photograph, as rows and as pages for a person.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use super::confidence_row::ConfidenceRow;
use super::console::Console;
use super::export_log::ExportLog;
use super::files_ahead::FilesAhead;
use super::folder_records::FolderRecords;
use super::found_lesion::{FoundLesion, LesionOptions};
use super::inference_server::InferenceServer;
use super::inputs::PhotoInput;
use super::memory::MemoryBudget;
use super::network::NetworkOptions;
use super::references::{FoundReference, MaskPlaces, ReadReference};
use super::report_output::ReportOutput;
use super::report_pdf::{PageDrawing, PageOptions, Pages};
use super::report_rows::{FailedRow, ReportRow, ReportedPhoto};
use super::results::{
    BatchCommand, MadeOf, PhotoDone, PhotoRow, ResultsLog, RunFacts, RunOptions, Sources, decisions,
};
use super::review_first::{DoubtfulPhoto, ReviewFirst};
use super::shard::{PartOfBatch, Placed};
use super::{UsageError, concurrency, inputs, ordered_pool, shard};
use crate::decode;
use crate::files::{self, FileKind};
use crate::inference::ModelCard;
use crate::language::Language;
use crate::photo::Photo;
use crate::records::{AuditEntry, Product};
use crate::report::Figures;

/// The job of `report`.
#[derive(Clone, Debug)]
pub struct ReportJob {
    /// Photographs and folders.
    pub paths: Vec<PathBuf>,
    /// Folder of reference masks; without it, the mask beside each photo is used, if there is one.
    pub masks: Option<PathBuf>,
    /// The masks lie over the photographs as stored, before their EXIF orientation.
    pub masks_as_stored: bool,
    /// Millimetres per pixel of every photograph; overrides each one's calibration and the scale in its file.
    pub mm_per_px: Option<f64>,
    /// The network and the engine.
    pub network: NetworkOptions,
    /// How the outline is made, and whose counts.
    pub lesion: LesionOptions,
    /// List the most doubtful photographs.
    pub review_first: Option<ReviewFirst>,
    /// The part of them that is done, and where its results are kept.
    pub part: PartOfBatch,
    /// Where rows are written as CSV.
    pub csv: Option<PathBuf>,
    /// Where pages are written: a file with a page per photo, or a folder with a file per photo.
    pub pdf: Option<PathBuf>,
    /// The pages' language.
    pub language: Language,
    /// What the case is called, on the pages.
    pub case: Option<String>,
    /// Whose lesions they are, on the pages.
    pub patient: Option<String>,
    /// Print one JSON object per line instead of text.
    pub json: bool,
}

impl ReportJob {
    fn page_options(&self) -> PageOptions {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        PageOptions { language: self.language, case: text(&self.case), patient: text(&self.patient) }
    }
}

/// Reports on every photo of `job`; returns whether all succeeded.
///
/// # Errors
/// [`UsageError`] when nothing could be started, or the error of stdout, of the CSV or of the PDF.
pub fn report(job: &ReportJob) -> anyhow::Result<bool> {
    let found = inputs::walk_some(&job.paths)?;
    if let Some(path) = &job.csv {
        check_csv(path)?;
    }
    job.part.check(job.csv.as_deref())?;
    let masks = MaskPlaces::of(job.masks.as_deref(), found.iter().map(AsRef::as_ref))?;
    let pages = job.pdf.as_deref().map(|path| Pages::new(path, &found, job.page_options())).transpose()?;
    let mut network = job.network.open_for(found.len())?;
    job.lesion.check(&network.model.card)?;
    job.review_first.map_or(Ok(()), |first| first.check(&network.model.card))?;
    let names: Vec<String> = found.iter().map(|input| inputs::name(&input.path)).collect();
    let facts = RunFacts::of(BatchCommand::Report, &network, job.run_options(), job.part.shard, &names);
    drop(names);
    let found = job.part.shard.of(found, |input| shard::stem(&input.path));
    let model = Arc::clone(&network.model);
    let mut console = Console::new(found.len());
    let log = ResultsLog::open(job.part.results.as_deref(), &facts, &found, &console)?;
    let records = FolderRecords::of(found.iter().map(AsRef::as_ref));
    records.report_faults(&mut console);
    let mut progress = ReportProgress {
        job,
        card: &model.card,
        is_logged: log.is_open(),
        pages,
        records: &records,
        rows: ReportOutput::new(&facts, job.csv.as_deref(), job.review_first, job.json)?,
        exported: ExportLog::default(),
    };
    let memory = MemoryBudget::of(&job.network);
    let concurrency = concurrency::of(&job.network, &network, &found, |path| memory.planned_pixels(path));
    let ahead = FilesAhead::of(&found, |input| {
        if !log.is_open() {
            files::prefetch(&input.path, FileKind::Picture);
        }
    });
    network.serve(concurrency, |network| {
        let work = |input: &Placed<PhotoInput>| {
            ahead.one_more();
            let now = || {
                let reference = masks.find(&input.path).ok()?;
                MadeOf::now(&input.path, job.sources(&records, &input.path, reference.as_deref()))
            };
            if let Some(kept) = log.kept(input.place, now) {
                return Ok(ReportWork::Kept(Box::new(kept)));
            }
            let _memory = memory.share(&input.path);
            let measured = MeasuredPhoto::of(job, network, &model.card, &records, &masks, input)?;
            Ok(ReportWork::Measured(Box::new(measured)))
        };
        ordered_pool::run(&found, concurrency, work, |input, done| {
            match done.and_then(|done| progress.done(&input.path, done)) {
                Ok(done) => {
                    let row = log.add(input, done)?;
                    progress.rows.add(&input.path, row, &mut console)?;
                }
                Err(error) => {
                    let failed = progress.failed(&input.path, &error)?;
                    if let Some(row) = log.add_failed(input, &error, Some(failed))? {
                        progress.rows.add_failed(&error, row, &mut console)?;
                    }
                }
            }
            console.step();
            anyhow::Ok(())
        })
    })?;
    console.finish();
    log.finish()?;
    progress.finish(&mut console)?;
    Ok(console.all_went_well())
}

impl ReportJob {
    /// What the results depend on.
    fn run_options(&self) -> RunOptions {
        RunOptions {
            lesion: self.lesion.clone(),
            quality: true,
            mm_per_px: self.mm_per_px,
            masks_as_stored: self.masks_as_stored,
            ..RunOptions::default()
        }
    }

    /// What the result of the photo at `path` comes from.
    fn sources<'a>(
        &'a self,
        records: &'a FolderRecords,
        path: &'a Path,
        reference: Option<&'a Path>,
    ) -> Sources<'a, impl FnOnce(&str) -> Option<String> + 'a> {
        let decisions =
            |sha256: &str| decisions(path, sha256, self.lesion.network_only, records.said_of(path, sha256));
        Sources { reference, outputs: Vec::new(), decisions }
    }
}

/// Checks that rows can be written to a CSV at `path`.
pub(super) fn check_csv(path: &Path) -> Result<(), UsageError> {
    let complaint = if path.extension().is_none_or(|ending| ending != "csv") {
        "choose a name ending in .csv"
    } else if path.is_dir() {
        "it is a folder; choose a file"
    } else if !files::folder_of(path).is_dir() {
        "its folder does not exist; create it first"
    } else {
        return Ok(());
    };
    Err(UsageError::new(format!("cannot write --csv ({complaint}): {}", path.display())))
}

fn read(
    job: &ReportJob,
    masks: &MaskPlaces,
    input: &PhotoInput,
) -> anyhow::Result<(Photo, Option<FoundReference>)> {
    if let Some(reason) = &input.failure {
        anyhow::bail!("{reason}");
    }
    let photo = decode::photo_file(&input.path)?;
    let path = masks.find(&input.path)?;
    let reference = path.map(|path| FoundReference::read(path, &photo, job.masks_as_stored)).transpose()?;
    Ok((photo, reference))
}

/// A photo that is done.
struct MeasuredPhoto {
    reported: ReportedPhoto,
    /// Where there are pages.
    drawn: Option<PageDrawing>,
}

impl MeasuredPhoto {
    fn of(
        job: &ReportJob,
        network: &InferenceServer<'_>,
        card: &ModelCard,
        records: &FolderRecords,
        masks: &MaskPlaces,
        input: &PhotoInput,
    ) -> anyhow::Result<Self> {
        let (photo, reference) = read(job, masks, input)?;
        let reference = reference.map(|reference| reference.held_to(card.meaning()));
        let found = FoundLesion::of(network, card, &photo, &job.lesion)?;
        let scale = records.scale(&photo, job.mm_per_px);
        let of_reference = reference.as_ref().map(|found| &found.mask);
        let figures = match &found.field_of_view {
            Some(field_of_view) => Figures::of_vessels(&found.lesion.mask, field_of_view, of_reference, scale),
            None => Figures::of(&photo, &found.lesion.mask, of_reference, scale),
        };
        let reference_file = reference.as_ref().map(|found| (found.path.clone(), found.notes.clone()));
        let drawn = job.pdf.as_ref().map(|_| {
            let confidence = found.page_confidence(card);
            PageDrawing::of(&photo, found.outlines(), confidence, reference)
        });
        let drawn = drawn.transpose()?;
        let (answer, quality) = (found.answer.as_ref(), Some(figures.quality));
        let iou = figures.agreement.as_ref().map(|agreement| agreement.counts.iou());
        let reported = ReportedPhoto {
            confidence: ConfidenceRow::of(answer, figures.mm_per_px(), quality),
            doubtful: answer.and_then(|answer| DoubtfulPhoto::of(&input.path, answer, iou, quality)),
            path: input.path.clone(),
            size: photo.size(),
            warnings: photo.warnings_said(),
            sha256: photo.sha256().to_owned(),
            origin: found.lesion.origin,
            engine: found.answer.map(|answer| answer.engine),
            figures,
            reference: reference_file,
        };
        Ok(Self { reported, drawn })
    }
}

/// What a thread of the pool finds.
enum ReportWork {
    /// An earlier run has done it.
    Kept(Box<PhotoDone<PhotoRow>>),
    Measured(Box<MeasuredPhoto>),
}

/// The results so far.
struct ReportProgress<'a> {
    job: &'a ReportJob,
    card: &'a ModelCard,
    /// Rows are wanted in all forms.
    is_logged: bool,
    pages: Option<Pages>,
    /// The folders' records.
    records: &'a FolderRecords,
    rows: ReportOutput,
    exported: ExportLog,
}

impl ReportProgress<'_> {
    /// Takes the next photo and adds its page. Returns its row.
    fn done(&mut self, path: &Path, done: ReportWork) -> anyhow::Result<PhotoDone<PhotoRow>> {
        let job = self.job;
        let files: Vec<PathBuf> = [&job.csv, &job.pdf, &job.part.results].into_iter().flatten().cloned().collect();
        let is_exported = !files.is_empty();
        let entry = |origin| AuditEntry::exported(Product::Report, &files, origin);
        let MeasuredPhoto { reported, drawn } = match done {
            ReportWork::Kept(done) => {
                if let Some(made_of) = done.made_of.as_ref().filter(|_| is_exported) {
                    self.exported.add(path, made_of.photo(), || entry(None));
                }
                return Ok(*done);
            }
            ReportWork::Measured(photo) => *photo,
        };
        let review = self.records.review(path, &reported.sha256);
        if let (Some(pages), Some(drawn)) = (&mut self.pages, drawn) {
            pages.add(&reported, &drawn, self.card, review)?;
        }
        if is_exported {
            self.exported.add(path, &reported.sha256, || entry(Some(&reported.origin)));
        }
        let row = ReportRow::of(&reported, review);
        let reference = reported.reference.as_ref();
        let made_of = || {
            let reference = reference.map(|(path, _)| path.as_path());
            MadeOf::of(reported.sha256.clone(), job.sources(self.records, path, reference))
        };
        let made_of = if self.is_logged { made_of() } else { None };
        let result = PhotoRow {
            json: if job.json || self.is_logged { serde_json::to_value(&row)? } else { Value::Null },
            line: self.rows.table.row(&inputs::name(path), &row),
            cells: if job.csv.is_some() || self.is_logged { self.rows.columns.cells(&row) } else { Vec::new() },
            warnings: row.photo_warnings,
            doubtful: reported.doubtful,
            reference: reference.map(|(path, notes)| ReadReference::of(path, notes)),
        };
        Ok(PhotoDone { result, made_of, is_kept: false })
    }

    /// Adds the page of a photo that failed. Returns its row: what a person decided on the file is told nevertheless.
    fn failed(&mut self, path: &Path, error: &anyhow::Error) -> anyhow::Result<PhotoRow> {
        let review = self.records.review_of_file(path);
        if let Some(pages) = &mut self.pages {
            pages.add_failed(path, error, review)?;
        }
        let failed = FailedRow::of(path, error, review);
        let line = failed.review.as_ref().map(|review| self.rows.table.failed_row(&inputs::name(path), review));
        Ok(PhotoRow {
            json: serde_json::to_value(&failed)?,
            line: line.unwrap_or_default(),
            cells: self.rows.columns.failed_cells(&failed),
            ..PhotoRow::default()
        })
    }

    /// Tells what is to be told of all photos, and puts the files that hold them all in their places.
    fn finish(self, console: &mut Console) -> anyhow::Result<()> {
        self.rows.finish(console)?;
        if let Some(pages) = self.pages {
            pages.finish()?;
        }
        self.exported.log(console);
        Ok(())
    }
}

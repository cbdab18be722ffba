//! `report`: agreement with a reference and all measurements of each photograph, as rows and as pages for a person.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::confidence_row::ConfidenceRow;
use super::console::{Console, json};
use super::export_log::ExportLog;
use super::folder_records::FolderRecords;
use super::found_lesion::{FoundLesion, LesionOptions};
use super::inference_server::InferenceServer;
use super::inputs::PhotoInput;
use super::memory::MemoryBudget;
use super::network::NetworkOptions;
use super::references::{FoundReference, MaskPlaces, ReferenceSummary};
use super::report_csv;
use super::report_pdf::{PageDrawing, PageOptions, Pages};
use super::report_rows::{FailedRow, ReportLine, ReportRow, ReportedPhoto};
use super::report_table::ReportTable;
use super::review_first::{DoubtfulPhoto, ReviewFirst, ReviewQueue};
use super::{UsageError, concurrency, inputs, ordered_pool, outputs};
use crate::decode;
use crate::files;
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
    let masks = MaskPlaces::of(job.masks.as_deref(), found.iter().map(AsRef::as_ref))?;
    let pages = job.pdf.as_deref().map(|path| Pages::new(path, &found, job.page_options())).transpose()?;
    let mut network = job.network.open()?;
    job.lesion.check(&network.model.card)?;
    job.review_first.map_or(Ok(()), |first| first.check(&network.model.card))?;
    let model = Arc::clone(&network.model);
    let mut console = Console::new(found.len());
    let records = FolderRecords::of(found.iter().map(AsRef::as_ref));
    records.report_faults(&mut console);
    let names: Vec<String> = found.iter().map(|input| inputs::name(&input.path)).collect();
    let mut table = ReportTable::new(names.iter().map(String::as_str), model.card.meaning().is_vessels());
    let mut progress = ReportProgress {
        card: &model.card,
        pages,
        records: &records,
        lines: Vec::new(),
        exported: ExportLog::default(),
        references: ReferenceSummary::default(),
        queue: ReviewQueue::default(),
    };
    let memory = MemoryBudget::of(&job.network);
    let concurrency = concurrency::of(&job.network, &network, &found, |path| memory.planned_pixels(path));
    network.serve(concurrency, |network| {
        let work = |input: &PhotoInput| {
            let _memory = memory.share(&input.path);
            MeasuredPhoto::of(job, network, &model.card, &records, &masks, input)
        };
        ordered_pool::run(&found, concurrency, work, |input, done| {
            let name = inputs::name(&input.path);
            match done.and_then(|done| progress.add(job, &done)) {
                Ok(row) => {
                    if job.json {
                        console.row(&json(&row))?;
                    } else {
                        console.lines(&table.row(&name, &row))?;
                        console.photo_warnings(input.path.display(), &row.photo_warnings);
                    }
                    progress.lines.push(ReportLine::Photo(Box::new(row)));
                }
                Err(error) => {
                    console.failure(&error);
                    // What a person decided on the file is told nevertheless.
                    let review = records.review_of_file(&input.path);
                    if let Some(pages) = &mut progress.pages {
                        pages.add_failed(&input.path, &error, review)?;
                    }
                    let failed = FailedRow::of(&input.path, &error, review);
                    match &failed.review {
                        _ if job.json => console.row(&json(&failed))?,
                        Some(review) => console.lines(&table.failed_row(&name, review))?,
                        None => {}
                    }
                    progress.lines.push(ReportLine::Failed(failed));
                }
            }
            console.step();
            anyhow::Ok(())
        })
    })?;
    console.finish();
    progress.finish(job, &mut console)?;
    Ok(console.all_went_well())
}

fn check_csv(path: &Path) -> Result<(), UsageError> {
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
            sha256: photo.sha256,
            origin: found.lesion.origin,
            engine: found.answer.map(|answer| answer.engine),
            figures,
            reference: reference_file,
        };
        Ok(Self { reported, drawn })
    }
}

/// The results so far.
struct ReportProgress<'a> {
    card: &'a ModelCard,
    pages: Option<Pages>,
    /// The folders' records.
    records: &'a FolderRecords,
    lines: Vec<ReportLine>,
    exported: ExportLog,
    references: ReferenceSummary,
    queue: ReviewQueue,
}

impl ReportProgress<'_> {
    /// Takes the next photo and adds its page. Returns its row.
    fn add(
        &mut self,
        job: &ReportJob,
        MeasuredPhoto { reported, drawn }: &MeasuredPhoto,
    ) -> anyhow::Result<ReportRow> {
        let path = &reported.path;
        let review = self.records.review(path, &reported.sha256);
        if let Some((mask, notes)) = &reported.reference {
            self.references.add(mask, notes);
        }
        if let (Some(pages), Some(drawn)) = (&mut self.pages, drawn) {
            pages.add(reported, drawn, self.card, review)?;
        }
        self.queue.add(reported.doubtful.clone());
        let files: Vec<PathBuf> = [&job.csv, &job.pdf].into_iter().flatten().cloned().collect();
        if !files.is_empty() {
            let entry = AuditEntry::exported(Product::Report, &files, Some(&reported.origin));
            self.exported.add(path, &reported.sha256, entry);
        }
        Ok(ReportRow::of(reported, review))
    }

    /// Tells what is to be told of all photos, and writes the files that hold them all.
    fn finish(self, job: &ReportJob, console: &mut Console) -> anyhow::Result<()> {
        if let Some(first) = job.review_first {
            self.queue.print(first, console, job.json)?;
        }
        if job.json {
            self.references.tell_set(console);
        } else {
            self.references.tell(console);
        }
        if let Some(path) = &job.csv {
            outputs::write(path, &report_csv::csv(&self.lines)?)?;
        }
        if let Some(pages) = self.pages {
            pages.finish()?;
        }
        self.exported.log(console);
        Ok(())
    }
}

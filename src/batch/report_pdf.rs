//! The pages of `report --pdf`: one file with a page per photo, or a folder with a file per photo.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use jiff::{Timestamp, Zoned};

use super::UsageError;
use super::inputs::{self, PhotoInput};
use super::outputs::{make_folder, write};
use super::references::FoundReference;
use super::report_rows::ReportedPhoto;
use crate::correction::journal::JournalError;
use crate::decode::DecodeError;
use crate::files;
use crate::geometry::contour::{self, Outline};
use crate::inference::{InferenceError, ModelCard};
use crate::language::Language;
use crate::local_time;
use crate::photo::Photo;
use crate::records::Review;
use crate::report::{FailedReport, PageConfidence, PagePicture, PhotoReport, ReportDocument, pdf};

/// What stands on every page alike.
#[derive(Clone, Debug)]
pub(super) struct PageOptions {
    pub(super) language: Language,
    /// What the case is called, and whose lesions they are; empty to be filled in by hand.
    pub(super) case: String,
    pub(super) patient: String,
}

/// Where pages go.
pub(super) struct Pages {
    target: Target,
    options: PageOptions,
    made: Zoned,
}

enum Target {
    File {
        path: PathBuf,
        document: Box<ReportDocument>,
        has_result: bool,
    },
    /// With the photo that has each name.
    Folder {
        path: PathBuf,
        taken: HashMap<OsString, PathBuf>,
    },
}

/// What a page draws of a photo.
pub(super) struct PageDrawing {
    picture: PagePicture,
    outlines: Vec<Outline>,
    /// How sure the network is; none where a person made the outline.
    confidence: Option<PageConfidence>,
    /// The reference's lines and its file's name.
    reference: Option<(Vec<Outline>, String)>,
}

impl PageDrawing {
    pub(super) fn of(
        photo: &Photo,
        outlines: Vec<Outline>,
        confidence: Option<PageConfidence>,
        reference: Option<FoundReference>,
    ) -> anyhow::Result<Self> {
        let reference = reference.map(|found| (contour::of_mask(&found.mask), found.name()));
        let of_reference = reference.as_ref().map_or(&[][..], |(outlines, _)| outlines);
        Ok(Self { picture: PagePicture::of(photo, &outlines, of_reference)?, outlines, confidence, reference })
    }
}

impl Pages {
    /// Pages into `path`, which must not be one of the photos.
    pub(super) fn new(path: &Path, photos: &[PhotoInput], options: PageOptions) -> anyhow::Result<Self> {
        let fail = |detail: &str| UsageError::new(format!("cannot write --pdf ({detail}): {}", path.display()));
        let is_file = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("pdf")) && !path.is_dir();
        let target = if is_file {
            if !files::folder_of(path).is_dir() {
                return Err(fail("its folder does not exist; create it first").into());
            }
            if photos.iter().any(|photo| files::same_file(&photo.path, path)) {
                return Err(fail("it is one of the photographs; choose another name").into());
            }
            let document = Box::new(ReportDocument::new(options.language)?);
            Target::File { path: path.to_owned(), document, has_result: false }
        } else {
            if path.exists() && !path.is_dir() {
                return Err(fail("it is a file; choose a name ending in .pdf, or a folder").into());
            }
            make_folder(path).map_err(|_| fail("the folder cannot be made"))?;
            Target::Folder { path: path.to_owned(), taken: HashMap::new() }
        };
        Ok(Self { target, options, made: local_time::here(Timestamp::now()) })
    }

    /// Adds a photo's page; a file of its own is written at once.
    pub(super) fn add(
        &mut self,
        reported: &ReportedPhoto,
        drawn: &PageDrawing,
        card: &ModelCard,
        review: Option<&Review>,
    ) -> anyhow::Result<()> {
        let is_this_network = reported.origin.network().is_some_and(|(model, _)| model == card.name);
        let page = PhotoReport {
            name: inputs::name(&reported.path),
            picture: &drawn.picture,
            outlines: &drawn.outlines,
            origin: &reported.origin,
            network_title: is_this_network.then_some(card.title.as_str()),
            reference: drawn.reference.as_ref().map(|(outlines, name)| (outlines.as_slice(), name.as_str())),
            figures: &reported.figures,
            confidence: drawn.confidence.as_ref(),
            review,
            case: &self.options.case,
            patient: &self.options.patient,
            made: self.made.clone(),
        };
        match &mut self.target {
            Target::File { document, has_result, .. } => {
                *has_result = true;
                document.add(&page);
                Ok(())
            }
            Target::Folder { path, taken } => {
                let name = file_name(&reported.path);
                if let Some(first) = taken.insert(name.clone(), reported.path.clone()) {
                    let photo = reported.path.display();
                    anyhow::bail!(
                        "another photo has the same name, {}; report it separately: {photo}",
                        first.display()
                    );
                }
                write(&path.join(name), &pdf(self.options.language, std::slice::from_ref(&page))?)
            }
        }
    }

    /// Adds the page of a photo that has no result; a file of its own is written at once, where no other photo has its name.
    pub(super) fn add_failed(
        &mut self,
        path: &Path,
        error: &anyhow::Error,
        review: Option<&Review>,
    ) -> anyhow::Result<()> {
        let page = FailedReport {
            name: inputs::name(path),
            reason: reason(error, self.options.language),
            review,
            case: &self.options.case,
            patient: &self.options.patient,
            made: self.made.clone(),
        };
        match &mut self.target {
            Target::File { document, .. } => document.add_failed(&page),
            Target::Folder { path: folder, taken } => {
                let name = file_name(path);
                if !taken.contains_key(&name) {
                    let mut document = ReportDocument::new(self.options.language)?;
                    document.add_failed(&page);
                    write(&folder.join(name), &document.finish()?)?;
                }
            }
        }
        Ok(())
    }

    /// Writes the one file; without any result there is none.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        match self.target {
            Target::File { path, document, has_result: true } => write(&path, &document.finish()?),
            _ => Ok(()),
        }
    }
}

/// The file of a photo's own page.
fn file_name(photo: &Path) -> OsString {
    let mut name = photo.file_stem().unwrap_or_default().to_owned();
    name.push("_report.pdf");
    name
}

/// Why a photo has no result, in the report's language as far as the error knows it.
fn reason(error: &anyhow::Error, language: Language) -> String {
    let words = error
        .downcast_ref::<DecodeError>()
        .map(DecodeError::message)
        .or_else(|| error.downcast_ref::<InferenceError>().map(InferenceError::message))
        .or_else(|| error.downcast_ref::<JournalError>().map(JournalError::message));
    words.map_or_else(|| error.to_string(), |words| words.said_in(language))
}

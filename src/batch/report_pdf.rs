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
use crate::files;
use crate::geometry::contour::{self, Outline};
use crate::inference::ModelCard;
use crate::language::Language;
use crate::local_time;
use crate::photo::Photo;
use crate::records::Review;
use crate::report::{PageConfidence, PagePicture, PhotoReport, ReportDocument, pdf};

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
        is_empty: bool,
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
            Target::File { path: path.to_owned(), document, is_empty: true }
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
            Target::File { document, is_empty, .. } => {
                *is_empty = false;
                document.add(&page);
                Ok(())
            }
            Target::Folder { path, taken } => {
                let mut name = reported.path.file_stem().unwrap_or_default().to_owned();
                name.push("_report.pdf");
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

    /// Writes the one file; without any page there is none.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        match self.target {
            Target::File { path, document, is_empty: false } => write(&path, &document.finish()?),
            _ => Ok(()),
        }
    }
}

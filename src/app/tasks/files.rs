//! Writes what a person saves, and the settings: every request, in its order, also those that are left at the end.

mod page;
mod protected;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

pub use self::page::ReportContent;
pub use self::protected::Protected;
use super::drawing::{mask_that_counts, outlines};
use crate::app::background::{Outbox, Task};
use crate::files;
use crate::language::Words;
use crate::live::{self, OutlinedFrame};
use crate::mask::Mask;
use crate::overlay::{palette, png};
use crate::photo::{Photo, PhotoSource};
use crate::pipeline::Segmentation;
use crate::records::{AuditEntry, Home};

/// What the files' writer is asked for.
pub enum FileRequest {
    /// Write a picture or a page.
    Save(SaveRequest),
    Settings(SettingsRequest),
    /// Write a picture of the camera as a photo.
    Frame(FrameRequest),
}

/// What to write.
#[derive(Clone)]
pub enum SaveContent {
    /// The mask, black and white.
    Mask,
    /// The photo with its outlines.
    Overlay { photo: Arc<Photo> },
    /// A page on it as PDF.
    Report(Box<ReportContent>),
}

/// A picture or a page to write.
#[derive(Clone)]
pub struct SaveRequest {
    pub path: PathBuf,
    pub content: SaveContent,
    /// The network's result, where there is one.
    pub segmentation: Option<Arc<Segmentation>>,
    /// The corrected mask, where it takes the network's place.
    pub edited: Option<Arc<Mask>>,
    /// Probability from which a pixel of the network's result counts as lesion.
    pub threshold: f32,
    /// Files that are never written over.
    pub protected: Protected,
    /// The audit log's line, once it is written.
    pub line: Box<AuditEntry>,
    /// The data directory: logs of folders that cannot be written lie there.
    pub data: Option<PathBuf>,
}

/// A picture of the camera to write.
#[derive(Clone, Debug)]
pub struct FrameRequest {
    pub frame: Arc<OutlinedFrame>,
    /// When it was taken.
    pub taken: Timestamp,
    /// The folder that the person chose.
    pub folder: PathBuf,
}

/// Settings to write.
#[derive(Clone, Debug)]
pub struct SettingsRequest {
    pub path: PathBuf,
    pub json: Vec<u8>,
}

/// What came of it. Settings that are written say nothing.
#[derive(Debug)]
pub enum FileOutcome {
    /// A picture or a page was written, or not.
    Saved {
        /// The file, or why not.
        result: Result<PathBuf, Words>,
        /// Why the audit log has no line of it.
        unlogged: Option<Words>,
    },
    /// A picture of the camera was written as this file, or not.
    FrameKept(Result<PathBuf, Words>),
    /// Settings could not be written; why, with the path last.
    SettingsFailed(Words),
}

/// The task.
#[derive(Clone, Copy, Debug, Default)]
pub struct FileWriter;

impl Task for FileWriter {
    type Request = FileRequest;
    type Outcome = FileOutcome;

    fn run(&mut self, request: FileRequest, out: &Outbox<'_, FileOutcome>) -> Option<FileRequest> {
        match request {
            FileRequest::Save(request) => save(&request).into_iter().for_each(|saved| out.send(saved)),
            FileRequest::Frame(FrameRequest { frame, taken, folder }) => {
                let kept = live::keep(&frame, taken, &folder).map_err(|error| error.message());
                out.send(FileOutcome::FrameKept(kept));
            }
            FileRequest::Settings(request) => {
                if let Err(error) = remember(&request) {
                    out.send(FileOutcome::SettingsFailed(error));
                }
            }
        }
        None
    }
}

/// None where there is no mask.
fn save(request: &SaveRequest) -> Option<FileOutcome> {
    let (segmentation, edited) = (request.segmentation.as_deref(), request.edited.as_deref());
    let mask = mask_that_counts(segmentation, edited, request.threshold)?;
    if let Some(reason) = request.protected.refusal(&request.path) {
        return Some(FileOutcome::Saved { result: Err(reason), unlogged: None });
    }
    let outlines = || outlines(segmentation, &mask, edited.is_some(), request.threshold);
    let bytes = match &request.content {
        SaveContent::Mask => Ok(png::of_mask(&mask)),
        SaveContent::Overlay { photo } => {
            let colour = palette::of_lesion(edited.is_some());
            Ok(png::of_outlined_photo(photo, &outlines(), colour))
        }
        SaveContent::Report(content) => {
            let field_of_view = segmentation.and_then(|result| result.field_of_view.as_deref());
            page::pdf(content, &mask, field_of_view, &outlines())
        }
    };
    let result = bytes.and_then(|bytes| written(&request.path, &bytes)).map(|()| request.path.clone());
    let unlogged = match &result {
        Ok(_) => logged(&request.protected.source, request.data.as_deref(), &request.line).err(),
        Err(_) => None,
    };
    Some(FileOutcome::Saved { result, unlogged })
}

fn written(path: &Path, bytes: &[u8]) -> Result<(), Words> {
    files::write(path, bytes).map_err(|error| error.message())
}

/// A line in the log of the photo's folder; the sample without a data directory has none.
fn logged(source: &PhotoSource, data: Option<&Path>, line: &AuditEntry) -> Result<(), Words> {
    let home = Home::of_photo(source, data);
    if home.is_nowhere() {
        return Ok(());
    }
    home.open().and_then(|store| store.log(std::slice::from_ref(line))).map_err(|error| error.message())
}

fn remember(SettingsRequest { path, json }: &SettingsRequest) -> Result<(), Words> {
    // The folder is made on the first start; if that fails, so does the write, and says why.
    if let Some(folder) = path.parent() {
        let _ = files::create_folders(folder);
    }
    written(path, json)
}

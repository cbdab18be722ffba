//! From a file to a photo that can be shown: decoded, or taken from memory where the file is still the one that was read.

use std::sync::Arc;

use super::AnalysisOutcome;
use crate::app::background::Outbox;
use crate::app::model::read_ahead::ReadPhoto;
use crate::app::overview::Overview;
use crate::decode::{self, DecodeError};
use crate::display::Profile;
use crate::files::FileVersion;
use crate::photo::{Photo, PhotoSource};
use crate::{mask_names, sample};

/// A photo to open.
#[derive(Clone, Debug)]
pub struct OpenRequest {
    pub source: PhotoSource,
    /// A reference mask beside it is looked for.
    pub finds_reference: bool,
    /// The photo as it was read before; another version of the file is read again.
    pub known: Option<Arc<ReadPhoto>>,
}

pub(super) fn open(request: &OpenRequest, out: &Outbox<'_, AnalysisOutcome>) {
    let read = match request.known.as_deref().and_then(current) {
        Some(known) => Ok(known),
        None => read_photo(&request.source, || out.is_stale()),
    };
    match read {
        // Somebody who walks fast through photographs waits for no picture of those between.
        Ok(_) if out.is_stale() => {}
        Ok(read) => {
            let path = request.source.path().filter(|_| request.finds_reference);
            let mask_beside = path.and_then(mask_names::mask_beside);
            out.send(AnalysisOutcome::PhotoReady { read: Box::new(read), mask_beside });
        }
        Err(error) => out.send(AnalysisOutcome::PhotoFailed(error.message())),
    }
}

/// The photo as it is in memory, where its file is the one that was read; the reference mask only where its file is, too.
fn current(known: &ReadPhoto) -> Option<ReadPhoto> {
    is_current(known).then(|| {
        let reference = known.reference.clone().filter(|read| read.file.is_at(&read.path));
        ReadPhoto { reference, ..known.clone() }
    })
}

/// Whether the photo's file is the one that was read.
pub(in super::super) fn is_current(known: &ReadPhoto) -> bool {
    known.file.as_ref().zip(known.photo.source.path()).is_some_and(|(file, path)| file.is_at(path))
}

/// Decodes the photo and draws its overview, which is left empty where `is_stale` says that nobody waits for it.
pub(in super::super) fn read_photo(
    source: &PhotoSource,
    is_stale: impl Fn() -> bool,
) -> Result<ReadPhoto, DecodeError> {
    // Before its bytes: one that is changed meanwhile is another version.
    let file = source.path().and_then(FileVersion::of);
    let photo = match source {
        PhotoSource::File(path) => decode::photo_file(path),
        PhotoSource::BuiltIn(name) => sample::named(name),
    }?;
    let profile = Profile::of(&photo.profile);
    let overview = if is_stale() { Overview::default() } else { overview(&photo, &profile) };
    Ok(ReadPhoto::new(file, photo, overview, profile))
}

/// The photo as it is seen whole.
pub(in super::super) fn overview(photo: &Photo, profile: &Profile) -> Overview {
    Overview::of(photo.rgb(), photo.size(), profile.to_srgb())
}

//! The corrected mask of a photo, for code that only reads it: the command line, and other views of a photo.

use std::sync::Arc;

use super::journal::{Binding, Journal, JournalError};
use crate::provenance::{LesionMask, MaskOrigin};
use crate::records::Home;

/// The corrected mask of the photo of `binding`, where its home has one. Nothing is written.
///
/// # Errors
/// [`JournalError`] when there is a journal and none can be read.
pub fn corrected_mask(home: &Home, binding: &Binding) -> Result<Option<LesionMask>, JournalError> {
    let found = Journal::open_in(home, binding).1;
    let history = found.content.as_ref().and_then(|content| content.replay.history());
    match (history, found.error) {
        (None, Some(error)) => Err(error),
        (None, None) => Ok(None),
        (Some(history), trouble) => {
            if let Some(error) = trouble {
                log::warn!("{error}");
            }
            let lesion =
                |summary| LesionMask { mask: Arc::clone(history.mask()), origin: MaskOrigin::Corrected(summary) };
            Ok(history.summary().map(lesion))
        }
    }
}

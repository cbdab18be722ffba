//! The corrected mask of a photo, for code that only reads it: the command line, and other views of a photo.

use std::sync::Arc;

use super::history::History;
use super::journal::{Binding, Journal, JournalDamage, JournalError};
use crate::provenance::{CorrectionSummary, LesionMask, MaskOrigin};
use crate::records::Home;
use crate::words;

/// The corrected mask of the photo of `binding`, where its home has one. Nothing is written. Only the last step may be
/// missing, where the program was ended while it was written; the origin says so.
///
/// # Errors
/// [`JournalError`] when there is a journal and none can be read, or steps of it are missing: neither a part of them nor
/// the network's mask is a substitute.
pub fn corrected_mask(home: &Home, binding: &Binding) -> Result<Option<LesionMask>, JournalError> {
    let (journal, found) = Journal::open_in(home, binding);
    if let Some(error) = found.error {
        return Err(error);
    }
    let Some(content) = found.content else { return Ok(None) };
    if content.damage.is_none() && !content.is_end_known() {
        let unknown = words!("journal-unknown-end");
        log::warn!("{}", words!("with-path", reason = unknown, path = journal.path()).in_log());
    }
    let history = content.replay.history();
    let summary = history.and_then(History::summary);
    match (content.damage, history, summary) {
        (None, Some(history), Some(summary)) => Ok(Some(lesion(history, summary))),
        (None, ..) => Ok(None),
        (Some(JournalDamage::Tail), Some(history), Some(summary)) => {
            Ok(Some(lesion(history, CorrectionSummary { is_damaged: true, ..summary })))
        }
        // Without a step that stands, the network's mask would count as if there had never been one.
        (Some(_), ..) => Err(journal.lossy(&content)),
    }
}

fn lesion(history: &History, summary: CorrectionSummary) -> LesionMask {
    LesionMask { mask: Arc::clone(history.mask()), origin: MaskOrigin::Corrected(summary) }
}

//! Why there is no page.

use crate::language::Words;
use crate::{display_as_message, words};

/// Why no PDF could be made.
#[derive(Debug, thiserror::Error)]
pub struct PdfError(pub String);

impl PdfError {
    /// The error in words.
    #[must_use]
    pub fn message(&self) -> Words {
        words!("pdf-failed", reason = self.0.as_str())
    }
}

display_as_message!(PdfError);

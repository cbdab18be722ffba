//! Errors of the journal in words. Each says itself: `error.message()`.

use crate::correction::journal::JournalError;
use crate::language::Words;

pub(super) fn journal(error: &JournalError) -> Words {
    error.message()
}

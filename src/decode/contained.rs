//! What every reading of a picture shares: its file within the limits, and a decoder's panic as an error.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::error::{DecodeError, DecodeErrorKind};
use crate::files::{self, FileKind};

/// Runs `work`, turns a panic into an error, and adds the path to any error.
pub(super) fn contained<T>(
    path: &Path,
    work: impl FnOnce() -> Result<T, DecodeErrorKind>,
) -> Result<T, DecodeError> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or(Err(DecodeErrorKind::Panicked))
        .map_err(|kind| DecodeError { path: path.to_owned(), kind })
}

/// The bytes of a picture's file, within the limits.
pub(super) fn read_limited(path: &Path) -> Result<Vec<u8>, DecodeErrorKind> {
    let bytes = files::read(path, FileKind::Picture).map_err(|error| error.fault)?;
    if bytes.is_empty() { Err(DecodeErrorKind::Empty) } else { Ok(bytes) }
}

//! Reads files, never more of them than their kind may have.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use super::error::{NotRegular, ReadError, ReadFault};
use super::kind::FileKind;
use super::opening::open;

/// What is read of a file that says it is empty: files of the system do so and may never end.
const MAX_UNSTATED_BYTES: u64 = 1 << 20;

/// The bytes of the file at `path`.
///
/// # Errors
/// [`ReadError`]: it is not there, no regular file, too large for its kind, or the system does not let us read it.
pub fn read(path: &Path, kind: FileKind) -> Result<Vec<u8>, ReadError> {
    let mut file = open(path, kind)?;
    read_rest(&mut file, path, kind)
}

/// Tells the system that the file at `path` is read soon, so that its bytes are in memory then. It does not wait for them; where
/// the file cannot be read, or the system is not to be told, nothing happens.
pub fn prefetch(path: &Path, kind: FileKind) {
    #[cfg(target_os = "linux")]
    if let Ok(file) = open(path, kind) {
        let _ = rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::WillNeed);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (path, kind);
}

/// The text of the file at `path`.
///
/// # Errors
/// As [`read`], and [`ReadFault::NotText`].
pub fn read_text(path: &Path, kind: FileKind) -> Result<String, ReadError> {
    String::from_utf8(read(path, kind)?).map_err(|_| ReadError::new(path, ReadFault::NotText))
}

/// The bytes of an open file from where it stands. One that grows meanwhile is read no further than its kind's limit.
///
/// # Errors
/// [`ReadError`].
pub fn read_rest(file: &mut File, path: &Path, kind: FileKind) -> Result<Vec<u8>, ReadError> {
    let fail = |fault: ReadFault| ReadError::new(path, fault);
    let stated = file.metadata().map_err(|error| fail(error.into()))?.len();
    let is_unstated = stated == 0 && !matches!(kind, FileKind::SystemFacts);
    let limit = if is_unstated { MAX_UNSTATED_BYTES.min(kind.max_bytes()) } else { kind.max_bytes() };
    if stated > limit {
        return Err(fail(ReadFault::TooLarge { found: Some(stated), limit }));
    }
    let mut bytes = Vec::new();
    // One more than it states: whether it ends there is known without another look.
    bytes.try_reserve_exact(stated as usize + 1).map_err(|_| fail(io::ErrorKind::OutOfMemory.into()))?;
    match file.take(limit + 1).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() as u64 > limit => Err(fail(ReadFault::TooLarge { found: None, limit })),
        Ok(_) => Ok(bytes),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Err(fail(NotRegular::Waiting.into())),
        Err(error) => Err(fail(error.into())),
    }
}

impl From<io::ErrorKind> for ReadFault {
    fn from(kind: io::ErrorKind) -> Self {
        Self::System(kind.into())
    }
}

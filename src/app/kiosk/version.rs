//! [`Version`]: which file, and of when.

use std::path::PathBuf;
use std::time::SystemTime;

/// A version of a file: a later one is another photograph.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    pub path: PathBuf,
    pub bytes: u64,
    /// When it was written last.
    pub modified: Option<SystemTime>,
}

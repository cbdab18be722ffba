//! What the folder of records and the files in it are called.

/// The folder beside the photos.
pub const FOLDER: &str = crate::files::RECORDS_FOLDER;
/// The review list in it.
pub(super) const RECORDS: &str = "records.json";
/// What the folder is.
pub(super) const FORMAT: &str = "format.json";
/// The log.
pub(super) const AUDIT: &str = "audit.jsonl";
/// Corrected masks.
pub(crate) const MASKS: &str = "masks";
/// Held by the program that writes.
pub(super) const LOCK: &str = "lock";

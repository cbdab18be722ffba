//! The journal of one photo's corrections: an append-only file, each record with its length and checksum, on disk
//! before the edit counts as done.
//!
//! A file holds [`MAGIC`], the format's version, and records; the first says which photo it belongs to. Reading stops
//! at the first record that is incomplete, damaged or out of order: everything before it is intact. Before anything is
//! written after it, the broken tail is saved in a file of its own. Undo and redo are records too.

mod error;
mod location;
mod places;
mod record;
mod replay;
mod writer;

pub use self::error::JournalError;
pub use self::location::FoundJournal;
pub use self::record::{Binding, MAGIC, Record, VERSION};
pub use self::replay::{JournalContent, Replay};
pub use self::writer::Journal;

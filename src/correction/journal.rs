//! The journal of one photo's corrections: a file that is only ever added to, each record with its length and checksum,
//! on the disk before the edit counts as done.
//!
//! A file holds [`MAGIC`], the format's version, and records; the first says which photo it belongs to. Reading stops
//! at the first record that is cut short, damaged or out of order: what stands before it is whole. Before anything is
//! written behind it, the broken tail is kept in a file of its own. Undo and redo are records too.

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

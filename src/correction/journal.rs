//! The journal of one photo's corrections: an append-only file, each record with its length and checksum, on disk
//! before the edit counts as done.
//!
//! A file holds [`MAGIC`], the format's version, the length up to which it is known to be whole, and records; the first
//! says which photo it belongs to. Reading stops at the first record that is incomplete, damaged or out of order:
//! everything before it is intact. What is missing tells what happened: a last record that was never acknowledged is
//! what a program leaves that was killed ([`JournalDamage::Tail`]); anything else is a loss ([`JournalDamage::Loss`]),
//! a file that ends early too. Before anything is written after the break, what was there is saved in a file of its
//! own. Undo and redo are records too.
//!
//! Version 1 had no length: there a file that ends early just after a record looks like an older one. It is read, and
//! becomes version 2 when it is next written.

mod error;
mod frame;
mod location;
mod places;
mod record;
mod replay;
mod writer;

pub use self::error::JournalError;
pub use self::frame::{MAGIC, VERSION};
pub use self::location::FoundJournal;
pub use self::record::{Binding, Record};
pub use self::replay::{JournalContent, JournalDamage, Replay};
pub use self::writer::Journal;

//! Correcting a mask by hand: edits as data, what they do to pixels, the undo history, and the journal that outlives
//! the program. Independent of the window.
//!
//! Every step keeps which pixels it changed ([`Toggles`](crate::geometry::toggles::Toggles)), so that undo, redo and reading a journal are the same exact
//! operation, whatever a later version's brush does.

mod corrected_mask;
pub mod edit;
mod history;
pub mod journal;
mod journal_writer;

pub use self::corrected_mask::corrected_mask;
pub use self::edit::{Edit, Mode};
pub use self::history::{Act, History, Step};
pub use self::journal_writer::{JournalEnd, JournalOutcome, JournalRequest, JournalWriter, MaskChange};

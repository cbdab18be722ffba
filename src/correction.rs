//! Correcting a mask by hand: edits as data, what they do to pixels, the history that undo walks, and the journal that
//! outlives the program. No window here.
//!
//! Every step keeps which pixels it changed ([`Toggles`](crate::geometry::toggles::Toggles)), so that undo, redo and reading a journal are the same exact
//! operation, whatever a later version's brush does.

pub mod edit;
mod history;
pub mod journal;
mod kept;
mod scribe;

pub use self::edit::{Edit, Mode, Origin};
pub use self::history::{Act, History, Step};
pub use self::kept::{Corrected, Making};
pub use self::scribe::{Answer, Change, Scribe};

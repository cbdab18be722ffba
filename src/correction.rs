//! Correcting a mask by hand: edits as data, what they do to pixels, the history that undo walks, and the journal that
//! outlives the program. No window here.
//!
//! Every step keeps which pixels it changed ([`Toggles`]), so that undo, redo and reading a journal are the same exact
//! operation, whatever a later version's brush does.

mod area;
pub mod edit;
mod history;
pub mod journal;
mod kept;
pub mod morphology;
pub mod rasterise;
pub mod regions;
mod scribe;
mod toggles;

pub use self::area::Area;
pub use self::edit::{Edit, Mode, Origin};
pub use self::history::{Act, History, Step};
pub use self::kept::{Corrected, Making};
pub use self::scribe::{Answer, Change, Scribe};
pub use self::toggles::Toggles;

//! `--results`: what a batch found, photograph by photograph, in a file of its own. A run that was interrupted goes on from
//! it, and `merge` makes one run of the files of several.
//!
//! The file has a line of JSON for each fact: the run first, then a photograph a line as each is done, in the end a line with
//! the SHA-256 of everything before it. A file without that line is of a run that has not ended.

mod facts;
mod index;
mod line;
mod log;
mod made_of;

pub(super) use self::facts::{BatchCommand, RunFacts, RunOptions};
pub(super) use self::index::{LineAt, LineReader, ResultsIndex, ResultsState};
pub(super) use self::line::{PhotoLine, PhotoRow};
pub(super) use self::log::{PhotoDone, ResultsLog};
pub(super) use self::made_of::{MadeOf, Sources, decisions};
